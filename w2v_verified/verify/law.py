"""A law of a loss as its record carries it: statements about what one call, or a few of them, return."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from w2v_verified.notation.laws import CallText, LawText
from w2v_verified.notation.signature import Signature

__all__ = ["Held", "Law", "Letting", "law_from_json"]


@dataclass(frozen=True, slots=True)
class Letting:
    """A quantity that a law has besides the arguments of its loss: any numbers of a domain, or an index.

    An index is `one_to_one` where no two of its entries are equal; an array is `orthogonal` where it is a matrix whose
    columns are orthogonal and of length 1.
    """

    name: str
    kind: str
    axes: tuple[str, ...] = ()
    domain: str = "real"
    between: tuple[float | None, float | None] | None = None
    orthogonal: bool = False
    into: str | None = None
    one_to_one: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """One statement of a law, the same as LaTeX, and whether it is proved."""

    statement: str
    latex: str = ""
    proved: bool = False


@dataclass(frozen=True, slots=True)
class Law:
    """A law: its statements, why they hold, and what has to be there for them.

    Attributes:
        name: What people call it.
        holds: What it says, for all indices in ``over``.
        reason: Why that is so, in words.
        over: The indices and their axes.
        axes: Axes of its own, each with its smallest size.
        letting: Quantities of its own.
        sizes: Axes of a fixed size.
        given: Statements that make arguments of the first call.
        notation: Further names.
        calls: The calls after the first.
    """

    name: str
    holds: tuple[Held, ...]
    reason: str = ""
    over: str = ""
    axes: tuple[tuple[str, int], ...] = ()
    letting: tuple[Letting, ...] = ()
    sizes: tuple[tuple[str, int], ...] = ()
    given: tuple[str, ...] = ()
    notation: tuple[str, ...] = ()
    calls: tuple[CallText, ...] = ()

    @property
    def proved(self) -> bool:
        """Whether everything it says is proved; the rest is argued in words."""
        return all(each.proved for each in self.holds)

    @property
    def text(self) -> LawText:
        """The law as the notation reads it."""
        arrays = {each.name: each.axes for each in self.letting if each.kind == "array"}
        pointers = {each.name: (each.axes, str(each.into)) for each in self.letting if each.kind == "index"}
        return LawText(
            self.name,
            tuple(each.statement for each in self.holds),
            self.over,
            Signature(dict(self.axes), arrays, pointers),
            dict(self.sizes),
            self.given,
            self.notation,
            self.calls,
        )


def law_from_json(data: Mapping[str, Any]) -> Law:
    """The law that an entry of a record file describes; all but name and statements may be absent.

    >>> law_from_json({"name": "positive", "holds": [{"statement": "loss >= 0"}]}).proved
    False
    """
    return Law(
        data["name"],
        tuple(Held(**each) for each in data["holds"]),
        data.get("reason", ""),
        data.get("over", ""),
        tuple((each["name"], each["minimum"]) for each in data.get("axes", ())),
        tuple(map(_letting, data.get("letting", ()))),
        tuple(data.get("sizes", {}).items()),
        tuple(data.get("given", ())),
        tuple(data.get("notation", ())),
        tuple(CallText(**{**each, "arguments": tuple(each["arguments"])}) for each in data.get("calls", ())),
    )


def _letting(data: Mapping[str, Any]) -> Letting:
    between = data.get("between")
    ends = None if between is None else (between[0], between[1])
    return Letting(**{**data, "axes": tuple(data.get("axes", ())), "between": ends})
