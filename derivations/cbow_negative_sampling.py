"""CBOW with negative sampling: the mean of m context vectors against one word and K samples."""

from w2v_verified.symbolic import Array, Axis, Call, Chain, Claim, Law, Loss, Position, Section, Step

LOSS = Loss(
    name="cbow_negative_sampling",
    title="CBOW, negative sampling",
    summary="Negative-sampling loss of one word given the mean of m context vectors (0 if m = 0), with its gradients.",
    source="Mikolov et al. 2013, arXiv:1301.3781, section 3.1; arXiv:1310.4546, equation (4).",
    unit="nats",
    axes=(
        Axis("d", "dimension of the word vectors", letters="i a"),
        Axis("V", "number of words in the vocabulary", letters="w j l", latex=r"\lvert V\rvert"),
        Axis("m", "number of context words", letters="c t", minimum=0),
        Axis("K", "number of negative samples", letters="k l", minimum=0),
    ),
    arguments=(
        Array("V_context", "d m", "context word vectors, one column per word"),
        Position("o", "V", "column of the word predicted"),
        Array("U", "d V", "outside word vectors, one column per word"),
        Position("negatives", "V", "columns of the negative samples", axes="K"),
    ),
    definition="""
        h[i in d] = sum(c in m, V_context[i, c]) / max(m, 1)
        x = sum(i in d, U[i, o] * h[i])
        z[k in K] = sum(i in d, U[i, negatives[k]] * h[i])
        loss = -log(sigmoid(x)) - sum(k in K, log(sigmoid(-z[k])))
    """,
    notation="""
        g[i in d] = sum(k in K, sigmoid(z[k]) * U[i, negatives[k]]) - sigmoid(-x) * U[i, o]
        s[w in V] = sum(i in d, U[i, w] * h[i])
        r[w in V] = sum(k in K, (w == negatives[k]))
    """,
    latex={"negatives": "n", "V_context": r"V_{\mathrm{ctx}}", "eta": r"\eta"},
    claims=(
        Claim(
            "grad_V_context[i in d, c in m] = (sum(k in K, sigmoid(z[k]) * U[i, negatives[k]])"
            " - sigmoid(-x) * U[i, o]) / max(m, 1)"
        ),
        Claim(
            "grad_U[i in d, w in V] = h[i]"
            " * (sum(k in K, (w == negatives[k]) * sigmoid(z[k])) - (w == o) * sigmoid(-x))"
        ),
    ),
    sections=(
        Section(
            "The context is a mean",
            r"""
            CBOW predicts one word from the mean $h$ of its $m$ context vectors. Everything after $h$ is
            negative sampling with $h$ in the place of the centre vector. The divisor is written $\max(m,1)$
            so that the empty context has a meaning: for $m\ge1$ it is $m$, for $m=0$ the sum is empty and
            $h=0$.

            **$m=0$.** Then all scores are 0 and the loss is a constant; $\partial J/\partial
            V_{\mathrm{ctx}}$ has no columns, and $\partial J/\partial U$, which is $h$ times something
            (section 3), is 0.

            [0]
            """,
            (
                Chain(
                    "softplus(0) + sum(k in K, softplus(0))",
                    (
                        Step(
                            "FUNCTION",
                            "(K + 1) * log(2)",
                            "the loss with all scores 0: softplus(0) = log(1 + 1)",
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
            by $h$ is called $g$; it is the gradient negative sampling has at its centre vector:

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
                    "diff(softplus(-sum(i in d, U[i, o] * p[i]))"
                    " + sum(k in K, softplus(sum(i in d, U[i, negatives[k]] * p[i]))), p[a])",
                    (
                        Step(
                            "DIFF PICK",
                            "sum(k in K, sigmoid(sum(i in d, U[i, negatives[k]] * p[i])) * U[a, negatives[k]])"
                            " - sigmoid(-sum(i in d, U[i, o] * p[i])) * U[a, o]",
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
                            "(sum(k in K, sigmoid(z[k]) * U[a, negatives[k]]) - sigmoid(-x) * U[a, o]) / max(m, 1)",
                            "the derivative of h_i by the entry is [i = a] / m",
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
            As in [negative sampling](negative_sampling.md), with $h$ for the centre vector:

            [0]

            Here $s_w=u_w\cdot h$ and $r_w$ counts how often $w$ was sampled, so repeated negatives are
            counted as often as they occur, and a negative equal to $o$ adds its term to that of the true
            word.
            """,
            (
                Chain(
                    "diff(loss, U[a, w])",
                    (
                        Step(
                            "DIFF UNFOLD PICK",
                            "h[a] * (sum(k in K, (w == negatives[k]) * sigmoid(z[k])) - (w == o) * sigmoid(-x))",
                            "softplus' = sigma; each score contains the column it points to",
                        ),
                        Step(
                            "PICK UNFOLD",
                            "h[a] * (r[w] * sigmoid(s[w]) - (w == o) * sigmoid(-s[w]))",
                            "where a bracket is 1 the score is that of w",
                        ),
                    ),
                    over="a in d, w in V",
                ),
            ),
            result="[0]: as for one pair, with the mean in place of the centre vector.",
        ),
    ),
    laws=(
        Law(
            "the loss is not negative",
            holds=("loss >= 0",),
            reason="no sigmoid is above 1, so no logarithm of one is positive",
        ),
        Law(
            "it is the pair of the word and the mean of its context",
            over="i in d, w in V, c in m",
            letting=(Array("A", "d m"),),
            given="V_context[i in d, c in m] = max(m, 1) * A[i, c]",
            calls=(Call("pair", "pair_v_c[i in d] = sum(c in m, A[i, c])", of="negative_sampling"),),
            holds=(
                "loss == pair_loss",
                "max(m, 1) * grad_V_context[i, c] == pair_grad_v_c[i]",
                "grad_U[i, w] == pair_grad_U[i, w]",
            ),
            reason="the context is seen through its mean alone, so each of its words has the same share",
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
