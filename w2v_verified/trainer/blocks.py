"""Blocks of centres in text order, each with its different words and how often every two of them meet."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from w2v_verified.arrays import Matrix, Vector
from w2v_verified.trainer.integers import Integers
from w2v_verified.trainer.lines import Table, different, lines, pairs_of, summed
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
        shares: shape (p,), what a pair adds there: 1, or for CBOW 1 / (size of the context).
        targets: shape (L,), for CBOW the output that is each centre's own word; empty for skip-gram.
        weights: how many true outputs each input of skip-gram, shape (n,), or centre of CBOW, shape (L,), has.
        repeats: how many true outputs all centres of the same word have together, like weights.
        busiest: the largest of the repeats.
        elsewhere: what is to be expected in the other blocks of its round.
        samples: how often each output was drawn, shape (m,).
        splits: where `rows` is cut between workers.
        position: place in the text of its first centre.
    """

    rows: Integers[np.intp]
    inputs: int
    pairs: Integers[np.intp]
    shares: Vector[np.float64]
    targets: Integers[np.intp]
    weights: Vector[np.float64]
    repeats: Vector[np.float64]
    busiest: float
    elsewhere: "Elsewhere"
    samples: Vector[np.float64]
    splits: list[int]
    position: int

    @property
    def meetings(self) -> float:
        """How many true outputs it has: pairs for skip-gram, centres with a context for CBOW."""
        return float(self.weights.sum())


class Elsewhere(NamedTuple):
    """How many true outputs each centre has in the other blocks of a round, by its share of the chunk.

    Attributes:
        pairs: that, shape (V,).
        busiest: the largest of them.
    """

    pairs: Vector[np.float64]
    busiest: float


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
        blocks, L, C, V = (
            self.count(passage),
            self._centres,
            self._centres + 2 * self._window,
            self._vocabulary,
        )
        draws = self._draws(epoch, chunk, blocks)[wanted]
        negatives = self._noise.draw(draws.ravel()).reshape(draws.shape)
        # What pads the first and the last block repeats a word they have, and is in no pair.
        padded = np.pad(passage.words, (self._window, blocks * L + self._window), mode="edge")[
            passage.first :
        ]
        context = sliding_window_view(padded[: blocks * L + 2 * self._window], C)[::L][wanted]
        centre = context[:, self._window : self._window + L]
        left, right = (lines(each[passage.first : passage.stop], blocks, L)[wanted] for each in passage[3:5])
        of_input, of_output = (V, 0) if self._cbow else (0, V)
        words: Table = np.concatenate((centre + of_input, context + of_output, negatives + V), axis=1)
        rows, place, sizes, splits = different(words, 2 * V, (V, *self._cuts))
        inputs = splits[0]
        around = left + right
        if self._cbow:
            line = np.arange(L) * inputs[:, None]
            shares = np.repeat(1 / np.maximum(around, 1).ravel(), around.ravel())
            targets, weights = place[:, :L] - inputs[:, None], (around > 0).astype(np.float64)
            repeats = np.take_along_axis(summed(targets, around > 0, words.shape[1]), targets, axis=1)
        else:
            line = place[:, :L] * (sizes - inputs)[:, None] - inputs[:, None]
            shares = np.ones(int(around.sum()))
            targets, weights = place[:, :0], summed(place[:, :L], around, words.shape[1])
            repeats = weights
        pairs = pairs_of(left, around, line, place, self._window)
        samples = summed(place[:, L + C :] - inputs[:, None], np.ones_like(negatives), words.shape[1])
        pair_ends, row_ends = np.cumsum(around.sum(axis=1)).tolist(), np.cumsum(sizes).tolist()
        busiest, elsewhere = repeats.max(axis=1).tolist(), self._elsewhere(passage)
        centres = L if self._cbow else 0
        cut = []
        for b, (n, size) in enumerate(zip(inputs.tolist(), sizes.tolist(), strict=True)):
            of_pairs = slice(pair_ends[b - 1] if b else 0, pair_ends[b])
            cut.append(
                Block(
                    rows[row_ends[b] - size : row_ends[b]],
                    n,
                    pairs[of_pairs],
                    shares[of_pairs],
                    targets[b],
                    weights[b, : centres or n],
                    repeats[b, : centres or n],
                    busiest[b],
                    elsewhere,
                    samples[b, : size - n],
                    [int(split[b]) for split in splits[1:]],
                    int(passage.position[passage.first + wanted[b] * L]),
                )
            )
        return cut

    def _elsewhere(self, passage: Passage) -> Elsewhere:
        words = passage.words[passage.first : passage.stop]
        share = np.bincount(words, minlength=self._vocabulary) / max(1, len(words))
        pairs = share * (self._others * self._centres * (1 if self._cbow else self._window + 1))
        return Elsewhere(pairs, float(pairs.max()))

    def _draws(self, epoch: int, chunk: int, count: int) -> Matrix[np.float64]:
        key = np.random.SeedSequence((self._seed, epoch, _NOISE, chunk))
        return np.random.Generator(np.random.PCG64(key)).random((count, self._shared))
