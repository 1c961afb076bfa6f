"""What a definition must be before anything is derived from it; refusals say what to change."""

import keyword
import unicodedata
from collections import Counter

from w2v_verified.notation import FUNCTIONS, LanguageError
from w2v_verified.symbolic.definition.loss import Array, Loss, Position
from w2v_verified.symbolic.language.reserved import OF_METHODS, RESERVED, result_name

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
    if name.startswith(("grad_", "delta", "_")) or name in _WORDS:
        raise _taken(kind, name)


def _check_identifier(kind: str, name: str) -> None:
    if not name.isidentifier() or keyword.iskeyword(name):
        raise LanguageError(f"{kind} {name!r}: expected a Python name that is no keyword")
    if unicodedata.normalize("NFKC", name) != name:
        raise LanguageError(f"{kind} {name!r}: Python reads this as {unicodedata.normalize('NFKC', name)!r}")


def _taken(kind: str, name: str) -> LanguageError:
    return LanguageError(
        f"{kind} {name}: this name is used by the notation or by generated code; choose another"
    )


def validate(loss: Loss) -> None:
    """Check the names and axes of a definition.

    Raises:
        LanguageError: Something is named twice, by a word that means something else, or not at all.
    """
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
    for axis in loss.axes:
        for letter in axis.letters.split():
            _check_identifier(f"axis {axis.name}: letter", letter)
        if not isinstance(axis.minimum, int) or axis.minimum < 0:
            raise LanguageError(f"axis {axis.name}: expected a minimum of 0 or more, got {axis.minimum!r}")
    every = Counter([*(a.name for a in loss.axes), *(a.name for a in loss.arguments)])
    twice = [name for name, count in every.items() if count > 1]
    if twice:
        raise LanguageError(f"{twice[0]}: two axes or arguments have this name")
    axes = {a.name for a in loss.axes}
    for a in loss.arguments:
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
    if loss.factored in OF_METHODS:
        raise _taken("factored", loss.factored)
    if loss.blocks and loss.blocks not in axes:
        raise LanguageError(
            f"blocks {loss.blocks}: there is no axis {loss.blocks}; known: {', '.join(sorted(axes))}"
        )
    if not any(isinstance(a, Array) and a.gradient for a in loss.arguments):
        raise LanguageError("arguments: expected at least one array a gradient is wanted for")
