"""Losses that read a large table once, and such that do not; and limits under which every table is large."""

from w2v_verified.symbolic import Array, Axis, Loss, Position

WITH_PASS = ("naive_softmax", "naive_softmax_factored", "cbow_naive_softmax")
W, ROWS, H = Array("W", "d V"), Array("W", "V d"), Array("h", "d")
Y = Position("y", "V")
SCORES, LOG_Z = "z[w in V] = sum(i in d, W[i, w] * h[i])", "log(sum(w in V, exp(z[w])))"
OF_ROWS = "z[w in V] = sum(i in d, W[w, i] * h[i])"


def loss(scores: str, value: str, *arguments: Array | Position) -> Loss:
    axes = (Axis("d"), Axis("V"), Axis("m", minimum=0))
    used = {axis for a in arguments for axis in (*a.axes.split(), getattr(a, "into", ""))}
    return Loss(
        name="own",
        summary="One.",
        axes=tuple(a for a in axes if a.name in used),
        arguments=arguments,
        definition=f"{scores}\nloss = {value}",
    )


OWN = {
    "rows": loss(OF_ROWS, f"{LOG_Z} - z[y]", ROWS, H, Y),
    "nothing singled out": loss(OF_ROWS, LOG_Z, ROWS, H),
    "a bias": loss(f"{SCORES} + b[w]", f"{LOG_Z} - z[y]", W, Array("b", "V"), H, Y),
    "a margin": loss(SCORES, "log(sum(k in V, exp(z[k] + (k != y) * m))) - z[y]", W, H, Array("m", ""), Y),
}
WITHOUT = {
    "two words": loss(SCORES, f"2 * {LOG_Z} - z[y] - z[x]", W, H, Y, Position("x", "V")),
    "a window": loss(SCORES, f"sum(c in m, {LOG_Z} - z[n[c]])", W, H, Position("n", "V", axes="m")),
    "a temperature, which may be less than 1": loss(
        SCORES, "log(sum(w in V, exp(z[w] / t))) - z[y] / t", W, H, Array("t", "", positive=True), Y
    ),
    "a name that is taken": loss(
        "part[w in V] = sum(i in d, W[i, w] * h[i])", "log(sum(w in V, exp(part[w]))) - part[y]", W, H, Y
    ),
    "an array of a name that is taken": loss(
        "W_part[w in V] = sum(i in d, W[i, w] * h[i])",
        "log(sum(w in V, exp(W_part[w]))) - W_part[y]",
        W,
        H,
        Y,
    ),
    "no exponentials": loss(SCORES, "sum(w in V, z[w] ** 2)", W, H),
}

EVERY_TABLE_IS_LARGE = {"MANY": 0, "FEW": -1, "_NEAR": 64}
