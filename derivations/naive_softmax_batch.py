"""Naive softmax for a batch: the sum over B (centre, outside) pairs."""

from w2v_verified.symbolic import Array, Axis, Call, Chain, Claim, Law, Loss, Position, Section, Step

LOSS = Loss(
    name="naive_softmax_batch",
    title="Naive softmax, a batch",
    summary="Naive-softmax loss summed over B (centre, outside) pairs, with its gradients.",
    source="Mikolov et al. 2013, arXiv:1310.4546, equation (2), summed over pairs.",
    unit="nats",
    axes=(
        Axis("d", "dimension of the word vectors", letters="i a"),
        Axis("V", "number of words in the vocabulary", letters="w k j l", latex=r"\lvert V\rvert"),
        Axis("B", "number of pairs in the batch", letters="b c", minimum=0),
    ),
    arguments=(
        Array("V_c", "d B", "centre word vectors, one column per pair"),
        Position("o", "V", "columns of the true outside words", axes="B"),
        Array("U", "d V", "outside word vectors, one column per word"),
    ),
    definition="""
        z[b in B, w in V] = sum(i in d, U[i, w] * V_c[i, b])
        loss = sum(b in B, log(sum(w in V, exp(z[b, w]))) - z[b, o[b]])
    """,
    notation="""
        yhat[b in B, w in V] = exp(z[b, w]) / sum(k in V, exp(z[b, k]))
        y[b in B, w in V] = (w == o[b])
    """,
    latex={"yhat": r"\hat y"},
    blocks="B",
    claims=(
        Claim("grad_V_c[i in d, b in B] = sum(w in V, U[i, w] * (yhat[b, w] - y[b, w]))"),
        Claim("grad_U[i in d, w in V] = sum(b in B, V_c[i, b] * (yhat[b, w] - y[b, w]))"),
    ),
    sections=(
        Section(
            "The batch is the sum of its pairs",
            r"""
            Pair $b$ has the centre vector in column $b$ of $V_c$ and the outside word $o_b$; its loss is the
            one of the page on [naive softmax](naive_softmax.md).

            [0]

            Its own loss depends on no other pair's centre vector, so column $b$ of $\partial J/\partial V_c$
            is the gradient of that pair alone:

            [1]

            The outside vectors are shared, so their gradients add up:

            [2]

            Repeated words need no special care: the sum over $b$ adds what they share. The columns of
            $\partial J/\partial U$ add up to zero, as they do for every pair:

            [3]

            An empty batch has loss 0 and gradients 0.
            """,
            (
                Chain(
                    "-sum(b in B, log(yhat[b, o[b]]))",
                    (
                        Step(
                            "UNFOLD",
                            "-sum(b in B, log(exp(z[b, o[b]]) / sum(w in V, exp(z[b, w]))))",
                            "what yhat stands for",
                        ),
                        Step(
                            "LOG",
                            "sum(b in B, log(sum(w in V, exp(z[b, w]))) - z[b, o[b]])",
                            "every exponential is positive",
                        ),
                        Step("UNFOLD", "loss", "the definition"),
                    ),
                ),
                Chain(
                    "diff(loss, V_c[a, b])",
                    (
                        Step(
                            "DIFF UNFOLD PICK",
                            "sum(w in V, exp(z[b, w]) * U[a, w]) / sum(w in V, exp(z[b, w])) - U[a, o[b]]",
                            "the quotient form; the pair b is left of the sum",
                        ),
                        Step(
                            "UNFOLD PICK",
                            "sum(w in V, U[a, w] * (yhat[b, w] - y[b, w]))",
                            "what yhat and y stand for",
                        ),
                    ),
                    over="a in d, b in B",
                ),
                Chain(
                    "diff(loss, U[a, w])",
                    (
                        Step(
                            "DIFF UNFOLD PICK",
                            "sum(b in B, V_c[a, b] * exp(z[b, w]) / sum(k in V, exp(z[b, k]))"
                            " - (w == o[b]) * V_c[a, b])",
                            "the quotient form, pair by pair",
                        ),
                        Step(
                            "UNFOLD",
                            "sum(b in B, V_c[a, b] * (yhat[b, w] - y[b, w]))",
                            "what yhat and y stand for",
                        ),
                    ),
                    over="a in d, w in V",
                ),
                Chain(
                    "sum(w in V, grad_U[a, w])",
                    (
                        Step(
                            "UNFOLD",
                            "sum(b in B, V_c[a, b] * (sum(w in V, yhat[b, w]) - sum(w in V, y[b, w])))",
                            "the gradient, sums exchanged",
                        ),
                        Step("UNFOLD PICK", "0", "both inner sums are 1, for every pair"),
                    ),
                    over="a in d",
                ),
            ),
            result="[0]; [1] and [2].",
        ),
    ),
    laws=(
        Law(
            "the loss is not negative",
            holds=("loss >= 0",),
            reason="every probability is at most 1, so no logarithm of one is positive",
        ),
        Law(
            "it is the sum of its pairs",
            over="i in d, w in V, c in B",
            calls=(
                Call(
                    "pair",
                    """
                    pair_v_c[b in B, i in d] = V_c[i, b]
                    pair_o[b in B] = o[b]
                    """,
                    of="naive_softmax",
                    over="b in B",
                ),
            ),
            holds=(
                "loss == sum(b in B, pair_loss[b])",
                "grad_V_c[i, c] == pair_grad_v_c[c, i]",
                "grad_U[i, w] == sum(b in B, pair_grad_U[b, i, w])",
            ),
            reason="pairs share U and nothing else",
        ),
        Law(
            "columns of grad_U add up to zero",
            over="i in d",
            holds=("sum(w in V, grad_U[i, w]) == 0",),
            reason="they do for each pair",
        ),
        Law(
            "one vector added to every column changes nothing",
            over="i in d, w in V, b in B",
            letting=(Array("q", "d"),),
            calls=(Call("moved", "moved_U[i in d, w in V] = U[i, w] + q[i]"),),
            holds=(
                "moved_loss == loss",
                "moved_grad_V_c[i, b] == grad_V_c[i, b]",
                "moved_grad_U[i, w] == grad_U[i, w]",
            ),
            reason="every logit grows by the same amount, and the softmax does not see it",
        ),
        Law(
            "turning the space turns the gradients",
            over="i in d, w in V, b in B",
            letting=(Array("Q", "d d", orthogonal=True),),
            calls=(
                Call(
                    "turned",
                    """
                    turned_V_c[i in d, b in B] = sum(a in d, Q[i, a] * V_c[a, b])
                    turned_U[i in d, w in V] = sum(a in d, Q[i, a] * U[a, w])
                    """,
                ),
            ),
            holds=(
                "turned_loss == loss",
                "turned_grad_V_c[i, b] == sum(a in d, Q[i, a] * grad_V_c[a, b])",
                "turned_grad_U[i, w] == sum(a in d, Q[i, a] * grad_U[a, w])",
            ),
            reason="products of vectors stay what they were, and the loss sees nothing else",
        ),
    ),
)
"""The definition; `python -m derivations` makes everything else from it."""
