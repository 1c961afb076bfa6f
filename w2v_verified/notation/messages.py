"""The words of refusals: what is shown of a statement, and what to write in place of Python that is no notation."""

import ast

__all__ = ["instead_of_call", "instead_of_place", "shortened", "unread"]

_LONGEST = 160

_CALLS = {
    "arctan": "atan(x)",
    "average": "sum(i in d, x[i]) / d",
    "dot": "sum(i in d, x[i] * y[i])",
    "ln": "log(x)",
    "log10": "log(x) / log(10)",
    "log2": "log(x) / log(2)",
    "log_softmax": "z[w] - log(sum(k in V, exp(z[k])))",
    "logsigmoid": "-softplus(-x)",
    "logsumexp": "log(sum(w in V, exp(z[w])))",
    "maximum": "max(x, y)",
    "mean": "sum(i in d, x[i]) / d",
    "min": "-max(-x, -y)",
    "minimum": "-max(-x, -y)",
    "norm": "sqrt(1 + sum(i in d, x[i] ** 2)), or a sum of squares alone",
    "pow": "x ** y",
    "prod": "exp(sum(i in d, log(p[i]))) of positive p",
    "softmax": "exp(z[w]) / sum(k in V, exp(z[k]))",
    "square": "x ** 2",
    "trace": "sum(i in d, A[i, i])",
    "where": "a product with a bracket such as (w == o)",
}
_OPERATORS: dict[type[ast.operator], str] = {
    ast.BitXor: "write x ** 2",
    ast.FloorDiv: "write x / y",
    ast.MatMult: "write sum(i in d, x[i] * y[i])",
}
_NOTATION = (
    "it has numbers, names, entries x[i], + - * / **, sum(i in axis, ...), brackets (i == j) "
    "and functions of one expression"
)


def shortened(text: str) -> str:
    """Text for a message, without its middle where it is long."""
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST // 2]} ... {text[-_LONGEST // 4 :]}"


def instead_of_call(name: str) -> str | None:
    """What to write for a function that the notation does not have, where there is something."""
    return _CALLS.get(name)


def unread(node: ast.expr) -> str:
    """Why a part is no expression, and what to write instead."""
    return f"not an expression of this language; {_instead(node)}"


def _instead(node: ast.expr) -> str:
    match node:
        case ast.BinOp(op=operator) if type(operator) in _OPERATORS:
            return _OPERATORS[type(operator)]
        case ast.Call(func=ast.Attribute(attr=name)):
            return f"a function has no dot: write {_CALLS.get(name, f'{name}(...)')}"
        case ast.Call(keywords=[_, *_]):
            return "a function takes no keywords"
        case ast.Attribute(attr="T"):
            return "write the indices in the other order"
        case ast.Subscript(value=ast.Subscript()):
            return "write all indices in one pair of brackets, x[i, j]"
        case ast.BoolOp(op=ast.And()) | ast.Compare(ops=[_, _, *_]):
            return "write a product of brackets, (i == j) * (j == k)"
        case ast.UnaryOp(op=ast.Not()):
            return "write a bracket that is 1 where the other one is 0, (i != j)"
        case ast.Tuple():
            return "a comma makes several of it"
        case _:
            return _NOTATION


def instead_of_place(node: ast.expr) -> str:
    """Why a part is no index, and what to write instead."""
    return f"expected an index: a bound index, an index argument or an entry of one; {_place(node)}"


def _place(node: ast.expr) -> str:
    match node:
        case ast.BinOp():
            return "give the places that are meant as an index argument with axes, x[next[i]]"
        case ast.Slice():
            return "write the entry, x[i] within sum(i in d, ...)"
        case _:
            return "give a place that is meant as an index argument, Position"
