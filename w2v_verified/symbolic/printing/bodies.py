"""The functions of a generated module: one checks its arguments, one works with what is found fit."""

from dataclasses import dataclass

from w2v_verified.symbolic.language.reserved import RESERVED
from w2v_verified.symbolic.plan.operations import Block, ByBlocks
from w2v_verified.symbolic.plan.plan import Plan
from w2v_verified.symbolic.printing.interface import (
    inner_signature,
    input_checks,
    options,
    parameters,
    sizes_needed,
    type_of,
)
from w2v_verified.symbolic.printing.operations import BLOCK, OperationPrinter, indented
from w2v_verified.symbolic.printing.uses import Uses

_INNER = "_loss_and_gradients"


@dataclass(frozen=True)
class Functions:
    """The lines of the function people call, and those of the function it calls."""

    lines: list[str]
    within: list[str]


def functions(plan: Plan, uses: Uses) -> Functions:
    """The lines that carry out a plan."""
    match plan.body:
        case (ByBlocks() as whole,):
            return _by_blocks(plan, whole, uses)
        case _:
            return _at_once(plan, uses)


def _at_once(plan: Plan, uses: Uses) -> Functions:
    problem = plan.problem
    passed = [_INNER, *(a.name for a in problem.loss.arguments), *options(problem)]
    return Functions(
        [
            *input_checks(problem, uses),
            f"return {uses.name('HEARD' if plan.heard else 'QUIET')}.copy().run({', '.join(passed)})",
        ],
        [
            "",
            "",
            *inner_signature(problem, _INNER),
            '    """The loss and its gradients for arguments found fit."""',
            *indented(_with_sizes(plan, uses, plan.provided, plan.body)),
        ],
    )


def _by_blocks(plan: Plan, whole: ByBlocks, uses: Uses) -> Functions:
    """The loop over blocks, and a function for each: it adds to the gradients that all blocks share if told so."""
    problem = plan.problem
    grads = [f"grad_{a.name}: {type_of(a)}" for a in problem.differentiated]
    return Functions(
        [*input_checks(problem, uses), *_with_sizes(plan, uses, plan.provided, (whole,))],
        [
            "",
            "",
            f"def {BLOCK}(",
            *(f"    {part}," for part in (*parameters(problem), *grads, "add: bool")),
            ") -> float:",
            f'    """The loss of a block along {whole.axis}; its gradients are written, or added."""',
            *indented(_with_sizes(plan, uses, (), whole.block)),
        ],
    )


def _with_sizes(plan: Plan, uses: Uses, front: Block, body: Block) -> list[str]:
    """The lines of a function's blocks, with the sizes and the positions they need."""
    own = Uses(plan.taken | RESERVED, plan.touched)
    printer = OperationPrinter(plan, own)
    front_lines, lines = printer.block(front), printer.block(body)
    ranges = own.positions_needed
    uses.names |= own.names
    return [*sizes_needed(plan.problem, own), *front_lines, *ranges, *lines]
