"""A stage that is read where index arguments point, and nowhere else, is computed there alone."""

from dataclasses import replace
from typing import Any

import sympy as sp

from w2v_verified.symbolic.language.equation import Equation
from w2v_verified.symbolic.language.indices import (
    canonical,
    fresh,
    gathered_axes,
    is_pointer,
    label_of,
    substitute,
)
from w2v_verified.symbolic.language.naming import Namer

Stages = tuple[Equation, ...]


def gathered_only(stages: Stages, namer: Namer) -> Stages:
    """The stages with one for each place of reading, ``s_n[k] = s[n[k]]``, for a stage that is read at such alone."""
    current = list(stages)
    for stage in reversed(stages[:-1]):
        uses = [x for s in current for x in _entries(s.expression, stage.name)]
        if not uses or not all(any(map(is_pointer, x.indices)) for x in uses):
            continue
        place = next(n for n, s in enumerate(current) if s.name == stage.name)
        rest = [
            replace(s, expression=canonical(_read(fresh(s.expression), stage, namer)))
            for s in current[place + 1 :]
        ]
        current = [*current[:place], *namer.taken_helpers(), *rest]
    return tuple(current)


def _entries(e: Any, name: str) -> list[Any]:
    return [x for x in e.atoms(sp.Indexed) if label_of(x) == name]


def _read(e: Any, stage: Equation, namer: Namer) -> Any:
    """``e`` with a stage of its own for each way the stage is read."""
    for x in sorted(_entries(e, stage.name), key=sp.default_sort_key):
        value = substitute(stage.expression, dict(zip(stage.indices, x.indices, strict=True)))
        pointers = [label_of(i) for i in x.indices if is_pointer(i)]
        frame = gathered_axes(x.indices)
        name = "_".join([stage.name, *pointers])
        e = e.xreplace({x: namer.helper(name, frame, value)})
    return e
