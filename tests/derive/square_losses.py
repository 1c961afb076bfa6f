"""Random losses of sums of squares, under roots, below lines and in logarithms, for numbers whose squares overflow."""

from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn
from judged import drawn

from w2v_verified.symbolic import Array, Axis, Loss, Position

ARGUMENTS = (
    Array("x", "V"),
    Array("S", "B V"),
    Array("a", "B"),
    Array("c", ""),
    Array("p", "V", gradient=False, between=(0.5, 2)),
    Array("w", "V", gradient=False, between=(-1, 1)),
    Position("o", "V"),
    Position("n", "V", axes="B"),
)
ROOTS_OF_B = ("a[b]", "c", "S[b, n[b]]", "(a[b] - c)", "x[o]")
OVER_V = ("x[k]", "S[b, k]", "(x[k] - c)", "(S[b, k] - a[b])")


@st.composite
def square_losses(draw: DrawFn) -> Loss:
    """A sum over b of roots, quotients and logarithms of sums of squares; perhaps by stages."""
    stages: list[str] = []
    forms = [_form(draw, stages, n) for n in range(draw(st.integers(1, 2)))]
    definition = "\n".join([*stages, f"loss = sum(b in B, {' + '.join(forms)})"])
    return Loss("random_loss", "One of many.", (Axis("V"), Axis("B")), ARGUMENTS, definition)


def _form(draw: DrawFn, stages: list[str], n: int) -> str:
    root = draw(st.sampled_from(ROOTS_OF_B))
    over = draw(st.sampled_from(OVER_V))
    inside = draw(st.sampled_from([root, over]))
    bracket = draw(st.sampled_from(["", "", "(k != n[b]) * ", "(k <= n[b]) * "]))
    weight = draw(st.sampled_from(["", "", "p[k] * ", "3 * "]))
    square = f"{root} ** 2" if inside == root else f"sum(k in V, {bracket}{weight}{over} ** 2)"
    more = draw(st.sampled_from(["", "", f" + {draw(st.sampled_from(ROOTS_OF_B))} ** 2"]))
    below = f"{draw(st.sampled_from(['1', '0.01', '3', '1e-8']))} + {square}{more}"
    if draw(st.booleans()):
        stages.append(f"v{n}[b in B] = {square}{more}")
        below = f"1 + v{n}[b]"
    size = f"sqrt({below})"
    if draw(st.booleans()):
        stages.append(f"z{n}[b in B] = {size}")
        size = f"z{n}[b]"
    above = root if inside == root else f"sum(k in V, {bracket}w[k] * {over})"
    return draw(
        st.sampled_from(
            [
                size,
                f"{above} / {size}",
                f"log({below})",
                f"1 / ({below})",
                f"({above}) ** 2 / ({below})",
                f"tanh({above} / {size})",
                f"{above} / ({below}) ** 1.5",
            ]
        )
    )


def arguments(seed: int) -> dict[str, Any]:
    """Numbers of several magnitudes, at some of which squares leave the range of numbers."""
    random = np.random.default_rng(seed)
    size = random.choice([1.0, 1e-200, 1e100, 1e160, 1e200])

    def numbers(a: Array, shape: tuple[int, ...]) -> Any:
        return random.uniform(0.5, 0.9, shape) if a.admitted else random.normal(size=shape) * size

    return drawn(ARGUMENTS, random, numbers)
