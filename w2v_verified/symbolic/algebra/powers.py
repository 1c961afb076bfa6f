"""Powers in the normal form, and the exponentials and logarithms that are told by them.

``(a b)**p = a**p b**p`` for factors that are positive, ``exp(a + b) = exp(a) exp(b)``, ``log(a b) = log(a) + log(b)``:
what the terms of a sum share leaves it first. Powers are part of the normal form, and ask it about what is inside them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any, Protocol

import sympy as sp

from w2v_verified.symbolic.algebra.context import Context
from w2v_verified.symbolic.algebra.terms import (
    ONE,
    Factors,
    Term,
    atom,
    constant,
    joined,
    power_of_number,
    product,
)
from w2v_verified.symbolic.language.errors import ProofError
from w2v_verified.symbolic.language.functions import Sigmoid

MOST_MULTIPLIED_OUT = 48
"""The highest power up to which any factors are multiplied out."""
_FLAT = 3
"""That up to which all are multiplied out together."""
_SPLITTING = frozenset({"EXP", "LOG", "SIGMOID", "FUNCTION"})
"""The rules that know that ``exp(a + b) = exp(a) exp(b)``."""
_ZERO, _ONE = sp.Integer(0), sp.Integer(1)


class Form(Protocol):
    """What powers ask of the normal form that they are part of."""

    @property
    def context(self) -> Context:
        """What it may use."""

    def normal(self, e: Any) -> Any:
        """``e`` in normal form."""

    def terms(self, e: Any) -> list[Term]:
        """The terms of ``e``, multiplied out, with names of their own for all bound indices."""

    def reduced(self, terms: Iterable[Term]) -> list[Term]:
        """Terms without binders, like ones added up."""

    def settled(self, terms: list[Term]) -> list[Term]:
        """Reduced terms whose atoms are in normal form again."""

    def collected(self, e: Any) -> list[Term]:
        """The terms of ``e``, reduced and settled."""


@dataclass(frozen=True)
class Powers:
    """The laws of powers, for one normal form."""

    form: Form

    @property
    def _context(self) -> Context:
        return self.form.context

    def exponential(self, exponent: Any) -> list[Term]:
        """``exp(a + 2 b) = exp(a) exp(b)**2``, one factor for every term of the exponent; ``exp(k log a) = a**k``."""
        if not self._context.rules & _SPLITTING:
            if exponent == 0:
                return [ONE]
            times, rest = exponent.as_content_primitive()
            return atom(sp.exp(rest), times)  # as SymPy has it: exp(x)**2 is exp(2 x)
        terms = [ONE]
        for part in sp.Add.make_args(exponent):
            coefficient, rest = part.as_coeff_Mul()
            if coefficient == 0:
                continue
            if not coefficient.is_Rational:
                coefficient, rest = sp.Integer(1), part
            if part.is_Rational:
                coefficient, rest = part, sp.Integer(1)
            logs = (
                [f for f in sp.Mul.make_args(rest) if isinstance(f, sp.log)]
                if "LOG" in self._context.rules
                else []
            )
            if logs:
                terms = product(terms, self.power(logs[0].args[0], part / logs[0]))
            else:
                terms = product(terms, atom(sp.exp(rest), coefficient))
        return terms

    def power(self, base: Any, exponent: Any) -> list[Term]:
        """A power of what its terms share, times that of what is left of their sum."""
        exponent = exponent if exponent.is_Rational else self.form.normal(exponent)
        if exponent.is_Integer and exponent >= 0:
            return self._whole(base, int(exponent))
        if base.is_Rational and base > 0:
            return [power_of_number(base, exponent)]
        if (
            isinstance(base, sp.Mul)
            and not exponent.is_Integer
            and all(map(self._context.positive, base.args))
        ):
            return reduce(product, (self.power(f, exponent) for f in base.args))
        inner = self.form.collected(base)
        if not inner and exponent.is_Rational and exponent > 0:
            return []
        if not inner:
            raise ProofError("a power of 0 that need not be defined")
        content, rest = self._content(
            inner, exponent.is_Integer, not exponent.is_Integer or self._context.positive(base)
        )
        made = [power_of_number(content.coefficient, exponent)]
        for a, p in content.factors.items():
            if isinstance(a, sp.exp) and not exponent.is_Rational:
                made = product(made, self.exponential(self.form.normal(a.args[0] * p * exponent)))
            elif a == sp.E and not exponent.is_Rational:
                made = product(made, self.exponential(self.form.normal(p * exponent)))
            else:
                made = product(
                    made, atom(a, p * exponent if p.is_Rational else self.form.normal(p * exponent))
                )
        return made if rest == 1 else product(made, atom(rest, exponent))

    def _whole(self, base: Any, exponent: int) -> list[Term]:
        """A power multiplied out: all at once if it is low, else with like terms added up in between."""
        if exponent <= _FLAT:
            made = [ONE]
            for _ in range(exponent):
                made = product(made, self.form.terms(base))
            return made
        inner = self.form.collected(base)
        if len(inner) == 1:
            (content,) = inner
            return [
                Term(content.coefficient**exponent, {a: p * exponent for a, p in content.factors.items()})
            ]
        if exponent > MOST_MULTIPLIED_OUT:
            return atom(joined(inner), exponent)
        made = [ONE]
        for _ in range(exponent):
            made = self.form.reduced(product(made, inner))
        return made

    def _content(self, terms: list[Term], whole: bool, positive: bool) -> tuple[Term, Any]:
        """The factors that all terms share, and what is left of their sum (1 for nothing).

        For powers that are not ``whole`` the factors shared are positive; the number in front is where the sum is.
        """
        shared: Factors = {}
        for a in dict.fromkeys(a for t in terms for a in t.factors):
            low = _lowest(a, terms)
            if low != 0 and (whole or not low.is_Integer or self._context.positive(a)):
                shared[a] = low
        inverse = Term(_ONE, {a: -p for a, p in shared.items()})
        left = [t.times(inverse) for t in terms]
        # That of the term which comes first without what is shared, whatever that is.
        lead = min(
            left, key=lambda t: sp.default_sort_key(joined([replace(t, coefficient=_ONE)]))
        ).coefficient
        lead = abs(lead) if positive else lead
        content = Term(lead, shared)
        left = _times(1 / lead, left)
        if any(isinstance(a, sp.Add) and constant(p) >= 1 for t in left for a, p in t.factors.items()):
            further, rest = self._content(self.form.settled(self.form.reduced(left)), whole, positive)
            return content.times(further), rest
        return content, joined(left)

    def logarithm(self, argument: Any) -> list[Term]:
        """``log(a b**2) = log(a) + 2 log(b)`` for positive factors, ``log(exp(x)) = x``."""
        if isinstance(argument, sp.Mul) and all(self._context.positive(f) for f in argument.args):
            return [t for f in argument.args for t in self.logarithm(f)]
        if isinstance(argument, sp.exp):
            return self.form.terms(argument.args[0])
        if isinstance(argument, sp.Pow) and self._context.positive(argument.base):
            return product(self.form.terms(argument.exp), self.logarithm(argument.base))
        if isinstance(argument, Sigmoid) and self._context.rules & {"SIGMOID", "FUNCTION"}:
            return _times(sp.Integer(-1), self.logarithm(1 + sp.exp(-argument.args[0])))
        inner = self.form.collected(argument)
        if not inner:
            raise ProofError("a logarithm of 0")
        content, rest = self._content(inner, False, True)
        terms: list[Term] = []
        for a, power in [*power_of_number(content.coefficient, sp.Symbol("p")).factors.items()]:
            terms += _times(power.coeff(sp.Symbol("p")), atom(sp.log(a)))
        for a, power in content.factors.items():
            by = self.form.terms(power)
            if isinstance(a, sp.exp):
                terms += product(by, self.form.terms(a.args[0]))
            elif a == sp.E:
                terms += by
            else:
                terms += product(by, atom(sp.log(a)))
        return terms if rest == 1 else terms + atom(sp.log(rest))


def _lowest(a: Any, terms: list[Term]) -> Any:
    """The power of an atom that all terms have, at least."""
    powers = [t.power(a) for t in terms]
    symbolic = powers[0] - constant(powers[0])
    if any(p - constant(p) != symbolic for p in powers):
        return _ZERO
    return symbolic + min(map(constant, powers))


def _times(number: Any, terms: Iterable[Term]) -> list[Term]:
    return [replace(t, coefficient=t.coefficient * number) for t in terms]


__all__ = ["MOST_MULTIPLIED_OUT", "Form", "Powers"]
