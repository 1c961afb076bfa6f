"""Negative sampling for a batch: the sum over B pairs, each with K negative samples of its own."""

from w2v_verified.symbolic import Array, Axis, Call, Chain, Claim, Law, Loss, Position, Section, Step

LOSS = Loss(
    name="negative_sampling_batch",
    title="Negative sampling, a batch",
    summary="Negative-sampling loss summed over B pairs, each with K negative samples, with its gradients.",
    source="Mikolov et al. 2013, arXiv:1310.4546, equation (4), summed over pairs.",
    unit="nats",
    axes=(
        Axis("d", "dimension of the word vectors", letters="i a"),
        Axis("V", "number of words in the vocabulary", letters="w j l", latex=r"\lvert V\rvert"),
        Axis("B", "number of pairs in the batch", letters="b c", minimum=0),
        Axis("K", "number of negative samples of a pair", letters="k h", minimum=0),
    ),
    arguments=(
        Array("V_c", "d B", "centre word vectors, one column per pair"),
        Position("o", "V", "columns of the true outside words", axes="B"),
        Array("U", "d V", "outside word vectors, one column per word"),
        Position("negatives", "V", "columns of the negative samples, one row per pair", axes="B K"),
    ),
    definition="""
        x[b in B] = sum(i in d, U[i, o[b]] * V_c[i, b])
        z[b in B, k in K] = sum(i in d, U[i, negatives[b, k]] * V_c[i, b])
        loss = -sum(b in B, log(sigmoid(x[b]))) - sum(b in B, sum(k in K, log(sigmoid(-z[b, k]))))
    """,
    notation="""
        r[b in B, w in V] = sum(k in K, (w == negatives[b, k]))
    """,
    latex={"negatives": "n"},
    claims=(
        Claim(
            "grad_V_c[i in d, b in B] = -sigmoid(-x[b]) * U[i, o[b]]"
            " + sum(k in K, sigmoid(z[b, k]) * U[i, negatives[b, k]])"
        ),
        Claim(
            "grad_U[i in d, w in V] = sum(b in B, V_c[i, b]"
            " * (sum(k in K, (w == negatives[b, k]) * sigmoid(z[b, k])) - (w == o[b]) * sigmoid(-x[b])))"
        ),
    ),
    sections=(
        Section(
            "The batch is the sum of its pairs",
            r"""
            Pair $b$ has the centre vector in column $b$ of $V_c$, the outside word $o_b$ and the samples
            $n_{b1},\dots,n_{bK}$ of its own. Its loss is the one of the page on [negative
            sampling](negative_sampling.md), and the loss of the batch is the sum:

            [0]

            An empty batch has loss 0, and so has nothing to learn from: both gradients are 0. With $K=0$ the
            second sum is empty.
            """,
            (
                Chain(
                    "-sum(b in B, log(sigmoid(x[b])) + sum(k in K, log(1 - sigmoid(z[b, k]))))",
                    (
                        Step(
                            "SIGMOID",
                            "-sum(b in B, log(sigmoid(x[b])) + sum(k in K, log(sigmoid(-z[b, k]))))",
                            "1 - sigma(t) = sigma(-t): the definition of J",
                        ),
                        Step(
                            "SIGMOID",
                            "sum(b in B, softplus(-x[b]) + sum(k in K, softplus(z[b, k])))",
                            "-log sigma(t) = softplus(-t)",
                        ),
                        Step("UNFOLD", "loss", "so this is J"),
                    ),
                ),
            ),
            result="[0].",
        ),
        Section(
            "The gradient at the centre vectors",
            r"""
            Column $b$ of $V_c$ is in the scores of pair $b$ and in no others: the bracket $[b=c]$ picks that
            pair out of the sum over all pairs $c$, and what is left is the gradient of the pair alone.

            [0]
            """,
            (
                Chain(
                    "diff(loss, V_c[a, b])",
                    (
                        Step(
                            "DIFF UNFOLD PICK",
                            "sum(c in B, (b == c) * (sum(k in K, sigmoid(z[c, k]) * U[a, negatives[c, k]])"
                            " - sigmoid(-x[c]) * U[a, o[c]]))",
                            "softplus' = sigma; the scores of pair c contain column c of V_c alone",
                        ),
                        Step(
                            "PICK",
                            "sum(k in K, sigmoid(z[b, k]) * U[a, negatives[b, k]]) - sigmoid(-x[b]) * U[a, o[b]]",
                            "the pair c = b",
                        ),
                    ),
                    over="a in d, b in B",
                ),
            ),
            result="[0].",
        ),
        Section(
            "The gradient at the outside vectors",
            r"""
            The outside vectors are shared, so what the pairs say about a column adds up:

            [0]

            Repeated words need no care: a word that occurs in several pairs, as true word or as sample, has a
            bracket for each occurrence, and the brackets are summed. Written with counts, where $r_{bw}$ is
            how often pair $b$ sampled word $w$:

            [1]
            """,
            (
                Chain(
                    "diff(loss, U[a, w])",
                    (
                        Step(
                            "DIFF UNFOLD PICK",
                            "sum(b in B, sum(k in K, (w == negatives[b, k]) * sigmoid(z[b, k])) * V_c[a, b]"
                            " - (w == o[b]) * sigmoid(-x[b]) * V_c[a, b])",
                            "softplus' = sigma; each score contains the column it points to",
                        ),
                        Step(
                            "ALGEBRA",
                            "sum(b in B, V_c[a, b] * (sum(k in K, (w == negatives[b, k]) * sigmoid(z[b, k]))"
                            " - (w == o[b]) * sigmoid(-x[b])))",
                            "the centre vector of pair b times one number",
                        ),
                    ),
                    over="a in d, w in V",
                ),
                Chain(
                    "grad_U[a, w]",
                    (
                        Step(
                            "UNFOLD PICK",
                            "sum(b in B, V_c[a, b] * (r[b, w] * sigmoid(sum(i in d, U[i, w] * V_c[i, b]))"
                            " - (w == o[b]) * sigmoid(-sum(i in d, U[i, w] * V_c[i, b]))))",
                            "where a bracket is 1 the score is that of w",
                        ),
                    ),
                    over="a in d, w in V",
                ),
            ),
            result="[1].",
        ),
    ),
    laws=(
        Law(
            "the loss is not negative",
            holds=("loss >= 0",),
            reason="no sigmoid is above 1, so no logarithm of one is positive",
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
                    pair_negatives[b in B, k in K] = negatives[b, k]
                    """,
                    of="negative_sampling",
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
