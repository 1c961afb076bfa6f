"""Index expressions as text in the notation they are parsed from."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

import sympy as sp

from w2v_verified.notation import PI
from w2v_verified.notation.decimals import tens, written
from w2v_verified.symbolic.language.equation import Equation
from w2v_verified.symbolic.language.errors import UnsupportedError
from w2v_verified.symbolic.language.functions import spelled
from w2v_verified.symbolic.language.indices import (
    BINDERS,
    axis_of,
    bound_indices,
    free_indices,
    index,
    is_pointer,
    largest,
    name_of,
    total,
)
from w2v_verified.symbolic.language.operators import BRACKETS, Below, Choose, Larger, Order, Slope

CHOICE, SUM, PRODUCT, POWER, ATOM = range(5)
"""How tightly text binds."""


def lettered(expression: Any, letters: Mapping[str, Iterable[str]], taken: frozenset[str]) -> Any:
    """``expression`` with its bound indices called by the letters of their axes, none of them ``taken``."""
    if isinstance(expression, BINDERS):
        again = total if isinstance(expression, sp.Sum) else largest
        taken |= {name_of(i) for i in free_indices(expression)}
        renaming = {}
        for old in reversed(bound_indices(expression)):
            letter = next(name for name in letters[axis_of(old)] if name not in taken)
            taken |= {letter}
            renaming[old] = index(letter, axis_of(old))
        body = lettered(expression.function.xreplace(renaming), letters, taken)
        for old in bound_indices(expression):
            body = again(renaming[old], body)
        return body
    if not expression.args or isinstance(expression, sp.Indexed):
        return expression
    return expression.func(*[lettered(a, letters, taken) for a in expression.args], evaluate=False)


def negative(term: Any) -> bool:
    """Whether a term is printed with a minus sign in front."""
    coefficient, _ = term.as_coeff_Mul()
    return bool(coefficient.is_negative)


def ordered_terms(e: Any) -> list[Any]:
    """The terms of a sum, those with a minus sign last."""
    return sorted(sp.Add.make_args(e), key=_term_key)


def _term_key(term: Any) -> Any:
    """Terms with a minus sign and numbers last, entries in front of products."""
    return (negative(term), term.is_number, isinstance(term, sp.Mul), sp.default_sort_key(term))


def split_fraction(e: Any) -> tuple[Any, list[Any], list[Any]]:
    """A product as its number, the factors above and those below the line."""
    number, rest = e.as_coeff_Mul()
    above: list[Any] = []
    below: list[Any] = []
    for factor in sp.Mul.make_args(rest):
        power = factor.exp if isinstance(factor, sp.Pow) and not isinstance(factor, sp.exp) else None
        if power is not None and power.is_number and power.is_negative:
            below.append(sp.Pow(factor.base, -power, evaluate=False) if power != -1 else factor.base)
        elif factor != 1:
            above.append(factor)
    if not number.is_Integer and number.is_Rational:
        number, divisor = _quotient(number)
        below += [divisor] if divisor != 1 else []
    return number, sorted(above, key=_factor_key), sorted(below, key=_factor_key)


def _quotient(number: Any) -> tuple[Any, Any]:
    """A number as a decimal or a whole number, and the whole number below the line.

    Only of 1 there is a fraction where there is a decimal as well: one operation fewer, and no product on the way that
    overflows.
    """
    p, q = int(abs(number.p)), int(number.q)
    rest = q // tens(q)
    fraction = (p == 1 or rest != 1) and _is_held(p) and _is_held(q)
    return (sp.Integer(number.p), sp.Integer(q)) if fraction else (number * rest, sp.Integer(rest))


def _is_held(n: int) -> bool:
    """Whether every floating format holds a whole number, and NumPy as an integer too."""
    odd = n // (n & -n)
    return n < 2**63 and odd < 2**24


def numeral(number: Any) -> str:
    """A decimal or whole number."""
    return written(Fraction(int(number.p), int(number.q)))


def _factor_key(factor: Any) -> Any:
    """Numbers and brackets in front, then entries with more indices, derivatives and sums behind them."""
    rank = len(factor.indices) if isinstance(factor, sp.Indexed) else 0
    passed_on = isinstance(factor, sp.Indexed) and factor.base.label.name.startswith(("delta", "grad_"))
    plain = factor.is_number or bracket(factor) is not None
    return (not plain, isinstance(factor, sp.Sum), passed_on, -rank, sp.default_sort_key(factor))


def bracket(e: Any) -> tuple[Any, Any, str] | None:
    """A bracket or 1 minus one as its two sides and the relation they stand in, one of ``== != < <=``."""
    if isinstance(e, sp.KroneckerDelta):
        left, right = sorted(e.args, key=lambda i: (is_pointer(i), str(i)))
        return left, right, "=="
    if isinstance(e, Order):
        return e.args[0], e.args[1], "<" if isinstance(e, Below) else "<="
    if isinstance(e, sp.Add) and len(e.args) == 2 and sp.Integer(1) in e.args:
        other = next((-a for a in e.args if isinstance(-a, BRACKETS)), None)
        if other is not None:
            left, right, relation = bracket(other) or (None, None, "")
            if relation == "==":
                return left, right, "!="
            return right, left, "<" if relation == "<=" else "<="
    return None


def position(i: Any) -> str:
    """An index, or an entry of an index array."""
    if isinstance(i, sp.Indexed):
        return f"{name_of(i.base.label)}[{', '.join(map(position, i.indices))}]"
    return name_of(i)


def text(e: Any, around: int = CHOICE) -> str:
    """``e`` (with lettered indices) as text, in parentheses where its surroundings bind tighter."""
    written, binds = _text(e)
    return f"({written})" if binds < around else written


def shown(e: Any) -> str:
    """``e`` for a message, whatever it is."""
    return position(e) if isinstance(e, sp.Symbol) else text(e)


def _text(e: Any) -> tuple[str, int]:
    sides = bracket(e)
    if sides is not None:
        return f"({position(sides[0])} {sides[2]} {position(sides[1])})", ATOM
    if isinstance(e, sp.Add):
        pieces = [
            ("-" if negative(t) else "+", text(-t if negative(t) else t, PRODUCT)) for t in ordered_terms(e)
        ]
        sign, piece = pieces[0]
        return ("-" if sign == "-" else "") + piece + "".join(f" {s} {p}" for s, p in pieces[1:]), SUM
    if isinstance(e, sp.Mul) or (e.is_Rational and not e.is_Integer):
        return _product(e)
    if isinstance(e, sp.Indexed):
        return f"{e.base.label.name}[{', '.join(map(position, e.indices))}]", ATOM
    if isinstance(e, BINDERS):
        inner = text(e.function)
        word = "sum" if isinstance(e, sp.Sum) else "max"
        for k in bound_indices(e):
            inner = f"{word}({name_of(k)} in {axis_of(k)}, {inner})"
        return inner, ATOM
    if isinstance(e, Larger):
        return f"max({', '.join(map(text, e.args))})", ATOM
    if isinstance(e, Choose):
        low, high, then, otherwise = e.args
        return f"{text(then, SUM)} if {text(low)} < {text(high)} else {text(otherwise)}", CHOICE
    if isinstance(e, Slope):
        return f"diff({text(e.args[0])}, {text(e.args[1])})", ATOM
    known = spelled(e)
    if known is not None:
        row, argument = known
        return f"{row.name}({text(argument)})", ATOM
    if isinstance(e, sp.Pow):
        if e.exp.is_number and e.exp.is_negative:
            return _product(e)
        return f"{text(e.base, ATOM)} ** {text(e.exp, ATOM)}", POWER
    if e.is_Integer:
        return numeral(e), ATOM if e >= 0 else SUM
    if e == sp.E or isinstance(e, sp.Symbol):
        return "exp(1)" if e == sp.E else name_of(e), ATOM
    if e == sp.pi:
        return PI, ATOM
    raise UnsupportedError(f"{e}: there is no way to write a {type(e).__name__} in the notation")


def _product(e: Any) -> tuple[str, int]:
    number, above, below = split_fraction(e)
    pieces = [] if abs(number) == 1 and above else [numeral(abs(number))]
    written = " * ".join([*pieces, *(text(f, PRODUCT) for f in above)])
    for factor in below:
        written += f" / {text(factor, POWER)}"
    binds = PRODUCT if above or below else ATOM
    return ("-" if number < 0 else "") + written, SUM if number < 0 else binds


def statement(definition: Equation, letters: Mapping[str, Iterable[str]], taken: frozenset[str]) -> str:
    """``name[w in V] = expression``."""
    names = taken | {name_of(i) for i in definition.indices}
    right = text(lettered(definition.expression, letters, names))
    over = ", ".join(f"{name_of(i)} in {axis_of(i)}" for i in definition.indices)
    return f"{definition.name}{f'[{over}]' if over else ''} = {right}"
