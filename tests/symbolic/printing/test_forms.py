"""What a definition may ask of its function: blocks, factors, no loss; and what cannot be had is refused."""

from dataclasses import replace

import pytest
import sympy as sp
from followed import LOSSES, derived

from w2v_verified.symbolic import Array, Axis, Derivation, Loss, Position, ProofError
from w2v_verified.symbolic.language.equation import Equation
from w2v_verified.symbolic.language.errors import UnsupportedError
from w2v_verified.symbolic.proof import program
from w2v_verified.symbolic.proof.program import Program

AXES = (Axis("d", letters="i j"), Axis("V", letters="w k"), Axis("B", letters="b c", minimum=0))
ARGUMENTS = (Array("X", "d B"), Position("o", "V", axes="B"), Array("U", "d V"))


def emitted(loss: Loss) -> str:
    made = Derivation(loss)
    return made.module()


def batch(loss: str) -> Loss:
    """A loss to be cut along B."""
    scores = "z[b in B] = sum(i in d, X[i, b] * U[i, o[b]])"
    return Loss(
        name="batch",
        summary="",
        axes=AXES,
        arguments=ARGUMENTS,
        definition=f"{scores}\nloss = {loss}",
        blocks="B",
    )


@pytest.mark.parametrize(
    "loss",
    [
        "sum(b in B, z[b] ** 2) / max(B, 1)",
        "sum(b in B, z[b] ** 2) + sum(i in d, sum(w in V, U[i, w] ** 2))",
        "sum(b in B, z[b]) ** 2",
        "sum(b in B, sum(c in B, z[b] * z[c]))",
    ],
)
def test_a_loss_that_is_no_sum_over_an_axis_cannot_be_cut_along_it(loss: str) -> None:
    with pytest.raises(UnsupportedError, match="blocks: expected a loss that is a sum over B"):
        emitted(batch(loss))


def test_what_is_not_added_up_as_a_matrix_product_is_not_cut() -> None:
    with pytest.raises(UnsupportedError, match="grad_U: expected one matrix product to add up over blocks"):
        emitted(batch("sum(b in B, z[b] ** 2)"))


def test_a_gradient_that_is_no_outer_product_has_no_factors() -> None:
    with pytest.raises(UnsupportedError, match="grad_U: expected an outer product of two vectors"):
        emitted(replace(LOSSES["naive_softmax_batch"], blocks="", factored="U"))


@pytest.mark.parametrize("name", ["negative_sampling", "negative_sampling_block"])
def test_a_sigmoid_by_the_wrong_exponential_is_refused(name: str) -> None:
    made = derived(name)
    right = made.moderate
    assert right is not None
    turned = tuple(
        Equation(h.name, h.indices, sp.exp(-h.expression.args[0])) if isinstance(h.expression, sp.exp) else h
        for h in right.helpers
    )
    assert turned != right.helpers
    with pytest.raises(ProofError, match="is not proved equal"):
        program.prove_same(right, Program(right.stages, turned, right.outputs), made.problem.context)


def test_only_losses_with_exponentials_take_two_roads() -> None:
    square = Loss(
        name="square",
        summary="",
        axes=(Axis("d"),),
        arguments=(Array("x", "d"),),
        definition="loss = sum(i in d, x[i] ** 2)",
    )
    assert Derivation(square).moderate is None
    assert "moderate(" not in emitted(square)
    assert "moderate(" in emitted(LOSSES["naive_softmax"])


@pytest.mark.parametrize("diagonal", [Array("M", "B B"), Array("M", "B d B")])
def test_an_array_that_has_the_axis_twice_is_not_cut(diagonal: Array) -> None:
    entry = "M[b, b]" if diagonal.axes == "B B" else "sum(i in d, M[b, i, b])"
    made = replace(batch(f"sum(b in B, z[b] + {entry} ** 2)"), arguments=(*ARGUMENTS, diagonal))
    with pytest.raises(UnsupportedError, match="blocks: expected a loss that is a sum over B"):
        emitted(made)


@pytest.mark.parametrize(
    ("definition", "table"),
    [
        ("loss = u[p] ** 2", Array("u", "V")),
        ("loss = W[p, q] * W[q, p]", Array("W", "V V")),
        ("loss = sum(i in d, U[i, p] * W[i, q])", Array("W", "d V")),
    ],
)
def test_columns_are_given_where_index_arguments_alone_read_one_matrix(definition: str, table: Array) -> None:
    arguments = (Array("U", "d V"), table, Array("v", "d"), Position("p", "V"), Position("q", "V"))
    wanted = table.name if table.name != "W" or table.axes == "V V" else "U"
    made = Loss("own", "", AXES[:2], arguments, definition, sparse=wanted)
    with pytest.raises(UnsupportedError, match=f"sparse {wanted}: expected a matrix whose columns are read"):
        emitted(made)
