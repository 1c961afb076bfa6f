"""Each law is broken by the fault that it is about, by no right function, and never where all values are right."""

from collections.abc import Sequence
from functools import cache
from random import Random
from typing import Any

import numpy as np
import pytest
from mutants import backwards, division_free, loops, name_of, online, pair_by_pair, right, with_einsum
from stated import CASES, Case

from w2v_verified.verify.arrays import NUMPY
from w2v_verified.verify.bounds.tiers import TIERS
from w2v_verified.verify.cases.draws import Rolled
from w2v_verified.verify.judging.accuracy import standard_of
from w2v_verified.verify.judging.conventions import CONVENTIONS
from w2v_verified.verify.laws.asked import Asked
from w2v_verified.verify.laws.drawing import draw
from w2v_verified.verify.laws.example import Example
from w2v_verified.verify.laws.examples import FLOATS, examples_of
from w2v_verified.verify.laws.reading import LawOfLoss, laws_of
from w2v_verified.verify.laws.trying import Tried, tried

COLUMNS = CONVENTIONS["columns"]
_MANY, _FEW = 20, 6


@cache
def law_and_examples(case: Case) -> tuple[LawOfLoss, Sequence[Example]]:
    law = laws_of(case.record)[0]
    return law, [draw(Rolled(Random(number)), law, FLOATS) for number in range(_MANY)]


def seen(case: Case, function: Any, *, strict: bool = False, count: int = _MANY) -> list[Tried]:
    law, examples = law_and_examples(case)
    return tried(law, Asked(function, case.record, COLUMNS, lambda each: False, strict), examples[:count])


each_case = pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])


@each_case
def test_its_fault_breaks_it(case: Case) -> None:
    broken = [each.finding for each in seen(case, case.fault(case.right)) if each.finding is not None]
    assert broken
    for finding in broken:
        assert finding.kind == "law"
        assert finding.broken is not None
        assert finding.broken.law == case.law["name"]
        assert finding.message.startswith(f"{case.law['name']}: ")


@each_case
def test_check_sees_the_fault_on_its_few_examples(case: Case) -> None:
    law = laws_of(case.record)[0]
    examples = examples_of(law, COLUMNS, NUMPY, 6)
    asked = Asked(case.fault(case.right), case.record, COLUMNS, lambda each: False)
    assert any(each.finding is not None for each in tried(law, asked, examples))


@each_case
def test_our_own_function_keeps_it_strictly(case: Case) -> None:
    found = seen(case, case.right, strict=True)
    assert [each.finding for each in found if each.finding is not None] == []
    assert all(each.told for each in found)


OTHERS: tuple[tuple[Any, str], ...] = (
    *(
        (function, "naive_softmax")
        for function in (right, loops, division_free, online, backwards, with_einsum)
    ),
    (pair_by_pair, "naive_softmax_batch"),
)


@pytest.mark.parametrize(("function", "loss"), OTHERS, ids=[name_of(each[0]) for each in OTHERS])
def test_right_implementations_break_none(function: Any, loss: str) -> None:
    for case in CASES:
        if case.loss == loss:
            found = seen(case, function, count=_FEW)
            assert [each.finding for each in found if each.finding is not None] == [], case.name
            assert any(each.told for each in found), case.name


def everything(right_: Any, size: float) -> Any:
    """Every number that comes back is off by a share."""

    def inside(*given: Any) -> Any:
        loss, *gradients = right_(*given)
        off = [g if g.dtype.kind == "i" else g * g.dtype.type(1 + size) for g in gradients]
        return (loss * (1 + size), *off)

    return inside


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("size", [2.0**-50, 2.0**-20])
def test_a_law_breaks_only_where_a_value_is_beyond_its_bound(size: float, strict: bool) -> None:
    tier = TIERS[0] if strict else TIERS[-1]
    broken = 0
    for case in CASES:
        for wrong in (everything(case.right, size), case.fault(case.right)):
            for each in seen(case, wrong, strict=strict, count=_FEW):
                if each.finding is None:
                    continue
                broken += 1
                worst = [
                    standard_of(case.record, made.arguments).worst(made.returned, tier)
                    for made in each.calls.values()
                ]
                assert any(one is not None and one.fraction > 1 for one in worst), case.name
    assert broken >= len(CASES)


@pytest.mark.parametrize("case", CASES[:4], ids=[case.name for case in CASES[:4]])
def test_what_fails_is_a_finding_and_breaks_no_law(case: Case) -> None:
    def fails(*given: Any) -> Any:
        raise ValueError("no")

    def nothing(*given: Any) -> Any:
        loss, g, G = case.right(*given)
        return loss, g * np.nan, G

    assert {each.finding.kind for each in seen(case, fails, count=3) if each.finding} == {"exception"}
    found = [each.finding for each in seen(case, nothing, count=3)]
    assert {each.kind for each in found if each} == {"value"}
    assert all(each.deviation is not None and each.broken is None for each in found if each)
