import gzip
import io
import logging
import os
import pickle
import random
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from w2v_verified.trainer import Callback, CorpusError, FormatError, Word2Vec, WordVectors

_PETS, _CARS = ["cat", "dog", "kitten", "puppy", "milk"], ["car", "truck", "road", "wheel", "engine"]


def _sentences(count: int = 300) -> list[list[str]]:
    draw = random.Random(4)
    return [draw.choices(draw.choice([_PETS, _CARS]), k=8) for _ in range(count)]


def _trained(**parameters: Any) -> Word2Vec[Any]:
    chosen = {"vector_size": 10, "sample": 0, "workers": 1, "epochs": 3, "alpha": 0.1} | parameters
    return Word2Vec(_sentences(), **chosen)


@pytest.mark.parametrize("sg", [0, 1])
def test_words_of_one_kind_are_near_each_other(sg: int) -> None:
    model = _trained(sg=sg, epochs=10)
    assert {word for word, _ in model.wv.most_similar("cat", topn=4)} == {*_PETS} - {"cat"}
    assert model.wv.doesnt_match(["cat", "dog", "truck", "milk"]) == "truck"
    assert model.losses[-1] < model.losses[0]
    assert len(model.losses) == 10
    assert model.settings.model == ("skip_gram" if sg else "cbow")


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_what_is_saved_comes_back(tmp_path: Path, dtype: type[np.float32] | type[np.float64]) -> None:
    model = _trained(dtype=dtype)
    model.save(tmp_path / "model")
    back = Word2Vec.load(tmp_path / "model")
    assert back.wv.vectors.dtype == dtype
    assert back.wv.vectors.tobytes() == model.wv.vectors.tobytes()
    assert back.output_vectors.tobytes() == model.output_vectors.tobytes()
    assert back.vocabulary.words == model.vocabulary.words
    assert back.vocabulary.counts.tolist() == model.vocabulary.counts.tolist()
    assert (back.settings, back.losses) == (model.settings, model.losses)
    assert back.wv.most_similar("cat") == model.wv.most_similar("cat")


def test_other_files_are_no_models(tmp_path: Path) -> None:
    path = tmp_path / "model"
    _trained(epochs=1).save(path)
    whole = path.read_bytes()
    np.savez(tmp_path / "other.npz", words=np.arange(3))
    damaged = bytearray(whole)
    damaged[len(whole) // 2] ^= 1
    for content in (b"", b"PK", whole[:-30], bytes(damaged), (tmp_path / "other.npz").read_bytes()):
        path.write_bytes(content)
        with pytest.raises(FormatError, match=r"expected a model that Word2Vec.save wrote"):
            Word2Vec.load(path)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "an empty file$"),
        (pickle.dumps([1]), r"a pickle, as gensim's save writes: WordVectors.from_gensim\("),
    ],
)
def test_files_that_are_no_models_are_refused_by_what_they_are(
    tmp_path: Path, content: bytes, what: str
) -> None:
    (tmp_path / "model").write_bytes(content)
    with pytest.raises(FormatError, match=f"^expected a model that Word2Vec.save wrote, got {what}"):
        Word2Vec.load(tmp_path / "model")


def test_a_file_has_a_sentence_on_each_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "\n".join(map(" ".join, _sentences(20))) + "\nCat, DOG!"
    (tmp_path / "text.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
    expected = Word2Vec([line.split() for line in text.split("\n")], vector_size=4, min_count=1, workers=1)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(text.encode()))))
    for file in (tmp_path / "text.gz", "-"):
        model = Word2Vec(corpus_file=file, vector_size=4, min_count=1, workers=1)
        assert {"Cat,", "DOG!"} < set(model.wv.words)
        assert model.wv.vectors.tobytes() == expected.wv.vectors.tobytes()


class _Heard(Callback):
    def __init__(self) -> None:
        self.calls: list[tuple[str, int]] = []
        self.vectors: list[bytes] = []

    def on_train_begin(self, model: Word2Vec[Any]) -> None:
        self.calls.append(("train begins", len(model.losses)))

    def on_epoch_begin(self, model: Word2Vec[Any]) -> None:
        self.calls.append(("epoch begins", len(model.losses)))

    def on_epoch_end(self, model: Word2Vec[Any]) -> None:
        self.calls.append(("epoch ends", len(model.losses)))
        self.vectors.append(model.wv["cat"].tobytes())
        assert model.wv.most_similar("cat")

    def on_train_end(self, model: Word2Vec[Any]) -> None:
        self.calls.append(("train ends", len(model.losses)))


def test_callbacks_hear_of_it_in_order() -> None:
    heard = _Heard()
    model = _trained(epochs=2, callbacks=[heard])
    assert heard.calls == [
        ("train begins", 0),
        ("epoch begins", 0),
        ("epoch ends", 1),
        ("epoch begins", 1),
        ("epoch ends", 2),
        ("train ends", 2),
    ]
    assert len(set(heard.vectors)) == 2
    assert heard.vectors[-1] == model.wv["cat"].tobytes()
    assert model.wv.vectors.tobytes() == _trained(epochs=2).wv.vectors.tobytes()
    with pytest.raises(
        TypeError, match=r"callbacks: expected objects like Callback, got .* without on_train_begin"
    ):
        _trained(callbacks=[print])


def test_what_goes_on_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "w2v_verified"):
        model = _trained(epochs=1, sg=1)
    assert (
        caplog.messages[0]
        == "2400 words in the text; of 10 different ones that occur often enough 10 are trained"
    )
    assert caplog.messages[1].startswith(f"epoch 1 of 1: mean loss {model.losses[0]:.3f} nats a pair, ")
    assert caplog.messages[2].startswith(
        "the loss hardly moved: 4.159 nats a pair, where it was 4.159 before"
    )
    assert len(caplog.messages) == 3


@pytest.mark.parametrize(
    ("parameters", "error", "message"),
    [
        ({"vector_size": 0}, ValueError, "^vector_size: expected a whole number from 1 to 10000, got 0$"),
        ({"alpha": -1}, ValueError, "^alpha: expected a finite number above 0, got -1$"),
        ({"min_alpha": 1}, ValueError, "^min_alpha: expected at most the alpha of 0.1, got 1$"),
        ({"max_final_vocab": 1}, ValueError, "^max_final_vocab: expected a whole number from 2"),
        ({"ns_exponent": "x"}, ValueError, "^ns_exponent: expected a finite number"),
        ({"sg": 2}, ValueError, "^sg: expected 0 for CBOW or 1 for skip-gram, got 2$"),
        ({"updates": "fast"}, ValueError, "^updates: expected deterministic or asynchronous, got 'fast'"),
        ({"hs": 1}, ValueError, "^hs: expected 0, got 1: hierarchical softmax is not offered"),
        ({"cbow_mean": 0}, ValueError, "^cbow_mean: expected 1, got 0: "),
        ({"trim_rule": print}, ValueError, "^trim_rule: expected None, got <built-in function print>"),
        ({"size": 10}, TypeError, "there is no parameter 'size', its name is 'vector_size' since gensim 4$"),
        ({"sizes": 10}, TypeError, "there is no parameter 'sizes'$"),
        ({"corpus_file": "x"}, ValueError, "^sentences, corpus_file: expected one of the two, got both$"),
        ({"min_count": 10_000}, CorpusError, "reach the min_count of 10000, got 0"),
    ],
)
def test_wrong_parameters_are_named(parameters: dict[str, Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        _trained(**parameters)


def test_the_rate_is_larger_for_cbow() -> None:
    for sg, rate in ((0, 0.15), (1, 0.025)):
        assert _trained(sg=sg, alpha=None, epochs=1).settings.first_learning_rate == rate


def test_a_text_of_a_few_words_will_do() -> None:
    titles = [
        "human interface computer",
        "survey user computer system",
        "eps user interface system",
        "graph trees",
    ]
    model = Word2Vec([title.split() for title in titles], min_count=1, workers=2)
    assert np.isfinite(model.wv.vectors).all()
    assert len(model.losses) == 5


def test_wrong_texts_are_named(tmp_path: Path) -> None:
    with pytest.raises(
        ValueError, match="corpus_iterable, corpus_file: expected one of the two, got neither"
    ):
        Word2Vec().build_vocab()
    with pytest.raises(TypeError, match="sentences: expected lists of words, got the string 'some text'"):
        Word2Vec(["some text"])
    with pytest.raises(FileNotFoundError):
        Word2Vec(corpus_file=tmp_path / "absent")
    assert _trained(compute_loss=True, shrink_windows=True, hs=0, batch_words=4, epochs=1).losses


def test_gensim_gets_the_vectors_and_the_counts() -> None:
    pytest.importorskip("gensim")
    model = _trained(epochs=1)
    theirs = model.to_gensim()
    assert theirs.vectors.tobytes() == model.wv.vectors.tobytes()
    assert theirs.get_vecattr("cat", "count") == model.vocabulary.counts[model.vocabulary.words.index("cat")]


def test_training_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    vectors: WordVectors[np.float32] = _trained(epochs=1).wv
    assert len(vectors) == 10
    assert os.listdir(tmp_path) == []
