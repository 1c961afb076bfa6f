"""The calculus: from a definition in index notation to gradients, proofs, documents and code."""

from w2v_verified.errors import with_extra

try:
    from w2v_verified.symbolic.definition.arguments import Array, Axis, Position
    from w2v_verified.symbolic.definition.catalogue import NoDefinitionError, load, read_definition
    from w2v_verified.symbolic.definition.law import Call, Law
    from w2v_verified.symbolic.definition.loss import Chain, Claim, Loss, Section, Step
    from w2v_verified.symbolic.language.errors import ProofError
    from w2v_verified.symbolic.pipeline import Derivation, Replay, files, index_file, record, replay
    from w2v_verified.symbolic.proof.step import SAMPLED
    from w2v_verified.symbolic.proof.watching import watched
except ModuleNotFoundError as error:
    raise with_extra(error, "derive") from None

__all__ = [
    "SAMPLED",
    "Array",
    "Axis",
    "Call",
    "Chain",
    "Claim",
    "Derivation",
    "Law",
    "Loss",
    "NoDefinitionError",
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
