"""Random false equations and programs are refused: one node is changed, and numbers tell that it matters."""

from collections.abc import Iterator

import pytest
from expressions import DERIVATION, real, scopes, stated, step
from faults import differs, wrong
from followed import derived
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from program_faults import computes_something_else, wrong_program
from rewritings import rewritten

from w2v_verified.notation import LanguageError
from w2v_verified.notation.spelling import spell
from w2v_verified.symbolic.algebra.rules import ALGEBRAIC
from w2v_verified.symbolic.language.errors import LimitError, ProofError
from w2v_verified.symbolic.proof.program import Program, prove_same
from w2v_verified.symbolic.proof.step import ProofStep
from w2v_verified.symbolic.rewrite import splitting

RULES = " ".join(sorted(ALGEBRAIC))
PROGRAMS = ("naive_softmax", "negative_sampling", "skip_gram_naive_softmax")


EXAMPLES = settings().max_examples
"""Dozens while one works, hundreds in ci; thorough means 20,000 equations."""


def check_equation(data: st.DataObject) -> None:
    scope = data.draw(scopes())
    e = real(data.draw, scope, 3)
    other, _ = rewritten(data.draw, e, scope, data.draw(st.integers(0, 3)))
    other = wrong(data.draw, other, scope)
    try:
        made = stated(e, other, scope, RULES)
        made.check_algebra()
    except (ProofError, LanguageError):
        return
    assert not differs(made, DERIVATION.steps.names), f"{spell(e)} = {spell(other)} was accepted"


@settings(max_examples=EXAMPLES if EXAMPLES < 1000 else 4 * EXAMPLES)
@given(st.data())
def test_a_false_equation_is_refused_by_algebra(data: st.DataObject) -> None:
    check_equation(data)


def check_confirmation(data: st.DataObject) -> None:
    """What algebra cannot decide is evaluated; what is false is not confirmed."""
    scope = data.draw(scopes())
    e = real(data.draw, scope, 3)
    other = wrong(data.draw, e, scope)
    try:
        made = stated(e, other, scope, RULES)
        made.check()
    except (ProofError, LanguageError):
        return
    assert not differs(made, DERIVATION.steps.names), f"{spell(e)} = {spell(other)} was confirmed"


def given_up(left: object, right: object, context: object) -> bool:
    raise LimitError("planted")


@settings(max_examples=EXAMPLES // 2)
@given(st.data())
def test_a_false_equation_is_not_confirmed_where_algebra_decides_nothing(data: st.DataObject) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("w2v_verified.symbolic.proof.step.equal", given_up)
        check_confirmation(data)


@pytest.fixture
def nothing_tried() -> Iterator[None]:
    """What an algebra with a fault has proved is forgotten."""
    step.cache_clear()
    yield
    step.cache_clear()


@pytest.mark.usefixtures("nothing_tried")
def test_the_generator_finds_what_an_evaluation_that_sees_nothing_confirms(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("w2v_verified.symbolic.proof.step.equal", given_up)
    monkeypatch.setattr(ProofStep, "_compare", lambda *_, **__: True)
    found = settings(max_examples=50, phases=[Phase.generate], database=None)(
        given(st.data())(check_confirmation)
    )
    with pytest.raises(AssertionError, match="was confirmed"):
        found()


def passes(name: str) -> list[tuple[Program, Program]]:
    """Programs before and after each pass."""
    d = derived(name)
    made = [(d.derived, d.textbook), (d.textbook, d.stable), (d.stable, d.arranged)]
    made += [(d.derived, d.moderate)] if d.moderate is not None else []
    if d.moderate is not None and d.one_pass is not None:
        made.append((splitting.in_full(d.moderate), splitting.in_full(d.one_pass.split.program)))
    return made


def check_program(name: str, data: st.DataObject) -> None:
    before, after = data.draw(st.sampled_from(passes(name)))
    faulty = wrong_program(data.draw, after)
    try:
        prove_same(before, faulty, derived(name).problem.context)
    except ProofError:
        return
    assert not computes_something_else(derived(name), before, faulty)


@pytest.mark.parametrize("name", PROGRAMS)
@settings(max_examples=EXAMPLES // 8 if EXAMPLES < 1000 else EXAMPLES)
@given(st.data())
def test_a_program_with_a_fault_after_a_pass_is_refused(name: str, data: st.DataObject) -> None:
    check_program(name, data)


@pytest.mark.usefixtures("nothing_tried")
def test_the_generators_find_what_an_algebra_that_accepts_everything_lets_through(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("w2v_verified.symbolic.proof.step.equal", lambda left, right, context: True)
    monkeypatch.setattr("w2v_verified.symbolic.proof.program.equal", lambda left, right, context: True)
    for check in (check_equation, lambda data: check_program("naive_softmax", data)):
        found = settings(max_examples=50, phases=[Phase.generate], database=None)(given(st.data())(check))
        with pytest.raises(AssertionError):
            found()
