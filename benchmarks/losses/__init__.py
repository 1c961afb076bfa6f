"""A dozen losses of users: what is printed for their definitions, against NumPy by hand of the same grade, and JAX."""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from benchmarks.losses.measuring import Measured, measured
from benchmarks.sheet import Sheet
from benchmarks.timing import Effort, median_ratio

__all__ = ["NAMES", "sheets"]

NAMES = (
    "rbf_kernel_ridge",
    "mlp_two_hidden",
    "gelu_mlp",
    "swiglu",
    "self_attention",
    "nce",
    "cbow_position_weights",
    "mixture_of_experts",
    "hopfield_energy",
    "infonce_position",
    "focal_multiclass",
    "simclr_two_views",
)
"""The losses, each called like its module here."""

_JAX = "jax.jit(value_and_grad)"


def sheets(quick: bool, progress: Callable[[str], None], rounds: int | None = None) -> list[Sheet]:
    """The table: times and memory of every loss, each measured in a process of its own."""
    effort = Effort(rounds or 2, 0.001) if quick else Effort(rounds or 15, 0.02)
    found: list[Measured] = []
    for name in NAMES:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
            found.append(process.submit(measured, name, quick, effort).result())
        progress(f"{name} done")
    return [table(found)]


def table(found: list[Measured]) -> Sheet:
    """What was measured as a table, with what is wrong or was left out below it."""
    notes = [
        f"{each.name}: {who} is wrong and was not timed: {why}"
        for each in found
        for who, why in each.refused.items()
    ]
    if not any(_JAX in each.seconds or _JAX in each.refused for each in found):
        notes.append(f"{_JAX} was left out: jax is not installed")
    return Sheet(
        "losses of users, one thread: times as fast as NumPy by hand, and the most memory in use against by hand's",
        ("loss", "sizes", "by hand", "w2v_verified", _JAX, "memory"),
        [_row(each) for each in found],
        notes,
        ok=not any(each.refused for each in found),
    )


def _row(each: Measured) -> tuple[str, ...]:
    sizes = ", ".join(f"{axis} {size}" for axis, size in each.sizes.items())
    times = [_speed(each, name) for name in ("w2v_verified", _JAX)]
    by_hand = f"{each.time('by hand') * 1e3:.3g} ms" if "by hand" in each.seconds else "wrong"
    return each.name, sizes, by_hand, *times, f"{each.peak['w2v_verified'] / each.peak['by hand']:.2f}"


def _speed(each: Measured, name: str) -> str:
    if name in each.seconds and "by hand" in each.seconds:
        return f"{median_ratio(each.seconds['by hand'], of=each.seconds[name]):.2f}"
    return "wrong" if name in each.refused else "-"
