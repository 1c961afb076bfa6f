"""What a value is a multiple of: the powers of some names that leave all its terms."""

from collections.abc import Collection
from typing import Any

import sympy as sp

from w2v_verified.symbolic.language.indices import bound_indices, label_of

__all__ = ["Powers", "joined", "taken_out"]

_ZERO = sp.Integer(0)

Powers = dict[Any, Any]
"""The power of each name, at its indices."""


def joined(one: Powers, other: Powers) -> Powers:
    """The powers in a product of two."""
    return {s: one.get(s, _ZERO) + other.get(s, _ZERO) for s in (*one, *other)}


def taken_out(e: Any, names: Collection[str]) -> tuple[Powers, Any]:
    """The powers of ``names`` that all terms of ``e`` have, and ``e`` without them."""
    powers = _shared(e, names)
    return powers, _without(e, powers)


def _shared(e: Any, names: Collection[str]) -> Powers:
    if isinstance(e, sp.Add):
        parts = [_shared(t, names) for t in e.args]
        return {s: n for s in parts[0] if (n := min(p.get(s, _ZERO) for p in parts)) > 0}
    if isinstance(e, sp.Sum):
        bound = set(bound_indices(e))
        return {s: n for s, n in _shared(e.function, names).items() if not s.free_symbols & bound}
    found: Powers = {}
    for f in sp.Mul.make_args(e):
        base, n = f.as_base_exp()
        if isinstance(base, sp.Indexed | sp.Symbol) and label_of(base) in names:
            found = joined(found, {base: n})
        elif isinstance(f, sp.Sum | sp.Add):
            found = joined(found, _shared(f, names))
    return found


def _without(e: Any, powers: Powers) -> Any:
    """``e`` divided by powers that all its terms have."""
    if isinstance(e, sp.Add):
        return sp.Add(*(_without(t, powers) for t in e.args))
    if isinstance(e, sp.Sum):
        return e.func(_without(e.function, powers), *e.limits)
    left, rest = dict(powers), []
    for f in sp.Mul.make_args(e):
        base, n = f.as_base_exp()
        if base in left:
            used = min(n, left[base]) if n > 0 else n
            left[base] -= used
            rest.append(base ** (n - used))
        else:
            rest.append(f)
    for place, f in enumerate(rest):
        if isinstance(f, sp.Sum | sp.Add):
            own = {
                s: min(n, left[s]) for s, n in _shared(f, [label_of(s) for s in left]).items() if s in left
            }
            left = joined(left, {s: -n for s, n in own.items()})
            rest[place] = _without(f, own)
    return sp.Mul(*rest)
