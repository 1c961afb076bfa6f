"""The terms of a sum of squares: each is a factor that is not negative times the square of a root."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sympy as sp

from w2v_verified.symbolic.algebra.context import Context
from w2v_verified.symbolic.language.functions import Abs
from w2v_verified.symbolic.language.indices import Frame, bound_indices
from w2v_verified.symbolic.language.products import without
from w2v_verified.symbolic.language.text import bracket

__all__ = ["Term", "terms_of"]

_ONE = sp.Integer(1)


@dataclass(frozen=True)
class Term:
    """``factor * root**2``, summed over ``over``, where ``brackets`` hold.

    It is ``factor`` alone, and has no root, where it is no square.
    """

    over: Frame
    brackets: Any
    factor: Any
    root: Any | None

    @property
    def size(self) -> Any:
        """The root of the term, without numbers; near it where it is a number itself."""
        number, rest = self.factor.as_coeff_Mul()
        weights = sp.Mul(*(f for f in sp.Mul.make_args(rest) if not (f.is_integer and f.is_Symbol)))
        weight = sp.sqrt(weights).replace(sp.Abs, Abs)  # which SymPy makes of the root of a square
        if self.root is not None:
            return weight * self.brackets * Abs(self.root)
        return self.brackets * sp.Integer(10) ** round(sp.log(number, 10).evalf() / 2) * weight


def terms_of(e: Any, context: Context) -> list[Term] | None:
    """The terms of a sum of squares; None where one may be negative, or is a product of sums."""
    found = list(_terms(e, (), _ONE, context))
    return None if None in found else [t for t in found if t is not None]


def _terms(e: Any, over: Frame, beside: Any, context: Context) -> Iterator[Term | None]:
    if isinstance(e, sp.Add) and bracket(e) is None:
        for t in e.args:
            yield from _terms(t, over, beside, context)
    elif isinstance(e, sp.Sum):
        yield from _terms(e.function, (*over, *bound_indices(e)), beside, context)
    else:
        factors = sp.Mul.make_args(e)
        squares = [f for f in factors if _is_square(f)]
        sums = [
            f for f in factors if isinstance(f, sp.Sum | sp.Add) and bracket(f) is None and not f.is_number
        ]
        weights = [f for f in factors if f not in squares and f not in sums]
        beside *= sp.Mul(*weights)
        if len(sums) + len(squares) > max(1, len(squares)) or not all(map(context.nonnegative, weights)):
            yield None
        elif sums:
            yield from _terms(sums[0], over, beside, context)
        else:
            brackets = sp.Mul(*(f for f in sp.Mul.make_args(beside) if bracket(f) is not None))
            root = sp.Mul(*(f.base ** (f.exp / 2) for f in squares)) if squares else None
            yield Term(over, brackets, without(beside, *sp.Mul.make_args(brackets)), root)


def _is_square(f: Any) -> bool:
    whole = isinstance(f, sp.Pow) and f.exp.is_Integer and not f.base.is_number
    return bool(whole and f.exp > 0 and f.exp % 2 == 0)
