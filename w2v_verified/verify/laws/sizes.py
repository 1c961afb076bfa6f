"""How long the axes of a law are: as it says, or a few places, and long enough for what points into them."""

import math
from collections.abc import Mapping, Sequence

from w2v_verified.verify.cases.draws import Choices
from w2v_verified.verify.law import Letting
from w2v_verified.verify.laws.reading import LawOfLoss

__all__ = ["sizes_for"]

_MORE = (0, 1, 2, 3, 4, 2)  # places than there have to be


def sizes_for(choices: Choices, law: LawOfLoss, wanted: Sequence[Mapping[str, int]] | None) -> dict[str, int]:
    """A size for every axis of a law.

    Args:
        choices: Who makes them.
        law: The law.
        wanted: Sizes of the axes of the loss to choose from, in place of any.
    """
    sizes = {axis: least + choices.pick(_MORE) for axis, least in law.least.items()}
    if wanted is not None:
        sizes |= choices.pick(wanted)
    fixed = dict(law.law.sizes)
    sizes |= fixed
    for each in law.law.letting:
        if each.into is not None:
            _make_room(each, sizes, fixed)
    return sizes


def _make_room(each: Letting, sizes: dict[str, int], fixed: Mapping[str, int]) -> None:
    """See that an index has somewhere to point at, and different places where it is one to one."""
    into = str(each.into)
    entries = math.prod(sizes[axis] for axis in each.axes)
    due = entries if each.one_to_one else min(1, entries)
    if sizes[into] >= due:
        return
    if into not in fixed:
        sizes[into] = due
    elif len(each.axes) == 1:
        sizes[each.axes[0]] = sizes[into]
