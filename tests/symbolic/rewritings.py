"""Rewriting random expressions by true rows: each way gives an equal expression, or None where it does not apply."""

from collections.abc import Callable
from typing import Any

from expressions import Draw, Scope, changed, names_bound, nodes, positive, real, renamed, running_names
from hypothesis import strategies as st

from w2v_verified.notation import syntax
from w2v_verified.notation.syntax import Binary, Bound, Call, Expression, Negative, Number, Sum

ONE, TWO = Number(1), Number(2)
_OTHERWISE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
HALF = Binary("/", ONE, TWO)
Way = Callable[[Draw, Any, Scope], Any]


def _binary(operator: str, node: Any) -> bool:
    return isinstance(node, Binary) and node.operator == operator


def _call(function: str, node: Any) -> bool:
    return isinstance(node, Call) and node.function == function


def commuted(draw: Draw, e: Any, scope: Scope) -> Any:
    return Binary(e.operator, e.right, e.left) if _binary("+", e) or _binary("*", e) else None


def regrouped(draw: Draw, e: Any, scope: Scope) -> Any:
    for operator in "+*":
        if _binary(operator, e) and _binary(operator, e.left):
            return Binary(operator, e.left.left, Binary(operator, e.left.right, e.right))
        if _binary(operator, e) and _binary(operator, e.right):
            return Binary(operator, Binary(operator, e.left, e.right.left), e.right.right)
    return None


def distributed(draw: Draw, e: Any, scope: Scope) -> Any:
    if not _binary("*", e) or not (_binary("+", e.right) or _binary("-", e.right)):
        return None
    return Binary(e.right.operator, Binary("*", e.left, e.right.left), Binary("*", e.left, e.right.right))


def subtracted(draw: Draw, e: Any, scope: Scope) -> Any:
    return Binary("+", Negative(e.right), e.left) if _binary("-", e) else None


def added_and_taken_away(draw: Draw, e: Any, scope: Scope) -> Any:
    other = real(draw, scope, 1)
    return Binary("-", Binary("+", e, other), other)


def over_itself(draw: Draw, e: Any, scope: Scope) -> Any:
    other = positive(draw, scope, 1)
    return Binary("/", Binary("*", e, other), other)


def divided_by_power(draw: Draw, e: Any, scope: Scope) -> Any:
    return Binary("*", e.left, Binary("**", e.right, Negative(ONE))) if _binary("/", e) else None


def multiplied_out(draw: Draw, e: Any, scope: Scope) -> Any:
    return Binary("*", e.left, e.left) if _binary("**", e) and e.right == TWO else None


def split_sum(draw: Draw, e: Any, scope: Scope) -> Any:
    if not isinstance(e, Sum) or not (_binary("+", e.body) or _binary("-", e.body)):
        return None
    body: Any = e.body
    return Binary(body.operator, Sum(e.bound, body.left), Sum(e.bound, body.right))


def factor_out(draw: Draw, e: Any, scope: Scope) -> Any:
    if isinstance(e, Sum) and _binary("*", e.body):
        body: Any = e.body
        if e.bound.name not in running_names(body.left):
            return Binary("*", body.left, Sum(e.bound, body.right))
    return None


def factor_in(draw: Draw, e: Any, scope: Scope) -> Any:
    if not _binary("*", e) or not isinstance(e.right, Sum) or e.right.bound.name in _names(e.left):
        return None
    return Sum(e.right.bound, Binary("*", e.left, e.right.body))


def _names(e: Any) -> set[str]:
    return running_names(e) | names_bound(e)


def swapped_sums(draw: Draw, e: Any, scope: Scope) -> Any:
    if not isinstance(e, Sum) or not isinstance(e.body, Sum):
        return None
    return Sum(e.body.bound, Sum(e.bound, e.body.body))


def renamed_bound(draw: Draw, e: Any, scope: Scope) -> Any:
    if not isinstance(e, Sum):
        return None
    used = _names(e) | {b.name for b in scope}
    fresh = next(x for x in ("r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9") if x not in used)
    return Sum(Bound(fresh, e.bound.axis), renamed(e.body, e.bound.name, syntax.Running(fresh)))


def one_place_apart(draw: Draw, e: Any, scope: Scope) -> Any:
    """``sum(w, f) = sum(w, (w != o) * f) + f at o``."""
    if not isinstance(e, Sum) or e.bound.axis != "V":
        return None
    here, o = syntax.Running(e.bound.name), syntax.Lookup("o", ())
    others = Sum(e.bound, Binary("*", syntax.Indicator("!=", here, o), e.body))
    return Binary("+", others, renamed(e.body, e.bound.name, o))


def picked_out(draw: Draw, e: Any, scope: Scope) -> Any:
    """``f at o = sum(w, (w == o) * f)`` for an entry."""
    if not isinstance(e, syntax.Entry) or syntax.Lookup("o", ()) not in e.positions:
        return None
    used = {b.name for b in scope}
    name = next(x for x in ("r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9") if x not in used)
    here, o = syntax.Running(name), syntax.Lookup("o", ())
    positions = tuple(here if p == o else p for p in e.positions)
    bracket = syntax.Indicator("==", here, o)
    return Sum(Bound(name, "V"), Binary("*", syntax.Entry(e.name, positions), bracket))


def other_bracket(draw: Draw, e: Any, scope: Scope) -> Any:
    if not isinstance(e, syntax.Indicator):
        return None
    return Binary("-", ONE, syntax.Indicator(_OTHERWISE[e.relation], e.left, e.right))


def exponential(draw: Draw, e: Any, scope: Scope) -> Any:
    if not _call("exp", e):
        return None
    inside = e.argument
    if _binary("+", inside):
        return Binary("*", Call("exp", inside.left), Call("exp", inside.right))
    if _binary("-", inside):
        return Binary("/", Call("exp", inside.left), Call("exp", inside.right))
    if isinstance(inside, Negative):
        return Binary("/", ONE, Call("exp", inside.operand))
    half = Call("exp", Binary("/", inside, TWO))
    return Binary("**", half, TWO)


def logarithm(draw: Draw, e: Any, scope: Scope) -> Any:
    if not _call("log", e):
        return None
    inside = e.argument
    if _binary("*", inside):
        return Binary("+", Call("log", inside.left), Call("log", inside.right))
    if _binary("/", inside):
        return Binary("-", Call("log", inside.left), Call("log", inside.right))
    if _binary("**", inside):
        return Binary("*", inside.right, Call("log", inside.left))
    if _call("exp", inside):
        return inside.argument
    return Binary("/", Call("log", Binary("**", inside, TWO)), TWO)


def log_of_exp(draw: Draw, e: Any, scope: Scope) -> Any:
    return Call("log", Call("exp", e))


def function_by_exponentials(draw: Draw, e: Any, scope: Scope) -> Any:
    if not isinstance(e, Call):
        return None
    x = e.argument
    minus = Negative(x)
    up, down = Call("exp", x), Call("exp", minus)
    match e.function:
        case "sigmoid":
            forms: list[Expression] = [
                Binary("/", ONE, Binary("+", ONE, down)),
                Binary("/", up, Binary("+", up, ONE)),
                Binary("-", ONE, Call("sigmoid", minus)),
            ]
        case "softplus":
            forms = [
                Call("log", Binary("+", ONE, up)),
                Binary("+", Call("softplus", minus), x),
                Call("log1p", up),
            ]
        case "log1p":
            forms = [Call("log", Binary("+", ONE, x))]
        case "expm1":
            forms = [Binary("-", up, ONE)]
        case "tanh":
            forms = [
                Binary("/", Binary("-", up, down), Binary("+", up, down)),
                Binary("-", Binary("*", TWO, Call("sigmoid", Binary("*", TWO, x))), ONE),
                Negative(Call("tanh", minus)),
            ]
        case _:
            return None
    return draw(st.sampled_from(forms))


def pythagoras(draw: Draw, e: Any, scope: Scope) -> Any:
    if e != ONE:
        return None
    x = real(draw, scope, 1)
    return Binary("+", Binary("**", Call("sin", x), TWO), Binary("**", Call("cos", x), TWO))


def power_of_product(draw: Draw, e: Any, scope: Scope) -> Any:
    if not _binary("**", e) or e.right not in (syntax.Name("c"), HALF):  # the powers of positive expressions
        return None
    if _binary("*", e.left):
        return Binary("*", Binary("**", e.left.left, e.right), Binary("**", e.left.right, e.right))
    more = Binary("**", e.left, Binary("+", e.right, ONE))
    return Binary("/", more, e.left)


def root(draw: Draw, e: Any, scope: Scope) -> Any:
    """A positive entry as the square of its root."""
    positive_entry = isinstance(e, syntax.Entry) and e.name in ("p", "q")
    return Binary("**", Call("sqrt", e), TWO) if positive_entry else None


def place_that_is_there(draw: Draw, e: Any, scope: Scope) -> Any:
    return syntax.Larger(syntax.Name("V"), syntax.Number(1)) if e == syntax.Name("V") else None


WAYS: tuple[Way, ...] = (
    commuted,
    regrouped,
    distributed,
    subtracted,
    added_and_taken_away,
    over_itself,
    divided_by_power,
    multiplied_out,
    split_sum,
    factor_out,
    factor_in,
    swapped_sums,
    renamed_bound,
    one_place_apart,
    picked_out,
    other_bracket,
    exponential,
    logarithm,
    log_of_exp,
    function_by_exponentials,
    pythagoras,
    power_of_product,
    root,
    place_that_is_there,
)


def rewritten(draw: Draw, e: Expression, scope: Scope, times: int) -> tuple[Expression, int]:
    """An equal expression after some rewritings at random places, and how many there were."""
    done = 0
    for _ in range(times):
        places = list(nodes(e, scope))
        first, way = draw(st.integers(0, len(places) - 1)), draw(st.integers(0, len(WAYS) - 1))
        options = (
            (path, WAYS[(way + k) % len(WAYS)](draw, node, there))
            for path, node, there in (places[first:] + places[:first])[:12]
            for k in range(len(WAYS))
        )
        path, new = next(((path, new) for path, new in options if new is not None), ((), None))
        if new is not None:
            e = changed(e, path, new)
            done += 1
    return e, done
