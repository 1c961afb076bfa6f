"""Long inputs that repeat a few places are judged as if every place were looked at."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from mutants import right

from w2v_verified.runtime.products import FEW, MANY
from w2v_verified.verify import load, names
from w2v_verified.verify.judging.accuracy import Standard
from w2v_verified.verify.judging.calling import call
from w2v_verified.verify.judging.folded import folded_case, switch_cases
from w2v_verified.verify.judging.judge import judge
from w2v_verified.verify.record import Record, Switch
from w2v_verified.verify.suite import judge_own, own_function

pytestmark = pytest.mark.long_inputs


@pytest.mark.parametrize("loss", names())
def test_folding_changes_neither_bounds_nor_exact_values(loss: str) -> None:
    record = load(loss)
    axes = [axis.name for axis in record.axes]
    for sizes in (*({axis: 80} for axis in axes), dict.fromkeys(axes, 9)):
        case = folded_case(record, sizes, different=3, seed=1)
        fields = call(own_function(loss), record, case.arguments)
        whole = Standard(record, case.arguments)
        for tier in ("strict", "lax"):
            mine, due = case.standard.worst(fields, tier), whole.worst(fields, tier)
            assert mine is not None
            assert due is not None
            assert (mine.result, mine.position, mine.exact) == (due.result, due.position, due.exact)
            np.testing.assert_allclose([mine.bound, mine.error], [due.bound, due.error], rtol=1e-9)


def test_places_are_many_and_one_wrong_one_is_found() -> None:
    record = load("naive_softmax")
    case = folded_case(record, {"V": 100_000}, dtype="float32", layout="Fortran")
    U = np.asarray(case.arguments["U"])
    assert U.shape == (2, 100_000)
    assert U.flags.f_contiguous
    assert len(np.unique(U[0])) < 100
    returned = call(own_function("naive_softmax"), record, case.arguments)
    assert case.standard.accuracy(returned).tier == "strict"
    returned["grad_U"][1, 77_777] *= 1.1
    assert "grad_U[1, 77777]" in case.standard.accuracy(returned).message


def _with_switch(*, in_bytes: bool = False) -> Record:
    return replace(load("naive_softmax"), switches=(Switch(("d", "V"), 4000, in_bytes),))


def test_both_sides_of_a_switch_are_reached() -> None:
    sizes = {np.size(np.asarray(case.arguments["U"])) for case in switch_cases(_with_switch())}
    assert sizes == {3998, 4000, 4002}
    itemsizes = {
        (np.asarray(case.arguments["U"]).nbytes) for case in switch_cases(_with_switch(in_bytes=True))
    }
    assert min(itemsizes) < 4000 <= max(itemsizes)


def test_a_large_table_is_judged_on_both_sides_of_its_switch_and_in_each_format_above() -> None:
    record = load("naive_softmax")
    assert [switch.size for switch in record.switches] == [FEW, MANY]
    tables = [np.asarray(case.arguments["U"]) for case in switch_cases(record)]
    below = [U for U in tables if 2 * FEW < U.size < MANY]
    above = {(U.dtype.name, U.flags.c_contiguous) for U in tables if U.size >= MANY}
    assert len(below) == 1
    assert above == {(dtype, c) for dtype in ("float64", "float32") for c in (True, False)}


@pytest.mark.parametrize("wrong", ["below", "above"])
def test_mistake_on_one_side_of_a_switch_is_found(wrong: str) -> None:
    def function(v_c: Any, o: Any, U: Any) -> Any:
        loss, grad_v_c, grad_U = right(v_c, o, U)
        if (3900 < U.size < 4000) if wrong == "below" else (4000 <= U.size < 4100):
            grad_v_c = grad_v_c * 1.01
        return loss, grad_v_c, grad_U

    record = _with_switch()
    found = [
        case.name
        for case in switch_cases(record)
        if judge(function, record, case.arguments, standard=case.standard).finding is not None
    ]
    assert len(found) == (4 if wrong == "below" else 8)


@pytest.mark.slow
def test_own_function_wrong_beyond_sixteen_bits_is_found() -> None:
    def function(*arguments: Any, **keywords: Any) -> Any:
        result: Any = own_function("skip_gram_naive_softmax")(*arguments, **keywords)
        if result.grad_U.shape[1] > 2**16:
            result.grad_U[:, 2**16 :] = 0
        return result

    row = judge_own("skip_gram_naive_softmax", 0, 0, function=function)
    assert any("V = 70001, m = 2, float64, C layout]" in problem for problem in row.problems)
