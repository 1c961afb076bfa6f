"""Naive softmax of counted pairs: every centre against every outside word, by how often the two met."""

from w2v_verified.symbolic import Array, Axis, Call, Chain, Claim, Law, Loss, Position, Section, Step

LOSS = Loss(
    name="naive_softmax_counts",
    title="Naive softmax, counted pairs",
    summary="Naive-softmax loss of B centre vectors against all words, weighted by counts, with its gradients.",
    source="Mikolov et al. 2013, arXiv:1310.4546, equations (1) and (2), equal pairs gathered.",
    unit="nats",
    axes=(
        Axis("d", "dimension of the word vectors", letters="i a"),
        Axis("V", "number of words in the vocabulary", letters="w k j l", latex=r"\lvert V\rvert"),
        Axis("B", "number of centre words", letters="b c", minimum=0),
    ),
    arguments=(
        Array("V_c", "d B", "centre word vectors, one column per word"),
        Array("U", "d V", "outside word vectors, one column per word"),
        Array("counts", "B V", "how often each pair occurs, not negative", gradient=False),
    ),
    definition="""
        z[b in B, w in V] = sum(i in d, U[i, w] * V_c[i, b])
        loss = sum(b in B, sum(w in V, counts[b, w] * (log(sum(k in V, exp(z[b, k]))) - z[b, w])))
    """,
    notation="""
        yhat[b in B, w in V] = exp(z[b, w]) / sum(k in V, exp(z[b, k]))
        n[b in B] = sum(w in V, counts[b, w])
    """,
    latex={"yhat": r"\hat y", "counts": "C"},
    claims=(
        Claim("grad_V_c[i in d, b in B] = sum(w in V, U[i, w] * (n[b] * yhat[b, w] - counts[b, w]))"),
        Claim("grad_U[i in d, w in V] = sum(b in B, V_c[i, b] * (n[b] * yhat[b, w] - counts[b, w]))"),
    ),
    sections=(
        Section(
            "Equal pairs are gathered",
            r"""
            A text has far more pairs than it has different ones. The loss of a pair depends on its two words
            alone, so a pair that occurs $C_{bw}$ times has $C_{bw}$ equal terms, and the loss of the whole text
            is one sum over words:

            [0]

            What it costs does not depend on the length of the text, once the pairs are counted: one row of
            $\lvert V\rvert$ exponentials for every centre. With $n_b=\sum_w C_{bw}$ pairs for centre $b$, the
            normaliser appears $n_b$ times:

            [1]

            Counts need not be whole: an expected count gives the expected loss.
            """,
            (
                Chain(
                    "-sum(b in B, sum(w in V, counts[b, w] * log(yhat[b, w])))",
                    (
                        Step(
                            "UNFOLD",
                            "-sum(b in B, sum(w in V, counts[b, w] * log(exp(z[b, w]) / sum(k in V, exp(z[b, k])))))",
                            "what yhat stands for",
                        ),
                        Step(
                            "LOG",
                            "sum(b in B, sum(w in V, counts[b, w] * (log(sum(k in V, exp(z[b, k]))) - z[b, w])))",
                            "every exponential is positive",
                        ),
                        Step("UNFOLD", "loss", "the definition"),
                    ),
                ),
                Chain(
                    "loss",
                    (
                        Step(
                            "UNFOLD",
                            "sum(b in B, n[b] * log(sum(k in V, exp(z[b, k]))) - sum(w in V, counts[b, w] * z[b, w]))",
                            "the normaliser does not depend on w; what n stands for",
                        ),
                    ),
                ),
            ),
            result="[0].",
        ),
        Section(
            "The gradients",
            r"""
            Centre $b$ is in row $b$ alone. Its gradient compares the outside vectors the model expects, $n_b$
            times, with those that came:

            [0]

            The outside vectors are shared by all centres:

            [1]

            Both vanish where the model has the frequencies of the text, $\hat y_{bw}=C_{bw}/n_b$.
            """,
            (
                Chain(
                    "diff(loss, V_c[a, b])",
                    (
                        Step(
                            "DIFF UNFOLD PICK",
                            "sum(w in V, counts[b, w] * (sum(k in V, exp(z[b, k]) * U[a, k])"
                            " / sum(k in V, exp(z[b, k])) - U[a, w]))",
                            "the quotient form; row b is left of the sum",
                        ),
                        Step(
                            "UNFOLD",
                            "sum(w in V, U[a, w] * (n[b] * yhat[b, w] - counts[b, w]))",
                            "what yhat and n stand for",
                        ),
                    ),
                    over="a in d, b in B",
                ),
                Chain(
                    "diff(loss, U[a, w])",
                    (
                        Step(
                            "DIFF UNFOLD PICK",
                            "sum(b in B, V_c[a, b] * exp(z[b, w]) * sum(l in V, counts[b, l])"
                            " / sum(k in V, exp(z[b, k])) - counts[b, w] * V_c[a, b])",
                            "the quotient form, row by row",
                        ),
                        Step(
                            "UNFOLD",
                            "sum(b in B, V_c[a, b] * (n[b] * yhat[b, w] - counts[b, w]))",
                            "what yhat and n stand for",
                        ),
                    ),
                    over="a in d, w in V",
                ),
            ),
            result="[0] and [1].",
        ),
    ),
    laws=(
        Law(
            "it is the batch of pairs that it counts",
            over="i in d, w in V, b in B",
            axes=(Axis("P", "number of pairs", minimum=0),),
            letting=(Position("centre", "B", axes="P"), Position("outside", "V", axes="P")),
            given="counts[b in B, w in V] = sum(p in P, (b == centre[p]) * (w == outside[p]))",
            calls=(
                Call(
                    "batch",
                    """
                    batch_V_c[i in d, p in P] = V_c[i, centre[p]]
                    batch_o[p in P] = outside[p]
                    """,
                    of="naive_softmax_batch",
                ),
            ),
            holds=(
                "loss == batch_loss",
                "grad_V_c[i, b] == sum(p in P, (b == centre[p]) * batch_grad_V_c[i, p])",
                "grad_U[i, w] == batch_grad_U[i, w]",
            ),
            reason="equal pairs have equal losses",
        ),
        Law(
            "columns of grad_U add up to zero",
            over="i in d",
            holds=("sum(w in V, grad_U[i, w]) == 0",),
            reason="yhat adds up to 1, and so do the shares of the counts",
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
