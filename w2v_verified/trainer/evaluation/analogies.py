"""Analogy questions: a is to b as c is to what?"""

import os
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, SupportsIndex, overload

import numpy as np

from w2v_verified.nearest import one_of
from w2v_verified.runtime.arrays import Float, Matrix, PositionMatrix
from w2v_verified.trainer.evaluation.sets import KnownWords, lines_of
from w2v_verified.trainer.text.reading import FormatError

_SCORES_AT_ONCE = 1 << 23

Question = tuple[str, str, str, str]


class Section(NamedTuple):
    """The questions of one kind, by attribute or, as in gensim, by key: ``section["correct"]``.

    Attributes:
        section: the name.
        correct: questions (a, b, c, d) of which d was the answer.
        incorrect: those of which it was not.
        unknown: how many were left out because a word is not known.
    """

    section: str
    correct: list[Question]
    incorrect: list[Question]
    unknown: int

    @overload
    def __getitem__(self, key: SupportsIndex | str) -> Any: ...
    @overload
    def __getitem__(self, key: slice) -> tuple[Any, ...]: ...
    def __getitem__(self, key: SupportsIndex | str | slice) -> Any:
        if not isinstance(key, str):
            return tuple.__getitem__(self, key)
        if key not in self._fields:
            raise KeyError(one_of(key, self._fields))
        return getattr(self, key)

    @property
    def accuracy(self) -> float:
        """The share of correct answers, 0 where there are none at all."""
        asked = len(self.correct) + len(self.incorrect)
        return len(self.correct) / asked if asked else 0.0


class Analogies(NamedTuple):
    """How many questions were answered.

    Attributes:
        score: the share of correct answers, over all sections.
        sections: section by section, and all together at the end as "Total accuracy".
    """

    score: float
    sections: list[Section]


def read_questions(path: str | os.PathLike[str]) -> list[tuple[str, list[Question]]]:
    """Read sections of questions: lines ": NAME" and below each of them lines of four words.

    Raises:
        FormatError: a line is neither, or there is no question; the message names the line.
        OSError: the file cannot be read.
    """
    sections: list[tuple[str, list[Question]]] = []
    for number, line in lines_of(path):
        words = line.split()
        if line.startswith(":"):
            sections.append((line.lstrip(": ").strip(), []))
        elif len(words) == 4 and sections:
            sections[-1][1].append((words[0], words[1], words[2], words[3]))
        elif words:
            expected = "four words" if sections else 'a section, ": NAME"'
            raise FormatError(f"line {number}: expected {expected}, got {line[:60]!r}")
    if not any(questions for _, questions in sections):
        raise FormatError(f"expected questions of four words, got none in {os.fspath(path)!r}")
    return sections


def evaluate_analogies(
    words: Sequence[str],
    vectors: Matrix[Float],
    path: str | os.PathLike[str],
    *,
    restrict_vocab: int,
    case_insensitive: bool,
    dummy4unknown: bool,
) -> Analogies:
    """Answer the questions of a file as gensim's `KeyedVectors.evaluate_word_analogies` does.

    The answer is the word of the largest cosine with the unit vectors of b and c less that of a, a, b and c
    left out: 3CosAdd (Mikolov, Yih and Zweig 2013, "Linguistic Regularities in Continuous Space Word
    Representations", section 4).

    Args:
        words: the words, the most frequent first.
        vectors: shape (V, d).
        path: a file that `read_questions` reads.
        restrict_vocab: the first so many words are known; questions with others are left out.
        case_insensitive: whether words match whatever their case; of several, the first is meant.
        dummy4unknown: whether questions with a word that is not known count as answered wrongly.

    Raises:
        FormatError: a line is neither a section nor a question; the message names it.
        ValueError: no question has four known words.
        OSError: the file cannot be read.
    """
    known = KnownWords(words, restrict_vocab, case_insensitive=case_insensitive)
    sections = []
    for name, questions in read_questions(path):
        rows = [known.rows(question) for question in questions]
        asked = [row for row in rows if row is not None]
        right = iter(_answered(np.array(asked, np.intp).reshape(-1, 4), vectors[:restrict_vocab], known))
        outcomes = [
            (question, row is not None and next(right)) for question, row in zip(questions, rows, strict=True)
        ]
        counted = [
            outcome for outcome, row in zip(outcomes, rows, strict=True) if row is not None or dummy4unknown
        ]
        correct = [question for question, is_right in counted if is_right]
        incorrect = [question for question, is_right in counted if not is_right]
        sections.append(Section(name, correct, incorrect, len(questions) - len(asked)))
    total = Section(
        "Total accuracy",
        [question for section in sections for question in section.correct],
        [question for section in sections for question in section.incorrect],
        sum(section.unknown for section in sections),
    )
    if not total.correct and not total.incorrect:
        raise ValueError(f"analogies: expected a question of known words, got none of {total.unknown}")
    return Analogies(total.accuracy, [*sections, total])


def _answered(questions: PositionMatrix, vectors: Matrix[Float], known: KnownWords) -> Iterator[bool]:
    """Tell for each question (a, b, c, d), as rows, whether d is the answer."""
    lengths = np.maximum(np.linalg.norm(vectors, axis=1), np.finfo(vectors.dtype).tiny)
    at_once = max(1, _SCORES_AT_ONCE // len(vectors))
    for start in range(0, len(questions), at_once):
        some = questions[start : start + at_once]
        a, b, c = (vectors[rows] / lengths[rows, None] for rows in some.T[:3])
        scores = (b + c - a) @ vectors.T / lengths
        for question, of_words in zip(some.tolist(), scores, strict=True):
            of_words[[row for given in question[:3] for row in known.spellings(given)]] = -np.inf
            answer = int(of_words.argmax())
            yield bool(of_words[answer] > -np.inf) and answer in known.spellings(question[3])
