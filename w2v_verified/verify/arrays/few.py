"""Few sizes for libraries that compile for each: common ones of the deck, and long ones."""

from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from w2v_verified.verify.cases.deck import deck
from w2v_verified.verify.record import Record, axis_sizes

__all__ = ["few_sizes", "small_sizes"]

_MOST = 4
_LONG = 100
_SMALL = 24


@lru_cache(maxsize=16)
def few_sizes(record: Record) -> tuple[Mapping[str, int], ...]:
    """Sizes of the axes: ordinary ones, the smallest, the commonest, all equal, each of them long, at last the longest.

    >>> from w2v_verified.verify.record import load
    >>> [tuple(sizes.values()) for sizes in few_sizes(load("naive_softmax"))][:2]
    [(3, 5), (1, 1)]
    """
    sizes = [tuple(axis_sizes(record, case.arguments).items()) for case in deck(record)]
    longest = max(sizes, key=_length)
    counted = Counter(each for each in sizes if _length(each) < _LONG and each != longest)
    common = list(dict.fromkeys([*sizes[:2], *(each for each, _ in counted.most_common())]))
    equal = [each for each in counted if len({size for _, size in each}) == 1 and _length(each) > 1][:1]
    long_ones = [max(counted, key=lambda each: dict(each)[axis.name]) for axis in record.axes]
    kept = dict.fromkeys([*common[:_MOST], *equal, *long_ones, longest])
    return tuple(MappingProxyType(dict(each)) for each in kept)


def small_sizes(record: Record) -> tuple[Mapping[str, int], ...]:
    """Those in which no axis is long."""
    return tuple(each for each in few_sizes(record) if _length(tuple(each.items())) < _SMALL)


def _length(sizes: tuple[tuple[str, int], ...]) -> int:
    return max((size for _, size in sizes), default=0)
