"""What a generated function looks like from outside: its types, signature, input checks and results."""

import re
from collections.abc import Iterable

from w2v_verified.symbolic.loss import Argument, Array, Position
from w2v_verified.symbolic.lower import UnsupportedError
from w2v_verified.symbolic.problem import Problem

WIDTH = 110
_TYPES = {0: "Scalar[F]", 1: "Vector[F]", 2: "Matrix[F]", 3: "Tensor[F]"}
_POSITIONS = {0: "SupportsIndex", 1: "Positions", 2: "PositionMatrix"}
_CHECKS = ("buffers", "floating", "position", "positions", "sizes")


def result_name(loss: str) -> str:
    """The name of the result type of a loss."""
    return "".join(part.capitalize() for part in loss.split("_"))


def type_of(argument: Argument) -> str:
    """The type of an argument, and of the gradient by it."""
    rank = len(argument.axes.split())
    types = _POSITIONS if isinstance(argument, Position) else _TYPES
    if rank not in types:
        raise UnsupportedError(f"{argument.name}: {rank} axes; supported are up to {max(types)}")
    return types[rank]


def fields(problem: Problem) -> list[tuple[str, str]]:
    """The fields of the result behind the loss, with their types."""
    found: list[tuple[str, str]] = []
    for a in problem.differentiated:
        touched = a.name == problem.loss.sparse
        found += [("columns", "Positions")] if touched else []
        found.append(("grad_columns" if touched else f"grad_{a.name}", type_of(a)))
    return found


def imports(problem: Problem, body: Iterable[str]) -> list[str]:
    """The imports a module needs whose function has ``body``."""
    typing = ["Generic", "NamedTuple"] + ["SupportsIndex"] * any(not p.axes for p in problem.pointers)
    used = {type_of(a) for a in problem.loss.arguments} | {t for _, t in fields(problem)}
    arrays = ["F", *sorted(t.removesuffix("[F]") for t in used if t != "SupportsIndex")]
    code = "\n".join(line.partition("  #")[0] for line in body if not line.lstrip().startswith("#"))
    checks = [c for c in _CHECKS if re.search(rf"\b{c}\(", code)]
    functions = [f for f in ("sigmoid", "softplus") if re.search(rf"\b{f}\(", code)]
    elementwise = [f"from w2v_verified.elementwise import {', '.join(functions)}"] if functions else []
    return [
        f"from typing import {', '.join(typing)}",
        "",
        "import numpy as np",
        "",
        f"from w2v_verified.arrays import {', '.join(arrays)}",
        f"from w2v_verified.checks import {', '.join(checks)}",
        *elementwise,
    ]


def signature(problem: Problem) -> list[str]:
    """The ``def`` line, or lines."""
    name = problem.loss.name
    arguments = [f"{a.name}: {type_of(a)}" for a in problem.loss.arguments]
    out = f"out: tuple[{', '.join(type_of(a) for a in problem.differentiated)}] | None = None"
    keywords = [] if problem.loss.sparse else ["*", out]
    inside, returns = ", ".join([*arguments, *keywords]), f"{result_name(name)}[F]"
    if len(f"def {name}({inside}) -> {returns}:") <= WIDTH:
        return [f"def {name}({inside}) -> {returns}:"]
    if len(inside) + 4 <= WIDTH:
        return [f"def {name}(", f"    {inside}", f") -> {returns}:"]
    return [f"def {name}(", *(f"    {part}," for part in (*arguments, *keywords)), f") -> {returns}:"]


def input_checks(problem: Problem, used: str) -> list[str]:
    """The lines that convert and check the arguments; ``used`` is the code that may need the axes' sizes."""
    arrays = ", ".join(a.name for a in problem.arrays)
    keywords = ", ".join(f"{a.name}={a.name}" for a in problem.arrays)
    lines = [f"{_unpacked(arrays)} = floating({keywords})"]
    lines += [f"{p.name} = np.asarray({p.name})" for p in problem.pointers if p.axes]
    shapes = [
        f'("{a.name}", {a.name}.shape, "{a.axes}")'
        for a in problem.loss.arguments
        if isinstance(a, Array) or a.axes
    ]
    used += " ".join(p.into for p in problem.pointers)
    axes = ", ".join(a.name if re.search(rf"\b{a.name}\b", used) else f"_{a.name}" for a in problem.loss.axes)
    minimum = ", ".join(f'("{a.name}", {a.minimum})' for a in problem.loss.axes)
    minimum += "," if len(problem.loss.axes) == 1 else ""
    lines += _call(
        f"{_unpacked(axes)} = sizes",
        [f"({', '.join(shapes)}{',' if len(shapes) == 1 else ''})", f"({minimum})"],
        shapes,
    )
    for p in problem.pointers:
        check = "positions" if p.axes else "position"
        lines.append(f'{p.name} = {check}("{p.name}", {p.name}, "{p.into}", {p.into})')
    return lines


def storage(problem: Problem, touched: str | None) -> list[str]:
    """The lines that provide the gradients' arrays and find the columns that are touched along an axis."""
    lines: list[str] = []
    if not problem.loss.sparse:
        grads = ", ".join(f"grad_{a.name}" for a in problem.differentiated)
        shapes = []
        for a in problem.differentiated:
            axes = a.axes.split()
            shapes.append(f'"grad_{a.name}": ({", ".join(axes)}{"," if len(axes) == 1 else ""})')
        names = ", ".join(a.name for a in problem.loss.arguments if isinstance(a, Array) or a.axes)
        inputs = f"({names},)" if "," not in names else f"({names})"
        dtype = f"{problem.arrays[0].name}.dtype"
        arguments = ["out", dtype, f"{{{', '.join(shapes)}}}", inputs]
        lines += _call(f"{_unpacked(grads)} = buffers", arguments)
    if touched is not None:
        pointers = [p.name for p in problem.pointers if p.into == touched]
        names = pointers[0] if len(pointers) == 1 else f"np.concatenate(({', '.join(pointers)}), axis=None)"
        lines += [
            "# the columns the loss reads; the gradient is zero in all others",
            f"columns = np.unique({names})",
        ]
    return lines


def _call(function: str, arguments: list[str], first: list[str] | None = None) -> list[str]:
    """A call, on one line or as ruff would break it; ``first`` are the parts of the first argument, a tuple."""
    call = f"{function}({', '.join(arguments)})"
    if len(call) + 4 <= WIDTH:
        return [call]
    if len(", ".join(arguments)) + 8 <= WIDTH:
        return [f"{function}(", f"    {', '.join(arguments)}", ")"]
    lines = [f"{function}("]
    for n, a in enumerate(arguments):
        if n == 0 and first is not None and len(a) + 9 > WIDTH:
            lines += ["    (", *(f"        {part}," for part in first), "    ),"]
        else:
            lines.append(f"    {a},")
    return [*lines, ")"]


def _unpacked(names: str) -> str:
    """The targets of an unpacking."""
    return names if "," in names else f"({names},)"
