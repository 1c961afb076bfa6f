"""A record carries its laws; one without them has none; what cannot be read says which law and why."""

from dataclasses import replace

import pytest
from stated import array, call, law, with_laws

from w2v_verified.notation import LanguageError
from w2v_verified.verify import Record, load
from w2v_verified.verify.judging.conventions import CONVENTIONS
from w2v_verified.verify.law import Held, Law, law_from_json
from w2v_verified.verify.laws.reading import laws_of
from w2v_verified.verify.laws.wording import in_words

SHIFT = law(
    "shift",
    "moved_loss == loss",
    "moved_grad_U[i, w] == grad_U[i, w]",
    over="i in d, w in V",
    letting=[array("q", "d")],
    calls=[call("moved", "moved_U[i in d, w in V] = U[i, w] + q[i]")],
)


def test_a_record_has_the_laws_of_its_file() -> None:
    record = replace(load("naive_softmax"), laws=())
    data = {
        "name": "one",
        "summary": "",
        "axes": [{"name": "d", "meaning": "", "minimum": 1}],
        "arguments": [{"name": "x", "kind": "array", "axes": ["d"], "meaning": "", "gradient": True}],
        "results": [{"name": "loss", "of": None}, {"name": "grad_x", "of": "x"}],
        "definition": ["loss = sum(i in d, x[i]**2)"],
        "textbook": ["loss = sum(i in d, x[i]**2)", "grad_x[i in d] = 2*x[i]"],
        "stable": ["loss = sum(i in d, x[i]**2)", "grad_x[i in d] = 2*x[i]"],
    }
    assert Record.from_json(data).laws == record.laws == ()
    read = Record.from_json({**data, "laws": [{"name": "n", "holds": [{"statement": "loss >= 0"}]}]})
    assert read.laws == (Law("n", (Held("loss >= 0"),)),)
    assert laws_of(read)[0].read.holds[0].relation == ">="


def test_it_is_proved_if_all_that_it_says_is() -> None:
    half = {"name": "h", "holds": [{"statement": "loss == loss", "proved": True}, {"statement": "loss >= 0"}]}
    assert not law_from_json(half).proved
    assert law_from_json({**half, "holds": half["holds"][:1]}).proved


@pytest.mark.parametrize(
    ("holds", "message"),
    [("grad_W[0] == 0", "law 'bad': "), ("loss", "expected 'left == right'")],
)
def test_what_cannot_be_read_says_so(holds: str, message: str) -> None:
    with pytest.raises(LanguageError, match=message):
        laws_of(with_laws("naive_softmax", law("bad", holds)))


def test_a_law_is_said_in_the_words_of_the_callers_code() -> None:
    read = laws_of(with_laws("naive_softmax", SHIFT))[0]
    assert in_words(read, CONVENTIONS["columns"]).sentence == (
        "moved_loss == loss; moved_grad_U[i, w] == grad_U[i, w] for all i in d, w in V,"
        " where q[d] is real; moved_U[i in d, w in V] = U[i, w] + q[i]"
    )
    assert in_words(read, CONVENTIONS["rows"]).sentence == (
        "moved_loss == loss; moved_grad_U[w, i] == grad_U[w, i] for all i in d, w in V,"
        " where q[d] is real; moved_U[w in V, i in d] = U[w, i] + q[i]"
    )
    named = laws_of(
        with_laws("naive_softmax", law("columns of grad_U, not U_", "loss >= 0", reason="o is true"))
    )[0]
    words = in_words(named, CONVENTIONS["cs224n"])
    assert (words.name, words.reason) == ("columns of gradOutsideVecs, not U_", "outsideWordIdx is true")
    assert in_words(read, CONVENTIONS["cs224n"]).holds[1] == (
        "moved_gradOutsideVecs[w, i] == gradOutsideVecs[w, i]"
    )
