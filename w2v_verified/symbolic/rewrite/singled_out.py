"""What a loss singles out of a softmax by an index argument."""

from dataclasses import dataclass
from typing import Any

import sympy as sp

from w2v_verified.symbolic.language.naming import entry
from w2v_verified.symbolic.proof.softmax import Softmax


@dataclass(frozen=True)
class Target:
    """A softmax, the index argument ``pointer`` that singles out a place, and its ``own`` summed index.

    ``kept`` is the name of the entries set aside, ``shifted`` that of the shifted ones whose exponentials they are.
    """

    softmax: Softmax
    pointer: Any
    own: tuple[Any, ...]
    kept: str
    shifted: str

    @property
    def indices(self) -> tuple[Any, ...]:
        """The indices of the entries set aside and of the sums of the others."""
        return (*self.softmax.rest, *self.own)

    def at(self, rest: tuple[Any, ...], position: Any) -> tuple[Any, ...] | None:
        """The actual indices where the pointer reads ``position``, or None if it does not."""
        actual = dict(zip(self.softmax.rest, rest, strict=True))
        if isinstance(position, sp.Indexed) and isinstance(self.pointer, sp.Indexed):
            actual |= {
                t: p for t, p in zip(self.pointer.indices, position.indices, strict=False) if t in self.own
            }
        if self.pointer.xreplace(actual) != position or not set(self.own) <= set(actual):
            return None
        return tuple(actual[i] for i in self.indices)


def log_ratios(e: Any, softmax: Softmax) -> list[tuple[tuple[Any, ...], Any, Any]]:
    """The pairs of terms ``c log Z[rest]`` and ``-c s[rest, n]`` of a sum, as (rest, n, c)."""
    found = []
    for s in sorted(e.atoms(sp.Indexed), key=sp.default_sort_key):
        if s.base.label.name != softmax.s:
            continue
        rest = softmax.rest_of(s)
        log_z = sp.log(entry(softmax.Z, rest))
        c = -e.coeff(s)
        if c != 0 and c * log_z in e.args and -c * s in e.args:
            found.append((rest, s.indices[softmax.place], c))
    return found
