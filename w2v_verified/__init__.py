"""Gradients you can trust: verified NumPy functions for the losses of word2vec.

The generated functions are imported when they are asked for, so that the engine which writes them can be
used to mend one that is broken.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from w2v_verified import generated
    from w2v_verified.generated import *

    __all__: list[str] = []
    __all__ += generated.__all__


def __getattr__(name: str) -> Any:
    functions = import_module("w2v_verified.generated")
    if name == "__all__" or name in functions.__all__:
        return getattr(functions, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(import_module("w2v_verified.generated").__all__)
