"""The laws of a loss, as all that proves, shows or runs them takes them."""

import ast
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property

from w2v_verified.notation import LanguageError, parse
from w2v_verified.notation.law_reader import read_law
from w2v_verified.notation.laws import CallText, LawText, ReadLaw
from w2v_verified.symbolic.algebra.work import LIMIT, Effort
from w2v_verified.symbolic.calculus.law_lines import Derived, HeldLine
from w2v_verified.symbolic.calculus.unfolding import Unfolding
from w2v_verified.symbolic.definition.arguments import Array, Position, signature_of
from w2v_verified.symbolic.definition.law import Law
from w2v_verified.symbolic.definition.loss import Loss, lines
from w2v_verified.symbolic.definition.validate import check_name, check_range
from w2v_verified.symbolic.language.equation import Equation
from w2v_verified.symbolic.language.errors import ProofError

__all__ = ["CLAIM", "RELABELLED", "STATED", "LawSteps", "text_of"]

CLAIM, STATED, RELABELLED = "claim", "stated", "relabelled"
"""Where a law comes from: a claim about a gradient, its author, or an axis whose places have no order."""


@dataclass(frozen=True)
class LawSteps:
    """A law about a loss, what it is about unfolded. ``called`` finds other losses by their names.

    The ``effort`` is that of all laws of the loss; ``origin`` is one of the three.
    """

    own: Derived
    law: Law
    called: Callable[[str], Derived]
    origin: str = STATED
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
        axes = [axis.name for axis in self.law.axes]
        for axis in axes:
            if axis in self.own.least or axes.count(axis) > 1:
                raise LanguageError(f"law {self.law.name!r}: axes: expected names of their own, got {axis}")
        return read_law(self.text, self.own.callee, lambda name: self.called(name).callee)

    @cached_property
    def _unfolding(self) -> Unfolding:
        try:
            unfolding = Unfolding(self.own, self.law, self.read, self.called, self.effort)
            _ = unfolding.held
        except LanguageError as error:
            law = f"law {self.law.name!r}: "
            raise LanguageError(f"{'' if str(error).startswith(law) else law}{error}") from None
        return unfolding

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

    @cached_property
    def unproved(self) -> tuple[str, ...]:
        """Its equalities that evaluation confirms and algebra cannot decide, with the reason.

        Of a relabelling, which holds by how a definition is read, no proof is due.

        Raises:
            ProofError: A line that is not proved does not hold, or is not even confirmed; the message names the law.
        """
        found = []
        for line in self.held:
            if line.is_proved:
                continue
            with self._named():
                if self.origin != RELABELLED:
                    line.settle()
                elif line.step is not None:
                    line.step.sample()
            if self.origin != RELABELLED and line.step is not None:
                found.append(f"law {self.law.name!r}: {line.step.unproved}")
        return tuple(found)

    def sample(self) -> None:
        """Evaluate both sides of what is proved, too.

        Raises:
            ProofError: They differ somewhere; the message names the law.
        """
        for line in self.held:
            if line.step is not None and line.is_proved:
                with self._named():
                    line.step.sample()

    @contextmanager
    def _named(self) -> Iterator[None]:
        try:
            yield
        except ProofError as error:
            raise ProofError(f"law {self.law.name!r}: {error}", wrong=error.wrong) from None

    @property
    def argued(self) -> tuple[str, ...]:
        """Its lines that are not for algebra to decide: inequalities, and what a relabelling leaves open."""
        open_ = (line for line in self.held if line.step is None or self.origin == RELABELLED)
        return tuple(f"{self.law.name}: {line.text}" for line in open_ if not line.is_proved)


def text_of(loss: Loss, law: Law) -> LawText:
    """A law as statements, with what it uses of the definition and the notation of its loss."""
    own = tuple(lines(law.notation))
    stated = [
        *law.holds,
        *lines(law.given),
        *own,
        *(line for call in law.calls for line in lines(call.arguments)),
    ]
    known = parse((*lines(loss.definition), *lines(loss.notation))).statements
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
    """The names in a line; none where it is no Python, which its reader says."""
    try:
        return {node.id for node in ast.walk(ast.parse(line)) if isinstance(node, ast.Name)}
    except (SyntaxError, ValueError):
        return set()


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
    try:
        check_range(quantity)
    except LanguageError as error:
        raise LanguageError(f"law {law.name!r}: letting: {error}") from None
    if quantity.default is not None:
        raise LanguageError(f"{where}: expected no default")
    if quantity.orthogonal and (len(axes) != 2 or axes[0] != axes[1]):
        raise LanguageError(
            f"{where}: expected a square array to be orthogonal, got one over {', '.join(axes) or 'no axis'}"
        )
