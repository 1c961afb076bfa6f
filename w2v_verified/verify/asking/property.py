"""The form of one property: a row that says what holds, on which inputs it is tried, and what breaks it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from w2v_verified.verify.asking.subject import Subject
from w2v_verified.verify.cases.arguments import Arguments
from w2v_verified.verify.cases.draws import Choices
from w2v_verified.verify.judging.finding import Finding

__all__ = ["Draw", "Judge", "Property", "identifier"]

Draw: TypeAlias = Callable[[Choices, Subject], Arguments]
Judge: TypeAlias = Callable[[Subject, Arguments], Finding | None]


@dataclass(frozen=True)
class Property:
    """Something that holds for every input.

    Attributes:
        name: A sentence as an identifier; ``test_`` and the name is what its test is called.
        statement: The sentence.
        kind: "values", "differences", "clause" or "law".
        universal: Whether any right implementation has it. The others are promises of w2v_verified's own functions.
        draw: Makes an input out of choices: the arguments of a call, in their order, and after them whatever else
            the property is about.
        judge: Looks for a breach on such an input.
        latex: What a law says, as LaTeX.
        reason: Why a law holds, in words.
        standing: "proved" or "argued" for a law: over the real numbers it is a theorem of the engine's, or rests on its
            reason. "promised" for what is a matter of floating point and of how a function is called.
        asked: Whether a function that is called so is asked it: its convention may decline all inputs of a law.
    """

    name: str
    statement: str
    kind: str
    universal: bool
    draw: Draw = field(repr=False, compare=False)
    judge: Judge = field(repr=False, compare=False)
    latex: str = ""
    reason: str = ""
    standing: str = "promised"
    asked: bool = True

    def breach(self, subject: Subject, arguments: Arguments) -> Finding | None:
        """What breaks the property on an input, if it counts.

        Raises:
            OracleError: The exact values are not known there.
        """
        found = self.judge(subject, arguments)
        excused = found is not None and found.apart is not None and self.universal and not subject.whole
        return None if excused else found


def identifier(name: str) -> str:
    """A name of words as it can stand in that of a test.

    >>> identifier("columns of grad_U add up to zero")
    'columns_of_grad_U_add_up_to_zero'
    """
    return re.sub(r"\W+", "_", name).strip("_")
