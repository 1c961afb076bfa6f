"""Blocks of centres in text order, each with its different words and how often every two of them meet."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from w2v_verified.arrays import Vector
from w2v_verified.trainer.integers import Integers
from w2v_verified.trainer.lines import Table, different, lines, pairs_of, spread, summed
from w2v_verified.trainer.noise import Noise
from w2v_verified.trainer.passage import Passage
from w2v_verified.trainer.settings import Settings

_NOISE = 1


class Block(NamedTuple):
    """Up to L centres, their contexts and the negative samples they share, every word once.

    Words are rows of the table whose first V rows are input vectors and whose next V are output vectors.

    Attributes:
        rows: the different rows it touches, ascending: n inputs, then m outputs; shape (n + m,).
        inputs: n.
        pairs: shape (p,), where in its table each pair (centre, context word) is counted, flat: the table is
            (n, m) for skip-gram; for CBOW it is (L, n), a mean of inputs for each centre.
        shares: for CBOW what a pair adds there, 1 / (size of the context), shape (p,); empty for skip-gram, where
            it is 1.
        targets: shape (L,), for CBOW the output that is each centre's own word; empty for skip-gram.
        weights: how many true outputs each input of skip-gram, shape (n,), or centre of CBOW, shape (L,), has.
        crowd: how many all centres of the same word have in the round: in this block, and in the others by the
            word's share of the chunk; shaped like weights.
        busiest: the largest of the crowd.
        samples: K/S times how often each output was drawn, shape (m,).
        splits: where `rows` is cut between workers.
        position: place in the text of its first centre.
    """

    rows: Integers[np.intp]
    inputs: int
    pairs: Integers[np.intp]
    shares: Vector[np.float64]
    targets: Integers[np.intp]
    weights: Vector[np.float64]
    crowd: Vector[np.float64]
    busiest: float
    samples: Vector[np.float64]
    splits: list[int]
    position: int

    @property
    def meetings(self) -> float:
        """How many true outputs it has: pairs for skip-gram, centres with a context for CBOW."""
        return float(self.weights.sum())


class Cutter:
    """Cuts passages into blocks.

    Args:
        settings: window, model and seed.
        noise: what negative samples are drawn from.
        centres: L, how many centres a block has.
        others: how many other blocks a round has.
        cuts: the rows at which the work of writing is divided between workers.
    """

    def __init__(
        self, settings: Settings, noise: Noise, centres: int, others: int, cuts: Sequence[int]
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
        self.rows = 2 * centres + 2 * settings.window + settings.shared_negatives

    def count(self, passage: Passage) -> int:
        """How many blocks a passage makes."""
        return -(-(passage.stop - passage.first) // self._centres)

    def meetings(self, passage: Passage) -> int:
        """How many true outputs they have, together; see `Block.meetings`."""
        centres = slice(passage.first, passage.stop)
        around = passage.left[centres] + passage.right[centres]
        return int(np.count_nonzero(around) if self._cbow else around.sum())

    def cut(self, passage: Passage, epoch: int, chunk: int, wanted: list[int]) -> list[Block]:
        """Return the blocks of those numbers; each is the same whatever others are asked for."""
        if not wanted:
            return []
        blocks, L, V = self.count(passage), self._centres, self._vocabulary
        negatives = self._negatives(epoch, chunk, blocks, wanted)
        context = self._contexts(passage)[wanted]
        centre = context[:, self._window : self._window + L]
        around = [lines(each[passage.first : passage.stop], blocks, L)[wanted] for each in passage[3:5]]
        left, both = around[0], around[0] + around[1]
        of_input, of_output = (V, 0) if self._cbow else (0, V)
        words: Table = np.concatenate((centre + of_input, context + of_output, negatives + V), axis=1)
        width = words.shape[1]
        rows, place, sizes, (inputs, *splits) = different(words, 2 * V, (V, *self._cuts))
        samples = self._share * summed(
            place[:, -self._shared :] - inputs[:, None], np.ones_like(negatives), width
        )
        crowd = self._elsewhere(passage)[centre]
        if self._cbow:
            line = np.arange(L) * inputs[:, None]
            shares = np.repeat(1 / np.maximum(both, 1).ravel(), both.ravel())
            targets, weights = place[:, :L] - inputs[:, None], (both > 0).astype(np.float64)
            crowd += np.take_along_axis(summed(targets, both > 0, width), targets, axis=1)
        else:
            line = place[:, :L] * (sizes - inputs)[:, None] - inputs[:, None]
            shares, targets = np.empty(0), place[:, :0]
            weights = summed(place[:, :L], both, width)
            crowd = weights + spread(place[:, :L], crowd, width)
        pairs, busiest = pairs_of(left, both, line, place, self._window), crowd.max(axis=1).tolist()
        pair_ends, row_ends = np.cumsum(both.sum(axis=1)).tolist(), np.cumsum(sizes).tolist()
        cut = []
        for b, (n, size) in enumerate(zip(inputs.tolist(), sizes.tolist(), strict=True)):
            of_pairs, centres = slice(pair_ends[b - 1] if b else 0, pair_ends[b]), L if self._cbow else n
            cut.append(
                Block(
                    rows[row_ends[b] - size : row_ends[b]],
                    n,
                    pairs[of_pairs],
                    shares[of_pairs],
                    targets[b],
                    weights[b, :centres],
                    crowd[b, :centres],
                    busiest[b],
                    samples[b, : size - n],
                    [int(split[b]) for split in splits],
                    int(passage.position[passage.first + wanted[b] * L]),
                )
            )
        return cut

    def _negatives(self, epoch: int, chunk: int, blocks: int, wanted: list[int]) -> Table:
        key = np.random.SeedSequence((self._seed, epoch, _NOISE, chunk))
        draws = np.random.Generator(np.random.PCG64(key)).random((blocks, self._shared))[wanted]
        negatives: Table = self._noise.draw(draws.ravel()).reshape(len(wanted), self._shared)
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
