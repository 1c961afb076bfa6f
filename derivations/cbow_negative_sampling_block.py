"""CBOW with negative sampling in block form: L words, each given the mean of its context, with shared samples."""

from w2v_verified.symbolic import Array, Axis, Call, Chain, Claim, Law, Loss, Position, Section, Step

LOSS = Loss(
    name="cbow_negative_sampling_block",
    title="CBOW, negative sampling, block form",
    summary="Negative-sampling loss of L words given weighted sums of context vectors, with its gradients.",
    source="Mikolov et al. 2013, arXiv:1301.3781, section 3.1; arXiv:1310.4546, equation (4); Ji et al. 2016, "
    "arXiv:1604.04661, section 3.",
    unit="nats",
    axes=(
        Axis("d", "dimension of the word vectors", letters="i a"),
        Axis("N", "number of different context words", letters="n t", minimum=0),
        Axis("L", "number of words predicted", letters="l b", minimum=0),
        Axis("M", "number of outside words, true and sampled", letters="m w"),
    ),
    arguments=(
        Array("V_context", "d N", "context word vectors, one column per word"),
        Position("o", "M", "columns of the words predicted", axes="L"),
        Array("U", "d M", "outside word vectors, one column per word"),
        Array("shares", "L N", "what each context word is of each context's mean", gradient=False),
        Array("weights", "L", "weights of the words predicted", gradient=False),
        Array("samples", "M", "weights of the outside words as samples", gradient=False),
    ),
    definition="""
        h[i in d, l in L] = sum(n in N, V_context[i, n] * shares[l, n])
        z[l in L, m in M] = sum(i in d, h[i, l] * U[i, m])
        loss = sum(l in L, weights[l] * (softplus(-z[l, o[l]]) + sum(m in M, samples[m] * softplus(z[l, m]))))
    """,
    notation="""
        G[l in L, m in M] = weights[l] * (samples[m] * sigmoid(z[l, m]) - (m == o[l]) * sigmoid(-z[l, m]))
    """,
    latex={
        "V_context": r"V_{\mathrm{ctx}}",
        "shares": "A",
        "weights": "r",
        "samples": "s",
    },
    optional=True,
    claims=(
        Claim("grad_V_context[i in d, n in N] = sum(l in L, shares[l, n] * sum(m in M, U[i, m] * G[l, m]))"),
        Claim("grad_U[i in d, m in M] = sum(l in L, h[i, l] * G[l, m])"),
    ),
    sections=(
        Section(
            "Many contexts and their means at once",
            r"""
            A stretch of text has $L$ words to predict, and in their contexts $N$ different words, one column
            of $V_{\mathrm{ctx}}$ each. Row $l$ of the table $A$ says what each of them is of the mean of
            context $l$: how often it stands there, divided by the length of the context. Columns of $h$ are
            then the means; a word that stands in many contexts is one column all the same. A context of no
            words has a row of zeros, so that $h_l=0$ and word $l$ pays a constant; $r_l=0$ leaves it out.

            Word $l$ is column $o_l$ of $U$ and counts $r_l$ times; every column $m$ stands as a sample against
            each of the words, with weight $s_m$, which is 0 for a column that is no sample:

            [0]

            Words drawn once and shared by all of a block cost in expectation as much as words of each one's
            own ([negative sampling, block form](negative_sampling_block.md), section 3). With $L=0$ the loss
            is 0.
            """,
            (
                Chain(
                    "-sum(l in L, weights[l] * (log(sigmoid(z[l, o[l]]))"
                    " + sum(m in M, samples[m] * log(1 - sigmoid(z[l, m])))))",
                    (
                        Step(
                            "SIGMOID",
                            "-sum(l in L, weights[l] * (log(sigmoid(z[l, o[l]]))"
                            " + sum(m in M, samples[m] * log(sigmoid(-z[l, m])))))",
                            "1 - sigma(t) = sigma(-t)",
                        ),
                        Step(
                            "SIGMOID",
                            "sum(l in L, weights[l] * (softplus(-z[l, o[l]])"
                            " + sum(m in M, samples[m] * softplus(z[l, m]))))",
                            "-log sigma(t) = softplus(-t)",
                        ),
                        Step("UNFOLD", "loss", "the definition"),
                    ),
                ),
            ),
            result="[0].",
        ),
        Section(
            "The gradient at the outside vectors",
            r"""
            Two things depend on the score $z_{lm}$: what column $m$ costs as a sample, and, where it is the true
            word, what that costs. A column that is both has both terms. Call the table of these derivatives $G$:

            [0]

            The gradient of $U$ is one matrix product, of the means with this table:

            [1]
            """,
            (
                Chain(
                    "diff(sum(b in L, weights[b] * (softplus(-p[b, o[b]])"
                    " + sum(w in M, samples[w] * softplus(p[b, w])))), p[l, m])",
                    (
                        Step(
                            "DIFF PICK",
                            "weights[l] * (samples[m] * sigmoid(p[l, m]) - (m == o[l]) * sigmoid(-p[l, m]))",
                            "the loss as a function of a table p of scores; at p = z this is G_lm",
                        ),
                    ),
                    over="l in L, m in M",
                    letting={"p": "L M"},
                ),
                Chain(
                    "diff(loss, U[a, w])",
                    (
                        Step(
                            "DIFF UNFOLD PICK",
                            "sum(l in L, h[a, l] * weights[l] * samples[w] * sigmoid(z[l, w]))"
                            " - sum(l in L, (w == o[l]) * h[a, l] * weights[l] * sigmoid(-z[l, o[l]]))",
                            "softplus' = sigma; column w of U is in the scores z_lw alone",
                        ),
                        Step(
                            "PICK UNFOLD",
                            "sum(l in L, h[a, l] * G[l, w])",
                            "where the bracket is 1 the score is that of w; what G stands for",
                        ),
                    ),
                    over="a in d, w in M",
                ),
            ),
            result="[1].",
        ),
        Section(
            "The gradient at the context vectors",
            r"""
            The loss depends on $V_{\mathrm{ctx}}$ through the means. The derivative by the mean $h_l$ is $\sum_m
            G_{lm}\,u_m$, and the mean passes to each context word the share the word has of it:

            [0]

            As matrices $\partial J/\partial V_{\mathrm{ctx}}=(U G^\top)A$. A word that stands twice in a context
            has two shares of the mean and of the gradient.

            Products, all as matrix products: $dLN$ for the means and as many to pass their gradients on, $dLM$
            for the scores and as many for each of the gradients by $h$ and $U$:

            [1]
            """,
            (
                Chain(
                    "diff(loss, V_context[a, t])",
                    (
                        Step(
                            "DIFF UNFOLD PICK",
                            "sum(l in L, shares[l, t] * sum(m in M, U[a, m] * G[l, m]))",
                            "the derivative of h_al by the entry is the share of t in context l",
                        ),
                    ),
                    over="a in d, t in N",
                ),
                Chain(
                    "2 * sum(l in L, sum(n in N, sum(i in d, 1))) + 3 * sum(l in L, sum(m in M, sum(i in d, 1)))",
                    (Step("ALGEBRA", "d * L * (2 * N + 3 * M)", "one product for every term"),),
                ),
            ),
            result="[0]: the gradients at the means, passed on by the shares.",
        ),
    ),
    laws=(
        Law(
            "it is the block of pairs of each word and its mean",
            over="i in d, m in M, n in N",
            calls=(
                Call(
                    "pairs",
                    """
                    pairs_V_c[i in d, l in L] = sum(n in N, V_context[i, n] * shares[l, n])
                    pairs_U[i in d, m in M] = U[i, m]
                    pairs_positive[l in L, m in M] = weights[l] * (m == o[l])
                    pairs_negative[l in L, m in M] = weights[l] * samples[m]
                    """,
                    of="negative_sampling_block",
                ),
            ),
            holds=(
                "loss == pairs_loss",
                "grad_V_context[i, n] == sum(l in L, shares[l, n] * pairs_grad_V_c[i, l])",
                "grad_U[i, m] == pairs_grad_U[i, m]",
            ),
            reason="a mean is seen as a centre vector would be",
        ),
        Law(
            "where contexts are as long as each other it is the sum of its words",
            over="i in d, m in M, n in N",
            axes=(
                Axis("C", "number of words of a context", letters="c", minimum=0),
                Axis("K", "number of negative samples", letters="k", minimum=0),
            ),
            letting=(Position("context", "N", axes="L C"), Position("negatives", "M", axes="K")),
            given="""
                shares[l in L, n in N] = sum(c in C, (n == context[l, c])) / max(C, 1)
                weights[l in L] = 1
                samples[m in M] = sum(k in K, (m == negatives[k]))
            """,
            calls=(
                Call(
                    "word",
                    """
                    word_V_context[l in L, i in d, c in C] = V_context[i, context[l, c]]
                    word_o[l in L] = o[l]
                    word_U[l in L, i in d, m in M] = U[i, m]
                    word_negatives[l in L, k in K] = negatives[k]
                    """,
                    of="cbow_negative_sampling",
                    over="l in L",
                ),
            ),
            holds=(
                "loss == sum(l in L, word_loss[l])",
                "grad_U[i, m] == sum(l in L, word_grad_U[l, i, m])",
                "grad_V_context[i, n]"
                " == sum(l in L, sum(c in C, (n == context[l, c]) * word_grad_V_context[l, i, c]))",
            ),
            reason="each word sees the mean of its own context, and gradients at the same column are added up",
        ),
        Law(
            "turning the space turns the gradients",
            over="i in d, m in M, n in N",
            letting=(Array("Q", "d d", orthogonal=True),),
            calls=(
                Call(
                    "turned",
                    """
                    turned_V_context[i in d, n in N] = sum(a in d, Q[i, a] * V_context[a, n])
                    turned_U[i in d, m in M] = sum(a in d, Q[i, a] * U[a, m])
                    """,
                ),
            ),
            holds=(
                "turned_loss == loss",
                "turned_grad_V_context[i, n] == sum(a in d, Q[i, a] * grad_V_context[a, n])",
                "turned_grad_U[i, m] == sum(a in d, Q[i, a] * grad_U[a, m])",
            ),
            reason="products of vectors stay what they were, and the loss sees nothing else",
        ),
    ),
)
"""The definition; `python -m derivations` makes everything else from it."""
