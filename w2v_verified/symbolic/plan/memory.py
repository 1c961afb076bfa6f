"""Values of the kinds a plan has, entry by entry, with names for arrays that may share memory."""

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import mpmath as mp
import numpy as np
import sympy as sp

from w2v_verified.symbolic.language.functions import Function
from w2v_verified.symbolic.language.indices import (
    Frame,
    axis_of,
    index,
    is_pointer,
    label_of,
    name_of,
    pointed_axes,
)
from w2v_verified.symbolic.language.operators import BRACKETS
from w2v_verified.symbolic.plan.exp_times import plain
from w2v_verified.symbolic.plan.values import (
    DIFFERENCE,
    QUOTIENT,
    Broadcast,
    Contraction,
    Copy,
    Distances,
    Elementwise,
    Gather,
    Multiple,
    Pull,
    Reduction,
    SumWithout,
    Terms,
    Ufunc,
    Value,
)
from w2v_verified.symbolic.proof.interpret import Setting


@dataclass
class Memory:
    """What names stand for: numbers, and arrays of objects; and the sizes of the axes.

    Where an operation works on a part of an axis, ``extents`` has the size of that; of a ``touched`` axis it has the
    number of touched columns.
    """

    names: dict[str, Any]
    sizes: Mapping[str, int]
    touched: str | None
    extents: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.extents = dict(self.sizes)

    def value(self, value: Value) -> Any:
        """The value: a number, or an array of an object for each place of its indices."""
        match value:
            case Elementwise(e, frame) | Gather(e, frame):
                view = self._view(e, frame)
                return self._array(e, frame) if view is None else view
            case Contraction(target, factors, summed):
                return self._reduced(sp.Mul(*factors), target, summed, mp.fsum)
            case Reduction(kind, e, _, bound):
                joined = mp.fsum if kind == "sum" else max
                return self._reduced(e, value.target, bound, joined)
            case Distances(target, left, right, bound):
                return self._reduced((left - right) ** 2, target, (bound,), mp.fsum)
            case Pull(target, weights, left, right, bound):
                return self._reduced(weights * (left - right), target, (bound,), mp.fsum)
            case SumWithout(vector, index, pointer):
                frame = pointed_axes(pointer)
                kept = self._setting()
                return self._entries(
                    frame,
                    lambda at: mp.fsum(
                        kept.value(vector, {index: w})
                        for w in range(self.extents[axis_of(index)])
                        if w != self.position(pointer, at)
                    ),
                )
            case Multiple(factor, inner, own, divisors, frame):
                values, rest = self.value(inner), self._array(factor / sp.Mul(*divisors), frame)
                return self._entries(frame, lambda at: _at(values, own, at) * _at(rest, frame, at))
            case Terms(terms):
                parts = [-self.value(term) if minus else self.value(term) for minus, term in terms]
                return sum(parts[1:], start=parts[0])
            case Ufunc(Function() as function, operands, frame):
                return self._array(function.of(*operands), frame)
            case Ufunc(operation, operands, frame):
                taken = [self._array(e, frame) for e in operands]
                if operation == DIFFERENCE:
                    return taken[0] - taken[1]
                if operation == QUOTIENT:
                    return taken[0] / taken[1]
                raise TypeError(f"{operation}: no operation of a ufunc")
            case Copy(inner):
                return self.value(inner).copy()
            case Broadcast(inner, frame):
                values = self.value(inner)
                return np.broadcast_to(values, tuple(self.extents[axis_of(i)] for i in frame)).copy()

    def _setting(self) -> Setting:
        return Setting(self.sizes, self.names)

    def each(self, frame: Frame) -> Iterator[dict[Any, int]]:
        """Each place of the indices."""
        for at in itertools.product(*(range(self.extents[axis_of(i)]) for i in frame)):
            yield dict(zip(frame, at, strict=True))

    def _entries(self, frame: Frame, entry: Callable[[dict[Any, int]], Any]) -> Any:
        array = np.empty(tuple(self.extents[axis_of(i)] for i in frame), object)
        for at in self.each(frame):
            array[tuple(at[i] for i in frame)] = entry(at)
        return array if frame else array[()]

    def _array(self, e: Any, frame: Frame) -> Any:
        return self._reduced(e, frame, (), lambda values: values[0])

    def _view(self, e: Any, frame: Frame) -> Any:
        """The entries of an array in its own memory, where no index argument has axes; None where they are copied."""
        if not isinstance(e, sp.Indexed) or any(map(pointed_axes, filter(is_pointer, e.indices))):
            return None
        own = tuple(i for i in e.indices if not is_pointer(i))
        if set(own) != set(frame) or len(own) != len(frame):
            return None
        places = tuple(self.position(i, {}) if is_pointer(i) else slice(None) for i in e.indices)
        array = self.names[label_of(e)][places]
        return array.transpose([own.index(i) for i in frame]) if len(frame) > 1 else array

    def _reduced(self, e: Any, target: Frame, bound: Frame, joined: Callable[[list[Any]], Any]) -> Any:
        setting, (compared, columns) = self._setting(), self._compared(e)

        def entry(at: dict[Any, int]) -> Any:
            places = ({**at, **inner} for inner in self.each(bound))
            return joined([setting.value(compared, {**place, **columns(place)}) for place in places])

        return self._entries(target, entry)

    def _compared(self, e: Any) -> tuple[Any, Callable[[Mapping[Any, int]], dict[Any, int]]]:
        """``e`` with other indices in its brackets where these run over touched columns, and what they stand for."""
        e = plain(e)
        every = {i for b in e.atoms(*BRACKETS) for i in b.args if not is_pointer(i)}
        other = {i: index(f"{name_of(i)} compared", axis_of(i)) for i in every if axis_of(i) == self.touched}
        brackets = {b: b.func(*(other.get(i, i) for i in b.args)) for b in e.atoms(*BRACKETS)}
        compared = e.xreplace(brackets)
        return compared, lambda at: {
            new: int(self.names["columns"][at[old]]) for old, new in other.items() if old in at
        }

    def place(self, indices: Frame, index: Any, pointer: Any, at: Mapping[Any, int]) -> tuple[int, ...]:
        """The place where ``index`` is ``pointer``."""
        position = self.position(pointer, at)
        if axis_of(index) == self.touched:
            position = self.column(position)
        return tuple(position if i == index else at[i] for i in indices)

    def entry(self, e: Any, at: Mapping[Any, int]) -> Any:
        """An elementwise expression at a place."""
        compared, columns = self._compared(e)
        return self._setting().value(compared, {**at, **columns(at)})

    def position(self, i: Any, at: Mapping[Any, int]) -> int:
        """The position an index or an index argument stands for at a place."""
        if not is_pointer(i):
            return at[i]
        if isinstance(i, sp.Indexed):
            return int(self.names[label_of(i)][tuple(self.position(j, at) for j in i.indices)])
        return int(self.names[name_of(i)])

    def pointed(self, pointer: Any) -> list[int]:
        """All positions of an index argument."""
        return [self.position(pointer, at) for at in self.each(pointed_axes(pointer))]

    def column(self, position: int) -> int:
        """Where a column is among those that are touched."""
        return int(np.searchsorted(self.names["columns"], position))


def _at(values: Any, frame: Frame, at: Mapping[Any, int]) -> Any:
    return values[tuple(at[i] for i in frame)] if frame else values
