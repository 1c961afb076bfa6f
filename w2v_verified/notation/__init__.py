"""The index notation losses and programs are written in: Python's syntax, read by `parse`."""

from w2v_verified.notation.language import FUNCTIONS, PI, LanguageError, parse
from w2v_verified.notation.signature import Signature

__all__ = ["FUNCTIONS", "PI", "LanguageError", "Signature", "parse"]
