"""The bodies of a generated module's functions: one checks its arguments, one works with what is found fit.

Values decide between two roads, a short one where all exponentials are ordinary numbers and a safe one. Where
all products are of a matrix and a vector, or of vectors, the short road is for small ones, which NumPy
multiplies in the least time by methods of the arrays, and there may be one for a large table (`one_pass`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from w2v_verified.symbolic.definition.problem import Problem
from w2v_verified.symbolic.language.equation import Equation, names_used
from w2v_verified.symbolic.language.functions import FLATTENING, Largest
from w2v_verified.symbolic.language.indices import axis_of, name_of
from w2v_verified.symbolic.printing.blocks import added, block_function, block_loop
from w2v_verified.symbolic.printing.contraction import NotDirectError, contraction
from w2v_verified.symbolic.printing.interface import (
    condition,
    inner_signature,
    input_checks,
    options,
    sizes_needed,
)
from w2v_verified.symbolic.printing.lower import Printer
from w2v_verified.symbolic.printing.one_pass_code import passing
from w2v_verified.symbolic.printing.ordinary import are_ordinary
from w2v_verified.symbolic.printing.small import small
from w2v_verified.symbolic.printing.statements import Lowering
from w2v_verified.symbolic.printing.storage import storage
from w2v_verified.symbolic.printing.writer import Writer, finite, indented
from w2v_verified.symbolic.proof.program import Program
from w2v_verified.symbolic.rewrite.one_pass import OnePass
from w2v_verified.symbolic.rewrite.roads import Roads
from w2v_verified.symbolic.rewrite.touched import sole_scatter, touched_axis

_INNER = "_loss_and_gradients"


@dataclass(frozen=True)
class Body:
    """The lines of the function people call, and those of the function it calls."""

    lines: list[str]
    within: list[str]


def body(problem: Problem, roads: Roads) -> Body:
    """The lines that compute the safe program, or a shorter one where values are moderate."""
    program, moderate = roads.safe, roads.moderate
    names = program.names | (moderate.names if moderate is not None else frozenset())
    touched = touched_axis(problem, program)
    alone = sole_scatter(program, touched) if moderate is None else _sole(program, moderate, touched)
    made = _made(problem, touched, program, moderate)
    dtype = f"{problem.arrays[0].name}.dtype"
    lowering = Lowering(problem.letters, problem.taken | names, dtype, touched, alone, made=frozenset(made))
    lowering.added |= added(problem)
    writer = Writer(problem, lowering)
    lines = _roads(writer, program, moderate, roads.one_pass)
    ranges = [f"{name_of(i)} = np.arange({axis_of(i)})" for i in sorted(lowering.printer.ranges, key=name_of)]
    provided = storage(problem, touched, made, alone is None)
    if problem.loss.blocks:
        loop = [*provided, *block_loop(problem)]
        return Body(
            [*input_checks(problem), *sizes_needed(problem, loop), *loop],
            block_function(problem, [*ranges, *lines, writer.result]),
        )
    passed = [_INNER, *(a.name for a in problem.loss.arguments), *options(problem)]
    work = [*provided, *ranges, *lines, writer.result]
    return Body(
        [*input_checks(problem), f"return QUIET.copy().run({', '.join(passed)})"],
        [
            "",
            "",
            *inner_signature(problem, _INNER),
            '    """The loss and its gradients for arguments found fit."""',
            *indented([*sizes_needed(problem, work), *work]),
        ],
    )


def is_read_once(problem: Problem, roads: Roads) -> bool:
    """Whether there is a road that reads a large table once."""
    return roads.one_pass is not None and any("MANY" in line for line in body(problem, roads).within)


def _roads(writer: Writer, program: Program, moderate: Program | None, one_pass: OnePass | None) -> list[str]:
    """The short roads for moderate values in front, the safe one behind them."""
    problem = writer.problem
    shared, judged = _shared(problem, program, moderate)
    lines: list[str] = []
    if moderate is not None and judged:
        near = _near(writer, moderate, len(shared), judged)
        lines = near + (passing(writer, one_pass, judged) if one_pass is not None else [])
        if near:
            shared = ()
        else:
            lines += writer.statements(shared, [*program.statements, *moderate.statements])
            quick = moderate.statements[len(shared) :]
            ordinary = writer.branch(writer.lowering.printer.for_moderate())
            lines += _if_moderate(judged, [*ordinary.statements(quick, quick), writer.result])
    else:
        shared = ()
    guarded = _guarded(problem, program)
    lines += [line for name in _in_order(guarded, problem, shared) for line in finite(name)]
    rest = program.statements[len(shared) :]
    return lines + writer.statements(rest, rest, guarded)


def _near(writer: Writer, moderate: Program, shared: int, judged: list[str]) -> list[str]:
    """The short road with products by methods of small arrays; nothing if it has other products."""
    problem, statements = writer.problem, moderate.statements
    if problem.loss.blocks:
        return []
    floats = are_ordinary(statements, judged, problem.context)
    near = writer.branch(Printer(direct=True, floats=floats), 0)
    parts = small(problem, statements, near.lowering.touched)
    near = near.branch(deeper=4 if parts else 0)
    try:
        lines = near.statements(statements[:shared], statements)
        quick = [*near.branch().statements(statements[shared:], statements), near.result]
    except NotDirectError:
        return []
    lines += _if_moderate(judged, quick)
    return [*condition("if", parts), *indented(lines)] if parts else lines


def _if_moderate(judged: list[str], lines: list[str]) -> list[str]:
    return [f"if moderate({', '.join(judged)}):", *indented(lines)]


def _made(
    problem: Problem, touched: str | None, program: Program, moderate: Program | None
) -> tuple[str, ...]:
    """The gradients that are one product of arrays on each road, which makes its own array."""
    if problem.loss.blocks or problem.loss.in_parts:
        return ()
    outputs = [o for p in (program, moderate) if p is not None for o in p.outputs]
    names = [f"grad_{a.name}" for a in problem.differentiated if touched not in a.axes.split()]
    return tuple(n for n in names if all(_is_made(o) for o in outputs if o.name == n))


def _is_made(s: Equation) -> bool:
    product = contraction(Printer(), s.indices, s.expression)
    return product is not None and product.made


def _sole(program: Program, moderate: Program, touched: str | None) -> str | None:
    """The statement that alone scatters into the touched columns, if it does so in both programs."""
    one, other = sole_scatter(program, touched), sole_scatter(moderate, touched)
    return one if one == other else None


def _shared(
    problem: Problem, program: Program, moderate: Program | None
) -> tuple[tuple[Equation, ...], list[str]]:
    """The statements both programs begin with, and the names whose values decide between them."""
    if moderate is None:
        return (), []
    shared: list[Equation] = []
    arrays = [a.name for a in problem.arrays]
    deciding = _guarded(problem, program)
    for one, other in zip(program.statements, moderate.statements, strict=False):
        if one != other or names_used([one.expression]) & deciding - set(arrays):
            break
        shared.append(one)
    known = [*arrays, *(s.name for s in shared)]
    wanted = _guarded(problem, moderate)
    return (tuple(shared), [n for n in known if n in wanted]) if wanted <= set(known) else ((), [])


def _in_order(names: set[str], problem: Problem, statements: Sequence[Equation]) -> list[str]:
    return [n for n in (*(a.name for a in problem.arrays), *(s.name for s in statements)) if n in names]


def _guarded(problem: Problem, program: Program) -> set[str]:
    """Names whose infinities some function would flatten: they are shifted, or go into a bounded function."""
    arrays = {a.name for a in problem.arrays} | {s.name for s in program.stages}
    inside = [f for s in program.statements for f in s.expression.atoms(Largest, *FLATTENING)]
    return names_used(inside) & arrays
