"""Index expressions in matrix form, as LaTeX, where one is recognised.

A value with one free index is a column, with two a matrix (the first index counts rows); what is not
recognised gives None, and the document leaves the place empty.
"""

import itertools
from typing import Any

import sympy as sp

from w2v_verified.symbolic.document.latex import Latex
from w2v_verified.symbolic.language.functions import function_of
from w2v_verified.symbolic.language.indices import Frame, bound_indices, is_pointer, name_of, running
from w2v_verified.symbolic.language.operators import Largest, Slope
from w2v_verified.symbolic.language.text import bracket, negative, ordered_terms, split_fraction


class Matrix:
    """Prints what it can in matrix form."""

    def __init__(self, latex: Latex) -> None:
        self.latex = latex

    def text(self, e: Any, frame: Frame = ()) -> str | None:
        """``e`` over the free indices ``frame`` in matrix form, or None."""
        if running(e) - set(frame):
            return None
        return self._text(e, frame)

    def _text(self, e: Any, frame: Frame) -> str | None:
        if isinstance(e, sp.Add) and bracket(e) is None:
            return self._sum_of_terms(e, frame)
        if isinstance(e, sp.Sum):
            return self._contraction(e, frame)
        if isinstance(e, sp.Indexed):
            return self._entry(e, frame)
        if isinstance(e, sp.KroneckerDelta):
            left, right, _ = bracket(e) or (None, None, None)
            return self._selected(left, right, frame)
        if not frame and e.is_number:
            return self.latex.text(e)
        if isinstance(e, sp.Symbol):
            return self.latex.name(name_of(e)) if not frame else None
        if isinstance(e, Slope):
            return self._slope(e, frame)
        if isinstance(e, Largest):
            return None
        row = function_of(e)
        if row is not None:
            inner = self._text(e.args[0], frame)
            return None if inner is None else rf"{row.operator}({inner})"
        if isinstance(e, sp.Mul):
            return self._product(e, frame)
        return None

    def _sum_of_terms(self, e: Any, frame: Frame) -> str | None:
        written = ""
        for n, t in enumerate(ordered_terms(e)):
            minus = negative(t)
            part = self._text(-t if minus else t, frame)
            if part is None:
                return None
            written += ("-" if minus else "+" if n else "") + part
        return written

    def _entry(self, e: Any, frame: Frame) -> str | None:
        name = e.base.label.name
        if e.indices == frame and frame:
            return self.latex.name(name)
        if e.indices == tuple(reversed(frame)) and len(frame) == 2:
            return rf"{self.latex.name(name)}^{{\top}}"
        if not frame and all(is_pointer(i) for i in e.indices):
            return self.latex.entry(e)
        if len(e.indices) == 2:
            return self._selected(e.indices[0], e.indices[1], frame, rf"{self.latex.name(name)}\,")
        return None

    def _slope(self, e: Any, frame: Frame) -> str | None:
        """The derivative of the loss by all entries of an array."""
        of, by = e.args
        if not isinstance(of, sp.Symbol) or name_of(of) != "loss":
            return None
        if isinstance(by, sp.Indexed):
            return self.latex.name(f"grad_{by.base.label.name}") if by.indices == frame else None
        return self.latex.name(f"grad_{name_of(by)}") if not frame else None

    def _selected(self, row: Any, at: Any, frame: Frame, left: str = "") -> str | None:
        """``A[i, o]`` as ``A e_o`` and ``A[i, n[k]]`` as ``A E_n``; brackets ``[w = n[k]]`` with nothing on the left.

        The unit vectors of the positions in ``n`` are the columns of ``E_n``.
        """
        if not is_pointer(at) or is_pointer(row):
            return None
        if not running(at):
            return f"{left}e_{{{self.latex.position(at)}}}" if frame == (row,) else None
        written = f"{left}E_{{{self.latex.name(name_of(at.base.label))}}}"
        if len(at.indices) == 1 and frame in ((row, *at.indices), (*at.indices, row)):
            return written if frame[0] == row else _transposed(written)
        return None

    def _product(self, e: Any, frame: Frame) -> str | None:
        """Scalars times things that have all the axes of the frame, or an outer product, over scalars."""
        number, above, below = split_fraction(e)
        if any(running(f) for f in below):
            return None
        whole = [f for f in above if running(f)]
        scalars = [self._factor(f, ()) for f in above if not running(f)]
        bottoms = [self._text(f, ()) for f in below]
        if not whole:
            shape = None if frame else ""
        elif len(whole) == 2 and len(frame) == 2 and all(len(running(f)) == 1 for f in whole):
            shape = self._outer(whole, frame)
        else:
            shapes = [self._factor(f, frame) if running(f) == set(frame) else None for f in whole]
            shape = None if None in shapes else _entrywise([s for s in shapes if s])
        if shape is None or None in scalars or None in bottoms:
            return None
        lead = [] if abs(number) == 1 and (shape or scalars) else [self.latex.number(abs(number))]
        written = r"\,".join([*lead, *filter(None, scalars), *([shape] if shape else [])])
        if bottoms:
            bottom = r"\,".join(filter(None, bottoms))
            written = rf"\frac{{{written}}}{{{bottom}}}"
        return ("-" if number < 0 else "") + written

    def _factor(self, e: Any, frame: Frame) -> str | None:
        """A factor, in parentheses where it is a sum of terms."""
        inner = self._text(e, frame)
        return rf"({inner})" if inner is not None and isinstance(e, sp.Add) else inner

    def _outer(self, factors: list[Any], frame: Frame) -> str | None:
        by_index = {tuple(running(f)): f for f in factors}
        column, row = by_index.get(frame[:1]), by_index.get(frame[1:])
        if column is None or row is None:
            return None
        left, right = self._factor(column, frame[:1]), _transposed(self._factor(row, frame[1:]))
        return None if left is None or right is None else rf"{left}\,{right}"

    def _contraction(self, e: Any, frame: Frame) -> str | None:
        """``sum_k A[i, k] x[k]`` as ``A x``, ``sum_k x[k] y[k]`` as an inner product, ``sum_k f_k`` with ones."""
        if len(e.limits) != 1:
            return None
        k = bound_indices(e)[0]
        number, factors, below = split_fraction(e.function)
        if number != 1 or below or len(factors) not in (1, 2):
            return None
        if len(factors) == 1:
            return self._total(factors[0], frame, k)
        for left, right in (factors, factors[::-1]):
            rest_left = tuple(i for i in frame if i in running(left))
            rest_right = tuple(i for i in frame if i in running(right))
            if rest_left + rest_right != frame or not {k} <= running(left) & running(right):
                continue
            first = self._factor(left, (*rest_left, k))
            first = first if rest_left else _transposed(first)
            second = self._factor(right, (k, *rest_right))
            if first is not None and second is not None:
                return rf"{first}\,{second}"
        return None

    def _total(self, factor: Any, frame: Frame, k: Any) -> str | None:
        """``sum_k f[k]`` and ``sum_k A[i, k]``, as products with a vector of ones."""
        if len(frame) == 2 or running(factor) != {*frame, k}:
            return None
        inner = self._factor(factor, (*frame, k))
        return inner and (rf"{inner}\,\mathbf 1" if frame else rf"\mathbf 1^{{\top}}{inner}")


def _entrywise(parts: list[str]) -> str:
    """The entrywise product of ``parts``."""
    if len(parts) == 1:
        return parts[0]
    return r"\odot ".join(f"({p})" if _composed(p, (r"\,",)) else p for p in parts)


def _composed(written: str, marks: tuple[str, ...]) -> bool:
    """Whether ``written`` starts with a minus sign or has one of ``marks`` outside parentheses."""
    depths = itertools.accumulate((c == "(") - (c == ")") for c in written)
    outside = "".join(c for c, depth in zip(written, depths, strict=True) if depth == 0)
    return written.startswith("-") or any(mark in outside for mark in marks)


def _transposed(written: str | None) -> str | None:
    """The transpose, in parentheses where they are needed."""
    if written is None:
        return None
    composed = _composed(written, (r"\,", r"\odot", r"\frac", r"\top"))
    return rf"({written})^{{\top}}" if composed else rf"{written}^{{\top}}"
