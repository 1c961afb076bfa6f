"""What decides between roads, as text."""

from w2v_verified.symbolic.definition.problem import Problem
from w2v_verified.symbolic.plan.conditions import (
    AtLeastOne,
    Condition,
    Contiguous,
    Few,
    Finite,
    Fit,
    Many,
    Moderate,
)
from w2v_verified.symbolic.printing.interface import places
from w2v_verified.symbolic.printing.uses import Uses


def printed(condition: Condition, problem: Problem, uses: Uses) -> str:
    """A condition as an expression."""
    match condition:
        case Moderate(names):
            return f"{uses.name('moderate')}({', '.join(names)})"
        case Few(axes, array):
            where = places(problem)
            size = " * ".join(where[axis][0] for axis in axes) if array is None else f"{array}.size"
            return f"{size} <= {uses.name('FEW')}"
        case Contiguous(name):
            return f"{name}.flags.forc"
        case Fit(numbers):
            fit = " and ".join(f"out[{n}].flags.carray" for n in numbers)
            return f"(out is None or {f'({fit})' if len(numbers) > 1 else fit})"
        case Many(name):
            return f"{name}.size >= {uses.name('MANY')}"
        case AtLeastOne(name):
            return f"{name} >= 1"
        case Finite(name):
            return f"{uses.name('finite')}({name})"
