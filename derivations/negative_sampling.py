"""Negative sampling: the loss of one (centre, outside) pair against K sampled words."""

from w2v_verified.symbolic.loss import Array, Axis, Claim, Loss, Position

LOSS = Loss(
    name="negative_sampling",
    title="Negative sampling",
    summary="Negative-sampling loss of one (centre, outside) pair and K negative samples, with its gradients.",
    source="Mikolov et al. 2013, arXiv:1310.4546, equation (4); CS224n, assignment 2, part (f) and (g).",
    axes=(
        Axis("d", "dimension of the word vectors", letters="i a"),
        Axis("V", "number of words in the vocabulary", letters="w j", latex=r"\lvert V\rvert"),
        Axis("K", "number of negative samples", letters="k l", minimum=0),
    ),
    arguments=(
        Array("v_c", "d", "centre word vector"),
        Position("o", "V", "column of the true outside word"),
        Array("U", "d V", "outside word vectors, one column per word"),
        Position("negatives", "V", "columns of the negative samples", axes="K"),
    ),
    definition="""
        x = sum(i in d, U[i, o] * v_c[i])
        z[k in K] = sum(i in d, U[i, negatives[k]] * v_c[i])
        loss = -log(sigmoid(x)) - sum(k in K, log(sigmoid(-z[k])))
    """,
    claims=(
        Claim("grad_v_c[i in d] = -sigmoid(-x) * U[i, o] + sum(k in K, sigmoid(z[k]) * U[i, negatives[k]])"),
        Claim(
            "grad_U[i in d, w in V] = -(w == o) * sigmoid(-x) * v_c[i]"
            " + sum(k in K, (w == negatives[k]) * sigmoid(z[k])) * v_c[i]"
        ),
    ),
)
