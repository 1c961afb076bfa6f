"""Few sizes for libraries that compile for each: those that most short cases of the deck have, and the longest."""

from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from w2v_verified.verify.cases.deck import deck
from w2v_verified.verify.record import Record, axis_sizes

__all__ = ["few_sizes"]

_MOST = 7
_LONG = 100


@lru_cache(maxsize=16)
def few_sizes(record: Record) -> tuple[Mapping[str, int], ...]:
    """Sizes of the axes: ordinary ones and the smallest, then the commonest in the deck, at last the longest.

    >>> from w2v_verified.verify.record import load
    >>> [tuple(sizes.values()) for sizes in few_sizes(load("naive_softmax"))][:2]
    [(3, 5), (1, 1)]
    """
    sizes = [tuple(axis_sizes(record, case.arguments).items()) for case in deck(record)]
    longest = max(sizes, key=_length)
    counted = Counter(each for each in sizes if _length(each) < _LONG and each != longest)
    short = list(dict.fromkeys([*sizes[:2], *(each for each, _ in counted.most_common())]))
    return tuple(MappingProxyType(dict(each)) for each in [*short[:_MOST], longest])


def _length(sizes: tuple[tuple[str, int], ...]) -> int:
    return max((size for _, size in sizes), default=0)
