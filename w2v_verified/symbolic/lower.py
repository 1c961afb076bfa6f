"""Elementwise index expressions as NumPy text.

An expression is printed for a frame, the indices of the axes its value has, in order. A name whose axes
are some of the frame's is broadcast; an index argument (``s[o]``, ``e[b, o[b]]``) is a gather.
"""

from typing import Any

import sympy as sp

from w2v_verified.symbolic.functions import Choose, Expm1, Log1p, Sigmoid, Softplus
from w2v_verified.symbolic.indices import free_indices, is_pointer, name_of
from w2v_verified.symbolic.text import negative, ordered_terms, split_fraction

Frame = tuple[Any, ...]

_UFUNCS: dict[Any, str] = {
    Expm1: "np.expm1",
    Log1p: "np.log1p",
    sp.Abs: "np.abs",
    sp.cos: "np.cos",
    sp.exp: "np.exp",
    sp.log: "np.log",
    sp.sin: "np.sin",
    sp.tanh: "np.tanh",
}
_CHOICE, _SUM, _PRODUCT, _POWER, _ATOM = range(5)


class UnsupportedError(ValueError):
    """An expression the emitter does not recognise; the message names it."""


def running(e: Any) -> set[Any]:
    """The free indices of ``e`` that run over their axes (index arguments do not)."""
    return {i for i in free_indices(e) if not is_pointer(i)}


class Printer:
    """Prints elementwise expressions; remembers which indices have to exist as arrays of positions."""

    def __init__(self) -> None:
        self.ranges: set[Any] = set()

    def text(self, e: Any, frame: Frame, around: int = _CHOICE) -> str:
        """``e`` as NumPy text over ``frame``, in parentheses where its surroundings bind tighter."""
        written, binds = self._text(e, frame)
        return f"({written})" if binds < around else written

    def _text(self, e: Any, frame: Frame) -> tuple[str, int]:
        if e.is_Integer:
            return str(e), _ATOM if e >= 0 else _SUM
        if isinstance(e, sp.Add):
            pieces = [
                (negative(t), self.text(-t if negative(t) else t, frame, _PRODUCT)) for t in ordered_terms(e)
            ]
            minus, first = pieces[0]
            rest = "".join(f" {'-' if m else '+'} {p}" for m, p in pieces[1:])
            return f"{'-' if minus else ''}{first}{rest}", _SUM
        if isinstance(e, sp.Mul) or e.is_Rational or self._is_reciprocal(e):
            return self._product(e, frame)
        if isinstance(e, sp.Indexed):
            return self.entry(e, frame), _ATOM
        if isinstance(e, sp.Symbol):
            return name_of(e), _ATOM
        if isinstance(e, Choose):
            return self._choice(e, frame)
        if type(e) in _UFUNCS:
            return f"{_UFUNCS[type(e)]}({self.text(e.args[0], frame)})", _ATOM
        if isinstance(e, sp.Pow):
            return self._power(e, frame)
        raise UnsupportedError(
            f"{e}: not an elementwise expression; supported are + - * / **, {', '.join(sorted(_UFUNCS.values()))}, "
            "sqrt, entries of arrays and index arguments"
        )

    def _is_reciprocal(self, e: Any) -> bool:
        return isinstance(e, sp.Pow) and bool(e.exp.is_number and e.exp.is_negative)

    def _power(self, e: Any, frame: Frame) -> tuple[str, int]:
        if e.exp == sp.Rational(1, 2):
            return f"np.sqrt({self.text(e.base, frame)})", _ATOM
        return f"{self.text(e.base, frame, _ATOM)} ** {self.text(e.exp, frame, _ATOM)}", _POWER

    def _product(self, e: Any, frame: Frame) -> tuple[str, int]:
        number, above, below = split_fraction(e)
        pieces = [] if abs(number) == 1 and above else [str(abs(number))]
        written = " * ".join([*pieces, *(self.text(f, frame, _PRODUCT) for f in above)])
        written += "".join(f" / {self.text(f, frame, _POWER)}" for f in below)
        return ("-" if number < 0 else "") + written, _SUM if number < 0 else _PRODUCT

    def _choice(self, e: Any, frame: Frame) -> tuple[str, int]:
        low, high, then, otherwise = (self.text(a, frame, _SUM) for a in e.args)
        if frame:
            return f"np.where({low} < {high}, {then}, {otherwise})", _ATOM
        return f"{then} if {low} < {high} else {otherwise}", _CHOICE

    def entry(self, e: Any, frame: Frame) -> str:
        """An entry of a name: the name itself, broadcast, or a gather."""
        name = str(e.base.label.name)
        if any(is_pointer(i) for i in e.indices):
            return self._gather(name, e.indices, frame)
        if len(set(e.indices)) != len(e.indices) or not set(e.indices) <= set(frame):
            raise UnsupportedError(f"{e}: expected distinct indices among {list(map(name_of, frame))}")
        order = [i for i in frame if i in e.indices]
        if order != list(e.indices):
            name = (
                f"{name}.T" if len(order) == 2 else f"{name}.transpose({[e.indices.index(i) for i in order]})"
            )
        missing = frame[frame.index(order[0]) :]
        if len(missing) == len(order):
            return name
        return f"{name}[{', '.join(':' if i in order else 'None' for i in missing)}]"

    def _gather(self, name: str, indices: tuple[Any, ...], frame: Frame) -> str:
        pointed = [i for i in indices if is_pointer(i)]
        if len(pointed) != 1 or tuple(sorted(map(str, running(pointed[0])))) not in {
            (),
            tuple(sorted(map(str, frame))),
        }:
            raise UnsupportedError(
                f"{name}[{', '.join(map(str, indices))}]: a gather with one index argument over "
                f"{list(map(name_of, frame))} is supported"
            )
        parts = []
        for i in indices:
            if is_pointer(i):
                parts.append(name_of(i.base.label if isinstance(i, sp.Indexed) else i))
            elif running(pointed[0]):
                self.ranges.add(i)
                parts.append(name_of(i))
            else:
                parts.append(":")
        while parts[-1] == ":":
            parts.pop()
        return f"{name}[{', '.join(parts)}]"


__all__ = ["Choose", "Frame", "Printer", "Sigmoid", "Softplus", "UnsupportedError", "running"]
