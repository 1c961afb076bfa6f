"""One fault for each property, planted in a right function of (v_c, o, U[, negatives]), whatever the loss is."""

import random
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import numpy as np

Function: TypeAlias = Callable[..., Any]
Fault: TypeAlias = Callable[[Function], Function]


def _results(change: Callable[[float, Any, Any], Any]) -> Fault:
    """What comes back is changed."""
    return lambda right: lambda *given, **out: change(*right(*given, **out))


def _arguments(change: Callable[[Any, Any, Any], tuple[Any, Any, Any]]) -> Fault:
    """What is computed with is changed."""
    return lambda right: lambda v_c, o, U, *rest, **out: right(*change(v_c, o, U), *rest, **out)


def _before(act: Callable[[], object]) -> Fault:
    """Something else is done first."""

    def fault(right: Function) -> Function:
        def inside(*given: Any, **out: Any) -> Any:
            act()
            return right(*given, **out)

        return inside

    return fault


def _doubled_in_place(right: Function) -> Function:
    def inside(v_c: Any, *rest: Any) -> Any:
        results = right(v_c, *rest)
        v_c *= 2
        v_c += 1
        return results

    return inside


def _writes_and_restores(right: Function) -> Function:
    def inside(v_c: Any, o: Any, U: Any, *rest: Any) -> Any:
        U -= 0.0
        return right(v_c, o, U, *rest)

    return inside


def _returns_its_input(right: Function) -> Function:
    def inside(v_c: Any, *rest: Any) -> Any:
        loss, v_c[...], grad_U = right(v_c, *rest)
        return loss, v_c, grad_U

    return inside


def _one_buffer_where_long(right: Function) -> Function:
    buffers: dict[Any, Any] = {}

    def inside(v_c: Any, o: Any, U: Any, *rest: Any) -> Any:
        loss, grad_v_c, grad_U = right(v_c, o, U, *rest)
        if U.shape[1] < 50:
            return loss, grad_v_c, grad_U
        buffer = buffers.setdefault(U.shape, np.empty(U.shape))
        buffer[...] = grad_U
        return loss, grad_v_c, buffer

    return inside


def _every_other_call_differs(right: Function) -> Function:
    calls = [0]

    def inside(*given: Any) -> Any:
        calls[0] += 1
        loss, grad_v_c, grad_U = right(*given)
        return loss, grad_v_c, grad_U * (1 + 2.0**-20 * (calls[0] % 2))

    return inside


def _remembers_by_identity(right: Function) -> Function:
    seen: dict[int, Any] = {}

    def inside(v_c: Any, o: Any, U: Any, *rest: Any) -> Any:
        return right(v_c, o, seen.setdefault(id(U), (U, U.copy()))[1], *rest)

    return inside


def _two_dimensions_needed(right: Function) -> Function:
    def inside(v_c: Any, *rest: Any) -> Any:
        if len(v_c) < 2:
            raise ValueError("v_c: expected two dimensions at least")
        return right(v_c, *rest)

    return inside


def _empty_vectors_taken(right: Function) -> Function:
    def inside(v_c: Any, o: Any, U: Any, *rest: Any) -> Any:
        if np.shape(U)[0] == 0 and np.size(v_c) == 0:
            return 0.0, np.empty(0), np.empty_like(U)
        return right(v_c, o, U, *rest)

    return inside


def _out_ignored(right: Function) -> Function:
    return lambda *given, out=None: right(*given)


def _any_buffer(right: Function) -> Function:
    def inside(*given: Any, out: Any = None) -> Any:
        loss, *gradients = right(*given)
        if out is None:
            return (loss, *gradients)
        for buffer, gradient in zip(out, gradients, strict=True):
            buffer[...] = gradient
        return (loss, *out)

    return inside


def _trimmed(v_c: Any, o: Any, U: Any) -> tuple[Any, Any, Any]:
    d = min(len(v_c), len(U))
    return v_c[:d], o, U[:d]


def _read_only(loss: float, grad_v_c: Any, grad_U: Any) -> Any:
    grad_v_c.flags.writeable = False
    return loss, grad_v_c, grad_U


FAULTS: Mapping[str, Fault] = {
    "the_loss_is_within_its_bound": _results(lambda loss, a, b: (loss + 1e-6, a, b)),
    "grad_v_c_is_within_its_bound": _results(lambda loss, a, b: (loss, a * (1 + 1e-5), b)),
    "grad_U_is_within_its_bound": _results(lambda loss, a, b: (loss, a, -b)),
    "gradients_agree_with_differences_of_the_loss": _results(lambda loss, a, b: (loss, a, b * (1 + 1e-8))),
    "results_are_finite_and_nothing_warns": _before(lambda: np.log(np.zeros(1))),
    "inputs_are_untouched": _doubled_in_place,
    "read_only_inputs_are_accepted": _writes_and_restores,
    "results_are_fresh": _returns_its_input,
    "results_survive_later_calls": _one_buffer_where_long,
    "the_same_input_gives_the_same_bits": _every_other_call_differs,
    "nothing_stale_is_remembered": _remembers_by_identity,
    "layouts_agree": _arguments(lambda v_c, o, U: (v_c, o, U.ravel(order="K").reshape(U.shape))),
    "kinds_of_input_agree": _arguments(lambda v_c, o, U: (v_c.view(v_c.dtype.newbyteorder("=")), o, U)),
    "surroundings_are_untouched": _before(lambda: random.seed(42)),
    "the_smallest_axes_work": _two_dimensions_needed,
    "nan_reaches_the_loss": _arguments(lambda v_c, o, U: (v_c, o, np.where(np.isnan(U), 0.0, U))),
    "gradients_have_the_dtype_of_the_inputs": _results(lambda loss, a, b: (loss, a.astype(np.float64), b)),
    "the_loss_is_a_python_float": _results(lambda loss, a, b: (np.float64(loss), a, b)),
    "gradients_are_writable": _results(_read_only),
    "infinity_reaches_the_loss": _arguments(lambda v_c, o, U: (np.where(np.isinf(v_c), 1.0, v_c), o, U)),
    "a_wrong_rank_is_refused": _arguments(lambda v_c, o, U: (np.asarray(v_c).ravel(), o, U)),
    "disagreeing_shapes_are_refused": _arguments(_trimmed),
    "an_axis_that_is_too_short_is_refused": _empty_vectors_taken,
    "an_index_out_of_range_is_refused": _arguments(lambda v_c, o, U: (v_c, o % U.shape[1], U)),
    "an_index_that_is_no_integer_is_refused": _arguments(lambda v_c, o, U: (v_c, int(o), U)),
    "buffers_are_used": _out_ignored,
    "unfit_buffers_are_refused": _any_buffer,
}
"""By the name of the property that each breaks."""
