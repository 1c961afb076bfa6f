"""Results that lie in memory of others: they are judged as they were returned, and the snippet shows what is shared."""

import contextlib
import io
from typing import Any

import numpy as np

from w2v_verified.verify import check


def parts(c: Any, o: int, U: Any) -> tuple[Any, Any]:
    z = U.T @ c
    e = np.exp(z - z.max())
    return np.log(e.sum()) - (z[o] - z.max()), e / e.sum() - (np.arange(len(z)) == o)


def into_its_argument(c: Any, o: int, U: Any) -> Any:
    loss, delta = parts(c, o, U)
    grad_U = np.outer(c, delta)
    c[:] = U @ delta
    return loss, c, grad_U


HELD: dict[Any, Any] = {}


def in_one_buffer(c: Any, o: int, U: Any) -> Any:
    loss, delta = parts(c, o, U)
    grad_U = HELD.setdefault((U.shape, np.result_type(c, U)), np.empty(U.shape, np.result_type(c, delta)))
    np.multiply.outer(c, delta, out=grad_U)
    return loss, U @ delta, grad_U


def test_what_is_written_into_an_argument_is_judged_as_it_was_returned() -> None:
    report = check(into_its_argument, "naive_softmax", range="ordinary", examples=5)
    assert report.grade == "wrong"
    assert any(finding.kind == "inputs_untouched" for finding in report.findings)
    # Whole numbers cannot hold the gradient; everything else that came back was right.
    assert {finding.case for finding in report.findings if finding.kind == "value"} <= {"int64"}


def test_wrong_values_in_an_argument_are_wrong_values() -> None:
    def wrong(c: Any, o: int, U: Any) -> Any:
        loss, grad_v_c, grad_U = into_its_argument(c, o, U)
        return loss, np.negative(grad_v_c, out=grad_v_c), grad_U

    report = check(wrong, "naive_softmax", range="ordinary", examples=5)
    value = next(finding for finding in report.findings if finding.kind == "value")
    assert value.case != "int64"


def test_the_snippet_shows_what_is_shared() -> None:
    report = check(in_one_buffer, "naive_softmax", range="ordinary", examples=5)
    (found,) = [finding for finding in report.findings if finding.kind == "fresh_results"]
    assert found.shared is not None
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(report.counterexample or "", {"in_one_buffer": in_one_buffer})
    assert printed.getvalue().splitlines()[-1] == "memory is shared: True"
