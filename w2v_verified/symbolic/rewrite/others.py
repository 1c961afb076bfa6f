"""Expressions rewritten to keep the sum of the others: where SET-ASIDE, COMPLEMENT and LOG1P are applied."""

from collections.abc import Callable
from typing import Any

import sympy as sp

from w2v_verified.symbolic.language.equation import Equation
from w2v_verified.symbolic.language.indices import (
    axis_of,
    bound_indices,
    canonical,
    free_indices,
    fresh_index,
    is_pointer,
    label_of,
    size,
    total,
)
from w2v_verified.symbolic.language.naming import entry
from w2v_verified.symbolic.proof.driver import Rewriting, naming
from w2v_verified.symbolic.rewrite.singled_out import Target, log_ratios


class Single:
    """One place singled out: the sum of the others is what the total is made from."""

    def __init__(self, target: Target) -> None:
        self.target, self.softmax = target, target.softmax
        self.rewriting = Rewriting()
        self.axes = {"V": axis_of(self.softmax.index)}

    def _named(self, *pairs: tuple[Any, Any]) -> Callable[[Any], Any]:
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

    def _entries(self, name: str, rest: tuple[Any, ...]) -> Callable[[Any], Any]:
        return lambda i: entry(name, self.softmax.at(rest, i))

    def _whole(self, entries: Callable[[Any], Any], of: Callable[[Any], Any] = lambda e: e) -> Any:
        """The sum of all entries, or of a function of them."""
        k = fresh_index(axis_of(self.softmax.index))
        return total(k, of(entries(k)))

    def helpers(self) -> tuple[Equation, ...]:
        """The statements of what is set aside, of the others and of the total."""
        x, rest = self.softmax, self.softmax.rest
        everywhere = x.stage.indices
        pointer = self.target.pointer
        away = 1 - sp.KroneckerDelta(x.index, pointer)
        exponentials, kept = self._entries(x.e, rest), entry(self.target.kept, rest)
        values = {"e": exponentials, "n": pointer}
        apart = self.rewriting.apply(
            "SET-ASIDE",
            self._whole(exponentials),
            values,
            self.axes,
            named=self._named((exponentials(pointer), kept)),
        )
        return (
            Equation(self.target.kept, rest, exponentials(pointer)),
            Equation(x.others, everywhere, away * entry(x.e, everywhere)),
            Equation(x.R, rest, canonical(total(x.index, entry(x.others, everywhere)))),
            Equation(x.Z, rest, apart),
        )

    def rewritten(self, e: Any) -> Any:
        """``e`` with LOG1P and COMPLEMENT applied to its terms, inside sums too."""
        if not isinstance(e, sp.Add | sp.Mul | sp.Sum):
            return e
        if isinstance(e, sp.Add):
            e = self.complement(self.near_zero(e))
        if isinstance(e, sp.Sum):
            return e.func(self.rewritten(e.function), *e.limits)
        return e.func(*[self.rewritten(a) for a in e.args]) if isinstance(e, sp.Add | sp.Mul) else e

    def near_zero(self, e: Any) -> Any:
        """A choice between ``c log Z - c s[n]`` and ``c log1p(R / e[n])`` in place of the difference.

        Exponentials that need no shift are no smaller than their quotients can bear, so the second will do.
        """
        x = self.softmax
        for rest, position, c in log_ratios(e, x):
            at = self.target.at(rest, position)
            if at is None:
                continue
            shifted, r, kept = self._entries(x.s, rest), entry(x.R, at), entry(self.target.kept, at)
            own = entry(self.target.shifted, at) if x.shifted else shifted(position)
            pairs = [
                (self._whole(shifted, sp.exp), entry(x.Z, rest)),
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
                named=self._named(*pairs),
                below=(r, kept) if x.shifted else None,
            )
        return e

    def complement(self, e: Any) -> Any:
        """``c e[w] / Z - c [w = n] = c others[w] / Z - c [w = n] R / Z``."""
        x = self.softmax
        for f, bracket, c in self.pairs(e):
            rest, w = x.rest_of(f), f.indices[x.place]
            exponentials = self._entries(x.e, rest)
            pairs = (
                (self._whole(exponentials), entry(x.Z, rest)),
                ((1 - bracket) * f, entry(x.others, f.indices)),
            )
            values = {"e": exponentials, "w": w, "n": next(i for i in bracket.args if i != w)}
            e = self.rewriting.apply("COMPLEMENT", e, values, self.axes, times=c, named=self._named(*pairs))
        return e

    def pairs(self, e: Any) -> list[tuple[Any, Any, Any]]:
        """The pairs of terms ``c e[w] / Z`` and ``-c [w = n]`` of a sum, as e[w], the bracket and c."""
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
                    found.append((x, bracket, c))
        return found


class Window(Single):
    """A place singled out for each value of an index that is summed over."""

    def __init__(self, target: Target) -> None:
        super().__init__(target)
        self.coefficient: Any = None

    def helpers(self) -> tuple[Equation, ...]:
        """As for one place; the others are added up for each, and the total is a sum of its own."""
        x, at = self.softmax, self.target.indices
        pointer, everywhere = self.target.pointer, x.stage.indices
        bracket = sp.KroneckerDelta(x.index, pointer)
        made = [
            Equation(x.Z, (), canonical(total(x.index, entry(x.e, everywhere)))),
            Equation(self.target.kept, at, entry(x.e, x.at((), pointer))),
            Equation(x.R, at, canonical(total(x.index, (1 - bracket) * entry(x.e, everywhere)))),
        ]
        if self.coefficient is not None:
            hits = canonical(total(self.target.own[0], self.coefficient * bracket))
            made.append(Equation(x.hits, (x.index,), hits))
        return tuple(made)

    def rewritten(self, e: Any) -> Any:
        """As for one place; a sum over the places becomes the total weight minus what was hit."""
        if isinstance(e, sp.Sum) and len(e.limits) == 1:
            pairs = self.pairs(e.function)
            k = bound_indices(e)[0]
            if len(pairs) == 1 and k in free_indices(pairs[0][1]):
                return self.hit(e.function, k, *pairs[0])
        return super().rewritten(e)

    def hit(self, body: Any, k: Any, f: Any, bracket: Any, c: Any) -> Any:
        """``sum_c a (e[w] / Z - [w = n[c]])`` with the others of each place."""
        x, own = self.softmax, self.target.own[0]
        if self.coefficient not in (None, c.xreplace({k: own})) or free_indices(c) - {k}:
            return total(k, body)
        self.coefficient = c.xreplace({k: own})
        rest, w = x.rest_of(f), f.indices[x.place]
        exponentials = self._entries(x.e, rest)
        pointer = next(i for i in bracket.args if i != w)
        together = c * f / entry(x.Z, rest) - c * bracket
        pairs = (
            (self._whole(exponentials), entry(x.Z, rest)),
            (total(k, c * bracket), entry(x.hits, f.indices)),
            (total(k, c), size(axis_of(k)) if c == 1 else total(k, c)),
        )
        made = self.rewriting.apply(
            "COMPLEMENT-OF-WINDOW",
            total(k, together),
            {
                "c": lambda t: c.xreplace({k: t}),
                "e": exponentials,
                "w": w,
                "n": lambda t: pointer.xreplace({k: t}),
            },
            {**self.axes, "T": axis_of(k)},
            named=self._named(*pairs),
        )
        left = body - together
        return made if left == 0 else total(k, left) + made

    def complement(self, e: Any) -> Any:
        """Left as it is where the places are not summed over."""
        return e
