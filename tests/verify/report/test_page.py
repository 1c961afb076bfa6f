"""The page and the short forms: failing inputs are drawn, a notebook is left as it is."""

import math
import re
from typing import Any

from course_solutions import naive_one_hot_forgotten
from mutants import no_shift, right, y_missing
from verdicts import verdict

from w2v_verified import naive_softmax_factored
from w2v_verified.verify import CONVENTIONS, check, deck, load, page
from w2v_verified.verify.judging.finding import Point
from w2v_verified.verify.judging.judge import judge
from w2v_verified.verify.report.plot import plot


def test_the_plot_shows_the_inputs_it_fails_on() -> None:
    report = verdict(no_shift, "naive_softmax")
    assert len(report.failed) > 3
    text = page(report, load("naive_softmax"))
    assert text.count('<path class="wrong"') == len(report.failed)
    assert "v_c to 2000: error" in text
    assert not check(right, "naive_softmax", examples=0).failed


def test_what_is_not_finite_lies_on_the_edge() -> None:
    drawn = plot([], [Point("a", math.nan, 1e-15), Point("b", math.inf, 0.0), Point("c", 1e300, 1e-300)])
    numbers = [
        float(number) for number in re.findall(r'd="M([-\d.]+) ([-\d.]+)l', drawn) for number in number
    ]
    assert len(numbers) == 6
    assert all(math.isfinite(number) for number in numbers)
    assert len(set(numbers[1::2])) == 1


def test_a_report_is_short_where_it_is_echoed() -> None:
    report = verdict(y_missing, "naive_softmax")
    assert repr(report).splitlines() == [
        "y_missing as naive_softmax, called in columns: wrong",
        "  value: grad_v_c[0] is 1 and should be 0 [ordinary numbers]",
    ]
    assert len(repr(check(right, "naive_softmax", examples=0)).splitlines()) == 1


def test_a_notebook_shows_the_page_and_keeps_its_own_style() -> None:
    report = verdict(y_missing, "naive_softmax")
    shown = report._repr_html_()
    assert shown == page(report, load("naive_softmax"))
    style = shown[shown.index("<style>") + 7 : shown.index("</style>")]
    rules = re.findall(r"([^{}]+)\{", style.replace("@media (prefers-color-scheme: dark) {", ""))
    assert all(".w2v-verified" in rule for rule in rules), rules


def test_the_page_quotes_in_the_words_of_the_caller() -> None:
    report = check(naive_one_hot_forgotten, "naive_softmax", "cs224n", examples=0)
    text = page(report, load("naive_softmax"))
    assert "gradOutsideVecs[w in V, i in d] = centerWordVec[i] * delta[w]" in text
    assert (
        "In that document v_c is centerWordVec; o is outsideWordIdx; U[i, w] is outsideVectors[w, i]." in text
    )
    assert "In that document" not in page(verdict(y_missing, "naive_softmax"), load("naive_softmax"))


def test_factors_of_a_gradient_by_row_are_those_of_the_rows() -> None:
    def by_row(v_c: Any, o: Any, W: Any) -> Any:
        loss, grad_v_c, left, right = naive_softmax_factored(v_c, o, W.T)
        return loss, grad_v_c, right, left

    record = CONVENTIONS["rows"].reworded(load("naive_softmax_factored"))
    assert judge(by_row, record, deck(record)[0].arguments).finding is None
