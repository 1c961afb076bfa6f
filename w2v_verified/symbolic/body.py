"""The lines of a generated function: its statements, each with its formula, by the short road or the safe one."""

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import sympy as sp

from w2v_verified.symbolic.blocks import added, block_function, block_loop
from w2v_verified.symbolic.context import Definition
from w2v_verified.symbolic.factored import factors
from w2v_verified.symbolic.functions import Largest, Sigmoid, Softplus
from w2v_verified.symbolic.indices import axis_of, name_of
from w2v_verified.symbolic.interface import WIDTH, code, fields, input_checks, result_name, storage
from w2v_verified.symbolic.problem import Problem
from w2v_verified.symbolic.program import Program, names_used
from w2v_verified.symbolic.statements import Lowering
from w2v_verified.symbolic.text import statement
from w2v_verified.symbolic.touched import sole_scatter, touched_axis

_FLATTENING = (Largest, Sigmoid, Softplus, sp.tanh, sp.exp)


@dataclass(frozen=True)
class Body:
    """What a generated function does: it checks, provides its results' arrays, and works.

    ``within`` is another function that works on a block, for a loss that can be cut into blocks.
    """

    lines: list[str]
    within: list[str]


def body(problem: Problem, program: Program, moderate: Program | None) -> Body:
    """The lines of the function, the short road for moderate values in front."""
    names = program.names | (moderate.names if moderate is not None else frozenset())
    touched = touched_axis(problem, program)
    alone = sole_scatter(program, touched) if moderate is None else _sole(program, moderate, touched)
    lowering = Lowering(
        problem.letters, problem.taken | names, f"{problem.arrays[0].name}.dtype", touched, alone
    )
    lowering.added |= added(problem)
    writer = _Writer(problem, lowering)
    shared, judged = _shared(problem, program, moderate)
    lines = writer.statements(shared, [*program.statements, *(moderate.statements if moderate else ())])
    if moderate is not None and judged:
        quick = moderate.statements[len(shared) :]
        lines += [
            f"if moderate({', '.join(judged)}):",
            *(f"    {line}" for line in [*writer.branch().statements(quick, quick), writer.result]),
        ]
    else:
        shared, lines = (), []
    guarded = _guarded(problem, program)
    lines += [line for name in _in_order(guarded, problem, shared) for line in _finite(name)]
    rest = program.statements[len(shared) :]
    lines += writer.statements(rest, rest, guarded)
    ranges = [f"{name_of(i)} = np.arange({axis_of(i)})" for i in sorted(lowering.printer.ranges, key=name_of)]
    provided = storage(problem, touched, alone is None)
    if problem.loss.blocks:
        loop = block_loop(problem)
        return Body(
            [*input_checks(problem, code([*provided, *loop])), *provided, *loop],
            block_function(problem, [*ranges, *lines, writer.result]),
        )
    work = [*provided, *ranges, *lines]
    return Body([*input_checks(problem, code(work)), *work, writer.result], [])


def _sole(program: Program, moderate: Program, touched: str | None) -> str | None:
    """The statement that alone scatters into the touched columns, if it does so in both programs."""
    one, other = sole_scatter(program, touched), sole_scatter(moderate, touched)
    return one if one == other else None


def _shared(
    problem: Problem, program: Program, moderate: Program | None
) -> tuple[tuple[Definition, ...], list[str]]:
    """The statements both programs begin with, and the names whose values decide between them."""
    if moderate is None:
        return (), []
    shared: list[Definition] = []
    arrays = [a.name for a in problem.arrays]
    deciding = _guarded(problem, program)
    for one, other in zip(program.statements, moderate.statements, strict=False):
        if one != other or names_used([one.expression]) & deciding - set(arrays):
            break
        shared.append(one)
    known = [*arrays, *(s.name for s in shared)]
    wanted = _guarded(problem, moderate)
    return (tuple(shared), [n for n in known if n in wanted]) if wanted <= set(known) else ((), [])


def _in_order(names: set[str], problem: Problem, statements: Iterable[Definition]) -> list[str]:
    return [n for n in (*(a.name for a in problem.arrays), *(s.name for s in statements)) if n in names]


@dataclass(frozen=True)
class _Writer:
    """Writes statements with their formulas."""

    problem: Problem
    lowering: Lowering
    indent: int = 4

    def branch(self) -> "_Writer":
        """One that knows what this one does, and from which this one learns nothing."""
        lowering = replace(self.lowering, owned=set(self.lowering.owned))
        return replace(self, lowering=lowering, indent=self.indent + 4)

    def statements(
        self, statements: Sequence[Definition], all_: Sequence[Definition], guarded: Iterable[str] = ()
    ) -> list[str]:
        """The lines of ``statements``; what none of ``all_`` needs afterwards may be written over."""
        problem, lines = self.problem, []
        arguments = {a.name for a in problem.loss.arguments}
        done: set[str] = set()
        for s in statements:
            done.add(s.name)
            later = names_used(x.expression for x in all_ if x.name not in done)
            spent = names_used([s.expression]) - later - arguments
            into = s.name if s.name.startswith("grad_") and not problem.loss.in_parts else None
            formula = statement(s, problem.letters, self.lowering.taken)
            if s.name == f"grad_{problem.loss.factored}":
                written = _commented(factors(problem, s), formula, self.indent)
            else:
                written = _commented(self.lowering.lines(s, into, frozenset(spent)), formula, self.indent)
            if s.name == "loss" and problem.loss.optional:
                written = ["loss = np.nan", "if with_loss:", *(f"    {line}" for line in written)]
            lines += written
            lines += _finite(s.name) if s.name in guarded else []
        return lines

    @property
    def result(self) -> str:
        """The line that returns the result."""
        loss = self.problem.loss
        if loss.blocks:
            return "return float(loss)"
        values = [n if n != "grad_columns" else f"grad_{loss.sparse}" for n, _ in fields(self.problem)]
        return f"return {result_name(loss.name)}(float(loss), {', '.join(values)})"


def _guarded(problem: Problem, program: Program) -> set[str]:
    """Names whose infinities some function would flatten: they are shifted, or go into a bounded function."""
    arrays = {a.name for a in problem.arrays} | {s.name for s in program.stages}
    inside = [f for s in program.statements for f in s.expression.atoms(*_FLATTENING)]
    return names_used(inside) & arrays


def _finite(name: str) -> list[str]:
    return [
        f"if not np.isfinite({name}).all():  # an infinity would be flattened below; NaN gets through",
        f"    {name} = np.full_like({name}, np.nan)",
    ]


def _commented(lines: list[str], formula: str, indent: int) -> list[str]:
    """The lines of a statement with its formula behind the first, or above it where there is no room."""
    if len(lines) == 1 and len(lines[0]) + len(formula) + indent + 4 <= WIDTH and "#" not in lines[0]:
        return [f"{lines[0]}  # {formula}"]
    wrapped = textwrap.wrap(formula, WIDTH - 10, break_long_words=False, break_on_hyphens=False)
    return [f"# {wrapped[0]}", *(f"#     {rest}" for rest in wrapped[1:]), *lines]
