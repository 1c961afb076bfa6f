"""How large the scores of an input are: what exponentials and sigmoids are taken of."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from w2v_verified.notation import syntax
from w2v_verified.notation.syntax import Statement
from w2v_verified.verify.bounds.analysis import Analysis
from w2v_verified.verify.bounds.approximate import Approximate
from w2v_verified.verify.bounds.rounding import Rounding
from w2v_verified.verify.diagnosis.evidence.carried_out import Bench
from w2v_verified.verify.diagnosis.evidence.probes import Probe
from w2v_verified.verify.evaluation.batch import Batch
from w2v_verified.verify.record import Record

__all__ = ["EXP_OVERFLOWS", "EXP_VANISHES", "SIGMOID_IS_ONE", "Scores", "scores_of", "shifted"]

EXP_OVERFLOWS = 709.78
"""exp of it is the largest float64."""

EXP_VANISHES = -745.13
"""exp of it is the smallest float64 that is not 0."""

SIGMOID_IS_ONE = 36.7
"""From where on sigmoid is rounded to 1 in float64."""


@dataclass(frozen=True)
class Scores:
    """The scores of one input.

    Attributes:
        unlikely: The largest score that makes a label improbable: of log(sigmoid(x)), the largest -x.
        likely: The largest that makes one probable.
        highest: The largest score of a softmax.
        lowest_row: The smallest of the largest scores of its rows.
        spread: The largest difference between two scores of a row.
        shift: The lines that subtract the largest score, or None where the loss has no softmax.
    """

    unlikely: float = -np.inf
    likely: float = -np.inf
    highest: float = -np.inf
    lowest_row: float = np.inf
    spread: float = 0.0
    shift: str | None = None


class _Watching(Rounding):
    """Arithmetic that keeps the largest score that makes a label probable, and that makes one improbable."""

    likely, unlikely = -np.inf, -np.inf

    def apply(self, function: str, a: Approximate) -> Approximate:
        """``function(a)``."""
        if function in ("sigmoid", "softplus") and a.value.size:
            ends = float(a.value.max()), -float(a.value.min())
            likely, unlikely = ends if function == "sigmoid" else ends[::-1]
            self.likely, self.unlikely = max(self.likely, likely), max(self.unlikely, unlikely)
        return super().apply(function, a)


def scores_of(probe: Probe) -> Scores | None:
    """The scores of an input, or None where the loss has neither a softmax nor a sigmoid."""
    found = shifted(probe.record)
    if found is None:
        return _of_sigmoids(probe)
    scores, largest, differences = found
    bench = Bench(probe)
    z, m, s = (bench.values_of(name) for name in (scores, largest.target, differences.target))
    return Scores(
        highest=float(z.max(initial=-np.inf)),
        lowest_row=float(m.min(initial=np.inf)),
        spread=-float(s.min(initial=0.0)),
        shift=f"{largest.text}, {differences.text}",
    )


def shifted(record: Record) -> tuple[str, Statement, Statement] | None:
    """The name of the scores of a softmax, and the lines that take the largest and subtract it."""
    for statement, after in pairwise(record.programs["textbook"].statements):
        match statement.expression:
            case syntax.Maximum(_, syntax.Entry(name)):
                return name, statement, after
    return None


def _of_sigmoids(probe: Probe) -> Scores | None:
    batch = Batch(probe.record, [probe.arguments])
    watching = _Watching(probe.standard.dtype)
    analysis = Analysis(watching, batch.pointers, batch.space)
    for name, given in batch.arrays.items():
        analysis.given(name, given, batch.frames[name])
    program = probe.record.programs["definition"]
    with np.errstate(all="ignore"):
        analysis.run(program, [program.statements[-1].target], frozenset())
    if watching.likely == watching.unlikely == -np.inf:
        return None
    return Scores(likely=watching.likely, unlikely=watching.unlikely)
