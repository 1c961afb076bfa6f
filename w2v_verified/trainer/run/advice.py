"""What whoever trains is told where a run did little or nothing, and what to give in its place."""

import math
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from w2v_verified.errors import Setting, spelled
from w2v_verified.trainer.settings import GENSIMS_RATES, Settings
from w2v_verified.trainer.text.vocabulary import Vocabulary

__all__ = ["Advice", "Epoch", "afterwards", "beforehand"]

_HARDLY = 0.01


class Epoch(NamedTuple):
    """How an epoch ended: its mean loss a pair in nats, and how many pairs it had."""

    loss: float
    pairs: int


class Advice(NamedTuple):
    """Why a run does little or nothing, and what to give: a message in parts, of which some are settings."""

    parts: tuple[str, ...]

    def spelled(self, spell: Callable[[str], str]) -> str:
        """The message, with every setting called as ``spell`` says."""
        return spelled(self.parts, spell)


def beforehand(settings: Settings) -> Iterator[Advice]:
    """What can be told before training.

    The gradient of a loss of the mean of m vectors is 1/m of what word2vec.c and gensim take for it by each of them
    (Irsoy, Benton and Stratos 2021, arXiv:2012.15332, section 2): their rate moves the vectors m times less here.
    """
    low, high = GENSIMS_RATES
    rate = settings.learning_rate
    if settings.model == "cbow" and rate is not None and low <= rate <= high:
        usual = Settings(model="cbow").first_learning_rate
        yield _advice(
            Setting("learning_rate"),
            f": {rate:g} suits gensim's step of CBOW, which is the gradient times the length of the context; the "
            f"gradient itself, which is descended here, hardly moves by it: give {usual:g}, or leave it out",
        )


def afterwards(settings: Settings, vocabulary: Vocabulary, epochs: Sequence[Epoch]) -> Iterator[Advice]:
    """What is to be told of a run that has ended, given how its epochs did."""
    empty = sum(not epoch.pairs for epoch in epochs)
    if empty:
        yield _advice(
            Setting("sample"),
            f": {settings.sample:g} thinned out every pair in {empty} of {len(epochs)} epochs, which trained nothing: "
            "give 0",
        )
    start, last = _at_start(settings, vocabulary), epochs[-1].loss if epochs else math.nan
    if abs(start - last) < _HARDLY * start:
        fewer = (", or a smaller ", Setting("min_count")) if settings.min_count > 1 else ()
        yield _advice(
            f"the loss hardly moved: {last:.3f} nats a pair, where it was {start:.3f} before training; a text of "
            f"{vocabulary.text_length:,} words wants more ",
            Setting("epochs"),
            f" than {settings.epochs}, or a larger ",
            Setting("learning_rate"),
            f" than {settings.first_learning_rate:g}",
            *fewer,
        )


def _advice(*parts: str) -> Advice:
    return Advice(parts)


def _at_start(settings: Settings, vocabulary: Vocabulary) -> float:
    """The loss of a pair while all output vectors are 0."""
    if settings.loss == "naive_softmax":
        return math.log(len(vocabulary))
    return (1 + settings.negative) * math.log(2)
