"""Why a mutant is not killed, as far as running it beside the function shows: no reason here is written by hand.

Both are run on the deck, on random inputs and on every call that the contract makes of the function, right and wrong
ones, and are watched line by line.
"""

import copy
import math
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import FrameType
from typing import Any

import numpy as np

from benchmarks.mutation import Mutation
from w2v_verified.verify import CLAUSES, Record, deck, load
from w2v_verified.verify.cases.arguments import copied
from w2v_verified.verify.cases.draws import arguments_by_seed
from w2v_verified.verify.judging.accuracy import Standard
from w2v_verified.verify.judging.calling import Function, silence
from w2v_verified.verify.judging.compare import deviations

__all__ = ["Call", "calls", "reason"]

_RANDOM = 150
_SEED = 5
_MORE_MEMORY = 1.05
_MATTERS = "V = 1100"


@dataclass(frozen=True)
class Call:
    """The arguments of one call; `valid` where the record says what is right."""

    given: tuple[Any, ...]
    keywords: dict[str, Any]
    valid: bool


@dataclass(frozen=True)
class _Watched:
    """The outcome of one call as comparable data, and after every line the line's number and all variables."""

    outcome: tuple[object, ...]
    lines: list[int]
    variables: list[dict[str, object]]


def calls(loss: str, function: Function) -> list[Call]:
    """The calls that survivors are compared on."""
    record = load(loss)
    inputs = [case.arguments for case in deck(record)]
    inputs += list(arguments_by_seed(record, _SEED, _RANDOM))
    found = [Call(tuple(arguments.values()), {}, True) for arguments in inputs]

    def overheard(*given: object, **keywords: object) -> object:
        found.append(copy.deepcopy(Call(given, keywords, False)))
        return function(*given, **keywords)

    for clause in CLAUSES:
        clause.judge(overheard, record, copied(inputs[0]))
    return found


def reason(mutation: Mutation, asked: list[Call]) -> tuple[str, str]:
    """The kind of a survivor ("unreached", "same" or "within"), and what was seen, in words."""
    function, mutant = mutation.original(), mutation.function()
    of_results = set(load(mutation.loss).fields)  # buffers, which hold anything until they are filled
    reached = branches = differing = 0
    names: set[str] = set()
    bits: list[Call] = []
    apart: list[Call] = []
    for call in asked:
        one, two = _watch(function, call), _watch(mutant, call)
        reached += mutation.line in two.lines
        if one.outcome != two.outcome:
            (bits if call.valid else apart).append(call)
        elif one.lines != two.lines:
            branches += 1
        elif changed := set(_changed(one, two)) - of_results:
            differing, names = differing + 1, names | changed
    if not reached:
        return "unreached", f"line {mutation.line} is reached by none of {len(asked)} calls"
    if bits:
        return "within", _within(mutation, mutant, bits, len(asked))
    ratio = _memory(mutant, mutation.loss) / _memory(function, mutation.loss)
    seen = [
        *([f"another outcome of {_calls(len(apart))} that no result is promised for"] if apart else []),
        *([f"another branch on {_calls(branches)}"] if branches else []),
        *([f"{', '.join(sorted(names))} differ on {_calls(differing)}"] if differing else []),
        *([f"{ratio:.2g} times the memory"] if ratio > _MORE_MEMORY else []),
    ]
    words = "; ".join(seen) or "no variable ever differs"
    return "same", f"{words}; the same bits from {len(asked) - len(apart)} calls"


def _calls(count: int) -> str:
    return f"{count} call{'' if count == 1 else 's'}"


def _within(mutation: Mutation, mutant: Function, other: list[Call], count: int) -> str:
    """How far other bits are from what is right; infinitely far where an exception is raised."""
    record = load(mutation.loss)
    worst = max(_fraction(record, mutant, call) for call in other)
    return f"other bits from {len(other)} of {count} calls, at most {worst:.2g} of the strict bound away"


def _fraction(record: Record, mutant: Function, call: Call) -> float:
    arguments = dict(zip((a.name for a in record.arguments), call.given, strict=True))
    standard = Standard(record, arguments)
    with silence():
        try:
            returned: Any = mutant(*copied(arguments).values())
        except Exception:
            return math.inf
    worst = deviations(record, arguments, returned, standard.exact, standard.bound("strict"), "strict").worst
    return 0.0 if worst is None else worst.fraction


def _watch(function: Any, call: Call) -> _Watched:
    lines: list[int] = []
    variables: list[dict[str, object]] = []
    own = function.__globals__  # what the function calls of its own module is watched with it

    def local(frame: FrameType, event: str, argument: object) -> Callable[..., Any]:
        lines.append(frame.f_lineno)
        variables.append({name: _data(value) for name, value in frame.f_locals.items()})
        return local

    def watch(frame: FrameType, event: str, argument: object) -> Callable[..., Any] | None:
        return local if frame.f_globals is own else None

    given, keywords = copy.deepcopy((call.given, call.keywords))
    before = sys.gettrace()
    with silence():
        sys.settrace(watch)
        try:
            returned: Any = function(*given, **keywords)
            outcome: tuple[object, ...] = ("returned", *(_data(field) for field in returned))
        except Exception as error:
            outcome = (type(error).__name__, str(error))
        finally:
            sys.settrace(before)
    return _Watched(outcome, lines, variables)


def _data(value: object) -> object:
    """A value as data that compares by bits."""
    if isinstance(value, np.ndarray | np.generic):
        return (value.dtype.str, value.shape, value.tobytes())
    return (type(value).__name__, repr(value))


def _changed(one: _Watched, two: _Watched) -> Iterator[str]:
    for before, after in zip(one.variables, two.variables, strict=True):
        yield from (name for name in before if before[name] != after.get(name))


def _memory(function: Function, loss: str) -> float:
    """The peak of what one call on many words allocates, in bytes."""
    record = load(loss)
    case = next((c for c in deck(record) if c.name == _MATTERS), deck(record)[0])
    tracemalloc.start()
    try:
        function(*case.arguments.values())
        return float(tracemalloc.get_traced_memory()[1])
    finally:
        tracemalloc.stop()
