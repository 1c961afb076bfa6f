"""Random losses that multiply what may be 0 by exponentials that may leave the range of numbers."""

from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn
from judged import drawn

from w2v_verified.symbolic import Array, Axis, Loss, Position

ARGUMENTS = (
    Array("x", "V", gradient=False),
    Array("S", "B V", gradient=False),
    Array("a", "B", gradient=False),
    Array("c", "", gradient=False),
    Array("s", "B"),
    Array("t", "V"),
    Position("o", "V"),
    Position("n", "V", axes="B"),
)
WEIGHTS = ("a[b]", "a[b] ** 2", "(a[b] - x[n[b]])", "c", "x[o]", "sum(k in V, x[k])")
EXPONENTS = ("s[b]", "-s[b]", "-2 * s[b]", "t[o]", "(s[b] - t[n[b]])", "0.5 * s[b]")
OVER_V = ("x[k]", "(S[b, k] - x[k])", "(a[b] - c)")
EXPONENTS_OVER_V = ("t[k]", "-t[k]", "(s[b] + t[k])", "-2 * t[k]")


@st.composite
def large_losses(draw: DrawFn) -> Loss:
    """A sum over b of products with exponentials; perhaps by stages, perhaps inside a function."""
    stages: list[str] = []
    terms = [_term(draw, stages, n) for n in range(draw(st.integers(1, 3)))]
    definition = "\n".join([*stages, f"loss = sum(b in B, {' + '.join(terms)})"])
    return Loss("random_loss", "One of many.", (Axis("V"), Axis("B")), ARGUMENTS, definition)


def _term(draw: DrawFn, stages: list[str], n: int) -> str:
    if draw(st.booleans()):
        weight, exponent = draw(st.sampled_from(WEIGHTS)), draw(st.sampled_from(EXPONENTS))
        index = "b in B"
    else:
        weight, exponent = draw(st.sampled_from(OVER_V)), draw(st.sampled_from(EXPONENTS_OVER_V))
        if weight == "x[k]":  # with a table that would be a matrix product
            exponent = exponent.replace("s[b] + ", "")
        index = "b in B, k in V"
    exponential = f"exp({exponent})"
    if draw(st.booleans()) and weight != "x[k]":
        name, letters = f"e{n}", index.replace(" in B", "").replace(" in V", "")
        stages.append(f"{name}[{index}] = {exponential}")
        exponential = f"{name}[{letters}]"
    divided = draw(st.booleans())
    term = f"{weight} / {exponential}" if divided else f"{weight} * {exponential}"
    term = term if index == "b in B" else f"sum(k in V, {term})"
    return draw(st.sampled_from([term, f"0.5 * {term}", f"tanh({term})"]))


def arguments(seed: int) -> dict[str, Any]:
    """Weights of which many are 0 and others tiny, and exponents beyond the range of exponentials, of either sign."""
    random = np.random.default_rng(seed)

    def numbers(a: Array, shape: tuple[int, ...]) -> Any:
        if a.name in ("s", "t"):
            return random.uniform(-1, 1, shape) * random.choice([1, 450])
        return random.normal(size=shape) * random.choice([0, 0, 1e-200], shape)

    return drawn(ARGUMENTS, random, numbers)
