"""What needs no other library: what is wrapped, wrong use, a library that is not installed."""

import functools
import sys
from pathlib import Path
from typing import Any

import given
import numpy as np
import pytest

from w2v_verified import naive_softmax, naive_softmax_batch, negative_sampling_sparse
from w2v_verified.interop import for_jax, for_torch
from w2v_verified.interop.function import generated


@pytest.mark.parametrize("name", given.functions())
def test_each_gradient_has_the_shape_of_its_argument(name: str) -> None:
    known = generated("for_torch", given.function(name), {})
    for arguments, loss, gradients in given.examples(name, 5):
        assert isinstance(loss, float)
        assert [g.shape for g in gradients] == [np.shape(arguments[place]) for place in known.places]


def test_touched_columns_and_factors_come_dense() -> None:
    v_c, U = np.array([1.0, -1.0]), np.array([[0.0, 3.0, -2.0], [1.0, 2.0, -1.0]])
    touched = generated("", negative_sampling_sparse, {}).loss_and_gradients([v_c, 2, U, [0, 0]])[1]
    result = negative_sampling_sparse(v_c, 2, U, [0, 0])
    assert np.array_equal(touched[1][:, [0, 2]], result.grad_columns)
    assert not touched[1][:, 1].any()
    factored = generated("", given.function("naive_softmax_factored"), {}).loss_and_gradients([v_c, 2, U])[1]
    assert np.allclose(factored[1], naive_softmax(v_c, 2, U).grad_U, rtol=1e-15)


def test_a_derived_module_and_its_function_are_one(tmp_path: Path) -> None:
    module = given.derived(tmp_path)
    arguments = [[1.0, 2.0], 0, [[1.0, 2.0], [3.0, 4.0]], 1.0, [0.0, 1.0]]
    of_module, of_function = generated("", module, {}), generated("", module.tempered, {})
    assert of_module.name == of_function.name == "tempered"
    assert of_module.places == (0, 2, 3)
    for one, other in zip(
        of_module.loss_and_gradients(arguments)[1], of_function.loss_and_gradients(arguments)[1], strict=True
    ):
        assert np.array_equal(one, other)


def test_what_wraps_a_function_is_called() -> None:
    called = []

    @functools.wraps(naive_softmax)
    def counted(*arguments: Any) -> Any:
        called.append(arguments)
        return naive_softmax(*arguments)

    known = generated("", counted, {})
    assert known.names == ("v_c", "o", "U")
    known.loss_and_gradients([[1.0], 0, [[1.0]]])
    assert len(called) == 1


def plain(v_c: Any, o: Any, U: Any) -> Any:
    """Nothing the calculus wrote."""


@pytest.mark.parametrize(
    ("function", "options", "message"),
    [
        (plain, {}, "expected a generated function, such as w2v_verified.naive_softmax"),
        (np.dot, {}, "expected a generated function"),
        (None, {}, "got NoneType"),
        (np, {}, "got module numpy"),
        ("naive_softmax", {}, "got str"),
        (naive_softmax, {"out": None}, "expected no options for naive_softmax, got out="),
        (naive_softmax, {"block_size": 3}, "expected no options for naive_softmax, got block_size="),
        (
            naive_softmax_batch,
            {"size": 3},
            r"expected one of its options \(block_size\) for naive_softmax_batch, got size=",
        ),
    ],
)
def test_what_cannot_be_wrapped_is_said(function: Any, options: dict[str, Any], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        generated("for_torch", function, options)


def test_arguments_are_taken_by_place_and_by_name() -> None:
    known = generated("", naive_softmax, {})
    assert known.bound([1, 2], {"U": 3}) == known.bound([], {"U": 3, "v_c": 1, "o": 2}) == (1, 2, 3)
    with pytest.raises(TypeError, match=r"^naive_softmax: missing a required argument: 'U'"):
        known.bound([1, 2], {})


@pytest.mark.parametrize(("library", "wrap"), [("torch", for_torch), ("jax", for_jax)])
def test_a_missing_library_is_named_with_its_extra(
    library: str, wrap: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    monkeypatch.setattr("w2v_verified.interop.find_spec", lambda name: None)
    with pytest.raises(ModuleNotFoundError) as missing:
        wrap(naive_softmax)
    assert str(missing.value) == f"{library} is not installed: pip install 'w2v_verified[{library}]'"
