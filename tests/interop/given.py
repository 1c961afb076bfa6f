"""What operations are tried on: every generated function, arguments of it, and a module that was derived."""

from collections.abc import Callable, Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

import w2v_verified
from w2v_verified.interop.function import generated
from w2v_verified.symbolic import Array, Axis, Derivation, Loss, Position
from w2v_verified.verify import load, names
from w2v_verified.verify.cases.draws import arguments_by_seed

TEMPERED = Loss(
    name="tempered",
    summary="Softmax with a temperature and weights of its words.",
    axes=(Axis("d", "dimension"), Axis("V", "words")),
    arguments=(
        Array("h", "d", "hidden vector"),
        Position("o", "V", "the true word"),
        Array("E", "d V", "table"),
        Array("t", "", "temperature", positive=True),
        Array("b", "V", "biases", gradient=False),
    ),
    definition="""
        z[w in V] = sum(i in d, E[i, w] * h[i]) / t + b[w]
        loss = log(sum(w in V, exp(z[w]))) - z[o]
    """,
)
"""A scalar that has a gradient, and an array that has none."""


def functions() -> list[str]:
    """The names of all that is generated here."""
    return list(names())


def function(name: str) -> Callable[..., Any]:
    """One of them."""
    found: Callable[..., Any] = getattr(w2v_verified, name)
    return found


def examples(name: str, count: int) -> Iterator[tuple[list[Any], float, list[Any]]]:
    """Random arguments, and the loss and the gradients that are due."""
    record = load(name)
    known = generated("test", function(name), {})
    for drawn in arguments_by_seed(record, 0, count, ("float64",), ("C",), None):
        arguments = [
            int(value) if isinstance(value, np.integer) else np.array(value)
            for value in (drawn[name] for name in known.names)
        ]
        loss, gradients = known.loss_and_gradients(arguments)
        yield arguments, loss, gradients


def derived(folder: Path) -> ModuleType:
    """The module of ``TEMPERED``, as ``w2v-verified derive`` writes it."""
    path = folder / "tempered_generated.py"
    path.write_text(Derivation(TEMPERED).standalone("tempered.py"), encoding="utf-8")
    spec = spec_from_file_location("tempered_generated", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
