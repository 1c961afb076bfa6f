"""A product with a table written by sums whose terms do not wait for another sum over the same axis.

Divisors leave the sum, and what an index argument singles out becomes a column of the table by itself.
"""

from dataclasses import dataclass, replace
from typing import Any

import sympy as sp

from w2v_verified.symbolic.definition.problem import Problem
from w2v_verified.symbolic.language.equation import Equation, names_used
from w2v_verified.symbolic.language.indices import (
    axis_of,
    bound_indices,
    canonical,
    fresh,
    is_pointer,
    label_of,
    running,
    substitute,
    total,
)
from w2v_verified.symbolic.language.naming import Namer, entry
from w2v_verified.symbolic.language.text import split_fraction
from w2v_verified.symbolic.proof.program import Program, prove_same


@dataclass(frozen=True)
class Table:
    """A matrix, one of its axes, and the index argument that points into that axis (None if there is none)."""

    name: str
    axis: str
    pointer: Any

    def entries(self, e: Any) -> list[Any]:
        """The entries of the table in ``e`` that run along the axis."""
        return [f for f in e.atoms(sp.Indexed) if label_of(f) == self.name and self._runs(f)]

    def _runs(self, f: Any) -> bool:
        return any(not is_pointer(i) and axis_of(i) == self.axis for i in f.indices)

    def other_factor(self, e: Any) -> Any:
        """The vector whose product with the table ``e`` is; None if it is no such product."""
        if not isinstance(e, sp.Sum) or len(e.limits) != 1:
            return None
        factors = sp.Mul.make_args(e.function)
        others = [f for f in factors if label_of(f) != self.name] if all(map(_is_entry, factors)) else []
        return others[0] if len(factors) == 2 and len(others) == 1 and len(others[0].indices) == 1 else None


@dataclass(frozen=True)
class Split:
    """The program after it, the divisors that left the sum, and by name what is singled out of each array."""

    program: Program
    divisors: tuple[str, ...]
    singled: dict[str, str]


def split(problem: Problem, program: Program, table: Table, read_off: Equation) -> Split | None:
    """``program`` with the product ``read_off`` written so; None if it cannot be.

    What comes of it is proved equal.
    """
    namer = Namer(problem.taken | program.names, problem.letters, reserved=problem.reserved)
    return _Splitting(problem, program, table, namer).split(read_off)


@dataclass(frozen=True)
class _Splitting:
    problem: Problem
    program: Program
    table: Table
    namer: Namer

    def split(self, read_off: Equation) -> Split | None:
        vector = self.table.other_factor(read_off.expression)
        between = next((s for s in self.program.statements if s.name == label_of(vector)), None)
        terms = None if between is None else self._terms(read_off, self._unfolded(between))
        if terms is None:
            return None
        written, divisors = terms
        singled: dict[str, str] = {}
        statements = self._with(replace(read_off, expression=canonical(written)), singled)
        after = replace(statements, helpers=(*self.namer.taken_helpers(), *statements.helpers))
        prove_same(in_full(self.program), in_full(after), self.problem.context)
        return Split(after, divisors, singled)

    def _unfolded(self, s: Equation) -> Equation:
        """``s`` in terms of what does not wait for a sum over the axis."""
        later: dict[str, Equation] = {}
        for x in self.program.statements:
            summed = [axis_of(i) for f in x.expression.atoms(sp.Sum) for i in bound_indices(f)]
            if self.table.axis in summed or names_used([x.expression]) & set(later):
                later[x.name] = x
        e = s.expression
        while found := [f for f in e.atoms(sp.Indexed) if label_of(f) in later and running(f)]:
            f = found[0]
            x = later[label_of(f)]
            e = e.xreplace({f: substitute(x.expression, dict(zip(x.indices, f.indices, strict=True)))})
        return replace(s, expression=sp.expand_mul(e))

    def _terms(self, read_off: Equation, between: Equation) -> tuple[Any, tuple[str, ...]] | None:
        """The product with what lies between, term by term, and the divisors that left a sum."""
        e = fresh(read_off.expression)
        (w,) = bound_indices(e)
        (column,) = self.table.entries(e)
        written, divisors = sp.Integer(0), []
        for term in sp.Add.make_args(fresh(between.expression).xreplace({between.indices[0]: w})):
            factors = [f for f in sp.Mul.make_args(term) if w in f.free_symbols]
            rest = term / sp.Mul(*factors)
            if len(factors) != 1 or running(rest):
                return None
            if isinstance(factors[0], sp.KroneckerDelta) and self.table.pointer in factors[0].args:
                written += rest * self._column(column.xreplace({w: self.table.pointer}))
                continue
            number, above, below = split_fraction(rest)
            computed = all(f.is_Symbol and f.name in self.program.names for f in below)
            if not _is_entry(factors[0]) or abs(number) != 1 or above or not computed:
                return None
            divisors += [f.name for f in below]
            name = f"{self.table.name}_{label_of(factors[0])}"
            written += rest * self.namer.helper(name, read_off.indices, total(w, column * factors[0]))
        return written, tuple(dict.fromkeys(divisors))

    def _with(self, read_off: Equation, singled: dict[str, str]) -> Program:
        """The program with another product, and what is singled out computed from a column of the table."""

        def changed(s: Equation) -> Equation:
            if s.name == read_off.name:
                return read_off
            e = s.expression
            if self._is_singled(e):
                singled[label_of(e)] = s.name
                e = self._value(e, singled)
            return replace(s, expression=canonical(self._named(e, singled)))

        p = self.program
        stages, helpers, outputs = (tuple(map(changed, part)) for part in (p.stages, p.helpers, p.outputs))
        return replace(p, stages=stages, helpers=helpers, outputs=outputs)

    def _is_singled(self, e: Any) -> bool:
        at_pointer = isinstance(e, sp.Indexed) and e.indices == (self.table.pointer,)
        return at_pointer and label_of(e) in self.program.names

    def _named(self, e: Any, singled: dict[str, str]) -> Any:
        """``e`` with names for what it singles out."""
        for f in sorted(filter(self._is_singled, e.atoms(sp.Indexed)), key=sp.default_sort_key):
            name = f"{label_of(f)}_{label_of(self.table.pointer)}"
            value = self.namer.helper(name, (), self._value(f, singled))
            singled[label_of(f)] = label_of(value)
            e = e.xreplace({f: value})
        return e

    def _value(self, f: Any, singled: dict[str, str]) -> Any:
        """The definition of what is singled out, by a column of the table and others that are."""
        s = next(s for s in self.program.statements if s.name == label_of(f))
        value = substitute(s.expression, {s.indices[0]: self.table.pointer})
        read = [x for x in value.atoms(sp.Indexed) if label_of(x) == self.table.name]
        return self._named(value.xreplace({x: self._column(x) for x in read}), singled)

    def _column(self, x: Any) -> Any:
        """An entry of the column of the table that the index argument points at."""
        left = tuple(i for i in x.indices if i != self.table.pointer)
        return self.namer.helper(f"{self.table.name}_{label_of(self.table.pointer)}", left, x)


def _is_entry(f: Any) -> bool:
    return isinstance(f, sp.Indexed) and not any(map(is_pointer, f.indices))


def in_full(program: Program) -> Program:
    """The program with all names among the helpers, so that a proof unfolds them, and its outputs by other names."""
    outputs = (Equation(f"{o.name} in full", o.indices, entry(o.name, o.indices)) for o in program.outputs)
    return replace(
        program, stages=(), helpers=program.statements, outputs=tuple(outputs), facts=(), softmaxes=()
    )
