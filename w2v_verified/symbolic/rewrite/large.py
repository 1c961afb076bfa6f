"""Exponentials that may leave the range of numbers, and the pass that writes them out where they are factors.

``r * e`` with ``e = exp(s)`` is not a number where e is infinite and r is 0; ``r * exp(s)`` is computed with care. A
table of exponentials that is a factor of a matrix product keeps its name: care would cost the product. What the pass
makes is proved equal to what it is given.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import sympy as sp

from w2v_verified.symbolic.algebra.context import Context
from w2v_verified.symbolic.language.equation import Equation, names_used
from w2v_verified.symbolic.language.indices import (
    BINDERS,
    bound_indices,
    canonical,
    fresh,
    label_of,
    running,
    substitute,
)
from w2v_verified.symbolic.language.naming import Namer
from w2v_verified.symbolic.language.text import bracket
from w2v_verified.symbolic.proof.program import Program, opened, prove_same

__all__ = ["may_be_large", "written_out"]


def may_be_large(program: Program, context: Context) -> Callable[[Any], bool]:
    """What tells exponents that have no upper bound and no shift.

    A shift by the size of terms with weights is none: an exponent may be large where its weight is small.
    """
    known = context.defining(*program.statements)
    weighing: set[str] = set()
    for s in program.statements:
        if s.name in {h.name for h in program.helpers} and (
            s.expression.has(sp.log) or names_used([s.expression]) & weighing
        ):
            weighing.add(s.name)
    shifts = program.shifts.union(*({s.m, s.s} for s in program.softmaxes if s.shifted)) - weighing

    def told(h: Any) -> bool:
        return bool(known.range_of(h).high == sp.oo) and names_used([h]).isdisjoint(shifts)

    return told


def written_out(program: Program, context: Context, namer: Namer) -> Program:
    """The program with large exponentials, and not their names, as factors and divisors.

    A sum of exponentials beside one is multiplied out, so that each is taken together with it; a sum over an axis
    beside one gets a name.

    Raises:
        ProofError: What it makes is not proved equal.
    """
    tables = {name for s in program.statements for name in _multiplied(s.expression)}
    named = {s.name: s for s in program.statements if s.name not in tables}
    pass_ = _WritingOut(named, may_be_large(program, context), namer)

    def changed(s: Equation) -> Equation:
        return replace(s, expression=canonical(pass_.of(fresh(s.expression))))

    parts = [tuple(map(changed, part)) for part in (program.stages, program.helpers, program.outputs)]
    stages, helpers, outputs = parts
    after = replace(program, stages=stages, helpers=(*helpers, *namer.taken_helpers()), outputs=outputs)
    if after == program:
        return program
    prove_same(opened(program, pass_.used), opened(after, pass_.used), context)
    return after


def _multiplied(e: Any) -> set[str]:
    """The names of tables in matrix products: ``sum_k A[n, k] x[k]``."""
    found: set[str] = set()
    for s in e.atoms(sp.Sum):
        entries = [f for f in sp.Mul.make_args(s.function) if isinstance(f, sp.Indexed)]
        over = set(bound_indices(s))
        for table in entries:
            others = [
                x for x in entries if x != table and running(x) & over and not running(x) >= running(table)
            ]
            if len(running(table)) > 1 and others:
                found.add(label_of(table))
    return found


@dataclass
class _WritingOut:
    """``used`` are the names that were written out."""

    statements: dict[str, Equation]
    large: Callable[[Any], bool]
    namer: Namer
    used: set[str] = field(default_factory=set)

    def of(self, e: Any) -> Any:
        """``e`` with the exponentials that are factors in it."""
        if not e.args or isinstance(e, sp.Indexed):
            return e
        if isinstance(e, BINDERS):
            return e.func(self.of(e.function), *e.limits)
        if isinstance(e, sp.Mul):
            return self._product([self.of(f) for f in e.args])
        parts = [self.of(a) for a in e.args]
        if isinstance(e, sp.log) or (isinstance(e, sp.Pow) and not isinstance(e, sp.exp)):
            parts[0] = self._meaning(parts[0])
        return e.func(*parts)

    def _product(self, factors: list[Any]) -> Any:
        others = [f for f in factors if not f.is_number and bracket(f) is None]
        if len(others) < 2:
            return sp.Mul(*factors)
        factors = [self._meaning(f) for f in factors]
        if any(map(self._is_large, factors)):
            factors = [self._meaning(f, small=True) for f in factors]
        exponentials = [f for f in factors if isinstance(f, sp.exp)]
        exponent = sp.Add(*(f.args[0] for f in exponentials))
        together = sp.exp(exponent)
        rest = [f for f in factors if f not in exponentials]
        spread = next((f for f in rest if isinstance(f, sp.Add) and any(map(self._has_large, f.args))), None)
        if spread is not None:
            left = [f for f in (*rest, together) if f != spread]
            with_exponentials = [t for t in spread.args if self._has_large(t)]
            terms = [self._product([*left, *sp.Mul.make_args(t)]) for t in with_exponentials]
            return sp.Add(*terms, self._product([*left, spread - sp.Add(*with_exponentials)]))
        over = next((f for f in rest if isinstance(f, sp.Sum) and self._has_large(f.function)), None)
        if over is not None:
            body = self._product(
                [*sp.Mul.make_args(over.function), *(self._apart(f) for f in rest if f != over), together]
            )
            return over.func(body, *over.limits)
        if len(exponentials) == len(others) or not self.large(exponent):
            return sp.Mul(*rest, together)
        return sp.Mul(together, *map(self._apart, rest))

    def _apart(self, f: Any) -> Any:
        """A sum over an axis by name, any other factor as it is."""
        named = isinstance(f, BINDERS)
        return self.namer.helper("inner", tuple(sorted(running(f), key=str)), f) if named else f

    def _has_large(self, term: Any) -> bool:
        return any(self._is_large(self._meaning(f, look=True)) for f in sp.Mul.make_args(term))

    def _is_large(self, f: Any) -> bool:
        return isinstance(f, sp.exp) and self.large(f.args[0])

    def _meaning(self, x: Any, look: bool = False, small: bool = False) -> Any:
        """The large exponential that a name, or a power of one, stands for; ``x`` where it stands for none.

        Any exponential will do if it may be ``small``.
        """
        e, n = x.as_base_exp() if isinstance(x, sp.Pow) and not isinstance(x, sp.exp) else (x, sp.Integer(1))
        read = set()
        while isinstance(e, sp.Indexed | sp.Symbol) and label_of(e) in self.statements:
            known = self.statements[label_of(e)]
            read.add(known.name)
            at = e.indices if isinstance(e, sp.Indexed) else ()
            e = substitute(known.expression, dict(zip(known.indices, at, strict=True)))
        if not read or not (self._is_large(e) or (small and isinstance(e, sp.exp))):
            return x
        self.used |= set() if look else read
        return e**n
