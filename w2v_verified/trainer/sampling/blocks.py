"""Blocks of centres in text order (minibatches), each with its different words and how often every two meet."""

from collections.abc import Sequence
from typing import Any, Generic, NamedTuple, TypeAlias

import numpy as np

from w2v_verified.runtime.arrays import Float, Integers, Matrix, Vector
from w2v_verified.trainer.sampling.noise import Noise
from w2v_verified.trainer.sampling.passage import Passage
from w2v_verified.trainer.settings import Settings

_NOISE = 1

# Every line is a block, and all of them are worked on at once.
_Table: TypeAlias = np.ndarray[tuple[int, int], np.dtype[np.intp]]


class Block(NamedTuple, Generic[Float]):
    """Up to L centres, their contexts and the negative samples they share, every word once.

    Words are rows of the table whose first V rows are input vectors and whose next V are output vectors.

    Attributes:
        rows: the different rows it touches, ascending: n inputs, then m outputs; shape (n + m,).
        inputs: n.
        pairs: shape (p,), where in its table each pair (centre, context word) is counted, flat: the table is
            (n, m) for skip-gram; for CBOW it is (L, n), a sum of inputs for each centre.
        shares: for CBOW what a word of each centre's context is of their mean, 1 / (size of the context), shape
            (L,); empty for skip-gram.
        centres: which of the inputs, or for CBOW of the outputs, each centre's own word is, shape (L,).
        weights: how many true outputs each input of skip-gram, shape (n,), or centre of CBOW, shape (L,), has.
        crowd: how many all centres of the same word as each centre have in the round, shape (L,): in this block,
            and in the others by the word's share of the chunk.
        busiest: the largest of the crowd.
        samples: K/S times how often each output was drawn, shape (m,).
        splits: where `rows` is cut between workers, from 0 to n + m.
        position: place in the text of its first centre.
    """

    rows: Integers[np.intp]
    inputs: int
    pairs: Integers[np.intp]
    shares: Vector[Float]
    centres: Integers[np.intp]
    weights: Vector[Float]
    crowd: Vector[np.float64]
    busiest: float
    samples: Vector[Float]
    splits: Integers[np.intp]
    position: int

    @property
    def meetings(self) -> float:
        """How many true outputs it has: pairs for skip-gram, centres with a context for CBOW."""
        return float(self.weights.sum())


class Cutter(Generic[Float]):
    """Cuts passages into blocks.

    Args:
        settings: window, model and seed.
        noise: what negative samples are drawn from.
        centres: L, how many centres a block has.
        others: how many other blocks a round has.
        cuts: the rows at which the work of writing is divided between workers.
        dtype: of the vectors.
    """

    def __init__(
        self,
        settings: Settings,
        noise: Noise,
        centres: int,
        others: int,
        cuts: Sequence[int],
        dtype: np.dtype[Float],
    ) -> None:
        self._window = settings.window
        self._cbow = settings.model == "cbow"
        self._shared = settings.shared_negatives
        self._share = settings.negative / settings.shared_negatives
        self._seed = settings.seed
        self._noise = noise
        self._vocabulary = len(noise.probabilities)
        self._centres = centres
        self._others = others
        self._cuts = cuts
        self._dtype = dtype
        self.rows = 2 * centres + 2 * settings.window + settings.shared_negatives

    def count(self, passage: Passage) -> int:
        """How many blocks a passage makes."""
        return -(-(passage.stop - passage.first) // self._centres)

    def meetings(self, passage: Passage) -> int:
        """How many true outputs they have, together; see `Block.meetings`."""
        centres = slice(passage.first, passage.stop)
        around = passage.left[centres] + passage.right[centres]
        return int(np.count_nonzero(around) if self._cbow else around.sum())

    def cut(self, passage: Passage, epoch: int, chunk: int, wanted: list[int]) -> list[Block[Float]]:
        """Return the blocks of those numbers; each is the same whatever others are asked for."""
        if not wanted:
            return []
        blocks, L, V, window = self.count(passage), self._centres, self._vocabulary, self._window
        negatives = self._negatives(epoch, chunk, wanted)
        context = self._contexts(passage)[wanted]
        centre = context[:, window : window + L]
        left, right = (_lines(each[passage.first : passage.stop], blocks, L)[wanted] for each in passage[3:5])
        both = left + right
        of_input, of_output = (V, 0) if self._cbow else (0, V)
        words: _Table = np.concatenate((centre + of_input, context + of_output, negatives + V), axis=1)
        width = words.shape[1]
        rows, place, below = _different(words, (V, 0, *self._cuts, 2 * V))
        inputs, splits, sizes = below[:, 0], below[:, 1:], below[:, -1]
        samples = _summed(place[:, -self._shared :] - inputs[:, None], np.ones_like(negatives), width)
        samples = (self._share * samples).astype(self._dtype)
        if self._cbow:
            centres = place[:, :L] - inputs[:, None]
            weights = (both > 0).astype(self._dtype)
            line, lengths = np.arange(L) * inputs[:, None], [L] * len(wanted)
            crowd = _summed(centres, weights, width)
        else:
            centres = place[:, :L]
            crowd = _summed(centres, both, width)
            weights = crowd.astype(self._dtype)
            line, lengths = centres * (sizes - inputs)[:, None] - inputs[:, None], inputs.tolist()
        crowd = np.take_along_axis(crowd, centres, axis=1) + self._elsewhere(passage)[centre]
        pairs = _pairs_of(left, right, line, place, window)
        shares = np.divide(1, np.maximum(both, 1), dtype=self._dtype)[:, : L if self._cbow else 0]
        pair_ends, row_ends = np.cumsum(both.sum(axis=1)).tolist(), np.cumsum(sizes).tolist()
        firsts = passage.position[passage.first + np.array(wanted) * L].tolist()
        busiest = crowd.max(axis=1).tolist()
        cut, row_end, pair_end = [], 0, 0
        for b, n in enumerate(inputs.tolist()):
            of_rows, row_end = slice(row_end, row_ends[b]), row_ends[b]
            of_pairs, pair_end = slice(pair_end, pair_ends[b]), pair_ends[b]
            cut.append(
                Block(
                    rows[of_rows],
                    n,
                    pairs[of_pairs],
                    shares[b],
                    centres[b],
                    weights[b, : lengths[b]],
                    crowd[b],
                    busiest[b],
                    samples[b, : of_rows.stop - of_rows.start - n],
                    splits[b],
                    firsts[b],
                )
            )
        return cut

    def _negatives(self, epoch: int, chunk: int, wanted: list[int]) -> _Table:
        first, key = min(wanted), np.random.SeedSequence((self._seed, epoch, _NOISE, chunk))
        stream = np.random.PCG64(key).advance(first * self._shared)
        uniform = np.random.Generator(stream).random((max(wanted) + 1 - first, self._shared))
        draws = uniform[np.array(wanted) - first].ravel()
        negatives: _Table = self._noise.draw(draws).reshape(len(wanted), self._shared)
        return negatives

    def _contexts(self, passage: Passage) -> np.ndarray[tuple[int, int], np.dtype[np.int32]]:
        """The words a block's windows may reach; what pads the first and the last repeats one of theirs."""
        window, length = self._window, self.count(passage) * self._centres
        padded = np.pad(passage.words, (window, length + window), mode="edge")
        padded = padded[passage.first : passage.first + length + 2 * window]
        lengths = self._centres + 2 * window
        return np.lib.stride_tricks.sliding_window_view(padded, (lengths,))[:: self._centres]

    def _elsewhere(self, passage: Passage) -> Vector[np.float64]:
        """How many true outputs centres of each word may have in the other blocks of a round, shape (V,)."""
        words = passage.words[passage.first : passage.stop]
        share = np.bincount(words, minlength=self._vocabulary) / len(words)
        each = 1 if self._cbow else self._window + 1
        expected: Vector[np.float64] = share * (self._others * self._centres * each)
        return expected


def _lines(values: Integers[np.int64], count: int, length: int) -> _Table:
    """Cut into lines, the last filled up with zeros."""
    padded = np.zeros(count * length, np.intp)
    padded[: len(values)] = values
    return padded.reshape(count, length)


def _different(words: _Table, limits: Sequence[int]) -> tuple[Integers[np.intp], _Table, _Table]:
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
    packed: _Table = (words.astype(narrow) << bits) | np.arange(width, dtype=narrow)
    packed.sort(axis=1)
    ordered, origin = packed >> bits, packed & ((1 << bits) - 1)
    new = np.ones(words.shape, np.bool)
    np.not_equal(ordered[:, 1:], ordered[:, :-1], out=new[:, 1:])
    place = np.empty(words.shape, np.intp)
    place.ravel()[origin + np.arange(len(words))[:, None] * width] = np.cumsum(new, axis=1) - 1
    below = [np.count_nonzero(new & (ordered < limit), axis=1) for limit in limits]
    return ordered[new].astype(np.intp), place, np.stack(below, axis=1)


def _pairs_of(left: _Table, right: _Table, line: _Table, place: _Table, window: int) -> Integers[np.intp]:
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


def _summed(
    place: _Table, amounts: np.ndarray[tuple[int, int], np.dtype[Any]], width: int
) -> Matrix[np.float64]:
    """Add up the amounts that have the same place, line by line, into lines of `width` places."""
    count = len(place)
    flat = (place + np.arange(count)[:, None] * width).ravel()
    sums = np.bincount(flat, amounts.ravel().astype(np.float64), minlength=count * width)
    table: Matrix[np.float64] = sums.astype(np.float64, copy=False).reshape(count, width)
    return table
