from pathlib import Path

import numpy as np
import pytest

from w2v_verified.__main__ import main
from w2v_verified.trainer import WordVectors

_WORDS = ("king", "man", "woman", "queen", "apple")
_TABLE = np.array([[1.0, 1.0, 0], [1, 0, 0], [1, 0, 1], [1, 1, 1], [-1, 0, 0.5]])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with vectors in every format, pairs and questions."""
    vectors = WordVectors(_WORDS, _TABLE)
    for name in ("v.txt", "v.txt.gz"):
        vectors.save_text(tmp_path / name)
    vectors.save_binary(tmp_path / "v.bin")
    (tmp_path / "pairs.txt").write_text("king queen 9\nman woman 8\nman apple 1\nman pear 2\n")
    (tmp_path / "questions.txt").write_text(
        ": people\nman king woman queen\nking man queen apple\n: none\na b c d\n"
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("name", ["v.txt", "v.bin", "v.txt.gz"])
def test_neighbours_are_those_of_the_vectors(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["neighbours", name, "king", "apple", "--topn", "2"]) == 0
    printed, said = capsys.readouterr()
    vectors = WordVectors.load(name)
    expected = [
        [*([word] if place == 0 else []), neighbour, f"{cosine:.3f}"]
        for word in ("king", "apple")
        for place, (neighbour, cosine) in enumerate(vectors.most_similar(word, topn=2))
    ]
    assert [line.split() for line in printed.splitlines() if line.strip()][2:] == expected
    assert said == ""
    assert "\x1b" not in printed


@pytest.mark.usefixtures("folder")
def test_words_are_taken_off(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["neighbours", "v.txt", "king", "woman", "--minus", "man", "--topn", "1"]) == 0
    assert capsys.readouterr().out.splitlines()[2].startswith("king + woman - man   queen")


@pytest.mark.usefixtures("folder")
def test_evaluation_is_that_of_the_vectors(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "v.bin", "--pairs", "pairs.txt", "--analogies", "questions.txt"]) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines() if line.strip()]
    found = WordVectors.load("v.bin").evaluate_word_pairs("pairs.txt")
    assert rows[2] == [
        "pairs.txt",
        f"{found.spearman.statistic:.3f}",
        f"{found.pearson.statistic:.3f}",
        "25.0",
        "%",
    ]
    assert rows[5:] == [
        ["people", "1", "2", "50.0%", "0"],
        ["none", "0", "0", "-", "1"],
        ["Total", "accuracy", "1", "2", "50.0%", "1"],
    ]


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["neighbours", "v.txt", "King"],
            "WORD: expected one of the 5 words of 'v.txt', got 'King'; did you mean king?",
        ),
        (
            ["neighbours", "v.txt", "king", "--minus", "pear"],
            "--minus: expected one of the 5 words of 'v.txt', got 'pear'",
        ),
        (["neighbours", "v.txt", "king", "--topn", "0"], "--topn: expected a whole number from 1, got 0"),
        (["neighbours", "absent", "king"], "VECTORS: cannot read 'absent': No such file or directory"),
        (["neighbours", ".", "king"], "VECTORS: cannot read '.': Is a directory"),
        (["neighbours", "pairs.txt", "king"], "VECTORS 'pairs.txt': line 1: expected two whole numbers"),
        (["evaluate", "v.txt"], "--pairs, --analogies: expected one of them, got neither"),
        (["evaluate", "v.txt", "--pairs", "v.bin"], "--pairs 'v.bin': expected text in UTF-8, got "),
        (["evaluate", "v.txt", "--pairs", "absent"], "--pairs: cannot read 'absent': No such file"),
        (
            ["evaluate", "v.txt", "--analogies", "pairs.txt"],
            "--analogies 'pairs.txt': line 1: expected a section",
        ),
    ],
)
def test_wrong_usage_is_one_line(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    printed, said = capsys.readouterr()
    assert printed == ""
    assert said.startswith("w2v-verified: ")
    assert said.count("\n") == 1
    assert message in said


def test_files_of_glove_and_of_a_wrong_count_are_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "vectors.txt"
    path.write_text("new york 1 2 3\nparis 1 2 4\nrome -3 2 4\n", encoding="utf-8")
    assert main(["neighbours", str(path), "new york"]) == 0
    said = capsys.readouterr().out
    assert said.index("new york") < said.index("paris") < said.index("rome")
    path.write_text("5 1\n7 2\n-4 1\n", encoding="utf-8")
    assert main(["neighbours", str(path), "7", "--no-header"]) == 0
    capsys.readouterr()
    path.write_text("3 2\na 1.25 2.25\nb 2.25 1.25\n", encoding="utf-8")
    assert main(["neighbours", str(path), "a"]) == 2
    assert (
        "expected 3 words, as line 1 says, got 2; with --limit it is read as far" in capsys.readouterr().err
    )
    assert main(["neighbours", str(path), "a", "--limit", "9"]) == 0
