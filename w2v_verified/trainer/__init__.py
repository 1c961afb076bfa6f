"""Word vectors by gradient descent on the verified functions."""

from w2v_verified.trainer.cluster.errors import ClusterError
from w2v_verified.trainer.cluster.whole import train_on
from w2v_verified.trainer.plots.plots import plot_losses, plot_vectors
from w2v_verified.trainer.run.advice import Advice, Epoch, afterwards, beforehand
from w2v_verified.trainer.run.checkpoint import CheckpointError
from w2v_verified.trainer.run.engine import DivergenceError, Minibatch
from w2v_verified.trainer.run.progress import Progress
from w2v_verified.trainer.run.training import Training, train
from w2v_verified.trainer.settings import Settings
from w2v_verified.trainer.team.team import WorkerError
from w2v_verified.trainer.text.corpus import Corpus, python_documentation, split_words
from w2v_verified.trainer.text.reading import CorpusError, FormatError
from w2v_verified.trainer.text.tokens import Tokens
from w2v_verified.trainer.text.vocabulary import Vocabulary
from w2v_verified.trainer.vectors.model import Model
from w2v_verified.trainer.vectors.vectors import WordVectors
from w2v_verified.trainer.word2vec import Callback, Word2Vec

__all__ = [
    "Advice",
    "Callback",
    "CheckpointError",
    "ClusterError",
    "Corpus",
    "CorpusError",
    "DivergenceError",
    "Epoch",
    "FormatError",
    "Minibatch",
    "Model",
    "Progress",
    "Settings",
    "Tokens",
    "Training",
    "Vocabulary",
    "Word2Vec",
    "WordVectors",
    "WorkerError",
    "afterwards",
    "beforehand",
    "plot_losses",
    "plot_vectors",
    "python_documentation",
    "split_words",
    "train",
    "train_on",
]
