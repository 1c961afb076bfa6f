"""CBOW with naive softmax: the mean of m context vectors predicts one word."""

from w2v_verified.symbolic import Array, Axis, Call, Chain, Claim, Law, Loss, Position, Section, Step

LOSS = Loss(
    name="cbow_naive_softmax",
    title="CBOW, naive softmax",
    summary="Naive-softmax loss of one word given the mean of m context vectors (0 if m = 0), with its gradients.",
    source="Mikolov et al. 2013, arXiv:1301.3781, section 3.1; arXiv:1310.4546, equation (2).",
    unit="nats",
    axes=(
        Axis("d", "dimension of the word vectors", letters="i a"),
        Axis("V", "number of words in the vocabulary", letters="w j l", latex=r"\lvert V\rvert"),
        Axis("m", "number of context words", letters="c t", minimum=0),
    ),
    arguments=(
        Array("V_context", "d m", "context word vectors, one column per word"),
        Position("o", "V", "column of the word predicted"),
        Array("U", "d V", "outside word vectors, one column per word"),
    ),
    definition="""
        h[i in d] = sum(c in m, V_context[i, c]) / max(m, 1)
        z[w in V] = sum(i in d, U[i, w] * h[i])
        loss = log(sum(w in V, exp(z[w]))) - z[o]
    """,
    notation="""
        yhat[w in V] = exp(z[w]) / sum(j in V, exp(z[j]))
        y[w in V] = (w == o)
        g[i in d] = sum(w in V, U[i, w] * (yhat[w] - y[w]))
    """,
    latex={"yhat": r"\hat y", "V_context": r"V_{\mathrm{ctx}}", "eta": r"\eta"},
    claims=(
        Claim("grad_V_context[i in d, c in m] = sum(w in V, U[i, w] * (yhat[w] - y[w])) / max(m, 1)"),
        Claim("grad_U[i in d, w in V] = h[i] * (yhat[w] - y[w])"),
    ),
    sections=(
        Section(
            "The context is a mean",
            r"""
            CBOW predicts one word from the mean $h$ of its $m$ context vectors. Everything after $h$ is naive
            softmax with $h$ in the place of the centre vector. The divisor is written $\max(m,1)$ so that the
            empty context has a meaning: for $m\ge1$ it is $m$, for $m=0$ the sum is empty and $h=0$.

            **$m=0$.** Then all scores are 0 and the loss is a constant; $\partial J/\partial
            V_{\mathrm{ctx}}$ has no columns, and $\partial J/\partial U$, which is $h$ times something
            (section 3), is 0.

            [0]
            """,
            (
                Chain(
                    "log(sum(w in V, exp(0))) - 0",
                    (
                        Step(
                            "ALGEBRA",
                            "log(V)",
                            "the loss with all logits 0: each of the |V| exponentials is 1",
                        ),
                    ),
                ),
            ),
            result="it is the loss of one pair whose centre vector is the mean of the context.",
        ),
        Section(
            "The gradient at the context vectors",
            r"""
            Two links: the loss depends on the context vectors through $h$, and $h$ is a mean. The derivative
            by $h$ is called $g$; it is the gradient naive softmax has at its centre vector:

            [0]

            The mean passes $1/m$ of it to each context vector, the same to all of them:

            [1]

            A context word that occurs twice has two columns, each with its share. Code that adds $g$ itself
            to every context vector does not follow the gradient of this loss.

            When all $m$ vectors take a step $-\eta\,g/m$, their mean moves by the mean of these steps. With
            the divisor written as above:

            [2]

            which for $m\ge1$ is $h-(\eta/m)\,g$: the step shrinks with the length of the context.
            """,
            (
                Chain(
                    "diff(log(sum(w in V, exp(sum(i in d, U[i, w] * p[i])))) - sum(i in d, U[i, o] * p[i]), p[a])",
                    (
                        Step(
                            "DIFF PICK",
                            "sum(w in V, exp(sum(i in d, U[i, w] * p[i])) * U[a, w])"
                            " / sum(w in V, exp(sum(i in d, U[i, w] * p[i]))) - U[a, o]",
                            "the loss as a function of p; at p = h this is g_a",
                        ),
                    ),
                    over="a in d",
                    letting={"p": "d"},
                ),
                Chain(
                    "diff(loss, V_context[a, t])",
                    (
                        Step(
                            "DIFF UNFOLD PICK",
                            "(sum(w in V, exp(z[w]) * U[a, w]) / sum(w in V, exp(z[w])) - U[a, o]) / max(m, 1)",
                            "the derivative of h_i by the entry is [i = a] / m",
                        ),
                        Step(
                            "UNFOLD PICK",
                            "sum(w in V, U[a, w] * (yhat[w] - y[w])) / max(m, 1)",
                            "what yhat and y stand for",
                        ),
                        Step("UNFOLD", "g[a] / max(m, 1)", "what g stands for"),
                    ),
                    over="a in d, t in m",
                ),
                Chain(
                    "h[a] - eta * sum(c in m, g[a] / max(m, 1)) / max(m, 1)",
                    (
                        Step(
                            "ALGEBRA",
                            "h[a] - eta * m * g[a] / max(m, 1) ** 2",
                            "m equal moves, averaged",
                        ),
                    ),
                    over="a in d",
                    letting={"eta": ""},
                ),
            ),
            result="[1]: the gradient at the mean, shared out equally.",
        ),
        Section(
            "The gradient at the outside vectors",
            r"""
            As in [naive softmax](naive_softmax.md), with $h$ for the centre vector:

            [0]

            The columns add up to zero, as for naive softmax:

            [1]
            """,
            (
                Chain(
                    "diff(loss, U[a, w])",
                    (
                        Step(
                            "DIFF UNFOLD PICK",
                            "h[a] * exp(z[w]) / sum(j in V, exp(z[j])) - (w == o) * h[a]",
                            "the quotient form: only z_w depends on column w",
                        ),
                        Step("UNFOLD", "h[a] * (yhat[w] - y[w])", "what yhat and y stand for"),
                    ),
                    over="a in d, w in V",
                ),
                Chain(
                    "sum(w in V, grad_U[a, w])",
                    (
                        Step(
                            "UNFOLD",
                            "h[a] * (sum(w in V, yhat[w]) - sum(w in V, y[w]))",
                            "the line above",
                        ),
                        Step("UNFOLD PICK", "0", "both sums are 1"),
                    ),
                    over="a in d",
                ),
            ),
            result="[0]: as for one pair, with the mean in place of the centre vector.",
        ),
    ),
    laws=(
        Law(
            "the loss is not negative",
            holds=("loss >= 0",),
            reason="every probability is at most 1, so no logarithm of one is positive",
        ),
        Law(
            "it is the pair of the word and the mean of its context",
            over="i in d, w in V, c in m",
            letting=(Array("A", "d m"),),
            given="V_context[i in d, c in m] = max(m, 1) * A[i, c]",
            calls=(Call("pair", "pair_v_c[i in d] = sum(c in m, A[i, c])", of="naive_softmax"),),
            holds=(
                "loss == pair_loss",
                "max(m, 1) * grad_V_context[i, c] == pair_grad_v_c[i]",
                "grad_U[i, w] == pair_grad_U[i, w]",
            ),
            reason="the context is seen through its mean alone, so each of its words has the same share",
        ),
        Law(
            "columns of grad_U add up to zero",
            over="i in d",
            holds=("sum(w in V, grad_U[i, w]) == 0",),
            reason="yhat and y both add up to 1",
        ),
        Law(
            "one vector added to every column changes nothing",
            over="i in d, w in V, c in m",
            letting=(Array("q", "d"),),
            calls=(Call("moved", "moved_U[i in d, w in V] = U[i, w] + q[i]"),),
            holds=(
                "moved_loss == loss",
                "moved_grad_V_context[i, c] == grad_V_context[i, c]",
                "moved_grad_U[i, w] == grad_U[i, w]",
            ),
            reason="every logit grows by the same amount, and the softmax does not see it",
        ),
        Law(
            "turning the space turns the gradients",
            over="i in d, w in V, c in m",
            letting=(Array("Q", "d d", orthogonal=True),),
            calls=(
                Call(
                    "turned",
                    """
                    turned_V_context[i in d, c in m] = sum(a in d, Q[i, a] * V_context[a, c])
                    turned_U[i in d, w in V] = sum(a in d, Q[i, a] * U[a, w])
                    """,
                ),
            ),
            holds=(
                "turned_loss == loss",
                "turned_grad_V_context[i, c] == sum(a in d, Q[i, a] * grad_V_context[a, c])",
                "turned_grad_U[i, w] == sum(a in d, Q[i, a] * grad_U[a, w])",
            ),
            reason="products of vectors stay what they were, and the loss sees nothing else",
        ),
    ),
)
"""The definition; `python -m derivations` makes everything else from it."""
