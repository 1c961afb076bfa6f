"""CBOW with negative sampling: the mean of m context vectors against one word and K samples."""

from w2v_verified.symbolic.loss import Array, Axis, Loss, Position

LOSS = Loss(
    name="cbow_negative_sampling",
    title="CBOW, negative sampling",
    summary="Negative-sampling loss of one word given the mean of m context vectors (0 if m = 0), with its gradients.",
    source="Mikolov et al. 2013, arXiv:1301.3781, section 3.1; arXiv:1310.4546, equation (4).",
    axes=(
        Axis("d", "dimension of the word vectors", letters="i a"),
        Axis("V", "number of words in the vocabulary", letters="w j l", latex=r"\lvert V\rvert"),
        Axis("m", "number of context words", letters="c t", minimum=0),
        Axis("K", "number of negative samples", letters="k l", minimum=0),
    ),
    arguments=(
        Array("V_context", "d m", "context word vectors, one column per word"),
        Position("o", "V", "column of the word predicted"),
        Array("U", "d V", "outside word vectors, one column per word"),
        Position("negatives", "V", "columns of the negative samples", axes="K"),
    ),
    definition="""
        h[i in d] = sum(c in m, V_context[i, c]) / max(m, 1)
        x = sum(i in d, U[i, o] * h[i])
        z[k in K] = sum(i in d, U[i, negatives[k]] * h[i])
        loss = -log(sigmoid(x)) - sum(k in K, log(sigmoid(-z[k])))
    """,
)
"""The definition; `python -m derivations` makes everything else from it."""
