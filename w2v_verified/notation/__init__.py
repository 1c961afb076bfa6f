"""The index notation losses and programs are written in: Python's syntax, read by `parse`."""

from w2v_verified.notation.language import FUNCTIONS, LanguageError, parse
from w2v_verified.notation.scope import resolve

__all__ = ["FUNCTIONS", "LanguageError", "parse", "resolve"]
