"""The contract of every function, clause by clause: ``CLAUSES`` is the whole of it."""

from w2v_verified.verify.contract.clause import Clause
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
    fresh_results,
    loss_is_a_float,
    out_is_used,
    result_dtypes,
    results_survive,
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

_UNIVERSAL = (
    finite_and_silent,
    inputs_untouched,
    read_only_accepted,
    fresh_results,
    results_survive,
    same_input_same_bits,
    no_stale_state,
    layouts_agree,
    kinds_agree,
    surroundings_untouched,
    smallest_axes,
    nan_reaches_loss,
)
_OWN = (
    result_dtypes,
    loss_is_a_float,
    writable_results,
    infinity_reaches_loss,
    wrong_rank_refused,
    disagreeing_shapes_refused,
    short_axis_refused,
    bad_index_refused,
    non_integer_index_refused,
    out_is_used,
    bad_out_refused,
)

CLAUSES: tuple[Clause, ...] = tuple(
    Clause(judge.__name__, (judge.__doc__ or "").strip(), judge, universal)
    for universal, judges in ((True, _UNIVERSAL), (False, _OWN))
    for judge in judges
)
"""Every clause, those that any right implementation keeps first."""


def clauses_for(record: Record) -> tuple[Clause, ...]:
    """The clauses that say something about a function: ``out=`` is none for one that takes no buffers."""
    return tuple(
        clause for clause in CLAUSES if record.out or clause.judge not in (out_is_used, bad_out_refused)
    )
