"""Negative sampling in block form: L centres against M outside words at once, by weights."""

from w2v_verified.symbolic import Array, Axis, Call, Chain, Claim, Law, Loss, Position, Section, Step

LOSS = Loss(
    name="negative_sampling_block",
    title="Negative sampling, block form",
    summary="Weighted negative-sampling loss of L centre vectors against M outside vectors, with its gradients.",
    source="Mikolov et al. 2013, arXiv:1310.4546, equation (4); Ji et al. 2016, arXiv:1604.04661, section 3.",
    unit="nats",
    axes=(
        Axis("d", "dimension of the word vectors", letters="i a"),
        Axis("L", "number of centre words", letters="l c", minimum=0),
        Axis("M", "number of outside words, true and sampled", letters="m n", minimum=0),
    ),
    arguments=(
        Array("V_c", "d L", "centre word vectors, one column per word"),
        Array("U", "d M", "outside word vectors, one column per word"),
        Array("positive", "L M", "weights of the pairs that occur, not negative", gradient=False),
        Array("negative", "L M", "weights of the pairs that were sampled, not negative", gradient=False),
    ),
    definition="""
        z[l in L, m in M] = sum(i in d, V_c[i, l] * U[i, m])
        loss = sum(l in L, sum(m in M, positive[l, m] * softplus(-z[l, m]) + negative[l, m] * softplus(z[l, m])))
    """,
    notation="""
        G[l in L, m in M] = negative[l, m] * sigmoid(z[l, m]) - positive[l, m] * sigmoid(-z[l, m])
    """,
    latex={"positive": "P", "negative": "N"},
    optional=True,
    claims=(
        Claim("grad_V_c[i in d, l in L] = sum(m in M, U[i, m] * G[l, m])"),
        Claim("grad_U[i in d, m in M] = sum(l in L, V_c[i, l] * G[l, m])"),
    ),
    sections=(
        Section(
            "One loss for a block of pairs",
            r"""
            Every column of $V_c$ meets every column of $U$; two tables of weights say what each meeting
            counts for. $P_{lm}$ is how often the pair $(l,m)$ occurred, $N_{lm}$ how often (or with what
            weight) word $m$ was a negative sample for $l$; 0 takes a pair out. With the logarithms of
            sigmoids written out:

            [0]

            If $P_{lm}$ counts the pairs of a batch and $N_{lm}$ their samples, this is the loss of the batch:
            a pair that occurs $p$ times has $p$ equal terms. A pair may have both weights, for instance where
            a negative equals the true word; its two terms are added. Columns of $U$ that hold the same word
            are to be added up when the gradient is written back, like any repeated word. With $L=0$ or $M=0$
            the loss is 0.
            """,
            (
                Chain(
                    "-sum(l in L, sum(m in M, positive[l, m] * log(sigmoid(z[l, m]))"
                    " + negative[l, m] * log(1 - sigmoid(z[l, m]))))",
                    (
                        Step(
                            "SIGMOID",
                            "-sum(l in L, sum(m in M, positive[l, m] * log(sigmoid(z[l, m]))"
                            " + negative[l, m] * log(sigmoid(-z[l, m]))))",
                            "1 - sigma(t) = sigma(-t)",
                        ),
                        Step(
                            "SIGMOID",
                            "sum(l in L, sum(m in M, positive[l, m] * softplus(-z[l, m])"
                            " + negative[l, m] * softplus(z[l, m])))",
                            "-log sigma(t) = softplus(-t)",
                        ),
                        Step("UNFOLD", "loss", "the definition"),
                    ),
                ),
            ),
            result="[0].",
        ),
        Section(
            "The gradients are two matrix products",
            r"""
            Let $G_{lm}$ be the derivative of $J$ by the score $z_{lm}$, a table of the shape of $P$ and $N$:
            $G=N\odot\sigma(z)-P\odot\sigma(-z)$. Then

            [0]

            [1]

            The table itself needs one sigmoid an entry. An entry is zero where $\sigma(z)=P/(P+N)$: there the
            model's probability is the share of the meetings that occurred.

            [2]

            Products: $d\,L\,M$ for the scores and as many for each gradient, all three as matrix products.

            [3]
            """,
            (
                Chain(
                    "diff(loss, V_c[a, l])",
                    (
                        Step(
                            "DIFF UNFOLD PICK",
                            "sum(m in M, (negative[l, m] * sigmoid(z[l, m]) - positive[l, m] * sigmoid(-z[l, m]))"
                            " * U[a, m])",
                            "softplus' = sigma; row l of z contains column l of V_c",
                        ),
                        Step("UNFOLD", "sum(m in M, U[a, m] * G[l, m])", "what G stands for"),
                    ),
                    over="a in d, l in L",
                ),
                Chain(
                    "diff(loss, U[a, m])",
                    (
                        Step(
                            "DIFF UNFOLD PICK",
                            "sum(l in L, (negative[l, m] * sigmoid(z[l, m]) - positive[l, m] * sigmoid(-z[l, m]))"
                            " * V_c[a, l])",
                            "column m of z contains column m of U",
                        ),
                        Step("UNFOLD", "sum(l in L, V_c[a, l] * G[l, m])", "what G stands for"),
                    ),
                    over="a in d, m in M",
                ),
                Chain(
                    "G[l, m]",
                    (
                        Step(
                            "UNFOLD",
                            "negative[l, m] * sigmoid(z[l, m]) - positive[l, m] * sigmoid(-z[l, m])",
                            "what G stands for",
                        ),
                        Step(
                            "SIGMOID",
                            "(positive[l, m] + negative[l, m]) * sigmoid(z[l, m]) - positive[l, m]",
                            "sigma(-t) = 1 - sigma(t)",
                        ),
                    ),
                    over="l in L, m in M",
                ),
                Chain(
                    "sum(l in L, sum(m in M, sum(i in d, 1)))",
                    (Step("ALGEBRA", "d * L * M", "one product for every term"),),
                ),
            ),
            result="[0] and [1], where [2].",
        ),
        Section(
            "Shared negatives keep the expected loss",
            r"""
            Negative sampling draws $K$ words for every pair. A fast trainer draws $S$ words once, shares them
            among all centres of the block, and gives each the weight $N=K/S$. The loss differs from draw to
            draw, its expectation does not. Let $q_w$ be the probability of drawing word $w$ and
            $f_w=\mathrm{softplus}(u_w\cdot v_l)$ what centre $l$ pays for it. One draw costs $E=\sum_w q_w
            f_w$ on average; expectation is additive, so $K$ draws of the centre's own cost $K\,E$. The shared
            columns, $M$ of them here, each with weight $K/M$ (written with $\max(M,1)$, so that it means something
            where there are none):

            [0]

            Each of these columns has the expectation $E$ for every centre that uses it. That two centres see
            the same words makes their losses dependent, which changes the variance and not the expectation. A
            derivative is additive too, so the expected gradients agree in the same way.
            """,
            (
                Chain(
                    "sum(m in M, K / max(M, 1) * E)",
                    (
                        Step(
                            "ALGEBRA",
                            "M / max(M, 1) * (K * E)",
                            "M equal terms; the fraction is 1 where there are shared words",
                        ),
                    ),
                    letting={"K": "", "E": ""},
                ),
            ),
            result="words drawn once and shared by all centres, with weights, cost as much in expectation as "
            "words of each centre's own.",
        ),
    ),
    laws=(
        Law(
            "with one-hot weights it is the sum of its pairs",
            over="i in d, m in M, c in L",
            axes=(Axis("K", "number of negative samples", minimum=0),),
            letting=(Position("o", "M", axes="L"), Position("negatives", "M", axes="L K")),
            given="""
                positive[l in L, m in M] = (m == o[l])
                negative[l in L, m in M] = sum(k in K, (m == negatives[l, k]))
            """,
            calls=(
                Call(
                    "pair",
                    """
                    pair_v_c[l in L, i in d] = V_c[i, l]
                    pair_U[l in L, i in d, m in M] = U[i, m]
                    pair_o[l in L] = o[l]
                    pair_negatives[l in L, k in K] = negatives[l, k]
                    """,
                    of="negative_sampling",
                    over="l in L",
                ),
            ),
            holds=(
                "loss == sum(l in L, pair_loss[l])",
                "grad_V_c[i, c] == pair_grad_v_c[c, i]",
                "grad_U[i, m] == sum(l in L, pair_grad_U[l, i, m])",
            ),
            reason="a weight is how often its pair is met",
        ),
        Law(
            "turning the space turns the gradients",
            over="i in d, m in M, l in L",
            letting=(Array("Q", "d d", orthogonal=True),),
            calls=(
                Call(
                    "turned",
                    """
                    turned_V_c[i in d, l in L] = sum(a in d, Q[i, a] * V_c[a, l])
                    turned_U[i in d, m in M] = sum(a in d, Q[i, a] * U[a, m])
                    """,
                ),
            ),
            holds=(
                "turned_loss == loss",
                "turned_grad_V_c[i, l] == sum(a in d, Q[i, a] * grad_V_c[a, l])",
                "turned_grad_U[i, m] == sum(a in d, Q[i, a] * grad_U[a, m])",
            ),
            reason="products of vectors stay what they were, and the loss sees nothing else",
        ),
    ),
)
"""The definition; `python -m derivations` makes everything else from it."""
