"""Arrays and their entries as SymPy has them, each made once.

What SymPy assumes of an entry is what it assumes of the name of the array; but it works that out anew for every entry,
and compares it whenever it compares entries, which takes longer than most of what is done with them.
"""

from functools import lru_cache
from typing import Any

import sympy as sp

__all__ = ["Indexed", "IndexedBase"]


class Indexed(sp.Indexed):
    """An entry of an array."""

    def __new__(cls, base: Any, *indices: Any) -> Any:
        """The one there is already, if there is one."""
        return _made(base, *indices)

    def _hashable_content(self) -> tuple[Any, ...]:
        args: tuple[Any, ...] = self.args
        return args


class IndexedBase(sp.IndexedBase):
    """An array, whose name is a symbol that says what its entries are like."""

    def _hashable_content(self) -> tuple[Any, ...]:
        args: tuple[Any, ...] = self.args
        return args

    def __getitem__(self, indices: Any) -> Any:
        return Indexed(self, *indices) if isinstance(indices, tuple) else Indexed(self, indices)


@lru_cache(maxsize=1 << 15)
def _made(base: Any, *indices: Any) -> Any:
    return sp.Indexed.__new__(Indexed, base, *indices)
