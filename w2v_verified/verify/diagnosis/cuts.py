"""Explanations by a cut: a probability kept away from zero, or logits kept within limits."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import TypeAlias

import numpy as np

from w2v_verified.notation import syntax
from w2v_verified.notation.syntax import Entry, Expression, Module, Number
from w2v_verified.verify.diagnosis.altered.alterations import within_statements
from w2v_verified.verify.diagnosis.altered.variants import Here, Scope
from w2v_verified.verify.diagnosis.evidence.evidence import Evidence
from w2v_verified.verify.diagnosis.evidence.explanation import Altered, Explanation, right_line
from w2v_verified.verify.diagnosis.ladder import WORDS, Ladder
from w2v_verified.verify.diagnosis.scores import shifted
from w2v_verified.verify.judging.calling import Function

__all__ = ["by_cut"]

_Instead: TypeAlias = Callable[[Expression], Expression]

_DEEP = (800.0, 1000.0, 2000.0)
_GRADUAL = (1.0, 3.0, 5.0, 12.0, 20.0, 25.0, 30.0, 40.0)
_LOW = 5.0


def by_cut(function: Function, evidence: Evidence) -> str | None:
    """Say that something was kept within limits, if the loss shows it and the finding's own input is beyond them."""
    record = evidence.own.record
    softmax = shifted(record)
    if softmax is None or not any(argument.into for argument in record.arguments):
        return None
    ladder, scores = Ladder(function, record), softmax[0]
    line = right_line(record, ladder.loss)
    deep = {ladder.seen(-c) for c in _DEEP}
    ceiling = deep.pop()
    if deep or ceiling is None or not _LOW < ceiling < np.inf:
        return None
    apart = ceiling / 2 + 10
    if ladder.follows(-apart, lambda exact: exact, others=apart):  # as improbable, and not cut
        limit = ceiling - float(np.log(WORDS - 1))
        if not ladder.follows(-limit + 1, lambda exact: exact):
            return None
        program = _with_scores_cut(record.programs["textbook"], scores, limit)
        if not evidence.reproduces(Explanation("", "", Altered(program)), evidence.about):
            return None
        cut = f"the logits are cut off at {limit:.6g}: the loss is never above {ceiling:.4g} where one of them is zero"
        return f"{cut}; right is {line}"
    epsilon = float(np.exp(-ceiling))
    for form, expected, instead in (
        (f"max(p, {epsilon:.3g})", lambda exact: min(exact, ceiling), syntax.Larger),
        (f"p + {epsilon:.3g}", lambda exact: -float(np.log(np.exp(-exact) + epsilon)), _plus),
    ):
        if all(ladder.follows(-c, expected) for c in (*_GRADUAL, ceiling - 1, ceiling + 1)):
            return _of_probabilities(
                evidence, form, partial(instead, right=Number(Fraction(epsilon))), ceiling
            )
    return None


def _of_probabilities(evidence: Evidence, form: str, instead: _Instead, ceiling: float) -> str | None:
    record, about = evidence.own.record, evidence.about
    for altered in within_statements(record.programs["textbook"], _other_probabilities(instead)):
        if evidence.reproduces(Explanation("", "", Altered(altered.program)), about):
            if any(each.name == about and each.of is None for each in record.results):
                made = f"the loss is -log({form}) and never above {ceiling:.4g}"
                return f"{made}; right is {right_line(record, about)}"
            return f"{about}: {form} stands for the probability p; right is {altered.line}"
    return None


def _other_probabilities(instead: _Instead) -> Here:
    """What stands where probabilities do: for -log(p), a logarithm of a sum less a score, and for p, a quotient."""

    def here(node: Expression, scope: Scope) -> Iterator[tuple[str, Expression]]:
        match node:
            case syntax.Binary("-", syntax.Call("log"), Entry()):
                probability = syntax.Call("exp", syntax.Negative(node))
                yield "", syntax.Negative(syntax.Call("log", instead(probability)))
            case syntax.Binary("/", Entry(), Entry() | syntax.Name()):
                yield "", instead(node)

    return here


def _plus(left: Expression, right: Expression) -> Expression:
    return syntax.Binary("+", left, right)


def _with_scores_cut(program: Module, scores: str, limit: float) -> Module:
    end = Number(Fraction(f"{limit:.12g}"))
    return Module(
        tuple(
            replace(each, expression=_smaller(syntax.Larger(each.expression, syntax.Negative(end)), end))
            if each.target == scores
            else each
            for each in program.statements
        )
    )


def _smaller(one: Expression, other: Expression) -> Expression:
    return syntax.Negative(syntax.Larger(syntax.Negative(one), syntax.Negative(other)))
