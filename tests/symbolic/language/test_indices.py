"""Bound indices get names of their own, also where numbering starts anew."""

import sympy as sp

from w2v_verified.symbolic.algebra.context import Context
from w2v_verified.symbolic.algebra.normal import normal, vanishes
from w2v_verified.symbolic.language.indices import (
    array,
    bound_indices,
    fresh,
    index,
    numbered_apart,
    substitute,
    total,
)

x, w = array("x"), index("w", "V")


def test_what_is_put_in_is_not_captured() -> None:
    """Neither by the index that was bound, nor by one numbered afresh."""
    both = total(index("k", "V"), x[index("k", "V")] * x[w])
    for number in range(3):
        free = index(f"#{number}", "V")
        made = substitute(both, {w: free})
        assert made.free_symbols & {free}
        assert bound_indices(made)[0] != free


def test_sums_that_meet_have_indices_of_their_own() -> None:
    """A product of two equal sums is one over two indices, also of sums with an index numbered before."""
    free = index("#0", "V")
    inner = total(w, x[w] * x[free])
    square = total(w, x[w]) ** 2 * x[free] ** 2
    assert vanishes(inner**2 - square, Context())
    assert not vanishes(inner**2 - total(w, x[w] ** 2) * x[free] ** 2, Context())
    assert normal(inner, Context()).free_symbols & {free}


def test_numbering_anew_leaves_the_numbering_outside_as_it_was() -> None:
    outside = [bound_indices(fresh(total(w, x[w])))[0] for _ in range(2)]
    with numbered_apart(sp.Integer(0)):
        assert bound_indices(fresh(total(w, x[w])))[0] == index("#0", "V")
        assert bound_indices(fresh(total(w, x[w])))[0] == index("#1", "V")
    after = bound_indices(fresh(total(w, x[w])))[0]
    assert len({*outside, after}) == 3
