"""The calculus: from a definition in index notation to gradients, proofs, documents and code."""

from w2v_verified.symbolic.definition.catalogue import load, read_definition
from w2v_verified.symbolic.definition.loss import Array, Axis, Chain, Claim, Loss, Position, Section, Step
from w2v_verified.symbolic.language.errors import ProofError
from w2v_verified.symbolic.pipeline import Derivation, Replay, files, index_file, record, replay
from w2v_verified.symbolic.proof.step import SAMPLED
from w2v_verified.symbolic.proof.watching import watched

__all__ = [
    "SAMPLED",
    "Array",
    "Axis",
    "Chain",
    "Claim",
    "Derivation",
    "Loss",
    "Position",
    "ProofError",
    "Replay",
    "Section",
    "Step",
    "files",
    "index_file",
    "load",
    "read_definition",
    "record",
    "replay",
    "watched",
]
