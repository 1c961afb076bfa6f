import gzip
import io
import os
import random
import re
import sys
from pathlib import Path
from typing import cast

import pytest

from w2v_verified.trainer import Corpus, CorpusError, python_documentation, split_words
from w2v_verified.trainer.text.corpus import Unfinished
from w2v_verified.trainer.text.reading import Errors


def _whole(corpus: Corpus) -> list[list[str]]:
    """The sentences with their pieces put together again."""
    sentences: list[list[str]] = []
    unfinished = False
    for piece in corpus:
        if unfinished:
            sentences[-1] += piece
        else:
            sentences.append(list(piece))
        unfinished = isinstance(piece, Unfinished)
    assert not unfinished
    return sentences


def _read(
    folder: Path, content: bytes, errors: Errors = "strict", *, by_line: bool = False
) -> list[list[str]]:
    path = folder / "text.txt"
    path.write_bytes(content)
    corpus = Corpus(path, errors, by_line)
    sentences = _whole(corpus)
    assert _whole(corpus) == sentences
    return sentences


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_blank_lines_part_sentences_and_line_ends_do_not(tmp_path: Path, end: str) -> None:
    text = f"\ufeffOne two{end}three.{end} {end}{end}four".encode()
    assert _read(tmp_path, text) == [["one", "two", "three"], ["four"]]
    assert _read(tmp_path, text, by_line=True) == [["one", "two"], ["three"], ["four"]]


@pytest.mark.parametrize(
    "gap", [" ", "\n", "\n\n", "\r\n\r\n", "\u00a0", "\u3002", " " * 70_000, "\n" + "\t" * 70_000 + "\n"]
)
def test_no_word_and_no_sentence_is_lost_or_cut_where_blocks_meet(tmp_path: Path, gap: str) -> None:
    words = [f"w\u00f6rd{n}" for n in range(max(3, 20_000 // len(gap)))]
    sentences = _read(tmp_path, gap.join(words).encode())
    assert sentences == ([[word] for word in words] if gap.count("\n") == 2 else [words])


def test_characters_cut_by_a_block_are_whole(tmp_path: Path) -> None:
    for shift in range(4):
        text = "x" * shift + " " + "\U0001d54f\u20ac " * 4_000
        (words,) = _read(tmp_path, text.encode())
        assert set(words) - {"x" * shift} == {"\U0001d54f"}
        assert len(words) == 4_000 + (shift > 0)


def test_long_sentences_come_in_bounded_pieces(tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_bytes(b"a" * 1_000_000 + b" b" * 100_000)
    pieces = list(Corpus(path))
    assert sum(len(word) for piece in pieces for word in piece) == 1_100_000
    assert max(len(word) for piece in pieces for word in piece) < 200_000
    assert max(map(len, pieces)) < 100_000


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"fine \xff\xfe", "expected text in UTF-8, got byte 0xff at offset 5 of '.*text.txt'"),
        (b"a" * 65_535 + "\u20ac".encode()[:2] + b" and on", "got byte 0xe2 at offset 65535"),
        (b"b" * 70_000 + b"\xe2\x82", "got byte 0xe2 at offset 70000"),
        (b"\x7fELF\x02\x00\x00", "got a binary file, '.*text.txt'"),
        ("wide".encode("utf-16"), "expected text in UTF-8, got UTF-16"),
        (
            gzip.compress(b"some text " * 999, mtime=0)[:-9],
            "expected a whole gzip file, got a damaged one, '.*text.txt'",
        ),
        (gzip.compress(b"some text", mtime=0)[:20] + b"\xff" * 9, "expected a whole gzip file"),
        (gzip.compress(b"fine \xff", mtime=0), "got byte 0xff at offset 5"),
    ],
)
def test_what_is_not_text_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(CorpusError, match=message):
        _read(tmp_path, content)


def test_broken_text_is_read_on_request(tmp_path: Path) -> None:
    broken = b"caf\xe9 ol\xc3\xa9 a\xffb \0 end\xe2"
    assert _read(tmp_path, broken, "replace") == [["caf", "ol\u00e9", "a", "b", "end"]]
    assert _read(tmp_path, broken, "ignore") == [["caf", "ol\u00e9", "ab", "end"]]
    with pytest.raises(ValueError, match="errors: expected one of strict, replace, ignore, got 'latin1'"):
        _read(tmp_path, broken, cast(Errors, "latin1"))


def test_gzip_is_known_by_its_content(tmp_path: Path) -> None:
    text = b"One two\n\n" * 30_000
    assert _read(tmp_path, gzip.compress(text, mtime=0) + gzip.compress(b"more", mtime=0)) == [
        ["one", "two"]
    ] * 30_000 + [["more"]]


def test_a_folder_is_read_in_order(tmp_path: Path) -> None:
    for name, text in [
        ("b.txt", b"two"),
        ("a/z.gz", gzip.compress(b"one", mtime=0)),
        ("c", b""),
        (".hidden", b"\xff"),
        (".git/x", b"x"),
    ]:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(text)
    os.mkfifo(tmp_path / "pipe")
    assert _whole(Corpus(tmp_path)) == [["one"], ["two"]]
    (tmp_path / "a/broken").write_bytes(b"\xff")
    with pytest.raises(CorpusError, match=r"offset 0 of '.*a/broken'"):
        _whole(Corpus(tmp_path))


def test_a_folder_without_text_and_what_cannot_be_read_are_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(
        CorpusError, match=r"expected a folder with text files, got '.*empty', which has none"
    ):
        _whole(Corpus(tmp_path / "empty"))
    (tmp_path / "dangling").symlink_to("absent")
    for path in (tmp_path, tmp_path / "dangling"):
        with pytest.raises(FileNotFoundError, match="dangling"):
            _whole(Corpus(path))


@pytest.mark.parametrize("content", [b"some\r\ntext", gzip.compress(b"some text", mtime=0)])
def test_standard_input_and_pipes_are_read(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(content))))
    assert _whole(Corpus("-")) == [["some", "text"]]
    receiver, sender = os.pipe()
    os.write(sender, content)
    os.close(sender)
    assert _whole(Corpus(f"/dev/fd/{receiver}")) == [["some", "text"]]
    os.close(receiver)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The cat's 'mat'.", ["the", "cat's", "mat"]),
        ("don\u2019t", ["don't"]),
        ("e\u0301t\u00e9", ["\u00e9t\u00e9"]),
        (
            "\u0939\u093f\u0928\u094d\u0926\u0940 \u0e44\u0e17\u0e22",
            ["\u0939\u093f\u0928\u094d\u0926\u0940", "\u0e44\u0e17\u0e22"],
        ),
        (
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
            ["\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"],
        ),
        (" ... \u2014 !", []),
    ],
)
def test_words_of_any_language_stay_whole(text: str, words: list[str]) -> None:
    assert split_words(text) == words


def test_the_fast_way_over_ascii_is_that_of_the_pattern() -> None:
    choose = random.Random(1).choices
    for length in range(2000):
        text = "".join(choose("aB9_''' .-\n\0\x1c", k=length % 20))
        expected = re.findall(r"\w+(?:'\w+)*", text.lower())
        assert split_words(text) == expected
        assert split_words(text + " \u2014") == expected


def test_python_carries_prose() -> None:
    corpus = python_documentation()
    assert sum(map(len, corpus)) > 30_000
    assert sum(sentence.count("class") for sentence in corpus) > 100
