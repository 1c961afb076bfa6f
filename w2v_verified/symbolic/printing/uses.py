"""What printed lines use: noted where a name is written, so that nobody has to look for it in the text."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from w2v_verified.symbolic.language.indices import axis_of, name_of


@dataclass
class Uses:
    """Names of this package's runtime and of modules, scalars, and indices as arrays of positions.

    A scalar called like an axis is its size.
    """

    names: set[str] = field(default_factory=set)
    scalars: set[str] = field(default_factory=set)
    ranges: set[Any] = field(default_factory=set)

    def name(self, name: str) -> str:
        """A name of the runtime, ``math`` among them."""
        self.names.add(name)
        return name

    def size(self, axis: str) -> str:
        """The size of an axis, as the variable that holds it."""
        return self.scalar(axis)

    def scalar(self, name: str) -> str:
        """A scalar, or the size of an axis."""
        self.scalars.add(name)
        return name

    def positions(self, i: Any) -> str:
        """All positions of an index, as the array that holds them."""
        self.ranges.add(i)
        self.scalars.add(axis_of(i))
        return name_of(i)

    def shape(self, indices: Iterable[Any]) -> str:
        """The shape of an array with these indices."""
        sizes = [self.size(axis_of(i)) for i in indices]
        return f"({', '.join(sizes)}{',' * (len(sizes) == 1)})"
