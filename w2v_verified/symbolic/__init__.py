"""The calculus: from a definition in index notation to gradients, proofs, documents and code."""

from w2v_verified.symbolic.definition.catalogue import load, read_definition
from w2v_verified.symbolic.definition.loss import Array, Axis, Chain, Claim, Loss, Position, Section, Step
from w2v_verified.symbolic.language.errors import ProofError
from w2v_verified.symbolic.pipeline import Derivation, files, index_file, record, replay

__all__ = [
    "Array",
    "Axis",
    "Chain",
    "Claim",
    "Derivation",
    "Loss",
    "Position",
    "ProofError",
    "Section",
    "Step",
    "files",
    "index_file",
    "load",
    "read_definition",
    "record",
    "replay",
]
