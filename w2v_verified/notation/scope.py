"""Names and index ranges of a program, checked once, before anything is computed from it."""

from collections.abc import Iterable, Mapping, Sequence

from w2v_verified.notation import syntax
from w2v_verified.notation.language import LanguageError
from w2v_verified.notation.messages import shortened
from w2v_verified.notation.syntax import Bound, Expression, Module, Position

__all__ = ["resolve"]


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
        _Checker(statement.text, axes, known, pointers).check(statement.bounds, statement.expression)
        known[statement.target] = tuple(bound.axis for bound in statement.bounds)
    for name in wanted:
        if not any(name == statement.target for statement in program.statements):
            raise LanguageError(f"{name}: no statement computes it")


class _Checker:
    def __init__(
        self,
        text: str,
        axes: frozenset[str],
        arrays: Mapping[str, tuple[str, ...]],
        pointers: Mapping[str, tuple[tuple[str, ...], str]],
    ) -> None:
        self.text, self.axes, self.arrays, self.pointers = text, axes, arrays, pointers

    def refuse(self, reason: str) -> LanguageError:
        return LanguageError(f"{shortened(self.text)!r}: {reason}")

    def check(self, bounds: tuple[Bound, ...], expression: Expression) -> None:
        for bound in bounds:
            self.axis(bound)
        self.expression(expression, {bound.name: bound.axis for bound in bounds})

    def axis(self, bound: Bound) -> None:
        if bound.name in self.axes or bound.name in self.arrays or bound.name in self.pointers:
            raise self.refuse(f"{bound.name} in {bound.axis}: {bound.name} is the name of something else")
        if bound.axis not in self.axes:
            raise self.refuse(f"{bound.name} in {bound.axis}: there is no axis {bound.axis}")

    def expression(self, node: Expression, scope: Mapping[str, str]) -> None:
        match node:
            case syntax.Name(name):
                if name not in self.axes and self.arrays.get(name) != ():
                    raise self.refuse(f"{name}: neither a scalar nor an axis{self.instead(name)}")
            case syntax.Entry(name, positions):
                self.entry(name, positions, scope)
            case syntax.Negative(inner) | syntax.Call(_, inner):
                self.expression(inner, scope)
            case syntax.Binary(_, left, right) | syntax.Larger(left, right):
                self.expression(left, scope)
                self.expression(right, scope)
            case syntax.Derivative(operand, entry):
                self.expression(operand, scope)
                self.expression(entry, scope)
            case syntax.Sum(bound, body) | syntax.Maximum(bound, body):
                self.axis(bound)
                self.expression(body, {**scope, bound.name: bound.axis})
            case syntax.Indicator(_, first, second):
                one, other = self.place(first, scope), self.place(second, scope)
                if one != other:
                    raise self.refuse(f"compares an index into {one} with one into {other}")
            case syntax.Choice(condition, then, otherwise):
                for part in (condition.left, condition.right, then, otherwise):
                    self.expression(part, scope)

    def instead(self, name: str) -> str:
        """What to write where a number is expected."""
        if name in self.pointers:
            return "; an index has no value of its own: give its numbers as an array"
        if name in self.arrays:
            indices = ", ".join("ijklmn"[n % 6] for n in range(len(self.arrays[name])))
            return f", but an array: write an entry, {name}[{indices}]"
        return ""

    def entry(self, name: str, positions: tuple[Position, ...], scope: Mapping[str, str]) -> None:
        if name not in self.arrays:
            raise self.refuse(f"{name}: not a floating argument or an earlier statement")
        self.within(name, self.arrays[name], positions, scope)

    def within(
        self, name: str, axes: tuple[str, ...], positions: tuple[Position, ...], scope: Mapping[str, str]
    ) -> None:
        if len(positions) != len(axes):
            raise self.refuse(
                f"{name}: expected {len(axes)} {'index' if len(axes) == 1 else 'indices'}, got {len(positions)}"
            )
        for place, (axis, position) in enumerate(zip(axes, positions, strict=True), 1):
            into = self.position(position, scope, axis)
            if into != axis:
                raise self.refuse(
                    f"{name}: index {place} runs over {axis}, got one into {into}: write an index bound by 'in {axis}'"
                )

    def place(self, position: Position, scope: Mapping[str, str]) -> str:
        """The axis that a side of a bracket points into."""
        if isinstance(position, syntax.Lookup) and position.name in self.arrays:
            raise self.refuse(
                f"{position.name}: a bracket compares indices, not numbers; give what depends on numbers as an array "
                "of 0 and 1"
            )
        return self.position(position, scope)

    def position(self, position: Position, scope: Mapping[str, str], wanted: str = "axis") -> str:
        """The axis `position` points into, and should."""
        match position:
            case syntax.Running(name):
                return scope[name]
            case syntax.Lookup(name, positions):
                if name not in self.pointers:
                    raise self.refuse(
                        f"{name}: neither a bound index nor an index argument: write it inside of "
                        f"sum({name} in {wanted}, ...), or bind it on the left of =, as in z[{name} in {wanted}]"
                    )
                axes, into = self.pointers[name]
                self.within(name, axes, positions, scope)
                return str(into)
