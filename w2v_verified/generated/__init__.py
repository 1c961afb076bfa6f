"""Interim (the emitter will overwrite this)."""
from w2v_verified.generated.naive_softmax import NaiveSoftmax, naive_softmax
from w2v_verified.generated.naive_softmax_batch import NaiveSoftmaxBatch, naive_softmax_batch

__all__ = ["NaiveSoftmax", "NaiveSoftmaxBatch", "naive_softmax", "naive_softmax_batch"]
