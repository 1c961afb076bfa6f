"""A record in the words of the caller's code: its names, and tables by row where that code has them by row.

What is judged by such a record is said in those words from the start: messages, positions, lines of mathematics.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

import numpy as np

from w2v_verified.notation.renaming import renamed
from w2v_verified.verify.cases.arguments import Arguments
from w2v_verified.verify.record import Argument, Record, Result

__all__ = ["given_as", "reworded"]


def reworded(record: Record, names: Mapping[str, str], turned: frozenset[str]) -> Record:
    """The same loss with other names for arguments and results, and some tables the other way round.

    Its laws stay behind: they are read, and tried, in the words of the definition.

    >>> from w2v_verified.verify.record import load
    >>> reworded(load("naive_softmax"), {"U": "W"}, frozenset({"U"})).definition[0]
    'z[w in V] = sum(i in d, W[w, i] * v_c[i])'
    """
    return _reworded(record, tuple(names.items()), turned) if names or turned else record


@lru_cache(maxsize=64)
def _reworded(record: Record, pairs: tuple[tuple[str, str], ...], turned: frozenset[str]) -> Record:
    names = dict(pairs)
    tables = {*turned, *(result.name for result in record.results if result.of in turned)}
    texts = {
        which: tuple(statement.text for statement in renamed(program, names, tables).statements)
        for which, program in record.programs.items()
    }
    return replace(
        record,
        arguments=tuple(_argument(argument, names, turned) for argument in record.arguments),
        results=tuple(_result(result, names) for result in record.results),
        definition=texts["definition"],
        prepared=texts["prepared"],
        textbook=texts["textbook"],
        stable=texts["stable"],
        laws=(),
    )


def _argument(argument: Argument, names: Mapping[str, str], turned: frozenset[str]) -> Argument:
    name = names.get(argument.name, argument.name)
    if argument.name not in turned:
        return replace(argument, name=name)
    return replace(argument, name=name, axes=argument.axes[::-1], turned=not argument.turned)


def _result(result: Result, names: Mapping[str, str]) -> Result:
    of = result.of if result.of is None else names.get(result.of, result.of)
    return replace(result, name=names.get(result.name, result.name), of=of)


def given_as(arguments: Arguments, names: Mapping[str, str], turned: frozenset[str]) -> dict[str, object]:
    """An input as the caller's code takes it: tables are views, so nothing is copied."""
    return {
        names.get(name, name): np.asarray(value).T if name in turned else value
        for name, value in arguments.items()
    }
