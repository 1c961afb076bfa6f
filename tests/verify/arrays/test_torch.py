"""Functions of PyTorch's tensors: right ones are accepted, planted mistakes found, in every convention."""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest

from w2v_verified.verify import LAYOUTS, Finding, Report, check, deck, gradient_test, load
from w2v_verified.verify.arrays import library_named
from w2v_verified.verify.arrays.with_torch import Torch
from w2v_verified.verify.judging.judge import judge

torch: Any = pytest.importorskip("torch")

losses: Any = pytest.importorskip("torch_losses")


@cache
def judged(function: Callable[..., Any], loss: str = "naive_softmax", **how: Any) -> Report:
    return check(function, loss, examples=10, arrays="torch", **how)


def automatically(function: Callable[..., Any], loss: str = "naive_softmax", **how: Any) -> Report:
    return judged(function, loss, gradients="automatic", **how)


@pytest.mark.parametrize(
    ("function", "loss", "convention"),
    [
        (losses.cross_entropy, "naive_softmax", "columns"),
        (losses.by_rows, "naive_softmax", "rows"),
        (losses.course_negatives, "negative_sampling", "cs224n"),
        (losses.sampled, "negative_sampling_sparse", "columns"),
    ],
)
def test_a_right_loss_alone_is_accepted(function: Callable[..., Any], loss: str, convention: str) -> None:
    report = automatically(function, loss, convention=convention)
    assert report.ok, str(report)
    assert not report.remarks
    assert (report.arrays, report.gradients) == ("torch", "automatic")
    assert "arrays of torch, float64 or float32, automatic gradients" in report.asked


@pytest.mark.parametrize("function", [losses.by_hand, losses.by_autograd, losses.sparse])
def test_right_gradients_are_accepted(function: Callable[..., Any]) -> None:
    report = judged(function)
    assert report.ok, str(report)
    assert not report.remarks


@pytest.mark.parametrize(
    ("function", "how", "kind", "words"),
    [
        (losses.detached, "automatic", "value", " and should be "),
        (losses.by_hand, "automatic", "return", "returned 3 values where loss alone is due"),
        (lambda v_c, o, U: v_c, "automatic", "return", "loss: expected one real number, got a torch tensor"),
        (losses.without_the_one_hot, "returned", "value", "is -0.027392"),
        (losses.cross_entropy, "returned", "return", "returned Tensor where (loss, grad_v_c, grad_U) is due"),
        (losses.narrow, "returned", "value", "grad_U["),
        (losses.writing, "returned", "inputs_untouched", "U is written to"),
        (lambda v_c, o, U: (0.0, v_c.numpy(), U), "returned", "return", "torch tensor, got a NumPy array"),
        (lambda v_c, o, U: (0.0, v_c.tolist(), U), "returned", "return", "torch tensor, got list"),
        (lambda v_c, o, U: (0.0, v_c.to("meta"), U), "returned", "return", "on the cpu, got one on meta"),
        (lambda v_c, o, U: (0.0, v_c.bfloat16(), U), "returned", "return", "float32, got torch.bfloat16"),
    ],
)
def test_a_mistake_is_found(function: Callable[..., Any], how: str, kind: str, words: str) -> None:
    found = seen(function, how, "ordinary numbers")
    assert found is not None
    assert found.kind == kind
    assert words in found.message


def seen(function: Callable[..., Any], how: str, case: str) -> Finding | None:
    """What is found on one case of the deck."""
    record = load("naive_softmax")
    (arguments,) = (each.arguments for each in deck(record) if each.name == case)
    return judge(library_named("torch", how).adapt(function, record), record, arguments).finding


@pytest.mark.parametrize(
    ("function", "kind", "words"),
    [
        (losses.one_buffer, "results_survive", "grad_U of an earlier call changed"),
        (losses.remembering, "no_stale_state", "after U was updated in place"),
    ],
)
def test_what_is_kept_between_calls_is_found(function: Callable[..., Any], kind: str, words: str) -> None:
    report = check(function, "naive_softmax", examples=0, arrays="torch")
    assert [finding.kind for finding in report.findings] == [kind]
    assert words in report.findings[0].message


def test_a_mistake_is_named_and_its_counterexample_runs() -> None:
    report = judged(losses.without_the_one_hot)
    assert "the term - (w == o) is missing" in str(report.findings[0].diagnosis)
    assert torch.is_tensor(pasted(report, losses.without_the_one_hot)["grad_U"])


def test_a_counterexample_differentiates() -> None:
    scope = pasted(automatically(by_rows_detached, convention="rows"), by_rows_detached)
    assert scope["grad_U"].shape == scope["U"].shape
    assert not scope["grad_U"].any()


def by_rows_detached(v_c: Any, o: int, U: Any) -> Any:
    return losses.detached(v_c, o, U.T)


def pasted(report: Report, function: Callable[..., Any]) -> dict[str, Any]:
    """What there is after the counterexample was run."""
    scope: dict[str, Any] = {report.function: function}
    assert report.counterexample is not None
    exec(report.counterexample, scope)
    return scope


@pytest.mark.parametrize("layout", ["C", "Fortran", "strided", "transposed"])
def test_a_tensor_shares_memory_and_layout(layout: str) -> None:
    array = LAYOUTS[layout](np.arange(6.0).reshape(2, 3))
    tensor: Any = Torch().given(array)
    assert [8 * step for step in tensor.stride()] == list(array.strides)
    tensor[0, 0] = 7
    assert array[0, 0] == 7


@pytest.mark.parametrize("layout", ["reversed", "read-only"])
def test_what_a_tensor_cannot_be_is_copied(layout: str) -> None:
    array = LAYOUTS[layout](np.arange(6.0).reshape(2, 3))
    tensor: Any = Torch().given(array)
    tensor[0, 0] = 7
    assert array[0, 0] == 0


def test_indices_are_int64_and_one_is_an_int() -> None:
    framework = Torch()
    indices: Any = framework.given(np.array([1, 2], np.int32))
    assert indices.dtype == torch.int64
    assert type(framework.given(np.int64(3))) is int
    assert framework.given(None) is None


def test_a_loss_that_nothing_leads_to_has_no_gradient() -> None:
    adapted: Any = library_named("torch", "automatic").adapt(losses.taken_out, load("naive_softmax"))
    loss, *gradients = adapted(np.ones(1), 0, np.ones((1, 2)))
    assert isinstance(loss, float)
    assert [gradient.tolist() for gradient in gradients] == [[0.0], [[0.0, 0.0]]]


def test_memory_read_in_its_own_order_is_found() -> None:
    assert seen(losses.for_one_layout, "returned", "ordinary numbers") is None
    assert seen(losses.for_one_layout, "returned", "Fortran layout") is not None


def test_integers_and_two_formats_are_not_asked() -> None:
    seen: list[Any] = []

    def noting(v_c: Any, o: Any, U: Any) -> Any:
        seen.append((v_c.dtype, U.dtype, type(o)))
        return losses.cross_entropy(v_c, o, U)

    assert automatically(noting).ok
    both = (torch.float64, torch.float32)
    assert set(seen) == {(dtype, dtype, int) for dtype in both}


def test_gradients_are_taken_where_the_caller_takes_none() -> None:
    with torch.no_grad():
        assert automatically(losses.cross_entropy).ok


def test_a_module_is_judged_by_a_test_for_pytest() -> None:
    how: dict[str, Any] = {"arrays": "torch", "gradients": "automatic", "max_examples": 5}
    gradient_test(losses.cross_entropy, "naive_softmax", **how)()
    with pytest.raises(AssertionError, match="returned 3 values where loss alone is due"):
        gradient_test(losses.by_hand, "naive_softmax", **how)()
