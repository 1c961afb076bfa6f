"""What a definition must be before anything is derived from it; refusals say what to change."""

import keyword
import math
import reprlib
import unicodedata
from collections import Counter
from collections.abc import Sized

from w2v_verified.notation import FUNCTIONS, PI, LanguageError
from w2v_verified.symbolic.definition.arguments import Array, Position
from w2v_verified.symbolic.definition.form import check_form
from w2v_verified.symbolic.definition.loss import CHAIN, Loss
from w2v_verified.symbolic.language.intervals import declared
from w2v_verified.symbolic.language.reserved import OF_METHODS, RESERVED, result_name

_LARGEST_MINIMUM = 5
"""Every step is evaluated with axes of so many places, and of more."""
_WORDS = FUNCTIONS | {"sum", "max", "diff"}


def check_free(kind: str, name: str) -> None:
    """Refuse a name that generated code needs for something else.

    Raises:
        LanguageError: It is such a name.
    """
    if name in RESERVED:
        raise _taken(kind, name)


def check_name(kind: str, name: str) -> None:
    """Refuse what is no name, and a name that a function of the notation or a derivative could have.

    Raises:
        LanguageError: It is such a name.
    """
    _check_identifier(kind, name)
    if name.startswith(("grad_", "_")) or name in _WORDS:
        raise _taken(kind, name)


def check_alone(kind: str, name: str, axes: Sized) -> None:
    """Refuse a name that stands for a number wherever it is written without indices.

    Raises:
        LanguageError: It is such a name, of something without ``axes``.
    """
    if name == PI and not axes:
        raise LanguageError(
            f"{kind} {name}: this is the number pi where it has no index; choose another name"
        )


def _check_identifier(kind: str, name: str) -> None:
    if not name.isidentifier() or keyword.iskeyword(name):
        raise LanguageError(f"{kind} {name!r}: expected a Python name that is no keyword")
    if unicodedata.normalize("NFKC", name) != name:
        raise LanguageError(f"{kind} {name!r}: Python reads this as {unicodedata.normalize('NFKC', name)!r}")


def _taken(kind: str, name: str) -> LanguageError:
    return LanguageError(
        f"{kind} {name}: this name is used by the notation or by generated code; choose another"
    )


def _check_values(loss: Loss) -> None:
    """Refuse what is declared of the values of arguments where it says nothing, or says two things."""
    behind = ""
    for a in loss.arguments:
        if isinstance(a, Array):
            check_range(a)
            if a.default is not None:
                _check_default(a)
                behind = a.name
                continue
        if behind:
            raise LanguageError(
                f"argument {a.name}: expected a default, or a place in front of {behind}, which has one"
            )


def check_range(a: Array) -> None:
    """Refuse what is declared of the values of an array where it says two things, or is no range.

    Raises:
        LanguageError: It does.
    """
    words = [word for word in ("positive", "nonnegative", "between") if getattr(a, word) not in (False, None)]
    if len(words) > 1:
        raise LanguageError(f"argument {a.name}: expected one of {' and '.join(words)}")
    if a.between is None:
        return
    form = f"argument {a.name}: between: expected two numbers, the smaller one in front"
    if not isinstance(a.between, tuple | list) or len(a.between) != 2:
        raise LanguageError(f"{form}, got {a.between!r}")
    if not all(_is_number(x) for x in a.between) or not a.between[0] < a.between[1]:
        raise LanguageError(f"{form}, got {a.between!r}")


def _check_default(a: Array) -> None:
    if a.axes.split():
        raise LanguageError(f"argument {a.name}: expected no default for an array with axes")
    assert a.default is not None
    if not _is_number(a.default) or math.isinf(a.default):
        raise LanguageError(f"argument {a.name}: default: expected a number, got {a.default!r}")
    if not a.range.contains(declared(a.default, a.default).low):
        raise LanguageError(f"argument {a.name}: default: expected {a.admitted}, got {a.default!r}")


def _is_number(x: object) -> bool:
    return isinstance(x, int | float) and not isinstance(x, bool) and not math.isnan(x)


def _check_results(loss: Loss) -> None:
    """Refuse a formula in a result of a section that no chain of it proves."""
    for section in loss.sections:
        known = [f"[{n}]" for n in range(len(section.chains))]
        for match in CHAIN.finditer(section.result):
            if match[0] not in known:
                expected = f"one of {', '.join(known)}" if known else "no chain, since it has none"
                raise LanguageError(f"section {section.title}: result: expected {expected}, got {match[0]}")
        if "$" in section.result:
            raise LanguageError(
                f"section {section.title}: result: expected words and chains such as [0], which are proved, "
                f"got a formula in {section.result!r}"
            )


def validate(loss: Loss) -> None:
    """Check the form, the names and the axes of a definition.

    Raises:
        LanguageError: Something is named twice, by a word that means something else, or not at all.
    """
    check_form(loss)
    if result_name(loss.name) == loss.name:
        raise LanguageError(
            f"name {loss.name}: its results would be called so too; begin with a small letter"
        )
    for kind, name in [
        ("name", loss.name),
        *(("axis", a.name) for a in loss.axes),
        *(("argument", a.name) for a in loss.arguments),
    ]:
        check_name(kind, name)
        check_free(kind, name)
        if name == result_name(loss.name):
            raise _taken(kind, name)
    for a in loss.arguments:
        word = "orthogonal" if isinstance(a, Array) else "one_to_one"
        if getattr(a, word):
            raise LanguageError(
                f"argument {a.name}: {word}: expected it for what a law is about alone, got True"
            )
    for axis in loss.axes:
        check_alone("axis", axis.name, ())
    for a in loss.arguments:
        check_alone("argument", a.name, a.axes.split())
    for axis in loss.axes:
        for letter in axis.letters.split():
            _check_identifier(f"axis {axis.name}: letter", letter)
        if not 0 <= axis.minimum <= _LARGEST_MINIMUM:
            raise LanguageError(
                f"axis {axis.name}: expected a minimum from 0 to {_LARGEST_MINIMUM}, got {reprlib.repr(axis.minimum)}"
            )
    if any(loss.name == a.name for a in (*loss.axes, *loss.arguments)):
        raise LanguageError(f"name {loss.name}: an axis or an argument has this name; choose another")
    every = Counter([*(a.name for a in loss.axes), *(a.name for a in loss.arguments)])
    twice = [name for name, count in every.items() if count > 1]
    if twice:
        raise LanguageError(f"{twice[0]}: two axes or arguments have this name")
    _check_values(loss)
    _check_results(loss)
    axes = {a.name for a in loss.axes}
    for a in loss.arguments:
        if a.axes.isspace():
            raise LanguageError(f"argument {a.name}: expected names of axes or no text, got {a.axes!r}")
        for name in (*a.axes.split(), *((a.into,) if isinstance(a, Position) else ())):
            if name not in axes:
                raise LanguageError(
                    f"argument {a.name}: there is no axis {name}; known: {', '.join(sorted(axes))}"
                )
    sized = {name for a in loss.arguments for name in a.axes.split()}
    for name in sorted(axes - sized):
        raise LanguageError(
            f"axis {name}: no argument has it, so its size is not known; drop it or add an argument"
        )
    for word, name in (("sparse", loss.sparse), ("factored", loss.factored)):
        if name and not any(isinstance(a, Array) and a.gradient and a.name == name for a in loss.arguments):
            raise LanguageError(f"{word} {name}: expected an array a gradient is wanted for")
    for word in ("sparse", "factored", "optional"):
        if loss.blocks and getattr(loss, word):
            raise LanguageError(f"blocks {loss.blocks}: expected no {word} beside it")
    if loss.factored in OF_METHODS:
        raise _taken("factored", loss.factored)
    if loss.blocks and loss.blocks not in axes:
        raise LanguageError(
            f"blocks {loss.blocks}: there is no axis {loss.blocks}; known: {', '.join(sorted(axes))}"
        )
    if not any(isinstance(a, Array) and a.gradient for a in loss.arguments):
        raise LanguageError("arguments: expected at least one array a gradient is wanted for")
