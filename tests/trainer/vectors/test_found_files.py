"""Files as people have them: without a header, with spaces in words, a byte order mark, a line too many or too few."""

import bz2
import gzip
import lzma
import pickle
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from w2v_verified.trainer import FormatError, Word2Vec, WordVectors
from w2v_verified.trainer.vectors.text_rows import ends_in_a_number

LETTERS = st.text(st.sampled_from("abcxyz019.éह'-"), min_size=1, max_size=6)
PHRASES = st.lists(LETTERS, min_size=1, max_size=3).map(" ".join)


@st.composite
def vectors(draw: st.DrawFn, least: int = 2) -> WordVectors[Any]:
    """Words, some with spaces in them, and vectors of ordinary size."""
    words = draw(st.lists(PHRASES, min_size=2, max_size=8, unique=True))
    dimension = draw(st.integers(least, least + 10))
    seed = draw(st.integers(0, 1000))
    table = np.random.default_rng(seed).standard_normal((len(words), dimension)).astype(np.float32)
    return WordVectors(words, table)


def text_of(given_: WordVectors[Any], header: bool = True) -> bytes:
    rows = [
        f"{word} {' '.join(map(repr, row.tolist()))}\n"
        for word, row in zip(given_.words, given_.vectors, strict=True)
    ]
    first = "{} {}\n".format(*given_.vectors.shape) if header else ""
    return (first + "".join(rows)).encode()


def binary_of(given_: WordVectors[Any], ends: bytes) -> bytes:
    rows = [
        word.encode() + b" " + row.tobytes() + ends
        for word, row in zip(given_.words, given_.vectors, strict=True)
    ]
    return b"%d %d\n" % given_.vectors.shape + b"".join(rows)


def loaded(path: Path, content: bytes, **how: Any) -> WordVectors[Any]:
    path.write_bytes(content)
    return WordVectors.load(path, **how)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("found") / "vectors"


@given(
    made=vectors(), header=st.booleans(), mark=st.booleans(), ends=st.sampled_from([b"\n", b"\r\n", b" \n"])
)
def test_text_is_read_whatever_its_words(
    path: Path, made: WordVectors[Any], header: bool, mark: bool, ends: bytes
) -> None:
    # Nothing tells a number at the end of a word from those behind it.
    assume(not any(ends_in_a_number(word.encode()) for word in made.words))
    content = (b"\xef\xbb\xbf" if mark else b"") + text_of(made, header).replace(b"\n", ends)
    for how in ({}, {"limit": len(made.words)}, {"errors": "ignore"}, {} if header else {"no_header": True}):
        back = loaded(path, content, **how)
        assert back.words == made.words
        assert np.array_equal(back.vectors, made.vectors)


@given(
    made=vectors(least=8),
    ends=st.sampled_from([b"", b"\n"]),
    errors=st.sampled_from(["strict", "replace", "ignore"]),
)
def test_binary_is_read_right_or_refused(
    path: Path, made: WordVectors[Any], ends: bytes, errors: str
) -> None:
    try:
        back = loaded(path, binary_of(made, ends), errors=errors)
    except FormatError:
        assert any(" " in word for word in made.words)
    else:
        assert back.words == made.words
        assert np.array_equal(back.vectors, made.vectors)


@given(made=vectors(least=1), save=st.sampled_from(["save_text", "save_binary", "save"]), wide=st.booleans())
def test_words_with_spaces_are_written_so_that_they_are_read_or_refused(
    path: Path, made: WordVectors[Any], save: str, wide: bool
) -> None:
    made = WordVectors(made.words, made.vectors.astype(np.float64 if wide else np.float32))
    ends, saved = any(ends_in_a_number(word.encode()) for word in made.words), False
    with suppress(ValueError):
        getattr(made, save)(path)
        saved = True
    assert saved or ends or save == "save_binary"
    if saved:
        back = WordVectors.load(path, made.vectors.dtype.type)
        assert back.words == made.words
        assert np.array_equal(back.vectors, made.vectors)


def test_phrases_are_written_and_read(path: Path) -> None:
    words = ["new york", "the", "los angeles county", *(f"w{n}" for n in range(20))]
    table = np.random.default_rng(1).standard_normal((len(words), 10)).astype(np.float32)
    for save in (WordVectors.save_text, WordVectors.save_binary, WordVectors.save):
        save(WordVectors(words, table), path)
        assert WordVectors.load(path).words == words


def test_binary_files_with_spaces_in_words_are_read(path: Path) -> None:
    for seed in range(200):
        random = np.random.default_rng(seed)
        words = ["new york", "the", "los angeles county", *(f"w{n}" for n in range(20))]
        numbers = random.standard_normal((len(words), 10)).astype(np.float32)
        back = loaded(path, binary_of(WordVectors(words, numbers), [b"", b"\n"][seed % 2]))
        assert back.words == words
        assert np.array_equal(back.vectors, numbers)


def test_a_line_end_within_a_number_ends_no_word(path: Path) -> None:
    words = ["00", "0 0", "0"]
    numbers = np.ones((3, 8), np.float32)
    numbers[1, -1] = np.frombuffer(b"\x01\x02\n?", "<f4")[
        0
    ]  # from the first space on, the numbers end before "\n?"
    numbers[1, :-1] = np.random.default_rng(1).standard_normal(7)
    assert loaded(path, binary_of(WordVectors(words, numbers), b"")).words == words


@pytest.mark.parametrize("ends", [b"", b"\n"])
@pytest.mark.parametrize("dimension", [1, 2, 3, 4, 5, 50])
@pytest.mark.parametrize("spread", [0, 8])
def test_words_without_spaces_are_read_whatever_their_numbers(
    path: Path, ends: bytes, dimension: int, spread: int
) -> None:
    if not ends and spread and dimension < 4:
        pytest.skip("nothing there tells numbers so far apart from others")
    random = np.random.default_rng(dimension)
    words = [f"w{n:05d}" for n in range(5_000)]
    numbers = random.standard_normal((len(words), dimension)) * 10.0 ** random.integers(
        -spread, spread + 1, (len(words), dimension)
    )
    made: WordVectors[Any] = WordVectors(words, numbers.astype(np.float32))
    back = loaded(path, binary_of(made, ends))
    assert back.words == words
    assert np.array_equal(back.vectors, made.vectors)


def test_with_a_limit_a_line_too_many_or_too_few_is_no_harm(path: Path) -> None:
    rows = b"a 1 2\nb 3 4\n"
    for count in (1, 3):
        with pytest.raises(FormatError, match=r"as line 1 says.*; with limit it is read as far as it goes"):
            loaded(path, b"%d 2\n" % count + rows)
        assert len(loaded(path, b"%d 2\n" % count + rows, limit=5)) == 2


def test_a_header_of_one_number_each_is_told_by_whoever_reads(path: Path) -> None:
    assert loaded(path, b"5 3\n7 4\n", no_header=True).words == ["5", "7"]
    with pytest.raises(FormatError):
        loaded(path, b"5 3\n7 4\n")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a 1 2\nb 1\n", "line 2: expected a word and 2 numbers, got 1"),
        (b"word\n", "line 1: expected two whole numbers"),
        (b"a 1 2 3\nb 1 x 3\n", "line 2: expected a word and 3 numbers, got 1"),
    ],
)
def test_what_has_no_header_is_held_to_its_first_lines(path: Path, content: bytes, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        loaded(path, content)


LINES = [b"w%d %b" % (n, b" ".join(b"0.%d" % (n + k) for k in range(1, 6))) for n in range(9)]


@pytest.mark.parametrize("header", [b"", b"9 5\n"])
@pytest.mark.parametrize("place", [0, 1, 5, 8])
@pytest.mark.parametrize(
    ("damaged", "got"),
    [
        (b"word 1 2 3 4", "4 in"),
        (b"word 1 2 3 4 5 6", "6 in"),
        (b"word 0.123 1e-2 3 4 5 6 7", "7 in"),
        (b"new york 1 2 3 4", "4 in"),
        (b"new york 1 2 3 4 5 6", "6 in"),
    ],
)
def test_a_number_too_many_or_too_few_is_refused(
    path: Path, header: bytes, place: int, damaged: bytes, got: str
) -> None:
    lines = [*LINES[:place], damaged, *LINES[place + 1 :]]
    number = place + 1 + bool(header)
    with pytest.raises(FormatError, match=rf"^line {number}: expected a word and 5 numbers, got {got}"):
        loaded(path, header + b"\n".join(lines) + b"\n")


@pytest.mark.parametrize("header", [b"", b"9 5\n"])
@pytest.mark.parametrize("word", ["new york", "4 u", "2001 : a", "room 101 b", "to infinity", "my nan", "7"])
def test_words_whose_last_piece_is_no_number_are_read(path: Path, header: bytes, word: str) -> None:
    lines = [word.encode() + LINES[0][2:], *LINES[1:]]
    assert loaded(path, header + b"\n".join(lines) + b"\n").words[0] == word


@pytest.mark.parametrize("content", [b"2 2\ra 1 2\rb 3 4\r", b"a 1 2\rb 3 4\r"])
def test_line_ends_of_old_macs_are_named(path: Path, content: bytes) -> None:
    with pytest.raises(FormatError, match=r"line 1: expected a line end .*, got \\r alone, which old Macs"):
        loaded(path, content)


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "an empty file"),
        (b"PK\x03\x04\x14\0\0\0glove.6B.50d.txt", "a zip archive: unzip it"),
        (bz2.compress(b"a 1 2\n"), "a file that bzip2 packed: unpack it by bunzip2"),
        (lzma.compress(b"a 1 2\n"), "a file that xz packed: unpack it by unxz"),
        (b"\x93NUMPY\x01\0v\0", "an array of NumPy's, which has no words"),
        (pickle.dumps({"vectors": 1}), r"a pickle, .*from_gensim\(KeyedVectors.load\("),
        (b"\n<!DOCTYPE html>\n<html>", "a page in HTML"),
        (b"<HTML lang='en'>", "a page in HTML"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "what Git LFS keeps .*git lfs pull"),
        ("2 2\na 1 2".encode("utf-16"), "text in UTF-16: write it in UTF-8"),
    ],
)
def test_files_of_other_kinds_are_refused_by_what_they_are(
    path: Path, content: bytes, what: str, packed: bool
) -> None:
    with pytest.raises(FormatError, match=f"^expected word vectors, got {what}"):
        loaded(path, gzip.compress(content) if packed else content)


def test_words_that_begin_like_other_files_are_read(path: Path) -> None:
    content = b"<html> 1 2\nBZh 3 4\nversion 5 6\n"
    for lines in (content, b"BZh 3 4\n<html> 1 2\nversion 5 6\n"):
        assert set(loaded(path, lines).words) == {"<html>", "BZh", "version"}


def test_a_model_is_no_file_of_vectors(path: Path) -> None:
    Word2Vec([["a", "b"]] * 9, min_count=1, vector_size=2, workers=1, epochs=1).save(path)
    with pytest.raises(FormatError, match=r"got what Word2Vec.save wrote: Word2Vec.load\(...\).wv$"):
        WordVectors.load(path)


def test_counts_go_to_a_file_and_come_back(tmp_path: Path) -> None:
    made: WordVectors[Any] = WordVectors(["a", "new york"], np.eye(2, dtype=np.float32), np.array([7, 3]))
    made.save_word2vec_format(tmp_path / "v", tmp_path / "counts")
    phrases = WordVectors.load_word2vec_format(tmp_path / "v", tmp_path / "counts")
    assert [phrases.get_vecattr(word, "count") for word in ("a", "new york")] == [7, 3]
    made = WordVectors(["a", "b"], made.vectors, made.counts)
    made.save_word2vec_format(tmp_path / "v", tmp_path / "counts", binary=True)
    assert (tmp_path / "counts").read_text() == "a 7\nb 3\n"
    back = WordVectors.load_word2vec_format(tmp_path / "v", tmp_path / "counts", binary=True)
    assert [back.get_vecattr(word, "count") for word in back] == [7, 3]
    (tmp_path / "counts").write_text("a 7\n")
    with pytest.raises(FormatError, match="expected a count for each of 2 words, got none for 'b'"):
        WordVectors.load_word2vec_format(tmp_path / "v", tmp_path / "counts")
    with pytest.raises(KeyError, match="count: not known of these vectors"):
        WordVectors.load(tmp_path / "v").get_vecattr("a", "count")
    with pytest.raises(ValueError, match="fvocab: expected vectors of which the counts are known"):
        WordVectors.load(tmp_path / "v").save_word2vec_format(tmp_path / "w", tmp_path / "counts")
    with pytest.raises(ValueError, match="encoding: expected utf8"):
        WordVectors.load_word2vec_format(tmp_path / "v", encoding="latin-1")
