"""Text that is not trained on, and the loss there."""

from typing import Any

from w2v_verified.trainer.sampling.schedule import Schedule
from w2v_verified.trainer.team.member import Job
from w2v_verified.trainer.text.reading import CorpusError

_BLOCKS = 256
_DRAWS = 1 << 40  # in the place of an epoch: the same random numbers every time


class HeldOut:
    """Chunks of the text at even distances.

    Attributes:
        chunks: their numbers.

    Raises:
        CorpusError: the share of the text is not a chunk, or leaves none to train on.
    """

    def __init__(self, schedule: Schedule, share: float) -> None:
        self._schedule = schedule
        self._share = share
        self.chunks = [chunk for chunk in range(schedule.chunks) if self.holds(chunk)] if share else []
        if share and not 0 < len(self.chunks) < schedule.chunks:
            raise CorpusError(
                f"expected a longer text to hold out a share of {share:g}: it is {schedule.chunks} chunks long"
            )

    def holds(self, chunk: int) -> bool:
        """Whether this chunk is not to be trained on."""
        return int((chunk + 1) * self._share) > int(chunk * self._share)

    def loss(self, job: Job[Any]) -> float | None:
        """Mean loss a pair in nats, in float64, over some blocks of the text held out; None if there is none."""
        total = pairs = 0.0
        for chunk in self.chunks:
            passage = job.sampling.passage(_DRAWS, *self._schedule.places(chunk))
            count = job.cutter.count(passage)
            wanted = list(range(0, count, max(1, count * len(self.chunks) // _BLOCKS)))
            for block in job.cutter.cut(passage, _DRAWS, chunk, wanted):
                total += job.gradients.loss(block)
                pairs += block.meetings
        return total / pairs if pairs else None
