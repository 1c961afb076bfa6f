"""The names of what is called, as a law has them."""

from collections.abc import Mapping
from typing import Any

import sympy as sp

from w2v_verified.notation.laws import Calling
from w2v_verified.symbolic.language.indices import (
    array,
    axis_of,
    fresh,
    index,
    is_pointer,
    name_of,
    pointer,
    scalar,
    size,
    table,
)
from w2v_verified.symbolic.language.intervals import REALS, Range

__all__ = ["CallNames"]


class CallNames:
    """From the names and axes of what is called to those of a law; a family of calls has its indices in front."""

    def __init__(
        self, new: Mapping[str, str], call: Calling, family: tuple[Any, ...], ranges: Mapping[str, Range]
    ) -> None:
        self.new, self.call, self.family, self.ranges = new, call, family, ranges

    def index(self, i: Any) -> Any:
        """An index that runs over an axis."""
        return index(name_of(i), self.call.axes[axis_of(i)])

    def expression(self, e: Any) -> Any:
        """An expression, whose bound indices are none of the family's."""
        e = fresh(e)
        return e.xreplace({atom: self._atom(atom) for atom in e.atoms(sp.Indexed, sp.Symbol)})

    def _atom(self, e: Any) -> Any:
        if isinstance(e, sp.Indexed):
            return self._entry(e.base.label, tuple(map(self._atom, e.indices)))
        if ":" in e.name and not is_pointer(e):
            return self.index(e)
        if any(e == size(axis) for axis in self.call.axes):
            return size(self.call.axes[e.name])
        return self._entry(e, ())

    def _entry(self, label: Any, at: tuple[Any, ...]) -> Any:
        """An entry of an array, or of an index argument, or one without indices."""
        places = (*self.family, *at)
        name = self.new[name_of(label)]
        if ":" in label.name:
            into = self.call.axes[axis_of(label)]
            return table(name, into)[places] if places else pointer(name, into)
        values = self.ranges.get(name, REALS)
        return array(name, values)[places] if places else scalar(name, values)
