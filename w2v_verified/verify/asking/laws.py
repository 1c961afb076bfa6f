"""The properties that are laws of the loss: what holds between the results of one call, or of a few."""

from functools import partial

from w2v_verified.verify.arrays import Library
from w2v_verified.verify.asking.property import Property, identifier
from w2v_verified.verify.asking.subject import Subject
from w2v_verified.verify.cases.arguments import Arguments
from w2v_verified.verify.cases.draws import Choices
from w2v_verified.verify.judging.conventions import Convention
from w2v_verified.verify.judging.finding import Finding
from w2v_verified.verify.laws.asked import Asked
from w2v_verified.verify.laws.drawing import draw
from w2v_verified.verify.laws.example import example_of
from w2v_verified.verify.laws.examples import FLOATS, examples_of, own_sizes
from w2v_verified.verify.laws.reading import LawOfLoss, laws_of
from w2v_verified.verify.laws.steps import UnfitError
from w2v_verified.verify.laws.trying import tried
from w2v_verified.verify.laws.wording import in_words
from w2v_verified.verify.record import Record

__all__ = ["law_properties"]


def law_properties(base: Record, convention: Convention, library: Library) -> tuple[Property, ...]:
    """One for each law."""
    return tuple(_property(law, convention, library) for law in laws_of(base))


def _property(law: LawOfLoss, convention: Convention, library: Library) -> Property:
    words = in_words(law, convention)
    return Property(
        name=identifier(words.name),
        statement=words.sentence,
        kind="law",
        universal=True,
        draw=partial(_draw, law),
        judge=partial(_judge, law),
        latex="; ".join(each.latex for each in law.law.holds if each.latex),
        reason=words.reason,
        standing="proved" if law.law.proved else "argued",
        asked=bool(examples_of(law, convention, library, 1)),
    )


def _draw(law: LawOfLoss, choices: Choices, subject: Subject) -> Arguments:
    """The arguments of the first call in the words of the caller's code, and the quantities of the law."""
    formats = tuple(each for each in subject.formats if each in FLOATS)
    example = draw(choices, law, formats, own_sizes(law.record, subject.library))
    return subject.convention.given(subject.base, example.given)


def _judge(law: LawOfLoss, subject: Subject, arguments: Arguments) -> Finding | None:
    asked = Asked(
        subject.call,
        subject.base,
        subject.convention,
        subject.passes_over,
        subject.strict,
        subject.library.flushes,
    )
    try:
        example = example_of(law, subject.convention.restored(subject.base, arguments))
    except UnfitError:
        return None
    return tried(law, asked, (example,))[0].finding
