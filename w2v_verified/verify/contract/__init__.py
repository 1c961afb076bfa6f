"""The contract of every function, clause by clause: ``CLAUSES`` is the whole of it."""

from collections.abc import Callable, Mapping

from w2v_verified.verify.cases.arguments import index_arguments
from w2v_verified.verify.contract.clause import Clause, Judgement
from w2v_verified.verify.contract.kinds import kinds_agree
from w2v_verified.verify.contract.refusals import (
    bad_index_refused,
    bad_out_refused,
    disagreeing_shapes_refused,
    non_integer_index_refused,
    short_axis_refused,
    wrong_rank_refused,
)
from w2v_verified.verify.contract.results import (
    finite_and_silent,
    fresh_at,
    fresh_results,
    loss_is_a_float,
    loss_is_left_out,
    out_is_used,
    result_dtypes,
    results_survive,
    survive_at,
    writable_results,
)
from w2v_verified.verify.contract.special import infinity_reaches_loss, nan_reaches_loss, smallest_axes
from w2v_verified.verify.contract.state import (
    inputs_untouched,
    layouts_agree,
    no_stale_state,
    read_only_accepted,
    same_input_same_bits,
    surroundings_untouched,
)
from w2v_verified.verify.record import Record

__all__ = ["CLAUSES", "Clause", "clauses_for"]

_UNIVERSAL = {
    finite_and_silent: "results_are_finite_and_nothing_warns",
    inputs_untouched: "inputs_are_untouched",
    read_only_accepted: "read_only_inputs_are_accepted",
    fresh_results: "results_are_fresh",
    results_survive: "results_survive_later_calls",
    same_input_same_bits: "the_same_input_gives_the_same_bits",
    no_stale_state: "nothing_stale_is_remembered",
    layouts_agree: "layouts_agree",
    kinds_agree: "kinds_of_input_agree",
    surroundings_untouched: "surroundings_are_untouched",
    smallest_axes: "the_smallest_axes_work",
    nan_reaches_loss: "nan_reaches_the_loss",
}
_OWN = {
    result_dtypes: "gradients_have_the_dtype_of_the_inputs",
    loss_is_a_float: "the_loss_is_a_python_float",
    writable_results: "gradients_are_writable",
    infinity_reaches_loss: "infinity_reaches_the_loss",
    wrong_rank_refused: "a_wrong_rank_is_refused",
    disagreeing_shapes_refused: "disagreeing_shapes_are_refused",
    short_axis_refused: "an_axis_that_is_too_short_is_refused",
    bad_index_refused: "an_index_out_of_range_is_refused",
    non_integer_index_refused: "an_index_that_is_no_integer_is_refused",
    out_is_used: "buffers_are_used",
    loss_is_left_out: "the_loss_can_be_left_out",
    bad_out_refused: "unfit_buffers_are_refused",
}

_AT_ONE: Mapping[Judgement, Judgement] = {fresh_results: fresh_at, results_survive: survive_at}

CLAUSES: tuple[Clause, ...] = tuple(
    Clause(
        judge.__name__, sentence, (judge.__doc__ or "").strip(), judge, universal, _AT_ONE.get(judge, judge)
    )
    for universal, judges in ((True, _UNIVERSAL), (False, _OWN))
    for judge, sentence in judges.items()
)
"""Every clause, those that any right implementation keeps first."""


def _takes_any(record: Record) -> bool:
    return True


def _takes_buffers(record: Record) -> bool:
    return record.out


def _leaves_out_loss(record: Record) -> bool:
    return record.optional


def _takes_indices(record: Record) -> bool:
    return bool(index_arguments(record))


_NEEDS: Mapping[Judgement, Callable[[Record], bool]] = {
    out_is_used: _takes_buffers,
    loss_is_left_out: _leaves_out_loss,
    bad_out_refused: _takes_buffers,
    bad_index_refused: _takes_indices,
    non_integer_index_refused: _takes_indices,
}


def clauses_for(record: Record) -> tuple[Clause, ...]:
    """The clauses that say something about a function: of ``out=`` or indices where it takes some."""
    return tuple(clause for clause in CLAUSES if _NEEDS.get(clause.judge, _takes_any)(record))
