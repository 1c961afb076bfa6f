"""Random definitions over the whole grammar: several axes, stages, nested sums, brackets, gathers, functions."""

from typing import NamedTuple

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from w2v_verified.symbolic import Array, Axis, Loss, Position

LETTERS = {"d": ("i", "l"), "V": ("w", "v"), "B": ("b", "a")}
ARGUMENTS = (
    Array("x", "d"),
    Array("y", "V"),
    Array("z", "B"),
    Array("c", ""),
    Array("M", "d d"),
    Array("U", "d V"),
    Array("S", "B V"),
    Array("p", "V", positive=True),
    Array("k", "B", nonnegative=True),
    Array("q", "d", between=(0, 1)),
    Array("Q", "d B d"),
    Array("N", "V V"),
    Position("o", "V"),
    Position("n", "V", axes="B"),
    Position("r", "V", axes="B d"),
    Position("g", "d", axes="B"),
    Position("t", "d", axes="d"),
)
FUNCTIONS = ("tanh", "sigmoid", "softplus", "sin", "cos", "atan", "relu", "abs")


class Scope(NamedTuple):
    """The indices there are, by name, with their axes; and the stages, with theirs."""

    indices: tuple[tuple[str, str], ...]
    stages: tuple[tuple[str, str], ...] = ()

    def letters(self, axis: str) -> list[str]:
        """The indices over an axis."""
        return [name for name, own in self.indices if own == axis]

    def within(self, name: str, axis: str) -> "Scope":
        """With an index more."""
        return self._replace(indices=(*self.indices, (name, axis)))


@st.composite
def losses(draw: DrawFn) -> Loss:
    """A loss with up to two stages, differentiated by all its floating arguments."""
    scope = Scope(())
    lines = []
    for n in range(draw(st.integers(0, 2))):
        axes = draw(st.sampled_from(["", "d", "V", "B", "B V", "d d"])).split()
        names = [LETTERS[axis][axes[:k].count(axis)] for k, axis in enumerate(axes)]
        own = Scope(tuple(zip(names, axes, strict=True)), scope.stages)
        over = ", ".join(f"{name} in {axis}" for name, axis in own.indices)
        target = f"s{n}[{over}]" if over else f"s{n}"
        lines.append(f"{target} = {_expression(draw, own, 3)}")
        scope = Scope((), (*scope.stages, (f"s{n}", " ".join(axes))))
    lines.append(f"loss = {_expression(draw, scope, 4)}")
    return Loss(
        name="random_loss",
        summary="One of many.",
        axes=tuple(Axis(name) for name in LETTERS),
        arguments=ARGUMENTS,
        definition="\n".join(lines),
    )


def _expression(draw: DrawFn, scope: Scope, depth: int) -> str:
    kinds = ["entry", "entry", "number"]
    if depth:
        kinds += [
            "sum",
            "sum",
            "sum",
            "product",
            "product",
            "sum of two",
            "function",
            "larger",
            "bracket",
            "power",
            "quotient",
            "log",
        ]
    kind = draw(st.sampled_from(kinds[::-1] if depth > 2 else kinds))
    if kind == "number":
        return draw(st.sampled_from(["2", "0.5", "3", "pi"]))
    if kind == "entry":
        return _entry(draw, scope)
    inner = depth - 1
    if kind == "sum":
        axis = draw(st.sampled_from(sorted(LETTERS)))
        free = [name for name in LETTERS[axis] if name not in dict(scope.indices)]
        if not free:
            return _entry(draw, scope)
        return f"sum({free[0]} in {axis}, {_expression(draw, scope.within(free[0], axis), inner)})"
    if kind == "product":
        return f"({_expression(draw, scope, inner)}) * ({_expression(draw, scope, inner)})"
    if kind == "sum of two":
        sign = draw(st.sampled_from("+-"))
        return f"({_expression(draw, scope, inner)}) {sign} ({_expression(draw, scope, inner)})"
    if kind == "function":
        return f"{draw(st.sampled_from(FUNCTIONS))}({_expression(draw, scope, inner)})"
    if kind == "larger":
        return f"max({_expression(draw, scope, inner)}, {_expression(draw, scope, inner)})"
    if kind == "bracket":
        return f"{_bracket(draw, scope)} * ({_expression(draw, scope, inner)})"
    if kind == "power":
        return f"({_expression(draw, scope, inner)}) ** 2"
    if kind == "quotient":
        below = draw(st.sampled_from(["(1 + ({}) ** 2)", "(2 + sin({}))", "sqrt(1 + ({}) ** 2)"]))
        return f"({_expression(draw, scope, inner)}) / {below.format(_expression(draw, scope, inner))}"
    return f"log(1 + exp(tanh({_expression(draw, scope, inner)})))"


def _entry(draw: DrawFn, scope: Scope) -> str:
    arrays = [(a.name, a.axes) for a in ARGUMENTS if isinstance(a, Array)]
    found = []
    for name, axes in (*arrays, *scope.stages):
        positions = [_positions(scope, axis) for axis in axes.split()]
        if all(positions):
            found.append((name, positions))
    name, positions = draw(st.sampled_from(found))
    chosen = [draw(st.sampled_from(each)) for each in positions]
    return f"{name}[{', '.join(chosen)}]" if chosen else name


def _positions(scope: Scope, axis: str) -> list[str]:
    """What an index over an axis can be: a letter, or an index argument."""
    found = scope.letters(axis) * 3
    if axis == "V":
        found += ["o", *(f"n[{b}]" for b in scope.letters("B"))]
        found += [f"r[{b}, {i}]" for b in scope.letters("B") for i in scope.letters("d")]
    if axis == "d":
        found += [f"g[{b}]" for b in scope.letters("B")]
        found += [f"t[{i}]" for i in scope.letters("d")]
    return found


def _bracket(draw: DrawFn, scope: Scope) -> str:
    pairs = [
        (one, other)
        for axis in LETTERS
        for one in scope.letters(axis)
        for other in dict.fromkeys(_positions(scope, axis))
        if one != other
    ]
    if not pairs:
        return "1"
    one, other = draw(st.sampled_from(pairs))
    return f"({one} {draw(st.sampled_from(['==', '!=', '<', '<=', '>', '>=']))} {other})"
