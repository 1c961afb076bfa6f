"""A loss over which the rows of the rule table and the fact table are stated."""

from dataclasses import replace

from w2v_verified.symbolic.algebra.context import Context
from w2v_verified.symbolic.algebra.rules import ALGEBRAIC
from w2v_verified.symbolic.algebra.work import Effort
from w2v_verified.symbolic.definition.arguments import Array, Axis, Position
from w2v_verified.symbolic.definition.loss import Chain, Loss, Step
from w2v_verified.symbolic.pipeline import Derivation
from w2v_verified.symbolic.proof.facts import FACTS, Fact
from w2v_verified.symbolic.proof.step import ProofStep

TABLE = Loss(
    name="table",
    title="",
    summary="",
    source="",
    axes=(Axis("d", "", letters="i a b"), Axis("V", "", letters="w k j l")),
    arguments=(
        Array("x", "V", ""),
        Array("y", "V", ""),
        Array("p", "V", "", positive=True),
        Array("q", "V", "", positive=True),
        Array("e", "V", "", positive=True),
        Array("U", "d V", ""),
        Array("Q", "d d", ""),
        Array("S", "d d", ""),
        Array("c", "", ""),
        Array("m", "", ""),
        Position("n", "V", ""),
        Position("r", "V", "", axes="V"),
        Position("s", "V", "", axes="V"),
    ),
    definition="loss = c",
    notation="half[w in V] = x[w] / 2",
)
DERIVATION = Derivation(TABLE)


def facts_world(window: bool) -> Derivation:
    """A loss over which the facts are stated; ``n`` points into V once, or for each place of a window T."""
    positive = {"a": "V", "e": "V", "h": "", "r": "", "s": ""}
    return Derivation(
        Loss(
            name="facts",
            summary="",
            axes=(Axis("V", letters="w k j"), Axis("T", letters="t", minimum=0)),
            arguments=(
                *(Array(name, axes) for name, axes in {"x": "V", "b": "V", "c": "T", "m": ""}.items()),
                *(Array(name, axes, positive=True) for name, axes in positive.items()),
                Position("n", "V", axes="T" if window else ""),
            ),
            definition="loss = m",
            notation="\n".join(dict.fromkeys(fact.letting for fact in FACTS.values() if fact.letting)),
        )
    )


FACTS_WORLDS = {window: facts_world(window) for window in (False, True)}


def fact_step(fact: Fact) -> ProofStep:
    """A row of the table of facts as a step by any rules of algebra."""
    chain = Chain(fact.left, (Step(" ".join(ALGEBRAIC), fact.right),), over=fact.over)
    world = FACTS_WORLDS["in T" in fact.left]
    return replace(next(iter(world.steps.chain(chain))), cited=False)


def step(left: str, right: str, over: str = "", rules: str = "ALGEBRA") -> ProofStep:
    """The step ``left = right`` by ``rules``, not all of which need be needed."""
    chain = Chain(left, (Step(rules, right),), over=over, orthogonal="Q S", one_to_one="s")
    return replace(next(iter(DERIVATION.steps.chain(chain))), cited=False, effort=Effort())


def without_conditions(made: ProofStep) -> ProofStep:
    """The same step where no axis is known to have places."""
    return replace(made, context=Context(definitions=made.context.definitions))
