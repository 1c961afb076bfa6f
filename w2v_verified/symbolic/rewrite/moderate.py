"""The pass that writes sigmoids and softplus by one exponential, for values whose exponentials are moderate.

Where every ``exp(x)`` and every quotient of two of them is an ordinary number, the forms that guard against
overflow cost time and gain nothing. As in `shift`, what the pass makes is proved equal to what it is given.
"""

from dataclasses import replace
from typing import Any

import sympy as sp

from w2v_verified.symbolic.algebra.context import Context
from w2v_verified.symbolic.language.equation import Equation
from w2v_verified.symbolic.language.functions import Sigmoid, Softplus
from w2v_verified.symbolic.language.indices import canonical, label_of
from w2v_verified.symbolic.language.naming import entry, free_name
from w2v_verified.symbolic.proof.driver import Rewriting, naming
from w2v_verified.symbolic.proof.program import Program, proved


def by_exponentials(program: Program, context: Context, taken: frozenset[str]) -> Program:
    """SIGMOID-BY-EXP, SOFTPLUS-BY-EXP and their like wherever the argument is a stage or minus a stage."""
    statements = (*program.stages, *program.helpers, *program.outputs)
    found = {
        label_of(x) for s in statements for f in _functions(s.expression) if (x := _stage(f)) is not None
    }
    stages = [s for s in program.stages if s.name in found]
    names = taken | program.names
    for stage in stages:
        alone = len(stages) == 1 and "e" not in names
        name = "e" if alone else free_name(f"e_{stage.name}", names)
        e = Equation(name, stage.indices, sp.exp(entry(stage.name, stage.indices)))
        rewriting = Rewriting()
        parts = [
            tuple(
                replace(s, expression=_rewritten(s.expression, stage.name, e.name, rewriting)) for s in part
            )
            for part in (program.stages, program.helpers, program.outputs)
        ]
        facts = dict.fromkeys((*program.facts, *rewriting.applied))
        after = replace(
            program, stages=parts[0], helpers=(e, *parts[1]), outputs=parts[2], facts=tuple(facts)
        )
        program = proved(program, after, context)
    return program


def exponents_are_names(program: Program) -> bool:
    """Whether every exponential is one of a value, or of minus a value, that can be looked at."""
    exponentials = (f for s in program.statements for f in s.expression.atoms(sp.exp))
    return all(_stage(f) is not None for f in exponentials)


def _functions(e: Any) -> set[Any]:
    return set(e.atoms(Sigmoid, Softplus))


def _stage(f: Any) -> Any:
    """``x`` for a function of ``x`` or ``-x``, where that is an entry or a scalar; None for anything else."""
    x = -f.args[0] if f.args[0].could_extract_minus_sign() else f.args[0]
    return x if isinstance(x, sp.Indexed | sp.Symbol) else None


def _of(f: Any, name: str) -> bool:
    x = _stage(f)
    return x is not None and label_of(x) == name


def _rewritten(expression: Any, name: str, exponential: str, rewriting: Rewriting) -> Any:
    """``expression`` with the functions of ``name`` by its exponential, over common denominators."""
    known = {}
    for f in sorted(_functions(expression), key=sp.default_sort_key):
        if _of(f, name):
            x = _stage(f)
            e = entry(exponential, x.indices if isinstance(x, sp.Indexed) else ())
            fact = f"{type(f).__name__.upper()}{'' if f.args[0] == x else '-OF-MINUS'}-BY-EXP"
            named = naming((sp.exp(x), e), (sp.exp(-x), 1 / e))
            known[f] = rewriting.apply(fact, f, {"m": x}, named=named)
    return canonical(_joined(expression.xreplace(known))) if known else expression


def _joined(e: Any) -> Any:
    """Terms with the same denominator under one line, inside sums too."""
    if isinstance(e, sp.Sum):
        return e.func(_joined(e.function), *e.limits)
    if isinstance(e, sp.Mul):
        return e.func(*[_joined(f) if isinstance(f, sp.Sum) else f for f in e.args])
    if not isinstance(e, sp.Add):
        return e
    below: dict[Any, list[Any]] = {}
    for term in e.args:
        denominators = [f for f in sp.Mul.make_args(term) if isinstance(f, sp.Pow) and f.exp == -1]
        below.setdefault(sp.Mul(*denominators), []).append(term)
    return sp.Add(*[d * sp.Add(*[t / d for t in terms]) for d, terms in below.items()])
