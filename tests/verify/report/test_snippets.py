"""Snippets: values written exactly however large they are, and an import where there is one."""

import json
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from mutants import right

from w2v_verified.verify import CONVENTIONS, LAYOUTS, Deviation, Finding, load
from w2v_verified.verify.cases.layouts import layout_of
from w2v_verified.verify.report.origin import Origin, origin_in, origin_of
from w2v_verified.verify.report.report import first_shown
from w2v_verified.verify.report.snippet import snippet
from w2v_verified.verify.report.source import WIDTH, assigned, called, is_stored

RANDOM = np.random.default_rng(3)
VALUES = {
    "plain": np.array([[1.0, -0.0], [np.inf, 1e-310]]),
    "long": RANDOM.standard_normal((7, 13)),
    "equal": np.full((40, 50), -0.0),
    "two that differ": np.where(np.arange(900).reshape(30, 30) % 600 == 7, np.nan, 0.0),
    "zeros of both signs": np.where(np.arange(50) % 5 == 0, -0.0, 0.0),
    "float32": RANDOM.standard_normal((3, 4)).astype(np.float32),
    "small integers": np.arange(12, dtype=np.int16),
    "indices": np.array([1, 1, 3]),
    "without axes": np.array(3),
    "empty": np.zeros((2, 0)),
    "no indices": np.zeros(0, np.intp),
    "other byte order": np.array([1.5, 2.5], ">f8"),
    "broadcast": np.broadcast_to(np.array([[1.5], [2.5]]), (2, 4)),
    "a number": 3,
    "a NumPy number": np.int64(3),
}


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_a_value_is_written_exactly_and_in_narrow_lines(value: Any) -> None:
    lines = assigned("name_of_it", value)
    assert max(map(len, lines)) <= WIDTH
    scope: dict[str, Any] = {"np": np, "inf": np.inf, "nan": np.nan}
    exec("\n".join(lines), scope)
    found, wanted = np.asarray(scope["name_of_it"]), np.asarray(value)
    assert (found.dtype, found.shape, found.tobytes()) == (wanted.dtype, wanted.shape, wanted.tobytes())


def test_what_is_too_large_comes_from_the_report() -> None:
    value = RANDOM.standard_normal((20, 30)).astype(np.float32)
    value[0, 0] = np.inf
    assert is_stored(value)
    lines = assigned("x", value, "stored['x']")
    plain = json.loads(json.dumps([[str(v) if np.isinf(v) else v for v in row] for row in value.tolist()]))
    scope: dict[str, Any] = {"np": np, "stored": {"x": plain}}
    exec("\n".join(lines), scope)
    assert scope["x"].tobytes() == value.tobytes()


def test_a_call_is_broken_where_it_is_long() -> None:
    assert called(["loss", "g"], "f", ["x"]) == ["loss, g = f(x)"]
    lines = called(["loss", "gradCenterVec", "gradOutsideVecs"], "naiveSoftmaxLossAndGradient", ["x", "y"])
    assert lines == [
        "results = naiveSoftmaxLossAndGradient(x, y)",
        "loss, gradCenterVec, gradOutsideVecs = results",
    ]


def finding_on(arguments: dict[str, object]) -> Finding:
    return Finding(
        "value",
        "loss is 1 and should be 0",
        arguments,
        deviation=Deviation("loss", 9, (), 1, 0, 1, 0, "loss"),
    )


def test_a_large_input_is_read_from_the_report_as_json(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    U = RANDOM.standard_normal((3, 70))
    given = {"v_c": np.array([1.0, np.inf, 0.5]), "o": 7, "U": U}
    source = first_shown(load("naive_softmax"), CONVENTIONS["columns"], Origin("f"), (finding_on(given),))
    assert source is not None
    monkeypatch.chdir(tmp_path)
    report = {"findings": [{"arguments": {"U": U.tolist()}}]}
    (tmp_path / "report.json").write_text(json.dumps(report))
    scope: dict[str, Any] = {"f": lambda v_c, o, U: (1.0, v_c, U)}
    exec(source, scope)
    assert scope["U"].tobytes() == U.tobytes()
    assert scope["v_c"].tolist() == [1.0, np.inf, 0.5]


def test_layouts_are_imported() -> None:
    given = {"v_c": np.ones(3), "o": 0, "U": LAYOUTS["transposed"](np.arange(6.0).reshape(3, 2))}
    source = snippet(load("naive_softmax"), CONVENTIONS["columns"], Origin("f"), finding_on(given))
    scope: dict[str, Any] = {"f": lambda v_c, o, U: (1.0, v_c, U)}
    exec(source, scope)
    assert layout_of(scope["U"]) == "transposed"


class Callables:
    @staticmethod
    def method(v_c: Any, o: Any, U: Any) -> Any:
        return right(v_c, o, U)

    def __call__(self, v_c: Any, o: Any, U: Any) -> Any:
        return right(v_c, o, U)


INSTANCE = Callables()


@pytest.mark.parametrize(
    ("function", "name"),
    [(right, "right"), (Callables.method, "Callables.method"), (INSTANCE, "INSTANCE")],
)
def test_a_function_of_a_module_is_imported(function: Callable[..., object], name: str) -> None:
    origin = origin_of(function)
    assert origin.name == name
    scope: dict[str, Any] = {}
    exec("\n".join(origin.lines), scope)
    assert eval(name, scope) is function or name != "right"


def test_a_function_without_a_module_is_not_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    def local(v_c: Any, o: Any, U: Any) -> Any:
        return right(v_c, o, U)

    assert origin_of(local) == Origin("local")
    assert origin_of(lambda *arguments: right(*arguments)) == Origin("function")
    assert origin_of(partial(right)) == Origin("function")
    monkeypatch.setitem(sys.modules, "__main__", ModuleType("__main__"))
    local.__module__ = "__main__"
    local.__qualname__ = "local"
    assert origin_of(local) == Origin("local")


def test_the_folder_of_a_file_is_put_on_the_path_from_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert origin_in(tmp_path / "mine.py", "f").lines == ("from mine import f",)
    below = origin_in(tmp_path / "below" / "mine.py", "f").lines
    assert below == ("import sys", "sys.path.insert(0, 'below')", "from mine import f")
