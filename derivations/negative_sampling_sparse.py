"""Negative sampling with the gradient of the outside vectors in the touched columns alone."""

from dataclasses import replace

from derivations.negative_sampling import LOSS as DENSE
from w2v_verified.symbolic import Call, Law

LOSS = replace(
    DENSE,
    name="negative_sampling_sparse",
    title="Negative sampling, touched columns",
    summary="Negative-sampling loss of one pair, with the gradient of U in the columns it touches.",
    sections=(),
    sparse="U",
    laws=(
        *DENSE.laws,
        Law(
            "made dense it is negative_sampling",
            over="i in d, w in V",
            calls=(Call("dense", "", of="negative_sampling"),),
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
