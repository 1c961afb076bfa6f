"""The name that was probably meant by one that nothing has."""

from collections.abc import Iterable, Sequence
from itertools import islice

__all__ = ["choices", "meant", "one_of"]

_TRIED = 20_000  # to compare with more takes longer than a moment


def meant(got: str, known: Iterable[str]) -> str:
    """What to add to a message: the known name nearest to the one that came, or nothing.

    Hyphens in front do not count; of very many names, as of a vocabulary, the first are looked at.

    >>> meant("naive_sofmax", ["naive_softmax", "negative_sampling"])
    '; did you mean naive_softmax?'
    >>> meant("x", ["naive_softmax"])
    ''
    """
    from difflib import get_close_matches  # `import w2v_verified` loads NumPy alone

    bare = {name.lstrip("-"): name for name in islice(known, _TRIED)}
    nearest = get_close_matches(got.lstrip("-"), bare, n=1)
    return f"; did you mean {bare[nearest[0]]}?" if nearest else ""


def choices(names: Sequence[str]) -> str:
    """Names in words.

    >>> choices(["columns", "rows"]), choices(["bash", "fish", "zsh"])
    ('columns or rows', 'one of bash, fish, zsh')
    """
    return " or ".join(names) if len(names) < 3 else f"one of {', '.join(names)}"


def one_of(got: object, known: Iterable[str]) -> str:
    """Refuse a name.

    >>> one_of("rosw", ["columns", "rows"])
    "expected columns or rows, got 'rosw'; did you mean rows?"
    """
    names = list(known)
    return f"expected {choices(names)}, got {got!r}{meant(got, names) if isinstance(got, str) else ''}"
