"""Terms over a sum below a line, divided as polynomials are: ``x / (1 + x) = 1 - 1 / (1 + x)``.

So a quotient inside a sum, where no denominator can be cleared, has a form of its own as well.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import sympy as sp

from w2v_verified.symbolic.algebra.terms import Term, constant


@dataclass(frozen=True)
class _Divisor:
    """A sum in which ``lead`` alone has the highest power ``degree`` of the atom ``by``.

    ``tail`` alone has none of it, if that is so and ``by`` is positive, so that its powers may be negative.
    """

    by: Any
    degree: Any
    lead: Term
    tail: Term | None
    terms: tuple[Term, ...]


def divided(
    term: Term, terms_of: Callable[[Any], list[Term]], unit: Callable[[Any], bool]
) -> list[Term] | None:
    """The term by others with a lower power of what leads a sum below its line; None if there is none to lower.

    A ``unit`` is known to be positive, so that its powers may be negative.
    """
    for base, power in term.factors.items():
        if not isinstance(base, sp.Add) or not constant(power) < 0:
            continue
        divisor = _divisor(terms_of(base), unit)
        if divisor is None:
            continue
        here = term.power(divisor.by)
        if not here.is_Rational:
            continue
        if here >= divisor.degree:
            first = divisor.lead
        elif here < 0 and divisor.tail is not None:
            first = divisor.tail
        else:
            continue
        if not all(
            unit(a) or (p.is_Rational and constant(term.power(a)) >= p) for a, p in first.factors.items()
        ):
            continue
        inverse = Term(1 / first.coefficient, {a: -p for a, p in first.factors.items()})
        quotient = term.times(inverse)
        others = [t for t in divisor.terms if t is not first]
        whole = quotient.times(Term(sp.Integer(1), {base: sp.Integer(1)}))
        return [whole, *(quotient.times(t).times(Term(sp.Integer(-1), {})) for t in others)]
    return None


def _divisor(terms: Iterable[Term], unit: Callable[[Any], bool]) -> _Divisor | None:
    terms = tuple(terms)
    atoms = {a for t in terms for a, p in t.factors.items() if not t.binders and p.is_Rational and p > 0}
    for by in sorted(atoms, key=lambda a: (not isinstance(a, sp.exp), not unit(a), sp.default_sort_key(a))):
        powers = [t.power(by) for t in terms]
        if not all(p.is_Rational for p in powers):
            continue
        degree = max(powers)
        leading = [t for t, p in zip(terms, powers, strict=True) if p == degree]
        if (
            len(leading) != 1
            or leading[0].binders
            or any(p < 0 for p in leading[0].factors.values() if p.is_Rational)
        ):
            continue
        without = [t for t, p in zip(terms, powers, strict=True) if p == 0]
        alone = len(without) == 1 and not without[0].binders and unit(by) and min(powers) == 0
        return _Divisor(by, degree, leading[0], without[0] if alone else None, terms)
    return None


__all__ = ["divided"]
