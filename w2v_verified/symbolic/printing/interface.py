"""What a generated function looks like from outside: its types, signature, input checks and results."""

import math
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from w2v_verified.runtime import RUNTIME
from w2v_verified.symbolic.definition.arguments import Argument, Array, Position
from w2v_verified.symbolic.definition.problem import Problem
from w2v_verified.symbolic.language.errors import UnsupportedError
from w2v_verified.symbolic.language.reserved import result_name
from w2v_verified.symbolic.printing.uses import Uses

WIDTH = 110
_TYPES = {0: "Scalar[Float]", 1: "Vector[Float]", 2: "Matrix[Float]", 3: "Tensor[Float]"}
_POSITIONS = {0: "SupportsIndex", 1: "Positions", 2: "PositionMatrix"}
_GIVEN = {
    "Scalar[Float]": "Scalar[Float] | float",
    "Vector[Float]": "VectorLike[Float]",
    "Matrix[Float]": "MatrixLike[Float]",
    "Tensor[Float]": "TensorLike[Float]",
    "Positions": "PositionsLike",
    "PositionMatrix": "PositionMatrixLike",
}
"""The types of what may be given for an argument, by the types of what they are held in."""


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
            found += [("left", "Vector[Float]"), ("right", "Vector[Float]")]
            continue
        touched = a.name == problem.loss.sparse
        found += [("columns", "Positions")] if touched else []
        found.append(("grad_columns" if touched else f"grad_{a.name}", type_of(a)))
    return found


def where_gradients_are(problem: Problem) -> list[str]:
    """The lines that tell, as data, in which fields of the result the gradient of each argument is."""
    entries = []
    for a in problem.differentiated:
        if a.name == problem.loss.factored:
            parts = '"left": "left", "right": "right"'
        elif a.name == problem.loss.sparse:
            parts = '"columns": "columns", "values": "grad_columns"'
        else:
            parts = f'"whole": "grad_{a.name}"'
        entries.append(f'"{a.name}": {{{parts}}}')
    whole = f"GRADIENTS = {{{', '.join(entries)}}}"
    table = [whole] if len(whole) <= WIDTH else ["GRADIENTS = {", *(f"    {e}," for e in entries), "}"]
    return [*table, '"""In which fields of the result the gradient of each argument is, and in what form."""']


def typing_names(problem: Problem) -> tuple[str, ...]:
    """What a module needs of ``typing``."""
    positions = any(not p.axes for p in problem.pointers)
    return ("Generic", "NamedTuple", *(["SupportsIndex"] if positions else []))


def array_types(problem: Problem) -> tuple[str, ...]:
    """The types of arrays that arguments and results have."""
    used = {type_of(a) for a in problem.loss.arguments} | {t for _, t in fields(problem)}
    used |= {_GIVEN[type_of(a)] for a in problem.loss.arguments if a.axes}
    used |= {"Matrix[Float]"} if problem.loss.factored else set()
    return ("Float", *sorted(t.removesuffix("[Float]") for t in used if t != "SupportsIndex"))


def imports(typing: Iterable[str], arrays: Iterable[str], uses: Uses) -> list[str]:
    """The imports of a module that uses these names."""
    own = []
    for module, names in RUNTIME.items():
        found = [n for n in names if n in uses.names]
        own += _imported(module, found) if found else []
    return [
        *(["import math"] if "math" in uses.names else []),
        f"from typing import {', '.join(typing)}",
        "",
        "import numpy as np",
        "",
        *_imported("arrays", list(arrays)),
        *own,
    ]


def _imported(module: str, names: list[str]) -> list[str]:
    """The import of names of the runtime, on one line or as ruff would break it."""
    line = f"from w2v_verified.runtime.{module} import {', '.join(names)}"
    if len(line) <= WIDTH:
        return [line]
    return [f"from w2v_verified.runtime.{module} import (", *(f"    {name}," for name in names), ")"]


def sizes_needed(problem: Problem, uses: Uses) -> list[str]:
    """The line that reads the sizes that are used off the arguments, off one shape if one has them all."""
    wanted = [a.name for a in problem.loss.axes if a.name in uses.scalars]
    for a in problem.loss.arguments:
        if wanted and a.axes.split() == wanted:
            return [f"{unpacked(', '.join(wanted))} = {a.name}.shape"]
    where = places(problem)
    return [f"{', '.join(wanted)} = {', '.join(where[axis][0] for axis in wanted)}"] if wanted else []


def parameters(problem: Problem) -> list[str]:
    """The arguments of the loss with their types."""
    return [f"{a.name}: {type_of(a)}" for a in problem.loss.arguments]


def _given(problem: Problem) -> list[str]:
    """The arguments as they may be given: as Python's numbers too, and not at all where they have a default."""
    defaults = {a.name: f" = {a.default}" for a in problem.arrays if a.default is not None}
    return [
        f"{a.name}: {_GIVEN.get(type_of(a), type_of(a))}{defaults.get(a.name, '')}"
        for a in problem.loss.arguments
    ]


class Option(NamedTuple):
    """What may be said beside the arguments: its type and its default, as text."""

    type: str
    default: str


def options(problem: Problem) -> dict[str, Option]:
    """What may be said beside the arguments."""
    out = Option(f"tuple[{', '.join(type_of(a) for a in problem.differentiated)}] | None", "None")
    found = {} if problem.loss.in_parts else {"out": out}
    return found | ({"with_loss": Option("bool", "True")} if problem.loss.optional else {})


def signature(problem: Problem) -> list[str]:
    """The ``def`` line, or lines."""
    keywords = [f"{name}: {option.type} = {option.default}" for name, option in options(problem).items()]
    keywords += ["block_size: int | None = None"] if problem.loss.blocks else []
    keywords = ["*", *keywords] if keywords else []
    return _defined(problem, problem.loss.name, [*_given(problem), *keywords])


def inner_signature(problem: Problem, name: str) -> list[str]:
    """The ``def`` line, or lines, of the function that takes arguments found fit."""
    return _defined(
        problem,
        name,
        [*parameters(problem), *(f"{n}: {option.type}" for n, option in options(problem).items())],
    )


def _defined(problem: Problem, name: str, parts: list[str]) -> list[str]:
    inside, returns = ", ".join(parts), f"{result_name(problem.loss.name)}[Float]"
    if len(f"def {name}({inside}) -> {returns}:") <= WIDTH:
        return [f"def {name}({inside}) -> {returns}:"]
    if len(inside) + 4 <= WIDTH:
        return [f"def {name}(", f"    {inside}", f") -> {returns}:"]
    return [f"def {name}(", *(f"    {part}," for part in parts), f") -> {returns}:"]


def input_checks(problem: Problem, uses: Uses) -> list[str]:
    """The lines that check the arguments.

    What is fit to be used as it is goes through one condition. All else is converted, or refused by name.
    """
    arguments = problem.loss.arguments
    arrays = ", ".join(a.name for a in problem.arrays)
    keywords = [f"{a.name}={a.name}" for a in problem.arrays]
    slow = call_text(f"{unpacked(arrays)} = {uses.name('floating')}", keywords, None, 8)
    slow += [f"{p.name} = np.asarray({p.name})" for p in problem.pointers if p.axes]
    shapes = [
        f'("{a.name}", {a.name}.shape, "{a.axes}")' for a in arguments if isinstance(a, Array) or a.axes
    ]
    minimum = ", ".join(f'"{a.name}": {a.minimum}' for a in problem.loss.axes)
    slow += call_text(
        uses.name("sizes"), [f"({', '.join(shapes)}{',' * (len(shapes) == 1)})", f"{{{minimum}}}"], shapes, 8
    )
    where = places(problem)
    for p in problem.pointers:
        check = uses.name("positions" if p.axes else "position")
        slow.append(f'{p.name} = {check}("{p.name}", {p.name}, "{p.into}", {where[p.into][0]})')
    return [
        *condition("if not", _fit(problem, where, uses)),
        *(f"    {line}" for line in slow),
        *_range_checks(problem, uses),
    ]


def _range_checks(problem: Problem, uses: Uses) -> Iterator[str]:
    """The lines that look at the entries of arguments whose range is declared, one for each range."""
    admitted: dict[str, list[Array]] = {}
    for a in problem.arrays:
        if a.admitted:
            admitted.setdefault(a.admitted, []).append(a)
    for arrays in admitted.values():
        named = [f"{a.name}={a.name}" for a in arrays]
        between = arrays[0].between
        if between is None:
            check = uses.name("check_positive" if arrays[0].positive else "check_nonnegative")
        else:
            check = uses.name("check_between")
            named = [*(_end(x, uses) for x in between), *named]
        yield from call_text(check, named)


def _end(x: float, uses: Uses) -> str:
    """An end of a range as text."""
    if math.isinf(x):
        return f"{'-' if x < 0 else ''}{uses.name('math')}.inf"
    return str(x)


def places(problem: Problem) -> dict[str, list[str]]:
    """For every axis, where its size stands in the shapes of the arguments."""
    places: dict[str, list[str]] = {}
    for a in problem.loss.arguments:
        for n, axis in enumerate(a.axes.split()):
            places.setdefault(axis, []).append(f"{a.name}.shape[{n}]")
    return places


def _fit(problem: Problem, where: dict[str, list[str]], uses: Uses) -> list[str]:
    """The conditions under which all arguments can be used as they are, the ranks in front of the sizes."""
    arrays = [a.name for a in problem.arrays]
    tables = [p for p in problem.pointers if p.axes]
    shaped: list[Argument] = [*problem.arrays, *tables]
    parts = [f"type({a.name}) is np.ndarray" for a in shaped]
    parts += [" is ".join(f"{name}.dtype" for name in arrays)] if len(arrays) > 1 else []
    parts += [f"{arrays[0]}.dtype in {uses.name('PLAIN')}"]
    parts += [" is ".join([*(f"{p.name}.dtype" for p in tables), uses.name("INTEGER")])] if tables else []
    for rank in sorted({len(a.axes.split()) for a in shaped}):
        alike = [f"{a.name}.ndim" for a in shaped if len(a.axes.split()) == rank]
        parts.append(f"{' == '.join(alike)} == {rank}")
    pointed_into = {p.into for p in problem.pointers if not p.axes}
    for axis in problem.loss.axes:
        sizes = " == ".join(reversed(where[axis.name]))
        least = 0 if axis.name in pointed_into and axis.minimum == 1 else axis.minimum
        if least or len(where[axis.name]) > 1:
            parts.append(f"{sizes} >= {least}" if least else sizes)
    for p in problem.pointers:
        size = where[p.into][0]
        if p.axes:
            parts.append(f"{uses.name('within')}({p.name}, {size})")
        else:
            parts += [f"type({p.name}) is int", f"0 <= {p.name} < {size}"]
    return parts


def condition(head: str, parts: list[str]) -> list[str]:
    """``if`` or ``if not`` all parts hold, on one line or as ruff would break it."""
    together = " and ".join(parts)
    whole = f"{head} ({together}):" if len(parts) > 1 and head == "if not" else f"{head} {together}:"
    if len(whole) + 4 <= WIDTH:
        return [whole]
    return [f"{head} (", f"    {parts[0]}", *(f"    and {part}" for part in parts[1:]), "):"]


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


def unpacked(names: str) -> str:
    """The targets of an unpacking."""
    return names if "," in names else f"({names},)"
