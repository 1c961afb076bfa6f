"""Negative sampling for a batch: the sum over B pairs, each with K negative samples of its own."""

from w2v_verified.symbolic.loss import Array, Axis, Loss, Position

LOSS = Loss(
    name="negative_sampling_batch",
    title="Negative sampling, a batch",
    summary="Negative-sampling loss summed over B pairs, each with K negative samples, with its gradients.",
    source="Mikolov et al. 2013, arXiv:1310.4546, equation (4), summed over pairs.",
    axes=(
        Axis("d", "dimension of the word vectors", letters="i a"),
        Axis("V", "number of words in the vocabulary", letters="w j l", latex=r"\lvert V\rvert"),
        Axis("B", "number of pairs in the batch", letters="b c", minimum=0),
        Axis("K", "number of negative samples of a pair", letters="k h", minimum=0),
    ),
    arguments=(
        Array("V_c", "d B", "centre word vectors, one column per pair"),
        Position("o", "V", "columns of the true outside words", axes="B"),
        Array("U", "d V", "outside word vectors, one column per word"),
        Position("negatives", "V", "columns of the negative samples, one row per pair", axes="B K"),
    ),
    definition="""
        x[b in B] = sum(i in d, U[i, o[b]] * V_c[i, b])
        z[b in B, k in K] = sum(i in d, U[i, negatives[b, k]] * V_c[i, b])
        loss = -sum(b in B, log(sigmoid(x[b]))) - sum(b in B, sum(k in K, log(sigmoid(-z[b, k]))))
    """,
)
"""The definition; `python -m derivations` makes everything else from it."""
