"""A law read against the record of its loss, and what an implementation's call of it is judged by."""

from dataclasses import dataclass
from functools import cached_property, lru_cache

from w2v_verified.notation import syntax
from w2v_verified.notation.law_reader import read_law
from w2v_verified.notation.laws import Callee, Calling, ReadLaw
from w2v_verified.notation.syntax import Pointing, Statement
from w2v_verified.verify.law import Law, Letting
from w2v_verified.verify.record import Argument, Record, load

__all__ = ["LawOfLoss", "callee_of", "law_of", "laws_of"]


@dataclass(frozen=True, eq=False)
class LawOfLoss:
    """A law, and the loss that it is about, in the words of the definition.

    Attributes:
        record: The loss.
        law: The law as the record carries it.
        read: The same, read.
    """

    record: Record
    law: Law
    read: ReadLaw

    def is_own(self, call: Calling) -> bool:
        """Whether a call is one of the implementation; others are of losses whose exact values are known."""
        return call.of in ("", self.record.name)

    def called(self, call: Calling) -> Record:
        """The record of what is called."""
        return self.record if self.is_own(call) else load(call.of)

    @cached_property
    def letting(self) -> dict[str, Letting]:
        """The quantities of its own, by name."""
        return {each.name: each for each in self.law.letting}

    @cached_property
    def least(self) -> dict[str, int]:
        """The smallest size of every axis."""
        return {**self.record.signature.least, **dict(self.law.axes)}

    @cached_property
    def made(self) -> dict[str, Argument]:
        """The arguments that statements make, by the names that these give them: what they are arguments of."""
        own = {each.name: each for each in self.record.arguments}
        found = {name: own[name] for name in self.read.given}
        for call in self.read.calls:
            arguments = {each.name: each for each in self.called(call).arguments}
            found |= {each.target: arguments[name] for name, each in call.given.items()}
        return found

    @cached_property
    def from_results(self) -> frozenset[str]:
        """The names whose values hang on what a call returns."""
        found: set[str] = set()
        for step in self.read.steps:
            if isinstance(step, Calling):
                found |= {step.named(name) for name in step.callee.results}
            elif found & _mentioned(step):
                found.add(step.target)
        return frozenset(found)

    def is_known_before(self, call: Calling) -> bool:
        """Whether the arguments of a call hang on no other call."""
        return not any(each.target in self.from_results for each in call.given.values())


def _mentioned(step: Statement | Pointing) -> set[str]:
    value = step.position if isinstance(step, Pointing) else step.expression
    named = (syntax.Name, syntax.Entry, syntax.Lookup)
    return {node.name for node in syntax.nodes(value) if isinstance(node, named)}


def callee_of(record: Record) -> Callee:
    """What can be called, by a record: every gradient has the axes of its argument, in whatever parts it comes."""
    axes = {each.name: each.axes for each in record.arguments}
    return Callee(record.signature, {r.name: () if r.of is None else axes[r.of] for r in record.results})


@lru_cache(maxsize=512)
def law_of(record: Record, law: Law) -> LawOfLoss:
    """Read a law of a loss.

    Raises:
        LanguageError: It is not in the language.
        ValueError: It calls a loss that there is no record of.
    """

    def called(name: str) -> Callee:
        return callee_of(record if name == record.name else load(name))

    return LawOfLoss(record, law, read_law(law.text, callee_of(record), called))


def laws_of(record: Record) -> tuple[LawOfLoss, ...]:
    """All laws of a loss.

    Raises:
        LanguageError, ValueError: See ``law_of``.
    """
    return tuple(law_of(record, law) for law in record.laws)
