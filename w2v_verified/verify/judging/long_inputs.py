"""The long inputs of a trial, of round sizes of every axis, alone and together; and a fault there on fewer places."""

from collections.abc import Callable, Sequence
from functools import lru_cache

from w2v_verified.verify.cases.arguments import Arguments
from w2v_verified.verify.cases.lengths import Sizes, lengths_of
from w2v_verified.verify.exact.oracle import OracleError
from w2v_verified.verify.judging.accuracy import Standard
from w2v_verified.verify.judging.finding import Finding
from w2v_verified.verify.judging.folded import LongCase, folded_case
from w2v_verified.verify.record import Record

__all__ = ["long_cases", "with_fewer_places"]

_DRAWN = 20
_FLOAT32_IN, _FORTRAN_IN, _TIED_IN, _LARGE_IN, _HUGE_IN = 6, 5, 4, 6, 12  # one in so many
_LONGEST_OF_ANY_SCALE = 1 << 13
_LARGE, _HUGE = 150.0, 1000.0  # with these most scores are ordinary and large, and some are not
_SIZES = (2, 3, 4, 5, 6, 8, 12, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096)


def long_cases(record: Record, seed: int) -> list[LongCase]:
    """The long inputs of a trial: a fixed part, and further ones by seed; small inputs in front."""
    return sorted(
        (*_fixed(record), *_drawn(record, seed)), key=lambda case: lengths_of(record).cells(case.sizes)
    )


@lru_cache(maxsize=64)
def _fixed(record: Record) -> tuple[LongCase, ...]:
    sizes = lengths_of(record).tour()
    return _prepared(
        record, [*_made(record, sizes, "float64"), *_made(record, sizes[::_FLOAT32_IN], "float32")]
    )


@lru_cache(maxsize=64)
def _drawn(record: Record, seed: int) -> tuple[LongCase, ...]:
    return _prepared(record, _made(record, lengths_of(record).drawn(seed, _DRAWN), "float64"))


def _made(record: Record, sizes: Sequence[Sizes], dtype: str) -> list[LongCase]:
    different = lengths_of(record).different
    return [
        folded_case(
            record,
            each,
            different=different,
            dtype=dtype,
            layout="C" if (n + 1) % _FORTRAN_IN else "Fortran",
            seed=n,
            tied=n % _TIED_IN == 0,
            scale=_scale(n) if max(each.values(), default=0) <= _LONGEST_OF_ANY_SCALE else None,
        )
        for n, each in enumerate(sizes)
    ]


def _scale(number: int) -> float | None:
    """How large scores are in an input, if they are not moderate there."""
    if number % _LARGE_IN == 2:
        return _LARGE
    return _HUGE if number % _HUGE_IN == 5 else None


def _prepared(record: Record, cases: Sequence[LongCase]) -> tuple[LongCase, ...]:
    Standard.prepare(record, [case.standard for case in cases])
    return tuple(cases)


def with_fewer_places(
    record: Record, case: LongCase, fault: Callable[[Arguments, Standard], Finding | None]
) -> tuple[Finding | None, Arguments]:
    """The fault of a long input on one of as few places as show it, axis by axis; None where no other shows it.

    Where an axis has a size from which on the fault shows, that size is found.
    """
    best: tuple[Finding | None, LongCase] = (None, case)

    def shows(sizes: Sizes, *, plain: bool = False) -> bool:
        nonlocal best
        different = 2 if plain else lengths_of(record).different
        fewer = folded_case(record, sizes, different=different, plain=plain)
        try:
            found = fault(fewer.arguments, fewer.standard)
        except OracleError:
            return False
        if found is not None:
            best = found, fewer
        return found is not None

    for axis in case.sizes:
        sizes, whole = dict(best[1].sizes), best[1].sizes[axis]
        least = next(a.minimum for a in record.axes if a.name == axis)
        seen = [size for size in sorted({least, 1, *_SIZES}) if least <= size < whole]
        low = least - 1
        for size in seen:
            if shows({**sizes, axis: size}):
                break
            low = size
        high = best[1].sizes[axis]
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if shows({**sizes, axis: middle}) else (middle, high)
    shows(best[1].sizes, plain=True)
    return best[0], best[1].arguments
