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

    def allowing(self, *rules: str) -> "Context":
        """The same assumptions with other rules switched on."""
        return replace(self, rules=frozenset(rules))

    def defining(self, *definitions: Definition) -> "Context":
        """The same assumptions with more names defined."""
        return replace(self, definitions={**self.definitions, **{d.name: d for d in definitions}})

    def positive(self, expression: Any) -> bool:
        """Whether ``expression`` is provably > 0 for every admissible input."""
        if isinstance(expression, sp.exp | Sigmoid | Softplus):
            return True
        if isinstance(expression, sp.Sum):
            axes = {axis_of(b) for b in bound_indices(expression)}
            return axes <= self.nonempty and self.positive(expression.function)
        if isinstance(expression, sp.Add | sp.Mul):
            return all(self.positive(a) for a in expression.args)
        if isinstance(expression, sp.Max):
            return any(a.is_positive for a in expression.args)
        if isinstance(expression, sp.Pow):
            return self.positive(expression.base)
        if isinstance(expression, sp.Symbol) and expression.name in self.nonempty:
            return True
        if isinstance(expression, sp.Indexed):
            return bool(expression.base.label.is_positive)
        return bool(expression.is_positive)
