"""Names and index ranges of a program, checked once, before anything is computed from it."""

from collections.abc import Iterable, Mapping, Sequence

from w2v_verified.notation import syntax
from w2v_verified.notation.language import LanguageError
from w2v_verified.notation.messages import shortened
from w2v_verified.notation.syntax import Bound, Expression, Module, Position

__all__ = ["Checker", "resolve"]


def resolve(
    program: Module,
    axes: Iterable[str],
    arrays: Mapping[str, tuple[str, ...]],
    pointers: Mapping[str, tuple[tuple[str, ...], str]],
    wanted: Sequence[str],
) -> None:
    """Check that `program` uses the names it has, each index within its axis, and assigns everything `wanted`.

    `arrays` gives the axes of each floating argument; `pointers` those of each index argument and the axis its values
    point into.

    Raises:
        LanguageError: It does not; the message names the statement and the part of it.
    """
    known = dict(arrays)
    axes = frozenset(axes)
    for statement in program.statements:
        if statement.target in known or statement.target in axes or statement.target in pointers:
            raise LanguageError(
                f"{shortened(statement.text)!r}: {statement.target} is the name of something else"
            )
        Checker(statement.text, axes, known, pointers).check(statement.bounds, statement.expression)
        known[statement.target] = tuple(bound.axis for bound in statement.bounds)
    for name in wanted:
        if not any(name == statement.target for statement in program.statements):
            raise LanguageError(f"{name}: no statement computes it")


class Checker:
    """Checks one statement, by the names that have a meaning where it stands."""

    def __init__(
        self,
        text: str,
        axes: frozenset[str],
        arrays: Mapping[str, tuple[str, ...]],
        pointers: Mapping[str, tuple[tuple[str, ...], str]],
    ) -> None:
        self._text, self._axes, self._arrays, self._pointers = text, axes, arrays, pointers

    def _refuse(self, reason: str) -> LanguageError:
        return LanguageError(f"{shortened(self._text)!r}: {reason}")

    def check(self, bounds: tuple[Bound, ...], expression: Expression) -> None:
        """See that an expression within the scope of ``bounds`` uses names and indices as it may."""
        for bound in bounds:
            self._axis(bound)
        self._expression(expression, {bound.name: bound.axis for bound in bounds})

    def pointing(self, bounds: tuple[Bound, ...], position: Position) -> str:
        """The axis that a position within the scope of ``bounds`` points into."""
        for bound in bounds:
            self._axis(bound)
        return self._position(position, {bound.name: bound.axis for bound in bounds})

    def _axis(self, bound: Bound) -> None:
        if bound.name in self._axes or bound.name in self._arrays or bound.name in self._pointers:
            raise self._refuse(f"{bound.name} in {bound.axis}: {bound.name} is the name of something else")
        if bound.axis not in self._axes:
            raise self._refuse(f"{bound.name} in {bound.axis}: there is no axis {bound.axis}")

    def _expression(self, node: Expression, scope: Mapping[str, str]) -> None:
        match node:
            case syntax.Name(name):
                if name not in self._axes and self._arrays.get(name) != ():
                    raise self._refuse(f"{name}: neither a scalar nor an axis{self._instead(name)}")
            case syntax.Entry(name, positions):
                self._entry(name, positions, scope)
            case syntax.Negative(inner) | syntax.Call(_, inner):
                self._expression(inner, scope)
            case syntax.Binary(_, left, right) | syntax.Larger(left, right):
                self._expression(left, scope)
                self._expression(right, scope)
            case syntax.Derivative(operand, entry):
                self._expression(operand, scope)
                self._expression(entry, scope)
            case syntax.Sum(bound, body) | syntax.Maximum(bound, body):
                self._axis(bound)
                self._expression(body, {**scope, bound.name: bound.axis})
            case syntax.Indicator(_, first, second):
                one, other = self._place(first, scope), self._place(second, scope)
                if one != other:
                    raise self._refuse(f"compares an index into {one} with one into {other}")
            case syntax.Choice(condition, then, otherwise):
                for part in (condition.left, condition.right, then, otherwise):
                    self._expression(part, scope)

    def _instead(self, name: str) -> str:
        """What to write where a number is expected."""
        if name in self._pointers:
            return "; an index has no value of its own: give its numbers as an array"
        if name in self._arrays:
            indices = ", ".join("ijklmn"[n % 6] for n in range(len(self._arrays[name])))
            return f", but an array: write an entry, {name}[{indices}]"
        return ""

    def _entry(self, name: str, positions: tuple[Position, ...], scope: Mapping[str, str]) -> None:
        if name not in self._arrays:
            raise self._refuse(f"{name}: not a floating argument or an earlier statement")
        self._within(name, self._arrays[name], positions, scope)

    def _within(
        self, name: str, axes: tuple[str, ...], positions: tuple[Position, ...], scope: Mapping[str, str]
    ) -> None:
        if len(positions) != len(axes):
            raise self._refuse(
                f"{name}: expected {len(axes)} {'index' if len(axes) == 1 else 'indices'}, got {len(positions)}"
            )
        for place, (axis, position) in enumerate(zip(axes, positions, strict=True), 1):
            into = self._position(position, scope, axis)
            if into != axis:
                raise self._refuse(
                    f"{name}: index {place} runs over {axis}, got one into {into}: write an index bound by 'in {axis}'"
                )

    def _place(self, position: Position, scope: Mapping[str, str]) -> str:
        """The axis that a side of a bracket points into."""
        if isinstance(position, syntax.Lookup) and position.name in self._arrays:
            raise self._refuse(
                f"{position.name}: a bracket compares indices, not numbers; give what depends on numbers as an array "
                "of 0 and 1"
            )
        return self._position(position, scope)

    def _position(self, position: Position, scope: Mapping[str, str], wanted: str = "axis") -> str:
        """The axis `position` points into, and should."""
        match position:
            case syntax.Running(name):
                return scope[name]
            case syntax.Lookup(name, positions):
                if name not in self._pointers:
                    raise self._refuse(
                        f"{name}: neither a bound index nor an index argument: write it inside of "
                        f"sum({name} in {wanted}, ...), or bind it on the left of =, as in z[{name} in {wanted}]"
                    )
                axes, into = self._pointers[name]
                self._within(name, axes, positions, scope)
                return str(into)
