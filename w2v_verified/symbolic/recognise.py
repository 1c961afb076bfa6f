"""Functions in disguise: exponentials and logarithms that spell a sigmoid, a softplus, a log1p or an expm1.

Applied to a definition before it is differentiated and to the derivatives after. Every row is a fact of
the table in `facts`; what comes out is proved equal to what went in by whoever calls.
"""

from typing import Any

import sympy as sp

from w2v_verified.symbolic.context import Context
from w2v_verified.symbolic.functions import Expm1, Log1p, Sigmoid, Softplus, exponent_of_one_plus_exp


def recognised(e: Any, context: Context) -> Any:
    """``e`` with the functions it spells out called by their names."""
    if not e.args or isinstance(e, sp.Indexed | sp.KroneckerDelta | sp.Tuple):
        return e
    if isinstance(e, sp.Sum):
        number, rest = recognised(e.function, context).as_coeff_Mul()
        return number * e.func(rest, *e.limits)
    inside = e.func(*[recognised(a, context) for a in e.args])
    if isinstance(inside, sp.log):
        return _logarithm(inside, context)
    if isinstance(inside, sp.Pow) and inside.exp == -1:
        t = exponent_of_one_plus_exp(inside.base)
        return inside if t is None else Sigmoid(-t)
    if isinstance(inside, sp.Mul):
        return _product(inside)
    if isinstance(inside, sp.Add):
        return _sum(inside)
    return inside


def _logarithm(e: Any, context: Context) -> Any:
    argument = e.args[0]
    t = exponent_of_one_plus_exp(argument)
    if t is not None:
        return Softplus(t)
    if isinstance(argument, Sigmoid):
        return -Softplus(-argument.args[0])
    if isinstance(argument, sp.Mul) and all(context.positive(f) for f in argument.args):
        return sp.Add(*[_logarithm(sp.log(f), context) for f in argument.args])
    if isinstance(argument, sp.exp):
        return argument.args[0]
    if isinstance(argument, sp.Pow) and not isinstance(argument, sp.exp) and context.positive(argument.base):
        return argument.exp * _logarithm(sp.log(argument.base), context)
    if isinstance(argument, sp.Add) and argument.args[0] == 1 and len(argument.args) > 1:
        return Log1p(argument - 1)
    return e


def _product(e: Any) -> Any:
    """``exp(x) sigmoid(-x) = sigmoid(x)``."""
    for s in e.args:
        if isinstance(s, Sigmoid) and sp.exp(-s.args[0]) in e.args:
            return _product_again(e / s / sp.exp(-s.args[0]) * Sigmoid(-s.args[0]))
    return e


def _product_again(e: Any) -> Any:
    return _product(e) if isinstance(e, sp.Mul) else e


def _sum(e: Any) -> Any:
    """``c - c sigmoid(x) = c sigmoid(-x)`` and ``exp(x) - 1 = expm1(x)``."""
    for term in sorted(e.args, key=sp.default_sort_key):
        for s in sorted(term.atoms(Sigmoid), key=sp.default_sort_key):
            c = -term / s
            if not c.has(s) and c in e.args and c != 0:
                return _sum_again(e - term - c + c * Sigmoid(-s.args[0]))
        if isinstance(term, sp.exp) and sp.Integer(-1) in e.args:
            return _sum_again(e - term + 1 + Expm1(term.args[0]))
    return e


def _sum_again(e: Any) -> Any:
    return _sum(e) if isinstance(e, sp.Add) else e
