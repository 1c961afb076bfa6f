"""What a proof may use: the least sizes of the axes, the names defined so far, the rules allowed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import sympy as sp

from w2v_verified.symbolic.algebra.ranges import Range, range_of
from w2v_verified.symbolic.language.indices import label_of


class ProofError(ValueError):
    """A claim, a step or a rewritten program that the checker does not accept.

    It is ``wrong`` where a point is known at which it fails; otherwise it is only not proved.
    """

    def __init__(self, message: str, wrong: bool = False) -> None:
        super().__init__(message)
        self.wrong = wrong


@dataclass(frozen=True)
class Definition:
    """``name[indices] = expression``."""

    name: str
    indices: tuple[Any, ...]
    expression: Any


@dataclass(frozen=True)
class Context:
    """The assumptions of a proof; `rules` switches on rewritings beyond the algebra of finite sums.

    ``least`` has the least number of places of each axis (0 where none is given), ``orthogonal`` the arrays whose
    columns are orthonormal, ``given`` the names of the arguments and the axes.
    """

    least: Mapping[str, int] = field(default_factory=dict)
    definitions: Mapping[str, Definition] = field(default_factory=dict)
    rules: frozenset[str] = frozenset()
    orthogonal: frozenset[str] = frozenset()
    given: frozenset[str] = frozenset()

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash((*self.least.items(), self.rules, self.orthogonal, *self.definitions.items()))

    def allowing(self, *rules: str) -> "Context":
        """The same assumptions with other rules switched on."""
        return replace(self, rules=frozenset(rules))

    def defining(self, *definitions: Definition) -> "Context":
        """The same assumptions with more names defined."""
        return replace(self, definitions={**self.definitions, **{d.name: d for d in definitions}})

    def depending_on(self, name: str) -> "Context":
        """The same assumptions with the definitions alone that depend on ``name``, which stands for itself."""
        known = {n: names_used([d.expression]) for n, d in self.definitions.items() if n != name}
        found: set[str] = {name}
        while more := {n for n, used in known.items() if used & found} - found:
            found |= more
        return replace(self, definitions={n: d for n, d in self.definitions.items() if n in found - {name}})

    def range_of(self, e: Any) -> Range:
        """Where the values of ``e`` can lie for admissible inputs."""
        if e not in self._ranges:
            self._ranges[e] = range_of(e, self.least, {n: d.expression for n, d in self.definitions.items()})
        return self._ranges[e]

    @cached_property
    def _ranges(self) -> dict[Any, Range]:
        return {}

    def positive(self, e: Any) -> bool:
        """Whether ``e`` is provably > 0 for every admissible input."""
        return self.range_of(e).positive

    def nonnegative(self, e: Any) -> bool:
        """Whether ``e`` is provably >= 0 for every admissible input."""
        return self.range_of(e).nonnegative

    def nonzero(self, e: Any) -> bool:
        """Whether ``e`` is provably not 0 for any admissible input."""
        return self.range_of(e).nonzero


def names_used(expressions: Iterable[Any]) -> set[str]:
    """The names of the arguments, sizes and statements that occur, but not of indices that run over an axis."""
    atoms = {s for e in expressions for s in e.atoms(sp.Indexed, sp.Symbol)}
    return {label_of(s) for s in atoms if isinstance(s, sp.Indexed) or ":" not in s.name or ":>" in s.name}
