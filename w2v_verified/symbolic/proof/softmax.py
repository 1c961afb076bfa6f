"""A softmax: the exponentials of a stage, the sum of them, and what each is called."""

from dataclasses import dataclass
from typing import Any

import sympy as sp

from w2v_verified.symbolic.language.equation import Equation
from w2v_verified.symbolic.language.indices import bound_indices, free_indices, label_of
from w2v_verified.symbolic.language.naming import entry, free_name
from w2v_verified.symbolic.language.operators import BRACKETS


class Softmax:
    """Exponentials of a stage ``x`` that are summed over its index at ``place``.

    ``e = exp(s)`` where ``s = x - m`` with the largest ``x``, or ``x`` itself if they are not ``shifted``.
    """

    def __init__(
        self, stage: Equation, place: int, taken: frozenset[str], shifted: bool, alone: bool = True
    ) -> None:
        def name(wanted: str) -> str:
            plain = alone and wanted not in taken
            return wanted if plain else free_name(f"{wanted}_{stage.name}", taken)

        self.stage, self.place, self.shifted = stage, place, shifted
        self.index = stage.indices[place]
        self.rest = stage.indices[:place] + stage.indices[place + 1 :]
        self.m, self.s, self.e, self.Z, self.R = map(name, ("m", "s", "e", "Z", "R"))
        self.s = self.s if shifted else stage.name
        self.others, self.hits = name("others"), name("hits")
        self.names = frozenset({self.m, self.s, self.e, self.Z, self.R, self.others, self.hits})

    def rest_of(self, x: Any) -> tuple[Any, ...]:
        """The indices of an entry of the stage without the one that is summed over."""
        return tuple(x.indices[: self.place] + x.indices[self.place + 1 :])

    def at(self, rest: tuple[Any, ...], position: Any) -> tuple[Any, ...]:
        """Indices of an entry of the stage."""
        return (*rest[: self.place], position, *rest[self.place :])

    def is_exponential(self, e: Any) -> bool:
        """Whether ``e`` is ``exp(x[...])``."""
        return (
            isinstance(e, sp.exp)
            and isinstance(e.args[0], sp.Indexed)
            and e.args[0].base.label.name == self.stage.name
        )

    def summed(self, e: Any) -> "Weighted | None":
        """``sum_k a[k] exp(x[.., k, ..])`` as what it is; None if it is none."""
        if not isinstance(e, sp.Sum) or len(e.limits) != 1:
            return None
        k = bound_indices(e)[0]
        found = [f for f in sp.Mul.make_args(e.function) if self.is_exponential(f)]
        if len(found) != 1 or found[0].args[0].indices[self.place] != k:
            return None
        rest = self.rest_of(found[0].args[0])
        return None if any(k in free_indices(i) for i in rest) else Weighted(rest, k, e.function / found[0])

    def whole(self, e: Any) -> "Weighted | None":
        """``sum_k a[k] exp(x[.., k, ..])`` where no bracket leaves out a place; None if ``e`` is none."""
        found = self.summed(e)
        left_out = found is not None and any(
            found.index in b.free_symbols for b in found.weight.atoms(*BRACKETS)
        )
        return None if left_out else found

    def named(self, e: Any) -> Any:
        """``e`` with names for the exponentials, shifted or not, and for their sum."""
        found = {}
        for f in e.atoms(sp.exp):
            for x in f.args[0].atoms(sp.Indexed):
                shift = entry(self.m, self.rest_of(x)) if self.shifted else 0
                if label_of(x) == self.stage.name and f.args[0] == x - shift:
                    found[f] = entry(self.e, x.indices)
        e = e.xreplace(found)
        totals = {}
        for s in e.atoms(sp.Sum):
            k, x = bound_indices(s)[0], s.function
            if (
                len(s.limits) == 1
                and isinstance(x, sp.Indexed)
                and label_of(x) == self.e
                and x.indices[self.place] == k
            ):
                totals[s] = entry(self.Z, self.rest_of(x))
        return e.xreplace(totals)


@dataclass(frozen=True)
class Weighted:
    """A sum over ``index`` of exponentials of a stage at the other indices ``rest``, each times ``weight``."""

    rest: tuple[Any, ...]
    index: Any
    weight: Any

    def at(self, i: Any) -> Any:
        """The weight at an index."""
        return self.weight.xreplace({self.index: i})
