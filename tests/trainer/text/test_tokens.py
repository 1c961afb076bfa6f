import errno
import os
import pickle
import random
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from w2v_verified.trainer import Corpus, CorpusError, Tokens
from w2v_verified.trainer.text.corpus import Unfinished


def _by_hand(
    sentences: list[list[str]], min_count: int, max_vocab: int | None
) -> tuple[list[str], list[int]]:
    counts = Counter(word for sentence in sentences for word in sentence)
    words = sorted((w for w in counts if counts[w] >= min_count), key=lambda w: (-counts[w], w))[:max_vocab]
    numbers = []
    for sentence in sentences:
        kept = [words.index(word) for word in sentence if word in words]
        numbers += [*kept, -1] if kept else []
    return words, numbers


@pytest.mark.parametrize("block", [7, 1 << 18])
def test_numbers_and_counts_are_those_of_the_text(
    block: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("w2v_verified.trainer.text.tokens._BLOCK", block)
    monkeypatch.setattr("w2v_verified.trainer.text.tokens._BATCH", 5)
    draw = random.Random(block)
    for max_vocab in (None, 4):
        sentences = [draw.choices("aaaabbbcdefgh", k=draw.randint(0, 12)) for _ in range(40)]
        words, numbers = _by_hand(sentences, 7, max_vocab)
        with Tokens.of(iter(sentences), min_count=7, max_vocab=max_vocab, directory=tmp_path) as tokens:
            assert tokens.vocabulary.words == tuple(words)
            assert tokens.numbers.tolist() == numbers
            assert tokens.numbers.dtype == np.int32
            assert tokens.vocabulary.text_length == sum(map(len, sentences))
            assert os.listdir(tmp_path) == []


def test_pieces_of_a_sentence_are_put_together(tmp_path: Path) -> None:
    pieces = [Unfinished(["a", "b"]), Unfinished([]), ["a"], ["b"], Unfinished(["a"]), []]
    with Tokens.of(pieces, min_count=1, max_vocab=None) as tokens:
        assert tokens.numbers.tolist() == [0, 1, 0, -1, 1, -1, 0, -1]
    (tmp_path / "text").write_text("a b " * 50_000 + "\n\na")
    with Tokens.of(Corpus(tmp_path / "text"), min_count=1, max_vocab=None) as tokens:
        assert np.flatnonzero(tokens.numbers == -1).tolist() == [100_000, 100_002]


def test_the_digest_tells_texts_and_vocabularies_apart_and_nothing_else() -> None:
    def digest(sentences: list[list[str]], min_count: int = 1) -> str:
        with Tokens.of(sentences, min_count=min_count, max_vocab=None) as tokens:
            return tokens.digest

    text = [["a", "b", "a"], ["b", "rare"]]
    assert digest(text) == digest([*text, []]) == digest([Unfinished(["a"]), ["b", "a"], ["b", "rare"]])
    others = [
        [["a", "b", "a", "b", "rare"]],
        [["b", "a", "a"], ["b", "rare"]],
        [["a", "c", "a"], ["c", "rare"]],
    ]
    assert len({digest(text), digest(text, 2), *map(digest, others)}) == 5


@pytest.fixture(params=["nameless", "named"])
def named(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether the file has a name, as where there is no /proc."""
    if request.param == "named":
        monkeypatch.setattr("w2v_verified.trainer.text.tokens._OPEN_FILES", "/absent/{}/{}")
    return bool(request.param == "named")


def test_what_was_pickled_reads_the_same_file_and_leaves_it(tmp_path: Path, named: bool) -> None:
    with Tokens.of([["a", "b"]], min_count=1, max_vocab=None, directory=tmp_path) as tokens:
        pickled = pickle.dumps(tokens)
        for _ in range(2):
            with pickle.loads(pickled) as copy:
                assert copy.numbers.tolist() == [0, 1, -1]
                assert (copy.digest, copy.vocabulary.words) == (tokens.digest, ("a", "b"))
        assert len(os.listdir(tmp_path)) == named
        with pytest.raises(ValueError, match="read-only"):
            tokens.numbers[0] = 1
    assert os.listdir(tmp_path) == []
    assert tokens.numbers.tolist() == [0, 1, -1]
    with pytest.raises(FileNotFoundError):
        pickle.loads(pickled)


def test_another_process_reads_it(tmp_path: Path) -> None:
    with Tokens.of([["a", "b"]], min_count=1, max_vocab=None, directory=tmp_path) as tokens:
        program = "import pickle, sys; print(pickle.load(sys.stdin.buffer).numbers.tolist())"
        run = subprocess.run(
            [sys.executable, "-c", program], input=pickle.dumps(tokens), capture_output=True, check=True
        )
        assert run.stdout == b"[0, 1, -1]\n"


# Libraries of the benchmarks warn of forks once they are imported; this child does no more than close a file.
@pytest.mark.filterwarnings("ignore:os.fork:RuntimeWarning")
def test_a_forked_process_leaves_the_file(tmp_path: Path, named: bool) -> None:
    with Tokens.of([["a", "b"]], min_count=1, max_vocab=None, directory=tmp_path) as tokens:
        if (child := os.fork()) == 0:
            tokens.close()
            os._exit(0)
        os.waitpid(child, 0)
        assert pickle.loads(pickle.dumps(tokens)).numbers.tolist() == [0, 1, -1]
        assert len(os.listdir(tmp_path)) == named


@pytest.mark.usefixtures("named")
def test_what_is_forgotten_is_removed(tmp_path: Path) -> None:
    Tokens.of([["a", "b"]], min_count=1, max_vocab=None, directory=tmp_path)
    assert os.listdir(tmp_path) == []


@pytest.mark.usefixtures("named")
@pytest.mark.parametrize(
    ("sentences", "error", "message"),
    [
        ([], CorpusError, "expected words, got none"),
        ([["a", "a"]], CorpusError, "min_count of 1, got 1"),
        (["some text"], TypeError, "expected lists of words, got the string 'some text'"),
        ([1, 2], TypeError, "expected lists of words, got 1"),
        ([["a", 3]], TypeError, "expected words to be strings, got 3"),
    ],
)
def test_nothing_is_left_of_a_failure(
    sentences: list[list[str]], error: type[Exception], message: str, tmp_path: Path
) -> None:
    with pytest.raises(error, match=message):
        Tokens.of(sentences, min_count=1, max_vocab=None, directory=tmp_path)
    assert os.listdir(tmp_path) == []


def test_a_full_disk_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        tempfile, "mkstemp", lambda *_: (os.open("/dev/full", os.O_RDWR), str(tmp_path / "x"))
    )
    (tmp_path / "x").touch()
    with pytest.raises(OSError, match=r"No space left on device \(for the text as numbers\)") as caught:
        Tokens.of([["a", "b"]] * 100_000, min_count=1, max_vocab=None)
    assert caught.value.errno == errno.ENOSPC
    assert os.listdir(tmp_path) == []


def test_a_disk_that_fills_up_is_said_too(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_001, before[1]))
    try:
        with pytest.raises(OSError, match=r"File too large \(for the text as numbers\)") as caught:
            Tokens.of([["a", "b"]] * 1_000, min_count=1, max_vocab=None, directory=tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert caught.value.filename == str(tmp_path)
    assert os.listdir(tmp_path) == []


def test_words_side_by_side_are_seen_across_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("w2v_verified.trainer.text.tokens._BLOCK", 3)
    for before in range(6):
        with Tokens.of([*[["a"]] * before, ["a", "b"], ["b"]], min_count=1, max_vocab=None) as tokens:
            tokens.see_pairs()
    with (
        Tokens.of([["a"], ["b"]] * 9, min_count=1, max_vocab=None) as tokens,
        pytest.raises(CorpusError, match="expected two words within reach of each other, got none"),
    ):
        tokens.see_pairs()
