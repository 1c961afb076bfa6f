"""Products of two brackets over the same two indices: what is proved of them is what holds at every pair of places."""

import itertools
from typing import Any

import pytest
import sympy as sp

from w2v_verified.symbolic.algebra.brackets import ordered
from w2v_verified.symbolic.algebra.context import Context
from w2v_verified.symbolic.algebra.normal import equal
from w2v_verified.symbolic.algebra.terms import Term
from w2v_verified.symbolic.language.indices import index
from w2v_verified.symbolic.language.operators import Below, Upto

I, J = index("i", "V"), index("j", "V")
BRACKETS = (Below(I, J), Below(J, I), Upto(I, J), Upto(J, I), sp.KroneckerDelta(I, J))
CLAIMS = (sp.Integer(0), sp.Integer(1), *BRACKETS, *(1 - b for b in BRACKETS))
PLACES = [*itertools.product(range(3), repeat=2)]
PRODUCTS = [*itertools.combinations_with_replacement(BRACKETS, 2)]


def at(e: Any, i: int, j: int) -> Any:
    """The value of ``e`` at a pair of places."""
    places = {I: i, J: j}
    told = {}
    for b in BRACKETS:
        first, second = (places[x] for x in b.args)
        told[b] = sp.Integer(
            first < second if b.func == Below else first <= second if b.func == Upto else first == second
        )
    return e.xreplace(told)


@pytest.mark.parametrize("pair", PRODUCTS, ids=[f"{a} * {b}" for a, b in PRODUCTS])
def test_a_product_is_equal_to_what_it_is_at_every_pair_of_places_alone(pair: tuple[Any, Any]) -> None:
    one, other = pair
    made = one * other
    for claim in CLAIMS:
        holds = all(at(made, i, j) == at(claim, i, j) for i, j in PLACES)
        assert equal(made, claim, Context()) == holds, claim


@pytest.mark.parametrize("factors", list(itertools.permutations(BRACKETS, 2)), ids=str)
def test_a_term_keeps_its_value_whichever_factor_comes_first(factors: tuple[Any, Any]) -> None:
    made = ordered(Term(sp.Integer(1), dict.fromkeys(factors, sp.Integer(1))))
    value = sp.Mul(made.coefficient, *(b**p for b, p in made.factors.items()))
    for i, j in PLACES:
        assert at(value, i, j) == at(sp.Mul(*factors), i, j)
