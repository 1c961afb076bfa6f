"""The laws of a loss, as all that proves, shows or runs them takes them."""

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from w2v_verified.notation import LanguageError, parse
from w2v_verified.notation.laws import CallText, LawText, ReadLaw, read_law
from w2v_verified.symbolic.algebra.work import LIMIT, Effort
from w2v_verified.symbolic.calculus.unfolding import Derived, HeldLine, Unfolding
from w2v_verified.symbolic.definition.arguments import Array, Position, signature_of
from w2v_verified.symbolic.definition.law import Law
from w2v_verified.symbolic.definition.loss import Loss, lines
from w2v_verified.symbolic.definition.validate import check_name, check_range
from w2v_verified.symbolic.language.equation import Equation

__all__ = ["LawSteps", "text_of"]


@dataclass(frozen=True)
class LawSteps:
    """A law about a loss, what it is about unfolded. ``called`` finds other losses by their names.

    The ``effort`` is that of all laws of the loss.
    """

    own: Derived
    law: Law
    called: Callable[[str], Derived]
    effort: Effort = field(default_factory=lambda: Effort(LIMIT, least=0), compare=False, repr=False)

    @cached_property
    def text(self) -> LawText:
        """The law as all that runs it takes it, with what it uses of the loss's own notation."""
        return text_of(self.own.problem.loss, self.law)

    @cached_property
    def read(self) -> ReadLaw:
        """Its statements in the order in which they can be computed.

        Raises:
            LanguageError: A name or an index does not fit.
        """
        for each in self.law.letting:
            _check_quantity(self.law, each)
        return read_law(self.text, self.own.callee, lambda name: self.called(name).callee)

    @cached_property
    def _unfolding(self) -> Unfolding:
        return Unfolding(self.own, self.law, self.read, self.called, self.effort)

    @property
    def letters(self) -> Mapping[str, tuple[str, ...]]:
        """The names of bound indices, axis by axis."""
        return self._unfolding.letters

    def defined(self, name: str) -> Equation:
        """What a statement of the law gives a name to."""
        return self._unfolding.known[name]

    @cached_property
    def held(self) -> tuple[HeldLine, ...]:
        """What it states, line by line."""
        return self._unfolding.held


def text_of(loss: Loss, law: Law) -> LawText:
    """A law as statements, with what it uses of the definition and the notation of its loss."""
    own = tuple(lines(law.notation))
    stated = [
        *law.holds,
        *lines(law.given),
        *own,
        *(line for call in law.calls for line in lines(call.arguments)),
    ]
    known = parse((*loss.statements(loss.definition), *loss.statements(loss.notation))).statements
    used = {word for line in stated for word in _names_in(line)}
    beside: list[str] = []
    for statement in reversed(known):
        if statement.target in used and statement.target != "loss":
            beside.insert(0, statement.text)
            used |= _names_in(statement.text)
    return LawText(
        law.name,
        law.holds,
        law.over,
        signature_of(law.axes, law.letting),
        law.sizes,
        lines(law.given),
        (*beside, *own),
        tuple(CallText(call.name, lines(call.arguments), call.of, call.over) for call in law.calls),
    )


def _names_in(line: str) -> set[str]:
    return {node.id for node in ast.walk(ast.parse(line)) if isinstance(node, ast.Name)}


def _check_quantity(law: Law, quantity: Array | Position) -> None:
    """Refuse what is declared of a quantity of a law and has no meaning.

    Raises:
        LanguageError: It has none.
    """
    axes = quantity.axes.split()
    where = f"law {law.name!r}: letting {quantity.name}"
    check_name(where, quantity.name)
    if isinstance(quantity, Position):
        if quantity.one_to_one and len(axes) != 1:
            raise LanguageError(f"{where}: expected one axis of an index that is one to one, got {len(axes)}")
        return
    check_range(quantity)
    if quantity.default is not None:
        raise LanguageError(f"{where}: expected no default")
    if quantity.orthogonal and (len(axes) != 2 or axes[0] != axes[1]):
        raise LanguageError(
            f"{where}: expected a square array to be orthogonal, got one over {', '.join(axes) or 'no axis'}"
        )
