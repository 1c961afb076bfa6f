"""What an explanation of wrong results is, and when it is believed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from w2v_verified.verify.diagnosis.probes import Probe
from w2v_verified.verify.record import Record

__all__ = ["Explanation", "believed", "right_line"]

_PROBES = 3  # on which it agrees, at least
_TELLING = 2  # on which it can be told from what is right, at least


@dataclass(frozen=True)
class Explanation:
    """A mistake, and what it would give.

    Attributes:
        mistake: What was done, in words.
        line: The line of mathematics that is right; "" for that of the result.
        expected: From a probe to the results of the mistake, by name; a result it says nothing about is left out.
    """

    mistake: str
    line: str
    expected: Callable[[Probe], Mapping[str, NDArray[np.longdouble]]]


def believed(explanation: Explanation, result: str, probes: Sequence[Probe]) -> bool:
    """Whether the mistake gives exactly what came back, on every input."""
    telling = 0
    for probe in probes:
        expected = explanation.expected(probe).get(result)
        if expected is None or not probe.agrees(result, expected):
            return False
        telling += probe.differs(result, expected)
    return len(probes) >= _PROBES and telling >= _TELLING


def right_line(record: Record, results: Iterable[str]) -> str:
    """The statement that computes the first of some results: the definition of the loss, a derived gradient."""
    wanted = next(iter(results))
    for program in ("definition", "textbook"):
        for statement in record.programs[program].statements:
            if statement.target == wanted:
                return statement.text
    raise KeyError(wanted)
