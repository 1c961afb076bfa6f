"""Every clause of the contract: kept by the package's functions, and each catches the fault it exists for."""

import random
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import w2v_verified
from w2v_verified import naive_softmax, naive_softmax_batch, negative_sampling_block
from w2v_verified.verify import CLAUSES, Clause, deck, load, names
from w2v_verified.verify.contract import clauses_for
from w2v_verified.verify.contract.clause import same_bits
from w2v_verified.verify.judging.calling import Function

RECORD = load("naive_softmax")
ORDINARY = deck(RECORD)[0].arguments


def _clause(name: str) -> Clause:
    return next(clause for clause in CLAUSES if clause.name == name)


@pytest.mark.parametrize(
    ("loss", "clause"),
    [
        pytest.param(loss, clause, id=f"{loss}-{clause.name}")
        for loss in names()
        for clause in clauses_for(load(loss))
    ],
)
def test_kept_by_the_generated_function(loss: str, clause: Clause) -> None:
    record = load(loss)
    found = clause.judge(getattr(w2v_verified, loss), record, deck(record)[0].arguments)
    assert found is None, str(found)


def widened(v_c: Any, o: Any, U: Any, **out: Any) -> Any:
    loss, grad_v_c, grad_U = naive_softmax(v_c, o, U, **out)
    return loss, grad_v_c.astype(np.float64), grad_U


def numpy_scalar(v_c: Any, o: Any, U: Any) -> Any:
    loss, grad_v_c, grad_U = naive_softmax(v_c, o, U)
    return grad_v_c.dtype.type(loss), grad_v_c, grad_U


def infinite(v_c: Any, o: Any, U: Any) -> Any:
    _, grad_v_c, grad_U = naive_softmax(v_c, o, U)
    return float("inf"), grad_v_c, grad_U


def warning(v_c: Any, o: Any, U: Any) -> Any:
    np.log(np.zeros(1))
    return naive_softmax(v_c, o, U)


def view_of_the_input(v_c: Any, o: Any, U: Any) -> Any:
    loss, grad_v_c, grad_U = naive_softmax(v_c, o, U)
    v_c[:] = grad_v_c
    return loss, v_c, grad_U


def views_of_each_other(v_c: Any, o: Any, U: Any) -> Any:
    loss, _, grad_U = naive_softmax(v_c, o, U)
    return loss, grad_U[:, 0], grad_U


def read_only_result(v_c: Any, o: Any, U: Any) -> Any:
    loss, grad_v_c, grad_U = naive_softmax(v_c, o, U)
    grad_v_c.flags.writeable = False
    return loss, grad_v_c, grad_U


def one_buffer() -> Function:
    buffer = np.empty((3, 5))

    def function(v_c: Any, o: Any, U: Any) -> Any:
        loss, grad_v_c, buffer[...] = naive_softmax(v_c, o, U)
        return loss, grad_v_c, buffer

    return function


def one_buffer_at(where: Callable[[Any], bool]) -> Function:
    """A function that returns memory of its own where some condition holds."""
    buffers: dict[Any, Any] = {}

    def function(v_c: Any, o: Any, U: Any) -> Any:
        loss, grad_v_c, grad_U = naive_softmax(v_c, o, U)
        if not where(U.shape):
            return loss, grad_v_c, grad_U
        buffer = buffers.setdefault(U.shape, np.empty(U.shape))
        buffer[...] = grad_U
        return loss, grad_v_c, buffer

    return function


def one_column_for_all(v_c: Any, o: Any, U: Any) -> Any:
    """Where there is one word the gradient is zero, and its columns may as well be one."""
    loss, grad_v_c, grad_U = naive_softmax(v_c, o, U)
    if U.shape[1] == 1 < U.shape[0]:
        grad_U = np.lib.stride_tricks.as_strided(np.zeros((1, 1)), U.shape, (0, 8))
    return loss, grad_v_c, grad_U


def ring_of_buffers() -> Function:
    ring: list[Any] = [np.empty((3, 5)) for _ in range(8)]

    def function(v_c: Any, o: Any, U: Any) -> Any:
        loss, grad_v_c, grad_U = naive_softmax(v_c, o, U)
        if U.shape != (3, 5):
            return loss, grad_v_c, grad_U
        ring.append(ring.pop(0))
        ring[-1][...] = grad_U
        return loss, grad_v_c, ring[-1]

    return function


def aliases_where_there_is_one_word(v_c: Any, o: Any, U: Any) -> Any:
    loss, grad_v_c, grad_U = naive_softmax(v_c, o, U)
    return (loss, grad_U[:, 0], grad_U) if U.shape[1] == 1 else (loss, grad_v_c, grad_U)


def seeds_random(v_c: Any, o: Any, U: Any) -> Any:
    random.seed(42)
    return naive_softmax(v_c, o, U)


def seeds_numpy(v_c: Any, o: Any, U: Any) -> Any:
    np.random.seed(0)
    return naive_softmax(v_c, o, U)


def changes_the_error_state(v_c: Any, o: Any, U: Any) -> Any:
    np.seterr(over="raise")
    return naive_softmax(v_c, o, U)


def filters_warnings(v_c: Any, o: Any, U: Any) -> Any:
    warnings.filterwarnings("ignore", message="whatever")
    return naive_softmax(v_c, o, U)


def small_integers_overflow(v_c: Any, o: Any, U: Any) -> Any:
    return naive_softmax(v_c, int(o) if not isinstance(o, np.uint8) else (int(o) + 1) % U.shape[1], U)


def large_bytes_are_negative(v_c: Any, o: Any, U: Any) -> Any:
    return naive_softmax(v_c, int(np.int8(o.view(np.int8))) % U.shape[1] if isinstance(o, np.uint8) else o, U)


def ignores_floating_errors(v_c: Any, o: Any, U: Any) -> Any:
    np.seterr(all="ignore")
    return naive_softmax(v_c, o, U)


def ignores_warnings(v_c: Any, o: Any, U: Any) -> Any:
    warnings.filterwarnings("ignore")
    return naive_softmax(v_c, o, U)


def bytes_read_as_they_lie(v_c: Any, o: Any, U: Any) -> Any:
    return naive_softmax(v_c.view(v_c.dtype.newbyteorder("=")), o, U)


def strides_trusted(v_c: Any, o: Any, U: Any) -> Any:
    return naive_softmax(v_c, o, U if 0 not in U.strides else U * (np.arange(U.shape[1]) == 0))


def views_assumed_apart(v_c: Any, o: Any, U: Any) -> Any:
    return naive_softmax(v_c * (1 + np.may_share_memory(v_c, U)), o, U)


def mutates(v_c: Any, o: Any, U: Any) -> Any:
    results = naive_softmax(v_c, o, U)
    v_c *= 2
    return results


def mutates_the_index(V_c: Any, o: Any, U: Any) -> Any:
    results = naive_softmax_batch(V_c, o, U)
    o[:] = 0
    return results


def writes_and_restores(v_c: Any, o: Any, U: Any) -> Any:
    U -= 0.0
    return naive_softmax(v_c, o, U)


def stateful() -> Function:
    calls = [0]

    def function(v_c: Any, o: Any, U: Any) -> Any:
        calls[0] += 1
        loss, grad_v_c, grad_U = naive_softmax(v_c, o, U)
        return loss, grad_v_c, grad_U * (1 + 2.0**-52 * (calls[0] == 2))

    return function


def stale() -> Function:
    seen: dict[int, Any] = {}

    def function(v_c: Any, o: Any, U: Any) -> Any:
        return naive_softmax(v_c, o, seen.setdefault(id(U), (U, U.copy()))[1])

    return function


def remembers_without_the_index() -> Function:
    seen: dict[Any, Any] = {}

    def function(v_c: Any, o: Any, U: Any) -> Any:
        results = naive_softmax(v_c, o, U)
        return seen.setdefault((v_c.tobytes(), U.tobytes()), results) if U.shape[1] > 100 else results

    return function


def order_assumed(v_c: Any, o: Any, U: Any) -> Any:
    return naive_softmax(v_c, o, U.ravel(order="K").reshape(U.shape))


def two_words_needed(v_c: Any, o: Any, U: Any) -> Any:
    if U.shape[1] < 2:
        raise ValueError("U: expected two words at least")
    return naive_softmax(v_c, o, U)


def finite_for_nan(v_c: Any, o: Any, U: Any) -> Any:
    return naive_softmax(v_c, o, np.where(np.isnan(U), 0.0, U))


def finite_for_infinity(v_c: Any, o: Any, U: Any) -> Any:
    return naive_softmax(np.where(np.isinf(v_c), 1.0, v_c), o, U)


def any_rank(v_c: Any, o: Any, U: Any) -> Any:
    return naive_softmax(np.asarray(v_c).ravel(), o, U)


def shapes_trimmed(v_c: Any, o: Any, U: Any) -> Any:
    d = min(len(v_c), len(U))
    return naive_softmax(v_c[:d], o, U[:d])


def index_wrapped(v_c: Any, o: Any, U: Any) -> Any:
    return naive_softmax(v_c, o % U.shape[1], U)


def index_refused_anonymously(v_c: Any, o: Any, U: Any) -> Any:
    if not 0 <= o < U.shape[1]:
        raise IndexError("out of bounds")
    return naive_softmax(v_c, o, U)


def index_refused_by_assertion(v_c: Any, o: Any, U: Any) -> Any:
    if not 0 <= o < U.shape[1]:
        raise AssertionError("o")
    return naive_softmax(v_c, o, U)


def index_rounded(v_c: Any, o: Any, U: Any) -> Any:
    return naive_softmax(v_c, int(o), U)


def out_ignored(v_c: Any, o: Any, U: Any, *, out: Any = None) -> Any:
    return naive_softmax(v_c, o, U)


def out_filled_wrongly(v_c: Any, o: Any, U: Any, *, out: Any = None) -> Any:
    results = naive_softmax(v_c, o, U, out=out)
    if out is not None and not out[1].flags.c_contiguous:
        out[1][...] = 0
    return results


def empty_vectors_taken(v_c: Any, o: Any, U: Any) -> Any:
    if np.asarray(v_c).size == 0 and np.asarray(U).shape[0] == 0:
        return 0.0, np.empty(0), np.empty_like(U)
    return naive_softmax(v_c, o, U)


def any_buffer(v_c: Any, o: Any, U: Any, *, out: Any = None) -> Any:
    loss, grad_v_c, grad_U = naive_softmax(v_c, o, U)
    if out is None:
        return loss, grad_v_c, grad_U
    out[0][...], out[1][...] = grad_v_c, grad_U
    return loss, *out


def overlap_taken(v_c: Any, o: Any, U: Any, *, out: Any = None) -> Any:
    if out is not None and any(np.may_share_memory(a, b) for a in out for b in (v_c, U)):
        return any_buffer(v_c, o, U, out=out)
    return naive_softmax(v_c, o, U, out=out)


PLANTED: list[tuple[str, Function | Callable[[], Function]]] = [
    ("result_dtypes", widened),
    ("loss_is_a_float", numpy_scalar),
    ("finite_and_silent", infinite),
    ("finite_and_silent", warning),
    ("fresh_results", view_of_the_input),
    ("fresh_results", views_of_each_other),
    ("writable_results", read_only_result),
    ("fresh_results", one_buffer()),
    ("fresh_results", one_buffer_at(lambda shape: shape[1] >= 50)),
    ("fresh_results", one_buffer_at(lambda shape: shape[0] * shape[1] > 5000)),
    ("fresh_results", one_column_for_all),
    ("fresh_results", aliases_where_there_is_one_word),
    ("results_survive", one_buffer()),
    ("results_survive", one_buffer_at(lambda shape: shape[1] >= 50)),
    ("results_survive", one_buffer_at(lambda shape: shape[0] == 1)),
    ("results_survive", ring_of_buffers()),
    ("surroundings_untouched", seeds_random),
    ("surroundings_untouched", seeds_numpy),
    ("surroundings_untouched", changes_the_error_state),
    ("surroundings_untouched", filters_warnings),
    ("surroundings_untouched", ignores_floating_errors),
    ("surroundings_untouched", ignores_warnings),
    ("kinds_agree", small_integers_overflow),
    ("kinds_agree", large_bytes_are_negative),
    ("kinds_agree", bytes_read_as_they_lie),
    ("kinds_agree", strides_trusted),
    ("kinds_agree", views_assumed_apart),
    ("inputs_untouched", mutates),
    ("read_only_accepted", writes_and_restores),
    ("same_input_same_bits", stateful()),
    ("no_stale_state", stale()),
    ("no_stale_state", remembers_without_the_index()),
    ("layouts_agree", order_assumed),
    ("smallest_axes", two_words_needed),
    ("nan_reaches_loss", finite_for_nan),
    ("infinity_reaches_loss", finite_for_infinity),
    ("wrong_rank_refused", any_rank),
    ("disagreeing_shapes_refused", shapes_trimmed),
    ("bad_index_refused", index_wrapped),
    ("bad_index_refused", index_refused_anonymously),
    ("bad_index_refused", index_refused_by_assertion),
    ("non_integer_index_refused", index_rounded),
    ("out_is_used", out_ignored),
    ("out_is_used", out_filled_wrongly),
    ("short_axis_refused", empty_vectors_taken),
    ("bad_out_refused", any_buffer),
    ("bad_out_refused", overlap_taken),
]


@pytest.mark.parametrize(("name", "faulty"), PLANTED, ids=lambda value: getattr(value, "__name__", value))
def test_planted_fault_is_caught(name: str, faulty: Function) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        found = _clause(name).judge(faulty, RECORD, {**ORDINARY, "v_c": np.array([0.5, -1.0, 2.0])})
    assert found is not None
    assert found.message


@pytest.mark.parametrize("faulty", [seeds_random, seeds_numpy], ids=lambda f: f.__name__)
def test_generators_are_found_changed_whatever_their_state_was(faulty: Function) -> None:
    faulty(*ORDINARY.values())
    assert _clause("surroundings_untouched").judge(faulty, RECORD, ORDINARY) is not None


def test_padding_of_long_doubles_is_no_difference() -> None:
    padded = [np.frombuffer(np.longdouble(1).tobytes()[:10] + bytes([n] * 6), np.longdouble) for n in (0, 7)]
    assert padded[0].tobytes() != padded[1].tobytes()
    assert same_bits({"x": padded[0]}, {"x": padded[1]}) is None
    assert same_bits({"x": np.longdouble(0)}, {"x": -np.longdouble(0)}) == "x"


def test_every_clause_has_a_planted_fault() -> None:
    # That about losses which are not wanted is planted below.
    planted = {name for name, _ in PLANTED} | {"loss_is_left_out"}
    assert planted == {clause.name for clause in CLAUSES}


def test_index_arrays_are_looked_at_too() -> None:
    record = load("naive_softmax_batch")
    found = _clause("inputs_untouched").judge(mutates_the_index, record, deck(record)[0].arguments)
    assert found is not None
    assert found.message == "o is written to"
    assert _clause("inputs_untouched").judge(naive_softmax_batch, record, deck(record)[0].arguments) is None


def test_nan_where_the_loss_does_not_look_need_not_reach_it() -> None:
    """With V = 1 the loss is 0 whatever the vectors are, so no entry matters."""
    arguments = {"v_c": np.ones(2), "o": 0, "U": np.ones((2, 1))}
    assert _clause("nan_reaches_loss").judge(finite_for_nan, RECORD, arguments) is None


def test_statements_are_sentences() -> None:
    assert all(clause.statement.endswith(".") for clause in CLAUSES)
    assert len({clause.name for clause in CLAUSES}) == len(CLAUSES)


def _block(wrong: str) -> Function:
    """`negative_sampling_block` with a fault where its loss is not wanted."""

    def faulty(*arguments: Any, out: Any = None, with_loss: bool = True) -> Any:
        results = negative_sampling_block(*arguments, out=out, with_loss=with_loss)
        if with_loss:
            return results
        if wrong == "loss is there":
            return negative_sampling_block(*arguments, out=out)
        if wrong == "gradient is left out" and out is not None:
            out[0][...] = np.nan
        return results._replace(grad_U=results.grad_U * 2) if wrong == "gradient is another" else results

    return faulty


@pytest.mark.parametrize("wrong", ["loss is there", "gradient is left out", "gradient is another", ""])
def test_a_loss_that_is_not_wanted_is_left_out_and_nothing_else(wrong: str) -> None:
    record = load("negative_sampling_block")
    found = _clause("loss_is_left_out").judge(_block(wrong), record, deck(record)[0].arguments)
    assert (found is None) == (wrong == "")
    assert "loss_is_left_out" in {clause.name for clause in clauses_for(record)}
    assert "loss_is_left_out" not in {clause.name for clause in clauses_for(RECORD)}
