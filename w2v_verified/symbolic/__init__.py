"""The calculus: from a definition in index notation to gradients, proofs, documents and code."""

from w2v_verified.symbolic.build import files, index_module, record
from w2v_verified.symbolic.definition.catalogue import load, read_definition
from w2v_verified.symbolic.definition.loss import Array, Axis, Chain, Claim, Loss, Position, Section, Step
from w2v_verified.symbolic.derivation import Derivation, replay
from w2v_verified.symbolic.document.document import Document
from w2v_verified.symbolic.document.explain import explain
from w2v_verified.symbolic.language.errors import ProofError
from w2v_verified.symbolic.printing.standalone import standalone

__all__ = [
    "Array",
    "Axis",
    "Chain",
    "Claim",
    "Derivation",
    "Document",
    "Loss",
    "Position",
    "ProofError",
    "Section",
    "Step",
    "explain",
    "files",
    "index_module",
    "load",
    "read_definition",
    "record",
    "replay",
    "standalone",
]
