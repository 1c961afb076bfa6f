"""Whatever the mistake: a diagnosis gives, carried out by other code, what came back on the finding's own input."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from importlib import import_module
from typing import Any
from unittest import mock

import numpy as np
import pytest
from altered import LOSSES, Made, evaluated, made
from broadcast import Broadcast
from flint import ctx
from hypothesis import assume, given, settings
from index_by_index import IndexByIndex

import w2v_verified
from w2v_verified.notation.syntax import Module
from w2v_verified.verify import CONVENTIONS, Finding, Record, check, load
from w2v_verified.verify.cases.arguments import Arguments, copied
from w2v_verified.verify.diagnosis import mistake
from w2v_verified.verify.diagnosis.evidence.explanation import Altered, Called, Changed, Explanation
from w2v_verified.verify.diagnosis.evidence.inputs import inputs
from w2v_verified.verify.diagnosis.evidence.masks import masks
from w2v_verified.verify.diagnosis.evidence.probes import probe_of
from w2v_verified.verify.diagnosis.mistake import Said, said_of
from w2v_verified.verify.judging.calling import silence
from w2v_verified.verify.record import axis_sizes
from w2v_verified.verify.trial import Trial, deck_of

pytestmark = pytest.mark.slow

judged = import_module("w2v_verified.verify.check")  # whose name is that of the function as well

_BITS = 300
_STEP = 1e-25
_CLOSE = 1e-8
_CASES = 6
_READ_OFF = (
    "rounded to",
    "float16",
    "float32",
    "difference with the step",
    "stands for the probability",
    "is -log(",
)

THOROUGH = settings().max_examples > 200


@settings(max_examples=settings().max_examples if THOROUGH else settings().max_examples // 10)
@given(drawn=made(LOSSES if THOROUGH else LOSSES[:2]))
def test_diagnosis_gives_what_came_back(drawn: Made) -> None:
    heard: dict[str, tuple[Said, ...]] = {}

    def hearing(*asked: Any) -> tuple[Said, ...]:
        said = said_of(*asked)
        heard["; ".join(each.sentence for each in said)] = said
        return said

    plain = inputs(drawn.record)[0]
    with silence(), mock.patch.object(mistake, "said_of", hearing), nullcontext() if THOROUGH else briefly():
        returned = dict(zip(drawn.record.fields, drawn.function(*plain.values()), strict=True))
        assume(any(off(value, returned[name]) > _CLOSE for name, value in right(drawn.record, plain).items()))
        for finding in check(drawn.function, drawn.record, examples=0).findings:
            if finding.diagnosis is not None:
                reproduces(finding, heard[finding.diagnosis], drawn)


@pytest.mark.parametrize("loss", LOSSES)
def test_nothing_is_said_of_the_right_program(loss: str) -> None:
    record = load(loss)
    run = Broadcast(record, record.programs["textbook"])

    def function(*arguments: Any) -> Any:
        given = dict(zip((a.name for a in record.arguments), arguments, strict=True))
        return tuple(evaluated(record, run, given))

    for own in inputs(record)[:3]:
        for kind in ("value", "return", "exception", "smallest_axes"):
            assert not said_of(Finding(kind, "", own), function, record, CONVENTIONS["columns"])


@contextmanager
def briefly() -> Iterator[None]:
    """Leave all but the first cases of the deck out, and the contract: what is wrong everywhere shows on these."""
    with (
        mock.patch.object(judged, "deck_of", lambda record: deck_of(record)[:_CASES]),
        mock.patch.object(Trial, "look_at_contract"),
    ):
        yield


def reproduces(finding: Finding, sentences: tuple[Said, ...], drawn: Made) -> None:
    """See that every sentence is about the finding, and gives what the function returned on its input."""
    record = drawn.record
    names = [result.name for result in record.results]
    for said in sentences:
        if said.explanation is None:
            known = any(form in said.sentence for form in (*drawn.mistakes, *_READ_OFF))
            assert known or "called in the convention" in said.sentence, said.sentence
            continue
        returned = dict(zip(names, drawn.function(*copied(finding.arguments).values()), strict=True))
        claimed = carried_out(said.explanation, record, finding.arguments)
        true = right(record, finding.arguments)
        assert set(said.results) <= claimed.keys()
        assert any(off(true[name], returned[name]) > _CLOSE for name in said.results), said.sentence
        for name in said.results:
            assert off(claimed[name], returned[name]) <= _CLOSE, (said.sentence, name)


def off(one: Any, other: Any) -> float:
    """How far two results are apart, as a fraction of the larger; infinitely where their shapes differ."""
    if np.shape(one) != np.shape(other):
        return np.inf
    largest = max(float(np.abs(each).max(initial=0)) for each in (np.asarray(one), np.asarray(other)))
    return float(np.abs(np.asarray(one) - np.asarray(other)).max(initial=0)) / (largest or 1.0)


def right(record: Record, arguments: Arguments) -> dict[str, Any]:
    results = getattr(w2v_verified, record.name)(**copied(arguments))
    return dict(zip(record.fields, results, strict=True))


def carried_out(explanation: Explanation, record: Record, own: Arguments) -> dict[str, Any]:
    """The results of making the mistake, by the generated functions or index by index in balls."""
    match explanation.meaning:
        case Changed(change):
            return dict(change(right(record, own), axis_sizes(record, own)))
        case Called(change):
            changed = change(own)
            assert changed is not None
            return right(record, changed)
        case Altered(program, differentiated=False):
            known = _run(program, record, own)
            return {result.name: _array(known[result.name]) for result in record.results}
        case Altered(program):
            return {r.name: _derivative(program, record, own, r.of) for r in record.results}


def _run(program: Module, record: Record, own: Arguments, moved: Any = None) -> dict[str, Any]:
    probe = probe_of(lambda *_: tuple(right(record, own).values()), record, own)
    assert probe is not None
    with ctx.workprec(_BITS):
        evaluator = IndexByIndex(record, own)
        for name, mask in masks(probe).items():
            evaluator.known[name] = {at: evaluator.number(float(mask[at])) for at in np.ndindex(mask.shape)}
        if moved is not None:
            name, place, step = moved
            evaluator.known[name][place] += evaluator.number(step)
        return evaluator.run(program)


def _array(entries: dict[tuple[int, ...], Any]) -> Any:
    shape = tuple(max(axis) + 1 for axis in zip(*entries, strict=True))
    array = np.zeros(shape)
    for place, value in entries.items():
        array[place] = float(value)
    return array


def _derivative(program: Module, record: Record, own: Arguments, of: str | None) -> Any:
    """The loss of a program, or its gradient by central differences in many digits."""
    loss = program.statements[-1].target
    if of is None:
        return float(_run(program, record, own)[loss][()])
    gradient = np.zeros(np.shape(np.asarray(own[of])))
    for place in np.ndindex(gradient.shape):
        with ctx.workprec(_BITS):
            up, down = (_run(program, record, own, (of, place, s))[loss][()] for s in (_STEP, -_STEP))
            gradient[place] = float((up - down) / (2 * _STEP))
    return gradient
