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
    def weight(self) -> Any:
        """The factor without its number."""
        return self.factor.as_coeff_Mul()[1]

    @property
    def size(self) -> Any:
        """The root of the term, in which a number is the next power of ten below its own root."""
        number = self.factor.as_coeff_Mul()[0]
        near = sp.Integer(10) ** sp.floor(sp.log(number, 10) / 2)
        return self.brackets * near * self.root_of_weight * (1 if self.root is None else Abs(self.root))

    @property
    def root_of_weight(self) -> Any:
        """The root of the weight."""
        return sp.sqrt(self.weight).replace(sp.Abs, Abs)  # which SymPy makes of the root of a square


def terms_of(e: Any, context: Context) -> list[Term] | None:
    """The terms of a sum of squares; None where one may be negative, or is a product of sums or of squares.

    What is squared has no powers or functions in it, which may leave the range of numbers by themselves.
    """
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
        if len(sums) + len(squares) > 1 or not all(map(context.nonnegative, weights)):
            yield None
        elif sums:
            yield from _terms(sums[0], over, beside, context)
        else:
            brackets = sp.Mul(*(f for f in sp.Mul.make_args(beside) if bracket(f) is not None))
            root = squares[0].base if squares else None
            yield Term(over, brackets, without(beside, *sp.Mul.make_args(brackets)), root)


def _is_square(f: Any) -> bool:
    return (
        isinstance(f, sp.Pow)
        and f.exp == 2
        and not f.base.is_number
        and not f.base.atoms(sp.Pow, sp.Function)
    )
