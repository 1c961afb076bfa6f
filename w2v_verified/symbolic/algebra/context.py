"""What a proof may use: the least sizes of the axes, the names defined so far, the rules allowed."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any

from w2v_verified.symbolic.algebra.ranges import Ranges
from w2v_verified.symbolic.language.equation import Equation, names_used
from w2v_verified.symbolic.language.intervals import Range


@dataclass(frozen=True)
class Context:
    """The assumptions of a proof; `rules` switches on rewritings beyond the algebra of finite sums.

    ``least`` has the least number of places of each axis (0 where none is given), ``fixed`` the number of some;
    ``orthogonal`` are the arrays whose columns are orthonormal, ``one_to_one`` the index arguments that point at no
    place twice, ``given`` the names of the arguments and the axes, ``ranges`` where entries of arguments lie that are
    not known by their signs alone.
    """

    least: Mapping[str, int] = field(default_factory=dict)
    definitions: Mapping[str, Equation] = field(default_factory=dict)
    rules: frozenset[str] = frozenset()
    orthogonal: frozenset[str] = frozenset()
    given: frozenset[str] = frozenset()
    ranges: Mapping[str, Range] = field(default_factory=dict)
    one_to_one: frozenset[str] = frozenset()
    fixed: Mapping[str, int] = field(default_factory=dict)

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash(
            (
                *self.least.items(),
                self.rules,
                self.orthogonal,
                self.one_to_one,
                *self.fixed.items(),
                *self.definitions.items(),
                *self.ranges.items(),
            )
        )

    @property
    def bare(self) -> "Context":
        """What is known of the axes and the arguments alone."""
        return Context(self.least, ranges=self.ranges)

    def allowing(self, *rules: str) -> "Context":
        """The same assumptions with other rules switched on."""
        return replace(self, rules=frozenset(rules))

    def defining(self, *definitions: Equation) -> "Context":
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
        return self._ranges.of(e)

    @cached_property
    def _ranges(self) -> Ranges:
        return _ranges(tuple(self.least.items()), tuple(self.definitions.items()), tuple(self.ranges.items()))

    def positive(self, e: Any) -> bool:
        """Whether ``e`` is provably > 0 for every admissible input."""
        return self.range_of(e).positive

    def nonnegative(self, e: Any) -> bool:
        """Whether ``e`` is provably >= 0 for every admissible input."""
        return self.range_of(e).nonnegative

    def nonzero(self, e: Any) -> bool:
        """Whether ``e`` is provably not 0 for any admissible input."""
        return self.range_of(e).nonzero


@lru_cache(maxsize=256)
def _ranges(
    least: tuple[tuple[str, int], ...],
    definitions: tuple[tuple[str, Equation], ...],
    given: tuple[tuple[str, Range], ...],
) -> Ranges:
    """Those of all contexts that differ in their rules alone."""
    return Ranges(dict(least), {name: known.expression for name, known in definitions}, dict(given))
