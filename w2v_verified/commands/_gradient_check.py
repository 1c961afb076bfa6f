"""Judging the gradient of a minibatch of the training against its exact value."""

import os
from pathlib import Path
from typing import Any

import numpy as np

from w2v_verified import negative_sampling_block
from w2v_verified.trainer import BlockArguments

__all__ = ["judged", "save_minibatch"]

_LOSS = "negative_sampling_block"


def judged(minibatch: BlockArguments[Any]) -> str | None:
    """Say what is wrong with loss and gradients of the generated function on these arguments, or return None."""
    from w2v_verified.verify import compare, load

    result = negative_sampling_block(*minibatch)
    worst = compare(load(_LOSS), minibatch._asdict(), result).worst
    if worst is None or worst.fraction <= 1:
        return None
    return (
        f"the gradient is wrong: {worst.result} at {worst.position} is {worst.computed!r}, exact is {worst.exact!r}, "
        f"and the error may be {worst.bound:.2g}"
    )


def save_minibatch(minibatch: BlockArguments[Any], output: str, step: int) -> str:
    """Write the arguments beside the output, as NumPy's .npz, and return where."""
    path = Path(f"{os.fspath(output)}.step{step}.npz")
    np.savez(path, **minibatch._asdict())
    return str(path)
