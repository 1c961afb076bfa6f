from pathlib import Path

import pytest

from w2v_verified.trainer import Corpus, CorpusError, python_documentation, split_words


def _read(folder: Path, content: bytes) -> list[list[str]]:
    path = folder / "text.txt"
    path.write_bytes(content)
    corpus = Corpus(path)
    sentences = list(corpus)
    assert list(corpus) == sentences
    return sentences


def test_blank_lines_part_sentences_and_line_ends_do_not(tmp_path: Path) -> None:
    expected = [["one", "two", "three"], ["four"]]
    for end in ("\n", "\r\n"):
        text = f"\ufeffOne two{end}three.{end} {end}{end}four"
        assert _read(tmp_path, text.encode()) == expected


def test_no_word_is_lost_or_cut_where_blocks_meet(tmp_path: Path) -> None:
    words = [f"w\u00f6rd{n}" for n in range(60_000)]
    for gap in (" ", "\n", "\n\n", "\u00a0 "):
        sentences = _read(tmp_path, gap.join(words).encode())
        assert [word for sentence in sentences for word in sentence] == words
        assert len(sentences) > 1


def test_characters_cut_by_a_block_are_whole(tmp_path: Path) -> None:
    for shift in range(4):
        text = "x" * shift + " " + "\U0001d54f\u20ac " * 40_000
        words = [word for sentence in _read(tmp_path, text.encode()) for word in sentence]
        assert set(words) - {"x" * shift} == {"\U0001d54f"}
        assert len(words) == 40_000 + (shift > 0)


def test_text_without_any_gap_is_read_in_bounded_pieces(tmp_path: Path) -> None:
    sentences = _read(tmp_path, b"a" * 1_000_000)
    assert sum(len(word) for sentence in sentences for word in sentence) == 1_000_000
    assert max(len(word) for sentence in sentences for word in sentence) < 200_000


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"fine \xff\xfe", "expected text in UTF-8, got byte 0xff at offset 5"),
        (b"a" * 65_535 + "\u20ac".encode()[:2] + b" and on", "got byte 0xe2 at offset 65535"),
        (b"b" * 70_000 + b"\xe2\x82", "got byte 0xe2 at offset 70000"),
        (b"\x7fELF\x02\x00\x00", "got a binary file"),
    ],
)
def test_what_is_not_text_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(CorpusError, match=message):
        _read(tmp_path, content)


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


def test_python_carries_prose() -> None:
    corpus = python_documentation()
    assert sum(map(len, corpus)) > 30_000
    assert sum(sentence.count("class") for sentence in corpus) > 100
