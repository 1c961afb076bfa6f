import re
import sys
from pathlib import Path

import numpy as np
import pytest

from w2v_verified.trainer import FormatError, WordVectors
from w2v_verified.trainer.evaluation.correlation import pearson, spearman
from w2v_verified.trainer.evaluation.word_pairs import read_pairs

WORDS = [*"abcdefghij", "A", "Caf\u00e9", "caf\u00e9"]
PAIRS = "# comment\nWord 1\tWord 2\tHuman\na\tB\t9\nA\tc\t3.5\nd\te\t3.5\n\ne\tf\t1\nf\tCAF\u00c9\t0\ng\tzebra\t7\n"


@pytest.fixture
def vectors() -> WordVectors[np.float32]:
    """Random vectors; some words differ in case alone."""
    table = np.random.default_rng(5).normal(size=(len(WORDS), 3)).astype(np.float32)
    return WordVectors(WORDS, table)


def _file(folder: Path, text: str) -> Path:
    path = folder / "set.txt"
    path.write_text(text, encoding="utf-8")
    return path


def test_correlations_are_those_of_scipy_in_gensim(tmp_path: Path, vectors: WordVectors[np.float32]) -> None:
    pytest.importorskip("gensim")
    theirs = vectors.to_gensim()
    path = _file(tmp_path, PAIRS)
    for dummy in (False, True):
        for insensitive in (False, True):
            ours = vectors.evaluate_word_pairs(path, case_insensitive=insensitive, dummy4unknown=dummy)
            expected = theirs.evaluate_word_pairs(
                str(path), case_insensitive=insensitive, dummy4unknown=dummy, restrict_vocab=len(WORDS)
            )
            assert ours.pearson == pytest.approx(tuple(expected[0]), abs=1e-6)
            assert ours.spearman == pytest.approx(tuple(expected[1]), abs=1e-6)
            assert ours.oov_ratio == pytest.approx(expected[2])


def test_correlations_are_those_by_hand(tmp_path: Path) -> None:
    angles = np.array([0, 0.1, 0.3, 0.9, 1.5])
    vectors = WordVectors([*"abcde"], np.stack([np.cos(angles), np.sin(angles)], axis=1))
    path = _file(tmp_path, "a b 4\na c 3\na d 3\na e 0\na x 9\n")
    values, ranks, oov_ratio = vectors.evaluate_word_pairs(path)
    assert values.statistic == pytest.approx(np.corrcoef([4, 3, 3, 0], np.cos(angles[1:]))[0, 1])
    assert ranks.statistic == pytest.approx(np.corrcoef([4, 2.5, 2.5, 1], [4, 3, 2, 1])[0, 1])
    assert oov_ratio == 20


@pytest.mark.parametrize("share", [0.0, 0.5, -3.0])
def test_of_four_pairs_the_p_value_is_what_r_leaves_of_1(share: float) -> None:
    """Student's t of two degrees has a closed form: the p-value is 1 - |r|."""
    draws = np.random.default_rng(4).normal(size=(2, 4))
    for correlation in (pearson, spearman):
        found = correlation(draws[0], draws[1] + share * draws[0])
        assert found.pvalue == pytest.approx(1 - abs(found.statistic))


def test_ranks_share_the_mean_of_ties() -> None:
    first, second = np.array([4.0, 3, 3, 0, 7]), np.array([1.0, 2, 2, 2, 9])
    by_hand = pearson(np.array([4.0, 2.5, 2.5, 1, 5]), np.array([1.0, 3, 3, 3, 5]))
    assert spearman(first, second) == pytest.approx(by_hand)


def test_without_scipy_what_to_install_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scipy", None)
    with pytest.raises(ModuleNotFoundError, match=re.escape("pip install 'w2v_verified[train]'")):
        pearson(np.arange(5.0), np.arange(5.0))


def test_correlations_at_the_edges() -> None:
    line = np.arange(5.0)
    assert pearson(line, line) == pytest.approx((1, 0))
    assert pearson(line, -line) == pytest.approx((-1, 0))
    assert pearson(line[:2], line[:2]) == pytest.approx((1, 1))
    assert pearson(np.array([-1.0, 0, 1]), np.array([1.0, 0, 1])) == (0, 1)
    with pytest.raises(ValueError, match="expected different numbers in each list"):
        spearman(line, np.ones(5))
    with pytest.raises(ValueError, match="expected at least two, got 1"):
        pearson(line[:1], line[:1])


def test_pairs_are_read_whatever_parts_them(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    expected = [("ice cream", "b", 1.5), ("c", "d", 2.0)]
    assert read_pairs(_file(tmp_path, "ice cream\tb\t1.5\r\nc\td\t2\r\n")) == expected
    assert read_pairs(_file(tmp_path, "ice cream,b,1.5\nc, d,2")) == expected
    assert read_pairs(_file(tmp_path, "c  d 2\nc;d;2\n")) == expected[1:]
    assert caplog.messages == [
        f"{tmp_path / 'set.txt'}: 1 lines without two words and a score passed over, such as line 2"
    ]
    assert read_pairs(_file(tmp_path, "c;d;2\n"), ";") == expected[1:]


def test_files_as_they_are_published_are_read(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    simlex = "word1\tword2\tPOS\tSimLex999\tconc(w1)\tconc(w2)\tconcQ\tAssoc(USF)\tSimAssoc333\tSD(SimLex)\n"
    simlex += "old\tnew\tA\t1.58\t2.72\t2.81\t2\t7.25\t1\t0.41\nbe\tdo\tV\t0.5\t1\t2\t3\t4\t5\t6\n"
    assert read_pairs(_file(tmp_path, simlex)) == [("old", "new", 1.58), ("be", "do", 0.5)]
    rare = "squishing\tsquirt\t5.88\t7\t7\t6\n"
    assert read_pairs(_file(tmp_path, rare)) == [("squishing", "squirt", 5.88)]
    quoted = '"Word 1","Word 2","Human (mean)"\n"love","sex, and",6.77\n"say ""no""", no ,"1"\n'
    assert read_pairs(_file(tmp_path, quoted)) == [("love", "sex, and", 6.77), ('say "no"', "no", 1.0)]
    assert [message.rpartition("such as ")[2] for message in caplog.messages] == ["line 1", "line 1"]
    caplog.clear()
    wordsim = "Word 1,Word 2,Human (mean),1,2,3\nlove,sex,6.77,9,6,8\ntiger,cat,7.35,9,7,8\n"
    for lines in (wordsim, wordsim[: wordsim.index("tiger")]):
        assert read_pairs(_file(tmp_path, lines))[0] == ("love", "sex", 6.77)
    assert [message.rpartition("such as ")[2] for message in caplog.messages] == ["line 1", "line 1"]
    for score in ("nan", "inf", "-Infinity"):
        with pytest.raises(FormatError, match=f"line 2: expected a finite score, got .*{score}"):
            read_pairs(_file(tmp_path, f"a\tb\t1\nc\td\t{score}\n"))


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("", FormatError, "expected lines with two words and a score, got none in '.*set.txt'"),
        ("a b c\n", FormatError, "expected lines with two words and a score, got none"),
        ("a b 1\nx y 2\n", ValueError, "expected at least two of known words, got 1 of 2"),
        ("a b 1\na c 1\n", ValueError, "expected different numbers in each list"),
    ],
)
def test_pairs_that_say_nothing_are_refused(
    tmp_path: Path, vectors: WordVectors[np.float32], text: str, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        vectors.evaluate_word_pairs(_file(tmp_path, text))


QUESTIONS = (
    ": first\na b c d\nA b c D\na b c caf\u00e9\n: second part\na e f g\na e f zebra\nb c d d\n"
    + "".join(f"{a} {b} {c} {d}\n" for a in "ac" for b in "be" for c in "df" for d in "ghij")
)


def test_analogies_are_answered_as_gensim_does(tmp_path: Path, vectors: WordVectors[np.float32]) -> None:
    pytest.importorskip("gensim")
    theirs = vectors.to_gensim()
    path = _file(tmp_path, QUESTIONS)
    for known in (len(WORDS), 10):
        for insensitive in (False, True):
            for dummy in (False, True):
                ours = vectors.evaluate_word_analogies(path, known, insensitive, dummy)
                score, sections = theirs.evaluate_word_analogies(str(path), known, insensitive, dummy)
                assert ours.score == score
                for section, expected in zip(ours.sections, sections, strict=True):
                    assert section.section == expected["section"]
                    for name in ("correct", "incorrect"):
                        found = [tuple(map(str.upper, question)) for question in getattr(section, name)]
                        assert found == [tuple(map(str.upper, question)) for question in expected[name]]


def test_a_parallelogram_is_completed(tmp_path: Path) -> None:
    table = np.array([[1.0, 0, 0], [1, 1, 0], [1, 0, 1], [1, 1, 1], [-1, 0, 0], [1, 1, 1.01]])
    vectors = WordVectors(("man", "king", "woman", "queen", "apple", "WOMAN"), table)
    path = _file(tmp_path, ": people\nMan King woman Queen\nman king woman apple\nman king pear apple\n")
    score, sections = vectors.evaluate_word_analogies(path)
    assert score == 0.5
    assert [(s.section, s.accuracy, s.unknown) for s in sections] == [
        ("people", 0.5, 1),
        ("Total accuracy", 0.5, 1),
    ]
    assert sections[0].correct == [("Man", "King", "woman", "Queen")]
    for section in sections:
        for name in ("section", "correct", "incorrect", "unknown"):
            assert section[name] == getattr(section, name)
        assert (section[0], section[-1], section[:2]) == (
            section.section,
            section.unknown,
            tuple(section)[:2],
        )
        with pytest.raises(KeyError, match=r"expected one of section, correct, .*did you mean correct"):
            section["corect"]
    assert vectors.evaluate_word_analogies(path, dummy4unknown=True).score == 1 / 3


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("a b c d\n", FormatError, """line 1: expected a section, ": NAME", got 'a b c d'"""),
        (": one\na b c\n", FormatError, "line 2: expected four words, got 'a b c'"),
        (": one\n\n", FormatError, "expected questions of four words, got none"),
        (": one\nv w x y\n", ValueError, "expected a question of known words, got none of 1"),
    ],
)
def test_questions_that_cannot_be_asked_are_refused(
    tmp_path: Path, vectors: WordVectors[np.float32], text: str, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        vectors.evaluate_word_analogies(_file(tmp_path, text))


def test_gensims_parameters_are_taken_or_named(tmp_path: Path, vectors: WordVectors[np.float32]) -> None:
    path = _file(tmp_path, PAIRS)
    known = vectors.evaluate_word_pairs(path, "\t", "utf-8", 5, True, True)
    assert known == vectors.evaluate_word_pairs(path, restrict_vocab=5, dummy4unknown=True)
    with pytest.raises(ValueError, match="encoding: expected utf8, got 'latin-1'"):
        vectors.evaluate_word_pairs(path, encoding="latin-1")
    with pytest.raises(
        ValueError, match="similarity_function: expected 'most_similar', got 'most_similar_cosmul'"
    ):
        vectors.evaluate_word_analogies(path, similarity_function="most_similar_cosmul")


def test_what_cannot_be_read_is_named(tmp_path: Path, vectors: WordVectors[np.float32]) -> None:
    (tmp_path / "binary").write_bytes(b"a\tb\t\xff")
    with pytest.raises(FormatError, match=r"byte 0xff at offset 4 of '.*binary'$"):
        vectors.evaluate_word_pairs(tmp_path / "binary")
    with pytest.raises(FileNotFoundError):
        vectors.evaluate_word_analogies(tmp_path / "absent")
    with pytest.raises(ValueError, match="restrict_vocab: expected a whole number from 1, got 0"):
        vectors.evaluate_word_analogies(_file(tmp_path, QUESTIONS), restrict_vocab=0)
