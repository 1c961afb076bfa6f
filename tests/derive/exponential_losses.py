"""Random losses made of sums of exponentials, in logarithms and below lines, for numbers at which they overflow."""

from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn
from judged import drawn

from w2v_verified.symbolic import Array, Axis, Loss, Position

ARGUMENTS = (
    Array("x", "V"),
    Array("y", "V"),
    Array("S", "B V"),
    Array("a", "B"),
    Array("c", ""),
    Array("t", "", gradient=False, positive=True),
    Array("p", "V", gradient=False, positive=True),
    Array("q", "B", between=(0, 1)),
    Position("o", "V"),
    Position("n", "V", axes="B"),
)
OUTSIDE = ("a[b]", "-a[b]", "c", "-c", "a[b] - c", "t * c", "0.5 * a[b]", "S[b, n[b]]", "x[o]")
OVER_V = ("x[k]", "S[b, k]", "x[k] - y[k]", "-x[k]", "t * x[k]", "x[k] + a[b]", "-(x[k] - y[k]) ** 2")
BRACKETS = ("(k != n[b])", "(k <= n[b])", "(n[b] <= k)", "(k != o)", "(k < o)")


@st.composite
def exponential_losses(draw: DrawFn) -> Loss:
    """A sum over b of logarithms or quotients of sums of exponentials; perhaps by stages."""
    stages: list[str] = []
    forms = [_form(draw, stages) for _ in range(draw(st.integers(1, 2)))]
    definition = "\n".join([*stages, f"loss = sum(b in B, {' + '.join(forms)})"])
    return Loss("random_loss", "One of many.", (Axis("V"), Axis("B")), ARGUMENTS, definition)


def _form(draw: DrawFn, stages: list[str]) -> str:
    below = _sum(draw)
    if draw(st.booleans()):
        stages.append(f"Z{len(stages)}[b in B] = {below}")
        below = f"Z{len(stages) - 1}[b]"
    outside = draw(st.sampled_from(OUTSIDE))
    return draw(
        st.sampled_from(
            [
                f"log({below})",
                f"log({below}) - ({outside})",
                f"-log(exp({outside}) / (exp({outside}) + {below}))",
                f"c * exp({outside}) / (exp({outside}) + {below})",
                f"sqrt(exp({outside}) / (exp({outside}) + {below}))",
                f"a[b] / (1 + {below})",
            ]
        )
    )


def _sum(draw: DrawFn) -> str:
    terms = [draw(st.sampled_from(["1", "0.5", "q[b]", "exp(a[b])", "sum(k in V, exp(x[k]))"]))]
    terms += [_term(draw) for _ in range(draw(st.integers(0, 2)))]
    return f"({' + '.join(terms)})"


def _term(draw: DrawFn) -> str:
    weight = draw(st.sampled_from(["", "", "q[b] * ", "(1 - q[b]) * ", "3 * "]))
    if draw(st.booleans()):
        return f"{weight}exp({draw(st.sampled_from(OUTSIDE))})"
    bracket = draw(st.sampled_from(["", "", "p[k] * ", *(f"{b} * " for b in BRACKETS)]))
    return f"{weight}sum(k in V, {bracket}exp({draw(st.sampled_from(OVER_V))}))"


def arguments(seed: int) -> dict[str, Any]:
    """Numbers of several magnitudes, at some of which exponentials overflow."""
    random = np.random.default_rng(seed)

    def numbers(a: Array, shape: tuple[int, ...]) -> Any:
        if a.admitted:
            return random.uniform(0.1, 0.9, shape)
        return random.normal(size=shape) * random.choice([1, 30, 1000])

    return drawn(ARGUMENTS, random, numbers)
