"""What a law says of results that are known within bounds: whether some statement of it cannot be true of them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from w2v_verified.notation import syntax
from w2v_verified.notation.syntax import Relation, Statement
from w2v_verified.verify.evaluation.balls import arb
from w2v_verified.verify.judging.finding import Broken, Finding, FurtherCall
from w2v_verified.verify.laws.asked import Answered, Asked, Which
from w2v_verified.verify.laws.evaluating import Known, ball
from w2v_verified.verify.laws.numbers import floats
from w2v_verified.verify.laws.reading import LawOfLoss
from w2v_verified.verify.laws.wording import in_words

__all__ = ["breach"]

_DIGITS, _ALL = 6, 17


def breach(law: LawOfLoss, asked: Asked, known: Known, calls: Mapping[Which, Answered]) -> Finding | None:
    """The first statement of a law that no numbers within their bounds obey, where it is broken most."""
    for number, relation in enumerate(law.read.holds):
        left, right = (known.value(side, relation.bounds) for side in (relation.left, relation.right))
        apart = np.asarray(ball(left - right), dtype=object)
        wrong = np.asarray(_BROKEN[relation.relation](apart), dtype=bool)
        if wrong.any():
            distances = np.where(wrong, np.abs(floats(apart)), -1.0)
            place = tuple(map(int, np.unravel_index(int(distances.argmax()), distances.shape)))
            at = _place(relation, place)
            words = in_words(law, asked.convention)
            broken = Broken(
                words.name,
                words.holds[number],
                float(arb(left.item(place))),
                float(arb(right.item(place))),
                abs(float(arb(apart.item(place)))),
                float(arb(apart.item(place)).rad()),
                tuple(
                    FurtherCall(_shown(which), each.arguments) for which, each in calls.items() if which[0]
                ),
                tuple(_results(law, asked, relation, calls)),
            )
            message = _said(broken, at, words.where)
            return Finding("law", message, calls["", ()].arguments, broken=broken)
    return None


def _place(relation: Relation, place: tuple[int, ...]) -> str:
    """The indices that are in a statement, where it does not hold."""
    sides = (relation.left, relation.right)
    running = {node.name for node in syntax.nodes(sides) if isinstance(node, syntax.Running)}
    held = [
        (bound.name, at) for bound, at in zip(relation.bounds, place, strict=True) if bound.name in running
    ]
    return ", ".join(f"{name} = {at}" for name, at in held)


def _said(broken: Broken, at: str, where: Sequence[str]) -> str:
    digits = next(
        (n for n in range(_DIGITS, _ALL) if f"{broken.left:.{n}g}" != f"{broken.right:.{n}g}"), _ALL
    )
    place = f" at {at}" if at else ""
    meaning = f"; where {'; '.join(where)}" if where else ""
    return (
        f"{broken.law}: {broken.statement} does not hold{place}: the left side is {broken.left:.{digits}g}, the right"
        f" side {broken.right:.{digits}g}: off by {broken.error:.2g}, of which rounding explains {broken.slack:.2g}"
        f"{meaning}"
    )


def _results(
    law: LawOfLoss, asked: Asked, relation: Relation, calls: Mapping[Which, Answered]
) -> Iterator[tuple[str, str]]:
    """Of every call that was made, the results that a statement speaks of, itself or through further names."""
    spoken = _names(law, relation)
    for call in filter(law.is_own, law.read.calls):
        for own, theirs in zip(asked.base.results, asked.record.results, strict=True):
            if call.named(own.name) in spoken:
                made = [which for which in calls if which[0] == call.name]
                yield from ((_shown(which), field) for which in made for field in theirs.fields)


def _shown(which: Which) -> str:
    """A name for one of the calls in the lines to run."""
    name, place = which
    return "_".join([name, *map(str, place)])


def _names(law: LawOfLoss, relation: Relation) -> set[str]:
    made = {each.target: each for each in law.read.steps if isinstance(each, Statement)}
    due: list[object] = [relation.left, relation.right]
    found: set[str] = set()
    while due:
        for node in syntax.nodes(due.pop()):
            if isinstance(node, syntax.Name | syntax.Entry) and node.name not in found:
                found.add(node.name)
                if node.name in made and node.name not in law.made:
                    due.append(made[node.name].expression)
    return found


def _differs(apart: Any) -> bool:
    return bool(apart.is_finite() and not apart.contains(0))


def _is_above(apart: Any) -> bool:
    return bool(apart.is_finite() and apart > 0)


def _is_below(apart: Any) -> bool:
    return bool(apart.is_finite() and apart < 0)


_BROKEN = {
    "==": np.frompyfunc(_differs, 1, 1),
    "<=": np.frompyfunc(_is_above, 1, 1),
    ">=": np.frompyfunc(_is_below, 1, 1),
}
"""By the relation, whether left - right shows it to be broken."""
