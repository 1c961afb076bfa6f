"""Few sizes for libraries that compile for each: common ones of the deck, and two long ones."""

from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

import numpy as np

from w2v_verified.verify.cases.arguments import Arguments, arrays
from w2v_verified.verify.cases.deck import deck
from w2v_verified.verify.cases.lengths import lengths_of
from w2v_verified.verify.record import Record, axis_sizes

__all__ = ["few_sizes", "is_few", "small_sizes"]

_MOST = 4
_SMALL, _LONG = 24, 100


@lru_cache(maxsize=16)
def few_sizes(record: Record) -> tuple[Mapping[str, int], ...]:
    """Sizes of the axes: ordinary, smallest, the first axis by itself so, commonest, equal, and two long ones.

    >>> from w2v_verified.verify.record import load
    >>> [tuple(sizes.values()) for sizes in few_sizes(load("naive_softmax"))][:3]
    [(3, 5), (1, 1), (1, 5)]
    """
    sizes = [tuple(axis_sizes(record, case.arguments).items()) for case in deck(record)]
    counted = Counter(each for each in sizes if _length(each) < _LONG)
    common = list(dict.fromkeys([*sizes[:3], *(each for each, _ in counted.most_common())]))
    equal = [each for each in counted if len({size for _, size in each}) == 1 and _length(each) > 1][:1]
    tour = lengths_of(record).tour()
    long = [tuple(each.items()) for each in (tour[len(tour) // 2], tour[-1])]
    kept = dict.fromkeys([*common[:_MOST], *equal, *long])
    return tuple(MappingProxyType(dict(each)) for each in kept)


def small_sizes(record: Record) -> tuple[Mapping[str, int], ...]:
    """Those in which no axis is long, half of them the ordinary ones, at which float32 is asked most."""
    ordinary, *others = (each for each in few_sizes(record) if _length(tuple(each.items())) < _SMALL)
    return (*[ordinary] * max(1, len(others)), *others)


def is_few(record: Record, arguments: Arguments) -> bool:
    """Whether an input has such sizes: in float32 ordinary ones, the longest, or a first axis of one place.

    With one place a product is no call of a library, and a compiler may fuse it with what follows.
    """
    few, sizes = few_sizes(record), axis_sizes(record, arguments)
    if any(array.dtype == np.float32 for array in arrays(record, arguments).values()):
        few = tuple(each for each in few if each in (few[0], few[-1]) or next(iter(each.values()), 0) == 1)
    return sizes in few


def _length(sizes: tuple[tuple[str, int], ...]) -> int:
    return max((size for _, size in sizes), default=0)
