"""What a finding's own input and the probes show, and when an explanation is believed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from w2v_verified.verify.cases.arguments import Arguments, arrays
from w2v_verified.verify.diagnosis.evidence.carried_out import Bench
from w2v_verified.verify.diagnosis.evidence.explanation import Explanation, Results
from w2v_verified.verify.diagnosis.evidence.probes import Probe, probe_all, probe_of
from w2v_verified.verify.judging.calling import Function
from w2v_verified.verify.judging.finding import Finding
from w2v_verified.verify.record import Record

__all__ = ["Evidence", "gathered"]

_PROBES = 3  # on which it agrees, at least
_TELLING = 2  # on which it can be told from what is right, at least
_LARGEST = 20_000  # entries of an input that is looked at
_UNEXPLAINED = 0.1  # of how far off a result is, at most


@dataclass(frozen=True, eq=False)
class Evidence:
    """What came back on a finding's own input, which is wrong, and on the probes.

    Attributes:
        own: The input of the finding.
        probes: Other inputs, on which mistakes can be told from each other.
    """

    own: Probe
    probes: Sequence[Probe]
    _benches: dict[Probe, Bench] = field(default_factory=dict)
    _carried_out: dict[tuple[Explanation, Probe], Results] = field(default_factory=dict)

    @cached_property
    def about(self) -> str:
        """The result that the finding is about: the one that is worst on its own input."""
        worst = self.own.standard.worst(self.own.returned, "lax")
        return "" if worst is None else worst.result

    @cached_property
    def shown(self) -> tuple[str, ...]:
        """The results that are wrong on the finding's own input, in their order."""
        return tuple(r.name for r in self.own.record.results if not self.own.right(r.name))

    @cached_property
    def wrong(self) -> tuple[str, ...]:
        """The results that are wrong on some input, in their order."""
        inputs = (self.own, *self.probes)
        return tuple(
            r.name for r in self.own.record.results if not all(each.right(r.name) for each in inputs)
        )

    @cached_property
    def plain(self) -> bool:
        """Whether all results are right on the probes: what is wrong shows on special inputs alone."""
        return all(probe.right(result) for probe in self.probes for result in self.wrong)

    def believes(self, explanation: Explanation, result: str) -> bool:
        """Whether a mistake gives what came back, on the finding's own input and on every other."""
        if not self.reproduces(explanation, result):
            return False
        telling = 0
        for probe in self.probes:
            expected = self._expected(explanation, probe).get(result)
            if expected is None or not probe.agrees(result, expected):
                return False
            telling += probe.differs(result, expected)
        return len(self.probes) >= _PROBES and telling >= _TELLING

    def reproduces(self, explanation: Explanation, result: str) -> bool:
        """Whether a mistake gives what came back on the finding's own input."""
        expected = self._expected(explanation, self.own).get(result)
        return expected is not None and self.accounts_for(result, expected)

    def accounts_for(self, result: str, expected: NDArray[np.longdouble]) -> bool:
        """Whether what is expected is what came back on the finding's own input, and how far that is off."""
        own = self.own
        if not own.agrees(result, expected):
            return False
        if own.right(result):
            return True
        left = np.abs(own.seen(result) - expected).max()
        return bool(left <= _UNEXPLAINED * np.abs(own.seen(result) - own.exact[result]).max())

    def _expected(self, explanation: Explanation, probe: Probe) -> Results:
        key = (explanation, probe)
        if key not in self._carried_out:
            if probe not in self._benches:
                self._benches[probe] = Bench(probe)
            self._carried_out[key] = self._benches[probe].carried_out(explanation.meaning)
        return self._carried_out[key]


def gathered(
    finding: Finding, function: Function, record: Record, declines: Callable[[Record, Arguments], str | None]
) -> Evidence | None:
    """The evidence for a finding, or None where nothing wrong comes back on its own input any more."""
    if sum(array.size for array in arrays(record, finding.arguments).values()) > _LARGEST:
        return None
    own = probe_of(function, record, finding.arguments)
    if own is None or all(own.right(result.name) for result in record.results):
        return None
    return Evidence(own, probe_all(function, record, declines))
