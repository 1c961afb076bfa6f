"""What decides between the short road and the safe one, and what keeps warnings off."""

import threading
import warnings
from typing import Any

import numpy as np
import pytest

from w2v_verified.runtime.elementwise import moderate
from w2v_verified.runtime.quiet import QUIET


@pytest.mark.parametrize(("kind", "most"), [(np.float64, 300.0), (np.float32, 32.0)])
@pytest.mark.parametrize("shape", [(), (1,), (5,), (2, 3), (400,), (20, 30), (3, 600)])
def test_the_largest_value_decides_wherever_it_stands(
    kind: type, most: float, shape: tuple[int, ...]
) -> None:
    for place in {0, int(np.prod(shape)) - 1}:
        for value, expected in ((most, True), (-most, True), (most * 1.01, False), (-most * 1.01, False)):
            x: Any = np.full(shape, most / 2, kind)
            x.flat[place] = value
            assert moderate(x[()] if shape == () else x) is expected
        for value in (np.nan, np.inf, -np.inf):
            x.flat[place] = value
            assert not moderate(np.zeros(1), x[()] if shape == () else x)


@pytest.mark.parametrize("kind", [np.float16, np.longdouble, ">f8"])
def test_no_other_dtype_is_moderate(kind: str) -> None:
    assert not moderate(np.zeros(3, kind))


def test_nothing_is_moderate() -> None:
    assert moderate(np.zeros(0), np.zeros((0, 3), np.float32))


@pytest.mark.parametrize("kind", [np.float64, np.float32])
def test_within_the_limit_exponentials_and_their_quotients_are_normal_numbers(kind: Any) -> None:
    most = {np.float64: 300.0, np.float32: 32.0}[kind]
    info = np.finfo(kind)
    largest, smallest = np.exp(kind(most)), np.exp(kind(-most))
    assert moderate(np.array([most, -most], kind))
    assert largest / smallest < info.max / 1e9
    assert smallest / largest > info.tiny * 1e9


def test_quiet_overrides_what_the_caller_set_and_leaves_it_set() -> None:
    def loud(x: float) -> float:
        return float(np.float64(1) / np.float64(0) * np.exp(np.float64(x)))

    with np.errstate(all="raise"), warnings.catch_warnings():
        warnings.simplefilter("error")
        assert QUIET.copy().run(loud, 1000.0) == np.inf
        assert np.geterr()["divide"] == "raise"


def test_quiet_can_be_entered_from_inside_and_from_other_threads() -> None:
    def nested(depth: int) -> int:
        return QUIET.copy().run(nested, depth - 1) + 1 if depth else 0

    results: list[int] = []
    threads = [threading.Thread(target=lambda: results.append(nested(50))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [50] * 4


def test_the_small_buffer_stays_inside() -> None:
    before = np.getbufsize()
    assert QUIET.copy().run(np.getbufsize) < before
    assert np.getbufsize() == before
