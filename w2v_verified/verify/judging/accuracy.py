"""How accurate the results of one call are: the tightest tier of error bounds that holds for all of them."""

from collections.abc import Hashable, Sequence
from copy import copy
from dataclasses import replace
from functools import cached_property

import numpy as np

from w2v_verified.verify.bounds.tiers import TIERS, Bounds, error_bounds
from w2v_verified.verify.cases.arguments import Arguments, copied
from w2v_verified.verify.evaluation.frames import NOT_FOLDED, Fold
from w2v_verified.verify.exact.oracle import Reference, reference, references
from w2v_verified.verify.judging.calling import Function, Returned, call, silence
from w2v_verified.verify.judging.compare import Comparison, deviations, working_dtype
from w2v_verified.verify.judging.dense import entry
from w2v_verified.verify.judging.deviation import Deviation
from w2v_verified.verify.judging.grade import Accuracy
from w2v_verified.verify.record import Record

__all__ = ["Accuracy", "Standard", "off", "right", "standard_of", "standards_of"]


class Standard:
    """What one input is judged by (its test oracle): exact values and error bounds, each computed when asked for."""

    def __init__(
        self,
        record: Record,
        arguments: Arguments,
        dtype: np.dtype[np.floating] | None = None,
        fold: Fold = NOT_FOLDED,
    ) -> None:
        self._record, self._arguments, self._fold = record, arguments, fold
        self._gradual = True
        self._result: str | None = None
        self.dtype = dtype or working_dtype(record, arguments)
        """The format that correct code computes in."""
        self._bounds: dict[str, Bounds] = {}
        self._alike: Sequence[Standard] = (self,)

    @property
    def known(self) -> bool:
        """Whether the exact values and the strict bound have been computed."""
        return "exact" in vars(self) and "strict" in self._bounds

    @staticmethod
    def prepare(record: Record, standards: Sequence["Standard"]) -> None:
        """Compute exact values and the strict bounds of several inputs, of any sizes, all in one pass."""
        unknown = [each for each in standards if not each.known]
        for dtype in {each.dtype for each in unknown}:
            alike = [each for each in unknown if each.dtype == dtype]
            for each in alike:
                each._alike = alike
            alike[0].bound("strict")
        wanted = [each.bound("strict") for each in unknown]
        folds = [each._fold for each in unknown]
        exacts = references(record, [each._arguments for each in unknown], wanted, folds)
        for each, exact in zip(unknown, exacts, strict=True):
            if exact is not None:
                vars(each)["exact"] = exact

    @cached_property
    def flushing(self) -> "Standard":
        """The same where numbers below the smallest normal one are flushed to zero."""
        standard = copy(self)
        vars(standard)["exact"] = self.exact
        standard._gradual, standard._bounds, standard._alike = False, {}, (standard,)
        return standard

    def of(self, result: str | None) -> "Standard":
        """The same for one result alone, whatever the others are; for None, for all of them."""
        vars(self)["exact"] = self.exact
        standard = copy(self)
        standard._result = result
        return standard

    def in_format(self, dtype: np.dtype[np.floating]) -> "Standard":
        """The same where another format is computed in."""
        return Standard(self._record, self._arguments, dtype, self._fold).of(self._result)

    @cached_property
    def exact(self) -> Reference:
        """The exact values."""
        return reference(self._record, self._arguments, self.bound("strict"), self._fold)

    @cached_property
    def representable(self) -> bool:
        """Whether all exact values fit in the format, and all numbers that code has: else nothing is promised."""
        largest = float(np.finfo(self.dtype).max)
        if self._record.largest > largest:
            return False
        highs = [high for high, _ in self.exact.split.values() if high.size]
        return all(-largest < high.min() and high.max() < largest for high in highs)

    def bound(self, tier: str) -> Bounds:
        """The error bounds of a tier; they are computed for all inputs that are prepared together."""
        if tier not in self._bounds:
            due = [each for each in self._alike if tier not in each._bounds]
            known = [each._bounds["strict"] for each in due if "strict" in each._bounds]
            calls = [each._arguments for each in due]
            stricts = known if len(known) == len(due) else None
            folds = [each._fold for each in due]
            found = error_bounds(
                self._record, calls, self.dtype, tier, stricts=stricts, folds=folds, gradual=self._gradual
            )
            for each, bounds in zip(due, found, strict=True):
                each._bounds[tier] = bounds
        return self._bounds[tier]

    def accuracy(self, returned: Returned) -> Accuracy:
        """Grade what a call returned."""
        worst = self.worst(returned, "strict")
        if worst is None:
            return Accuracy("strict", 0.0, "", 0.0, 0.0, "")
        first, tiers = worst, iter(TIERS[1:])
        tier: str | None = "strict"
        while worst is not None and worst.fraction > 1:
            tier = next(tiers, None)
            if tier is None:
                return _accuracy("wrong", first, self._told(worst, returned))
            worst = self.worst(returned, tier)
        return _accuracy(str(tier), first, None)

    def complaint(self, returned: Returned) -> Deviation | None:
        """What is wrong with the results of a call, or None where they are within the widest bound."""
        worst = self.worst(returned, TIERS[0])  # the cheapest to know, and most are within it
        if worst is not None and worst.fraction > 1:
            worst = self.worst(returned, TIERS[-1])
        return None if worst is None or worst.fraction <= 1 else self._told(worst, returned)

    def _told(self, worst: Deviation, returned: Returned) -> Deviation:
        typed = entry(self._record, worst.result, worst.position, returned)
        return replace(worst, entry=typed, left_out=not typed)

    def wrong(self, returned: Returned) -> dict[str, float]:
        """The results that are beyond the widest bound, each with what its worst entry is."""
        return {
            each.result: each.computed
            for each in self._deviations(returned, TIERS[-1]).deviations
            if not each.fraction <= 1
        }

    def worst(self, returned: Returned, tier: str) -> Deviation | None:
        """The worst entry of all results by the bounds of a tier."""
        return self._deviations(returned, tier).worst

    def _deviations(self, returned: Returned, tier: str) -> Comparison:
        fields = [returned[field] for field in self._record.fields]
        found = deviations(self._record, self._arguments, fields, self.exact, self.bound(tier), tier)
        if self._result is None:
            return found
        return Comparison(tier, tuple(each for each in found.deviations if each.result == self._result))


def _accuracy(tier: str, strictly: Deviation, wrong: Deviation | None) -> Accuracy:
    message = "" if wrong is None else str(wrong)
    return Accuracy(tier, strictly.fraction, strictly.result, strictly.error, strictly.bound, message, wrong)


def standard_of(record: Record, arguments: Arguments) -> Standard:
    """What an input is judged by; that of a small one is remembered, for whoever is judged on the same one next."""
    held = copied(arguments)
    values = [(name, np.asarray(value)) for name, value in held.items()]
    if sum(value.size for _, value in values) > _SMALL:
        return Standard(record, held)
    key = (record, *((name, value.dtype.str, value.shape, value.tobytes()) for name, value in values))
    if key not in _remembered:
        if len(_remembered) >= _MANY:
            del _remembered[next(iter(_remembered))]
        _remembered[key] = Standard(record, held)
    return _remembered[key]


def standards_of(record: Record, inputs: Sequence[Arguments]) -> list[Standard]:
    """``standard_of`` for every input, all of them prepared together."""
    standards = [standard_of(record, arguments) for arguments in inputs]
    Standard.prepare(record, list(dict.fromkeys(standards)))
    return standards


_SMALL, _MANY = 60, 1000  # entries of an input, inputs
_remembered: dict[Hashable, Standard] = {}


def off(record: Record, arguments: Arguments, returned: Returned) -> Deviation | None:
    """``Standard.complaint`` about one call."""
    return standard_of(record, arguments).complaint(returned)


def right(function: Function, record: Record, arguments: Arguments) -> bool:
    """Whether the plain call is right: where it is not, neither memory nor layout nor small sizes are to blame."""
    with silence():
        return off(record, arguments, call(function, record, copied(arguments))) is None
