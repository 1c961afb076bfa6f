"""Skip-gram with negative sampling: one centre word against the m outside words of its window."""

from w2v_verified.symbolic import Array, Axis, Call, Chain, Claim, Law, Loss, Position, Section, Step

LOSS = Loss(
    name="skip_gram_negative_sampling",
    title="Skip-gram, negative sampling",
    summary="Negative-sampling loss of a centre word against a window of m outside words, with its gradients.",
    source="Mikolov et al. 2013, arXiv:1310.4546, equations (1) and (4); CS224n, assignment 2, part (h).",
    unit="nats",
    axes=(
        Axis("d", "dimension of the word vectors", letters="i a"),
        Axis("V", "number of words in the vocabulary", letters="w j l", latex=r"\lvert V\rvert"),
        Axis("m", "number of outside words in the window", letters="c t", minimum=0),
        Axis("K", "number of negative samples of an outside word", letters="k h", minimum=0),
    ),
    arguments=(
        Array("v_c", "d", "centre word vector"),
        Position("outside", "V", "columns of the outside words", axes="m"),
        Array("U", "d V", "outside word vectors, one column per word"),
        Position("negatives", "V", "columns of the negative samples, one row per outside word", axes="m K"),
    ),
    definition="""
        x[c in m] = sum(i in d, U[i, outside[c]] * v_c[i])
        z[c in m, k in K] = sum(i in d, U[i, negatives[c, k]] * v_c[i])
        loss = -sum(c in m, log(sigmoid(x[c]))) - sum(c in m, sum(k in K, log(sigmoid(-z[c, k]))))
    """,
    notation="""
        r[w in V] = sum(c in m, sum(k in K, (w == negatives[c, k])))
        t[w in V] = sum(c in m, (w == outside[c]))
        s[w in V] = sum(i in d, U[i, w] * v_c[i])
    """,
    latex={"outside": "o", "negatives": "n", "v_c": r"v_{\mathrm c}"},
    claims=(
        Claim(
            "grad_v_c[i in d] = sum(c in m, sum(k in K, sigmoid(z[c, k]) * U[i, negatives[c, k]])"
            " - sigmoid(-x[c]) * U[i, outside[c]])"
        ),
        Claim(
            "grad_U[i in d, w in V] = v_c[i] * sum(c in m, sum(k in K, (w == negatives[c, k]) * sigmoid(z[c, k]))"
            " - (w == outside[c]) * sigmoid(-x[c]))"
        ),
        Claim("grad_U[i in d, w in V] = v_c[i] * (r[w] * sigmoid(s[w]) - t[w] * sigmoid(-s[w]))"),
    ),
    sections=(
        Section(
            "The window is the sum of its pairs",
            r"""
            Each outside word $o_c$ of the window has $K$ samples $n_{c1},\dots,n_{cK}$ of its own, and
            contributes the loss of its pair, see [negative sampling](negative_sampling.md) (the index $c$
            runs over the window; the upright $\mathrm c$ in $v_{\mathrm c}$ is part of the name):

            [0]

            An empty window ($m=0$) has loss 0, and both gradients below are 0. With $K=0$ the sums over $k$
            are empty.
            """,
            (
                Chain(
                    "-sum(c in m, log(sigmoid(x[c])) + sum(k in K, log(1 - sigmoid(z[c, k]))))",
                    (
                        Step(
                            "SIGMOID",
                            "-sum(c in m, log(sigmoid(x[c])) + sum(k in K, log(sigmoid(-z[c, k]))))",
                            "1 - sigma(t) = sigma(-t): the definition of J",
                        ),
                        Step(
                            "SIGMOID",
                            "sum(c in m, softplus(-x[c]) + sum(k in K, softplus(z[c, k])))",
                            "-log sigma(t) = softplus(-t)",
                        ),
                        Step("UNFOLD", "loss", "so this is J"),
                    ),
                ),
            ),
            result="[0].",
        ),
        Section(
            "The gradient at the outside vectors",
            r"""
            The derivative of a sum is the sum of the derivatives, $\partial J/\partial U=\sum_c\partial
            J_c/\partial U$:

            [0]

            All pairs of the window share the centre vector, so a word has one score $s_w=u_w\cdot v_{\mathrm
            c}$ in all of them, and it matters only how often it occurs: $t_w$ times as a true word, $r_w$
            times as a sample, over the whole window.

            [1]

            This covers repeated outside words, repeated negatives, within a pair and across pairs, and
            negatives that equal a true word.
            """,
            (
                Chain(
                    "diff(loss, U[a, w])",
                    (
                        Step(
                            "DIFF UNFOLD PICK",
                            "sum(c in m, sum(k in K, (w == negatives[c, k]) * sigmoid(z[c, k]) * v_c[a])"
                            " - (w == outside[c]) * sigmoid(-x[c]) * v_c[a])",
                            "the gradients of the pairs, added up",
                        ),
                        Step(
                            "ALGEBRA",
                            "v_c[a] * sum(c in m, sum(k in K, (w == negatives[c, k]) * sigmoid(z[c, k]))"
                            " - (w == outside[c]) * sigmoid(-x[c]))",
                            "the centre vector times one number",
                        ),
                    ),
                    over="a in d, w in V",
                ),
                Chain(
                    "grad_U[a, w]",
                    (
                        Step(
                            "PICK UNFOLD",
                            "v_c[a] * (r[w] * sigmoid(s[w]) - t[w] * sigmoid(-s[w]))",
                            "where a bracket is 1 the score is that of w",
                        ),
                    ),
                    over="a in d, w in V",
                ),
            ),
            result="[1].",
        ),
        Section(
            "The gradient at the centre vector",
            r"""
            Likewise $\partial J/\partial v_{\mathrm c}=\sum_c\partial J_c/\partial v_{\mathrm c}$:

            [0]

            In words: for each outside word, away from its samples and towards the word. A window touches at
            most $m(K+1)$ columns of $U$, and its scores take

            [1]

            products, against $\lvert V\rvert\,d$ for the softmax of a window.
            """,
            (
                Chain(
                    "diff(loss, v_c[a])",
                    (
                        Step(
                            "DIFF UNFOLD PICK",
                            "sum(c in m, sum(k in K, sigmoid(z[c, k]) * U[a, negatives[c, k]])"
                            " - sigmoid(-x[c]) * U[a, outside[c]])",
                            "softplus' = sigma, and the inner derivatives are the vectors gathered",
                        ),
                        Step(
                            "SIGMOID",
                            "sum(c in m, (sigmoid(x[c]) - 1) * U[a, outside[c]]"
                            " - sum(k in K, (sigmoid(-z[c, k]) - 1) * U[a, negatives[c, k]]))",
                            "1 - sigma(t) = sigma(-t): as the course writes it",
                        ),
                    ),
                    over="a in d",
                ),
                Chain(
                    "sum(c in m, sum(i in d, 1) + sum(k in K, sum(i in d, 1)))",
                    (Step("ALGEBRA", "m * (K + 1) * d", "K + 1 inner products for each outside word"),),
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
            reason="no sigmoid is above 1, so no logarithm of one is positive",
        ),
        Law(
            "it is the sum over its window",
            over="i in d, w in V",
            calls=(
                Call(
                    "pair",
                    """
                    pair_o[c in m] = outside[c]
                    pair_negatives[c in m, k in K] = negatives[c, k]
                    """,
                    of="negative_sampling",
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
