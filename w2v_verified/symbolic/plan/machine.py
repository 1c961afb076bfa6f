"""Plans carried out entry by entry: what each kind of operation does, slowly, in whatever precision mpmath is set to.

Arrays are shared, written over and left uninitialised (NaN) as the plan says, so that a plan which is wrong about
memory gives other values here as well.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

import mpmath as mp
import numpy as np

from w2v_verified.runtime.elementwise import MODERATE
from w2v_verified.symbolic.language.indices import Frame, axis_of, is_pointer, pointed_axes
from w2v_verified.symbolic.plan.conditions import (
    AtLeastOne,
    Condition,
    Contiguous,
    Few,
    Finite,
    Fit,
    Many,
    Moderate,
)
from w2v_verified.symbolic.plan.memory import Memory
from w2v_verified.symbolic.plan.operations import (
    Accumulate,
    Accumulator,
    AddUp,
    Allocate,
    Assign,
    Block,
    Branch,
    ByBlocks,
    Compute,
    Computed,
    Fill,
    FindColumns,
    Guard,
    IfWanted,
    Keep,
    Leave,
    Loop,
    Mask,
    Operation,
    OuterFactors,
    Return,
    ReturnLoss,
    Scatter,
    ScatteredProduct,
    Share,
    Spread,
    Zeros,
)
from w2v_verified.symbolic.plan.plan import Plan

_FAR = MODERATE[np.dtype(np.float64)]


class _End(Enum):
    """How a block ends."""

    REACHED = auto()
    LEFT = auto()
    RETURNED = auto()


def carried_out(
    plan: Plan,
    sizes: Mapping[str, int],
    arguments: Mapping[str, Any],
    *,
    small: bool = False,
    large: bool = False,
    given: bool = False,
    step: int | None = None,
) -> dict[str, Any]:
    """The values of all names where the plan returns.

    Args:
        plan: The plan.
        sizes: The sizes of the axes.
        arguments: Numbers, and arrays of objects, of the arguments.
        small: Whether tables are small, and lie so that methods of arrays serve.
        large: Whether tables are so large that they are read once.
        given: Whether the caller gives the arrays for the results.
        step: How many places of an axis a block or a part has at most; 2 in a part and all in a block if None.
    """
    memory = Memory(dict(arguments), sizes, plan.touched)
    machine = _Machine(plan, memory, small, large, step)
    machine.provide(given)
    if machine.run(plan.body) is not _End.RETURNED:
        raise ValueError("the plan returns nothing")
    return memory.names


@dataclass
class _Machine:
    plan: Plan
    memory: Memory
    small: bool
    large: bool
    step: int | None
    added: bool = False

    def provide(self, given: bool) -> None:
        """Provide what the plan says, in arrays the caller gives or in fresh ones."""
        for operation in self.plan.provided:
            match operation:
                case Allocate(gradients, made, zeroed):
                    of = {f"grad_{a.name}": a.name for a in self.plan.problem.differentiated}
                    for name in gradients:
                        held = mp.mpf(0) if name in zeroed else mp.nan
                        array = np.full(np.shape(self.memory.names[of[name]]), held, object)
                        self.memory.names[name] = None if name in made and not given else array
                case FindColumns(pointers):
                    self._found(self.memory.names[p] for p in pointers)
                case _:
                    raise TypeError(f"{operation}: not an operation that provides something")

    def _by_blocks(self, axis: str, block: Block) -> None:
        """Carry out the body for each block of an axis, and add up what all of them share."""
        problem, whole = self.plan.problem, dict(self.memory.names)
        axes = {a.name: a.axes.split() for a in problem.loss.arguments}
        axes |= {f"grad_{a.name}": a.axes.split() for a in problem.differentiated}
        loss, width = mp.mpf(0), self.memory.sizes[axis] if self.step is None else self.step
        for start in range(0, max(self.memory.sizes[axis], 1), max(width, 1)):
            stop = min(start + max(width, 1), self.memory.sizes[axis])
            self.memory.extents[axis], self.added = stop - start, start > 0
            self.memory.names = {
                name: _cut(x, axes[name], axis, slice(start, stop)) if name in axes else x
                for name, x in whole.items()
            }
            self.run(block)
            loss += self.memory.names["loss"]
        self.memory.names = {**whole, "loss": loss}

    def run(self, block: Block) -> _End:
        """Carry out a block."""
        for operation in block:
            end = self._carried_out(operation)
            if end is not _End.REACHED:
                return end
        return _End.REACHED

    def _carried_out(self, operation: Operation) -> _End:
        match operation:
            case Computed(operations=block) | IfWanted(block):
                return self.run(block)
            case Branch(conditions, block):
                holds = all(self._holds(condition) for condition in conditions)
                return self.run(block) if holds else _End.REACHED
            case Loop():
                return self._loop(operation)
            case ByBlocks(axis, block):
                self._by_blocks(axis, block)
                return _End.RETURNED
            case Leave(name):
                return _End.REACHED if self._holds(Moderate((name,))) else _End.LEFT
            case Return() | ReturnLoss():
                return _End.RETURNED
            case _:
                self._changed(operation)
                return _End.REACHED

    def _changed(self, operation: Operation) -> None:
        """Carry out an operation that changes what names stand for, or what arrays hold."""
        match operation:
            case Assign(name, value):
                self.memory.names[name] = self.memory.value(value)
            case Fill(array, value):
                self.memory.names[array][...] = self.memory.value(value)
            case Accumulate(name, value, minus):
                change = self.memory.value(value)
                self.memory.names[name] += -change if minus else change
            case Compute(name, value, out, added):
                self._computed(name, self.memory.value(value), out, added)
            case Zeros(name, indices, given):
                self._zeros(name, indices, given)
            case Accumulator(name, indices):
                shape = tuple(self.memory.sizes[axis_of(i)] for i in indices)
                self.memory.names[name] = np.full(shape, mp.mpf(0), object) if shape else mp.mpf(0)
            case Mask(name, indices, value, index, pointer):
                self.memory.names[name] = array = self.memory.value(value)
                for at in self.memory.each(tuple(i for i in indices if i != index)):
                    array[self.memory.place(indices, index, pointer, at)] = mp.mpf(0)
            case Scatter():
                self._scatter(operation)
            case AddUp(name, shares):
                self._found(self.memory.pointed(s.pointer) for s in shares)
                self.memory.names[name] = self._scattered(shares, ())
            case ScatteredProduct(name, source, shares):
                self._found(self.memory.pointed(s.pointer) for s in shares)
                owner = pointed_axes(shares[0].pointer)[:1]
                self.memory.names[name] = self.memory.names[source].dot(self._scattered(shares, owner))
            case Spread(array, source, turned):
                columns = self.memory.names["columns"]
                target, values = (
                    self.memory.names[n].T if turned else self.memory.names[n] for n in (array, source)
                )
                target[columns] = values
            case OuterFactors(vectors, copied):
                left, right = (
                    self.memory.names[n].copy() if n in copied else self.memory.names[n] for n in vectors
                )
                self.memory.names |= {"left": left, "right": right}
            case Guard(name):
                if not self._holds(Finite(name)):
                    self.memory.names[name] = np.full(np.shape(self.memory.names[name]), mp.nan, object)
            case Keep(array, part):
                self.memory.names[array][self.memory.names["part"]] = self.memory.names[part]
            case _:
                raise TypeError(f"{operation}: no operation that a machine carries out here")

    def _computed(self, name: str | None, result: Any, out: str, added: bool) -> None:
        array: Any = self.memory.names.get(out)
        if array is None and name is not None:
            self.memory.names[name] = result
            return
        if np.shape(array) != np.shape(result):
            raise ValueError(f"{out}: expected an array of shape {np.shape(result)}, got {np.shape(array)}")
        array[...] = array + result if added and self.added else result
        if name is not None:
            self.memory.names[name] = array

    def _zeros(self, name: str, indices: Frame, given: bool) -> None:
        if given:
            self.memory.names[name][...] = mp.mpf(0)
        else:
            shape = tuple(self.memory.extents[axis_of(i)] for i in indices)
            self.memory.names[name] = np.full(shape, mp.mpf(0), object) if shape else mp.mpf(0)

    def _scatter(self, operation: Scatter) -> None:
        """Where places may not be repeated, all are read before any is written."""
        indices, index, pointer = operation.indices, operation.index, operation.pointer
        axes = pointed_axes(pointer)
        rest = tuple(i for i in indices if i not in (index, *axes))
        array, sign = self.memory.names[operation.target], -1 if operation.how == "subtract" else 1
        frame = axes + rest if operation.repeated else tuple(i for i in indices if i != index)
        before = array.copy()
        for at in self.memory.each(frame):
            place = self.memory.place(indices, index, pointer, at)
            held = 0 if operation.how == "set" else (array if operation.repeated else before)[place]
            array[place] = held + sign * self.memory.entry(operation.share, at)

    def _scattered(self, shares: Iterable[Share], owner: Frame) -> Any:
        """An array with an axis for ``owner`` and one for the columns, to which each share is added at its place."""
        shape = (*(self.memory.extents[axis_of(i)] for i in owner), len(self.memory.names["columns"]))
        array = np.full(shape, mp.mpf(0), object)
        for share in shares:
            axes = pointed_axes(share.pointer)
            for at in self.memory.each(axes):
                column = self.memory.column(self.memory.position(share.pointer, at))
                array[(*(at[i] for i in axes[: len(owner)]), column)] += self.memory.entry(share.value, at)
        return array

    def _found(self, pointers: Iterable[Any]) -> None:
        columns = np.unique(np.concatenate([np.ravel(p) for p in pointers]).astype(np.intp))
        self.memory.names["columns"] = columns
        if self.memory.touched is not None:
            self.memory.extents[self.memory.touched] = len(columns)

    def _loop(self, loop: Loop) -> _End:
        size = self.memory.sizes[loop.axis]
        step = 2 if self.step is None else self.step
        left_out = size if loop.pointer is None else self.memory.position(loop.pointer, {})
        for first, end in ((0, left_out), (left_out + 1, size)):
            for start in range(first, end, step):
                part = slice(start, min(start + step, end))
                with self._within(loop, part):
                    if self.run(loop.block) is not _End.REACHED:
                        return _End.REACHED
        return self.run(loop.after)

    @contextmanager
    def _within(self, loop: Loop, part: slice) -> Iterator[None]:
        """Names for a part, while the axis has no more places than that."""
        self.memory.names["part"] = part
        for name, indices, own in loop.cuts:
            axes = [None if is_pointer(i) else axis_of(i) for i in indices]
            self.memory.names[own] = _cut(self.memory.names[name], axes, loop.axis, part)
        self.memory.extents[loop.axis] = part.stop - part.start
        try:
            yield
        finally:
            self.memory.extents[loop.axis] = self.memory.sizes[loop.axis]

    def _holds(self, condition: Condition) -> bool:
        match condition:
            case Moderate(names):
                return all(abs(x) <= _FAR for name in names for x in np.ravel(self.memory.names[name]))
            case Finite(name):
                return all(mp.isfinite(x) for x in np.ravel(self.memory.names[name]))
            case AtLeastOne(name):
                return bool(self.memory.names[name] >= 1)
            case Few() | Contiguous() | Fit():
                return self.small
            case Many():
                return self.large


def _cut(x: Any, axes: Sequence[str | None], axis: str, part: slice) -> Any:
    """An array, or the part of it along an axis."""
    return x[tuple(part if a == axis else slice(None) for a in axes)] if axis in axes else x
