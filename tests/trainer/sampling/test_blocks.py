from typing import Any, get_args

import numpy as np
import pytest

import w2v_verified
from w2v_verified.runtime.arrays import Integers, Matrix
from w2v_verified.trainer import Settings
from w2v_verified.trainer.sampling import gradients
from w2v_verified.trainer.sampling.blocks import Block, Cutter
from w2v_verified.trainer.sampling.gradients import BlockGradients
from w2v_verified.trainer.sampling.noise import Noise, noise_probabilities
from w2v_verified.trainer.sampling.passage import Passage, SubSampling
from w2v_verified.trainer.settings import ModelKind

_WORDS, _LENGTH, _L = 9, 300, 16
_NUMBERS = np.where(
    np.random.default_rng(0).random(_LENGTH) < 0.06, -1, np.random.default_rng(1).integers(0, _WORDS, _LENGTH)
).astype(np.int32)


def _settings(model: ModelKind) -> Settings:
    return Settings(dimension=3, window=3, model=model, negative=4, shared_negatives=6, seed=8)


def _cut(model: ModelKind, others: int = 0) -> tuple[Passage, Cutter[np.float64], list[Block[np.float64]]]:
    settings = _settings(model)
    sampling = SubSampling(_NUMBERS, np.full(_WORDS, 0.8), settings)
    noise = Noise(noise_probabilities(np.arange(_WORDS, 0, -1), 0.75))
    cutter = Cutter(settings, noise, _L, others, [4, 12], np.dtype(np.float64))
    passage = sampling.passage(1, 40, 260)
    return passage, cutter, cutter.cut(passage, 1, 7, list(range(cutter.count(passage))))


def _table() -> Matrix[np.float64]:
    return np.random.default_rng(4).standard_normal((2 * _WORDS, 3))


def _by_hand(
    passage: Passage, number: int, block: Block[np.float64], model: ModelKind
) -> tuple[Matrix[np.float64], float]:
    """The gradient in the whole table and the loss, pair by pair and sample by sample."""
    table, grad, loss = _table(), np.zeros((2 * _WORDS, 3)), 0.0
    times = (block.samples * 6 / 4).round().astype(int)
    sampled = np.repeat(block.rows[block.inputs :], times).tolist()
    start = passage.first + number * _L
    for i in range(start, min(start + _L, passage.stop)):
        around = [*range(i - passage.left[i], i), *range(i + 1, i + 1 + passage.right[i])]
        context = [int(passage.words[j]) for j in around]
        centre = int(passage.words[i])
        if model == "skip_gram":
            groups = [([centre], _WORDS + word) for word in context]
        else:
            groups = [(context, _WORDS + centre)]
        for inputs, output in groups:
            if not inputs:
                continue
            hidden = table[inputs].mean(axis=0)
            grad_hidden = np.zeros(3)
            for row, sign, weight in [(output, 1, 1.0), *((row, -1, 4 / 6) for row in sampled)]:
                score = sign * float(hidden @ table[row])
                loss += weight * np.log1p(np.exp(-score))
                slope = -sign * weight / (1 + np.exp(score))
                grad_hidden += slope * table[row]
                grad[row] += slope * hidden
            for row in inputs:
                grad[row] += grad_hidden / len(inputs)
    return grad, loss


@pytest.mark.parametrize("model", get_args(ModelKind))
def test_gradient_and_loss_are_those_of_every_pair(model: ModelKind) -> None:
    passage, cutter, cut = _cut(model)
    assert len(cut) > 5
    computed = BlockGradients(_table(), _settings(model), cutter.rows, _L)
    for number, block in enumerate(cut):
        grad, loss = _by_hand(passage, number, block, model)
        assert computed.loss(block) == pytest.approx(loss, rel=1e-12)
        out = np.empty((cutter.rows, 3))
        computed.descent(block, 0.01, out)
        whole = np.zeros_like(grad)
        whole[block.rows] = out[: len(block.rows)]
        np.testing.assert_allclose(whole, 0.01 * grad, rtol=1e-10, atol=1e-12)
        called = getattr(w2v_verified, computed.function)(**computed.arguments(block))
        assert called.loss == pytest.approx(loss, rel=1e-12)


def test_the_other_blocks_of_a_round_count_by_the_share_of_a_word_in_the_chunk() -> None:
    passage, cutter, cut = _cut("skip_gram", others=3)
    centres = passage.words[passage.first : passage.stop]
    expected = np.bincount(centres, minlength=_WORDS) / len(centres) * 3 * _L * 4
    computed, out = (
        BlockGradients(_table(), _settings("skip_gram"), cutter.rows, _L),
        np.empty((cutter.rows, 3)),
    )
    for block in cut:
        crowd = block.weights + expected[block.rows[: block.inputs]]
        np.testing.assert_allclose(block.crowd, crowd[block.centres])
        computed.descent(block, 10.0, out)
        limited = out[: block.inputs].copy()
        computed.descent(block, 1e-4, out)
        np.testing.assert_allclose(limited, out[: block.inputs] * 1e4 / crowd[:, None], rtol=1e-9)


def test_the_crowd_of_cbow_is_that_of_the_centre_word() -> None:
    passage, _, cut = _cut("cbow")
    centres = passage.words[passage.first : passage.stop]
    around = (passage.left + passage.right)[passage.first : passage.stop]
    for number, block in enumerate(cut):
        words = centres[number * _L : (number + 1) * _L]
        contexts = around[number * _L : (number + 1) * _L] > 0
        crowd = [np.count_nonzero((words == word) & contexts) for word in words]
        assert block.crowd[: len(words)].tolist() == crowd


def test_repeated_pairs_that_are_lost_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def losing(table: Matrix[np.float64], places: Integers[np.intp], amount: float) -> None:
        table.reshape(-1)[places] = amount

    monkeypatch.setattr(gradients, "_add_up", losing)
    passage, cutter, cut = _cut("skip_gram")
    computed = BlockGradients(_table(), _settings("skip_gram"), cutter.rows, _L)
    differences = [
        abs(computed.loss(block) - _by_hand(passage, number, block, "skip_gram")[1])
        for number, block in enumerate(cut)
    ]
    assert max(differences) > 0.1


def test_a_word_that_comes_again_and_again_takes_no_longer_a_step_than_one_pair_at_rate_1() -> None:
    _, cutter, cut = _cut("skip_gram")
    table = _table()
    computed = BlockGradients(table, _settings("skip_gram"), cutter.rows, _L)
    single, many = np.empty((cutter.rows, 3)), np.empty((cutter.rows, 3))
    for block in cut:
        computed.descent(block, 1 / block.busiest, single)
        computed.descent(block, 50.0, many)
        busiest = int(block.weights.argmax())
        np.testing.assert_allclose(many[busiest], single[busiest], rtol=1e-12)
        assert abs(many[: len(block.rows)]).max() < 20


@pytest.mark.parametrize("model", get_args(ModelKind))
def test_rows_are_different_and_split_where_asked(model: ModelKind) -> None:
    for block in _cut(model)[2]:
        assert (np.diff(block.rows) > 0).all()
        assert block.inputs == np.count_nonzero(block.rows < _WORDS)
        assert block.splits.tolist() == [np.count_nonzero(block.rows < cut) for cut in (0, 4, 12, 2 * _WORDS)]


def test_a_block_is_the_same_whatever_others_are_cut() -> None:
    passage, cutter, cut = _cut("skip_gram")
    for wanted in ([3], [0, 5], [4, 2]):
        for number, block in zip(wanted, cutter.cut(passage, 1, 7, wanted), strict=True):
            for name, value in block._asdict().items():
                np.testing.assert_array_equal(value, getattr(cut[number], name))


def test_samples_are_new_for_every_chunk_and_block() -> None:
    passage, cutter, cut = _cut("skip_gram")
    again = cutter.cut(passage, 1, 8, list(range(len(cut))))
    drawn = {tuple(block.samples.tolist()) for block in (*cut, *again)}
    assert all(block.samples.sum() == pytest.approx(4) for block in cut)
    assert len(drawn) > len(cut)


@pytest.mark.parametrize("model", get_args(ModelKind))
def test_arguments_are_kept_when_the_next_block_is_computed(model: ModelKind) -> None:
    _, cutter, cut = _cut(model)
    computed = BlockGradients(_table(), _settings(model), cutter.rows, _L)
    kept = computed.arguments(cut[0])
    before = {name: value.copy() for name, value in kept.items()}
    computed.descent(cut[1], 0.01, np.empty((cutter.rows, 3)))
    for name, value in kept.items():
        np.testing.assert_array_equal(value, before[name])


@pytest.mark.parametrize("model", get_args(ModelKind))
def test_losses_are_computed_in_float64(model: ModelKind, monkeypatch: pytest.MonkeyPatch) -> None:
    _, cutter, cut = _cut(model)
    computed = BlockGradients(_table(), _settings(model), cutter.rows, _L)
    given: list[Any] = []

    def noting(*arguments: Any) -> Any:
        given.extend(arguments)
        return getattr(w2v_verified, computed.function)(*arguments)

    monkeypatch.setattr(computed, "_called", noting)
    arguments: Any = computed._at_weights_of_1(cut[0])
    narrow = arguments._make(a if a.dtype.kind == "i" else a.astype(np.float32) for a in arguments)
    monkeypatch.setattr(computed, "_at_weights_of_1", lambda block: narrow)
    computed.loss(cut[0])
    assert {array.dtype.name for array in given} <= {"float64", "int64"}
