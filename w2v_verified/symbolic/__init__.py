"""The calculus: from a definition in index notation to gradients, proofs, documents and code."""

from w2v_verified.symbolic.build import files, index_module
from w2v_verified.symbolic.catalogue import load, replay_all
from w2v_verified.symbolic.derivation import Derivation
from w2v_verified.symbolic.explain import explain
from w2v_verified.symbolic.loss import Array, Axis, Chain, Claim, Loss, Position, Section, Step
from w2v_verified.symbolic.program import ProofError

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
    "explain",
    "files",
    "index_module",
    "load",
    "replay_all",
]
