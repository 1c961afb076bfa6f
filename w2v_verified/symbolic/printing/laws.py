"""A law in the record: what it states, and what is known of it, as data for those who run it."""

from collections.abc import Sequence

from w2v_verified.symbolic.calculus.laws import LawSteps
from w2v_verified.symbolic.definition.arguments import Argument, Array
from w2v_verified.symbolic.printing.record import domain_of

__all__ = ["stated"]


def stated(steps: LawSteps, latex: Sequence[str]) -> dict[str, object]:
    """A law as JSON has it, with each of its lines in LaTeX; what is not said of it is left out."""
    law, text = steps.law, steps.text
    parts: dict[str, object] = {
        "reason": law.reason,
        "over": law.over,
        "axes": [{"name": a.name, "minimum": a.minimum} for a in law.axes],
        "letting": [_quantity(a) for a in law.letting],
        "sizes": dict(law.sizes),
        "given": list(text.given),
        "notation": list(text.notation),
        "calls": [
            {"name": call.name, "of": call.of, "over": call.over, "arguments": list(call.arguments)}
            for call in text.calls
        ],
    }
    holds = [
        {"statement": line.text, "latex": written, "proved": line.is_proved}
        for line, written in zip(steps.held, latex, strict=True)
    ]
    return {"name": law.name, **{name: part for name, part in parts.items() if part}, "holds": holds}


def _quantity(a: Argument) -> dict[str, object]:
    common: dict[str, object] = {"name": a.name, "axes": a.axes.split()}
    if isinstance(a, Array):
        orthogonal = {"orthogonal": True} if a.orthogonal else {}
        return {**common, "kind": "array", **domain_of(a), **orthogonal}
    one_to_one = {"one_to_one": True} if a.one_to_one else {}
    return {**common, "kind": "index", "into": a.into, **one_to_one}
