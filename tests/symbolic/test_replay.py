"""The derivations of this repository hold step by step, and replaying them notices a step that does not."""

from dataclasses import replace
from typing import Any

import pytest
import sympy as sp
from followed import LOSSES, derived

from w2v_verified.notation import LanguageError
from w2v_verified.symbolic import Array, Axis, Derivation, Loss, Position, ProofError, Step
from w2v_verified.symbolic.language.equation import Equation
from w2v_verified.symbolic.language.naming import entry
from w2v_verified.symbolic.language.operators import Choose
from w2v_verified.symbolic.pipeline import replay
from w2v_verified.symbolic.proof import program
from w2v_verified.symbolic.proof.program import Program

NAIVE = LOSSES["naive_softmax"]


@pytest.mark.parametrize(
    "name",
    [pytest.param(n, marks=() if n == "negative_sampling_block" else pytest.mark.slow) for n in LOSSES],
)
def test_every_step_holds(name: str) -> None:
    found = replay(derived(name))
    assert found.shortcomings == ()
    assert found.proved > 10


def with_step(section: int, chain: int, place: int, **changes: str) -> Loss:
    """The loss up to a section, one step of which is another."""
    sections = list(NAIVE.sections)
    chains = list(sections[section].chains)
    steps = list(chains[chain].steps)
    steps[place] = replace(steps[place], **changes)
    chains[chain] = replace(chains[chain], steps=tuple(steps))
    sections[section] = replace(sections[section], chains=tuple(chains))
    return replace(NAIVE, sections=tuple(sections[: section + 1]))


@pytest.mark.slow
def test_a_step_that_does_not_follow_is_reported() -> None:
    problems = replay(
        Derivation(with_step(1, 0, -1, expression="sum(w in V, U[a, w] * yhat[w])"))
    ).shortcomings
    assert len(problems) == 1
    assert "wrong: " in problems[0]


@pytest.mark.slow
def test_a_step_that_names_a_rule_too_few_is_reported() -> None:
    problems = replay(Derivation(with_step(0, 0, 1, rules="ALGEBRA"))).shortcomings
    assert len(problems) == 1


def test_a_bug_planted_in_the_normal_form_is_caught_at_sampled_points(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With an algebra that accepts anything, the second check still refuses a wrong step."""
    monkeypatch.setattr("w2v_verified.symbolic.proof.step.equal", lambda left, right, context: True)
    problems = replay(
        Derivation(with_step(1, 0, -1, expression="sum(w in V, U[a, w] * yhat[w])"))
    ).shortcomings
    wrong = [p for p in problems if "wrong: " in p]
    assert len(wrong) == 1
    assert " is not " in wrong[0]


def test_a_bug_planted_in_the_chain_rule_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    from w2v_verified.symbolic.calculus import adjoints as derive

    through = derive._through
    monkeypatch.setattr(derive, "_through", lambda link, later: -through(link, later))
    problems = replay(Derivation(replace(NAIVE, sections=(), claims=()))).shortcomings
    assert problems


def test_a_bug_planted_in_collapsing_brackets_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    from w2v_verified.symbolic.calculus import adjoints as derive

    def dropped(e: Any) -> Any:
        return e.xreplace(dict.fromkeys(e.atoms(sp.KroneckerDelta), 0))

    monkeypatch.setattr(derive, "collapse", dropped)
    problems = replay(Derivation(replace(NAIVE, sections=(), claims=()))).shortcomings
    assert problems


@pytest.mark.parametrize("name", ["R", "Z", "others", "e_o"])
def test_a_bug_planted_in_a_stable_form_is_caught(name: str) -> None:
    made = derived("naive_softmax")
    helpers = tuple(
        Equation(h.name, h.indices, 2 * h.expression) if h.name == name else h for h in made.stable.helpers
    )
    wrong = Program(made.stable.stages, helpers, made.stable.outputs)
    with pytest.raises(ProofError, match="not proved equal"):
        program.prove_same(made.textbook, wrong, made.problem.context)


def test_both_branches_of_a_choice_have_to_be_right() -> None:
    made = derived("naive_softmax")
    loss = next(o for o in made.stable.outputs if o.name == "loss")
    low, high, then, otherwise = loss.expression.args
    for branches in ((then, otherwise + 1), (then + 1, otherwise)):
        outputs = tuple(
            Equation(o.name, o.indices, Choose(low, high, *branches)) if o.name == "loss" else o
            for o in made.stable.outputs
        )
        with pytest.raises(ProofError, match="loss"):
            program.prove_same(
                made.textbook, Program(made.stable.stages, made.stable.helpers, outputs), made.problem.context
            )


def test_a_shift_must_be_right_for_every_number_not_for_the_maximum_alone() -> None:
    made = derived("naive_softmax")
    outputs = tuple(
        Equation(o.name, o.indices, o.expression + entry("m", ())) if o.name == "loss" else o
        for o in made.textbook.outputs
    )
    with pytest.raises(ProofError, match="loss"):
        program.prove_same(
            made.derived, Program(made.textbook.stages, made.textbook.helpers, outputs), made.problem.context
        )


def test_a_logarithm_of_a_sum_that_may_be_empty_is_refused() -> None:
    """Over an axis that may have no places a sum of exponentials may be 0."""
    for minimum, pointers in ((1, ()), (0, (Position("n", "V"),))):
        replay(Derivation(log_sum_exp(minimum, pointers)))
    with pytest.raises(LanguageError, match="needs an argument that is provably positive"):
        replay(Derivation(log_sum_exp(0, ())))


def log_sum_exp(minimum: int, pointers: tuple[Position, ...]) -> Loss:
    """Where an index argument points into an axis, the axis has a place for it."""
    return Loss(
        name="log_sum_exp",
        summary="",
        axes=(Axis("V", minimum=minimum),),
        arguments=(Array("x", "V"), *pointers),
        definition="loss = log(sum(w in V, exp(x[w])))",
    )


def test_steps_are_data() -> None:
    step = next(iter(derived("naive_softmax").steps))
    assert step.rules == ("DIFF",)
    assert step.condition == "differentiable where it is used; names that depend on x are unfolded"
    assert isinstance(NAIVE.sections[0].chains[0].steps[0], Step)
