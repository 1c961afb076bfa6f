"""The others: entries of a softmax beside the one singled out, the names for their sums, and LOG1P by them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import sympy as sp

from w2v_verified.symbolic.language.indices import (
    axis_of,
    bound_indices,
    fresh_index,
    is_pointer,
    label_of,
    total,
)
from w2v_verified.symbolic.language.naming import entry
from w2v_verified.symbolic.proof.driver import Rewriting, naming
from w2v_verified.symbolic.proof.softmax import Softmax
from w2v_verified.symbolic.rewrite.singled_out import Target, log_ratios


@dataclass(frozen=True)
class Pair:
    """The terms ``weight e[.., w, ..] / Z`` and ``-weight [w = n]`` of a sum, where ``exponential`` is the entry of e.

    ``rest`` are its indices without w.
    """

    exponential: Any
    rest: tuple[Any, ...]
    bracket: Any
    weight: Any
    w: Any

    @property
    def pointer(self) -> Any:
        """What w is compared with."""
        return next(i for i in self.bracket.args if i != self.w)


@dataclass(frozen=True)
class Others:
    """The entries beside a target's, with the facts that were applied to keep their sum."""

    target: Target
    rewriting: Rewriting = field(default_factory=Rewriting)

    @property
    def softmax(self) -> Softmax:
        """That of the target."""
        return self.target.softmax

    @property
    def axes(self) -> dict[str, str]:
        """What the axis of the facts stands for."""
        return {"V": axis_of(self.softmax.index)}

    def named(self, *pairs: tuple[Any, Any]) -> Callable[[Any], Any]:
        """Names for the sums of the others, then those of the pairs."""

        def sums(e: Any) -> Any:
            return e.xreplace({s: r for s in e.atoms(sp.Sum) if (r := self._sum_of_others(s)) is not None})

        further = naming(*pairs)
        return lambda e: further(sums(e))

    def _sum_of_others(self, s: Any) -> Any:
        """The name of ``sum_k [k != n] e[k]``; None for anything else."""
        k, x = bound_indices(s)[0], self.softmax
        away = [f for f in sp.Mul.make_args(s.function) if isinstance(1 - f, sp.KroneckerDelta)]
        if len(s.limits) > 1 or len(away) != 1 or k not in (1 - away[0]).args:
            return None
        pointer = next(i for i in (1 - away[0]).args if i != k)
        e = s.function / away[0]
        entries = [
            f for f in e.atoms(sp.Indexed) if label_of(f) in (x.e, x.s) and x.at(x.rest_of(f), k) == f.indices
        ]
        forms = [form for f in entries for form in (f, sp.exp(f)) if form == e]
        at = self.target.at(x.rest_of(entries[0]), pointer) if forms else None
        return None if at is None else entry(x.R, at)

    def entries(self, name: str, rest: tuple[Any, ...]) -> Callable[[Any], Any]:
        """The entries of a name over the softmax's index, by that."""
        return lambda i: entry(name, self.softmax.at(rest, i))

    def whole(self, entries: Callable[[Any], Any], of: Callable[[Any], Any] = lambda e: e) -> Any:
        """The sum of all entries, or of a function of them."""
        k = fresh_index(axis_of(self.softmax.index))
        return total(k, of(entries(k)))

    def near_zero(self, e: Any) -> Any:
        """A choice between ``c log Z - c s[n]`` and ``c log1p(R / e[n])`` in place of the difference.

        Exponentials that need no shift are no smaller than their quotients can bear, so the second will do.
        """
        x = self.softmax
        for rest, position, c in log_ratios(e, x):
            at = self.target.at(rest, position)
            if at is None:
                continue
            shifted, r, kept = self.entries(x.s, rest), entry(x.R, at), entry(self.target.kept, at)
            own = entry(self.target.shifted, at) if x.shifted else shifted(position)
            pairs = [
                (self.whole(shifted, sp.exp), entry(x.Z, rest)),
                (sp.exp(shifted(position)), kept),
                (sp.exp(-shifted(position)), 1 / kept),
                *([(shifted(position), own)] if x.shifted else []),
            ]
            e = self.rewriting.apply(
                "LOG1P",
                e + c * shifted(position) - c * own,
                {"x": shifted, "n": position},
                self.axes,
                times=c,
                named=self.named(*pairs),
                below=(r, kept) if x.shifted else None,
            )
        return e

    def pairs(self, e: Any) -> list[Pair]:
        """The pairs of terms of a sum."""
        if not isinstance(e, sp.Add):
            return []
        found = []
        for x in sorted(e.atoms(sp.Indexed), key=sp.default_sort_key):
            if x.base.label.name != self.softmax.e:
                continue
            rest, position = self.softmax.rest_of(x), x.indices[self.softmax.place]
            z = entry(self.softmax.Z, rest)
            c = e.coeff(x / z)
            for bracket in sorted(e.atoms(sp.KroneckerDelta), key=sp.default_sort_key):
                pointer = next((i for i in bracket.args if is_pointer(i)), None)
                at = (
                    self.target.at(rest, pointer)
                    if pointer is not None and position in bracket.args
                    else None
                )
                if at is not None and c != 0 and c * x / z in e.args and -c * bracket in e.args:
                    found.append(Pair(x, rest, bracket, c, position))
        return found
