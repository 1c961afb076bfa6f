"""Every rule of the error arithmetic, against exact values of what it bounds at the ends of the argument's errors."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from flint import arb, ctx
from hypothesis import given
from hypothesis import strategies as st
from index_by_index import as_ball

from w2v_verified.notation import FUNCTIONS
from w2v_verified.verify.bounds import sums
from w2v_verified.verify.bounds.approximate import Approximate
from w2v_verified.verify.bounds.rounding import Rounding
from w2v_verified.verify.bounds.sums import Along
from w2v_verified.verify.evaluation.frames import Rows
from w2v_verified.verify.evaluation.primitives import PRIMITIVES

VALUES = st.floats(-30, 30).filter(lambda x: abs(x) > 1e-6)
ERRORS = st.sampled_from([0.0, 1e-18, 1e-12, 1e-6, 1e-3, 0.1, 1.0, 20.0])
SHIFTS = st.floats(-1, 1)
DEFINED: dict[str, Callable[[arb], Any]] = {
    "log": lambda x: x > 0,
    "log1p": lambda x: x > -1,
    "sqrt": lambda x: x >= 0,
}


def approximate(values: Sequence[float], errors: Sequence[float]) -> Approximate:
    return Approximate(np.array(values, np.longdouble), np.array(errors, np.longdouble))


def moved(values: Sequence[float], errors: Sequence[float], shifts: Sequence[float]) -> list[arb]:
    """Numbers within the errors of the values."""
    return [as_ball(x) + as_ball(e) * as_ball(t) for x, e, t in zip(values, errors, shifts, strict=True)]


def within(difference: arb, error: Any, *, slack: float = 1.0) -> bool:
    if not np.isfinite(error):
        return True
    return bool(abs(difference) <= as_ball(np.longdouble(error)) * as_ball(slack))


def function(name: str, x: arb) -> arb:
    value: arb = PRIMITIVES[name].ball(x)
    return value


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
@pytest.mark.parametrize("elementary", [False, True])
@given(VALUES, ERRORS, SHIFTS, SHIFTS)
def test_functions_move_by_no_more_than_their_bound(
    name: str, elementary: bool, x: float, e: float, first: float, second: float
) -> None:
    """Both the exact argument and the computed one may lie anywhere within the error of the one known."""
    if name in DEFINED:
        x = abs(x)
    rounding = Rounding(np.float64, elementary=elementary, reassociated=elementary)
    with np.errstate(all="ignore"):
        found = rounding.apply(name, approximate([x], [e]))
    assert found.error is not None
    with ctx.workprec(2400):
        exact = as_ball(x) + as_ball(e) * as_ball(first)
        computed = exact + as_ball(e) * as_ball(second)
        if any(name in DEFINED and not DEFINED[name](each) for each in (exact, computed)):
            return
        assert within(function(name, computed) - function(name, exact), found.error[0])


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
@given(VALUES.filter(lambda x: abs(x) > 1e-3), st.sampled_from([1e-18, 1e-12, 1e-6]))
def test_bounds_of_functions_are_near_to_first_order(name: str, x: float, e: float) -> None:
    if name in DEFINED:
        x = abs(x)
    found = Rounding(np.float64).apply(name, approximate([x], [e]))
    assert found.error is not None
    with ctx.workprec(2400):
        value = function(name, as_ball(x))
        slope = PRIMITIVES[name].derivative(as_ball(x), value)
        local = abs(float(value)) * 2.0**-53 * 24 + 5e-324
        lipschitz = 1.0 if name in ("sin", "cos") else 4 * abs(float(slope))
        assert float(found.error[0]) <= lipschitz * e * 1.01 + local


BINARY: dict[
    str, tuple[Callable[[Rounding, Approximate, Approximate], Approximate], Callable[[arb, arb], arb]]
] = {
    "add": (lambda rounding, a, b: rounding.add(a, b), lambda a, b: a + b),
    "subtract": (lambda rounding, a, b: rounding.add(a, b, subtract=True), lambda a, b: a - b),
    "multiply": (Rounding.multiply, lambda a, b: a * b),
    "divide": (Rounding.divide, lambda a, b: a / b),
    "real_power": (Rounding.real_power, lambda a, b: a**b),
}
PAIRS = st.tuples(VALUES, VALUES)
PAIRS_OF_ERRORS = st.tuples(ERRORS, ERRORS)
PAIRS_OF_SHIFTS = st.tuples(SHIFTS, SHIFTS)


@pytest.mark.parametrize("name", BINARY)
@given(PAIRS, PAIRS_OF_ERRORS, PAIRS_OF_SHIFTS, PAIRS_OF_SHIFTS)
def test_operations_move_by_no_more_than_their_bound(
    name: str, values: Any, errors: Any, first: Any, second: Any
) -> None:
    if name == "real_power":
        values = (abs(values[0]), values[1])
    bound, operation = BINARY[name]
    with np.errstate(all="ignore"):
        a, b = (approximate([value], [error]) for value, error in zip(values, errors, strict=True))
        found = bound(Rounding(np.float64), a, b)
    assert found.error is not None
    with ctx.workprec(2400):
        exact = moved(values, errors, first)
        computed = [x + as_ball(e) * as_ball(t) for x, e, t in zip(exact, errors, second, strict=True)]
        if name == "real_power" and not (exact[0] > 0 and computed[0] > 0):
            return
        if name == "divide" and (exact[1] == 0 or computed[1] == 0):
            return
        assert within(operation(*computed) - operation(*exact), found.error[0])


LISTS = st.integers(1, 6).flatmap(
    lambda n: st.tuples(
        *(st.lists(each, min_size=n, max_size=n) for each in (VALUES, ERRORS, SHIFTS, SHIFTS))
    )
)


@given(LISTS)
def test_sums_and_maxima_move_by_no_more_than_their_bound(lists: Any) -> None:
    values, errors, first, second = lists
    known = approximate(values, errors)
    rounding = Rounding(np.float64)
    with ctx.workprec(2400):
        exact = moved(values, errors, first)
        computed = [x + as_ball(e) * as_ball(t) for x, e, t in zip(exact, errors, second, strict=True)]
        rows = Rows(np.array([len(values)]))
        total = sums.total(rounding, known, Along(len(values), rows)).error
        assert total is not None
        assert within(sum(computed, arb(0)) - sum(exact, arb(0)), total[0])
        largest = sums.maximum(known, rows).error
        assert largest is not None
        assert within(max(computed) - max(exact), largest[0])


@given(LISTS, st.randoms(use_true_random=False))
def test_contractions_move_by_no_more_than_their_bound(lists: Any, random: Any) -> None:
    values, errors, first, second = lists
    order = list(range(len(values)))
    random.shuffle(order)
    other = [[column[place] for place in order] for column in lists]
    found = sums.contract(
        Rounding(np.float64),
        approximate(values, errors),
        approximate(other[0], other[1]),
        Along(len(values), Rows(np.array([len(values)]))),
    )
    assert found.error is not None
    with ctx.workprec(2400):
        exact, exact_other = moved(values, errors, first), moved(other[0], other[1], other[3])
        pairs = zip(exact, errors, second, exact_other, other[1], other[2], strict=True)
        computed = arb(0)
        for x, e, t, y, f, s in pairs:
            computed += (x + as_ball(e) * as_ball(t)) * (y + as_ball(f) * as_ball(s))
        difference = computed - sum((x * y for x, y in zip(exact, exact_other, strict=True)), arb(0))
        assert within(difference, found.error[0])


@given(VALUES, ERRORS, SHIFTS, SHIFTS, st.integers(-3, 4))
def test_powers_move_by_no_more_than_their_bound(
    x: float, e: float, first: float, second: float, exponent: int
) -> None:
    with np.errstate(all="ignore"):
        found = Rounding(np.float64).power(approximate([x], [e]), exponent)
    assert found.error is not None
    with ctx.workprec(2400):
        (exact,) = moved([x], [e], [first])
        computed = exact + as_ball(e) * as_ball(second)
        if exponent < 0 and (exact == 0 or computed == 0):
            return
        assert within(computed**exponent - exact**exponent, found.error[0])


def test_sums_that_do_not_depend_on_their_index_count_every_copy() -> None:
    one = Approximate(np.ones((1,), np.longdouble))
    rounding = Rounding(np.float64)
    for found in (sums.copies(rounding, one, 5), sums.copies(rounding, rounding.multiply(one, one), 5)):
        assert found.value == 5
        assert found.error is not None
        assert found.error >= 5 * rounding.u


def test_a_rule_with_a_smaller_constant_would_be_noticed() -> None:
    """The comparison in these tests has teeth: half of a first-order bound is not one."""
    found = Rounding(np.float64).apply("exp", approximate([1.0], [0.1]))
    assert found.error is not None
    with ctx.workprec(2400):
        difference = as_ball(1.1).exp() - as_ball(1.0).exp()
        assert within(difference, found.error[0])
        assert not within(difference, found.error[0], slack=0.5)


FORMATS = (np.float32, np.float64)
NUMBERS = st.one_of(
    st.fractions(min_value=Fraction(1, 10**12), max_value=10**12),
    st.builds(Fraction, st.integers(1, 10**30), st.sampled_from([10**20, 10**30, 1 << 40])),
    st.integers(1, 1 << 60).map(Fraction),
)


@pytest.mark.parametrize("dtype", FORMATS)
@given(NUMBERS, st.sampled_from([1, 2, 3, 7, 10]))
def test_a_constant_is_as_far_off_as_code_that_rounds_it_or_a_multiple(
    dtype: type[np.floating[Any]], number: Fraction, multiple: int
) -> None:
    found = Rounding(dtype).constant(number, 2)
    held = Fraction(float(dtype(float(number * multiple)))) / multiple
    off = abs(held - number)
    assert found.value.tolist() == [found.value[0]] * 2
    if Fraction(float(dtype(float(number)))) == number:
        assert found.error is None
        assert as_ball(found.value[0]) == as_ball(number)
        return
    assert found.error is not None
    with ctx.workprec(300):
        assert within(as_ball(off), found.error[0])
        assert within(as_ball(found.value[0]) - as_ball(number), found.error[0], slack=2.0**-9)
        assert as_ball(found.error[0]) <= as_ball(number) * as_ball(np.finfo(dtype).eps) * as_ball(0.50001)


@pytest.mark.parametrize(
    ("dtype", "number", "relative"),
    [
        (np.float64, Fraction(1, 10**310), 1e-15),
        (np.float32, Fraction(1, 10**50), 0.99),
        (np.float32, Fraction(3, 2**150), 0.3),
    ],
)
def test_a_constant_below_the_normal_numbers_loses_more(
    dtype: type[np.floating[Any]], number: Fraction, relative: float
) -> None:
    found = Rounding(dtype).constant(number, 1)
    assert found.error is not None
    assert relative < found.error[0] / found.value[0] < 1.01


def test_a_constant_may_be_rounded_by_way_of_float64() -> None:
    number = (
        1 + Fraction(1, 2**24) + Fraction(1, 2**60)
    )  # rounded up at once, down after it was rounded to 1 + 2^-24
    found = Rounding(np.float32).constant(number, 1)
    assert found.error is not None
    with ctx.workprec(300):
        assert within(as_ball(number) - 1, found.error[0])


@pytest.mark.skipif(np.finfo(np.longdouble).eps == np.finfo(float).eps, reason="a long double is a float64")
def test_a_constant_is_no_more_exact_than_a_float_where_the_format_is() -> None:
    found = Rounding(np.longdouble).constant(Fraction(1, 10), 1)
    assert found.error is not None
    with ctx.workprec(300):
        assert within(as_ball(Fraction(0.1)) - as_ball(Fraction(1, 10)), found.error[0])
    assert found.error[0] < 2.0**-57


def test_nothing_is_known_of_a_constant_that_overflows() -> None:
    with np.errstate(all="ignore"):
        found = Rounding(np.float32).constant(10**300, 1)
    assert np.isinf(found.value).all()
    with np.errstate(all="ignore"):
        product = Rounding(np.float32).multiply(found, approximate([0.0], [0.0]))
    assert np.isnan(product.value).all()


def test_a_product_distributed_over_a_sum_underflows_term_by_term() -> None:
    """As in a window whose pairs are added up one after another, with a denormal centre vector."""
    terms, tiny = np.full(50, 0.37), 3e-323
    distributed = sum(term * tiny for term in terms)
    off = abs(as_ball(distributed) - as_ball(0.37) * 50 * as_ball(tiny))
    each = Approximate(terms.astype(np.longdouble))
    factor = approximate([tiny], [0.0])
    for elementary, enough in ((False, False), (True, True)):
        rounding = Rounding(np.float64, elementary=elementary, reassociated=elementary)
        along = Along(len(terms), Rows(np.array([len(terms)])))
        found = rounding.multiply(sums.total(rounding, each, along), factor)
        assert found.error is not None
        assert within(off, found.error[0]) == enough
