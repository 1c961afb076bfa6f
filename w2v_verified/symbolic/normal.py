"""A normal form for index expressions, and equality decided by it.

Products are multiplied out, sums moved outwards, brackets ``[w = o]`` collapsed, factors that do not
depend on a binder leave its sum, bound indices are named canonically. Everything else (a function of
something, a denominator) is an atom whose inside is in normal form itself. Two expressions are equal
when their difference has no term left once denominators are cleared.
"""

from dataclasses import replace
from functools import lru_cache
from typing import Any

import sympy as sp

from w2v_verified.symbolic.context import Context
from w2v_verified.symbolic.functions import UNFOLDED, Sigmoid, Slope, Softplus, exponent_of_one_plus_exp
from w2v_verified.symbolic.indices import (
    bound_indices,
    canonical,
    fresh,
    label_of,
    numbered_apart,
    substitute,
)
from w2v_verified.symbolic.terms import Factors, Term, collected, joined, product

_ONE = Term(sp.Integer(1), {})
_MOST_DENOMINATORS = 12


def equal(left: Any, right: Any, context: Context) -> bool:
    """Whether ``left = right`` follows from the algebra of finite sums and the rules switched on."""
    return vanishes(left - right, context)


@lru_cache(maxsize=4096)
def normal(expression: Any, context: Context) -> Any:
    """``expression`` in normal form."""
    with numbered_apart(expression):
        return canonical(joined(_collected(expression, context)))


@lru_cache(maxsize=1024)
def vanishes(expression: Any, context: Context) -> bool:
    """Whether ``expression`` is 0 for every size of every axis and every admissible input."""
    with numbered_apart(expression):
        terms = _collected(expression, context)
        for _ in range(_MOST_DENOMINATORS):
            denominator = next((a for t in terms for a, p in t.factors.items() if p.is_negative), None)
            if not terms or denominator is None:
                break
            terms = collected(_cleared(terms, denominator, context), context)
        return not terms


def _collected(expression: Any, context: Context) -> list[Term]:
    return collected(_terms(fresh(expression), context), context)


def _cleared(terms: list[Term], denominator: Any, context: Context) -> list[Term]:
    """All ``terms`` multiplied by the power of ``denominator`` that leaves none of it below a line."""
    zero = sp.Integer(0)
    power = max(-t.factors.get(denominator, zero) for t in terms)
    cleared: list[Term] = []
    for term in terms:
        bare = replace(term, factors={a: p for a, p in term.factors.items() if a != denominator})
        left = power + term.factors.get(denominator, zero)
        cleared += product([bare], _terms(fresh(sp.Pow(denominator, left)), context))
    return cleared


def _atom(e: Any, power: Any = 1) -> list[Term]:
    return [Term(sp.Integer(1), {e: sp.Integer(power)})]


def _terms(e: Any, context: Context) -> list[Term]:
    """The terms of ``e``, whose bound indices all have names of their own."""
    if e.is_Number:
        return [] if e == 0 else [Term(e, {})]
    if isinstance(e, sp.Add):
        return [t for a in e.args for t in _terms(a, context)]
    if isinstance(e, sp.Mul):
        terms = [_ONE]
        for a in e.args:
            terms = product(terms, _terms(a, context))
        return terms
    if isinstance(e, sp.Sum):
        binders = bound_indices(e)
        return [replace(t, binders=t.binders + binders) for t in _terms(e.function, context)]
    if isinstance(e, sp.Pow) and not isinstance(e, sp.exp):
        return _power(e.base, e.exp, context)
    if isinstance(e, sp.Indexed | sp.Symbol):
        return _name(e, context)
    if isinstance(e, sp.KroneckerDelta):
        return _atom(e)
    return _function(e, context)


def _name(e: Any, context: Context) -> list[Term]:
    """An entry or a scalar: itself, or what it was defined to be."""
    name = label_of(e)
    known = context.definitions.get(name) if "UNFOLD" in context.rules else None
    if known is None:
        return _atom(e)
    at = e.indices if isinstance(e, sp.Indexed) else ()
    return _terms(fresh(substitute(known.expression, dict(zip(known.indices, at, strict=True)))), context)


def _function(e: Any, context: Context) -> list[Term]:
    """A function of something in normal form; the rules switched on say what more is known of it."""
    if isinstance(e, Slope) and "DIFF" in context.rules:
        unfolded = normal(e.args[0], context.allowing(*context.rules & {"UNFOLD"}))
        return _terms(fresh(sp.diff(fresh(unfolded), e.args[1])), context)
    if isinstance(e, sp.log) and "LOG" in context.rules:
        return _logarithm(e.args[0], context)
    if type(e) in UNFOLDED and "FUNCTION" in context.rules:
        return _terms(fresh(UNFOLDED[type(e)](*e.args)), context)
    inside = e.func(*[normal(a, context) for a in e.args])
    if isinstance(inside, sp.exp):
        return [_exponential(inside.args[0])]
    if isinstance(inside, Sigmoid | Softplus) and "SIGMOID" in context.rules:
        return _oriented(inside, context)
    return _atom(inside) if inside.args and inside.func == e.func else _terms(inside, context)


def _exponential(exponent: Any) -> Term:
    """``exp(a + 2 b) = exp(a) exp(b)**2``, one factor for every term of the exponent."""
    factors: Factors = {}
    for part in sp.Add.make_args(exponent):
        coefficient, rest = part.as_coeff_Mul()
        base, power = (part, sp.Integer(1)) if rest == 1 else (rest, coefficient)
        factors[sp.exp(base)] = factors.get(sp.exp(base), sp.Integer(0)) + power
    return Term(sp.Integer(1), {a: p for a, p in factors.items() if a != 1})


def _power(base: Any, exponent: Any, context: Context) -> list[Term]:
    if exponent.is_Integer and exponent >= 0:
        terms = [_ONE]
        for _ in range(int(exponent)):
            terms = product(terms, _terms(fresh(base), context))
        return terms
    inner = _collected(base, context)
    if not exponent.is_Integer or not inner:
        return _atom(sp.Pow(joined(inner), normal(exponent, context)))
    content, rest = _content(inner)
    shared = Term(content.coefficient**exponent, {a: p * exponent for a, p in content.factors.items()})
    return [shared] if rest is None else product([shared], _reciprocal(rest, exponent, context))


def _reciprocal(base: Any, exponent: Any, context: Context) -> list[Term]:
    """A power of a sum below a line: an atom, or a sigmoid where its rule is switched on."""
    t = exponent_of_one_plus_exp(base)
    if "SIGMOID" in context.rules and exponent == -1 and t is not None:
        return _oriented(Sigmoid(-t), context)
    return _atom(base, exponent)


def _content(terms: list[Term]) -> tuple[Term, Any]:
    """The factors all terms share, denominators included, and what is left (None for nothing)."""
    if len(terms) == 1:
        return terms[0], None
    atoms = {a for t in terms for a in t.factors}
    common = {a: min(t.factors.get(a, sp.Integer(0)) for t in terms) for a in atoms}
    common = {a: p for a, p in common.items() if p != 0}
    lead = terms[0].coefficient
    inverse = Term(1 / lead, {a: -p for a, p in common.items()})
    return Term(lead, common), joined([t.times(inverse) for t in terms])


def _logarithm(argument: Any, context: Context) -> list[Term]:
    """``log(a b**2) = log(a) + 2 log(b)`` for positive factors, ``log(exp(x)) = x``."""
    if isinstance(argument, Sigmoid) and "SIGMOID" in context.rules:
        return product(
            _oriented(Softplus(-normal(argument.args[0], context)), context), [Term(sp.Integer(-1), {})]
        )
    if isinstance(argument, sp.Mul) and all(context.positive(f) for f in argument.args):
        return [t for f in argument.args for t in _logarithm(f, context)]
    content, rest = _content(_collected(argument, context))
    unsplit = [content.coefficient] if rest is None else [content.coefficient, rest]
    terms: list[Term] = []
    for atom, power in content.factors.items():
        if isinstance(atom, sp.exp):
            terms += product(_terms(fresh(atom.args[0]), context), [Term(power, {})])
        elif isinstance(atom, Sigmoid) and "SIGMOID" in context.rules:
            terms += product(_oriented(Softplus(-atom.args[0]), context), [Term(-power, {})])
        elif context.positive(atom):
            terms.append(Term(power, {sp.log(atom): sp.Integer(1)}))
        else:
            unsplit.append(atom**power)
    for part in unsplit[:1] if context.positive(sp.Mul(*unsplit[1:])) else []:
        terms += [] if part == 1 else _atom(sp.log(part))
        unsplit = unsplit[1:]
    remaining = sp.Mul(*unsplit)
    if remaining == 1:
        return terms
    if "SIGMOID" in context.rules and isinstance(1 - remaining, Sigmoid):
        x = (1 - remaining).args[0]
        return terms + product(_oriented(Softplus(x), context), [Term(sp.Integer(-1), {})])
    t = exponent_of_one_plus_exp(remaining) if "SIGMOID" in context.rules else None
    return terms + (_atom(sp.log(remaining)) if t is None else _oriented(Softplus(t), context))


def _oriented(e: Any, context: Context) -> list[Term]:
    """``sigmoid(-x) = 1 - sigmoid(x)`` and ``softplus(-x) = softplus(x) - x``, so that signs agree."""
    x = e.args[0]
    if not x.could_extract_minus_sign():
        return _atom(e)
    if isinstance(e, Sigmoid):
        return [_ONE, Term(sp.Integer(-1), {e.func(-x): sp.Integer(1)})]
    return [*_atom(e.func(-x)), *_terms(fresh(x), context)]
