"""The functions a definition or a program may use beside SymPy's own exp, log, sqrt, sin, cos and tanh."""

from typing import Any

import sympy as sp
from sympy.concrete.expr_with_limits import ExprWithLimits


class Sigmoid(sp.Function):
    """``sigmoid(x) = 1 / (1 + exp(-x))``."""

    is_real = True
    is_positive = True

    def fdiff(self, argindex: int = 1) -> Any:
        """``sigmoid' = sigmoid (1 - sigmoid)``."""
        x = self.args[0]
        return Sigmoid(x) * (1 - Sigmoid(x))


class Softplus(sp.Function):
    """``softplus(x) = log(1 + exp(x))``."""

    is_real = True
    is_positive = True

    def fdiff(self, argindex: int = 1) -> Any:
        """``softplus' = sigmoid``."""
        return Sigmoid(self.args[0])


class Log1p(sp.Function):
    """``log1p(x) = log(1 + x)``, accurate for small ``x``."""

    is_real = True

    def fdiff(self, argindex: int = 1) -> Any:
        """``log1p' = 1 / (1 + x)``."""
        return 1 / (1 + self.args[0])


class Expm1(sp.Function):
    """``expm1(x) = exp(x) - 1``, accurate for small ``x``."""

    is_real = True

    def fdiff(self, argindex: int = 1) -> Any:
        """``expm1' = exp``."""
        return sp.exp(self.args[0])


class Largest(ExprWithLimits):
    """``Largest(f, (w, 0, V - 1))``: the maximum of ``f`` over ``w``, which it binds as a sum does."""

    is_commutative = True
    is_real = True


class Choose(sp.Function):
    """``Choose(a, b, x, y)``: ``x`` if ``a < b`` else ``y``, where both are the same real function."""


class Slope(sp.Function):
    """``Slope(f, x[i])``: the derivative of ``f`` by one entry, not yet carried out."""


def exponent_of_one_plus_exp(e: Any) -> Any:
    """``t`` for ``1 + exp(t)``, None for anything else."""
    if isinstance(e, sp.Add) and len(e.args) == 2 and e.args[0] == 1 and isinstance(e.args[1], sp.exp):
        return e.args[1].args[0]
    return None


UNFOLDED = {
    Sigmoid: lambda x: 1 / (1 + sp.exp(-x)),
    Softplus: lambda x: sp.log(1 + sp.exp(x)),
    Log1p: lambda x: sp.log(1 + x),
    Expm1: lambda x: sp.exp(x) - 1,
    sp.tanh: lambda x: 1 - 2 / (1 + sp.exp(2 * x)),
}
"""What each function stands for."""


IN_PLACE = frozenset({Expm1, Log1p, sp.cos, sp.exp, sp.log, sp.sin, sp.tanh})
"""Those that are ufuncs of NumPy's own, which can write over their argument."""
