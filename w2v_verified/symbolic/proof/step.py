"""Steps of a proof, and how they are checked: by the normal form, then at sampled points.

The two checks share nothing: the first is algebra for all sizes of all axes, with only those rules
switched on that the step names; the second evaluates both sides at all entries, at sizes that differ
from axis to axis. Where they seem to differ, 40 digits decide, and 300 before a step is called wrong.

Where algebra cannot decide a step, evaluation does what it can: at more sizes, up to 12, both sides have to agree in
300 digits. Such a step is checked at sampled points, and not proved.
"""

import itertools
import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import prod
from typing import Any

import mpmath as mp
import numpy as np

from w2v_verified.notation.messages import shortened
from w2v_verified.symbolic.algebra.context import Context
from w2v_verified.symbolic.algebra.normal import equal
from w2v_verified.symbolic.algebra.rules import RULES, SWITCHES, WIDE
from w2v_verified.symbolic.algebra.work import Effort
from w2v_verified.symbolic.language.equation import Equation
from w2v_verified.symbolic.language.errors import LimitError, ProofError, UndefinedError
from w2v_verified.symbolic.language.indices import (
    BINDERS,
    axis_of,
    bound_indices,
    canonical,
    height,
    name_of,
)
from w2v_verified.symbolic.proof.drawing import (
    DIGITS,
    ENOUGH,
    MORE_DIGITS,
    Names,
    entries_of,
    more_sizes,
    sizes_to_try,
    values_for,
)
from w2v_verified.symbolic.proof.interpret import Setting
from w2v_verified.symbolic.proof.program import one_way
from w2v_verified.symbolic.proof.sampling import Numbers, Point
from w2v_verified.symbolic.proof.watching import at_work_on

SAMPLED = "checked at sampled points, not proved"
"""What is said of a step that evaluation confirms and algebra cannot decide."""

_AGREE = mp.mpf(10) ** -20
_AGREE_CLOSELY = mp.mpf(10) ** -60
_CLOSE = 1e-9
_ENTRIES = 3
_SMALL = 3
_MOST_TERMS = 2_000


@dataclass(frozen=True)
class _Objection:
    """Why a step does not follow by some rules; it is ``open`` if that says nothing about whether it is true."""

    reason: str
    open: bool


@dataclass(frozen=True)
class ProofStep:
    """``before = after`` for all indices ``over``, by ``rules``.

    If an author ``cited`` the rules, each has to be needed. ``derived`` is what an author's claim is held against.
    A ``title`` is what the step is called where its equation says nothing. The ``effort`` is that of all steps of its
    derivation.
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
    title: str = ""
    effort: Effort = field(default_factory=Effort, compare=False, repr=False)
    _tried: dict[tuple[Any, Any, Context], _Objection | None] = field(
        default_factory=dict, compare=False, repr=False
    )

    @property
    def condition(self) -> str:
        """Under which the step is defined."""
        return "; ".join(RULES[r].condition for r in self.rules if RULES[r].condition != "none")

    @property
    def equation(self) -> str:
        """The step in the author's notation, or its title."""
        if self.title:
            return self.title
        return f"{self.names.spelled(self.before, self.over)} = {self.names.spelled(self.after, self.over)}"

    @property
    def _instead(self) -> str:
        return f"; derived is {self.derived}" if self.derived else ""

    def check(self) -> None:
        """Check the step both ways.

        Where algebra cannot decide it, that it `is_proved` is false, and both sides agree at sampled points.

        Raises:
            ProofError: It does not hold; the message says whether it is wrong, and where, or only not proved.
        """
        if self.is_proved:
            self.sample()
            self._check_citations()

    def check_algebra(self) -> None:
        """Check the step by algebra, with the rules it names, each of which must be needed.

        Raises:
            ProofError: It does not follow, or names a rule too many.
        """
        self._check_named()
        objection = self._objection(self.rules)
        if objection is not None:
            raise ProofError(self._unproved(objection))
        self._check_citations()

    @property
    def follows(self) -> bool:
        """Whether the step follows by the rules it names, as far as algebra can tell."""
        return self._objection(self.rules) is None

    @cached_property
    def is_proved(self) -> bool:
        """Whether algebra proves the step; if not, it cannot decide it, and evaluation confirms it.

        Raises:
            ProofError: The step is wrong, or it is not proved and not confirmed either.
        """
        self._check_named()
        objection = self._objection(self.rules)
        if objection is None:
            return True
        points = self.sample(closely=True)
        reason = self._unproved(objection)
        if not objection.open:
            raise ProofError(f"{reason}: not proved{self._instead}")
        enough = self.cited and self._by_more_rules()
        if enough:
            raise ProofError(f"{reason}: not proved, though it does by {' '.join(enough)}")
        if points < ENOUGH:
            raise ProofError(
                f"{reason}: not proved, and evaluated at {points} of the {ENOUGH} points that would confirm it"
                f"{self._instead}"
            )
        return False

    def settle(self) -> None:
        """See to it that the step is proved, or confirmed where algebra cannot decide it.

        Raises:
            ProofError: It is neither.
        """
        _ = self.is_proved

    @property
    def why(self) -> str:
        """The rules that prove the step, each of which must be needed, or that it is only checked at sampled points.

        Raises:
            ProofError: It is neither, or names a rule too many.
        """
        if not self.is_proved:
            return SAMPLED
        self._check_citations()
        return ", ".join(self.rules)

    @property
    def unproved(self) -> str:
        """What there is to say of a step that is confirmed and not proved."""
        objection = self._objection(self.rules)
        assert objection is not None
        rules = ", ".join(self.rules)
        undecided = f"{SAMPLED}: the prover cannot decide it by {rules}{objection.reason}"
        return f"{shortened(self.equation)}: {undecided}{self._instead}"

    def _unproved(self, objection: _Objection) -> str:
        return f"{shortened(self.equation)}: does not follow by {', '.join(self.rules)}{objection.reason}"

    def _check_named(self) -> None:
        unknown = [r for r in self.rules if r not in RULES]
        if unknown:
            raise ProofError(f"{unknown[0]}: no such rule; known: {', '.join(RULES)}")
        if not self.rules:
            raise ProofError(f"{self.equation}: names no rule; known: {', '.join(RULES)}")

    def _by_more_rules(self) -> tuple[str, ...]:
        """Rules by which the step follows; none if it does by none."""
        known = SWITCHES - (set() if self.names.orthogonal else {"ORTHOGONAL"})
        known -= set() if self.names.one_to_one else {"ONE-TO-ONE"}
        step = self.by_least((*sorted(WIDE), *sorted(known - WIDE)))
        return step.rules if step._objection(step.rules) is None else ()

    def _objection(self, rules: Iterable[str], effort: Effort | None = None) -> _Objection | None:
        """Why the step does not follow by the rules, found with an ``effort`` of its own if given; None if it does."""
        context = self.context.allowing(*(r for r in rules if RULES[r].switch))
        tried = (self.before, self.after, context)
        if tried not in self._tried:
            with (effort or self.effort).spent():
                self._tried[tried] = self._objection_by(context)
        return self._tried[tried]

    def _objection_by(self, context: Context) -> _Objection | None:
        at_work_on(self)
        try:
            holds = equal(one_way(self.before, context), one_way(self.after, context), context)
        except LimitError as error:
            return _Objection(f": {error}", open=True)
        except RecursionError:
            return _Objection(": it is nested too deeply", open=True)
        except ProofError as error:
            return _Objection(f": {error}", open=False)
        return None if holds else _Objection("", open=True)

    def _check_citations(self) -> None:
        for rule in self.rules if self.cited else ():
            others = [r for r in self.rules if r != rule]
            idle = self.rules.count(rule) > 1 or (others and not RULES[rule].switch)
            if idle or (RULES[rule].switch and self._objection(others, Effort()) is None):
                raise ProofError(f"{self.equation}: names {rule}, which it does not need")

    def by_least(self, *choices: tuple[str, ...]) -> "ProofStep":
        """The step `by_first` of the choices, without the rules it does not need."""
        step = self.by_first(*choices)
        if self._objection(step.rules) is not None:
            return step
        rules = step.rules
        for rule in rules:
            fewer = tuple(r for r in rules if r != rule)
            if self._objection(fewer) is None:
                rules = fewer
        return replace(self, rules=rules or ("ALGEBRA",))

    def by_first(self, *choices: tuple[str, ...]) -> "ProofStep":
        """The step by the first of the choices of rules that proves it; by the last if none does."""
        rules = next((c for c in choices if self._objection(c) is None), choices[-1])
        return replace(self, rules=rules)

    def sample(self, closely: bool = False) -> int:
        """Evaluate both sides at sampled points; at how many there were values, of something at every size but 0.

        If ``closely``, there are more points, and what is compared there is compared in 300 digits.

        Raises:
            ProofError: They differ somewhere, or are not defined.
        """
        points, exactly = 0, True
        for n, sizes in enumerate(self._sizes(closely)):
            values = values_for(self.names, sizes, random.Random(n), MORE_DIGITS if closely else DIGITS)
            if values is None:
                continue
            try:
                compared = self._compare(sizes, values, exactly=exactly, closely=closely)
            except UndefinedError as error:
                raise ProofError(f"{self.equation}: {error} at {_said(sizes)}", wrong=True) from None
            points += compared and all(size for axis, size in sizes.items() if axis not in self.context.fixed)
            exactly = False
        return points

    def _sizes(self, closely: bool) -> Iterator[dict[str, int]]:
        fixed = self.context.fixed
        tried = sizes_to_try(self._axes, self.context.least, self._across, fixed)
        if not closely:
            return tried
        further = ({**sizes, **fixed} for sizes in more_sizes(self._axes, self.context.least))
        every = itertools.chain(tried, further)
        return (s for s in every if max(_terms(self.before, s), _terms(self.after, s)) <= _MOST_TERMS)

    @property
    def _axes(self) -> tuple[str, ...]:
        return tuple(sorted({*self.names.axes, *(axis_of(i) for i in self.over), *self.context.fixed}))

    @property
    def _across(self) -> int:
        """How many indices the larger side has at once."""
        return max(height(self.before), height(self.after)) + len(self.over)

    def _compare(
        self, sizes: Mapping[str, int], values: dict[str, Numbers], exactly: bool, closely: bool
    ) -> bool:
        """Compare both sides at all entries; whether there was anything to compare and it had values."""
        definitions = dict(self.context.definitions)
        for held in self.names.held:
            definitions.pop(held.name, None)
        places = [range(sizes[axis_of(i)]) for i in self.over]
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
            off = np.broadcast_to(off, tuple(map(len, places)))
            suspects = _place_of_largest(off)
            doubtful = bool(off.size) and not float(off.max()) <= _CLOSE
        except (NotImplementedError, OverflowError, UndefinedError):
            suspects = list(itertools.islice(itertools.product(*places), _ENTRIES))
            doubtful = closely or max(sizes.values(), default=0) <= _SMALL
        if closely and suspects:
            source = random.Random(len(suspects))
            suspects = [suspects[0], tuple(map(source.choice, places))]
        if doubtful or exactly or closely:
            return self._compare_exactly(sizes, values, definitions, dict.fromkeys(suspects), closely)
        return bool(suspects)

    def _compare_exactly(
        self,
        sizes: Mapping[str, int],
        values: Mapping[str, Numbers],
        definitions: dict[str, Equation],
        entries: Iterable[tuple[int, ...]],
        closely: bool,
    ) -> bool:
        """Compare both sides at some entries; whether there are any and all have values."""
        ways = [(MORE_DIGITS, _AGREE_CLOSELY)] if closely else [(DIGITS, _AGREE), (MORE_DIGITS, _AGREE)]
        place: tuple[int, ...] | None = None
        for place in entries:
            at = dict(zip(self.over, place, strict=True))
            for digits, close in ways:
                try:
                    left, right = self._exactly(sizes, values, definitions, at, digits)
                except OverflowError:
                    return False  # a tower of exponentials: nothing is learned here
                if abs(left - right) <= close * (1 + abs(left)):
                    break
            else:
                shown = next((n for n in (8, 20) if mp.nstr(left, n) != mp.nstr(right, n)), DIGITS)
                where = {**sizes, **{name_of(i): n for i, n in at.items()}}
                raise ProofError(
                    f"{self.equation}: wrong: {mp.nstr(left, shown)} is not {mp.nstr(right, shown)} at {_said(where)}"
                    f"{self._instead}",
                    wrong=True,
                )
        return place is not None

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


def _terms(e: Any, sizes: Mapping[str, int]) -> int:
    """How many terms the sums in ``e`` have, one inside another."""
    inner = max((_terms(a, sizes) for a in e.args), default=1)
    return inner * prod(sizes[axis_of(i)] for i in bound_indices(e)) if isinstance(e, BINDERS) else inner


def _place_of_largest(x: Numbers) -> list[tuple[int, ...]]:
    """The place of the largest entry, if there is any."""
    return [tuple(int(n) for n in np.unravel_index(int(np.argmax(x)), x.shape))] if x.size else []


def _said(values: Mapping[str, int]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in values.items()) or "the only point there is"
