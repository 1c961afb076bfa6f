"""Skip-gram with naive softmax: one centre word against the m outside words of its window."""

from w2v_verified.symbolic import Array, Axis, Call, Chain, Claim, Law, Loss, Position, Section, Step

LOSS = Loss(
    name="skip_gram_naive_softmax",
    title="Skip-gram, naive softmax",
    summary="Naive-softmax loss of a centre word against the m outside words of its window, with its gradients.",
    source="Mikolov et al. 2013, arXiv:1310.4546, equations (1) and (2); CS224n, assignment 2, part (h).",
    unit="nats",
    axes=(
        Axis("d", "dimension of the word vectors", letters="i a"),
        Axis("V", "number of words in the vocabulary", letters="w j l", latex=r"\lvert V\rvert"),
        Axis("m", "number of outside words in the window", letters="c t", minimum=0),
    ),
    arguments=(
        Array("v_c", "d", "centre word vector"),
        Position("outside", "V", "columns of the outside words", axes="m"),
        Array("U", "d V", "outside word vectors, one column per word"),
    ),
    definition="""
        z[w in V] = sum(i in d, U[i, w] * v_c[i])
        loss = sum(c in m, log(sum(w in V, exp(z[w]))) - z[outside[c]])
    """,
    notation="""
        yhat[w in V] = exp(z[w]) / sum(j in V, exp(z[j]))
        r[w in V] = sum(c in m, (w == outside[c]))
        ubar[i in d] = sum(w in V, U[i, w] * yhat[w])
    """,
    latex={"yhat": r"\hat y", "ubar": r"\bar u", "outside": "o", "v_c": r"v_{\mathrm c}"},
    claims=(
        Claim("grad_v_c[i in d] = sum(c in m, sum(w in V, U[i, w] * (yhat[w] - (w == outside[c]))))"),
        Claim("grad_U[i in d, w in V] = sum(c in m, v_c[i] * (yhat[w] - (w == outside[c])))"),
        Claim("grad_v_c[i in d] = sum(w in V, U[i, w] * (m * yhat[w] - r[w]))"),
        Claim("grad_U[i in d, w in V] = v_c[i] * (m * yhat[w] - r[w])"),
    ),
    sections=(
        Section(
            "The window is the sum of its pairs",
            r"""
            The $m$ outside words of a window share one centre word, hence one vector of logits $z$ and one
            softmax $\hat y$. Each of them contributes the loss of its pair (see [naive
            softmax](naive_softmax.md)), $J_c=-\log\hat y_{o_c}$ (the index $c$ runs over the window; the
            upright $\mathrm c$ in $v_{\mathrm c}$ is part of the name):

            [0]

            With $r_w$, the number of times word $w$ occurs in the window, the logarithm is taken once:

            [1]

            An empty window ($m=0$) has loss 0, and both gradients below are 0.
            """,
            (
                Chain(
                    "-sum(c in m, log(yhat[outside[c]]))",
                    (
                        Step(
                            "UNFOLD",
                            "-sum(c in m, log(exp(z[outside[c]]) / sum(w in V, exp(z[w]))))",
                            "what yhat stands for",
                        ),
                        Step(
                            "LOG",
                            "sum(c in m, log(sum(w in V, exp(z[w]))) - z[outside[c]])",
                            "every exponential is positive",
                        ),
                        Step("UNFOLD", "loss", "the definition"),
                    ),
                ),
                Chain(
                    "m * log(sum(w in V, exp(z[w]))) - sum(w in V, r[w] * z[w])",
                    (
                        Step(
                            "UNFOLD PICK",
                            "m * log(sum(w in V, exp(z[w]))) - sum(c in m, z[outside[c]])",
                            "what r stands for; each bracket picks one word",
                        ),
                        Step("UNFOLD", "loss", "m equal logarithms"),
                    ),
                ),
            ),
            result="[0].",
        ),
        Section(
            "The gradient at the outside vectors",
            r"""
            The derivative of a sum is the sum of the derivatives, so $\partial J/\partial U=\sum_c\partial
            J_c/\partial U$, and each $\partial J_c/\partial U=v_{\mathrm c}\,(\hat y-y_c)^{\top}$ with $y_c$
            the one-hot vector of $o_c$:

            [0]

            A word that occurs twice in the window has $r_w=2$: its pull is counted twice, and no case
            distinction is needed.
            """,
            (
                Chain(
                    "diff(loss, U[a, w])",
                    (
                        Step(
                            "DIFF UNFOLD PICK",
                            "sum(c in m, v_c[a] * exp(z[w]) / sum(j in V, exp(z[j])) - (w == outside[c]) * v_c[a])",
                            "the quotient form, pair by pair",
                        ),
                        Step(
                            "UNFOLD",
                            "sum(c in m, v_c[a] * (yhat[w] - (w == outside[c])))",
                            "the gradients of the pairs, added up",
                        ),
                        Step("UNFOLD", "v_c[a] * (m * yhat[w] - r[w])", "m equal terms, and the count"),
                    ),
                    over="a in d, w in V",
                ),
            ),
            result="[0].",
        ),
        Section(
            "The gradient at the centre vector",
            r"""
            Likewise $\partial J/\partial v_{\mathrm c}=\sum_c U(\hat y-y_c)$:

            [0]

            In words: $m$ times the expected outside vector minus the sum of the true ones.

            [1]

            It is zero exactly when the mean of the true vectors is the expected one. Since $\hat y$ is
            strictly positive, $m\,\hat y=r$ is possible only if every word of the vocabulary occurs in the
            window; otherwise the gradient is zero where $m\,\hat y-r$ lies in the kernel of $U$.

            The softmax is computed once for the window: whatever $m$ is, there is one product
            $U^{\top}v_{\mathrm c}$ going forward, one product with $U$ and one outer product going backward.
            """,
            (
                Chain(
                    "diff(loss, v_c[a])",
                    (
                        Step(
                            "DIFF UNFOLD PICK",
                            "sum(c in m, sum(w in V, exp(z[w]) * U[a, w]) / sum(j in V, exp(z[j])) - U[a, outside[c]])",
                            "the quotient form, pair by pair",
                        ),
                        Step(
                            "PICK UNFOLD",
                            "sum(c in m, sum(w in V, U[a, w] * (yhat[w] - (w == outside[c]))))",
                            "the gradients of the pairs, added up",
                        ),
                        Step("UNFOLD", "sum(w in V, U[a, w] * (m * yhat[w] - r[w]))", "sums exchanged"),
                    ),
                    over="a in d",
                ),
                Chain(
                    "grad_v_c[a]",
                    (
                        Step(
                            "UNFOLD PICK",
                            "m * ubar[a] - sum(c in m, U[a, outside[c]])",
                            "the mean of the columns under yhat, and the columns of the window",
                        ),
                    ),
                    over="a in d",
                ),
            ),
            result="[0].",
        ),
        Section(
            "The gradient at every other centre vector",
            r"""
            The loss of this window contains one centre vector. For the vector $q$ of any other centre word
            there is nothing to differentiate:

            [0]

            So of the whole table of centre vectors one column moves, while any column of $U$ may.
            """,
            (
                Chain(
                    "diff(loss, q[a])",
                    (Step("DIFF", "0", "q is not in the loss"),),
                    over="a in d",
                    letting={"q": "d"},
                ),
            ),
            result="[0].",
        ),
    ),
    laws=(
        Law(
            "the loss is not negative",
            holds=("loss >= 0",),
            reason="every probability is at most 1, so no logarithm of one is positive",
        ),
        Law(
            "it is the sum over its window",
            over="i in d, w in V",
            calls=(
                Call(
                    "pair",
                    """
                    pair_o[c in m] = outside[c]
                    """,
                    of="naive_softmax",
                    over="c in m",
                ),
            ),
            holds=(
                "loss == sum(c in m, pair_loss[c])",
                "grad_v_c[i] == sum(c in m, pair_grad_v_c[c, i])",
                "grad_U[i, w] == sum(c in m, pair_grad_U[c, i, w])",
            ),
            reason="the words of a window are taken one by one",
        ),
        Law(
            "columns of grad_U add up to zero",
            over="i in d",
            holds=("sum(w in V, grad_U[i, w]) == 0",),
            reason="they do for each word of the window",
        ),
        Law(
            "one vector added to every column changes nothing",
            over="i in d, w in V",
            letting=(Array("q", "d"),),
            calls=(Call("moved", "moved_U[i in d, w in V] = U[i, w] + q[i]"),),
            holds=(
                "moved_loss == loss",
                "moved_grad_v_c[i] == grad_v_c[i]",
                "moved_grad_U[i, w] == grad_U[i, w]",
            ),
            reason="every logit grows by the same amount, and the softmax does not see it",
        ),
        Law(
            "turning the space turns the gradients",
            over="i in d, w in V",
            letting=(Array("Q", "d d", orthogonal=True),),
            calls=(
                Call(
                    "turned",
                    """
                    turned_v_c[i in d] = sum(a in d, Q[i, a] * v_c[a])
                    turned_U[i in d, w in V] = sum(a in d, Q[i, a] * U[a, w])
                    """,
                ),
            ),
            holds=(
                "turned_loss == loss",
                "turned_grad_v_c[i] == sum(a in d, Q[i, a] * grad_v_c[a])",
                "turned_grad_U[i, w] == sum(a in d, Q[i, a] * grad_U[a, w])",
            ),
            reason="products of vectors stay what they were, and the loss sees nothing else",
        ),
    ),
)
"""The definition; `python -m derivations` makes everything else from it."""
