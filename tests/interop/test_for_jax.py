"""Operations of jax: our gradients, scaled by what comes in, at once and traced, and refusals where more is asked."""

import pickle
from collections.abc import Iterator
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
from w2v_verified.interop import for_jax, function

jax: Any = pytest.importorskip("jax")

V_C = np.array([0.5, -1.0, 2.0])
TABLE = np.array([[1.0, 0.0, -1.0, 0.5], [0.0, 1.0, 0.5, -1.0], [0.3, 0.2, 0.1, -0.1]])


@pytest.fixture(autouse=True)
def _in_64_bits() -> Iterator[None]:
    before = jax.config.jax_enable_x64
    jax.config.update("jax_enable_x64", True)
    yield
    jax.config.update("jax_enable_x64", before)


def pair(dtype: str = "float64") -> tuple[Any, Any]:
    return jax.numpy.asarray(V_C, dtype), jax.numpy.asarray(TABLE, dtype)


@pytest.mark.parametrize("name", given.functions())
def test_gradients_are_the_functions_scaled(name: str) -> None:
    verified = given.function(name)
    places = function.generated("", verified, {}).places
    operation = for_jax(verified)
    for arguments, loss, gradients in given.examples(name, 3):
        value, taken = jax.value_and_grad(lambda *a: -0.5 * operation(*a), argnums=places)(*arguments)
        assert value == -0.5 * loss
        for one, gradient in zip(taken, gradients, strict=True):
            assert np.array_equal(one, -0.5 * gradient)


@pytest.mark.parametrize("how", [lambda f: f, lambda f: jax.jit(f), lambda f: jax.checkpoint(f)])
def test_check_grads_passes(how: Any) -> None:
    from jax.test_util import check_grads

    operation = how(for_jax(naive_softmax))
    check_grads(lambda v, U: operation(v, 2, U), pair(), modes=["rev"], order=1)


def test_check_grads_passes_on_a_derived_loss_with_a_scalar(tmp_path: Path) -> None:
    from jax.test_util import check_grads

    operation = for_jax(given.derived(tmp_path).tempered)
    v_c, U = pair()
    check_grads(lambda v, U, t: operation(v, 2, U, t, np.arange(4.0)), (v_c, U, 0.7), modes=["rev"], order=1)


def test_check_grads_sees_a_gradient_that_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    from jax.test_util import check_grads

    right = function.Generated.loss_and_gradients

    def wrong(self: Any, arguments: Any) -> Any:
        loss, (grad_v_c, grad_U) = right(self, arguments)
        return loss, [grad_v_c, grad_U + 1e-2]

    monkeypatch.setattr(function.Generated, "loss_and_gradients", wrong)
    operation = for_jax(naive_softmax)
    with pytest.raises(AssertionError, match="Not equal to tolerance"):
        check_grads(lambda v, U: operation(v, 2, U), pair(), modes=["rev"], order=1)


@pytest.mark.parametrize("how", [lambda f: f, lambda f: jax.jit(f)])
@pytest.mark.parametrize("dtype", ["float64", "float32", "float16", "bfloat16"])
def test_the_dtype_is_kept(dtype: str, how: Any) -> None:
    v_c, U = pair(dtype)
    loss, gradients = how(jax.value_and_grad(for_jax(naive_softmax), argnums=(0, 2)))(v_c, 2, U)
    assert {str(each.dtype) for each in (loss, *gradients)} == {dtype}
    due = naive_softmax(np.asarray(v_c, "float64"), 2, np.asarray(U, "float64"))
    assert np.allclose(
        np.asarray(gradients[0], "float64"), due.grad_v_c, rtol=4 * float(jax.numpy.finfo(dtype).eps)
    )


def test_each_gradient_has_the_dtype_of_its_argument() -> None:
    (v_c, _), (_, U) = pair("float32"), pair()
    loss, (grad_v_c, grad_U) = jax.value_and_grad(for_jax(naive_softmax), argnums=(0, 2))(v_c, 2, U)
    assert (str(loss.dtype), str(grad_v_c.dtype), str(grad_U.dtype)) == ("float64", "float32", "float64")


def test_without_64_bits_all_is_in_32() -> None:
    jax.config.update("jax_enable_x64", False)
    loss, gradient = jax.value_and_grad(for_jax(naive_softmax))(V_C, 2, TABLE)
    assert (str(loss.dtype), str(gradient.dtype)) == ("float32", "float32")


def test_the_device_is_kept() -> None:
    device = jax.devices()[-1]
    v_c, U = (jax.device_put(each, device) for each in pair())
    loss, gradient = jax.value_and_grad(for_jax(naive_softmax))(v_c, 2, U)
    assert loss.devices() == gradient.devices() == {device}
    assert loss.committed
    assert not for_jax(naive_softmax)(*pair()[:1], 2, TABLE).committed


def test_an_index_has_no_gradient() -> None:
    v_c, U = pair()
    (gradient,) = (jax.grad(for_jax(naive_softmax), argnums=1, allow_int=True)(v_c, 2, U),)
    assert gradient.dtype == jax.dtypes.float0


def test_vmap_and_scan_work() -> None:
    v_c, U = pair()
    V_c, o = jax.numpy.stack([v_c, -v_c]), jax.numpy.array([1, 3])
    operation = for_jax(naive_softmax)
    gradients = jax.vmap(jax.grad(operation), in_axes=(0, 0, None))(V_c, o, U)
    due = [naive_softmax(v, w, TABLE).grad_v_c for v, w in zip(np.asarray(V_c), [1, 3], strict=True)]
    assert np.array_equal(gradients, due)

    def added(v: Any) -> Any:
        return jax.lax.scan(lambda total, w: (total + operation(v, w, U), None), 0.0, o)[0]

    total = sum(naive_softmax(V_C, w, TABLE).grad_v_c for w in (1, 3))
    assert np.allclose(jax.grad(added)(v_c), total, rtol=1e-14)


def test_negatives_may_be_a_list() -> None:
    v_c, U = pair()
    operation = for_jax(negative_sampling_sparse)
    assert operation(v_c, 0, U, [1, 1]) == operation(v_c, 0, U, negatives=jax.numpy.array([1, 1]))


def test_options_are_given_when_it_is_made() -> None:
    operation = for_jax(naive_softmax_batch, block_size=2)
    assert operation(np.ones((2, 3)), [0, 1, 2], np.ones((2, 4))) == pytest.approx(3 * np.log(4))


def test_indices_that_jax_cannot_hold_are_refused() -> None:
    jax.config.update("jax_enable_x64", False)
    v_c, U = pair("float32")
    for index in (2**32 + 1, np.int64(2**32 + 1), np.array(-(2**40))):
        with pytest.raises((IndexError, OverflowError)):
            for_jax(naive_softmax)(v_c, index, U)


def test_it_can_be_pickled() -> None:
    v_c, U = pair()
    again = pickle.loads(pickle.dumps(for_jax(naive_softmax)))
    assert again(v_c, 2, U) == for_jax(naive_softmax)(v_c, 2, U)
    assert repr(again) == "for_jax(naive_softmax)"


HIGHER = {
    "hessian": lambda f, v_c, U: jax.hessian(lambda v: f(v, 2, U))(v_c),
    "grad of grad": lambda f, v_c, U: jax.grad(lambda v: jax.grad(f)(v, 2, U).sum())(v_c),
    "jitted": lambda f, v_c, U: jax.jit(jax.grad(lambda v: jax.grad(f)(v, 2, U).sum()))(v_c),
}


@pytest.mark.parametrize("which", HIGHER)
def test_higher_derivatives_are_refused(which: str) -> None:
    with pytest.raises(NotImplementedError, match=r"^naive_softmax: expected gradients of order one"):
        HIGHER[which](for_jax(naive_softmax), *pair())


def test_forward_mode_is_refused() -> None:
    v_c, U = pair()
    operation = for_jax(naive_softmax)
    with pytest.raises(TypeError, match="forward-mode"):
        jax.jvp(lambda v: operation(v, 2, U), (v_c,), (v_c,))


@pytest.mark.parametrize("how", [lambda f: f, lambda f: jax.jit(f)])
def test_a_gradient_that_is_not_derived_is_not_taken_for_0(how: Any) -> None:
    V_c, U, weights = np.ones((2, 3)), np.ones((2, 4)), np.ones((3, 4))
    operation = for_jax(negative_sampling_block)
    with pytest.raises(TypeError, match=r"^positive: expected jax.lax.stop_gradient\(positive\)"):
        how(jax.grad(lambda positive: operation(V_c, U, positive, weights)))(weights)


@pytest.mark.parametrize(
    ("spoil", "error", "message"),
    [
        (lambda v, U: (v, 7, U), IndexError, "^o: expected 0 <= o < V = 4, got 7"),
        (lambda v, U: (v[:2], 1, U), ValueError, "^U: expected shape"),
        (lambda v, U: (v.astype(complex), 1, U), TypeError, "^v_c: expected an array of real numbers"),
        (lambda v, U: (v, 1.0, U), TypeError, "^o: expected an integer"),
        (lambda v, U: (v, 1), TypeError, "^naive_softmax: missing a required argument"),
    ],
)
def test_wrong_arguments_are_named(spoil: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        for_jax(naive_softmax)(*spoil(*pair()))


def test_under_jit_the_message_comes_inside_jaxs() -> None:
    v_c, U = pair()
    with pytest.raises(jax.errors.JaxRuntimeError, match="o: expected 0 <= o < V = 4, got 7"):
        jax.jit(for_jax(naive_softmax))(v_c, 7, U)
