"""Clauses about memory between calls: inputs are left alone, and nothing is remembered."""

import random
import warnings

import numpy as np

from w2v_verified.verify.cases.arguments import Arguments, altered, arrays, copied, snapshot
from w2v_verified.verify.cases.case import make_case, targets
from w2v_verified.verify.cases.layouts import LAYOUTS
from w2v_verified.verify.cases.unusual import REFUSED, is_unusual
from w2v_verified.verify.contract.clause import same_bits
from w2v_verified.verify.judging.accuracy import off, right, standard_of, standards_of
from w2v_verified.verify.judging.calling import DeclinedError, Function, attempt, call, silence
from w2v_verified.verify.judging.finding import Finding
from w2v_verified.verify.judging.surroundings import Watched
from w2v_verified.verify.record import Record, axis_sizes

__all__ = [
    "inputs_untouched",
    "layouts_agree",
    "no_stale_state",
    "read_only_accepted",
    "same_input_same_bits",
    "surroundings_untouched",
]

_MANY, _SEVERAL = 120, 13  # places to point at, and that point


def inputs_untouched(function: Function, record: Record, arguments: Arguments) -> Finding | None:
    """No byte of an input is written."""
    given = copied(arguments)
    before = snapshot(given)
    with silence():
        call(function, record, given)
    after = snapshot(given)
    for name, held in before.items():
        if after[name] != held:
            return Finding("inputs_untouched", f"{name} is written to", arguments, about=name)
    return None


def surroundings_untouched(function: Function, record: Record, arguments: Arguments) -> Finding | None:
    """The global generators of random numbers, the error state and the filters of warnings stay as they were."""
    given = copied(arguments)
    held = random.getstate(), np.random.get_state()
    watched = Watched(function)
    with warnings.catch_warnings(record=True), np.errstate(all="warn"):
        warnings.simplefilter("always")
        random.seed(_SEED)
        np.random.seed(_SEED)
        try:
            call(watched, record, given)
        finally:
            random.setstate(held[0])
            np.random.set_state(held[1])
    changed = watched.changed
    return None if changed is None else Finding("surroundings_untouched", f"{changed} changed", arguments)


_SEED = 826_366_246
"""A seed that nobody else is likely to set: set again, it would leave the state as it is."""


def read_only_accepted(function: Function, record: Record, arguments: Arguments) -> Finding | None:
    """Read-only inputs are as good as any."""
    if isinstance(attempt(function, record, copied(arguments)), Finding):
        return None
    given = {k: LAYOUTS["read-only"](v) if isinstance(v, np.ndarray) else v for k, v in arguments.items()}
    returned = attempt(function, record, given)
    if isinstance(returned, Finding):
        return Finding("read_only_accepted", f"on read-only arrays it {returned.message}", given)
    return None


def same_input_same_bits(function: Function, record: Record, arguments: Arguments) -> Finding | None:
    """The same input gives the same bits, call after call."""
    with silence():
        calls = [call(function, record, arguments) for _ in range(3)]
    for later in calls[1:]:
        name = same_bits(calls[0], later)
        if name is not None:
            return Finding(
                "same_input_same_bits", f"{name} differs between two calls on one input", arguments
            )
    return None


def no_stale_state(function: Function, record: Record, arguments: Arguments) -> Finding | None:
    """An array updated in place between two calls is seen with its new values."""
    if not right(function, record, arguments):
        return None
    floating = {name: array for name, array in arrays(record, arguments).items() if array.dtype.kind == "f"}
    scaled = altered(record, arguments, lambda array: array * 0.5 + 0.25)
    updates = {name: [scaled[name], _turned_round(scaled[name])] for name in floating}
    standards_of(
        record, [{**arguments, name: updated} for name, every in updates.items() for updated in every]
    )
    for name, array in floating.items():
        given = copied(arguments)
        held = np.array(array)
        given[name] = held
        with silence():
            call(function, record, given)
        for updated in updates[name]:
            held[...] = updated
            with silence():
                wrong = off(record, given, call(function, record, given))
            if wrong is not None:
                message = f"after {name} was updated in place and the function called again, {wrong}"
                return Finding("no_stale_state", message, arguments)
    return _stale_indices(function, record, arguments)


def _stale_indices(function: Function, record: Record, arguments: Arguments) -> Finding | None:
    """The same with indices, in arrays of any size: what was computed for others is not returned again."""
    indices = {a.name: str(a.into) for a in record.arguments if a.into is not None}
    repeated = {axis for a in record.arguments if a.kind == "index" for axis in a.axes[-1:]}
    sizes = dict.fromkeys(targets(record), _MANY) | dict.fromkeys(repeated, _SEVERAL)
    large = make_case(record, "", sizes).arguments
    for case in (arguments, large):
        sizes = axis_sizes(record, case)
        for name, axis in indices.items():
            moved = (np.asarray(case[name]) + 1) % sizes[axis]
            others = {**case, name: moved if moved.ndim else int(moved)}
            try:
                with silence():
                    call(function, record, copied(case))
                    wrong = off(record, others, call(function, record, copied(others)))
            except DeclinedError:
                continue
            if wrong is not None and right(function, record, copied(case)):
                message = f"called again with another {name}, {wrong}"
                return Finding("no_stale_state", message, others)
    return None


def _turned_round(array: np.ndarray) -> np.ndarray:
    """The same entries in another order: their sum tells nothing."""
    return array.ravel()[::-1].reshape(array.shape)


def layouts_agree(function: Function, record: Record, arguments: Arguments) -> Finding | None:
    """Every layout of the same values gives results within the same bound."""
    standard = standard_of(record, arguments)  # of the values, whatever their layout
    if not right(function, record, arguments):
        return None
    for layout, lay in LAYOUTS.items():
        given = {k: lay(v) if isinstance(v, np.ndarray) else v for k, v in arguments.items()}
        try:
            returned = attempt(function, record, given)
        except DeclinedError:  # a layout that a library of arrays has not
            continue
        if isinstance(returned, Finding):
            refused = returned.kind == "exception" and is_unusual(record, given)
            message = f"with {layout} arrays it {returned.message}"
            return Finding("layouts_agree", message, given, apart=REFUSED if refused else None)
        wrong = standard.complaint(returned)
        if wrong is not None:
            return Finding("layouts_agree", f"with {layout} arrays, {wrong}", given, deviation=wrong)
    return None
