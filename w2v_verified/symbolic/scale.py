"""The pass that takes a common divisor out of a derivative, so that the small factor of a product is divided.

Where ``D[b, w] = G[b, w] / q[b]`` is only ever summed in products with arrays that are smaller, the divisor goes
to what is smaller: to the result, or to the other factor. As ever, the result is proved equal.
"""

from dataclasses import replace
from typing import Any

import sympy as sp

from w2v_verified.symbolic.context import Context, Definition
from w2v_verified.symbolic.indices import bound_indices, canonical, free_indices, fresh, label_of
from w2v_verified.symbolic.lower import running
from w2v_verified.symbolic.naming import Namer, entry
from w2v_verified.symbolic.program import Program, names_used, prove_same


def take_out_divisors(program: Program, context: Context, namer: Namer) -> Program:
    """Divide the other factor or the result of a product in place of a larger derivative, wherever that is possible."""
    for d in program.outputs:
        q = _common_divisor(d.expression) if d.name.startswith("delta") else None
        users = [s for s in program.outputs if s != d and d.name in names_used([s.expression])]
        if q is None or not running(q) or not running(q) < set(d.indices) or not users:
            continue
        numerator = canonical(sp.Add(*[t * q for t in sp.Add.make_args(d.expression)]))
        whole = namer.helper("numerator", d.indices, numerator)
        rewritten = {u.name: _without(u, d, q, whole, namer) for u in users}
        if None in rewritten.values():
            namer.taken_helpers()
            continue
        kept = tuple(o for o in program.outputs if o != d)
        before = replace(program, helpers=(*program.helpers, d), outputs=kept)
        after = replace(
            program,
            helpers=(*program.helpers, *namer.taken_helpers()),
            outputs=tuple(replace(o, expression=rewritten.get(o.name, o.expression)) for o in kept),
        )
        prove_same(before, after, context)
        program = after
    return program


def _common_divisor(e: Any) -> Any:
    """An entry that every term of ``e`` is divided by, or None."""
    divisors = [
        {f.base for f in sp.Mul.make_args(t) if isinstance(f, sp.Pow) and f.exp == -1}
        for t in sp.Add.make_args(e)
    ]
    common = [q for q in set.intersection(*divisors) if isinstance(q, sp.Indexed)]
    return common[0] if len(common) == 1 else None


def _without(user: Definition, d: Definition, q: Any, whole: Any, namer: Namer) -> Any:
    """A sum of products ``A * D`` with the divisor at ``A`` or at the result; None if it is no such sum."""
    e = fresh(user.expression)
    if not isinstance(e, sp.Sum) or len(e.limits) != 1 or not isinstance(e.function, sp.Mul):
        return None
    factors, (k,) = e.function.args, bound_indices(e)
    found = [f for f in factors if isinstance(f, sp.Indexed) and label_of(f) == d.name]
    others = [f for f in factors if f not in found]
    if len(found) != 1 or len(others) != 1 or not isinstance(others[0], sp.Indexed):
        return None
    at = dict(zip(d.indices, found[0].indices, strict=True))
    divisor, numerator = q.xreplace(at), entry(label_of(whole), found[0].indices)
    if k not in free_indices(divisor):
        return canonical(e.func(others[0] * numerator, *e.limits) / divisor)
    axes = others[0].indices
    if not running(divisor) <= set(axes):
        return None
    share = namer.helper(f"{label_of(others[0])}_over_{label_of(q)}", axes, others[0] / divisor)
    return canonical(e.func(share * numerator, *e.limits))
