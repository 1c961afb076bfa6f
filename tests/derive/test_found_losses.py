"""Definitions that were once derived and then printed wrong, each the smallest of its kind."""

import pytest
from test_random_losses import wrong

from w2v_verified.symbolic import Array, Axis, Loss, Position

FOUND = [
    ("Z[i in d, j in d] = sum(l in K, x[n[i,l]])\nloss = log(2)*sum(j in d, Z[j,j])", "x:V n@V:d,K"),
    ("loss = sum(k in K, log(2)*sum(i in d, M[i,k]*x[i]))*c", "M:d,K x:d c:"),
    ("loss = sum(k in K, (m[k] != k) * w[k])", "w:K m@K:K"),
    ("loss = sum(k in K, exp(w[k]*(m[k]!=k)))", "w:K m@K:K"),
    ("s[i in V] = (i != n[i])*V\nloss = a*sum(k in V, s[k])", "n@V:V a:"),
    ("loss = sum(k in K, sum(l in K, M[n[k], n[l]]))", "M:V,V n@V:K"),
    ("loss = sum(i in d, sum(j in V, Q[j,i,i]))", "Q:V,d,d"),
    ("loss = sum(k in K, Q[n[k], o, k])", "Q:V,V,K n@V:K o@V:"),
    ("loss = sum(k in K, Q[o, n[k], k])", "Q:W,V,K n@V:K o@W:"),
    ("r[i in d] = sum(l in d, x[l, o[l]])\nloss = sum(i in d, r[i]*y[i])", "x:d,B o@B:d y:d"),
    ("loss = softplus(sum(k in K, z[k]))", "z:K"),
    ("loss = M[o, o]", "M:V,V o@V:"),
    ("loss = M[o, p]**2", "M:V,W o@V: p@W:"),
    ("loss = e[n, o[n]]", "e:d,V n@d: o@V:d"),
    ("loss = sum(i in d, sum(j in d, (i == j) * cos(M[i,j])))", "M:d,d"),
    ("loss = sum(k in K, sum(l in K, (n[k]==n[l])*(k!=l)*x[k]))", "x:K n@V:K y:V"),
    ("loss = sum(i in d, sum(j in d, Q[i,j,i] + Q[i,i,j]))", "Q:d,d,d"),
    ("loss = sum(k in K, x[n[k, k]])", "x:V n@V:K,K"),
    ("r[i in d] = 3\nloss = sum(i in d, exp(r[i])) * a", "a: x:d"),
    ("loss = sum(i in d, 2 + sum(l in B, x[l]*M[i,l]))", "x:B M:d,B"),
    ("loss = sum(i in B, sqrt(2)*sum(l in V, e[o[l,i]]))", "e:B o@B:V,B"),
    ("loss = sum(i in B, x[i]**2) * v", "x:B v:"),
    ("s[i in V] = (i != n[i])*sum(j in V, z[j])\nloss = sum(k in V, s[k])", "z:V n@V:V"),
    ("loss = sum(b in B, sum(k in K, Q[g[b,k], b, h[k]]))", "Q:V,B,W g@V:B,K h@W:K"),
    ("loss = sum(b in B, tanh(sum(i in d, Q[t[i], b, i]*x[i])))", "Q:d,B,d t@d:d x:d"),
    ("z[w in V] = x[w]*y[w]\nloss = sum(w in V, exp(z[w])) + z[o]**2", "x:V y:V o@V:"),
    ("z[w in V] = x[w]*y[w]\nloss = sum(w in V, sin(z[w])) + tanh(z[o])", "x:V y:V o@V:"),
    (
        "z[b in B, w in V] = X[b,w]*y[w]\nloss = sum(b in B, sum(w in V, sin(z[b,w]))) + sum(b in B, z[b,n[b]]**2)",
        "X:B,V y:V n@V:B",
    ),
    (
        "z[b in B, w in V] = X[b,w]*y[w]\nloss = sum(b in B, log(sum(w in V, exp(z[b,w])))) + sum(b in B, exp(z[b,p]))",
        "X:B,V y:V p@V:",
    ),
    ("e[i in d, j in B] = E[i,o]*y[i]\nloss = sum(k in B, e[n,k])", "E:d,B y:d o@B: n@d:"),
    ("e[i in d, j in B] = E[i,o[i]]**2*y[i]\nloss = sum(k in B, e[n,k])", "E:d,B y:d o@B:d n@d:"),
    ("e[i in B] = sum(k in B, E[k]*a)\nloss = sum(j in B, e[j])", "E:B a:"),
    ("z[w in V] = x[w]*y[w]\nloss = tanh(z[p]) - sum(w in V, z[w])", "x:V y:V p@V:"),
    (
        "z[b in B, w in V] = X[b,w]*y[w]\nloss = sum(b in B, tanh(z[b,p])) - sum(b in B, sum(w in V, z[b,w]))",
        "X:B,V y:V p@V:",
    ),
    ("loss = sum(k in B, -A[n] - sum(l in B, Z[n,k]))", "A:V Z:V,B n@V:"),
    ("loss = sum(i in B, (i != g)*x[i])**2", "x:B g@B:"),
    ("loss = sum(i in V, softplus((i == o))) * a", "x:V a: o@V:"),
    ("loss = sum(i in V, tanh((i == o))) * a", "x:V a: o@V:"),
    ("loss = sum(k in K, sum(j in V, a*S[o[k],j]*x[k]))", "S:W,V x:K a: o@W:K"),
    ("r[i in V, j in V] = a*w[j]*w[n[j]]\np[i in V] = sum(j in V, r[i,j])\nloss = a", "a: w:V n@V:V"),
    (
        "e[i in B] = sum(k in B, sum(j in B, E[k]*y[j]))\nloss = (sum(j in B, e[j]) - sum(k in B, E[k]))*a",
        "E:B y:B a:",
    ),
    ("loss = sum(k in K, M[n[k], m[k]])", "M:V,W n@V:K m@W:K"),
    ("loss = sum(k in K, U[n[k]]**2)", "U:V n@V:K"),
    ("loss = sum(w in V, (w != o)*exp(x[w] - x[o])) + x[o]", "x:V o@V:"),
    ("loss = sum(w in V, (w != o)*exp(x[w] - x[o])) * x[o]", "x:V o@V:"),
    ("loss = log(1 + sum(w in V, (w != o)*exp(x[w] - x[o]))) + x[o]", "x:V o@V:"),
    ("loss = sum(w in V, (w != o)*exp(-(x[w] - x[o])**2)) + y[o]", "x:V y:V o@V:"),
    ("loss = sum(b in B, sum(w in V, (w != n[b])*exp(x[b,w] - x[b,n[b]])) + x[b,n[b]])", "x:B,V n@V:B"),
    ("loss = sigmoid(C + log(1 + sum(k in K, C**2))/(1 + sum(i in K, x[i]**2)))", "x:K C:"),
]
"""Each with its arguments: ``x:d,B`` is an array over d and B, ``n@V:K`` has K positions in V."""


def defined(definition: str, arguments: str) -> Loss:
    made: list[Array | Position] = []
    for written in arguments.split():
        name, axes = written.split(":")
        own = axes.replace(",", " ")
        target, _, into = name.partition("@")
        made.append(Position(target, into, axes=own) if into else Array(name, own))
    axes_ = dict.fromkeys(
        x for a in made for x in (*a.axes.split(), *((a.into,) if isinstance(a, Position) else ()))
    )
    return Loss("random_loss", "One found.", tuple(Axis(x) for x in axes_), tuple(made), definition)


@pytest.mark.slow
@pytest.mark.parametrize(("definition", "arguments"), FOUND)
def test_what_was_printed_wrong_is_right(definition: str, arguments: str) -> None:
    assert [found for seed in (0, 10, 20) for found in wrong(defined(definition, arguments), seed)] == []
