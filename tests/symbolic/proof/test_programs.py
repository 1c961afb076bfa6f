"""Programs: the order of statements, and what a rewritten program must keep to be taken for the same."""

from dataclasses import replace
from typing import Any

import pytest
import sympy as sp

from w2v_verified.symbolic.algebra.context import Context
from w2v_verified.symbolic.language.equation import Equation, names_used
from w2v_verified.symbolic.language.errors import ProofError
from w2v_verified.symbolic.language.functions import Log1p
from w2v_verified.symbolic.language.indices import array, index, largest, pointer, size, table, total
from w2v_verified.symbolic.language.operators import Choose
from w2v_verified.symbolic.proof.program import Program, one_way, prove_same

w, k, i, t = index("w", "V"), index("k", "V"), index("i", "d"), index("t", "E")
x, y, z = array("x"), array("y"), array("z")
c = sp.Symbol("c", real=True)
CONTEXT = Context({"V": 1, "d": 1, "E": 0}, given=frozenset({"V", "d", "E", "c", "u", "x", "y", "o"}))

STAGE = Equation("z", (w,), 2 * x[w])
LOSS = Equation("loss", (), total(w, z[w] ** 2))
GRADIENT = Equation("grad_x", (w,), 4 * z[w])
BEFORE = Program((STAGE,), (), (LOSS, GRADIENT))


def helper(name: str, indices: tuple[Any, ...], expression: Any) -> Equation:
    return Equation(name, indices, expression)


def test_a_name_is_assigned_before_it_is_used() -> None:
    one, two, three = (
        helper("a", (), c),
        helper("b", (), sp.Symbol("a", real=True)),
        helper("g", (w,), array("b")[w]),
    )
    program = Program((three,), (two,), (one,))
    assert [s.name for s in program.statements] == ["a", "b", "g"]
    assert [s.name for s in Program((one, two), (), (three,)).statements] == ["a", "b", "g"]
    assert program.names == {"a", "b", "g"}


def test_what_is_defined_by_itself_is_refused() -> None:
    for statements in (
        (helper("a", (), sp.Symbol("a", real=True) + 1),),
        (helper("a", (), sp.Symbol("b", real=True)), helper("b", (), sp.Symbol("a", real=True))),
    ):
        with pytest.raises(ProofError, match="a: defined in terms of itself"):
            assert Program(statements, (), ()).statements


SAME = {
    "itself": BEFORE,
    "by other indices": replace(BEFORE, outputs=(LOSS, Equation("grad_x", (k,), 4 * z[k]))),
    "by a helper": replace(
        BEFORE,
        helpers=(helper("twice", (w,), 2 * z[w]),),
        outputs=(LOSS, Equation("grad_x", (w,), 2 * array("twice")[w])),
    ),
    "with a shift": replace(
        BEFORE,
        helpers=(helper("m", (), largest(w, z[w])),),
        outputs=(
            Equation("loss", (), total(w, z[w] ** 2) + sp.Symbol("m", real=True) - sp.Symbol("m", real=True)),
            GRADIENT,
        ),
    ),
    "with a choice": replace(
        BEFORE, outputs=(LOSS, Equation("grad_x", (w,), Choose(z[w], c, 4 * z[w], 2 * z[w] + 2 * z[w])))
    ),
    "with another stage that is the same": replace(BEFORE, stages=(Equation("z", (w,), x[w] + x[w]),)),
}
OTHER = {
    "a factor": (
        replace(BEFORE, outputs=(LOSS, Equation("grad_x", (w,), 2 * z[w]))),
        "grad_x: the rewritten form is not proved equal",
    ),
    "another loss": (
        replace(BEFORE, outputs=(Equation("loss", (), total(w, z[w]) ** 2), GRADIENT)),
        "loss: the rewritten form is not proved equal",
    ),
    "another stage": (
        replace(BEFORE, stages=(Equation("z", (w,), 3 * x[w]),)),
        "z: the rewritten form is not proved equal",
    ),
    "a wrong helper": (
        replace(
            BEFORE,
            helpers=(helper("twice", (w,), 3 * z[w]),),
            outputs=(LOSS, Equation("grad_x", (w,), 2 * array("twice")[w])),
        ),
        "grad_x: the rewritten form is not proved equal",
    ),
    "a choice with a wrong branch": (
        replace(BEFORE, outputs=(LOSS, Equation("grad_x", (w,), Choose(z[w], c, 4 * z[w], 2 * z[w])))),
        "grad_x: .*: the two branches of a choice are not proved equal",
    ),
    "a choice with a wrong branch in a helper": (
        replace(
            BEFORE,
            helpers=(helper("twice", (w,), Choose(z[w], c, z[w], 2 * z[w])),),
            outputs=(LOSS, Equation("grad_x", (w,), 2 * array("twice")[w])),
        ),
        "the two branches of a choice are not proved equal",
    ),
    "a shift that stays": (
        replace(
            BEFORE,
            helpers=(helper("m", (), largest(w, z[w])),),
            outputs=(Equation("loss", (), total(w, z[w] ** 2) + sp.Symbol("m", real=True)), GRADIENT),
        ),
        "loss: the rewritten form is not proved equal",
    ),
    "an output less": (replace(BEFORE, outputs=(LOSS,)), "grad_x: computed no more"),
    "a stage less": (replace(BEFORE, stages=()), "z: computed no more"),
    "an output more": (
        replace(BEFORE, outputs=(LOSS, GRADIENT, Equation("grad_c", (), sp.Integer(0)))),
        "grad_c: was not computed before",
    ),
    "a stage more": (
        replace(BEFORE, stages=(STAGE, Equation("g", (), c))),
        "g: was not computed before",
    ),
    "over another axis": (
        replace(BEFORE, outputs=(LOSS, Equation("grad_x", (i,), 4 * z[w]))),
        r"grad_x: expected one index over each of \['V'\], got \['d'\]",
    ),
    "over an axis more": (
        replace(BEFORE, outputs=(LOSS, Equation("grad_x", (w, i), 4 * z[w]))),
        "grad_x: expected one index over each of",
    ),
    "a helper with the name of an argument": (
        replace(BEFORE, helpers=(helper("x", (w,), z[w]),)),
        "x: the name of something else",
    ),
    "a helper with the name of a stage": (
        replace(BEFORE, helpers=(helper("z", (w,), z[w]),)),
        "z: the name of something else",
    ),
    "a helper twice": (
        replace(BEFORE, helpers=(helper("h", (), c), helper("h", (), c))),
        "h: the name of something else",
    ),
    "an unknown fact": (replace(BEFORE, facts=("MAGIC",)), "MAGIC: no such fact; known: SOFTPLUS"),
    "a helper that is not defined everywhere": (
        replace(BEFORE, helpers=(helper("h", (w,), 1 / (z[w] + 1)),)),
        "h: a divisor must be provably positive",
    ),
    "a maximum over nothing": (
        replace(BEFORE, helpers=(helper("m", (), largest(t, array("u")[t])),)),
        "m: a maximum over an axis that may have no places",
    ),
}


@pytest.mark.parametrize("name", SAME)
def test_the_same_program_is_proved(name: str) -> None:
    prove_same(BEFORE, SAME[name], CONTEXT)


@pytest.mark.parametrize("name", OTHER)
def test_another_program_is_refused(name: str) -> None:
    after, reason = OTHER[name]
    with pytest.raises(ProofError, match=reason):
        prove_same(BEFORE, after, CONTEXT)


def scaled(expression: Any, scale: Any, scales: set[str]) -> Program:
    """``sqrt(1 + c**2)`` by a scale."""
    return Program(
        (), (helper("s", (), scale),), (Equation("loss", (), expression),), scales=frozenset(scales)
    )


S, ROOT = sp.Symbol("s", real=True), Program((), (), (Equation("loss", (), sp.sqrt(1 + c**2)),))
BY_SCALE = sp.sqrt(S**2 + S**2 * c**2) / S


def test_a_scale_may_be_any_positive_number() -> None:
    prove_same(ROOT, scaled(BY_SCALE, sp.exp(c), {"s"}), CONTEXT)


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        (ROOT, scaled(BY_SCALE, c, {"s"}), "s: not known to be positive"),
        (
            ROOT,
            Program((), (), (Equation("loss", (), c * sp.sqrt(1 + 1 / c**2)),), scales=frozenset("c")),
            "loss: ",
        ),
        (
            scaled(BY_SCALE, 1 / largest(w, 1 + x[w] ** 2), {"s"}),
            scaled(BY_SCALE, largest(w, x[w]), set()),
            "s: not known to be positive",
        ),
    ],
    ids=["one that may be negative", "what is no helper", "one that is another later"],
)
def test_nothing_else_is_taken_for_positive(before: Program, after: Program, reason: str) -> None:
    with pytest.raises(ProofError, match=reason):
        prove_same(before, after, CONTEXT)


def test_an_output_with_two_indices_has_one_over_each_axis() -> None:
    before = Program((), (), (Equation("g", (w, k), x[w] * y[k]),))
    prove_same(before, Program((), (), (Equation("g", (k, w), x[k] * y[w]),)), CONTEXT)
    with pytest.raises(ProofError, match="not proved equal"):
        prove_same(before, Program((), (), (Equation("g", (k, w), x[w] * y[k]),)), CONTEXT)
    with pytest.raises(ProofError, match="its own indices, each of them once"):
        prove_same(before, Program((), (), (Equation("g", (w, w), x[w] * y[w]),)), CONTEXT)


def test_what_stood_before_may_stand_again_and_nothing_more() -> None:
    """A condition that the author's program has is not asked for once more, also by the name of a helper."""
    before = Program((), (), (Equation("loss", (), 1 / c + total(w, x[w])),))
    named = Program(
        (),
        (helper("h", (), c + 0), helper("s", (), total(w, x[w]))),
        (Equation("loss", (), 1 / sp.Symbol("h", real=True) + sp.Symbol("s", real=True)),),
    )
    prove_same(before, named, CONTEXT)
    further = replace(named, helpers=(*named.helpers, helper("q", (), 1 / (c + 1))))
    with pytest.raises(ProofError, match="q: a divisor must be"):
        prove_same(before, further, CONTEXT)


@pytest.mark.parametrize(
    ("before", "after", "defined"),
    [
        (1 / c, 1 / c**2, True),
        (1 / c, sp.log(c), False),
        (1 / c, sp.sqrt(c), False),
        (c**2, 1 / c, False),
        (c**2, sp.log(c), False),
        (sp.sqrt(c), 1 / c, False),
        (sp.sqrt(c), c ** sp.Rational(3, 2), True),
        (sp.sqrt(c), sp.log(c), False),
        (sp.log(c), 1 / c, True),
        (sp.log(c), sp.sqrt(c), True),
        (sp.log(c), c ** sp.Rational(-1, 2), True),
        (sp.log(1 + c), Log1p(c), True),
        (Log1p(c), 1 / (1 + c), True),
        (Log1p(c), sp.log(c), False),
    ],
    ids=str,
)
def test_what_stood_before_is_good_for_what_asks_no_more(before: Any, after: Any, defined: bool) -> None:
    """A square says nothing of what is divided by, nor a divisor of what has a logarithm."""
    programs = [Program((), h, (Equation("loss", (), before),)) for h in ((), (helper("h", (), after),))]
    if defined:
        prove_same(programs[0], programs[1], CONTEXT)
    else:
        with pytest.raises(ProofError, match="h: "):
            prove_same(programs[0], programs[1], CONTEXT)


def test_choices_are_made_one_way_inside_each_other_and_inside_sums() -> None:
    proving = CONTEXT.allowing("PICK")
    inner = Choose(x[w], c, 2 * x[w], x[w] + x[w])
    assert one_way(total(w, Choose(c, 0, inner, 2 * x[w])), proving) == total(w, 2 * x[w])
    assert one_way(Choose(c, 0, 2 * x[w], inner), proving) == 2 * x[w]
    assert one_way(c + 1, proving) == c + 1
    for wrong in (Choose(c, 0, inner, x[w]), Choose(c, 0, c, -c), total(w, Choose(x[w], 0, x[w], x[k]))):
        with pytest.raises(ProofError, match="the two branches of a choice are not proved equal"):
            one_way(wrong, proving)


def test_names_that_occur_are_of_arrays_scalars_sizes_and_index_arguments() -> None:
    e = total(w, x[w] * y[table("n", "V")[k]]) + c * size("d") + array("q")[pointer("o", "V")]
    assert names_used([e]) == {"x", "y", "n", "c", "d", "V", "q", "o"}
    assert names_used([sp.Integer(1)]) == set()


def test_what_depends_on_a_name_is_found_through_other_names() -> None:
    context = CONTEXT.defining(
        Equation("a", (), c + 1),
        Equation("b", (), sp.Symbol("a", real=True) ** 2),
        Equation("f", (), sp.Symbol("q", real=True)),
        Equation("g", (), sp.Symbol("b", real=True) + sp.Symbol("f", real=True)),
    )
    assert set(context.depending_on("c").definitions) == {"a", "b", "g"}
    assert set(context.depending_on("a").definitions) == {"b", "g"}
    assert set(context.depending_on("f").definitions) == {"g"}
    assert set(context.depending_on("g").definitions) == set()
    assert context.allowing("PICK").rules == {"PICK"}
    assert context.definitions == context.allowing("PICK").definitions
    assert hash(context) == hash(replace(context))
    assert context.positive(sp.Symbol("b", real=True) + 1)
    assert not context.positive(sp.Symbol("b", real=True))
    assert context.nonnegative(sp.Symbol("b", real=True))
    assert context.nonzero(-sp.exp(c))
    assert not context.nonzero(sp.Symbol("a", real=True))
