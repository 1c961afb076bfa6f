"""The grade of one call, as data."""

from dataclasses import dataclass

from w2v_verified.verify.judging.deviation import Deviation

__all__ = ["Accuracy"]


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
        deviation: The entry that is wrong, where the tier is "wrong".
    """

    tier: str
    fraction: float
    result: str
    error: float
    bound: float
    message: str
    deviation: Deviation | None = None
