"""The convention cs224n: the names of the course's code, and its dataset, through which negative samples are drawn."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from w2v_verified.verify.cases.arguments import Arguments, arrays
from w2v_verified.verify.judging.calling import CallError, Function
from w2v_verified.verify.record import Record

__all__ = ["course_names", "declined_by_course", "is_course_loss", "spell_course", "with_dataset"]

_ARGUMENTS = ("centerWordVec", "outsideWordIdx", "outsideVectors", "negSampleWordIndices")
_GRADIENTS = ("gradCenterVec", None, "gradOutsideVecs")


def is_course_loss(record: Record) -> bool:
    """Whether a loss has the arguments of the course's: (v_c, o, U) or (v_c, o, U, negatives)."""
    kinds = [(argument.kind, len(argument.axes)) for argument in record.arguments]
    return kinds[:3] == [("array", 1), ("index", 0), ("array", 2)] and kinds[3:] in ([], [("index", 1)])


def course_names(record: Record) -> Mapping[str, str]:
    """What the course's code calls arguments and gradients, by the record's names."""
    gradients = {result.of: result.name for result in record.results if result.of is not None}
    arguments = [argument.name for argument in record.arguments]
    of_gradients = {
        gradients[argument]: name
        for argument, name in zip(arguments, _GRADIENTS, strict=False)
        if name is not None and argument in gradients
    }
    return dict(zip(arguments, _ARGUMENTS, strict=False)) | of_gradients


class RedrawError(CallError):
    """A function drew again because samples are equal, which no input of the course tells it to do."""

    kind = "redrawn"
    apart = "course code may draw again where a sample repeats"


class DrawsError(CallError):
    """A function drew another number of samples than is due."""

    kind = "draws"


class _Dataset:
    """Stands in for the course's dataset: hands out the given negative samples, then others, over and over."""

    _PATIENCE = 1000

    def __init__(self, negatives: Sequence[int], later: Sequence[int] = ()) -> None:
        self._negatives, self._later = negatives, later
        self.drawn = 0

    def sampleTokenIdx(self) -> int:
        """The next negative sample."""
        if not len(self._negatives):
            raise RuntimeError("dataset.sampleTokenIdx() was called though no negative sample is due")
        self.drawn += 1
        if self.drawn > self._PATIENCE * len(self._negatives):
            self.see_repeats()
            raise RuntimeError(f"dataset.sampleTokenIdx() was called {self.drawn} times")
        if self.drawn <= len(self._negatives):
            return int(self._negatives[self.drawn - 1])
        return int(self._later[(self.drawn - len(self._negatives) - 1) % len(self._later)])

    def see_repeats(self) -> None:
        """Tell samples that are drawn again because some are equal from others.

        Raises:
            RedrawError: More were drawn than there are, and some are equal.
            DrawsError: Others were drawn than those due, or than those due several times, which shows in the results.
        """
        due = len(self._negatives)
        if self.drawn > due > len(set(self._negatives)):
            raise RedrawError(f"draws {self.drawn} samples where {due} are due and some are equal")
        if due and self.drawn % due:
            raise DrawsError(f"draws {self.drawn} samples where {due} are due")


def _later(negatives: Sequence[int], o: int, V: int) -> list[int]:
    """Samples that tell a second draw from the first: words that are not among the negatives, if there are any."""
    return [w for w in range(V) if w != o and w not in negatives] or list(negatives)


def with_dataset(function: Function, record: Record) -> Function:
    """A function of the course as one of its arguments and samples, which it draws from a dataset."""

    def drawing(
        centre: object, o: Any, rows: object, negatives: Sequence[int] | None = None, **keywords: object
    ) -> object:
        if negatives is None:
            return function(centre, o, rows, _Dataset(()), **keywords)
        samples = np.asarray(negatives).tolist()
        dataset = _Dataset(samples, _later(samples, int(np.asarray(o)), len(np.asarray(rows))))
        returned = function(centre, o, rows, dataset, len(samples), **keywords)
        dataset.see_repeats()
        return returned

    return drawing


def declined_by_course(record: Record, arguments: Arguments) -> str | None:
    """Why course code promises nothing for an input, if so."""
    _, o, _, *negatives = arguments.values()
    if negatives and np.size(np.asarray(negatives[0])) == 0:
        return "course code draws at least one negative sample"
    if negatives and np.any(np.asarray(negatives[0]) == np.asarray(o)):
        return "course code never gets o among its negatives"
    if any(array.dtype != np.float64 for array in arrays(record, arguments).values()):
        return "course code is float64 only"
    return None


def spell_course(record: Record) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The source of the dataset, and what stands in the call."""
    centre, o, rows, *negatives = (argument.name for argument in record.arguments)
    if not negatives:
        return (), (centre, o, rows, "None")
    dataset = (
        "from itertools import chain, cycle",
        "from types import SimpleNamespace",
        f"drawn = {negatives[0]}.tolist()",
        f"others = set(range(len({rows})))",
        f"others -= {{int({o}), *drawn}}",
        "draws = chain(drawn, cycle(sorted(others) or drawn))",
        "dataset = SimpleNamespace(sampleTokenIdx=draws.__next__)",
    )
    return dataset, (centre, o, rows, "dataset", "len(drawn)")
