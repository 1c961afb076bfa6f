"""Losses in PyTorch, right and wrong, that are imported where it is installed."""

from typing import Any

import pytest

torch: Any = pytest.importorskip("torch")


def cross_entropy(v_c: Any, o: int, U: Any) -> Any:
    return torch.nn.functional.cross_entropy((v_c @ U)[None], torch.tensor([o]))


def by_rows(v_c: Any, o: int, U: Any) -> Any:
    return cross_entropy(v_c, o, U.T)


def detached(v_c: Any, o: int, U: Any) -> Any:
    return cross_entropy(v_c, o, U.detach())


def taken_out(v_c: Any, o: int, U: Any) -> Any:
    return cross_entropy(v_c, o, U).item()


def by_hand(v_c: Any, o: int, U: Any) -> Any:
    z = v_c @ U
    delta = torch.softmax(z, 0)
    delta[o] -= 1
    return torch.logsumexp(z, 0) - z[o], U @ delta, torch.outer(v_c, delta)


def by_autograd(v_c: Any, o: int, U: Any) -> Any:
    """A tensor with its history, a view that the library made, a Python float."""
    loss = cross_entropy(v_c.requires_grad_(), o, U.requires_grad_())
    grad_v_c, grad_U = torch.autograd.grad(loss, (v_c, U))
    return float(loss), grad_v_c + 0 * v_c, grad_U.T.T


def sparse(v_c: Any, o: int, U: Any) -> Any:
    loss, grad_v_c, grad_U = by_hand(v_c, o, U)
    return loss, grad_v_c, grad_U.to_sparse()


def without_the_one_hot(v_c: Any, o: int, U: Any) -> Any:
    loss, _, _ = by_hand(v_c, o, U)
    yhat = torch.softmax(v_c @ U, 0)
    return loss, U @ yhat, torch.outer(v_c, yhat)


def narrow(v_c: Any, o: int, U: Any) -> Any:
    loss, grad_v_c, grad_U = by_hand(v_c, o, U)
    return loss, grad_v_c, grad_U.float()


def writing(v_c: Any, o: int, U: Any) -> Any:
    results = by_hand(v_c, o, U)
    U.mul_(2)
    return results


_kept: dict[Any, Any] = {}


def one_buffer(v_c: Any, o: int, U: Any) -> Any:
    loss, grad_v_c, grad_U = by_hand(v_c, o, U)
    buffer = _kept.setdefault((U.shape, U.dtype), torch.empty_like(U))
    return loss, grad_v_c, buffer.copy_(grad_U)


def remembering(v_c: Any, o: int, U: Any) -> Any:
    """Has the scores of the tensors it saw last."""
    if _kept.get("U") is not U:
        _kept["U"], _kept["held"] = U, U.clone()
    return by_hand(v_c, o, _kept["held"])


def for_one_layout(v_c: Any, o: int, U: Any) -> Any:
    """Reads the memory in its own order."""
    loss, grad_v_c, _ = by_hand(v_c, o, U)
    straight = torch.as_strided(U, U.shape, (U.shape[1], 1))
    return loss, grad_v_c, by_hand(v_c, o, straight)[2]


def course_negatives(centre: Any, outside: int, rows: Any, dataset: Any, K: int = 10) -> Any:
    return sampled(centre, outside, rows.T, torch.tensor([dataset.sampleTokenIdx() for _ in range(K)]))


def sampled(v_c: Any, o: int, U: Any, negatives: Any) -> Any:
    log_sigmoid = torch.nn.functional.logsigmoid
    return -log_sigmoid(v_c @ U[:, o]) - log_sigmoid(-(v_c @ U[:, negatives])).sum()
