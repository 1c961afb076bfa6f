"""Derivatives that are something else as it stands are read where that is, and a wrong reading is refused."""

from typing import Any

import pytest
from shorter import lines

from w2v_verified.symbolic.rewrite import copies


@pytest.mark.parametrize(
    "definition",
    [
        pytest.param(
            "s[n in N] = sum(h in H, X[n, h])\nloss = sum(n in N, b[n] * tanh(s[n]) + s[n])", id="none"
        ),
        pytest.param(
            "s[n in N] = sqrt(1 + sum(h in H, X[n, h] ** 2))\nr[n in N] = s[n] * b[n]\nloss = sum(n in N, r[n])",
            id="one after the other",
        ),
        pytest.param(
            "s = sum(n in N, softplus(b[n]))\nr = s * sum(h in H, a[h])\nloss = r", id="without indices"
        ),
    ],
)
def test_no_copy_is_left(definition: str) -> None:
    made = [line.partition(" = ") for line in lines(definition) if line.startswith("delta")]
    for target, _, value in made:
        indices = target.partition("[")[2]
        assert "(" in value or any(sign in value for sign in "+-*/"), (target, indices, value)


def test_a_copy_that_is_read_at_another_place_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A transposed reading of a derivative that is an argument as it is."""
    meaning = copies._meaning

    def turned(copied: Any, entry_: Any) -> Any:
        found = meaning(copied, entry_)
        return found.base[found.indices[::-1]] if getattr(found, "indices", ())[1:] else found

    definition = "g[n in N, m in N] = tanh(Q[m, n])\nloss = sum(n in N, sum(m in N, Q[n, m] * g[n, m]))"
    assert not any(line.startswith("delta") for line in lines(definition))
    monkeypatch.setattr(copies, "_meaning", turned)
    assert any(line.startswith("delta") for line in lines(definition))
