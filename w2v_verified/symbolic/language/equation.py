"""Equations: what is computed, or stated, under a name."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sympy as sp

from w2v_verified.symbolic.language.indices import label_of


@dataclass(frozen=True)
class Equation:
    """``name[indices] = expression``."""

    name: str
    indices: tuple[Any, ...]
    expression: Any


def names_used(expressions: Iterable[Any]) -> set[str]:
    """The names of the arguments, sizes and statements that occur, but not of indices that run over an axis."""
    return set().union(*map(_names_in, expressions))


@lru_cache(maxsize=1 << 14)
def _names_in(e: Any) -> frozenset[str]:
    atoms = e.atoms(sp.Indexed, sp.Symbol)
    return frozenset(
        label_of(s) for s in atoms if isinstance(s, sp.Indexed) or ":" not in s.name or ":>" in s.name
    )
