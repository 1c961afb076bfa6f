"""Functions that are wrong at some sizes alone are found out."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from w2v_verified import naive_softmax, naive_softmax_batch, negative_sampling
from w2v_verified.verify import check


def wrong_where(condition: Callable[[int, int], bool]) -> Any:
    """Naive softmax with a gradient that is off where a condition on d and V holds."""

    def function(v_c: Any, o: Any, U: Any) -> Any:
        loss, grad_v_c, grad_U = naive_softmax(v_c, o, U)
        return loss, grad_v_c * (1 + 1e-3 * condition(*U.shape)), grad_U

    return function


def last_block_dropped(v_c: Any, o: Any, U: Any) -> Any:
    loss, grad_v_c, grad_U = naive_softmax(v_c, o, U)
    if U.shape[1] > 2048:
        grad_U[:, U.shape[1] // 2048 * 2048 :] = 0
    return loss, grad_v_c, grad_U


def single_precision_inside(v_c: Any, o: Any, U: Any) -> Any:
    if U.shape[1] <= 1500:
        return naive_softmax(v_c, o, U)
    loss, *gradients = naive_softmax(np.asarray(v_c, np.float32), o, np.asarray(U, np.float32))
    return loss, *(g.astype(np.result_type(v_c, U, np.float32)) for g in gradients)


def mean_for_sum(V_c: Any, o: Any, U: Any) -> Any:
    loss, grad_V_c, grad_U = naive_softmax_batch(V_c, o, U)
    B = V_c.shape[1]
    return (loss / B, grad_V_c / B, grad_U / B) if B > 1100 else (loss, grad_V_c, grad_U)


def batches_of_101(V_c: Any, o: Any, U: Any) -> Any:
    loss, grad_V_c, grad_U = naive_softmax_batch(V_c, o, U)
    return loss, grad_V_c, grad_U * (1 + (V_c.shape[1] == 101))


def three_hundred_negatives(v_c: Any, o: Any, U: Any, negatives: Any) -> Any:
    return negative_sampling(v_c, o, U, negatives[:300])


WRONG = {
    "both at least 7": (wrong_where(lambda d, V: d >= 7 and V >= 7), "naive_softmax"),
    "d from 65 to 256": (wrong_where(lambda d, V: 65 <= d <= 256), "naive_softmax"),
    "V from 300 to 1000": (wrong_where(lambda d, V: 300 <= V <= 1000), "naive_softmax"),
    "the last block": (last_block_dropped, "naive_softmax"),
    "single precision inside": (single_precision_inside, "naive_softmax"),
    "a mean beyond 1100": (mean_for_sum, "naive_softmax_batch"),
    "a batch of 101": (batches_of_101, "naive_softmax_batch"),
    "300 negatives": (three_hundred_negatives, "negative_sampling"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_at_some_sizes_is_found(name: str) -> None:
    function, loss = WRONG[name]
    assert check(function, loss, examples=0).grade == "wrong"
