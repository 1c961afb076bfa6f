"""Functions of JAX's arrays: 64 bits for the calls alone, few sizes, flushed numbers said once."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from further_records import SQUARES

from w2v_verified.verify import CONVENTIONS, Report, check, gradient_test, load, property_tests
from w2v_verified.verify.arrays import few, library, library_named
from w2v_verified.verify.arrays.with_jax import Jax
from w2v_verified.verify.judging.calling import CallError, call
from w2v_verified.verify.judging.conventions import convention_named
from w2v_verified.verify.judging.finding import Finding
from w2v_verified.verify.judging.judge import judge
from w2v_verified.verify.report.origin import Origin
from w2v_verified.verify.report.snippet import snippet

jax: Any = pytest.importorskip("jax")

ARGUMENTS = {
    "v_c": np.array([1.0, 2.0]),
    "o": np.int64(1),
    "U": np.array([[0.5, 1.0, -1.0], [0.0, 2.0, 1.0]]),
}


@pytest.fixture(autouse=True)
def _one_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each takes JAX a tenth of a second."""
    for module in (few, library):
        monkeypatch.setattr(module, "few_sizes", lambda record: ({"d": 3},))


@pytest.fixture(autouse=True)
def _in_32_bits() -> Iterator[None]:
    yield
    assert jax.numpy.ones(1).dtype == np.float32, "64 bits were switched on for others"


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """As ``jax.jit`` makes it."""
    made: Callable[..., Any] = jax.jit(function)
    return made


@compiled
def squares(x: Any) -> Any:
    return (x * x).sum()


@compiled
def stopped(x: Any) -> Any:
    return (x * jax.lax.stop_gradient(x)).sum()


@compiled
def wrong_gradient(x: Any) -> Any:
    return (x * x).sum(), x


@compiled
def softmax_loss(v_c: Any, o: Any, U: Any) -> Any:
    z = v_c @ U
    return jax.nn.logsumexp(z) - z[o]


def judged(function: Callable[..., Any], gradients: str = "automatic", **how: Any) -> Report:
    return check(function, SQUARES, examples=10, arrays="jax", gradients=gradients, **how)


def taken(function: Callable[..., Any], convention: str = "columns", gradients: str = "automatic") -> Any:
    """The results of one call."""
    base, in_jax = load("naive_softmax"), library_named("jax", gradients)
    called = convention_named(convention, base)
    record = called.reworded(base)
    adapted = called.adapt(in_jax.adapt(function, record), record)
    return call(adapted, record, called.given(base, ARGUMENTS))


def test_a_right_one_is_accepted_and_flushed_numbers_are_a_remark() -> None:
    report = judged(squares, strict=True)
    assert report.ok, str(report)
    assert report.grade == "componentwise accurate"
    assert [remark.kind for remark in report.remarks] == ["flushed"]
    assert str(report).count("subnormal") == 1
    assert ", 1 sizes" in report.asked


def test_a_wrong_gradient_is_found_and_named_and_its_counterexample_runs() -> None:
    report = judged(wrong_gradient, "returned")
    assert report.findings[0].kind == "value"
    assert (
        report.findings[0].diagnosis
        == "grad_x: half of what it should be; right is grad_x[i in d] = 2 * x[i]"
    )
    assert report.counterexample is not None
    scope: dict[str, Any] = {report.function: wrong_gradient}
    exec(report.counterexample, scope)
    assert scope["grad_x"].dtype == np.float64


def test_a_counterexample_differentiates() -> None:
    record, x = SQUARES, np.array([3.0])
    found = Finding("warning", "gives a warning", {"x": x})
    origin, library = Origin("f"), library_named("jax", "automatic")
    text = snippet(record, CONVENTIONS["columns"], origin, found, library=library)
    scope: dict[str, Any] = {"f": squares}
    exec(text, scope)
    assert scope["grad_x"].tolist() == [6.0]


def test_few_sizes_are_called() -> None:
    shapes: set[Any] = set()

    def noting(x: Any) -> Any:
        shapes.add((x.shape, str(x.dtype)))
        return squares(x)

    assert judged(noting).ok
    assert {dtype for _, dtype in shapes} == {"float64", "float32"}
    assert len(shapes) == 2


@pytest.mark.parametrize("convention", ["columns", "rows"])
def test_conventions_go_together_with_it(convention: str) -> None:
    turned = (lambda v_c, o, U: softmax_loss(v_c, o, U.T)) if convention == "rows" else softmax_loss
    results = taken(turned, convention)
    v_c, U = np.array([1.0, 2.0]), np.array([[0.5, 1.0, -1.0], [0.0, 2.0, 1.0]])
    z = v_c @ U
    delta = np.exp(z) / np.exp(z).sum() - [0, 1, 0]
    np.testing.assert_allclose(results["loss"], np.log(np.exp(z).sum()) - z[1], rtol=1e-14)
    due = np.outer(v_c, delta)
    np.testing.assert_allclose(results["grad_U"], due.T if convention == "rows" else due, rtol=1e-13)
    assert results["grad_U"].dtype == np.float64


@pytest.mark.parametrize(
    ("function", "gradients", "words"),
    [
        (lambda v_c, o, U: (softmax_loss(v_c, o, U), v_c), "automatic", "returned 2 values where loss alone"),
        (lambda v_c, o, U: v_c, "automatic", "loss: expected one real number, got a jax array of shape (2,)"),
        (lambda v_c, o, U: (v_c, v_c, U), "returned", "loss: expected one real number, got a jax array"),
        (
            lambda v_c, o, U: (0.0, np.array(v_c), U),
            "returned",
            "grad_v_c: expected a jax array, got a NumPy",
        ),
        (
            lambda v_c, o, U: (0.0, v_c, U.astype("bfloat16")),
            "returned",
            "grad_U: expected an array of float64",
        ),
    ],
)
def test_what_is_of_another_form_is_refused(function: Callable[..., Any], gradients: str, words: str) -> None:
    with pytest.raises(CallError) as refused:
        taken(function, gradients=gradients)
    assert words in str(refused.value)


def test_a_number_without_history_is_constant() -> None:
    results = taken(lambda v_c, o, U: 2.5)
    assert results["loss"] == 2.5
    assert not results["grad_U"].any()


def test_indices_are_int64_and_one_is_an_int() -> None:
    framework = Jax()
    with framework.surroundings():
        indices: Any = framework.given(np.array([1, 2], np.int32))
    assert indices.dtype == np.int64
    assert type(framework.given(np.int64(3))) is int


def test_a_test_for_pytest_draws_from_few_sizes() -> None:
    test = gradient_test(squares, SQUARES, strict=True, arrays="jax", gradients="automatic", max_examples=5)
    test()


def test_a_property_is_drawn_from_few_sizes() -> None:
    how: dict[str, Any] = {"arrays": "jax", "gradients": "automatic", "max_examples": 5}
    property_tests(squares, SQUARES, **how)().test_grad_x_is_within_its_bound()
    with pytest.raises(AssertionError, match="by difference quotients of the loss, grad_x"):
        property_tests(stopped, SQUARES, **how)().test_gradients_agree_with_differences_of_the_loss()


def test_a_wrong_automatic_gradient_is_found() -> None:
    adapted = library_named("jax", "automatic").adapt(stopped, SQUARES)
    finding = judge(adapted, SQUARES, {"x": np.array([1.0, 2.0, 3.0])}, flushes=True).finding
    assert finding is not None
    assert finding.message.startswith("grad_x[2] is 3 and should be 6")
