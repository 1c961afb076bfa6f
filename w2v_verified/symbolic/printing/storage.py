"""Where the results of a generated function are kept."""

from collections.abc import Collection

from w2v_verified.symbolic.definition.loss import Array
from w2v_verified.symbolic.definition.problem import Problem
from w2v_verified.symbolic.printing.interface import call_text, type_of, unpacked


def storage(problem: Problem, touched: str | None, made: Collection[str], find: bool) -> list[str]:
    """The lines that provide the gradients' arrays, and ``find`` the touched columns.

    Those that are ``made`` by the product they are stay None unless the caller has given arrays. Where few
    columns are touched, the others are 0.
    """
    lines = [] if problem.loss.in_parts else _arrays(problem, touched, made)
    if touched is not None and find:
        pointers = [p.name for p in problem.pointers if p.into == touched]
        names = pointers[0] if len(pointers) == 1 else f"np.concatenate(({', '.join(pointers)}), axis=None)"
        lines += [
            "# the columns the loss reads; the gradient is zero in all others",
            f"columns = np.unique({names})",
        ]
    return lines


def _arrays(problem: Problem, touched: str | None, made: Collection[str]) -> list[str]:
    dtype = f"{problem.arrays[0].name}.dtype"
    grads = {f"grad_{a.name}": a for a in problem.differentiated}
    few = [name for name, a in grads.items() if touched in a.axes.split()]
    fresh = {
        name: f"np.{'zeros' if name in few else 'empty'}({a.name}.shape, {dtype})"
        for name, a in grads.items()
        if name not in made
    }
    names = [a.name for a in problem.loss.arguments if isinstance(a, Array) or a.axes]
    inputs = f"({', '.join(names)}{',' * (len(names) == 1)})"
    wanted = ", ".join(f'"{name}": {a.name}.shape' for name, a in grads.items())
    call = call_text(
        f"{unpacked(', '.join(grads))} = buffers", ["out", dtype, f"{{{wanted}}}", inputs], None, 8
    )
    given = [*call, *(f"{name}[...] = 0" for name in few)]
    lines = [f"{name}: {type_of(grads[name])} | None = None" for name in made]
    if not fresh:
        return [*lines, "if out is not None:", *(f"    {line}" for line in given)]
    values = [f"    {name} = {value}" for name, value in fresh.items()]
    return [*lines, "if out is None:", *values, "else:", *(f"    {line}" for line in given)]
