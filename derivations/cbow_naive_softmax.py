"""CBOW with naive softmax: the mean of m context vectors predicts one word."""

from w2v_verified.symbolic.loss import Array, Axis, Claim, Loss, Position

LOSS = Loss(
    name="cbow_naive_softmax",
    title="CBOW, naive softmax",
    summary="Naive-softmax loss of one word given the mean of m context vectors (0 if m = 0), with its gradients.",
    source="Mikolov et al. 2013, arXiv:1301.3781, section 3.1; arXiv:1310.4546, equation (2).",
    axes=(
        Axis("d", "dimension of the word vectors", letters="i a"),
        Axis("V", "number of words in the vocabulary", letters="w j l", latex=r"\lvert V\rvert"),
        Axis("m", "number of context words", letters="c t", minimum=0),
    ),
    arguments=(
        Array("V_context", "d m", "context word vectors, one column per word"),
        Position("o", "V", "column of the word predicted"),
        Array("U", "d V", "outside word vectors, one column per word"),
    ),
    definition="""
        h[i in d] = sum(c in m, V_context[i, c]) / max(m, 1)
        z[w in V] = sum(i in d, U[i, w] * h[i])
        loss = log(sum(w in V, exp(z[w]))) - z[o]
    """,
    notation="""
        yhat[w in V] = exp(z[w]) / sum(j in V, exp(z[j]))
    """,
    latex={"yhat": r"\hat y"},
    claims=(
        Claim("grad_V_context[i in d, c in m] = sum(w in V, U[i, w] * (yhat[w] - (w == o))) / max(m, 1)"),
        Claim("grad_U[i in d, w in V] = h[i] * (yhat[w] - (w == o))"),
    ),
)
"""The definition; `python -m derivations` makes everything else from it."""
