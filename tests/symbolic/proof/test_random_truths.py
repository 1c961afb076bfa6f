"""Random true equations are proved: expressions over the whole grammar, rewritten by true rows at random places."""

import pytest
from expressions import LETTERS, names_bound, nodes, real, scopes, stated
from hypothesis import given, settings
from hypothesis import strategies as st
from rewritings import rewritten

from w2v_verified.notation import LanguageError, syntax
from w2v_verified.symbolic.algebra.rules import ALGEBRAIC
from w2v_verified.symbolic.language.errors import ProofError

RULES = " ".join(sorted(ALGEBRAIC))
EXAMPLES = max(120, settings().max_examples // 4)


def test_at_least_97_in_100_true_equations_are_proved_and_nothing_else_is_raised() -> None:
    """Of those with four operations, two axes and three rewritings; the others must not crash it either."""
    counted = {"proved": 0, "not proved": 0}

    @settings(max_examples=EXAMPLES if EXAMPLES < 1000 else 4 * EXAMPLES)
    @given(st.data())
    def count(data: st.DataObject) -> None:
        scope = data.draw(scopes())
        e = real(data.draw, scope, 4)
        other, rewritings = rewritten(data.draw, e, scope, data.draw(st.integers(3, 6)))
        axes = {axis for axis in LETTERS if any(axis in str(n) for _, n, _ in nodes(e, scope))}
        operations = [
            n for _, n, _ in nodes(e, scope) if not isinstance(n, syntax.Entry | syntax.Number | syntax.Name)
        ]
        try:
            stated(e, other, scope, RULES).check_algebra()
            verdict = "proved"
        except (ProofError, LanguageError):
            verdict = "not proved"
        if rewritings >= 3 and len(operations) >= 4 and len(axes) >= 2:
            counted[verdict] += 1

    count()
    assert counted["proved"] >= 20
    assert counted["proved"] >= 0.97 * sum(counted.values()), counted


@pytest.mark.slow
@settings(max_examples=EXAMPLES)
@given(st.data())
def test_a_true_equation_agrees_where_it_is_evaluated(data: st.DataObject) -> None:
    """The rewritings themselves are right: otherwise the proofs above would prove something false."""
    scope = data.draw(scopes())
    e = real(data.draw, scope, 3)
    other, _ = rewritten(data.draw, e, scope, 3)
    try:
        step = stated(e, other, scope, RULES)
    except LanguageError:
        return
    assert not names_bound(e) & {b.name for b in scope}
    step.sample()
