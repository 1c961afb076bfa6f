"""Negative sampling in block form: L centres against M outside words at once, by weights."""

from w2v_verified.symbolic.loss import Array, Axis, Loss

LOSS = Loss(
    name="negative_sampling_block",
    title="Negative sampling, block form",
    summary="Weighted negative-sampling loss of L centre vectors against M outside vectors, with its gradients.",
    source="Mikolov et al. 2013, arXiv:1310.4546, equation (4); Ji et al. 2016, arXiv:1604.04661, section 3.",
    axes=(
        Axis("d", "dimension of the word vectors", letters="i a"),
        Axis("L", "number of centre words", letters="l c", minimum=0),
        Axis("M", "number of outside words, true and sampled", letters="m n", minimum=0),
    ),
    arguments=(
        Array("V_c", "d L", "centre word vectors, one column per word"),
        Array("U", "d M", "outside word vectors, one column per word"),
        Array("positive", "L M", "weights of the pairs that occur, not negative", gradient=False),
        Array("negative", "L M", "weights of the pairs that were sampled, not negative", gradient=False),
    ),
    definition="""
        z[l in L, m in M] = sum(i in d, V_c[i, l] * U[i, m])
        loss = sum(l in L, sum(m in M, positive[l, m] * softplus(-z[l, m]) + negative[l, m] * softplus(z[l, m])))
    """,
)
"""The definition; `python -m derivations` makes everything else from it."""
