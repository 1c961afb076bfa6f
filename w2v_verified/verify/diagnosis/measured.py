"""Explanations read off the results themselves: a factor, a constant, a transposition, too few digits."""

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from w2v_verified.verify.diagnosis.evidence.evidence import Evidence
from w2v_verified.verify.diagnosis.evidence.explanation import Changed, Explanation, Results
from w2v_verified.verify.diagnosis.evidence.probes import Probe
from w2v_verified.verify.record import Record

__all__ = ["by_constant", "by_digits", "by_factor", "by_ratio", "by_transposition"]

Long = NDArray[np.longdouble]


def by_factor(record: Record) -> Iterator[Explanation]:
    """The right results times something: -1, the size of an axis, the base of a logarithm."""
    yield _scaled("the sign is flipped", -1)
    yield _scaled("0 whatever the input", 0)
    loss_alone = [result.name for result in record.results if result.of is None]
    for base in (2, 10):
        factor = 1 / np.log(np.longdouble(base))
        yield _scaled(f"in base-{base} logarithms where natural ones (nats) are due", factor, only=loss_alone)
    for axis in record.axes:
        name = axis.name
        yield _scaled(f"divided by {name}, as if a mean over {name} were due", 1, under=name)
        yield _scaled(f"divided by {name} + 1", 1, under=name, more=1)
        yield _scaled(f"{name} times what it should be", 1, over=name)
        yield _scaled(f"-{name} times what it should be", -1, over=name)
        yield _scaled(f"divided by -{name}: a mean over {name} with its sign flipped", -1, under=name)
    for number, words in ((2, "2 times"), (0.5, "half of"), (-2, "-2 times"), (-0.5, "-1/2 times")):
        yield _scaled(f"{words} what it should be", number)


def by_ratio(evidence: Evidence, result: str) -> Iterator[Explanation]:
    """The right result times a number that the finding's own input shows, or the first of the others."""
    for probe in (evidence.own, *evidence.probes[:1]):
        seen, exact = probe.seen(result), probe.exact[result]
        largest = np.unravel_index(int(np.abs(exact).argmax()), exact.shape) if exact.size else None
        if largest is not None and exact[largest] != 0 and np.isfinite(seen[largest]):
            ratio = seen[largest] / exact[largest]
            if ratio:
                yield _scaled(f"{float(ratio):.12g} times what it should be", ratio, only=[result])


def _scaled(
    mistake: str,
    factor: float | np.longdouble,
    *,
    over: str | None = None,
    under: str | None = None,
    more: int = 0,
    only: Sequence[str] = (),
) -> Explanation:
    """The right results times a factor and the size of an axis, or divided by it and `more`."""

    def change(exact: Results, extents: Mapping[str, int]) -> Results:
        by = np.longdouble(factor)
        if over is not None:
            by *= extents[over]
        if under is not None:
            by /= max(1, extents[under] + more)
        return {name: value * by for name, value in exact.items() if not only or name in only}

    return Explanation(mistake, "", Changed(change))


def by_constant(probes: Sequence[Probe], loss: str) -> Iterator[Explanation]:
    """The right loss plus the logarithm of a size, or plus a constant, which the inputs show."""
    for axis in probes[0].extents:
        for sign, word in ((1, "+"), (-1, "-")):
            yield _shifted(f"off by {word} log({axis})", loss, sign, axis)
    middle = float(np.median([float(probe.seen(loss) - probe.exact[loss]) for probe in probes]))
    if math.isfinite(middle):
        yield _shifted(f"off by the constant {middle:.6g}", loss, middle)


def _shifted(mistake: str, loss: str, constant: float, axis: str | None = None) -> Explanation:
    """The right loss plus a constant, or plus that many times the logarithm of the size of an axis."""

    def change(exact: Results, extents: Mapping[str, int]) -> Results:
        shift = np.longdouble(constant)
        if axis is not None:
            shift *= np.log(np.longdouble(max(1, extents[axis])))
        return {loss: exact[loss] + shift}

    return Explanation(mistake, "", Changed(change))


def by_transposition(record: Record) -> Iterator[Explanation]:
    """The right matrix turned, which has the right shape where it is square."""
    yield Explanation("transposed wherever it is square", "", Changed(_transposed))


def _transposed(exact: Results, extents: Mapping[str, int]) -> Results:
    return {name: value.T if _square(value) else value for name, value in exact.items()}


def _square(value: Long) -> bool:
    return value.ndim == 2 and value.shape[0] == value.shape[1]


def by_digits(evidence: Evidence, result: str) -> str | None:
    """Say that a result has the digits of a smaller format, or was rounded to decimals, on every input."""
    inputs = (evidence.own, *evidence.probes)
    for dtype in (np.float16, np.float32):
        smaller = np.finfo(dtype).eps > np.finfo(evidence.own.standard.dtype).eps
        if smaller and all(_of_format(probe, result, dtype) for probe in inputs):
            return f"computed, or stored, in {np.dtype(dtype).name}: every entry is a {np.dtype(dtype).name} number"
    for decimals in range(1, 13):
        if all(_decimals(probe, result, decimals) for probe in inputs):
            return f"rounded to {decimals} decimals"
    return None


def _of_format(probe: Probe, result: str, dtype: type[np.floating]) -> bool:
    seen, exact = probe.seen(result), probe.exact[result]
    with np.errstate(all="ignore"):
        kept = np.array_equal(seen.astype(dtype).astype(np.longdouble), seen)
        largest = np.abs(exact).max(initial=np.longdouble(0))
        return kept and bool(np.all(np.abs(seen - exact) <= 1000 * np.finfo(dtype).eps * largest))


def _decimals(probe: Probe, result: str, decimals: int) -> bool:
    seen, exact = probe.seen(result), probe.exact[result]
    rounded = np.round(seen.astype(np.float64), decimals)
    half = np.longdouble(0.5000001) * np.longdouble(10) ** -decimals
    return np.array_equal(rounded, seen.astype(np.float64)) and bool(np.all(np.abs(seen - exact) <= half))
