"""Where an expression is defined, looked at in what was written, before any algebra could make a condition vanish.

``x * x / x`` is not 1 times x to SymPy's eyes alone: it needs ``x != 0``, and is refused. Every function, divisor and
power with a condition has to come with a proof of it (`ranges`), in definitions, notation, claims and chains, and in
the programs made from them. Where something is differentiated it has to be smooth as well.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

import sympy as sp

from w2v_verified.notation import LanguageError, syntax
from w2v_verified.symbolic.algebra.context import Context
from w2v_verified.symbolic.algebra.normal import normal
from w2v_verified.symbolic.algebra.rules import ALGEBRAIC
from w2v_verified.symbolic.language.equation import names_used
from w2v_verified.symbolic.language.errors import ProofError
from w2v_verified.symbolic.language.functions import ROUGH, Function, function_of, named
from w2v_verified.symbolic.language.indices import axis_of, bound_indices, name_of, size
from w2v_verified.symbolic.language.operators import Choose, Largest
from w2v_verified.symbolic.language.text import lettered, text
from w2v_verified.symbolic.language.translate import Translator

Needed: TypeAlias = tuple[str, Any]
"""What must be "positive", "nonnegative" or "nonzero"."""

_MAXIMUM = "a maximum is not differentiable; log(sum(.., exp(..))) is its smooth form"


class Domain:
    """The conditions of what is written about one loss.

    ``smooth`` asks that it can be differentiated as well, by the names that are ``moving`` if not by all; derivatives
    are by the ``variables``.
    """

    def __init__(
        self,
        translator: Translator,
        context: Context,
        letters: Mapping[str, Iterable[str]],
        smooth: bool,
        variables: Collection[str] = (),
        moving: Collection[str] | None = None,
    ) -> None:
        self.translator, self.context, self.letters = translator, context, letters
        self.smooth, self.variables, self.moving = smooth, variables, moving

    def check(self, statement: syntax.Statement, name: str = "") -> None:
        """Check one statement.

        Raises:
            LanguageError: It may be undefined, or not differentiable where it has to be; the message says what is
                missing, in the author's notation.
        """
        self.name = name or statement.target
        self._check(statement.expression, statement.bounds, self.smooth)

    def _refuse(self, part: str, reason: str) -> LanguageError:
        return LanguageError(f"{self.name}: {part}: {reason}")

    def _check(self, node: syntax.Expression, bounds: tuple[syntax.Bound, ...], smooth: bool) -> None:
        match node:
            case syntax.Negative(inner):
                self._check(inner, bounds, smooth)
            case syntax.Binary(operator, left, right):
                self._check(left, bounds, smooth)
                self._check(right, bounds, smooth)
                self._binary(operator, left, right, bounds, smooth)
            case syntax.Call(function, argument):
                self._check(argument, bounds, smooth)
                self._call(function, self._translated(argument, bounds), smooth)
            case syntax.Sum(bound, body):
                self._check(body, (*bounds, bound), smooth)
            case syntax.Maximum(bound, body):
                self._check(body, (*bounds, bound), smooth)
                self._maximum(bound, smooth)
            case syntax.Choice(condition, then, otherwise):
                if smooth:
                    raise self._refuse(
                        "... if ... else ...",
                        "a choice is not part of a definition; write one smooth expression",
                    )
                for part in (condition.left, condition.right, then, otherwise):
                    self._check(part, bounds, smooth)
            case syntax.Derivative(operand, entry):
                if self.smooth:
                    raise self._refuse(
                        self._text(node, bounds),
                        "diff belongs in proofs; a definition says what is differentiated by gradient=True",
                    )
                if entry.name not in self.variables:
                    raise self._refuse(
                        f"diff(.., {entry.name})",
                        "expected a derivative by an argument or an earlier statement",
                    )
                self._check(operand, bounds, True)
                self._check_names(operand, entry.name, bounds)
            case syntax.Larger(left, right):
                self._check(left, bounds, smooth)
                self._check(right, bounds, smooth)
            case syntax.Number() | syntax.Pi() | syntax.Name() | syntax.Entry() | syntax.Indicator():
                pass
            case _:
                raise self._refuse(f"{node}", "not an expression a derivation can use")

    def _moves(self, e: Any) -> bool:
        """Whether an expression may change with what something is differentiated by."""
        return self.moving is None or not names_used([e]).isdisjoint(self.moving)

    def _check_names(self, operand: syntax.Expression, by: str, bounds: tuple[syntax.Bound, ...]) -> None:
        """The names in what is differentiated have to be smooth as well, where they depend on the variable."""
        known = self.context.depending_on(by).definitions
        waiting = names_used([self._translated(operand, bounds)])
        seen: set[str] = set()
        while waiting:
            name = waiting.pop()
            if name in known and name not in seen:
                seen.add(name)
                if is_rough(known[name].expression, self.context):
                    raise self._refuse(f"diff(.., {by})", f"{name} is not differentiable everywhere")
                waiting |= names_used([known[name].expression])

    def _translated(self, node: syntax.Expression, bounds: tuple[syntax.Bound, ...]) -> Any:
        return self.translator.expression(node, bounds)

    def _text(self, node: syntax.Expression, bounds: tuple[syntax.Bound, ...]) -> str:
        return self._spelled(self._translated(node, bounds))

    def _spelled(self, e: Any) -> str:
        return text(lettered(e, self.letters, frozenset()))

    def _maximum(self, bound: syntax.Bound, smooth: bool) -> None:
        if smooth:
            raise self._refuse(f"max({bound.name} in {bound.axis}, ...)", _MAXIMUM)
        if not _positive(self.context, size(bound.axis)):
            raise self._refuse(
                f"max({bound.name} in {bound.axis}, ...)", f"there is none where {bound.axis} has no places"
            )

    def _call(self, function: str, argument: Any, smooth: bool) -> None:
        row = named(function)
        smooth = smooth and (self._moves(argument) or (isinstance(row, Function) and bool(row.rough)))
        if isinstance(row, Function):
            reason = call_objection(row, argument, self.context, smooth)
        else:
            reason = power_objection(argument, row.power, self.context, smooth)
        if reason is not None:
            raise self._refuse(f"{function}({self._spelled(argument)})", reason)

    def _binary(
        self,
        operator: str,
        left: syntax.Expression,
        right: syntax.Expression,
        bounds: tuple[syntax.Bound, ...],
        smooth: bool,
    ) -> None:
        if operator == "/":
            divisor = self._translated(right, bounds)
            if not _nonzero(self.context, divisor):
                raise self._refuse(self._spelled(divisor), divisor_objection(divisor))
        if operator == "**":
            base, exponent = self._translated(left, bounds), self._translated(right, bounds)
            reason = power_objection(base, exponent, self.context, smooth and self._moves(base))
            if reason is not None:
                written = f"{text(lettered(base, self.letters, frozenset()), 4)} ** {text(exponent, 4)}"
                raise self._refuse(written, reason)


def _positive(context: Context, e: Any) -> bool:
    """Whether ``e`` is provably positive, as it stands or in normal form (which is equal where ``e`` is defined)."""
    return context.positive(e) or context.positive(_settled(context, e))


def _nonzero(context: Context, e: Any) -> bool:
    return context.nonzero(e) or context.nonzero(_settled(context, e))


def _settled(context: Context, e: Any) -> Any:
    try:
        return normal(e, context.allowing("UNFOLD", *ALGEBRAIC))
    except ProofError:
        return e


def call_objection(function: Function, argument: Any, context: Context, smooth: bool) -> str | None:
    """Why a function may be undefined (or not smooth) at its argument; None if it is not."""
    if function.rough and smooth:
        return function.rough
    needed = function_condition(function, argument)
    if function.condition is None or _holds(needed, context):
        return None
    return f"{function.condition.needed}, and {_hint(argument)}"


def divisor_objection(divisor: Any) -> str:
    """Why a divisor that is not known to differ from 0 is refused."""
    return f"a divisor must be provably positive (or negative), and {_hint(divisor)}"


def power_objection(base: Any, exponent: Any, context: Context, smooth: bool) -> str | None:
    """Why a power may be undefined (or not smooth); None if it is not."""
    if _holds(power_condition(base, exponent, smooth), context):
        return None
    if exponent.is_Integer:
        return divisor_objection(base)
    return f"a root or a power that is no whole number must be provably positive, and {_hint(base)}"


def _hint(e: Any) -> str:
    if isinstance(e, sp.Symbol) and e.is_integer:
        return f"the axis {e.name} may have no places: write max({e.name}, 1) or give it minimum=1"
    if e.is_number:
        return "this is not"
    if e.free_symbols and all(s == size(name_of(s)) for s in e.free_symbols):
        axes = " and ".join(sorted(map(name_of, e.free_symbols)))
        return f"there may be too few places of {axes}: give a larger minimum, such as minimum=2"
    return (
        "this is not known to be: declare the array positive=True, "
        "or write an exp, a softplus or a sum of squares plus 1"
    )


def is_rough(expression: Any, context: Context) -> bool:
    """Whether an expression may have no derivative somewhere."""
    powers = (e for e in expression.atoms(sp.Pow) if not e.exp.is_Integer)
    return expression.has(*ROUGH, Largest, Choose) or not all(_positive(context, e.base) for e in powers)


def objections(expression: Any, context: Context) -> Iterator[tuple[Any, str]]:
    """What in an expression may be undefined somewhere, and why."""
    for e in sp.preorder_traversal(expression):
        reason = _objection(e, context)
        if reason is not None:
            yield e, reason


def conditions(expression: Any) -> set[Needed]:
    """What must be positive, not negative or not 0 for an expression to be defined."""
    return {c for e in sp.preorder_traversal(expression) if (c := condition(e)) is not None}


def condition(e: Any) -> Needed | None:
    """What must be positive, not negative or not 0 for a function or a power to be defined; None for others."""
    row = function_of(e)
    if row is not None:
        return function_condition(row, e.args[0])
    return power_condition(e.base, e.exp, False) if isinstance(e, sp.Pow) else None


def function_condition(function: Function, argument: Any) -> Needed | None:
    """What must be positive for a function to be defined at its argument."""
    return None if function.condition is None else ("positive", function.condition.positive(argument))


def power_condition(base: Any, exponent: Any, smooth: bool) -> Needed | None:
    """What must hold for a power to be defined, and ``smooth`` if that is asked for."""
    if exponent.is_Integer:
        return None if exponent >= 0 else ("nonzero", base)
    root = exponent.is_Rational and exponent > 0 and not smooth
    return ("nonnegative" if root else "positive"), base


def _holds(needed: Needed | None, context: Context) -> bool:
    """Whether a condition is proved, if there is one."""
    match needed:
        case None:
            return True
        case "positive", e:
            return _positive(context, e)
        case "nonnegative", e:
            return context.nonnegative(e) or _positive(context, e)
        case "nonzero", e:
            return _nonzero(context, e)
        case _:
            raise ValueError(f"{needed}: no such condition")


def _objection(e: Any, context: Context) -> str | None:
    if e in (sp.zoo, sp.oo, -sp.oo, sp.nan) or e == sp.I:
        return "this is not a real number"
    row = function_of(e)
    if row is not None:
        return call_objection(row, e.args[0], context, False)
    if isinstance(e, sp.Pow):
        return power_objection(e.base, e.exp, context, False)
    if isinstance(e, Largest) and not all(_positive(context, size(axis_of(k))) for k in bound_indices(e)):
        return "a maximum over an axis that may have no places"
    return None


__all__ = [
    "Domain",
    "call_objection",
    "condition",
    "conditions",
    "divisor_objection",
    "objections",
    "power_objection",
]
