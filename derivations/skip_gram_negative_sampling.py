"""Skip-gram with negative sampling: one centre word against the m outside words of its window."""

from w2v_verified.symbolic.loss import Array, Axis, Loss, Position

LOSS = Loss(
    name="skip_gram_negative_sampling",
    title="Skip-gram, negative sampling",
    summary="Negative-sampling loss of a centre word against a window of m outside words, with its gradients.",
    source="Mikolov et al. 2013, arXiv:1310.4546, equations (1) and (4); CS224n, assignment 2, part (h).",
    axes=(
        Axis("d", "dimension of the word vectors", letters="i a"),
        Axis("V", "number of words in the vocabulary", letters="w j l", latex=r"\lvert V\rvert"),
        Axis("m", "number of outside words in the window", letters="c t", minimum=0),
        Axis("K", "number of negative samples of an outside word", letters="k h", minimum=0),
    ),
    arguments=(
        Array("v_c", "d", "centre word vector"),
        Position("outside", "V", "columns of the outside words", axes="m"),
        Array("U", "d V", "outside word vectors, one column per word"),
        Position("negatives", "V", "columns of the negative samples, one row per outside word", axes="m K"),
    ),
    definition="""
        x[c in m] = sum(i in d, U[i, outside[c]] * v_c[i])
        z[c in m, k in K] = sum(i in d, U[i, negatives[c, k]] * v_c[i])
        loss = -sum(c in m, log(sigmoid(x[c]))) - sum(c in m, sum(k in K, log(sigmoid(-z[c, k]))))
    """,
)
"""The definition; `python -m derivations` makes everything else from it."""
