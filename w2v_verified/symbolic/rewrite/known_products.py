"""The pass that reads a product, or a quotient, where a statement has computed it already.

Where ``p[t, r] = e[t, r] / Z[t]``, the term ``e[t, r] * x[t, r] / Z[t] ** 2`` is ``p[t, r] * x[t, r] / Z[t]``. Factors
in front of a sum go into it where what is read is inside. What the pass makes is proved equal to what it is given.
"""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import sympy as sp

from w2v_verified.symbolic.algebra.context import Context
from w2v_verified.symbolic.language.equation import Equation
from w2v_verified.symbolic.language.indices import (
    BINDERS,
    Frame,
    axis_of,
    bound_indices,
    canonical,
    free_indices,
    fresh,
    running,
)
from w2v_verified.symbolic.language.naming import Namer, entry
from w2v_verified.symbolic.language.operators import BRACKETS, Choose
from w2v_verified.symbolic.proof.program import Program, opened, prove_same
from w2v_verified.symbolic.rewrite.powers import powers_of, product_of


def known_products(program: Program, context: Context, _: Namer) -> Program:
    """The program with each product that is the value of an earlier statement read from there; it makes no names."""
    known: list[_Known] = []
    used: set[str] = set()
    made: dict[str, Equation] = {}
    for s in program.statements:
        terms = [_read(t, known, used) for t in sp.Add.make_args(fresh(s.expression))]
        made[s.name] = replace(s, expression=canonical(sp.Add(*terms)))
        product = _known(made[s.name])
        if product is not None:
            known.append(product)
            known.sort(key=lambda each: -len(each.powers))
    stages, helpers, outputs = (
        tuple(made[s.name] for s in part) for part in (program.stages, program.helpers, program.outputs)
    )
    after = replace(program, stages=stages, helpers=helpers, outputs=outputs)
    if after != program:
        prove_same(opened(program, used), opened(after, used), context)
    return after


@dataclass(frozen=True)
class _Known:
    """A statement that is ``number`` times a product of powers."""

    statement: Equation
    number: Any
    powers: Mapping[Any, Any]

    def at(self, places: Frame) -> dict[Any, Any]:
        """The powers at other indices."""
        renaming = dict(zip(self.statement.indices, places, strict=True))
        return {canonical(b.xreplace(renaming)): p for b, p in self.powers.items()}


def _known(s: Equation) -> _Known | None:
    """A statement as a known product; None if it is none, or does not have the indices of its value alone."""
    e = s.expression
    number, powers = powers_of(e)
    fit = s.indices and len(powers) > 1 and running(e) == set(s.indices)
    return _Known(s, number, powers) if fit and not e.has(*BINDERS, *BRACKETS, Choose) else None


def _read(term: Any, known: list[_Known], used: set[str]) -> Any:
    """A term, at most one factor of which is a sum, with entries of known statements for products in it."""
    sums = [f for f in sp.Mul.make_args(term) if isinstance(f, sp.Sum)]
    if len(sums) > 1:
        return term
    bound = bound_indices(sums[0]) if sums else ()
    number, outside = powers_of(term / sums[0] if sums else term)
    further, inside = powers_of(sums[0].function if sums else sp.Integer(1))
    number *= further
    changed = False
    for product in known:
        while (found := _place(product, outside, inside, bound)) is not None:
            places, divided = found, number / product.number
            within = any(i in bound for i in places) or not set(product.at(places)) <= set(outside)
            for base, power in product.at(places).items():
                for where in (inside, outside) if within else (outside,):
                    taken = _part(where.get(base, 0), power)
                    where[base] = where.get(base, 0) - taken
                    power -= taken
            where = inside if within else outside
            read = entry(product.statement.name, places)
            where[read] = where.get(read, 0) + 1
            number, changed = divided, True
            used.add(product.statement.name)
    if not changed:
        return term
    body = product_of(inside)
    free = [i for i in bound if i not in free_indices(body)]
    if free:
        return term
    return number * product_of(outside) * (sums[0].func(body, *sums[0].limits) if sums else 1)


def _part(there: Any, power: Any) -> Any:
    """As much of a power as is there."""
    if there * power <= 0:
        return sp.Integer(0)
    return power if abs(there) >= abs(power) else there


def _place(
    product: _Known, outside: Mapping[Any, Any], inside: Mapping[Any, Any], bound: Frame
) -> Frame | None:
    """Indices at which all factors of a known product stand; None if there are none."""
    every = sorted({i for b in (*outside, *inside) for i in running(b)}, key=str)
    for places in _choices(product.statement.indices, every):
        fits = all(
            abs(_part(outside.get(b, 0), p) + _part(inside.get(b, 0), p)) >= abs(p)
            for b, p in product.at(places).items()
        )
        if fits:
            return places
    return None


def _choices(indices: Frame, every: list[Any]) -> Iterator[Frame]:
    """All ways to put other indices over the same axes in place of some, no two the same."""
    for places in itertools.product(*([i for i in every if axis_of(i) == axis_of(k)] for k in indices)):
        if len(set(places)) == len(places):
            yield places
