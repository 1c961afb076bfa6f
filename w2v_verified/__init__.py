"""Gradients you can trust: NumPy functions for the losses of word2vec and their gradients, derived and judged.

Each function takes vectors, indices and a table of outside word vectors ``U`` with one column for each word,
shape (d, V), and returns a ``NamedTuple``: the loss in nats, and a gradient shaped like each of the arguments.

>>> import numpy as np
>>> from w2v_verified import naive_softmax
>>> loss, grad_v_c, grad_U = naive_softmax(np.array([1.0, 2.0]), 0, np.array([[1.0, 0.0, -1.0], [0.0, 1.0, 0.5]]))
>>> f"{loss:.6f}", grad_v_c.shape, grad_U.shape
('1.407606', (2,), (2, 3))

Beside the functions:

* ``w2v_verified.verify``: ``check(my_function, "naive_softmax")`` judges an implementation of your own;
* ``w2v_verified.symbolic``: what ``w2v-verified derive`` makes of a loss that is written once, in index notation;
* ``w2v_verified.interop``: ``for_torch`` and ``for_jax`` make differentiable operations of these functions;
* ``w2v_verified.trainer``: ``Word2Vec`` and ``WordVectors``, with the names of gensim's.

The functions need NumPy alone; the rest says which extra it needs. On the command line: ``w2v-verified --help``.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

# The functions are imported when they are asked for, so that the engine which writes them can mend one that is broken.
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
