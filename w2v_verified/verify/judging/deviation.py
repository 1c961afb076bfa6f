"""The entry of a result that is worst for its bound, as data and as a sentence."""

import math
from dataclasses import dataclass

__all__ = ["Deviation"]

_PLAIN, _ALL = 6, 17  # digits
_EVIDENT = 1e-3  # of a number: a difference that six digits show
_NOTICED = 1e-6


@dataclass(frozen=True, slots=True)
class Deviation:
    """The entry of one result that is worst for its bound.

    Attributes:
        result: Which result.
        fraction: |computed - exact| / bound: at most 1 if right, infinite if computed is NaN or infinite, or left out
            of a gradient that comes by column.
        position: Where in the result.
        computed: What came back.
        exact: What is right, to the nearest float64.
        error: Their distance.
        bound: What rounding explains of it.
        entry: The entry of what was returned as it can be typed, or "" where that is not known.
        left_out: Whether there is no such entry, for its column did not come.
    """

    result: str
    fraction: float
    position: tuple[int, ...]
    computed: float
    exact: float
    error: float
    bound: float
    entry: str = ""
    left_out: bool = False

    def __str__(self) -> str:
        where = f"[{', '.join(map(str, self.position))}]" if self.position else ""
        left_out = ", whose column is left out," if self.left_out else ""
        digits = self._digits()
        seen = (
            f"{self.entry or self.result + where}{left_out} is {self.computed:.{digits}g} and should be"
            f" {self.exact:.{digits}g}"
        )
        if self._is_evident():
            return seen
        return f"{seen}: off by {self.error:.2g}, of which rounding explains {self.bound:.2g}"

    def _is_evident(self) -> bool:
        return not math.isfinite(self.error) or self.error > max(_NOTICED, _EVIDENT * self._largest())

    def _largest(self) -> float:
        return max(abs(self.computed), abs(self.exact))

    def _digits(self) -> int:
        """As many as it takes to tell the two numbers apart."""
        if not math.isfinite(self.error) or not self.error > 0 or not math.isfinite(self._largest()):
            return _PLAIN
        return min(_ALL, max(_PLAIN, math.ceil(math.log10(self._largest() / self.error)) + 2))
