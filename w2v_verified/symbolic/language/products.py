"""Products and their factors, and the sums of products of entries that a contraction is made of."""

from typing import Any

import sympy as sp

from w2v_verified.symbolic.language.indices import Frame, bound_indices


def flattened(e: Any) -> tuple[Frame, Any]:
    """A sum of a product with further sums, as one sum: what it is summed over, and the product."""
    if isinstance(e, sp.Sum):
        inner, body = flattened(e.function)
        return (*bound_indices(e), *inner), body
    if isinstance(e, sp.Mul) and any(isinstance(f, sp.Sum) for f in e.args):
        parts = [flattened(f) if isinstance(f, sp.Sum) else ((), f) for f in e.args]
        every = tuple(i for inner, _ in parts for i in inner)
        own = [set(inner) for inner, _ in parts]
        others = [body.free_symbols for _, body in parts]
        captured = any(own[n] & others[m] for n in range(len(parts)) for m in range(len(parts)) if m != n)
        if len(set(every)) == len(every) and not captured:
            return every, sp.Mul(*(body for _, body in parts))
    return (), e


def entries_of(body: Any) -> list[Any] | None:
    """The entries of a product, repeated where they are squared; None if it is no product of entries."""
    entries: list[Any] = []
    for f in sp.Mul.make_args(body):
        base, power = (f.base, f.exp) if isinstance(f, sp.Pow) else (f, sp.Integer(1))
        if not isinstance(base, sp.Indexed) or not power.is_Integer or not 0 < power <= 2:
            return None
        entries += [base] * int(power)
    return entries


def without(e: Any, *factors: Any) -> Any:
    """A product without some of its factors, which SymPy does not always find to be 1 over themselves."""
    return sp.Mul(*(f for f in sp.Mul.make_args(e) if f not in factors))
