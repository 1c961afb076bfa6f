"""What needs no other library: wrong use, one that is not installed, the tables, few sizes."""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from w2v_verified import naive_softmax
from w2v_verified.__main__ import main
from w2v_verified.verify import CLAUSES, LAYOUTS, check, gradient_test, load, names
from w2v_verified.verify.arrays import LIBRARIES, NUMPY, library_named
from w2v_verified.verify.arrays.few import few_sizes
from w2v_verified.verify.cases.deck import deck
from w2v_verified.verify.judging.conventions import CONVENTIONS
from w2v_verified.verify.judging.judge import judge

WRONG = [
    ({"arrays": "tensorflow"}, "arrays: expected one of numpy, torch, jax, got 'tensorflow'"),
    ({"arrays": None}, "arrays: expected one of numpy, torch, jax, got None"),
    (
        {"arrays": "torch", "gradients": "none"},
        "gradients: expected returned or automatic, got 'none'",
    ),
    ({"gradients": "automatic"}, "gradients: expected returned, for NumPy does not differentiate"),
]


@pytest.mark.parametrize(("how", "message"), WRONG)
@pytest.mark.parametrize("asked", [check, gradient_test])
def test_wrong_use_is_said(asked: Any, how: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=r"^(arrays|gradients): ") as refused:
        asked(naive_softmax, "naive_softmax", **how)
    assert message in str(refused.value)


@pytest.mark.parametrize("name", ["torch", "jax"])
@pytest.mark.parametrize("asked", [check, gradient_test])
def test_a_missing_library_is_named_with_its_extra(
    asked: Any, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(ModuleNotFoundError) as missing:
        asked(naive_softmax, "naive_softmax", arrays=name)
    assert str(missing.value) == f"{name} is not installed: pip install 'w2v_verified[{name}]'"


@pytest.mark.parametrize("isolated", [[], pytest.param(["--isolate"], marks=pytest.mark.slow)])
def test_a_broken_library_is_one_line_of_the_command(
    isolated: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delitem(sys.modules, "torch", raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "torch.py").write_text("raise ImportError('libthing.so:\\nno such file')")
    mine = tmp_path / "mine.py"
    mine.write_text("def f(v_c, o, U):\n    return 0\n")
    assert main(["check", f"{mine}:f", "--loss", "naive_softmax", "--arrays", "torch", *isolated]) == 2
    assert capsys.readouterr().err == "w2v-verified: torch cannot be imported: libthing.so: no such file\n"


@pytest.mark.parametrize("isolated", [[], ["--isolate"]])
def test_a_missing_library_is_one_line_of_the_command(
    isolated: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    mine = tmp_path / "mine.py"
    mine.write_text("import torch\n\ndef f(v_c, o, U):\n    return 0\n")
    assert main(["check", f"{mine}:f", "--loss", "naive_softmax", "--arrays", "torch", *isolated]) == 2
    captured = capsys.readouterr()
    assert captured.err == "w2v-verified: check: torch is not installed: pip install 'w2v_verified[torch]'\n"
    assert not captured.out


def test_the_command_refuses_what_check_refuses(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine = tmp_path / "mine.py"
    mine.write_text("from w2v_verified import naive_softmax\n")
    target = [f"{mine}:naive_softmax", "--loss", "naive_softmax"]
    assert main(["check", *target, "--gradients", "automatic"]) == 2
    assert "gradients: expected returned" in capsys.readouterr().err
    assert main(["check", *target, "--examples", "1", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["arrays"], told["gradients"]) == ("numpy", "returned")


def test_the_tables_name_what_there_is() -> None:
    universal = {clause.name for clause in CLAUSES if clause.universal}
    for library in LIBRARIES.values():
        assert set(library.layouts) <= set(LAYOUTS)
        assert (library.clauses or set()) <= universal


def test_numpy_is_asked_everything() -> None:
    convention = CONVENTIONS["columns"]
    assert NUMPY.within(convention) is convention
    assert NUMPY.adapt(naive_softmax, load("naive_softmax")) is naive_softmax
    assert NUMPY.asked(load("naive_softmax")) == ""


@pytest.mark.parametrize("name", names())
def test_few_sizes_have_the_ordinary_the_smallest_and_a_long_one(name: str) -> None:
    record = load(name)
    sizes = few_sizes(record)
    assert len(sizes) <= 8
    smallest = {axis.name: axis.minimum for axis in record.axes}
    assert smallest in sizes
    assert max(sizes[-1].values()) >= 257
    assert min(sizes[-2].values()) >= 2 < max(sizes[-2].values())
    assert any(len(set(each.values())) == 1 and max(each.values()) > 1 for each in sizes)
    assert all(max(each.values()) < 100 for each in sizes[:-2])


def test_examples_keep_to_formats_layouts_and_sizes() -> None:
    record, library = load("negative_sampling"), library_named("jax", "returned")
    declines = library.within(CONVENTIONS["columns"]).declines
    examples = list(library.examples(record, 0, 40))
    assert len({np.shape(np.asarray(each["U"])) for each in examples}) > 1
    assert {each["v_c"].dtype.name for each in examples if isinstance(each["v_c"], np.ndarray)} == {
        "float64",
        "float32",
    }
    asked = [each for each in examples if declines(record, each) is None]
    assert len(asked) > 20
    assert len({(np.shape(np.asarray(e["U"])), np.asarray(e["U"]).dtype) for e in asked}) > 2


def test_what_a_library_has_not_is_declined() -> None:
    record, torch = load("naive_softmax"), library_named("torch", "returned")
    declines = torch.within(CONVENTIONS["columns"]).declines
    refused = {case.name for case in deck(record) if declines(record, case.arguments) is not None}
    assert refused == {
        "int64",
        "int32",
        "v_c float32, others float64",
        "v_c int64, others float32",
        "U float32, others float64",
        "U int64, others float32",
        "reversed layout",
        "read-only layout",
    }


def test_numbers_flushed_to_zero_count_where_nothing_flushes() -> None:
    record = load("naive_softmax")
    arguments = next(case.arguments for case in deck(record) if case.name == "v_c to 1e-310")

    def flushing(v_c: Any, o: Any, U: Any) -> Any:
        loss, *gradients = naive_softmax(v_c, o, U)
        return loss, *(np.where(np.abs(g) < np.finfo(g.dtype).tiny, 0, g) for g in gradients)

    counted, forgiven = (judge(flushing, record, arguments, flushes=flushes) for flushes in (False, True))
    assert counted.accuracy is not None
    assert forgiven.accuracy is not None
    assert (counted.accuracy.tier, counted.flushed) == ("lax", False)
    assert (forgiven.accuracy.tier, forgiven.flushed) == ("strict", True)
    exact = judge(naive_softmax, record, arguments, flushes=True)
    assert not exact.flushed


def test_flushing_forgives_no_other_error() -> None:
    record = load("naive_softmax")

    def off(v_c: Any, o: Any, U: Any) -> Any:
        loss, grad_v_c, grad_U = naive_softmax(v_c, o, U)
        return loss * (1 + 1e-12), grad_v_c, grad_U

    finding = judge(off, record, deck(record)[0].arguments, flushes=True).finding
    assert finding is not None
    assert finding.kind == "value"
