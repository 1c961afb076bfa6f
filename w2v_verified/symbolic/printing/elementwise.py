"""Elementwise index expressions as NumPy text.

An expression is printed for a frame, the indices of the axes its value has, in order. A name whose axes
are some of the frame's is broadcast; an index argument (``s[o]``, ``e[b, o[b]]``, ``U[i, n[k]]``) is a
gather.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy as sp

from w2v_verified.notation import PI
from w2v_verified.notation.decimals import nearest
from w2v_verified.symbolic.language.errors import UnsupportedError
from w2v_verified.symbolic.language.functions import FUNCTIONS, Root, Row, spelled
from w2v_verified.symbolic.language.indices import (
    Frame,
    gathered_axes,
    is_pointer,
    label_of,
    name_of,
    pointed_axes,
    running,
)
from w2v_verified.symbolic.language.operators import BRACKETS, Choose, Larger
from w2v_verified.symbolic.language.text import (
    ATOM,
    CHOICE,
    POWER,
    PRODUCT,
    SUM,
    bracket,
    negative,
    numeral,
    ordered_terms,
    shown,
    split_fraction,
)
from w2v_verified.symbolic.plan.exp_times import ExpTimes
from w2v_verified.symbolic.printing.uses import Uses


@dataclass(frozen=True)
class Style:
    """What is known where an expression is computed.

    Scalars may be Python's ``floats``; where values are ``moderate``, functions are taken of finite ones.
    """

    floats: bool = False
    moderate: bool = False


ANY_VALUES = Style()
"""Nothing is known of the values."""


@dataclass(frozen=True)
class Printer:
    """Prints elementwise expressions, and notes what they use; ``dtype`` is the text of that results have."""

    uses: Uses
    style: Style = ANY_VALUES
    dtype: str = "float"

    def text(self, e: Any, frame: Frame, around: int = CHOICE) -> str:
        """``e`` as NumPy text over ``frame``, in parentheses where its surroundings bind tighter."""
        written, binds = self.bound(e, frame)
        return f"({written})" if binds < around else written

    def factor(self, e: Any, frame: Frame) -> str:
        """``e`` as a factor of a product."""
        return self.text(e, frame, PRODUCT)

    def divisor(self, e: Any, frame: Frame) -> str:
        """``e`` as what is divided by."""
        return self.text(e, frame, POWER)

    def bound(self, e: Any, frame: Frame) -> tuple[str, int]:
        """``e`` as text, and how tightly that binds."""
        if e.is_Integer:
            return self._numeral(e), ATOM if e >= 0 else SUM
        if bracket(e) is not None:
            return self._bracket(e, frame), ATOM
        if e in (sp.E, sp.pi):
            return f"{self.uses.name('math')}.{'e' if e == sp.E else PI}", ATOM
        if isinstance(e, sp.Add):
            return self._terms(e, frame), SUM
        if isinstance(e, sp.Mul) or e.is_Rational or _is_reciprocal(e):
            return self._product(e, frame)
        if isinstance(e, sp.Indexed):
            return self.entry(e, frame), ATOM
        if isinstance(e, sp.Symbol):
            return self.uses.scalar(name_of(e)), ATOM
        if isinstance(e, Larger):
            return self._larger(e, frame), ATOM
        if isinstance(e, ExpTimes):
            times, exponent = (self.text(a, frame) for a in e.args)
            return f"{self.uses.name('exp_times')}({times}, {exponent})", ATOM
        if isinstance(e, Choose):
            return self._choice(e, frame)
        known = spelled(e)
        if known is not None:
            row, argument = known
            return self._of_numbers(e, called(self._function(row, frame), self.text(argument, frame))), ATOM
        if isinstance(e, sp.Pow):
            return f"{self.text(e.base, frame, ATOM)} ** {self.text(e.exp, frame, ATOM)}", POWER
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
            return self.uses.name(row.numpy)
        if self.style.floats and not frame and row.floats:
            self.uses.name("math")
            return row.floats
        finite = row.finite if self.style.moderate and frame else ""
        return self.uses.name(finite or row.numpy)

    def _of_numbers(self, e: Any, text: str) -> str:
        """A function of numbers and sizes as a Python float, which keeps the precision of what it meets."""
        return f"float({text})" if _are_numbers(e) else text

    def _larger(self, e: Any, frame: Frame) -> str:
        """Of two numbers, as sizes are, or of arrays."""
        numbers = _are_numbers(e)
        parts = ", ".join(self.text(a, () if numbers else frame) for a in e.args)
        return f"max({parts})" if numbers else f"np.maximum({parts})"

    def _terms(self, e: Any, frame: Frame) -> str:
        written = ""
        for n, t in enumerate(ordered_terms(e)):
            minus = negative(t)
            part = self.text(-t if minus else t, frame, PRODUCT)
            written += (" - " if minus else " + ") + part if n else ("-" if minus else "") + part
        return written

    def _bracket(self, e: Any, frame: Frame, counts: bool = True) -> str:
        """A bracket, as truth values where it is multiplied by an array, else as numbers."""
        left, right, relation = bracket(e) or (None, None, "")
        text = f"({self.side(left, frame)} {relation} {self.side(right, frame)})"
        if not counts:
            return text
        return f"{text}.astype({self.dtype})" if running(e) else f"float{text}"

    def _product(self, e: Any, frame: Frame) -> tuple[str, int]:
        number, above, below = split_fraction(e)
        pieces = [] if abs(number) == 1 and above else [self._numeral(abs(number))]
        brackets = [f for f in above if bracket(f) is not None]
        with_array = any(f.atoms(sp.Indexed) - _pointers(f) for f in above if f not in brackets)
        factors = [self.text(f, frame, PRODUCT) for f in above if f not in brackets]
        factors += [self._bracket(f, frame, counts=not with_array) for f in brackets]
        written = " * ".join([*pieces, *factors])
        written += "".join(f" / {self.text(f, frame, POWER)}" for f in _apart(below))
        binds = PRODUCT if above or below else ATOM
        return ("-" if number < 0 else "") + written, SUM if number < 0 else binds

    def _choice(self, e: Any, frame: Frame) -> tuple[str, int]:
        low, high, then, otherwise = (self.text(a, frame, SUM) for a in e.args)
        if frame:
            return f"np.where({low} < {high}, {then}, {otherwise})", ATOM
        return f"{then} if {low} < {high} else {otherwise}", CHOICE

    def entry(self, e: Any, frame: Frame) -> str:
        """An entry of a name: the name itself, broadcast, or a gather."""
        name, indices = label_of(e), e.indices
        if not any(map(is_pointer, indices)) and len(set(indices)) == len(indices):
            return self.aligned(name, indices, frame, e)
        if comes_out_in_order(indices):
            return self.aligned(*self._gather(name, indices), frame, e)
        axes = tuple(i for i in frame if i in running(e))
        return self.aligned(f"{name}[{', '.join(self.side(i, axes) for i in indices)}]", axes, frame, e)

    def side(self, i: Any, frame: Frame) -> str:
        """The positions that an index, or an index argument, stands for, over ``frame``."""
        if not is_pointer(i):
            return self.aligned(self.uses.positions(i), (i,), frame, i)
        return self.entry(i, frame) if isinstance(i, sp.Indexed) else name_of(i)

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

    def pointer(self, i: Any) -> str:
        """An index argument as text, over the indices it has."""
        return self.entry(i, pointed_axes(i)) if isinstance(i, sp.Indexed) else name_of(i)

    def _gather(self, name: str, indices: Frame) -> tuple[str, Frame]:
        """``name[indices]`` with index arguments, and the indices of the axes it has."""
        axes = next((axes for i in indices if is_pointer(i) and (axes := pointed_axes(i))), ())
        parts = self.places(indices, axes)
        left = gathered_axes(indices)
        if len(parts) == 2 and parts[0] == ":" and axes:
            return f"{self.uses.name('taken')}({name}, {parts[1]})", left
        if self.style.floats and not left:
            return f"{name}.item({', '.join(parts)})", ()
        return f"{name}[{', '.join(parts)}]", left

    def places(self, indices: Frame, axes: Frame) -> list[str]:
        """The subscript for ``indices``, where index arguments have ``axes``; whole axes at its end are left out."""
        parts = []
        for i in indices:
            if is_pointer(i):
                parts.append(self.pointer(i))
            else:
                parts.append(self.aligned(self.uses.positions(i), (i,), axes, i) if i in axes else ":")
        while parts and parts[-1] == ":":
            parts.pop()
        return parts


def called(function: str, argument: str) -> str:
    """A function of an argument, both as text."""
    return function.replace("#", argument) if "#" in function else f"{function}({argument})"


def _are_numbers(e: Any) -> bool:
    """Whether an expression is made of numbers and sizes alone."""
    return not e.atoms(sp.Indexed) and not running(e) and all(s.is_integer for s in e.free_symbols)


def _is_reciprocal(e: Any) -> bool:
    return isinstance(e, sp.Pow) and bool(e.exp.is_number and e.exp.is_negative)


_APART = 4
"""The highest power that is written as so many divisions."""


def _apart(divisors: Iterable[Any]) -> Iterator[Any]:
    """Divisors one by one, as the square of a name may leave the range of numbers where a quotient does not."""
    for f in divisors:
        base, power = (f.base, f.exp) if isinstance(f, sp.Pow) else (f, sp.Integer(1))
        several = isinstance(base, sp.Indexed | sp.Symbol) and power.is_Integer and power <= _APART
        yield from [base] * int(power) if several else [f]


def comes_out_in_order(indices: Frame) -> bool:
    """Whether NumPy gives the axes of a gather where its index arguments stand.

    They have the same indices, with which every other one stands or none, and what is no whole axis stands together.
    """
    pointed = [pointed_axes(i) for i in indices if is_pointer(i)]
    axes = next((a for a in pointed if a), ())
    shared = [i for i in indices if not is_pointer(i) and i in axes]
    if any(a not in ((), axes) for a in pointed) or (shared and len(shared) + len(pointed) != len(indices)):
        return False
    whole = [i for i in indices if not is_pointer(i) and i not in axes]
    places = [n for n, i in enumerate(indices) if is_pointer(i) or i in axes]
    together = not axes or places == list(range(places[0], places[0] + len(places)))
    return bool(pointed) and together and len(set(whole)) == len(whole)


def _pointers(e: Any) -> set[Any]:
    """The entries of index arguments in an expression."""
    compared = [x.args for x in e.atoms(*BRACKETS)]
    return {
        i
        for indices in (*compared, *(x.indices for x in e.atoms(sp.Indexed)))
        for i in indices
        if isinstance(i, sp.Indexed)
    }
