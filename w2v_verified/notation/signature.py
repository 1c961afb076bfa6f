"""What a loss is a function of: its axes, its arrays, and the index arguments that point into its axes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from w2v_verified.notation.scope import resolve
from w2v_verified.notation.syntax import Module

__all__ = ["Signature"]


@dataclass(frozen=True)
class Signature:
    """Axes by their least sizes, arrays by their axes, index arguments by theirs and the one they point into."""

    least: Mapping[str, int]
    arrays: Mapping[str, tuple[str, ...]]
    pointers: Mapping[str, tuple[tuple[str, ...], str]]

    @property
    def names(self) -> frozenset[str]:
        """All names it gives a meaning."""
        return frozenset({*self.least, *self.arrays, *self.pointers})

    def resolve(
        self,
        program: Module,
        known: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
        wanted: Sequence[str] = (),
    ) -> None:
        """Check that a program uses these names and ``known`` arrays within their axes, and gives what is wanted.

        Raises:
            LanguageError: It does not; the message names the statement and the part of it.
        """
        resolve(program, self.least, {**self.arrays, **known}, self.pointers, wanted)
