"""Programs: statements in the order they are computed, and the proof that one equals another."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from w2v_verified.symbolic.context import Context, Definition, ProofError, names_used
from w2v_verified.symbolic.functions import Choose, Largest
from w2v_verified.symbolic.normal import equal, normal


@dataclass(frozen=True)
class Program:
    """``stages`` are the author's; ``outputs`` are the loss and the derivatives; ``helpers`` name parts."""

    stages: tuple[Definition, ...]
    helpers: tuple[Definition, ...]
    outputs: tuple[Definition, ...]
    facts: tuple[str, ...] = ()
    softmaxes: tuple[Any, ...] = ()

    @cached_property
    def statements(self) -> tuple[Definition, ...]:
        """All statements, every name assigned before it is used."""
        left = [*self.stages, *self.helpers, *self.outputs]
        done: list[Definition] = []
        while left:
            waiting = {s.name for s in left}
            ready = next((s for s in left if not names_used([s.expression]) & waiting), None)
            if ready is None:
                raise ProofError(f"{left[0].name}: defined in terms of itself")
            left.remove(ready)
            done.append(ready)
        return tuple(done)

    @property
    def names(self) -> frozenset[str]:
        """The names the program assigns."""
        return frozenset(s.name for s in (*self.stages, *self.helpers, *self.outputs))


def variants(expression: Any) -> list[Any]:
    """``expression`` with every choice made one way, then the other."""
    choice = next(iter(expression.atoms(Choose)), None)
    if choice is None:
        return [expression]
    branches = choice.args[2], choice.args[3]
    return [v for branch in branches for v in variants(expression.xreplace({choice: branch}))]


def prove_same(before: Program, after: Program, context: Context) -> None:
    """Prove that ``after`` computes what ``before`` does, whichever way the choices of ``after`` go.

    Those of ``before`` have been proved equal when it was made.

    Shifts (`Largest`) stay what they are, arbitrary numbers: equality must hold for every one of them.

    Raises:
        ProofError: An output is not proved equal; the message names it.
    """
    proving = context.allowing("LOG", "FUNCTION")
    pairs = zip((*before.stages, *before.outputs), (*after.stages, *after.outputs), strict=True)
    changed = [(o, n) for o, n in pairs if o != n or o in before.outputs]
    old = {o.name: _unfolded(variants(o.expression)[0], before, context) for o, _ in changed}
    for _, new in changed:
        for form in variants(new.expression):
            if not equal(old[new.name], _unfolded(form, after, context), proving):
                raise ProofError(f"{new.name}: the rewritten form is not proved equal to the derived one")


def _unfolded(expression: Any, program: Program, context: Context) -> Any:
    """``expression`` with the program's own helpers unfolded, shifts and stages left as they are."""
    known = Context(context.least).defining(*(h for h in program.helpers if not h.expression.has(Largest)))
    return normal(expression, known.allowing("UNFOLD"))
