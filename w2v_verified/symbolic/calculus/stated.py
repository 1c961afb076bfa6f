"""The steps of what a definition states: its claims, and the chains of its document."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from w2v_verified.notation import LanguageError, parse
from w2v_verified.symbolic.algebra.context import Context
from w2v_verified.symbolic.algebra.rules import SWITCHES
from w2v_verified.symbolic.algebra.work import Effort
from w2v_verified.symbolic.definition.loss import Chain, Claim, lines
from w2v_verified.symbolic.definition.problem import Problem
from w2v_verified.symbolic.definition.validate import check_name
from w2v_verified.symbolic.language.equation import Equation, names_used
from w2v_verified.symbolic.language.indices import axis_of
from w2v_verified.symbolic.language.naming import entry, free_name
from w2v_verified.symbolic.language.text import statement
from w2v_verified.symbolic.proof.drawing import Names
from w2v_verified.symbolic.proof.step import ProofStep

_OVER = re.compile(r"\s*\w+\s+in\s+\w+\s*")


@dataclass(frozen=True)
class Stated:
    """What is stated about a problem, where the derivatives are among the names of the ``context``."""

    problem: Problem
    names: Names
    context: Context
    effort: Effort

    def claims(self, results: tuple[Equation, ...]) -> Iterator[ProofStep]:
        """Each closed form claimed equals one of the ``results``: by any rules that are needed."""
        derived = {d.name: d for d in results}
        for claim in self.problem.loss.claims:
            stated = self._claimed(claim, derived)
            step = ProofStep(
                ("UNFOLD",),
                entry(stated.name, stated.indices),
                stated.expression,
                stated.indices,
                self.context,
                self.names,
                "closed form",
                derived=self._derived(derived[stated.name]),
                effort=self.effort,
            )
            every = tuple(sorted(SWITCHES - {"UNFOLD", "ORTHOGONAL", "ONE-TO-ONE"}))
            yield step.by_least(("UNFOLD",), ("PICK", "UNFOLD"), (*every, "UNFOLD"))

    def _derived(self, result: Equation) -> str:
        """What was derived, with the names in it that the author did not choose."""
        chosen = self.problem.signature.names | {s.name for s in self.problem.authored}
        shown = [result]
        for each in shown:
            used = names_used([each.expression]) - chosen - {s.name for s in shown}
            shown += [self.context.definitions[name] for name in sorted(used & set(self.context.definitions))]
        return ", with ".join(statement(s, self.problem.letters, self.problem.taken) for s in shown)

    def _claimed(self, claim: Claim, derived: Mapping[str, Equation]) -> Equation:
        """What a claim states: one closed form, over the axes of what it is about.

        Raises:
            LanguageError: It is something else.
        """
        statements = lines(claim.statement)
        if len(statements) != 1:
            raise LanguageError(
                f"{claim.statement!r}: expected one statement in a claim, got {len(statements)}"
            )
        (parsed,) = parse(statements).statements
        if parsed.target not in derived:
            raise LanguageError(f"{claim.statement}: expected a claim about one of {', '.join(derived)}")
        axes = tuple(map(axis_of, derived[parsed.target].indices))
        if axes != (got := tuple(bound.axis for bound in parsed.bounds)):
            raise LanguageError(
                f"{claim.statement}: expected {parsed.target} over {_listed(axes)}, got one over {_listed(got)}"
            )
        known = tuple(d for d in self.problem.context.definitions.values() if d.name != parsed.target)
        (stated,) = self.problem.definitions(claim.statement, known=known)
        return stated

    def chain(self, chain: Chain) -> Iterator[ProofStep]:
        """The equalities of a chain, each by the rules its author names."""
        if not chain.steps:
            raise LanguageError(f"{chain.start}: expected a chain of one step at least")
        letting = {name: tuple(axes.split()) for name, axes in chain.letting.items()}
        orthogonal = frozenset(chain.orthogonal.split())
        self._check_letting(letting, orthogonal)
        one_to_one = frozenset(chain.one_to_one.split())
        self._check_one_to_one(one_to_one)
        expressions = [self.expression(chain, e) for e in (chain.start, *(s.expression for s in chain.steps))]
        names = replace(self.names, arrays={**self.names.arrays, **letting}, orthogonal=orthogonal)
        names = replace(names, one_to_one=one_to_one)
        context = replace(self.context, orthogonal=orthogonal, one_to_one=one_to_one)
        for n, step in enumerate(chain.steps):
            (before, over), (after, _) = expressions[n], expressions[n + 1]
            rules = tuple(step.rules.split())
            yield ProofStep(
                rules, before, after, over, context, names, step.reason, cited=True, effort=self.effort
            )

    def _check_letting(self, letting: Mapping[str, tuple[str, ...]], orthogonal: frozenset[str]) -> None:
        axes = {a.name for a in self.problem.loss.axes}
        for name, over in letting.items():
            check_name("letting", name)
            if name in self._known:
                raise LanguageError(f"letting {name}: the name of something else")
            for axis in over:
                if axis not in axes:
                    raise LanguageError(f"letting {name}: there is no axis {axis}")
        arrays = {**self.names.arrays, **letting}
        for name in sorted(orthogonal):
            if len(own := arrays.get(name, ())) != 2 or own[0] != own[1]:
                raise LanguageError(
                    f"orthogonal {name}: expected a square array, got one over {_listed(own)}"
                )

    def _check_one_to_one(self, one_to_one: frozenset[str]) -> None:
        for name in sorted(one_to_one):
            axes, into = self.names.pointers.get(name, ((), ""))
            if axes != (into,):
                raise LanguageError(
                    f"one_to_one {name}: expected an index argument with one axis, which it points into"
                )

    @property
    def _known(self) -> set[str]:
        return {*self.problem.signature.names, *self.context.definitions}

    def expression(self, chain: Chain, text: str) -> tuple[Any, tuple[Any, ...]]:
        """An expression of a chain, and the free indices it has."""
        if not all(_OVER.fullmatch(part) for part in chain.over.split(",") if chain.over):
            raise LanguageError(f"over {chain.over!r}: expected 'index in axis', separated by commas")
        target = free_name("chain", {*self._known, *chain.letting})
        program = parse([f"{target}[{chain.over}] = {text}" if chain.over else f"{target} = {text}"])
        letting = {name: tuple(axes.split()) for name, axes in chain.letting.items()}
        (stated,) = self.problem.read(program, self.context, letting, shown=text)
        return stated.expression, stated.indices


def _listed(axes: tuple[str, ...]) -> str:
    return ", ".join(axes) or "no axis"
