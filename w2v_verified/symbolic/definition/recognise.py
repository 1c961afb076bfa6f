"""Functions in disguise: exponentials and logarithms that spell a sigmoid, a softplus, a log1p or an expm1.

Applied to a definition before it is differentiated and to the derivatives after, by the facts in `facts`; what comes
out is proved equal to what went in by whoever calls.
"""

from dataclasses import dataclass
from typing import Any

import sympy as sp

from w2v_verified.symbolic.algebra.context import Context
from w2v_verified.symbolic.language.functions import Sigmoid, exponent_of_one_plus_exp
from w2v_verified.symbolic.language.operators import Order
from w2v_verified.symbolic.proof.driver import Rewriting


def recognised(e: Any, context: Context, rewriting: Rewriting) -> Any:
    """``e`` with the functions it spells out called by their names."""
    return _Recognition(context, rewriting).of(e)


@dataclass(frozen=True)
class _Recognition:
    context: Context
    rewriting: Rewriting

    def of(self, e: Any) -> Any:
        if not e.args or isinstance(e, sp.Indexed | sp.KroneckerDelta | Order | sp.Tuple):
            return e
        if isinstance(e, sp.Sum):
            number, rest = self.of(e.function).as_coeff_Mul()
            return number * e.func(rest, *e.limits)
        inside = e.func(*[self.of(a) for a in e.args])
        if isinstance(inside, sp.log):
            return self._logarithm(inside)
        if isinstance(inside, sp.Pow) and inside.exp == -1:
            t = exponent_of_one_plus_exp(inside.base)
            return inside if t is None else self.rewriting.apply("SIGMOID", inside, {"m": -t})
        if isinstance(inside, sp.Pow) and isinstance(inside.base, sp.Mul) and not inside.exp.is_Integer:
            return self._power(inside)
        if isinstance(inside, sp.Pow):
            return self._inverse(inside)
        if isinstance(inside, sp.Mul):
            return self._product(inside)
        if isinstance(inside, sp.Add):
            return self._sum(inside)
        return inside

    def _logarithm(self, e: Any) -> Any:
        if not isinstance(e, sp.log):
            return e
        argument, positive = e.args[0], self.context.positive
        t = exponent_of_one_plus_exp(argument)
        if t is not None:
            return self.rewriting.apply("SOFTPLUS", e, {"m": t})
        if isinstance(argument, Sigmoid):
            return self.rewriting.apply("LOG-SIGMOID", e, {"m": argument.args[0]})
        if isinstance(argument, sp.exp):
            return argument.args[0]
        if isinstance(argument, sp.Mul) and all(map(positive, argument.args)):
            first, rest = argument.args[0], argument.func(*argument.args[1:])
            made = self.rewriting.apply("LOG-PRODUCT", e, {"r": first, "s": rest})
            return sp.Add(*[self._logarithm(term) for term in sp.Add.make_args(made)])
        if isinstance(argument, sp.Pow) and positive(argument.base):
            made = self.rewriting.apply("LOG-POWER", e, {"r": argument.base, "m": argument.exp})
            return made / sp.log(argument.base) * self._logarithm(sp.log(argument.base))
        if isinstance(argument, sp.Add) and argument.args[0] == 1 and len(argument.args) > 1:
            return self.rewriting.apply("LOG-OF-ONE-PLUS", e, {"h": argument - 1})
        return e

    def _power(self, e: Any) -> Any:
        """``(r exp(x))**h = r**h exp(h x)`` for positive r."""
        factors = {f: isinstance(f, sp.exp) for f in e.base.args}
        others = sp.Mul(*(f for f, exponential in factors.items() if not exponential))
        if not any(factors.values()) or not self.context.positive(others):
            return e
        exponent = sp.Add(*(f.args[0] for f, exponential in factors.items() if exponential))
        made = self.rewriting.apply("POWER-OF-EXP", e, {"r": others, "m": exponent, "h": e.exp})
        return sp.Mul(*map(self._inverse, sp.Mul.make_args(made)))

    def _inverse(self, e: Any) -> Any:
        """``(1 / r)**h = r**-h`` for positive r."""
        inverse = isinstance(e, sp.Pow) and isinstance(e.base, sp.Pow) and e.base.exp == -1
        return e.base.base**-e.exp if inverse and self.context.positive(e.base.base) else e

    def _product(self, e: Any) -> Any:
        """``exp(x) sigmoid(-x) = sigmoid(x)``."""
        for s in e.args if isinstance(e, sp.Mul) else ():
            if isinstance(s, Sigmoid) and sp.exp(-s.args[0]) in e.args:
                return self._product(self.rewriting.apply("SIGMOID-RATIO", e, {"m": -s.args[0]}))
        return e

    def _sum(self, e: Any) -> Any:
        """``c - c sigmoid(x) = c sigmoid(-x)`` and ``exp(x) - 1 = expm1(x)``."""
        for term in sorted(e.args, key=sp.default_sort_key) if isinstance(e, sp.Add) else ():
            for s in sorted(term.atoms(Sigmoid), key=sp.default_sort_key):
                c = -term / s
                if not c.has(s) and c in e.args and c != 0:
                    return self._sum(self.rewriting.apply("ONE-MINUS-SIGMOID", e, {"m": s.args[0]}, times=c))
            if isinstance(term, sp.exp) and sp.Integer(-1) in e.args:
                return self._sum(self.rewriting.apply("EXP-MINUS-ONE", e, {"m": term.args[0]}))
        return e
