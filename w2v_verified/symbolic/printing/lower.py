"""Elementwise index expressions as NumPy text.

An expression is printed for a frame, the indices of the axes its value has, in order. A name whose axes
are some of the frame's is broadcast; an index argument (``s[o]``, ``e[b, o[b]]``, ``U[i, n[k]]``) is a
gather.
"""

import math
from fractions import Fraction
from typing import Any

import sympy as sp

from w2v_verified.notation.decimals import nearest
from w2v_verified.symbolic.language.errors import UnsupportedError
from w2v_verified.symbolic.language.functions import FUNCTIONS, Choose, Root, Row, spelled
from w2v_verified.symbolic.language.indices import Frame, is_pointer, name_of
from w2v_verified.symbolic.language.text import (
    negative,
    numeral,
    ordered_terms,
    position,
    shown,
    split_fraction,
)

_CHOICE, _SUM, _PRODUCT, _POWER, _ATOM = range(5)


class Printer:
    """Prints elementwise expressions; remembers which indices have to exist as arrays of positions.

    Args:
        direct: whether products of arrays are methods of the arrays, not functions that choose among ways.
        floats: whether scalars are Python's floats.
        ordinary: whether functions are taken of finite values.
    """

    def __init__(self, direct: bool = False, floats: bool = False, ordinary: bool = False) -> None:
        self.direct = direct
        self.floats = floats
        self.ordinary = ordinary
        self.ranges: set[Any] = set()

    def for_moderate(self) -> "Printer":
        """One for the same positions, where values are moderate."""
        printer = Printer(self.direct, self.floats, ordinary=True)
        printer.ranges = self.ranges
        return printer

    def text(self, e: Any, frame: Frame, around: int = _CHOICE) -> str:
        """``e`` as NumPy text over ``frame``, in parentheses where its surroundings bind tighter."""
        written, binds = self._text(e, frame)
        return f"({written})" if binds < around else written

    def factor(self, e: Any, frame: Frame) -> str:
        """``e`` as a factor of a product."""
        return self.text(e, frame, _PRODUCT)

    def divisor(self, e: Any, frame: Frame) -> str:
        """``e`` as what is divided by."""
        return self.text(e, frame, _POWER)

    def _text(self, e: Any, frame: Frame) -> tuple[str, int]:
        if e.is_Integer:
            return self._numeral(e), _ATOM if e >= 0 else _SUM
        if e == sp.E:
            return "math.e", _ATOM
        if isinstance(e, sp.Add):
            return self._terms(e, frame), _SUM
        if isinstance(e, sp.Mul) or e.is_Rational or _is_reciprocal(e):
            return self._product(e, frame)
        if isinstance(e, sp.Indexed):
            return self.entry(e, frame), _ATOM
        if isinstance(e, sp.Symbol):
            return name_of(e), _ATOM
        if isinstance(e, sp.Max):
            return f"max({', '.join(sorted((self.text(a, ()) for a in e.args), reverse=True))})", _ATOM
        if isinstance(e, Choose):
            return self._choice(e, frame)
        known = spelled(e)
        if known is not None:
            row, argument = known
            return f"{self._function(row, frame)}({self.text(argument, frame)})", _ATOM
        if isinstance(e, sp.Pow):
            return f"{self.text(e.base, frame, _ATOM)} ** {self.text(e.exp, frame, _ATOM)}", _POWER
        raise UnsupportedError(
            f"{shown(e)}: not an elementwise expression; supported are + - * / **, "
            f"{', '.join(sorted(FUNCTIONS, key=lambda name: (not isinstance(FUNCTIONS[name], Root), name)))}, "
            "entries of arrays and index arguments"
        )

    def _numeral(self, number: Any) -> str:
        if not 0 < abs(nearest(Fraction(int(number.p), int(number.q)))) < math.inf and number != 0:
            raise UnsupportedError(f"{numeral(number)}: no float64 is near it")
        return numeral(number)

    def _function(self, row: Row, frame: Frame) -> str:
        if isinstance(row, Root):
            return row.numpy
        special = row.finite if frame and self.ordinary else row.floats if self.floats and not frame else ""
        return special or row.numpy

    def _terms(self, e: Any, frame: Frame) -> str:
        written = ""
        for n, t in enumerate(ordered_terms(e)):
            minus = negative(t)
            part = self.text(-t if minus else t, frame, _PRODUCT)
            written += (" - " if minus else " + ") + part if n else ("-" if minus else "") + part
        return written

    def _product(self, e: Any, frame: Frame) -> tuple[str, int]:
        number, above, below = split_fraction(e)
        pieces = [] if abs(number) == 1 and above else [self._numeral(abs(number))]
        written = " * ".join([*pieces, *(self.text(f, frame, _PRODUCT) for f in above)])
        written += "".join(f" / {self.text(f, frame, _POWER)}" for f in below)
        binds = _PRODUCT if above or below else _ATOM
        return ("-" if number < 0 else "") + written, _SUM if number < 0 else binds

    def _choice(self, e: Any, frame: Frame) -> tuple[str, int]:
        low, high, then, otherwise = (self.text(a, frame, _SUM) for a in e.args)
        if frame:
            return f"np.where({low} < {high}, {then}, {otherwise})", _ATOM
        return f"{then} if {low} < {high} else {otherwise}", _CHOICE

    def entry(self, e: Any, frame: Frame) -> str:
        """An entry of a name: the name itself, broadcast, or a gather."""
        name = str(e.base.label.name)
        if any(is_pointer(i) for i in e.indices):
            return self.aligned(*self._gather(name, e.indices), frame, e)
        if len(set(e.indices)) != len(e.indices):
            raise UnsupportedError(f"{shown(e)}: expected distinct indices")
        return self.aligned(name, e.indices, frame, e)

    def aligned(self, text: str, axes: Frame, frame: Frame, what: Any) -> str:
        """An array with ``axes``, broadcast to ``frame``."""
        if not set(axes) <= set(frame):
            raise UnsupportedError(
                f"{what}: expected indices among {', '.join(map(name_of, frame)) or 'none'}"
            )
        order = [i for i in frame if i in axes]
        if order != list(axes):
            places = ", ".join(str(axes.index(i)) for i in order)
            text = f"{text}.T" if len(order) == 2 else f"{text}.transpose({places})"
        missing = frame[frame.index(order[0]) :] if order else ()
        if len(missing) == len(order):
            return text
        return f"{text}[{', '.join(':' if i in order else 'None' for i in missing)}]"

    def pointer(self, i: Any) -> tuple[str, Frame]:
        """An index argument as text, and the indices of its axes."""
        if not isinstance(i, sp.Indexed):
            return name_of(i), ()
        name = name_of(i.base.label)
        if any(is_pointer(j) for j in i.indices):
            return self._gather(name, i.indices)
        return name, i.indices

    def _gather(self, name: str, indices: Frame) -> tuple[str, Frame]:
        """``name[indices]`` with index arguments, and the indices of the axes it has."""
        pointed = [self.pointer(i) for i in indices if is_pointer(i)]
        axes = next((a for _, a in pointed if a), ())
        shared = [i for i in indices if not is_pointer(i) and i in axes]
        if any(a not in ((), axes) for _, a in pointed) or (
            shared and len(shared) + len(pointed) != len(indices)
        ):
            raise UnsupportedError(
                f"{name}[{', '.join(map(position, indices))}]: a gather by index arguments with the same indices is "
                "supported, and no further index beside those"
            )
        parts, left = [], []
        for i in indices:
            if is_pointer(i):
                parts.append(self.pointer(i)[0])
                left += [a for a in axes if a not in left] if self.pointer(i)[1] else []
            elif i in axes:
                self.ranges.add(i)
                parts.append(self.aligned(name_of(i), (i,), axes, i))
                left += [a for a in axes if a not in left]
            else:
                parts.append(":")
                left.append(i)
        while parts[-1] == ":":
            parts.pop()
        if len(parts) == 2 and parts[0] == ":" and axes:
            return f"taken({name}, {parts[1]})", tuple(left)
        if self.floats and not left:
            return f"{name}.item({', '.join(parts)})", ()
        return f"{name}[{', '.join(parts)}]", tuple(left)


def _is_reciprocal(e: Any) -> bool:
    return isinstance(e, sp.Pow) and bool(e.exp.is_number and e.exp.is_negative)
