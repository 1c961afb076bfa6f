"""Negative sampling: the loss of one (centre, outside) pair against K sampled words."""

from w2v_verified.symbolic import Array, Axis, Call, Chain, Claim, Law, Loss, Position, Section, Step

LOSS = Loss(
    name="negative_sampling",
    title="Negative sampling",
    summary="Negative-sampling loss of one (centre, outside) pair and K negative samples, with its gradients.",
    source="Mikolov et al. 2013, arXiv:1310.4546, equation (4); CS224n, assignment 2, part (f) and (g).",
    unit="nats",
    axes=(
        Axis("d", "dimension of the word vectors", letters="i a b"),
        Axis("V", "number of words in the vocabulary", letters="w j", latex=r"\lvert V\rvert"),
        Axis("K", "number of negative samples", letters="k l", minimum=0),
    ),
    arguments=(
        Array("v_c", "d", "centre word vector"),
        Position("o", "V", "column of the true outside word"),
        Array("U", "d V", "outside word vectors, one column per word"),
        Position("negatives", "V", "columns of the negative samples", axes="K"),
    ),
    definition="""
        x = sum(i in d, U[i, o] * v_c[i])
        z[k in K] = sum(i in d, U[i, negatives[k]] * v_c[i])
        loss = -log(sigmoid(x)) - sum(k in K, log(sigmoid(-z[k])))
    """,
    notation="""
        s[w in V] = sum(i in d, U[i, w] * v_c[i])
        r[w in V] = sum(k in K, (w == negatives[k]))
    """,
    latex={"negatives": "n", "eta": r"\eta"},
    claims=(
        Claim("grad_v_c[i in d] = -sigmoid(-x) * U[i, o] + sum(k in K, sigmoid(z[k]) * U[i, negatives[k]])"),
        Claim(
            "grad_U[i in d, w in V] = -(w == o) * sigmoid(-x) * v_c[i]"
            " + sum(k in K, (w == negatives[k]) * sigmoid(z[k])) * v_c[i]"
        ),
        Claim("grad_U[i in d, w in V] = (r[w] * sigmoid(s[w]) - (w == o) * sigmoid(-s[w])) * v_c[i]"),
    ),
    sections=(
        Section(
            "The sigmoid",
            r"""
            Everything below rests on one function, $\sigma(t)=1/(1+e^{-t})$. Its derivative can be written with
            the function itself:

            [0]

            It lies between 0 and 1, and $1-\sigma$ is $\sigma$ mirrored:

            [1]

            By the line before, the derivative is also $\sigma(t)\,\sigma(-t)$: positive, the same at $t$ and
            $-t$, and at most $\tfrac14$, which it reaches at $t=0$:

            [2]

            The loss contains the logarithm of a sigmoid. With $\mathrm{softplus}(t)=\log(1+e^t)$,

            [3]

            and the derivative of softplus is the sigmoid:

            [4]
            """,
            (
                Chain(
                    "diff(sigmoid(t), t)",
                    (
                        Step("FUNCTION", "diff(1 / (1 + exp(-t)), t)", "what the sigmoid is"),
                        Step("DIFF", "exp(-t) / (1 + exp(-t)) ** 2", "(1/f)' = -f'/f^2, and f' = -exp(-t)"),
                        Step(
                            "ALGEBRA",
                            "(1 - 1 / (1 + exp(-t))) / (1 + exp(-t))",
                            "the numerator is (1 + exp(-t)) - 1",
                        ),
                        Step("FUNCTION", "sigmoid(t) * (1 - sigmoid(t))", "what the sigmoid is"),
                    ),
                    letting={"t": ""},
                ),
                Chain(
                    "1 - sigmoid(t)",
                    (
                        Step("FUNCTION", "1 - 1 / (1 + exp(-t))", "what the sigmoid is"),
                        Step("ALGEBRA", "exp(-t) / (1 + exp(-t))", "over one denominator"),
                        Step("EXP", "1 / (1 + exp(t))", "numerator and denominator times exp(t)"),
                        Step("FUNCTION", "sigmoid(-t)", "what the sigmoid is"),
                    ),
                    letting={"t": ""},
                ),
                Chain(
                    "sigmoid(t) * sigmoid(-t)",
                    (
                        Step("SIGMOID", "sigmoid(t) * (1 - sigmoid(t))", "1 - sigma(t) = sigma(-t)"),
                        Step("ALGEBRA", "1 / 4 - (sigmoid(t) - 1 / 2) ** 2", "complete the square"),
                    ),
                    letting={"t": ""},
                ),
                Chain(
                    "-log(sigmoid(t))",
                    (
                        Step("FUNCTION", "-log(1 / (1 + exp(-t)))", "what the sigmoid is"),
                        Step("LOG", "log(1 + exp(-t))", "the logarithm of a reciprocal; 1 + exp(-t) > 0"),
                        Step("FUNCTION", "softplus(-t)", "what softplus is"),
                    ),
                    letting={"t": ""},
                ),
                Chain(
                    "diff(softplus(t), t)",
                    (
                        Step("FUNCTION", "diff(log(1 + exp(t)), t)", "what softplus is"),
                        Step("DIFF", "exp(t) / (1 + exp(t))", "(log f)' = f'/f"),
                        Step("EXP", "1 / (1 + exp(-t))", "numerator and denominator times exp(-t)"),
                        Step("FUNCTION", "sigmoid(t)", "what the sigmoid is"),
                    ),
                    letting={"t": ""},
                ),
            ),
            result="[0], and [1].",
        ),
        Section(
            "The loss",
            r"""
            The model gives a pair of words the probability $\sigma(u_w\cdot v_c)$ of having occurred
            together. The true pair did occur, with probability $\sigma(x)$; each of the $K$ sampled pairs is
            taken not to have occurred, with probability $1-\sigma(z_k)$. The loss is the negative logarithm
            of the product of these $K+1$ probabilities.

            [0]

            This last form is the one that is differentiated. No $\lvert V\rvert$ occurs in it: there is no
            sum over the vocabulary.

            **The same loss, word by word.** Let $s_w=u_w\cdot v_c$ be the score of word $w$, and let $r_w$
            count how often $w$ was sampled. Then each word pays for being the true one, if it is, and once
            for every time it was sampled:

            [1]

            With $K=0$ the sums over $k$ are empty and $J=\mathrm{softplus}(-x)$.
            """,
            (
                Chain(
                    "-log(sigmoid(x)) - sum(k in K, log(1 - sigmoid(z[k])))",
                    (
                        Step(
                            "SIGMOID",
                            "-log(sigmoid(x)) - sum(k in K, log(sigmoid(-z[k])))",
                            "1 - sigma(t) = sigma(-t): the definition of J",
                        ),
                        Step(
                            "SIGMOID",
                            "softplus(-x) + sum(k in K, softplus(z[k]))",
                            "-log sigma(t) = softplus(-t), at t = x and t = -z_k",
                        ),
                        Step("UNFOLD", "loss", "so this is J"),
                    ),
                ),
                Chain(
                    "sum(w in V, (w == o) * softplus(-s[w]) + r[w] * softplus(s[w]))",
                    (
                        Step(
                            "UNFOLD",
                            "sum(w in V, (w == o) * softplus(-s[w]))"
                            " + sum(k in K, sum(w in V, (w == negatives[k]) * softplus(s[w])))",
                            "what r stands for, sums exchanged",
                        ),
                        Step(
                            "PICK",
                            "softplus(-s[o]) + sum(k in K, softplus(s[negatives[k]]))",
                            "each bracket picks one word",
                        ),
                        Step(
                            "UNFOLD", "softplus(-x) + sum(k in K, softplus(z[k]))", "x = s_o, z_k = s_(n_k)"
                        ),
                        Step("UNFOLD", "loss", "the form above"),
                    ),
                ),
            ),
            result="[0].",
        ),
        Section(
            "The gradient at the centre vector",
            r"""
            $v_c$ is in every score: the derivative of $x$ by $v_c$ is $u_o$, that of $z_k$ is $u_{n_k}$.

            [0]

            In words: the true vector with weight $-(1-\sigma(x))$, plus each sampled vector with weight
            $\sigma(z_k)$. A repeated negative contributes once for every time it was sampled.
            """,
            (
                Chain(
                    "diff(loss, v_c[a])",
                    (
                        Step(
                            "UNFOLD",
                            "diff(softplus(-sum(i in d, U[i, o] * v_c[i]))"
                            " + sum(k in K, softplus(sum(i in d, U[i, negatives[k]] * v_c[i]))), v_c[a])",
                            "the form of section 2",
                        ),
                        Step(
                            "DIFF UNFOLD",
                            "-sigmoid(-x) * sum(i in d, U[i, o] * (i == a))"
                            " + sum(k in K, sigmoid(z[k]) * sum(i in d, U[i, negatives[k]] * (i == a)))",
                            "softplus' = sigma, times the inner derivative",
                        ),
                        Step(
                            "PICK",
                            "-sigmoid(-x) * U[a, o] + sum(k in K, sigmoid(z[k]) * U[a, negatives[k]])",
                            "one term of each inner sum is left",
                        ),
                        Step(
                            "SIGMOID",
                            "(sigmoid(x) - 1) * U[a, o] - sum(k in K, (sigmoid(-z[k]) - 1) * U[a, negatives[k]])",
                            "1 - sigma(t) = sigma(-t): as the course writes it",
                        ),
                    ),
                    over="a in d",
                ),
            ),
            result="[0].",
        ),
        Section(
            "The gradient at the outside vectors",
            r"""
            Which words are the outside word and the samples is decided by positions. Differentiating an entry
            $U_{in}$ by an entry $U_{aw}$ gives $[i=a]\,[w=n]$: 1 where it is the same entry, 0 elsewhere. So
            the derivative at *every* column $w$ comes out at once, with brackets that say which terms reach
            it:

            [0]

            The last line is column by column $\partial J/\partial
            u_w=(r_w\,\sigma(s_w)-[w=o]\,\sigma(-s_w))\,v_c$, with $r_w$ the number of times $w$ was sampled.
            All cases are in it.

            **The true word.** At $w=o$:

            [1]

            If no negative equals $o$ then $r_o=0$ and this is $(\sigma(x)-1)\,v_c$: column $o$ moves towards
            $v_c$. **If negatives do equal $o$**, each of them adds $\sigma(x)\,v_c$: the word is pulled as
            the true one and pushed as a sampled one, and the two are added.

            **A sampled word.** At $w=n_l$, the word of sample number $l$:

            [2]

            How often the word was sampled multiplies its term. The count is 1 for the sample itself plus 1 for
            every other sample of the same word:

            [3]

            **Distinct negatives, none equal to $o$.** The sum over $k\neq l$ is zero and so is $[n_l=o]$,
            which leaves $\partial J/\partial u_{n_l}=\sigma(z_l)\,v_c$, or $(1-\sigma(-z_l))\,v_c$ as the
            course writes it. **Repeated negatives.** A word sampled $r$ times gets $r\,\sigma(z_l)\,v_c$;
            code that assigns to its column where it should add loses $r-1$ of the terms. **All other words**
            have $r_w=0$ and $[w=o]=0$: their gradient is zero. At most $K+1$ columns of $\partial J/\partial
            U$ are not zero. **$K=0$:** all $r_w$ are 0, and column $o$ alone moves.

            The columns do not add up to zero here, as they do for naive softmax:

            [4]
            """,
            (
                Chain(
                    "diff(loss, U[a, w])",
                    (
                        Step(
                            "UNFOLD",
                            "diff(softplus(-sum(i in d, U[i, o] * v_c[i]))"
                            " + sum(k in K, softplus(sum(i in d, U[i, negatives[k]] * v_c[i]))), U[a, w])",
                            "the form of section 2",
                        ),
                        Step(
                            "DIFF UNFOLD",
                            "-sigmoid(-x) * sum(i in d, (i == a) * (w == o) * v_c[i])"
                            " + sum(k in K, sigmoid(z[k]) * sum(i in d, (i == a) * (w == negatives[k]) * v_c[i]))",
                            "softplus' = sigma, times the inner derivative",
                        ),
                        Step(
                            "PICK",
                            "(sum(k in K, (w == negatives[k]) * sigmoid(z[k])) - (w == o) * sigmoid(-x)) * v_c[a]",
                            "one term of each inner sum is left",
                        ),
                        Step(
                            "PICK UNFOLD",
                            "(sum(k in K, (w == negatives[k])) * sigmoid(s[w]) - (w == o) * sigmoid(-s[w])) * v_c[a]",
                            "where a bracket is 1 the score is that of w",
                        ),
                        Step(
                            "UNFOLD",
                            "(r[w] * sigmoid(s[w]) - (w == o) * sigmoid(-s[w])) * v_c[a]",
                            "what r stands for",
                        ),
                    ),
                    over="a in d, w in V",
                ),
                Chain(
                    "diff(loss, U[a, o])",
                    (
                        Step(
                            "DIFF UNFOLD PICK",
                            "(r[o] * sigmoid(x) - sigmoid(-x)) * v_c[a]",
                            "the line above at w = o, where [w = o] is 1 and s_o = x",
                        ),
                        Step(
                            "SIGMOID",
                            "(sigmoid(x) - 1) * v_c[a] + r[o] * sigmoid(x) * v_c[a]",
                            "1 - sigma(t) = sigma(-t)",
                        ),
                    ),
                    over="a in d",
                ),
                Chain(
                    "diff(loss, U[a, negatives[l]])",
                    (
                        Step(
                            "DIFF UNFOLD PICK",
                            "(r[negatives[l]] * sigmoid(z[l]) - (negatives[l] == o) * sigmoid(-x)) * v_c[a]",
                            "the same at w = n_l, where s_w = z_l",
                        ),
                    ),
                    over="a in d, l in K",
                ),
                Chain(
                    "r[negatives[l]]",
                    (
                        Step("UNFOLD", "sum(k in K, (negatives[l] == negatives[k]))", "what r stands for"),
                        Step(
                            "PICK",
                            "1 + sum(k in K, (k != l) * (negatives[l] == negatives[k]))",
                            "the term k = l is 1",
                        ),
                    ),
                    over="l in K",
                ),
                Chain(
                    "sum(w in V, grad_U[a, w])",
                    (
                        Step(
                            "UNFOLD",
                            "sum(w in V, (sum(k in K, (w == negatives[k]) * sigmoid(z[k])) - (w == o) * sigmoid(-x)))"
                            " * v_c[a]",
                            "the gradient",
                        ),
                        Step(
                            "PICK",
                            "(sum(k in K, sigmoid(z[k])) - sigmoid(-x)) * v_c[a]",
                            "each bracket picks one column",
                        ),
                    ),
                    over="a in d",
                ),
            ),
            result="[0]: a negative drawn twice counts twice, and the true word among the negatives counts as "
            "both.",
        ),
        Section(
            "What the backward pass uses again",
            r"""
            Going forward, the $K+1$ vectors $u_o,u_{n_1},\dots,u_{n_K}$ are gathered and their scores
            $x,z_1,\dots,z_K$ computed; the loss is a sum of softplus of the scores. Going backward, the
            derivatives of $J$ by the scores are $K+1$ numbers,

            $$\delta_x=\frac{\partial J}{\partial x}=-\sigma(-x),\qquad
              (\delta_z)_k=\frac{\partial J}{\partial z_k}=\sigma(z_k),$$

            and *both* gradients are made of these numbers and of vectors that are already there:

            [0]

            [1]

            | computed going forward | used again going backward |
            |---|---|
            | gathered columns $u_o$ and $u_{n_k}$ | summed up to $\partial J/\partial v_c$ |
            | scores $x$ and $z_k$, each a sum of $d$ products | $\delta_x=-\sigma(-x)$ and $(\delta_z)_k=\sigma(z_k)$ |
            | $\delta_x$ and $(\delta_z)_k$, computed once | both gradients |

            No score is computed a second time. Even the sigmoid can be had from the term of the loss:

            [2]
            """,
            (
                Chain(
                    "grad_v_c[a]",
                    (
                        Step(
                            "UNFOLD",
                            "U[a, o] * delta_x + sum(k in K, U[a, negatives[k]] * delta_z[k])",
                            "the gathered columns, weighted",
                        ),
                    ),
                    over="a in d",
                ),
                Chain(
                    "grad_U[a, w]",
                    (
                        Step(
                            "UNFOLD",
                            "((w == o) * delta_x + sum(k in K, (w == negatives[k]) * delta_z[k])) * v_c[a]",
                            "the same numbers times the centre vector",
                        ),
                    ),
                    over="a in d, w in V",
                ),
                Chain(
                    "1 - exp(-softplus(t))",
                    (
                        Step("FUNCTION", "1 - 1 / (1 + exp(t))", "exp(-log f) = 1/f"),
                        Step("FUNCTION", "1 - sigmoid(-t)", "what the sigmoid is"),
                        Step("SIGMOID", "sigmoid(t)", "section 1"),
                    ),
                    letting={"t": ""},
                ),
            ),
            result="[0] and [1], from the same numbers.",
        ),
        Section(
            "Why it is cheaper than naive softmax",
            r"""
            Count multiplications: one for every term of a sum of products. The scores of negative sampling are
            $K+1$ inner products of length $d$, the logits of naive softmax are $\lvert V\rvert$ of them.

            [0]

            [1]

            The two gradients repeat these counts. $\partial J/\partial v_c$ is the sum of the same columns,
            each times one number; $\partial J/\partial U$ is $v_c$ times one number, for each column that is
            not zero. Every product is added to a sum that starts at 0, so there are as many additions, except
            that the outer product $v_c(\hat y-y)^{\top}$ of naive softmax has one term an entry and adds
            nothing.

            | work | negative sampling: products | additions | naive softmax: products | additions |
            |---|---|---|---|---|
            | scores | $(K+1)\,d$ | $(K+1)\,d$ | $\lvert V\rvert\,d$ | $\lvert V\rvert\,d$ |
            | $\partial J/\partial v_c$ | $(K+1)\,d$ | $(K+1)\,d$ | $\lvert V\rvert\,d$ | $\lvert V\rvert\,d$ |
            | $\partial J/\partial U$ | $(K+1)\,d$ | $(K+1)\,d$ | $\lvert V\rvert\,d$ | 0 |
            | together | $3\,(K+1)\,d$ | $3\,(K+1)\,d$ | $3\,\lvert V\rvert\,d$ | $2\,\lvert V\rvert\,d$ |

            Beside this, negative sampling evaluates $K+1$ softplus, $K+1$ sigmoids and adds up $K+1$ terms;
            naive softmax evaluates $\lvert V\rvert$ exponentials and one logarithm, adds up the exponentials,
            and divides $\lvert V\rvert$ times. These are lower order: they have no factor $d$.

            So the cost is $O(Kd)$ (for $K\ge1$) against $O(\lvert V\rvert d)$, and the ratio of the products is

            [2]

            For $\lvert V\rvert=60\,000$ and $K=5$ that is a factor of 10 000.

            One thing is not saved if $\partial J/\partial U$ is wanted as a full matrix: its $d\,\lvert
            V\rvert$ entries have to be written, though almost all are 0. `negative_sampling_sparse` returns
            the columns that are touched and nothing else, at most $K+1$ of them.
            """,
            (
                Chain(
                    "sum(i in d, 1) + sum(k in K, sum(i in d, 1))",
                    (Step("ALGEBRA", "(K + 1) * d", "products in x and z_1, ..., z_K"),),
                ),
                Chain(
                    "sum(w in V, sum(i in d, 1))",
                    (Step("ALGEBRA", "V * d", "products in the logits of naive softmax"),),
                ),
                Chain(
                    "sum(w in V, sum(i in d, 3)) / (sum(i in d, 3) + sum(k in K, sum(i in d, 3)))",
                    (Step("ALGEBRA", "V / (K + 1)", "3 |V| d over 3 (K + 1) d; d is at least 1"),),
                ),
            ),
            result="the products of naive softmax over those of negative sampling: [2].",
        ),
        Section(
            "What a step does, and when there is none",
            r"""
            A step of gradient descent at $v_c$ adds a positive multiple of the true vector and takes away
            positive multiples of the sampled ones. The closer a score is to what is wanted, the smaller its
            multiple.

            [0]

            **Convexity in $v_c$.** For fixed $U$, the derivative of the gradient is

            [1]

            and its quadratic form in a direction $q$ is a sum of squares with positive weights:

            [2]

            So it is never negative, and $J$ is convex in $v_c$. Since $\sigma(t)\,\sigma(-t)\le\tfrac14$
            (section 1) and $(q\cdot u)^2\le\lVert q\rVert^2\lVert u\rVert^2$, its largest eigenvalue is
            nowhere above

            $$L=\tfrac14\Bigl(\lVert u_o\rVert^2+\sum_k\lVert u_{n_k}\rVert^2\Bigr),$$

            and as for [naive softmax](naive_softmax.md) (section 5 there) a step lowers $J$ for every
            $\eta\in(0,2/L)$ unless the gradient is zero.

            **When the gradient at $v_c$ is zero.** Write $a_0=-u_o$ and $a_k=u_{n_k}$. Then $J=\sum_{j=0}^K
            \mathrm{softplus}(a_j\cdot v_c)$ and the gradient is $\sum_j\sigma(a_j\cdot v_c)\,a_j$, in which
            every weight is positive. Some finite $v_c$ makes it zero if and only if $\sum_j p_j a_j=0$ for
            some numbers $p_j$ that are **all** positive.

            *Only if:* take $p_j=\sigma(a_j\cdot v_c)$. *If:* Let $S$ be the span of the $a_j$; $J$ does not
            change along directions orthogonal to $S$. If $S=\{0\}$ the gradient is zero everywhere. Otherwise
            take a unit vector $q\in S$ and suppose $a_j\cdot q\le0$ for all $j$. Then $0=\sum_j p_j\,a_j\cdot
            q$ has no positive term, so every term is 0, so $q$ is orthogonal to $S$ and in it: a
            contradiction. So the maximum of $a_j\cdot q$ over $j$ is positive for every such $q$; it is
            continuous in $q$, so it is at least some $c>0$ on the whole unit sphere of $S$. Since
            $\mathrm{softplus}(t)>t$ and softplus is positive, $J(v)\ge c\,\lVert v\rVert$ for $v\in S$. So
            $J$ has a minimum on $S$, and there the gradient is zero.

            Otherwise (Stiemke's lemma) there is a direction $q$ with $a_j\cdot q\le0$ for all $j$ and $<0$
            for some: along it $J$ falls for ever, and no $v_c$ makes the gradient zero. Without negatives
            ($K=0$) this is the case unless $u_o=0$: nothing holds the score back. With a negative equal to
            $o$ and no others, $a_1=-a_0$, and the gradient is zero where $\sigma(x)=\tfrac12$, that is $x=0$.

            **Not convex in $v_c$ and $U$ together.** Take $d=1$, $K=0$: $J=\mathrm{softplus}(-u v)$ is
            $\log(1+e^{-1})<0.32$ at $(u,v)=(1,1)$ and at $(-1,-1)$, but $\log2>0.69$ at the midpoint.

            **The gradient at a column of $U$** is a number times $v_c$. For a sampled word other than $o$ the
            number is $r_w\,\sigma(s_w)>0$, for the true word it is $r_o\,\sigma(x)-\sigma(-x)$. The latter is
            zero exactly when $r_o\,e^{x}=1$, which needs $r_o\ge1$, because $\sigma(x)=e^{x}\,\sigma(-x)$:

            [3]
            """,
            (
                Chain(
                    "v_c[a] - eta * grad_v_c[a]",
                    (
                        Step(
                            "UNFOLD",
                            "v_c[a] + eta * sigmoid(-x) * U[a, o]"
                            " - eta * sum(k in K, sigmoid(z[k]) * U[a, negatives[k]])",
                            "towards u_o, away from the samples",
                        ),
                    ),
                    over="a in d",
                    letting={"eta": ""},
                ),
                Chain(
                    "diff(-sigmoid(-x) * U[a, o] + sum(k in K, sigmoid(z[k]) * U[a, negatives[k]]), v_c[b])",
                    (
                        Step(
                            "DIFF UNFOLD SIGMOID PICK",
                            "sigmoid(x) * sigmoid(-x) * U[a, o] * U[b, o]"
                            " + sum(k in K, sigmoid(z[k]) * sigmoid(-z[k]) * U[a, negatives[k]] * U[b, negatives[k]])",
                            "sigma'(t) = sigma(t) sigma(-t), times the inner derivative",
                        ),
                    ),
                    over="a in d, b in d",
                ),
                Chain(
                    "sum(a in d, sum(b in d, q[a] * q[b] * (sigmoid(x) * sigmoid(-x) * U[a, o] * U[b, o]"
                    " + sum(k in K, sigmoid(z[k]) * sigmoid(-z[k]) * U[a, negatives[k]] * U[b, negatives[k]]))))",
                    (
                        Step(
                            "ALGEBRA",
                            "sigmoid(x) * sigmoid(-x) * sum(a in d, q[a] * U[a, o]) ** 2"
                            " + sum(k in K, sigmoid(z[k]) * sigmoid(-z[k])"
                            " * sum(a in d, q[a] * U[a, negatives[k]]) ** 2)",
                            "a double sum of products is a product of sums",
                        ),
                    ),
                    letting={"q": "d"},
                ),
                Chain(
                    "r[o] * sigmoid(x) - sigmoid(-x)",
                    (Step("FUNCTION", "(r[o] * exp(x) - 1) * sigmoid(-x)", "sigma(x) = exp(x) sigma(-x)"),),
                ),
            ),
            result="[0]: towards the true vector, away from the samples.",
        ),
    ),
    laws=(
        Law(
            "the loss is not negative",
            holds=("loss >= 0",),
            reason="no sigmoid is above 1, so no logarithm of one is positive",
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
        Law(
            "every column of grad_U is along the centre vector",
            over="a in d, i in d, w in V",
            holds=("v_c[a] * grad_U[i, w] == v_c[i] * grad_U[a, w]",),
            reason="only products of columns with v_c are seen",
        ),
        Law(
            "columns other than the true one are pushed",
            over="w in V",
            holds=("(w != o) * sum(i in d, v_c[i] * grad_U[i, w]) >= 0",),
            reason="each is 0, or has the weight of the samples that point at it",
        ),
        Law(
            "the true word among the negatives counts as both",
            over="i in d",
            letting=(Position("t", "K"),),
            given="o = negatives[t]",
            holds=("grad_U[i, o] == (r[o] * sigmoid(x) - sigmoid(-x)) * v_c[i]",),
            reason="its column is pulled once, and pushed for each sample that points at it",
        ),
        Law(
            "a negative drawn twice counts twice",
            over="i in d, w in V",
            axes=(Axis("One"), Axis("Two")),
            sizes={"K": 0, "One": 1, "Two": 2},
            letting=(Position("n", "V"),),
            calls=(
                Call("once", "once_negatives[k in One] = n"),
                Call("twice", "twice_negatives[k in Two] = n"),
            ),
            holds=(
                "twice_loss - loss == 2 * (once_loss - loss)",
                "twice_grad_v_c[i] - grad_v_c[i] == 2 * (once_grad_v_c[i] - grad_v_c[i])",
                "twice_grad_U[i, w] - grad_U[i, w] == 2 * (once_grad_U[i, w] - grad_U[i, w])",
            ),
            reason="the loss is a sum over the samples",
        ),
        Law(
            "without negatives it is the logistic loss of the true word",
            over="i in d, w in V",
            sizes={"K": 0},
            holds=(
                "loss == softplus(-x)",
                "grad_v_c[i] == -sigmoid(-x) * U[i, o]",
                "grad_U[i, w] == -(w == o) * sigmoid(-x) * v_c[i]",
            ),
            reason="a sum of no terms is 0",
        ),
        Law(
            "the loss is convex in the centre vector",
            letting=(Array("there", "d"), Array("share", "", between=(0, 1))),
            calls=(
                Call("there", "there_v_c[i in d] = there[i]"),
                Call("between", "between_v_c[i in d] = share * there[i] + (1 - share) * v_c[i]"),
            ),
            holds=(
                "between_loss <= share * there_loss + (1 - share) * loss",
                "there_loss >= loss + sum(i in d, grad_v_c[i] * (there[i] - v_c[i]))",
            ),
            reason="it is a sum of convex functions of products with v_c",
        ),
        Law(
            "a step lowers the loss",
            letting=(Array("share", "", between=(0, 2)),),
            notation="""
                L = (sum(i in d, U[i, o] ** 2) + sum(k in K, sum(i in d, U[i, negatives[k]] ** 2))) / 4
                eta = share / (1 + L)
                step[i in d] = stepped_v_c[i] - v_c[i]
            """,
            calls=(Call("stepped", "stepped_v_c[i in d] = v_c[i] - eta * grad_v_c[i]"),),
            holds=(
                "stepped_loss <= loss + sum(i in d, grad_v_c[i] * step[i]) + L / 2 * sum(i in d, step[i] ** 2)",
            ),
            reason="no second derivative of a softplus is above 1/4, so none of the loss is above L; for that of "
            "descent the loss falls by at least eta (1 - eta L / 2) times the square of the gradient",
        ),
        Law(
            "it is a window of one word",
            over="i in d, w in V",
            axes=(Axis("One"),),
            sizes={"One": 1},
            calls=(
                Call(
                    "window",
                    """
                    window_outside[n in One] = o
                    window_negatives[n in One, k in K] = negatives[k]
                    """,
                    of="skip_gram_negative_sampling",
                ),
            ),
            holds=(
                "loss == window_loss",
                "grad_v_c[i] == window_grad_v_c[i]",
                "grad_U[i, w] == window_grad_U[i, w]",
            ),
            reason="a sum over one word is that word",
        ),
    ),
)
"""The definition; `python -m derivations` makes everything else from it."""
