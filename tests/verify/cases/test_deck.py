"""The fixed deck covers what random search misses, for every record, and never changes."""

from typing import Any

import numpy as np
import pytest
from further_records import powers_of_a_sum

from w2v_verified.verify import Record, deck, load, names
from w2v_verified.verify.cases.arguments import arrays, index_arguments
from w2v_verified.verify.cases.draws import arguments_by_seed
from w2v_verified.verify.cases.layouts import layout_of
from w2v_verified.verify.judging.calling import call
from w2v_verified.verify.record import Argument, NamedAxis, Result, axis_sizes
from w2v_verified.verify.suite import own_function


def _bytes(value: object) -> tuple[Any, ...]:
    array = np.asarray(value)
    return array.dtype.str, array.shape, array.strides, array.tobytes()


@pytest.mark.parametrize("loss", names())
def test_deterministic_and_named(loss: str) -> None:
    record = load(loss)
    one, other = deck(record), deck(record)
    assert len({case.name for case in one}) == len(one)
    for first, second in zip(one, other, strict=True):
        assert first.name == second.name
        assert {k: _bytes(v) for k, v in first.arguments.items()} == {
            k: _bytes(v) for k, v in second.arguments.items()
        }


@pytest.mark.parametrize("loss", names())
def test_covers_the_corner_cases(loss: str) -> None:
    record = load(loss)
    cases = [case.arguments for case in deck(record)]
    shapes = [axis_sizes(record, arguments) for arguments in cases]
    held = [arrays(record, arguments) for arguments in cases]
    for axis in record.axes:
        assert any(shape[axis.name] == axis.minimum for shape in shapes)
        assert any(shape[axis.name] == 1 for shape in shapes)
        assert any(shape[axis.name] > 60 for shape in shapes)
    assert any(len(set(shape.values())) == len(shape) for shape in shapes)  # |V| != d
    assert any(len(set(shape.values())) == 1 and max(shape.values()) > 1 for shape in shapes)
    dtypes = {tuple(str(array.dtype) for array in arguments.values()) for arguments in held}
    assert {len(set(each)) for each in dtypes} >= {1, 2} or len(held[0]) == 1
    assert {dtype for each in dtypes for dtype in each} >= {"float64", "float32", "int64"}
    layouts = {layout_of(array) for arguments in held for array in arguments.values()}
    assert layouts >= {"C", "Fortran", "strided", "reversed", "read-only", "transposed"}
    for name in held[0]:
        largest = [float(np.abs(arguments[name]).max(initial=0.0)) for arguments in held]
        for low, high in ((700, 800), (1900, 2100), (1e14, 1e16), (1e-311, 1e-309)):
            assert any(low < value < high for value in largest), (name, low)
        assert any(value == 0 for value in largest)


@pytest.mark.parametrize("loss", [name for name in names() if index_arguments(load(name))])
def test_indices_at_both_ends_repeated_and_distinct(loss: str) -> None:
    record = load(loss)
    indices = [argument for argument in record.arguments if argument.into is not None]
    chosen = []
    for case in deck(record):
        shape = axis_sizes(record, case.arguments)
        values = [int(i) for a in indices for i in np.asarray(case.arguments[a.name]).flat]
        limit = max((shape[str(a.into)] for a in indices), default=0)
        chosen.append((values, limit))
    wide = [(values, limit) for values, limit in chosen if limit > 2 and values]
    assert any(set(values) == {0} for values, _ in wide)
    assert any(set(values) == {limit - 1} for values, limit in wide)
    assert any(len(set(values)) == len(values) for values, _ in wide)
    if any(argument.axes for argument in indices):
        assert any(len(set(values)) < len(values) for values, _ in wide)


def test_certain_and_improbable_words_are_what_they_are_called() -> None:
    record = load("naive_softmax")
    function = own_function("naive_softmax")
    losses = {c.name: float(call(function, record, c.arguments)["loss"]) for c in deck(record)}
    assert 0 < losses["o certain"] < 1e-18
    assert losses["o improbable"] > 45
    assert losses["o ruled out"] > 999
    assert losses["all equal and 1e15"] == pytest.approx(np.log(11), rel=1e-15)


def test_each_index_alone_points_at_extreme_words_and_all_of_them_many_times() -> None:
    record = load("negative_sampling")
    function = own_function("negative_sampling")
    cases = {c.name: c.arguments for c in deck(record)}
    losses = {name: float(call(function, record, given)["loss"]) for name, given in cases.items()}
    assert losses["o alone improbable"] == pytest.approx(46 + 4 * np.log(2), rel=1e-12)
    assert losses["negatives alone certain"] == pytest.approx(np.log(2) + 4 * 46, rel=1e-12)
    repeated = np.asarray(cases["o and negatives improbable"]["negatives"])
    assert repeated.size > 20
    assert not repeated.any()


@pytest.mark.parametrize(("power", "longest"), [(1, 1100), (2, 257), (3, 50)])
def test_an_axis_that_is_summed_over_many_times_is_not_as_long(power: int, longest: int) -> None:
    """Every cell of V x V, or V x V x V, costs an operation on balls."""
    record = powers_of_a_sum(power)
    assert max(axis_sizes(record, case.arguments)["V"] for case in deck(record)) == max(longest, 64)
    assert any(axis_sizes(record, case.arguments)["V"] == longest for case in deck(record))


def test_an_axis_that_an_array_has_several_times_is_as_short_as_its_entries_allow() -> None:
    program = ("loss = sum(i in d, sum(j in V, Q[i, j, i]))",)
    axes, arguments = (
        (NamedAxis("d", "", 1), NamedAxis("V", "", 1)),
        (Argument("Q", "array", ("d", "V", "d"), ""),),
    )
    record = Record(
        "cube", "", axes, arguments, (Result("loss", None),), program, program, program, program, False
    )
    drawn = [case.arguments for case in deck(record)] + list(arguments_by_seed(record, 0, 300))
    assert max(np.asarray(each["Q"]).size for each in drawn) <= 150_000
