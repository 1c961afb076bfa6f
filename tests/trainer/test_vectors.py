import os
from pathlib import Path

import numpy as np
import pytest

from w2v_verified.arrays import F, Matrix
from w2v_verified.trainer import FormatError, WordVectors

_WORDS = ("the", "caf\u00e9", "don't", "\u0939\u093f\u0928\u094d\u0926\u0940")


def _extreme(dtype: type[F]) -> Matrix[F]:
    info = np.finfo(dtype)
    values = [
        [1 / 3, -0.1, 0.0],
        [info.max, info.tiny, -info.smallest_subnormal],
        [1, 1 + info.eps, 1 - info.epsneg],
    ]
    table: Matrix[F] = np.array([*values, [np.pi, -np.e, 1e-7]], dtype)
    return table


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_text_gives_the_same_bits_back(tmp_path: Path, dtype: type[np.float32] | type[np.float64]) -> None:
    path = tmp_path / "vectors.txt"
    vectors = _extreme(dtype)
    WordVectors(_WORDS, vectors).save_text(path)
    loaded = WordVectors.load_text(path, dtype)
    assert tuple(loaded.words) == _WORDS
    assert loaded.vectors.tobytes() == vectors.tobytes()


def test_the_format_is_that_of_word2vec(tmp_path: Path) -> None:
    path = tmp_path / "vectors.txt"
    WordVectors(("a", "\u00e9"), np.array([[1.0, -0.5], [2.0, 0.25]], np.float32)).save_text(path)
    assert path.read_bytes() == "2 2\na 1 -0.5\n\u00e9 2 0.25\n".encode()


def test_gensim_reads_it(tmp_path: Path) -> None:
    keyed_vectors = pytest.importorskip("gensim.models").KeyedVectors
    path = tmp_path / "vectors.txt"
    vectors = _extreme(np.float32)
    WordVectors(_WORDS, vectors).save_text(path)
    loaded = keyed_vectors.load_word2vec_format(str(path))
    assert tuple(loaded.index_to_key) == _WORDS
    assert loaded.vectors.tobytes() == vectors.tobytes()


def test_it_reads_what_gensim_and_the_original_tool_write(tmp_path: Path) -> None:
    path = tmp_path / "vectors.txt"
    path.write_text("2 2\na 1.5 -2e-3 \nb 0 1 \n")  # word2vec.c ends its lines with a space
    assert WordVectors.load_text(path).vectors.tolist() == [[1.5, np.float32(-2e-3)], [0, 1]]
    keyed_vectors = pytest.importorskip("gensim.models").KeyedVectors
    vectors = _extreme(np.float32)
    theirs = keyed_vectors(3)
    theirs.add_vectors(list(_WORDS), vectors)
    theirs.save_word2vec_format(str(path))
    assert WordVectors.load_text(path).vectors.tobytes() == vectors.tobytes()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "line 1: expected two whole numbers, got ''"),
        (b"a 1 2\n", "line 1: expected two whole numbers"),
        (b"1 2\na 1\n", "line 2: expected a word and 2 numbers, got 1"),
        (b"1 2\na 1 x\n", "line 2: expected numbers, got 'a 1 x"),
        (b"2 1\na 1\n", "expected 2 words, as line 1 says, got 1"),
        (b"2 1\na 1\na 2\n", "one of them twice"),
        (b"1 1\n\xff 1\n", "expected text in UTF-8, got byte 0xff"),
    ],
)
def test_other_files_are_refused(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "vectors.txt"
    path.write_bytes(content)
    with pytest.raises(FormatError, match=message):
        WordVectors.load_text(path)


@pytest.mark.parametrize(
    ("words", "vectors", "message"),
    [
        (("a b", "c"), [[1.0], [2.0]], "without white space, got 'a b'"),
        (("", "c"), [[1.0], [2.0]], "without white space, got ''"),
        (("a", "b"), [[1.0], [np.nan]], "expected finite numbers"),
    ],
)
def test_what_the_format_cannot_hold_is_refused(
    tmp_path: Path, words: tuple[str, ...], vectors: list[list[float]], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        WordVectors(words, np.array(vectors)).save_text(tmp_path / "vectors.txt")
    assert os.listdir(tmp_path) == []


def test_neighbours_leave_out_the_word_itself_and_put_up_with_zeros() -> None:
    table = np.array([[2.0, 0.0], [0.0, 0.0], [1.0, 1.0], [5.0, 0.0], [-1.0, 0.0]])
    nearest = WordVectors(("a", "zero", "half", "same", "against"), table).most_similar("a", 10)
    assert [word for word, _ in nearest] == ["same", "half", "zero", "against"]
    assert [cosine for _, cosine in nearest] == pytest.approx([1, 0.5**0.5, 0, -1])


def test_an_unknown_word_and_a_wrong_shape_are_named() -> None:
    vectors = WordVectors(("a", "b"), np.eye(2))
    with pytest.raises(KeyError, match="expected one of the 2 words, got 'c'"):
        vectors.most_similar("c")
    with pytest.raises(ValueError, match=r"expected shape \(V, d\) with V = 1, got \(2, 2\)"):
        WordVectors(("a",), np.eye(2))
    with pytest.raises(ValueError, match="twice"):
        WordVectors(("a", "a"), np.eye(2))
