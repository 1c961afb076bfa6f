"""The one place where rows of the table of facts are applied to an expression, and what was applied is kept.

A pass finds places as it likes and hands over the row, what its letters stand for, and the place. The driver puts that
into both sides of the row, exchanges the left for the right where it stands, and refuses where it does not stand. So
what a document cites is what was done.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache
from typing import Any

import sympy as sp

from w2v_verified.notation import parse
from w2v_verified.notation.syntax import Bound, Expression
from w2v_verified.symbolic.language.errors import ProofError
from w2v_verified.symbolic.language.indices import (
    axis_of,
    bound_indices,
    canonical,
    fresh,
    fresh_index,
    label_of,
    total,
)
from w2v_verified.symbolic.language.operators import Choose, Order
from w2v_verified.symbolic.language.translate import Translator
from w2v_verified.symbolic.proof.facts import FACTS

_OWN = "="
_AXES = ("V", "T")


@dataclass
class Rewriting:
    """Applies facts, and keeps the names of those that were."""

    applied: dict[str, None] = field(default_factory=dict)

    def apply(
        self,
        fact: str,
        e: Any,
        values: Mapping[str, Any],
        axes: Mapping[str, str] | None = None,
        times: Any = 1,
        named: Callable[[Any], Any] = lambda e: e,
        below: tuple[Any, Any] | None = None,
    ) -> Any:
        """``e`` with the right side of a fact in place of the left, which stands there ``times`` something.

        Args:
            fact: The row's name.
            e: The left side itself, a sum with its terms or a product with its factors.
            values: What the row's letters stand for: numbers and indices, or a function of its indices for an array.
            axes: The axes the row's axes stand for.
            times: A factor of the left side.
            named: Puts names that are defined for it in place of parts of either side.
            below: If given, the right side is computed where the first is less than the second, the left elsewhere.

        Raises:
            ProofError: The left side does not stand there.
        """
        row = FACTS[fact]
        left, right = (named(_instance(side, row.over, axes or {}, values)) for side in (row.left, row.right))
        new = right if below is None else Choose(*below, right, left)
        made = _exchanged(e, left, new, times)
        if made is None:
            raise ProofError(f"{fact}: {left} does not stand in {e}")
        self.applied[fact] = None
        return made


def _instance(text: str, over: str, axes: Mapping[str, str], values: Mapping[str, Any]) -> Any:
    """One side of a row about other axes, entries and numbers."""
    return _Meaning(values, axes).of(_read(text, over), {})


@dataclass(frozen=True)
class _Meaning:
    """What the letters of a row stand for."""

    values: Mapping[str, Any]
    axes: Mapping[str, str]

    def of(self, e: Any, bound: Mapping[Any, Any]) -> Any:
        if isinstance(e, sp.Sum):
            new = {k: fresh_index(self.axes[axis_of(k).removeprefix(_OWN)]) for k in bound_indices(e)}
            body = self.of(e.function, {**bound, **new})
            for k in new.values():
                body = total(k, body)
            return body
        if isinstance(e, sp.Indexed):
            return fresh(self.values[label_of(e)](*(self._place(i, bound) for i in e.indices)))
        if isinstance(e, sp.KroneckerDelta):
            return sp.KroneckerDelta(*(self._place(i, bound) for i in e.args))
        if isinstance(e, sp.Symbol):
            return self.values[label_of(e)]
        return e.func(*(self.of(a, bound) for a in e.args)) if e.args else e

    def _place(self, i: Any, bound: Mapping[Any, Any]) -> Any:
        if isinstance(i, sp.Indexed):
            return self.values[label_of(i)](*(self._place(j, bound) for j in i.indices))
        return bound[i] if i in bound else self.values[label_of(i)]


@lru_cache(maxsize=256)
def _read(text: str, over: str) -> Any:
    """A side of a row; its axes are called what nobody can call one."""
    (statement,) = parse((f"row[{over}] = {text}" if over else f"row = {text}",)).statements
    axes = frozenset(f"{_OWN}{axis}" for axis in _AXES)
    translator = Translator(axes, {"n": f"{_OWN}V"}, {})
    bounds = tuple(_apart(b) for b in statement.bounds)
    return translator.expression(_apart(statement.expression), bounds)


def _apart(node: Any) -> Any:
    """The tree over the row's own axes."""
    if isinstance(node, Bound):
        return Bound(node.name, f"{_OWN}{node.axis}")
    if isinstance(node, Expression):
        return replace(node, **{f.name: _apart(getattr(node, f.name)) for f in fields(node)})
    return node


def naming(*pairs: tuple[Any, Any]) -> Callable[[Any], Any]:
    """What puts a name in place of what it is defined to be, wherever that stands or is subtracted, pair by pair."""

    def named(e: Any) -> Any:
        for whole, name in pairs:
            e = _everywhere(e, whole, name)
        return e

    return named


def _everywhere(e: Any, whole: Any, name: Any) -> Any:
    number, rest = whole.as_coeff_Mul()
    ways = (_exchanged(e, rest, name / number, sign) for sign in (1, -1))
    e = next((made for made in ways if made is not None), e)
    if not e.args or isinstance(e, sp.Indexed | sp.KroneckerDelta | Order | sp.Tuple):
        return e
    return e.func(*(_everywhere(a, whole, name) for a in e.args))


def _exchanged(e: Any, left: Any, right: Any, times: Any) -> Any:
    """``e`` with ``times * right`` for ``times * left``; None where that does not stand in it."""
    if canonical(e) == canonical(times * left):
        return times * right
    if isinstance(e, sp.Add):
        there = {canonical(t): t for t in e.args}
        parts = [canonical(times * t) for t in sp.Add.make_args(left)]
        if all(p in there for p in parts):
            return sp.Add(*(t for p, t in there.items() if p not in parts), times * right)
    if isinstance(e, sp.Mul) and times == 1:
        powers = {canonical(b): (b, p) for b, p in _factors(e)}
        for base, power in _factors(left):
            b, there_is = powers.get(canonical(base), (base, sp.Integer(0)))
            if not (there_is.is_Integer and there_is * power > 0 and abs(there_is) >= abs(power)):
                return None
            powers[canonical(base)] = (b, there_is - power)
        return sp.Mul(*(b**p for b, p in powers.values())) * right
    return None


def _factors(e: Any) -> list[tuple[Any, Any]]:
    """The factors of a product with whole powers, all others with the power 1."""
    split = [(f, f.as_base_exp()) for f in sp.Mul.make_args(e)]
    return [b if not isinstance(f, sp.exp) and b[1].is_Integer else (f, sp.Integer(1)) for f, b in split]


__all__ = ["Rewriting", "naming"]
