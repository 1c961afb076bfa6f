"""Spell an input as Python source that can be pasted and run (a reproducer) and prints what is wrong."""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from w2v_verified.verify.arrays import NUMPY, Library
from w2v_verified.verify.arrays.spelling import Call
from w2v_verified.verify.cases.layouts import layout_of
from w2v_verified.verify.judging.conventions import Convention
from w2v_verified.verify.judging.deviation import Deviation
from w2v_verified.verify.judging.finding import Broken, Finding
from w2v_verified.verify.record import Record
from w2v_verified.verify.report.origin import Origin
from w2v_verified.verify.report.source import WIDTH, assigned, called, is_stored, printed

__all__ = ["snippet"]

_RAISES = ("exception", "exit", "hang", "crash")


def snippet(
    record: Record,
    convention: Convention,
    origin: Origin,
    finding: Finding,
    stored: str | None = None,
    library: Library = NUMPY,
) -> str:
    """The source of one call, and of what it shows.

    Args:
        record: What is computed, in the words of the caller's code.
        convention: How the function is called.
        origin: Where it comes from.
        finding: What is to be seen.
        stored: Where ``report.json`` has the arguments, as source such as ``["arguments"]``: those too large to be
            written out are read from there.
        library: The library whose arrays it is called with.

    >>> from w2v_verified.verify.judging.conventions import CONVENTIONS
    >>> from w2v_verified.verify.record import load
    >>> found = Finding("warning", "gives a warning", {"v_c": np.ones(1), "o": 1, "U": np.array([[0.0], [710.0]])})
    >>> print(snippet(load("naive_softmax"), CONVENTIONS["rows"], Origin("f", "mine"), found))
    import numpy as np
    from mine import f
    v_c = np.array([1.0])
    o = 1
    U = np.array([[0.0], [710.0]])
    loss, grad_v_c, grad_U = f(v_c, o, U)
    print("loss is", loss)
    """
    first, arguments = convention.spell(record)
    calls = _Calls(record, origin.name, arguments, finding, library, convention)
    return "\n".join(
        [
            *_imports(finding.arguments, stored),
            *calls.imports,
            *origin.lines,
            *_arguments(finding.arguments, stored),
            *first,
            *_shown(record, calls, finding),
        ]
    )


@dataclass(frozen=True)
class _Calls:
    """How the function is called, in the terms of a library."""

    record: Record
    function: str
    arguments: tuple[str, ...]
    finding: Finding
    library: Library
    convention: Convention

    @property
    def imports(self) -> list[str]:
        """What the calls need."""
        return self._spelled(self.record.fields, whole=True)[0]

    def lines(self, results: Sequence[str], *, whole: bool = True) -> list[str]:
        """One call; ``whole`` if what it returns is taken apart."""
        if self.library.name == NUMPY.name:
            return called(results, self.function, self.arguments)
        return self._spelled(results, whole=whole)[1]

    def _spelled(self, results: Sequence[str], *, whole: bool) -> tuple[list[str], list[str]]:
        names = [argument.name for argument in self.record.arguments]
        of = [result.of for result in self.record.results if result.of is not None]
        held = [name for name, value in self.finding.arguments.items() if isinstance(value, np.ndarray)]
        automatic = whole and self.library.gradients == "automatic"
        places = [names.index(name) for name in of]
        given = ", ".join(self.arguments)
        return self.library.spell(Call(self.function, given, held, results, of, places, automatic))


def _imports(arguments: Mapping[str, object], stored: str | None) -> list[str]:
    held = [value for value in arguments.values() if isinstance(value, np.ndarray)]
    lines = ["import numpy as np"]
    if any(not np.isfinite(value).all() for value in held):
        lines.append("from numpy import inf, nan")
    if any(_layout(value) != "C" for value in held):
        lines.append("from w2v_verified.verify import LAYOUTS")
    if stored is not None and any(map(is_stored, held)):
        lines[:0] = ["import json"]
        lines += [
            'with open("report.json") as file:  # as --json prints it',
            f"    stored = json.load(file){stored}",
        ]
    return lines


def _arguments(arguments: Mapping[str, object], stored: str | None) -> list[str]:
    lines = []
    for name, value in arguments.items():
        lines += assigned(name, value, stored and f"stored[{name!r}]")
        layout = _layout(value)
        if layout != "C":
            lines.append(f"{name} = LAYOUTS[{layout!r}]({name})")
    return lines


def _layout(value: object) -> str:
    """How an array lies in memory; one that is broadcast is made so anyway."""
    return layout_of(value) if isinstance(value, np.ndarray) and 0 not in value.strides else "C"


def _shown(record: Record, calls: _Calls, finding: Finding) -> list[str]:
    """The call, and lines that print what came back beside what is due."""
    call = calls.lines(record.fields)
    if finding.kind in _RAISES:
        return call
    if finding.broken is not None:
        return [*call, *_further(calls, finding, finding.broken), *_spoken_of(finding.broken)]
    if finding.deviation is not None:
        return [*call, *_compared(record, finding.deviation)]
    if finding.kind == "return":
        due = [f'print("due: {each}")' for each in _due(record, finding.arguments)]
        return [*calls.lines(["returned"], whole=False), 'print("returned", returned)', *due]
    if finding.about:
        name = finding.about
        return [f"before = {name}.copy()", *call, *_beside(name, name, "before")]
    if finding.shared is not None:
        shared, other = finding.shared, finding.shared.other
        again = calls.lines([f"later_{field}" for field in record.fields]) if shared.later else []
        pair = f"{shared.result}, {'later_' if shared.later else ''}{other}"
        return [*call, *again, f'print("memory is shared:", np.shares_memory({pair}))']
    if finding.kind == "same_input_same_bits":
        return [
            *calls.lines(["first"], whole=False),
            *calls.lines(["again"], whole=False),
            'print("first", first)',
            'print("again", again)',
        ]
    return [*call, f'print("{record.fields[0]} is", {record.fields[0]})']


def _further(calls: _Calls, finding: Finding, broken: Broken) -> list[str]:
    """The calls of a law after the first: what is different in their arguments, and their results by their names."""
    first = calls.convention.spell(calls.record)[0]
    lines, held = [], dict(finding.arguments)
    for each in broken.calls:
        changed = {name: v for name, v in each.arguments.items() if not _alike(v, held[name])}
        fields = [f"{each.name}_{field}" for field in calls.record.fields]
        lines += [f"# {each.name}", *_arguments(changed, None), *first, *calls.lines(fields)]
        held |= changed
    return lines


def _alike(value: object, other: object) -> bool:
    one, two = np.asarray(value), np.asarray(other)
    return one.shape == two.shape and one.tobytes() == two.tobytes()


def _spoken_of(broken: Broken) -> list[str]:
    names = [f"{call}_{field}" if call else field for call, field in broken.results]
    stated = [f"# {line}" for line in textwrap.wrap(broken.statement, WIDTH - 2, break_long_words=False)]
    return [*stated, *(line for name in names for line in printed(f"{name} is", name))]


def _compared(record: Record, deviation: Deviation) -> list[str]:
    if not deviation.left_out:
        return _beside(deviation.entry, deviation.entry, repr(deviation.exact))
    columns = next(r.touched.columns for r in record.results if r.name == deviation.result and r.touched)
    missing = f"{deviation.result}{list(deviation.position)}"
    return [*printed(f"{columns} is", columns), *printed(f"{missing} should be", repr(deviation.exact))]


def _beside(what: str, wrong: str, right: str) -> list[str]:
    return [*printed(f"{what} is", wrong), *printed("and should be", right)]


def _due(record: Record, arguments: Mapping[str, object]) -> list[str]:
    due = []
    for result in record.results:
        shape = None if result.of is None else np.shape(np.asarray(arguments[result.of]))
        whole = result.fields == (result.name,)
        due += [f"{field} of shape {shape}" if shape and whole else field for field in result.fields]
    return due
