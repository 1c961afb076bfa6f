"""Ordinary numbers (the working range): where code that takes no care of overflow can be right, and where it ends.

Every argument of a function that grows or falls like an exponential is a score. Ordinary are inputs on which every
score and every difference of two scores is within 700 in float64 and 80 in float32, where exponentials neither overflow
nor vanish, and every product and square is finite with room to spare.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from w2v_verified.verify.bounds.analysis import Analysis
from w2v_verified.verify.bounds.approximate import Approximate
from w2v_verified.verify.bounds.rounding import Rounding
from w2v_verified.verify.cases.arguments import Arguments, arrays, cast, copied
from w2v_verified.verify.evaluation.batch import Batch
from w2v_verified.verify.judging.accuracy import Standard
from w2v_verified.verify.judging.calling import Function, observe
from w2v_verified.verify.judging.compare import working_dtype
from w2v_verified.verify.judging.finding import Finding, Limit
from w2v_verified.verify.record import Record

__all__ = ["LARGEST_SCORE", "extent", "is_ordinary", "limits", "nearer", "ordinary_failures"]

LARGEST_SCORE: Mapping[str, float] = {"float64": 700.0, "float32": 80.0}
"""By the format: exp overflows float64 from 709.8 on, float32 from 88.7 on."""

_SCORED = frozenset({"exp", "expm1", "sigmoid", "softplus", "tanh"})
_ROOM = 0.5  # of the exponent of the largest number, and of the smallest: products and squares stay away from both
_SHARES = (0.99, 0.7, 0.5, 0.35, 0.15, 0.08)  # of the largest score
_HALVINGS = 70
_BISECTIONS = 14


@dataclass(frozen=True)
class _Extent:
    """The largest score or difference of scores, the largest number and the smallest that is not 0, on one input."""

    score: float
    largest: float
    smallest: float


class _Watching(Rounding):
    """Arithmetic that keeps the largest score and the largest product."""

    score = 0.0
    product = 0.0

    def apply(self, function: str, a: Approximate) -> Approximate:
        """``function(a)``."""
        if function in _SCORED and a.value.size:
            low, high = float(a.value.min()), float(a.value.max())
            self.score = max(self.score, -low, high, high - low)
        return super().apply(function, a)

    def multiply(self, a: Approximate, b: Approximate) -> Approximate:
        """``a * b``."""
        return self._watched(super().multiply(a, b))

    def power(self, a: Approximate, exponent: int) -> Approximate:
        """``a ** exponent``."""
        return self._watched(super().power(a, exponent))

    def real_power(self, a: Approximate, b: Approximate) -> Approximate:
        """``a ** b``."""
        return self._watched(super().real_power(a, b))

    def _watched(self, made: Approximate) -> Approximate:
        self.product = max(self.product, float(np.abs(made.value).max(initial=0.0)))
        return made


def extent(record: Record, arguments: Arguments) -> _Extent:
    """How large the numbers are that the definition meets.

    Raises:
        ValueError, TypeError, IndexError: The arguments are none of the record's.
    """
    batch = Batch(record, [arguments])
    watching = _Watching(working_dtype(record, arguments))
    analysis = Analysis(watching, batch.pointers, batch.space)
    numbers = [0.0]
    with np.errstate(all="ignore"):
        for name, given in batch.arrays.items():
            analysis.given(name, given, batch.frames[name])
            numbers += np.abs(given[0].ravel().astype(np.float64)).tolist()
        analysis.run(record.programs["definition"], ["loss"], frozenset())
        largest = max(float(np.square(np.float64(max(numbers)))), watching.product)
    return _Extent(watching.score, largest, min((x for x in numbers if x), default=1.0))


def is_ordinary(record: Record, arguments: Arguments) -> bool:
    """Whether an input is ordinary; one that is not finite, or of another form, is, since nothing is excused there."""
    given = arrays(record, arguments).values()
    if any(array.dtype.kind not in "iuf" or not np.isfinite(array).all() for array in given):
        return True
    try:
        found = extent(record, arguments)
    except (ValueError, TypeError, IndexError):
        return True
    dtype = working_dtype(record, arguments)
    return not _too_large(found, dtype) and found.smallest >= float(np.finfo(dtype).smallest_normal) ** _ROOM


def _too_large(found: _Extent, dtype: np.dtype[np.floating]) -> bool:
    return found.score > _largest_score(dtype) or found.largest > float(np.finfo(dtype).max) ** _ROOM


def _largest_score(dtype: np.dtype[np.floating]) -> float:
    return LARGEST_SCORE.get(dtype.name, LARGEST_SCORE["float64"])


def nearer(record: Record, arguments: Arguments) -> Iterator[Arguments]:
    """Ordinary inputs on the way to one that is not, and to its negative: with scores up to the largest there are.

    A function that fails there as well is wrong, whatever it is like beyond.
    """
    score, dtype = extent(record, arguments).score, working_dtype(record, arguments)
    held = {name: float(np.abs(array).max(initial=0)) for name, array in arrays(record, arguments).items()}
    largest = max(held, key=lambda name: held[name])
    for share in _SHARES:
        for sign in (1, -1):
            scale = sign * share * _largest_score(dtype) / score if score else 0.0
            changed = _scaled(record, arguments, scale, (largest,))
            if abs(scale) < 1 and is_ordinary(record, changed):
                yield changed


def limits(function: Function, record: Record, arguments: Arguments) -> tuple[Limit, ...]:
    """From where on each result fails, on the way from zero to an input on which some do, or to its negative.

    In scores where these are what is too large, else in the largest product or square; found by halving. Nothing where
    numbers are too small.
    """
    found: dict[str, Limit] = {}
    for limit, _ in _first_failures(function, record, arguments):
        if limit.result not in found or limit.at < found[limit.result].at:
            found[limit.result] = limit
    return tuple(found.values())


def ordinary_failures(function: Function, record: Record, arguments: Arguments) -> Iterator[Arguments]:
    """The ordinary inputs among those from which on a result fails: a function that fails there is wrong."""
    for _, changed in _first_failures(function, record, arguments):
        if is_ordinary(record, changed):
            yield changed


def _first_failures(
    function: Function, record: Record, arguments: Arguments
) -> Iterator[tuple[Limit, Arguments]]:
    found_at, dtype = extent(record, arguments), working_dtype(record, arguments)
    if not _too_large(found_at, dtype):
        return
    of = "score" if found_at.score > _largest_score(dtype) else "product"
    first = next(a.name for a in record.arguments if a.kind == "array")
    names = [a.name for a in record.arguments if a.kind == "array"]
    for sign in (1, -1):
        turned = _scaled(record, arguments, sign, (first,))

        @cache
        def wrong(share: float, turned: Arguments = turned) -> Mapping[str, float]:
            return _wrong(function, record, _scaled(record, turned, share, names))

        for result, value in wrong(1.0).items():
            share = _smallest(wrong, result)
            if share is None:
                continue
            changed = _scaled(record, turned, share, names)
            reached = extent(record, changed)
            at = reached.score if of == "score" else reached.largest
            if np.isfinite(at):
                yield Limit(result, of, at, value), changed


def _smallest(wrong: Callable[[float], Mapping[str, float]], result: str) -> float | None:
    """The smallest share of an input at which a result is wrong, of those up to 1; None where it is at any."""
    shares = (2.0**-n for n in range(1, _HALVINGS))
    low = next((share for share in shares if result not in wrong(share)), None)
    if low is None:
        return None
    high = 2 * low
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        low, high = (low, middle) if result in wrong(middle) else (middle, high)
    return high


def _scaled(record: Record, arguments: Arguments, share: float, names: Collection[str]) -> Arguments:
    held = {a.name: np.asarray(arguments[a.name]) for a in record.arguments if a.name in names}
    changed = {
        a.name: cast(held[a.name] * share, held[a.name].dtype, a)
        for a in record.arguments
        if a.name in held and held[a.name].dtype.kind == "f"
    }
    return {**arguments, **changed}


def _wrong(function: Function, record: Record, arguments: Arguments) -> dict[str, float]:
    """The results that are wrong, or ``""`` where it fails as a whole, with the entry that is worst."""
    standard = Standard(record, arguments)
    returned, _ = observe(function, record, copied(arguments))
    if isinstance(returned, Finding):
        return {"": float("nan")}
    return standard.wrong(returned)
