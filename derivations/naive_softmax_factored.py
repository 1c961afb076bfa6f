"""Naive softmax with the gradient of the outside vectors as the two vectors it is the outer product of."""

from dataclasses import replace

from derivations.naive_softmax import LOSS as DENSE

LOSS = replace(
    DENSE,
    name="naive_softmax_factored",
    title="Naive softmax, factored",
    summary="Naive-softmax loss of one (centre, outside) pair, with the gradient of U in its two factors.",
    sections=(),
    factored="U",
)
"""The definition; `python -m derivations` makes everything else from it."""
