"""The facts behind the stable forms: which form of a real function keeps its digits in floating point.

Each row is an identity over the reals for all sizes; the passes in `stable` apply it, and every program
they make is proved equal to the derived one again, whatever they did. `x` and `s` are real and `e`
positive vectors over `V`, `n` points into `V`, `m` is any real number. ``left`` and ``right`` are
checked by one test over the whole table, symbolically and at sampled points.
"""

from dataclasses import dataclass

__all__ = ["FACTS", "Fact"]


@dataclass(frozen=True)
class Fact:
    """A row of the table."""

    name: str
    left: str
    right: str
    condition: str
    reason: str
    over: str = ""


FACTS: dict[str, Fact] = {
    fact.name: fact
    for fact in (
        Fact(
            "SOFTPLUS",
            "log(1 + exp(m))",
            "softplus(m)",
            "none",
            "no exponential overflows, and small values keep their digits",
        ),
        Fact(
            "LOG-SIGMOID",
            "log(sigmoid(m))",
            "-softplus(-m)",
            "none",
            "the sigmoid may underflow to 0, its logarithm does not",
        ),
        Fact(
            "SIGMOID",
            "1 / (1 + exp(-m))",
            "sigmoid(m)",
            "none",
            "no exponential overflows",
        ),
        Fact(
            "SIGMOID-RATIO",
            "exp(m) * sigmoid(-m)",
            "sigmoid(m)",
            "none",
            "no exponential overflows",
        ),
        Fact(
            "ONE-MINUS-SIGMOID",
            "1 - sigmoid(m)",
            "sigmoid(-m)",
            "none",
            "1 minus a number near 1 loses its digits",
        ),
        Fact(
            "LOG-RATIO",
            "log(exp(m) / sum(w in V, exp(x[w])))",
            "m - log(sum(w in V, exp(x[w])))",
            "numerator and denominator positive",
            "the quotient may underflow to 0, its logarithm does not",
        ),
        Fact(
            "LOG-OF-ONE-PLUS",
            "log(1 + e[n])",
            "log1p(e[n])",
            "1 + e[n] > 0",
            "small values keep their digits",
        ),
        Fact(
            "EXP-MINUS-ONE",
            "exp(m) - 1",
            "expm1(m)",
            "none",
            "small values keep their digits",
        ),
        Fact(
            "SHIFT-LOG",
            "log(sum(w in V, exp(x[w])))",
            "m + log(sum(w in V, exp(x[w] - m)))",
            "x finite; true for every m, used with the largest x",
            "no exponential overflows, and one of them is 1",
        ),
        Fact(
            "SHIFT-RATIO",
            "exp(x[w]) / sum(k in V, exp(x[k]))",
            "exp(x[w] - m) / sum(k in V, exp(x[k] - m))",
            "x finite; true for every m, used with the largest x",
            "no exponential overflows, and the denominator is at least 1",
            over="w in V",
        ),
        Fact(
            "SHIFT-DIFFERENCE",
            "m - x[n]",
            "-(x[n] - m)",
            "none",
            "the shifted value is at hand, and its rounding error does not grow with m",
        ),
        Fact(
            "SET-ASIDE",
            "sum(w in V, e[w])",
            "sum(w in V, (w != n) * e[w]) + e[n]",
            "n within its axis",
            "the sum of the others is known without a subtraction",
        ),
        Fact(
            "COMPLEMENT",
            "e[w] / sum(k in V, e[k]) - (w == n)",
            "(w != n) * e[w] / sum(k in V, e[k]) - (w == n) * sum(k in V, (k != n) * e[k]) / sum(k in V, e[k])",
            "e > 0",
            "1 minus a probability near 1 is the sum of the others over the total",
            over="w in V",
        ),
        Fact(
            "LOG1P",
            "log(sum(w in V, e[w])) - log(e[n])",
            "log1p(sum(w in V, (w != n) * e[w]) / e[n])",
            "e > 0; used where the others add up to less than e[n]",
            "a loss near 0 keeps its digits",
        ),
        Fact(
            "SIGMOID-BY-EXP",
            "sigmoid(m)",
            "exp(m) / (1 + exp(m))",
            "none; used where exp(m) is a moderate number",
            "all functions of m come from one exponential",
        ),
        Fact(
            "SIGMOID-OF-MINUS-BY-EXP",
            "sigmoid(-m)",
            "1 / (1 + exp(m))",
            "none; used where exp(m) is a moderate number",
            "all functions of m come from one exponential",
        ),
        Fact(
            "SOFTPLUS-BY-EXP",
            "softplus(m)",
            "log1p(exp(m))",
            "none; used where exp(m) is a moderate number",
            "all functions of m come from one exponential",
        ),
        Fact(
            "SOFTPLUS-OF-MINUS-BY-EXP",
            "softplus(-m)",
            "log1p(1 / exp(m))",
            "none; used where exp(m) is a moderate number",
            "all functions of m come from one exponential",
        ),
    )
}
"""The facts by name."""
