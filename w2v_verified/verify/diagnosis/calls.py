"""Explanations by the right function called with other arguments: another index, one more of them, others drawn."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from itertools import product
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from w2v_verified.verify.cases.arguments import Arguments, copied
from w2v_verified.verify.diagnosis.evidence.evidence import Evidence
from w2v_verified.verify.diagnosis.evidence.explanation import Called, Explanation
from w2v_verified.verify.judging.calling import CallError, Function, call, silence
from w2v_verified.verify.judging.conventions import Convention
from w2v_verified.verify.record import Argument, Record, axis_sizes

__all__ = ["by_draws", "by_index", "by_one_more"]

_Draws: TypeAlias = Callable[[Arguments], list[NDArray[np.intp]]]

_DRAW = "sampleTokenIdx"
_NEIGHBOURS = {1: "the next", -1: "the previous"}
_DRAWN_AT_MOST = 4  # times
_ORDINALS = ("", "second", "third", "fourth")


def by_index(record: Record) -> Iterator[Explanation]:
    """Results for the word before or after the one that was asked for."""
    for argument in record.arguments:
        if argument.into is not None:
            for step, which in _NEIGHBOURS.items():
                mistake = (
                    f"these are the results for {which} index: {argument.name} {step:+d} for {argument.name}"
                )
                yield Explanation(mistake, "", Called(partial(_moved, record, argument, step)))


def _moved(record: Record, argument: Argument, step: int, arguments: Arguments) -> Arguments:
    size = axis_sizes(record, arguments)[str(argument.into)]
    moved = (np.asarray(arguments[argument.name]) + step) % size
    return {**arguments, argument.name: moved if moved.ndim else int(moved)}


def by_one_more(record: Record) -> Iterator[Explanation]:
    """An index counted among those of an argument that has one axis more: the target among the negatives."""
    pointers = [argument for argument in record.arguments if argument.into is not None]
    for one, many in product(pointers, pointers):
        own = many.axes[-1:]
        elsewhere = {axis for each in record.arguments if each is not many for axis in each.axes}
        longer = one is not many and many.axes == (*one.axes, *own)
        if longer and one.into == many.into and not elsewhere & set(own):
            mistake = f"{one.name} is counted among {many.name}"
            yield Explanation(mistake, "", Called(partial(_joined, one.name, many.name)))


def _joined(one: str, many: str, arguments: Arguments) -> Arguments:
    added = np.asarray(arguments[one])[..., None]
    return {**arguments, many: np.concatenate([np.asarray(arguments[many]), added], axis=-1)}


def by_draws(
    plain: Function, record: Record, convention: Convention, evidence: Evidence
) -> Iterator[Explanation]:
    """Samples drawn more than once, where the convention has the function draw them."""
    for argument in record.arguments:
        if argument.into is None or not argument.axes:
            continue
        draws = partial(_draws, plain, record, convention, argument)
        times = {len(draws(probe.arguments)) for probe in (evidence.own, *evidence.probes)}
        if len(times) != 1 or not 1 < max(times) <= _DRAWN_AT_MOST:
            continue
        name, count = argument.name, max(times)
        for which in range(1, count):
            mistake = f"{name} are drawn {count} times, and these are results for the {_ORDINALS[which]} ones"
            yield Explanation(mistake, "", Called(partial(_drawn, draws, name, which)))
        mistake = f"{name} are drawn {count} times, and these are results for all of them together"
        yield Explanation(mistake, "", Called(partial(_drawn, draws, name, None)))


def _drawn(draws: _Draws, name: str, which: int | None, arguments: Arguments) -> Arguments | None:
    """The call with the samples of one draw, or of all."""
    found = draws(arguments)
    if which is None:
        return {**arguments, name: np.concatenate(found)} if found else None
    return {**arguments, name: found[which]} if which < len(found) else None


def _draws(
    plain: Function, record: Record, convention: Convention, argument: Argument, arguments: Arguments
) -> list[NDArray[np.intp]]:
    """The samples that the function draws, as often as it draws as many as are due; none where it draws another number.

    The first are those of the argument.
    """
    heard: list[int] = []

    def listened_to(*given: object, **keywords: object) -> object:
        return plain(*(_Heard(each, heard) if hasattr(each, _DRAW) else each for each in given), **keywords)

    with silence(), suppress(CallError):
        call(convention.adapt(listened_to, record), record, copied(arguments))
    due = np.asarray(arguments[argument.name])
    if not due.size or not heard or len(heard) % due.size or heard[: due.size] != due.ravel().tolist():
        return []
    return list(np.array(heard, dtype=np.intp).reshape(-1, *due.shape))


class _Heard:
    """What samples are drawn from, with every sample written down."""

    def __init__(self, dataset: Any, heard: list[int]) -> None:
        self._dataset, self._written = dataset, heard

    def __getattr__(self, name: str) -> object:
        return getattr(self._dataset, name)

    def sampleTokenIdx(self) -> int:
        """The next sample."""
        self._written.append(int(self._dataset.sampleTokenIdx()))
        return self._written[-1]
