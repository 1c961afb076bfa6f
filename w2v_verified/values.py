"""What values a setting or an option may take, each kind stated once: as a value, and as it is typed."""

import math
import numbers
from dataclasses import dataclass
from typing import Any, Protocol

from w2v_verified.files import check_writable, not_written
from w2v_verified.nearest import choices, one_of

__all__ = ["AnyText", "Choice", "Kind", "NameOrFile", "NewFile", "OldFile", "Range"]


class Kind(Protocol):
    """What an option takes."""

    @property
    def expected(self) -> str:
        """It in words."""

    def read(self, text: str) -> object:
        """The value that is typed so.

        Raises:
            ValueError: it is none; the message says what was expected and what came.
        """


@dataclass(frozen=True)
class Range:
    """Whole numbers, or finite ones of any kind, within bounds; NumPy's scalars are numbers like Python's.

    >>> Range(int, 1, 10).refusal(0)
    'expected a whole number from 1 to 10, got 0'
    >>> Range(float, 0, excluded=True).refusal(float("nan"))
    'expected a finite number above 0, got nan'
    >>> Range(float, 0).read("0.5")
    0.5
    """

    kind: type[int] | type[float]
    minimum: float
    maximum: int | None = None
    excluded: bool = False

    @property
    def expected(self) -> str:
        """It in words."""
        what = "a whole number" if self.kind is int else "a finite number"
        lower = f"above {self.minimum}" if self.excluded else f"from {self.minimum}"
        return f"{what} {lower}{'' if self.maximum is None else f' to {self.maximum}'}"

    def refusal(self, value: Any) -> str | None:
        """What is wrong with `value`, or None."""
        number = numbers.Integral if self.kind is int else numbers.Real
        is_number = isinstance(value, number) and not isinstance(value, bool)
        if is_number and self._holds(value):
            return None
        return f"expected {self.expected}, got {value!r}"

    def read(self, text: str) -> float:
        """The number that is typed so.

        Raises:
            ValueError: it is none, or out of bounds.
        """
        try:
            value = self.kind(text)
        except ValueError:
            raise ValueError(f"expected {self.expected}, got {text!r}") from None
        refusal = self.refusal(value)
        if refusal is not None:
            raise ValueError(refusal)
        return value

    def _holds(self, value: Any) -> bool:
        if self.kind is float:
            try:
                value = float(value)
            except OverflowError:
                return False
            if not math.isfinite(value):
                return False
        above = value > self.minimum if self.excluded else value >= self.minimum
        return bool(above and (self.maximum is None or value <= self.maximum))


@dataclass(frozen=True)
class Choice:
    """One of some names.

    >>> Choice(("skip_gram", "cbow")).refusal("glove")
    "expected skip_gram or cbow, got 'glove'"
    """

    names: tuple[str, ...]

    @property
    def expected(self) -> str:
        """It in words."""
        return choices(self.names)

    def refusal(self, value: object) -> str | None:
        """What is wrong with `value`, or None."""
        return None if value in self.names else one_of(value, self.names)

    def read(self, text: str) -> str:
        """The name itself.

        Raises:
            ValueError: it is none of them.
        """
        refusal = self.refusal(text)
        if refusal is not None:
            raise ValueError(refusal)
        return text


@dataclass(frozen=True)
class NameOrFile:
    """One of some names, or the path of a definition of one's own."""

    names: tuple[str, ...]

    @property
    def expected(self) -> str:
        """It in words."""
        return f"{Choice(self.names).expected}, or a file .py"

    def read(self, text: str) -> str:
        """The name or the path itself.

        Raises:
            ValueError: it is no known name, and does not end in .py.
        """
        if not text.endswith(".py"):
            return Choice(self.names).read(text)
        return text


@dataclass(frozen=True)
class AnyText:
    """Any text at all."""

    expected: str

    def read(self, text: str) -> str:
        """The text itself."""
        return text


@dataclass(frozen=True)
class OldFile:
    """A file that is read: what it holds, whoever reads it judges."""

    expected: str = "a file"

    def read(self, text: str) -> str:
        """The path itself.

        Raises:
            ValueError: it is empty.
        """
        if not text:
            raise ValueError(f"expected {self.expected}, got {text!r}")
        return text


@dataclass(frozen=True)
class NewFile:
    """A file that is to be written; where its name tells in what, only with one of these endings."""

    expected: str = "a file to write"
    endings: tuple[str, ...] = ()

    def read(self, text: str) -> str:
        """The path itself, if a file can be put there; nothing is.

        Raises:
            ValueError: it cannot be written, or ends otherwise.
        """
        if not text:
            raise ValueError(f"expected {self.expected}, got {text!r}")
        try:
            check_writable(text)
        except OSError as error:
            raise ValueError(not_written(text, error)) from None
        if self.endings and not text.lower().endswith(self.endings):
            raise ValueError(
                f"expected the name of a file that ends in {' or '.join(self.endings)}, got {text!r}"
            )
        return text
