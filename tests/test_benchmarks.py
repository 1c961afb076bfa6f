"""The benchmarks: what is timed is right, what is computed from times is right, and a wrong peer is not compared."""

import io
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.console import Console

from benchmarks import gradients, negative_sampling
from benchmarks.__main__ import main
from benchmarks.agreement import differs, out_of_bound
from benchmarks.case import Case, Column, Table, measure
from benchmarks.floor import Floor
from benchmarks.peers import installed, textbook
from benchmarks.report import as_json, as_markdown, print_tables
from benchmarks.timing import Effort, interleaved, median_ratio
from w2v_verified import naive_softmax

ROOT = Path(__file__).parent.parent


class Clock:
    """A clock that moves only when a run says how long it takes."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def run(self, *seconds: float) -> Callable[[], None]:
        """A run that takes the given times in turn, the last for ever."""
        left = list(seconds)

        def run() -> None:
            self.now += left.pop(0) if len(left) > 1 else left[0]

        return run


def test_times_are_per_call() -> None:
    clock = Clock()
    seconds = interleaved(
        {"fast": clock.run(0.001), "slow": clock.run(3.0)}, Effort(rounds=4, sample=0.02), clock=clock
    )
    assert seconds["fast"] == pytest.approx([0.001] * 4)
    assert seconds["slow"] == pytest.approx([3.0] * 4)


def test_a_first_slow_call_does_not_count() -> None:
    clock = Clock()
    seconds = interleaved({"compiles": clock.run(60.0, 0.5)}, Effort(rounds=2, sample=0.5), clock=clock)
    assert seconds["compiles"] == pytest.approx([0.5, 0.5])


def test_every_round_has_every_run_in_changing_order() -> None:
    clock = Clock()
    order: list[str] = []

    def named(name: str) -> Callable[[], None]:
        def run() -> None:
            clock.now += 1.0
            order.append(name)

        return run

    interleaved({name: named(name) for name in "abc"}, Effort(rounds=12, sample=1.0), clock=clock)
    measured = order[-12 * 3 * 2 :: 2]
    rounds = [tuple(measured[start : start + 3]) for start in range(0, len(measured), 3)]
    assert all(sorted(each) == ["a", "b", "c"] for each in rounds)
    assert len(set(rounds)) > 1


def test_ratio_is_the_median_over_rounds() -> None:
    # One disturbed round changes neither ratio; the ratio of the medians would be 2.5.
    assert median_ratio([10.0, 2.0, 5.0], of=[5.0, 1.0, 2.0]) == 2.0


def test_floor_is_the_larger_of_bytes_and_products() -> None:
    read, write = np.ones((2, 3)), np.empty((2, 3))
    measured = {"floor: read": [1.0], "floor: write": [2.0], "floor: product": [0.5]}
    assert Floor(read, write, 256**3).seconds(measured) == [3.0]
    assert Floor(read, write, 256**3 * 10).seconds(measured) == [5.0]


def test_floor_reads_and_writes_all_of_it() -> None:
    read, write = np.ones((2, 3), order="F"), np.ones((4, 5))
    runs = Floor(read, write, 1).runs()
    assert runs["floor: read"]() == 6.0
    runs["floor: write"]()
    assert not write.any()


def test_a_wrong_contender_is_not_timed() -> None:
    case = _case({"right": lambda: (1.0, np.ones(2)), "wrong": lambda: (1.0, np.array([1.0, 1.1]))})
    column = measure(lambda: case, Effort(rounds=1, sample=1e-4))
    assert list(column.seconds) == ["right"]
    assert column.refused == {"wrong": "gradient differs by 0.05, allowed is 1e-09"}


@pytest.mark.parametrize(
    ("result", "reason"),
    [
        ((1.0, np.ones(2)), None),
        ((1.0, np.ones(2) + 1e-12), None),
        ((1.0 + 1e-6, np.ones(2)), "loss differs"),
        ((1.0, np.ones((2, 1))), "shape"),
        ((1.0, np.array([1.0, np.nan])), "gradient differs"),
        ((np.inf, np.ones(2)), "loss differs"),
        ((1.0,), "1 results"),
    ],
)
def test_difference(result: Sequence[Any], reason: str | None) -> None:
    found = differs(("loss", "gradient"), result, (1.0, np.ones(2)))
    assert found is None if reason is None else found is not None and reason in found


def test_other_columns_differ() -> None:
    ours = (np.array([1, 2]), np.ones(2))
    assert differs(("columns", "gradient"), ours, ours) is None
    assert differs(("columns", "gradient"), (np.array([1, 3]), np.ones(2)), ours) is not None


def test_float32_is_allowed_its_own_difference() -> None:
    ours = (1.0, np.ones(2, np.float32))
    assert differs(("loss", "gradient"), (1.0, np.full(2, 1 + 1e-4, np.float32)), ours) is None


def test_a_transposed_gradient_and_an_inexact_one_are_out_of_bound() -> None:
    random = np.random.default_rng(0)
    v_c, U = random.standard_normal(3), random.standard_normal((3, 3))
    arguments = {"v_c": v_c, "o": 1, "U": U}
    loss, grad_v_c, grad_U = naive_softmax(v_c, 1, U)
    assert out_of_bound("naive_softmax", arguments, (loss, grad_v_c, grad_U)) is None
    assert out_of_bound("naive_softmax", arguments, textbook.naive_softmax(v_c, 1, U)) is None
    for wrong in (grad_U.T, grad_U * (1 + 1e-9), grad_U[:2]):
        objection = out_of_bound("naive_softmax", arguments, (loss, grad_v_c, wrong))
        assert objection is not None
        assert "grad_U" in objection


@pytest.mark.slow
@pytest.mark.parametrize("module", [gradients, negative_sampling])
def test_every_table_has_its_peer_and_ours(module: Any) -> None:
    for plan in module.plans(quick=True):
        for make in plan.cases:
            case = make()
            assert plan.peer in case.contenders
            for name, run in case.contenders.items():
                assert case.objection(run()) is None, name
    titles = " ".join(plan.title for plan in module.plans(quick=False))
    assert "batch" in titles
    assert "pair" in titles


def test_a_planted_bug_in_a_peer_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    right = textbook.naive_softmax

    def forgets_y(v_c: Any, o: int, U: Any) -> tuple[Any, ...]:
        loss, grad_v_c, grad_U = right(v_c, o, U)
        return loss, grad_v_c + U[:, o], grad_U

    monkeypatch.setattr(textbook, "naive_softmax", forgets_y)
    plan = gradients.plans(quick=True)[0]
    table = Table(plan.title, plan.peer, [measure(make, Effort(1, 1e-4)) for make in plan.cases])
    assert all(list(column.refused) == ["textbook NumPy"] for column in table.columns)
    assert "textbook NumPy at 10x100 float64 is wrong and was not timed" in as_markdown([table], {}, "")


def test_packages_that_are_not_installed_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    for package in ("torch", "jax", "autograd"):
        monkeypatch.setitem(sys.modules, package, None)
    assert installed("naive_softmax", np.ones(2), 0, np.ones((2, 3))) == {}


def test_report() -> None:
    column = Column(
        "10x100", [1.0, 1.0, 1.0], {"ours": [2.0, 4.0, 3.0], "peer": [4.0, 4.0, 9.0]}, {"bad": "why"}
    )
    table = Table("a table", "peer", [column])
    markdown = as_markdown([table], {"CPU": "abacus"}, "python -m benchmarks x")
    assert "| ours | 3 s / 3.0 / 2.00 |" in markdown
    assert "| peer | 4 s / 4.0 / 1.00 |" in markdown
    assert "| bad | wrong |" in markdown
    assert "`python -m benchmarks x`: CPU abacus." in markdown
    ours = json.loads(as_json([table], {}, ""))["tables"][0]["columns"][0]["contenders"]["ours"]
    assert ours["times_as_fast_as_peer"] == 2.0
    assert ours["seconds"] == [2.0, 4.0, 3.0]
    console = Console(width=120, file=io.StringIO(), record=True)
    print_tables([table], {"CPU": "abacus"}, console)
    shown = console.export_text()
    assert "3 s / 3.0 / 2.00" in shown
    assert "bad at 10x100 is wrong and was not timed: why" in shown


def test_list_and_wrong_use(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["--list"]) == 0
    assert "negative_sampling" in capsys.readouterr().out
    missing = str(tmp_path / "none" / "x.json")
    for argv in (["nonsense"], [], ["gradients", "--rounds", "0"], ["gradients", "--json", missing]):
        with pytest.raises(SystemExit) as stopped:
            main(argv)
        assert stopped.value.code == 2
        assert "error: " in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize("name", ["gradients", "negative_sampling"])
def test_smoke_run(name: str, tmp_path: Path) -> None:
    markdown, data = tmp_path / "x.md", tmp_path / "x.json"
    command = [
        sys.executable,
        "-m",
        "benchmarks",
        name,
        "--quick",
        "--markdown",
        str(markdown),
        "--json",
        str(data),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    content = json.loads(data.read_text(encoding="utf-8"))
    assert {"CPU", "OS", "Python", "NumPy"} <= content["machine"].keys()
    for table in content["tables"]:
        assert table["title"] in done.stdout
        for column in table["columns"]:
            assert all(times["median_seconds"] > 0 for times in column["contenders"].values())
            assert table["peer"] in column["contenders"]
            assert f" {column['label']} |" in markdown.read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_process_has_one_thread() -> None:
    code = (
        "import os, sys; sys.argv = ['benchmarks', 'x']; os.execv = lambda *_: sys.exit(7);"
        "from benchmarks.one_thread import one_thread; one_thread();"
        "print(len(os.sched_getaffinity(0)) if hasattr(os, 'sched_getaffinity') else 1)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env={}, check=False)
    assert done.returncode == 7
    settings = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    xla = {
        "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
        "JAX_PLATFORMS": "cpu",
    }
    again = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=settings | xla,
        capture_output=True,
        text=True,
        check=False,
    )
    assert again.stdout == "1\n"


def _case(contenders: dict[str, Callable[[], Sequence[Any]]]) -> Case:
    ours = (1.0, np.ones(2))
    floor = Floor(np.ones((2, 2)), np.empty((2, 2)), 1)
    return Case("small", contenders, floor, lambda result: differs(("loss", "gradient"), result, ours))
