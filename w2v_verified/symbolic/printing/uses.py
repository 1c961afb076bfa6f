"""What printed lines use: noted where a name is written, so that nobody has to look for it in the text."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from w2v_verified.symbolic.language.indices import axis_of, name_of
from w2v_verified.symbolic.language.naming import free_name


@dataclass
class Uses:
    """Names of this package's runtime and of modules, scalars, and by axes the arrays of all positions.

    A scalar called like an axis is its size. The array of positions is called like the index that asks for it first,
    unless that is ``taken``, or the name of another one; for the ``touched`` axis it is that of the touched columns.
    """

    taken: frozenset[str] = frozenset()
    touched: str | None = None

    names: set[str] = field(default_factory=set)
    scalars: set[str] = field(default_factory=set)
    ranges: dict[str, str] = field(default_factory=dict)

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
        axis = axis_of(i)
        if axis == self.touched:
            return "columns"
        if axis not in self.ranges:
            self.ranges[axis] = free_name(name_of(i), {*self.taken, *self.ranges.values()})
        self.scalars.add(axis)
        return self.ranges[axis]

    @property
    def positions_needed(self) -> list[str]:
        """The lines that make the arrays of positions."""
        return [
            f"{name} = np.arange({axis})" for axis, name in sorted(self.ranges.items(), key=lambda r: r[1])
        ]

    def shape(self, indices: Iterable[Any]) -> str:
        """The shape of an array with these indices."""
        sizes = [self.size(axis_of(i)) for i in indices]
        return f"({', '.join(sizes)}{',' * (len(sizes) == 1)})"
