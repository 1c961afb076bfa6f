"""How accurate the results of one call are: the tightest tier of error bounds that holds for all of them."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from w2v_verified.verify.arguments import Arguments, copied
from w2v_verified.verify.bounds import TIERS, error_bound
from w2v_verified.verify.calling import Function, Returned, call, silence
from w2v_verified.verify.compare import Deviation, deviations, working_dtype
from w2v_verified.verify.oracle import Reference, reference
from w2v_verified.verify.record import Record

__all__ = ["Accuracy", "Standard", "off", "right", "standard_of"]


@dataclass(frozen=True)
class Accuracy:
    """The grade of one call.

    Attributes:
        tier: The tightest of the tiers of ``error_bound`` that holds, or "wrong".
        fraction: The worst error as a fraction of the strict bound.
        result: Where that is: the name of a result ("" if there is nothing to compare).
        error: How large that error is.
        bound: The strict bound of it.
        message: What is wrong, as a sentence, where the tier is "wrong".
    """

    tier: str
    fraction: float
    result: str
    error: float
    bound: float
    message: str


class Standard:
    """What one input is judged by: exact values and error bounds, each computed once and when asked for."""

    def __init__(
        self, record: Record, arguments: Arguments, dtype: np.dtype[np.floating] | None = None
    ) -> None:
        self._record, self._arguments = record, arguments
        self.dtype = dtype or working_dtype(record, arguments)
        """The format that correct code computes in."""
        self._bounds: dict[str, Mapping[str, NDArray[np.float64]]] = {}

    @property
    def known(self) -> bool:
        """Whether the exact values and the strict bound have been computed."""
        return "exact" in vars(self) and "strict" in self._bounds

    def prepare(self, strict: Mapping[str, NDArray[np.float64]], exact: Reference | None) -> None:
        """Take over what was computed elsewhere: the strict bound, and the exact values where they are known."""
        self._bounds["strict"] = strict
        if exact is not None:
            vars(self)["exact"] = exact

    @cached_property
    def exact(self) -> Reference:
        """The exact values."""
        return reference(self._record, self._arguments, wanted=self.bound("strict"))

    @cached_property
    def representable(self) -> bool:
        """Whether all exact values fit in the format: nothing is promised where they do not."""
        largest = float(np.finfo(self.dtype).max)
        return all(bool(np.all(np.abs(high) < largest)) for high, _ in self.exact.split.values())

    def bound(self, tier: str) -> Mapping[str, NDArray[np.float64]]:
        """The error bounds of a tier."""
        if tier not in self._bounds:
            known = self._bounds.get("strict")
            self._bounds[tier] = error_bound(self._record, self._arguments, self.dtype, tier, strict=known)
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
                return _accuracy("wrong", first, _sentence(worst))
            worst = self.worst(returned, tier)
        return _accuracy(str(tier), first, "")

    def complaint(self, returned: Returned) -> str | None:
        """Say what is wrong with the results of a call, or return None where they are within the widest bound."""
        worst = self.worst(returned, TIERS[0])  # the cheapest to know, and most are within it
        if worst is not None and worst.fraction > 1:
            worst = self.worst(returned, TIERS[-1])
        return None if worst is None or worst.fraction <= 1 else _sentence(worst)

    def worst(self, returned: Returned, tier: str) -> Deviation | None:
        """The worst entry of all results by the bounds of a tier."""
        fields = [returned[field] for field in self._record.fields]
        return deviations(self._record, self._arguments, fields, self.exact, self.bound(tier), tier).worst


def _accuracy(tier: str, strictly: Deviation, message: str) -> Accuracy:
    return Accuracy(tier, strictly.fraction, strictly.result, strictly.error, strictly.bound, message)


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


_SMALL, _MANY = 60, 1000  # entries of an input, inputs
_remembered: dict[Hashable, Standard] = {}


def off(record: Record, arguments: Arguments, returned: Returned) -> str | None:
    """``Standard.complaint`` about one call."""
    return standard_of(record, arguments).complaint(returned)


def right(function: Function, record: Record, arguments: Arguments) -> bool:
    """Whether the plain call is right: where it is not, neither memory nor layout nor small sizes are to blame."""
    with silence():
        return off(record, arguments, call(function, record, copied(arguments))) is None


def _sentence(worst: Deviation) -> str:
    place = f"[{', '.join(map(str, worst.position))}]" if worst.position else ""
    seen = f"{worst.result}{place} is {worst.computed:.17g}, but exactly {worst.exact:.17g}"
    if not np.isfinite(worst.fraction):
        return seen
    return f"{seen}: the error {worst.error:.2g} is {worst.fraction:.3g} times its bound"
