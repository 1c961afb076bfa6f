"""Word vectors by gradient descent on the verified functions."""

from w2v_verified.trainer.corpus import CorpusError, TextFile, python_documentation, split_words
from w2v_verified.trainer.settings import Range, Settings
from w2v_verified.trainer.training import DivergenceError, Model, Progress, Training, train
from w2v_verified.trainer.vectors import FormatError, WordVectors
from w2v_verified.trainer.vocabulary import Vocabulary

__all__ = [
    "CorpusError",
    "DivergenceError",
    "FormatError",
    "Model",
    "Progress",
    "Range",
    "Settings",
    "TextFile",
    "Training",
    "Vocabulary",
    "WordVectors",
    "python_documentation",
    "split_words",
    "train",
]
