"""The benchmarks that judge: machine-made mutants are killed, right code is not accused, peers are asked fairly."""

import ast
import inspect
import json
import math
import random
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks import false_alarms, machine_mutants, survivors
from benchmarks.__main__ import main
from benchmarks.checkers import sheets as ask_checkers
from benchmarks.judges import JUDGES
from benchmarks.machine_mutants import sheets as judge_mutants
from benchmarks.mutation import mutations
from benchmarks.other_arrays import IN_OTHER_ARRAYS
from benchmarks.sheet import as_json, as_markdown
from benchmarks.specimens import Specimen
from benchmarks.survivors import Call
from w2v_verified import naive_softmax
from w2v_verified.verify import deck, load


def _silent(_: str) -> None:
    """Nobody waits."""


@pytest.mark.slow
def test_mutants_differ_from_each_other_and_from_the_function() -> None:
    made = list(mutations("naive_softmax"))
    assert len(made) > 50
    texts = [ast.unparse(mutation.tree) for mutation in made]
    assert len(set(texts)) > 0.95 * len(texts)
    arguments = np.ones(2), 0, np.array([[1.0, 2.0], [0.0, 1.0]])
    assert made[0].original()(*arguments).loss == naive_softmax(*arguments).loss


@pytest.mark.slow
@pytest.mark.long_inputs
def test_machine_made_mutants_are_killed_or_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of one function of each kind; `python -m benchmarks machine_mutants` goes through all."""
    kinds = ("naive_softmax", "naive_softmax_batch", "negative_sampling_sparse", "skip_gram_naive_softmax")
    monkeypatch.setattr(machine_mutants, "names", lambda: kinds)
    table = judge_mutants(True, _silent)[0]
    assert sum(int(row[1]) for row in table.rows) >= 30
    assert all(row[5] == "0" for row in table.rows), table.notes


@pytest.mark.slow
@pytest.mark.long_inputs
@pytest.mark.parametrize(
    ("loss", "words", "line"),
    [
        ("negative_sampling_sparse", "x to U_o", "moderate(x, z)"),
        ("skip_gram_naive_softmax", "R to e_outside", "np.where(R < e_outside"),
        ("skip_gram_naive_softmax", "v_c to outside", "v_c.dtype is U.dtype"),
        ("negative_sampling_block", "positive to U", "V_c.dtype is U.dtype is positive.dtype"),
        ("naive_softmax", "Mult to Div", "np.subtract(U_others / Z, U_o * R / Z"),
        ("naive_softmax_factored", "a condition negated", "if not moderate(z):"),
    ],
)
def test_mutant_that_takes_a_rare_input_is_killed(loss: str, words: str, line: str) -> None:
    """Each survives a deck without some distance between scores, that mixture of dtypes, or a large table."""
    source = inspect.getsource(import_module(f"w2v_verified.generated.{loss}")).splitlines()
    chosen = [m for m in mutations(loss) if m.words == words and line in source[m.line - 1]]
    assert chosen
    assert all(machine_mutants._killed(mutation, loss) for mutation in chosen)


@pytest.mark.slow
def test_survivor_is_told_from_the_function(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine_mutants, "names", lambda: ("naive_softmax",))
    monkeypatch.setattr(machine_mutants, "_killed", lambda mutation, name: mutation.words != "max to min")
    monkeypatch.setattr("benchmarks.survivors._RANDOM", 5)
    table = judge_mutants(False, _silent)[0]
    assert table.rows[0][5] == "1"
    assert "max to min: other bits from" in table.notes[0]
    assert not table.notes[0].endswith("at most 0 of the strict bound away")


@pytest.mark.parametrize("name", list(JUDGES))
def test_peer_accepts_right_and_refuses_wrong(name: str) -> None:
    def valued(factor: float) -> Callable[[Any], Any]:
        return lambda x: (float(np.sin(x).sum()), factor * np.cos(x))

    x = np.array([0.3, -1.2, 0.7])
    assert JUDGES[name](valued(1.0), x)
    assert not JUDGES[name](valued(1.5), x)


def test_the_course_check_is_as_published() -> None:
    """Known of the original: it puts the random state back, and NaN gradients and infinite losses pass."""
    x, course = np.array([0.3, -1.2]), JUDGES["CS224n gradcheck_naive"]

    def random_loss(x: Any) -> Any:
        factor = random.random()
        return factor * float(x @ x), 2 * factor * x

    assert course(random_loss, x)
    assert course(lambda x: (float(x @ x), np.full_like(x, np.nan)), x)
    assert course(lambda x: (np.inf, -7 * x), x)
    assert course(lambda x: (float(x @ x), 2 * x + 0.9e-5), x)
    assert not course(lambda x: (float(x @ x), 2 * x + 3e-5), x)


@pytest.mark.slow
def test_checkers_ours_catches_all_and_accuses_none() -> None:
    table = ask_checkers(True, _silent)[0]
    assert table.ok
    caught, wrong = table.rows[0][1].split(" of ")
    assert caught == wrong
    assert table.rows[0][2].startswith("0 of ")
    assert [row[0] for row in table.rows[1:] if row[0].startswith("w2v_verified")] == [
        f"w2v_verified check --arrays {name}" for name in IN_OTHER_ARRAYS
    ]
    assert all(int(row[1].split(" of ")[0]) < int(wrong) for row in table.rows if "gradcheck_naive" in row[0])


def test_command_writes_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.false_alarms._FEW", 2)
    written, data = tmp_path / "table.md", tmp_path / "table.json"
    assert main(["false_alarms", "--quick", "--markdown", str(written), "--json", str(data)]) == 0
    assert "**False alarms: 0 in" in written.read_text()
    assert json.loads(data.read_text())["tables"][0]["ok"] is True


def test_false_alarm_fails_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = Specimen("accused", lambda *_: None, "naive_softmax", "columns", True)
    monkeypatch.setattr(false_alarms, "specimens", lambda: [wrong])
    table = false_alarms.sheets(True, _silent)[0]
    assert not table.ok
    assert table.notes[0].startswith("accused: return:")
    assert "accused" in as_markdown([table], {}, "command")
    assert json.loads(as_json([table], {}, "command"))["tables"][0]["ok"] is False


def test_a_survivor_that_raises_is_infinitely_far_from_what_is_right() -> None:
    def raising(*arguments: object) -> object:
        raise ZeroDivisionError

    arguments = deck(load("naive_softmax"))[0].arguments
    call = Call(tuple(arguments.values()), {}, True)
    assert survivors._fraction(load("naive_softmax"), raising, call) == math.inf
