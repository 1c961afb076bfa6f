"""One loss of a user, derived, printed, compared with the same by hand and in JAX, and measured."""

import statistics
import tracemalloc
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np

from benchmarks.agreement import differs
from benchmarks.losses.user_loss import UserLoss, drawn
from benchmarks.timing import Effort, Run, interleaved
from w2v_verified.symbolic import Array, Derivation

__all__ = ["Measured", "careful", "case", "contenders", "measured", "printed"]

_SMALL = 12


@dataclass(frozen=True)
class Measured:
    """Seconds of one call in every round, the most bytes in use within a call, and why a contender was refused."""

    name: str
    sizes: Mapping[str, int]
    seconds: Mapping[str, list[float]]
    peak: Mapping[str, int]
    refused: Mapping[str, str]

    def time(self, contender: str) -> float:
        """The median time of a contender."""
        return statistics.median(self.seconds[contender])


def case(name: str) -> UserLoss:
    """A loss of this folder."""
    found: UserLoss = import_module(f"benchmarks.losses.{name}").CASE
    return found


def printed(derivation: Derivation) -> Callable[..., Any]:
    """The function that is printed for a user."""
    namespace: dict[str, Any] = {}
    exec(
        compile(derivation.standalone(f"{derivation.loss.name}.py"), derivation.loss.name, "exec"), namespace
    )
    function: Callable[..., Any] = namespace[derivation.loss.name]
    return function


def careful(user: UserLoss) -> Callable[..., tuple[Any, ...]]:
    """What is written by hand, its arguments as arrays of one floating dtype and without NumPy's warnings."""
    floating = [n for n, a in enumerate(user.loss.arguments) if isinstance(a, Array)]

    def function(*arguments: Any) -> tuple[Any, ...]:
        given = list(arguments)
        dtypes = [np.asarray(given[n]).dtype for n in floating]
        exact = [np.dtype(np.float64)] if any(t.kind != "f" for t in dtypes) else []
        for n in floating:
            given[n] = np.asarray(given[n], np.result_type(*exact, *dtypes))
        with np.errstate(all="ignore"):
            return user.by_hand(*given)

    return function


def measured(name: str, quick: bool, effort: Effort) -> Measured:
    """Compare every contender's results with ours, then time those that agree."""
    user = case(name)
    sizes = {axis: min(size, _SMALL) for axis, size in user.sizes.items()} if quick else user.sizes
    arguments = drawn(user.loss, sizes)
    runs = contenders(user, printed(Derivation(user.loss)), arguments)
    ours, refused = runs["w2v_verified"](), {}
    names = ["loss", *(f"grad_{a.name}" for a in user.loss.arguments if isinstance(a, Array) and a.gradient)]
    for who, run in runs.items():
        objection = differs(names, run(), ours)
        if objection is not None:
            refused[who] = objection
    peak = {who: peak_of(runs[who]) for who in ("w2v_verified", "by hand")}
    right = {who: run for who, run in runs.items() if who not in refused}
    np.ones(31 << 17)  # see `benchmarks.case`: freed memory of this size is kept from then on
    return Measured(name, sizes, interleaved(right, effort), peak, refused)


def contenders(user: UserLoss, ours: Callable[..., Any], arguments: tuple[Any, ...]) -> dict[str, Run]:
    """Runs by the name of the contender; JAX's is left out where JAX is not installed."""
    by_hand = careful(user)
    runs: dict[str, Run] = {"w2v_verified": lambda: ours(*arguments), "by hand": lambda: by_hand(*arguments)}
    try:
        jax: Any = import_module("jax")
    except ModuleNotFoundError as error:
        if error.name != "jax":
            raise
        return runs
    return {**runs, "jax.jit(value_and_grad)": _in_jax(jax, user, arguments)}


def _in_jax(jax: Any, user: UserLoss, arguments: tuple[Any, ...]) -> Run:
    jax.config.update("jax_enable_x64", True)
    jax.config.update("jax_cpu_enable_async_dispatch", False)
    given = [jax.numpy.asarray(each) for each in arguments]
    by = [n for n, a in enumerate(user.loss.arguments) if isinstance(a, Array) and a.gradient]
    compiled = jax.jit(jax.value_and_grad(lambda *x: user.in_jax(jax.numpy, *x), argnums=tuple(by)))

    def run() -> Any:
        loss, gradients = jax.block_until_ready(compiled(*given))
        return float(loss), *gradients

    return run


def peak_of(run: Run) -> int:
    """The most bytes that Python and NumPy had in use within a call beyond those before it, its results included."""
    run()
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        kept = run()
        _, most = tracemalloc.get_traced_memory()
        del kept
    finally:
        tracemalloc.stop()
    return most - before
