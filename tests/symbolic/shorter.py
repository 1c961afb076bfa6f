"""A small loss after the passes that shorten it, and how its statements read then."""

from w2v_verified.symbolic import Array, Axis, Derivation, Loss, Position
from w2v_verified.symbolic.language.text import statement
from w2v_verified.symbolic.proof.program import Program
from w2v_verified.symbolic.rewrite import factoring, known_products, reuse

AXES = (Axis("N", letters="n m"), Axis("H", letters="h k"))
ARGUMENTS = (
    Array("X", "N H"),
    Array("Q", "N N"),
    Array("a", "H"),
    Array("b", "N", positive=True),
    Position("o", "H", axes="N"),
)


def derived(definition: str) -> Derivation:
    """A loss of those arguments."""
    return Derivation(Loss("some", "Some loss.", AXES, ARGUMENTS, definition))


def passed(definition: str) -> Program:
    """What the passes make of a loss, one after another, with their objections."""
    derivation = derived(definition)
    problem, program = derivation.problem, derivation.stable
    for each in (reuse.reuse, known_products.known_products, factoring.factoring):
        program = each(program, problem.context, problem.namer(program))
    return program


def lines(definition: str) -> list[str]:
    """The statements of the arranged program of a loss."""
    derivation = derived(definition)
    problem, program = derivation.problem, derivation.arranged
    return [statement(s, problem.letters, problem.taken | program.names) for s in program.statements]
