"""What must not be accepted is refused with a sentence in the author's notation; what is right is proved as written."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import sympy as sp
from followed import derived

from w2v_verified.notation import LanguageError, parse
from w2v_verified.symbolic import (
    Array,
    Axis,
    Chain,
    Claim,
    Derivation,
    Loss,
    Position,
    ProofError,
    Section,
    Step,
    replay,
)
from w2v_verified.symbolic.algebra.context import Context
from w2v_verified.symbolic.language.equation import Equation
from w2v_verified.symbolic.language.indices import array, index, size, total
from w2v_verified.symbolic.language.naming import entry
from w2v_verified.symbolic.language.operators import Choose, Larger
from w2v_verified.symbolic.proof.program import Program, prove_same

V, D = Axis("V", letters="w k j"), Axis("d", letters="i a b")
ARGUMENTS = (
    Array("x", "V"),
    Array("y", "V"),
    Array("p", "V", positive=True),
    Array("q", "V", positive=True),
    Array("c", ""),
    Array("r", "", positive=True),
    Position("o", "V"),
    Position("n", "V", axes="V"),
)
INTERNAL = re.compile(r"[@#$%]|:>|\w:[A-Za-z]\b|Sum\(|Indexed|KroneckerDelta|Slope|Sigmoid")


def loss(
    definition: str = "loss = c + r + sum(w in V, x[w] + y[w] + p[w] + q[w])",
    claim: str = "",
    notation: str = "",
    chains: tuple[Chain, ...] = (),
    axes: tuple[Axis, ...] = (V,),
    arguments: tuple[Array | Position, ...] = ARGUMENTS,
) -> Loss:
    claims = (Claim(claim),) if claim else ()
    sections = (Section("", "", chains),) if chains else ()
    return Loss(
        name="attack",
        summary="",
        axes=axes,
        arguments=arguments,
        definition=definition,
        notation=notation,
        claims=claims,
        sections=sections,
    )


def chain(start: str, rules: str, end: str, over: str = "", orthogonal: str = "", **letting: str) -> Chain:
    return Chain(start, (Step(rules, end),), over=over, letting=letting, orthogonal=orthogonal)


def refused(attack: Loss) -> str:
    """Why a loss is refused."""
    try:
        problems = replay(Derivation(attack)).shortcomings
    except (LanguageError, ProofError) as error:
        problems = (str(error),)
    assert problems, "accepted"
    assert not INTERNAL.search(problems[0]), problems[0]
    return problems[0]


def check_algebra(attack: Loss) -> None:
    for step in Derivation(attack).steps:
        step.check_algebra()


def check_claim(attack: Loss) -> None:
    for step in Derivation(attack).steps.claims:
        step.check()


UNDEFINED = (
    "exp(log(x[o]))",
    "sqrt(x[o]) ** 2",
    "x[o] * x[o] / x[o]",
    "c ** 2 / c",
    "0 * log(x[o])",
    "1 / (1 / x[o])",
    "c / (y[o] - y[o])",
    "log(c) - log(c)",
    "log1p(c) - log1p(c)",
    "exp(log1p(c))",
    "x[o] / (o == n[o])",
    "0 / (o == n[o])",
    "1 / sum(w in V, x[w])",
    "(0 * c) ** (-1)",
    "sqrt(-r)",
    "tanh(c) / tanh(c)",
    "x[o] ** 0.5 - x[o] ** 0.5",
    "1 / sum(w in V, (w != o))",
)


@pytest.mark.parametrize("e", UNDEFINED)
def test_an_expression_with_a_condition_needs_its_proof_wherever_it_is_written(e: str) -> None:
    refusal = r"log1p? ?needs|logarithm needs|must be provably positive"
    for attack in (
        loss(f"loss = sum(w in V, x[w] + y[w]) + c + r + {e}"),
        loss(notation=f"part = {e}"),
        loss(claim=f"grad_c = 1 + ({e}) - ({e})"),
        loss(chains=(chain(e, "ALGEBRA", e),)),
    ):
        with pytest.raises(LanguageError, match=refusal):
            list(Derivation(attack).steps)


@pytest.mark.parametrize("e", ["sum(w in V, p[w] / sum(k in V, p[k]))", "V / V", "sum(w in V, 1) / V"])
def test_what_is_1_unless_the_axis_is_empty_is_not_1(e: str) -> None:
    empty = Axis("V", letters="w k j", minimum=0)
    attack = loss(
        "loss = sum(w in V, p[w])",
        chains=(chain(e, "ALGEBRA", "1"),),
        axes=(empty,),
        arguments=(Array("p", "V", positive=True),),
    )
    assert "provably positive" in refused(attack)


BLIND = "(V - 1) * (V - 2) * (V - 3) * (V - 4) * "
WRONG_CHAINS = {
    "max for sum": chain("max(w in V, V * x[w])", "ALGEBRA", "max(w in V, sum(k in V, x[k]))"),
    "max of sums for max over both": chain(
        "max(w in V, sum(k in V, x[k] * y[w]))", "ALGEBRA", "max(k in V, sum(w in V, x[w] * y[w]))"
    ),
    "two orthogonal arrays": chain(
        "sum(w in V, Q[w, k] * S[w, j])",
        "ORTHOGONAL PICK",
        "(k == j)",
        over="k in V, j in V",
        orthogonal="Q S",
        Q="V V",
        S="V V",
    ),
    "rows for columns": chain(
        "sum(w in V, Q[k, w] * Q[j, w])",
        "ORTHOGONAL PICK",
        "V * (k == j)",
        over="k in V, j in V",
        orthogonal="Q",
        Q="V V",
    ),
    "a name for a constant": chain("diff(z[w], x[k])", "DIFF", "0", over="w in V, k in V"),
    "captured": chain("sum(w in V, (w == n[w]))", "PICK", "1"),
    "captured with a value": chain("sum(w in V, (w == n[w]) * x[w])", "PICK", "x[o]"),
    "captured in a pair": chain("sum(w in V, (w == n[n[w]]) * x[w])", "PICK", "sum(w in V, x[n[n[w]]])"),
    "blind entries": chain(f"{BLIND}x[o]", "ALGEBRA", f"{BLIND}y[o]"),
    "blind sums": chain(
        f"{BLIND}sum(w in V, p[w] * q[w])", "ALGEBRA", f"{BLIND}sum(w in V, p[w]) * sum(w in V, q[w])"
    ),
    "tiny": chain("x[o]", "ALGEBRA", "x[o] + c * 1e-30"),
    "a decimal for another": chain("c * 0.1", "ALGEBRA", "c * 0.1000000000000000055511151231257827"),
    "half powers": chain("sqrt(p[o] + q[o])", "ALGEBRA", "sqrt(p[o]) + sqrt(q[o])"),
    "a root that forgets a sign": chain("sqrt(x[o] ** 2)", "ALGEBRA", "x[o]"),
    "a power of a power": chain("(p[o] ** c) ** c", "ALGEBRA", "p[o] ** (2 * c)"),
}


@pytest.mark.parametrize("name", WRONG_CHAINS)
def test_a_wrong_step_is_refused_by_algebra_alone_and_called_wrong_with_a_point(name: str) -> None:
    attack = loss(
        "z[w in V] = x[w] ** 2\nloss = sum(w in V, z[w] + y[w] + p[w] + q[w]) + c + r",
        chains=(WRONG_CHAINS[name],),
    )
    (step,) = Derivation(attack).steps.chain(WRONG_CHAINS[name])
    with pytest.raises(ProofError):
        step.check_algebra()
    reason = refused(attack)
    assert "wrong: " in reason
    assert "not proved" not in reason


@pytest.mark.parametrize(
    ("start", "rules", "end", "idle"),
    [
        ("x[o] + y[o]", "ALGEBRA LOG", "y[o] + x[o]", "ALGEBRA"),
        ("sum(w in V, x[w] + c)", "PICK", "V * c + sum(w in V, x[w])", "PICK"),
        ("sum(w in V, (w == o) * x[w])", "PICK EXP", "x[o]", "EXP"),
        ("log(p[o] * q[o])", "LOG LOG", "log(p[o]) + log(q[o])", "LOG"),
    ],
)
def test_a_rule_that_is_not_needed_is_refused(start: str, rules: str, end: str, idle: str) -> None:
    assert f"names {idle}, which it does not need" in refused(loss(chains=(chain(start, rules, end),)))


MATRIX = (Array("U", "d V"), Array("v", "d"))
REFUSED_CLAIMS = {
    "grad_x[w in V] = 1\ngrad_y[w in V] = 77": "expected one statement in a claim, got 2",
    "grad_x = 1": "expected grad_x over V, got one over no axis",
    "grad_c[w in V] = 1": "expected grad_c over no axis, got one over V",
    "grad_z[w in V] = 1": "expected a claim about one of loss, grad_x",
    "loss = sum(w in V, x[w])": "wrong: ",
    "grad_x[w in V] = y[w]": "derived is grad_x[w in V] = 1",
}


@pytest.mark.parametrize("claim", REFUSED_CLAIMS)
def test_a_claim_is_one_statement_over_the_axes_of_what_it_is_about(claim: str) -> None:
    assert REFUSED_CLAIMS[claim] in refused(loss(claim=claim))


def test_a_transposed_claim_is_refused_by_its_axes() -> None:
    attack = loss(
        "loss = sum(i in d, sum(w in V, U[i, w] ** 2 * v[i]))",
        claim="grad_U[w in V, i in d] = 2 * U[i, w] * v[i]",
        axes=(D, V),
        arguments=MATRIX,
    )
    assert "expected grad_U over d, V, got one over V, d" in refused(attack)


RIGHT = {
    "softplus(c)": ("sigmoid(c)", "1 / (1 + exp(-c))", "exp(c) / (1 + exp(c))", "1 - sigmoid(-c)"),
    "log1p(exp(c))": ("sigmoid(c)",),
    "expm1(c)": ("exp(c)", "expm1(c) + 1"),
    "sigmoid(c)": ("sigmoid(c) * sigmoid(-c)", "exp(c) / (1 + exp(c)) ** 2"),
    "tanh(c)": ("1 - tanh(c) ** 2", "4 / (exp(c) + exp(-c)) ** 2", "4 * sigmoid(2 * c) * sigmoid(-2 * c)"),
    "sin(c) * cos(c)": ("2 * cos(c) ** 2 - 1", "1 - 2 * sin(c) ** 2", "cos(c) ** 2 - sin(c) ** 2"),
    "log(1 - sigmoid(c))": ("-sigmoid(c)", "diff(log(1 - sigmoid(c)), c)", "diff(loss, c)"),
    "sqrt(1 + c ** 2)": ("c / sqrt(1 + c ** 2)", "c * sqrt(1 + c ** 2) / (1 + c ** 2)", "c / loss"),
    "exp(2 * log(1 + c ** 2))": ("4 * c * (1 + c ** 2)", "4 * c ** 3 + 4 * c"),
    "log(exp(c) + exp(-c))": ("tanh(c)", "(exp(2 * c) - 1) / (exp(2 * c) + 1)"),
    "exp(c / 2) * sigmoid(c)": ("loss / 2 + loss * (1 - sigmoid(c))",),
    "exp(c / 2) / (1 + exp(c))": ("loss / 2 - loss * sigmoid(c)",),
    "log(1 + exp(-c)) * exp(c / 2)": ("loss / 2 - exp(c / 2) * sigmoid(-c)",),
    "exp(1) * c ** 2": ("2 * c * exp(1)",),
    "(r / exp(c)) ** c": ("loss * (log(r) - 2 * c)",),
    "0.1 * c ** 2": ("c / 5", "0.2 * c"),
    "sqrt(exp(c) + 1) / exp(c)": ("1 / (2 * sqrt(exp(c) + 1)) - loss",),
}


@pytest.mark.parametrize("definition", RIGHT)
def test_a_right_claim_may_use_every_rule(definition: str) -> None:
    arguments = (Array("c", ""), Array("r", "", positive=True, gradient=False))
    for claim in RIGHT[definition]:
        check_claim(loss(f"loss = {definition}", f"grad_c = {claim}", axes=(), arguments=arguments))


STAGES = {
    "a textbook's softmax": (
        "Z = sum(w in V, exp(x[w]))\nloss = log(Z) - x[o]",
        "grad_x[w in V] = exp(x[w]) / Z - (w == o)",
    ),
    "the loss itself": (
        "z[w in V] = 2 * x[w]\nloss = log(sum(w in V, exp(z[w]))) - z[o]",
        "loss = -sum(w in V, (w == o) * log(exp(z[w]) / sum(k in V, exp(z[k]))))",
    ),
    "a positive stage": (
        "v[w in V] = 1 + x[w] ** 2\nloss = sum(w in V, log(v[w]))",
        "grad_x[w in V] = 2 * x[w] / v[w]",
    ),
    "a normalised vector": (
        "s = sum(w in V, x[w] ** 2) + 1\nm = sqrt(s)\nu[w in V] = x[w] / m\nloss = u[o]",
        "grad_x[w in V] = (w == o) / m - x[o] * x[w] / m ** 3",
    ),
    "layer norm": (
        "t = sum(w in V, x[w]) / V\ns = sqrt(sum(w in V, (x[w] - t) ** 2) / V + 0.01)\nloss = (x[o] - t) / s",
        "grad_x[w in V] = ((w == o) - 1 / V) / s - (x[o] - t) * (x[w] - t) / (V * s ** 3)",
    ),
    "a logarithm of a product with what it is divided by": (
        "Z = sum(w in V, 1 / (1 + x[w] ** 2))\nloss = sum(w in V, log((1 + x[w] ** 2) * Z))",
        "grad_x[w in V] = 2 * x[w] / (1 + x[w] ** 2) - 2 * V * x[w] / (1 + x[w] ** 2) ** 2 / Z",
    ),
    "a size that is there": ("loss = sum(w in V, x[w] ** 2) / V", "grad_x[w in V] = 2 * x[w] / max(V, 1)"),
    "pointers into their own axis": (
        "loss = sum(w in V, (w != n[w]) * (x[w] - x[n[w]]) ** 2)",
        "grad_x[k in V] = 2 * sum(w in V, (x[w] - x[n[w]]) * ((w == k) - (n[w] == k)))",
    ),
    "places that point at themselves": (
        "loss = sum(w in V, (w == n[w])) * sum(w in V, x[w] ** 2)",
        "grad_x[w in V] = 2 * x[w] * sum(k in V, (k == n[k]))",
    ),
}


@pytest.mark.parametrize("name", STAGES)
def test_a_right_loss_of_several_stages_is_derived_and_its_claim_proved(name: str) -> None:
    definition, claim = STAGES[name]
    arguments = (Array("x", "V"), Position("o", "V"), Position("n", "V", axes="V"))
    assert replay(Derivation(loss(definition, claim, arguments=arguments))).shortcomings == ()


NAMES = ("e", "m", "s", "Z", "R", "others", "hits", "inner", "logit", "e_o", "z_o", "e_z", "part", "chain")


@pytest.mark.parametrize("name", NAMES)
def test_a_name_the_engine_gives_as_well_is_anybodys(name: str) -> None:
    """As a letter, an argument, a statement, a word of the notation: none meets what passes call their parts."""

    def softmax(letter: str, argument: str, stage: str, word: str) -> Loss:
        return loss(
            f"{stage}[{letter} in V] = sum(i in d, U[i, {letter}] * {argument}[i])\n"
            f"loss = log(sum({letter} in V, exp({stage}[{letter}]))) - {stage}[o]",
            claim=f"grad_{argument}[i in d] = "
            f"sum({letter} in V, U[i, {letter}] * ({word}[{letter}] - ({letter} == o)))",
            notation=f"{word}[{letter} in V] = exp({stage}[{letter}]) / sum(k in V, exp({stage}[k]))",
            axes=(D, Axis("V", letters=f"{letter} k j")),
            arguments=(Array(argument, "d"), Position("o", "V"), Array("U", "d V")),
        )

    first = NAMES.index(name)
    letter, argument, stage, word = (NAMES[(first + n) % len(NAMES)] for n in range(4))
    assert replay(Derivation(softmax(letter, argument, stage, word))).shortcomings == ()


def test_a_word_of_the_notation_does_not_redefine_what_the_engine_made() -> None:
    attack = loss(
        "loss = c * log(sum(w in V, exp(sum(i in d, U[i, w] * v[i]) ** 2)))",
        notation="inner[w in V] = sum(i in d, U[i, w] * v[i]) + c",
        chains=(chain("loss", "UNFOLD", "c + c * log(sum(w in V, exp(inner[w] ** 2)))"),),
        axes=(D, V),
        arguments=(*MATRIX, Array("c", "")),
    )
    assert "wrong: " in refused(attack)


@pytest.mark.parametrize("name", ["grad_x", "_hidden"])
def test_a_name_kept_for_derivatives_is_refused_by_its_own_name(name: str) -> None:
    for attack in (loss(f"{name} = c ** 2\nloss = {name} + r"), loss(notation=f"{name} = c")):
        with pytest.raises(LanguageError, match=f"{name}: this name is used"):
            list(Derivation(attack).steps)


@pytest.mark.parametrize("name", ["delta", "delta_z"])
def test_what_is_derived_is_called_otherwise_than_what_an_author_calls_delta(name: str) -> None:
    z = "z = c * r\n"
    for attack in (
        loss(
            f"{z}loss = z ** 2 * {name}", axes=(), arguments=(Array("c", ""), Array("r", ""), Array(name, ""))
        ),
        loss(f"z = c * r\n{name} = z ** 2\nloss = z * {name}"),
        loss(f"{z}loss = z ** 2", notation=f"{name} = c + z"),
    ):
        derivation = Derivation(attack)
        named = Counter(o.name for o in derivation.derived.outputs)
        authored = {
            name,
            *(a.name for a in attack.arguments),
            *(s.name for s in derivation.problem.stages[:-1]),
        }
        assert set(named.values()) == {1}
        assert not authored & set(named)
        assert replay(derivation).shortcomings == ()


def test_a_letter_let_for_a_chain_is_nobody_elses() -> None:
    for attack, reason in (
        (chain("x[o]", "ALGEBRA", "x[o]", x="V"), "letting x: the name of something else"),
        (chain("t[o]", "ALGEBRA", "t[o]", t="W"), "letting t: there is no axis W"),
        (chain("c", "ALGEBRA", "c", orthogonal="x"), "orthogonal x: expected a square array"),
    ):
        assert reason in refused(loss(chains=(attack,)))


def softmax_batch() -> Derivation:
    axes = (D, V, Axis("B", letters="t", minimum=0))
    arguments = (Array("X", "d B"), Position("o", "V", axes="B"), Array("U", "d V"))
    definition = (
        "z[t in B, w in V] = sum(i in d, U[i, w] * X[i, t])\n"
        "loss = sum(t in B, log(sum(w in V, exp(z[t, w]))) - z[t, o[t]])"
    )
    return Derivation(loss(definition, axes=axes, arguments=arguments))


def test_a_choice_is_compared_where_it_stands() -> None:
    """All near or all far the sums agree; they would not where one place is near and another far."""
    made = softmax_batch()

    def wrong(e: Any) -> Any:
        (choice,) = e.atoms(Choose)
        (b,) = choice.args[0].indices
        k = index("k", "B")
        mean = total(k, entry("e_o", (k,))) / Larger(size("B"), 1)
        low, high, near, far = choice.args
        return e.xreplace({choice: Choose(low, high, near + entry("e_o", (b,)) - mean, far)})

    outputs = tuple(
        replace(o, expression=wrong(o.expression)) if o.name == "loss" else o for o in made.stable.outputs
    )
    with pytest.raises(ProofError, match=r"loss: .* the two branches of a choice"):
        prove_same(made.textbook, replace(made.stable, outputs=outputs), made.problem.context)


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        (lambda p: replace(p, outputs=p.outputs[1:]), "loss: computed no more"),
        (
            lambda p: replace(p, outputs=(*p.outputs, replace(p.outputs[0], name="more"))),
            "more: was not computed",
        ),
        (lambda p: replace(p, facts=("MAGIC",)), "MAGIC: no such fact"),
        (
            lambda p: replace(p, helpers=(*p.helpers, replace(p.helpers[0], name="U"))),
            "U",
        ),
        (lambda p: replace(p, helpers=(*p.helpers, p.helpers[0])), "m: the name of something else"),
        (
            lambda p: replace(
                p,
                outputs=tuple(
                    replace(o, indices=o.indices[::-1]) if o.name == "grad_U" else o for o in p.outputs
                ),
            ),
            "grad_U: expected one index over each of",
        ),
    ],
)
def test_a_program_has_the_same_outputs_over_the_same_axes(
    edit: Callable[[Program], Program], reason: str
) -> None:
    made = derived("naive_softmax")
    with pytest.raises(ProofError, match=reason):
        prove_same(made.textbook, edit(made.textbook), made.problem.context)


def test_square_sizes_do_not_hide_a_transposed_output() -> None:
    """With both axes the same, the indices of an output have to be taken in their order."""
    arguments = (Array("A", "V V"), Array("x", "V"))
    made = Derivation(
        loss("loss = sum(w in V, sum(k in V, A[w, k] ** 2 * x[w]))", arguments=arguments)
    ).derived
    turned = tuple(replace(o, indices=o.indices[::-1]) for o in made.outputs)
    with pytest.raises(ProofError, match="grad_A: the rewritten form is not proved equal"):
        prove_same(made, replace(made, outputs=turned), Context({"V": 1}))


def test_a_program_is_defined_where_it_is_computed() -> None:
    """The sum of the others is 0 where there is one word: nothing may be divided by it, even if it cancels."""
    made = derived("naive_softmax")
    others = entry("R", ())

    def over_itself(s: Equation) -> Equation:
        return replace(s, expression=s.expression * others / (others + 1) * (others + 1) ** 2 / others)

    helpers = tuple(over_itself(h) if h.name == "e_o" else h for h in made.stable.helpers)
    with pytest.raises(ProofError):
        prove_same(made.textbook, replace(made.stable, helpers=helpers), made.problem.context)


@pytest.mark.parametrize(
    ("kept", "added", "accepted"),
    [
        ("x[o] ** 2", "1 / x[o]", False),
        ("x[o] ** 2", "log(x[o])", False),
        ("exp(x[o]) ** (-1)", "1 / exp(x[o])", True),
        ("1 / (-exp(x[o]))", "log(-exp(x[o]))", False),
        ("p[o] ** 2", "sqrt(p[o])", True),
        ("log1p(p[o])", "1 / (p[o] + 1)", True),
        ("log(sum(w in V, (w != n[o]) * p[w]) + p[n[o]])", "1 / sum(w in V, p[w])", True),
    ],
)
def test_a_part_that_nothing_uses_has_to_be_defined_as_well(kept: str, added: str, accepted: bool) -> None:
    """What stood under a square in the program before may not be divided by in the one after."""
    problem = Derivation(loss()).problem

    def read(e: str) -> Any:
        return problem.translator.expression(parse([f"loss = {e}"]).statements[0].expression)

    before = Program((), (), (Equation("loss", (), read(kept)),))
    after = replace(before, helpers=(Equation("idle", (), read(added)),))
    if accepted:
        prove_same(before, after, problem.context)
    else:
        with pytest.raises(ProofError, match="idle: "):
            prove_same(before, after, problem.context)


ZERO = "sqrt(sum(w in V, (w == o) * (w != o)))"
WRONG_THOUGH_IT_LOOKS_HARMLESS = {
    "a name that is a sum, in one branch of a choice": loss(
        "s[w in V] = sum(k in V, A[w, k])\nloss = sum(w in V, s[w]) * c",
        notation="trace = sum(k in V, A[k, k])",
        claim="grad_c = sum(w in V, s[w] if c < 100 else trace)",
        arguments=(Array("A", "V V"), Array("c", "")),
    ),
    "a root of what is 0 everywhere": loss(
        "loss = c",
        claim=f"loss = c + 1 / (1 + {ZERO} + exp(c ** 2 - 1000)) - 1 / (1 + {ZERO} + exp(c ** 4 - 1000))",
        arguments=(Array("c", ""), Array("y", "V"), Position("o", "V")),
    ),
    "an orthogonal array beside a power of the index": loss(
        chains=(
            chain(
                "1e-30 * sum(w in V, 2 ** x[w] * (Q[w, k] * Q[w, j] - S[w, k] * S[w, j]))",
                "ORTHOGONAL",
                "0",
                over="k in V, j in V",
                orthogonal="Q S",
                Q="V V",
                S="V V",
            ),
        )
    ),
    "a derivative of a derivative": loss(
        "z[w in V] = c * y[w]\nloss = sum(w in V, z[w] ** 2)",
        chains=(chain("diff(diff(loss, z[w]), c)", "DIFF UNFOLD", "0", over="w in V"),),
        arguments=(Array("y", "V"), Array("c", "")),
    ),
    "a name that has no derivative at 0": loss(
        "loss = sum(w in V, x[w] ** 2)",
        notation="size = sqrt(sum(w in V, x[w] ** 2))",
        claim="grad_x[w in V] = 2 * size * diff(size, x[w])",
        arguments=(Array("x", "V"),),
    ),
    "a power that is whole by algebra alone": loss(
        "loss = c ** (1 + sin(r) ** 2 + cos(r) ** 2)", arguments=(Array("c", ""), Array("r", "")), axes=()
    ),
    "what is said over an index": loss(
        chains=(chain("y[w]", "ALGEBRA", "7 * y[w]", over="w in V] = 5 and w in V["),)
    ),
    "a derivative by the loss": loss(chains=(chain("diff(loss ** 2, loss)", "DIFF", "2 * loss"),)),
    "a derivative by a size": loss(claim="loss = loss * diff(V, V)"),
    "no index": loss(claim="loss = loss + c[()] - c[()]"),
    "a truth value": loss("loss = max(V, True) * sum(w in V, x[w])", arguments=(Array("x", "V"),)),
    "a tower": loss(notation="t = 10 ** 10 ** 10"),
    "no text": loss("loss = c + \ud800"),
    "signs without end": loss("loss = " + "-" * 100_000 + "c"),
    "a letter that is none": loss(axes=(Axis("V", letters="w lambda"),)),
    "a word of the notation": loss(notation="exp[w in V] = x[w]"),
    "a number no argument has": loss(
        "loss = c + \u00b5", arguments=(Array("c", ""), Array("\u00b5", "")), axes=()
    ),
}


@pytest.mark.parametrize("name", WRONG_THOUGH_IT_LOOKS_HARMLESS)
def test_what_a_stranger_got_through_is_refused_by_algebra_or_before(name: str) -> None:
    attack = WRONG_THOUGH_IT_LOOKS_HARMLESS[name]
    with pytest.raises((LanguageError, ProofError)):
        check_algebra(attack)
    refused(attack)


LARGE = {
    "exp(1000 * c)": "loss * 1000",
    "c + 1e250": "1",
    "softplus(-3000 * c)": "-3000 * sigmoid(-3000 * c)",
    "log(exp(-2000 * c ** 2) + exp(-2001 * c ** 2))": "-4002 * c + 2 * c / (1 + exp(-c ** 2))",
    "(1 + c ** 2) ** 200": "400 * c * (1 + c ** 2) ** 199",
    "1 / (2 - cos(c) ** 2)": "-2 * sin(c) * cos(c) * loss ** 2",
    "+c": "+1",
    "c ** 1000000000": "1000000000 * c ** 999999999",
}


@pytest.mark.parametrize("definition", LARGE)
def test_large_numbers_and_underflow_are_no_reason_to_call_a_right_claim_wrong(definition: str) -> None:
    attack = loss(
        f"loss = {definition}", f"grad_c = {LARGE[definition]}", axes=(), arguments=(Array("c", ""),)
    )
    assert replay(Derivation(attack)).shortcomings == ()


def test_derivatives_by_stages_and_of_derivatives_are_right() -> None:
    arguments = (Array("y", "V"), Array("c", ""))
    for start, end in (
        ("diff(loss, z[w])", "2 * z[w]"),
        ("diff(diff(loss, z[w]), c)", "2 * y[w]"),
        ("diff(diff(loss, y[w]), y[w])", "2 * c ** 2"),
    ):
        attack = loss(
            "z[w in V] = c * y[w]\nloss = sum(w in V, z[w] ** 2)",
            chains=(chain(start, "DIFF UNFOLD PICK", end, over="w in V"),),
            arguments=arguments,
        )
        assert replay(Derivation(attack)).shortcomings == (), start


@pytest.mark.parametrize(
    "helper",
    [
        Equation("idle", (), entry("x", (index("k", "V"),))),
        Equation("idle", (), entry("nobody", ())),
        Equation("idle", (index("w", "V"), index("w", "V")), entry("x", (index("w", "V"),))),
        Equation("y", (), sp.Integer(3)),
        Equation("w", (), sp.Integer(3)),
        Equation(
            "idle", (), entry("x", (index("w", "V"), index("w", "V"))).subs(index("w", "V"), index("o", "V"))
        ),
    ],
    ids=["a free index", "an unknown name", "an index twice", "an argument", "an index", "another rank"],
)
def test_a_part_has_a_name_of_its_own_and_indices_of_its_own(helper: Equation) -> None:
    made = Derivation(loss("u[w in V] = x[w] ** 2\nloss = sum(w in V, u[w])"))
    with pytest.raises(ProofError):
        prove_same(made.derived, replace(made.derived, helpers=(helper,)), made.problem.context)


def test_a_stage_computed_from_another_helper_is_another_stage() -> None:
    x, w = array("x"), index("w", "V")
    stage = Equation("u", (w,), entry("h", (w,)) + 1)
    output = Equation("loss", (), total(w, entry("u", (w,))))
    before = Program((stage,), (Equation("h", (w,), x[w]),), (output,))
    after = Program((stage,), (Equation("h", (w,), 2 * x[w]),), (output,))
    with pytest.raises(ProofError, match="u: the rewritten form is not proved equal"):
        prove_same(before, after, Context({"V": 1}, given=frozenset({"x", "V"})))
