"""Try a law on an implementation: several examples step by step together, so that exact values come in one pass."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from w2v_verified.notation.laws import Calling
from w2v_verified.verify.evaluation.balls import ctx
from w2v_verified.verify.evaluation.frames import Array
from w2v_verified.verify.exact.oracle import OracleError
from w2v_verified.verify.judging.accuracy import standards_of
from w2v_verified.verify.judging.finding import Finding
from w2v_verified.verify.laws.asked import Answer, Answered, Asked, Which
from w2v_verified.verify.laws.breach import breach
from w2v_verified.verify.laws.evaluating import PRECISION, Known
from w2v_verified.verify.laws.example import Example
from w2v_verified.verify.laws.reading import LawOfLoss
from w2v_verified.verify.laws.steps import UnfitError, inputs, take, take_results
from w2v_verified.verify.record import Record

__all__ = ["Tried", "tried"]


@dataclass
class Tried:
    """What became of one example.

    Attributes:
        example: The example.
        finding: What is wrong: the law is broken, or a call of it failed.
        told: Whether the law was seen to hold or not to: calls may be declined, or exact values not known.
        calls: Every call of the implementation that returned, by its name and place; the name of the first is empty.
    """

    example: Example
    finding: Finding | None = None
    told: bool = True
    calls: dict[Which, Answered] = field(default_factory=dict)

    @property
    def open(self) -> bool:
        """Whether there is more to be seen."""
        return self.told and self.finding is None


def tried(law: LawOfLoss, asked: Asked, examples: Sequence[Example]) -> list[Tried]:
    """Try a law on examples: a law is broken where no numbers within the bounds of the results obey it."""
    found = [Tried(example) for example in examples]
    known = [_copied(example.known) for example in examples]
    with ctx.workprec(PRECISION):
        for step in law.read.steps:
            open_ = [(each, names) for each, names in zip(found, known, strict=True) if each.open]
            if isinstance(step, Calling):
                _call(law, asked, step, open_)
                continue
            for each, names in open_:
                if step.target in law.from_results:
                    try:
                        take(law, names, each.example.dtype, step)
                    except UnfitError:
                        each.told = False
        for each, names in zip(found, known, strict=True):
            if each.open:
                each.finding = breach(law, asked, names, each.calls)
    return found


def _call(law: LawOfLoss, asked: Asked, call: Calling, runs: Sequence[tuple[Tried, Known]]) -> None:
    made = [list(inputs(law, known, each.example.dtype, call)) for each, known in runs]
    together = [one.arguments for each in made for one in each]
    answers: Iterator[Answer | Mapping[str, Array]] = iter(
        asked.answers(together) if law.is_own(call) else _exact(law.called(call), together)
    )
    for (each, known), places in zip(runs, made, strict=True):
        results: list[Mapping[str, Array]] = []
        for one in places:
            answer = next(answers)
            if isinstance(answer, Finding):
                each.finding = each.finding or answer
            elif answer is None:
                each.told = False
            elif isinstance(answer, Answered):
                results.append(answer.balls)
                each.calls[call.name, one.place] = answer
            else:
                results.append(answer)
        if each.open:
            take_results(law, known, call, places, results)


def _exact(record: Record, inputs_: Sequence[dict[str, object]]) -> list[Mapping[str, Array] | None]:
    found: list[Mapping[str, Array] | None] = []
    for standard in standards_of(record, inputs_):
        try:
            found.append(standard.exact.values)
        except OracleError:
            found.append(None)
    return found


def _copied(known: Known) -> Known:
    return Known(known.sizes, dict(known.numbers), dict(known.indices))
