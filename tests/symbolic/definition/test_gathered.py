"""Stages that are read where index arguments point alone: which there are, how they come out, and a wrong one."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from w2v_verified.symbolic import Array, Axis, Derivation, Loss, Position, ProofError, record
from w2v_verified.symbolic.definition import gathered
from w2v_verified.symbolic.language.text import statement
from w2v_verified.verify import Record, check

AXES = (Axis("d", letters="i"), Axis("V", letters="w"), Axis("K", minimum=0, letters="k"))
ARGUMENTS = (
    Array("v", "d"),
    Array("U", "d V"),
    Array("b", "V"),
    Position("o", "V"),
    Position("n", "V", axes="K"),
)
SCORES = "s[w in V] = sum(i in d, U[i, w] * v[i]) + b[w]\n"
ALONE = SCORES + "loss = softplus(-s[o]) + sum(k in K, softplus(s[n[k]]))"


def derived(definition: str) -> Derivation:
    return Derivation(Loss("some", "Some loss.", AXES, ARGUMENTS, definition))


def stages(definition: str) -> list[str]:
    problem = derived(definition).problem
    return [statement(s, problem.letters, problem.taken) for s in problem.stages]


def test_a_stage_that_is_gathered_alone_is_computed_where_it_is_read() -> None:
    assert stages(ALONE) == [
        "s_n[k in K] = b[n[k]] + sum(i in d, U[i, n[k]] * v[i])",
        "s_o = b[o] + sum(i in d, U[i, o] * v[i])",
        "loss = softplus(-s_o) + sum(k in K, softplus(s_n[k]))",
    ]


def test_stages_behind_it_are_computed_there_too() -> None:
    made = stages(SCORES + "t[w in V] = tanh(s[w])\nloss = sum(k in K, t[n[k]] ** 2)")
    assert [line.partition(" = ")[0] for line in made] == ["s_n[k in K]", "t_n[k in K]", "loss"]


def test_what_is_summed_over_as_well_stays() -> None:
    made = stages(SCORES + "loss = log(sum(w in V, exp(s[w]))) - s[o]")
    assert made[0] == "s[w in V] = b[w] + sum(i in d, U[i, w] * v[i])"


def test_no_array_over_the_whole_axis_is_read_or_written() -> None:
    """Both gradients along the axis are written in the columns that are pointed at."""
    derivation = derived(ALONE)
    text = derivation.standalone("x.py")
    assert "grad_U.T[columns] = grad_columns.T" in text
    assert "grad_b[columns] = weights" in text
    namespace: dict[str, Any] = {}
    exec(compile(text, "x", "exec"), namespace)
    report = check(namespace["some"], Record.from_json(record(derivation)), examples=10, strict=True)
    assert report.ok, str(report)
    v, U, b = np.ones(2), np.full((2, 9), np.inf), np.full(9, np.nan)
    U[:, 3:5], b[3:5] = 1.0, 0.0
    result = namespace["some"](v, U, b, 3, np.array([4, 4]))
    assert np.isfinite(result.loss)
    assert np.flatnonzero(result.grad_b).tolist() == [3, 4]


def test_a_stage_read_at_another_place_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def another(e: Any, stage: Any, namer: Any) -> Any:
        return right(e, replace(stage, expression=stage.expression + 1), namer)

    right = gathered._read
    monkeypatch.setattr(gathered, "_read", another)
    with pytest.raises(ProofError, match="the stages prepared from the definition: wrong"):
        stages(ALONE)
