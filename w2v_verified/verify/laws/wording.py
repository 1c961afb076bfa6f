"""A law in the words of the caller's code: its names, and tables by row where that code has them by row."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from w2v_verified.notation import syntax
from w2v_verified.notation.laws import Calling
from w2v_verified.notation.renaming import renamed
from w2v_verified.notation.spelling import spell
from w2v_verified.notation.syntax import Expression, Module, Pointing, Position, Statement
from w2v_verified.verify.judging.conventions import Convention
from w2v_verified.verify.law import Letting
from w2v_verified.verify.laws.reading import LawOfLoss

__all__ = ["Wording", "in_words"]


@dataclass(frozen=True)
class Wording:
    """The texts of a law: what people call it, why it holds, what it says, and of what arguments and further names."""

    name: str
    reason: str
    holds: tuple[str, ...]
    over: str
    where: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """All of it."""
        said = "; ".join(self.holds)
        everywhere = f" for all {self.over}" if self.over else ""
        return f"{said}{everywhere}, where {'; '.join(self.where)}" if self.where else f"{said}{everywhere}"


def in_words(law: LawOfLoss, convention: Convention) -> Wording:
    """The law in the words of a convention; as it is written where its tables would turn in a stack of them."""
    names = dict(convention.names(law.record))
    said = _prose(law.law.name, names), _prose(law.law.reason, names)
    turned = set(convention.turned(law.record))
    turned |= {each.name for each in law.record.results if each.of in turned}
    own = [call for call in law.read.calls if law.is_own(call)]
    stacked = any(call.bounds for call in own)
    if not (names or turned) or (turned and stacked):
        calls = [line for call in law.law.calls for line in call.arguments]
        lines = (*law.law.given, *calls, *law.law.notation)
        return Wording(*said, law.read.text.holds, law.law.over, (*_quantities(law), *lines))
    words = {call.named(name): call.named(new) for call in own for name, new in names.items()}
    tables = {call.named(name) for call in own for name in turned}

    def written(*statements: Statement) -> tuple[str, ...]:
        return tuple(each.text for each in renamed(Module(statements), words, tables).statements)

    def side(expression: Expression) -> str:
        return spell(
            renamed(Module((Statement("side", (), expression, ""),)), words, tables).statements[0].expression
        )

    holds = tuple(f"{side(each.left)} {each.relation} {side(each.right)}" for each in law.read.holds)
    return Wording(*said, holds, law.law.over, (*_quantities(law), *written(*_statements(law))))


def _prose(text: str, names: Mapping[str, str]) -> str:
    """A sentence with other names in it."""
    return re.sub(r"\w+", lambda found: names.get(found.group(), found.group()), text)


def _quantities(law: LawOfLoss) -> Iterator[str]:
    """What a law lets be: sizes, quantities of its own, and calls of other losses."""
    yield from (f"{axis} = {size}" for axis, size in law.law.sizes)
    for each in law.law.letting:
        named = f"{each.name}[{', '.join(each.axes)}]" if each.axes else each.name
        if each.into is not None:
            yield f"{named} points into {each.into}{', one to one' if each.one_to_one else ''}"
        elif each.orthogonal:
            yield f"{named} is orthogonal"
        else:
            yield f"{named} is {_domain(each)}"
    for call in law.law.calls:
        if call.of or call.over:
            yield f"{call.name} is {call.of or law.record.name}{f' for each {call.over}' if call.over else ''}"


def _domain(each: Letting) -> str:
    if each.between is None:
        return each.domain
    low, high = each.between
    ends = [f"above {low:g}" if low is not None else "", f"below {high:g}" if high is not None else ""]
    return " and ".join(end for end in ends if end)


def _statements(law: LawOfLoss) -> Iterator[Statement]:
    for step in law.read.steps:
        match step:
            case Statement():
                yield step
            case Pointing(target, bounds, position, text):
                yield Statement(target, bounds, _as_entry(position), text)
            case Calling():
                pass


def _as_entry(position: Position) -> Expression:
    """A position as if it were a number, which is written the same."""
    match position:
        case syntax.Running(name) | syntax.Lookup(name, ()):
            return syntax.Name(name)
        case syntax.Lookup(name, positions):
            return syntax.Entry(name, positions)
