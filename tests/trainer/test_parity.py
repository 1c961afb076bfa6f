"""What WordVectors shares with gensim's KeyedVectors gives what gensim gives; other names are refused with a word."""

import json
from typing import Any

import numpy as np
import parity
import pytest

from w2v_verified.trainer import Word2Vec, WordVectors
from w2v_verified.trainer.vectors.elsewhere import OF_KEYED_VECTORS, OF_WORD2VEC

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:gensim", "ignore:Call to deprecated")
RECORDED: dict[str, Any] = json.loads(parity.RECORD.read_text(encoding="utf-8"))


def agree(one: Any, other: Any) -> bool:
    """Whether two results are the same but for rounding in float32."""
    if isinstance(one, list):
        return len(one) == len(other) and all(map(agree, one, other))
    if isinstance(one, float):
        return bool(abs(one - other) <= 1e-5 * max(1.0, abs(one)))
    return bool(one == other)


@pytest.fixture(scope="module")
def ours() -> dict[str, Any]:
    return dict(parity.results(WordVectors(parity.WORDS, parity.table(), parity.COUNTS)))


@pytest.mark.parametrize("name", RECORDED)
def test_it_gives_what_gensim_gives(name: str, ours: dict[str, Any]) -> None:
    assert agree(RECORDED[name], ours[name]), (RECORDED[name], ours[name])


def test_another_result_is_noticed(ours: dict[str, Any]) -> None:
    assert ours.keys() == RECORDED.keys()
    wrong = parity.results(WordVectors(parity.WORDS, parity.table()[::-1].copy(), parity.COUNTS))
    differing = [name for name in RECORDED if not agree(RECORDED[name], wrong[name])]
    assert len(differing) > 20


def test_the_record_is_what_gensim_gives() -> None:
    pytest.importorskip("gensim")
    given = parity.results(parity.gensims())
    assert [name for name in RECORDED if not agree(RECORDED[name], given[name])] == []


def test_no_name_of_gensims_is_missing_without_a_word() -> None:
    models = pytest.importorskip("gensim.models")
    sentences = [["a", "b", "c"]] * 20
    theirs: Any = models.Word2Vec(sentences, min_count=1, vector_size=4, epochs=1)
    model: Word2Vec[Any] = Word2Vec(sentences, min_count=1, vector_size=4, epochs=1, workers=1)
    for of_gensim, own, refused in ((theirs, model, OF_WORD2VEC), (theirs.wv, model.wv, OF_KEYED_VECTORS)):
        public = {name for name in (*dir(type(of_gensim)), *vars(of_gensim)) if not name.startswith("_")}
        there = {name for name in public if name not in refused and hasattr(own, name)}
        assert sorted(public - there - set(refused)) == []
        assert sorted(name for name in refused if hasattr(own, name)) == []


def test_a_table_in_float64_gives_the_same() -> None:
    wide = parity.results(WordVectors(parity.WORDS, parity.table().astype(np.float64), parity.COUNTS))
    assert [name for name in RECORDED if not agree(RECORDED[name], wide[name])] == []
