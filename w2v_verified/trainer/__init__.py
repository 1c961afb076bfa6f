"""Word vectors by gradient descent on the verified functions."""

from w2v_verified.trainer.corpus import Corpus, python_documentation
from w2v_verified.trainer.reading import CorpusError
from w2v_verified.trainer.settings import Range, Settings
from w2v_verified.trainer.tokens import Tokens
from w2v_verified.trainer.training import DivergenceError, Model, Progress, Training, train
from w2v_verified.trainer.vectors import FormatError, WordVectors
from w2v_verified.trainer.vocabulary import Vocabulary
from w2v_verified.trainer.words import split_words

__all__ = [
    "Corpus",
    "CorpusError",
    "DivergenceError",
    "FormatError",
    "Model",
    "Progress",
    "Range",
    "Settings",
    "Tokens",
    "Training",
    "Vocabulary",
    "WordVectors",
    "python_documentation",
    "split_words",
    "train",
]
