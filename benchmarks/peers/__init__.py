"""Other ways to compute a loss and its gradients; those of packages that are not installed are left out."""

from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from benchmarks.peers import with_autograd, with_jax, with_torch
from benchmarks.timing import Run

__all__ = ["installed", "versions"]

_PACKAGES: dict[str, Callable[..., dict[str, Run]]] = {
    "torch": with_torch.contenders,
    "jax": with_jax.contenders,
    "autograd": with_autograd.contenders,
}


def installed(loss: str, *arguments: Any) -> dict[str, Run]:
    """Runs for the loss from every package that is here, by the name of the contender."""
    found: dict[str, Run] = {}
    for package, contenders in _PACKAGES.items():
        try:
            found |= contenders(loss, *arguments)
        except ModuleNotFoundError as error:
            if error.name != package:
                raise
    return found


def versions() -> dict[str, str]:
    """Versions of the packages that are here."""
    found = {}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found
