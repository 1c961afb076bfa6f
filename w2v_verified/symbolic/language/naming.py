"""Names for the parts a pass takes out of an expression."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import sympy as sp

from w2v_verified.symbolic.language.entries import IndexedBase
from w2v_verified.symbolic.language.equation import Equation
from w2v_verified.symbolic.language.indices import axis_of, canonical, index, name_of


def entry(name: str, indices: tuple[Any, ...]) -> Any:
    """``name[indices]``, or the scalar ``name``."""
    return IndexedBase(sp.Symbol(name, real=True))[indices] if indices else sp.Symbol(name, real=True)


def free_name(wanted: str, taken: Collection[str]) -> str:
    """``wanted``, or with a number behind it if that is taken."""
    name, n = wanted, 2
    while name in taken:
        name, n = f"{wanted}_{n}", n + 1
    return name


def lettered_indices(
    axes: Iterable[str], letters: Mapping[str, Iterable[str]], taken: Collection[str]
) -> tuple[Any, ...]:
    """An index over each of the axes, called by a letter of the axis that is not ``taken``."""
    used = set(taken)
    own = []
    for axis in axes:
        letter = next(x for x in letters[axis] if x not in used)
        used.add(letter)
        own.append(index(letter, axis))
    return tuple(own)


class Namer:
    """Gives names that nothing else has, indices by the letters of their axes, and keeps what they stand for.

    Indices avoid what is ``taken``, names what is ``reserved`` as well: the letters that people use.
    """

    def __init__(
        self,
        taken: Iterable[str],
        letters: Mapping[str, Iterable[str]],
        stages: Iterable[str] = (),
        reserved: Iterable[str] = (),
    ) -> None:
        self.taken, self.letters = set(taken), letters
        self.stages, self.reserved = set(stages), frozenset(reserved)
        self._known: dict[Any, str] = {}
        self._new: list[Equation] = []

    def name(self, wanted: str) -> str:
        """``wanted``, or with a number behind it if that is taken."""
        name = free_name(wanted, self.taken | self.reserved)
        self.taken.add(name)
        return name

    def helper(self, wanted: str, indices: tuple[Any, ...], e: Any) -> Any:
        """An entry of a helper ``wanted[indices] = e``; the same expression gets the same helper."""
        own = self.indices(indices)
        shape = canonical(e.xreplace(dict(zip(indices, own, strict=True))))
        if (own, shape) not in self._known:
            name = self.name(wanted)
            self._known[own, shape] = name
            self._new.append(Equation(name, own, shape))
            self.stages.add(name)
        return entry(self._known[own, shape], indices)

    def known(self, indices: tuple[Any, ...], e: Any) -> Any:
        """An entry of the helper that stands for ``e``, or ``e`` itself if there is none."""
        own = self.indices(indices)
        name = self._known.get((own, canonical(e.xreplace(dict(zip(indices, own, strict=True))))))
        return e if name is None else entry(name, indices)

    def indices(self, like: tuple[Any, ...], beside: tuple[Any, ...] = ()) -> tuple[Any, ...]:
        """Indices over the axes of those in ``like``, called by letters nothing in ``beside`` has."""
        used = (self.taken - set(self._known.values())) | {name_of(i) for i in beside}
        return lettered_indices(map(axis_of, like), self.letters, used)

    def taken_helpers(self) -> list[Equation]:
        """The helpers made since the last call."""
        made, self._new = self._new, []
        return made
