"""Naive softmax: the loss of one (centre, outside) pair, its gradients, and what they mean."""

from w2v_verified.symbolic import Array, Axis, Call, Chain, Claim, Law, Loss, Position, Section, Step

LOSS = Loss(
    name="naive_softmax",
    title="Naive softmax",
    summary="Naive-softmax loss of one (centre, outside) pair, with its gradients.",
    source="Mikolov et al. 2013, arXiv:1310.4546, equation (2); CS224n, assignment 2, part (a) to (e).",
    unit="nats",
    axes=(
        Axis("d", "dimension of the word vectors", letters="i a b"),
        Axis("V", "number of words in the vocabulary", letters="w k j l", latex=r"\lvert V\rvert"),
    ),
    arguments=(
        Array("v_c", "d", "centre word vector"),
        Position("o", "V", "column of the true outside word"),
        Array("U", "d V", "outside word vectors, one column per word"),
    ),
    definition="""
        z[w in V] = sum(i in d, U[i, w] * v_c[i])
        loss = log(sum(w in V, exp(z[w]))) - z[o]
    """,
    notation="""
        yhat[w in V] = exp(z[w]) / sum(k in V, exp(z[k]))
        y[w in V] = (w == o)
        ubar[i in d] = sum(w in V, yhat[w] * U[i, w])
    """,
    latex={"yhat": r"\hat y", "ubar": r"\bar u", "eta": r"\eta"},
    claims=(
        Claim("grad_v_c[i in d] = sum(w in V, U[i, w] * (yhat[w] - y[w]))"),
        Claim("grad_U[i in d, w in V] = v_c[i] * (yhat[w] - y[w])"),
    ),
    sections=(
        Section(
            "The loss is a cross-entropy",
            r"""
            The model gives word $w$ the probability $P(O=w\mid C=c)=e^{u_w\cdot v_c}/\sum_k e^{u_k\cdot
            v_c}=\hat y_w$, where $u_w$ is column $w$ of $U$. For the true word $o$ this is $\hat y_o$. Its
            negative logarithm is the loss, and it is also the cross-entropy between the one-hot vector $y$
            and the distribution $\hat y$, because $y$ picks one term of the sum.

            [0]

            [1]

            *As properties:* the loss is a cross-entropy; the loss is not negative.
            """,
            (
                Chain(
                    "-log(yhat[o])",
                    (
                        Step("UNFOLD", "-log(exp(z[o]) / sum(k in V, exp(z[k])))", "what yhat stands for"),
                        Step("LOG", "log(sum(k in V, exp(z[k]))) - z[o]", "every exponential is positive"),
                        Step("UNFOLD", "loss", "the definition"),
                    ),
                ),
                Chain(
                    "-sum(w in V, y[w] * log(yhat[w]))",
                    (
                        Step("UNFOLD", "-sum(w in V, (w == o) * log(yhat[w]))", "what y stands for"),
                        Step("PICK", "-log(yhat[o])", "o is one of the words"),
                    ),
                ),
            ),
            result="[0], and [1].",
        ),
        Section(
            "The gradient at the centre vector",
            r"""
            The logarithm of the sum gives a quotient: the derivative of the sum over the sum. Written with
            $\hat y$ the quotient is an average of the outside vectors, and with $y$ the whole is a matrix
            times a vector.

            [0]

            In words: the expected outside vector minus the true one.

            [1]

            *As properties:* closed form of grad_v_c; the gradient is the expected vector minus the true one.
            """,
            (
                Chain(
                    "diff(loss, v_c[a])",
                    (
                        Step(
                            "UNFOLD",
                            "diff(log(sum(w in V, exp(sum(i in d, U[i, w] * v_c[i])))) - sum(i in d, U[i, o] * v_c[i]),"
                            " v_c[a])",
                            "the definition",
                        ),
                        Step(
                            "DIFF UNFOLD",
                            "sum(w in V, exp(z[w]) * sum(i in d, U[i, w] * (i == a))) / sum(k in V, exp(z[k]))"
                            " - sum(i in d, U[i, o] * (i == a))",
                            "(log f)' = f'/f, and exp' = exp times the inner derivative: the quotient form",
                        ),
                        Step(
                            "PICK",
                            "sum(w in V, exp(z[w]) * U[a, w]) / sum(k in V, exp(z[k])) - U[a, o]",
                            "one term of each inner sum is left: z_w has the derivative u_w",
                        ),
                        Step("UNFOLD", "sum(w in V, yhat[w] * U[a, w]) - U[a, o]", "what yhat stands for"),
                        Step(
                            "PICK UNFOLD",
                            "sum(w in V, yhat[w] * U[a, w]) - sum(w in V, y[w] * U[a, w])",
                            "y is 1 at o and 0 elsewhere",
                        ),
                        Step("ALGEBRA", "sum(w in V, U[a, w] * (yhat[w] - y[w]))", "one sum"),
                    ),
                    over="a in d",
                ),
                Chain(
                    "sum(w in V, U[a, w] * (yhat[w] - y[w]))",
                    (
                        Step(
                            "UNFOLD PICK",
                            "ubar[a] - U[a, o]",
                            "the mean of the columns under yhat, minus column o",
                        ),
                    ),
                    over="a in d",
                ),
            ),
            result="[0]: the expected outside vector minus the true one.",
        ),
        Section(
            "The gradient at the outside vectors",
            r"""
            Word by word first. Column $w$ of $U$ enters the loss through $z_w$ alone, so the chain rule has one
            term; in the second line the bracket $[k=w]$ says so.

            [0]

            Column by column this is $\partial J/\partial u_w=(\hat y_w-y_w)\,v_c$; all columns side by side are
            $\partial J/\partial U=v_c(\hat y-y)^{\top}$. At the true word and at any other word $w$:

            [1]

            [2]

            With more than one word the factor $\hat y_o-1$ is negative and every other $\hat y_w$ is
            positive: a step of gradient descent pulls column $o$ towards $v_c$ and pushes the others away
            from it.

            *As properties:* closed form of grad_U; every column of grad_U is along the centre vector; the true column
            is pulled and the others are pushed.
            """,
            (
                Chain(
                    "diff(loss, U[a, w])",
                    (
                        Step(
                            "UNFOLD",
                            "diff(log(sum(k in V, exp(sum(i in d, U[i, k] * v_c[i])))) - sum(i in d, U[i, o] * v_c[i]),"
                            " U[a, w])",
                            "the definition",
                        ),
                        Step(
                            "DIFF UNFOLD PICK",
                            "sum(k in V, exp(z[k]) * (k == w) * v_c[a]) / sum(k in V, exp(z[k])) - (w == o) * v_c[a]",
                            "z_k contains U_aw, with the factor v_a, for k = w and for no other k",
                        ),
                        Step(
                            "PICK",
                            "v_c[a] * exp(z[w]) / sum(k in V, exp(z[k])) - (w == o) * v_c[a]",
                            "one term of the sum is left: the quotient form",
                        ),
                        Step("UNFOLD", "v_c[a] * (yhat[w] - y[w])", "what yhat and y stand for"),
                    ),
                    over="a in d, w in V",
                ),
                Chain(
                    "diff(loss, U[a, o])",
                    (
                        Step("DIFF UNFOLD PICK", "(yhat[o] - y[o]) * v_c[a]", "the chain above at w = o"),
                        Step("UNFOLD", "(yhat[o] - 1) * v_c[a]", "y is 1 at o"),
                    ),
                    over="a in d",
                ),
                Chain(
                    "(w != o) * grad_U[a, w]",
                    (Step("UNFOLD PICK", "(w != o) * yhat[w] * v_c[a]", "y is 0 elsewhere"),),
                    over="a in d, w in V",
                ),
            ),
            result="[0]: every column is along the centre vector.",
        ),
        Section(
            "When the gradient at the centre vector is zero",
            r"""
            By section 2 the gradient is $U(\hat y-y)$. It is zero in exactly two ways, and the first cannot
            happen once there are two words.

            **$\hat y=y$ is impossible for $\lvert V\rvert>1$.** Every $\hat y_w$ is an exponential over a sum
            of exponentials, hence positive, and they add up to 1:

            [0]

            With a second word $k\neq o$ we have $\hat y_k>0=y_k$, so $\hat y\neq y$ (and $\hat
            y_o=1-\sum_{w\neq o}\hat y_w<1$). For $\lvert V\rvert=1$ the sum has one term, $\hat y_o=1=y_o$:
            loss and gradient are 0 everywhere.

            **$\hat y-y$ in the kernel of $U$.** Otherwise $\hat y-y$ is a non-zero vector, and $U(\hat
            y-y)=0$ says that it lies in $\ker U$. Its entries add up to $1-1=0$, so this needs columns of $U$
            that are affinely dependent. It is impossible where $U$ has full column rank ($\ker U=\{0\}$, so
            $d\ge\lvert V\rvert$), and also for two words with different vectors. Examples where it does
            happen are below. Since $\hat y-y\in\ker U$ covers $\hat y=y$ too, the two cases together are all
            of it.

            **Seen from the vectors.** The gradient at $v_c$ vanishes if and only if the true vector is the
            expected one, $u_o=\bar u=\sum_w\hat y_w\,u_w$:

            [1]

            *Which true vectors allow that at all?* Some finite $v_c$ makes the gradient vanish if and only if
            $u_o$ is a mix $\sum_w p_w u_w$ of **all** outside vectors with every $p_w>0$ and $\sum_w p_w=1$,
            that is, if and only if $u_o$ lies in the relative interior of their convex hull (the points of
            the relative interior are exactly the mixes with all weights positive).

            *Only if:* at such a $v_c$ take $p=\hat y$. *If:* $J$ as a function of $v_c$ is $\log\sum_w
            e^{(u_w-u_o)\cdot v_c}$, convex (section 5). Let $S$ be the span of the differences $u_w-u_o$; $J$
            does not change along directions orthogonal to $S$. If $S=\{0\}$ all columns are equal and the
            gradient is zero everywhere. Otherwise take a unit vector $x\in S$ and suppose $(u_w-u_o)\cdot
            x\le 0$ for all $w$. Then $0=\sum_w p_w(u_w-u_o)\cdot x$ is a sum of terms $\le 0$ with all
            $p_w>0$, so every term is 0, so $x$ is orthogonal to $S$ and, being in $S$, is zero: a
            contradiction. So every direction of $S$ has a word with $(u_w-u_o)\cdot x>0$; the maximum over
            $w$ is a continuous function of $x$, so on the unit sphere of $S$ it is at least some $c>0$. A sum
            of exponentials is at least its largest term, so $J(v)\ge c\,\lVert v\rVert$ for every $v\in S$. A
            continuous function with this property attains its minimum on $S$; it is the minimum over all
            $v_c$, and there the gradient is zero.

            *Otherwise descent runs off.* If $u_o$ is not such a mix, a separating hyperplane gives a
            direction $x$ with $(u_w-u_o)\cdot x\le 0$ for all $w$ and $<0$ for some. Along $v_c+tx$ the loss
            falls strictly for ever, so its infimum is not attained; since $J$ is convex, a zero of the
            gradient would be a minimum, so there is none. Along gradient descent with a step size from
            section 5 the gradients tend to zero, because the sum of their squares is bounded there. If
            infinitely many of the $v_c$ stayed in a bounded region, they would have a limit point, and the
            gradient, being continuous, would be zero at it; so $v_c$ tends to infinity.

            **Examples.** Equal columns $u_w=q$ for all $w$: the gradient is zero at every $v_c$,

            [2]

            $v_c=0$: all logits are 0 and $\hat y_w=1/\lvert V\rvert$, so the gradient is the plain mean of the
            columns minus $u_o$, which is zero exactly when $u_o$ is that mean,

            [3]

            A vertex of the convex hull is no mix of all columns (unless all are equal): there the gradient is
            never zero.

            *As properties:* one word alone has nothing to learn; the gradient vanishes where all columns are equal;
            the gradient vanishes at zero where the true vector is the mean of the others. What is said of kernels and
            hulls is about all vectors of a space, and what is said of descent about all its steps: no property of a
            few calls says that, and there are tests of their own for examples of it.
            """,
            (
                Chain(
                    "sum(w in V, yhat[w])",
                    (
                        Step(
                            "UNFOLD",
                            "sum(w in V, exp(z[w]) / sum(k in V, exp(z[k])))",
                            "what yhat stands for",
                        ),
                        Step("ALGEBRA", "1", "the sum over itself; it is positive"),
                    ),
                ),
                Chain(
                    "grad_v_c[a]",
                    (Step("UNFOLD PICK", "ubar[a] - U[a, o]", "the gradient of section 2"),),
                    over="a in d",
                ),
                Chain(
                    "sum(w in V, q[a] * (yhat[w] - y[w]))",
                    (
                        Step(
                            "ALGEBRA",
                            "q[a] * (sum(w in V, yhat[w]) - sum(w in V, y[w]))",
                            "q does not depend on w",
                        ),
                        Step("UNFOLD PICK", "0", "both sums are 1"),
                    ),
                    over="a in d",
                    letting={"q": "d"},
                ),
                Chain(
                    "sum(w in V, U[a, w] * exp(0) / sum(k in V, exp(0))) - U[a, o]",
                    (
                        Step(
                            "ALGEBRA",
                            "sum(w in V, U[a, w]) / V - U[a, o]",
                            "every exponential is exp(0) = 1, and there are |V| of them",
                        ),
                    ),
                    over="a in d",
                ),
            ),
            result="it vanishes exactly where the true vector is the expected one, [1]: never by a perfect "
            "prediction where there are two words or more, and for some centre vector if and only if "
            "the true vector is a mix of all outside vectors with positive weights.",
        ),
        Section(
            "What a step of gradient descent does",
            r"""
            A step subtracts $\eta\,\partial J/\partial v_c$: it adds a bit of the true context vector $u_o$ and
            takes away as much of the expected one $\bar u=\sum_w\hat y_w u_w$.

            [0]

            **Convexity.** The derivative of a probability comes from the quotient rule:

            [1]

            With it, the derivative of the gradient is the covariance of the outside vectors under $\hat y$:

            [2]

            For any direction $x$, with $t_w=u_w\cdot x$ and $\bar t=\sum_w\hat y_w t_w$, its quadratic form
            is a variance, so it is never negative, and $J$ is convex in $v_c$:

            [3]

            **A step size that is always safe.** The variance of numbers that lie in an interval of length
            $\ell$ is at most $\ell^2/4$ (their mean squared distance to the midpoint is at most that, and to
            the mean it is no larger). Here $\ell\le\max_{w,k}\lVert u_w-u_k\rVert\,\lVert x\rVert$, so the
            largest eigenvalue of the second derivative is nowhere above

            $$L=\tfrac14\max_{w,k}\lVert u_w-u_k\rVert^2 .$$

            Taylor's formula along the step, with $g=\partial J/\partial v_c$, then gives

            $$J(v_c-\eta g)\;\le\;J(v_c)-\eta\lVert g\rVert^2+\tfrac{L}{2}\eta^2\lVert g\rVert^2
              \;=\;J(v_c)-\eta\left(1-\tfrac{\eta L}{2}\right)\lVert g\rVert^2 ,$$

            so $J$ falls for every $\eta\in(0,2/L)$ unless $g=0$. Adding this up over the steps, with $J\ge0$,
            bounds $\sum\lVert g\rVert^2$: the gradients tend to zero. If $L=0$ all columns are equal and $g=0$
            everywhere.

            *As properties:* the loss is convex in the centre vector; a step lowers the loss. That the gradients tend to
            zero is about all steps, and no property of a few calls.
            """,
            (
                Chain(
                    "v_c[a] - eta * grad_v_c[a]",
                    (
                        Step(
                            "UNFOLD",
                            "v_c[a] - eta * (sum(w in V, U[a, w] * yhat[w]) - sum(w in V, U[a, w] * y[w]))",
                            "the gradient of section 2",
                        ),
                        Step(
                            "UNFOLD PICK",
                            "v_c[a] + eta * (U[a, o] - ubar[a])",
                            "towards u_o, away from the mean",
                        ),
                    ),
                    over="a in d",
                    letting={"eta": ""},
                ),
                Chain(
                    "diff(yhat[w], v_c[b])",
                    (
                        Step(
                            "UNFOLD",
                            "diff(exp(sum(i in d, U[i, w] * v_c[i]))"
                            " / sum(k in V, exp(sum(i in d, U[i, k] * v_c[i]))), v_c[b])",
                            "what yhat stands for",
                        ),
                        Step(
                            "DIFF UNFOLD PICK",
                            "(exp(z[w]) * U[b, w] * sum(k in V, exp(z[k]))"
                            " - exp(z[w]) * sum(k in V, exp(z[k]) * U[b, k]))"
                            " / sum(k in V, exp(z[k])) ** 2",
                            "(f/g)' = (f'g - fg')/g^2",
                        ),
                        Step("UNFOLD", "yhat[w] * (U[b, w] - ubar[b])", "what yhat and ubar stand for"),
                    ),
                    over="w in V, b in d",
                ),
                Chain(
                    "diff(sum(w in V, U[a, w] * (yhat[w] - y[w])), v_c[b])",
                    (
                        Step(
                            "DIFF UNFOLD PICK",
                            "sum(w in V, U[a, w] * (yhat[w] * (U[b, w] - ubar[b])))",
                            "the derivative of yhat_w; y does not depend on v_c",
                        ),
                        Step(
                            "UNFOLD",
                            "sum(w in V, yhat[w] * U[a, w] * U[b, w]) - ubar[a] * ubar[b]",
                            "multiply out; the mean of U_aw under yhat is ubar_a",
                        ),
                        Step(
                            "UNFOLD",
                            "sum(w in V, yhat[w] * (U[a, w] - ubar[a]) * (U[b, w] - ubar[b]))",
                            "multiply out; yhat adds up to 1",
                        ),
                    ),
                    over="a in d, b in d",
                ),
                Chain(
                    "sum(w in V, yhat[w] * t[w] ** 2) - sum(w in V, yhat[w] * t[w]) ** 2",
                    (
                        Step(
                            "UNFOLD",
                            "sum(w in V, yhat[w] * (t[w] - sum(k in V, yhat[k] * t[k])) ** 2)",
                            "multiply out; yhat adds up to 1",
                        ),
                    ),
                    letting={"t": "V"},
                ),
            ),
            result="[0]: towards the true vector, away from the expected one; the loss falls for every step "
            "size below a bound that is given.",
        ),
        Section(
            "Sums and symmetries",
            r"""
            **The columns of $\partial J/\partial U$ add up to zero**: what one word gains the others lose.

            [0]

            **Adding one vector $q$ to every outside vector changes nothing**: every logit grows by the same
            amount, and the softmax does not see it.

            [1]

            **Rotating the space changes nothing**: for $Q$ with orthonormal columns, $QU$ and $Qv_c$ have the
            same logits as $U$ and $v_c$:

            [2]

            The loss and $\hat y$ are functions of the logits, so they stay the same. The gradients turn
            along: they are $QU(\hat y-y)=Q\,\partial J/\partial v_c$ and $Qv_c(\hat y-y)^{\top}=Q\,\partial
            J/\partial U$.

            **Permuting the vocabulary permutes the gradient.** A permutation $\pi$ of the words only reorders
            the terms of the sums over the vocabulary; with $o$ replaced by $\pi(o)$ the loss and $\partial
            J/\partial v_c$ stay what they were, and column $\pi(w)$ of the new $\partial J/\partial U$ is
            column $w$ of the old.

            *As properties:* columns of grad_U add up to zero; one vector added to every column changes nothing;
            turning the space turns the gradients; V has no order.
            """,
            (
                Chain(
                    "sum(w in V, grad_U[a, w])",
                    (
                        Step(
                            "UNFOLD",
                            "v_c[a] * (sum(w in V, yhat[w]) - sum(w in V, y[w]))",
                            "the gradient of section 3",
                        ),
                        Step("UNFOLD PICK", "0", "both sums are 1"),
                    ),
                    over="a in d",
                ),
                Chain(
                    "log(sum(w in V, exp(sum(i in d, (U[i, w] + q[i]) * v_c[i]))))"
                    " - sum(i in d, (U[i, o] + q[i]) * v_c[i])",
                    (
                        Step(
                            "EXP UNFOLD",
                            "log(exp(sum(i in d, q[i] * v_c[i])) * sum(w in V, exp(z[w])))"
                            " - z[o] - sum(i in d, q[i] * v_c[i])",
                            "the factor that does not depend on w leaves the sum",
                        ),
                        Step("LOG UNFOLD", "loss", "its logarithm cancels"),
                    ),
                    letting={"q": "d"},
                ),
                Chain(
                    "sum(i in d, sum(a in d, Q[i, a] * U[a, w]) * sum(b in d, Q[i, b] * v_c[b]))",
                    (
                        Step("ORTHOGONAL PICK", "sum(i in d, U[i, w] * v_c[i])", "orthonormal columns"),
                        Step("UNFOLD", "z[w]", "the definition"),
                    ),
                    over="w in V",
                    letting={"Q": "d d"},
                    orthogonal="Q",
                ),
            ),
            result="[0]; adding one vector to every outside vector changes nothing, and neither does turning "
            "the space or renaming the words.",
        ),
    ),
    laws=(
        Law(
            "the loss is not negative",
            holds=("loss >= 0",),
            reason="every probability is at most 1, so no logarithm of one is positive",
        ),
        Law(
            "the loss is a cross-entropy",
            holds=("loss == -log(yhat[o])", "loss == -sum(w in V, y[w] * log(yhat[w]))"),
            reason="yhat is what the model gives each word, and y picks the true one",
        ),
        Law(
            "the gradient is the expected vector minus the true one",
            over="i in d",
            holds=("grad_v_c[i] == ubar[i] - U[i, o]",),
            reason="ubar is the mean of the columns under yhat; a step of descent goes the other way",
        ),
        Law(
            "every column of grad_U is along the centre vector",
            over="a in d, i in d, w in V",
            holds=("v_c[a] * grad_U[i, w] == v_c[i] * grad_U[a, w]",),
            reason="column w is a multiple of v_c, by yhat[w] - y[w]",
        ),
        Law(
            "the true column is pulled and the others are pushed",
            over="w in V",
            holds=(
                "sum(i in d, v_c[i] * grad_U[i, o]) <= 0",
                "(w != o) * sum(i in d, v_c[i] * grad_U[i, w]) >= 0",
            ),
            reason="the weight yhat[w] - y[w] is not positive at the true word, and not negative elsewhere",
        ),
        Law(
            "columns of grad_U add up to zero",
            over="i in d",
            holds=("sum(w in V, grad_U[i, w]) == 0",),
            reason="yhat and y both add up to 1",
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
        Law(
            "the gradient vanishes where all columns are equal",
            over="i in d",
            letting=(Array("q", "d"),),
            given="U[i in d, w in V] = q[i]",
            holds=("grad_v_c[i] == 0",),
            reason="yhat - y adds up to 0, so it lies in the kernel of such a U",
        ),
        Law(
            "the gradient vanishes at zero where the true vector is the mean of the others",
            over="i in d",
            letting=(Array("A", "d V"),),
            given="""
                v_c[i in d] = 0
                U[i in d, w in V] = (w != o) * (V - 1) * A[i, w] + (w == o) * sum(k in V, (k != o) * A[i, k])
            """,
            holds=("grad_v_c[i] == 0",),
            reason="at v_c = 0 every word has the probability 1/V",
        ),
        Law(
            "one word alone has nothing to learn",
            over="i in d, w in V",
            sizes={"V": 1},
            holds=("loss == 0", "grad_v_c[i] == 0", "grad_U[i, w] == 0"),
            reason="its probability is 1",
        ),
        Law(
            "the loss is convex in the centre vector",
            letting=(Array("x", "d"), Array("share", "", between=(0, 1))),
            calls=(
                Call("there", "there_v_c[i in d] = x[i]"),
                Call("between", "between_v_c[i in d] = share * x[i] + (1 - share) * v_c[i]"),
            ),
            holds=(
                "between_loss <= share * there_loss + (1 - share) * loss",
                "there_loss >= loss + sum(i in d, grad_v_c[i] * (x[i] - v_c[i]))",
            ),
            reason="the second derivative is the covariance of the columns under yhat, which is not negative",
        ),
        Law(
            "a step lowers the loss",
            letting=(Array("share", "", between=(0, 2)),),
            notation="""
                L = max(w in V, max(k in V, sum(i in d, (U[i, w] - U[i, k]) ** 2))) / 4
                eta = share / (1 + L)
                step[i in d] = stepped_v_c[i] - v_c[i]
            """,
            calls=(Call("stepped", "stepped_v_c[i in d] = v_c[i] - eta * grad_v_c[i]"),),
            holds=(
                "stepped_loss <= loss + sum(i in d, grad_v_c[i] * step[i]) + L / 2 * sum(i in d, step[i] ** 2)",
            ),
            reason="no second derivative is above L, so this holds of any step; for that of descent "
            "the loss falls by at least eta (1 - eta L / 2) times the square of the gradient",
        ),
        Law(
            "it is a batch of one pair",
            over="i in d, w in V, n in One",
            axes=(Axis("One"),),
            sizes={"One": 1},
            calls=(
                Call(
                    "batch",
                    """
                    batch_V_c[i in d, n in One] = v_c[i]
                    batch_o[n in One] = o
                    """,
                    of="naive_softmax_batch",
                ),
            ),
            holds=(
                "loss == batch_loss",
                "grad_v_c[i] == batch_grad_V_c[i, n]",
                "grad_U[i, w] == batch_grad_U[i, w]",
            ),
            reason="a sum over one pair is that pair",
        ),
        Law(
            "it is a window of one word",
            over="i in d, w in V",
            axes=(Axis("One"),),
            sizes={"One": 1},
            calls=(Call("window", "window_outside[n in One] = o", of="skip_gram_naive_softmax"),),
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
