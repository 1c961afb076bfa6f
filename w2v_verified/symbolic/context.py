"""What a proof may use: the axes known not to be empty, the names defined so far, the rules allowed."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import sympy as sp

from w2v_verified.symbolic.functions import Sigmoid, Softplus
from w2v_verified.symbolic.indices import axis_of, bound_indices


@dataclass(frozen=True)
class Definition:
    """``name[indices] = expression``."""

    name: str
    indices: tuple[Any, ...]
    expression: Any


@dataclass(frozen=True)
class Context:
    """The assumptions of a proof; `rules` switches on rewritings beyond the algebra of finite sums."""

    nonempty: frozenset[str] = frozenset()
    definitions: Mapping[str, Definition] = field(default_factory=dict)
    rules: frozenset[str] = frozenset()
    orthogonal: frozenset[str] = frozenset()

    def __hash__(self) -> int:
        return hash((self.nonempty, self.rules, self.orthogonal, *self.definitions.items()))

    def allowing(self, *rules: str) -> "Context":
        """The same assumptions with other rules switched on."""
        return replace(self, rules=frozenset(rules))

    def defining(self, *definitions: Definition) -> "Context":
        """The same assumptions with more names defined."""
        return replace(self, definitions={**self.definitions, **{d.name: d for d in definitions}})

    def positive(self, e: Any) -> bool:
        """Whether ``e`` is provably > 0 for every admissible input."""
        if isinstance(e, sp.exp | Sigmoid | Softplus):
            return True
        if isinstance(e, sp.Sum):
            return {axis_of(b) for b in bound_indices(e)} <= self.nonempty and self.positive(e.function)
        if isinstance(e, sp.Add):
            return all(self.nonnegative(a) for a in e.args) and any(self.positive(a) for a in e.args)
        if isinstance(e, sp.Mul):
            return all(self.positive(a) for a in e.args)
        if isinstance(e, sp.Max):
            return any(a.is_positive for a in e.args)
        if isinstance(e, sp.Pow):
            return self.positive(e.base)
        if isinstance(e, sp.Symbol | sp.Indexed):
            return self._named_positive(e)
        return bool(e.is_positive)

    def nonnegative(self, e: Any) -> bool:
        """Whether ``e`` is provably >= 0 for every admissible input."""
        if isinstance(e, sp.Sum):
            return self.nonnegative(e.function)
        if isinstance(e, sp.Add) and isinstance(1 - e, sp.KroneckerDelta):
            return True
        if isinstance(e, sp.Add | sp.Mul):
            return all(self.nonnegative(a) for a in e.args)
        if isinstance(e, sp.Pow) and e.exp.is_Integer and e.exp % 2 == 0 and e.exp > 0:
            return True
        if isinstance(e, sp.Symbol) and e.is_integer:
            return True
        if isinstance(e, sp.Symbol | sp.Indexed):
            label = e.base.label if isinstance(e, sp.Indexed) else e
            known = self.definitions.get(label.name)
            return self._named_positive(e) or (known is not None and self.nonnegative(known.expression))
        return self.positive(e) or isinstance(e, sp.KroneckerDelta) or bool(e.is_number and e >= 0)

    def _named_positive(self, e: Any) -> bool:
        """An argument declared positive, an axis with places, or a name whose definition is positive."""
        label = e.base.label if isinstance(e, sp.Indexed) else e
        known = self.definitions.get(label.name)
        if known is not None and not known.expression.has(label):
            return self.positive(known.expression)
        return bool(label.is_positive) or label.name in self.nonempty
