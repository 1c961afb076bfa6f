"""``check`` and ``property_tests`` ask for the laws of a loss, and say what became of each."""

import contextlib
import io
import json
from dataclasses import replace
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mutants import one_vector_a_row
from stated import CASES, law, with_laws

from w2v_verified import naive_softmax, negative_sampling
from w2v_verified.verify import Record, check, load, properties, property_tests
from w2v_verified.verify.arrays import NUMPY
from w2v_verified.verify.judging.conventions import CONVENTIONS
from w2v_verified.verify.law import law_from_json
from w2v_verified.verify.laws.asked import Asked
from w2v_verified.verify.laws.examples import examples_of
from w2v_verified.verify.laws.outcome import outcome_of
from w2v_verified.verify.laws.reading import laws_of
from w2v_verified.verify.laws.trying import tried
from w2v_verified.verify.laws.wording import in_words
from w2v_verified.verify.report.origin import Origin
from w2v_verified.verify.report.report import Report
from w2v_verified.verify.report.snippet import snippet
from w2v_verified.verify.trial import Trial


def of(loss: str) -> Record:
    return with_laws(loss, *(case.law for case in CASES if case.loss == loss))


SOFTMAX, SAMPLING = of("naive_softmax"), of("negative_sampling")


def first_word_weighted(v_c: Any, o: int, U: Any) -> Any:
    """Words have an order."""
    loss, grad_v_c, grad_U = naive_softmax(v_c, o, U)
    return loss, grad_v_c, grad_U * np.where(np.arange(U.shape[1]) == 0, 1 + 2.0**-10, 1)


def asked_of(function: Any, record: Record, convention: str = "columns") -> Asked:
    return Asked(function, record, CONVENTIONS[convention], lambda each: False)


def status(report: Report) -> dict[str, str]:
    return {law.name: law.status for law in report.laws}


def test_a_right_function_holds_every_law() -> None:
    report = check(naive_softmax, SOFTMAX, examples=0, strict=True)
    assert report.ok
    assert set(status(report).values()) == {"held"}
    assert all(law.held >= 4 for law in report.laws)
    assert "10 laws of naive_softmax:" in str(report)
    assert "held on 6 examples: columns of grad_U add up to zero;" in " ".join(str(report).split())


@cache
def weighted() -> Report:
    return check(first_word_weighted, SOFTMAX, examples=0)


def test_a_broken_law_is_a_finding_beside_the_value_that_breaks_it() -> None:
    report = weighted()
    found = status(report)
    assert found["words have no order"] == found["closed forms"] == "broken"
    assert found["shift"] == found["convex in the centre vector"] == "held"
    assert report.findings[0].kind == "value"
    assert {finding.kind for finding in report.findings[1:]} == {"law"}
    text = " ".join(str(report).split())
    assert (
        "law: columns of grad_U add up to zero: sum(w in V, grad_U[i, w]) == 0 does not hold at i = " in text
    )
    assert "and 1 broken law more, as listed below" in text
    assert "- broken: columns of grad_U add up to zero; closed forms; words have no order" in text


def test_a_convention_that_declines_the_inputs_is_not_asked() -> None:
    def course(centre: Any, o: int, rows: Any, dataset: Any, K: int = 10) -> Any:
        negatives = np.array([dataset.sampleTokenIdx() for _ in range(K)])
        loss, grad_v_c, grad_U = negative_sampling(centre, o, rows.T, negatives)
        return loss, grad_v_c, grad_U.T

    outcomes = [
        outcome_of(
            law,
            in_words(law, CONVENTIONS["cs224n"]),
            tried(law, asked_of(course, SAMPLING, "cs224n"), examples),
        )
        for law in laws_of(SAMPLING)
        for examples in [examples_of(law, CONVENTIONS["cs224n"], NUMPY, 6)]
    ]
    assert {each.status for each in outcomes} == {"not asked for in this convention"}
    text = " ".join(str(replace(weighted(), laws=tuple(outcomes))).split())
    assert "- not asked for in this convention: no negSampleWordIndices; outsideWordIdx among the" in text
    asked = {row.name: row.asked for row in properties(SAMPLING, "cs224n") if row.kind == "law"}
    assert asked == {"no_negSampleWordIndices": False, "outsideWordIdx_among_the_negSampleWordIndices": False}
    made = property_tests(course, SAMPLING, "cs224n")
    assert not [name for name in dir(made) if name.startswith("test_no_neg")]


def test_the_words_are_those_of_the_callers_code() -> None:
    def wrong(v_c: Any, o: int, W: Any) -> Any:
        loss, grad_v_c, grad_W = one_vector_a_row(v_c, o, W)
        return loss, grad_v_c, 2 * grad_W

    found: dict[str, Any] = {}
    for read in laws_of(SOFTMAX):
        examples = examples_of(read, CONVENTIONS["rows"], NUMPY, 6)
        right, faulty = (
            [each.finding for each in tried(read, asked_of(function, SOFTMAX, "rows"), examples)]
            for function in (one_vector_a_row, wrong)
        )
        assert right == [None] * 6
        found[read.law.name] = next((each for each in faulty if each is not None), None)
    closed = found["closed forms"]
    assert "grad_U[w, i] == v_c[i] * (yhat[w] - (w == o)) does not hold at i = " in closed.message
    assert np.shape(closed.arguments["U"])[1] == np.size(closed.arguments["v_c"])


def test_the_data_and_the_page_have_every_law() -> None:
    report = weighted()
    data = json.loads(json.dumps(report.to_dict(), allow_nan=False))
    assert [each["name"] for each in data["laws"]] == [law.name for law in SOFTMAX.laws]
    broken = next(each["broken"] for each in data["findings"] if each["message"].startswith("words have"))
    assert [each["name"] for each in broken["calls"]] == ["permuted"]
    assert set(broken["calls"][0]["arguments"]) == {"v_c", "o", "U"}
    page = report._repr_html_()
    assert page.count("<tr>") == 1 + len(SOFTMAX.laws)


IN_A_MODULE = {
    "words have no order": "from w2v_verified import naive_softmax\n"
    "def f(v_c, o, U): return naive_softmax(v_c, (o + 1) % U.shape[1], U)\n",
    "sum of windows of one": "from w2v_verified import skip_gram_naive_softmax as right\n"
    "def f(v_c, outside, U):\n"
    "    loss, g, G = right(v_c, outside, U)\n"
    "    return loss / max(1, len(outside)), g, G\n",
}


@pytest.mark.parametrize("name", IN_A_MODULE)
def test_the_lines_to_run_show_all_calls(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = next(case for case in CASES if case.law["name"] == name)
    module = f"laws_of_{case.loss}"
    (tmp_path / f"{module}.py").write_text(IN_A_MODULE[name])
    monkeypatch.syspath_prepend(str(tmp_path))
    law_ = laws_of(case.record)[0]
    asked = asked_of(import_module(module).f, case.record)
    found = [each.finding for each in tried(law_, asked, examples_of(law_, asked.convention, NUMPY, 6))]
    finding = next(each for each in found if each is not None)
    assert finding.broken is not None
    lines = snippet(case.record, asked.convention, Origin("f", module), finding)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(lines, {})
    for call in finding.broken.calls:
        assert f"\n# {call.name}\n" in lines
    assert {line.partition(" is ")[0] for line in out.getvalue().splitlines() if " is " in line} == {
        f"{call}_{field}" if call else field for call, field in finding.broken.results
    }


def test_each_law_is_a_test_of_its_own() -> None:
    rows = [row for row in properties(SOFTMAX) if row.kind == "law"]
    assert [row.name for row in rows][:3] == [
        "columns_of_grad_U_add_up_to_zero",
        "not_negative",
        "closed_forms",
    ]
    assert {row.standing for row in rows} == {"argued"}
    made = property_tests(naive_softmax, SOFTMAX, only=[row.name for row in rows], max_examples=3)
    for row in rows:
        getattr(made(), f"test_{row.name}")()
    wrong = property_tests(first_word_weighted, SOFTMAX, only=["words_have_no_order"])
    with pytest.raises(AssertionError, match="words have no order: permuted_grad_U") as e:
        wrong().test_words_have_no_order()
    notes = "\n".join(e.value.__notes__)
    assert "# permuted" in notes
    assert "results = first_word_weighted(v_c, o, U)\npermuted_loss, permuted_grad_v_c" in notes


def test_names_of_laws_and_of_other_properties_do_not_meet() -> None:
    stated = {
        "name": "the loss is within its bound",
        "reason": "r",
        "holds": [{"statement": "loss >= 0", "latex": "J", "proved": True}],
    }
    record = replace(
        load("naive_softmax"), laws=tuple(map(law_from_json, (stated, law("1 == 1", "loss >= 0"))))
    )
    rows = properties(record)
    assert [row.name for row in rows[-2:]] == ["law_the_loss_is_within_its_bound", "law_1_1"]
    assert (rows[-2].latex, rows[-2].reason, rows[-2].standing) == ("J", "r", "proved")
    assert rows[0].standing == "promised"


def test_what_breaks_a_law_counts_as_a_wrong_value_though_it_is_never_seen_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wrong: list[bool] = []
    looked = Trial.look_at_laws

    def look_at_laws(self: Trial, *given: Any) -> None:
        wrong.append(True)
        looked(self, *given)
        wrong.clear()

    def wrong_for_laws_alone(v_c: Any, o: int, U: Any) -> Any:
        loss, grad_v_c, grad_U = naive_softmax(v_c, o, U)
        return loss + len(wrong), grad_v_c, grad_U

    monkeypatch.setattr(Trial, "look_at_laws", look_at_laws)
    report = check(wrong_for_laws_alone, SOFTMAX, examples=0)
    assert status(report)["closed forms"] == "broken"
    assert report.grade == "wrong"
    assert report.findings[0].kind == "value"
    assert report.findings[0].case.startswith("input of the law: ")


def test_the_report_says_where_a_registered_law_is_explained() -> None:
    report = check(naive_softmax, "naive_softmax", examples=0)
    assert "laws of naive_softmax (why they hold: derivations/naive_softmax.md):" in " ".join(
        str(report).split()
    )
    root = Path(__file__).parents[3]
    document = (root / "derivations" / "naive_softmax.md").read_text(encoding="utf-8")
    assert [law.name for law in report.laws if f"\n### {law.name}\n" not in document] == []
