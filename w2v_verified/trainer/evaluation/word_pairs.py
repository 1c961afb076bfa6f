"""Word vectors against what people say about how similar two words are."""

import csv
import logging
import math
import os
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from w2v_verified.runtime.arrays import Float, Matrix
from w2v_verified.trainer.evaluation.correlation import Correlation, pearson, spearman
from w2v_verified.trainer.evaluation.sets import KnownWords, lines_of
from w2v_verified.trainer.text.reading import FormatError

_logger = logging.getLogger(__name__)


class WordPairs(NamedTuple):
    """How well cosines agree with people.

    Attributes:
        pearson: Pearson's correlation of the cosines with people's scores, and its p-value.
        spearman: the same of the ranks, those of ties being their mean.
        oov_ratio: per cent of the pairs that were left out because a word is not known.
    """

    pearson: Correlation
    spearman: Correlation
    oov_ratio: float


def read_pairs(path: str | os.PathLike[str], delimiter: str | None = None) -> list[tuple[str, str, float]]:
    """Read a file with two words and a score on each line, in UTF-8, packed by gzip or not.

    The score is the first number behind the words, in the same column on all lines, so that files with further
    columns, such as SimLex-999's own, are read as they are, and numbers in a title are no scores. Fields may be quoted
    as in CSV. Lines that start with "#" are comments; others that cannot be read, as titles, are passed over, and a
    warning with their number is logged.

    Args:
        path: the file.
        delimiter: what stands between fields; by default tabs, else commas, else white space, by the line.

    Raises:
        FormatError: no line can be read, or a score is not finite; the message names the line.
        OSError: the file cannot be read.
    """
    lines: list[tuple[int, str, list[str], int]] = []
    passed_over = []
    for number, line in lines_of(path):
        if not line.strip() or line.startswith("#"):
            continue
        fields = _fields(line, delimiter)
        column = next((n for n, field in enumerate(fields[2:], start=2) if _number(field) is not None), None)
        if column is None or not all(fields[:2]):
            passed_over.append(number)
        else:
            lines.append((number, line, fields, column))
    columns = Counter(column for *_, column in lines)
    usual = max(columns, key=lambda column: (columns[column], -column), default=None)
    pairs = []
    for number, line, fields, column in lines:
        if column != usual:
            passed_over.append(number)
            continue
        score = float(fields[column])
        if not math.isfinite(score):
            raise FormatError(f"line {number}: expected a finite score, got {line[:60]!r}")
        pairs.append((fields[0], fields[1], score))
    if not pairs:
        raise FormatError(f"expected lines with two words and a score, got none in {os.fspath(path)!r}")
    if passed_over:
        _logger.warning(
            "%s: %d lines without two words and a score passed over, such as line %d",
            os.fspath(path),
            len(passed_over),
            min(passed_over),
        )
    return pairs


def _fields(line: str, delimiter: str | None) -> list[str]:
    separator = next((mark for mark in "\t," if mark in line), None) if delimiter is None else delimiter
    if separator is None or len(separator) > 1:
        return [field.strip() for field in line.split(separator)]
    (fields,) = csv.reader([line], delimiter=separator, skipinitialspace=True)
    return [field.strip() for field in fields]


def _number(field: str) -> float | None:
    try:
        return float(field)
    except ValueError:
        return None


def evaluate_pairs(
    words: Sequence[str],
    vectors: Matrix[Float],
    path: str | os.PathLike[str],
    delimiter: str | None = None,
    *,
    restrict_vocab: int,
    case_insensitive: bool,
    dummy4unknown: bool,
) -> WordPairs:
    """Correlate cosines with people's scores, as gensim's `KeyedVectors.evaluate_word_pairs` does.

    Args:
        words: the words, the most frequent first.
        vectors: shape (V, d).
        path: a file that `read_pairs` reads.
        delimiter: the same.
        restrict_vocab: the first so many words are known.
        case_insensitive: whether words match whatever their case; of several, the first is meant.
        dummy4unknown: whether pairs with a word that is not known count with the cosine 0; they are left out
            otherwise.

    Raises:
        FormatError: no line of the file can be read.
        ValueError: fewer than two pairs are known, or all their scores or cosines are equal.
        OSError: the file cannot be read.
    """
    known = KnownWords(words, restrict_vocab, case_insensitive=case_insensitive)
    lengths = np.maximum(np.linalg.norm(vectors, axis=1), np.finfo(vectors.dtype).tiny)
    scores, cosines = [], []
    pairs = read_pairs(path, delimiter)
    unknown = 0
    for word, other, score in pairs:
        rows = known.rows((word, other))
        if rows is not None:
            a, b = rows
            cosines.append(float((vectors[a] / lengths[a]) @ (vectors[b] / lengths[b])))
        else:
            unknown += 1
            if not dummy4unknown:
                continue
            cosines.append(0.0)
        scores.append(score)
    if len(scores) < 2:
        raise ValueError(f"pairs: expected at least two of known words, got {len(scores)} of {len(pairs)}")
    given, made = np.array(scores), np.array(cosines)
    return WordPairs(pearson(given, made), spearman(given, made), 100 * unknown / len(pairs))
