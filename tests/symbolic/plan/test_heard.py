"""An overflow below a line is warned about where a division would make a number of it, and nowhere else."""

import warnings
from typing import Any

import numpy as np
import pytest

from w2v_verified.symbolic import Array, Axis, Derivation, Loss


def run(definition: str) -> Any:
    loss = Loss("some", "Some loss.", (Axis("T", letters="t s"),), (Array("x", "T"),), definition)
    namespace: dict[str, Any] = {}
    exec(Derivation(loss).standalone("some.py"), namespace)
    return namespace["some"](np.array([1e200, 1.0]))


def test_what_is_divided_by_in_place_is_heard() -> None:
    with pytest.warns(RuntimeWarning, match="overflow"):
        run("loss = sum(t in T, 1 / (1 + x[t] ** 2 * (2 + sin(x[t]))))")


@pytest.mark.parametrize(
    ("definition", "loss"),
    [
        ("z[t in T] = 1 + x[t] ** 2\nloss = sum(t in T, x[t] / z[t])", 0.5),
        ("loss = log(sum(t in T, exp(x[t])))", 1e200),
    ],
    ids=["a name", "a sum of exponentials"],
)
def test_what_is_looked_at_is_quiet_and_right(definition: str, loss: float) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert run(definition)[0] == loss
