"""Code as students of CS224n hand it in: right solutions, and the classic mistakes."""

from typing import Any

import numpy as np


def sigmoid(x: Any) -> Any:
    """As most write it."""
    return 1 / (1 + np.exp(-x))


def softmax(x: Any) -> Any:
    """The helper the assignment comes with, for one vector."""
    x = x - np.max(x)
    return np.exp(x) / np.sum(np.exp(x))


def naiveSoftmaxLossAndGradient(
    centerWordVec: Any, outsideWordIdx: int, outsideVectors: Any, dataset: Any
) -> tuple[Any, Any, Any]:
    """Right for every size: the logarithm is taken of sums."""
    scores = outsideVectors @ centerWordVec
    shifted = scores - scores.max()
    loss = np.log(np.exp(shifted).sum()) - shifted[outsideWordIdx]
    delta = softmax(scores)
    delta[outsideWordIdx] -= 1
    return loss, outsideVectors.T @ delta, np.outer(delta, centerWordVec)


def naive_of_a_probability(centerWordVec: Any, outsideWordIdx: int, outsideVectors: Any, dataset: Any) -> Any:
    """As all of 257 public solutions do it: infinite where the probability underflows."""
    y_hat = softmax(outsideVectors @ centerWordVec)
    loss = -np.log(y_hat[outsideWordIdx])
    y_hat[outsideWordIdx] -= 1
    return loss, outsideVectors.T @ y_hat, np.outer(y_hat, centerWordVec)


def naive_one_hot_forgotten(
    centerWordVec: Any, outsideWordIdx: int, outsideVectors: Any, dataset: Any
) -> Any:
    loss, gradCenterVec, gradOutsideVecs = naiveSoftmaxLossAndGradient(
        centerWordVec, outsideWordIdx, outsideVectors, dataset
    )
    return loss, gradCenterVec + outsideVectors[outsideWordIdx], gradOutsideVecs


def naive_transposed(centerWordVec: Any, outsideWordIdx: int, outsideVectors: Any, dataset: Any) -> Any:
    loss, gradCenterVec, gradOutsideVecs = naiveSoftmaxLossAndGradient(
        centerWordVec, outsideWordIdx, outsideVectors, dataset
    )
    return loss, gradCenterVec, gradOutsideVecs.T


def getNegativeSamples(outsideWordIdx: int, dataset: Any, K: int) -> list[int]:
    """As the assignment gives it."""
    negSampleWordIndices = [0] * K
    for k in range(K):
        newidx = dataset.sampleTokenIdx()
        while newidx == outsideWordIdx:
            newidx = dataset.sampleTokenIdx()
        negSampleWordIndices[k] = newidx
    return negSampleWordIndices


def negSamplingLossAndGradient(
    centerWordVec: Any, outsideWordIdx: int, outsideVectors: Any, dataset: Any, K: int = 10
) -> tuple[Any, Any, Any]:
    """Right for every size, with the usual sigmoid(x) - 1."""
    negatives = getNegativeSamples(outsideWordIdx, dataset, K)
    x = outsideVectors[outsideWordIdx] @ centerWordVec
    gradCenterVec = (_stable(x) - 1) * outsideVectors[outsideWordIdx]
    gradOutsideVecs = np.zeros(outsideVectors.shape)
    gradOutsideVecs[outsideWordIdx] = (_stable(x) - 1) * centerWordVec
    loss = np.logaddexp(0, -x)
    for k in negatives:
        z = outsideVectors[k] @ centerWordVec
        loss += np.logaddexp(0, z)
        gradCenterVec += _stable(z) * outsideVectors[k]
        gradOutsideVecs[k] += _stable(z) * centerWordVec
    return loss, gradCenterVec, gradOutsideVecs


def _stable(x: Any) -> Any:
    return np.exp(-np.logaddexp(0, -x))


def sampling_of_sigmoids(
    centerWordVec: Any, outsideWordIdx: int, outsideVectors: Any, dataset: Any, K: int = 10
) -> Any:
    """The usual solution: right until a sigmoid becomes 0."""
    negatives = getNegativeSamples(outsideWordIdx, dataset, K)
    _, gradCenterVec, gradOutsideVecs = negSamplingLossAndGradient(
        centerWordVec, outsideWordIdx, outsideVectors, _Again(negatives), K
    )
    loss = -np.log(sigmoid(outsideVectors[outsideWordIdx] @ centerWordVec))
    loss -= np.sum(np.log(sigmoid(-outsideVectors[negatives] @ centerWordVec)))
    return loss, gradCenterVec, gradOutsideVecs


def sampling_repeats_lost(
    centerWordVec: Any, outsideWordIdx: int, outsideVectors: Any, dataset: Any, K: int = 10
) -> Any:
    negatives = getNegativeSamples(outsideWordIdx, dataset, K)
    loss, gradCenterVec, gradOutsideVecs = negSamplingLossAndGradient(
        centerWordVec, outsideWordIdx, outsideVectors, _Again(negatives), K
    )
    z = outsideVectors[negatives] @ centerWordVec
    gradOutsideVecs[negatives] = np.outer(_stable(z), centerWordVec)
    return loss, gradCenterVec, gradOutsideVecs


def sampling_without_the_centre(
    centerWordVec: Any, outsideWordIdx: int, outsideVectors: Any, dataset: Any, K: int = 10
) -> Any:
    loss, _, gradOutsideVecs = negSamplingLossAndGradient(
        centerWordVec, outsideWordIdx, outsideVectors, dataset, K
    )
    x = outsideVectors[outsideWordIdx] @ centerWordVec
    return loss, (_stable(x) - 1) * outsideVectors[outsideWordIdx], gradOutsideVecs


def sampling_ten_always(
    centerWordVec: Any, outsideWordIdx: int, outsideVectors: Any, dataset: Any, K: int = 10
) -> Any:
    """Draws ten whatever K is."""
    return negSamplingLossAndGradient(centerWordVec, outsideWordIdx, outsideVectors, dataset, 10)


class _Again:
    """Hands out what was drawn before."""

    def __init__(self, drawn: list[int]) -> None:
        self._drawn = iter(drawn)

    def sampleTokenIdx(self) -> int:
        return next(self._drawn)


RIGHT = (
    (naiveSoftmaxLossAndGradient, "naive_softmax"),
    (negSamplingLossAndGradient, "negative_sampling"),
)
FULL_MARKS = (
    (naive_of_a_probability, "naive_softmax", "the logarithm is taken of the quotient"),
    (sampling_of_sigmoids, "negative_sampling", "-log(sigmoid(x)) comes as infinity"),
)
WRONG = (
    (naive_one_hot_forgotten, "naive_softmax", "gradCenterVec: the term - (w == outsideWordIdx) is missing"),
    (naive_transposed, "naive_softmax", "gradOutsideVecs is transposed"),
    (sampling_repeats_lost, "negative_sampling", "one of the repeats counts instead of their sum"),
    (sampling_without_the_centre, "negative_sampling", "gradCenterVec: the term sum(k in K"),
    (sampling_ten_always, "negative_sampling", None),
)


def naive_without_a_shift(centerWordVec: Any, outsideWordIdx: int, outsideVectors: Any, dataset: Any) -> Any:
    """Overflows from scores of 710 on."""
    e = np.exp(outsideVectors @ centerWordVec)
    delta = e / e.sum()
    loss = np.log(e.sum()) - np.log(e[outsideWordIdx])
    delta[outsideWordIdx] -= 1
    return loss, outsideVectors.T @ delta, np.outer(delta, centerWordVec)


def naive_one_word_off(centerWordVec: Any, outsideWordIdx: int, outsideVectors: Any, dataset: Any) -> Any:
    """The row of the next word is that of the true one."""
    loss, gradCenterVec, gradOutsideVecs = naiveSoftmaxLossAndGradient(
        centerWordVec, outsideWordIdx, outsideVectors, dataset
    )
    gradOutsideVecs[outsideWordIdx] += centerWordVec
    gradOutsideVecs[(outsideWordIdx + 1) % len(outsideVectors)] -= centerWordVec
    return loss, gradCenterVec, gradOutsideVecs


def naive_few_digits(centerWordVec: Any, outsideWordIdx: int, outsideVectors: Any, dataset: Any) -> Any:
    loss, gradCenterVec, gradOutsideVecs = naiveSoftmaxLossAndGradient(
        centerWordVec, outsideWordIdx, outsideVectors, dataset
    )
    return loss, gradCenterVec, gradOutsideVecs * (1 + 1e-9)


def naive_writes_to_its_input(
    centerWordVec: Any, outsideWordIdx: int, outsideVectors: Any, dataset: Any
) -> Any:
    results = naiveSoftmaxLossAndGradient(centerWordVec, outsideWordIdx, outsideVectors, dataset)
    centerWordVec *= 2
    return results


def naive_loss_alone(centerWordVec: Any, outsideWordIdx: int, outsideVectors: Any, dataset: Any) -> Any:
    return naiveSoftmaxLossAndGradient(centerWordVec, outsideWordIdx, outsideVectors, dataset)[0]


def naive_fails_for_one_word(
    centerWordVec: Any, outsideWordIdx: int, outsideVectors: Any, dataset: Any
) -> Any:
    if len(outsideVectors) == 1:
        raise ValueError("a vocabulary of one word")
    return naiveSoftmaxLossAndGradient(centerWordVec, outsideWordIdx, outsideVectors, dataset)


FURTHER = (
    (naive_without_a_shift, "naive_softmax"),
    (naive_one_word_off, "naive_softmax"),
    (naive_few_digits, "naive_softmax"),
    (naive_writes_to_its_input, "naive_softmax"),
    (naive_loss_alone, "naive_softmax"),
    (naive_fails_for_one_word, "naive_softmax"),
)
"""More that are wrong, for what is said of them."""
