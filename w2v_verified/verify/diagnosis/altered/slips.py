"""What may stand in the place of an expression by mistake: a sign, a factor, a term, a function forgotten or turned."""

from collections.abc import Iterator
from dataclasses import replace

from w2v_verified.notation import syntax
from w2v_verified.notation.spelling import spell
from w2v_verified.notation.syntax import Bound, Entry, Expression, Running
from w2v_verified.verify.diagnosis.altered.variants import Scope
from w2v_verified.verify.diagnosis.evidence.masks import (
    APART,
    FIRST_PLACE,
    LAST,
    LAST_OF_ROW,
    LAST_PLACE,
    TIED,
)

__all__ = ["in_a_derivative", "in_a_first_term", "in_a_loss"]

_ONE = syntax.Number(1)
_LABELS = {
    True: "what is to become likely is counted as what is to become unlikely (a positive as a negative)",
    False: "what is to become unlikely is counted as what is to become likely (a negative as a positive)",
}


def in_a_loss(node: Expression, scope: Scope) -> Iterator[tuple[str, Expression]]:
    """Mistakes in what is differentiated afterwards."""
    match node:
        case syntax.Binary("+" | "-" as operator, left, right):
            yield from _terms(operator, left, right)
        case syntax.Binary("*", left, right):
            yield from _factors(left, right)
        case syntax.Binary("/", left, right):
            yield f"the division by {spell(right)} is missing", left
        case syntax.Call(function, argument):
            yield from _calls(function, argument)
        case syntax.Larger(left, right):
            yield f"{spell(left)} stands for {spell(node)}", left
            yield f"{spell(right)} stands for {spell(node)}", right
        case syntax.Sum(bound, body):
            yield from _sums(bound, body)
        case syntax.Indicator():
            yield from _indicators(node)


def in_a_derivative(node: Expression, scope: Scope) -> Iterator[tuple[str, Expression]]:
    """Mistakes in what was derived: those of a loss, and what goes wrong with the derivative of log(sigmoid(x))."""
    yield from in_a_loss(node, scope)
    match node:
        case syntax.Negative(syntax.Call("sigmoid", syntax.Negative(inner))):
            plain = syntax.Call("sigmoid", inner)
            due = f"{spell(plain)} - 1"
            shifted = syntax.Call("sigmoid", syntax.Binary("-", inner, _ONE))
            yield f"the 1 is subtracted inside the sigmoid: {spell(shifted)} stands for {due}", shifted
            yield f"the 1 is not subtracted: {spell(plain)} stands for {due}; {_LABELS[True]}", plain
        case syntax.Call("sigmoid", argument):
            turned = syntax.Call("sigmoid", _turned(argument))
            yield (
                f"{spell(node)} is multiplied by {spell(turned)}, as if sigmoid were differentiated and not its"
                " logarithm",
                syntax.Binary("*", node, turned),
            )
            if not isinstance(argument, syntax.Negative):
                shifted = syntax.Call("sigmoid", syntax.Binary("-", argument, _ONE))
                yield (
                    f"{spell(shifted)} stands for {spell(node)}: 1 is subtracted inside the sigmoid",
                    shifted,
                )
                less = f"{spell(node)} - 1 stands for {spell(node)}"
                yield f"{less}; {_LABELS[False]}", syntax.Negative(turned)


def in_a_first_term(node: Expression, scope: Scope) -> Iterator[tuple[str, Expression]]:
    """The sign of what comes first in a sum or difference."""
    match node:
        case syntax.Binary("+" | "-" as operator, left, right):
            turned = syntax.Binary(operator, syntax.Negative(left), right)
            yield f"the sign of the term {spell(left)} is flipped", turned


def _factors(left: Expression, right: Expression) -> Iterator[tuple[str, Expression]]:
    for missing, kept in ((right, left), (left, right)):
        everywhere = ", so that what is due in one place comes in every one"
        where = everywhere if isinstance(missing, syntax.Indicator) else ""
        yield f"the factor {spell(missing)} is missing{where}", kept


def _terms(operator: str, left: Expression, right: Expression) -> Iterator[tuple[str, Expression]]:
    one_hot = " (the one-hot y)" if isinstance(right, syntax.Indicator) else ""
    yield f"the term {operator} {spell(right)} is missing{one_hot}", left
    lone = syntax.Negative(right) if operator == "-" else right
    yield f"the term {spell(left)} is missing", lone
    other = "-" if operator == "+" else "+"
    yield f"the sign of the term {spell(right)} is flipped", syntax.Binary(other, left, right)
    if isinstance(right, syntax.Indicator):
        everywhere = f"{spell(right)} is taken for 1: what is due in one place comes in every one"
        yield everywhere, syntax.Binary(operator, left, _ONE)


def _calls(function: str, argument: Expression) -> Iterator[tuple[str, Expression]]:
    call = syntax.Call(function, argument)
    match argument:
        case syntax.Call("sigmoid", inner) if function == "log":
            turned = syntax.Call("log", syntax.Call("sigmoid", _turned(inner)))
            label = _LABELS[not isinstance(inner, syntax.Negative)]
            yield f"{spell(turned)} stands for {spell(call)}: {label}", turned
    yield f"{spell(argument)} stands for {spell(call)}", argument
    label = f": {_LABELS[isinstance(argument, syntax.Negative)]}" if function == "softplus" else ""
    yield f"the sign inside {spell(call)} is flipped{label}", syntax.Call(function, _turned(argument))
    if function == "softplus":
        yield f"the logarithm is missing: sigmoid stands for {spell(call)}", syntax.Call("sigmoid", argument)


def _turned(argument: Expression) -> Expression:
    return argument.operand if isinstance(argument, syntax.Negative) else syntax.Negative(argument)


def _sums(bound: Bound, body: Expression) -> Iterator[tuple[str, Expression]]:
    size = syntax.Larger(syntax.Name(bound.axis), _ONE)
    whole = syntax.Sum(bound, body)
    yield f"a mean over {bound.axis} stands for the sum over {bound.axis}", syntax.Binary("/", whole, size)
    match body:
        case syntax.Call("softplus", argument):
            yield _of_sum(bound, "sigmoid", syntax.Negative(argument), negative=True)
        case syntax.Call("log", argument):
            yield _of_sum(bound, "", argument, negative=False)
    for mask, kept in ((LAST_PLACE, "last"), (FIRST_PLACE, "first")):
        only = Entry(mask + bound.axis, (Running(bound.name),))
        yield (
            f"only the {kept} of the terms summed over {bound.axis} counts",
            syntax.Sum(bound, syntax.Binary("*", only, body)),
        )


def _of_sum(bound: Bound, function: str, argument: Expression, *, negative: bool) -> tuple[str, Expression]:
    """The logarithm of a sum for the sum of logarithms."""
    inside = syntax.Sum(bound, syntax.Call(function, argument) if function else argument)
    logarithm = syntax.Call("log", inside)
    mistake = f"{spell(logarithm)}, the logarithm of a sum, stands for a sum of logarithms"
    return mistake, syntax.Negative(logarithm) if negative else logarithm


def _indicators(node: syntax.Indicator) -> Iterator[tuple[str, Expression]]:
    match node:
        case syntax.Indicator("==", Running() as left, syntax.Lookup(name, positions)):
            yield (
                f"every slice equal to that of {name} is taken for {name}: equal vectors are still different words",
                Entry(TIED + name, (left, *positions)),
            )
            for mask in (LAST, LAST_OF_ROW) if len(positions) > 1 else (LAST,) if positions else ():
                yield (
                    f"where {name} repeats an index, one of the repeats counts instead of their sum",
                    syntax.Binary("*", node, Entry(mask + name, positions)),
                )
            kept = Entry(APART + name, positions) if positions else syntax.Name(APART + name)
            yield (
                f"where {name} collides with another index, its part is overwritten instead of added",
                syntax.Binary("*", node, kept),
            )
        case syntax.Indicator("<" | "<=" | ">" | ">=" as relation, left, right):
            other = replace(node, relation=relation[0] if len(relation) > 1 else f"{relation}=")
            yield f"{spell(other)} stands for {spell(node)}", other
            turned = replace(node, left=right, right=left)
            yield f"{spell(turned)} stands for {spell(node)}: the other way round", turned
