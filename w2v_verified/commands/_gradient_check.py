"""Judging the gradient of a minibatch of the training against its exact value."""

import os
from pathlib import Path

import numpy as np

import w2v_verified
from w2v_verified.files import not_written, replacing_bytes
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
    """Write the arguments beside the output, as NumPy's .npz, and say where they are, or why nowhere."""
    path = Path(f"{os.fspath(output)}.step{step}.npz")
    try:
        with replacing_bytes(path) as file:
            np.savez(file, **minibatch.arguments)
    except OSError as error:
        return f"the minibatch could not be written: {not_written(str(path), error)}"
    return f"the minibatch is in {path}"
