"""Training by the exact softmax over the whole vocabulary, through counts of the pairs."""

from typing import Any, Generic

import numpy as np

from w2v_verified import naive_softmax_counts
from w2v_verified.errors import Setting
from w2v_verified.runtime.arrays import Float, Integers, Matrix, Vector
from w2v_verified.trainer.memory import require
from w2v_verified.trainer.run.engine import Minibatch, diverged
from w2v_verified.trainer.run.progress import State, Work
from w2v_verified.trainer.sampling.pair_counts import PairCounts
from w2v_verified.trainer.sampling.passage import SubSampling
from w2v_verified.trainer.sampling.schedule import HeldOut, Schedule
from w2v_verified.trainer.settings import Settings
from w2v_verified.trainer.text.reading import CorpusError
from w2v_verified.trainer.text.tokens import Tokens

_WORDS_AT_MOST = 10_000
_CENTRES = 128
_ORDER = 2


class Counted(Generic[Float]):
    r"""Batches of centres against all words; see `Engine`.

    The pairs of the text are counted first, as sub-sampling and dynamic windows draw them in `PASSES` passes; after
    that the text is not needed. An epoch goes through the centres once, in an order of its own, and descends

    \(J = \sum_b \sum_w C_{bw} (\log \sum_k \exp(u_k \cdot v_b) - u_w \cdot v_b)\)

    for each batch by AdaGrad: every entry has its own rate, which falls with the squares of its gradients, so words
    with many pairs and with few move alike. Losses and gradients are computed in float64, every loss counts. It
    runs in one process, and its cost does not depend on the length of the text.

    Source: Duchi et al. 2011, Journal of Machine Learning Research 12, section 1.2.

    Raises:
        CorpusError: the vocabulary is too large.
    """

    def __init__(self, tokens: Tokens, settings: Settings, dtype: type[Float]) -> None:
        vocabulary = tokens.vocabulary
        words, d = len(vocabulary), settings.dimension
        if words > _WORDS_AT_MOST:
            raise CorpusError(
                f"expected at most {_WORDS_AT_MOST:,} different words with the loss naive_softmax, got {words:,} (",
                Setting("max_vocab"),
                " keeps the most frequent)",
            )
        require(
            4 * words * d * np.dtype(dtype).itemsize + 8 * (2 * words * d + 5 * _CENTRES * words),
            f"{words:,} words of dimension {d}",
        )
        keep = vocabulary.keep_probabilities(settings.sample)
        schedule = Schedule.of(settings, vocabulary.counts, keep, len(tokens.numbers))
        held_out = HeldOut(schedule, settings.held_out)
        sampling = SubSampling(tokens.numbers, keep, settings)
        trained = [chunk for chunk in range(schedule.chunks) if not held_out.holds(chunk)]
        self._pairs = PairCounts.of(sampling, schedule, trained, words)
        self._held_out = PairCounts.of(sampling, schedule, held_out.chunks, words)
        self._vocabulary = vocabulary
        self._settings = settings
        self.table: Matrix[Float] = np.zeros((4 * words, d), dtype)

    @property
    def chunks(self) -> int:
        """How many batches of centres there are."""
        return -(-len(self._vocabulary) // _CENTRES)

    def __enter__(self) -> None:
        """There is nothing to start."""

    def __exit__(self, *_: object) -> None:
        """There is nothing to stop."""

    def train(self, state: State) -> Work:
        """Descend the loss of the next batch."""
        centres = self._centres(state.epoch, state.chunk)
        counts = self._pairs.rows(centres)
        U = self.table[len(self._vocabulary) : 2 * len(self._vocabulary)]
        grads: tuple[Matrix[np.float64], ...] = (np.empty((len(centres), U.shape[1])), np.empty(U.shape))
        V_c = self.table[centres].astype(np.float64)
        loss = naive_softmax_counts(V_c.T, U.astype(np.float64).T, counts, out=(grads[0].T, grads[1].T)).loss
        rate, _ = self.place(state.epoch, state.chunk)
        if not np.isfinite(loss):
            words, epochs = self._vocabulary.words, self._settings.epochs
            raise diverged(words, self._wrong(centres), state.step + 1, state.epoch, epochs, rate)
        outputs = np.arange(len(U)) + len(U)
        for rows, grad in zip((centres, outputs), grads, strict=True):
            self._descend(rows, grad, rate)
        pairs = int(counts.sum())
        return Work(1, 1, int(self._vocabulary.counts[centres].sum()), pairs, loss, pairs)

    def place(self, epoch: int, chunk: int) -> tuple[float, float]:
        """The learning rate of a batch, and how much of the run lies before it."""
        fraction = (epoch + chunk / self.chunks) / self._settings.epochs
        first, last = self._settings.first_learning_rate, self._settings.min_learning_rate
        return first + (last - first) * fraction, fraction

    def held_out(self) -> float | None:
        """The loss of the pairs held out."""
        total, V = 0.0, len(self._vocabulary)
        U: Any = self.table[V : 2 * V].astype(np.float64)
        for start in range(0, V, _CENTRES) if self._held_out.pairs else ():
            centres = np.arange(start, min(start + _CENTRES, V))
            V_c: Any = self.table[centres].astype(np.float64)
            total += naive_softmax_counts(V_c.T, U.T, self._held_out.rows(centres)).loss
        return total / self._held_out.pairs if self._held_out.pairs else None

    def minibatch(self, state: State) -> Minibatch | None:
        """The first centre of the next batch: a whole one would take minutes to judge."""
        centre, V = self._centres(state.epoch, state.chunk)[:1], len(self._vocabulary)
        U, V_c = self.table[V : 2 * V].astype(np.float64), self.table[centre].astype(np.float64)
        return Minibatch("naive_softmax_counts", {"V_c": V_c.T, "U": U.T, "counts": self._pairs.rows(centre)})

    def _centres(self, epoch: int, chunk: int) -> Integers[np.int64]:
        key = np.random.SeedSequence((self._settings.seed, epoch, _ORDER))
        order = np.random.Generator(np.random.PCG64(key)).permutation(len(self._vocabulary))
        return order[chunk * _CENTRES : (chunk + 1) * _CENTRES]

    def _descend(self, rows: Integers[np.int64], grad: Matrix[np.float64], rate: float) -> None:
        squares = rows + 2 * len(self._vocabulary)
        sums: Matrix[Any] = self.table[squares] + grad * grad
        self.table[squares] = sums
        steps: Matrix[Any] = np.divide(grad, np.sqrt(sums), out=np.zeros_like(grad), where=sums > 0)
        self.table[rows] -= rate * steps

    def _wrong(self, centres: Integers[np.int64]) -> Integers[np.int64]:
        rows = np.append(centres, np.arange(len(self._vocabulary), 2 * len(self._vocabulary)))
        finite: Vector[Any] = np.isfinite(self.table[rows]).all(axis=1)
        wrong: Integers[np.int64] = rows[~finite]
        return wrong if len(wrong) else centres
