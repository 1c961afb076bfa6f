"""1 minus a probability as the sum of the others over the total: at one place, or at each place of a sum over places.

Which of the two it is, and what each place is weighted by, is known before anything is rewritten.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import sympy as sp

from w2v_verified.symbolic.language.equation import Equation
from w2v_verified.symbolic.language.indices import (
    axis_of,
    bound_indices,
    canonical,
    free_indices,
    size,
    total,
)
from w2v_verified.symbolic.language.naming import entry
from w2v_verified.symbolic.rewrite.others import Others, Pair
from w2v_verified.symbolic.rewrite.singled_out import Target


@dataclass(frozen=True)
class AtOnePlace:
    """One place singled out: the sum of the others is what the total is made from, by SET-ASIDE."""

    others: Others

    def helpers(self) -> tuple[Equation, ...]:
        """The statements of what is set aside, of the others and of the total."""
        others, x, rest = self.others, self.others.softmax, self.others.softmax.rest
        everywhere, pointer = x.stage.indices, others.target.pointer
        away = 1 - sp.KroneckerDelta(x.index, pointer)
        exponentials, kept = others.entries(x.e, rest), entry(others.target.kept, rest)
        apart = others.rewriting.apply(
            "SET-ASIDE",
            others.whole(exponentials),
            {"e": exponentials, "n": pointer},
            others.axes,
            named=others.named((exponentials(pointer), kept)),
        )
        return (
            Equation(others.target.kept, rest, exponentials(pointer)),
            Equation(x.others, everywhere, away * entry(x.e, everywhere)),
            Equation(x.R, rest, canonical(total(x.index, entry(x.others, everywhere)))),
            Equation(x.Z, rest, apart),
        )

    def of_terms(self, e: Any) -> Any:
        """``c e[w] / Z - c [w = n] = c others[w] / Z - c [w = n] R / Z`` among the terms of a sum."""
        others, x = self.others, self.others.softmax
        for pair in others.pairs(e):
            exponentials = others.entries(x.e, pair.rest)
            named = others.named(
                (others.whole(exponentials), entry(x.Z, pair.rest)),
                ((1 - pair.bracket) * pair.exponential, entry(x.others, pair.exponential.indices)),
            )
            values = {"e": exponentials, "w": pair.w, "n": pair.pointer}
            e = others.rewriting.apply("COMPLEMENT", e, values, others.axes, times=pair.weight, named=named)
        return e

    def of_sum(self, e: Any) -> Any:
        """None: a sum is rewritten inside."""
        return None


@dataclass(frozen=True)
class AtEachPlace:
    """A place singled out for each value of an index that is summed over, times its ``weight``.

    The weight is by the target's own index; None if no such sum is there.
    """

    others: Others
    weight: Any

    def helpers(self) -> tuple[Equation, ...]:
        """As at one place, but the others are added up for each, and the total is a sum of its own."""
        x, target = self.others.softmax, self.others.target
        everywhere, at = x.stage.indices, target.indices
        bracket = sp.KroneckerDelta(x.index, target.pointer)
        made = [
            Equation(x.Z, (), canonical(total(x.index, entry(x.e, everywhere)))),
            Equation(target.kept, at, entry(x.e, x.at((), target.pointer))),
            Equation(x.R, at, canonical(total(x.index, (1 - bracket) * entry(x.e, everywhere)))),
        ]
        if self.weight is not None:
            hits = canonical(total(target.own[0], self.weight * bracket))
            made.append(Equation(x.hits, (x.index,), hits))
        return tuple(made)

    def of_terms(self, e: Any) -> Any:
        """As they are where the places are not summed over."""
        return e

    def of_sum(self, e: Any) -> Any:
        """``sum_c a (e[w] / Z - [w = n[c]])`` as the total weight minus what was hit, with the others of each place.

        A sum with other weights is left as it is; None for a sum that is none of these.
        """
        pair, k = _of_places(self.others, e), bound_indices(e)[0]
        if pair is None:
            return None
        others, x, c = self.others, self.others.softmax, pair.weight
        if self.weight is None or _weight(others, e) != self.weight:
            return e
        exponentials = others.entries(x.e, pair.rest)
        together = c * pair.exponential / entry(x.Z, pair.rest) - c * pair.bracket
        named = others.named(
            (others.whole(exponentials), entry(x.Z, pair.rest)),
            (total(k, c * pair.bracket), entry(x.hits, pair.exponential.indices)),
            (total(k, c), total(k, c) if k in free_indices(c) else c * size(axis_of(k))),
        )
        made = others.rewriting.apply(
            "COMPLEMENT-OF-WINDOW",
            total(k, together),
            {
                "c": lambda t: c.xreplace({k: t}),
                "e": exponentials,
                "w": pair.w,
                "n": lambda t: pair.pointer.xreplace({k: t}),
            },
            {**others.axes, "T": axis_of(k)},
            named=named,
        )
        left = e.function - together
        return made if left == 0 else total(k, left) + made


Complement: TypeAlias = AtOnePlace | AtEachPlace


def complement(target: Target, expressions: Iterable[Any]) -> Complement:
    """How the others of a target are kept in ``expressions``, whose bound indices have names of their own."""
    others = Others(target)
    if not target.own:
        return AtOnePlace(others)
    weights = (_weight(others, s) for e in expressions for s in _sums(e))
    return AtEachPlace(others, next((w for w in weights if w is not None), None))


def rewritten(e: Any, by: Complement) -> Any:
    """``e`` with LOG1P and the complement applied to its terms, inside sums too."""
    if isinstance(e, sp.Sum):
        made = by.of_sum(e)
        return e.func(rewritten(e.function, by), *e.limits) if made is None else made
    if isinstance(e, sp.Add):
        e = by.of_terms(by.others.near_zero(e))
    return e.func(*[rewritten(a, by) for a in e.args]) if isinstance(e, sp.Add | sp.Mul) else e


def _sums(e: Any) -> Iterator[Any]:
    """The sums that are rewritten in ``e``."""
    if isinstance(e, sp.Sum):
        yield e
        yield from _sums(e.function)
    if isinstance(e, sp.Add | sp.Mul):
        for a in e.args:
            yield from _sums(a)


def _of_places(others: Others, e: Any) -> Pair | None:
    """The one pair of terms in a sum over places; None if it is no such sum."""
    pairs = others.pairs(e.function) if len(e.limits) == 1 else []
    there = len(pairs) == 1 and bound_indices(e)[0] in free_indices(pairs[0].bracket)
    return pairs[0] if there else None


def _weight(others: Others, e: Any) -> Any:
    """What a sum over places weights each by, by the target's own index; None if it is none or has other indices."""
    pair, k = _of_places(others, e), bound_indices(e)[0]
    if pair is None or free_indices(pair.weight) - {k}:
        return None
    return pair.weight.xreplace({k: others.target.own[0]})
