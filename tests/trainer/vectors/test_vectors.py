import inspect
import sys
from collections.abc import Callable
from typing import Any, cast

import numpy as np
import pytest

from w2v_verified.runtime.arrays import Float, Matrix
from w2v_verified.trainer import WordVectors
from w2v_verified.trainer.vectors.cosines import Keys

WORDS = ("king", "King", "man", "woman", "queen", "zero", "apple", "pear")


CALLS: list[tuple[tuple[str, dict[str, Any]], Callable[[WordVectors[Any]], object]]] = [
    (("similarity", {"w1": "man", "w2": "king"}), lambda of: of.similarity("man", "king")),
    (("distance", {"w1": "man", "w2": "king"}), lambda of: of.distance("man", "king")),
    (("n_similarity", {"ws1": ["man"], "ws2": ["king"]}), lambda of: of.n_similarity(["man"], ["king"])),
    (("closer_than", {"key1": "man", "key2": "king"}), lambda of: of.closer_than("man", "king")),
    (("rank", {"key1": "man", "key2": "king"}), lambda of: of.rank("man", "king")),
    (
        ("most_similar_to_given", {"key1": "man", "keys_list": ["king", "pear"]}),
        lambda of: of.most_similar_to_given("man", ["king", "pear"]),
    ),
    (
        ("relative_cosine_similarity", {"wa": "man", "wb": "king"}),
        lambda of: of.relative_cosine_similarity("man", "king"),
    ),
    (
        ("distances", {"word_or_vector": "man", "other_words": ["king"]}),
        lambda of: of.distances("man", ["king"]),
    ),
]


def _vectors(dtype: type[Float]) -> WordVectors[Float]:
    table: Matrix[Float] = np.random.default_rng(3).normal(size=(len(WORDS), 4)).astype(dtype)
    table[WORDS.index("zero")] = 0
    return WordVectors(WORDS, table)


def test_neighbours_leave_out_the_word_itself_and_put_up_with_zeros() -> None:
    table = np.array([[2.0, 0.0], [0.0, 0.0], [1.0, 1.0], [5.0, 0.0], [-1.0, 0.0]])
    vectors = WordVectors(("a", "zero", "half", "same", "against"), table)
    nearest = vectors.most_similar("a", topn=10)
    assert [word for word, _ in nearest] == ["same", "half", "zero", "against"]
    assert [cosine for _, cosine in nearest] == pytest.approx([1, 0.5**0.5, 0, -1])
    assert vectors.most_similar("a", topn=2) == nearest[:2]
    assert vectors.most_similar("zero", topn=4) == [(w, 0) for w in ("a", "half", "same", "against")]


def test_ties_come_in_the_order_of_the_words() -> None:
    vectors = WordVectors([str(n) for n in range(50)], np.ones((50, 3)))
    assert [word for word, _ in vectors.most_similar("7", topn=9)] == list("012345689")


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_looking_up_keeps_the_type(dtype: type[np.float32] | type[np.float64]) -> None:
    vectors = _vectors(dtype)
    assert vectors["man"].tobytes() == vectors.vectors[2].tobytes()
    assert vectors[["man", "king"]].tobytes() == vectors.vectors[[2, 0]].tobytes()
    assert vectors[[]].shape == (0, 4)
    assert vectors.distances("man").dtype == dtype
    assert "man" in vectors
    assert "men" not in vectors
    assert (len(vectors), vectors.vector_size, vectors.key_to_index["man"]) == (8, 4, 2)


def test_a_single_vector_is_read_only() -> None:
    vectors = _vectors(np.float64)
    for single in (
        vectors["man"],
        vectors[2],
        vectors.get_vector("man"),
        vectors.get_vector("man", norm=True),
    ):
        with pytest.raises(ValueError, match="read-only"):
            single *= 10
    several = vectors[["man", "king"]]
    several *= 10
    assert several[0].tolist() == (10 * vectors["man"]).tolist()


def test_what_is_written_to_the_table_takes_effect() -> None:
    table = np.random.default_rng(3).normal(size=(len(WORDS), 4))
    vectors = WordVectors(WORDS, table)
    vectors.most_similar("man")
    vectors.vectors[3] = 100 * vectors["man"]
    table[4] = -1e200 * vectors["man"]
    again = WordVectors(WORDS, table.copy())
    assert vectors.similarity("man", "woman") == pytest.approx(1)
    assert vectors.similarity("man", "queen") == pytest.approx(-1)
    assert vectors.most_similar("man") == again.most_similar("man")
    assert vectors.most_similar_cosmul("man") == again.most_similar_cosmul("man")
    assert vectors.distances("man").tolist() == again.distances("man").tolist()
    assert vectors.get_normed_vectors().tolist() == again.get_normed_vectors().tolist()
    table[4, 0] = np.nan
    with pytest.raises(ValueError, match=r"^vectors: expected finite numbers, got others"):
        vectors.most_similar("man")


def test_whole_numbers_are_a_vector() -> None:
    vectors = _vectors(np.float32)
    assert vectors.similar_by_vector(np.array([1, 0, 2, 3])) == vectors.similar_by_vector(
        np.array([1.0, 0, 2, 3])
    )


def test_comparisons_are_those_of_the_formulas() -> None:
    vectors = _vectors(np.float64)
    unit = {word: vectors[word] / np.linalg.norm(vectors[word]) for word in WORDS if word != "zero"}
    assert vectors.similarity("man", "king") == pytest.approx(unit["man"] @ unit["king"])
    assert vectors.distance("man", "king") == pytest.approx(1 - unit["man"] @ unit["king"])
    assert vectors.distances("man", ["king", "zero"]) == pytest.approx([vectors.distance("man", "king"), 1])
    assert vectors.distances(vectors["man"])[2] == pytest.approx(0)
    assert vectors.n_similarity(["man"], ["king"]) == pytest.approx(vectors.similarity("man", "king"))
    mean = unit["king"] + unit["woman"] - unit["man"]
    word, cosine = vectors.most_similar(["king", "woman"], ["man"], topn=1)[0]
    assert cosine == pytest.approx(mean @ unit[word] / np.linalg.norm(mean))
    others = [float(mean @ unit[w]) for w in unit if w not in ("king", "woman", "man")]
    assert cosine == pytest.approx(max(others) / np.linalg.norm(mean))


def test_what_does_not_match_lies_farthest_from_the_mean() -> None:
    vectors = WordVectors(("a", "b", "odd", "c"), np.array([[1.0, 0.1], [9.0, 0.0], [0.0, 5.0], [1.0, -0.1]]))
    assert vectors.doesnt_match(["a", "b", "odd", "c"]) == "odd"


def test_comparing_is_that_of_gensim() -> None:
    pytest.importorskip("gensim")
    vectors = _vectors(np.float32)
    vectors.vectors[WORDS.index("zero")] = 1  # gensim divides by its length
    theirs = vectors.to_gensim()
    cases: list[tuple[Keys, Keys, int, int | None]] = [
        ("king", [], 10, None),
        (["king", "woman"], ["man"], 3, None),
        (["king", ("woman", 0.3)], [vectors["pear"], ("man", -2)], 5, None),
        (vectors["apple"], "man", 4, 5),
    ]
    for positive, negative, topn, restrict_vocab in cases:
        ours = vectors.most_similar(positive, negative, topn, restrict_vocab=restrict_vocab)
        expected = theirs.most_similar(positive, negative, topn, restrict_vocab=restrict_vocab)
        assert [word for word, _ in ours] == [word for word, _ in expected]
        assert [cosine for _, cosine in ours] == pytest.approx([cosine for _, cosine in expected], abs=1e-6)
    assert vectors.similarity("man", "pear") == pytest.approx(theirs.similarity("man", "pear"), abs=1e-6)
    assert vectors.doesnt_match(WORDS[:5]) == theirs.doesnt_match(WORDS[:5])
    assert vectors.n_similarity(["man", "king"], ["pear"]) == pytest.approx(
        theirs.n_similarity(["man", "king"], ["pear"]), abs=1e-6
    )


def test_gensim_takes_it_and_gives_it_back() -> None:
    pytest.importorskip("gensim")
    for dtype in (np.float32, np.float64):
        vectors = _vectors(dtype)
        theirs = vectors.to_gensim()
        assert theirs.vectors.dtype == dtype
        back = WordVectors.from_gensim(theirs)
        assert tuple(back.words) == WORDS
        assert back.vectors.tobytes() == vectors.vectors.tobytes()
        assert not np.shares_memory(back.vectors, theirs.vectors)
    with pytest.raises(TypeError, match=r"expected gensim's KeyedVectors with words as keys .*, got list"):
        WordVectors.from_gensim([1])


def test_without_gensim_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "gensim", None)
    monkeypatch.setitem(sys.modules, "gensim.models", None)
    with pytest.raises(
        ModuleNotFoundError, match=r"gensim is not installed: pip install 'w2v_verified\[gensim\]'"
    ):
        _vectors(np.float32).to_gensim()


def test_wrong_arguments_are_named() -> None:
    vectors = _vectors(np.float64)
    with pytest.raises(KeyError, match="expected one of the 8 words, got 'c'"):
        vectors.most_similar(["king", "c"])
    with pytest.raises(ValueError, match="positive: expected a word or a vector, got none"):
        vectors.most_similar()
    with pytest.raises(ValueError, match="topn: expected a whole number from 0, got -1"):
        vectors.most_similar("king", topn=-1)
    with pytest.raises(ValueError, match=r"vector: expected shape \(4,\), got \(3,\)"):
        vectors.most_similar(np.ones(3))
    with pytest.raises(ValueError, match="ws2: expected at least one word, got none"):
        vectors.n_similarity(["king"], [])
    with pytest.raises(ValueError, match="words: expected at least one word, got none"):
        vectors.doesnt_match([])
    with pytest.raises(ValueError, match=r"expected shape \(V, d\) with V = 1, got \(2, 2\)"):
        WordVectors(("a",), np.eye(2))
    with pytest.raises(ValueError, match="twice"):
        WordVectors(("a", "a"), np.eye(2))
    with pytest.raises(ValueError, match=r"weights: expected finite numbers, got \[1.0, nan\]"):
        vectors.get_mean_vector(["king", "man"], weights=[1.0, float("nan")])
    with pytest.raises(ValueError, match="indexer: expected None, as all words are compared, got 3"):
        vectors.most_similar("king", indexer=cast(Any, 3))
    with pytest.raises(ValueError, match=r"^clip_start: expected a whole number from 0, got -1"):
        vectors.most_similar("king", clip_start=-1)
    with pytest.raises(ValueError, match=r"^clip_end: expected a whole number from 0, got -1"):
        vectors.most_similar("king", clip_end=-1)
    with pytest.raises(
        KeyError, match=r"count: not known of these vectors; WordVectors\(words, vectors, counts\)"
    ):
        vectors.get_vecattr("king", "count")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"a", "b"}, "expected a list or tuple of strings, got set "),
        ({"a": 0, "b": 1}, "expected a list or tuple of strings, got dict "),
        ("ab", "expected a list or tuple of strings, got str 'ab'"),
        (["a", 3], "expected strings, got 3 in row 1"),
        ([b"a", "b"], "expected strings, got b'a' in row 0"),
    ],
)
def test_words_that_are_none_are_named(words: Any, message: str) -> None:
    with pytest.raises(TypeError, match=f"^words: {message}"):
        WordVectors(words, np.eye(2))


@pytest.mark.parametrize("wrong", [1.5, [0.1, 0.2], [None], [("king", "man")], [("king", 1, 2)], [["a"]]])
def test_what_is_no_word_or_vector_is_named(wrong: Any) -> None:
    for compared in (_vectors(np.float32).most_similar, _vectors(np.float32).most_similar_cosmul):
        with pytest.raises((TypeError, ValueError), match=r"^(positive, negative|vector): expected "):
            compared(wrong)


def test_lists_are_vectors_too() -> None:
    vectors = _vectors(np.float64)
    near = vectors.similar_by_vector(vectors["man"])
    assert near[0][0] == "man"
    assert vectors.similar_by_vector(vectors["man"].tolist()) == near
    assert vectors.most_similar([vectors["man"].tolist()]) == near
    assert vectors.most_similar([(vectors["man"].tolist(), 2.0)]) == near
    assert vectors.distances(vectors["man"].tolist())[2] == pytest.approx(0)
    assert vectors.get_mean_vector([vectors["man"].tolist()]).tolist() == vectors["man"].tolist()


def test_rows_are_keys_as_in_gensim() -> None:
    vectors = _vectors(np.float32)
    assert (3 in vectors, np.int64(7) in vectors, 8 in vectors, -1 in vectors) == (True, True, False, False)
    assert vectors.index_to_key == list(WORDS)
    assert vectors.index_to_key is vectors.index_to_key


def test_parameters_have_gensims_names_and_order() -> None:
    vectors = _vectors(np.float64)
    vectors.vectors[WORDS.index("zero")] = 1
    for (name, given), result in CALLS:
        assert getattr(vectors, name)(**given) == result(vectors), name


@pytest.mark.parametrize(
    "clipped",
    [
        {"clip_start": 2},
        {"clip_start": 1, "clip_end": 4},
        {"clip_end": 3},
        {"clip_start": 3, "clip_end": 5, "restrict_vocab": 4},
        {"clip_start": 4, "clip_end": 4},
        {"clip_start": 2, "topn": None},
    ],
)
def test_rows_are_clipped_as_in_gensim(clipped: dict[str, Any]) -> None:
    pytest.importorskip("gensim")
    vectors = _vectors(np.float32)
    vectors.vectors[WORDS.index("zero")] = 1
    ours = vectors.most_similar("man", **clipped)
    theirs = vectors.to_gensim().most_similar("man", **clipped)
    if clipped.get("topn", 0) is None:
        assert ours == pytest.approx(theirs, abs=1e-6)
    else:
        assert [word for word, _ in ours] == [word for word, _ in theirs]
    positional = vectors.most_similar("man", None, 10, 1, 4)
    assert positional == vectors.most_similar(["man"], [], clip_start=1, clip_end=4)


@pytest.mark.filterwarnings("ignore:Call to deprecated")
def test_cosmul_differs_from_gensims_where_the_readme_says_so() -> None:
    pytest.importorskip("gensim")
    vectors = _vectors(np.float32)
    vectors.vectors[WORDS.index("zero")] = 1
    theirs, long = vectors.to_gensim(), 3 * vectors["man"]
    alone = theirs.most_similar_cosmul([long / np.linalg.norm(long)], topn=None)
    assert vectors.most_similar_cosmul([long], topn=None) == pytest.approx(alone, abs=1e-6)
    assert theirs.most_similar_cosmul([long], topn=None) != pytest.approx(alone, abs=1e-2)
    assert len(vectors.most_similar_cosmul("man", restrict_vocab=5)) == 4
    assert len(theirs.most_similar_cosmul("man", restrict_vocab=5)) == 7


def test_gensims_keywords_are_those_of_gensim() -> None:
    keyed_vectors = pytest.importorskip("gensim.models").KeyedVectors
    names = {name for (name, _), _ in CALLS} | {
        "most_similar",
        "most_similar_cosmul",
        "similar_by_word",
        "similar_by_key",
        "similar_by_vector",
        "get_mean_vector",
        "evaluate_word_pairs",
        "evaluate_word_analogies",
        "save_word2vec_format",
        "load_word2vec_format",
        "doesnt_match",
        "get_vector",
        "get_index",
        "get_vecattr",
        "has_index_for",
    }
    for name in sorted(names):
        theirs = [n for n in inspect.signature(getattr(keyed_vectors, name)).parameters if n != "self"]
        ours = [n for n in inspect.signature(getattr(WordVectors, name)).parameters if n != "self"]
        assert ours == theirs, name


def test_counts_come_from_gensim_and_go_back() -> None:
    models = pytest.importorskip("gensim.models")
    theirs = models.Word2Vec([["a", "b"], ["a", "c"]] * 9, min_count=1, vector_size=2, epochs=1).wv
    ours = WordVectors.from_gensim(theirs)
    assert [ours.get_vecattr(word, "count") for word in ("a", "b", "c")] == [18, 9, 9]
    assert ours.to_gensim().get_vecattr("a", "count") == 18
    assert WordVectors.from_gensim(_vectors(np.float32).to_gensim()).counts is None
