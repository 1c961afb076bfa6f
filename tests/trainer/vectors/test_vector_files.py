import gzip
import logging
import os
import tracemalloc
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from w2v_verified.runtime.arrays import Float, Matrix
from w2v_verified.trainer import FormatError, WordVectors

_WORDS = ("the", "caf\u00e9", "don't", "\u0939\u093f\u0928\u094d\u0926\u0940", "a\u00a0b")


def _extreme(dtype: type[Float]) -> Matrix[Float]:
    info = np.finfo(dtype)
    values = [
        [1 / 3, -0.1, 0.0],
        [info.max, info.tiny, -info.smallest_subnormal],
        [1, 1 + info.eps, 1 - info.epsneg],
        [0.0, -0.0, 1e-30],
    ]
    table: Matrix[Float] = np.array([*values, [np.pi, -np.e, 1e-7]], dtype)
    return table


@pytest.mark.parametrize("name", ["vectors.txt", "vectors.txt.gz"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_text_gives_the_same_bits_back(
    tmp_path: Path, dtype: type[np.float32] | type[np.float64], name: str
) -> None:
    path = tmp_path / name
    vectors = _extreme(dtype)
    WordVectors(_WORDS, vectors).save_text(path)
    loaded = WordVectors.load(path, dtype)
    assert tuple(loaded.words) == _WORDS
    assert loaded.vectors.tobytes() == vectors.tobytes()
    assert (path.read_bytes()[:2] == b"\x1f\x8b") == name.endswith(".gz")


@pytest.mark.parametrize("name", ["vectors.bin", "vectors.bin.gz"])
def test_binary_gives_the_same_bits_back(tmp_path: Path, name: str) -> None:
    vectors = _extreme(np.float32)
    WordVectors(_WORDS, vectors).save_binary(tmp_path / name)
    loaded = WordVectors.load(tmp_path / name)
    assert tuple(loaded.words) == _WORDS
    assert loaded.vectors.tobytes() == vectors.tobytes()


@st.composite
def _small_tables(draw: st.DrawFn) -> Matrix[np.float32]:
    numbers = st.floats(width=32, allow_nan=False, allow_infinity=False)
    dimension = draw(st.integers(1, 3))
    rows = st.lists(numbers, min_size=dimension, max_size=dimension)
    return np.array(draw(st.lists(rows, min_size=1, max_size=3)), np.float32)


@given(_small_tables(), st.booleans())
def test_small_files_are_told_apart(
    whole: tuple[Path, list[bytes]], table: Matrix[np.float32], binary: bool
) -> None:
    vectors = WordVectors([f"w{n}" for n in range(len(table))], table)
    (vectors.save_binary if binary else vectors.save_text)(whole[0])
    assert WordVectors.load(whole[0]).vectors.tobytes() == table.tobytes()


def test_a_binary_file_of_letters_is_binary(tmp_path: Path) -> None:
    path = tmp_path / "vectors"
    for rest, words in ((b"a abcd\n", ["a"]), (b"a abcdb efgh", ["a", "b"])):
        path.write_bytes(b"%d 1\n%b" % (len(words), rest))
        assert WordVectors.load(path).words == words


def test_the_formats_are_those_of_word2vec(tmp_path: Path) -> None:
    path = tmp_path / "vectors"
    vectors = WordVectors(("a", "\u00e9"), np.array([[1.0, -0.5], [2.0, 0.25]]))
    vectors.save_text(path)
    assert path.read_bytes() == "2 2\na 1 -0.5\n\u00e9 2 0.25\n".encode()
    vectors.save_binary(path)
    rows = [np.array(row, "<f4").tobytes() for row in ([1.0, -0.5], [2.0, 0.25])]
    assert path.read_bytes() == b"2 2\na " + rows[0] + "\n\u00e9 ".encode() + rows[1] + b"\n"


def test_packed_files_do_not_depend_on_the_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = WordVectors(_WORDS, _extreme(np.float32))
    vectors.save_text(tmp_path / "one.gz")
    monkeypatch.setattr("time.time", lambda: 1.0)
    vectors.save_text(tmp_path / "two.gz")
    assert (tmp_path / "one.gz").read_bytes() == (tmp_path / "two.gz").read_bytes()


@pytest.mark.parametrize("binary", [False, True])
def test_gensim_reads_it_and_it_reads_what_gensim_writes(tmp_path: Path, binary: bool) -> None:
    keyed_vectors = pytest.importorskip("gensim.models").KeyedVectors
    path = tmp_path / "vectors"
    vectors = WordVectors(_WORDS, _extreme(np.float32))
    (vectors.save_binary if binary else vectors.save_text)(path)
    theirs = keyed_vectors.load_word2vec_format(str(path), binary=binary)
    assert tuple(theirs.index_to_key) == _WORDS
    assert theirs.vectors.tobytes() == vectors.vectors.tobytes()
    theirs.save_word2vec_format(str(path), binary=binary)
    assert WordVectors.load(path).vectors.tobytes() == vectors.vectors.tobytes()


def _row(word: bytes, *numbers: float) -> bytes:
    return word + b" " + np.array(numbers, "<f4").tobytes()


@pytest.mark.parametrize(
    "content",
    [
        b"2 2\na 1.5 -2e-3 \nb 0 1 \n",  # word2vec.c ends its lines with a space
        b"2 2\r\na 1.5 -2e-3\r\nb 0 1\r\n\r\n",
        b"2 2\na 1.5 -2e-3\nb 0 1",
        b"2 2\n" + _row(b"a", 1.5, -2e-3) + b"\n" + _row(b"b", 0, 1) + b"\n",  # word2vec.c
        b"2 2\n" + _row(b"a", 1.5, -2e-3) + _row(b"b", 0, 1),  # gensim
        gzip.compress(b"2 2\na 1.5 -2e-3\nb 0 1\n", mtime=0),
    ],
)
def test_what_other_tools_write_is_read(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "vectors"
    path.write_bytes(content)
    for loaded in (WordVectors.load(path), WordVectors.load(path, errors="ignore", limit=2)):
        assert loaded.words == ["a", "b"]
        assert loaded.vectors.tolist() == [[1.5, np.float32(-2e-3)], [0, 1]]
    assert WordVectors.load(path, limit=1).words == ["a"]


def test_gensims_ways_to_write_are_taken_or_named(tmp_path: Path) -> None:
    vectors = WordVectors(("a", "b"), np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([5, 4]))
    vectors.save_word2vec_format(tmp_path / "v", tmp_path / "c", False, 2, False, "en/")
    assert (tmp_path / "v").read_text() == "en/a 1 2\nen/b 3 4\n"
    assert (tmp_path / "c").read_text() == "en/a 5\nen/b 4\n"
    assert WordVectors.load(tmp_path / "v").words == ["en/a", "en/b"]
    vectors.save_word2vec_format(tmp_path / "v", binary=True, prefix="en/")
    assert WordVectors.load(tmp_path / "v").words == ["en/a", "en/b"]
    cases: tuple[tuple[dict[str, Any], str], ...] = (
        ({"total_vec": 3}, "^total_vec: expected None or 2, got 3$"),
        ({"append": True}, "^append: expected False, got True$"),
        ({"sort_attr": "age"}, "^sort_attr: expected 'count', got 'age'$"),
        ({"binary": True, "write_header": False}, "^write_header: expected True, got False$"),
    )
    for how, message in cases:
        with pytest.raises(ValueError, match=message):
            vectors.save_word2vec_format(tmp_path / "w", **how)
    vectors.save(tmp_path / "v", separately=[], pickle_protocol=4)
    assert WordVectors.load(tmp_path / "v", mmap="r").words == ["a", "b"]


def test_pipes_are_read() -> None:
    receiver, sender = os.pipe()
    os.write(sender, b"1 1\na 2\n")
    os.close(sender)
    assert WordVectors.load(f"/dev/fd/{receiver}")["a"].tolist() == [2]
    os.close(receiver)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "expected word vectors, got an empty file"),
        (b"a 1 x\n", "line 1: expected two whole numbers, .*, or a word and its numbers, got 'a 1 x'"),
        (b"a 1\n", "line 1: expected two whole numbers, .*, or a word and its numbers, got 'a 1'"),
        (b"0 5\n", "line 1: expected two whole numbers"),
        (b"3 -1\n", "line 1: expected two whole numbers"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 999, r"line 1: expected two whole numbers, .*, got '\\\\x89PNG"),
        (b"1 2\na 1\n", "line 2: expected a word and 2 numbers, got 1"),
        (b"1 2\na 1 x\n", "line 2: expected a word and 2 numbers, got 'a 1 x'"),
        (b"1_0 2\na 1 2\n", "line 1: expected two whole numbers"),
        (b"1 2\na 1 2_0\n", "line 2: expected a word and 2 numbers, got 'a 1 2_0'"),
        (b"1 2\na 1 nan\n", "line 2: expected finite numbers in float32"),
        (b"1 2\na 1 1e39\n", "line 2: expected finite numbers in float32"),
        (
            b"2 2\nb 1 1e-200\na 1e-200 -2e-200\n",
            "line 3: expected numbers that float32 can hold, got .*: 2e-200",
        ),
        (b"1 2\na 0e9 0.01e-400\n", "line 2: expected numbers that float64 can hold, got 'a 0e9 0.01e-400'"),
        (b"2 1\na 1\n", "expected 2 words, as line 1 says, got 1"),
        (b"1 1\na 1\nb 1\n", "line 3: expected the end after 1 words"),
        (b"1 1\n\xff 1\n", r"line 2: expected a word in UTF-8, got byte 0xff in '\\\\xff'"),
        (
            b"9999999 99\na 1\n",
            "line 1: expected what fits into the 15 bytes of the file, got 9,999,999 words",
        ),
        (b"1 2\n" + _row(b"a", 1, np.inf), "byte 4, word 1: expected finite numbers"),
        (
            b"2 2\n" + _row(b"a", 1, 1) + b"\n" + _row(b"b", 1),
            "byte 14, word 2: expected 2 numbers of 4 bytes",
        ),
        (
            b"2 2\n" + _row(b"a", 1, 1) + b"\nbb",
            "byte 14, word 2: expected a word and a space after it, got '.*bb'",
        ),
        (b"1 2\n" + _row(b"a", 1, 1) + _row(b"b", 1, 1), "byte 14, word 2: expected the end after 1 words"),
        (gzip.compress(b"1 1\na 1\n", mtime=0)[:-9], "expected a whole gzip file"),
        (
            gzip.compress(b"999999999 99999\na 1\n", mtime=0),
            "line 2: expected a word and 99999 numbers, got 1",
        ),
    ],
)
def test_other_files_are_refused(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "vectors.txt"
    path.write_bytes(content)
    tracemalloc.start()
    with pytest.raises(FormatError, match=message):
        WordVectors.load(path)
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()


@pytest.mark.parametrize("content", [b"9 2\n" + b"a 1 2\n" * 9, gzip.compress(b"9 2\na 1 2\n", mtime=0)])
def test_what_does_not_fit_into_memory_is_refused(
    tmp_path: Path, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("w2v_verified.trainer.memory._free", lambda: 70)
    (tmp_path / "vectors").write_bytes(content)
    with pytest.raises(MemoryError, match="9 vectors of 2 numbers need 72 bytes, and 70 bytes are free"):
        WordVectors.load(tmp_path / "vectors")


@pytest.mark.parametrize("numbers", [b"0 0", b"0.0 -0", b"0e5 .0", b"1e-44 0", b"1 1e-200"])
def test_zeros_and_the_smallest_numbers_are_read(tmp_path: Path, numbers: bytes) -> None:
    path = tmp_path / "vectors"
    path.write_bytes(b"1 2\na " + numbers + b"\n")
    assert WordVectors.load(path).vectors[0].tolist() == [
        np.float32(number) for number in map(float, numbers.split())
    ]


def test_words_that_are_not_utf_8_are_read_on_request(tmp_path: Path) -> None:
    path = tmp_path / "vectors.txt"
    path.write_bytes(b"2 1\ncaf\xc3 1\nb 2\n")
    assert WordVectors.load(path, errors="replace").words == ["caf\ufffd", "b"]
    assert WordVectors.load(path, errors="ignore").words == ["caf", "b"]


def test_of_a_word_that_comes_up_again_the_first_vector_is_kept(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "vectors.txt"
    path.write_bytes(b"3 1\na 1\na 2\nb 3\n")
    with caplog.at_level(logging.WARNING):
        loaded = WordVectors.load(path)
    assert (loaded.words, loaded.vectors.tolist()) == (["a", "b"], [[1], [3]])
    assert caplog.messages == ["1 words come up again, such as 'a': their first vectors are kept"]


@pytest.mark.parametrize(
    ("words", "vectors", "message"),
    [
        (("a\nb", "c"), [[1.0], [2.0]], r"words of one line, got 'a\\nb'; Word2Vec.save keeps any word"),
        ((" ", "c"), [[1.0], [2.0]], "words: expected words .*' '.*; Word2Vec.save keeps any word"),
        (("", "c"), [[1.0], [2.0]], "words of one line, got ''"),
        (("\ud800", "c"), [[1.0], [2.0]], "words that UTF-8 can hold"),
        (("a", "b"), [[1.0], [np.nan]], "expected finite numbers"),
    ],
)
def test_what_the_formats_cannot_hold_is_refused(
    tmp_path: Path, words: tuple[str, ...], vectors: list[list[float]], message: str
) -> None:
    for save in (WordVectors.save_text, WordVectors.save_binary):
        with pytest.raises(ValueError, match=message):
            save(WordVectors(words, np.array(vectors)), tmp_path / "vectors.txt")
    with pytest.raises(ValueError, match="expected finite numbers"):
        WordVectors(("a",), np.array([[1e39]])).save_binary(tmp_path / "vectors.bin")
    with pytest.raises(ValueError, match="float32 can hold, got some that are all 0 there, of 'b'"):
        WordVectors(("a", "b"), np.array([[1.0], [1e-99]])).save_binary(tmp_path / "vectors.bin")
    with pytest.raises(
        ValueError, match=r"that no number stands behind, got 'room 101'; Word2Vec.save keeps any"
    ):
        WordVectors(("room 101",), np.array([[1.0]])).save_text(tmp_path / "vectors.txt")
    assert os.listdir(tmp_path) == []


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[bytes]]:
    """A file to overwrite, and the bytes of good ones."""
    path = tmp_path_factory.mktemp("fuzz") / "vectors"
    vectors = WordVectors(_WORDS, _extreme(np.float32))
    contents = []
    saves: list[Callable[[Path], None]] = [vectors.save_text, vectors.save_binary]
    for save in saves:
        save(path)
        contents += [path.read_bytes(), gzip.compress(path.read_bytes(), mtime=0)]
    return path, contents


@given(st.data())
def test_damaged_files_are_read_or_refused(whole: tuple[Path, list[bytes]], data: st.DataObject) -> None:
    path, contents = whole
    content = data.draw(st.sampled_from(contents))
    place = data.draw(st.integers(0, len(content)))
    length = data.draw(st.integers(0, 8))
    path.write_bytes(content[:place] + data.draw(st.binary(max_size=8)) + content[place + length :])
    with suppress(FormatError):
        loaded = WordVectors.load(path)
        assert np.isfinite(loaded.vectors).all()
        assert len(set(loaded.words)) == len(loaded.vectors) > 0


@given(st.data())
def test_files_that_are_cut_off_are_refused(whole: tuple[Path, list[bytes]], data: st.DataObject) -> None:
    path, contents = whole
    content = data.draw(st.sampled_from(contents))
    # Of text, what is left of the last number may be a number too.
    left_out = (
        len(content) - content.rindex(b" ") if content.endswith(b"\n") and content[-2:-1].isdigit() else 2
    )
    path.write_bytes(content[: data.draw(st.integers(0, len(content) - left_out))])
    with pytest.raises(FormatError):
        WordVectors.load(path)
