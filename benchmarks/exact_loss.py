"""The loss of skip-gram with negative sampling, its expectation over the samples taken exactly."""

from typing import Any

import numpy as np

from w2v_verified import negative_sampling_block
from w2v_verified.runtime.arrays import Float, Matrix
from w2v_verified.trainer import Settings, Tokens
from w2v_verified.trainer.sampling.noise import noise_probabilities
from w2v_verified.trainer.sampling.passage import SubSampling

__all__ = ["exact_loss"]

_PASSAGES, _PLACES = 64, 512
_DRAWS = 1 << 41  # in the place of an epoch: the same text for every trainer


def exact_loss(tokens: Tokens, settings: Settings, inputs: Matrix[Float], outputs: Matrix[Float]) -> float:
    r"""Return the mean loss a pair in nats, in float64.

    \(-\log \sigma(u_o \cdot v_c) - K \sum_w q_w \log \sigma(-u_w \cdot v_c)\), the mean over the pairs of 64
    passages of 512 words at even distances, as sub-sampling and dynamic windows draw them; the same for every model
    of the same tokens and settings, whoever trained it.

    Args:
        tokens: the corpus.
        settings: window, sample, negative, noise_exponent and seed count.
        inputs: the vectors of the words as centres, in the order of the vocabulary, shape (V, d).
        outputs: those of the words as outside words.
    """
    vocabulary = tokens.vocabulary
    sampling = SubSampling(tokens.numbers, vocabulary.keep_probabilities(settings.sample), settings)
    noise = settings.negative * noise_probabilities(vocabulary.counts, settings.noise_exponent)
    U: Any = outputs.astype(np.float64)
    total = pairs = 0.0
    for start in np.linspace(0, max(0, len(tokens.numbers) - _PLACES), _PASSAGES).astype(int).tolist():
        passage = sampling.passage(_DRAWS, start, min(start + _PLACES, len(tokens.numbers)))
        words, line = np.unique(passage.words[passage.first : passage.stop], return_inverse=True)
        counts = np.zeros((len(words), len(vocabulary)))
        for i in range(passage.first, passage.stop):
            for j in range(i - passage.left[i], i + passage.right[i] + 1):
                counts[line[i - passage.first], passage.words[j]] += i != j
        V_c: Any = inputs[words].astype(np.float64)
        each = counts.sum(axis=1)
        total += negative_sampling_block(V_c.T, U.T, counts, each[:, None] * noise).loss
        pairs += float(each.sum())
    return total / pairs if pairs else float("nan")
