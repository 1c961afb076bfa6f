"""The road for a large table: what it is made of, that its proof can fail, and that each of its guards is needed."""

import importlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from followed import derived
from large_tables import EVERY_TABLE_IS_LARGE, OWN, WITH_PASS, WITHOUT

from w2v_verified import naive_softmax
from w2v_verified.runtime.products import MANY, parts
from w2v_verified.symbolic import Derivation, record
from w2v_verified.symbolic.language.errors import ProofError
from w2v_verified.symbolic.proof.program import Program
from w2v_verified.symbolic.rewrite import splitting
from w2v_verified.symbolic.rewrite.one_pass import one_pass
from w2v_verified.verify import Record, check
from w2v_verified.verify.judging.folded import switch_cases
from w2v_verified.verify.judging.judge import judge
from w2v_verified.verify.record import load


def run(
    derivation: Derivation,
    changed: Callable[[str], str] = lambda text: text,
    limits: Mapping[str, int] = EVERY_TABLE_IS_LARGE,
) -> Any:
    """The function of a module in which every table is large, and read a few entries at a time."""
    text = derivation.standalone("x.py")
    namespace: dict[str, Any] = {}
    exec(compile(changed(text), "generated.py", "exec"), namespace)
    namespace.update(limits)
    return namespace[derivation.loss.name]


@pytest.mark.parametrize("name", OWN)
def test_a_users_table_is_read_in_parts_within_the_strict_bound(name: str) -> None:
    derivation = Derivation(OWN[name])
    report = check(run(derivation), Record.from_json(record(derivation)), examples=30, strict=True)
    assert report.ok, str(report)


@pytest.mark.parametrize("name", WITHOUT)
def test_where_it_would_not_do_there_is_no_such_road(name: str) -> None:
    text = Derivation(WITHOUT[name]).module()
    assert "moderate" in text or name == "no exponentials"
    assert "MANY" not in text


@pytest.mark.parametrize("name", WITH_PASS)
def test_no_statement_outside_the_loop_reads_the_table_along_its_long_axis(name: str) -> None:
    found = derived(name).one_pass
    assert found is not None
    assert found.is_whole()
    assert {s.name for s in found.along} == {"z", "e", "others"}
    assert {s.name for s in found.sums} == {"R", "U_others"}
    assert found.kept == ("others",)
    assert found.split.divisors == ("Z",)
    moved = replace(found, before=(*found.before, found.along[0]), along=found.along[1:])
    assert not moved.is_whole()
    masked = replace(found, along=tuple(s for s in found.along if s.name != "others"))
    lost = replace(found.along[-1], expression=found.along[1].expression)
    assert not replace(masked, along=(*masked.along, lost)).is_whole()


def test_a_wrong_program_is_not_proved_equal(monkeypatch: pytest.MonkeyPatch) -> None:
    derivation = derived("naive_softmax")
    assert derivation.moderate is not None
    right = splitting._Splitting._with

    def wrong(self: Any, read_off: Any, singled: dict[str, str]) -> Program:
        return right(self, replace(read_off, expression=2 * read_off.expression), singled)

    monkeypatch.setattr(splitting._Splitting, "_with", wrong)
    with pytest.raises(ProofError, match="grad_v_c"):
        one_pass(derivation.problem, derivation.moderate)


IN_LOOP = "if not moderate(z):\n                break"
GUARDS = ("Z >= 1", "finite(grad_v_c)", "moderate(z_o)")


def without(guard: str) -> Callable[[str], str]:
    """The module without one of the guards."""

    def changed(text: str) -> str:
        assert text.count(f"if {' and '.join(GUARDS)}:") == text.count(IN_LOOP) == 1
        if guard == IN_LOOP:
            return text.replace(IN_LOOP, "if False:\n                break")
        return text.replace(" and ".join(GUARDS), " and ".join(g for g in GUARDS if g != guard))

    return changed


@pytest.mark.parametrize(
    ("guard", "v_c", "U"),
    [
        ("Z >= 1", [1.0, 1.0], [[-160.0, -161.0, -163.0], [1e-250, 2e-250, -1e-250]]),
        ("finite(grad_v_c)", [1.0, 1e-300], [[250.0, 251.0, 253.0], [1e250, 2e250, -1e250]]),
        (IN_LOOP, [1e200, 1.0], [[0.0, 0.0, -1e200], [1.0, 2.0, 3.0]]),
        ("moderate(z_o)", [1.0, 1.0], [[-800.0, 0.0, 1.0], [1.0, 2.0, 3.0]]),
    ],
)
def test_each_guard_is_needed(guard: str, v_c: Any, U: Any) -> None:
    """With all guards the result is that of the safe road, and without the one it is not."""
    expected: Any = naive_softmax(np.array(v_c), 0, np.array(U))

    def is_right(function: Any) -> bool:
        result = function(np.array(v_c), 0, np.array(U))
        pairs = zip(result, expected, strict=True)
        return all(np.allclose(a, b, rtol=1e-12, atol=0, equal_nan=True) for a, b in pairs)

    assert is_right(run(derived("naive_softmax")))
    assert not is_right(run(derived("naive_softmax"), without(guard)))


@pytest.mark.parametrize("far", [0, 3, 5])
def test_values_that_are_not_moderate_leave_the_loop(far: int) -> None:
    U = np.zeros((2, 6))
    U[0, far] = 1000.0
    function = run(derived("naive_softmax"))
    for o in range(6):
        expected: Any = naive_softmax(np.array([1.0, 1.0]), o, U)
        result = function(np.array([1.0, 1.0]), o, U)
        assert all(np.array_equal(a, b) for a, b in zip(result, expected, strict=True))


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_a_table_that_is_large_by_itself_gets_what_two_passes_give(
    dtype: Any, order: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = np.random.default_rng(0)
    d, V, o = 64, MANY // 64, 12_345
    U = np.asarray(random.standard_normal((d, V)) / 4, dtype, order)
    v_c = random.standard_normal(d).astype(dtype)
    module = importlib.import_module("w2v_verified.generated.naive_softmax")
    asked: list[int | None] = []

    def noted(table: Any, place: int | None = None) -> Any:
        asked.append(place)
        return parts(table, place)

    monkeypatch.setattr(module, "parts", noted)
    once = naive_softmax(v_c, o, U)
    assert asked == [o]
    monkeypatch.setattr(module, "MANY", U.size + 1)
    twice = naive_softmax(v_c, o, U)
    assert asked == [o]
    delta = np.abs(twice.grad_U[0] / v_c[0])
    eps = float(np.finfo(dtype).eps)
    assert once.loss == pytest.approx(twice.loss, rel=64 * eps)
    assert np.abs(once.grad_U - twice.grad_U).max(axis=1) == pytest.approx(0, abs=64 * eps)
    assert (np.abs(once.grad_v_c - twice.grad_v_c) <= 64 * eps * (np.abs(U) @ delta)).all()


@pytest.mark.slow
def test_a_mistake_on_this_road_is_found_on_the_sizes_the_record_names() -> None:
    line = "\n                delta[o] = -R / Z\n"

    def changed(text: str) -> str:
        assert text.count(line) == 1
        return text.replace(line, line.replace("-R", "R"))

    record = load("naive_softmax")
    function = run(derived("naive_softmax"), changed, {})
    found = {
        np.size(np.asarray(case.arguments["U"])) >= MANY
        for case in switch_cases(record)
        if judge(function, record, case.arguments, standard=case.standard).finding is not None
    }
    assert found == {True}
