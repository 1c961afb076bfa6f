"""The form of a definition: every part is of the kind its field is declared to be, before anything is read from it."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import fields
from itertools import accumulate
from types import UnionType
from typing import Any, get_args, get_origin

from w2v_verified.notation import LanguageError
from w2v_verified.symbolic.definition.loss import Loss

__all__ = ["check_form"]

_WORDS: dict[type, str] = {str: "text", bool: "True or False", int: "a whole number"}
_ENDS = ("$", "`", "|", "\n")
"""What would end a formula, or the cell of a table it stands in."""
_NO_TEXT = ("Cc", "Cs")
_ESCAPED = re.compile(r"\\.")


def check_form(loss: Loss) -> None:
    """Refuse what is no text, or no tuple of what belongs there: a comma is soon forgotten.

    Raises:
        LanguageError: A part is of another kind; the message names its field, what is expected and what came.
    """
    _check_fields("", loss)


def _check_fields(where: str, part: Any) -> None:
    for field in fields(part):
        value = getattr(part, field.name)
        _check(f"{where}{field.name}", field.type, value)
        if field.name == "latex":
            for key, text in value.items() if isinstance(value, Mapping) else (("", value),):
                _check_latex(f"{where}latex{key and f': {key}'}", text, bool(key))


def _check(place: str, kind: Any, value: Any) -> None:
    """Refuse a value of a field that is declared to be texts, numbers, parts, tuples of parts or texts by texts."""
    if kind in _WORDS:
        if type(value) is not kind:
            raise LanguageError(f"{place}: expected {_WORDS[kind]}, got {_called(value)}")
        unfit = (
            [c for c in value if unicodedata.category(c) in _NO_TEXT and c not in "\n\t"]
            if kind is str
            else []
        )
        if unfit:
            raise LanguageError(f"{place}: expected text without control characters, got {unfit[0]!r}")
    elif get_origin(kind) is tuple and get_args(kind)[-1] is ...:
        _check_tuple(place, get_args(kind)[0], value)
    elif get_origin(kind) is Mapping:
        _check_mapping(place, get_args(kind)[1], value)


def _check_tuple(place: str, part: Any, value: Any) -> None:
    kinds = get_args(part) if isinstance(part, UnionType) else (part,)
    names = " or ".join(kind.__name__ for kind in kinds)
    if isinstance(value, kinds):
        raise LanguageError(f"{place}: expected a tuple, got one {_called(value)}; write a comma behind it")
    if not isinstance(value, tuple | list):
        raise LanguageError(f"{place}: expected a tuple of {names}, got {_called(value)}")
    for each in value:
        if part is str:
            _check(place, str, each)
            continue
        if not isinstance(each, kinds):
            raise LanguageError(f"{place}: expected {names}, got {_called(each)}")
        _check_fields(f"{place}: {_called(each)}: ", each)


def _check_mapping(place: str, kind: Any, value: Any) -> None:
    if not isinstance(value, Mapping):
        of = "texts" if kind is str else "numbers by texts"
        raise LanguageError(f"{place}: expected a dictionary of {of}, got {_called(value)}")
    for key, each in value.items():
        _check(f"{place}: a key", str, key)
        _check(f"{place}: {key}", kind, each)


def _check_latex(place: str, text: str, needed: bool) -> None:
    """Refuse what leaves a formula empty, would end it, or leaves it open."""
    if not text.strip() and (text or needed):
        raise LanguageError(f"{place}: expected LaTeX, got {text!r}")
    for mark in _ENDS:
        if mark in text:
            raise LanguageError(f"{place}: expected LaTeX without {mark!r}, got {text!r}")
    bare = _ESCAPED.sub("", text)
    depths = tuple(accumulate((c == "{") - (c == "}") for c in bare))
    if min(depths, default=0) < 0 or depths[-1:] not in ((), (0,)) or "\\" in bare:
        raise LanguageError(f"{place}: expected braces in pairs, got {text!r}")


def _called(value: Any) -> str:
    return "None" if value is None else type(value).__name__
