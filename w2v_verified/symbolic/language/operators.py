"""What an expression is made of beside the functions of the table: maxima, brackets of indices, choices, slopes."""

from typing import Any

import sympy as sp
from sympy.concrete.expr_with_limits import ExprWithLimits

from w2v_verified.notation import LanguageError
from w2v_verified.symbolic.language.functions import KINDS, Sign, function_of


class Largest(ExprWithLimits):
    """``Largest(f, (w, 0, V - 1))``: the maximum of ``f`` over ``w``, which it binds as a sum does."""

    is_commutative = True
    is_real = True


class Larger(sp.Function):
    """``Larger(f, g)``: the larger of two numbers, ``max(f, g)`` in the notation."""

    is_real = True
    kink = "the derivative of max(x, y) where both are equal is half of each side's"

    @classmethod
    def eval(cls, f: Any, g: Any) -> Any:
        """That of two numbers is one of them."""
        if f.is_Rational and g.is_Rational:
            return max(f, g)
        return f if f == g else None

    def fdiff(self, argindex: int = 1) -> Any:
        """All, half or nothing."""
        f, g = self.args
        return (1 + Sign(f - g if argindex == 1 else g - f)) / 2


class Order(sp.Function):
    """A bracket that asks which of two indices comes first."""

    is_integer = True
    is_nonnegative = True

    def _eval_derivative(self, _: Any) -> Any:
        return sp.Integer(0)


class Below(Order):
    """``Below(i, j)``: 1 where the index ``i`` comes before ``j``, 0 elsewhere."""

    @classmethod
    def eval(cls, i: Any, j: Any) -> Any:
        """Nothing comes before itself."""
        return sp.Integer(0) if i == j else None


class Upto(Order):
    """``Upto(i, j)``: 1 where the index ``i`` comes before ``j`` or is ``j``, 0 elsewhere."""

    @classmethod
    def eval(cls, i: Any, j: Any) -> Any:
        """Everything comes up to itself."""
        return sp.Integer(1) if i == j else None


BRACKETS = (sp.KroneckerDelta, Below, Upto)
"""What is 1 where two indices stand in some relation, and 0 elsewhere."""


def compared(relation: str, left: Any, right: Any) -> Any:
    """The bracket ``(left relation right)``."""
    match relation:
        case "==":
            return sp.KroneckerDelta(left, right)
        case "!=":
            return 1 - sp.KroneckerDelta(left, right)
        case "<":
            return Below(left, right)
        case ">":
            return Below(right, left)
        case "<=":
            return Upto(left, right)
        case ">=":
            return Upto(right, left)
        case _:
            raise LanguageError(f"{relation}: no relation of indices")


def opposite(b: Any) -> Any:
    """The bracket that holds where ``b``, a bracket or 1 minus one, does not."""
    if isinstance(b, Order):
        i, j = b.args
        return Below(j, i) if isinstance(b, Upto) else Upto(j, i)
    return 1 - b


class Choose(sp.Function):
    """``Choose(a, b, x, y)``: ``x`` if ``a < b`` else ``y``, where both are the same real function."""


class Slope(sp.Function):
    """``Slope(f, x[i])``: the derivative of ``f`` by one entry, not yet carried out."""


def kinks(e: Any) -> dict[str, None]:
    """Where the functions in ``e`` have no derivative, and what is taken for it there, a sentence each."""
    rows = {row.kink: None for row in map(function_of, e.atoms(*KINDS)) if row is not None and row.kink}
    sizes = all(x.is_integer for f in e.atoms(Larger) for x in f.free_symbols)
    return rows | ({} if sizes else {Larger.kink: None})
