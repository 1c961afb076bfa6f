"""Sums inside other expressions become stages: each is computed once, and its derivative as well.

What a function, a power or a product is made of becomes a stage as a whole where there is a sum in it, so that the
derivative by it is one of the stages' derivatives, and not one of each term. A sum that is a factor becomes one too.
"""

import itertools
from dataclasses import dataclass
from typing import Any

import sympy as sp

from w2v_verified.symbolic.language.equation import Equation
from w2v_verified.symbolic.language.indices import (
    Frame,
    axis_of,
    bound_indices,
    canonical,
    free_indices,
    fresh,
    is_pointer,
    label_of,
    running,
    substitute,
)
from w2v_verified.symbolic.language.naming import Namer
from w2v_verified.symbolic.language.operators import Order
from w2v_verified.symbolic.proof.driver import naming


def inner_sums(s: Equation, namer: Namer) -> Any:
    """The expression of ``s`` with stages of ``namer`` for the sums inside other expressions.

    Where the value of such a stage stands at an index argument, it is read there.
    """
    made: dict[Any, tuple[Frame, Any]] = {}
    e = _Hoisting(s.name, namer, made).of(fresh(s.expression), s.indices)
    pointers = sorted({i for x in e.atoms(sp.Indexed) for i in x.indices if is_pointer(i)}, key=str)
    for read, (frame, value) in made.items():
        for k, p in itertools.product(frame, pointers):
            if axis_of(k) == axis_of(p) and k not in free_indices(p):
                e = naming((substitute(value, {k: p}), read.xreplace({k: p})))(e)
    return canonical(e)


def frame_of(e: Any, order: Frame) -> Frame:
    """The indices ``e`` has, in the order of those around it."""
    found = running(e)
    rest = sorted(found - set(order), key=lambda i: (axis_of(i), i.name))
    return (*(i for i in order if i in found), *rest)


@dataclass(frozen=True)
class _Hoisting:
    name: str
    namer: Namer
    made: dict[Any, tuple[Frame, Any]]

    def of(self, e: Any, order: Frame, hoist: bool = False) -> Any:
        """``e``, whose indices are in ``order``; sums that it is a sum of become stages if they are to ``hoist``."""
        if isinstance(e, sp.Sum):
            inside = self._summed(e, order)
            return self._stage(inside, order) if hoist and not _is_of_exponentials(inside) else inside
        if not e.has(sp.Sum) or isinstance(e, sp.Indexed | sp.KroneckerDelta | Order):
            return e
        if isinstance(e, sp.Add):
            return e.func(*[self.of(a, order, hoist) for a in e.args])
        if isinstance(e, sp.Mul):
            return self._product(e, order, hoist)
        return e.func(*[self._part(a, order, self._called(e, a)) for a in e.args])

    def _summed(self, e: Any, order: Frame) -> Any:
        bound = tuple(reversed(bound_indices(e)))
        return e.func(self.of(e.function, (*order, *bound), hoist=True), *e.limits)

    def _product(self, e: Any, order: Frame, hoist: bool) -> Any:
        with_sums = [f for f in e.args if f.has(sp.Sum)]
        if len(with_sums) > 1:
            return e.func(*[self._part(f, order) for f in e.args])
        (f,) = with_sums
        scaled = all(s.is_integer for s in (e / f).free_symbols)
        if scaled or not running(f):
            return e / f * self.of(f, order, hoist)
        return e / f * self._part(f, order)

    def _part(self, e: Any, order: Frame, called: str = "inner") -> Any:
        """``e`` as a stage if it is a sum, or one beside other terms; else with stages for the sums in it."""
        if not isinstance(e, sp.Sum | sp.Add) or not e.has(sp.Sum) or _is_of_exponentials(e):
            return self.of(e, order, hoist=True)
        sums = [t for t in sp.Add.make_args(e) if t.has(sp.Sum)]
        sign = -1 if all(t.could_extract_minus_sign() for t in sums) else 1
        return sign * self._stage(self.of(sign * e, order), order, called)

    def _stage(self, e: Any, order: Frame, called: str = "inner") -> Any:
        product = _of_two(e) if called == "inner" else None
        frame = frame_of(e, order)
        read = self.namer.helper(product or called, frame, e)
        self.made[read] = frame, e
        return read

    def _called(self, e: Any, of: Any) -> str:
        """What a stage is called of which ``e`` is a function or a power."""
        squared = isinstance(e, sp.Pow) and e.exp == 2 and isinstance(of, sp.Add)
        if squared and any(t.could_extract_minus_sign() for t in of.args):
            return "residual"
        return "inner" if self.name == "loss" else f"into_{self.name}"


def _is_of_exponentials(e: Any) -> bool:
    return bool(e.has(sp.exp, sp.log))


def _of_two(e: Any) -> str | None:
    """The names of two arrays for the sum of their product."""
    factors = sp.Mul.make_args(e.function) if isinstance(e, sp.Sum) else ()
    entries = [f for f in factors if isinstance(f, sp.Indexed) and not any(map(is_pointer, f.indices))]
    labels = sorted(map(label_of, entries))
    return "_".join(labels) if len(factors) == len(entries) == 2 and len(set(labels)) == 2 else None
