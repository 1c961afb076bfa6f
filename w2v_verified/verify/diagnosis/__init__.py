"""Say in one sentence which known mistake gives exactly the wrong results that came back, or say nothing."""

from w2v_verified.verify.diagnosis.cancellation import by_cancellation
from w2v_verified.verify.diagnosis.mistake import diagnose

__all__ = ["by_cancellation", "diagnose"]
