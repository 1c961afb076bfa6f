"""What laws are tried on is exact by construction, within its domains, and of the sizes that they say."""

from collections.abc import Sequence
from random import Random
from typing import Any

import numpy as np
import pytest
from stated import CASES, Case, array, call, index, law, with_laws

from w2v_verified.verify.cases.draws import Rolled
from w2v_verified.verify.evaluation.balls import fmpq
from w2v_verified.verify.laws.drawing import LawError, draw
from w2v_verified.verify.laws.example import Example, example_of
from w2v_verified.verify.laws.examples import FLOATS
from w2v_verified.verify.laws.numbers import as_numbers
from w2v_verified.verify.laws.reading import LawOfLoss, laws_of


def drawn(stated: dict[str, Any], loss: str = "naive_softmax", many: int = 40) -> Sequence[Example]:
    read = laws_of(with_laws(loss, stated))[0]
    return [draw(Rolled(Random(number)), read, FLOATS) for number in range(many)]


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_everything_that_is_known_before_a_call_is_exact_in_the_format(case: Case) -> None:
    read = laws_of(case.record)[0]
    for number in range(20):
        example = draw(Rolled(Random(number)), read, FLOATS)
        made = [name for name in read.made if name in example.known.numbers]
        for name in (*made, *(each.name for each in read.record.arguments if each.kind == "array")):
            for value in example.known.numbers[name].ravel():
                near = float(example.dtype.type(float(value)))
                assert value == fmpq(*near.as_integer_ratio()), name


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_an_example_is_the_same_from_what_was_given(case: Case) -> None:
    read = laws_of(case.record)[0]
    example = draw(Rolled(Random(1)), read)
    again = example_of(read, example.given)
    assert again.dtype == example.dtype
    assert again.known.sizes == example.known.sizes
    for name, held in example.known.numbers.items():
        assert list(map(str, again.known.numbers[name].flat)) == list(map(str, held.flat))
    for name, held in example.known.indices.items():
        assert np.array_equal(again.known.indices[name], held)


def test_orthogonal_matrices_are_so_and_some_turn_by_no_right_angle() -> None:
    stated = law("turned", "loss >= 0", letting=[array("Q", "d", "d", orthogonal=True)])
    turned = 0
    for example in drawn(stated):
        Q = example.known.numbers["Q"]
        assert np.array_equal(Q @ Q.T, as_numbers(np.eye(len(Q))))
        turned += any(value.q == 5 for value in Q.ravel())
    assert turned > 5


def test_one_to_one_indices_differ_and_there_is_room_for_them() -> None:
    stated = law(
        "places",
        "loss >= 0",
        letting=[index("p", "V", "M", one_to_one=True), index("k", "K")],
        axes=[{"name": "M", "meaning": "", "minimum": 1}],
    )
    for example in drawn(stated, "negative_sampling"):
        p, sizes = example.known.indices["p"], example.known.sizes
        assert len(set(p.tolist())) == sizes["M"] <= sizes["V"]
        assert 0 <= example.known.indices["k"] < sizes["K"]


def test_an_index_without_entries_needs_no_place_to_point_at() -> None:
    stated = law(
        "pairs",
        "loss >= 0",
        letting=[index("c", "B", "P")],
        axes=[{"name": "P", "meaning": "", "minimum": 0}],
    )
    examples = drawn(stated, "naive_softmax_batch")
    assert {example.known.sizes["P"] == 0 for example in examples} == {False, True}
    assert any(example.known.sizes["B"] == 0 for example in examples)


def test_quantities_lie_in_their_domains() -> None:
    stated = law(
        "domains",
        "loss >= 0",
        letting=[
            array("a", "d", domain="positive"),
            array("b", "d", domain="nonnegative"),
            array("c", "d", domain="between", between=[0, 2]),
            array("e", "d", domain="between", between=[0.25, None]),
            array("f", "d", between=[None, -1]),
            array("Q", "d", "d", orthogonal=True),
        ],
    )
    examples = drawn(stated)
    held = {n: np.concatenate([np.asarray(e.given[n]) for e in examples]) for n in "abcef"}
    assert (held["a"] > 0).all()
    assert (held["b"] >= 0).all()
    assert ((held["c"] > 0) & (held["c"] < 2)).all()
    assert (held["e"] > 0.25).all()
    assert (held["f"] < -1).all()
    assert all(len(np.unique(each)) > 5 for each in held.values())


def test_sizes_are_as_the_law_says() -> None:
    stated = law("few", "loss >= 0", sizes={"K": 0, "V": 1})
    for example in drawn(stated, "negative_sampling", 10):
        assert np.shape(np.asarray(example.given["negatives"])) == (0,)
        assert example.known.sizes["V"] == 1


def test_what_can_never_be_exact_is_a_defect_of_the_law() -> None:
    third = law("a third", "third_loss >= 0", calls=[call("third", "third_v_c[i in d] = (v_c[i] + 1/3) / 7")])
    with pytest.raises(LawError, match="law 'a third': third_v_c: no number of float"):
        drawn(third, many=1)


def test_positions_and_results_of_a_law_are_told_apart() -> None:
    step = next(case for case in CASES if case.law["name"] == "a step lowers the loss")
    read: LawOfLoss = laws_of(step.record)[0]
    assert {"stepped_v_c", "stepped_loss", "s"} <= read.from_results
    assert not {"L", "eta", "share"} & read.from_results
