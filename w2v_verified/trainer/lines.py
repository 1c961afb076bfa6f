"""Tables of which every line is a block, worked on all at once."""

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np

from w2v_verified.arrays import Matrix
from w2v_verified.trainer.integers import Integers

Table: TypeAlias = np.ndarray[tuple[int, int], np.dtype[np.intp]]


def lines(values: Integers[np.int64], count: int, length: int) -> Table:
    """Cut into lines, the last filled up with zeros."""
    padded = np.zeros(count * length, np.intp)
    padded[: len(values)] = values
    return padded.reshape(count, length)


def different(
    words: Table, bound: int, limits: Sequence[int]
) -> tuple[Integers[np.intp], Table, Integers[np.intp], list[Integers[np.intp]]]:
    """Find the different words of each line.

    Returns:
        these words, ascending, one line after the other; which of its line's every word is; how many each
        line has; and for every limit, how many of them are below it.
    """
    width = words.shape[1]
    bits = width.bit_length()
    # One sort of (word, place) packed into a number; the narrower it is, the faster.
    narrow: type[np.integer[Any]] = np.int32 if bound << bits < 1 << 31 else np.int64
    packed: Table = (words.astype(narrow) << bits) | np.arange(width, dtype=narrow)
    packed.sort(axis=1)
    ordered, origin = packed >> bits, packed & ((1 << bits) - 1)
    new = np.ones(words.shape, np.bool)
    np.not_equal(ordered[:, 1:], ordered[:, :-1], out=new[:, 1:])
    place = np.empty(words.shape, np.intp)
    np.put_along_axis(place, origin.astype(np.intp), np.cumsum(new, axis=1) - 1, axis=1)
    below = [np.count_nonzero(new & (ordered < limit), axis=1) for limit in limits]
    return ordered[new].astype(np.intp), place, np.count_nonzero(new, axis=1), below


def pairs_of(left: Table, around: Table, line: Table, place: Table, window: int) -> Integers[np.intp]:
    """Return `line` of the centre plus `place` of the context word for every pair, centre by centre."""
    count, L = left.shape
    total = around.ravel()
    first = np.cumsum(total) - total
    context = np.arange(count)[:, None] * place.shape[1] + L + window + np.arange(L) - left
    counter = np.arange(int(total.sum()))
    after = counter >= np.repeat(first + left.ravel(), total)
    where = np.repeat(context.ravel() - first, total) + counter + after
    return np.repeat(line.ravel(), total) + place.ravel()[where]


def summed(
    place: Table, amounts: np.ndarray[tuple[int, int], np.dtype[Any]], width: int
) -> Matrix[np.float64]:
    """Add up the amounts that have the same place, line by line, into lines of `width` places."""
    count = len(place)
    flat = (place + np.arange(count)[:, None] * width).ravel()
    sums = np.bincount(flat, amounts.ravel().astype(np.float64), minlength=count * width)
    table: Matrix[np.float64] = sums.astype(np.float64, copy=False).reshape(count, width)
    return table


def spread(place: Table, values: Matrix[np.float64], width: int) -> Matrix[np.float64]:
    """Put each value in its place, line by line, into lines of `width` places; the others are 0."""
    table = np.zeros((len(place), width))
    np.put_along_axis(table, place, values, axis=1)
    return table
