"""Losses nobody in this project has named, as users would write them: some are derived, some refused."""

from w2v_verified.symbolic import Array, Axis, Loss, Position


def loss(definition: str, *arguments: Array | Position, axes: str = "", empty: str = "") -> Loss:
    """A loss over the axes its arguments have; those in ``empty`` may have no places."""
    names = dict.fromkeys(
        axis
        for a in arguments
        for axis in (*a.axes.split(), *((a.into,) if isinstance(a, Position) else ()), *axes.split())
    )
    made = tuple(Axis(n, minimum=0 if n in empty.split() else 1) for n in names)
    return Loss("user_loss", "A loss of a user's.", made, arguments, definition)


def fixed(name: str, axes: str = "", positive: bool = False) -> Array:
    """An array no gradient is wanted for."""
    return Array(name, axes, gradient=False, positive=positive)


A, P = Array, Position

DERIVED = {
    "a number alone": loss("loss = log(1 + a ** 2)", A("a", "")),
    "exact though it is written otherwise": loss("loss = sqrt(2) ** 2 * sum(k in K, x[k])", A("x", "K")),
    "columns of what may be empty": loss(
        "loss = sum(k in K, x[n[k]] ** 2)", A("x", "V"), P("n", "V", axes="K"), empty="V K"
    ),
    "exponentials of what may be none": loss(
        "loss = log(1 + sum(k in K, exp(sin(x[k]))))", A("x", "K"), empty="K"
    ),
    "a table pointed into twice": loss(
        "loss = sum(k in K, sum(l in K, M[n[k], n[l]] ** 2))", A("M", "V V"), P("n", "V", axes="K")
    ),
    "positions of an axis of its own": loss(
        "loss = sum(k in K, (m[k] != k) * w[k] ** 2)", A("w", "K"), P("m", "K", axes="K")
    ),
    "glove": loss(
        "r[w in V, k in V] = sum(i in d, W[i, w] * C[i, k]) + b[w] + c[k] - log(X[w, k])\n"
        "loss = sum(w in V, sum(k in V, f[w, k] * r[w, k] ** 2))",
        *(A("W", "d V"), A("C", "d V"), A("b", "V"), A("c", "V")),
        *(fixed("X", "V V", positive=True), fixed("f", "V V")),
    ),
    "glove in one line": loss(
        "loss = sum(w in V, sum(k in V, f[w, k] * (sum(i in d, W[i, w] * C[i, k]) + b[w] + c[k] - t[w, k]) ** 2))",
        *(A("W", "d V"), A("C", "d V"), A("b", "V"), A("c", "V"), fixed("t", "V V"), fixed("f", "V V")),
    ),
    "ridge": loss(
        "r[n in N] = sum(i in d, X[n, i] * w[i]) - y[n]\n"
        "loss = sum(n in N, r[n] ** 2) / 2 + lam * sum(i in d, w[i] ** 2)",
        *(A("w", "d"), fixed("X", "N d"), fixed("y", "N"), fixed("lam", positive=True)),
        empty="N",
    ),
    "weighted cross-entropy": loss(
        "z[n in N, k in K] = sum(i in d, X[n, i] * W[i, k]) + b[k]\n"
        "loss = sum(n in N, a[n] * (log(sum(k in K, exp(z[n, k]))) - z[n, y[n]]))",
        *(A("W", "d K"), A("b", "K"), fixed("X", "N d"), fixed("a", "N"), P("y", "K", axes="N")),
        empty="N",
    ),
    "several words, three times each": loss(
        "z[w in V] = sum(i in d, U[i, w] * v[i])\n"
        "loss = sum(t in T, 3 * (log(sum(w in V, exp(z[w]))) - z[n[t]]))",
        *(A("U", "d V"), A("v", "d"), P("n", "V", axes="T")),
        empty="T",
    ),
    "label smoothing": loss(
        "z[k in K] = sum(i in d, W[i, k] * h[i])\n"
        "loss = -sum(k in K, q[k] * (z[k] - log(sum(j in K, exp(z[j])))))",
        *(A("W", "d K"), A("h", "d"), fixed("q", "K", positive=True)),
    ),
    "softmax spelled as a probability": loss(
        "z[k in K] = sum(i in d, W[i, k] * h[i])\n"
        "p[k in K] = exp(z[k]) / sum(j in K, exp(z[j]))\n"
        "loss = -log(p[y])",
        *(A("W", "d K"), A("h", "d"), P("y", "K")),
    ),
    "softmax in one line": loss(
        "loss = -log(exp(sum(i in d, W[i, y] * h[i])) / sum(k in K, exp(sum(i in d, W[i, k] * h[i]))))",
        *(A("W", "d K"), A("h", "d"), P("y", "K")),
    ),
    "logits with a bias, in one line": loss(
        "loss = log(sum(k in K, exp(sum(i in d, W[i, k] * h[i]) + b[k]))) - sum(i in d, W[i, y] * h[i]) - b[y]",
        *(A("W", "d K"), A("h", "d"), A("b", "K"), P("y", "K")),
    ),
    "softmax with a temperature": loss(
        "z[k in K] = sum(i in d, W[i, k] * h[i])\nloss = log(sum(k in K, exp(z[k] / tau))) - z[y] / tau",
        *(A("W", "d K"), A("h", "d"), fixed("tau", positive=True), P("y", "K")),
    ),
    "logits as arguments": loss(
        "loss = log(sum(k in K, exp(z[k]))) - z[y]",
        *(A("z", "K"), P("y", "K")),
    ),
    "logistic regression": loss(
        "z[n in N] = sum(i in d, X[n, i] * w[i]) + b\nloss = sum(n in N, softplus(z[n]) - t[n] * z[n])",
        *(A("w", "d"), A("b", ""), fixed("X", "N d"), fixed("t", "N")),
        empty="N",
    ),
    "logistic regression by probabilities": loss(
        "z[n in N] = sum(i in d, X[n, i] * w[i])\n"
        "p[n in N] = 1 / (1 + exp(-z[n]))\n"
        "loss = -sum(n in N, t[n] * log(p[n]) + (1 - t[n]) * log(1 - p[n]))",
        *(A("w", "d"), fixed("X", "N d"), fixed("t", "N")),
        empty="N",
    ),
    "margins, log loss": loss(
        "loss = sum(n in N, log(1 + exp(-t[n] * sum(i in d, X[n, i] * w[i]))))",
        *(A("w", "d"), fixed("X", "N d"), fixed("t", "N")),
        empty="N",
    ),
    "bilinear score": loss(
        "s = sum(i in d, sum(j in e, u[i] * M[i, j] * v[j]))\nloss = softplus(-s)",
        *(A("u", "d"), A("M", "d e"), A("v", "e")),
    ),
    "masked squares": loss(
        "r[n in N, k in K] = sum(i in d, A[n, i] * B[i, k]) - Y[n, k]\n"
        "loss = sum(n in N, sum(k in K, mask[n, k] * r[n, k] ** 2)) / max(N, 1)",
        *(A("A", "N d"), A("B", "d K"), fixed("Y", "N K"), fixed("mask", "N K")),
        empty="N",
    ),
    "several gathered tables": loss(
        "s[n in N] = sum(i in d, users[u[n], i] * items[t[n], i]) + a[u[n]] + b[t[n]]\n"
        "loss = sum(n in N, (s[n] - y[n]) ** 2)",
        *(A("users", "S d"), A("items", "T d"), A("a", "S"), A("b", "T"), fixed("y", "N")),
        *(P("u", "S", axes="N"), P("t", "T", axes="N")),
        empty="N",
    ),
    "smooth distances": loss(
        "s[w in V] = sum(i in d, (U[i, w] - v[i]) ** 2)\nloss = sum(w in V, p[w] * sqrt(1 + s[w]))",
        *(A("U", "d V"), A("v", "d"), fixed("p", "V", positive=True)),
    ),
    "a gaussian mixture's responsibility": loss(
        "s[k in K] = sum(i in d, (M[i, k] - x[i]) ** 2)\nloss = -log(sum(k in K, exp(-s[k] / 2)))",
        *(A("M", "d K"), A("x", "d")),
    ),
    "poisson regression": loss(
        "z[n in N] = sum(i in d, X[n, i] * w[i])\nloss = sum(n in N, exp(z[n]) - y[n] * z[n])",
        *(A("w", "d"), fixed("X", "N d"), fixed("y", "N", positive=True)),
        empty="N",
    ),
    "a hidden layer": loss(
        "h[j in H] = tanh(sum(i in d, A[j, i] * x[i]) + a[j])\n"
        "z[k in K] = sum(j in H, B[k, j] * h[j])\n"
        "loss = log(sum(k in K, exp(z[k]))) - z[y]",
        *(A("A", "H d"), A("a", "H"), A("B", "K H"), fixed("x", "d"), P("y", "K")),
    ),
    "contrastive batch": loss(
        "z[b in B, c in B] = sum(i in d, X[i, b] * Y[i, c])\n"
        "loss = sum(b in B, log(sum(c in B, exp(z[b, c]))) - z[b, t[b]])",
        *(A("X", "d B"), A("Y", "d B"), P("t", "B", axes="B")),
    ),
    "entropy of a positive vector": loss(
        "loss = sum(k in K, p[k] * log(p[k]))",
        A("p", "K", positive=True),
    ),
    "waves": loss(
        "loss = sum(n in N, (sin(w * x[n]) + cos(w * x[n]) - y[n]) ** 2)",
        *(A("w", ""), fixed("x", "N"), fixed("y", "N")),
        empty="N",
    ),
    "an argument the loss does not use": loss(
        "loss = sum(i in d, u[i] ** 2)",
        *(A("u", "d"), A("v", "d")),
    ),
    "two softmaxes": loss(
        "a[k in K] = sum(i in d, W[i, k] * h[i])\n"
        "b[m in M] = sum(i in d, R[i, m] * h[i])\n"
        "loss = log(sum(k in K, exp(a[k]))) - a[y] + log(sum(m in M, exp(b[m]))) - b[t]",
        A("W", "d K"),
        A("R", "d M"),
        A("h", "d"),
        P("y", "K"),
        P("t", "M"),
    ),
    "attention": loss(
        "z[k in K] = sum(i in d, Q[i] * Y[i, k])\n"
        "p[k in K] = exp(z[k]) / sum(j in K, exp(z[j]))\n"
        "o[i in d] = sum(k in K, p[k] * H[i, k])\n"
        "loss = sum(i in d, (o[i] - t[i]) ** 2)",
        A("Q", "d"),
        A("Y", "d K"),
        A("H", "d K"),
        fixed("t", "d"),
    ),
    "kl": loss(
        "z[k in K] = sum(i in d, W[i, k] * h[i])\n"
        "p[k in K] = exp(z[k]) / sum(j in K, exp(z[j]))\n"
        "loss = sum(k in K, q[k] * (log(q[k]) - log(p[k])))",
        A("W", "d K"),
        A("h", "d"),
        fixed("q", "K", positive=True),
    ),
    "focal": loss(
        "p = sigmoid(sum(i in d, w[i] * x[i]))\nloss = -(1 - p) ** 2 * log(p)", A("w", "d"), fixed("x", "d")
    ),
    "triplet": loss(
        "p = sum(i in d, (a[i] - b[i]) ** 2)\n"
        "q = sum(i in d, (a[i] - c[i]) ** 2)\n"
        "loss = softplus(1 + p - q)",
        A("a", "d"),
        A("b", "d"),
        A("c", "d"),
    ),
    "bpr": loss(
        "s[n in N] = sum(i in d, W[i, u[n]] * (H[i, p[n]] - H[i, q[n]]))\n"
        "loss = -sum(n in N, log(sigmoid(s[n])))",
        A("W", "d S"),
        A("H", "d T"),
        P("u", "S", axes="N"),
        P("p", "T", axes="N"),
        P("q", "T", axes="N"),
        empty="N",
    ),
    "a product of two vectors in the loss": loss(
        "z[n in N] = sum(i in d, X[i, n] * w[i])\ny[n in N] = sum(i in d, X[i, n] * u[i])\n"
        "p[n in N] = exp(z[n])\nq[n in N] = exp(y[n])\nr = sum(n in N, p[n] * q[n])\n"
        "loss = sum(n in N, softplus(z[n])) + r",
        fixed("X", "d N"),
        A("w", "d"),
        A("u", "d"),
    ),
    "huber": loss(
        "r[n in N] = sum(i in d, X[n, i] * w[i]) - y[n]\nloss = sum(n in N, sqrt(1 + r[n] ** 2) - 1)",
        A("w", "d"),
        fixed("X", "N d"),
        fixed("y", "N"),
        empty="N",
    ),
    "gauss": loss(
        "loss = sum(n in N, log(s) + (x[n] - m) ** 2 / (2 * s ** 2))",
        A("m", ""),
        A("s", "", positive=True),
        fixed("x", "N"),
        empty="N",
    ),
    "cauchy": loss("loss = lam * sum(i in d, log(1 + u[i] ** 2))", A("u", "d"), fixed("lam")),
    "cross entropy mean": loss(
        "z[n in N, k in K] = sum(i in d, X[n, i] * W[i, k])\n"
        "loss = sum(n in N, log(sum(k in K, exp(z[n, k]))) - z[n, y[n]]) / max(N, 1)",
        A("W", "d K"),
        fixed("X", "N d"),
        P("y", "K", axes="N"),
        empty="N",
    ),
    "masked ce": loss(
        "z[n in N, k in K] = sum(i in d, X[n, i] * W[i, k])\n"
        "loss = sum(n in N, m[n] * (log(sum(k in K, exp(z[n, k]))) - z[n, y[n]]))",
        A("W", "d K"),
        A("X", "N d"),
        fixed("m", "N"),
        P("y", "K", axes="N"),
        empty="N",
    ),
    "ce + ridge": loss(
        "z[k in K] = sum(i in d, W[i, k] * h[i])\n"
        "loss = log(sum(k in K, exp(z[k]))) - z[y] + lam * sum(i in d, sum(k in K, W[i, k] ** 2))",
        A("W", "d K"),
        A("h", "d"),
        fixed("lam", positive=True),
        P("y", "K"),
    ),
    "smoothed ce": loss(
        "z[k in K] = sum(i in d, W[i, k] * h[i])\n"
        "loss = log(sum(k in K, exp(z[k]))) - (1 - eps) * z[y] - eps * sum(k in K, z[k]) / K",
        A("W", "d K"),
        A("h", "d"),
        fixed("eps"),
        P("y", "K"),
    ),
    "margin ce": loss(
        "z[k in K] = sum(i in d, W[i, k] * h[i])\nloss = log(sum(k in K, exp(z[k] + (k != y) * m))) - z[y]",
        A("W", "d K"),
        A("h", "d"),
        fixed("m"),
        P("y", "K"),
    ),
    "quadratic form": loss(
        "loss = sum(i in d, sum(j in d, x[i] * M[i, j] * x[j]))", A("x", "d"), A("M", "d d")
    ),
    "power by variable": loss("loss = sum(i in d, p[i] ** q)", A("p", "d", positive=True), A("q", "")),
    "embedding mean": loss(
        "h[i in d] = sum(c in C, E[i, n[c]]) / max(C, 1)\n"
        "z[w in V] = sum(i in d, E[i, w] * h[i])\n"
        "loss = log(sum(w in V, exp(z[w]))) - z[o]",
        A("E", "d V"),
        P("n", "V", axes="C"),
        P("o", "V"),
        empty="C",
    ),
    "fasttext-like": loss(
        "h[i in d] = sum(g in G, E[i, n[g]])\n"
        "x = sum(i in d, h[i] * U[i, o])\n"
        "z[k in K] = sum(i in d, h[i] * U[i, s[k]])\n"
        "loss = softplus(-x) + sum(k in K, softplus(z[k]))",
        A("E", "d S"),
        A("U", "d V"),
        P("n", "S", axes="G"),
        P("o", "V"),
        P("s", "V", axes="K"),
        empty="G K",
    ),
    "constant": loss("loss = 3", A("u", "d")),
    "sum squared": loss("loss = sum(i in d, u[i]) ** 2", A("u", "d")),
    "product of sums": loss("loss = sum(i in d, u[i]) * sum(i in d, v[i])", A("u", "d"), A("v", "d")),
    "tensor": loss(
        "loss = sum(i in d, sum(j in e, sum(k in f, T[i, j, k] * a[i] * b[j] * c[k])))",
        A("T", "d e f"),
        A("a", "d"),
        A("b", "e"),
        A("c", "f"),
    ),
    "selfsim": loss(
        "z[b in B, c in B] = sum(i in d, X[i, b] * X[i, c])\nloss = sum(b in B, sum(c in B, z[b, c] ** 2))",
        A("X", "d B"),
    ),
}

REFUSED = {
    "a logarithm of a difference": (
        loss("loss = -log(sigmoid(a) - sigmoid(b))", A("a", ""), A("b", "")),
        "needs an argument that is provably positive",
    ),
    "a table with four axes": (
        loss(
            "loss = sum(i in d, T[i, n, m, l] ** 2)", A("T", "d e f g"), P("n", "e"), P("m", "f"), P("l", "g")
        ),
        "supported",
    ),
    "a typo": (
        loss("loss = sum(i in d, u[i] * w[i])", A("u", "d"), A("v", "d")),
        "w: not a floating argument or an earlier statement",
    ),
    "an index out of its axis": (
        loss("loss = sum(i in d, U[i, i])", A("U", "d V"), fixed("v", "V")),
        "index 2 runs over V, got one into d",
    ),
    "an index nobody bound": (
        loss("loss = sum(i in d, u[j])", A("u", "d")),
        "j: neither a bound index nor an index argument",
    ),
    "too few indices": (loss("loss = sum(i in d, U[i])", A("U", "d V")), "expected 2 indices, got 1"),
    "a step": (
        loss("loss = sum(i in d, heaviside(u[i]))", A("u", "d")),
        "heaviside jumps at 0",
    ),
    "a hinge by a maximum": (
        loss("loss = max(i in d, u[i])", A("u", "d")),
        "a maximum is not differentiable",
    ),
    "a size less one below the line": (
        loss("loss = sum(i in d, u[i]) / (d - 1)", A("u", "d")),
        "there may be too few places of d: give a larger minimum, such as minimum=2",
    ),
    "a choice": (
        loss("loss = u[n] if u[n] < 0 else 2 * u[n]", A("u", "d"), P("n", "d")),
        "a choice is not part of a definition",
    ),
    "a bound index with the name of an argument": (
        loss("loss = sum(u in d, u[u])", A("u", "d")),
        "u is the name of something else",
    ),
    "an index bound twice": (
        loss("loss = sum(i in d, sum(i in d, u[i]))", A("u", "d")),
        "the index i is bound already",
    ),
    "a loss that is a vector": (
        loss("loss[i in d] = u[i] ** 2", A("u", "d")),
        "the last statement of a definition must be 'loss = ...', a scalar",
    ),
    "no loss at all": (loss("s = sum(i in d, u[i])", A("u", "d")), "loss: no statement computes it"),
    "a logarithm of anything": (
        loss("loss = sum(i in d, log(u[i]))", A("u", "d")),
        "needs an argument that is provably positive",
    ),
    "a division by anything": (
        loss("loss = sum(i in d, 1 / u[i])", A("u", "d")),
        "a divisor must be provably positive",
    ),
    "a root of anything": (
        loss("loss = sqrt(sum(i in d, u[i] ** 2))", A("u", "d")),
        "must be provably positive",
    ),
    "a division by the size of an axis that may be empty": (
        loss("loss = sum(n in N, u[n]) / N", A("u", "N"), empty="N"),
        "write max(N, 1)",
    ),
    "a name of the notation": (
        loss("loss = sum(i in d, exp[i])", A("exp", "d")),
        "argument exp: this name is used",
    ),
    "an argument called as a function of generated code": (
        loss("loss = sum(i in d, outer[i] ** 2)", A("outer", "d")),
        "argument outer: this name is used",
    ),
    "a statement called as a function of generated code": (
        loss("total = sum(i in d, u[i])\nloss = total ** 2", A("u", "d")),
        "statement total: this name is used",
    ),
    "a keyword": (loss("loss = lambda_", A("lambda", "d")), "expected a Python name that is no keyword"),
    "an axis no argument has": (
        loss("loss = sum(i in d, u[i])", A("u", "d"), axes="K"),
        "axis K: no argument has it",
    ),
    "the same name twice": (
        loss("loss = sum(i in d, u[i])", A("u", "d"), A("u", "d")),
        "two axes or arguments have this name",
    ),
    "an unknown function": (
        loss("loss = sum(i in d, erf(u[i]))", A("u", "d")),
        "unknown function erf",
    ),
    "an index used as a number": (
        loss("loss = sum(i in d, i * u[i])", A("u", "d")),
        "an index can point into an array but has no value of its own",
    ),
    "no gradient wanted": (loss("loss = sum(i in d, u[i])", fixed("u", "d")), "a gradient is wanted for"),
    "not Python": (loss("loss = sum(i in d, u[i]", A("u", "d")), "not Python syntax"),
    "a stage that uses itself": (
        loss("s = s + u[n]\nloss = s", A("u", "d"), P("n", "d")),
        "s: neither a scalar nor an axis",
    ),
    "a derivative in a definition": (
        loss("loss = diff(u[n] ** 2, u[n])", A("u", "d"), P("n", "d")),
        "diff belongs in proofs",
    ),
}
