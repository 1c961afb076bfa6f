"""Tables of which every line is a block, worked on all at once."""

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np

from w2v_verified.runtime.arrays import Integers, Matrix

Table: TypeAlias = np.ndarray[tuple[int, int], np.dtype[np.intp]]


def lines(values: Integers[np.int64], count: int, length: int) -> Table:
    """Cut into lines, the last filled up with zeros."""
    padded = np.zeros(count * length, np.intp)
    padded[: len(values)] = values
    return padded.reshape(count, length)


def different(words: Table, limits: Sequence[int]) -> tuple[Integers[np.intp], Table, Table]:
    """Find the different words of each line.

    Args:
        words: one line for each block.
        limits: numbers of words, in any order but the last, which is above all words.

    Returns:
        these words, ascending, one line after the other; which of its line's every word is; and how many of each
        line are below each limit, shape (lines, limits).
    """
    width = words.shape[1]
    bits = width.bit_length()
    # One sort of (word, place) packed into a number; the narrower it is, the faster.
    narrow: type[np.integer[Any]] = np.int32 if limits[-1] << bits < 1 << 31 else np.int64
    packed: Table = (words.astype(narrow) << bits) | np.arange(width, dtype=narrow)
    packed.sort(axis=1)
    ordered, origin = packed >> bits, packed & ((1 << bits) - 1)
    new = np.ones(words.shape, np.bool)
    np.not_equal(ordered[:, 1:], ordered[:, :-1], out=new[:, 1:])
    place = np.empty(words.shape, np.intp)
    place.ravel()[origin + np.arange(len(words))[:, None] * width] = np.cumsum(new, axis=1) - 1
    below = [np.count_nonzero(new & (ordered < limit), axis=1) for limit in limits]
    return ordered[new].astype(np.intp), place, np.stack(below, axis=1)


def pairs_of(left: Table, right: Table, line: Table, place: Table, window: int) -> Integers[np.intp]:
    """Return `line` of the centre plus `place` of the context word for every pair, block by block.

    In a block they are in the order of the context word's distance, from -`window` to `window`, then of the centre.
    """
    L = left.shape[1]
    contexts = place[:, L : 2 * L + 2 * window]
    around = np.lib.stride_tricks.sliding_window_view(contexts, L, axis=1)
    distance = np.arange(-window, window + 1)[:, None]
    reached = (distance >= -left[:, None, :]) & (distance <= right[:, None, :])
    reached[:, window] = False
    pairs: Integers[np.intp] = (around + line[:, None, :])[reached]
    return pairs


def summed(
    place: Table, amounts: np.ndarray[tuple[int, int], np.dtype[Any]], width: int
) -> Matrix[np.float64]:
    """Add up the amounts that have the same place, line by line, into lines of `width` places."""
    count = len(place)
    flat = (place + np.arange(count)[:, None] * width).ravel()
    sums = np.bincount(flat, amounts.ravel().astype(np.float64), minlength=count * width)
    table: Matrix[np.float64] = sums.astype(np.float64, copy=False).reshape(count, width)
    return table
