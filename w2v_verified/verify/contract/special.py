"""Clauses about NaN and infinity in the input, and about axes at their minimum."""

from collections.abc import Iterator
from itertools import product

import numpy as np

from w2v_verified.verify.cases.arguments import Arguments, arrays
from w2v_verified.verify.exact.oracle import reference
from w2v_verified.verify.judging.accuracy import right, standard_of, standards_of
from w2v_verified.verify.judging.calling import CallError, DeclinedError, Function, call, silence
from w2v_verified.verify.judging.finding import Finding
from w2v_verified.verify.judging.judge import judge
from w2v_verified.verify.record import Record, axis_sizes, loss_alone

__all__ = ["infinity_reaches_loss", "nan_reaches_loss", "smallest_axes"]


_ELSEWHERE = ("inputs_untouched", "surroundings_untouched")  # clauses of their own


def nan_reaches_loss(function: Function, record: Record, arguments: Arguments) -> Finding | None:
    """NaN in any entry the loss depends on gives a loss that is not finite."""
    return _reaches_loss("nan_reaches_loss", function, record, arguments, (np.nan,))


def infinity_reaches_loss(function: Function, record: Record, arguments: Arguments) -> Finding | None:
    """Infinity in any entry the loss depends on gives a loss that is not finite."""
    return _reaches_loss("infinity_reaches_loss", function, record, arguments, (np.inf, -np.inf))


def _reaches_loss(
    kind: str, function: Function, record: Record, arguments: Arguments, values: tuple[float, ...]
) -> Finding | None:
    loss = next(result.name for result in record.results if result.of is None)
    ends = {each.name: each.ends for each in record.arguments}
    for (name, position, base), value in product(_entries_that_matter(record, arguments, loss), values):
        if value < ends[name][0] or value > ends[name][1]:
            continue
        array = np.array(base)
        array[position] = value
        given = {**arguments, name: array}
        where = f"{name}[{', '.join(map(str, position))}] = {value}"
        try:
            with silence():
                returned = call(function, record, given)
        except CallError as error:
            return Finding(kind, f"with {where}: {error}", given)
        if np.isfinite(returned[loss]):
            return Finding(
                kind, f"with {where} the loss is {float(returned[loss]):.6g}, a finite number", given
            )
    return None


def _entries_that_matter(
    record: Record, arguments: Arguments, loss: str
) -> Iterator[tuple[str, tuple[int, ...], np.ndarray]]:
    """The entries that the exact loss depends on: one of a column that was not sampled is none of them."""
    alone = loss_alone(record)
    exact = standard_of(record, arguments).exact
    gradients = {result.of: result.name for result in record.results}
    for name, array in arrays(record, arguments).items():
        for position in np.ndindex(array.shape):
            moved = np.array(array, dtype=np.result_type(array.dtype, np.float64))
            if name in gradients:
                matters = not exact.ball(gradients[name], *position).contains(0)
            else:
                moved[position] += 0.5
                other = reference(alone, {**arguments, name: moved}).values[loss].item()
                matters = not other.overlaps(exact.values[loss].item())
            if matters:
                yield name, position, moved


def smallest_axes(function: Function, record: Record, arguments: Arguments) -> Finding | None:
    """Every axis may be as small as the record says: V = 1, d = 1, and no pairs or negatives at all."""
    if not right(function, record, arguments):
        return None
    shape = axis_sizes(record, arguments)
    above = [axis for axis in record.axes if shape[axis.name] > axis.minimum]
    smaller = [
        {axis.name: axis.minimum for axis, cut in zip(above, chosen, strict=True) if cut}
        for chosen in product((False, True), repeat=len(above))
        if any(chosen)
    ]
    inputs = [_cut(record, arguments, shape | small) for small in smaller]
    standards_of(record, inputs)
    of_nothing = None
    for small, given in zip(smaller, inputs, strict=True):
        try:
            found = judge(function, record, given).finding
        except DeclinedError:  # sizes for which a convention promises nothing
            continue
        if found is None or found.kind in _ELSEWHERE:
            continue
        label = ", ".join(f"{axis} = {size}" for axis, size in small.items())
        said = f"with {label}{', ' if found.kind == 'value' else ' it '}{found.message}"
        breach = Finding("smallest_axes", said, given, apart=found.apart, deviation=found.deviation)
        if found.apart is None:
            return breach
        of_nothing = of_nothing or breach
    return of_nothing


def _cut(record: Record, arguments: Arguments, shape: dict[str, int]) -> dict[str, object]:
    """The leading part of every argument, its indices brought back into range."""
    cut: dict[str, object] = {}
    for argument in record.arguments:
        value = np.array(arguments[argument.name])[tuple(slice(shape[axis]) for axis in argument.axes)]
        if argument.into is not None:
            value %= shape[argument.into]
        cut[argument.name] = int(value) if argument.kind == "index" and value.ndim == 0 else value
    return cut
