"""Mutants of the engine: drawn by seed, seen where they are wrong, and counted as they come out."""

import ast
from pathlib import Path

import pytest

from benchmarks import engine_mutants
from benchmarks.__main__ import main
from benchmarks.engine_equivalent import EQUIVALENT, Equivalent
from benchmarks.engine_mutants import ROOT, Copy, sheets
from benchmarks.engine_mutation import ENGINE, FILES, drawn
from w2v_verified.errors import UsageError

FEW = ("tests/symbolic/language/test_indices.py",)
FOR_EVER = 1e6
"""Seconds: whatever else the machine does meanwhile."""
INDICES = (ROOT / ENGINE / "language" / "indices.py").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """A copy of the repository in which the few tests were run."""
    copy = Copy.made(tmp_path_factory.mktemp("mutants") / "copy", FEW)
    copy.seconds()
    return copy


def _silent(_: str) -> None:
    """Nobody waits."""


def test_a_seed_draws_the_same_mutants_again_and_another_seed_others() -> None:
    one, two, three = drawn(ROOT, 30, 0), drawn(ROOT, 30, 0), drawn(ROOT, 30, 1)
    assert one == two != three
    assert len({(m.file, m.source) for m in one}) == 30
    assert len({m.file for m in one}) > 10


def test_a_mutant_is_a_module_with_a_line_changed() -> None:
    for mutant in drawn(ROOT, 30, 2):
        before, after = mutant.lines
        assert before != after
        text = (ROOT / ENGINE / f"{mutant.file}.py").read_text(encoding="utf-8")
        assert ast.dump(ast.parse(mutant.source)) != ast.dump(ast.parse(text))


def test_what_is_only_said_is_not_changed(tmp_path: Path) -> None:
    """Documentation, annotations, decorators, imports, messages and what a module gives away."""
    for file in FILES:
        path = tmp_path / ENGINE / f"{file}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("", encoding="utf-8")
    said = '''
        """One."""
        from a import b as b
        __all__ = ["a", "b"][0:1]
        @cache(maxsize=1024)
        def f(x: int | None, y: "a[1]") -> int | None:
            """Two."""
            if x:
                y = zip(x, y, strict=True)
                raise ValueError(f"{x + 1}", 3)
    '''
    path = tmp_path / ENGINE / "algebra" / "normal.py"
    path.write_text("\n".join(line[8:] for line in said.splitlines()), encoding="utf-8")
    assert [m.lines[1] for m in drawn(tmp_path, 100, 0)] == ["if not x:"]


def test_a_file_that_is_no_more_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        drawn(tmp_path, 1, 0)


@pytest.mark.slow
def test_what_is_wrong_is_seen_and_what_changes_nothing_survives(tried: Copy, tmp_path: Path) -> None:
    copy = tried.again(tmp_path / "copy")
    wrong = INDICES.replace("itertools.count(max(taken, default=-1) + 1)", "itertools.count(7)")
    assert wrong != INDICES
    assert copy.outcome("language/indices", 1, wrong, FOR_EVER) == "failed"
    assert copy.outcome("language/indices", 1, ast.unparse(ast.parse(INDICES)), FOR_EVER) == "survived"
    assert (copy.folder / ENGINE / "language" / "indices.py").read_text(encoding="utf-8") == INDICES


@pytest.mark.slow
def test_what_hangs_or_cannot_be_loaded_is_told_apart(tried: Copy, tmp_path: Path) -> None:
    copy = tried.again(tmp_path / "copy")
    asleep = f"{INDICES}\nimport time\nwhile True: time.sleep(60)\n"
    assert copy.outcome("language/indices", 1, asleep, 2) == "hung"
    assert copy.outcome("language/indices", 1, f"{INDICES}\n1 / 0\n", FOR_EVER) == "crashed"


def test_red_tests_are_refused(tmp_path: Path) -> None:
    copy = Copy.made(tmp_path / "copy", ("tests/symbolic/test_that_is_not_there.py",))
    with pytest.raises(UsageError, match="are red"):
        copy.seconds()


def test_survivors_are_listed_and_equivalent_ones_counted_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    mutants = drawn(ROOT, 4, 0)
    outcomes = ["failed", "hung", "survived", "survived"]
    monkeypatch.setattr(engine_mutants, "_outcomes", lambda *_: outcomes)
    excused = Equivalent(mutants[2].file, *mutants[2].lines, "nothing comes of it")
    monkeypatch.setattr(engine_mutants, "EQUIVALENT", (excused,))
    (sheet,) = sheets(False, _silent, 4, 0)
    assert sheet.title.startswith(
        "2 of 4 mutants of the engine are seen by its tests, 50.0 %; 1 of the others"
    )
    assert sheet.rows[-1] == ("all", "4", "2", "1", "0", "2", "1")
    assert len(sheet.notes) == 2
    assert sheet.notes[0].endswith(": nothing comes of it")
    assert sheet.notes[1].endswith(f" -> {mutants[3].lines[1]}")


def test_reasons_are_of_lines_there_are() -> None:
    """A line that was changed since has to be looked at again."""
    assert len({e[:3] for e in EQUIVALENT}) == len(EQUIVALENT)
    for file, before, _, _ in EQUIVALENT:
        text = (ROOT / ENGINE / f"{file}.py").read_text(encoding="utf-8")
        assert before in map(str.strip, ast.unparse(ast.parse(text)).splitlines()), before


def test_mutants_are_listed_without_being_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["engine_mutants", "--list", "--count", "3", "--seed", "5"]) == 0
    shown = capsys.readouterr().out
    assert "3 mutants of the engine" in shown
    assert shown.count(" -> ") == 3


@pytest.mark.slow
def test_a_quick_run() -> None:
    assert main(["engine_mutants", "--quick"]) == 0
