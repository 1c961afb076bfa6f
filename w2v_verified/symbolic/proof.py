"""Steps of a proof, and how they are checked: by the normal form, then at sampled points.

The two checks share nothing: the first is algebra for all sizes of all axes, with only those rules
switched on that the step names; the second evaluates both sides entry by entry, at small sizes, in
numbers of 40 digits.
"""

import itertools
import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import mpmath as mp

from w2v_verified.symbolic.context import Context, ProofError
from w2v_verified.symbolic.indices import axis_of, canonical
from w2v_verified.symbolic.interpret import Setting, UndefinedError
from w2v_verified.symbolic.normal import equal
from w2v_verified.symbolic.program import variants
from w2v_verified.symbolic.rules import RULES

_DIGITS = 40
_AGREE = mp.mpf(10) ** -20
_SIZES = (2, 3, 1)
_ENTRIES = 5


@dataclass(frozen=True)
class Names:
    """What has to be given values for a step to be evaluated: arrays by axes, and index arguments.

    ``orthogonal`` names square arrays that need orthonormal columns.
    """

    arrays: Mapping[str, tuple[str, ...]]
    positive: frozenset[str]
    pointers: Mapping[str, tuple[tuple[str, ...], str]]
    orthogonal: frozenset[str] = frozenset()


@dataclass(frozen=True)
class ProofStep:
    """``before = after`` for all indices ``over``, by ``rules``."""

    rules: tuple[str, ...]
    before: Any
    after: Any
    over: tuple[Any, ...]
    context: Context
    names: Names
    reason: str = ""

    @property
    def condition(self) -> str:
        """Under which the step is defined."""
        return "; ".join(RULES[r].condition for r in self.rules if RULES[r].condition != "none")

    def check(self) -> None:
        """Check the step both ways.

        Raises:
            ProofError: It does not hold; the message says which check it failed.
        """
        self.check_algebra()
        self.sample()

    def check_algebra(self) -> None:
        """Check the step by algebra, with the rules it names.

        Raises:
            ProofError: It does not follow.
        """
        unknown = [r for r in self.rules if r not in RULES]
        if unknown:
            raise ProofError(f"{unknown[0]}: no such rule; known: {', '.join(RULES)}")
        switches = {r for r in self.rules if RULES[r].switch}
        context = self.context.allowing(*switches)
        for form in variants(self.after):
            if not equal(self.before, form, context):
                raise ProofError(f"{self.before} = {self.after}: does not follow by {', '.join(self.rules)}")

    def sample(self) -> None:
        """Evaluate both sides at small sizes.

        Raises:
            ProofError: They differ.
        """
        axes = {a for axes in self.names.arrays.values() for a in axes}
        axes |= {a for own, into in self.names.pointers.values() for a in (*own, into)}
        axes |= {axis_of(i) for i in self.over}
        with mp.workdps(_DIGITS):
            for n, first in enumerate(_SIZES):
                sizes = {axis: first + (m + n) % 2 for m, axis in enumerate(sorted(axes))}
                self._compare(Setting(sizes, _values(self.names, sizes, random.Random(n))))

    def _compare(self, setting: Setting) -> None:
        setting.definitions |= {n: d for n, d in self.context.definitions.items() if n not in setting.values}
        ranges = [range(setting.sizes[axis_of(i)]) for i in self.over]
        everywhere = list(itertools.product(*ranges))
        for values in random.Random(0).sample(everywhere, min(_ENTRIES, len(everywhere))):
            at = dict(zip(self.over, values, strict=True))
            try:
                left, right = (setting.value(canonical(side), at) for side in (self.before, self.after))
            except UndefinedError as error:
                raise ProofError(f"{self.before} = {self.after}: {error} at {setting.sizes}") from None
            if not abs(left - right) <= _AGREE * (1 + abs(left)):
                raise ProofError(
                    f"{self.before} = {self.after}: {mp.nstr(left, 8)} is not {mp.nstr(right, 8)} at {setting.sizes}"
                )


def _values(names: Names, sizes: Mapping[str, int], source: random.Random) -> dict[str, Any]:
    """Random entries for every array, random positions for every index argument."""
    values: dict[str, Any] = {}
    for name, axes in names.arrays.items():
        low = 0.25 if name in names.positive else -1.5
        entries = {
            at: mp.mpf(source.uniform(low, 1.5)) for at in itertools.product(*(range(sizes[a]) for a in axes))
        }
        if name in names.orthogonal:
            entries = _orthonormal(sizes[axes[0]], source)
        values[name] = entries if axes else entries[()]
    for name, (axes, into) in names.pointers.items():
        entries = {
            at: source.randrange(sizes[into]) for at in itertools.product(*(range(sizes[a]) for a in axes))
        }
        values[name] = entries if axes else entries[()]
    return values


def _orthonormal(size: int, source: random.Random) -> dict[tuple[int, ...], Any]:
    """A product of rotations of pairs of axes."""
    q = mp.eye(size)
    for i, j in itertools.combinations(range(size), 2):
        angle = source.uniform(0, 6)
        g = mp.eye(size)
        g[i, i], g[j, j], g[i, j], g[j, i] = mp.cos(angle), mp.cos(angle), -mp.sin(angle), mp.sin(angle)
        q *= g
    return {(i, j): q[i, j] for i in range(size) for j in range(size)}
