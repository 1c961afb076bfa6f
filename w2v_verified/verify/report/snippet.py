"""Spell an input as Python source that can be pasted and run (a reproducer)."""

import numpy as np

from w2v_verified.verify.arrays import NUMPY, Library
from w2v_verified.verify.arrays.spelling import Call
from w2v_verified.verify.cases.arguments import Arguments
from w2v_verified.verify.cases.layouts import layout_of
from w2v_verified.verify.judging.conventions import Convention
from w2v_verified.verify.record import Record

__all__ = ["snippet"]

_WRITTEN_OUT = 12
_PLAIN_DTYPES = (np.dtype(np.float64), np.dtype(np.intp))


def snippet(
    record: Record, convention: Convention, function: str, arguments: Arguments, library: Library = NUMPY
) -> str:
    """The source of one call, with the arrays of a library.

    >>> from w2v_verified.verify.judging.conventions import CONVENTIONS
    >>> from w2v_verified.verify.record import load
    >>> arguments = {"v_c": np.array([1.0]), "o": 1, "U": np.array([[0.0, 710.0]])}
    >>> print(snippet(load("naive_softmax"), CONVENTIONS["rows"], "mine", arguments))
    import numpy as np
    v_c = np.array([1.0])
    o = 1
    U = np.array([[0.0, 710.0]])
    loss, grad_v_c, grad_U = mine(v_c, o, U.T)
    """
    first, call = convention.spell(record)
    lines = ["import numpy as np"]
    layouts: list[str] = []
    for name, value in arguments.items():
        lines.append(f"{name} = {_spell(value)}")
        layout = layout_of(value) if isinstance(value, np.ndarray) else "C"
        if layout != "C":
            layouts.append(f"{name} = LAYOUTS[{layout!r}]({name})")
    if layouts:
        lines[1:1] = ["from w2v_verified.verify import LAYOUTS"]
    body = [*lines, *layouts, *first]
    if any(not np.isfinite(value).all() for value in arguments.values() if isinstance(value, np.ndarray)):
        body[1:1] = ["from numpy import inf, nan"]
    names = [argument.name for argument in record.arguments]
    of = [result.of for result in record.results if result.of is not None]
    imports, lines = library.spell(
        Call(
            function,
            call,
            [name for name, value in arguments.items() if isinstance(value, np.ndarray)],
            record.fields,
            of,
            [names.index(name) for name in of],
            library.gradients == "automatic",
        )
    )
    body[1:1] = imports
    return "\n".join([*body, *lines])


def _spell(value: object) -> str:
    if not isinstance(value, np.ndarray):
        return repr(value)
    if value.size == 0:
        return f"np.zeros({value.shape}, dtype=np.{value.dtype.name})"
    dtype = "" if value.dtype in _PLAIN_DTYPES else f", dtype=np.{value.dtype.name}"
    if value.size > _WRITTEN_OUT and np.all(value == value.flat[0]):
        return f"np.full({value.shape}, {value.flat[0].item()!r}{dtype})"
    return f"np.array({value.tolist()}{dtype})"
