"""Explanations by a program with one mistake in it, evaluated on the inputs."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from w2v_verified.notation.syntax import Module
from w2v_verified.verify.bounds.analysis import Analysis
from w2v_verified.verify.bounds.rounding import Rounding
from w2v_verified.verify.diagnosis.alterations import Alteration, alterations, skipping
from w2v_verified.verify.diagnosis.explanation import Explanation
from w2v_verified.verify.diagnosis.masks import mask_axes, masks
from w2v_verified.verify.diagnosis.probes import Probe
from w2v_verified.verify.evaluation import balls
from w2v_verified.verify.evaluation.balls import ctx
from w2v_verified.verify.evaluation.batch import Batch
from w2v_verified.verify.evaluation.frames import Array, Placed
from w2v_verified.verify.exact.reverse import Node, Reverse
from w2v_verified.verify.record import Record, Result

__all__ = ["by_definition", "by_derivation", "by_index"]

Results = Mapping[str, NDArray[np.longdouble]]

_PRECISION = 128
_NEIGHBOURS = {1: "the next", -1: "the previous"}


def by_derivation(record: Record) -> Iterator[Explanation]:
    """A mistake in one line of what was derived: of the loss or of a gradient, the others as they are."""
    program = record.programs["textbook"]
    for altered in (*alterations(program), *_skipping(record, program)):
        yield Explanation(altered.mistake, altered.line, _once(partial(_evaluated, altered.program)))


def by_definition(record: Record) -> Iterator[Explanation]:
    """A mistake in the loss, differentiated without a further one."""
    program = record.programs["definition"]
    for altered in alterations(program):
        mistake = f"this is another loss: {altered.mistake}"
        yield Explanation(mistake, altered.line, _once(partial(_differentiated, altered.program)))


def by_index(record: Record) -> Iterator[Explanation]:
    """Results for the word before or after the one that was asked for."""
    for argument in record.arguments:
        if argument.into is not None:
            for step, which in _NEIGHBOURS.items():
                mistake = (
                    f"these are the results for {which} index: {argument.name} {step:+d} for {argument.name}"
                )
                yield Explanation(mistake, "", _once(_moved(argument.name, argument.into, step)))


def _skipping(record: Record, program: Module) -> Iterator[Alteration]:
    for argument in record.arguments:
        if argument.into is not None and argument.axes:
            yield from skipping(program, argument)


def _once(evaluate: Callable[[Probe], Results]) -> Callable[[Probe], Results]:
    """Remember the results of every probe."""
    known: dict[Probe, Results] = {}

    def remembered(probe: Probe) -> Results:
        if probe not in known:
            known[probe] = evaluate(probe)
        return known[probe]

    return remembered


def _evaluated(program: Module, probe: Probe) -> Results:
    batch = Batch(probe.record, [probe.arguments])
    analysis = Analysis(Rounding(probe.standard.dtype), batch.pointers, batch.space)
    for name, (array, frame) in _arrays(probe, batch).items():
        analysis.given(name, [array], frame)
    results = probe.record.results
    with np.errstate(all="ignore"):
        analysis.run(program, [each.name for each in results], frozenset())
    return {each.name: _whole(analysis.known[each.name].value, each, batch) for each in results}


def _differentiated(program: Module, probe: Probe) -> Results:
    record = probe.record
    of = {result.name: result.of for result in record.results if result.of is not None}
    batch = Batch(record, [probe.arguments])
    found: dict[str, NDArray[np.longdouble]] = {}
    with ctx.workprec(_PRECISION):
        arrays = {
            name: Placed(balls.exact(array), frame) for name, (array, frame) in _arrays(probe, batch).items()
        }
        evaluation = Reverse(arrays, batch.pointers, batch.space, list(of.values()))
        loss = evaluation.run(program)
        evaluation.gradients(loss)
        for result in record.results:
            value = loss.value if result.of is None else _adjoint(evaluation.known[result.of])
            high, low = balls.split(value)
            found[result.name] = _whole(high.astype(np.longdouble) + low, result, batch)
    return found


def _adjoint(node: Node) -> Array:
    return np.full(node.frame.total, balls.ZERO, dtype=object) if node.adjoint is None else node.adjoint


def _arrays(probe: Probe, batch: Batch) -> dict[str, Placed]:
    """The floating arguments and all masks of an input."""
    axes = mask_axes(probe.record)
    held = {name: Placed(arrays[0].ravel(), batch.frames[name]) for name, arrays in batch.arrays.items()}
    return held | {
        name: Placed(mask.ravel(), batch.space.over(axes[name])) for name, mask in masks(probe).items()
    }


def _whole(flat: Array, result: Result, batch: Batch) -> NDArray[np.longdouble]:
    """A result in its shape."""
    frame = batch.space.frame(()) if result.of is None else batch.frames[result.of]
    return frame.split(flat)[0]


def _moved(name: str, axis: str, step: int) -> Callable[[Probe], Results]:
    def evaluate(probe: Probe) -> Results:
        moved = (np.asarray(probe.arguments[name]) + step) % probe.extents[axis]
        arguments = {**probe.arguments, name: moved if moved.ndim else int(moved)}
        return _evaluated(probe.record.programs["textbook"], replace(probe, arguments=arguments))

    return evaluate
