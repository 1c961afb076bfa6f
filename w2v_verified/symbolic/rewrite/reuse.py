"""The pass that computes a function, a sum or a gather once and uses it again (common subexpressions).

What is the definition of a statement is read from that, whichever way its indices stand; what stands in several
places gets a name of its own. Nothing is changed but where a value comes from, and what the pass makes is proved equal
to what it is given.
"""

import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

import sympy as sp

from w2v_verified.symbolic.algebra.context import Context
from w2v_verified.symbolic.language.equation import Equation
from w2v_verified.symbolic.language.functions import function_of
from w2v_verified.symbolic.language.indices import (
    BINDERS,
    Frame,
    axis_of,
    canonical,
    fresh,
    index,
    is_pointer,
    label_of,
    running,
)
from w2v_verified.symbolic.language.naming import Namer, entry
from w2v_verified.symbolic.language.operators import Choose, Largest, Order
from w2v_verified.symbolic.proof.program import Program, opened, prove_same, without_idle_helpers


def reuse(program: Program, context: Context, namer: Namer) -> Program:
    """The program with each function, sum, choice and gather computed once, and without helpers nobody needs."""
    read_off, used = _read_off(program)
    if read_off != program:
        prove_same(opened(program, used), opened(read_off, used), context)
    shared = without_idle_helpers(_shared(read_off, namer))
    if shared != read_off:
        prove_same(read_off, shared, context)
    return shared


def same_again(program: Program, context: Context, _: Namer) -> Program:
    """The program with an entry of a helper wherever a statement says what that says, sums with brackets among them.

    It makes no names.
    """
    known: dict[Any, Equation] = {}
    for h in program.helpers:
        if isinstance(h.expression, sp.Add) or h.expression.has(sp.Sum):
            known.setdefault(_placed(h), h)

    def read(s: Equation) -> Equation:
        same = known.get(_placed(s), s)
        return s if same.name == s.name else replace(s, expression=entry(same.name, s.indices))

    after = replace(program, outputs=tuple(map(read, program.outputs)))
    if after != program:
        prove_same(program, after, context)
    return after


def _placed(s: Equation) -> tuple[Any, tuple[str, ...]]:
    """What a statement says with places for its indices, and their axes."""
    places = {i: index(f"?{n}", axis_of(i)) for n, i in enumerate(s.indices)}
    return canonical(s.expression.xreplace(places)), tuple(map(axis_of, s.indices))


def _read_off(program: Program) -> tuple[Program, set[str]]:
    """The program with entries of statements for their values, and the stages and outputs that are read so.

    Whatever has a value among its parts needs all that the statement of that value needs, so none waits for itself.
    """
    known: dict[Any, tuple[str, Frame]] = {}
    for s in program.statements:
        if _is_worth(s.expression, gathers=True) and running(s.expression) == set(s.indices):
            shape, order = _shape(s.expression)
            known.setdefault(shape, (s.name, tuple(order.index(i) for i in s.indices)))
    used: set[str] = set()
    statements: dict[str, Equation] = {}
    for s in program.statements:

        def named(e: Any, own: str = s.name) -> Any:
            shape, order = _shape(e)
            name, places = known.get(shape, (own, ()))
            if name == own:
                return None
            used.add(name)
            return entry(name, tuple(order[n] for n in places))

        e = _everywhere(fresh(s.expression), named, gathers=True)
        statements[s.name] = replace(s, expression=canonical(e))
    return _with(program, statements, ()), used


def _shared(program: Program, namer: Namer) -> Program:
    """The program with a name for whatever is worth it and stands in several places, the largest first."""
    statements = {s.name: s for s in program.statements}
    helpers: list[str] = []
    while True:
        counts: Counter[Any] = Counter()
        found: dict[Any, tuple[Any, Equation]] = {}
        for s in statements.values():
            for part in _parts(fresh(s.expression)):
                shape, _ = _shape(part)
                counts[shape] += 1
                found.setdefault(shape, (part, s))
        several = [shape for shape, count in counts.items() if count > 1]
        if not several:
            return _with(program, statements, helpers)
        shape = max(several, key=lambda e: (e.count_ops(), str(e)))
        part, holder = found[shape]
        free = running(part)
        order = tuple(i for i in holder.indices if i in free)
        order += tuple(i for i in _shape(part)[1] if i not in order)
        name, own = namer.name(_called(part, holder.name)), namer.indices(order)
        made = Equation(name, own, canonical(part.xreplace(dict(zip(order, own, strict=True)))))
        at_places = _shape(made.expression)[1]
        places = tuple(at_places.index(i) for i in own)

        def named(e: Any, shape: Any = shape, name: str = name, places: Any = places) -> Any:
            same, at = _shape(e)
            return entry(name, tuple(at[n] for n in places)) if same == shape else None

        statements = {
            n: replace(s, expression=canonical(_everywhere(fresh(s.expression), named)))
            for n, s in statements.items()
        }
        statements[name] = made
        helpers.append(name)


def _called(part: Any, holder: str) -> str:
    """What a part is called: a function by its argument, a sum by the arrays it is a sum of."""
    row = function_of(part)
    if row is not None:
        inner = part.args[0]
        return f"{row.name}_{label_of(inner) if isinstance(inner, sp.Indexed) else holder}"
    labels = sorted({label_of(x) for x in part.atoms(sp.Indexed)})
    if isinstance(part, sp.Sum) and len(labels) <= 2:
        return "_".join(labels) if len(labels) == 2 else f"sum_{labels[0]}"
    return f"log_{holder}" if isinstance(part, Choose) and part.has(sp.log) else "inner"


def _with(program: Program, statements: dict[str, Equation], further: Iterable[str]) -> Program:
    stages, helpers, outputs = (
        tuple(statements[s.name] for s in part) for part in (program.stages, program.helpers, program.outputs)
    )
    return replace(
        program, stages=stages, helpers=(*helpers, *(statements[n] for n in further)), outputs=outputs
    )


def _everywhere(e: Any, change: Callable[[Any], Any], gathers: bool = False) -> Any:
    """``e`` with what ``change`` makes of its parts that are worth it, from the outside; None leaves one as it is."""
    if _is_worth(e, gathers):
        inverse = isinstance(e, sp.Pow) and e.exp.is_negative
        made = change(1 / e if inverse else e)
        if made is not None:
            return 1 / made if inverse else made
    if not e.args or isinstance(e, sp.Indexed | sp.KroneckerDelta | Order):
        return e
    if isinstance(e, BINDERS):
        return e.func(_everywhere(e.function, change, gathers), *e.limits)
    return e.func(*[_everywhere(a, change, gathers) for a in e.args])


def _parts(e: Any) -> Iterator[Any]:
    """What is worth a name in ``e``, itself among it."""
    if _is_worth(e):
        yield 1 / e if isinstance(e, sp.Pow) and e.exp.is_negative else e
    if not e.args or isinstance(e, sp.Indexed | sp.KroneckerDelta | Order):
        return
    for a in (e.function,) if isinstance(e, BINDERS) else e.args:
        yield from _parts(a)


def _is_worth(e: Any, gathers: bool = False) -> bool:
    """Whether a name saves more than reading an array: functions, roots, sums, choices, and gathers that have one."""
    if isinstance(e, sp.Indexed):
        return gathers and any(map(is_pointer, e.indices))
    root = isinstance(e, sp.Pow) and not isinstance(e, sp.exp) and e.exp.is_number and not e.exp.is_Integer
    if not (root or isinstance(e, sp.Sum | Choose) or function_of(e) is not None):
        return False
    return bool(e.atoms(sp.Indexed)) and not e.has(sp.KroneckerDelta, Largest)


def _shape(e: Any) -> tuple[Any, Frame]:
    """``e`` with places for its indices, the same for all that differ in their names and order; and its indices."""
    free = sorted(running(e), key=lambda i: (axis_of(i), i.name))
    groups = [tuple(g) for _, g in itertools.groupby(free, key=axis_of)]
    found = []
    for orders in itertools.product(*map(itertools.permutations, groups)):
        order = tuple(itertools.chain(*orders))
        found.append(
            (canonical(e.xreplace({i: index(f"?{n}", axis_of(i)) for n, i in enumerate(order)})), order)
        )
    return min(found, key=lambda each: str(each[0]))


__all__ = ["reuse", "same_again"]
