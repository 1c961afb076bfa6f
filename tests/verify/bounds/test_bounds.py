"""The bounds hold for whatever correct code does, and are tight enough to catch what is wrong."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pytest
import softmax_variants as variants
from further_records import NEGATIVE_SAMPLING, RECORDS, draw
from hypothesis import given
from hypothesis import strategies as st
from index_by_index import run_float
from softmax_variants import LAX, STRICT, TEXTBOOK, Result

from w2v_verified import naive_softmax, naive_softmax_batch
from w2v_verified.verify.bounds.tiers import TIERS, error_bound
from w2v_verified.verify.judging.accuracy import Standard
from w2v_verified.verify.judging.compare import Comparison, compare, deviations
from w2v_verified.verify.record import Record, load

SEEDS = st.integers(0, 2**32 - 1)
SOFTMAX = load("naive_softmax")
BY_NAME = {record.name: record for record in RECORDS}
Implementation = Callable[..., Any]


def judge(
    record: Record, arguments: dict[str, Any], implementations: Iterable[Implementation], tier: str
) -> dict[str, Comparison]:
    found = results(record, arguments, implementations)
    return judge_by(Standard(record, arguments), record, arguments, found, tier)


def results(
    record: Record, arguments: dict[str, Any], implementations: Iterable[Implementation]
) -> dict[str, Any]:
    """What each implementation returns, by its name."""
    with np.errstate(all="ignore"):
        return {
            each.__name__: each(*(arguments[argument.name] for argument in record.arguments))
            for each in implementations
        }


def judge_by(
    standard: Standard, record: Record, arguments: dict[str, Any], returned: dict[str, Any], tier: str
) -> dict[str, Comparison]:
    bound, exact = standard.bound(tier), standard.exact
    return {
        name: deviations(record, arguments, result, exact, bound, tier) for name, result in returned.items()
    }


def judge_softmax(standard: Standard, arguments: dict[str, Any]) -> dict[str, dict[str, Comparison]]:
    """Each tier's implementations by its bound; what is of several tiers is computed once."""
    returned = results(SOFTMAX, arguments, LAX)
    return {
        tier: judge_by(
            standard, SOFTMAX, arguments, {each.__name__: returned[each.__name__] for each in of_tier}, tier
        )
        for tier, of_tier in zip(TIERS, (STRICT, TEXTBOOK, LAX), strict=True)
    }


def softmax_example(seed: int) -> dict[str, Any]:
    """Anything from denormal to overflowing logits, ties and duplicates, in both formats."""
    rng = np.random.default_rng(seed)
    dtype = (np.float32, np.float64)[rng.integers(2)]
    d, V = int(rng.choice([1, 2, 3, 8, 20])), int(rng.choice([1, 2, 3, 10, 50]))
    v_c = rng.normal(size=d) * rng.choice([1e-20, 1e-3, 1.0, 10.0, 100.0])
    U = rng.normal(size=(d, V)) * rng.choice([0.1, 1.0, 10.0])
    kind = rng.integers(6)
    if kind == 0:
        U = np.repeat(U[:, :1], V, axis=1)
    elif kind == 1:
        U = np.round(U)
    elif kind == 2:
        v_c = v_c * (1e12 if dtype is np.float64 else 1e4)
    elif kind == 3:
        U[:, rng.integers(V)] *= 5
    v_c, U = v_c.astype(dtype), U.astype(dtype)
    o = int(np.argmax(v_c @ U)) if rng.random() < 0.5 else int(rng.integers(V))
    return {"v_c": v_c, "o": o, "U": U}


def assert_within(found: dict[str, Comparison]) -> None:
    for name, comparison in found.items():
        assert comparison.ok, (name, comparison.worst)


@pytest.mark.slow
@given(SEEDS)
def test_softmax_in_every_right_way_is_within(seed: int) -> None:
    arguments = softmax_example(seed)
    for found in judge_softmax(Standard(SOFTMAX, arguments), arguments).values():
        assert_within(found)


@pytest.mark.slow
@pytest.mark.parametrize("start", range(0, 4000, 500))
def test_softmax_in_every_right_way_is_within_and_near_over_many_examples(start: int) -> None:
    worst = dict.fromkeys(TIERS, 0.0)
    for first in range(start, start + 500, 50):
        examples = [softmax_example(seed) for seed in range(first, first + 50)]
        standards = [Standard(SOFTMAX, arguments) for arguments in examples]
        Standard.prepare(SOFTMAX, standards)
        for arguments, standard in zip(examples, standards, strict=True):
            for tier, found in judge_softmax(standard, arguments).items():
                assert_within(found)
                worst[tier] = max(
                    worst[tier], *(each.worst.fraction for each in found.values() if each.worst)
                )
    assert all(fraction > 0.1 for fraction in worst.values())


@pytest.mark.slow
@given(st.sampled_from(sorted(BY_NAME)), SEEDS, st.sampled_from([np.float32, np.float64]))
def test_programs_of_any_record_in_naive_loops_are_within(
    name: str, seed: int, dtype: type[np.floating[Any]]
) -> None:
    record = BY_NAME[name]
    arguments = draw(record, np.random.default_rng(seed), dtype)
    for which, tier in (("stable", "strict"), ("textbook", "textbook"), ("textbook", "lax")):
        found = compare(record, arguments, run_float(record, which, arguments, dtype), tier)
        assert found.ok, found.worst


@given(SEEDS, st.sampled_from([np.float32, np.float64]), st.sampled_from([0.1, 1.0, 5.0]))
def test_negative_sampling_in_other_right_ways_is_within(
    seed: int, dtype: type[np.floating[Any]], scale: float
) -> None:
    arguments = draw(NEGATIVE_SAMPLING, np.random.default_rng(seed), dtype)
    arguments["v_c"] = np.asarray(arguments["v_c"]) * dtype(scale)
    ways = (variants.sampling_textbook, variants.sampling_through_logarithms)
    assert_within(judge(NEGATIVE_SAMPLING, arguments, ways, "textbook"))


@given(SEEDS, st.sampled_from([np.float32, np.float64]))
def test_the_batch_is_within(seed: int, dtype: type[np.floating[Any]]) -> None:
    record = load("naive_softmax_batch")
    arguments = draw(record, np.random.default_rng(seed), dtype)
    assert_within(judge(record, arguments, [naive_softmax_batch], "strict"))


@given(SEEDS)
def test_tiers_contain_each_other(seed: int) -> None:
    arguments = softmax_example(seed)
    strict, textbook, lax = (error_bound(SOFTMAX, arguments, np.float64, tier) for tier in TIERS)
    for name in strict:
        assert np.all(strict[name] <= textbook[name])
        assert np.all(textbook[name] <= lax[name])


def spoilt(change: Callable[[float, Any, Any], Result]) -> Implementation:
    def implementation(v_c: Any, o: int, U: Any) -> Result:
        loss, grad_v, grad_U = naive_softmax(v_c, o, U)
        return change(loss, grad_v, grad_U)

    return implementation


def in_float32(v_c: Any, o: int, U: Any) -> Result:
    loss, grad_v, grad_U = naive_softmax(v_c.astype(np.float32), o, U.astype(np.float32))
    return loss, grad_v.astype(np.float64), grad_U.astype(np.float64)


def without_y(v_c: Any, o: int, U: Any) -> Result:
    loss, grad_v, grad_U = naive_softmax(v_c, o, U)
    return loss, grad_v + U[:, o], grad_U


FAULTS = {
    "relative error of 1e-8 in grad_v_c": spoilt(lambda loss, v, U: (loss, v * (1 + 1e-8), U)),
    "relative error of 1e-8 in grad_U": spoilt(lambda loss, v, U: (loss, v, U * (1 + 1e-8))),
    "relative error of 1e-12 in grad_U": spoilt(lambda loss, v, U: (loss, v, U * (1 + 1e-12))),
    "loss off by 1e-11": spoilt(lambda loss, v, U: (loss + 1e-11, v, U)),
    "loss and gradient doubled": spoilt(lambda loss, v, U: (2 * loss, 2 * v, 2 * U)),
    "loss in bits": spoilt(lambda loss, v, U: (loss / np.log(2), v, U)),
    "sign": spoilt(lambda loss, v, U: (loss, -v, U)),
    "float32 inside": in_float32,
    "y missing": without_y,
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("shape", [(1, 2), (2, 3), (8, 50), (3, 1100)])
def test_faults_are_caught(fault: str, tier: str, shape: tuple[int, int]) -> None:
    rng = np.random.default_rng(5)
    arguments = {"v_c": rng.normal(size=shape[0]), "o": 1, "U": rng.normal(size=shape)}
    assert not judge(SOFTMAX, arguments, [FAULTS[fault]], tier)[FAULTS[fault].__name__].ok


@pytest.mark.parametrize("gap", [5.0, 20.0, 45.0, 600.0])
def test_subtracting_one_from_a_probability_is_caught_by_strict_alone(gap: float) -> None:
    arguments = {"v_c": np.array([1.0]), "o": 0, "U": np.array([[gap, 0.3, -0.4]])}
    found = [judge(SOFTMAX, arguments, [variants.textbook], tier)["textbook"] for tier in TIERS]
    assert [each.ok for each in found] == [False, True, True]
    assert_within(judge(SOFTMAX, arguments, [naive_softmax], "strict"))


def test_division_free_softmax_at_large_logits_is_admitted_by_lax_alone() -> None:
    rejected = 0
    for seed in range(50):
        U = 5000 + 5 * np.random.default_rng(seed).normal(size=(1, 2))
        arguments = {"v_c": np.array([1.7]), "o": 0, "U": U}
        assert_within(judge(SOFTMAX, arguments, [variants.division_free], "lax"))
        rejected += not judge(SOFTMAX, arguments, [variants.division_free], "textbook")["division_free"].ok
    assert rejected >= 10


def test_no_digits_are_promised_that_the_logits_do_not_have() -> None:
    bounds = []
    for size in (1.0, 1e14, 1e17):
        arguments = {"v_c": np.array([size]), "o": 0, "U": np.ones((1, 11))}
        bounds.append(error_bound(SOFTMAX, arguments, np.float64)["loss"])
    assert bounds[0] < 1e-13
    assert 0.01 < bounds[1] < 1
    assert bounds[2] == np.inf


def test_conversion_of_integers_is_allowed_for() -> None:
    arguments = {"v_c": np.array([2**60 + 1]), "o": 0, "U": np.array([[1, 1]])}
    assert error_bound(SOFTMAX, arguments, np.float64)["grad_U"][0, 1] >= 0.5


def test_unknown_tier_is_refused() -> None:
    arguments = {"v_c": np.ones(1), "o": 0, "U": np.ones((1, 1))}
    with pytest.raises(ValueError, match="tier: expected one of strict, textbook, lax, got 'loose'"):
        error_bound(SOFTMAX, arguments, np.float64, "loose")
