"""Operations of torch: our gradients, scaled by what comes in, and refusals where more is asked for."""

import copy
import pickle
from pathlib import Path
from typing import Any

import given
import numpy as np
import pytest

from w2v_verified import (
    naive_softmax,
    naive_softmax_batch,
    negative_sampling_block,
    negative_sampling_sparse,
)
from w2v_verified.interop import for_torch, function

torch: Any = pytest.importorskip("torch")


def tensor(value: Any, **how: Any) -> Any:
    return torch.tensor(value, dtype=torch.float64, **how)


def pair() -> tuple[Any, Any]:
    v_c = tensor([0.5, -1.0, 2.0], requires_grad=True)
    return v_c, tensor(
        [[1.0, 0.0, -1.0, 0.5], [0.0, 1.0, 0.5, -1.0], [0.3, 0.2, 0.1, -0.1]], requires_grad=True
    )


@pytest.mark.parametrize("name", given.functions())
def test_gradients_are_the_functions_scaled(name: str) -> None:
    verified = given.function(name)
    places = function.generated("", verified, {}).places
    for arguments, loss, gradients in given.examples(name, 8):
        leaves = {place: torch.tensor(arguments[place], requires_grad=True) for place in places}
        others = {p: torch.tensor(a) for p, a in enumerate(arguments) if isinstance(a, np.ndarray)}
        value = for_torch(verified)(*({**dict(enumerate(arguments)), **others, **leaves}.values()))
        assert value.shape == ()
        assert value.item() == loss
        (value * -0.5).backward()
        for place, gradient in zip(places, gradients, strict=True):
            assert np.array_equal(leaves[place].grad.numpy(), -0.5 * gradient)


@pytest.mark.parametrize(
    "o", [2, np.int64(2), lambda: torch.tensor(2), lambda: torch.tensor(2, dtype=torch.int32)]
)
def test_gradcheck_passes(o: Any) -> None:
    v_c, U = pair()
    index = o() if callable(o) else o
    assert torch.autograd.gradcheck(for_torch(naive_softmax), (v_c, index, U), check_batched_grad=True)


def test_gradcheck_passes_on_a_derived_loss_with_a_scalar(tmp_path: Path) -> None:
    v_c, U = pair()
    operation = for_torch(given.derived(tmp_path))
    assert torch.autograd.gradcheck(
        operation, (v_c, 1, U, tensor(0.7, requires_grad=True), tensor([0.0, 1, 2, 3]))
    )


def test_gradcheck_sees_a_gradient_that_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    right = function.Generated.loss_and_gradients

    def wrong(self: Any, arguments: Any) -> Any:
        loss, (grad_v_c, grad_U) = right(self, arguments)
        return loss, [grad_v_c, grad_U + 1e-3]

    monkeypatch.setattr(function.Generated, "loss_and_gradients", wrong)
    v_c, U = pair()
    assert not torch.autograd.gradcheck(for_torch(naive_softmax), (v_c, 2, U), raise_exception=False)


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16", "bfloat16"])
def test_the_dtype_is_kept(dtype: str) -> None:
    v_c, U = (t.detach().to(getattr(torch, dtype)).requires_grad_() for t in pair())
    loss = for_torch(naive_softmax)(v_c, 2, U)
    loss.backward()
    assert loss.dtype == v_c.grad.dtype == U.grad.dtype == getattr(torch, dtype)
    due = naive_softmax(v_c.detach().double().numpy(), 2, U.detach().double().numpy())
    assert np.allclose(v_c.grad.double().numpy(), due.grad_v_c, rtol=4 * torch.finfo(v_c.dtype).eps)


def test_each_gradient_has_the_dtype_of_its_argument() -> None:
    v_c, U = pair()
    v_c = v_c.detach().float().requires_grad_()
    loss = for_torch(naive_softmax)(v_c, 2, U)
    loss.backward()
    assert (loss.dtype, v_c.grad.dtype, U.grad.dtype) == (torch.float64, torch.float32, torch.float64)


def test_rows_are_handed_over_transposed() -> None:
    v_c, U = pair()
    rows = U.detach().T.contiguous().requires_grad_()
    for_torch(naive_softmax)(v_c, 2, rows.T).backward()
    assert torch.equal(
        rows.grad, torch.from_numpy(naive_softmax(v_c.detach().numpy(), 2, U.detach().numpy()).grad_U).T
    )


def test_only_what_needs_a_gradient_gets_one() -> None:
    v_c, U = pair()
    for_torch(naive_softmax)(v_c, 2, U.detach()).backward()
    assert v_c.grad is not None
    assert not for_torch(naive_softmax)(v_c.detach(), 2, U.detach()).requires_grad
    with torch.no_grad():
        assert not for_torch(naive_softmax)(v_c, 2, U).requires_grad
    assert for_torch(naive_softmax)([1.0, 2.0], 0, np.eye(2)).dtype == torch.float64


def test_negatives_may_be_a_list_or_a_tensor() -> None:
    v_c, U = pair()
    operation = for_torch(negative_sampling_sparse)
    assert operation(v_c, 0, U, [1, 1]) == operation(v_c, 0, U, negatives=torch.tensor([1, 1]))


def test_options_are_given_when_it_is_made() -> None:
    V_c, U, o = torch.ones(2, 3), torch.ones(2, 4), torch.tensor([0, 1, 2])
    assert for_torch(naive_softmax_batch, block_size=2)(V_c, o, U).item() == pytest.approx(3 * np.log(4))


def second_order(operation: Any, v_c: Any, U: Any) -> Any:
    (gradient,) = torch.autograd.grad(operation(v_c, 2, U) + (v_c**2).sum(), v_c, create_graph=True)
    return torch.autograd.grad(gradient.sum(), v_c)


ASKED_TOO_MUCH = {
    "a derivative of its gradients": (
        second_order,
        lambda f, v_c, U: torch.func.hessian(lambda v: f(v, 2, U.detach()))(v_c.detach()),
        lambda f, v_c, U: torch.autograd.functional.hessian(lambda v: f(v, 2, U.detach()), v_c.detach()),
    ),
    "forward mode": (
        lambda f, v_c, U: torch.func.jvp(lambda v: f(v, 2, U.detach()), (v_c.detach(),), (v_c.detach(),)),
        lambda f, v_c, U: torch.func.jacfwd(lambda v: f(v, 2, U.detach()))(v_c.detach()),
    ),
}


@pytest.mark.filterwarnings("ignore:.*torch.jit.script:DeprecationWarning")  # of torch's own
@pytest.mark.parametrize("ask", [ask for asked in ASKED_TOO_MUCH.values() for ask in asked])
def test_higher_derivatives_and_forward_mode_are_refused(ask: Any) -> None:
    v_c, U = pair()
    with pytest.raises(
        NotImplementedError, match=r"^naive_softmax: expected gradients of order one in reverse mode"
    ):
        ask(for_torch(naive_softmax), v_c, U)


def test_a_graph_of_gradients_is_no_harm_where_nothing_is_asked_of_it() -> None:
    v_c, U = pair()
    (gradient,) = torch.autograd.grad(for_torch(naive_softmax)(v_c, 2, U), v_c, create_graph=True)
    due = naive_softmax(v_c.detach().numpy(), 2, U.detach().numpy()).grad_v_c
    assert np.array_equal(gradient.detach().numpy(), due)


@pytest.mark.parametrize("name", ["positive", "negative"])
def test_a_gradient_that_is_not_derived_is_refused_where_it_is_asked_for(name: str) -> None:
    arguments = {n: torch.ones(s, requires_grad=True) for n, s in (("V_c", (2, 3)), ("U", (2, 4)))}
    weights = {n: torch.ones(3, 4, requires_grad=n == name) for n in ("positive", "negative")}
    operation = for_torch(negative_sampling_block)
    loss = operation(**arguments, **weights)
    (gradient,) = torch.autograd.grad(loss, arguments["V_c"], retain_graph=True)
    assert gradient.shape == (2, 3)
    with pytest.raises(TypeError, match=f"^{name}: expected {name}.detach"):
        loss.backward(retain_graph=True)
    with pytest.raises(TypeError, match=f"^{name}: expected {name}.detach"):
        torch.autograd.grad(loss, weights[name])
    with torch.no_grad():
        assert operation(**arguments, **weights) == loss


def test_checkpointing_recomputes_it() -> None:
    from torch.utils.checkpoint import checkpoint

    v_c, U = pair()
    due = naive_softmax(v_c.detach().numpy(), 2, U.detach().numpy()).grad_v_c
    operation = for_torch(naive_softmax)
    for reentrant in (True, False):
        loss = checkpoint(lambda v: operation(v, 2, U), v_c, use_reentrant=reentrant)
        (gradient,) = torch.autograd.grad(loss, v_c) if not reentrant else (backward_of(loss, v_c),)
        assert np.array_equal(gradient.numpy(), due)


def backward_of(loss: Any, leaf: Any) -> Any:
    leaf.grad = None
    loss.backward()
    return leaf.grad


def test_it_goes_with_a_model_that_is_pickled() -> None:
    v_c, U = pair()
    for operation in (for_torch(naive_softmax), for_torch(naive_softmax_batch, block_size=2)):
        again = pickle.loads(pickle.dumps(operation))
        assert (repr(again), again.__name__) == (repr(operation), operation.__name__)
    assert again(torch.ones(2, 3), torch.tensor([0, 1, 2]), torch.ones(2, 4)).item() == pytest.approx(
        3 * np.log(4)
    )
    assert copy.deepcopy(for_torch(naive_softmax))(v_c, 2, U) == for_torch(naive_softmax)(v_c, 2, U)


def test_vmap_takes_lists_of_indices() -> None:
    _, U = pair()
    V_c = tensor([[0.5, 1.0, 2.0], [0.0, -1.0, 0.5]])
    operation = for_torch(negative_sampling_sparse)
    together = torch.func.vmap(lambda v: operation(v, 0, U.detach(), [1, 1]))(V_c)
    assert together.tolist() == [operation(v, 0, U.detach(), [1, 1]).item() for v in V_c]


def test_vmap_over_nothing_is_nothing() -> None:
    _, U = pair()
    operation = for_torch(naive_softmax)
    none = torch.zeros(0, 3, dtype=torch.float64)
    assert torch.func.vmap(lambda v: operation(v, 2, U.detach()))(none).shape == (0,)
    assert torch.func.vmap(torch.func.grad(lambda v: operation(v, 2, U.detach())))(none).shape == (0, 3)


@pytest.mark.parametrize(
    ("spoil", "error", "message"),
    [
        (lambda v, U: (v, 7, U), IndexError, "^o: expected 0 <= o < V = 4, got 7"),
        (lambda v, U: (v[:2], 1, U), ValueError, "^U: expected shape"),
        (lambda v, U: (v.to_sparse(), 1, U), TypeError, "^v_c: expected a dense tensor"),
        (lambda v, U: (v, 1, U.to("meta")), TypeError, "^U: expected a tensor with numbers in it"),
        (lambda v, U: (v.to(torch.float8_e5m2), 1, U), TypeError, "^v_c: expected float64, float32, float16"),
        (lambda v, U: (v.to(torch.complex128), 1, U), TypeError, "^v_c: expected an array of real numbers"),
        (lambda v, U: (v, 1.0, U), TypeError, "^o: expected an integer"),
        (lambda v, U: (v, torch.tensor(True), U), TypeError, "^o: expected an integer"),
        (lambda v, U: (v, 1), TypeError, "^naive_softmax: missing a required argument"),
    ],
)
def test_wrong_arguments_are_named(spoil: Any, error: type[Exception], message: str) -> None:
    v_c, U = pair()
    with pytest.raises(error, match=message):
        for_torch(naive_softmax)(*spoil(v_c, U))


def test_vmap_gives_the_gradient_of_every_pair() -> None:
    _, U = pair()
    V_c, o = tensor([[0.5, 1.0, 2.0], [0.0, -1.0, 0.5]]), torch.tensor([1, 3])
    operation = for_torch(naive_softmax)
    gradients = torch.func.vmap(torch.func.grad(lambda v, w: operation(v, w, U.detach())))(V_c, o)
    due = [
        naive_softmax(v, w, U.detach().numpy()).grad_v_c for v, w in zip(V_c.numpy(), o.tolist(), strict=True)
    ]
    assert np.array_equal(gradients.numpy(), due)


def test_a_compiler_leaves_it_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[type] = []
    right = function.Generated.loss_and_gradients

    def watched(self: Any, arguments: Any) -> Any:
        seen.extend(type(value) for value in arguments)
        return right(self, arguments)

    monkeypatch.setattr(function.Generated, "loss_and_gradients", watched)
    v_c, U = pair()
    operation = for_torch(naive_softmax)
    compiled = torch.compile(lambda v, w: operation(2 * v, 2, w), backend="eager")
    (gradient,) = torch.autograd.grad(compiled(v_c, U), v_c)
    assert seen == [np.ndarray, int, np.ndarray]
    assert np.array_equal(
        gradient, 2 * naive_softmax(2 * v_c.detach().numpy(), 2, U.detach().numpy()).grad_v_c
    )
