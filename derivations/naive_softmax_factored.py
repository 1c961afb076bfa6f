"""Naive softmax with the gradient of the outside vectors as the two vectors it is the outer product of."""

from dataclasses import replace

from derivations.naive_softmax import LOSS as DENSE
from w2v_verified.symbolic import Call, Law

LOSS = replace(
    DENSE,
    name="naive_softmax_factored",
    title="Naive softmax, factored",
    summary="Naive-softmax loss of one (centre, outside) pair, with the gradient of U in its two factors.",
    sections=(),
    factored="U",
    laws=(
        *DENSE.laws,
        Law(
            "made dense it is naive_softmax",
            over="i in d, w in V",
            calls=(Call("dense", "", of="naive_softmax"),),
            holds=(
                "loss == dense_loss",
                "grad_v_c[i] == dense_grad_v_c[i]",
                "grad_U[i, w] == dense_grad_U[i, w]",
            ),
            reason="it is the same gradient, in parts",
        ),
    ),
)
"""The definition; `python -m derivations` makes everything else from it."""
