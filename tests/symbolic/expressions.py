"""Random expressions over the whole grammar of the notation, defined wherever their arrays are.

`real` draws any, `positive` those that are provably positive; both know the indices in scope and stay within axes.
"""

from collections.abc import Iterator
from dataclasses import fields, replace
from functools import lru_cache
from typing import Any, TypeAlias

from hypothesis import strategies as st

from w2v_verified.notation import syntax
from w2v_verified.notation.spelling import spell
from w2v_verified.notation.syntax import Bound, Expression, Position
from w2v_verified.symbolic.algebra.work import Effort
from w2v_verified.symbolic.definition.arguments import Array, Axis
from w2v_verified.symbolic.definition.arguments import Position as Pointer
from w2v_verified.symbolic.definition.loss import Chain, Loss, Step
from w2v_verified.symbolic.pipeline import Derivation
from w2v_verified.symbolic.proof.step import ProofStep

Draw: TypeAlias = Any
Scope: TypeAlias = tuple[Bound, ...]

LETTERS = {"d": "iab", "V": "wkjl", "E": "tuv"}
ARRAYS = {"x": "V", "y": "V", "U": "d V", "a_": "d", "h": "E", "c": ""}
POSITIVE = {"p": "V", "q": "V", "k_": ""}
POINTERS = {"o": ("", "V"), "n": ("V", "V"), "g": ("E", "V")}
WORLD = Loss(
    name="world",
    summary="",
    axes=tuple(Axis(a, letters=" ".join(letters), minimum=int(a != "E")) for a, letters in LETTERS.items()),
    arguments=(
        *(Array(name, axes) for name, axes in ARRAYS.items()),
        *(Array(name, axes, positive=True) for name, axes in POSITIVE.items()),
        *(Pointer(name, into, axes=axes) for name, (axes, into) in POINTERS.items()),
    ),
    definition="loss = c",
)
DERIVATION = Derivation(WORLD)
HALF = syntax.Binary("/", syntax.Number(1), syntax.Number(2))
SMOOTH = ("exp", "sin", "cos", "tanh", "atan", "sigmoid", "softplus", "expm1")


@lru_cache(maxsize=4096)
def step(left: str, right: str, over: str, rules: str) -> ProofStep:
    """The step ``left = right``."""
    chain = Chain(left, (Step(rules, right),), over=over)
    return replace(next(iter(DERIVATION.steps.chain(chain))), cited=False, effort=Effort())


def stated(left: Expression, right: Expression, scope: Scope, rules: str) -> ProofStep:
    """The step between two trees, by way of their texts."""
    over = ", ".join(f"{b.name} in {b.axis}" for b in scope)
    return step(spell(left), spell(right), over, rules)


def scopes() -> st.SearchStrategy[Scope]:
    """Up to two free indices."""
    return st.sampled_from(
        [(), (Bound("w", "V"),), (Bound("i", "d"), Bound("w", "V")), (Bound("w", "V"), Bound("k", "V"))]
    )


def position(draw: Draw, axis: str, scope: Scope, depth: int = 1) -> Any:
    """An index into an axis: one in scope, or an index argument; None if there is none."""
    choices: list[Position | str] = [syntax.Running(b.name) for b in scope if b.axis == axis]
    if axis == "V":
        choices.append(syntax.Lookup("o", ()))
        choices += ["n"] if depth else []
        choices += ["g"] if any(b.axis == "E" for b in scope) else []
    if not choices:
        return None
    chosen = draw(st.sampled_from(choices))
    if isinstance(chosen, str):
        inner = position(draw, POINTERS[chosen][0], scope, depth - 1)
        return syntax.Lookup("o", ()) if inner is None else syntax.Lookup(chosen, (inner,))
    return chosen


def entry(draw: Draw, arrays: dict[str, str], scope: Scope) -> Any:
    """An entry of one of the arrays that can be reached from the scope."""
    name = draw(st.sampled_from(sorted(arrays)))
    axes = arrays[name].split()
    positions = [position(draw, axis, scope) for axis in axes]
    found = tuple(p for p in positions if p is not None)
    if len(found) < len(axes):
        return syntax.Name("c" if arrays is ARRAYS else "k_")
    return syntax.Entry(name, found) if axes else syntax.Name(name)


def bound(draw: Draw, scope: Scope) -> Bound:
    """An index that is not in scope."""
    axis = draw(st.sampled_from(["V", "V", "d", "E"]))
    used = {b.name for b in scope}
    return Bound(
        next(x for x in (*LETTERS[axis], *(f"{axis.lower()}{n}" for n in range(9))) if x not in used), axis
    )


def leaf(draw: Draw, scope: Scope) -> Any:
    kind = draw(st.sampled_from(["entry", "entry", "entry", "positive", "number", "size", "bracket"]))
    if kind == "entry":
        return entry(draw, ARRAYS, scope)
    if kind == "positive":
        return entry(draw, POSITIVE, scope)
    if kind == "size":
        return draw(st.sampled_from([syntax.Name("V"), syntax.Larger(syntax.Name("E"), syntax.Number(1))]))
    if kind == "bracket":
        return bracket(draw, scope)
    return syntax.Number(draw(st.sampled_from([1, 2, 3, 0])))


def bracket(draw: Draw, scope: Scope) -> Expression:
    left, right = position(draw, "V", scope), position(draw, "V", scope)
    assert left is not None
    assert right is not None
    relation = draw(st.sampled_from(["==", "!=", "<", "<=", ">", ">="]))
    return syntax.Indicator(relation, left, right)


def real(draw: Draw, scope: Scope, depth: int) -> Any:
    """Any expression."""
    if depth <= 0:
        return leaf(draw, scope)
    kind = draw(
        st.sampled_from(["+", "-", "*", "*", "sum", "sum", "call", "/", "square", "log", "leaf", "negative"])
    )
    if kind in ("+", "-", "*"):
        return syntax.Binary(kind, real(draw, scope, depth - 1), real(draw, scope, depth - 1))
    if kind == "sum":
        b = bound(draw, scope)
        return syntax.Sum(b, real(draw, (*scope, b), depth - 1))
    if kind == "call":
        return syntax.Call(draw(st.sampled_from(SMOOTH)), real(draw, scope, depth - 2))
    if kind == "/":
        return syntax.Binary("/", real(draw, scope, depth - 1), positive(draw, scope, depth - 2))
    if kind == "square":
        return syntax.Binary(
            "**", real(draw, scope, depth - 1), syntax.Number(draw(st.sampled_from([2, 2, 3])))
        )
    if kind == "log":
        return syntax.Call(draw(st.sampled_from(["log", "log1p"])), positive(draw, scope, depth - 1))
    if kind == "negative":
        return syntax.Negative(real(draw, scope, depth - 1))
    return leaf(draw, scope)


def positive(draw: Draw, scope: Scope, depth: int) -> Any:
    """An expression that is provably positive."""
    if depth <= 0:
        return entry(draw, POSITIVE, scope)
    kind = draw(st.sampled_from(["entry", "exp", "square", "sum", "*", "+", "call", "root", "/"]))
    if kind in ("*", "+", "/"):
        return syntax.Binary(kind, positive(draw, scope, depth - 1), positive(draw, scope, depth - 1))
    if kind == "exp":
        return syntax.Call("exp", real(draw, scope, depth - 2))
    if kind == "call":
        return syntax.Call(draw(st.sampled_from(["sigmoid", "softplus"])), real(draw, scope, depth - 2))
    if kind == "square":
        squared = syntax.Binary("**", real(draw, scope, depth - 2), syntax.Number(2))
        return syntax.Binary("+", syntax.Number(1), squared)
    if kind == "sum":
        b = Bound(next(x for x in "wkjlrs" if x not in {s.name for s in scope}), "V")
        return syntax.Sum(b, positive(draw, (*scope, b), depth - 1))
    if kind == "root":
        power = draw(st.sampled_from([syntax.Name("c"), HALF]))
        return syntax.Binary("**", positive(draw, scope, depth - 1), power)
    return entry(draw, POSITIVE, scope)


def children(node: Any) -> Iterator[tuple[str, Any]]:
    """The expressions a node is made of, by the names of their fields."""
    for f in fields(node):
        value = getattr(node, f.name)
        if isinstance(value, Expression):
            yield f.name, value


def nodes(node: Expression, scope: Scope) -> Iterator[tuple[tuple[str, ...], Expression, Scope]]:
    """Every node with the way to it and the indices in scope there."""
    yield (), node, scope
    inner = (*scope, node.bound) if isinstance(node, syntax.Sum | syntax.Maximum) else scope
    for name, child in children(node):
        for way, found, there in nodes(child, inner):
            yield (name, *way), found, there


def changed(node: Any, way: tuple[str, ...], new: Expression) -> Expression:
    """The tree with another node at the end of a way."""
    if not way:
        return new
    made: Expression = replace(node, **{way[0]: changed(getattr(node, way[0]), way[1:], new)})
    return made


def renamed(node: Any, old: str, new: Position) -> Any:
    """The tree with another position in place of a running index; no bound index of it may have a name in ``new``."""
    if isinstance(node, syntax.Running):
        return new if node.name == old else node
    if isinstance(node, tuple):
        return tuple(renamed(part, old, new) for part in node)
    if (
        isinstance(node, Bound | str | int | float | bool)
        or node is None
        or not hasattr(node, "__dataclass_fields__")
    ):
        return node
    if isinstance(node, syntax.Sum | syntax.Maximum) and node.bound.name == old:
        return node
    return replace(node, **{f.name: renamed(getattr(node, f.name), old, new) for f in fields(node)})


def names_bound(node: Expression) -> set[str]:
    """The names of all indices that are bound somewhere in a tree."""
    return {n.bound.name for _, n, _ in nodes(node, ()) if isinstance(n, syntax.Sum | syntax.Maximum)}


def running_names(node: Any) -> set[str]:
    """The running indices that occur in a tree or a position."""
    if isinstance(node, syntax.Running):
        return {node.name}
    if isinstance(node, tuple):
        return set().union(*map(running_names, node)) if node else set()
    if not hasattr(node, "__dataclass_fields__"):
        return set()
    return set().union(*(running_names(getattr(node, f.name)) for f in fields(node)))
