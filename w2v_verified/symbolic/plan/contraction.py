"""Products of entries summed over indices the result does not have, and the way each is carried out."""

from typing import Any

from w2v_verified.symbolic.language.indices import Frame, is_pointer
from w2v_verified.symbolic.language.products import entries_of, flattened
from w2v_verified.symbolic.plan.values import Contraction, Way


def contraction(target: Frame, e: Any) -> Contraction | None:
    """``e`` as a contraction over ``target``, or None if it is not one."""
    summed, body = flattened(e)
    factors = entries_of(body)
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
