"""A derivation as plain text for a terminal."""

from collections.abc import Iterator

from w2v_verified.symbolic.definition.loss import Loss
from w2v_verified.symbolic.derivation import Derivation
from w2v_verified.symbolic.language.indices import axis_of, name_of
from w2v_verified.symbolic.language.text import lettered, statement, text
from w2v_verified.symbolic.proof.step import ProofStep


def explain(loss: Loss) -> Iterator[str]:
    """The definition, the steps of each section and of the derivatives, and the stable form, line by line."""
    derivation = Derivation(loss)
    problem = derivation.problem
    yield f"{loss.title}: {loss.summary}"
    yield ""
    yield "Definition"
    for s in problem.stages:
        yield f"    {statement(s, problem.letters, problem.taken)}"
    for n, section in enumerate(loss.sections, 1):
        for chain in section.chains:
            yield ""
            yield f"{n}. {section.title}"
            yield from _chain(derivation, list(derivation.chain_steps(chain)))
    for adjoint in derivation.adjoints:
        yield ""
        yield f"Derivative by {adjoint.of}"
        steps = list(derivation.derivative_steps(adjoint))
        for n in range(len(adjoint.links)):
            yield from _chain(derivation, steps[2 * n : 2 * n + 2])
        yield f"  so {statement(adjoint.definition, problem.letters, problem.taken)}"
    yield ""
    yield "As the generated function computes it"
    taken = problem.taken | derivation.stable.names
    for s in derivation.stable.statements:
        yield f"    {statement(s, problem.letters, taken)}"


def _chain(derivation: Derivation, steps: list[ProofStep]) -> Iterator[str]:
    over = steps[0].over
    if over:
        yield f"  for all {', '.join(f'{name_of(i)} in {axis_of(i)}' for i in over)}:"
    yield f"    {_shown(derivation, steps[0].before, over)}"
    for step in steps:
        step.check_algebra()
        why = f" - {step.reason}" if step.reason else ""
        yield f"  = {_shown(derivation, step.after, over)}"
        yield f"        [{', '.join(step.rules)}{why}]"


def _shown(derivation: Derivation, e: object, over: tuple[object, ...]) -> str:
    names = {a.name for a in derivation.loss.arguments} | {name_of(i) for i in over}
    return text(lettered(e, derivation.problem.letters, frozenset(names)))
