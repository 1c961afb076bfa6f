"""What a generated function looks like from outside: its types, signature, input checks and results."""

import re
from collections.abc import Iterable

from w2v_verified.symbolic.loss import Argument, Array, Position
from w2v_verified.symbolic.lower import UnsupportedError
from w2v_verified.symbolic.problem import Problem

WIDTH = 110
_TYPES = {0: "Scalar[F]", 1: "Vector[F]", 2: "Matrix[F]", 3: "Tensor[F]"}
_POSITIONS = {0: "SupportsIndex", 1: "Positions", 2: "PositionMatrix"}
_RUNTIME = {
    "checks": (
        "INTEGER",
        "PLAIN",
        "buffers",
        "count",
        "floating",
        "position",
        "positions",
        "sizes",
        "within",
    ),
    "columns": ("added_up", "scattered_product", "taken"),
    "elementwise": ("moderate", "sigmoid", "softplus"),
    "products": ("add_outer", "outer", "product", "total"),
}
"""What generated code may use of this package, in the order ruff would have it."""


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
        if a.name == problem.loss.factored:
            found += [("left", "Vector[F]"), ("right", "Vector[F]")]
            continue
        touched = a.name == problem.loss.sparse
        found += [("columns", "Positions")] if touched else []
        found.append(("grad_columns" if touched else f"grad_{a.name}", type_of(a)))
    return found


def imports(problem: Problem, body: Iterable[str]) -> list[str]:
    """The imports a module needs whose function has ``body``."""
    typing = ["Generic", "NamedTuple"] + ["SupportsIndex"] * any(not p.axes for p in problem.pointers)
    used = {type_of(a) for a in problem.loss.arguments} | {t for _, t in fields(problem)}
    used |= {"Matrix[F]"} if problem.loss.factored else set()
    arrays = ["F", *sorted(t.removesuffix("[F]") for t in used if t != "SupportsIndex")]
    used_code = code(body)
    own = []
    for module, names in _RUNTIME.items():
        found = [n for n in names if re.search(rf"\b{n}\b", used_code)]
        own += [f"from w2v_verified.{module} import {', '.join(found)}"] if found else []
    return [
        f"from typing import {', '.join(typing)}",
        "",
        "import numpy as np",
        "",
        f"from w2v_verified.arrays import {', '.join(arrays)}",
        *own,
        "from w2v_verified.quiet import quiet",
    ]


def code(lines: Iterable[str]) -> str:
    """Lines without their comments."""
    return "\n".join(x.partition("  #")[0] for x in lines if not x.lstrip().startswith("#"))


def block_sizes(problem: Problem, lines: Iterable[str]) -> list[str]:
    """The line that reads the sizes ``lines`` need off the arguments."""
    used = code(lines)
    wanted = [a.name for a in problem.loss.axes if re.search(rf"\b{a.name}\b", used)]
    return _sizes(problem, wanted, _places(problem))


def signature(problem: Problem) -> list[str]:
    """The ``def`` line, or lines."""
    name = problem.loss.name
    arguments = [f"{a.name}: {type_of(a)}" for a in problem.loss.arguments]
    out = f"out: tuple[{', '.join(type_of(a) for a in problem.differentiated)}] | None = None"
    keywords = [] if problem.loss.in_parts else [out]
    keywords += ["with_loss: bool = True"] if problem.loss.optional else []
    keywords += ["block_size: int | None = None"] if problem.loss.blocks else []
    keywords = ["*", *keywords] if keywords else []
    inside, returns = ", ".join([*arguments, *keywords]), f"{result_name(name)}[F]"
    if len(f"def {name}({inside}) -> {returns}:") <= WIDTH:
        return [f"def {name}({inside}) -> {returns}:"]
    if len(inside) + 4 <= WIDTH:
        return [f"def {name}(", f"    {inside}", f") -> {returns}:"]
    return [f"def {name}(", *(f"    {part}," for part in (*arguments, *keywords)), f") -> {returns}:"]


def input_checks(problem: Problem, used: str) -> list[str]:
    """The lines that check the arguments and read the axes' sizes; ``used`` is the code that may need them.

    What is fit to be used as it is goes through one condition. All else is converted, or refused by name.
    """
    arguments = problem.loss.arguments
    arrays = ", ".join(a.name for a in problem.arrays)
    keywords = ", ".join(f"{a.name}={a.name}" for a in problem.arrays)
    slow = [f"{_unpacked(arrays)} = floating({keywords})"]
    slow += [f"{p.name} = np.asarray({p.name})" for p in problem.pointers if p.axes]
    shapes = [
        f'("{a.name}", {a.name}.shape, "{a.axes}")' for a in arguments if isinstance(a, Array) or a.axes
    ]
    minimum = ", ".join(f'"{a.name}": {a.minimum}' for a in problem.loss.axes)
    slow += call_text(
        "sizes", [f"({', '.join(shapes)}{',' * (len(shapes) == 1)})", f"{{{minimum}}}"], shapes, 8
    )
    places = _places(problem)
    for p in problem.pointers:
        check = "positions" if p.axes else "position"
        slow.append(f'{p.name} = {check}("{p.name}", {p.name}, "{p.into}", {places[p.into][0]})')
    wanted = [a.name for a in problem.loss.axes if re.search(rf"\b{a.name}\b", used)]
    return [
        *_unless(_fit(problem, places)),
        *(f"    {line}" for line in slow),
        *_sizes(problem, wanted, places),
    ]


def _places(problem: Problem) -> dict[str, list[str]]:
    """For every axis, where its size stands in the shapes of the arguments."""
    places: dict[str, list[str]] = {}
    for a in problem.loss.arguments:
        for n, axis in enumerate(a.axes.split()):
            places.setdefault(axis, []).append(f"{a.name}.shape[{n}]")
    return places


def _fit(problem: Problem, places: dict[str, list[str]]) -> list[str]:
    """The conditions under which all arguments can be used as they are, the ranks in front of the sizes."""
    arrays = [a.name for a in problem.arrays]
    tables = [p for p in problem.pointers if p.axes]
    shaped: list[Argument] = [*problem.arrays, *tables]
    ranks = ", ".join(str(len(a.axes.split())) for a in shaped)
    ndims = ", ".join(f"{a.name}.ndim" for a in shaped)
    parts = [f"type({a.name}) is np.ndarray" for a in shaped]
    parts += [" is ".join(f"{name}.dtype" for name in arrays)] if len(arrays) > 1 else []
    parts += [f"{arrays[0]}.dtype in PLAIN"]
    parts += [" is ".join(f"{p.name}.dtype" for p in tables) + " is INTEGER"] if tables else []
    parts += [f"({ndims}) == ({ranks})" if len(shaped) > 1 else f"{ndims} == {ranks}"]
    for axis in problem.loss.axes:
        sizes = " == ".join(reversed(places[axis.name]))
        if axis.minimum or len(places[axis.name]) > 1:
            parts.append(f"{sizes} >= {axis.minimum}" if axis.minimum else sizes)
    for p in problem.pointers:
        size = places[p.into][0]
        if p.axes:
            parts.append(f"within({p.name}, {size})")
        else:
            parts += [f"type({p.name}) is int", f"0 <= {p.name} < {size}"]
    return parts


def _unless(parts: list[str]) -> list[str]:
    """``if not (...):``, on one line or as ruff would break it."""
    whole = f"if not ({' and '.join(parts)}):"
    if len(parts) == 1:
        whole = f"if not {parts[0]}:"
    if len(whole) + 4 <= WIDTH:
        return [whole]
    return ["if not (", f"    {parts[0]}", *(f"    and {part}" for part in parts[1:]), "):"]


def _sizes(problem: Problem, wanted: list[str], places: dict[str, list[str]]) -> list[str]:
    """The line that reads the sizes that are wanted, off one shape if one has them all."""
    for a in problem.loss.arguments:
        if wanted and a.axes.split() == wanted:
            return [f"{_unpacked(', '.join(wanted))} = {a.name}.shape"]
    return [f"{', '.join(wanted)} = {', '.join(places[axis][0] for axis in wanted)}"] if wanted else []


def storage(problem: Problem, touched: str | None, find: bool) -> list[str]:
    """The lines that provide the gradients' arrays, 0 where few columns are touched, and ``find`` these columns."""
    lines: list[str] = []
    if not problem.loss.in_parts:
        dtype = f"{problem.arrays[0].name}.dtype"
        grads = _unpacked(", ".join(f"grad_{a.name}" for a in problem.differentiated))
        shapes = {f"grad_{a.name}": _shape(a) for a in problem.differentiated}
        few = [f"grad_{a.name}" for a in problem.differentiated if touched in a.axes.split()]
        empty = [f"np.{'zeros' if n in few else 'empty'}({shape}, {dtype})" for n, shape in shapes.items()]
        names = [a.name for a in problem.loss.arguments if isinstance(a, Array) or a.axes]
        inputs = f"({', '.join(names)}{',' * (len(names) == 1)})"
        wanted = ", ".join(f'"{name}": {shape}' for name, shape in shapes.items())
        fresh = f"{grads} = {', '.join(empty)}" if len(empty) > 1 else f"{grads} = ({empty[0]},)"
        lines += [
            "if out is None:",
            f"    {fresh}",
            "else:",
            *(
                f"    {line}"
                for line in call_text(f"{grads} = buffers", ["out", dtype, f"{{{wanted}}}", inputs], None, 8)
            ),
            *(f"    {name}[...] = 0" for name in few),
        ]
    if touched is not None and find:
        pointers = [p.name for p in problem.pointers if p.into == touched]
        names_ = pointers[0] if len(pointers) == 1 else f"np.concatenate(({', '.join(pointers)}), axis=None)"
        lines += [
            "# the columns the loss reads; the gradient is zero in all others",
            f"columns = np.unique({names_})",
        ]
    return lines


def _shape(a: Array) -> str:
    axes = a.axes.split()
    return f"({', '.join(axes)}{',' * (len(axes) == 1)})"


def call_text(
    function: str, arguments: list[str], first: list[str] | None = None, indent: int = 4
) -> list[str]:
    """A call, on one line or as ruff would break it; ``first`` are the parts of the first argument, a tuple."""
    call = f"{function}({', '.join(arguments)})"
    if len(call) + indent <= WIDTH:
        return [call]
    if len(", ".join(arguments)) + indent + 4 <= WIDTH:
        return [f"{function}(", f"    {', '.join(arguments)}", ")"]
    lines = [f"{function}("]
    for n, a in enumerate(arguments):
        if n == 0 and first is not None and len(a) + indent + 5 > WIDTH:
            lines += ["    (", *(f"        {part}," for part in first), "    ),"]
        else:
            lines.append(f"    {a},")
    return [*lines, ")"]


def _unpacked(names: str) -> str:
    """The targets of an unpacking."""
    return names if "," in names else f"({names},)"
