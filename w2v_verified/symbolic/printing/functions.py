"""The functions of a generated module: one checks its arguments, one works with what is found fit."""

from dataclasses import dataclass

from w2v_verified.symbolic.definition.loss import Argument
from w2v_verified.symbolic.definition.problem import Problem
from w2v_verified.symbolic.language.reserved import RESERVED, result_name
from w2v_verified.symbolic.plan.operations import Block
from w2v_verified.symbolic.plan.plan import Plan
from w2v_verified.symbolic.printing.interface import (
    inner_signature,
    input_checks,
    options,
    parameters,
    sizes_needed,
    type_of,
)
from w2v_verified.symbolic.printing.operations import OperationPrinter, indented
from w2v_verified.symbolic.printing.uses import Uses

_INNER = "_loss_and_gradients"


@dataclass(frozen=True)
class Functions:
    """The lines of the function people call, and those of the function it calls."""

    lines: list[str]
    within: list[str]


def functions(plan: Plan, uses: Uses) -> Functions:
    """The lines that carry out a plan."""
    return _by_blocks(plan, uses) if plan.problem.loss.blocks else _at_once(plan, uses)


def _at_once(plan: Plan, uses: Uses) -> Functions:
    problem = plan.problem
    passed = [_INNER, *(a.name for a in problem.loss.arguments), *options(problem)]
    return Functions(
        [
            *input_checks(problem, uses),
            f"return {uses.name('QUIET')}.copy().run({', '.join(passed)})",
        ],
        [
            "",
            "",
            *inner_signature(problem, _INNER),
            '    """The loss and its gradients for arguments found fit."""',
            *indented(_with_sizes(plan, uses, (*plan.provided,), plan.body)),
        ],
    )


def _by_blocks(plan: Plan, uses: Uses) -> Functions:
    """The loop over blocks, and a function for each: it adds to the gradients that all blocks share if told so."""
    problem = plan.problem
    axis = problem.loss.blocks
    grads = [f"grad_{a.name}: {type_of(a)}" for a in problem.differentiated]
    own = Uses()
    loop = [*OperationPrinter(plan, own).block(plan.provided), *_loop(problem, own)]
    uses.names |= own.names
    return Functions(
        [*input_checks(problem, uses), *sizes_needed(problem, own), *loop],
        [
            "",
            "",
            "def _block(",
            *(f"    {part}," for part in (*parameters(problem), *grads, "add: bool")),
            ") -> float:",
            f'    """The loss of a block along {axis}; its gradients are written, or added."""',
            *indented(_with_sizes(plan, uses, (), plan.body)),
        ],
    )


def _with_sizes(plan: Plan, uses: Uses, front: Block, body: Block) -> list[str]:
    """The lines of a function's blocks, with the sizes and the positions they need."""
    own = Uses(plan.taken | RESERVED)
    printer = OperationPrinter(plan, own)
    front_lines, lines = printer.block(front), printer.block(body)
    ranges = own.positions_needed
    uses.names |= own.names
    return [*sizes_needed(plan.problem, own), *front_lines, *ranges, *lines]


def _loop(problem: Problem, uses: Uses) -> list[str]:
    """The lines that call the function of a block for each of them, and return what comes of it."""
    axis = uses.size(problem.loss.blocks)
    arguments = [f"{a.name}{_cut(a, axis)}" for a in problem.loss.arguments]
    grads = [f"grad_{a.name}{_cut(a, axis)}" for a in problem.differentiated]
    result = ", ".join(f"grad_{a.name}" for a in problem.differentiated)
    called = ", ".join(["_block", *arguments, *grads, "start > 0"])
    return [
        f'step = {axis} if block_size is None else {uses.name("count")}("block_size", block_size)',
        "loss = 0.0",
        f"for start in range(0, max({axis}, 1), max(step, 1)):",
        "    block = slice(start, start + step)",
        f"    loss += {uses.name('QUIET')}.copy().run({called})",
        f"return {result_name(problem.loss.name)}(loss, {result})",
    ]


def _cut(a: Argument, axis: str) -> str:
    axes = a.axes.split()
    if axis not in axes:
        return ""
    return f"[{', '.join([':'] * axes.index(axis) + ['block'])}]"
