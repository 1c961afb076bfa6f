"""Differences of entries of two matrices, and sums that pull the rows of one towards those of another."""

from typing import Any

import sympy as sp

from w2v_verified.symbolic.language.indices import Frame, bound_indices, is_pointer


def apart(left: Any, right: Any) -> Any:
    """The index of an entry that the other has not."""
    return next(i for i in left.indices if i not in right.indices)


def pulling(s: Any, frame: Frame) -> tuple[tuple[Any, Any], Any] | None:
    """The sides of the difference ``A[n, i] - B[k, i]`` in a sum over k, and the rest, which has no index i."""
    if not isinstance(s, sp.Sum) or len(s.limits) != 1 or len(frame) != 2:
        return None
    (k,), factors = bound_indices(s), sp.Mul.make_args(s.function)
    found = [(f, sides) for f in factors if (sides := difference(f)) is not None]
    if len(found) != 1:
        return None
    f, (left, right) = found[0]
    rest = s.function / f
    if k in left.indices:
        left, right, rest = right, left, -rest
    n, i = (set(left.indices) - set(right.indices), set(left.indices) & set(right.indices))
    fits = k in right.indices and n | i == set(frame) and len(n) == len(i) == 1
    return ((left, right), rest) if fits and not i & rest.free_symbols else None


def difference(e: Any) -> tuple[Any, Any] | None:
    """The two sides of a difference of entries of matrices, each with two indices; None for anything else."""
    if not isinstance(e, sp.Add) or len(e.args) != 2:
        return None
    plain = [t for t in e.args if _is_entry(t)]
    minus = [-t for t in e.args if _is_entry(-t)]
    return (plain[0], minus[0]) if len(plain) == len(minus) == 1 else None


def _is_entry(e: Any) -> bool:
    if not isinstance(e, sp.Indexed) or any(map(is_pointer, e.indices)):
        return False
    return len(e.indices) == len(set(e.indices)) == 2
