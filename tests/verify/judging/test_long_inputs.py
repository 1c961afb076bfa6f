"""Functions that are wrong at some sizes of their axes, whatever these are, are found, and on few places."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from further_records import APART, RECORDS
from hypothesis import given
from hypothesis import strategies as st
from mutants import Implementation, of_the_course, right

from w2v_verified.verify import check, load, names
from w2v_verified.verify.cases.lengths import lengths_of
from w2v_verified.verify.judging.accuracy import Standard
from w2v_verified.verify.judging.judge import judge
from w2v_verified.verify.judging.long_inputs import long_cases
from w2v_verified.verify.record import Record, axis_sizes
from w2v_verified.verify.suite import own_function

pytestmark = pytest.mark.long_inputs


@dataclass(frozen=True)
class Sizes:
    """Where a function is wrong: from which size of an axis on, and up to which."""

    low: Mapping[str, int]
    high: Mapping[str, int]

    def hit(self, sizes: Mapping[str, int]) -> bool:
        return all(self.low[axis] <= sizes[axis] <= self.high.get(axis, 10**9) for axis in self.low)


def wrong_at(loss: str, where: Sizes) -> Implementation:
    """Our own function, its last gradient one part in a million off at some sizes."""
    record, function = load(loss), own_function(loss)

    def faulty(*arguments: Any) -> Any:
        results: Any = function(*arguments)
        *first, last = results
        sizes = axis_sizes(record, dict(zip((a.name for a in record.arguments), arguments, strict=True)))
        return (*first, last * (1 + 1e-6) if where.hit(sizes) else last)

    return faulty


@st.composite
def regions(draw: st.DrawFn) -> tuple[str, Sizes]:
    """One axis or two from some size on that is not small; or one between two sizes, the larger twice the smaller."""
    loss = draw(
        st.sampled_from(
            ("naive_softmax", "negative_sampling", "naive_softmax_batch", "skip_gram_naive_softmax")
        )
    )
    axes = [axis.name for axis in load(loss).axes]
    chosen = draw(st.lists(st.sampled_from(axes), min_size=1, max_size=2, unique=True))
    low = {axis: draw(st.integers(7, 2000 if len(chosen) == 1 else 100)) for axis in chosen}
    high = (
        {axis: 2 * size + 1 for axis, size in low.items()} if len(chosen) == 1 and draw(st.booleans()) else {}
    )
    return loss, Sizes(low, high)


@given(regions())
def test_what_is_wrong_from_some_sizes_on_is_found(region: tuple[str, Sizes]) -> None:
    loss, where = region
    record, function = load(loss), wrong_at(*region)
    assert any(
        judge(function, record, case.arguments, case.name, case.standard).finding is not None
        for case in long_cases(record, 0)
        if where.hit(case.sizes)
    )


def _softmax(where: Callable[[int, int], bool], spoil: Callable[[Any, Any, Any], Any]) -> Implementation:
    def faulty(v_c: Any, o: Any, U: Any) -> Any:
        return spoil(v_c, o, U) if where(*U.shape) else right(v_c, o, U)

    return faulty


def _single(v_c: Any, o: Any, U: Any) -> Any:
    loss, grad_v_c, grad_U = right(v_c.astype(np.float32), o, U.astype(np.float32))
    return loss.astype(v_c.dtype), grad_v_c.astype(v_c.dtype), grad_U.astype(U.dtype)


def _without_the_last_block(v_c: Any, o: Any, U: Any) -> Any:
    loss, grad_v_c, grad_U = right(v_c, o, U)
    grad_U[:, U.shape[1] // 2048 * 2048 :] = 0
    return loss, grad_v_c, grad_U


def _sixteen_bits(v_c: Any, o: Any, U: Any) -> Any:
    return right(v_c, int(np.int64(o).astype(np.int16)), U)


def _off(v_c: Any, o: Any, U: Any) -> Any:
    loss, grad_v_c, grad_U = right(v_c, o, U)
    return loss, grad_v_c * 1.001, grad_U


ROWS: dict[str, tuple[Implementation, tuple[int, int]]] = {
    "both at least 7": (_softmax(lambda d, V: min(d, V) >= 7, _off), (7, 7)),
    "65 <= d <= 256": (_softmax(lambda d, V: 65 <= d <= 256, _off), (65, 1)),
    "300 <= V <= 1000": (_softmax(lambda d, V: 300 <= V <= 1000, _off), (1, 300)),
    "V = 101": (_softmax(lambda d, V: V == 101, _off), (1, 101)),
    "no last block": (_softmax(lambda d, V: V > 2048, _without_the_last_block), (1, 2049)),
    "float32 inside": (_softmax(lambda d, V: V > 1500, _single), (1, 1501)),
    "int16": (_sixteen_bits, (1, 32769)),
}


@pytest.mark.parametrize("row", ROWS)
def test_the_size_from_which_on_it_is_wrong_is_found(row: str) -> None:
    function, least = ROWS[row]
    report = check(function, "naive_softmax", examples=20)
    assert report.grade == "wrong"
    found = axis_sizes(load("naive_softmax"), report.findings[0].arguments)
    assert found["d"] == least[0]
    assert least[1] <= found["V"] <= least[1] + 10


def test_the_same_seed_gives_the_same_report() -> None:
    for function in (right, ROWS["V = 101"][0]):
        once, again = (
            check(function, "naive_softmax", examples=20).to_dict() | {"seconds": 0} for _ in range(2)
        )
        assert once == again


def test_negatives_beyond_300_that_are_not_used_are_seen() -> None:
    def faulty(v_c: Any, o: Any, U: Any, negatives: Any) -> Any:
        return own_function("negative_sampling")(v_c, o, U, negatives[:300])

    report = check(faulty, "negative_sampling", examples=20)
    assert report.grade == "wrong"
    assert np.size(np.asarray(report.findings[0].arguments["negatives"])) == 301


@pytest.mark.parametrize("loss", names())
def test_own_functions_are_right_on_every_size(loss: str) -> None:
    record = load(loss)
    for case in long_cases(record, 1):
        judged = judge(own_function(loss), record, case.arguments, case.name, case.standard)
        assert judged.finding is None, judged.finding
        assert judged.accuracy is not None
        assert judged.accuracy.tier == "strict"


def test_every_axis_has_every_round_size_where_there_is_room() -> None:
    sizes = lengths_of(load("naive_softmax")).tour()
    for axis in ("d", "V"):
        assert {each[axis] for each in sizes} >= {
            7,
            8,
            9,
            31,
            32,
            33,
            99,
            100,
            101,
            1023,
            1024,
            1025,
            4095,
            4096,
            4097,
        }
    assert max(each["d"] * each["V"] for each in sizes) > 2**16
    assert max(each["V"] for each in sizes) > 2**16


@pytest.mark.parametrize("record", [*RECORDS, *APART], ids=lambda record: record.name)
def test_places_that_brackets_tell_apart_are_not_folded(record: Record) -> None:
    """Exact values of what is folded agree with those of the same input taken as it is."""
    for case in long_cases(record, 0)[:12]:
        whole = Standard(record, case.arguments)
        if whole.representable:
            for name, (high, _) in whole.exact.split.items():
                short = case.standard.exact.split[name][0]
                # Single precision: of large scores exact values are known to as many digits as a bound needs.
                few, all_ = (set(each.ravel().astype("f4").tolist()) for each in (short, high))
                assert few == all_, (case.name, name)


TOGETHER = [
    ("naive_softmax", {"d": 100, "V": 1000}),
    ("naive_softmax", {"d": 300, "V": 300}),
    ("naive_softmax", {"d": 513, "V": 513}),
    ("naive_softmax", {"d": 40, "V": 5000}),
    ("negative_sampling", {"d": 10, "V": 100, "K": 10}),
    ("negative_sampling", {"d": 100, "V": 1000, "K": 5}),
    ("naive_softmax_batch", {"d": 32, "V": 32, "B": 32}),
    ("naive_softmax_batch", {"V": 300, "B": 300}),
    ("naive_softmax_batch", {"d": 10, "V": 100, "B": 32}),
    ("negative_sampling_batch", {"d": 16, "V": 16, "B": 16, "K": 16}),
]


@pytest.mark.parametrize(("loss", "low"), TOGETHER)
def test_axes_that_are_long_together_are_seen(loss: str, low: dict[str, int]) -> None:
    where, record = Sizes(low, {}), load(loss)
    function = wrong_at(loss, where)
    assert any(
        judge(function, record, case.arguments, case.name, case.standard).finding is not None
        for case in long_cases(record, 0)
        if where.hit(case.sizes)
    )


def test_ties_among_many_places_are_seen() -> None:
    def faulty(v_c: Any, o: Any, U: Any) -> Any:
        loss, grad_v_c, grad_U = right(v_c, o, U)
        tied = np.count_nonzero((U == U[:, [o]]).all(axis=0)) > 1
        return loss, grad_v_c, -grad_U if tied and U.shape[1] > 40 else grad_U

    assert check(faulty, "naive_softmax", examples=0).grade == "wrong"


def test_slow_functions_are_left_alone_and_the_report_says_where() -> None:
    def slow(v_c: Any, o: Any, U: Any) -> Any:
        for _ in range(U.shape[1] ** 2):
            pass
        return right(v_c, o, U)

    report = check(slow, "naive_softmax", examples=10)
    assert report.ok
    assert 10 < report.long < len(long_cases(load("naive_softmax"), 0))
    assert max(report.largest.values()) < 70_001
    words = " ".join(str(report).split())
    assert (
        f"{report.long} long inputs (up to d = {report.largest['d']}, V = {report.largest['V']}, and together"
        in words
    )


def test_a_convention_that_declines_is_not_called_on_long_inputs_either() -> None:
    report = check(of_the_course, "naive_softmax", "cs224n", examples=10)
    cases = long_cases(load("naive_softmax"), 0)
    assert (
        report.long == sum(np.asarray(case.arguments["U"]).dtype == np.float64 for case in cases) < len(cases)
    )
