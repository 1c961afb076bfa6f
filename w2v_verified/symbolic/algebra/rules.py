"""The rules a step of a proof may cite, each with its statement, its condition and instances.

The algebra of finite sums is always available to the checker (`normal`); the rules marked as switches
are available only to a step that names them, and a step that names one it does not need is refused.
The instances of every row are checked by one test over
the whole table: those in ``holds`` by the checker and at sampled points, those in ``fails`` must be
refused by both.
"""

from dataclasses import dataclass

__all__ = ["ALGEBRAIC", "RULES", "SWITCHES", "WIDE", "Instance", "Rule"]


@dataclass(frozen=True)
class Instance:
    """``left`` and ``right`` for all indices ``over``; `x`, `y` are real, `p`, `q` positive vectors over `V`.

    ``U`` is real with axes d, V; ``Q`` and ``S`` are orthogonal with axes d, d; ``n`` points into V, and so does every
    entry of ``r`` over V, and of ``s``, which is one to one; ``c`` is a real scalar. Rules that are needed ``beside``
    the row's own are named.
    """

    left: str
    right: str
    over: str = ""
    beside: str = ""


@dataclass(frozen=True)
class Rule:
    """A row of the table."""

    name: str
    statement: str
    condition: str
    switch: bool
    holds: tuple[Instance, ...]
    fails: tuple[Instance, ...]


RULES: dict[str, Rule] = {
    rule.name: rule
    for rule in (
        Rule(
            "ALGEBRA",
            r"rings and finite sums: $\sum_k c\,f_k = c\sum_k f_k$, $\sum_k (f_k+g_k)=\sum_k f_k+\sum_k g_k$, "
            r"$\sum_i\sum_k=\sum_k\sum_i$, bound indices renamed, equal factors cancelled, $a^pa^q=a^{p+q}$; "
            r"$[i\le j]=1-[j<i]$ and a bracket is its own square; "
            "every other rule works in it, so it is named where no other is needed",
            "sums are finite; what is divided by is not zero, what has a power that is no whole number is positive",
            switch=False,
            holds=(
                Instance("sum(w in V, c * x[w] + y[w])", "c * sum(k in V, x[k]) + sum(w in V, y[w])"),
                Instance(
                    "sum(i in d, sum(w in V, U[i, w] * x[w]))", "sum(w in V, x[w] * sum(i in d, U[i, w]))"
                ),
                Instance("sum(w in V, p[w] / sum(k in V, p[k]))", "1"),
                Instance("p[n] / sqrt(p[n])", "sqrt(p[n])"),
                Instance("(p[n] * q[n]) ** (c + 1)", "p[n] * p[n] ** c * q[n] * q[n] ** c"),
                Instance("sum(w in V, x[w] ** 2 / (x[w] ** 2 + 1))", "V - sum(w in V, 1 / (x[w] ** 2 + 1))"),
                Instance("max(V, 1)", "V"),
                Instance(
                    "sum(w in V, (w <= n) ** 2 * x[w])", "sum(w in V, x[w]) - sum(w in V, (n < w) * x[w])"
                ),
                Instance("max(c, x[n] + 1)", "max(1 + x[n], c)"),
                Instance("(w <= n) * (n <= w)", "(w == n)", over="w in V"),
                Instance("(w < n) * (n <= w)", "0", over="w in V"),
                Instance("exp((w < n) * x[w]) - 1", "(w < n) * (exp(x[w]) - 1)", over="w in V"),
            ),
            fails=(
                Instance("sum(w in V, x[w] * y[w])", "sum(w in V, x[w]) * sum(w in V, y[w])"),
                Instance("sum(w in V, x[w] + c)", "sum(w in V, x[w]) + c"),
                Instance("sum(w in V, x[w] / p[w])", "sum(w in V, x[w]) / sum(w in V, p[w])"),
                Instance("max(w in V, V * x[w])", "max(w in V, sum(k in V, x[k]))"),
                Instance("sqrt(p[n] + q[n])", "sqrt(p[n]) + sqrt(q[n])"),
                Instance("max(V, 2)", "V"),
                Instance("sum(w in V, (w <= n) * x[w])", "sum(w in V, (w < n) * x[w])"),
                Instance("max(c, x[n])", "c"),
                Instance("(w <= n) * (n <= w)", "0", over="w in V"),
                Instance("exp((w < n) * x[w])", "(w < n) * exp(x[w])", over="w in V"),
            ),
        ),
        Rule(
            "PICK",
            r"$\sum_k [k=n]\,f_k = f_n$ and $[w=n]\,f_w=[w=n]\,f_n$",
            "k and n run over the same axis, and k is no part of n where it is summed over",
            switch=True,
            holds=(
                Instance("sum(w in V, (w == n) * x[w])", "x[n]"),
                Instance("sum(w in V, (w != n) * x[w])", "sum(w in V, x[w]) - x[n]"),
                Instance("(w == n) * x[w]", "(w == n) * x[n]", over="w in V"),
                Instance("(w == r[w]) * x[r[w]]", "(w == r[w]) * x[w]", over="w in V"),
            ),
            fails=(
                Instance("sum(w in V, (w == r[w]))", "1"),
                Instance("sum(w in V, (w == r[w]) * x[w])", "x[n]"),
                Instance("sum(w in V, (w == n) * x[w])", "x[n] * sum(w in V, (w == n) * x[w])"),
                Instance("(w == n) * x[w]", "(w == n) * y[n]", over="w in V"),
            ),
        ),
        Rule(
            "EXP",
            r"$e^{a+b}=e^a e^b$, so $\sum_k e^{f_k+m}=e^m\sum_k e^{f_k}$",
            "none",
            switch=True,
            holds=(
                Instance("sum(w in V, exp(x[w] + c))", "exp(c) * sum(w in V, exp(x[w]))"),
                Instance("exp(x[w] - c) * exp(c)", "exp(x[w])", over="w in V"),
            ),
            fails=(Instance("sum(w in V, exp(x[w] + c))", "exp(c) + sum(w in V, exp(x[w]))"),),
        ),
        Rule(
            "LOG",
            r"$\log(ab)=\log a+\log b$, $\log(a/b)=\log a-\log b$, $\log e^a=a$",
            "a > 0 and b > 0",
            switch=True,
            holds=(
                Instance("log(exp(c) / sum(w in V, exp(x[w])))", "c - log(sum(w in V, exp(x[w])))"),
                Instance("log(p[n] * q[n])", "log(p[n]) + log(q[n])"),
            ),
            fails=(
                Instance("log(p[n] + q[n])", "log(p[n]) + log(q[n])"),
                Instance("log(p[n] * q[n])", "log(p[n]) * log(q[n])"),
            ),
        ),
        Rule(
            "UNFOLD",
            "a name stands for what it was defined to be",
            "the name was defined before, and its definition does not use itself",
            switch=True,
            holds=(
                Instance("half[n] + half[n]", "x[n]"),
                Instance("sum(w in V, half[w])", "sum(w in V, x[w]) / 2"),
            ),
            fails=(Instance("half[n]", "x[n]"), Instance("sum(w in V, half[w])", "sum(w in V, x[n]) / 2")),
        ),
        Rule(
            "DIFF",
            r"SymPy's derivative by one entry at fresh indices: $\partial x_k/\partial x_w=[k=w]$",
            "differentiable where it is used; names that depend on x are unfolded",
            switch=True,
            holds=(
                Instance("diff(sum(k in V, x[k] ** 2), x[w])", "2 * x[w]", over="w in V", beside="PICK"),
                Instance(
                    "diff(log(sum(k in V, exp(x[k]))), x[w])",
                    "exp(x[w]) / sum(k in V, exp(x[k]))",
                    over="w in V",
                    beside="PICK",
                ),
                Instance("diff(x[n], x[w])", "(w == n)", over="w in V"),
            ),
            fails=(
                Instance("diff(sum(k in V, x[k] ** 2), x[w])", "sum(k in V, 2 * x[k])", over="w in V"),
                Instance("diff(x[n], x[w])", "1", over="w in V"),
            ),
        ),
        Rule(
            "FUNCTION",
            r"$\sigma(x)=1/(1+e^{-x})$, $\mathrm{softplus}(x)=\log(1+e^x)$, $\mathrm{log1p}(x)=\log(1+x)$, "
            r"$\mathrm{expm1}(x)=e^x-1$, $\tanh x=1-2/(1+e^{2x})$, $\sin^2x+\cos^2x=1$, "
            r"$\mathrm{abs}(x)=x\,\mathrm{sign}(x)$, $\mathrm{relu}(x)=(x+\mathrm{abs}(x))/2$, "
            r"$\max(x,y)=(x+y+\mathrm{abs}(x-y))/2$, $\mathrm{H}(x)=[x>0]=(\mathrm{sign}(x)+\mathrm{sign}(x)^2)/2$",
            "x > -1 for log1p",
            switch=True,
            holds=(
                Instance("sigmoid(c)", "exp(c) / (1 + exp(c))"),
                Instance("1 - sigmoid(c)", "sigmoid(-c)"),
                Instance("log1p(p[n])", "log(1 + p[n])"),
                Instance("expm1(c)", "exp(c) - 1"),
                Instance("tanh(c)", "(exp(c) - exp(-c)) / (exp(c) + exp(-c))"),
                Instance("sin(c) ** 2 + cos(c) ** 2", "1"),
                Instance("max(c, x[n])", "x[n] + relu(c - x[n])"),
                Instance("relu(c) - relu(-c)", "c"),
                Instance("heaviside(c) + heaviside(-c)", "sign(c) ** 2"),
                Instance("c * sign(c) ** 3", "abs(c)"),
            ),
            fails=(
                Instance("tanh(c)", "(exp(c) - 1) / (exp(c) + 1)"),
                Instance("max(c, x[n])", "relu(c) + relu(x[n])"),
                Instance("abs(c)", "relu(c) - relu(-c)"),
                Instance("sin(c) ** 2 - cos(c) ** 2", "1"),
                Instance("sigmoid(c)", "1 / (1 + exp(c))"),
                Instance("log1p(p[n])", "log(p[n])"),
            ),
        ),
        Rule(
            "SIGMOID",
            r"$\sigma(-x)=1-\sigma(x)$, $\mathrm{softplus}(-x)=\mathrm{softplus}(x)-x$, "
            r"$\log\sigma(x)=-\mathrm{softplus}(-x)$",
            "none",
            switch=True,
            holds=(
                Instance("sum(w in V, sigmoid(-x[w]))", "sum(w in V, 1 - sigmoid(x[w]))"),
                Instance("softplus(c) - softplus(-c)", "c"),
            ),
            fails=(
                Instance("sigmoid(-c)", "-sigmoid(c)"),
                Instance("softplus(c) + softplus(-c)", "c"),
            ),
        ),
        Rule(
            "ORTHOGONAL",
            r"$\sum_i Q_{ia}Q_{ib}=[a=b]$",
            "Q is declared orthogonal, and both entries are of Q",
            switch=True,
            holds=(
                Instance(
                    "sum(i in d, sum(a in d, Q[i, a] * U[a, w]) * sum(b in d, Q[i, b] * U[b, n]))",
                    "sum(a in d, U[a, w] * U[a, n])",
                    over="w in V",
                    beside="PICK",
                ),
            ),
            fails=(
                Instance(
                    "sum(i in d, sum(a in d, Q[i, a] * U[a, w]) * sum(b in d, Q[b, i] * U[b, n]))",
                    "sum(a in d, U[a, w] * U[a, n])",
                    over="w in V",
                    beside="PICK",
                ),
                Instance("sum(i in d, Q[i, a] * S[i, b])", "(a == b)", over="a in d, b in d"),
            ),
        ),
        Rule(
            "ONE-TO-ONE",
            r"$[\pi_a=\pi_b]=[a=b]$ and $\sum_w f_{\pi_w}=\sum_w f_w$",
            "no two entries of the index are the same; for the sum, it points into its own axis",
            switch=True,
            holds=(
                Instance("(s[w] == s[n])", "(w == n)", over="w in V"),
                Instance("sum(w in V, x[s[w]] * exp(y[s[w]]))", "sum(w in V, x[w] * exp(y[w]))"),
                Instance("sum(w in V, (s[w] == s[n]) * x[w])", "x[n]", beside="PICK"),
                Instance("sum(w in V, x[s[s[w]]] * y[s[w]])", "sum(w in V, x[s[w]] * y[w])"),
            ),
            fails=(
                Instance("(r[w] == r[n])", "(w == n)", over="w in V"),
                Instance("sum(w in V, x[r[w]])", "sum(w in V, x[w])"),
                Instance("sum(w in V, x[s[w]] * y[w])", "sum(w in V, x[w] * y[w])"),
                Instance("(s[w] == r[n])", "(w == n)", over="w in V"),
                Instance("sum(w in V, x[s[s[w]]] * y[s[w]])", "sum(w in V, x[w] * y[w])"),
            ),
        ),
    )
}
"""The rules by name."""
SWITCHES = frozenset(name for name, rule in RULES.items() if rule.switch)
"""The rules that are available only where they are named."""
WIDE = frozenset({"FUNCTION", "SIGMOID", "LOG"})
"""Those that know what narrower rules say as well: the fewest are found by leaving these out first."""
ALGEBRAIC = SWITCHES - {"UNFOLD", "DIFF", "ORTHOGONAL", "ONE-TO-ONE"}
"""Those that hold of any expression, whatever its names stand for."""
