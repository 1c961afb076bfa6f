"""Plans: the machine that carries them out entry by entry, the printed lines, and the derived program agree."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import mpmath as mp
import numpy as np
import pytest
from followed import LOSSES, derived
from hypothesis import given
from hypothesis import strategies as st
from kinds import PROBLEM, RUNTIME
from kinds import values as numbers
from large_tables import EVERY_TABLE_IS_LARGE, OWN
from random_plans import statements

from w2v_verified.symbolic import Array, Axis, Derivation, Loss
from w2v_verified.symbolic.definition.arguments import Position
from w2v_verified.symbolic.language.equation import Equation
from w2v_verified.symbolic.language.indices import axis_of
from w2v_verified.symbolic.plan.machine import carried_out
from w2v_verified.symbolic.plan.methods import by_methods
from w2v_verified.symbolic.plan.operations import (
    AddUp,
    Assign,
    Block,
    Branch,
    ByBlocks,
    Compute,
    Computed,
    Guard,
    Loop,
    Mask,
    Operation,
    Return,
    Scatter,
    ScatteredProduct,
)
from w2v_verified.symbolic.plan.plan import Plan, walked
from w2v_verified.symbolic.plan.planner import Planner
from w2v_verified.symbolic.printing.operations import OperationPrinter
from w2v_verified.symbolic.printing.uses import Uses
from w2v_verified.symbolic.proof.interpret import Setting

QUICK = ("naive_softmax", "negative_sampling", "skip_gram_naive_softmax")
NAMES = [pytest.param(n, marks=() if n in QUICK else pytest.mark.slow) for n in LOSSES]
ROADS: dict[str, dict[str, Any]] = {
    "safe": {},
    "far": {"scale": 400.0},
    "given": {"given": True},
    "small": {"small": True},
    "small and given": {"small": True, "given": True},
    "large": {"large": True},
    "in parts of one": {"large": True, "given": True, "step": 1},
}


def arguments(derivation: Derivation, seed: int, scale: float) -> tuple[dict[str, int], dict[str, Any]]:
    """Sizes and arguments of a loss: numbers, and arrays of objects."""
    random = np.random.default_rng(seed)
    sizes = {a.name: max(int(random.integers(0, 5)), a.minimum, 1) for a in derivation.loss.axes}
    found: dict[str, Any] = {}
    for a in derivation.loss.arguments:
        shape = [sizes[axis] for axis in a.axes.split()]
        if isinstance(a, Position):
            places = random.integers(0, sizes[a.into], shape)
            found[a.name] = places if shape else int(places)
        else:
            drawn = random.normal(size=shape) * scale
            found[a.name] = exact(np.abs(drawn) + 0.1 if a.positive else drawn)
    return sizes, found


def exact(array: Any) -> Any:
    """An array, or a number, of mpmath's."""
    array = np.asarray(array)
    values = np.empty(array.shape, object)
    for at in np.ndindex(array.shape):
        values[at] = mp.mpf(array[at].item())
    return values if array.ndim else values[()]


def gradients(derivation: Derivation, names: Mapping[str, Any], like: Mapping[str, Any]) -> dict[str, Any]:
    """The gradients in full, where some are given in parts."""
    loss = derivation.loss
    found: dict[str, Any] = {}
    for a in derivation.problem.differentiated:
        found[a.name] = names.get(f"grad_{a.name}")
        if loss.factored == a.name:
            found[a.name] = np.outer(names["left"], names["right"])
        elif loss.sparse == a.name:
            found[a.name] = np.full(np.shape(like[a.name]), mp.mpf(0), object)
            found[a.name][:, names["columns"]] = names[f"grad_{a.name}"]
    return found


def differs(derivation: Derivation, plan: Plan, seed: int = 0, scale: float = 1.0, **road: Any) -> str | None:
    """What a plan computes otherwise than the derived program does; None if nothing."""
    with mp.workdps(40):
        sizes, given_ = arguments(derivation, seed, scale)
        setting = Setting(sizes, dict(given_))
        setting.run(derivation.derived.statements)
        got = carried_out(plan, sizes, given_, **road)
        if not _near(got["loss"], setting.values["loss"]):
            return "loss"
        for name, gradient in gradients(derivation, got, given_).items():
            wanted = setting.values[f"grad_{name}"]
            shape = np.shape(given_[name])
            for at in np.ndindex(shape):
                if not _near(
                    gradient[at] if shape else np.ravel(gradient)[0], wanted[at] if shape else wanted
                ):
                    return f"grad_{name}"
    return None


def _near(got: Any, wanted: Any) -> bool:
    return bool(abs(got - wanted) <= mp.mpf(10) ** -25 * (1 + abs(wanted)))


@pytest.mark.parametrize("road", ROADS)
@pytest.mark.parametrize("name", NAMES)
def test_a_plan_computes_what_was_derived_on_every_road(name: str, road: str) -> None:
    derivation = derived(name)
    for seed in range(3):
        assert differs(derivation, derivation.plan, seed, **ROADS[road]) is None


def test_so_does_one_with_products_with_exponentials() -> None:
    derivation = Derivation(
        Loss(
            "spread",
            "Squares by their spread.",
            (Axis("V"),),
            (Array("x", "V"), Array("s", "V")),
            "loss = sum(w in V, (x[w] - 1) ** 2 * exp(-s[w]) + x[w] * exp(s[w]) / (2 + sin(x[w])))",
        )
    )
    assert "exp_times" in derivation.module()
    assert differs(derivation, derivation.plan) is None


@pytest.mark.parametrize("name", OWN)
@pytest.mark.parametrize("road", ["safe", "small", "large"])
def test_so_does_that_of_a_users_loss(name: str, road: str) -> None:
    derivation = Derivation(OWN[name])
    assert differs(derivation, derivation.plan, **ROADS[road]) is None


@pytest.mark.parametrize("name", ["naive_softmax_batch", "negative_sampling_block"])
def test_blocks_add_up(name: str) -> None:
    for step in (1, 2, 100):
        assert differs(derived(name), derived(name).plan, 5, step=step) is None


def changed(block: Block, change: Any) -> Block:
    """A block with every operation changed."""
    new: list[Operation] = []
    for operation in block:
        match operation:
            case Computed(operations=inner):
                operation = replace(operation, operations=changed(inner, change))
            case Branch(block=inner) | ByBlocks(block=inner):
                operation = replace(operation, block=changed(inner, change))
            case Loop(block=inner, after=after):
                operation = replace(operation, block=changed(inner, change), after=changed(after, change))
            case _:
                pass
        new.append(change(operation))
    return tuple(new)


def _added_once(operation: Operation) -> Operation:
    return replace(operation, repeated=False) if isinstance(operation, Scatter) else operation


def _taken_away(operation: Operation) -> Operation:
    return replace(operation, how="subtract") if isinstance(operation, Scatter) else operation


def _one_share(operation: Operation) -> Operation:
    return replace(operation, shares=operation.shares[:1]) if isinstance(operation, AddUp) else operation


def _not_masked(operation: Operation) -> Operation:
    return Assign(operation.name, operation.value) if isinstance(operation, Mask) else operation


def _in_other_memory(operation: Operation) -> Operation:
    """What is computed in the memory of z keeps the name of z, which is read afterwards."""
    if isinstance(operation, Compute) and operation.out == "z" and operation.name == "s":
        return replace(operation, name="z")
    return operation


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("naive_softmax", _taken_away),
        ("naive_softmax", _in_other_memory),
        ("naive_softmax", _not_masked),
        ("skip_gram_naive_softmax", _added_once),
        ("negative_sampling", _one_share),
    ],
)
def test_a_mistake_in_a_plan_is_seen(name: str, change: Any) -> None:
    plan = derived(name).plan
    wrong = replace(plan, body=changed(plan.body, change))
    assert wrong != plan
    found = set()
    for seed in range(20):
        try:
            found.add(differs(derived(name), wrong, seed))
        except (KeyError, ValueError):
            found.add("nothing computed")
    assert found - {None}


def test_what_blocks_share_is_added_up_and_not_written_over() -> None:
    batch = derived("naive_softmax_batch")
    adding = [o for o in walked(batch.plan.body) if isinstance(o, Compute) and o.added]
    assert adding
    body = changed(batch.plan.body, lambda o: replace(o, added=False) if o in adding else o)
    found = {differs(batch, replace(batch.plan, body=body), seed, step=1) for seed in range(8)}
    assert found - {None} == {"grad_U"}


@pytest.mark.parametrize(("entry", "holds"), [(1.0, True), (mp.inf, False), (mp.nan, False)])
def test_a_guard_spreads_what_is_not_finite(entry: Any, holds: bool) -> None:
    plan = Plan(PROBLEM, PROBLEM.taken, None, False, (), (Guard("x"), Return()))
    x = np.array([mp.mpf(2), mp.mpf(entry)], object)
    got = carried_out(plan, {"V": 2}, {"x": x})["x"]
    assert got is x if holds else all(mp.isnan(value) for value in got)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("limits", [{}, {"FEW": -1}, EVERY_TABLE_IS_LARGE], ids=["small", "safe", "large"])
def test_printed_code_computes_what_the_machine_does(name: str, limits: Mapping[str, int]) -> None:
    """Each road by itself: which one is taken is the same question on both sides."""
    derivation = derived(name)
    namespace: dict[str, Any] = {}
    exec(compile(derivation.standalone("x.py"), "generated.py", "exec"), namespace)
    namespace.update(limits)
    road = {"small": not limits, "large": limits is EVERY_TABLE_IS_LARGE}
    for seed in range(5):
        sizes, given_ = arguments(derivation, seed, 1.0)
        with mp.workdps(30):
            wanted = carried_out(derivation.plan, sizes, given_, **road)
            exactly = gradients(derivation, wanted, given_)
        floats = {n: np.array(x, float) if _is_real(x) else x for n, x in given_.items()}
        result = namespace[name](**floats)
        assert result.loss == pytest.approx(float(wanted["loss"]), rel=1e-12, abs=1e-12)
        got = gradients(derivation, _by_name(derivation, result), given_)
        for a in got:
            assert np.array(got[a], float) == pytest.approx(np.array(exactly[a], float), rel=1e-11, abs=1e-11)


def _is_real(x: Any) -> bool:
    return isinstance(x, mp.mpf) or np.asarray(x).dtype == object


def _by_name(derivation: Derivation, result: Any) -> dict[str, Any]:
    names: dict[str, Any] = result._asdict()
    return names | (
        {f"grad_{derivation.loss.sparse}": names["grad_columns"]} if derivation.loss.sparse else {}
    )


def planned(equations: tuple[Equation, ...], result: str, large: bool = False) -> tuple[Plan, bool]:
    """The statements as a plan, and whether an array for the last one is made where none is there."""
    last = equations[-1]
    taken = PROBLEM.taken | {s.name for s in equations}
    names = frozenset({last.name} if result != "name" and last.indices else ())
    arguments = frozenset(a.name for a in PROBLEM.loss.arguments)
    owner = Planner(PROBLEM.letters, taken, arguments=arguments, large=lambda _: large)
    made = names if result == "made" and names and owner.makes_array(last) else frozenset()
    planner = replace(owner, results=names, made=made)
    plan = Plan(PROBLEM, taken, None, False, (), (*planner.block(equations, equations), Return()))
    return plan, bool(made)


@given(
    lines=statements(),
    result=st.sampled_from(["name", "into", "made"]),
    sizes=st.fixed_dictionaries({axis: st.integers(1, 4) for axis in "dVBK"}),
    seed=st.integers(0, 10**6),
    large=st.booleans(),
)
def test_random_plans_mean_the_same_printed_and_carried_out(
    lines: tuple[str, ...], result: str, sizes: dict[str, int], seed: int, large: bool
) -> None:
    equations = PROBLEM.definitions("\n".join(lines))
    plan, made = planned(equations, result, large)
    given_ = numbers(sizes, seed)
    last = equations[-1]
    room = np.full([sizes[axis_of(i)] for i in last.indices], np.nan)
    results = {last.name: None if made else room} if last.indices else {}
    with mp.workdps(30):
        objects = {n: x if np.asarray(x).dtype.kind == "i" else exact(x) for n, x in given_.items()}
        setting = Setting(sizes, dict(objects))
        setting.run(equations)
        rooms = {n: None if x is None else x.astype(object) for n, x in results.items()}
        got = carried_out(plan, sizes, {**objects, **rooms})
    scope: dict[str, Any] = {"np": np, **RUNTIME, **sizes, **given_, **results}
    uses = Uses()
    printed = OperationPrinter(plan, uses).block(plan.body[:-1])
    before = {n: x.tobytes() for n, x in given_.items() if isinstance(x, np.ndarray)}
    exec("\n".join([*uses.positions_needed, *printed]), scope)
    assert before == {n: given_[n].tobytes() for n in before}
    wanted = setting.values[last.name]
    for at in np.ndindex(np.shape(scope[last.name])):
        value = wanted[at] if at else wanted
        assert _near(got[last.name][at] if at else got[last.name], value), printed
        assert abs(float(value) - scope[last.name][at] if at else scope[last.name] - float(value)) <= 1e-9 * (
            1 + abs(float(value))
        ), printed


def test_an_array_is_made_by_what_has_all_its_axes() -> None:
    planner = Planner(PROBLEM.letters, PROBLEM.taken)
    made = PROBLEM.definitions("t[i in d] = u[i] - v[i]\ns[i in d] = x[o] - p[o]\nt3[i in d] = u[i] - x[o]")
    assert [planner.makes_array(s) for s in made] == [True, False, True]


def test_what_is_no_product_of_small_arrays_has_no_methods() -> None:
    """Tiles, blocks and products that are scattered are for others."""
    loop = next(o for o in walked(derived("naive_softmax").plan.body) if isinstance(o, Loop))
    scattered = [
        o for o in walked(derived("negative_sampling_batch").plan.body) if isinstance(o, ScatteredProduct)
    ]
    assert scattered
    for operation in (loop, ByBlocks("B", ()), scattered[0]):
        assert by_methods((operation,)) is None
        assert by_methods((Branch((), (operation,)),)) is None
    assert by_methods((Branch((), (Guard("x"),)), Return())) == (Branch((), (Guard("x"),)), Return())
