"""Gradients you can trust: verified NumPy functions for the losses of word2vec."""

from w2v_verified import generated
from w2v_verified.generated import *

__all__: list[str] = []
__all__ += generated.__all__
