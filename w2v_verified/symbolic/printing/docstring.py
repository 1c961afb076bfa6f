"""The docstring of a generated function: formula, shapes, units, errors, source and an example."""

import math
import textwrap
from collections.abc import Iterable, Iterator
from itertools import cycle
from typing import Any

import mpmath as mp

from w2v_verified.symbolic.definition.arguments import Argument, Array, Position
from w2v_verified.symbolic.definition.loss import Loss, lines
from w2v_verified.symbolic.definition.problem import Problem
from w2v_verified.symbolic.language.indices import axis_of
from w2v_verified.symbolic.proof.interpret import Setting

_WIDTH = 96
_EXAMPLE_SIZES = (2, 3)
_LARGE = 1e6
"""Numbers of this size are shown by their first digits."""
_VALUES = (1, -1, 2, 0, 3, -2, 1, 2, -1, 0, -3, 1)


def quoted(text: str) -> str:
    """Text as it has to stand between triple quotes, so that it reads as it is."""
    written = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    return f'{written[:-1]}\\"' if written.endswith('"') else written


def measured(loss: Loss) -> str:
    """What the loss is called, with its unit where that is known."""
    return f"The loss{f' in {quoted(loss.unit)}' if loss.unit else ''}"


def docstring(problem: Problem) -> list[str]:
    """The lines of the docstring, quotes included, not indented."""
    loss = problem.loss
    grads = ", ".join(f"grad_{a.name}" for a in problem.differentiated)
    claims = [s for c in loss.claims for s in lines(c.statement)]
    indexed = bool(problem.pointers)
    return [
        f'"""{quoted(loss.summary)}',
        "",
        *_wrapped(lines(loss.definition)),
        *([""] if claims else []),
        *_wrapped(claims),
        *(["", "where"] if loss.notation and claims else []),
        *([""] if loss.notation and claims else []),
        *_wrapped(lines(loss.notation) if claims else ()),
        "",
        "Args:",
        *_wrapped(f"{a.name}: {quoted(_described(a))}" for a in loss.arguments),
        *([] if loss.in_parts else [f"    out: Arrays that take ({grads}); fresh ones if None."]),
        *(["    with_loss: Whether the loss is wanted; if not, it is NaN."] if loss.optional else []),
        *_wrapped(_block_size(problem)),
        "",
        "Returns:",
        *_returned(problem),
        "",
        *_kinks(problem),
        "Raises:",
        f"    TypeError: An array does not hold real numbers{', or an index is not an integer' * indexed}.",
        *_wrapped([f"ValueError: {_wrong(problem)}."]),
        *(["    IndexError: An index is negative or too large."] if indexed else []),
        "",
        *([*_paragraph(f"Source: {quoted(loss.source)}"), ""] if loss.source else []),
        *_example(problem),
        '"""',
    ]


def _wrong(problem: Problem) -> str:
    parts = ["A rank or a shape is wrong"]
    parts += [] if problem.loss.in_parts else ["``out`` does not fit"]
    parts += [
        f"{f'an entry of {a.name}' if a.axes else a.name} is {'negative' if a.nonnegative else f'not {a.admitted}'}"
        for a in problem.arrays
        if a.admitted
    ]
    return ", or ".join(parts)


def _block_size(problem: Problem) -> Iterator[str]:
    axis = problem.loss.blocks
    if axis:
        wide = max((s.indices for s in problem.stages), key=len)
        others = "".join(f" * {axis_of(i)}" for i in wide if axis_of(i) != axis)
        yield (
            f"block_size: How many places of {axis} to take at once, at least 1; all if None. Beside the results, "
            f"memory for about block_size{others} numbers is needed."
        )


def _returned(problem: Problem) -> list[str]:
    sparse, factored = problem.loss.sparse, problem.loss.factored
    grads = ", ".join(f"grad_{a.name}" for a in problem.differentiated if a.name != problem.loss.in_parts)
    lines = [
        f"    {measured(problem.loss)} (a Python float), {grads}: each gradient has the shape of",
        "    its argument and the common floating dtype of the inputs (integers count as float64).",
    ]
    if sparse:
        lines += [
            f"    columns: the columns of {sparse} the loss reads, sorted, each once; and grad_columns, the gradient",
            "    in these columns, repeats added up. In all other columns it is zero.",
        ]
    if factored:
        lines += [
            f"    left, right: the gradient of {factored} is ``left[:, None] * right``; ``dense()`` forms it, and",
            f"    ``add_to({factored}, -eta)`` makes a step of gradient descent without forming a large one.",
        ]
    return lines


def _kinks(problem: Problem) -> Iterator[str]:
    """What is returned where there is no derivative."""
    if problem.kinks:
        yield from _paragraph(f"{_sentence(problem.kinks)}.")
        yield ""


def _sentence(parts: Iterable[str]) -> str:
    text = "; ".join(parts)
    return text[:1].upper() + text[1:]


def _paragraph(text: str) -> list[str]:
    return [
        line
        for given in text.splitlines()
        for line in textwrap.wrap(given, _WIDTH + 4, break_long_words=False, break_on_hyphens=False)
    ]


def _wrapped(statements: Iterable[str]) -> Iterator[str]:
    for s in statements:
        lines = textwrap.wrap(s, _WIDTH, break_long_words=False, break_on_hyphens=False)
        yield from (f"{'    ' if n == 0 else '        '}{line}" for n, line in enumerate(lines))


def _described(a: Argument) -> str:
    axes = a.axes.split()
    shape = f"shape ({', '.join(axes)}{',' if len(axes) == 1 else ''})"
    meaning = f"{a.meaning}, " if a.meaning else ""
    if isinstance(a, Array):
        default = "" if a.default is None else f", {a.default} if it is not given"
        return f"{meaning}{shape if axes else 'a number'}{f', {a.admitted}' if a.admitted else ''}{default}."
    return f"{meaning}{f'integers of {shape}' if axes else 'an integer'}, 0 <= {a.name} < {a.into}."


def _example(problem: Problem) -> Iterator[str]:
    """A doctest whose expected output comes from the slow interpreter at 30 digits."""
    sizes = {a.name: max(_EXAMPLE_SIZES[n % 2], a.minimum) for n, a in enumerate(problem.loss.axes)}
    numbers = cycle(_VALUES)
    values: dict[str, Any] = {}
    for a in problem.loss.arguments:
        literal, entries = _literal(a, sizes, numbers)
        values[a.name] = entries
        yield f">>> {a.name} = {literal}"
    arguments = ", ".join(a.name for a in problem.loss.arguments)
    yield f">>> result = {problem.loss.name}({arguments})"
    expected = _value(problem, sizes, values)
    if expected is not None:
        digits = ".6f" if abs(expected) < _LARGE else ".6e"
        yield f'>>> f"{{result.loss:{digits}}}"'
        yield f"'{expected:{digits}}'"
    dense = [a for a in problem.differentiated if a.name != problem.loss.in_parts]
    shapes = ", ".join(f"result.grad_{a.name}.shape" for a in dense)
    yield f">>> {shapes}"
    shown = [tuple(sizes[x] for x in a.axes.split()) for a in dense]
    yield ", ".join(map(str, shown)) if len(shown) == 1 else str(tuple(shown))


def _value(problem: Problem, sizes: dict[str, int], values: dict[str, Any]) -> float | None:
    """The loss at 30 digits, as a double; None where that is infinite."""
    try:
        with mp.workdps(30):
            setting = Setting(sizes, values)
            setting.run(problem.stages)
            expected = float(setting.values["loss"])
    except OverflowError:
        return None
    return expected if math.isfinite(expected) else None


def _admitted(a: Array, value: int) -> int | float:
    """A number as good as a small one, in the range of an argument."""
    if a.between is None:
        return abs(value) + 1 if a.positive else abs(value) if a.nonnegative else value
    low, high = map(float, a.between)
    if math.isinf(low) and math.isinf(high):
        return value
    if math.isinf(high):
        return low + abs(value) + 1
    if math.isinf(low):
        return high - abs(value) - 1
    return low + (high - low) * (value + 4) / 8


def _literal(a: Argument, sizes: dict[str, int], numbers: Iterator[int]) -> tuple[str, Any]:
    shape = tuple(sizes[x] for x in a.axes.split())
    upper = sizes[a.into] if isinstance(a, Position) else None

    def number() -> int | float:
        value = next(numbers)
        if upper is not None:
            return abs(value) % upper
        return _admitted(a, value) if isinstance(a, Array) else value

    kind = "" if isinstance(a, Position) else ".0"
    entries: dict[tuple[int, ...], float] = {}

    def written(at: tuple[int, ...]) -> str:
        if len(at) == len(shape):
            entries[at] = number()
            return f"{entries[at]}{kind if isinstance(entries[at], int) else ''}"
        return f"[{', '.join(written((*at, n)) for n in range(shape[len(at)]))}]"

    if not shape:
        value = number()
        return str(value), value
    return f"np.array({written(())})", entries
