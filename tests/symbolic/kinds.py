"""Arguments of many kinds, values for them, and what printed statements use."""

from typing import Any

import numpy as np

from w2v_verified.runtime.columns import taken
from w2v_verified.runtime.distances import pulled, squared_distances
from w2v_verified.runtime.elementwise import exp_times, sigmoid, softplus
from w2v_verified.runtime.products import outer, product, total
from w2v_verified.symbolic import Array, Axis, Loss, Position
from w2v_verified.symbolic.definition.problem import Problem

PROBLEM = Problem(
    Loss(
        name="kinds",
        summary="",
        axes=(Axis("d"), Axis("V"), Axis("B"), Axis("K")),
        arguments=(
            *(Array("A", "d V"), Array("C", "d B"), Array("M", "d d"), Array("S", "B V"), Array("T", "B K")),
            *(Array("u", "d"), Array("v", "d"), Array("x", "V"), Array("w", "B"), Array("h", "K")),
            *(Array("p", "V", positive=True), Array("c", ""), Array("L", "d B K")),
            *(Position("o", "V"), Position("n", "V", axes="K"), Position("q", "V", axes="B")),
            Position("r", "V", axes="B K"),
        ),
        definition="loss = c",
    )
)
RUNTIME = {
    "outer": outer,
    "product": product,
    "pulled": pulled,
    "sigmoid": sigmoid,
    "exp_times": exp_times,
    "softplus": softplus,
    "squared_distances": squared_distances,
    "taken": taken,
    "total": total,
}


def values(sizes: dict[str, int], seed: int) -> dict[str, Any]:
    random = np.random.default_rng(seed)
    arguments: dict[str, Any] = {}
    for a in PROBLEM.arrays:
        arguments[a.name] = np.asarray(
            random.uniform(0.5 if a.positive else -1, 1, [sizes[x] for x in a.axes.split()])
        )
    for p in PROBLEM.pointers:
        arguments[p.name] = random.integers(0, sizes[p.into], [sizes[x] for x in p.axes.split()])
    return arguments
