"""Names that generated code uses for itself, so that no argument, axis or statement can have them."""

from w2v_verified.runtime import RUNTIME

_LOCALS = "block block_size columns grad_columns left loss out right start step with_loss"
_PYTHON = "add dtype float int len math max np range slice type"
_TYPES = (
    "Float Generic Matrix MatrixLike NamedTuple PositionMatrix PositionMatrixLike Positions PositionsLike Scalar"
    " Sequence SupportsIndex TYPE_CHECKING Tensor TensorLike Vector VectorLike typing_extensions"
)
_DATA = "GRADIENTS"

RESERVED = frozenset(
    {
        *_LOCALS.split(),
        *_PYTHON.split(),
        *_TYPES.split(),
        _DATA,
        *(name for names in RUNTIME.values() for name in names),
    }
)
OF_METHODS = frozenset({"scale", "self"})
"""Names that the methods of a result use beside the array whose gradient comes in factors."""


def result_name(loss: str) -> str:
    """The name of the result type of a loss."""
    return "".join(part.capitalize() for part in loss.split("_"))
