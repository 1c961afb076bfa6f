"""Judging the gradient of a minibatch of the training against its exact value."""

import os
from pathlib import Path

import numpy as np

import w2v_verified
from w2v_verified.trainer import Minibatch

__all__ = ["judged", "save_minibatch"]


def judged(minibatch: Minibatch) -> str | None:
    """Say what is wrong with loss and gradients of the generated function on these arguments, or return None."""
    from w2v_verified.verify import compare, load

    result = getattr(w2v_verified, minibatch.function)(**minibatch.arguments)
    worst = compare(load(minibatch.function), minibatch.arguments, result).worst
    if worst is None or worst.fraction <= 1:
        return None
    return (
        f"the gradient is wrong: {worst.result} at {worst.position} is {worst.computed!r}, exact is {worst.exact!r}, "
        f"and the error may be {worst.bound:.2g}"
    )


def save_minibatch(minibatch: Minibatch, output: str, step: int) -> str:
    """Write the arguments beside the output, as NumPy's .npz, and return where."""
    path = Path(f"{os.fspath(output)}.step{step}.npz")
    np.savez(path, **minibatch.arguments)
    return str(path)
