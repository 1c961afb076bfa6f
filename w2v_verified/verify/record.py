"""What a generated function computes, as data: the engine writes it, everything that judges reads it."""

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property, lru_cache
from importlib import resources
from typing import Any

import numpy as np

from w2v_verified.nearest import one_of
from w2v_verified.notation import Signature, parse, syntax
from w2v_verified.notation.syntax import Module
from w2v_verified.verify.law import Law, law_from_json

__all__ = [
    "Argument",
    "NamedAxis",
    "Record",
    "Result",
    "Switch",
    "Touched",
    "axis_sizes",
    "load",
    "loss_alone",
    "names",
]

_FOLDER = resources.files("w2v_verified").joinpath("generated", "records")  # found though no function imports


@dataclass(frozen=True, slots=True)
class NamedAxis:
    """A named axis, its meaning and the smallest size it may have."""

    name: str
    meaning: str
    minimum: int


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument: floating (`kind` "array"), or pointing into the axis `into` (`kind` "index").

    The entries of an array are any numbers (`domain` "real"), "positive", "nonnegative", or strictly "between" two.
    `turned` tells a table whose two axes are the other way round than in the loss as it is defined.
    """

    name: str
    kind: str
    axes: tuple[str, ...]
    meaning: str
    domain: str = "real"
    gradient: bool = False
    into: str | None = None
    between: tuple[float | None, float | None] | None = None
    turned: bool = False

    @property
    def ends(self) -> tuple[float, float]:
        """Between which numbers its entries lie; that of "nonnegative" is among them, no other is."""
        if self.between is not None:
            low, high = self.between
            return -math.inf if low is None else low, math.inf if high is None else high
        return (-math.inf if self.domain == "real" else 0.0), math.inf


@dataclass(frozen=True, slots=True)
class Touched:
    """The two fields in which a gradient comes that is zero outside the columns an index points at."""

    columns: str
    values: str


@dataclass(frozen=True, slots=True)
class Result:
    """What the function returns: the gradient of the argument `of`, or the loss (None)."""

    name: str
    of: str | None
    touched: Touched | None = None
    factors: tuple[str, str] | None = None

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields it is returned in: its own, or its columns and values, or the factors of an outer product."""
        if self.factors is not None:
            return self.factors
        return (self.name,) if self.touched is None else (self.touched.columns, self.touched.values)


@dataclass(frozen=True, slots=True)
class Switch:
    """A size, as a product of axes, from which on the function takes another code path: in entries, or in bytes."""

    axes: tuple[str, ...]
    size: int
    bytes: bool = False


@dataclass(frozen=True, repr=False)
class Record:
    """A loss: its axes, arguments in call order, results in order, and its programs.

    `prepared` is the definition in a form proved equal to it; `out` tells whether the function takes buffers,
    `optional` whether its loss can be left out; `switches` are the sizes that matter to it, `laws` what else is true
    of it.
    """

    name: str
    summary: str
    axes: tuple[NamedAxis, ...]
    arguments: tuple[Argument, ...]
    results: tuple[Result, ...]
    definition: tuple[str, ...]
    prepared: tuple[str, ...]
    textbook: tuple[str, ...]
    stable: tuple[str, ...]
    out: bool
    switches: tuple[Switch, ...] = ()
    laws: tuple[Law, ...] = field(
        default=(), hash=False
    )  # the rest tells records apart, and is asked for often
    optional: bool = False

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Record":
        """The record that `data`, the content of a record file, describes.

        Raises:
            LanguageError: A program is not in the language, or uses a name it does not have.
        """
        touched = {name: Touched(**fields) for name, fields in data.get("touched", {}).items()}
        factors = {name: (left, right) for name, (left, right) in data.get("factored", {}).items()}
        return cls(
            data["name"],
            data["summary"],
            tuple(NamedAxis(**axis) for axis in data["axes"]),
            tuple(map(_argument, data["arguments"])),
            tuple(
                Result(each["name"], each["of"], touched.get(each["name"]), factors.get(each["name"]))
                for each in data["results"]
            ),
            tuple(data["definition"]),
            tuple(data.get("prepared", data["definition"])),
            tuple(data["textbook"]),
            tuple(data["stable"]),
            data.get("out", True),
            tuple(Switch(**{**each, "axes": tuple(each["axes"])}) for each in data.get("switches", ())),
            tuple(map(law_from_json, data.get("laws", ()))),
            data.get("optional", False),
        )

    def __repr__(self) -> str:
        return f"Record<{self.name}({', '.join(a.name for a in self.arguments)})>"

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """The fields of what the function returns, in order."""
        return tuple(field for result in self.results for field in result.fields)

    def repeated(self, axis: str) -> int:
        """How often one array has an axis, at least 1: its entries are as many to that power."""
        return max(1, *(argument.axes.count(axis) for argument in self.arguments))

    @cached_property
    def decimals(self) -> bool:
        """Whether its definition has numbers that no binary format holds."""
        denominators = (number.denominator for number in _numbers(self.programs["definition"]))
        return any(n & (n - 1) for n in denominators)

    @cached_property
    def largest(self) -> int | Fraction:
        """The largest number that is written in a program."""
        return max((number for program in self.programs.values() for number in _numbers(program)), default=0)

    @cached_property
    def signature(self) -> Signature:
        """What it is a function of, as all that reads its programs takes it."""
        return Signature(
            {axis.name: axis.minimum for axis in self.axes},
            {each.name: each.axes for each in self.arguments if each.kind == "array"},
            {each.name: (each.axes, str(each.into)) for each in self.arguments if each.kind == "index"},
        )

    @cached_property
    def programs(self) -> Mapping[str, Module]:
        """The four programs by name, parsed; names and index ranges are checked."""
        texts = {
            "definition": self.definition,
            "prepared": self.prepared,
            "textbook": self.textbook,
            "stable": self.stable,
        }
        programs = {which: parse(text) for which, text in texts.items()}
        for which, program in programs.items():
            defines = which in ("definition", "prepared")
            wanted = ["loss"] if defines else [result.name for result in self.results]
            self.signature.resolve(program, wanted=wanted)
        return programs


def _argument(data: Mapping[str, Any]) -> Argument:
    between = data.get("between")
    ends = None if between is None else (between[0], between[1])
    return Argument(**{**data, "axes": tuple(data["axes"]), "between": ends})


def _numbers(program: Module) -> Iterator[int | Fraction]:
    return (node.value for node in syntax.nodes(program) if isinstance(node, syntax.Number))


def names() -> tuple[str, ...]:
    """The losses that have a record, sorted."""
    files = (entry.name for entry in _FOLDER.iterdir())
    return tuple(sorted(name.removesuffix(".json") for name in files if name.endswith(".json")))


@lru_cache(maxsize=64)
def load(name: str) -> Record:
    """The record of the loss `name`.

    Raises:
        ValueError: There is no such loss; the message lists those there are.

    >>> load("naive_softmax").definition[-1]
    'loss = log(sum(w in V, exp(z[w]))) - z[o]'
    """
    if name not in names():
        raise ValueError(f"loss: {one_of(name, names())}")
    text = _FOLDER.joinpath(f"{name}.json").read_text(encoding="utf-8")
    return Record.from_json(json.loads(text))


@lru_cache(maxsize=64)
def loss_alone(record: Record) -> Record:
    """The same loss without its gradients, for whoever asks what it is and not how it changes.

    >>> loss_alone(load("naive_softmax")).fields
    ('loss',)
    """
    return replace(record, results=tuple(result for result in record.results if result.of is None))


def axis_sizes(record: Record, arguments: Mapping[str, object]) -> dict[str, int]:
    """The size of every axis of `record`, read off `arguments`.

    Raises:
        ValueError: An argument is missing, has the wrong rank, disagrees with an earlier one about an axis, or
            makes an axis smaller than it may be; the message names it.

    >>> axis_sizes(load("naive_softmax"), {"v_c": [1.0, 2.0], "o": 0, "U": [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]})
    {'d': 2, 'V': 3}
    """
    found: dict[str, tuple[int, str]] = {}
    for argument in record.arguments:
        if argument.name not in arguments:
            raise ValueError(f"{argument.name}: missing")
        shape = np.asarray(arguments[argument.name]).shape
        if len(shape) != len(argument.axes):
            raise ValueError(f"{argument.name}: expected shape {_spell(argument.axes)}, got {shape}")
        for axis, size in zip(argument.axes, shape, strict=True):
            known, source = found.setdefault(axis, (size, argument.name))
            if known != size:
                raise ValueError(
                    f"{argument.name}: expected shape {_spell(argument.axes)} with {axis} = {known} as in {source}, "
                    f"got {shape}"
                )
    for each in record.axes:
        if each.name in found and found[each.name][0] < each.minimum:
            size, source = found[each.name]
            raise ValueError(f"{source}: expected {each.name} >= {each.minimum}, got {size}")
    return {each.name: found[each.name][0] for each in record.axes if each.name in found}


def _spell(axes: Iterable[str]) -> str:
    parts = tuple(axes)
    return f"({parts[0]},)" if len(parts) == 1 else f"({', '.join(parts)})"
