"""Every document renders, says what was asked for, can be read on GitHub, and refuses a wrong step."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from documents import FENCED, faults
from followed import LOSSES, derived, retold

from w2v_verified.notation import LanguageError
from w2v_verified.symbolic import (
    SAMPLED,
    Array,
    Axis,
    Chain,
    Claim,
    Derivation,
    Loss,
    ProofError,
    Section,
    Step,
)
from w2v_verified.symbolic.definition.loss import CHAIN
from w2v_verified.symbolic.document.formulas import Formulas

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
WITH_SECTIONS = [name for name, loss in LOSSES.items() if loss.sections]

# The statements the documents have to prove: (document, free indices, further arrays, left, right).
SIGMA = {"t": ""}
STATEMENTS: list[tuple[str, str, dict[str, str], str, str]] = [
    ("naive_softmax", "", {}, "-log(yhat[o])", "loss"),
    ("naive_softmax", "", {}, "-sum(w in V, y[w] * log(yhat[w]))", "-log(yhat[o])"),
    (
        "naive_softmax",
        "a in d",
        {},
        "diff(loss, v_c[a])",
        "sum(w in V, exp(z[w]) * U[a, w]) / sum(k in V, exp(z[k])) - U[a, o]",
    ),
    ("naive_softmax", "a in d", {}, "diff(loss, v_c[a])", "sum(w in V, U[a, w] * (yhat[w] - y[w]))"),
    ("naive_softmax", "a in d, w in V", {}, "diff(loss, U[a, w])", "v_c[a] * (yhat[w] - y[w])"),
    ("naive_softmax", "a in d", {}, "diff(loss, U[a, o])", "(yhat[o] - 1) * v_c[a]"),
    ("naive_softmax", "a in d", {}, "grad_v_c[a]", "ubar[a] - U[a, o]"),
    ("naive_softmax", "", {}, "sum(w in V, yhat[w])", "1"),
    (
        "naive_softmax",
        "a in d",
        {"eta": ""},
        "v_c[a] - eta * grad_v_c[a]",
        "v_c[a] + eta * (U[a, o] - ubar[a])",
    ),
    (
        "naive_softmax",
        "a in d, b in d",
        {},
        "diff(sum(w in V, U[a, w] * (yhat[w] - y[w])), v_c[b])",
        "sum(w in V, yhat[w] * (U[a, w] - ubar[a]) * (U[b, w] - ubar[b]))",
    ),
    ("naive_softmax", "a in d", {}, "sum(w in V, grad_U[a, w])", "0"),
    (
        "naive_softmax",
        "",
        {"q": "d"},
        "log(sum(w in V, exp(sum(i in d, (U[i, w] + q[i]) * v_c[i])))) - sum(i in d, (U[i, o] + q[i]) * v_c[i])",
        "loss",
    ),
    ("negative_sampling", "", SIGMA, "diff(sigmoid(t), t)", "sigmoid(t) * (1 - sigmoid(t))"),
    ("negative_sampling", "", SIGMA, "1 - sigmoid(t)", "sigmoid(-t)"),
    ("negative_sampling", "", SIGMA, "-log(sigmoid(t))", "softplus(-t)"),
    (
        "negative_sampling",
        "",
        {},
        "-log(sigmoid(x)) - sum(k in K, log(sigmoid(-z[k])))",
        "softplus(-x) + sum(k in K, softplus(z[k]))",
    ),
    (
        "negative_sampling",
        "a in d",
        {},
        "diff(loss, v_c[a])",
        "(sigmoid(x) - 1) * U[a, o] - sum(k in K, (sigmoid(-z[k]) - 1) * U[a, negatives[k]])",
    ),
    (
        "negative_sampling",
        "a in d, w in V",
        {},
        "diff(loss, U[a, w])",
        "(r[w] * sigmoid(s[w]) - (w == o) * sigmoid(-s[w])) * v_c[a]",
    ),
    (
        "negative_sampling",
        "a in d",
        {},
        "diff(loss, U[a, o])",
        "(sigmoid(x) - 1) * v_c[a] + r[o] * sigmoid(x) * v_c[a]",
    ),
    (
        "negative_sampling",
        "a in d, l in K",
        {},
        "diff(loss, U[a, negatives[l]])",
        "(r[negatives[l]] * sigmoid(z[l]) - (negatives[l] == o) * sigmoid(-x)) * v_c[a]",
    ),
    (
        "negative_sampling",
        "l in K",
        {},
        "r[negatives[l]]",
        "1 + sum(k in K, (k != l) * (negatives[l] == negatives[k]))",
    ),
    (
        "negative_sampling",
        "a in d",
        {},
        "grad_v_c[a]",
        "U[a, o] * delta_x + sum(k in K, U[a, negatives[k]] * delta_z[k])",
    ),
    ("negative_sampling", "", {}, "sum(i in d, 1) + sum(k in K, sum(i in d, 1))", "(K + 1) * d"),
    ("negative_sampling", "", {}, "sum(w in V, sum(i in d, 1))", "V * d"),
    ("skip_gram_naive_softmax", "a in d, w in V", {}, "diff(loss, U[a, w])", "v_c[a] * (m * yhat[w] - r[w])"),
    (
        "skip_gram_naive_softmax",
        "a in d",
        {},
        "diff(loss, v_c[a])",
        "sum(c in m, sum(w in V, U[a, w] * (yhat[w] - (w == outside[c]))))",
    ),
    ("skip_gram_naive_softmax", "a in d", {"q": "d"}, "diff(loss, q[a])", "0"),
    ("skip_gram_negative_sampling", "a in d", {"q": "d"}, "diff(loss, q[a])", "0"),
    (
        "skip_gram_negative_sampling",
        "a in d, w in V",
        {},
        "grad_U[a, w]",
        "v_c[a] * (r[w] * sigmoid(s[w]) - t[w] * sigmoid(-s[w]))",
    ),
    ("cbow_naive_softmax", "a in d, t in m", {}, "diff(loss, V_context[a, t])", "g[a] / max(m, 1)"),
    ("cbow_negative_sampling", "a in d, t in m", {}, "diff(loss, V_context[a, t])", "g[a] / max(m, 1)"),
    (
        "negative_sampling_block",
        "a in d, l in L",
        {},
        "diff(loss, V_c[a, l])",
        "sum(m in M, U[a, m] * G[l, m])",
    ),
    (
        "negative_sampling_block",
        "a in d, m in M",
        {},
        "diff(loss, U[a, m])",
        "sum(l in L, V_c[a, l] * G[l, m])",
    ),
    (
        "negative_sampling_block",
        "",
        {"K": "", "E": ""},
        "sum(m in M, K / max(M, 1) * E)",
        "M / max(M, 1) * (K * E)",
    ),
    (
        "negative_sampling_batch",
        "a in d, b in B",
        {},
        "diff(loss, V_c[a, b])",
        "sum(k in K, sigmoid(z[b, k]) * U[a, negatives[b, k]]) - sigmoid(-x[b]) * U[a, o[b]]",
    ),
    (
        "naive_softmax_batch",
        "a in d, w in V",
        {},
        "diff(loss, U[a, w])",
        "sum(b in B, V_c[a, b] * (yhat[b, w] - y[b, w]))",
    ),
]


@pytest.mark.parametrize("name", LOSSES)
def test_nothing_in_a_document_fails_to_show(name: str) -> None:
    """The files here are what the engine writes: `derivations --check`."""
    assert faults((ROOT / "derivations" / f"{name}.md").read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("name", LOSSES)
def test_what_a_document_says_is_computed_stands_beside_the_code(name: str) -> None:
    document = (ROOT / "derivations" / f"{name}.md").read_text(encoding="utf-8")
    code = (ROOT / "w2v_verified" / "generated" / f"{name}.py").read_text(encoding="utf-8")
    said = " ".join(code.replace("#", " ").split())
    computed = document.partition("```text\n")[2].partition("```")[0].splitlines()
    assert computed
    assert [statement for statement in computed if statement not in said] == []


@pytest.mark.parametrize("name", LOSSES)
def test_the_closed_forms_of_all_gradients_are_claimed(name: str) -> None:
    claimed = {claim.statement.partition("[")[0] for claim in LOSSES[name].claims}
    assert claimed == {f"grad_{a.name}" for a in derived(name).problem.differentiated}


@pytest.mark.parametrize("name", WITH_SECTIONS)
def test_every_chain_is_shown_once_and_in_order(name: str) -> None:
    for section in LOSSES[name].sections:
        shown = [b.strip() for b in section.text.split("\n\n") if b.strip().startswith("[")]
        assert shown == [f"[{n}]" for n in range(len(section.chains))], section.title


@pytest.mark.parametrize(("name", "over", "letting", "left", "right"), STATEMENTS)
def test_statement_is_proved_in_its_document(
    name: str, over: str, letting: dict[str, str], left: str, right: str
) -> None:
    derivation = derived(name)
    wanted = Chain(left, (), over, letting)
    start, indices = derivation.steps.expression(wanted, left)
    end, _ = derivation.steps.expression(wanted, right)
    for section in LOSSES[name].sections:
        for chain in section.chains:
            if (chain.over, dict(chain.letting)) != (over, letting):
                continue
            steps = list(derivation.steps.chain(chain))
            lines = [steps[0].before, *(s.after for s in steps)]
            if start in lines and end in lines[lines.index(start) :]:
                assert steps[0].over == indices
                return
    pytest.fail(f"{left} = {right} is nowhere in {name}.md")


def planted(loss: Loss, section: int) -> Loss:
    """``loss`` with one of its sections, at the end of whose last chain 1 is added."""
    shown = loss.sections[section]
    *_, last = shown.chains
    *steps, step = last.steps
    wrong = replace(step, expression=f"1 + {step.expression}")
    alone = replace(shown, text="[0]", chains=(replace(last, steps=(*steps, wrong)),), result="")
    return replace(loss, sections=(alone,))


@pytest.mark.parametrize(
    ("name", "section"), [(n, s) for n in WITH_SECTIONS for s in range(len(LOSSES[n].sections))]
)
def test_a_wrong_step_is_refused(name: str, section: int) -> None:
    with pytest.raises(ProofError, match="wrong: "):
        retold(planted(LOSSES[name], section)).document()


@pytest.mark.parametrize(
    ("chain", "why"),
    [
        (
            Chain("diff(sigmoid(t), t)", (Step("DIFF", "sigmoid(t) * (1 + sigmoid(t))"),), letting=SIGMA),
            "sign",
        ),
        (Chain("1 - sigmoid(t)", (Step("FUNCTION", "-sigmoid(-t)"),), letting=SIGMA), "sign"),
        (Chain("r[negatives[l]]", (Step("UNFOLD PICK", "1"),), over="l in K"), "repeats forgotten"),
        (
            Chain(
                "diff(loss, U[a, negatives[l]])",
                (Step("DIFF UNFOLD PICK", "sigmoid(z[l]) * v_c[a]"),),
                over="a in d, l in K",
            ),
            "repeats and a negative equal to o forgotten",
        ),
        (
            Chain(
                "diff(loss, U[a, o])",
                (Step("DIFF UNFOLD PICK SIGMOID", "(sigmoid(x) - 1) * v_c[a]"),),
                over="a in d",
            ),
            "a negative equal to o forgotten",
        ),
        (Chain("sum(w in V, sum(i in d, 1))", (Step("ALGEBRA", "V + d"),)), "sizes added"),
    ],
    ids=lambda v: v if isinstance(v, str) else "",
)
def test_a_false_statement_about_negative_sampling_is_refused(chain: Chain, why: str) -> None:
    loss = LOSSES["negative_sampling"]
    wrong = replace(loss, sections=(replace(loss.sections[0], text="[0]", chains=(chain,), result=""),))
    with pytest.raises(ProofError, match="wrong: "):
        retold(wrong).document()


@pytest.mark.parametrize(
    ("over", "expression", "matrix"),
    [
        ("", "sum(i in d, U[i, o] * v_c[i])", r"(U\,e_{o})^{\top}\,v_{c}"),
        ("k in K", "sum(i in d, U[i, negatives[k]] * v_c[i])", r"(U\,E_{n})^{\top}\,v_{c}"),
        ("i in d, k in K", "U[i, negatives[k]]", r"U\,E_{n}"),
        ("k in K, i in d", "U[i, negatives[k]]", r"(U\,E_{n})^{\top}"),
        ("w in V, k in K", "(w == negatives[k])", r"E_{n}"),
        ("k in K, w in V", "(w == negatives[k])", r"E_{n}^{\top}"),
        ("w in V", "sum(k in K, (w == negatives[k]))", r"E_{n}\,\mathbf 1"),
        ("w in V", "sum(k in K, (w == negatives[k])) * s[w]", r"s\odot (E_{n}\,\mathbf 1)"),
        ("i in d, w in V", "v_c[i] * sum(k in K, (w == negatives[k]) * z[k])", r"v_{c}\,(E_{n}\,z)^{\top}"),
        ("i in d, w in V", "v_c[i] * sigmoid(s[w])", r"v_{c}\,\sigma(s)^{\top}"),
        ("i in d, w in V", "U[i, w] * sigmoid(s[w])", None),
        ("k in K", "(z[k] + 1) ** 2", None),
        ("k in K, l in K", "(k == l)", None),
        ("i in d", "diff(loss, v_c[i])", r"\frac{\partial J}{\partial v_{c}}"),
        ("i in d, w in V", "diff(loss, U[i, w])", r"\frac{\partial J}{\partial U}"),
        ("w in V, i in d", "diff(loss, U[i, w])", None),
        ("i in d", "diff(loss, U[i, o])", None),
        ("i in d", "diff(x, v_c[i])", None),
    ],
)
def test_matrix_form(over: str, expression: str, matrix: str | None) -> None:
    derivation = derived("negative_sampling")
    e, frame = derivation.steps.expression(Chain(expression, (), over), expression)
    formula = Formulas(derivation.problem).matrix(e, frame)
    assert (formula and formula.latex) == matrix


@pytest.mark.parametrize(
    ("markdown", "fault"),
    [
        ("$`a_{b`$", "{} do not match"),
        (r"$`\left(a`$", "do not match"),
        (r"$`\operatorname{f}`$", "operatorname"),
        ("$``$", "without a letter"),
        ("$`@1:V`$", "@"),
        ("```math\nSum(x)\n```", "Sum("),
        ("a $ b", "a dollar alone"),
        ("```math\nx\n", "a fence alone"),
        ("| a | b |\n|---|---|\n| $`|V|`$ | c |", "columns"),
        ("| a | b |\n|---|---|", "a table without rows"),
    ],
)
def test_faults_are_found(markdown: str, fault: str) -> None:
    assert any(fault in found for found in faults(markdown))


def test_every_section_of_naive_softmax_names_the_properties_that_say_it() -> None:
    derivation = derived("naive_softmax")
    known = {law.law.name for law in derivation.laws}
    said: set[str] = set()
    for section in derivation.loss.sections:
        text = " ".join(section.text.split())
        assert "*As properties:* " in text, section.title
        named, _, _ = text.partition("*As properties:* ")[2].partition(".")
        said |= set(named.split("; "))
    assert said <= known
    others = {"d has no order", "it is a batch of one pair", "it is a window of one word"}
    assert known - said == others  # which are about axes, and about other losses


def anchors(markdown: str) -> list[str]:
    """The names of places that a link can lead to."""
    return re.findall(r'^<a id="([^"]+)"></a>\n\n#', markdown, re.MULTILINE)


def broken_links(markdown: str, folder: Path) -> list[str]:
    """Links to a place, or to a file beside the document, that are not there."""
    links = re.findall(r"\]\(([^()\s]+)\)", FENCED.sub("", markdown))
    known = anchors(markdown)
    return [
        link
        for link in links
        if "://" not in link
        and not (link.removeprefix("#") in known if link[0] == "#" else (folder / link).is_file())
    ]


@pytest.mark.parametrize("name", LOSSES)
def test_every_link_of_a_document_leads_somewhere(name: str) -> None:
    folder = ROOT / "derivations"
    markdown = (folder / f"{name}.md").read_text(encoding="utf-8")
    assert broken_links(markdown, folder) == []
    assert len(set(anchors(markdown))) == len(anchors(markdown)) >= 4


@pytest.mark.parametrize("wrong", ["[a](#nowhere)", "[a](nothing.md)"])
def test_a_broken_link_is_seen(wrong: str) -> None:
    markdown = (
        f'<a id="one"></a>\n\n## One\n\n[b](#one), [c](naive_softmax.md), [d](https://e.org/f): {wrong}\n'
    )
    (found,) = broken_links(markdown, ROOT / "derivations")
    assert f"({found})" in wrong


@pytest.mark.parametrize("name", LOSSES)
def test_the_results_stand_on_the_first_screen_with_a_link_to_each_section(name: str) -> None:
    markdown = (ROOT / "derivations" / f"{name}.md").read_text(encoding="utf-8")
    before, _, after = markdown.partition("\n## The results\n\n")
    assert before.count("\n") < 10
    items = after.partition("\n\n")[0].splitlines()
    assert [item.partition("(#")[2].partition(")")[0] for item in items] == anchors(markdown)
    for section, item in zip(LOSSES[name].sections, items[1:], strict=False):
        assert section.title in item
        assert section.result
        assert item.count("$`") == len(CHAIN.findall(section.result))


def test_the_four_results_of_naive_softmax_stand_at_the_top() -> None:
    """The loss, its gradients, where they are zero, and what a step does."""
    markdown = (ROOT / "derivations" / "naive_softmax.md").read_text(encoding="utf-8")
    lines = markdown.splitlines()[:20]
    for result in (
        r"-\log(\hat y_{o}) = J",
        r"\frac{\partial J}{\partial v_{c}} = U\,(\hat y-y)",
        r"\frac{\partial J}{\partial U} = v_{c}\,(\hat y-y)^{\top}",
        r"\frac{\partial J}{\partial v_{c}} = \bar u-U\,e_{o}",
        r"v_{c}-\eta\,\frac{\partial J}{\partial v_{c}} = v_{c}+\eta\,(U\,e_{o}-\bar u)",
    ):
        (line,) = [line for line in lines if result in line]
        assert line.startswith("- [")


@pytest.mark.parametrize(
    ("claims", "result"),
    [
        ((), r"$`\frac{\partial J}{\partial x} = 3\,\delta`$"),
        (("grad_x[i in d] = 6 * z[i]",), r"$`\displaystyle \frac{\partial J}{\partial x} = 6\,z`$"),
    ],
    ids=["as derived", "as claimed"],
)
def test_without_sections_the_gradients_by_the_arguments_stand_at_the_top(
    claims: tuple[str, ...], result: str
) -> None:
    definition = "z[i in d] = 3 * x[i]\nloss = sum(i in d, z[i] ** 2)"
    loss = Loss("own", "One.", (Axis("d"),), (Array("x", "d"),), definition, claims=tuple(map(Claim, claims)))
    top = Derivation(loss).document("own.py").partition("| symbol")[0]
    (line,) = [line for line in top.splitlines() if "(#gradients)" in line]
    assert line == f"- [The gradients, stage by stage](#gradients): {result}"


@pytest.mark.parametrize(
    ("result", "reason"),
    [
        ("[2]", r"result: expected one of \[0\], \[1\], got \[2\]"),
        ("it is $x$", "result: expected words and chains such as"),
    ],
)
def test_a_result_that_no_chain_proves_is_refused(result: str, reason: str) -> None:
    loss = LOSSES["naive_softmax"]
    section = replace(loss.sections[0], result=result)
    with pytest.raises(LanguageError, match=reason):
        _ = Derivation(replace(loss, sections=(section,))).problem


def test_a_result_by_a_chain_that_is_not_proved_says_so() -> None:
    chain = Chain("sin(2 * t)", (Step("ALGEBRA", "2 * sin(t) * cos(t)"),), letting={"t": ""})
    loss = Loss(
        "own",
        "One.",
        (Axis("d"),),
        (Array("x", "d"),),
        "loss = sum(i in d, x[i] ** 2)",
        sections=(Section("A sine", "[0]", (chain,), result="[0]"),),
    )
    top = Derivation(loss).document("own.py").partition("| symbol")[0]
    assert f"(**{SAMPLED}**)" in top
