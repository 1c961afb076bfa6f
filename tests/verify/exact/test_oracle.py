"""The oracle: against values written by hand, against differences taken at thousands of bits, and at its limits."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from flint import arb, ctx
from further_records import NEGATIVE_SAMPLING, PROBABILITIES, RECORDS, draw
from hypothesis import given
from hypothesis import strategies as st
from index_by_index import IndexByIndex, as_ball

from w2v_verified.notation import LanguageError
from w2v_verified.verify.evaluation.primitives import PRIMITIVES
from w2v_verified.verify.exact.oracle import OracleError, Reference, reference
from w2v_verified.verify.record import Record, load

SEEDS = st.integers(0, 2**32 - 1)
BY_NAME = {record.name: record for record in (*RECORDS, load("naive_softmax"), load("naive_softmax_batch"))}
EXAMPLES = st.builds(
    lambda name, seed: (BY_NAME[name], draw(BY_NAME[name], np.random.default_rng(seed))),
    st.sampled_from(sorted(BY_NAME)),
    SEEDS,
)
Example = tuple[Record, dict[str, object]]


def difference(record: Record, arguments: dict[str, object], name: str, place: tuple[int, ...]) -> arb:
    """The derivative by one entry, as a central difference so fine that its error is below 2^-700."""
    step = arb((1, -1000))
    values = []
    for sign in (1, -1):
        evaluator = IndexByIndex(record, arguments)
        evaluator.known[name][place] += sign * step
        values.append(evaluator.run(record.programs["definition"])["loss"][()])
    quotient: arb = (values[0] - values[1]) / (2 * step)
    return quotient


def close(ball: arb, other: arb) -> bool:
    return bool(abs(ball - other) <= (1 + abs(other)) * arb((1, -90)))


@pytest.mark.slow
@given(EXAMPLES)
def test_agrees_with_differences_of_an_index_by_index_evaluation(example: Example) -> None:
    record, arguments = example
    found = reference(record, arguments)
    with ctx.workprec(2500):
        expected = IndexByIndex(record, arguments).run(record.programs["definition"])
        assert close(found.ball("loss"), expected["loss"][()])
        for result in record.results[1:]:
            for place in np.ndindex(found.values[result.name].shape):
                assert close(
                    found.ball(result.name, *place), difference(record, arguments, str(result.of), place)
                )


@given(EXAMPLES)
def test_programs_of_the_records_agree_with_the_definition(example: Example) -> None:
    """Guards the test data: bounds of a wrong program would be bounds of nothing."""
    record, arguments = example
    found = reference(record, arguments)
    with ctx.workprec(500):
        for which in ("prepared", "textbook", "stable"):
            values = IndexByIndex(record, arguments).run(record.programs[which])
            for result in record.results[: 1 if which == "prepared" else None]:
                for place in np.ndindex(found.values[result.name].shape):
                    assert close(found.ball(result.name, *place), values[result.name][place])


def by_hand_naive_softmax(v_c: Any, o: int, U: Any) -> tuple[arb, list[arb], list[list[arb]]]:
    d, V = U.shape
    v, u = [as_ball(x) for x in v_c], [[as_ball(x) for x in row] for row in U]
    z = [sum((u[i][w] * v[i] for i in range(d)), arb(0)) for w in range(V)]
    others = sum(((z[w] - z[o]).exp() for w in range(V) if w != o), arb(0))
    total = 1 + others
    delta = [-others / total if w == o else (z[w] - z[o]).exp() / total for w in range(V)]
    grad_v = [sum((u[i][w] * delta[w] for w in range(V)), arb(0)) for i in range(d)]
    return others.log1p(), grad_v, [[v[i] * delta[w] for w in range(V)] for i in range(d)]


def by_hand_negative_sampling(
    v_c: Any, o: int, U: Any, negatives: Any
) -> tuple[arb, list[arb], list[list[arb]]]:
    d, V = U.shape
    v, u = [as_ball(x) for x in v_c], [[as_ball(x) for x in row] for row in U]
    z = [sum((u[i][w] * v[i] for i in range(d)), arb(0)) for w in range(V)]
    delta = [arb(0)] * V
    delta[o] -= 1 / (1 + z[o].exp())
    loss = (-z[o]).exp().log1p()
    for k in negatives:
        delta[k] += 1 / (1 + (-z[k]).exp())
        loss += z[k].exp().log1p()
    grad_v = [sum((u[i][w] * delta[w] for w in range(V)), arb(0)) for i in range(d)]
    return loss, grad_v, [[v[i] * delta[w] for w in range(V)] for i in range(d)]


@given(SEEDS, st.sampled_from([1e-3, 1.0, 30.0]))
def test_encloses_formulas_written_by_hand(seed: int, scale: float) -> None:
    rng = np.random.default_rng(seed)
    d, V = rng.integers(1, 6, 2)
    v_c, U, o = rng.normal(size=d) * scale, rng.normal(size=(d, V)), int(rng.integers(V))
    negatives = rng.integers(0, V, rng.integers(0, 5))
    arguments = {"v_c": v_c, "o": o, "U": U}
    softmax = reference(load("naive_softmax"), arguments)
    sampling = reference(NEGATIVE_SAMPLING, {**arguments, "negatives": negatives})
    with ctx.workprec(400):
        assert_overlap(softmax, by_hand_naive_softmax(v_c, o, U))
        assert_overlap(sampling, by_hand_negative_sampling(v_c, o, U, negatives))


def assert_overlap(found: Reference, exact: tuple[object, ...]) -> None:
    for name, values in zip(found.values, exact, strict=True):
        expected = np.asarray(values, dtype=object)
        assert found.values[name].shape == expected.shape
        assert all(
            found.ball(name, *place).overlaps(expected.item(place)) for place in np.ndindex(expected.shape)
        )


def naive(v: list[float], U: list[list[float]], o: int = 0) -> Reference:
    return reference(load("naive_softmax"), {"v_c": np.array(v), "o": o, "U": np.array(U)})


@pytest.mark.parametrize("size", [1.0, 700.0, 1e15, 1e19, 1e40, 1e150, 1e300])
def test_equal_logits_of_any_size_give_the_logarithm_of_their_number(size: float) -> None:
    found = naive([size], [[1.0] * 11])
    with ctx.workprec(300):
        assert close(found.ball("loss"), arb(11).log())
        assert close(found.ball("grad_U", 0, 1), as_ball(size) / 11)


@pytest.mark.parametrize("gap", [1.0, 700.0, 2000.0, 1e5])
def test_small_probabilities_keep_their_digits(gap: float) -> None:
    found = naive([1.0], [[gap, 0.0]])
    with ctx.workprec(300):
        small = (-arb(gap)).exp()
        for ball, exact in (
            (found.ball("loss"), small.log1p()),
            (found.ball("grad_U", 0, 0), -small / (1 + small)),
        ):
            assert ball.overlaps(exact)
            assert ball.rel_accuracy_bits() >= 90 or ball.rad() < arb((1, -1164))


def test_a_loss_of_a_far_smaller_logit_is_the_gap() -> None:
    assert float(naive([1e17], [[-1.0, 1.0]]).ball("loss")) == 2e17


@given(EXAMPLES)
def test_radii_are_as_promised(example: Example) -> None:
    record, arguments = example
    for array in reference(record, arguments).values.values():
        for ball in array.ravel():
            assert ball.rel_accuracy_bits() >= 90 or ball.rad() < arb((1, -1164))


def test_wanted_accuracy_spares_precision() -> None:
    arguments = {"v_c": np.array([1.0]), "o": 0, "U": np.array([[2000.0, 0.0]])}
    record = load("naive_softmax")
    wanted = {"loss": np.array(1e-15), "grad_v_c": np.array([1e-15]), "grad_U": np.full((1, 2), 1e-15)}
    assert reference(record, arguments, wanted).precision < reference(record, arguments).precision


def test_split_is_exact_to_twice_the_digits() -> None:
    found = naive([1.0, 0.3], [[0.1, 0.7], [0.2, -1.1]])
    high, low = found.split["grad_U"]
    with ctx.workprec(300):
        for place in np.ndindex(high.shape):
            error = found.ball("grad_U", *place) - as_ball(high[place]) - as_ball(low[place])
            assert abs(error) <= arb((1, -104)) * abs(as_ball(high[place]))


def test_arguments_are_exact_in_every_format() -> None:
    for dtype in (np.float32, np.float64, np.longdouble, np.int64):
        value = dtype(1) / dtype(3) if dtype is not np.int64 else dtype(2**61 + 1)
        arguments = {"v_c": np.array([value], dtype), "o": 0, "U": np.array([[1], [1]], dtype).T}
        record = load("naive_softmax")
        with ctx.workprec(400):
            gradient = reference(record, arguments).ball("grad_U", 0, 1)
            assert gradient.overlaps(as_ball(value if dtype is not np.int64 else int(value)) / 2)


def test_no_gradient_flows_where_the_loss_does_not_depend() -> None:
    arguments = {
        "v_c": np.ones(2),
        "o": 0,
        "U": np.ones((2, 3)),
        "negatives": np.array([0], dtype=np.intp),
    }
    gradient = reference(NEGATIVE_SAMPLING, arguments).values["grad_U"]
    assert all(ball.is_zero() for ball in gradient[:, 1:].ravel())


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"v_c": np.array([np.nan, 1.0])}, ValueError, "v_c: expected finite"),
        ({"v_c": np.array([1.0])}, ValueError, "U: expected shape"),
        ({"v_c": np.array([1j, 1.0])}, TypeError, "v_c: expected real"),
        ({"o": 3}, IndexError, "o: expected 0 <= o < V = 3, got 3"),
        ({"o": -1}, IndexError, "got -1"),
        ({"o": 0.5}, TypeError, "o: expected integers"),
    ],
)
def test_refuses_bad_arguments(change: dict[str, object], error: type[Exception], message: str) -> None:
    arguments: dict[str, object] = {"v_c": np.ones(2), "o": 0, "U": np.ones((2, 3)), **change}
    with pytest.raises(error, match=message):
        reference(load("naive_softmax"), arguments)


def regression(size: float, t: float) -> Reference:
    return reference(PROBABILITIES, {"X": np.array([[size]]), "t": np.array([t]), "c": np.array([1.0])})


@pytest.mark.parametrize("size", [1e4, 1e15, 1e300])
def test_turns_to_the_prepared_form_where_the_definition_loses_every_digit(size: float) -> None:
    """log(1 - p) at p = 1 - exp(-1e15): as it is written it would take 1e15 bits."""
    for sign in (1, -1):
        found = regression(sign * size, 0.25)
        assert float(found.ball("loss")) == (0.75 if sign > 0 else 0.25) * size
        assert float(found.ball("grad_c", 0)) == (0.75 if sign > 0 else 0.25) * size
        certain = regression(sign * size, 0.5 + sign / 2)
        assert 0 <= float(certain.ball("loss")) < 1e-300
        assert certain.ball("loss").rad() < arb((1, -1164))


def test_the_definition_is_evaluated_where_it_can_be() -> None:
    """A prepared form that is not equal to the definition changes nothing below 2048 bits."""
    wrong = replace(PROBABILITIES, prepared=("loss = 7",))
    arguments = {"X": np.array([[700.0]]), "t": np.array([0.0]), "c": np.array([1.0])}
    assert float(reference(wrong, arguments).ball("loss")) == 700
    assert float(reference(wrong, {**arguments, "X": np.array([[1e4]])}).ball("loss")) == 7


def test_a_definition_is_its_own_prepared_form() -> None:
    literal = replace(PROBABILITIES, prepared=PROBABILITIES.definition)
    arguments = {"X": np.array([[4000.0]]), "t": np.array([0.0]), "c": np.array([1.0])}
    assert reference(literal, arguments).precision > 4000
    with pytest.raises(OracleError, match="no enclosure"):
        reference(literal, {**arguments, "X": np.array([[1e15]])})


@given(
    st.sampled_from([1e-300, 0.5, 30.0, 700.0, 1e15, 1e100, 1e300]),
    st.floats(-2, 2),
    st.sampled_from([0.0, 1e-30, 1e-3, 0.5, 2.0, 10.0]),
    st.floats(-1, 1),
)
def test_softplus_and_sigmoid_enclose_wide_balls_of_any_size(
    size: float, factor: float, width: float, place: float
) -> None:
    with ctx.workprec(160):
        centre, radius = arb(size) * arb(factor), arb(size) * arb(width)
        softplus, sigmoid = (
            PRIMITIVES[each].ball(arb(centre.mid(), radius)) for each in ("softplus", "sigmoid")
        )
    with ctx.workprec(4000):
        point = centre.mid() + radius * place
        power = (-abs(point)).exp()
        assert softplus.overlaps(power.log1p() + (point if point > 0 else 0))
        assert sigmoid.overlaps(1 / (1 + power) if point > 0 else power / (1 + power))
        rounded = arb((1, -150))
        assert softplus.rad() <= 1.5 * radius + (abs(centre) + 1) * rounded + arb((1, -20)) * radius
        assert sigmoid.rad() <= min(radius, arb(0.5)) * (1 + arb((1, -20))) + rounded


def test_a_whole_power_of_what_is_nearly_zero_is_enclosed() -> None:
    """p / p is not exactly 1 in balls; the library's own power of such a difference from 1 is NaN."""
    for n in (1, 2, 3, 8):
        found = reference(
            one_variable(f"loss = (sin(x) / sin(x) - 1) ** {n} + x ** {n}"), {"x": np.float64(0.5)}
        )
        assert abs(float(found.ball("loss")) - 0.5**n) < 1e-15
        assert abs(float(found.ball("grad_x")) - n * 0.5 ** (n - 1)) < 1e-15


def one_variable(definition: str) -> Record:
    return Record.from_json(
        {
            "name": "one_variable",
            "summary": "",
            "axes": [],
            "arguments": [
                {"name": "x", "kind": "array", "axes": [], "domain": "real", "gradient": True, "meaning": "x"}
            ],
            "results": [{"name": "loss", "of": None}, {"name": "grad_x", "of": "x"}],
            "definition": [definition],
            "textbook": [definition, "grad_x = x"],
            "stable": [definition, "grad_x = x"],
        }
    )


@pytest.mark.parametrize(
    ("definition", "derivative"),
    [
        ("loss = abs(x)", 1.0),
        ("loss = cos(x)", -np.sin(0.5)),
        ("loss = sin(x)", np.cos(0.5)),
        ("loss = expm1(x) - exp(x) + x", 1.0),
        ("loss = log1p(x) + log(x)", 1 / 1.5 + 2),
        ("loss = sqrt(x)", 0.5**0.5),
        ("loss = tanh(x)", 1 - np.tanh(0.5) ** 2),
        ("loss = softplus(x) + sigmoid(x)", None),
        ("loss = x ** 3 + x ** -2 + x ** 0 + 2 ** x + x ** 0.5 + x ** x", None),
        ("loss = x * x if x < 1 else x ** 2", 1.0),
        ("loss = 1 / x", -4.0),
        ("loss = 3", 0.0),
    ],
)
def test_derivative_of_every_function(definition: str, derivative: float | None) -> None:
    record = one_variable(definition)
    arguments: dict[str, object] = {"x": np.float64(0.5)}
    found = reference(record, arguments).ball("grad_x")
    with ctx.workprec(2500):
        assert close(found, difference(record, arguments, "x", ()))
    if derivative is not None:
        assert abs(float(found) - derivative) < 1e-15 * (1 + abs(derivative))


def test_says_where_there_is_no_enclosure() -> None:
    for definition in ("loss = log(x)", "loss = 1 / (x - x)", "loss = 1 / (sin(x) - sin(x))"):
        with pytest.raises(OracleError, match="no enclosure"):
            reference(one_variable(definition), {"x": np.float64(-1.0)})


@pytest.mark.parametrize("expression", ["max(w in V, x[w])", "sum(w in V, diff(x[w], x[w]))"])
def test_refuses_what_a_definition_cannot_have(expression: str) -> None:
    definition = [f"loss = {expression}"]
    record = Record.from_json(
        {
            "name": "largest",
            "summary": "",
            "axes": [{"name": "V", "meaning": "", "minimum": 1}],
            "arguments": [{"name": "x", "kind": "array", "axes": ["V"], "gradient": True, "meaning": ""}],
            "results": [{"name": "loss", "of": None}],
            "definition": definition,
            "textbook": definition,
            "stable": definition,
        }
    )
    with pytest.raises(LanguageError, match="a definition has to do without it"):
        reference(record, {"x": np.ones(3)})
