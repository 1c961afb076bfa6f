"""Skip-gram with naive softmax: one centre word against the m outside words of its window."""

from w2v_verified.symbolic.loss import Array, Axis, Claim, Loss, Position

LOSS = Loss(
    name="skip_gram_naive_softmax",
    title="Skip-gram, naive softmax",
    summary="Naive-softmax loss of a centre word against the m outside words of its window, with its gradients.",
    source="Mikolov et al. 2013, arXiv:1310.4546, equations (1) and (2); CS224n, assignment 2, part (h).",
    axes=(
        Axis("d", "dimension of the word vectors", letters="i a"),
        Axis("V", "number of words in the vocabulary", letters="w j l", latex=r"\lvert V\rvert"),
        Axis("m", "number of outside words in the window", letters="c t", minimum=0),
    ),
    arguments=(
        Array("v_c", "d", "centre word vector"),
        Position("outside", "V", "columns of the outside words", axes="m"),
        Array("U", "d V", "outside word vectors, one column per word"),
    ),
    definition="""
        z[w in V] = sum(i in d, U[i, w] * v_c[i])
        loss = sum(c in m, log(sum(w in V, exp(z[w]))) - z[outside[c]])
    """,
    notation="""
        yhat[w in V] = exp(z[w]) / sum(j in V, exp(z[j]))
    """,
    latex={"yhat": r"\hat y"},
    claims=(
        Claim("grad_v_c[i in d] = sum(c in m, sum(w in V, U[i, w] * (yhat[w] - (w == outside[c]))))"),
        Claim("grad_U[i in d, w in V] = sum(c in m, v_c[i] * (yhat[w] - (w == outside[c])))"),
    ),
)
"""The definition; `python -m derivations` makes everything else from it."""
