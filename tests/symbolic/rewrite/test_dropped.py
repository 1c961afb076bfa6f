"""A rewritten form that is not proved is dropped, not the loss, and what is printed instead computes the same."""

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from followed import LOSSES
from hypothesis import settings

from w2v_verified.symbolic import Derivation, Loss, ProofError, files, replay
from w2v_verified.symbolic.language.errors import LimitError
from w2v_verified.symbolic.proof import program
from w2v_verified.symbolic.proof.drawing import values_for
from w2v_verified.symbolic.proof.sampling import Point
from w2v_verified.symbolic.rewrite import arrange, moderate, reuse, set_aside, shift, splitting

DENSE = [n for n, loss in LOSSES.items() if not loss.in_parts]
_QUICK = ("naive_softmax", "negative_sampling")
_FURTHER = [n for n in DENSE if n not in _QUICK]
_ASKED = (*_QUICK, *(_FURTHER if settings().max_examples > 1000 else _FURTHER[::3]))
"""Two kinds of loss, and one in three of those made of them; all of them are in `thorough`."""
NAIVE = replace(LOSSES["naive_softmax"], sections=(), claims=())
PASSES = {"shift": shift, "set_aside": set_aside, "moderate": moderate, "arrange": arrange}


def judged(derivation: Derivation, loss: Loss) -> None:
    """Judge the function that is printed by what was derived, at ordinary numbers."""
    namespace: dict[str, Any] = {}
    exec(compile(derivation.standalone("x.py"), "generated.py", "exec"), namespace)
    names, least = derivation.steps.names, derivation.problem.context.least
    for n, size in enumerate((1, 2, 5)):
        sizes = {axis: max(size + m, least[axis]) for m, axis in enumerate(names.axes)}
        values = values_for(names, sizes, random.Random(n))
        assert values is not None
        point = Point(sizes, values, derivation.steps.context.definitions)
        arguments = [values[a.name] for a in loss.arguments]
        found = namespace[loss.name](*(a.real if a.dtype == complex else a for a in arguments))
        wanted = [
            point.entries(x) for x in ("loss", *(f"grad_{a.name}" for a in derivation.problem.differentiated))
        ]
        for one, other in zip(found, wanted, strict=True):
            np.testing.assert_allclose(one, other.real, rtol=1e-11, atol=1e-13)


@pytest.fixture
def undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    """A prover of programs that gives up on everything but names."""

    def equal(left: Any, right: Any, context: Any) -> bool:
        raise LimitError("planted")

    monkeypatch.setattr(program, "equal", equal)


@pytest.mark.usefixtures("undecided")
@pytest.mark.parametrize(
    "name",
    [pytest.param(n, marks=() if n in _QUICK else pytest.mark.slow) for n in _ASKED],
)
def test_where_no_rewritten_form_is_proved_the_derived_program_is_printed(name: str) -> None:
    loss = replace(LOSSES[name], sections=(), claims=())
    derivation = Derivation(loss)
    assert derivation.dropped
    assert all("is not proved equal to the derived one: planted" in d for d in derivation.dropped)
    assert derivation.stable.facts == derivation.derived.facts
    judged(derivation, loss)
    found = replay(derivation)
    assert found.problems == found.unproved == ()
    assert found.dropped == found.shortcomings == derivation.dropped
    with pytest.raises(ProofError, match=f"{name}: .*: planted"):
        files(loss)


def faulty(before: program.Program, after: program.Program) -> program.Program:
    """The program with an output twice as large as it should be."""
    *others, last = after.outputs
    return replace(after, outputs=(*others, replace(last, expression=2 * last.expression)))


@pytest.mark.parametrize("name", PASSES)
def test_a_fault_of_one_pass_takes_that_pass_away_and_leaves_the_loss_right(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    loss = LOSSES["negative_sampling"] if name in ("moderate", "arrange") else NAIVE
    loss = replace(loss, sections=(), claims=())
    right: Callable[..., program.Program] = program.proved
    monkeypatch.setattr(PASSES[name], "proved", lambda b, a, context: right(b, faulty(b, a), context))
    derivation = Derivation(loss)
    assert derivation.dropped
    judged(derivation, loss)


def test_a_fault_in_reading_the_same_again_takes_that_away(monkeypatch: pytest.MonkeyPatch) -> None:
    right = reuse._placed
    z = next(h for h in Derivation(NAIVE).arranged.helpers if h.name == "Z")
    monkeypatch.setattr(reuse, "_placed", lambda s: right(z if s.name == "loss" else s))
    derivation = Derivation(NAIVE)
    (dropped,) = derivation.dropped
    assert dropped.startswith("loss: the rewritten form is not proved equal")
    judged(derivation, NAIVE)


def test_a_fault_in_the_one_pass_takes_its_road_away(monkeypatch: pytest.MonkeyPatch) -> None:
    right = splitting._Splitting._with

    def wrong(self: Any, read_off: Any, singled: dict[str, str]) -> program.Program:
        return right(self, replace(read_off, expression=2 * read_off.expression), singled)

    monkeypatch.setattr(splitting._Splitting, "_with", wrong)
    derivation = Derivation(NAIVE)
    assert derivation.one_pass is None
    assert derivation.moderate is not None
    (dropped,) = derivation.dropped
    assert dropped.startswith("grad_v_c in full: the rewritten form is not proved equal")
    judged(derivation, NAIVE)
