"""Steps of a proof, and how they are checked: by the normal form, then at sampled points.

The two checks share nothing: the first is algebra for all sizes of all axes, with only those rules
switched on that the step names; the second evaluates both sides at all entries, at sizes that differ
from axis to axis. Where they seem to differ, 40 digits decide, and 300 before a step is called wrong.
"""

import itertools
import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import mpmath as mp
import numpy as np

from w2v_verified.symbolic.algebra.context import Context
from w2v_verified.symbolic.algebra.normal import equal
from w2v_verified.symbolic.algebra.rules import RULES
from w2v_verified.symbolic.language.equation import Equation
from w2v_verified.symbolic.language.errors import ProofError, UndefinedError
from w2v_verified.symbolic.language.indices import axis_of, canonical, height, name_of
from w2v_verified.symbolic.proof.drawing import DIGITS, Names, entries_of, sizes_to_try, values_for
from w2v_verified.symbolic.proof.interpret import Setting
from w2v_verified.symbolic.proof.program import one_way
from w2v_verified.symbolic.proof.sampling import Numbers, Point

_MORE_DIGITS = 300
_AGREE = mp.mpf(10) ** -20
_CLOSE = 1e-9
_ENTRIES = 3
_SMALL = 3


@dataclass(frozen=True)
class ProofStep:
    """``before = after`` for all indices ``over``, by ``rules``.

    If an author ``cited`` the rules, each has to be needed. ``derived`` is what an author's claim is held against.
    """

    rules: tuple[str, ...]
    before: Any
    after: Any
    over: tuple[Any, ...]
    context: Context
    names: Names
    reason: str = ""
    cited: bool = False
    derived: str = ""

    @property
    def condition(self) -> str:
        """Under which the step is defined."""
        return "; ".join(RULES[r].condition for r in self.rules if RULES[r].condition != "none")

    @property
    def equation(self) -> str:
        """The step in the author's notation."""
        return f"{self.names.spelled(self.before, self.over)} = {self.names.spelled(self.after, self.over)}"

    @property
    def _instead(self) -> str:
        return f"; derived is {self.derived}" if self.derived else ""

    def check(self) -> None:
        """Check the step both ways.

        Raises:
            ProofError: It does not hold; the message says whether it is wrong, and where, or only not proved.
        """
        try:
            self._follow()
        except ProofError as error:
            points = self.sample()
            tried = (
                "though both sides agree at all points tried" if points else "and too large to be evaluated"
            )
            reason = f"{error}: not proved, {tried}"
            raise ProofError(reason + self._instead) from None
        self.sample()
        self._check_citations()

    def check_algebra(self) -> None:
        """Check the step by algebra, with the rules it names, each of which must be needed.

        Raises:
            ProofError: It does not follow, or names a rule too many.
        """
        self._follow()
        self._check_citations()

    def _follow(self) -> None:
        unknown = [r for r in self.rules if r not in RULES]
        if unknown:
            raise ProofError(f"{unknown[0]}: no such rule; known: {', '.join(RULES)}")
        if not self.rules:
            raise ProofError(f"{self.equation}: names no rule; known: {', '.join(RULES)}")
        reason = self._objection(self.rules)
        if reason is not None:
            raise ProofError(f"{self.equation}: does not follow by {', '.join(self.rules)}{reason}")

    def _objection(self, rules: Iterable[str]) -> str | None:
        """Why the step does not follow by the rules; None if it does."""
        context = self.context.allowing(*(r for r in rules if RULES[r].switch))
        try:
            holds = equal(one_way(self.before, context), one_way(self.after, context), context)
        except ProofError as error:
            return f": {error}"
        except RecursionError:
            return ": it is nested too deeply"
        return None if holds else ""

    def _check_citations(self) -> None:
        for rule in self.rules if self.cited else ():
            others = [r for r in self.rules if r != rule]
            idle = self.rules.count(rule) > 1 or (others and not RULES[rule].switch)
            if idle or (RULES[rule].switch and self._objection(others) is None):
                raise ProofError(f"{self.equation}: names {rule}, which it does not need")

    def by_least(self, *choices: tuple[str, ...]) -> "ProofStep":
        """The step by the first of the choices of rules that proves it, without those it does not need.

        If none does, it is the step by the last.
        """
        rules = next((c for c in choices if self._objection(c) is None), None)
        if rules is None:
            return replace(self, rules=choices[-1])
        for rule in rules:
            fewer = tuple(r for r in rules if r != rule)
            if self._objection(fewer) is None:
                rules = fewer
        return replace(self, rules=rules or ("ALGEBRA",))

    def sample(self) -> int:
        """Evaluate both sides at sampled points; at how many there were values.

        Raises:
            ProofError: They differ somewhere, or are not defined.
        """
        points = 0
        for n, sizes in enumerate(sizes_to_try(self._axes, self.context.least, self._across)):
            values = values_for(self.names, sizes, random.Random(n))
            if values is None:
                continue
            points += 1
            try:
                self._compare(sizes, values, exactly=points == 1)
            except UndefinedError as error:
                raise ProofError(f"{self.equation}: {error} at {_said(sizes)}", wrong=True) from None
        return points

    @property
    def _axes(self) -> tuple[str, ...]:
        return tuple(sorted({*self.names.axes, *(axis_of(i) for i in self.over)}))

    @property
    def _across(self) -> int:
        """How many indices the larger side has at once."""
        return max(height(self.before), height(self.after)) + len(self.over)

    def _compare(self, sizes: Mapping[str, int], values: dict[str, Numbers], exactly: bool) -> None:
        definitions = dict(self.context.definitions)
        for held in self.names.held:
            definitions.pop(held.name, None)
        try:
            with np.errstate(all="ignore"):
                rounded = {n: a.astype(complex) if a.dtype == object else a for n, a in values.items()}
                point = Point(sizes, rounded, {d.name: d for d in self.names.held})
                arrays = rounded | {d.name: point.entries(d.name) for d in self.names.held}
                point = Point(sizes, arrays, definitions)
                left, right = (
                    point.value(canonical(side)).over(self.over) for side in (self.before, self.after)
                )
                off = np.abs(left - right) / (1 + np.abs(left))
            if not (np.all(np.isfinite(left)) and np.all(np.isfinite(right))):
                raise OverflowError("too large for floating point")
            off = np.broadcast_to(off, tuple(sizes[axis_of(i)] for i in self.over))
            suspects = _place_of_largest(off)
            doubtful = bool(off.size) and not float(off.max()) <= _CLOSE
        except (NotImplementedError, OverflowError, UndefinedError):
            suspects = list(itertools.product(*(range(sizes[axis_of(i)]) for i in self.over)))[:_ENTRIES]
            doubtful = max(sizes.values(), default=0) <= _SMALL
        if doubtful or exactly:
            self._compare_exactly(sizes, values, definitions, suspects)

    def _compare_exactly(
        self,
        sizes: Mapping[str, int],
        values: Mapping[str, Numbers],
        definitions: dict[str, Equation],
        entries: list[tuple[int, ...]],
    ) -> None:
        for place in entries:
            at = dict(zip(self.over, place, strict=True))
            for digits in (DIGITS, _MORE_DIGITS):
                try:
                    left, right = self._exactly(sizes, values, definitions, at, digits)
                except OverflowError:
                    return  # a tower of exponentials: nothing is learned here
                if abs(left - right) <= _AGREE * (1 + abs(left)):
                    break
            else:
                shown = next((n for n in (8, 20) if mp.nstr(left, n) != mp.nstr(right, n)), DIGITS)
                where = {**sizes, **{name_of(i): n for i, n in at.items()}}
                raise ProofError(
                    f"{self.equation}: wrong: {mp.nstr(left, shown)} is not {mp.nstr(right, shown)} at {_said(where)}"
                    f"{self._instead}",
                    wrong=True,
                )

    def _exactly(
        self,
        sizes: Mapping[str, int],
        values: Mapping[str, Numbers],
        definitions: dict[str, Equation],
        at: Mapping[Any, int],
        digits: int,
    ) -> tuple[Any, Any]:
        """Both sides at one entry, to so many digits."""
        with mp.workdps(digits):
            setting = Setting(sizes, {name: entries_of(array) for name, array in values.items()})
            setting.run(self.names.held)
            setting.definitions |= {n: d for n, d in definitions.items() if n not in setting.values}
            left, right = (setting.value(canonical(side), at) for side in (self.before, self.after))
            return left, right


def _place_of_largest(x: Numbers) -> list[tuple[int, ...]]:
    """The place of the largest entry, if there is any."""
    return [tuple(int(n) for n in np.unravel_index(int(np.argmax(x)), x.shape))] if x.size else []


def _said(values: Mapping[str, int]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in values.items()) or "the only point there is"
