"""A normal form for index expressions, and equality decided by it.

Products are multiplied out, sums moved outwards, brackets ``[w = o]`` collapsed, factors that do not
depend on a binder leave its sum, bound indices are named canonically, powers are told by what their bases
share (`powers`). Everything else (a function of something, a denominator, the base of a root) is an atom whose
inside is in normal form itself. Functions that exponentials spell are written by them where their rules are
switched on. Two expressions are equal when their difference has no term left once denominators are cleared.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import sympy as sp

from w2v_verified.symbolic.algebra.brackets import by_strict_order, one_to_one, ordered, orthonormal, picked
from w2v_verified.symbolic.algebra.context import Context
from w2v_verified.symbolic.algebra.division import divided
from w2v_verified.symbolic.algebra.fixed_sizes import at_sizes, counted_out
from w2v_verified.symbolic.algebra.powers import MOST_MULTIPLIED_OUT, Powers
from w2v_verified.symbolic.algebra.sums import summed
from w2v_verified.symbolic.algebra.terms import (
    ONE,
    Term,
    atom,
    constant,
    joined,
    number,
    product,
)
from w2v_verified.symbolic.algebra.work import counted, extent, spend
from w2v_verified.symbolic.language.equation import names_used
from w2v_verified.symbolic.language.errors import LimitError, ProofError
from w2v_verified.symbolic.language.functions import (
    ROUGH,
    Abs,
    Log1p,
    Relu,
    Sigmoid,
    Sign,
    Softplus,
    UnitStep,
    exponent_of_one_plus_exp,
    unfolded,
)
from w2v_verified.symbolic.language.indices import (
    bound_indices,
    canonical,
    free_indices,
    fresh,
    label_of,
    largest,
    numbered_apart,
    substitute,
)
from w2v_verified.symbolic.language.operators import BRACKETS, Below, Choose, Larger, Largest, Slope, Upto

_ONE, _ZERO = sp.Integer(1), sp.Integer(0)
_MOST_DENOMINATORS = 12
_MOST_REDUCTIONS = 50_000
_NOT_SMOOTH = (sp.Derivative, sp.Subs, Largest, Choose, Slope)


_KINKS = "KINKS"
"""Switched on in what is differentiated: nothing is taken for what has its values, but not its derivative at a kink."""


def equal(left: Any, right: Any, context: Context) -> bool:
    """Whether ``left = right`` follows from the algebra of finite sums and the rules switched on."""
    return vanishes(left - right, context)


@counted(4096)
def normal(expression: Any, context: Context) -> Any:
    """``expression`` in normal form."""
    with numbered_apart(expression):
        return canonical(joined(_NormalForm(context).collected(expression)))


@counted(1024)
def vanishes(expression: Any, context: Context) -> bool:
    """Whether ``expression`` is 0 for every size of every axis and every admissible input.

    Raises:
        ProofError: It is too large, or uses a derivative that cannot be taken.
    """
    form = _NormalForm(context)
    with numbered_apart(expression):
        terms = form.collected(expression)
        for _ in range(_MOST_DENOMINATORS):
            denominator = next(
                (a for t in terms for a, p in t.factors.items() if isinstance(a, sp.Add) and constant(p) < 0),
                None,
            )
            if not terms or denominator is None:
                break
            terms = form.settled(form.reduced(form.cleared(terms, denominator)))
        if terms and expression.has(Below) and expression.has(Upto):
            return vanishes(by_strict_order(expression), context)
        return not terms


@dataclass(frozen=True)
class _NormalForm:
    """How expressions get there, with what a context allows."""

    context: Context

    @cached_property
    def powers(self) -> Powers:
        """The laws of powers in it."""
        return Powers(self)

    def normal(self, e: Any) -> Any:
        """``e`` in normal form."""
        return normal(e, self.context)

    def terms(self, e: Any) -> list[Term]:
        """The terms of ``e``, multiplied out, with names of their own for all bound indices."""
        spend(extent(e))
        return self._expanded(fresh(at_sizes(e, self.context.fixed)))

    def collected(self, e: Any) -> list[Term]:
        """The terms of ``e``, reduced and settled."""
        return self.settled(self.reduced(self.terms(e)))

    def settled(self, terms: list[Term]) -> list[Term]:
        """The terms, reduced again for as long as an index was replaced inside an atom."""
        while any(t.unsettled for t in terms):
            terms = self.reduced(self.terms(joined(terms)))
        return terms

    def reduced(self, given: Iterable[Term]) -> list[Term]:
        """The terms without binders, like terms added up, in an order that depends on nothing else."""
        sums: dict[Any, Term] = {}
        waiting = list(given)[::-1]
        steps = 0
        while waiting:
            steps += 1
            if steps > _MOST_REDUCTIONS:
                raise LimitError(
                    f"its normal form takes more than {_MOST_REDUCTIONS:,} steps, a limit of the prover"
                )
            spend(sum(map(extent, waiting[-1].factors)))
            term = one_to_one(ordered(waiting.pop()), self.context)
            term = orthonormal(picked(term, self.context), self.context)
            rewritten = self._rewritten(term)
            if rewritten is not None:
                waiting += rewritten[::-1]
                continue
            term = counted_out(summed(term), self.context.fixed)
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

    def _rewritten(self, term: Term) -> list[Term] | None:
        """The term by others that are nearer to the normal form; None if it is there."""
        for base, power in term.factors.items():
            whole = sp.floor(constant(power))
            if isinstance(base, sp.Add | sp.Mul) and 1 <= whole <= MOST_MULTIPLIED_OUT:
                left = power - whole
                rest = term.without(base).times(Term(sp.Integer(1), {base: left} if left != 0 else {}))
                return product([rest], self.terms(sp.Pow(base, whole)))
            if (
                isinstance(base, sp.sin)
                and power.is_Integer
                and power >= 2
                and "FUNCTION" in self.context.rules
            ):
                rest = term.times(Term(sp.Integer(1), {base: sp.Integer(-2)}))
                return [rest, rest.times(Term(sp.Integer(-1), {sp.cos(base.args[0]): sp.Integer(2)}))]
            if isinstance(base, Abs) and power.is_Integer and power >= 2:
                rest = term.times(Term(sp.Integer(1), {base: sp.Integer(-2)}))
                return product([rest], self.terms(base.args[0] ** 2))
            fewer = self._repeated(base, power)
            if fewer is not None:
                return [term.without(base).times(Term(sp.Integer(1), {base: fewer} if fewer else {}))]
        return divided(term, lambda base: self.terms(base), self.context.positive)

    def _repeated(self, base: Any, power: Any) -> Any:
        """The lower power of a step that is the same, if there is one: its values are 0 and 1, or -1."""
        if isinstance(base, UnitStep) and power.is_Integer and power >= 2:
            return sp.Integer(1)
        if isinstance(base, Sign) and power.is_Integer and power >= 2:
            return None if power == 2 else 2 - power % 2
        return None

    def cleared(self, terms: list[Term], denominator: Any) -> list[Term]:
        """All ``terms`` multiplied by the power of ``denominator`` that leaves none of it below a line."""
        power = max(sp.ceiling(-constant(t.power(denominator))) for t in terms)
        cleared: list[Term] = []
        for term in terms:
            left = term.power(denominator) + power
            whole = max(sp.floor(constant(left)), _ZERO)
            bare = term.without(denominator).times(Term(sp.Integer(1), {denominator: left - whole}))
            bare = replace(bare, factors={a: p for a, p in bare.factors.items() if p != 0})
            cleared += product([bare], self.terms(sp.Pow(denominator, whole)))
        return cleared

    def _expanded(self, e: Any) -> list[Term]:
        """The terms of ``e``, whose bound indices all have names of their own."""
        if e.is_Rational:
            return number(e)
        if isinstance(e, sp.Add):
            return [t for a in e.args for t in self._expanded(a)]
        if isinstance(e, sp.Mul):
            terms = [ONE]
            for a in e.args:
                terms = product(terms, self._expanded(a))
            return terms
        if isinstance(e, sp.Sum):
            binders = bound_indices(e)
            return [replace(t, binders=t.binders + binders) for t in self._expanded(e.function)]
        if isinstance(e, sp.Pow):
            return self._by_cases(e) or self.powers.power(e.base, e.exp)
        if isinstance(e, sp.Indexed | sp.Symbol):
            return self._name(e)
        if isinstance(e, BRACKETS) or e == sp.pi:
            return atom(e)
        if isinstance(e, Larger):
            return self._larger(*map(self.normal, e.args))
        return self._by_cases(e) or self._function(e)

    def _by_cases(self, e: Any) -> list[Term] | None:
        """A function, or a power, of a bracket: ``f([b]) = [b] f(1) + (1 - [b]) f(0)``; None if there is none in it."""
        if isinstance(e, Slope | Largest | Choose) or (
            isinstance(e, sp.Pow) and e.exp.is_Integer and e.exp > 0
        ):
            return None
        free = free_indices(e)
        told = [b for b in e.atoms(*BRACKETS) if free_indices(b) <= free]
        if not told:
            return None
        b = min(told, key=sp.default_sort_key)
        return self.terms(b * e.xreplace({b: _ONE}) + (1 - b) * e.xreplace({b: _ZERO}))

    def _name(self, e: Any) -> list[Term]:
        """An entry or a scalar: itself, or what it was defined to be."""
        known = self.context.definitions.get(label_of(e)) if "UNFOLD" in self.context.rules else None
        if known is None:
            return atom(e)
        at = e.indices if isinstance(e, sp.Indexed) else ()
        return self.terms(substitute(known.expression, dict(zip(known.indices, at, strict=True))))

    def _larger(self, f: Any, g: Any) -> list[Term]:
        """``max(V, 1) = V`` where an axis has that many places: one of two numbers, where it is known which."""
        difference = self.normal(f - g)
        known = self.context.positive if _KINKS in self.context.rules else self.context.nonnegative
        if known(difference):
            return self.terms(f)
        if known(-difference):
            return self.terms(g)
        if self._unfolds_kinks:
            return self.terms((f + g + difference * Sign(difference)) / 2)
        return atom(Larger(*sorted((f, g), key=sp.default_sort_key)))

    def _function(self, e: Any) -> list[Term]:
        """A function of something in normal form; the rules switched on say what more is known of it."""
        if isinstance(e, Slope):
            return self._slope(e)
        if isinstance(e, Largest):
            inside = self.normal(e.function)
            for k in bound_indices(e):
                inside = largest(k, inside)
            return atom(canonical(inside))
        if isinstance(e, sp.log):
            argument = e.args[0]
            if "LOG" in self.context.rules:
                return self.powers.logarithm(argument)
            if "SIGMOID" in self.context.rules and (
                argument.has(Sigmoid) or exponent_of_one_plus_exp(argument)
            ):
                return self.powers.logarithm(argument)
        if isinstance(e, Sigmoid) and self.context.rules & {"SIGMOID", "FUNCTION"}:
            return self.terms(unfolded(e))
        if isinstance(e, Softplus) and "SIGMOID" in self.context.rules:
            return self.powers.logarithm(1 + sp.exp(e.args[0]))
        if isinstance(e, Log1p) and "FUNCTION" in self.context.rules and "LOG" in self.context.rules:
            return self.powers.logarithm(1 + e.args[0])
        if isinstance(e, sp.Abs):  # which SymPy makes of the root of a square
            return self._function(Abs(*e.args))
        if isinstance(e, Abs | Relu | Sign | UnitStep):
            return self._by_sign(e, self.normal(e.args[0]))
        meaning = unfolded(e) if "FUNCTION" in self.context.rules else None
        if meaning is not None:
            return self.terms(meaning)
        if isinstance(e, sp.exp) or e == sp.E:
            exponent = self.normal(e.args[0] if e.args else sp.Integer(1))
            return self._by_cases(sp.exp(exponent)) or self.powers.exponential(exponent)
        inside = e.func(*[self.normal(a) for a in e.args])
        told = self._by_cases(inside)
        if told is not None:
            return told
        return atom(inside) if inside.args and inside.func == e.func else self.terms(inside)

    def _by_sign(self, e: Any, x: Any) -> list[Term]:
        """A function with a kink or a jump at 0, of something in normal form, by the sign of that where it is known."""
        if _KINKS not in self.context.rules and self.context.nonnegative(x) and isinstance(e, Abs | Relu):
            return self.terms(x)
        if self.context.positive(x):
            return [ONE]
        if _KINKS not in self.context.rules and self.context.nonnegative(-x) and not isinstance(e, Sign):
            return self.terms(-x) if isinstance(e, Abs) else []
        if self.context.positive(-x):
            return number(sp.Integer(-1))
        made = unfolded(e) if self._unfolds_kinks else None
        if made is not None:
            return self.terms(made)
        made = e.func(x)
        return atom(made) if made.func == e.func and made.args[0] == x else self._expanded(made)

    @property
    def _unfolds_kinks(self) -> bool:
        return "FUNCTION" in self.context.rules and _KINKS not in self.context.rules

    def _slope(self, e: Any) -> list[Term]:
        """A derivative, carried out where its rule is allowed: names that depend on the entry are unfolded in it."""
        by = e.args[1]
        inner = self.context.depending_on(label_of(by))
        inner = inner.allowing(*inner.rules, _KINKS)
        if "DIFF" not in self.context.rules:
            return atom(Slope(normal(e.args[0], inner), by))
        waiting = names_used([e.args[0]]) & set(inner.definitions)
        if waiting and "UNFOLD" not in self.context.rules:
            raise ProofError(
                f"{', '.join(sorted(waiting))}: depends on {label_of(by)}, so DIFF needs UNFOLD beside it"
            )
        made = sp.diff(fresh(normal(e.args[0], inner)), by)
        if made.has(*_NOT_SMOOTH) or e.args[0].has(*ROUGH):
            raise ProofError(f"the derivative by {label_of(by)} is not defined everywhere")
        return self.terms(made)


__all__ = ["equal", "normal", "vanishes"]
