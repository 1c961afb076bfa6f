"""The main job: its table, its verdict, and that every kind of fault turns it to 1."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

import w2v_verified
from w2v_verified import naive_softmax, negative_sampling
from w2v_verified.__main__ import main
from w2v_verified.commands import verify as command
from w2v_verified.verify import names
from w2v_verified.verify.engine import DefinitionsError, Identities, identities
from w2v_verified.verify.replaying import Comparison
from w2v_verified.verify.suite import Row, judge_own

SQUARES = """
from w2v_verified.symbolic import Array, Axis, Claim, Loss

LOSS = Loss(
    name="squares",
    summary="Squares.",
    axes=(Axis("d", letters="i"),),
    arguments=(Array("x", "d"),),
    definition="loss = sum(i in d, x[i] ** 2)",
    claims=(Claim("grad_x[i in d] = 2 * x[i]"),),
)
"""


class _Replayed:
    """What another process found."""

    fraction = 0.5

    def __init__(self, found: dict[str, Identities]) -> None:
        self._found = found

    def is_done(self, patience: float) -> bool:
        return True

    def result(self) -> dict[str, Identities]:
        return self._found


class _Finished:
    """A comparison that has ended."""

    def __init__(self, said: str | None, is_undecided: bool = False) -> None:
        self._said, self.is_undecided = said, is_undecided

    def is_done(self, patience: float) -> bool:
        return True

    def result(self) -> str | None:
        return self._said


@pytest.fixture
def derivations(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Stand in for the engine, whose own tests are elsewhere: what it says is what is tested here."""

    def say(problems: tuple[str, ...] = (), drift: str | None = None, without: str = "") -> None:
        found = {name: Identities(12, problems) for name in names() if name != without}
        monkeypatch.setattr(command, "checkout", lambda: Path("derivations"))
        monkeypatch.setattr(command, "Comparison", lambda directory, loss: _Finished(drift))
        monkeypatch.setattr(command, "Replaying", lambda directory, losses: _Replayed(found))

    say()
    return say


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """One line for each function; narrow terminals have a test of their own."""
    monkeypatch.setenv("COLUMNS", "132")


def _verify(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[str]]:
    status = main(["verify", "--examples", "10", *arguments])
    return status, [line.strip() for line in capsys.readouterr().out.strip().splitlines()]


@pytest.mark.slow
def test_all_is_well(derivations: object, capsys: pytest.CaptureFixture[str]) -> None:
    status, lines = _verify(capsys)
    assert status == 0, lines
    assert lines[-1].startswith(f"Verified: {len(names())} functions within the bounds on ")
    for name in names():
        row = next(line for line in lines if line.startswith(f"{name} "))
        assert "yes (12 steps)" in row
        assert "right" in row
    assert all("\x1b" not in line for line in lines)


def test_one_loss_alone(derivations: object, capsys: pytest.CaptureFixture[str]) -> None:
    status, lines = _verify(capsys, "--loss", "negative_sampling", "--seed", "5")
    assert status == 0
    assert lines[-1].startswith("Verified: 1 function ")
    assert not any(line.startswith("negative_sampling_batch") for line in lines)


def test_only_the_loss_that_is_asked_for_is_replayed(
    derivations: object, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[object] = []

    def compare(directory: Path, loss: str | None) -> _Finished:
        asked.append(loss)
        return _Finished(None)

    def replay(directory: Path, losses: Sequence[str]) -> _Replayed:
        asked.append(losses)
        return _Replayed({"naive_softmax": Identities(12, ())})

    monkeypatch.setattr(command, "Comparison", compare)
    monkeypatch.setattr(command, "Replaying", replay)
    monkeypatch.setattr(command, "judge_own", lambda *_, **__: Row(None, 0, 0, 0, ()))
    status, lines = _verify(capsys, "--loss", "naive_softmax")
    assert (status, asked) == (0, ["naive_softmax", ("naive_softmax",)])
    assert "12 steps replayed" in lines[-1]


def test_the_bar_moves_while_derivations_are_replayed(
    derivations: object, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shown: list[tuple[str, float, float | None]] = []

    class Slow(_Replayed):
        def __init__(self) -> None:
            super().__init__({"naive_softmax": Identities(12, ())})
            self.fraction = 0.0

        def is_done(self, patience: float) -> bool:
            self.fraction += 0.25
            return self.fraction == 1

    class Waiting:
        label = ""

        def __init__(self, label: str, quiet: bool) -> None:
            assert not quiet

        def __enter__(self) -> "Waiting":
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def __call__(self, done: float, total: float | None) -> None:
            shown.append((self.label, done, total))

    monkeypatch.setattr(command, "Waiting", Waiting)
    monkeypatch.setattr(command, "Replaying", lambda directory, losses: Slow())
    monkeypatch.setattr(command, "judge_own", lambda *_, **__: Row(None, 0, 0, 0, ()))
    assert _verify(capsys, "--loss", "naive_softmax")[0] == 0
    assert shown == [("replaying the derivations", done, 1) for done in (0.25, 0.5, 0.75)]


def test_files_that_cannot_be_compared_are_neither_current_nor_wrong(
    derivations: object, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    reason = "the files are promised for SymPy 1.14, and this is 1.15.0"
    monkeypatch.setattr(command, "Comparison", lambda directory, loss: _Finished(reason, is_undecided=True))
    monkeypatch.setattr(command, "judge_own", lambda *_, **__: Row(None, 0, 0, 0, ()))
    status, lines = _verify(capsys, "--loss", "naive_softmax", "-q")
    assert (status, lines[0]) == (2, f"- generated files could not be compared: {reason}")
    assert lines[-1].startswith("Not verified: 1 thing to mend")
    judged = Row(None, 0, 0, 0, ("wrong",))
    monkeypatch.setattr(command, "judge_own", lambda *_, **__: judged)
    assert _verify(capsys, "--loss", "naive_softmax", "-q")[0] == 1


def test_a_comparison_says_where_it_cannot_compare(tmp_path: Path) -> None:
    for text, undecided in (
        ("raise SystemExit('other SymPy')", False),
        ("print('other'); raise SystemExit(2)", True),
    ):
        (tmp_path / "asked").mkdir(exist_ok=True)
        (tmp_path / "asked" / "__main__.py").write_text(text, encoding="utf-8")
        comparison = Comparison(tmp_path / "asked", None)
        while not comparison.is_done(0.1):
            pass
        assert comparison.is_undecided is undecided
        assert str(comparison.result()).startswith("other")


def test_how_far_another_process_is_can_be_seen(tmp_path: Path) -> None:
    """One that there is not is left out, and one that cannot be read is said."""
    (tmp_path / "derivations").mkdir()
    definition = tmp_path / "derivations" / "squares.py"
    definition.write_text(SQUARES, encoding="utf-8")
    told: list[float] = []
    found = identities(tmp_path / "derivations", ("squares", "others"), told.append)
    assert list(found) == ["squares"]
    assert found["squares"].problems == ()
    assert found["squares"].steps > 0
    assert told == sorted(told)
    assert 0 == told[0] < told[1] < told[-1] < 0.5
    definition.write_text("LOSS = 1", encoding="utf-8")
    with pytest.raises(DefinitionsError, match="called LOSS, got int"):
        identities(tmp_path / "derivations", ("squares",))


def test_quiet_is_the_verdict_alone(
    derivations: Callable[..., None], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "judge_own", lambda *_, **__: Row(None, 0, 0, 0, ()))
    status, lines = _verify(capsys, "--quiet")
    assert (status, len(lines)) == (0, 1)
    derivations(problems=("step 3 does not hold",))
    status, lines = _verify(capsys, "-q", "--loss", "naive_softmax")
    assert (status, lines[0], len(lines)) == (1, "- naive_softmax: step 3 does not hold", 2)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        ({"problems": ("step 3 does not hold",)}, "negative_sampling: step 3 does not hold"),
        ({"drift": "run python -m derivations"}, "run python -m derivations"),
        ({"without": "negative_sampling"}, "negative_sampling: no derivation of it was replayed"),
    ],
)
def test_trouble_with_the_derivations(
    derivations: Callable[..., None], capsys: pytest.CaptureFixture[str], said: dict[str, Any], complaint: str
) -> None:
    derivations(**said)
    status, lines = _verify(capsys, "--loss", "negative_sampling")
    assert status == 1
    assert any(complaint in line for line in lines)
    assert lines[-1].startswith("Not verified: 1 thing to mend")


def test_installed_without_a_checkout(
    derivations: object, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "checkout", lambda: None)
    status, lines = _verify(capsys, "--loss", "negative_sampling")
    assert status == 0
    assert "not part of an installed package" in " ".join(lines)
    assert any("no derivations here" in line for line in lines)


def doubled(*arguments: Any, out: Any = None) -> Any:
    loss, grad_v_c, grad_U = negative_sampling(*arguments, out=out)
    grad_U *= 2
    return loss, grad_v_c, grad_U


def numpy_scalar(*arguments: Any, out: Any = None) -> Any:
    loss, grad_v_c, grad_U = negative_sampling(*arguments, out=out)
    return grad_v_c.dtype.type(loss), grad_v_c, grad_U


def by_subtraction(v_c: Any, o: Any, U: Any, *, out: Any = None) -> Any:
    loss, grad_v_c, grad_U = naive_softmax(v_c, o, U, out=out)
    grad_U[:, o] = -(v_c - v_c * (grad_U[:, o] / v_c + 1)) if v_c.all() else grad_U[:, o]
    return loss, grad_v_c, grad_U


@pytest.mark.parametrize(
    ("faulty", "complaint"),
    [
        (doubled, "value: grad_U"),
        pytest.param(doubled, "finite differences: ", marks=pytest.mark.slow),
        pytest.param(numpy_scalar, "loss_is_a_float: ", marks=pytest.mark.slow),
        pytest.param(by_subtraction, "not componentwise accurate", marks=pytest.mark.slow),
    ],
)
def test_row_of_a_faulty_function(faulty: Callable[..., Any], complaint: str) -> None:
    loss = "naive_softmax" if faulty is by_subtraction else "negative_sampling"
    row = judge_own(loss, 20, 0, function=faulty)
    assert any(complaint in problem for problem in row.problems), row.problems


def test_fault_in_a_generated_function_is_reported(
    derivations: object, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(w2v_verified, "negative_sampling", doubled, raising=False)
    status, lines = _verify(capsys, "--loss", "negative_sampling")
    assert status == 1
    assert any("wrong" in line for line in lines if line.startswith("negative_sampling "))
    assert lines[-1].startswith("Not verified: ")


def test_row_of_the_function_itself() -> None:
    row = judge_own("negative_sampling", 50, 1)
    assert row.problems == ()
    assert row.kept == row.clauses
    assert row.difference <= 1
    assert row.report is not None
    assert row.report.worst is not None
    assert 0 < row.report.worst.fraction <= 1


def _cannot_be_imported(name: str) -> Any:
    raise SyntaxError(f"invalid syntax ({name}.py, line 90)")


def test_functions_that_cannot_be_imported_are_rows_of_their_own(
    derivations: object, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("w2v_verified.verify.suite.own_function", _cannot_be_imported)
    status, lines = _verify(capsys, "--loss", "naive_softmax")
    assert status == 1
    assert "- naive_softmax: the function cannot be imported: SyntaxError: invalid syntax " in "\n".join(
        lines
    )
    assert lines[-1].startswith("Not verified: 1 thing to mend")


def test_what_is_wrong_with_every_function_is_said_once(
    derivations: Callable[..., None], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    row = judge_own("negative_sampling", 10, 0)
    monkeypatch.setattr(command, "judge_own", lambda *_, **__: row)  # what each is like is tested above
    derivations(problems=("SymPy is not what it was",))
    status, lines = _verify(capsys)
    assert all(any(line.startswith(f"{name} ") for line in lines) for name in names())
    assert status == 1
    assert lines.count("- every function: SymPy is not what it was") == 1
    assert lines[-1].startswith("Not verified: 1 thing to mend")


@pytest.mark.parametrize("arguments", [("--loss", "softmax"), ("--examples", "-1"), ("--examples", "many")])
def test_used_wrongly(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", *arguments]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert arguments[0] in error
