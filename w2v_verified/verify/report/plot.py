"""Errors against their bounds as an SVG image, both axes logarithmic: dots where it is right, crosses where not."""

import math
from collections.abc import Sequence
from html import escape

from w2v_verified.verify.judging.finding import Point

__all__ = ["plot"]

_WIDTH, _HEIGHT, _MARGIN = 640, 420, 76
_LOWEST, _HIGHEST = -40, 40  # what is smaller or larger lies on the edge
_DECADES_OF_A_TICK = (1, 2, 5, 10, 20, 50, 100)
_TICKS = 8


def plot(points: Sequence[Point], failed: Sequence[Point] = ()) -> str:
    """The image; what is 0, below 1e-40, above 1e40 or not finite lies on its edge.

    >>> drawn = plot([Point("ordinary numbers", 1e-17, 1e-15)], [Point("V = 1", math.inf, 1e-15)])
    >>> drawn.count("<circle"), drawn.count('<path class="wrong"')
    (1, 1)
    """
    shown = [p for p in points if math.isfinite(p.error) and math.isfinite(p.bound) and p.bound > 0]
    numbers = [number for p in (*shown, *failed) for number in (p.error, p.bound)]
    logs = [math.log10(number) for number in numbers if math.isfinite(number) and number > 0]
    low, high = (math.floor(min(logs)) - 1, math.ceil(max(logs)) + 1) if logs else (-18, -10)
    low, high = max(low, _LOWEST), min(max(high, _LOWEST + 1), _HIGHEST)

    def part(exponent: float) -> float:
        return (min(max(exponent, low), high) - low) / (high - low)

    def across(exponent: float) -> float:
        return _MARGIN + part(exponent) * (_WIDTH - 2 * _MARGIN)

    def up(exponent: float) -> float:
        return _HEIGHT - _MARGIN - part(exponent) * (_HEIGHT - 2 * _MARGIN)

    parts = [
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" height="{_HEIGHT}" role="img" '
        'aria-label="error against bound">'
    ]
    step = next((s for s in _DECADES_OF_A_TICK if (high - low) / s <= _TICKS), _DECADES_OF_A_TICK[-1])
    for exponent in range(math.ceil(low / step) * step, high + 1, step):
        x, y = across(exponent), up(exponent)
        parts.append(_line(x, up(low), x, up(high), "var(--line)", 1))
        parts.append(_line(across(low), y, across(high), y, "var(--line)", 1))
        parts.append(f'<text x="{x:.1f}" y="{up(low) + 18:.1f}" text-anchor="middle">1e{exponent}</text>')
        parts.append(f'<text x="{across(low) - 6:.1f}" y="{y + 4:.1f}" text-anchor="end">1e{exponent}</text>')
    parts.append(_line(across(low), up(low), across(high), up(high), "var(--ink)", 1.5))
    for point in shown:
        height = up(math.log10(point.error)) if point.error > 0 else up(low)
        shade = "var(--good)" if point.error <= point.bound else "var(--fair)"
        parts.append(
            f'<circle cx="{across(math.log10(point.bound)):.1f}" cy="{height:.1f}" r="3" fill="{shade}" '
            f'fill-opacity="0.6"><title>{_label(point)}</title></circle>'
        )
    for point in failed:
        x, y = across(_exponent(point.bound)), up(_exponent(point.error))
        parts.append(
            f'<path class="wrong" d="M{x - 4:.1f} {y - 4:.1f}l8 8m0 -8l-8 8" stroke="var(--bad)" stroke-width="2">'
            f"<title>{_label(point)}</title></path>"
        )
    parts.append(f'<text x="{_WIDTH / 2}" y="{_HEIGHT - 12}" text-anchor="middle">bound</text>')
    parts.append(
        f'<text x="14" y="{_HEIGHT / 2}" text-anchor="middle" transform="rotate(-90 14 {_HEIGHT / 2})">error</text>'
    )
    return "\n".join([*parts, "</svg>"])


def _exponent(number: float) -> float:
    """Where a number lies on an axis; NaN lies where infinity does."""
    if number == 0:
        return -math.inf
    return math.log10(number) if math.isfinite(number) else math.inf


def _label(point: Point) -> str:
    return escape(f"{point.case}: error {point.error:.2g}, bound {point.bound:.2g}")


def _line(x: float, y: float, to_x: float, to_y: float, stroke: str, width: float) -> str:
    return f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{to_x:.1f}" y2="{to_y:.1f}" stroke="{stroke}" stroke-width="{width}"/>'
