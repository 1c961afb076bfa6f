"""Cases in which index arguments point at a column whose scores are near, far, certain or ruled out."""

from collections.abc import Callable

import numpy as np

from w2v_verified.verify.cases.case import Array, Case, Fill, make_case
from w2v_verified.verify.cases.values import index_arguments
from w2v_verified.verify.record import Argument, Record

__all__ = ["pointed_at", "pointing", "targets"]

_MANY = 23  # repeats of one word


def pointing(record: Record, first: float, others: float = 0.0, elsewhere: float = 1.0) -> Fill:
    """Column 0 adds up to ``first``, every other column to ``others``; arrays without columns hold ``elsewhere``."""
    pointed = targets(record)

    def fill(argument: Argument, shape: tuple[int, ...], generator: np.random.Generator) -> Array:
        axis = next((i for i, axis in enumerate(argument.axes) if axis in pointed), None)
        if axis is None:
            return np.full(shape, elsewhere)
        values = np.full(shape, others)
        np.moveaxis(values, axis, 0)[:1] = first
        return values / max(1, values.size // max(1, shape[axis]))

    return fill


def targets(record: Record) -> set[str]:
    """The axes that indices point into."""
    return {argument.into for argument in record.arguments if argument.into is not None}


def pointed_at(record: Record, name: str, fill: Fill) -> list[Case]:
    """Every index points at column 0, many times where it can repeat; where there are several, each by itself."""
    indices = index_arguments(record)
    repeated = {axis for a in record.arguments if a.kind == "index" for axis in a.axes[-1:]}
    many = dict.fromkeys(sorted(repeated), _MANY)

    def at_column_0(names: tuple[str, ...]) -> Callable[[Argument, int], int]:
        return lambda argument, size: 0 if argument.name in names else size - 1

    together = f"{' and '.join(indices)} {name}"
    cases = [make_case(record, together, many, fill, index=at_column_0(indices))] if indices else []
    alone = indices if len(indices) > 1 else ()
    return [
        *cases,
        *(make_case(record, f"{each} alone {name}", fill=fill, index=at_column_0((each,))) for each in alone),
    ]
