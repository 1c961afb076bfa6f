"""Products of entries summed over indices the result does not have, and the way each is carried out."""

from typing import Any

import sympy as sp

from w2v_verified.symbolic.language.indices import Frame, bound_indices, is_pointer
from w2v_verified.symbolic.plan.values import Contraction, Way


def contraction(target: Frame, e: Any) -> Contraction | None:
    """``e`` as a contraction over ``target``, or None if it is not one."""
    summed, body = _flattened(e)
    factors = _entries(body)
    if factors is None or len(factors) < 2 or any(is_pointer(i) for f in factors for i in f.indices):
        return None
    used = {i for f in factors for i in f.indices}
    if used != {*target, *summed} or any(len(set(f.indices)) != len(f.indices) for f in factors):
        return None
    if len(factors) == 2:
        one, other = factors
        if not summed and set(one.indices) & set(other.indices):
            return None
        pairs = [pair for pair in ((one, other), (other, one)) if is_matrix_product(target, *pair)]
        if pairs:
            return Contraction(target, min(pairs, key=_turned), summed, Way.PRODUCT)
        if not summed:
            one, other = sorted(factors, key=lambda f: target.index(f.indices[0]))
            outer = (one.indices, other.indices) == (target[:1], target[1:])
            return Contraction(target, (one, other), summed, Way.OUTER if outer else Way.MULTIPLY)
    return Contraction(target, tuple(factors), summed, Way.EINSUM) if summed else None


def is_matrix_product(target: Frame, left: Any, right: Any) -> bool:
    """Whether ``left @ right`` is the product: one index is summed, and the others are the target's in order."""
    shared = set(left.indices) & set(right.indices)
    if len(shared) != 1 or shared & set(target) or len(left.indices) > 2 or len(right.indices) > 2:
        return False
    (k,) = shared
    return tuple(i for f in (left, right) for i in f.indices if i != k) == target


def turned(left: Any, right: Any) -> tuple[bool, bool]:
    """Whether the operands of a matrix product have to be transposed."""
    (k,) = set(left.indices) & set(right.indices)
    first = len(left.indices) == 2 and left.indices[0] == k
    return first, len(right.indices) == 2 and right.indices[-1] == k


def _turned(pair: tuple[Any, Any]) -> int:
    return sum(turned(*pair))


def _flattened(e: Any) -> tuple[Frame, Any]:
    """A sum of a product with further sums, as one sum: what it is summed over, and the product."""
    if isinstance(e, sp.Sum):
        inner, body = _flattened(e.function)
        return (*bound_indices(e), *inner), body
    if isinstance(e, sp.Mul) and any(isinstance(f, sp.Sum) for f in e.args):
        parts = [_flattened(f) if isinstance(f, sp.Sum) else ((), f) for f in e.args]
        return tuple(i for inner, _ in parts for i in inner), sp.Mul(*(body for _, body in parts))
    return (), e


def _entries(body: Any) -> list[Any] | None:
    """The entries of a product, repeated where they are squared; None if it is no product of entries."""
    entries: list[Any] = []
    for f in sp.Mul.make_args(body):
        base, power = (f.base, f.exp) if isinstance(f, sp.Pow) else (f, sp.Integer(1))
        if not isinstance(base, sp.Indexed) or not power.is_Integer or not 0 < power <= 2:
            return None
        entries += [base] * int(power)
    return entries
