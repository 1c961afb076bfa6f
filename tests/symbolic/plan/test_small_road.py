"""The road for small arrays: when it is written, and when its scalars may be Python's floats."""

from pathlib import Path
from typing import Any

import pytest
import sympy as sp

from w2v_verified.symbolic import Derivation, Loss, load
from w2v_verified.symbolic.language.equation import Equation
from w2v_verified.symbolic.language.indices import index, pointer
from w2v_verified.symbolic.plan.operations import Scatter
from w2v_verified.symbolic.plan.ordinary import are_ordinary
from w2v_verified.symbolic.plan.planner import Planner
from w2v_verified.symbolic.proof.program import Program

LOSSES = load(Path(__file__).parents[3] / "derivations")
Z, E, OTHERS, DELTA = (sp.IndexedBase(sp.Symbol(name, real=True)) for name in ("z", "e", "others", "delta"))
W = index("w", "V")
SCORES = Equation("z", (W,), Z[W])


def emitted(loss: Loss) -> str:
    made = Derivation(loss)
    return made.module()


def moderate_program(name: str) -> tuple[Derivation, Program]:
    made = Derivation(LOSSES[name])
    assert made.moderate is not None
    return made, made.moderate


@pytest.mark.parametrize("name", ["naive_softmax", "negative_sampling_sparse"])
def test_sums_of_exponentials_and_their_quotients_are_ordinary(name: str) -> None:
    made, program = moderate_program(name)
    judged = {s.name for s in program.stages if s.name != "loss"}
    assert are_ordinary(program.statements, judged, made.problem.context)
    assert not are_ordinary(program.statements, [], made.problem.context)
    assert "math.log1p(" in emitted(LOSSES[name])


def test_a_divisor_that_may_be_zero_is_not_ordinary() -> None:
    made, program = moderate_program("naive_softmax")
    R = next(s.expression for s in program.statements if s.name == "R")
    planted = [Equation(s.name, s.indices, R) if s.name == "Z" else s for s in program.statements]
    loss = Equation("loss", (), 1 / sp.Symbol("Z", real=True))
    planted = [loss if s.name == "loss" else s for s in planted]
    assert not are_ordinary(planted, ["z"], made.problem.context)


@pytest.mark.parametrize(
    ("value", "ordinary"),
    [
        (sp.exp(Z[W]), True),
        (sp.exp(-Z[W]) * 3, True),
        (1 / (1 + sp.exp(Z[W])) * sp.exp(Z[W]), True),
        (sp.exp(Z[W], evaluate=False) * E[W] * E[W], False),
        (E[W] * E[W] / E[W].subs(W, index("k", "V")), False),
        (sp.exp(Z[W] ** 2), False),
        (10**9 * sp.exp(Z[W]), False),
        (E[W] * (E[W] - 1), False),
        (Z[W], False),
        (sp.log(E[W]), False),
    ],
)
def test_what_may_be_too_large_too_small_or_unknown_is_not_ordinary(value: Any, ordinary: bool) -> None:
    made, _ = moderate_program("naive_softmax")
    statements = [
        SCORES,
        Equation("e", (W,), sp.exp(Z[W])),
        Equation("x", (W,), value),
        Equation("loss", (), sp.Sum(sp.IndexedBase(sp.Symbol("x", real=True))[W], (W, 0, 1))),
    ]
    assert are_ordinary(statements, ["z"], made.problem.context) is ordinary


def test_only_products_with_vectors_are_methods_of_arrays() -> None:
    assert ".dot(" in emitted(LOSSES["naive_softmax"])
    assert ".dot(" not in emitted(LOSSES["naive_softmax_batch"])


@pytest.mark.parametrize(("place", "how"), [("o", "set"), ("p", "subtract")])
def test_what_is_added_replaces_a_zero_at_the_masked_place_alone(place: str, how: str) -> None:
    planner = Planner({"V": ("w", "k")}, frozenset())
    o, other = pointer("o", "V"), pointer(place, "V")
    planner.operations(Equation("others", (W,), (1 - sp.KroneckerDelta(W, o)) * E[W]))
    R = sp.Symbol("R", real=True)
    planned = planner.operations(Equation("delta", (W,), OTHERS[W] / R - sp.KroneckerDelta(W, other) * R))
    assert isinstance(planned[-1], Scatter)
    assert planned[-1].how == how
