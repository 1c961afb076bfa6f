"""Negative sampling with the gradient of the outside vectors in the touched columns alone."""

from dataclasses import replace

from derivations.negative_sampling import LOSS as DENSE

LOSS = replace(
    DENSE,
    name="negative_sampling_sparse",
    title="Negative sampling, touched columns",
    summary="Negative-sampling loss of one pair, with the gradient of U in the columns it touches.",
    sections=(),
    sparse="U",
)
"""The definition; `python -m derivations` makes everything else from it."""
