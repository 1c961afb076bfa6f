"""The facts behind the stable forms: which form of a real function keeps its digits in floating point.

Each row is an identity over the reals for all sizes. Passes find places for them, and `driver` applies them there;
every program that a pass makes is proved equal to the derived one again. `x`, `a`, `b` and `e` are vectors over `V`,
`a` and `e` positive, `c` is a vector over `T`, `m` and `h` are numbers, `r` and `s` positive ones; `n` points into `V`,
and so does each of its entries where it is a vector over `T`. ``letting`` defines a further letter. ``left`` and
``right`` are checked by one test over the whole table, symbolically and at sampled points; another finds
a definition in which each row is applied.
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
    letting: str = ""


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
        Fact("SIGMOID", "1 / (1 + exp(-m))", "sigmoid(m)", "none", "no exponential overflows"),
        Fact("SIGMOID-RATIO", "exp(m) * sigmoid(-m)", "sigmoid(m)", "none", "no exponential overflows"),
        Fact(
            "ONE-MINUS-SIGMOID",
            "1 - sigmoid(m)",
            "sigmoid(-m)",
            "none",
            "1 minus a number near 1 loses its digits",
        ),
        Fact(
            "LOG-PRODUCT",
            "log(r * s)",
            "log(r) + log(s)",
            "r > 0 and s > 0",
            "the product may leave the range of numbers, the sum of the logarithms does not",
        ),
        Fact(
            "LOG-POWER",
            "log(r ** m)",
            "m * log(r)",
            "r > 0",
            "the power may leave the range of numbers, its logarithm does not",
        ),
        Fact(
            "POWER-OF-EXP",
            "(r * exp(m)) ** h",
            "r ** h * exp(h * m)",
            "r > 0",
            "the exponential may leave the range of numbers, its power need not",
        ),
        Fact(
            "LOG-OF-ONE-PLUS",
            "log(1 + h)",
            "log1p(h)",
            "1 + h > 0",
            "small values keep their digits",
        ),
        Fact("EXP-MINUS-ONE", "exp(m) - 1", "expm1(m)", "none", "small values keep their digits"),
        Fact(
            "SHIFT-LOG",
            "log(sum(w in V, a[w] * exp(x[w])))",
            "m + log(sum(w in V, a[w] * exp(x[w] - m)))",
            "the sum is positive; true for every m, used with the largest x",
            "no exponential overflows, and one of them is 1",
        ),
        Fact(
            "SHIFT-LOG-OF-TERMS",
            "log(r)",
            "m + log(exp(-m) * r)",
            "r > 0; true for every m, used with the largest exponent in r, a sum of exponentials and numbers",
            "no exponential overflows, and one of them is 1",
        ),
        Fact(
            "SHIFT-LOG1P",
            "log1p(h)",
            "m + log1p(exp(-m) * h + expm1(-m))",
            "1 + h > 0; true for every m, used with the largest exponent in h, or 0",
            "no exponential overflows, and a small h keeps its digits",
        ),
        Fact(
            "SHIFT-RATIO",
            "exp(h) / sum(w in V, a[w] * exp(x[w]))",
            "exp(h - m) / sum(w in V, a[w] * exp(x[w] - m))",
            "the sum is not 0; true for every m, used with the largest x",
            "no exponential overflows, and the denominator is at least 1",
        ),
        Fact(
            "SHIFT-RATIO-OF-SUMS",
            "sum(w in V, b[w] * exp(x[w])) / sum(w in V, a[w] * exp(x[w]))",
            "sum(w in V, b[w] * exp(x[w] - m)) / sum(w in V, a[w] * exp(x[w] - m))",
            "the sum is not 0; true for every m, used with the largest x",
            "no exponential overflows, and the denominator is at least 1",
        ),
        Fact(
            "SCALE",
            "r ** h",
            "s ** (-2 * h) * y ** h",
            "r > 0, s > 0; true for every s, used with 1 over the largest root of a term in r, a sum of squares",
            "no square leaves the range of numbers",
            letting="y = s ** 2 * r",
        ),
        Fact(
            "SCALE-LOG",
            "log(r)",
            "log(y) - 2 * log(s)",
            "r > 0, s > 0; true for every s, used with 1 over the largest root of a term in r, a sum of squares",
            "no square leaves the range of numbers",
            letting="y = s ** 2 * r",
        ),
        Fact(
            "SCALE-LOG1P",
            "log1p(h)",
            "log1p(z) - 2 * log(s)",
            "1 + h > 0, s > 0; true for every s, used with 1 over the largest root in 1 + h, a sum of squares",
            "no square leaves the range of numbers, and small values keep their digits",
            letting="z = s ** 2 * h + (s ** 2 - 1)",
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
            "COMPLEMENT-OF-WINDOW",
            "sum(t in T, c[t] * (e[w] / sum(k in V, e[k]) - (w == n[t])))",
            "(sum(t in T, c[t]) - sum(t in T, c[t] * (w == n[t]))) * e[w] / sum(k in V, e[k])"
            " - sum(t in T, c[t] * (w == n[t]) * sum(k in V, (k != n[t]) * e[k]) / sum(k in V, e[k]))",
            "e > 0",
            "1 minus a probability near 1 is the sum of the others over the total, at each place",
            over="w in V",
        ),
        Fact(
            "LOG1P",
            "log(sum(w in V, exp(x[w]))) - x[n]",
            "log1p(sum(w in V, (w != n) * exp(x[w])) / exp(x[n]))",
            "none; used where the others add up to less than exp(x[n])",
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
