"""Laws as a record file has them, each with a fault that it is about: every way to state one is there."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

import w2v_verified
from w2v_verified.verify import Record, load
from w2v_verified.verify.law import law_from_json

__all__ = ["CASES", "Case", "array", "call", "index", "law", "with_laws"]

Function = Callable[..., Any]


def array(name: str, *axes: str, **further: Any) -> dict[str, Any]:
    return {"name": name, "kind": "array", "axes": list(axes), **further}


def index(name: str, into: str, *axes: str, **further: Any) -> dict[str, Any]:
    return {"name": name, "kind": "index", "axes": list(axes), "into": into, **further}


def call(name: str, *arguments: str, **further: Any) -> dict[str, Any]:
    return {"name": name, "arguments": list(arguments), **further}


def law(name: str, *holds: str, **further: Any) -> dict[str, Any]:
    return {"name": name, "holds": [{"statement": each} for each in holds], **further}


def with_laws(loss: str, *laws: dict[str, Any]) -> Record:
    """The record of a loss with these laws and no others."""
    return replace(load(loss), laws=tuple(map(law_from_json, laws)))


def results(change: Callable[[float, Any, Any], Any]) -> Callable[[Function], Function]:
    """A fault in what comes back."""
    return lambda right: lambda *given: change(*right(*given))


def arguments(change: Callable[..., Any]) -> Callable[[Function], Function]:
    """A fault in what is computed with."""
    return lambda right: lambda *given: right(*change(*given))


def decayed(right: Function) -> Function:
    def inside(v_c: Any, o: Any, U: Any) -> Any:
        loss, grad_v_c, grad_U = right(v_c, o, U)
        return loss + 0.01 * float((U**2).sum()), grad_v_c, grad_U + 0.02 * U

    return inside


def first_weighted(vector: Any) -> Any:
    return vector * np.where(np.arange(len(vector)) == 0, 2, 1)


def averaged(right: Function) -> Function:
    """The loss of a batch, or a window, as a mean."""

    def inside(first: Any, many: Any, *rest: Any) -> Any:
        loss, *gradients = right(first, many, *rest)
        return (loss / max(len(many), 1), *gradients)

    return inside


def one_negative_at_least(right: Function) -> Function:
    def inside(v_c: Any, o: Any, U: Any, negatives: Any) -> Any:
        return right(v_c, o, U, negatives if len(negatives) else np.array([o]))

    return inside


def o_left_out_of_the_negatives(right: Function) -> Function:
    return lambda v_c, o, U, negatives: right(v_c, o, U, negatives[negatives != o])


def last_negative_dropped(right: Function) -> Function:
    return lambda v_c, o, U, negatives: right(v_c, o, U, negatives[:-1])


YHAT = (
    "z[w in V] = sum(i in d, U[i, w] * v_c[i])",
    "yhat[w in V] = exp(z[w]) / sum(k in V, exp(z[k]))",
)


@dataclass(frozen=True, eq=False)
class Case:
    """A law of a loss, and a fault that breaks it."""

    loss: str
    law: dict[str, Any]
    fault: Callable[[Function], Function]

    @property
    def name(self) -> str:
        return f"{self.loss}-{self.law['name']}"

    @property
    def record(self) -> Record:
        return with_laws(self.loss, self.law)

    @property
    def right(self) -> Function:
        function: Function = getattr(w2v_verified, self.loss)
        return function


CASES = (
    Case(
        "naive_softmax",
        law("columns of grad_U add up to zero", "sum(w in V, grad_U[i, w]) == 0", over="i in d"),
        results(lambda loss, g, G: (loss, g, G + 1)),
    ),
    Case("naive_softmax", law("not negative", "loss >= 0"), results(lambda loss, g, G: (loss - 9, g, G))),
    Case(
        "naive_softmax",
        law(
            "closed forms",
            "loss == -log(yhat[o])",
            "grad_v_c[i] == sum(k in V, U[i, k] * yhat[k]) - U[i, o]",
            "grad_U[i, w] == v_c[i] * (yhat[w] - (w == o))",
            over="i in d, w in V",
            notation=YHAT,
        ),
        results(lambda loss, g, G: (loss, g, -G)),
    ),
    Case(
        "naive_softmax",
        law(
            "shift",
            "moved_loss == loss",
            "moved_grad_v_c[i] == grad_v_c[i]",
            "moved_grad_U[i, w] == grad_U[i, w]",
            over="i in d, w in V",
            letting=[array("q", "d")],
            calls=[call("moved", "moved_U[i in d, w in V] = U[i, w] + q[i]")],
        ),
        decayed,
    ),
    Case(
        "naive_softmax",
        law(
            "words have no order",
            "permuted_loss == loss",
            "permuted_grad_U[i, w] == grad_U[i, p[w]]",
            over="i in d, w in V",
            letting=[index("p", "V", "V", one_to_one=True), index("t", "V")],
            given=["o = p[t]"],
            calls=[call("permuted", "permuted_U[i in d, w in V] = U[i, p[w]]", "permuted_o = t")],
        ),
        arguments(lambda v_c, o, U: (v_c, (o + 1) % U.shape[1], U)),
    ),
    Case(
        "naive_softmax",
        law(
            "rotation",
            "turned_loss == loss",
            "turned_grad_U[i, w] == sum(k in d, Q[i, k] * grad_U[k, w])",
            over="i in d, w in V",
            letting=[array("Q", "d", "d", orthogonal=True)],
            calls=[
                call(
                    "turned",
                    "turned_v_c[i in d] = sum(k in d, Q[i, k] * v_c[k])",
                    "turned_U[i in d, w in V] = sum(k in d, Q[i, k] * U[k, w])",
                )
            ],
        ),
        arguments(lambda v_c, o, U: (first_weighted(v_c), o, U)),
    ),
    Case(
        "naive_softmax",
        law(
            "a step lowers the loss",
            "loss - stepped_loss >= -sum(i in d, grad_v_c[i] * s[i]) - L / 2 * sum(i in d, s[i]**2)",
            letting=[array("share", between=[0, 2])],
            notation=[
                "L = max(w in V, max(k in V, sum(i in d, (U[i, w] - U[i, k])**2))) / 4",
                "eta = share / (1 + L)",
                "s[i in d] = stepped_v_c[i] - v_c[i]",
            ],
            calls=[call("stepped", "stepped_v_c[i in d] = v_c[i] - eta * grad_v_c[i]")],
        ),
        results(lambda loss, g, G: (loss, -g, G)),
    ),
    Case(
        "naive_softmax",
        law(
            "convex in the centre vector",
            "middle_loss <= share * loss + (1 - share) * other_loss",
            letting=[array("share", between=[0, 1]), array("b", "d")],
            calls=[
                call("other", "other_v_c[i in d] = b[i]"),
                call("middle", "middle_v_c[i in d] = share * v_c[i] + (1 - share) * b[i]"),
            ],
        ),
        results(lambda loss, g, G: (-loss, g, G)),
    ),
    Case(
        "naive_softmax",
        law("one word", "loss == 0", "grad_v_c[i] == 0", over="i in d", sizes={"V": 1}),
        results(lambda loss, g, G: (loss + 1e-12, g, G)),
    ),
    Case(
        "naive_softmax",
        law(
            "the mean at the origin",
            "grad_v_c[i] == 0",
            over="i in d",
            letting=[array("A", "d", "V")],
            given=[
                "v_c[i in d] = 0",
                "U[i in d, w in V] = (w != o)*(V - 1)*A[i, w] + (w == o)*sum(k in V, (k != o)*A[i, k])",
            ],
        ),
        results(lambda loss, g, G: (loss, g + 1e-9, G)),
    ),
    Case(
        "naive_softmax_factored",
        law("columns of grad_U add up to zero", "sum(w in V, grad_U[i, w]) == 0", over="i in d"),
        lambda right: lambda v_c, o, U: right(v_c, o, U)._replace(right=np.ones(U.shape[1])),
    ),
    Case(
        "naive_softmax_batch",
        law(
            "sum of its pairs",
            "loss == sum(b in B, pair_loss[b])",
            "grad_U[i, w] == sum(b in B, pair_grad_U[b, i, w])",
            over="i in d, w in V",
            calls=[
                call(
                    "pair",
                    "pair_v_c[b in B, i in d] = V_c[i, b]",
                    "pair_o[b in B] = o[b]",
                    of="naive_softmax",
                    over="b in B",
                )
            ],
        ),
        averaged,
    ),
    Case(
        "skip_gram_naive_softmax",
        law(
            "sum of windows of one",
            "loss == sum(c in m, part_loss[c])",
            "grad_U[i, w] == sum(c in m, part_grad_U[c, i, w])",
            over="i in d, w in V",
            axes=[{"name": "M", "meaning": "one place", "minimum": 1}],
            sizes={"M": 1},
            calls=[call("part", "part_outside[c in m, k in M] = outside[c]", over="c in m")],
        ),
        averaged,
    ),
    Case(
        "negative_sampling",
        law(
            "no negatives",
            "loss == softplus(-sum(i in d, U[i, o] * v_c[i]))",
            sizes={"K": 0},
        ),
        one_negative_at_least,
    ),
    Case(
        "negative_sampling",
        law(
            "o among the negatives",
            "loss >= softplus(-x) + softplus(x)",
            letting=[index("t", "K")],
            given=["o = negatives[t]"],
            notation=["x = sum(i in d, U[i, o] * v_c[i])"],
        ),
        o_left_out_of_the_negatives,
    ),
    Case(
        "negative_sampling_sparse",
        law(
            "negatives have no order",
            "permuted_loss == loss",
            "permuted_grad_U[i, w] == grad_U[i, w]",
            over="i in d, w in V",
            letting=[index("p", "K", "K", one_to_one=True)],
            calls=[call("permuted", "permuted_negatives[k in K] = negatives[p[k]]")],
        ),
        last_negative_dropped,
    ),
)
