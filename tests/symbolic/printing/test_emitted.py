"""Generated code against a slow interpreter that evaluates the same expressions index by index."""

from collections.abc import Mapping
from typing import Any

import mpmath as mp
import numpy as np
import pytest
from followed import LOSSES, derived
from hypothesis import given, settings
from hypothesis import strategies as st

import w2v_verified
from w2v_verified.symbolic.proof.interpret import Setting
from w2v_verified.symbolic.proof.program import Program
from w2v_verified.verify import arguments_for, compare
from w2v_verified.verify.bounds.tiers import error_bound
from w2v_verified.verify.judging.calling import call
from w2v_verified.verify.judging.dense import dense
from w2v_verified.verify.record import axis_sizes
from w2v_verified.verify.record import load as load_record

QUICK = ("naive_softmax", "negative_sampling", "skip_gram_naive_softmax")
_MANY = settings().max_examples
SOME = settings(max_examples=_MANY if _MANY > 1000 else max(10, _MANY // 5))
"""Some 40 of each loss in `ci`, all in `thorough`: the interpreter computes in many digits."""
NAMES = [pytest.param(n, marks=() if n in QUICK else pytest.mark.slow) for n in LOSSES]


def entries(value: object) -> Any:
    array = np.asarray(value)
    if array.ndim == 0:
        return mp.mpf(array.item())
    return {at: mp.mpf(array[at].item()) for at in np.ndindex(array.shape)}


def interpreted(name: str, arguments: Mapping[str, object], *programs: str) -> list[dict[str, Any]]:
    """The values of all names in each of the programs."""
    extents, values = axis_sizes(load_record(name), arguments), {n: entries(a) for n, a in arguments.items()}
    found = []
    for which in programs:
        setting = Setting(extents, dict(values))
        setting.run(program(name, which).statements)
        found.append(setting.values)
    return found


def program(name: str, which: str) -> Program:
    derivation = derived(name)
    if which == "one_pass":
        assert derivation.one_pass is not None
        return derivation.one_pass.split.program
    found: Program = getattr(derivation, which)
    return found


@pytest.mark.parametrize("name", NAMES)
@SOME
@given(data=st.data())
def test_generated_code_computes_what_the_interpreter_does(name: str, data: st.DataObject) -> None:
    record = load_record(name)
    arguments = data.draw(arguments_for(record, largest=5))
    returned = dense(record, arguments, call(getattr(w2v_verified, name), record, arguments))
    bound = error_bound(record, arguments, returned[record.results[1].name].dtype, "strict")
    with mp.workdps(400):  # a difference of numbers near 1 has to be right down to the smallest denormal
        (values,) = interpreted(name, arguments, "derived")
        for result in record.results:
            exact = values[result.name]
            for at in np.ndindex(returned[result.name].shape):
                value = exact[at] if at else exact
                got = returned[result.name][at]
                assert abs(mp.mpf(float(got)) - value) <= mp.mpf(float(bound[result.name][at]))


@pytest.mark.parametrize(
    "name", [pytest.param(n, marks=() if n == "negative_sampling" else pytest.mark.slow) for n in LOSSES]
)
@SOME
@given(data=st.data())
def test_every_program_has_the_same_values(name: str, data: st.DataObject) -> None:
    record = load_record(name)
    arguments = data.draw(arguments_for(record, largest=3))
    with mp.workdps(60):
        tiny = mp.mpf(10) ** -40
        further = () if derived(name).one_pass is None else ("one_pass",)
        others = ("textbook", "stable", "moderate", *further)
        derivation, *programs = interpreted(name, arguments, "derived", *others)
        for which, values in zip(others, programs, strict=True):
            for result in record.results:
                left, right = derivation[result.name], values[result.name]
                pairs = [(left[at], right[at]) for at in left] if isinstance(left, dict) else [(left, right)]
                near = all(abs(a - b) <= tiny * (1 + abs(a)) for a, b in pairs)
                assert near, (which, result.name)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("negative_sampling", {"U": np.array([[-9.8, 0.3]]), "o": 0, "negatives": np.zeros(200, int)}),
        (
            "skip_gram_negative_sampling",
            {"outside": np.zeros(200, int), "U": np.array([[9.8, 0.3]]), "negatives": np.ones((200, 5), int)},
        ),
        ("skip_gram_naive_softmax", {"outside": np.repeat([0, 1], [200, 1]), "U": np.array([[9.8, 0.3]])}),
    ],
)
def test_many_small_shares_do_not_round_at_the_size_of_a_large_one(
    name: str, arguments: dict[str, Any]
) -> None:
    """Each scattered sum is added up by itself before it meets another term."""
    record = load_record(name)
    given_ = {a.name: {"v_c": np.array([1.0]), **arguments}[a.name] for a in record.arguments}
    assert compare(record, given_, tuple(getattr(w2v_verified, name)(**given_))).ok
