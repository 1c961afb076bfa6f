"""Word vectors by gradient descent on the verified functions."""

from w2v_verified.trainer.callback import Callback
from w2v_verified.trainer.checkpoint import CheckpointError
from w2v_verified.trainer.corpus import Corpus, python_documentation
from w2v_verified.trainer.divergence import DivergenceError
from w2v_verified.trainer.engine import Minibatch
from w2v_verified.trainer.model import Model
from w2v_verified.trainer.plots import plot_losses, plot_vectors
from w2v_verified.trainer.progress import Progress
from w2v_verified.trainer.reading import CorpusError
from w2v_verified.trainer.settings import Choice, Range, Settings
from w2v_verified.trainer.team import WorkerError
from w2v_verified.trainer.tokens import Tokens
from w2v_verified.trainer.training import Training, train
from w2v_verified.trainer.vectors import WordVectors
from w2v_verified.trainer.vectors_reading import FormatError
from w2v_verified.trainer.vocabulary import Vocabulary
from w2v_verified.trainer.word2vec import Word2Vec
from w2v_verified.trainer.words import split_words

__all__ = [
    "Callback",
    "CheckpointError",
    "Choice",
    "Corpus",
    "CorpusError",
    "DivergenceError",
    "FormatError",
    "Minibatch",
    "Model",
    "Progress",
    "Range",
    "Settings",
    "Tokens",
    "Training",
    "Vocabulary",
    "Word2Vec",
    "WordVectors",
    "WorkerError",
    "plot_losses",
    "plot_vectors",
    "python_documentation",
    "split_words",
    "train",
]
