"""Word2Vec as people use gensim's: in two steps, going on, with NumPy's numbers; and texts that are none."""

import copy
import inspect
import logging
from collections.abc import Iterator
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from w2v_verified.trainer import (
    Callback,
    CorpusError,
    DivergenceError,
    Progress,
    Training,
    Word2Vec,
    WordVectors,
)

TEXT = [f"a{n % 7} b{n % 5} c{n % 3} d" for n in range(300)]
SENTENCES = [line.split() for line in TEXT]
SMALL: dict[str, Any] = {
    "vector_size": 6,
    "min_count": 1,
    "sample": 0,
    "workers": 1,
    "epochs": 2,
    "sg": 1,
    "alpha": 0.5,
}


def trained(**parameters: Any) -> Word2Vec[Any]:
    return Word2Vec(SENTENCES, **(SMALL | parameters))


def test_in_two_steps_it_is_the_same_bytes() -> None:
    model: Word2Vec[Any] = Word2Vec(**SMALL)
    assert repr(model) == "Word2Vec<vocab=0, vector_size=6, alpha=0.5>"
    with pytest.raises(RuntimeError, match=r"^vocabulary: expected build_vocab before it"):
        model.train(SENTENCES)
    with pytest.raises(RuntimeError, match=r"^vocabulary: expected build_vocab before it"):
        _ = model.wv
    model.build_vocab(SENTENCES)
    assert (model.corpus_count, model.corpus_total_words, len(model.wv)) == (300, 1200, 16)
    assert not model.syn1neg.any()
    assert abs(model.wv.vectors).max() <= 1 / 12
    told = model.train(SENTENCES, total_examples=model.corpus_count, epochs=model.epochs)
    assert told == (2400, 2400)
    assert model.wv.vectors.tobytes() == trained().wv.vectors.tobytes()
    assert model.syn1neg.tobytes() == trained().output_vectors.tobytes()
    assert model.wv.get_vecattr("d", "count") == 300


def test_to_train_again_goes_on(tmp_path: Path) -> None:
    model = trained()
    model.save(tmp_path / "model")
    before, losses = model.wv.vectors.copy(), list(model.losses)
    model.train(SENTENCES, epochs=1, start_alpha=0.1, end_alpha=0.1)
    assert model.losses[:2] == losses
    assert len(model.losses) == 3
    assert model.losses[-1] < losses[0]
    assert [progress.epoch for progress in model.history][-1] == 3
    change = np.abs(model.wv.vectors - before).max()
    assert 0 < change < 0.5 * np.abs(before).max()
    back = Word2Vec.load(tmp_path / "model")
    back.train(SENTENCES, epochs=1, start_alpha=0.1, end_alpha=0.1)
    assert back.wv.vectors.tobytes() == model.wv.vectors.tobytes()


def test_what_is_written_to_the_vectors_is_trained() -> None:
    written: Word2Vec[Any] = Word2Vec(**SMALL)
    written.build_vocab(SENTENCES)
    written.wv.vectors[0] = 3
    assert written.wv.similarity(0, 0) == pytest.approx(1)
    written.train(SENTENCES, epochs=1, start_alpha=1e-5, end_alpha=1e-5)
    assert written.wv.vectors[0] == pytest.approx(3, rel=0.01)
    written.wv.vectors[1] = 5 * written.wv["d"]
    ((word, cosine),) = written.wv.most_similar("d", topn=1)
    assert (word, round(cosine, 5)) == (written.wv.words[1], 1)


def test_words_that_are_not_of_the_vocabulary_are_passed_over() -> None:
    model = trained()
    words, of_text = model.train([["a1", "unseen", "b1"], ["d", "other"]] * 50, epochs=3)
    assert (words, of_text) == (150 * 3, 250 * 3)
    assert "unseen" not in model.wv
    assert np.isfinite(model.wv.vectors).all()


def test_what_is_set_has_gensims_names() -> None:
    model = trained(window=3, negative=4, seed=7, ns_exponent=0.5, min_alpha=0.01)
    named = {
        "vector_size": 6,
        "layer1_size": 6,
        "window": 3,
        "negative": 4,
        "seed": 7,
        "ns_exponent": 0.5,
        "epochs": 2,
    }
    named |= {"min_count": 1, "sample": 0, "workers": 1, "alpha": 0.5, "min_alpha": 0.01, "sg": 1}
    assert {name: getattr(model, name) for name in named} == named


def test_parameters_come_in_gensims_order() -> None:
    gensim = pytest.importorskip("gensim.models").Word2Vec
    theirs, ours = (list(inspect.signature(each.__init__).parameters) for each in (gensim, Word2Vec))
    assert ours[: len(theirs)] == theirs
    model: Word2Vec[Any] = Word2Vec(
        SENTENCES, None, 6, 0.5, 5, 1, None, 0, 1, 1, 0.0001, 1, 0, 5, 0.75, 1, hash, 2
    )
    assert model.wv.vectors.tobytes() == trained().wv.vectors.tobytes()


CHANGED: dict[str, Any] = {
    "alpha": 0.25,
    "min_alpha": 0.125,
    "window": 2,
    "sample": 0.05,
    "negative": 3,
    "seed": np.int64(9),
    "epochs": 3,
    "workers": 2,
    "ns_exponent": 0.5,
    "sg": 0,
    "shrink_windows": False,
}


@pytest.mark.parametrize("names", [[name] for name in CHANGED] + [list(CHANGED)])
def test_a_setting_that_is_changed_holds_for_what_is_trained_next(names: list[str]) -> None:
    model: Word2Vec[Any] = Word2Vec(**SMALL)
    model.build_vocab(SENTENCES)
    for name in names:
        setattr(model, name, CHANGED[name])
        assert getattr(model, name) == CHANGED[name]
    model.train(SENTENCES)
    made = trained(**{name: CHANGED[name] for name in names})
    assert model.settings == made.settings
    assert model.wv.vectors.tobytes() == made.wv.vectors.tobytes()
    assert names == ["workers"] or model.wv.vectors.tobytes() != trained().wv.vectors.tobytes()


def test_words_and_sizes_are_changed_before_the_vocabulary_alone() -> None:
    model: Word2Vec[Any] = Word2Vec(**SMALL)
    model.vector_size, model.min_count, model.max_final_vocab = 4, 50, 8
    model.build_vocab(SENTENCES)
    model.train(SENTENCES)
    made = trained(vector_size=4, min_count=50, max_final_vocab=8)
    assert model.wv.vectors.tobytes() == made.wv.vectors.tobytes()
    for name in ("vector_size", "layer1_size", "min_count", "max_final_vocab"):
        setattr(model, name, getattr(model, name))
        with pytest.raises(
            ValueError, match=rf"^{name}: expected .* words and vectors were made, got 5: make a new"
        ):
            setattr(model, name, 5)
    assert model.settings == made.settings


def test_rates_are_changed_one_after_the_other(tmp_path: Path) -> None:
    model = trained(alpha=0.5, min_alpha=0.5)
    model.alpha -= 0.25
    with pytest.raises(ValueError, match=r"^min_alpha: expected at most the alpha of 0.25, got 0.5$"):
        model.train(SENTENCES)
    with pytest.raises(ValueError, match=r"^min_alpha: expected at most the alpha of 0.25, got 0.5$"):
        model.save(tmp_path / "model")
    model.min_alpha = model.alpha
    model.train(SENTENCES)
    assert {progress.learning_rate for progress in model.history[-3:]} == {0.25}


@pytest.mark.parametrize(
    ("name", "value", "error", "message"),
    [
        ("alpha", -1, ValueError, "^alpha: expected a finite number above 0, got -1$"),
        ("epochs", 0, ValueError, "^epochs: expected a whole number from 1"),
        ("sg", 2, ValueError, "^sg: expected 0 or 1, got 2$"),
        ("hs", 1, ValueError, "^hs: expected 0, got 1: hierarchical softmax is not offered"),
        ("cbow_mean", 0, ValueError, "^cbow_mean: expected 1, got 0: "),
        ("max_vocab_size", 9, ValueError, "^max_vocab_size: expected None, got 9: "),
        ("iter", 3, AttributeError, "'iter' is called 'epochs' since gensim 4$"),
        ("running_training_loss", 0, AttributeError, r"get_latest_training_loss\(\)$"),
        ("syn1neg", 0, AttributeError, "syn1neg"),
    ],
)
def test_what_cannot_be_changed_is_refused_by_name(
    name: str, value: Any, error: type[Exception], message: str
) -> None:
    model = trained(epochs=1)
    before = model.settings
    with pytest.raises(error, match=message):
        setattr(model, name, value)
    assert model.settings == before


def test_other_attributes_are_kept() -> None:
    model = trained(epochs=1)
    for name, value in (("note", "mine"), ("batch_words", 5)):
        setattr(model, name, value)
        assert getattr(model, name) == value
        assert getattr(copy.deepcopy(model), name) == value
    model.hs, model.compute_loss = 0, False
    assert (model.hs, model.compute_loss) == (0, True)


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({"sentences": 5}, TypeError, "^sentences: expected lists of words, got 5$"),
        (
            {"sentences": "text.txt"},
            TypeError,
            "^sentences: .*, got 'text.txt'; a file is given as corpus_file$",
        ),
        ({"sentences": Path("a")}, TypeError, "a file is given as corpus_file$"),
        ({"callbacks": None}, TypeError, "^callbacks: expected a list of objects like Callback, got None$"),
        ({"callbacks": Callback()}, TypeError, "^callbacks: expected a list of objects like Callback, got <"),
    ],
)
def test_what_is_no_list_is_named(given: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        Word2Vec(**given)


@pytest.mark.parametrize(
    ("of", "name", "message"),
    [
        ("model", "most_similar", "since gensim 4 it is model.wv.most_similar"),
        ("model", "score", "hierarchical softmax"),
        ("model", "estimate_memory", "refused with its size before training"),
        ("wv", "vocab", "it is called key_to_index since gensim 4"),
        ("wv", "add_vectors", r"make new ones: WordVectors\(words, table\)"),
        ("wv", "wmdistance", r"wv.to_gensim\(\).wmdistance"),
        ("wv", "nonsense", "has no attribute 'nonsense'$"),
        ("model", "nonsense", "has no attribute 'nonsense'$"),
    ],
)
def test_what_there_is_not_is_refused_by_name(of: str, name: str, message: str) -> None:
    model = trained(epochs=1)
    subject = model if of == "model" else model.wv
    for each in (subject, type(subject)):
        assert not hasattr(each, name)
        with pytest.raises(AttributeError, match=message):
            getattr(each, name)


def test_the_latest_loss_is_a_sum_that_grows_until_train_begins_again() -> None:
    heard: list[float] = []

    class Hearing(Callback):
        def on_epoch_end(self, model: Word2Vec[Any]) -> None:
            heard.append(model.get_latest_training_loss())

    model = trained(epochs=3, callbacks=[Hearing()])
    pairs = {progress.epoch: progress.pairs for progress in model.history}
    due = np.cumsum([loss * pairs[n + 1] for n, loss in enumerate(model.losses)])
    assert heard == pytest.approx(due)
    model.train(SENTENCES, epochs=1)
    assert heard[3] == pytest.approx(model.losses[3] * model.history[-1].pairs)
    assert model.get_latest_training_loss() == heard[3]


def test_a_context_predicts_its_words() -> None:
    model = trained(sg=0, epochs=30, alpha=1.0)
    likely = model.predict_output_word(["a1", "c1", "unseen"], topn=len(model.wv))
    assert likely is not None
    assert [word for word, _ in likely] != list(model.wv.words)
    assert sum(probability for _, probability in likely) == pytest.approx(1)
    assert [p for _, p in likely] == sorted((p for _, p in likely), reverse=True)
    scores = model.syn1neg.astype(float) @ model.wv[["a1", "c1"]].mean(axis=0).astype(float)
    assert likely[0][1] == pytest.approx(np.exp(scores.max()) / np.exp(scores).sum(), rel=1e-4)
    assert model.predict_output_word(["unseen"]) is None


def test_fixed_windows_reach_as_far_as_they_may() -> None:
    narrow, fixed = (trained(window=3, shrink_windows=shrink) for shrink in (True, False))
    assert fixed.history[-1].pairs == 300 * 12  # every pair of four words
    assert narrow.history[-1].pairs < fixed.history[-1].pairs
    assert fixed.wv.vectors.tobytes() != narrow.wv.vectors.tobytes()


@pytest.mark.parametrize("window", [10**6, np.int64(10**9)])
def test_a_window_of_a_million_is_the_whole_sentence(window: int, caplog: pytest.LogCaptureFixture) -> None:
    whole = trained(window=window, shrink_windows=False)
    assert whole.wv.vectors.tobytes() == trained(window=10_000, shrink_windows=False).wv.vectors.tobytes()
    assert whole.history[-1].pairs == 300 * 12
    assert f"window: {window} reaches no further than 10000 words" in caplog.text


@pytest.mark.parametrize("number", [np.int64, np.int32, np.uint8, int])
def test_whole_numbers_of_numpy_are_numbers(number: Any) -> None:
    whole = {name: number(SMALL[name]) for name in ("vector_size", "min_count", "workers", "epochs", "sg")}
    model = trained(**whole, seed=number(1), window=number(5))
    assert model.wv.vectors.tobytes() == trained().wv.vectors.tobytes()
    assert type(model.settings.dimension) is int
    assert len(model.wv.most_similar("d", topn=number(2))) == 2


@pytest.mark.parametrize("number", [np.float32, np.float64, Fraction, float])
def test_other_numbers_are_numbers(number: Any) -> None:
    model = trained(alpha=number(0.5), sample=number(0), min_alpha=number(0.25))
    assert model.wv.vectors.tobytes() == trained(min_alpha=0.25).wv.vectors.tobytes()
    assert type(model.settings.learning_rate) is float


@pytest.mark.parametrize("wrong", [np.float32(3), True, np.True_, "3", None, 2.5])
def test_what_is_no_whole_number_is_named(wrong: object) -> None:
    with pytest.raises(ValueError, match=r"^vector_size: expected a whole number from 1 to 10000, got "):
        trained(vector_size=wrong)


@pytest.mark.parametrize(
    ("sentences", "error", "message"),
    [
        ([["a", None, "b"]] * 9, TypeError, "expected words to be strings, got None$"),
        ([["a", "b"]] * 9 + [["c", None]], TypeError, "expected words to be strings, got None$"),
        ([["a", 3, "b"]] * 9, TypeError, "expected words to be strings, got 3$"),
        ([["a", float("nan")]] * 9, TypeError, "expected words to be strings, got nan$"),
        ([["a", ["b"]]] * 9, TypeError, r"expected words to be strings, got \['b'\]$"),
        ([["a", "\ud800", "b"]] * 9, ValueError, r"expected words that UTF-8 can hold, got '\\ud800'$"),
        ([["a", "x\udfff", "b"]] * 9, ValueError, r"expected words that UTF-8 can hold, got 'x\\udfff'$"),
        ([{"a": 1, "b": 2}] * 9, TypeError, "got a dict, which has no order of its own or no repeats"),
        ([{"a", "b"}] * 9, TypeError, "got a set, which has no order of its own or no repeats"),
        ([frozenset("ab")] * 9, TypeError, "got a frozenset, which"),
        ([["a cat purrs"], ["a dog"]] * 9, TypeError, r"such as \['a cat purrs'\]; split\(\) parts it"),
        (["a cat purrs"] * 9, TypeError, "expected lists of words, got the string 'a cat purrs'"),
        ([b"a cat"] * 9, TypeError, "expected lists of words, got b'a cat'"),
        ([3], TypeError, "expected lists of words, got 3"),
    ],
)
def test_texts_that_are_none_are_named(sentences: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=f"^sentences: .*{message}"):
        Word2Vec(sentences, vector_size=4, min_count=5 if len(sentences) == 10 else 1)


def test_phrases_and_tuples_are_words_and_sentences() -> None:
    model: Word2Vec[Any] = Word2Vec([("new york", "is", "large"), ("paris",)] * 9, min_count=1, vector_size=3)
    assert set(model.wv.words) == {"new york", "is", "large", "paris"}


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"sg": 0, "alpha": 0.025}, "alpha: 0.025 suits gensim's step of CBOW"),
        (
            {"sample": 1e-9},
            "sample: 1e-09 thinned out every pair in 2 of 2 epochs, which trained nothing: give 0",
        ),
        (
            {"alpha": 1e-4, "min_count": 2},
            "more epochs than 2, or a larger alpha than 0.0001, or a smaller min_count",
        ),
        ({"alpha": 1e-4}, "wants more epochs than 2, or a larger alpha than 0.0001"),
    ],
)
def test_a_run_that_does_little_says_so(
    parameters: dict[str, Any], message: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "w2v_verified"):
        trained(**parameters)
    assert any(message in said for said in caplog.messages)
    caplog.clear()
    with caplog.at_level(logging.WARNING, "w2v_verified"):
        trained(epochs=10)
    assert caplog.messages == []


def test_tables_that_cannot_be_compared_are_refused_or_scaled() -> None:
    words = ("a", "b", "c")
    table = np.array([[1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
    plain = WordVectors(words, table)
    due, together = plain.most_similar("a"), plain.n_similarity(["a"], ["b", "c"])
    for scale, dtype in ((1e30, np.float32), (1e-25, np.float32), (1e200, np.float64), (1e-200, np.float64)):
        scaled: WordVectors[Any] = WordVectors(words, (table * scale).astype(dtype))
        assert [word for word, _ in scaled.most_similar("a")] == [word for word, _ in due]
        assert scaled.most_similar("a")[0][1] == pytest.approx(due[0][1], rel=1e-6)
        assert scaled.n_similarity(["a"], ["b", "c"]) == pytest.approx(together)
        assert scaled.similar_by_vector(scaled.vectors[0], topn=1)[0][0] == "a"
    whole: WordVectors[Any] = WordVectors(words, table.astype(int))
    assert whole.most_similar("a") == due
    for bad in (np.nan, np.inf, -np.inf):
        table[1, 0] = bad
        with pytest.raises(ValueError, match=r"^vectors: expected finite numbers, got others in row 1$"):
            WordVectors(words, table)
    with pytest.raises(TypeError, match=r"^vectors: expected real numbers, got dtype complex128$"):
        WordVectors(words, table.astype(complex))


@pytest.mark.parametrize("epochs", [49, 98, 103])
def test_every_epoch_is_counted(epochs: int) -> None:
    model: Word2Vec[Any] = Word2Vec(SENTENCES[:40], **(SMALL | {"epochs": epochs}))
    assert len(model.losses) == epochs
    assert sum(progress.ends_epoch for progress in model.history) == epochs


def test_a_run_that_diverges_leaves_the_model_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    model = trained()
    vectors, losses, steps = model.wv.vectors.copy(), list(model.losses), Training.steps

    def diverging(training: Training[Any]) -> Iterator[Progress]:
        yield from islice(steps(training), 3)
        training.model.input_vectors[:] = np.nan
        raise DivergenceError("the loss is not finite any more")

    monkeypatch.setattr(Training, "steps", diverging)
    with pytest.raises(DivergenceError):
        model.train(SENTENCES, epochs=5)
    assert np.array_equal(model.wv.vectors, vectors)
    assert model.losses == losses
    assert model.history[-1].epoch == len(losses)


def test_a_vocabulary_that_is_built_again_begins_again() -> None:
    model: Word2Vec[Any] = Word2Vec(**SMALL)
    made = []
    for _ in range(2):
        model.build_vocab(SENTENCES)
        model.train(SENTENCES)
        made.append((model.wv.vectors.tobytes(), list(model.losses)))
    assert made[0] == made[1]


def test_the_number_of_sentences_is_saved(tmp_path: Path) -> None:
    trained().save(tmp_path / "model")
    assert Word2Vec.load(tmp_path / "model").corpus_count == 300


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({"start_alpha": -1}, ValueError, "^start_alpha: expected a finite number above 0, got -1$"),
        ({"end_alpha": 5}, ValueError, "^end_alpha: expected at most the start_alpha of 0.5, got 5$"),
        ({"epochs": 0}, ValueError, "^epochs: expected a whole number from 1"),
        (
            {"corpus_iterable": [["zzz", "yyy"]]},
            CorpusError,
            "expected some of the 16 words of the vocabulary, got none",
        ),
    ],
)
def test_what_train_is_given_is_named_as_it_was_given(
    given: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        trained().train(**({"corpus_iterable": SENTENCES} | given))


@pytest.mark.parametrize("dtype", [int, "float16", complex])
def test_other_dtypes_are_refused(dtype: Any) -> None:
    with pytest.raises(ValueError, match=r"^dtype: expected float32 or float64, got "):
        trained(dtype=dtype)


def test_numbers_too_large_for_any_are_refused() -> None:
    for given in ({"alpha": 10**400}, {"sample": 10**400}, {"seed": 10**400}):
        with pytest.raises(ValueError, match=f"^{next(iter(given))}: expected "):
            trained(**given)
    with pytest.raises(ValueError, match=r"^positive, negative: expected finite weights, got nan"):
        trained().wv.most_similar([("d", float("nan"))])


def test_empty_sentences_hide_no_unsplit_lines() -> None:
    with pytest.raises(TypeError, match="lists of one string each"):
        Word2Vec([["a cat purrs"], [], ["a dog barks"]] * 9, min_count=1)
