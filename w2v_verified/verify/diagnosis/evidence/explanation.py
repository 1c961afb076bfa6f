"""What an explanation of wrong results is: a mistake in words, and as data, so that it can be carried out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from w2v_verified.notation.syntax import Module
from w2v_verified.verify.cases.arguments import Arguments
from w2v_verified.verify.record import Record

__all__ = ["Altered", "Called", "Changed", "Explanation", "Meaning", "Results", "right_line"]

Results: TypeAlias = Mapping[str, NDArray[np.longdouble]]


@dataclass(frozen=True)
class Altered:
    """Another program is run; `differentiated` tells that it is one of the loss alone, its gradients taken exactly."""

    program: Module
    differentiated: bool = False


@dataclass(frozen=True)
class Called:
    """The right function is called with other arguments; None where the mistake cannot be made with these."""

    change: Callable[[Arguments], Arguments | None]


@dataclass(frozen=True)
class Changed:
    """The right results come changed, as the sizes of the axes say."""

    change: Callable[[Results, Mapping[str, int]], Results]


Meaning: TypeAlias = Altered | Called | Changed


@dataclass(frozen=True, eq=False)
class Explanation:
    """A mistake, and what it would give.

    Attributes:
        mistake: What was done, in words.
        line: The line of mathematics that is right; "" for that of the result.
        meaning: What it is to make the mistake; a result that is left out of what comes is not explained by it.
        of_gradients: What was done, in words, where the loss is not among the results.
    """

    mistake: str
    line: str
    meaning: Meaning
    of_gradients: str = ""


def right_line(record: Record, result: str) -> str:
    """The statement that computes a result: the definition of the loss, a derived gradient."""
    for program in ("definition", "textbook"):
        for statement in record.programs[program].statements:
            if statement.target == result:
                return statement.text
    raise KeyError(result)
