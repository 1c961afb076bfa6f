"""A training run on a cluster: supersteps of shards, of which each leaves the run as far as it is in its folder."""

import math
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any

import numpy as np

from w2v_verified.errors import Setting, SpelledError
from w2v_verified.runtime.arrays import Matrix
from w2v_verified.trainer.cluster.errors import LostRangeError
from w2v_verified.trainer.cluster.lossless import ReadText
from w2v_verified.trainer.cluster.needs import Needs, needs
from w2v_verified.trainer.cluster.shards import Shards
from w2v_verified.trainer.cluster.superstep import Job, begin, combine, holds, measure, train
from w2v_verified.trainer.cluster.tasks import Carrier, Task
from w2v_verified.trainer.run.checkpoint import CheckpointError, differences
from w2v_verified.trainer.run.progress import Progress, State
from w2v_verified.trainer.sampling.schedule import HeldOut, Schedule
from w2v_verified.trainer.settings import Settings
from w2v_verified.trainer.text.reading import CorpusError
from w2v_verified.trainer.text.vocabulary import Vocabulary
from w2v_verified.trainer.vectors.model import Model
from w2v_verified.trainer.vectors.vectors import WordVectors
from w2v_verified.values import Range

__all__ = ["MOST_SHARDS", "ClusterTraining", "check"]

_RANGE = 1 << 26  # bytes of a range of rows
_NOT_THE_RUN = ("workers",)
_LOST = 3  # times that a superstep may lose what it reads
MOST_SHARDS = 4096


class ClusterTraining:
    """A run on a cluster whose supersteps are taken one by one, so that its owner can stop between any two.

    The text is read by all workers, into the folder. Then P shards start each superstep from one table, train a part of
    theirs as one machine does, and are put together, range of rows by range of rows, by the workers (data parallelism
    with local steps). Each task is a pure function of the folder: workers may be lost, come late, or do it twice, and
    the bytes are the same for any number of them. With one shard they are those of one machine.

    Args:
        carrier: has tasks carried out by the workers.
        text: what to train on.
        settings: what to do; `workers` is without meaning, and min_count and max_vocab have been used in reading.
        shards: P.
        superstep: how many chunks of the text a shard trains between two tables; None: by the size of the table.

    Attributes:
        vocabulary: the words that are trained.
        needs: the memory and the bytes it is expected to take.
        traffic: bytes read and written in the last superstep.

    Raises:
        CorpusError: the text cannot be trained on.
        SpelledError: a setting does not go with shards.
    """

    def __init__(
        self,
        carrier: Carrier,
        text: ReadText,
        settings: Settings,
        *,
        shards: int,
        superstep: int | None = None,
    ) -> None:
        check(settings, shards, superstep)
        settings = replace(settings, workers=1)
        self._carrier, self._folder = carrier, text.folder
        tokens = text.tokens
        self.vocabulary: Vocabulary = tokens.vocabulary
        length = len(tokens.numbers)
        keep = self.vocabulary.keep_probabilities(settings.sample)
        schedule = Schedule.of(settings, self.vocabulary.counts, keep, length)
        if shards > schedule.chunks:
            raise CorpusError(
                f"expected a text of {shards} chunks or more for as many shards, got {schedule.chunks}"
            )
        HeldOut(schedule, settings.held_out)
        tokens.see_pairs()
        rows = 2 * len(self.vocabulary)
        layout = Shards.of(shards, schedule, rows * settings.dimension, superstep)
        ranges = min(rows, max(shards, -(-rows * settings.dimension * 4 // _RANGE)))
        self._job = Job(text, settings, layout, rows, ranges)
        self._schedule = schedule
        self._state, self._step, self._digests = State(), 0, list[str]()
        words = int(self.vocabulary.counts.sum())
        self.needs: Needs = needs(self.vocabulary, settings, schedule, layout, words, ranges)
        self.traffic = 0, 0

    @property
    def finished(self) -> bool:
        """Whether no superstep is left."""
        return self._state.epoch >= self._job.settings.epochs or self._state.stopped

    @property
    def fraction(self) -> float:
        """How much of the whole run is done, 0 to 1."""
        return self._place()[1]

    @property
    def words(self) -> int:
        """How many words have been gone through."""
        return self._state.words

    @property
    def started(self) -> bool:
        """Whether the folder has a superstep of a run."""
        return self._folder.is_begun

    def go_back(self) -> None:
        """To the last superstep that the folder has, from one that was broken off."""
        manifests = self._folder.manifests()
        if manifests:
            self._go_to(manifests[0])

    def resume(self) -> None:
        """Go on with the last superstep that the folder has whole.

        Raises:
            CheckpointError: it has none, or one of another run; the message says how that differs.
        """
        manifests = self._folder.manifests()
        for manifest in manifests:
            others = differences(manifest["run"], self._run())
            if others:
                raise CheckpointError("expected a folder of the same run, got another one: ", *others)
            step = manifest["state"]["step_of_run"]
            whole = self._carrier.all(
                Task(f"looking at the table after superstep {step}", holds, (self._job, step, number, digest))
                for number, digest in enumerate(manifest["digests"])
            )
            if all(whole):
                self._go_to(manifest)
                return
        if manifests and manifests[-1]["state"]["step_of_run"] == 0:
            self._state, self._step, self._digests = State(), 0, []
            return
        raise CheckpointError(
            f"expected a superstep in {os.fspath(self._folder.path)!r}, got "
            + ("tables that are damaged" if manifests else "none")
        )

    def steps(self) -> Iterator[Progress]:
        """Take the supersteps that are left.

        Raises:
            DivergenceError: a number is not finite any more.
            ClusterError: a task cannot be carried out.
        """
        self._begin()
        lost: Counter[int] = Counter()
        while not self.finished:
            try:
                progress = self._superstep()
            except LostRangeError:
                # What was lost is made again, from the table before where the table itself is not whole any more.
                lost[self._step] += 1
                if lost[self._step] > _LOST:
                    raise
                self.resume()
                self._begin()
                continue
            yield progress

    def vectors(self) -> WordVectors[np.float32]:
        """The words with their input vectors, as they are after the last superstep.

        Raises:
            LostRangeError: the table is not in the folder.
        """
        inputs = self._rows(self._job.rows // 2)
        return WordVectors(self.vocabulary.words, inputs, self.vocabulary.counts)

    def model(self) -> Model[np.float32]:
        """The same with their output vectors.

        Raises:
            LostRangeError: the table is not in the folder.
        """
        table, words = self._rows(self._job.rows), self._job.rows // 2
        return Model(self.vocabulary.words, table[:words], table[words:], self.vocabulary.counts)

    def _rows(self, count: int) -> Matrix[np.float32]:
        """So many rows of the table, from the beginning; what was lost of it is made again."""
        self._begin()
        try:
            return self._read(count)
        except LostRangeError:
            wanted = self._step
            self.resume()
            steps = self.steps()
            while self._step < wanted:
                next(steps)
            return self._read(count)

    def _read(self, count: int) -> Matrix[np.float32]:
        job, d = self._job, self._job.settings.dimension
        found: Matrix[np.float32] = np.empty((count, d), np.float32)
        for number in range(job.ranges):
            first, stop = job.range(number)
            if first < count:
                rows: Matrix[np.float32] = np.empty((stop - first, d), np.float32)
                job.folder.read_rows(self._step, number, rows)
                found[first:stop] = rows[: count - first]
        return found

    def _begin(self) -> None:
        if self._digests:
            return
        self._folder.keep_only((), self._job.ranges)
        made = self._carrier.all(
            Task("writing the table that is trained", begin, (self._job, number))
            for number in range(self._job.ranges)
        )
        self._digests = [digest for _, digest in made]
        self._say()

    def _superstep(self) -> Progress:
        job, state, step = self._job, self._state, self._step
        shards, rate = job.shards, self._place()[0]
        trained = self._carrier.all(
            Task(
                f"training shard {shard + 1} of {shards.count} in superstep {step + 1}",
                train,
                (job, step, shard, state),
            )
            for shard in range(shards.count)
        )
        combined = self._carrier.all(
            Task(f"putting together rows in superstep {step + 1}", combine, (job, step, number, state, rate))
            for number in range(job.ranges)
        )
        self._digests = [digest for _, _, digest in combined]
        self.traffic = (
            sum(each.read for each in trained) + sum(read for read, _, _ in combined),
            sum(each.written for each in trained) + sum(written for _, written, _ in combined),
        )
        self._step = step + 1
        for work in (work for each in trained for work in each.work):
            state.take(work)
        state.chunk += 1
        rate, fraction = self._place()
        loss = state.loss / state.measured if state.measured else math.nan
        ends_epoch = state.chunk == shards.steps
        progress = Progress(
            state.step, state.epoch + 1, state.words, state.pairs, loss, rate, fraction, state.held_out
        )
        if ends_epoch:
            self._end_epoch()
        self._say()
        return progress._replace(held_out=state.held_out, ends_epoch=ends_epoch)

    def _end_epoch(self) -> None:
        state, settings = self._state, self._job.settings
        if settings.held_out:
            loss = self._carrier.one(Task("measuring the text held out", measure, (self._job, self._step)))
            state.hear(loss, settings.patience)
        state.begin_epoch()

    def _place(self) -> tuple[float, float]:
        """The learning rate where a superstep begins, and how much of the run lies before it."""
        epochs, (first, last) = self._job.settings.epochs, self._schedule.rates
        fraction = (self._state.epoch + self._state.chunk / self._job.shards.steps) / epochs
        return first + (last - first) * fraction, fraction

    def _say(self) -> None:
        """Leave in the folder how far the run is, and the last two tables."""
        state = asdict(self._state) | {"step_of_run": self._step}
        self._folder.write_manifest(self._run(), state, self._digests)
        self._folder.keep_only((self._step, self._step - 1), self._job.ranges)

    def _go_to(self, manifest: Any) -> None:
        state = dict(manifest["state"])
        self._step = state.pop("step_of_run")
        self._state, self._digests = State(**state), list(manifest["digests"])

    def _run(self) -> dict[str, Any]:
        """All that the vectors depend on."""
        job = self._job
        run = {"corpus": job.text.digest, "words": job.rows // 2, "shards": job.shards.count}
        run |= {"superstep": job.shards.each, "dtype": "float32"}
        return run | {n: value for n, value in asdict(job.settings).items() if n not in _NOT_THE_RUN}


def check(settings: Settings, shards: int, superstep: int | None) -> None:
    """Refuse what a cluster cannot do.

    Raises:
        SpelledError: a setting does not go with shards, or is out of its range.
    """
    for name, value in (("shards", shards), ("superstep", superstep)):
        most = MOST_SHARDS if name == "shards" else 1 << 30
        refusal = None if value is None else Range(int, 1, most).refusal(value)
        if refusal is not None:
            raise SpelledError(Setting(name), f": {refusal}")
    if settings.loss != "negative_sampling":
        raise SpelledError(
            Setting("loss"), ": expected negative_sampling with ", Setting("shards"), f", got {settings.loss}"
        )
    if settings.updates != "deterministic":
        raise SpelledError(
            Setting("updates"),
            ": expected deterministic with ",
            Setting("shards"),
            f", got {settings.updates}",
        )
