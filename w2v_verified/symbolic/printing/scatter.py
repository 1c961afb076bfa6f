"""Statements that single out places by index arguments: masking and scatter-add."""

from dataclasses import dataclass
from typing import Any

import sympy as sp

from w2v_verified.symbolic.language.equation import Equation
from w2v_verified.symbolic.language.errors import UnsupportedError
from w2v_verified.symbolic.language.indices import axis_of, is_pointer, name_of
from w2v_verified.symbolic.language.masks import summand
from w2v_verified.symbolic.language.text import bracket, negative, shown
from w2v_verified.symbolic.printing.lower import Printer


@dataclass(frozen=True)
class Places:
    """The places of the statement ``s`` that index arguments point at; ``touched`` is held by column."""

    printer: Printer
    s: Equation
    touched: str | None

    def masking(self, mask: Any, x: Any, spent: frozenset[str]) -> list[str]:
        """``(w != n) * x``: x with one place set to 0, in the memory of x if that is not used again."""
        value = self.printer.text(x, self.s.indices)
        note = "  # in place" if value in spent else ""
        if value not in spent and value.isidentifier():
            value = f"{value}.copy()"
        place = ", ".join(self._subscript(*self._sides(mask)))
        return [f"{self.s.name} = {value}", f"{self.s.name}[{place}] = 0{note}"]

    def scatter(self, term: Any, target: str, zero: Any = None) -> str:
        """``sum over k of (w == n[k]) * f``, where k may be none, added to ``target``.

        ``zero`` has the sides of the bracket of the place where ``target`` is known to be 0.
        """
        minus = negative(term)
        over, body = summand(-term if minus else term)
        brackets = [f for f in sp.Mul.make_args(body) if isinstance(f, sp.KroneckerDelta)]
        if len(brackets) != 1 or (body / brackets[0]).has(sp.KroneckerDelta):
            raise UnsupportedError(
                f"{shown(term)}: a product with one bracket of an index and an index argument is supported"
            )
        index, pointer = self._sides(brackets[0])
        share = body / brackets[0]
        _, axes = self.printer.pointer(pointer)
        if not over and set(axes) <= set(self.s.indices):
            frame = tuple(i for i in self.s.indices if i != index)
            place = ", ".join(self._subscript(index, pointer))
            if zero is not None and zero[:2] == (index, pointer):
                return f"{target}[{place}] = {self.printer.text(-share if minus else share, frame)}"
            return f"{target}[{place}] {'-' if minus else '+'}= {self.printer.text(share, frame)}"
        if set(over) - set(axes):
            raise UnsupportedError(f"{shown(term)}: every summed index has to be one of the index argument's")
        function = "np.subtract.at" if minus else "np.add.at"
        return f"{function}({', '.join(self._repeated(target, index, pointer, share))})"

    def _repeated(self, target: str, index: Any, pointer: Any, share: Any) -> tuple[str, str, str]:
        """What ``np.add.at`` takes: the array, the places, and what is added there."""
        _, axes = self.printer.pointer(pointer)
        rest = tuple(i for i in self.s.indices if i != index and i not in axes)
        if not rest:
            parts = self._subscript(index, pointer)
            places = parts[0] if len(parts) == 1 else f"({', '.join(parts)})"
            return target, places, self.printer.text(share, axes)
        if len(self.s.indices) == 2:
            turned = f"{target}.T" if self.s.indices[1] == index else target
            return turned, self._pointed(index, pointer), self.printer.text(share, axes + rest)
        raise UnsupportedError(
            f"{self.s.name}: a scatter into an array with {len(self.s.indices)} axes; supported are 1 and 2"
        )

    def _sides(self, e: Any) -> tuple[Any, Any]:
        """The statement's own index and the index argument a bracket compares."""
        left, right, _ = bracket(e) or (None, None, False)
        if left in self.s.indices and is_pointer(right):
            return left, right
        raise UnsupportedError(
            f"{shown(e)}: a bracket of an index of {self.s.name} and an index argument is supported"
        )

    def _pointed(self, index: Any, pointer: Any) -> str:
        text, _ = self.printer.pointer(pointer)
        return f"np.searchsorted(columns, {text})" if axis_of(index) == self.touched else text

    def _subscript(self, index: Any, pointer: Any) -> list[str]:
        """The subscript where ``index`` is ``pointer``, once for each place of the statement."""
        _, axes = self.printer.pointer(pointer)
        parts = []
        for i in self.s.indices:
            if i == index:
                parts.append(self._pointed(index, pointer))
            elif i in axes:
                self.printer.ranges.add(i)
                parts.append(self.printer.aligned(name_of(i), (i,), axes, i))
            else:
                parts.append(":")
        while parts[-1] == ":":
            parts.pop()
        return parts
