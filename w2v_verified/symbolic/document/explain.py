"""A derivation as plain text for a terminal."""

from collections.abc import Iterator, Sequence

from w2v_verified.symbolic.calculus.laws import LawSteps
from w2v_verified.symbolic.calculus.steps import Steps
from w2v_verified.symbolic.definition.problem import Problem
from w2v_verified.symbolic.document.laws import TRIED
from w2v_verified.symbolic.language.indices import axis_of, name_of
from w2v_verified.symbolic.language.text import lettered, statement, text
from w2v_verified.symbolic.proof.program import Program
from w2v_verified.symbolic.proof.step import ProofStep


def explain(derived: Steps, laws: Sequence[LawSteps], computed: Program) -> Iterator[str]:
    """The definition, the steps of each section and of the derivatives, laws, and what is computed, line by line."""
    problem = derived.problem
    loss = problem.loss
    yield f"{loss.title}: {loss.summary}"
    yield ""
    yield "Definition"
    for s in problem.stages:
        yield f"    {statement(s, problem.letters, problem.taken)}"
    for n, (section, chains) in enumerate(zip(loss.sections, derived.chains, strict=True), 1):
        for chain in chains:
            yield ""
            yield f"{n}. {section.title}"
            yield from _chain(problem, chain)
    for derivative in derived.derivatives:
        yield ""
        yield f"Derivative by {derivative.adjoint.of}"
        for pair in derivative.links:
            yield from _chain(problem, pair)
        yield f"  so {statement(derivative.adjoint.definition, problem.letters, problem.taken)}"
    for law in laws:
        yield ""
        yield f"Law: {law.law.name}{f' - {law.law.reason}' if law.law.reason else ''}"
        for line in law.held:
            yield f"    {line.text}"
            yield f"        [{', '.join(line.step.rules) if line.step and line.is_proved else f'not proved, {TRIED}'}]"
    yield ""
    yield "As the generated function computes it"
    taken = problem.taken | computed.names
    for s in computed.statements:
        yield f"    {statement(s, problem.letters, taken)}"


def _chain(problem: Problem, steps: Sequence[ProofStep]) -> Iterator[str]:
    over = steps[0].over
    if over:
        yield f"  for all {', '.join(f'{name_of(i)} in {axis_of(i)}' for i in over)}:"
    yield f"    {_shown(problem, steps[0].before, over)}"
    for step in steps:
        reason = f" - {step.reason}" if step.reason else ""
        yield f"  = {_shown(problem, step.after, over)}"
        yield f"        [{step.why}{reason}]"


def _shown(problem: Problem, e: object, over: tuple[object, ...]) -> str:
    names = {a.name for a in problem.loss.arguments} | {name_of(i) for i in over}
    return text(lettered(e, problem.letters, frozenset(names)))
