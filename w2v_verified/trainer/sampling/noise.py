"""The distribution that negative samples are drawn from."""

import numpy as np

from w2v_verified.runtime.arrays import Integers, Vector


def noise_probabilities(counts: Integers[np.int64], exponent: float) -> Vector[np.float64]:
    r"""Return the probability of each word as a negative sample, shape (V,).

    \(q_w = n_w^a / \sum_k n_k^a\) with the counts n, all positive, and a = `exponent`.

    Source: Mikolov et al. 2013, arXiv:1310.4546, section 2.2.

    >>> noise_probabilities(np.array([16, 1]), 0.75)
    array([0.88888889, 0.11111111])
    """
    # Relative to the largest count, no power overflows.
    powers: Vector[np.float64] = (counts / counts.max()) ** exponent
    probabilities: Vector[np.float64] = powers / powers.sum()
    return probabilities


class Noise:
    """Draws words with given probabilities, two table look-ups a word.

    The table is Walker's, with V cells of equal probability, each shared by at most two words; a word's chances
    add up to its probability within the rounding of float64, which no table of repeated words achieves.

    Source: Walker 1977, doi:10.1145/355744.355749; Vose 1991, doi:10.1109/32.92917.

    Attributes:
        probabilities: shape (V,).
        threshold, alias: cell w gives word w to a share `threshold[w]` and word `alias[w]` to the rest.
    """

    def __init__(self, probabilities: Vector[np.float64]) -> None:
        self.probabilities = probabilities
        self.threshold, self.alias = _cells(probabilities)

    def draw(self, uniform: Vector[np.float64]) -> Integers[np.intp]:
        """Return a word for every number, each uniform in [0, 1).

        >>> Noise(np.array([0.25, 0.75])).draw(np.array([0.0, 0.2499, 0.25, 0.9999])).tolist()
        [0, 0, 1, 1]
        """
        scaled = uniform * len(self.threshold)
        cell: Integers[np.intp] = scaled.astype(np.intp)
        scaled -= cell
        own = scaled < self.threshold[cell]
        return np.where(own, cell, self.alias[cell])


def _cells(probabilities: Vector[np.float64]) -> tuple[Vector[np.float64], Integers[np.intp]]:
    share = (probabilities * len(probabilities)).tolist()
    threshold, alias = [1.0] * len(share), list(range(len(share)))
    small = [word for word, each in enumerate(share) if each < 1]
    large = [word for word, each in enumerate(share) if each >= 1]
    while small and large:
        word, giver = small.pop(), large[-1]
        threshold[word], alias[word] = share[word], giver
        share[giver] -= 1 - share[word]
        if share[giver] < 1:
            small.append(large.pop())
    return np.array(threshold), np.array(alias, np.intp)
