"""What the strategies draw, and that they shrink to what a person wants to see."""

from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as st

from w2v_verified.verify import LAYOUTS, Record, arguments_for, load, names
from w2v_verified.verify.cases.arguments import arrays
from w2v_verified.verify.cases.draws import arguments_by_seed
from w2v_verified.verify.cases.layouts import layout_of
from w2v_verified.verify.cases.strategies import indices_for
from w2v_verified.verify.record import axis_sizes

SINGLE, BATCH = load("naive_softmax"), load("naive_softmax_batch")
POSITIVE = Record.from_json(
    {
        "name": "weighted",
        "summary": "A weighted sum with a scalar.",
        "axes": [{"name": "n", "meaning": "terms", "minimum": 1}],
        "arguments": [
            {
                "name": "t",
                "kind": "array",
                "axes": [],
                "domain": "positive",
                "gradient": True,
                "meaning": "scale",
            },
            {
                "name": "x",
                "kind": "array",
                "axes": ["n"],
                "domain": "positive",
                "gradient": True,
                "meaning": "x",
            },
        ],
        "results": [
            {"name": "loss", "of": None},
            {"name": "grad_t", "of": "t"},
            {"name": "grad_x", "of": "x"},
        ],
        "definition": ["loss = sum(i in n, t * log(x[i]))"],
        "textbook": [
            "loss = t * sum(i in n, log(x[i]))",
            "grad_t = sum(i in n, log(x[i]))",
            "grad_x[i in n] = t / x[i]",
        ],
        "stable": [
            "loss = t * sum(i in n, log(x[i]))",
            "grad_t = sum(i in n, log(x[i]))",
            "grad_x[i in n] = t / x[i]",
        ],
    }
)


def _smallest(record: Record, wanted: Any) -> dict[str, Any]:
    quiet = settings(database=None, max_examples=4000, suppress_health_check=list(HealthCheck))
    return find(arguments_for(record), wanted, settings=quiet, random=Random(0))


TOGETHER = 8
"""Calls an example: Hypothesis takes longer to begin an example than to draw a call."""


@pytest.mark.parametrize("loss", names())
@settings(max_examples=-(-settings().max_examples // TOGETHER))
@given(data=st.data())
def test_arguments_fit_their_record(loss: str, data: st.DataObject) -> None:
    record = load(loss)
    for arguments in data.draw(st.lists(arguments_for(record), min_size=TOGETHER, max_size=TOGETHER)):
        shape = axis_sizes(record, arguments)
        assert list(arguments) == [argument.name for argument in record.arguments]
        for argument in record.arguments:
            value = np.asarray(arguments[argument.name])
            assert value.shape == tuple(shape[axis] for axis in argument.axes)
            if argument.into is not None:
                assert value.dtype.kind == "i"
                assert np.all((value >= 0) & (value < shape[argument.into]))
            else:
                assert np.isfinite(value).all()


@given(arguments_for(POSITIVE))
def test_positive_domain_and_scalars(arguments: dict[str, Any]) -> None:
    assert np.shape(arguments["t"]) == ()
    assert all(np.all(array > 0) for array in arrays(POSITIVE, arguments).values())


@pytest.mark.slow
def test_shrinks_to_the_smallest_shapes() -> None:
    smallest = _smallest(SINGLE, lambda arguments: True)
    assert smallest["v_c"].tolist() == [0.0]
    assert smallest["U"].tolist() == [[0.0]]
    assert smallest["o"] == 0
    assert layout_of(smallest["U"]) == "C"
    assert smallest["U"].dtype == np.float64


@pytest.mark.slow
def test_shrinks_past_the_long_axes() -> None:
    """The rare long axis must not be the simplest draw, nor a place that shrinking cannot leave."""
    assert _smallest(SINGLE, lambda arguments: bool(np.any(arguments["U"] != 0)))["U"].size <= 2
    two = _smallest(
        SINGLE, lambda arguments: arguments["U"].shape[1] > 1 and bool(np.any(arguments["U"] > 1))
    )
    assert two["U"].shape in ((1, 2), (2, 2))


def test_minimum_sizes_are_drawn() -> None:
    assert _smallest(BATCH, lambda arguments: arguments["o"].size == 0)["V_c"].shape == (1, 0)


@pytest.fixture(scope="module")
def drawn() -> list[dict[str, Any]]:
    return list(arguments_by_seed(BATCH, 0, 500))


def _content(arguments: dict[str, Any]) -> list[tuple[Any, ...]]:
    arrays_of = [np.asarray(value) for value in arguments.values()]
    return [(array.dtype.str, array.strides, array.shape, array.tobytes()) for array in arrays_of]


def test_seeded_examples_are_replayed_and_differ(drawn: list[dict[str, Any]]) -> None:
    again = arguments_by_seed(BATCH, 0, 500)
    assert all(_content(one) == _content(other) for one, other in zip(drawn, again, strict=True))
    assert len({str(_content(one)) for one in drawn}) > 480
    other_seed = next(arguments_by_seed(BATCH, 1, 1))
    assert _content(other_seed) != _content(drawn[0])


@pytest.mark.parametrize(
    "wanted",
    [
        lambda a: a["U"].shape[1] > 100,
        lambda a: a["U"].dtype == np.float32 and a["V_c"].dtype == np.float64,
        lambda a: a["U"].dtype.kind == "i",
        lambda a: np.abs(a["V_c"]).max(initial=0) > 1e13,
        lambda a: 1900 < np.abs(a["V_c"]).max(initial=0) < 2200,
        lambda a: 0 < np.abs(a["V_c"]).max(initial=0) < 1e-30,
        lambda a: len(a["o"]) > len(set(a["o"].tolist())),
        lambda a: a["U"].shape[1] > 1 and a["o"].size > 0 and a["o"].max() == a["U"].shape[1] - 1,
        lambda a: a["U"].shape[1] > 2 and a["U"].any() and np.array_equal(a["U"][:, 0], a["U"][:, 1]),
        lambda a: not a["U"].flags.writeable,
        lambda a: layout_of(a["U"]) == "reversed",
    ],
    ids=[
        "long",
        "mixed",
        "integers",
        "huge",
        "gap",
        "denormal",
        "repeats",
        "last",
        "ties",
        "read-only",
        "back",
    ],
)
def test_what_matters_is_drawn(drawn: list[dict[str, Any]], wanted: Any) -> None:
    assert any(wanted(arguments) for arguments in drawn)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layouts_hold_the_same_values(layout: str) -> None:
    values = np.arange(12.0).reshape(3, 4)
    laid = LAYOUTS[layout](values)
    assert np.array_equal(laid, values)
    assert not np.shares_memory(laid, values)
    assert layout_of(laid) == layout
    assert LAYOUTS[layout](np.array(2.5)).shape == ()


@given(indices_for((2, 3), 4))
def test_index_arrays_of_any_rank(drawn: Any) -> None:
    assert drawn.shape == (2, 3)
    assert drawn.min() >= 0
    assert drawn.max() < 4
