"""A normal form for index expressions, and equality decided by it.

Products are multiplied out, sums moved outwards, brackets ``[w = o]`` collapsed, factors that do not
depend on a binder leave its sum, bound indices are named canonically. Everything else (a function of
something, a denominator, the base of a root) is an atom whose inside is in normal form itself. Functions that
exponentials spell are written by them where their rules are switched on. Two expressions are equal
when their difference has no term left once denominators are cleared.
"""

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Any

import sympy as sp

from w2v_verified.symbolic.algebra.brackets import orthonormal, picked
from w2v_verified.symbolic.algebra.context import Context
from w2v_verified.symbolic.algebra.division import divided
from w2v_verified.symbolic.algebra.sums import summed
from w2v_verified.symbolic.algebra.terms import (
    ONE,
    Factors,
    Term,
    atom,
    constant,
    joined,
    number,
    power_of_number,
    product,
)
from w2v_verified.symbolic.language.equation import names_used
from w2v_verified.symbolic.language.errors import ProofError
from w2v_verified.symbolic.language.functions import (
    ROUGH,
    Choose,
    Largest,
    Log1p,
    Sigmoid,
    Slope,
    Softplus,
    exponent_of_one_plus_exp,
    unfolded,
)
from w2v_verified.symbolic.language.indices import (
    bound_indices,
    canonical,
    fresh,
    label_of,
    largest,
    numbered_apart,
    substitute,
)

_ZERO = sp.Integer(0)
_MOST_DENOMINATORS = 12
_MOST_REDUCTIONS = 50_000
_FLAT = 3
_MOST_MULTIPLIED_OUT = 48
"""The highest power up to which all factors are multiplied out together, and that up to which any are."""
_SPLITTING = frozenset({"EXP", "LOG", "SIGMOID", "FUNCTION"})
"""The rules that know that ``exp(a + b) = exp(a) exp(b)``."""
_NOT_SMOOTH = (sp.Derivative, sp.Subs, sp.sign, *ROUGH, Largest, Choose, Slope)


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
    """Whether ``expression`` is 0 for every size of every axis and every admissible input.

    Raises:
        ProofError: It is too large, or uses a derivative that cannot be taken.
    """
    with numbered_apart(expression):
        terms = _collected(expression, context)
        for _ in range(_MOST_DENOMINATORS):
            denominator = next(
                (a for t in terms for a, p in t.factors.items() if isinstance(a, sp.Add) and constant(p) < 0),
                None,
            )
            if not terms or denominator is None:
                break
            terms = _settled(_reduced(_cleared(terms, denominator, context), context), context)
        return not terms


def _collected(expression: Any, context: Context) -> list[Term]:
    return _settled(_reduced(_terms(fresh(expression), context), context), context)


def _settled(terms: list[Term], context: Context) -> list[Term]:
    """The terms, reduced again for as long as an index was replaced inside an atom."""
    while any(t.unsettled for t in terms):
        terms = _reduced(_terms(fresh(joined(terms)), context), context)
    return terms


def _reduced(given: Iterable[Term], context: Context) -> list[Term]:
    """The terms without binders, like terms added up, in an order that depends on nothing else."""
    sums: dict[Any, Term] = {}
    waiting = list(given)[::-1]
    steps = 0
    while waiting:
        steps += 1
        if steps > _MOST_REDUCTIONS:
            raise ProofError(f"its normal form takes more than {_MOST_REDUCTIONS:,} steps")
        term = orthonormal(picked(waiting.pop(), context), context)
        rewritten = _rewritten(term, context)
        if rewritten is not None:
            waiting += rewritten[::-1]
            continue
        term = summed(term)
        key = frozenset(term.factors.items())
        known = sums.get(key)
        sums[key] = (
            term
            if known is None
            else replace(
                term,
                coefficient=known.coefficient + term.coefficient,
                unsettled=known.unsettled or term.unsettled,
            )
        )
    kept = [t for t in sums.values() if t.coefficient != 0]
    return kept if len(kept) < 2 else sorted(kept, key=lambda t: sp.default_sort_key(joined([t])))


def _rewritten(term: Term, context: Context) -> list[Term] | None:
    """The term by others that are nearer to the normal form; None if it is there."""
    for base, power in term.factors.items():
        whole = sp.floor(constant(power))
        if isinstance(base, sp.Add | sp.Mul) and 1 <= whole <= _MOST_MULTIPLIED_OUT:
            left = power - whole
            rest = term.without(base).times(Term(sp.Integer(1), {base: left} if left != 0 else {}))
            return product([rest], _terms(fresh(sp.Pow(base, whole)), context))
        if isinstance(base, sp.sin) and power.is_Integer and power >= 2 and "FUNCTION" in context.rules:
            rest = term.times(Term(sp.Integer(1), {base: sp.Integer(-2)}))
            return [rest, rest.times(Term(sp.Integer(-1), {sp.cos(base.args[0]): sp.Integer(2)}))]
        if isinstance(base, sp.Abs) and power.is_Integer and power >= 2:
            rest = term.times(Term(sp.Integer(1), {base: sp.Integer(-2)}))
            return product([rest], _terms(fresh(base.args[0] ** 2), context))
    return divided(term, lambda base: _terms(fresh(base), context), context.positive)


def _cleared(terms: list[Term], denominator: Any, context: Context) -> list[Term]:
    """All ``terms`` multiplied by the power of ``denominator`` that leaves none of it below a line."""
    power = max(sp.ceiling(-constant(t.power(denominator))) for t in terms)
    cleared: list[Term] = []
    for term in terms:
        left = term.power(denominator) + power
        whole = max(sp.floor(constant(left)), _ZERO)
        bare = term.without(denominator).times(Term(sp.Integer(1), {denominator: left - whole}))
        bare = replace(bare, factors={a: p for a, p in bare.factors.items() if p != 0})
        cleared += product([bare], _terms(fresh(sp.Pow(denominator, whole)), context))
    return cleared


def _terms(e: Any, context: Context) -> list[Term]:
    """The terms of ``e``, whose bound indices all have names of their own."""
    if e.is_Rational:
        return number(e)
    if isinstance(e, sp.Add):
        return [t for a in e.args for t in _terms(a, context)]
    if isinstance(e, sp.Mul):
        terms = [ONE]
        for a in e.args:
            terms = product(terms, _terms(a, context))
        return terms
    if isinstance(e, sp.Sum):
        binders = bound_indices(e)
        return [replace(t, binders=t.binders + binders) for t in _terms(e.function, context)]
    if isinstance(e, sp.Pow):
        return _power(e.base, e.exp, context)
    if isinstance(e, sp.Indexed | sp.Symbol):
        return _name(e, context)
    if isinstance(e, sp.KroneckerDelta):
        return atom(e)
    if isinstance(e, sp.Max):
        return _at_least(e, context)
    return _function(e, context)


def _name(e: Any, context: Context) -> list[Term]:
    """An entry or a scalar: itself, or what it was defined to be."""
    known = context.definitions.get(label_of(e)) if "UNFOLD" in context.rules else None
    if known is None:
        return atom(e)
    at = e.indices if isinstance(e, sp.Indexed) else ()
    return _terms(fresh(substitute(known.expression, dict(zip(known.indices, at, strict=True)))), context)


def _at_least(e: Any, context: Context) -> list[Term]:
    """``max(V, 1) = V`` where an axis has that many places."""
    sizes = [a for a in e.args if a.is_Symbol]
    least = max((a for a in e.args if a.is_Rational), default=_ZERO)
    if len(sizes) == 1 and len(e.args) == 2 and context.range_of(sizes[0]).low >= least:
        return atom(sizes[0])
    return atom(e)


def _function(e: Any, context: Context) -> list[Term]:
    """A function of something in normal form; the rules switched on say what more is known of it."""
    if isinstance(e, Slope):
        return _slope(e, context)
    if isinstance(e, Largest):
        inside = normal(e.function, context)
        for k in bound_indices(e):
            inside = largest(k, inside)
        return atom(canonical(inside))
    if isinstance(e, sp.log):
        argument = e.args[0]
        if "LOG" in context.rules:
            return _logarithm(argument, context)
        if "SIGMOID" in context.rules and (argument.has(Sigmoid) or exponent_of_one_plus_exp(argument)):
            return _logarithm(argument, context)
    if isinstance(e, Sigmoid) and context.rules & {"SIGMOID", "FUNCTION"}:
        return _terms(fresh(unfolded(e)), context)
    if isinstance(e, Softplus) and "SIGMOID" in context.rules:
        return _logarithm(1 + sp.exp(e.args[0]), context)
    if isinstance(e, Log1p) and "FUNCTION" in context.rules and "LOG" in context.rules:
        return _logarithm(1 + e.args[0], context)
    meaning = unfolded(e) if "FUNCTION" in context.rules else None
    if meaning is not None:
        return _terms(fresh(meaning), context)
    if isinstance(e, sp.exp) or e == sp.E:
        return _exponential(normal(e.args[0] if e.args else sp.Integer(1), context), context)
    if isinstance(e, sp.Abs) and context.nonnegative(e.args[0]):
        return _terms(e.args[0], context)
    inside = e.func(*[normal(a, context) for a in e.args])
    return atom(inside) if inside.args and inside.func == e.func else _terms(fresh(inside), context)


def _times(number: Any, terms: Iterable[Term]) -> list[Term]:
    return [replace(t, coefficient=t.coefficient * number) for t in terms]


def _slope(e: Any, context: Context) -> list[Term]:
    """A derivative, carried out where its rule is allowed: names that depend on the entry are unfolded in it."""
    by = e.args[1]
    inner = context.depending_on(label_of(by))
    if "DIFF" not in context.rules:
        return atom(Slope(normal(e.args[0], inner), by))
    waiting = names_used([e.args[0]]) & set(inner.definitions)
    if waiting and "UNFOLD" not in context.rules:
        raise ProofError(
            f"{', '.join(sorted(waiting))}: depends on {label_of(by)}, so DIFF needs UNFOLD beside it"
        )
    made = sp.diff(fresh(normal(e.args[0], inner)), by)
    if made.has(*_NOT_SMOOTH):
        raise ProofError(f"the derivative by {label_of(by)} is not defined everywhere")
    return _terms(fresh(made), context)


def _exponential(exponent: Any, context: Context) -> list[Term]:
    """``exp(a + 2 b) = exp(a) exp(b)**2``, one factor for every term of the exponent; ``exp(k log a) = a**k``."""
    if not context.rules & _SPLITTING:
        return atom(sp.exp(exponent)) if exponent != 0 else [ONE]
    terms = [ONE]
    for part in sp.Add.make_args(exponent):
        coefficient, rest = part.as_coeff_Mul()
        if coefficient == 0:
            continue
        if not coefficient.is_Rational:
            coefficient, rest = sp.Integer(1), part
        if part.is_Rational:
            coefficient, rest = part, sp.Integer(1)
        logs = [f for f in sp.Mul.make_args(rest) if isinstance(f, sp.log)] if "LOG" in context.rules else []
        if logs:
            terms = product(terms, _power(logs[0].args[0], part / logs[0], context))
        else:
            terms = product(terms, atom(sp.exp(rest), coefficient))
    return terms


def _power(base: Any, exponent: Any, context: Context) -> list[Term]:
    exponent = exponent if exponent.is_Rational else normal(exponent, context)
    if exponent.is_Integer and exponent >= 0:
        return _whole_power(base, int(exponent), context)
    if base.is_Rational and base > 0:
        return [power_of_number(base, exponent)]
    inner = _collected(base, context)
    if not inner and exponent.is_Rational and exponent > 0:
        return []
    if not inner:
        raise ProofError("a power of 0 that need not be defined")
    content, rest = _content(
        inner, exponent.is_Integer, not exponent.is_Integer or context.positive(base), context
    )
    made = [power_of_number(content.coefficient, exponent)]
    for a, p in content.factors.items():
        if isinstance(a, sp.exp) and not exponent.is_Rational:
            made = product(made, _exponential(normal(a.args[0] * p * exponent, context), context))
        elif a == sp.E and not exponent.is_Rational:
            made = product(made, _exponential(normal(p * exponent, context), context))
        else:
            made = product(made, atom(a, p * exponent if p.is_Rational else normal(p * exponent, context)))
    return made if rest == 1 else product(made, atom(rest, exponent))


def _whole_power(base: Any, exponent: int, context: Context) -> list[Term]:
    """A power multiplied out: all at once if it is low, else with like terms added up in between."""
    if exponent <= _FLAT:
        made = [ONE]
        for _ in range(exponent):
            made = product(made, _terms(fresh(base), context))
        return made
    inner = _collected(base, context)
    if len(inner) == 1:
        (content,) = inner
        return [Term(content.coefficient**exponent, {a: p * exponent for a, p in content.factors.items()})]
    if exponent > _MOST_MULTIPLIED_OUT:
        return atom(joined(inner), exponent)
    made = [ONE]
    for _ in range(exponent):
        made = _reduced(product(made, inner), context)
    return made


def _content(terms: list[Term], whole: bool, positive: bool, context: Context) -> tuple[Term, Any]:
    """The factors that all terms share, and what is left of their sum (1 for nothing).

    For powers that are not ``whole`` the factors shared are positive; the number in front is where the sum is.
    """
    shared: Factors = {}
    for a in dict.fromkeys(a for t in terms for a in t.factors):
        low = _lowest(a, terms)
        if low != 0 and (whole or not low.is_Integer or context.positive(a)):
            shared[a] = low
    lead = abs(terms[0].coefficient) if positive else terms[0].coefficient
    content = Term(lead, shared)
    inverse = Term(1 / lead, {a: -p for a, p in shared.items()})
    left = [t.times(inverse) for t in terms]
    if any(isinstance(a, sp.Add) and constant(p) >= 1 for t in left for a, p in t.factors.items()):
        further, rest = _content(_settled(_reduced(left, context), context), whole, positive, context)
        return content.times(further), rest
    return content, joined(left)


def _lowest(a: Any, terms: list[Term]) -> Any:
    """The power of an atom that all terms have, at least."""
    powers = [t.power(a) for t in terms]
    symbolic = powers[0] - constant(powers[0])
    if any(p - constant(p) != symbolic for p in powers):
        return _ZERO
    return symbolic + min(map(constant, powers))


def _logarithm(argument: Any, context: Context) -> list[Term]:
    """``log(a b**2) = log(a) + 2 log(b)`` for positive factors, ``log(exp(x)) = x``."""
    if isinstance(argument, sp.Mul) and all(context.positive(f) for f in argument.args):
        return [t for f in argument.args for t in _logarithm(f, context)]
    if isinstance(argument, sp.exp):
        return _terms(fresh(argument.args[0]), context)
    if isinstance(argument, sp.Pow) and context.positive(argument.base):
        return product(_terms(fresh(argument.exp), context), _logarithm(argument.base, context))
    if isinstance(argument, Sigmoid) and context.rules & {"SIGMOID", "FUNCTION"}:
        return _times(sp.Integer(-1), _logarithm(1 + sp.exp(-argument.args[0]), context))
    inner = _collected(argument, context)
    if not inner:
        raise ProofError("a logarithm of 0")
    content, rest = _content(inner, False, True, context)
    terms: list[Term] = []
    for a, power in [*power_of_number(content.coefficient, sp.Symbol("p")).factors.items()]:
        terms += _times(power.coeff(sp.Symbol("p")), atom(sp.log(a)))
    for a, power in content.factors.items():
        by = _terms(fresh(power), context)
        if isinstance(a, sp.exp):
            terms += product(by, _terms(fresh(a.args[0]), context))
        elif a == sp.E:
            terms += by
        else:
            terms += product(by, atom(sp.log(a)))
    return terms if rest == 1 else terms + atom(sp.log(rest))


__all__ = ["equal", "normal", "vanishes"]
