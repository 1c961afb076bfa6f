"""Clauses about what comes back: dtypes, finiteness, fresh memory, buffers of the caller's."""

from collections.abc import Iterator

import numpy as np

from w2v_verified.verify.cases.arguments import Arguments, altered, arrays, cast, copied
from w2v_verified.verify.cases.case import make_case
from w2v_verified.verify.cases.layouts import LAYOUTS
from w2v_verified.verify.contract.clause import Judgement, results_of, same_bits
from w2v_verified.verify.judging.accuracy import standard_of
from w2v_verified.verify.judging.calling import Function, attempt, call, silence
from w2v_verified.verify.judging.compare import working_dtype
from w2v_verified.verify.judging.finding import Finding, Shared
from w2v_verified.verify.record import Record

__all__ = [
    "LONG",
    "finite_and_silent",
    "fresh_at",
    "fresh_results",
    "loss_is_a_float",
    "loss_is_left_out",
    "out_is_used",
    "result_dtypes",
    "results_survive",
    "survive_at",
    "writable_results",
]

_KEPT = 18
_NOT_SHORT = 80  # places of every axis
"""So many results are kept: more than a ring of buffers is likely to have."""
LONG = 300
"""A length from which on buffers may be thought worth keeping."""


def result_dtypes(function: Function, record: Record, arguments: Arguments) -> Finding | None:
    """Every gradient has the dtype NumPy gives the floating inputs; integers count as float64."""
    kinds = ("float64", "float32", "int64", "int16")
    indices = {each.touched.columns for each in record.results if each.touched is not None}
    for first in kinds:
        for others in kinds:
            cased = _with_dtypes(record, arguments, first, others)
            returned = attempt(function, record, cased)
            if isinstance(returned, Finding):
                return returned
            expected = working_dtype(record, cased)
            for name, value in results_of(returned).items():
                if value.dtype != expected and name not in indices:
                    given = ", ".join(f"{k} {v.dtype}" for k, v in arrays(record, cased).items())
                    message = f"{name}: expected dtype {expected} for {given}, got {value.dtype}"
                    return Finding("result_dtypes", message, cased)
    return None


def _with_dtypes(record: Record, arguments: Arguments, first: str, others: str) -> dict[str, object]:
    cased = dict(arguments)
    for position, argument in enumerate(a for a in record.arguments if a.kind == "array"):
        dtype = np.dtype(first if position == 0 else others)
        cased[argument.name] = cast(np.asarray(arguments[argument.name]), dtype, argument)
    return cased


def loss_is_a_float(function: Function, record: Record, arguments: Arguments) -> Finding | None:
    """The loss is a Python float, whatever the dtype of the input."""
    for dtype in ("float64", "float32"):
        cased = _with_dtypes(record, arguments, dtype, dtype)
        returned = attempt(function, record, cased)
        if isinstance(returned, Finding):
            return returned
        name = next(result.name for result in record.results if result.of is None)
        if type(returned[name]) is not float:
            message = (
                f"{name}: expected a Python float, got {type(returned[name]).__name__} for {dtype} input"
            )
            return Finding("loss_is_a_float", message, cased)
    return None


def finite_and_silent(function: Function, record: Record, arguments: Arguments) -> Finding | None:
    """Finite input gives finite results without a floating-point warning."""
    returned = attempt(function, record, arguments)
    if isinstance(returned, Finding):
        return returned
    for name, value in returned.items():
        if not np.isfinite(value).all():
            return Finding("finite_and_silent", f"{name} is not finite on finite input", arguments)
    return None


def writable_results(function: Function, record: Record, arguments: Arguments) -> Finding | None:
    """Gradients can be written to."""
    with silence():
        returned = results_of(call(function, record, copied(arguments)))
    for name, value in returned.items():
        if not value.flags.writeable:
            return Finding("writable_results", f"{name} is not writable", arguments)
    return None


def fresh_results(function: Function, record: Record, arguments: Arguments) -> Finding | None:
    """Gradients share no memory with inputs, with each other or with a later call's, whatever the sizes."""
    return _first(fresh_at, function, record, arguments)


def fresh_at(function: Function, record: Record, arguments: Arguments) -> Finding | None:
    """``fresh_results`` on one input."""
    given = copied(arguments)
    with silence():
        returned, later = (results_of(call(function, record, given)) for _ in range(2))
    for name, value in returned.items():
        others = [(f"the argument {k}", v, Shared(name, k)) for k, v in given.items()]
        others += [(f"the result {k}", v, Shared(name, k)) for k, v in returned.items() if k != name]
        others += [(f"{k} of a later call", v, Shared(name, k, later=True)) for k, v in later.items()]
        for label, other, shared in others:
            if isinstance(other, np.ndarray) and np.shares_memory(value, other):
                message = f"{name} shares memory with {label}"
                return Finding("fresh_results", message, arguments, shared=shared)
        repeated = any(s == 0 and n > 1 for s, n in zip(value.strides, value.shape, strict=True))
        if value.size and repeated and value.flags.writeable:
            return Finding("fresh_results", f"entries of {name} share memory with each other", arguments)
    return None


def results_survive(function: Function, record: Record, arguments: Arguments) -> Finding | None:
    """What calls returned stays as it is when the function is called again and again with other values."""
    return _first(survive_at, function, record, arguments)


def survive_at(function: Function, record: Record, arguments: Arguments) -> Finding | None:
    """``results_survive`` on one input."""
    kept, before = [], []
    with silence():
        for number in range(_KEPT):
            kept.append(call(function, record, _changed(record, arguments, number)))
            before.append({name: np.array(value) for name, value in kept[-1].items()})
    changed = next((name for b, k in zip(before, kept, strict=True) if (name := same_bits(b, k))), None)
    if changed is None:
        return None
    message = f"{changed} of an earlier call changed when it was called again"
    return Finding("results_survive", message, arguments)


def _first(judge: Judgement, function: Function, record: Record, arguments: Arguments) -> Finding | None:
    """The first thing found on the input and on others of every size."""
    found = (judge(function, record, case) for case in (arguments, *_of_every_size(record)))
    return next(filter(None, found), None)


def _changed(record: Record, arguments: Arguments, number: int) -> Arguments:
    """Other values for each call, by its number."""
    return {
        **copied(arguments),
        **altered(record, arguments, lambda array: array * (1 + number / 4) + number / 8),
    }


def _of_every_size(record: Record) -> Iterator[Arguments]:
    """Ordinary inputs in which every axis is short or not short, or one is short or long."""
    for size in (1, 2, _NOT_SHORT):
        sizes = {axis.name: max(size, axis.minimum) for axis in record.axes}
        yield make_case(record, "", sizes).arguments
    for axis in record.axes:
        for size in (max(1, axis.minimum), LONG):
            yield make_case(record, "", {axis.name: size}).arguments


def out_is_used(function: Function, record: Record, arguments: Arguments) -> Finding | None:
    """Buffers given as ``out=`` are filled with the gradients and returned, whatever their layout was."""
    dtype = working_dtype(record, arguments)
    gradients = [result for result in record.results if result.of is not None]
    standard = standard_of(record, arguments)
    for layout in ("C", "Fortran", "strided"):
        shapes = [np.shape(np.asarray(arguments[str(result.of)])) for result in gradients]
        out = tuple(LAYOUTS[layout](np.full(shape, np.nan, dtype)) for shape in shapes)
        returned = attempt(function, record, arguments, out=out)
        if isinstance(returned, Finding):
            return returned
        for result, buffer in zip(gradients, out, strict=True):
            if returned[result.name] is not buffer:
                return Finding(
                    "out_is_used", f"out: {result.name} is not the buffer that was given", arguments
                )
        wrong = standard.complaint(returned)
        if wrong is not None:
            return Finding("out_is_used", f"with out= in {layout} layout, {wrong}", arguments)
    return None


def loss_is_left_out(function: Function, record: Record, arguments: Arguments) -> Finding | None:
    """``with_loss=False`` gives NaN for the loss, and the same gradients to the last bit."""
    with_it = attempt(function, record, arguments)
    if isinstance(with_it, Finding):
        return with_it
    dtype = working_dtype(record, arguments)
    shapes = [np.shape(np.asarray(arguments[str(r.of)])) for r in record.results if r.of is not None]
    # What is not written is seen: fresh memory may hold what an earlier call left there.
    marked = {"out": tuple(np.full(shape, np.nan, dtype) for shape in shapes)} if record.out else {}
    for keywords in ({}, marked):
        without = attempt(function, record, arguments, with_loss=False, **keywords)
        if isinstance(without, Finding):
            return without
        if not np.isnan(np.asarray(without["loss"])):
            return Finding("loss_is_left_out", "with_loss=False: the loss is not NaN", arguments)
        wrong = same_bits({**with_it, "loss": without["loss"]}, without)
        if wrong is not None:
            return Finding("loss_is_left_out", f"with_loss=False: {wrong} has other bits", arguments)
    return None
