"""What ``check`` and its command say: verdict, grade, counterexample, conventions, wrong use."""

import json
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from further_records import PROBABILITIES, SQUARES
from mutants import no_shift, of_the_course, one_vector_a_row, right, transposed, wrong_on_ties

from w2v_verified import naive_softmax
from w2v_verified.__main__ import main
from w2v_verified.verify import OracleError, Record, check, gradient_test, load
from w2v_verified.verify.judging.conventions import convention_named
from w2v_verified.verify.judging.shrink import shrink

NEGATIVE_SAMPLING = Record.from_json(
    {
        "name": "negatives_summed",
        "summary": "Negative sampling, for the form of its arguments.",
        "axes": [
            {"name": "d", "meaning": "dimension", "minimum": 1},
            {"name": "V", "meaning": "words", "minimum": 1},
            {"name": "K", "meaning": "negative samples", "minimum": 0},
        ],
        "arguments": [
            {
                "name": "v_c",
                "kind": "array",
                "axes": ["d"],
                "domain": "real",
                "gradient": True,
                "meaning": "centre",
            },
            {"name": "o", "kind": "index", "axes": [], "into": "V", "meaning": "outside word"},
            {
                "name": "U",
                "kind": "array",
                "axes": ["d", "V"],
                "domain": "real",
                "gradient": True,
                "meaning": "words",
            },
            {"name": "negatives", "kind": "index", "axes": ["K"], "into": "V", "meaning": "negative samples"},
        ],
        "results": [
            {"name": "loss", "of": None},
            {"name": "grad_v_c", "of": "v_c"},
            {"name": "grad_U", "of": "U"},
        ],
        "definition": [
            "z[w in V] = sum(i in d, U[i, w] * v_c[i])",
            "loss = softplus(-z[o]) + sum(k in K, softplus(z[negatives[k]]))",
        ],
        "textbook": [
            "z[w in V] = sum(i in d, U[i, w] * v_c[i])",
            "loss = softplus(-z[o]) + sum(k in K, softplus(z[negatives[k]]))",
            "c[w in V] = (w == o) * (sigmoid(z[w]) - 1) + sum(k in K, (w == negatives[k]) * sigmoid(z[w]))",
            "grad_v_c[i in d] = sum(w in V, U[i, w] * c[w])",
            "grad_U[i in d, w in V] = v_c[i] * c[w]",
        ],
        "stable": [
            "z[w in V] = sum(i in d, U[i, w] * v_c[i])",
            "loss = softplus(-z[o]) + sum(k in K, softplus(z[negatives[k]]))",
            "c[w in V] = -(w == o) * sigmoid(-z[w]) + sum(k in K, (w == negatives[k]) * sigmoid(z[w]))",
            "grad_v_c[i in d] = sum(w in V, U[i, w] * c[w])",
            "grad_U[i in d, w in V] = v_c[i] * c[w]",
        ],
    }
)


def _sigmoid(x: Any) -> Any:
    return np.exp(-np.logaddexp(0, -x))


def course_negatives(
    centerWordVec: Any, outsideWordIdx: int, outsideVectors: Any, dataset: Any, K: int = 10
) -> tuple[Any, Any, Any]:
    """What a careful student hands in."""
    drawn = []
    for _ in range(K):
        index = dataset.sampleTokenIdx()
        while index == outsideWordIdx:
            index = dataset.sampleTokenIdx()
        drawn.append(index)
    z = outsideVectors @ centerWordVec
    loss = np.logaddexp(0, -z[outsideWordIdx])
    coefficients = np.zeros(len(z))
    coefficients[outsideWordIdx] -= _sigmoid(-z[outsideWordIdx])
    for index in drawn:
        loss += np.logaddexp(0, z[index])
        coefficients[index] += _sigmoid(z[index])
    return loss, outsideVectors.T @ coefficients, np.outer(coefficients, centerWordVec)


def course_negatives_repeats_lost(
    centerWordVec: Any, outsideWordIdx: int, outsideVectors: Any, dataset: Any, K: int = 10
) -> tuple[Any, Any, Any]:
    drawn = np.array([dataset.sampleTokenIdx() for _ in range(K)])
    z = outsideVectors @ centerWordVec
    loss = np.logaddexp(0, -z[outsideWordIdx]) + np.logaddexp(0, z[drawn]).sum()
    coefficients = np.zeros(len(z))
    coefficients[outsideWordIdx] -= _sigmoid(-z[outsideWordIdx])
    coefficients[drawn] += _sigmoid(z[drawn])
    return loss, outsideVectors.T @ coefficients, np.outer(coefficients, centerWordVec)


def test_own_function_has_the_top_grade() -> None:
    report = check(naive_softmax, "naive_softmax", strict=True)
    assert report.ok, str(report)
    assert report.grade == "componentwise accurate"
    assert report.worst is not None
    assert 0 < report.worst.fraction <= 1
    assert not report.findings
    assert not report.remarks


def test_textbook_passes_and_fails_strictly() -> None:
    report = check(right, "naive_softmax")
    assert report.ok
    assert report.grade == "accurate as standard algorithms are"
    assert "digits" in str(report)
    strict = check(right, "naive_softmax", strict=True)
    assert not strict.ok
    assert "strict asks for componentwise accuracy" in str(strict)


def test_counterexample_can_be_pasted_and_run() -> None:
    report = check(no_shift, "naive_softmax")
    assert report.counterexample is not None
    scope: dict[str, Any] = {"no_shift": no_shift}
    with np.errstate(all="ignore"):
        exec(report.counterexample, scope)
    assert not np.isfinite(scope["loss"])
    assert scope["v_c"].shape == (1,)
    assert report.counterexample in str(report).replace("\n    ", "\n")


def test_ties_are_drawn_where_random_numbers_have_none() -> None:
    report = check(wrong_on_ties, "naive_softmax", examples=0)
    assert report.grade == "wrong"
    assert np.asarray(report.findings[0].arguments["U"]).shape == (1, 2)


def test_same_seed_same_examples() -> None:
    def recorded(seed: int) -> list[bytes]:
        seen: list[bytes] = []

        def function(v_c: Any, o: Any, U: Any) -> Any:
            seen.append(np.asarray(U).tobytes())
            return naive_softmax(v_c, o, U)

        check(function, "naive_softmax", examples=20, seed=seed)
        return seen

    assert recorded(3) == recorded(3)
    assert recorded(3) != recorded(4)


def test_rows_are_told_from_columns() -> None:
    assert check(one_vector_a_row, "naive_softmax", "rows").ok
    assert not check(one_vector_a_row, "naive_softmax", "columns").ok
    assert not check(right, "naive_softmax", "rows").ok
    found = check(
        lambda v, o, W: (*one_vector_a_row(v, o, W)[:2], right(v, o, W.T)[2]), "naive_softmax", "rows"
    )
    assert found.findings[0].kind == "return"


@pytest.mark.slow
def test_course_convention_draws_its_negatives_from_the_dataset() -> None:
    report = check(course_negatives, NEGATIVE_SAMPLING, "cs224n")
    assert report.ok, str(report)
    wrong = check(course_negatives_repeats_lost, NEGATIVE_SAMPLING, "cs224n")
    assert wrong.grade == "wrong"
    assert len(set(np.asarray(wrong.findings[0].arguments["negSampleWordIndices"]).tolist())) == 1


def test_course_snippet_runs() -> None:
    report = check(course_negatives_repeats_lost, NEGATIVE_SAMPLING, "cs224n")
    assert report.counterexample is not None
    scope: dict[str, Any] = {"course_negatives_repeats_lost": course_negatives_repeats_lost}
    exec(report.counterexample, scope)
    assert np.isfinite(scope["loss"])


def test_a_function_is_not_called_on_what_its_convention_declines() -> None:
    dtypes: set[Any] = set()

    def watched(v_c: Any, o: Any, W: Any, dataset: Any) -> Any:
        dtypes.update((v_c.dtype, W.dtype))
        return of_the_course(v_c, o, W, dataset)

    report = check(watched, "naive_softmax", "cs224n")
    assert report.ok, str(report)
    assert dtypes == {np.dtype(np.float64)}
    assert report.examples == 200


def test_convention_that_does_not_fit_the_loss_is_refused() -> None:
    with pytest.raises(ValueError, match="cs224n knows losses of"):
        convention_named("cs224n", load("naive_softmax_batch"))
    with pytest.raises(ValueError, match="convention: expected one of columns, rows, cs224n, got 'rpws'"):
        check(right, "naive_softmax", "rpws")


def test_mistakes_of_the_caller_are_refused() -> None:
    three: Any = 3
    with pytest.raises(TypeError, match="function: expected something that can be called, got int"):
        check(three, "naive_softmax")
    with pytest.raises(ValueError, match="loss: expected one of"):
        check(right, "naive_softmaxx")
    with pytest.raises(ValueError, match="examples: expected 0 or more, got -1"):
        check(right, "naive_softmax", examples=-1)
    with pytest.raises(TypeError, match="loss: expected a name, a path or a Record, got int"):
        check(right, three)


def test_mistake_of_the_judge_is_not_blamed_on_the_function(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise NameError("a slip in the judge")

    monkeypatch.setattr("w2v_verified.verify.judging.judge.observe", broken)
    with pytest.raises(NameError, match="a slip in the judge"):
        check(right, "naive_softmax")


def test_one_implementation_cannot_spoil_the_input_of_the_next() -> None:
    """The deck is made once; whoever writes to it must not be noticed by anybody else."""

    def spoils(v_c: Any, o: Any, U: Any) -> Any:
        results = right(v_c, o, U)
        for array in (v_c, U):
            if array.flags.writeable:
                array[...] = 7
        return results

    assert check(spoils, "naive_softmax", examples=0).findings[0].kind == "inputs_untouched"
    report = check(naive_softmax, "naive_softmax", examples=0, strict=True)
    assert report.ok, str(report)
    assert not report.remarks


LITERAL = replace(PROBABILITIES, prepared=PROBABILITIES.definition)


def regression(X: Any, t: Any, c: Any) -> Any:
    dtype = np.result_type(*(a if a.dtype.kind == "f" else np.float64 for a in (X, t, c)))
    X, t, c = (np.asarray(array, dtype) for array in (X, t, c))
    s = X @ c
    loss = (t * np.logaddexp(0, -s) + (1 - t) * np.logaddexp(0, s)).sum()
    return loss, X.T @ ((1 - t) * _sigmoid(s) - t * _sigmoid(-s))


def test_inputs_without_exact_values_are_set_aside() -> None:
    """Without its prepared form, nobody can say what this loss is at logits of 1e15."""
    judged = check(regression, PROBABILITIES, examples=60)
    assert judged.ok, str(judged)
    assert not any(remark.kind == "not_enclosed" for remark in judged.remarks)
    report = check(regression, LITERAL, examples=60)
    assert report.ok, str(report)
    remark = next(remark for remark in report.remarks if remark.kind == "not_enclosed")
    assert "inputs, this one and others, could not be enclosed" in remark.message
    assert "1e+15" in remark.message
    assert "Not counted, for want of exact values" in str(report)


def test_inputs_without_exact_values_hide_no_fault() -> None:
    def half(X: Any, t: Any, c: Any) -> Any:
        loss, gradient = regression(X, t, c)
        return loss, gradient / 2

    report = check(half, LITERAL, examples=0)
    assert report.findings[0].kind == "value"


def test_without_any_exact_value_there_is_no_verdict() -> None:
    nowhere = replace(PROBABILITIES, definition=("loss = log(0 - 1)",), prepared=("loss = log(0 - 1)",))
    with pytest.raises(
        OracleError, match=r"probabilities: could not be judged: none of \d+ inputs could be enclosed"
    ):
        check(regression, nowhere, examples=3)


def test_shrinking_stops_in_time_and_keeps_the_kind() -> None:
    report = check(transposed, "naive_softmax")
    found = report.findings[0]
    record = load("naive_softmax")
    kept = shrink(record, found, found.arguments, lambda arguments: None, 100)
    assert kept is found
    assert report.seconds < 5


def test_report_as_plain_data() -> None:
    data = json.loads(json.dumps(check(no_shift, "naive_softmax").to_dict(), allow_nan=False))
    assert data["grade"] == "right on ordinary numbers"
    assert data["ok"] is False
    assert data["range"] == "all"
    assert {limit["result"] for limit in data["limits"]} == {"loss", "grad_v_c", "grad_U"}
    assert data["findings"][0]["kind"] == "value"
    assert data["seed"] == 0


# ------------------------------------------------------------------------------------ command line

SOLUTION = """
import numpy as np

def right(v_c, o, U):
    s = v_c @ U - (v_c @ U).max()
    e = np.exp(s)
    delta = e / e.sum()
    loss = np.log(e.sum()) - s[o]
    delta[o] -= 1
    return loss, U @ delta, np.outer(v_c, delta)

def wrong(v_c, o, U):
    return tuple(2 * value for value in right(v_c, o, U))
"""


@pytest.fixture
def solution(tmp_path: Path) -> Path:
    file = tmp_path / "solution_of_a_student.py"
    file.write_text(SOLUTION)
    return file


def _check(*arguments: str) -> int:
    return main(["check", *arguments, "--loss", "naive_softmax", "--examples", "20"])


def test_command_exit_statuses(solution: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _check(f"{solution}:right") == 0
    assert "accurate as standard algorithms are" in capsys.readouterr().out
    assert _check(f"{solution}:right", "--strict") == 1
    assert _check(f"{solution}:wrong") == 1
    assert "wrong(v_c, o, U)" in capsys.readouterr().out


def test_command_prints_json(solution: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _check(f"{solution}:wrong", "--json") == 1
    assert json.loads(capsys.readouterr().out)["function"] == "wrong"


@pytest.mark.parametrize(
    ("target", "complaint"),
    [
        ("missing.py:right", "FILE.py:FUNCTION: cannot read 'missing.py': No such file"),
        ("{}:wright", "which has right, wrong, got 'wright'; did you mean right?"),
        ("{}", "FILE.py:FUNCTION: expected a file and a name, as solution.py:loss"),
    ],
)
def test_command_used_wrongly(
    solution: Path, target: str, complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _check(target.format(solution)) == 2
    error = capsys.readouterr().err
    assert complaint in error
    assert error.count("\n") == 1


@pytest.mark.parametrize("text", ["import nothing_of_that_name", "def f(:", "raise SystemExit(0)", "1 / 0"])
def test_command_says_in_one_line_why_a_file_cannot_be_imported(
    tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "broken_solution.py").write_text(text)
    assert _check(f"{tmp_path}/broken_solution.py:f") == 1
    out = capsys.readouterr().out
    assert "broken_solution.py cannot be imported" in out
    assert out.count("\n") == 1


def test_command_refuses_an_unknown_loss(solution: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", f"{solution}:right", "--loss", "softmax"]) == 2
    assert "--loss: expected one of" in capsys.readouterr().err


def test_whole_numbers_are_judged_by_their_values() -> None:
    """Of whole numbers the gradient of a polynomial is whole; it is wrong where the format is too narrow for it."""

    def whole(x: Any) -> Any:
        x = x.astype(np.int64) if x.dtype.kind == "i" else x
        return float((x.astype(np.float64) ** 2).sum()), 2 * x

    report = check(whole, SQUARES)
    assert report.ok, str(report)
    assert "result_dtypes" in {remark.kind for remark in report.remarks}
    narrow = check(lambda x: (float((x.astype(np.float64) ** 2).sum()), (2 * x).astype(np.int8)), SQUARES)
    assert not narrow.ok
    assert {finding.kind for finding in narrow.findings} == {"value"}


def test_what_the_caller_has_set_does_not_disturb_the_judge() -> None:
    expected = check(right, "naive_softmax", examples=30).to_dict()
    with warnings.catch_warnings(), np.errstate(all="raise"):
        warnings.simplefilter("error")
        before = np.geterr(), list(warnings.filters)
        strict = check(right, "naive_softmax", examples=30).to_dict()
        gradient_test(right, "naive_softmax", max_examples=5)()
        assert (np.geterr(), list(warnings.filters)) == before
    assert {k: v for k, v in strict.items() if k != "seconds"} == {
        k: v for k, v in expected.items() if k != "seconds"
    }
