"""The pass that shifts exponentials that are added up by the largest exponent, wherever the sum stands.

Below a line or in a logarithm a sum of exponentials overflows, or underflows to 0, where quotients and logarithms of it
do not. Each such sum D gets a number m, the largest of its exponents, and a name Z for ``exp(-m) D``. Then ``log(D)``
is ``m + log(Z)``, and what stands over D takes ``exp(-m)`` into its own exponentials. `shift` has done so before for
the sums whose exponentials are all entries of one stage; here an exponent may be any expression, terms may have none
(their exponent is 0), and a bracket may leave out some. What the pass makes is proved equal for every m.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Any

import sympy as sp

from w2v_verified.symbolic.algebra.context import Context
from w2v_verified.symbolic.language.exponentials import has_exponentials, is_below
from w2v_verified.symbolic.language.functions import Log1p
from w2v_verified.symbolic.language.indices import (
    BINDERS,
    axis_of,
    bound_indices,
    canonical,
    free_indices,
    fresh,
    label_of,
    largest,
    running,
    size,
    substitute,
    total,
)
from w2v_verified.symbolic.language.naming import Namer
from w2v_verified.symbolic.language.operators import BRACKETS, Choose, Larger, opposite
from w2v_verified.symbolic.language.products import without
from w2v_verified.symbolic.language.text import bracket
from w2v_verified.symbolic.proof.driver import Rewriting
from w2v_verified.symbolic.proof.program import Program, proved, without_idle_helpers
from w2v_verified.symbolic.rewrite.exponents import Exponent, divided, exponents_of, joined, pushed

_ZERO, _ONE = sp.Integer(0), sp.Integer(1)


def rescale(program: Program, context: Context, namer: Namer) -> Program:
    """The pass: every sum of exponentials below a line or in a logarithm that may leave the range of numbers."""
    known = context.defining(*program.statements)
    pass_ = _Rescaling(known, namer)
    stages, helpers, outputs = (
        tuple(replace(s, expression=canonical(pass_.of(fresh(s.expression)))) for s in part)
        for part in (program.stages, program.helpers, program.outputs)
    )
    made = tuple(namer.taken_helpers())
    if not made:
        return program
    facts = tuple(dict.fromkeys((*program.facts, *pass_.rewriting.applied)))
    shifts = program.shifts | pass_.shifts
    after = replace(
        program, stages=stages, helpers=(*helpers, *made), outputs=outputs, facts=facts, shifts=shifts
    )
    return proved(program, without_idle_helpers(after), context)


@dataclass
class _Rescaling:
    context: Context
    namer: Namer
    rewriting: Rewriting = field(default_factory=Rewriting)
    shifts: frozenset[str] = frozenset()
    largest_of: dict[Any, list[Exponent]] = field(default_factory=dict)

    def of(self, e: Any) -> Any:
        """``e`` with names for the sums in it that need a shift."""
        if not e.args or isinstance(e, sp.Indexed):
            return e
        if isinstance(e, BINDERS):
            return e.func(self.of(e.function), *e.limits)
        if isinstance(e, sp.log):
            return self._logarithm(e)
        if isinstance(e, Log1p):
            return self._logarithm_of_more(e)
        if isinstance(e, sp.Mul) or is_below(e):
            return self._product(_moved_inside(e))
        if isinstance(e, sp.Add):
            return self._sum(e)
        return e.func(*map(self.of, e.args))

    def _logarithm(self, e: Any) -> Any:
        """``log(D) = m + log(Z)``."""
        found = self._named(e.args[0])
        if found is None:
            return sp.log(self.of(e.args[0]))
        return self._shifted(e.args[0], *found)

    def _logarithm_of_more(self, e: Any) -> Any:
        """``log1p(h) = m + log1p(exp(-m) h + expm1(-m))``, which keeps the digits of a small h.

        Where no term of h need be near its largest exponential, only what would overflow is shifted.
        """
        found = self._named(1 + e.args[0])
        if found is None:
            return Log1p(self.of(e.args[0]))
        m, z = found
        if any(x.weighted for x in self.largest_of[m]):
            return Choose(0, m, self._shifted(1 + e.args[0], m, z), e)
        h = self.namer.helper("beyond", _frame(e), pushed(e.args[0], -m))
        values, scaled = {"h": e.args[0], "m": m}, sp.exp(-m) * e.args[0]
        return self.rewriting.apply("SHIFT-LOG1P", e, values, named=lambda x: x.xreplace({scaled: h}))

    def _shifted(self, d: Any, m: Any, z: Any) -> Any:
        scaled = sp.exp(-m) * d
        return self.rewriting.apply(
            "SHIFT-LOG-OF-TERMS", sp.log(d), {"r": d, "m": m}, named=lambda x: x.xreplace({scaled: z})
        )

    def _sum(self, e: Any) -> Any:
        """The terms; ``c m - c h`` is ``-c (h - m)``, and h - m gets a name, where m is the largest of h and others."""
        made = sp.Add(*map(self.of, e.args))
        shifts = [m for m in made.atoms(sp.Indexed, sp.Symbol) if m in self.largest_of]
        for m in sorted(shifts, key=str):
            c = made.coeff(m)
            h = next((-t / c for t in e.args if c != 0 and self._is_exponent(-t / c, m)), None)
            if h is not None and {c * m, -c * h} <= set(made.args):
                made += c * h - c * m - c * self.namer.helper("gap", _frame(h - m), h - m)
        return made

    def _is_exponent(self, h: Any, m: Any) -> bool:
        """Whether ``h`` is among the exponents that ``m`` is the largest of."""
        return any(_is_instance(h, x) for x in self.largest_of[m])

    def _product(self, e: Any) -> Any:
        """What stands over a sum takes its shift."""
        standing: list[Any] = []
        below: list[tuple[Any, Any]] = []
        for f in sp.Mul.make_args(e):
            found = self._named(f.base) if is_below(f) else None
            if found is None:
                standing.append(f.func(*map(self.of, f.args)) if is_below(f) else self.of(f))
            else:
                below.append((f.exp, found))
        above = sp.Mul(*standing)
        for power, (m, z) in below:
            above = divided(above, m, -power) * z**power
        return joined(above) if isinstance(e, sp.Mul) else above

    def _named(self, d: Any) -> tuple[Any, Any] | None:
        """The shift of a sum, and the name of what is shifted; None if it needs none, or there may be no largest."""
        if not has_exponentials(d) or any(has_exponentials(p.base) for p in d.atoms(sp.Pow) if is_below(p)):
            return None
        exponents = list(exponents_of(d))
        if not self._may_overflow(exponents) or not self.context.positive(d):
            return None
        if any(not self.context.positive(size(axis_of(k))) for x in exponents for k in x.over):
            return None
        largest_one = self._largest(exponents)
        m = self.namer.helper("m", _frame(d), largest_one)
        self.shifts |= {label_of(m)}
        self.largest_of[m] = exponents
        return m, self.namer.helper("Z", _frame(d), pushed(d, -m))

    def _may_overflow(self, exponents: list[Exponent]) -> bool:
        """Whether an exponent is not known to be at most 0 beside another that is 0."""
        highs = [self.context.range_of(x.exponent).high for x in exponents]
        return not (
            all(high <= 0 for high in highs) and any(x.exponent == 0 and not x.weighted for x in exponents)
        )

    def _largest(self, exponents: list[Exponent]) -> Any:
        """The largest of some exponents; those that brackets may leave out are told from one that stands anyway."""
        sure = [x for x in exponents if not x.brackets]
        places = [own for x in exponents if x.brackets for own in _own_places(x)]
        anyway = [_over_indices(x.over, x.size) for x in sorted(sure, key=lambda x: len(x.over))]
        base = next(iter((*places, *anyway)), None)
        parts = [_over_indices(x.over, x.size) for x in sure]
        for x in exponents:
            if x.brackets and base is None:
                parts.append(_over_indices(x.over, x.size))
            elif x.brackets:
                left_in = sp.Mul(*x.brackets)
                left_out = opposite(left_in) if len(x.brackets) == 1 else 1 - left_in
                parts.append(_over_indices(x.over, left_in * x.size + left_out * base))
        return reduce(Larger, dict.fromkeys(parts))


def _frame(e: Any) -> tuple[Any, ...]:
    return tuple(sorted(running(e), key=lambda i: (axis_of(i), i.name)))


def _moved_inside(e: Any) -> Any:
    """``exp(h) sum_k f / D_k = sum_k exp(h) f / D_k``, where the sum below the line depends on k; brackets go along."""
    factors = sp.Mul.make_args(e)
    takes = [f for f in factors if has_exponentials(f) and not isinstance(f, sp.Sum)]
    for s in factors:
        if takes and isinstance(s, sp.Sum) and any(map(_needs_one, sp.Mul.make_args(s.function))):
            along = (*takes, *(f for f in factors if bracket(f) is not None))
            body = sp.Mul(*along) * s.function
            for k in bound_indices(s):
                body = total(k, body)
            return fresh(without(e, s, *along) * body)
    return e


def _needs_one(f: Any) -> bool:
    return is_below(f) and has_exponentials(f.base)


def _over_indices(over: Iterable[Any], e: Any) -> Any:
    for k in over:
        e = largest(k, e)
    return e


def _own_places(x: Exponent) -> list[Any]:
    """The exponents at the places that brackets are known to leave in: ``(j <= i)`` holds at i."""
    if len(x.over) != 1:
        return []
    (k,) = x.over
    sides = [side for b in x.brackets for side in _compared(b) if side != k and k not in free_indices(side)]
    own = [p for p in dict.fromkeys(sides) if all(b.xreplace({k: p}) == 1 for b in x.brackets)]
    return [substitute(x.size, {k: place}) for place in own]


def _compared(b: Any) -> tuple[Any, ...]:
    return tuple(side for x in b.atoms(*BRACKETS) for side in x.args)


def _is_instance(h: Any, x: Exponent) -> bool:
    """Whether ``h`` is the exponent at some places of what it is summed over."""
    if len(x.over) > 1:
        return False
    if not x.over:
        return bool(canonical(h - x.exponent) == 0)
    (k,) = x.over
    entries = [i for e in h.atoms(sp.Indexed) for i in e.indices if axis_of(i) == axis_of(k)]
    return any(canonical(h - substitute(x.exponent, {k: i})) == 0 for i in dict.fromkeys(entries))


__all__ = ["rescale"]
