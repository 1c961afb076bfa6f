"""The losses in PyTorch: eager automatic differentiation, and the formulas of the textbook by hand."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.timing import Run

__all__ = ["contenders"]

Array = NDArray[Any]


def contenders(loss: str, *arguments: Any) -> dict[str, Run]:
    """Runs for the loss by the name of the contender, empty where there are none.

    Raises:
        ModuleNotFoundError: PyTorch is not installed.
    """
    torch: Any = import_module("torch")
    torch.set_num_threads(1)
    makers: dict[str, Callable[..., dict[str, Run]]] = {
        "naive_softmax": _naive_softmax,
        "naive_softmax_batch": _naive_softmax_batch,
        "negative_sampling": _negative_sampling,
        "negative_sampling_sparse": _negative_sampling_sparse,
        "negative_sampling_batch": _negative_sampling_batch,
        "negative_sampling_block": _negative_sampling_block,
    }
    return makers[loss](torch, *arguments)


def _leaf(torch: Any, array: Array) -> Any:
    return torch.from_numpy(array).requires_grad_()


def _naive_softmax(torch: Any, v_c: Array, o: int, U: Array) -> dict[str, Run]:
    v, u, target = _leaf(torch, v_c), _leaf(torch, U), torch.tensor([o])

    def eager() -> Any:
        loss = torch.nn.functional.cross_entropy((v @ u)[None], target)
        return loss.item(), *torch.autograd.grad(loss, (v, u))

    return {"torch eager": eager}


def _naive_softmax_batch(torch: Any, V_c: Array, o: Array, U: Array) -> dict[str, Run]:
    v, u, target = _leaf(torch, V_c), _leaf(torch, U), torch.from_numpy(o)
    v_plain, u_plain, b = torch.from_numpy(V_c), torch.from_numpy(U), torch.arange(len(o))

    def eager() -> Any:
        loss = torch.nn.functional.cross_entropy(v.T @ u, target, reduction="sum")
        return loss.item(), *torch.autograd.grad(loss, (v, u))

    def by_hand() -> Any:
        delta = torch.softmax(v_plain.T @ u_plain, 1)
        loss = -torch.log(delta[b, target]).sum()
        delta[b, target] -= 1
        return loss.item(), u_plain @ delta.T, v_plain @ delta

    return {"torch eager": eager, "torch by hand": by_hand}


def _negative_sampling(torch: Any, v_c: Array, o: int, U: Array, negatives: Array) -> dict[str, Run]:
    columns = torch.from_numpy(np.concatenate([[o], negatives]))
    v, u, signs = _leaf(torch, v_c), _leaf(torch, U), _signs(torch, len(columns), v_c.dtype)

    def eager() -> Any:
        loss = -torch.nn.functional.logsigmoid((v @ u[:, columns]) * signs).sum()
        return loss.item(), *torch.autograd.grad(loss, (v, u))

    return {"torch eager": eager}


def _negative_sampling_sparse(torch: Any, v_c: Array, o: int, U: Array, negatives: Array) -> dict[str, Run]:
    columns = torch.from_numpy(np.concatenate([[o], negatives]))
    v, u = _leaf(torch, v_c), _leaf(torch, np.ascontiguousarray(U.T))
    signs = _signs(torch, len(columns), v_c.dtype)

    def eager() -> Any:
        rows = torch.nn.functional.embedding(columns, u, sparse=True)
        loss = -torch.nn.functional.logsigmoid((rows @ v) * signs).sum()
        grad_v_c, grad_u = torch.autograd.grad(loss, (v, u))
        summed = grad_u.coalesce()
        return loss.item(), grad_v_c, summed.indices()[0], summed.values().T

    return {"torch eager, sparse": eager}


def _negative_sampling_batch(torch: Any, V_c: Array, o: Array, U: Array, negatives: Array) -> dict[str, Run]:
    columns = torch.from_numpy(np.concatenate([o[:, None], negatives], axis=1))
    rows_first = np.ascontiguousarray(U.T)
    v, u = _leaf(torch, np.ascontiguousarray(V_c.T)), _leaf(torch, rows_first)
    signs = _signs(torch, columns.shape[1], V_c.dtype)

    def eager() -> Any:
        rows = torch.nn.functional.embedding(columns, u)
        loss = -torch.nn.functional.logsigmoid((rows @ v[:, :, None])[:, :, 0] * signs).sum()
        grad_v, grad_u = torch.autograd.grad(loss, (v, u))
        return loss.item(), grad_v.T, grad_u.T

    return {"torch eager": eager}


def _negative_sampling_block(
    torch: Any, V_c: Array, U: Array, positive: Array, negative: Array
) -> dict[str, Run]:
    v, u = _leaf(torch, V_c), _leaf(torch, U)
    plus, minus = torch.from_numpy(positive), torch.from_numpy(negative)

    def eager() -> Any:
        z = v.T @ u
        log_sigmoid = torch.nn.functional.logsigmoid
        loss = -(plus * log_sigmoid(z) + minus * log_sigmoid(-z)).sum()
        return loss.item(), *torch.autograd.grad(loss, (v, u))

    return {"torch eager": eager}


def _signs(torch: Any, count: int, dtype: np.dtype[Any]) -> Any:
    signs = np.full(count, -1, dtype)
    signs[0] = 1
    return torch.from_numpy(signs)
