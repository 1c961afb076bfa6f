"""What strangers got through: ranges that seem not to reach 0, places of inner sums, kinks that are simplified away."""

from typing import Any

import pytest

from w2v_verified.notation import LanguageError
from w2v_verified.symbolic import Array, Axis, Chain, Derivation, Loss, Section, Step, replay

AXES = (Axis("V", minimum=2, letters="w j k"),)
ARGUMENTS = (Array("x", "V"), Array("c", ""), Array("q", "V", nonnegative=True))


def derivation(definition: str, *chains: Chain) -> Derivation:
    sections = (Section("What follows", "\n\n".join(f"[{n}]" for n in range(len(chains))), chains),)
    return Derivation(
        Loss("kinks", "With kinks.", AXES, ARGUMENTS, definition, sections=sections if chains else ())
    )


@pytest.mark.parametrize(
    "definition",
    [
        "loss = log(abs(c) + 1) + 1 / (relu(tanh(c) - 1) - abs(c))",
        "loss = log(-1 / (relu(tanh(c) - 1) - relu(2 - c)))",
        "loss = log(relu(2 - c) + sum(j in V, relu(sum(k in V, (k == j)) - 1.5)))",
        "h = sum(j in V, relu(sum(k in V, (k == j)) - 1.5))\nloss = log(relu(2 - c) + h)",
    ],
)
def test_what_may_be_0_has_no_logarithm_and_divides_nothing(definition: str) -> None:
    with pytest.raises(LanguageError, match="provably positive"):
        _ = derivation(definition).problem.stages


@pytest.mark.parametrize(
    ("definition", "start", "step", "rules"),
    [
        ("z = c * relu(2 - c)\nloss = abs(z) + c", "diff(abs(z), z) ** 2", "1", "DIFF"),
        ("loss = abs(c)", "grad_c ** 2", "1", "DIFF UNFOLD"),
        ("loss = c", "diff(max(c, 0), c)", "diff(relu(c), c)", "FUNCTION"),
        ("loss = c", "heaviside(c)", "(sign(c) + 1) / 2", "FUNCTION"),
        ("loss = c", "sign(c ** 2)", "1", "FUNCTION"),
    ],
)
def test_what_holds_away_from_a_kink_alone_is_not_proved(
    definition: str, start: str, step: str, rules: str
) -> None:
    assert replay(derivation(definition, Chain(start, (Step(rules, step),)))).shortcomings


def test_a_derivative_at_the_border_of_a_range_is_the_one_stated() -> None:
    chain = Chain("diff(relu(sum(w in V, q[w])), q[j])", (Step("DIFF PICK", "1"),), over="j in V")
    assert replay(derivation("loss = sum(w in V, q[w] ** 2)", chain)).shortcomings


@pytest.mark.parametrize(
    "definition",
    ["loss = relu(sum(w in V, q[w]))", "loss = sum(w in V, abs(q[w]))", "loss = max(sum(w in V, q[w]), 0)"],
)
def test_a_kink_at_the_border_of_a_range_is_derived_and_proved(definition: str) -> None:
    made = derivation(definition)
    assert replay(made).shortcomings == ()
    namespace: dict[str, Any] = {}
    exec(made.standalone("kinks.py"), namespace)
    zeros = namespace["kinks"]([0.0, 0.0], 0.0, [0.0, 0.0])
    assert zeros.grad_q.tolist() == ([0.5, 0.5] if "max" in definition else [0.0, 0.0])
