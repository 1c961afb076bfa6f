"""Which sizes of its axes a function is seen at beyond small ones: round ones and their neighbours, alone and together.

Every axis has every size of a list in some input, whose other axes have sizes of it too, as long as no array of the
loss gets too large. What equal places add can be counted (folded) unless brackets tell them apart.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import combinations, islice
from math import prod
from random import Random

from w2v_verified.notation import syntax
from w2v_verified.verify.record import Record

__all__ = ["Lengths", "Sizes", "lengths_of"]

Sizes = Mapping[str, int]
"""The size of every axis."""

_ROUND = (8, 10, 16, 32, 64, 100, 128, 256, 512, 1000, 1024, 2048, 4096)
_AROUND = sorted({size + step for size in _ROUND for step in (-1, 0, 1)})
_BEYOND_16_BITS = 70_001
_MOST_CELLS, _LARGEST, _ALIKE = 1 << 16, 1 << 18, 400_000  # entries of an array
_MOST_TERMS = 1 << 22  # of all sums: what code that holds them in an array needs
_MOST_CASES = 60
_RATIOS = (-7.0, -3.5, 0.0, 3.5, 7.0)  # of two axes, by powers of two
_BESIDE = (16, 8, 4)
_SHORT_CELLS = 800  # each costs operations on balls
_DIFFERENT = (13, 8, 5, 4, 3, 2)


@lru_cache(maxsize=256)
def lengths_of(record: Record) -> "Lengths":
    """The sizes that matter to a function."""
    return Lengths(record)


class Lengths:
    """The sizes that matter to a function, and what they cost.

    Attributes:
        told_apart: The axes whose equal places are not alike, so that each is looked at.
        different: How many different places each other axis has where it is long, so that exact values cost what those
            of a small input cost.
    """

    def __init__(self, record: Record) -> None:
        self._name, self._arguments = record.name, record.arguments
        self._arrays, self._frames = _arrays(record), _frames(record)
        self.told_apart = _told_apart(record)
        self._least = {axis.name: max(2, axis.minimum) for axis in record.axes}
        long = {axis: 2 if axis in self.told_apart else _SHORT_CELLS for axis in self._least}
        fit = (n for n in _DIFFERENT if self._terms(self.short(long, n)) <= _SHORT_CELLS)
        self.different = next(fit, _DIFFERENT[-1])

    def cells(self, sizes: Sizes) -> int:
        """How many entries the largest array has that is an argument or is named."""
        return max(prod([sizes[axis] for axis in axes]) for axes in self._arrays)

    def _terms(self, sizes: Sizes) -> int:
        """How many terms the largest sum has, over all that it is taken for."""
        return max(prod([sizes[axis] for axis in frame]) for frame in self._frames)

    def once(self, axis: str, sizes: Sizes) -> int:
        """How many places of an axis are pointed at where no two indices point at the same."""
        own = (a.axes for a in self._arguments if a.into == axis)
        return sum(prod(sizes[name] for name in axes) for axes in own)

    def short(self, sizes: Sizes, different: int) -> dict[str, int]:
        """How many places of every axis differ: so many, and those pointed at; all where they are told apart."""
        found = {
            axis: size if axis in self.told_apart else min(size, different) for axis, size in sizes.items()
        }
        once = {axis: self.once(axis, found) for axis in found}
        return {
            axis: min(sizes[axis], once[axis] + different) if size < sizes[axis] else size
            for axis, size in found.items()
        }

    def tour(self) -> list[Sizes]:
        """Sizes such that every axis has every round size and its neighbours; large inputs come last."""
        random = Random(0)
        found = self._covering(_AROUND, random, _MOST_CASES, _MOST_CELLS)
        found += sorted(self._large(), key=self.cells)
        pointed = dict.fromkeys(str(a.into) for a in self._arguments if a.into is not None)
        single = ({**self._least, axis: _BEYOND_16_BITS} for axis in pointed)
        return [*found, *(sizes for sizes in single if self._fits(sizes, _LARGEST))]

    def _large(self) -> list[Sizes]:
        """Sizes such that any two axes are as large together as there is room for, in several ratios; and all alike."""
        found: list[Sizes] = []
        for place, (one, other) in enumerate(combinations(self._least, 2)):
            for ratio in _RATIOS if len(self._least) < 3 else (0.0, _RATIOS[1 + 2 * (place % 2)]):
                tried = (
                    {
                        **{axis: max(beside, least) for axis, least in self._least.items()},
                        one: round(2 ** (n / 4 + ratio / 2)),
                        other: round(2 ** (n / 4 - ratio / 2)),
                    }
                    for n in range(48, 12, -1)
                    for beside in _BESIDE
                )
                fit = (sizes for sizes in tried if min(sizes.values()) > 1 and self._fits(sizes, _LARGEST))
                found += islice(fit, 1)
        alike = (dict.fromkeys(self._least, round(2 ** (n / 4))) for n in range(48, 8, -1))
        return [*found, *islice((sizes for sizes in alike if self._fits(sizes, _ALIKE)), 1)]

    def drawn(self, seed: int, count: int) -> list[Sizes]:
        """Further combinations, the same for the same seed: of tens, hundreds, thousands and any others."""
        random = Random(f"{self._name} {seed} sizes")
        found: list[Sizes] = []
        for _ in range(count):
            near = [10 * random.randint(1, 10), 100 * random.randint(1, 10), 1000 * random.randint(1, 5)]
            sizes = [round(2 ** random.uniform(3, 12)), *(size + random.choice((-1, 0, 1)) for size in near)]
            found += self._covering(sizes, random, 1, _MOST_CELLS)
        return sorted(found, key=self.cells)

    def _covering(self, wanted: Sequence[int], random: Random, most: int, largest: int) -> list[Sizes]:
        """At most so many combinations in which every axis has every size that there is room for, large ones last."""
        left = {
            axis: [size for size in wanted if self._fits({**self._least, axis: size}, largest)]
            for axis in self._least
        }
        found: list[Sizes] = []
        while any(left.values()) and len(found) < most:
            sizes = dict(self._least)
            order = random.sample(sorted(left), len(left))
            for axis in sorted(order, key=lambda axis: -len(left[axis])):
                room = [size for size in wanted if self._fits({**sizes, axis: size}, largest)]
                if room:
                    sizes[axis] = random.choice([size for size in room if size in left[axis]] or room)
                    left[axis] = [size for size in left[axis] if size != sizes[axis]]
            found.append(sizes)
        return sorted(found, key=self.cells)

    def _fits(self, sizes: Sizes, largest: int) -> bool:
        if self.cells(sizes) > largest or self._terms(sizes) > _MOST_TERMS:
            return False
        return self._terms(self.short(sizes, self.different)) <= 2 * _SHORT_CELLS


def _arrays(record: Record) -> list[tuple[str, ...]]:
    """The axes of arguments and statements."""
    found = {argument.axes for argument in record.arguments}
    for name in ("definition", "textbook"):
        found |= {tuple(b.axis for b in each.bounds) for each in record.programs[name].statements}
    return list(found)


def _frames(record: Record) -> list[tuple[str, ...]]:
    """The axes of the indices that are bound at once, wherever some are; those that are part of others left out."""
    found = set(_arrays(record))
    for name in ("definition", "textbook"):
        for statement in record.programs[name].statements:
            own = tuple(bound.axis for bound in statement.bounds)
            found |= {(*own, *inner) for inner in _bound_in(statement.expression)}
    unlike = {tuple(sorted(frame)) for frame in found}
    return [f for f in unlike if not any(f != g and all(f.count(a) <= g.count(a) for a in f) for g in unlike)]


def _bound_in(node: object) -> Iterator[tuple[str, ...]]:
    yield ()
    if isinstance(node, syntax.Sum | syntax.Maximum):
        yield from ((node.bound.axis, *inner) for inner in _bound_in(node.body))
        return
    for part in syntax.parts(node):
        yield from _bound_in(part)


def _told_apart(record: Record) -> frozenset[str]:
    """The axes whose equal places are not alike, since brackets or repeated indices tell them apart."""
    found = {str(a.into) for a in record.arguments if a.into in a.axes}
    into = {a.name: str(a.into) for a in record.arguments if a.into is not None}
    for program in record.programs.values():
        for statement in program.statements:
            scope = into | {b.name: b.axis for b in statement.bounds}
            found |= set(_apart_in(statement.expression, scope))
    return frozenset(found)


def _apart_in(node: object, scope: Mapping[str, str]) -> Iterator[str]:
    match node:
        case syntax.Indicator(_, syntax.Running(left), syntax.Running()):
            yield scope[left]
        case syntax.Indicator("<" | "<=" | ">" | ">=", left, _):  # in whose order folded places have no place
            yield scope[left.name]
        case syntax.Entry(_, positions):
            names = [each.name for each in positions if isinstance(each, syntax.Running)]
            yield from (scope[name] for name in names if names.count(name) > 1)
        case syntax.Sum(bound, body) | syntax.Maximum(bound, body):
            yield from _apart_in(body, {**scope, bound.name: bound.axis})
            return
    for part in syntax.parts(node):
        yield from _apart_in(part, scope)
