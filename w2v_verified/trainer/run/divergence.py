"""A run whose numbers are not finite any more."""

from collections.abc import Sequence

import numpy as np

from w2v_verified.runtime.arrays import Integers

_NAMED = 5


class DivergenceError(ArithmeticError):
    """A number is not finite any more; the message names the step and the words."""


def diverged(
    words: Sequence[str], rows: Integers[np.intp], step: int, epoch: int, epochs: int, rate: float
) -> DivergenceError:
    """The error that names what belongs to these rows, of a table with one or several rows a word."""
    wrong = list(dict.fromkeys(words[row % len(words)] for row in rows.tolist()))
    named = ", ".join(repr(word) for word in wrong[:_NAMED])
    others = f" and {len(wrong) - _NAMED} more" if len(wrong) > _NAMED else ""
    return DivergenceError(
        f"the loss became infinite or NaN at step {step}, in epoch {epoch + 1} of {epochs}, at learning rate "
        f"{rate:.3g}, through the vectors of {named}{others}"
    )
