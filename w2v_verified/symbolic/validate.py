"""What a definition must be before anything is derived from it; refusals say what to change."""

import keyword
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import sympy as sp

from w2v_verified.notation import FUNCTIONS, LanguageError
from w2v_verified.symbolic.context import Context, Definition
from w2v_verified.symbolic.functions import Choose, Largest, Log1p, Slope
from w2v_verified.symbolic.loss import Array, Loss, Position
from w2v_verified.symbolic.runtime import RUNTIME
from w2v_verified.symbolic.text import lettered, text

_RESERVED = frozenset(
    {"np", "math", "out", "with_loss", "block_size", "loss", "dtype", "columns", "left", "right"}
    | {"block", "step", "start", "add", "diff", "type", "int", "float", "range", "slice", "sum", "max"}
    | {name for names in RUNTIME.values() for name in names}
    | FUNCTIONS
)


def check_free(kind: str, name: str) -> None:
    """Refuse a name that generated code needs for something else.

    Raises:
        LanguageError: It is such a name.
    """
    if name in _RESERVED:
        raise _taken(kind, name)


def _taken(kind: str, name: str) -> LanguageError:
    return LanguageError(
        f"{kind} {name}: this name is used by the notation or by generated code; choose another"
    )


def validate(loss: Loss) -> None:
    """Check the names and axes of a definition.

    Raises:
        LanguageError: Something is named twice, by a word that means something else, or not at all.
    """
    for kind, name in [
        ("name", loss.name),
        *(("axis", a.name) for a in loss.axes),
        *(("argument", a.name) for a in loss.arguments),
    ]:
        if not name.isidentifier() or keyword.iskeyword(name):
            raise LanguageError(f"{kind} {name!r}: expected a Python name that is no keyword")
        if name.startswith(("grad_", "delta", "_")):
            raise _taken(kind, name)
        check_free(kind, name)
    every = Counter([*(a.name for a in loss.axes), *(a.name for a in loss.arguments)])
    twice = [name for name, count in every.items() if count > 1]
    if twice:
        raise LanguageError(f"{twice[0]}: two axes or arguments have this name")
    axes = {a.name for a in loss.axes}
    for a in loss.arguments:
        for axis in (*a.axes.split(), *((a.into,) if isinstance(a, Position) else ())):
            if axis not in axes:
                raise LanguageError(
                    f"argument {a.name}: there is no axis {axis}; known: {', '.join(sorted(axes))}"
                )
    sized = {axis for a in loss.arguments for axis in a.axes.split()}
    for axis in sorted(axes - sized):
        raise LanguageError(
            f"axis {axis}: no argument has it, so its size is not known; drop it or add an argument"
        )
    if not any(isinstance(a, Array) and a.gradient for a in loss.arguments):
        raise LanguageError("arguments: expected at least one array a gradient is wanted for")


class Domain:
    """Checks that every function in a definition is smooth and defined for all admissible inputs."""

    def __init__(self, letters: Mapping[str, Iterable[str]], context: Context) -> None:
        self.letters, self.context = letters, context

    def check(self, stages: tuple[Definition, ...]) -> None:
        """Check all stages.

        Raises:
            LanguageError: A function may be undefined or not differentiable; the message names it.
        """
        for stage in stages:
            for e in sp.preorder_traversal(stage.expression):
                reason = self._objection(e)
                if reason is not None:
                    raise LanguageError(f"{stage.name}: {self._text(e)}: {reason}")

    def _text(self, e: Any) -> str:
        return text(lettered(e, self.letters, frozenset()))

    def _objection(self, e: Any) -> str | None:
        if isinstance(e, sp.Abs):
            return "abs is not differentiable at 0; a smooth loss is needed (for example sqrt(x ** 2 + 1))"
        if isinstance(e, Largest):
            return "a maximum is not differentiable; log(sum(.., exp(..))) is its smooth form"
        if isinstance(e, Slope):
            return "diff belongs in proofs; a definition says what is differentiated by gradient=True"
        if isinstance(e, Choose):
            return "a choice is not part of a definition; write one smooth expression"
        if isinstance(e, sp.log) and not self.context.positive(e.args[0]):
            return f"the logarithm needs an argument that is provably positive, and {_hint(e.args[0])}"
        if isinstance(e, Log1p) and not self.context.positive(1 + e.args[0]):
            return f"log1p needs an argument that is provably above -1, and {_hint(e.args[0])}"
        if isinstance(e, sp.Pow) and not isinstance(e, sp.exp):
            fraction = not (e.exp.is_Integer and e.exp >= 0)
            if fraction and not self.context.positive(e.base):
                what = "a divisor" if e.exp.is_negative else "a root or a power that is no whole number"
                return f"{what} must be provably positive, and {_hint(e.base)}"
        if e in (sp.zoo, sp.oo, -sp.oo, sp.nan) or e.has(sp.I):
            return "this is not a real number"
        return None


def _hint(e: Any) -> str:
    if isinstance(e, sp.Symbol) and e.is_integer:
        return f"the axis {e.name} may have no places: write max({e.name}, 1) or give it minimum=1"
    return (
        "this is not known to be: declare the array positive=True, "
        "or write an exp, a softplus or a sum of squares plus 1"
    )
