"""Labels beside points, none over another."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from w2v_verified.runtime.arrays import Matrix, Vector

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_ANGLES = np.deg2rad([0, 180, 90, 270, 30, 150, 330, 210, 60, 120, 300, 240])
_DIRECTIONS = np.stack([np.cos(_ANGLES), np.sin(_ANGLES)], axis=1)
_NEAREST = 5.0
_STEP = 3.0
_RINGS = 120
_FAR = 12.0
_HALF_POINT = 4.0
_GAP = 2.0
_LONGEST = 40


def place_labels(
    figure: "Figure", axes: "Axes", points: Matrix[np.float64], labels: Sequence[str], *, ink: str, line: str
) -> None:
    """Write each label as near to its point as there is room: over no other, over no point, inside the axes.

    A label that had to go far is tied to its point by a line. Where there is no room left at all, it stands
    right beside its point.

    Args:
        figure: the whole.
        axes: where the points are drawn; its limits are kept from now on.
        points: shape (n, 2).
        labels: n of them, written as they are; long ones are shortened.
        ink: the colour of labels.
        line: that of lines.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    figure.draw_without_rendering()
    renderer = FigureCanvasAgg(figure).get_renderer()
    axes.autoscale(enable=False)
    texts = [
        axes.annotate(
            label if len(label) <= _LONGEST else label[: _LONGEST - 1] + "…",
            (point[0], point[1]),
            (0, 0),
            textcoords="offset points",
            ha="center",
            va="center",
            color=ink,
            parse_math=False,
            zorder=4,
        )
        for label, point in zip(labels, points.tolist(), strict=True)
    ]
    places = axes.transData.transform(points)
    half_sizes = np.array([text.get_window_extent(renderer).size for text in texts]) / 2
    taken = _boxes(places, np.full_like(places, _HALF_POINT))
    inside = np.array(axes.bbox.extents)
    for text, place, half_size in zip(texts, places, half_sizes, strict=True):
        offset = _offset(place, half_size + _GAP, taken, inside)
        text.set_position(tuple(offset * 72 / figure.dpi))
        taken = np.concatenate([taken, _boxes(place + offset, half_size)[None]])
        edge = place + np.sign(offset) * np.maximum(np.abs(offset) - half_size, 0)
        if np.linalg.norm(edge - place) > _FAR:
            axes.plot(
                *axes.transData.inverted().transform([place, edge]).T, color=line, linewidth=0.6, zorder=1
            )


def _offset(
    place: Vector[np.float64],
    half_size: Vector[np.float64],
    taken: Matrix[np.float64],
    inside: Vector[np.float64],
) -> Vector[np.float64]:
    """Return the nearest offset of a label's middle at which it lies over nothing."""
    reach = _NEAREST + _STEP * np.arange(_RINGS)
    offsets = ((reach[:, None, None] + half_size) * _DIRECTIONS).reshape(-1, 2)
    left, low, right, high = _boxes(place + offsets, half_size).T
    free = (left >= inside[0]) & (low >= inside[1]) & (right <= inside[2]) & (high <= inside[3])
    for box in taken:
        free &= (right <= box[0]) | (left >= box[2]) | (high <= box[1]) | (low >= box[3])
    found: Vector[np.float64] = offsets[int(np.argmax(free))]
    return found


def _boxes(
    middles: Matrix[np.float64], half_sizes: Matrix[np.float64] | Vector[np.float64]
) -> Matrix[np.float64]:
    """Left, lower, right and upper edges."""
    boxes: Matrix[np.float64] = np.concatenate([middles - half_sizes, middles + half_sizes], axis=-1)
    return boxes
