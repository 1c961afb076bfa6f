"""Which values are ordinary numbers wherever the short road is taken: neither 0, nor too large, nor too small.

Sizes are counted in powers of M, the largest exponential of a moderate value: an exponential lies between 1/M
and M, and M**2 times the number of places of any axis is still an ordinary number (see `moderate`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sympy as sp

from w2v_verified.symbolic.algebra.context import Context
from w2v_verified.symbolic.language.equation import Equation
from w2v_verified.symbolic.language.functions import Log1p
from w2v_verified.symbolic.language.indices import label_of
from w2v_verified.symbolic.language.text import bracket

_MOST = 2


@dataclass(frozen=True)
class _Size:
    """``M**low <= |x| <= M**high`` where x is not 0; ``low`` is None where x may be tiny, and have any sign."""

    low: int | None
    high: int


_ONE = _Size(0, 0)


def are_ordinary(statements: Iterable[Equation], moderate: Iterable[str], context: Context) -> bool:
    """Whether all scalars of a program but those that are ``moderate`` are ordinary numbers, and so are its steps.

    Then Python's floats, which refuse to divide by 0, serve as well as NumPy's.
    """
    statements, judged = list(statements), frozenset(moderate)
    context = context.defining(*statements)
    known: dict[str, _Size | None] = {}
    for s in statements:
        known[s.name] = _Sizes(known, judged, context).of(s.expression)
        if not s.indices and s.name not in judged and known[s.name] is None:
            return False
    return True


@dataclass(frozen=True)
class _Sizes:
    known: dict[str, _Size | None]
    judged: frozenset[str]
    context: Context

    def of(self, e: Any) -> _Size | None:
        """The size of ``e``; None if nothing is known of it, or of a step on the way to it."""
        if bracket(e) is not None or (e.is_Rational and 1 <= 1000 * abs(e) <= 10**6):
            return _ONE
        if isinstance(e, sp.exp):
            x = e.args[0]
            entry = -x if x.could_extract_minus_sign() else x
            judged = isinstance(entry, sp.Indexed | sp.Symbol) and label_of(entry) in self.judged
            return _Size(-1, 1) if judged else None
        if isinstance(e, sp.Indexed | sp.Symbol):
            return self.known.get(label_of(e), _ONE if e.is_integer else None)
        if isinstance(e, sp.Sum):
            return self._if_not_negative(self.of(e.function), e.function)
        if isinstance(e, Log1p):
            return self._logarithm(e.args[0])
        if isinstance(e, sp.Add):
            return self._sum(e.args)
        if isinstance(e, sp.Mul):
            return self._product(e.args)
        if isinstance(e, sp.Pow) and e.exp == -1 and self.context.positive(e.base):
            size = self.of(e.base)
            return None if size is None or size.low is None else _Size(-size.high, -size.low)
        return None

    def _if_not_negative(self, size: _Size | None, e: Any) -> _Size | None:
        if size is None or self.context.nonnegative(e):
            return size
        return _Size(None, size.high)

    def _logarithm(self, x: Any) -> _Size | None:
        size = self.of(x) if self.context.nonnegative(x) else None
        return None if size is None or size.low is None else _Size(min(size.low, 0), 0)

    def _sum(self, terms: Iterable[Any]) -> _Size | None:
        sizes = [self._if_not_negative(self.of(t), t) for t in terms]
        lows = [None if s is None else s.low for s in sizes]
        if None in sizes:
            return None
        high = max(s.high for s in sizes if s is not None)
        return _Size(None if None in lows else min(n for n in lows if n is not None), high)

    def _product(self, factors: Iterable[Any]) -> _Size | None:
        sizes = [_ONE if f == -1 else self.of(f) for f in factors]
        low = high = most = 0
        for size in sizes:
            if size is None or size.low is None:
                return None
            low, high = low + size.low, high + size.high
            most += max(abs(size.low), abs(size.high))
        return _Size(low, high) if most <= _MOST else None
