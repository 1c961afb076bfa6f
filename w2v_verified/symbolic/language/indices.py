"""Indices, axes and arrays as SymPy objects.

An index carries the axis it runs over in its name (``w:V``), so an index over the wrong axis can be
told apart wherever it turns up, and no registry has to be passed around. A bound index gets a name of
its own before anything is substituted (`fresh`), and a canonical one, by height, afterwards
(`canonical`): that is what rules out capture, and what makes expressions that differ in the names of
their bound indices compare equal.
"""

import itertools
import operator
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache
from typing import Any

import sympy as sp

from w2v_verified.symbolic.language.entries import IndexedBase
from w2v_verified.symbolic.language.intervals import REALS, Range
from w2v_verified.symbolic.language.operators import Largest

Frame = tuple[Any, ...]
"""The indices of the axes a value has, in order."""
BINDERS = (sp.Sum, Largest)
"""What binds an index."""

_FRESH, _CANONICAL = "#", "@"
_NONE = frozenset[Any]()
_EVERYWHERE = itertools.count()
_NUMBERS: ContextVar[Iterator[int]] = ContextVar("_NUMBERS", default=_EVERYWHERE)


@cache
def size(axis: str) -> Any:
    """The number of positions on an axis, as a symbol."""
    return sp.Symbol(axis, integer=True, nonnegative=True)


@cache
def index(name: str, axis: str) -> Any:
    """An index called ``name`` that runs over ``axis``."""
    return sp.Symbol(f"{name}:{axis}", integer=True, nonnegative=True)


def pointer(name: str, axis: str) -> Any:
    """An integer argument called ``name`` that points into ``axis``."""
    return sp.Symbol(f"{name}:>{axis}", integer=True, nonnegative=True)


def is_pointer(position: Any) -> bool:
    """Whether an index is an argument (or an entry of one) and not one that runs over its axis."""
    return isinstance(position, sp.Indexed) or ":>" in position.name


def table(name: str, axis: str) -> Any:
    """An array of integers that point into ``axis`` (an index argument with axes of its own)."""
    return IndexedBase(sp.Symbol(f"{name}:{axis}", integer=True, nonnegative=True))


def array(name: str, values: Range = REALS) -> Any:
    """An array whose entries lie in a range."""
    return IndexedBase(scalar(name, values))


def scalar(name: str, values: Range = REALS) -> Any:
    """A number that lies in a range, of which SymPy is told the sign."""
    sign = "positive" if values.positive else "nonnegative" if values.nonnegative else "real"
    return sp.Symbol(name, **{sign: True})


def axis_of(position: Any) -> str:
    """The axis an index, or an entry of an index array, points into."""
    symbol = position.base.label if isinstance(position, sp.Indexed) else position
    _, separator, axis = str(symbol.name if hasattr(symbol, "name") else symbol).partition(":")
    if not separator:
        raise ValueError(f"{position} is not an index")
    return axis.removeprefix(">")


def name_of(symbol: Any) -> str:
    """The name an author gave to an index or an array, without the axis."""
    return str(symbol.name).partition(":")[0]


def label_of(x: Any) -> str:
    """The name of a scalar, or of the array an entry belongs to, without an axis."""
    return name_of(x.base.label if isinstance(x, sp.Indexed) else x)


@lru_cache(maxsize=8192)
def total(bound: Any, body: Any) -> Any:
    """The sum of ``body`` over all positions of the axis of ``bound``."""
    return sp.Sum(body, (bound, 0, size(axis_of(bound)) - 1))


@lru_cache(maxsize=8192)
def largest(bound: Any, body: Any) -> Any:
    """The maximum of ``body`` over all positions of the axis of ``bound``."""
    return Largest(body, (bound, 0, size(axis_of(bound)) - 1))


def bound_indices(s: Any) -> tuple[Any, ...]:
    """The bound indices of a sum or a maximum, innermost at the front (SymPy joins nested ones of a kind)."""
    return tuple(limit[0] for limit in s.limits)


def _renamed(expression: Any, name: Any, known: Mapping[Any, Any]) -> Any:
    """``expression`` with every bound index renamed, the n-th of a sum by ``name(axis, body, n)``.

    ``known`` has the new names of the indices bound outside. All are put in at once, so none captures another.
    """
    if isinstance(expression, BINDERS):
        bound = bound_indices(expression)
        again = total if isinstance(expression, sp.Sum) else largest
        new = [name(axis_of(old), expression.function, n) for n, old in enumerate(bound, 1)]
        nested = _renamed(expression.function, name, {**known, **dict(zip(bound, new, strict=True))})
        for each in new:
            nested = again(each, nested)
        return nested
    if not expression.args:
        return known.get(expression, expression)
    if known.keys().isdisjoint(free_indices(expression)) and not _is_changed(expression):
        return expression
    renamed = [_renamed(a, name, known) for a in expression.args]
    if expression.is_Mul:
        renamed = [f for a in renamed for f in _number_apart(a)]
    if len(renamed) == len(expression.args) and all(map(operator.is_, renamed, expression.args)):
        return expression
    return _made(expression.func, *renamed)


@lru_cache(maxsize=1 << 15)
def _is_changed(expression: Any) -> bool:
    """Whether renaming makes another expression of one without the indices bound outside."""
    return (
        isinstance(expression, BINDERS)
        or (expression.is_Mul and any(len(_number_apart(f)) > 1 for f in expression.args))
        or any(map(_is_changed, expression.args))
    )


def _number_apart(factor: Any) -> tuple[Any, ...]:
    """``3`` and ``1 - [k = n]`` for what SymPy has multiplied out to ``3 - 3 [k = n]``, which is no bracket."""
    if not factor.is_Add or len(factor.args) != 2:
        return (factor,)
    number, rest = factor.as_coeff_Add()
    times, bracket = rest.as_coeff_Mul()
    return (
        (number, 1 - bracket)
        if isinstance(bracket, sp.KroneckerDelta) and times == -number != -1
        else (factor,)
    )


@lru_cache(maxsize=8192)
def _made(kind: Any, *arguments: Any) -> Any:
    """An expression of a kind; to make an entry of an array takes SymPy long."""
    return kind(*arguments)


def fresh_index(axis: str) -> Any:
    """An index that occurs nowhere else."""
    return index(f"{_FRESH}{next(_NUMBERS.get())}", axis)


@contextmanager
def numbered_apart(*expressions: Any) -> Iterator[None]:
    """Number fresh indices from the first that is free in none of ``expressions``.

    The same work then makes the same objects, and what is known of them is found again. It is for work whose result
    has canonical names, so that none of its own gets out.
    """
    names = (name_of(i) for e in expressions for i in free_indices(e))
    taken = [int(name.removeprefix(_FRESH)) for name in names if name.startswith(_FRESH)]
    before = _NUMBERS.set(itertools.count(max(taken, default=-1) + 1))
    try:
        yield
    finally:
        _NUMBERS.reset(before)


def fresh(expression: Any) -> Any:
    """``expression`` with a name of its own for every bound index."""
    return _renamed(expression, lambda axis, body, n: fresh_index(axis), {})


@lru_cache(maxsize=1 << 15)
def height(expression: Any) -> int:
    """How deeply sums and maxima are nested in ``expression``."""
    inner = max((height(a) for a in expression.args), default=0)
    return inner + len(expression.limits) if isinstance(expression, BINDERS) else inner


@cache
def canonical(expression: Any) -> Any:
    """``expression`` with every bound index named by the height of its sum, above those that are free in it."""
    free = [name_of(i) for i in free_indices(expression)]
    above = max(
        (int(name.removeprefix(_CANONICAL)) for name in free if name.startswith(_CANONICAL)), default=0
    )
    return _renamed(
        expression, lambda axis, body, n: index(f"{_CANONICAL}{above + height(body) + n}", axis), {}
    )


def substitute(expression: Any, replacement: Mapping[Any, Any]) -> Any:
    """``expression`` with free indices replaced; no bound index can capture what is put in."""
    return _substituted(expression, tuple(replacement.items()))


@lru_cache(maxsize=4096)
def _substituted(expression: Any, replacement: tuple[tuple[Any, Any], ...]) -> Any:
    with numbered_apart(expression, *itertools.chain(*replacement)):
        return canonical(fresh(expression).xreplace(dict(replacement)))


@lru_cache(maxsize=1 << 15)
def free_indices(expression: Any) -> frozenset[Any]:
    """The indices (not sizes, not arrays) that occur free in ``expression``."""
    if isinstance(expression, BINDERS):
        return free_indices(expression.function).difference(bound_indices(expression))
    if isinstance(expression, sp.Indexed):
        return _NONE.union(*map(free_indices, expression.indices))
    if isinstance(expression, sp.Symbol):
        return frozenset((expression,)) if ":" in expression.name else _NONE
    return _NONE.union(*map(free_indices, expression.args))


def running(e: Any) -> frozenset[Any]:
    """The free indices of ``e`` that run over their axes (index arguments do not)."""
    return frozenset(i for i in free_indices(e) if not is_pointer(i))


def pointed_axes(position: Any) -> Frame:
    """The indices that the axes of an index argument have: none where it is a scalar."""
    return gathered_axes(position.indices) if isinstance(position, sp.Indexed) else ()


def gathered_axes(indices: Iterable[Any]) -> Frame:
    """The indices of the axes that come out where an array is read at ``indices``, in order.

    Index arguments with axes of their own, and indices that one of them has as well, give the axes of the argument.
    """
    indices = tuple(indices)
    shared = next((axes for i in indices if is_pointer(i) and (axes := pointed_axes(i))), ())
    found: dict[Any, None] = {}
    for i in indices:
        if is_pointer(i):
            found |= dict.fromkeys(pointed_axes(i))
        else:
            found |= dict.fromkeys(shared if i in shared else (i,))
    return tuple(found)
