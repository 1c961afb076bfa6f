"""Terms: a rational number times real powers of atoms under the binders of finite sums.

An atom is an entry, a bracket, a function of something in normal form, or the base of a power that cannot be
multiplied out. Powers other than whole numbers belong to atoms that are known to be positive.
"""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

import sympy as sp

from w2v_verified.symbolic.algebra.work import spend
from w2v_verified.symbolic.language.errors import LimitError
from w2v_verified.symbolic.language.indices import free_indices

Factors: TypeAlias = dict[Any, Any]

_ZERO = sp.Integer(0)
_MOST_TERMS = 20_000
_MOST_FACTORED = 10**15


@dataclass(frozen=True)
class Term:
    """``coefficient * sum over binders of the product of atom ** power``.

    It is ``unsettled`` if an index was replaced inside an atom, which may no longer be in normal form.
    """

    coefficient: Any
    factors: Factors
    binders: tuple[Any, ...] = ()
    unsettled: bool = False

    def times(self, other: "Term") -> "Term":
        """The product; binders of both are distinct because every bound index was named afresh."""
        factors = merged(itertools.chain(self.factors.items(), other.factors.items()))
        return Term(
            self.coefficient * other.coefficient,
            factors,
            self.binders + other.binders,
            self.unsettled or other.unsettled,
        )

    def power(self, atom: Any) -> Any:
        """The power of an atom, 0 if it does not occur."""
        return self.factors.get(atom, _ZERO)

    def without(self, *atoms: Any) -> "Term":
        """The same term without some of its factors."""
        left = {a: p for a, p in self.factors.items() if a not in atoms}
        return Term(self.coefficient, left, self.binders, self.unsettled)


ONE = Term(sp.Integer(1), {})


def number(value: Any) -> list[Term]:
    """A rational number as terms."""
    return [Term(value, {})] if value != 0 else []


def atom(e: Any, power: Any = 1) -> list[Term]:
    """A power of an atom as terms."""
    return [Term(sp.Integer(1), {e: sp.sympify(power)})]


def merged(factors: Iterable[tuple[Any, Any]]) -> Factors:
    """Factors with the powers of equal atoms added up."""
    found: Factors = {}
    for base, power in factors:
        found[base] = found.get(base, _ZERO) + power
    return {a: p for a, p in found.items() if p != 0}


def product(left: Iterable[Term], right: Iterable[Term]) -> list[Term]:
    """All products of a term of ``left`` with a term of ``right``.

    Raises:
        LimitError: There are too many.
    """
    left, right = list(left), list(right)
    if len(left) * len(right) > _MOST_TERMS:
        raise LimitError(f"multiplied out it has more than {_MOST_TERMS:,} terms, a limit of the prover")
    spend(len(left) * len(right))
    return [a.times(b) for a, b in itertools.product(left, right)]


def joined(terms: Iterable[Term]) -> Any:
    """The SymPy expression of reduced terms."""
    return sp.Add(*[t.coefficient * sp.Mul(*[a**p for a, p in t.factors.items()]) for t in terms])


def indices_in(base: Any, power: Any) -> frozenset[Any]:
    """The free indices of a factor."""
    return free_indices(base) if power.is_number else free_indices(base) | free_indices(power)


def constant(power: Any) -> Any:
    """The number in a power that may have symbols, the 1/2 of ``k + 1/2``."""
    return power if power.is_Rational else power.as_coeff_Add()[0]


def power_of_number(base: Any, exponent: Any) -> Term:
    """A power of a rational number, by prime factors where it is no whole power of a positive one."""
    if exponent.is_Integer:
        return Term(base**exponent, {})
    if max(base.p, base.q) > _MOST_FACTORED:
        return Term(sp.Integer(1), {base: exponent})
    primes = {**sp.factorint(base.p), **{p: -n for p, n in sp.factorint(base.q).items()}}
    return folded(Term(sp.Integer(1), {sp.Integer(p): n * exponent for p, n in primes.items() if p != 1}))


def folded(term: Term) -> Term:
    """Whole powers of numbers among the factors as part of the coefficient."""
    coefficient, factors = term.coefficient, dict(term.factors)
    for base, power in term.factors.items():
        if base.is_Rational:
            whole = sp.floor(constant(power))
            coefficient *= base**whole
            factors[base] = power - whole
    kept = {a: p for a, p in factors.items() if p != 0}
    return Term(coefficient, kept, term.binders, term.unsettled)
