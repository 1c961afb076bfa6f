"""A program in other words says the same."""

import numpy as np
import pytest

from w2v_verified.notation import parse
from w2v_verified.notation.renaming import renamed
from w2v_verified.verify import CONVENTIONS, deck, load, names, reference


@pytest.mark.parametrize("loss", names())
def test_exact_values_are_the_same_by_row(loss: str) -> None:
    record, rows = load(loss), CONVENTIONS["rows"]
    own = rows.reworded(record)
    arguments = deck(record)[0].arguments
    columns, turned = reference(record, arguments), reference(own, rows.given(record, arguments))
    for result in record.results:
        value = np.asarray(columns.split[result.name][0])
        other = np.asarray(turned.split[result.name][0])
        assert np.allclose(value, other.T if result.of in rows.turned(record) else other, rtol=1e-15, atol=0)


def test_what_has_no_new_name_keeps_its_text() -> None:
    record = load("skip_gram_negative_sampling")
    for program in record.programs.values():
        assert renamed(program, {}) == program


def test_a_name_that_is_taken_makes_way() -> None:
    program = parse(["score = sum(i in d, v[i] * v[i])", "loss = score if score < 1 else max(score, 2) / pi"])
    texts = [statement.text for statement in renamed(program, {"v": "score"}).statements]
    assert texts == [
        "score_ = sum(i in d, score[i] * score[i])",
        "loss = score_ if score_ < 1 else max(score_, 2) / pi",
    ]


def test_names_of_the_course_are_those_of_its_code() -> None:
    own = CONVENTIONS["cs224n"].reworded(load("negative_sampling"))
    assert own.fields == ("loss", "gradCenterVec", "gradOutsideVecs")
    assert own.definition[1] == (
        "z[k in K] = sum(i in d, outsideVectors[negSampleWordIndices[k], i] * centerWordVec[i])"
    )
