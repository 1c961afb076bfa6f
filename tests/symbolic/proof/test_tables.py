"""Every row of the rule table and of the fact table: proved for all sizes, and true at sampled points."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import sympy as sp
from tables import fact_step, step, without_conditions

from w2v_verified.symbolic.algebra import normal
from w2v_verified.symbolic.algebra.rules import RULES, Instance, Rule
from w2v_verified.symbolic.language import functions
from w2v_verified.symbolic.language.errors import ProofError
from w2v_verified.symbolic.proof.facts import FACTS, Fact
from w2v_verified.symbolic.proof.step import ProofStep

HOLDS = [(rule, i) for rule in RULES.values() for i in rule.holds]
FAILS = [(rule, i) for rule in RULES.values() for i in rule.fails]


def by_rule(rule: Rule, instance: Instance) -> ProofStep:
    return step(instance.left, instance.right, instance.over, f"{rule.name} {instance.beside}")


def named(case: tuple[Rule, Instance]) -> str:
    return f"{case[0].name}-{case[1].left}"


@pytest.mark.parametrize("case", HOLDS, ids=named)
def test_each_instance_of_a_rule_is_proved_and_true(case: tuple[Rule, Instance]) -> None:
    rule, instance = case
    by_rule(rule, instance).check()


@pytest.mark.parametrize("case", FAILS, ids=named)
def test_each_false_instance_is_refused_by_algebra(case: tuple[Rule, Instance]) -> None:
    rule, instance = case
    with pytest.raises(ProofError, match="does not follow"):
        by_rule(rule, instance).check_algebra()


@pytest.mark.parametrize("case", FAILS, ids=named)
def test_each_false_instance_is_refused_at_sampled_points(case: tuple[Rule, Instance]) -> None:
    rule, instance = case
    with pytest.raises(ProofError, match=" is not "):
        by_rule(rule, instance).sample()


@pytest.mark.parametrize("fact", FACTS.values(), ids=lambda f: f.name)
def test_each_fact_is_proved_and_true(fact: Fact) -> None:
    fact_step(fact).check()


@pytest.mark.parametrize("row", [*RULES.values(), *FACTS.values()], ids=lambda row: row.name)
def test_each_row_says_when_it_is_defined(row: Rule | Fact) -> None:
    assert row.condition.strip()


@pytest.mark.parametrize("name", [r.name for r in RULES.values() if r.switch])
def test_a_switch_is_needed_by_the_steps_that_name_it(name: str) -> None:
    """Without the rule at least one of its instances is refused, so naming it is not idle."""
    refused = 0
    for instance in RULES[name].holds:
        try:
            step(instance.left, instance.right, instance.over, "ALGEBRA").check_algebra()
        except ProofError:
            refused += 1
    assert refused > 0


def test_a_logarithm_is_split_only_where_its_parts_are_known_to_be_positive() -> None:
    made = step("log(exp(c) / sum(w in V, exp(x[w])))", "c - log(sum(w in V, exp(x[w])))", rules="LOG")
    made.check_algebra()
    with pytest.raises(ProofError):
        without_conditions(made).check_algebra()


OF_KINDS = "w2v_verified.symbolic.language.functions._OF_KINDS"


def with_sigmoid(unfolded: Callable[[Any], Any]) -> dict[Any, functions.Function]:
    """The table by classes, with another meaning of the sigmoid."""
    row = functions.function_of(functions.Sigmoid(sp.Symbol("x")))
    assert row is not None
    return {**functions._OF_KINDS, functions.Sigmoid: replace(row, unfolded=unfolded)}


PLANTED = {
    "PICK": ("w2v_verified.symbolic.algebra.normal.picked", lambda term, context: term),
    "FUNCTION": (OF_KINDS, with_sigmoid(lambda x: 1 / (1 + sp.exp(x)))),
    "SIGMOID": (OF_KINDS, with_sigmoid(lambda x: 1 / (1 + sp.exp(x) / 2))),
    "LOG": (
        "w2v_verified.symbolic.algebra.powers.Powers.logarithm",
        lambda self, argument: self.form.terms(argument),
    ),
    "ORTHOGONAL": ("w2v_verified.symbolic.algebra.brackets._in_column", lambda entry, x, context: False),
    "ONE-TO-ONE": ("w2v_verified.symbolic.algebra.brackets._pairs", lambda e, context: False),
}


@pytest.fixture
def nothing_known() -> Iterator[None]:
    """What was found without the bug is forgotten before it is planted, and what was found with it afterwards."""
    for found in (normal.normal, normal.vanishes):
        found.cache_clear()
    yield
    for found in (normal.normal, normal.vanishes):
        found.cache_clear()


@pytest.mark.usefixtures("nothing_known")
@pytest.mark.parametrize("name", PLANTED)
def test_a_bug_planted_in_a_rule_turns_its_row_red(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(*PLANTED[name])
    broken = 0
    for instance in RULES[name].holds:
        try:
            by_rule(RULES[name], instance).check_algebra()
        except ProofError:
            broken += 1
    assert broken > 0


def test_an_unknown_rule_is_refused() -> None:
    with pytest.raises(ProofError, match="MAGIC: no such rule"):
        step("c", "c", rules="MAGIC").check()


def test_algebra_alone_does_not_make_the_sampled_check_pass() -> None:
    """The two checks share nothing: a statement that is false somewhere fails where it is evaluated."""
    with pytest.raises(ProofError, match="is not"):
        step("x[n]", "x[n] + c / 1000000").sample()
