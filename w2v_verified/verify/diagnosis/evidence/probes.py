"""What came back on one input, beside what is right: every input that a diagnosis looks at."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from w2v_verified.verify.cases.arguments import Arguments, copied
from w2v_verified.verify.diagnosis.evidence.inputs import inputs
from w2v_verified.verify.judging.accuracy import Standard, standard_of
from w2v_verified.verify.judging.calling import Function, Returned, observe
from w2v_verified.verify.judging.dense import dense
from w2v_verified.verify.judging.finding import Finding
from w2v_verified.verify.record import Record, axis_sizes

__all__ = ["Probe", "probe_all", "probe_of"]

Long = NDArray[np.longdouble]

_ROUNDINGS = 64


@dataclass(frozen=True, eq=False)
class Probe:
    """One input, what came back and what is right."""

    record: Record
    arguments: Arguments
    returned: Returned
    standard: Standard

    @cached_property
    def observed(self) -> dict[str, NDArray[Any]]:
        """What came back, as whole arrays."""
        return {
            name: np.array(value) for name, value in dense(self.record, self.arguments, self.returned).items()
        }

    @cached_property
    def extents(self) -> dict[str, int]:
        """The size of every axis."""
        return axis_sizes(self.record, self.arguments)

    @cached_property
    def exact(self) -> dict[str, Long]:
        """The right results."""
        split = self.standard.exact.split
        return {name: high.astype(np.longdouble) + low for name, (high, low) in split.items()}

    def seen(self, result: str) -> Long:
        """What came back."""
        return self.observed[result].astype(np.longdouble)

    def agrees(self, result: str, expected: Long) -> bool:
        """Whether what came back is what is expected, up to rounding; what is not finite is no evidence."""
        finite = bool(np.isfinite(expected).all())
        return finite and _close(self.seen(result), expected, self._tolerance(result, expected))

    def differs(self, result: str, expected: Long) -> bool:
        """Whether what is expected can be told from what is right."""
        tolerance = 1000 * self._tolerance(result, expected)
        return not _close(self.exact[result], expected, tolerance)

    def right(self, result: str) -> bool:
        """Whether what came back is right."""
        bound = self.standard.bound("lax")[result]
        return _close(self.seen(result), self.exact[result], bound)

    def _tolerance(self, result: str, expected: Long) -> Long:
        """The bound of the right result, and a few roundings of the largest entry that is expected."""
        largest = np.abs(expected).max(initial=np.longdouble(0))
        rounding = _ROUNDINGS * np.finfo(self.standard.dtype).eps * largest
        bound: Long = self.standard.bound("lax")[result].astype(np.longdouble)
        return np.asarray(bound + rounding)


def _close(one: Long, other: Long, tolerance: NDArray[np.floating]) -> bool:
    with np.errstate(all="ignore"):
        return one.shape == other.shape and bool(np.all(np.abs(one - other) <= tolerance))


@lru_cache(maxsize=16)
def _standards(record: Record) -> tuple[Standard, ...]:
    """What the inputs are judged by, computed once for all implementations."""
    standards = tuple(Standard(record, arguments) for arguments in inputs(record))
    Standard.prepare(record, standards)
    return standards


def probe_all(
    function: Function, record: Record, declines: Callable[[Record, Arguments], str | None]
) -> list[Probe]:
    """Call the function on every input with known exact values that its convention promises something for.

    Those that it does not return from are left out.
    """
    probes = []
    for arguments, standard in zip(inputs(record), _standards(record), strict=True):
        if standard.known and declines(record, arguments) is None:
            probe = _probe(function, record, arguments, standard)
            if probe is not None:
                probes.append(probe)
    return probes


def probe_of(function: Function, record: Record, arguments: Arguments) -> Probe | None:
    """Call the function on one input; None where it does not return.

    Raises:
        OracleError: The exact values are not known.
    """
    return _probe(function, record, arguments, standard_of(record, arguments))


def _probe(function: Function, record: Record, arguments: Arguments, standard: Standard) -> Probe | None:
    returned, _ = observe(function, record, copied(arguments))
    if isinstance(returned, Finding):
        return None
    held = {k: v.copy() if isinstance(v, np.ndarray) else v for k, v in returned.items()}
    return Probe(record, arguments, held, standard)
