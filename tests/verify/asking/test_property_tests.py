"""The class of tests: what is in it, what a failure says, and that it stands in files of users."""

import pickle
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import settings
from hypothesis.internal.reflection import function_digest
from mutants import no_shift, of_the_course, right, y_missing

from w2v_verified import naive_softmax
from w2v_verified.verify import load, properties, property_tests

TestRight = property_tests(right, "naive_softmax", max_examples=2, only="inputs_are_untouched")
TestNoShift = property_tests(
    no_shift,
    "naive_softmax",
    range="ordinary",
    max_examples=5,
    only=["results_are_finite_and_nothing_warns", "the_loss_is_within_its_bound"],
)
TestCourse = property_tests(
    of_the_course, "naive_softmax", "cs224n", max_examples=3, without=["results_survive_later_calls"]
)


def of_the_subclass(self: Any) -> None:
    assert self.test_inputs_are_untouched.__doc__ == "No byte of an input is written."


TestMore = type("TestMore", (TestRight,), {"test_of_the_subclass": of_the_subclass})


def names_in(made: type) -> list[str]:
    return [name.removeprefix("test_") for name in vars(made) if name.startswith("test_")]


def test_there_is_one_test_for_each_property_that_is_asked() -> None:
    rows = properties("naive_softmax")
    assert names_in(property_tests(right, "naive_softmax")) == [row.name for row in rows if row.universal]
    assert names_in(property_tests(right, "naive_softmax", contract="whole")) == [row.name for row in rows]


def test_properties_are_chosen_by_name() -> None:
    own = "the_loss_is_a_python_float"
    assert names_in(property_tests(right, "naive_softmax", only=[own, "layouts_agree"])) == [
        "layouts_agree",
        own,
    ]
    assert "layouts_agree" not in names_in(property_tests(right, "naive_softmax", without=("layouts_agree",)))


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"only": ["nope"]}, r"^only: expected names out of the_loss_is_within_its_bound, .*, got 'nope'$"),
        ({"without": "nope"}, r"^without: expected names out of .*, got 'nope'$"),
        ({"only": []}, r"^only: expected at least one property to be left, got none$"),
        ({"only": "layouts_agree", "without": "layouts_agree"}, r"^without: expected at least one property"),
        ({"contract": "half"}, r"^contract: expected universal or whole, got 'half'$"),
        ({"max_examples": 0}, r"^max_examples: expected 1 or more, got 0$"),
        ({"convention": "diagonals"}, r"^convention: expected one of"),
        ({"range": "some"}, r"^range: expected all or ordinary"),
        ({"arrays": "lists"}, r"^arrays: expected one of"),
    ],
)
def test_wrong_use_is_said(how: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        property_tests(right, "naive_softmax", **how)


def test_what_cannot_be_called_is_refused() -> None:
    nothing: Any = None
    with pytest.raises(TypeError, match="function: expected something that can be called"):
        property_tests(nothing, "naive_softmax")


def test_the_words_are_those_of_the_convention() -> None:
    assert "test_gradOutsideVecs_is_within_its_bound" in dir(TestCourse)
    assert "test_grad_U_is_within_its_bound" not in dir(TestCourse)


def test_the_class_is_found_by_its_name() -> None:
    assert pickle.loads(pickle.dumps(TestRight)) is TestRight
    assert type(pickle.loads(pickle.dumps(TestMore()))) is TestMore
    assert TestNoShift.__name__ == "TestNoShift"
    assert property_tests(lambda *given: None, "naive_softmax").__name__ == "TestNaiveSoftmax"
    assert property_tests(right, "naive_softmax", name="TestOther").__name__ == "TestOther"


def test_hypothesis_tells_the_tests_apart() -> None:
    made = property_tests(right, "naive_softmax", contract="whole")
    tests = [getattr(made, name) for name in dir(made) if name.startswith("test_")]
    assert len({function_digest(test.hypothesis.inner_test) for test in tests}) == len(tests)


def failure(made: type, name: str) -> tuple[str, str]:
    """What the test of a property raises, and its notes."""
    with pytest.raises(AssertionError) as caught:
        getattr(made(), f"test_{name}")()
    return str(caught.value), "\n".join(caught.value.__notes__)


def test_a_failure_is_shrunk_and_has_the_lines_to_run() -> None:
    message, notes = failure(property_tests(y_missing, "naive_softmax"), "grad_v_c_is_within_its_bound")
    assert message == "grad_v_c[0] is 1 and should be 0"
    assert "arguments={'v_c': array([0.]), 'o': 0, 'U': array([[1.]])}" in notes
    assert "from mutants import y_missing\nv_c = np.array([0.0])\no = 0\nU = np.array([[1.0]])" in notes


def test_the_other_results_are_not_to_blame() -> None:
    property_tests(y_missing, "naive_softmax", max_examples=20)().test_the_loss_is_within_its_bound()


@pytest.fixture
def forgetful() -> Iterator[None]:
    """What Hypothesis keeps of earlier runs is not tried again."""
    before = settings.get_current_profile_name()
    settings.register_profile("forgetful", settings(), database=None)
    settings.load_profile("forgetful")
    yield
    settings.load_profile(before)


@pytest.mark.usefixtures("forgetful")
def test_a_call_without_an_end_is_made_once() -> None:
    calls: list[Any] = []

    def endless_for_several_words(v_c: Any, o: Any, U: Any) -> Any:
        calls.extend([U] if U.shape[1] > 1 else [])
        while U.shape[1] > 1:
            pass
        return naive_softmax(v_c, o, U)

    made = property_tests(endless_for_several_words, "naive_softmax", time_limit=0.2)
    for name in ("grad_U_is_within_its_bound", "layouts_agree"):
        message, notes = failure(made, name)
        assert message.startswith("did not return within")
        lines = notes.partition("Run this to see it:\n")[2].partition("\nloss, ")[0]
        shown: dict[str, Any] = {}
        exec("\n".join(line for line in lines.splitlines() if "endless" not in line), shown)
        assert np.array_equal(shown["U"], calls[0])
    assert len(calls) == 1


def test_properties_are_data() -> None:
    rows = properties("negative_sampling_sparse")
    assert rows == properties(load("negative_sampling_sparse"))
    assert {row.kind for row in rows} == {"values", "differences", "clause", "law"}
    assert len({row.name for row in rows}) == len(rows)
    assert all(row.name.isidentifier() for row in rows)
    assert all(row.statement.endswith(".") for row in rows if row.kind != "law")
    assert "buffers_are_used" not in {row.name for row in rows}  # it takes none


def test_what_a_library_is_not_asked_is_not_there() -> None:
    plain, torch, jax = (
        {row.name for row in properties("naive_softmax", arrays=arrays)}
        for arrays in ("numpy", "torch", "jax")
    )
    assert jax < torch < plain
    assert "read_only_inputs_are_accepted" in plain - torch
