"""What a mistake gives on an input: the explanation carried out."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from itertools import takewhile

import numpy as np

from w2v_verified.notation.syntax import Module
from w2v_verified.verify.bounds.analysis import Analysis
from w2v_verified.verify.bounds.approximate import Approximate
from w2v_verified.verify.bounds.rounding import Rounding
from w2v_verified.verify.diagnosis.evidence.explanation import Altered, Called, Changed, Meaning, Results
from w2v_verified.verify.diagnosis.evidence.masks import mask_axes, masks
from w2v_verified.verify.diagnosis.evidence.probes import Probe
from w2v_verified.verify.evaluation import balls
from w2v_verified.verify.evaluation.balls import ctx
from w2v_verified.verify.evaluation.batch import Batch
from w2v_verified.verify.evaluation.frames import Array, Placed
from w2v_verified.verify.exact.reverse import Node, Reverse
from w2v_verified.verify.record import Result

__all__ = ["Bench"]

_PRECISION = 128


class Bench:
    """One input, made ready for many programs that differ from a right one in a line: what comes before is kept."""

    def __init__(self, probe: Probe) -> None:
        self._probe, self._record = probe, probe.record
        self._batch = Batch(probe.record, [probe.arguments])
        self._base = probe.record.programs["textbook"].statements
        self._kept: dict[str, Approximate] = {}

    def carried_out(self, meaning: Meaning) -> Results:
        """The results of a mistake, by name; those it says nothing about are left out."""
        match meaning:
            case Changed(change):
                return change(self._probe.exact, self._probe.extents)
            case Altered(program, differentiated=False):
                return self._evaluated(program)
            case Altered(program):
                return self._differentiated(program)
            case Called(change):
                arguments = change(self._probe.arguments)
                if arguments is None:
                    return {}
                called = Bench(replace(self._probe, arguments=arguments))
                return called.carried_out(Altered(self._record.programs["textbook"]))

    def values_of(self, name: str) -> Array:
        """The entries of a statement of what was derived, flat."""
        return self._run(self._record.programs["textbook"], [name])[name].value

    def _evaluated(self, program: Module) -> Results:
        known = self._run(program, [each.name for each in self._record.results])
        return {each.name: self._whole(known[each.name].value, each) for each in self._record.results}

    def _run(self, program: Module, wanted: list[str]) -> dict[str, Approximate]:
        analysis = Analysis(Rounding(self._probe.standard.dtype), self._batch.pointers, self._batch.space)
        with np.errstate(all="ignore"):
            if not self._kept:
                for name, (array, frame) in self._arrays.items():
                    analysis.given(name, [array], frame)
                analysis.run(Module(self._base), [each.target for each in self._base], frozenset())
                self._kept = dict(analysis.known)
            pairs = zip(program.statements, self._base, strict=False)
            same = len(list(takewhile(lambda pair: pair[0] is pair[1], pairs)))
            analysis.known = {name: self._kept[name] for name in self._arrays}
            analysis.known |= {each.target: self._kept[each.target] for each in self._base[:same]}
            if same < len(program.statements):
                analysis.run(Module(program.statements[same:]), wanted, frozenset())
        return analysis.known

    def _differentiated(self, program: Module) -> Results:
        of = {result.name: result.of for result in self._record.results if result.of is not None}
        batch, found = self._batch, {}
        with ctx.workprec(_PRECISION):
            arrays = {
                name: Placed(balls.exact(array), frame) for name, (array, frame) in self._arrays.items()
            }
            evaluation = Reverse(arrays, batch.pointers, batch.space, list(of.values()))
            loss = evaluation.run(program)
            evaluation.gradients(loss)
            for result in self._record.results:
                value = loss.value if result.of is None else _adjoint(evaluation.known[result.of])
                high, low = balls.split(value)
                found[result.name] = self._whole(high.astype(np.longdouble) + low, result)
        return found

    @cached_property
    def _arrays(self) -> Mapping[str, Placed]:
        """The floating arguments and all masks."""
        axes, batch = mask_axes(self._record), self._batch
        held = {name: Placed(arrays[0].ravel(), batch.frames[name]) for name, arrays in batch.arrays.items()}
        return held | {
            name: Placed(mask.ravel(), batch.space.over(axes[name]))
            for name, mask in masks(self._probe).items()
        }

    def _whole(self, flat: Array, result: Result) -> Array:
        """A result in its shape."""
        batch = self._batch
        frame = batch.space.frame(()) if result.of is None else batch.frames[result.of]
        return frame.split(flat)[0]


def _adjoint(node: Node) -> Array:
    return np.full(node.frame.total, balls.ZERO, dtype=object) if node.adjoint is None else node.adjoint
