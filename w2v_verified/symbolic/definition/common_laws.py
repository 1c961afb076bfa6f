"""The laws that nobody has to write: claims are laws, and an axis whose places have no order may be relabelled."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from w2v_verified.notation import LanguageError, parse
from w2v_verified.symbolic.definition.arguments import Argument, Position
from w2v_verified.symbolic.definition.law import Call, Law
from w2v_verified.symbolic.definition.loss import Loss, lines
from w2v_verified.symbolic.definition.problem import Problem
from w2v_verified.symbolic.language.indices import axis_of
from w2v_verified.symbolic.language.naming import free_name
from w2v_verified.symbolic.language.operators import Order

__all__ = ["Origins", "laws_of"]

_UNFIT = ("\n", '"', "\\", "`", "|")
"""What would end the text that a name is written into."""
_NO_ORDER = "the definition compares no order of these places, and its sums have none"


@dataclass(frozen=True)
class Origins:
    """All laws of a loss, by where they come from: its claims, its author, and the axes that may be relabelled."""

    closed: tuple[Law, ...]
    stated: tuple[Law, ...]
    relabelled: tuple[Law, ...]


def laws_of(problem: Problem) -> Origins:
    """All laws of a loss.

    Raises:
        LanguageError: One has no fit name, or two have the same.
    """
    laws = Origins(tuple(_closed_forms(problem.loss)), tuple(problem.loss.laws), tuple(_relabelled(problem)))
    names = [law.name for law in (*laws.closed, *laws.stated, *laws.relabelled)]
    for name in names:
        if not any(c.isalpha() for c in name) or any(mark in name for mark in _UNFIT):
            raise LanguageError(
                f"law {name!r}: name: expected words on one line, without quotes and backslashes, got {name!r}"
            )
        if names.count(name) > 1:
            raise LanguageError(f"law {name!r}: name: expected one that no other law has, got it twice")
    return laws


def _closed_forms(loss: Loss) -> Iterator[Law]:
    """The claims as laws."""
    seen: Counter[str] = Counter()
    for claim in loss.claims:
        (stated,) = parse(lines(claim.statement)).statements
        over = ", ".join(f"{bound.name} in {bound.axis}" for bound in stated.bounds)
        entry = (
            f"{stated.target}[{', '.join(bound.name for bound in stated.bounds)}]" if over else stated.target
        )
        value = stated.text.partition("=")[2].strip()
        seen[stated.target] += 1
        number = f" {seen[stated.target]}" if seen[stated.target] > 1 else ""
        what = "the loss" if stated.target == "loss" else stated.target
        yield Law(f"closed form{number} of {what}", (f"{entry} == {value}",), "it is what was derived", over)


def _relabelled(problem: Problem) -> Iterator[Law]:
    """A law for each axis with a gradient or an index to see it by, where no bracket compares an order on it."""
    ordered = {axis_of(i) for s in problem.authored for e in s.expression.atoms(Order) for i in e.args}
    for axis in problem.loss.axes:
        if axis.name not in ordered:
            yield _relabelling(problem, axis.name)


def _relabelling(problem: Problem, axis: str) -> Law:
    """The second call has the places of an axis in another order: what belongs to a place goes with it."""
    letters = _Letters(problem)
    order, call = letters.name("order"), letters.call("relabelled")
    given: list[str] = []
    made: list[str] = []
    letting: list[Argument] = [Position(order, axis, axes=axis, latex=r"\pi", one_to_one=True)]
    for argument in problem.loss.arguments:
        axes = tuple(argument.axes.split())
        here, there, bounds = letters.entry(axes), letters.entry(axes, order, axis), letters.bounds(axes)
        target = f"{call}_{argument.name}{bounds}"
        if isinstance(argument, Position) and argument.into == axis:
            place = letters.name("place")
            letting.append(Position(place, axis, axes=argument.axes))
            given.append(f"{argument.name}{bounds} = {order}[{place}{here}]")
            made.append(f"{target} = {place}{there}")
        elif axis in axes:
            made.append(f"{target} = {argument.name}{there}")
    gradients = [(f"grad_{a.name}", tuple(a.axes.split())) for a in problem.differentiated]
    moved = (f"{call}_{n}{letters.entry(a)} == {n}{letters.entry(a, order, axis)}" for n, a in gradients)
    return Law(
        f"{axis} has no order",
        (f"{call}_loss == loss", *moved),
        _NO_ORDER,
        letters.over(axes for _, axes in gradients),
        tuple(letting),
        given="\n".join(given),
        calls=(Call(call, "\n".join(made)),),
    )


class _Letters:
    """Indices for entries: the n-th place of an axis has its n-th letter that nothing else has."""

    def __init__(self, problem: Problem) -> None:
        self.taken = {*problem.reserved, *problem.taken}
        self.letters: dict[str, list[str]] = {}
        used = set(problem.taken)
        arrays = [tuple(a.axes.split()) for a in problem.loss.arguments]
        for axis, known in problem.letters.items():
            most = max((axes.count(axis) for axes in arrays), default=0)
            free = [letter for letter in dict.fromkeys(known) if letter not in used][:most]
            used |= set(free)
            while len(free) < most:
                free.append(free_name("i", used | self.taken))
                used.add(free[-1])
            self.letters[axis] = free
        self.taken |= used

    def name(self, wanted: str) -> str:
        """A name that nothing has, taken from then on."""
        name = free_name(wanted, self.taken)
        self.taken.add(name)
        return name

    def call(self, wanted: str) -> str:
        """A name for a call, such that nothing has a name that begins with it."""
        name, n = wanted, 2
        while any(other.startswith(f"{name}_") for other in self.taken):
            name, n = f"{wanted}{n}", n + 1
        return name

    def _places(self, axes: tuple[str, ...]) -> list[tuple[str, str]]:
        return [(self.letters[axis][axes[:n].count(axis)], axis) for n, axis in enumerate(axes)]

    def entry(self, axes: tuple[str, ...], order: str = "", moved: str = "") -> str:
        """The indices of an entry, those over the axis that is ``moved`` at their places in the ``order``."""
        if not axes:
            return ""
        return f"[{', '.join(f'{order}[{i}]' if axis == moved else i for i, axis in self._places(axes))}]"

    def bounds(self, axes: tuple[str, ...]) -> str:
        """What a statement about all entries has behind its name."""
        return f"[{self.over([axes])}]" if axes else ""

    def over(self, every: Iterable[tuple[str, ...]]) -> str:
        """The indices of several entries and their axes."""
        places = dict.fromkeys(place for axes in every for place in self._places(axes))
        return ", ".join(f"{i} in {axis}" for i, axis in places)
