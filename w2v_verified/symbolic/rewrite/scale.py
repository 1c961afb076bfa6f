"""The pass that scales sums of squares under a root or below a line, so that no square leaves the range of numbers.

``x / sqrt(1 + sum_i x_i**2)`` is near 1 for large x, where the square is infinite. Such a sum D gets a number s, the
inverse of the largest root of its terms, each root times s a name, and ``s**2 D`` the name Z. Then ``D**p`` is
``s**(-2 p) Z**p``, and the powers of s go to the roots that stand beside it. What is left of them in a derivative by a
part is carried to where that is read. What the pass makes is proved equal for every positive s.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from itertools import product
from typing import Any

import sympy as sp

from w2v_verified.symbolic.algebra.context import Context
from w2v_verified.symbolic.language.equation import Equation
from w2v_verified.symbolic.language.exponentials import has_exponentials, is_below
from w2v_verified.symbolic.language.functions import Log1p
from w2v_verified.symbolic.language.indices import (
    BINDERS,
    Frame,
    axis_of,
    canonical,
    fresh,
    label_of,
    largest,
    running,
    size,
    substitute,
    total,
)
from w2v_verified.symbolic.language.naming import Namer
from w2v_verified.symbolic.language.operators import Larger
from w2v_verified.symbolic.proof.driver import Rewriting
from w2v_verified.symbolic.proof.program import Program, opened, prove_same, without_idle_helpers
from w2v_verified.symbolic.rewrite.multiples import Powers, joined, taken_out
from w2v_verified.symbolic.rewrite.squares import Term, terms_of

__all__ = ["scale"]

_ZERO, _ONE = sp.Integer(0), sp.Integer(1)


@dataclass(frozen=True)
class _Root:
    """A root whose square is a term of a sum over ``over`` where ``brackets`` hold.

    ``scaled`` is the name of the root, where they hold, times the scale.
    """

    over: Frame
    brackets: Any
    root: Any
    scaled: Any


def scale(program: Program, context: Context, namer: Namer) -> Program:
    """The pass: sums of squares with a root, a power, a logarithm or an inverse that may leave the range of numbers.

    Left alone are sums over axes that may be empty, sums with exponentials, and squares of what has more indices than
    anything in it has: distances, which are computed by products.

    Raises:
        ProofError: What it makes is not proved equal.
    """
    pass_ = _Scaling(context.defining(*program.statements), namer, {s.name: s for s in program.statements})
    statements = {s.name: replace(s, expression=pass_.statement(s)) for s in program.statements}
    made = tuple(namer.taken_helpers())
    if not made:
        return program
    after = replace(
        program,
        stages=tuple(statements[s.name] for s in program.stages),
        helpers=(*(statements[s.name] for s in program.helpers), *made),
        outputs=tuple(statements[s.name] for s in program.outputs),
        facts=tuple(dict.fromkeys((*program.facts, *pass_.rewriting.applied))),
        scales=program.scales | set(pass_.roots),
    )
    after = without_idle_helpers(after)
    prove_same(opened(program, pass_.opened), opened(after, pass_.opened), context)
    return after


@dataclass
class _Scaling:
    """``roots`` has the indices of each scale and the roots it scales.

    ``carried`` are statements that are multiples of scales, with the name of what they are without them, ``opened``
    those that are read by what they stand for; ``left_in`` are names of roots with the brackets that they have.
    """

    context: Context
    namer: Namer
    statements: Mapping[str, Equation]
    rewriting: Rewriting = field(default_factory=Rewriting)
    roots: dict[str, tuple[Frame, tuple[_Root, ...]]] = field(default_factory=dict)
    carried: dict[str, tuple[Frame, Powers, Any]] = field(default_factory=dict)
    opened: set[str] = field(default_factory=set)
    left_in: dict[str, tuple[Frame, Any]] = field(default_factory=dict)

    def statement(self, s: Equation) -> Any:
        """The expression of a statement; what is left of scales in it is kept for those that read it."""
        powers, rest = taken_out(self.of(fresh(s.expression), carrying=True), self.roots)
        if powers:
            name = self.namer.helper(f"scaled_{s.name}", s.indices, rest)
            self.carried[s.name] = (s.indices, powers, name)
        return canonical(self.of(fresh(s.expression)))

    def of(self, e: Any, carrying: bool = False) -> Any:
        """``e`` with names for the sums in it that are scaled.

        A statement that is a multiple of a scale is read as such where a root takes the scale, or if ``carrying``.
        """
        if isinstance(e, BINDERS):
            powers, rest = taken_out(e.func(self.of(e.function, carrying), *e.limits), self.roots)
            return rest * sp.Mul(*(s**n for s, n in powers.items()))
        if isinstance(e, sp.log | Log1p):
            return self._logarithm(e, carrying)
        if isinstance(e, sp.Mul | sp.Indexed | sp.Symbol) or _is_power(e):
            return self._product(sp.Mul.make_args(e), carrying)
        return e.func(*(self.of(a, carrying) for a in e.args)) if e.args else e

    def _logarithm(self, e: Any, carrying: bool) -> Any:
        """``log(D) = log(Z) - 2 log(s)``; ``log(1 + h)`` by what Z is beside 1, as h may be small."""
        small = isinstance(e, Log1p)  # so that its form is kept where nothing is large
        found = self._sum_of_squares(1 + e.args[0] if small else e.args[0])
        if found is None:
            return e.func(self.of(e.args[0], carrying))
        s, z, parts, weighted = found
        if not small:
            return self.rewriting.apply("SCALE-LOG", e, {"r": e.args[0], "s": s, "y": z})
        gap = self.namer.helper("gap", _places(s), s**2 - 1)
        beside = self.namer.helper("beside", _places(s), gap + sp.Add(*parts) - s**2)
        below = None if weighted else (s, _ONE)  # where no square is large, the sum itself is taken
        return self.rewriting.apply("SCALE-LOG1P", e, {"h": e.args[0], "s": s, "z": beside}, below=below)

    def _product(self, factors: Iterable[Any], carrying: bool) -> Any:
        read = [(f, found) for f in factors if (found := self._carried(f)) is not None]
        others = [self._factor(f, carrying) for f in factors if self._carried(f) is None]
        while True:
            parts = [*others, *(found for _, found in read)]
            powers: Powers = reduce(joined, (own for own, _ in parts), {})
            left = dict(powers)
            beside = frozenset(f for _, rest in parts for f in sp.Mul.make_args(rest))
            made = [self._paired(rest, left, beside) for _, rest in parts]
            used = {s for s, n in powers.items() if n != left[s] or _meet(s, [own for own, _ in parts])}
            idle = [] if carrying else [pair for pair in read if not used & set(pair[1][0])]
            if not idle:
                return self._short([*made, *(s**n for s, n in left.items())])
            read = [pair for pair in read if pair not in idle]
            others += [({}, f) for f, _ in idle]

    def _carried(self, f: Any) -> tuple[Powers, Any] | None:
        """The powers of scales in a power of a statement's name, and what it is without them, if it has any."""
        base, n = f.as_base_exp() if _is_power(f) else (f, _ONE)
        if not _is_name(base) or label_of(base) not in self.carried or not n.is_Integer:
            return None
        own, powers, rest = self.carried[label_of(base)]
        self.opened.add(label_of(base))
        at = dict(zip(own, _places(base), strict=True))
        return {substitute(s, at): n * k for s, k in powers.items()}, substitute(rest, at) ** n

    def _factor(self, f: Any, carrying: bool) -> tuple[Powers, Any]:
        """The powers of scales in a factor, and what it is without them."""
        if is_below(f):
            powers: Powers = {}
            rest = _ONE
            for base in self._bases(f):
                own, kept = self._scaled(base, f.exp) or ({}, self._inside(base, carrying) ** f.exp)
                powers, rest = joined(powers, own), rest * kept
            return powers, rest
        if _is_power(f):
            return {}, f.func(*(self._inside(a, carrying) for a in f.args))
        return (
            taken_out(self._inside(f, carrying), self.roots)
            if isinstance(f, sp.Sum)
            else ({}, self._inside(f, carrying))
        )

    def _inside(self, e: Any, carrying: bool) -> Any:
        return e if _is_name(e) else self.of(e, carrying)

    def _bases(self, f: Any) -> list[Any]:
        """The factors of what is below a line or under a root, if that may be taken of each of them."""
        factors = list(sp.Mul.make_args(f.base))
        return factors if f.exp.is_Integer or all(map(self.context.positive, factors)) else [f.base]

    def _scaled(self, d: Any, power: Any) -> tuple[Powers, Any] | None:
        """``D**p`` as a power of a scale and one of the scaled sum; None if D needs none, or none is known."""
        found = self._sum_of_squares(d)
        if found is None:
            return None
        s, z, *_ = found
        made = self.rewriting.apply("SCALE", d**power, {"r": d, "s": s, "y": z, "h": power})
        return {s: -2 * power}, made * s ** (2 * power)

    def _sum_of_squares(self, d: Any) -> tuple[Any, Any, list[Any], bool] | None:
        """The scale of a sum of squares, the name of the scaled sum, its terms, and whether a square may count as 0.

        That is so where it has a weight or a bracket. None if D is no such sum, or needs no scale.
        """
        before = set(self.opened)
        written = self._written_out(d)
        terms = None if written is None or has_exponentials(written) else terms_of(written, self.context)
        if terms is None or not self._may_overflow(terms):
            self.opened = before
            return None
        frame = _frame(written)
        largest_size = reduce(Larger, dict.fromkeys(_over(t.over, t.size) for t in terms))
        s = self.namer.helper("scale", frame, 1 / largest_size)
        parts, roots = [], []
        for t in terms:
            part = t.factor * t.brackets * s**2
            if t.root is not None:
                name = label_of(t.root) if _is_name(t.root) else "root"
                left_in = t.brackets * t.root
                if t.brackets != 1:
                    left_in = self.namer.helper(f"{name}_left_in", _frame(left_in), left_in)
                scaled = self.namer.helper(f"scaled_{name}", _frame(left_in * s), left_in * s)
                if t.brackets != 1:
                    self.left_in[label_of(scaled)] = (_places(scaled), t.brackets)
                roots.append(_Root(t.over, t.brackets, t.root, scaled))
                part = t.factor * scaled**2
                if t.weight.free_symbols:  # the root may be large where it weighs nothing
                    weighted = self.namer.helper(
                        "weighted", _frame(t.weight * scaled), t.root_of_weight * scaled
                    )
                    part = t.factor / t.weight * weighted**2
            for k in t.over:
                part = total(k, part)
            parts.append(part)
        self.roots.setdefault(label_of(s), (frame, tuple(roots)))
        weighted = any(t.root is not None and (t.weight.free_symbols or t.brackets != 1) for t in terms)
        return s, self.namer.helper("Z", frame, sp.Add(*parts)), parts, weighted

    def _may_overflow(self, terms: list[Term]) -> bool:
        """Whether squares may leave the range of numbers, of roots that are no larger than what they are made of.

        There has to be a largest size, and it has to be known positive.
        """
        roots = [t.root for t in terms if t.root is not None]
        ranges = map(self.context.range_of, roots)
        return (
            any(values.high == sp.oo or values.low == -sp.oo for values in ranges)
            and all(len(running(r)) <= _rank(r) for r in roots)
            and all(self.context.positive(size(axis_of(k))) for t in terms for k in t.over)
            and self.context.positive(reduce(Larger, (_over(t.over, t.size) for t in terms)))
        )

    def _written_out(self, d: Any) -> Any:
        """A sum, a product or a square, with what its names stand for; None if it is none."""
        if _is_name(d):
            return self._written_out(self._meaning(d)) if label_of(d) in self.statements else None
        if isinstance(d, sp.Add | sp.Mul):
            return d.func(*(a if (written := self._written_out(a)) is None else written for a in d.args))
        square = _is_power(d) and d.exp.is_Integer and d.exp > 0 and d.exp % 2 == 0
        return d if square or isinstance(d, sp.Sum) else None

    def _meaning(self, x: Any) -> Any:
        """What the name of a statement stands for."""
        known = self.statements[label_of(x)]
        self.opened.add(known.name)
        return fresh(substitute(known.expression, dict(zip(known.indices, _places(x), strict=True))))

    def _paired(self, f: Any, powers: Powers, beside: frozenset[Any]) -> Any:
        """A factor with roots in it scaled, as far as there are powers of their scale, which are used up."""
        for s in [s for s, n in powers.items() if n >= 1]:
            f, used = self._times(f, s, powers[s], beside)
            powers[s] -= used
        return f

    def _times(self, f: Any, s: Any, most: Any, beside: frozenset[Any]) -> tuple[Any, Any]:
        """``s**n f`` and n: at most ``most``, and 0 if nothing in f, which stands ``beside`` others, is a root of s."""
        base, n = f.as_base_exp() if _is_power(f) else (f, _ONE)
        if n.is_Integer and n >= 1:
            scaled = self._scaled_root(base, s, beside)
            if scaled is not None:
                used = min(n, sp.floor(most))
                return scaled**used * base ** (n - used), used
        if 1 < n <= most and n.is_Integer:
            scaled, used = self._times(base, s, _ONE, beside)
            return scaled**n, n * used
        if isinstance(f, sp.Sum):
            body, used = self._once(f.function, s, beside)
            return (f.func(body, *f.limits), used) if used else (f, _ZERO)
        if isinstance(f, sp.Add):
            parts = [self._once(t, s, beside) for t in f.args]
            return (sp.Add(*(p for p, _ in parts)), _ONE) if all(used for _, used in parts) else (f, _ZERO)
        if _is_name(f) and label_of(f) in self.statements:
            before = set(self.opened)
            meaning = self._meaning(f)
            made, used = (
                self._times(meaning, s, _ONE, beside) if isinstance(meaning, sp.Sum | sp.Add) else (f, _ZERO)
            )
            if used:
                return made, used
            self.opened = before
        return f, _ZERO

    def _once(self, e: Any, s: Any, beside: frozenset[Any]) -> tuple[Any, Any]:
        """``s e`` and 1, if one of the factors of ``e`` takes the scale; ``e`` and 0 if none does."""
        factors = list(sp.Mul.make_args(e))
        for n, f in enumerate(factors):
            made, used = self._times(f, s, _ONE, beside.union(factors))
            if used:
                return self._short([*factors[:n], made, *factors[n + 1 :]]), used
        return e, _ZERO

    def _short(self, factors: Iterable[Any]) -> Any:
        """A product without the brackets that the names of roots have."""
        factors = [f for x in factors for f in sp.Mul.make_args(x)]
        idle: set[Any] = set()
        for f in factors:
            base, _ = f.as_base_exp() if _is_power(f) else (f, _ONE)
            if _is_name(base) and label_of(base) in self.left_in:
                own, brackets = self.left_in[label_of(base)]
                idle |= set(
                    sp.Mul.make_args(substitute(brackets, dict(zip(own, _places(base), strict=True))))
                )
        return sp.Mul(*(f for f in factors if f not in idle))

    def _scaled_root(self, f: Any, s: Any, beside: frozenset[Any]) -> Any:
        """``s f`` where f is a multiple of a root that s scales, ``beside`` its brackets; None where it is none."""
        own, roots = self.roots[label_of(s)]
        at = dict(zip(own, _places(s), strict=True))
        places = sorted({i for x in f.atoms(sp.Indexed) for i in x.indices}, key=str)
        for r in roots:
            for chosen in product(*([i for i in places if axis_of(i) == axis_of(k)] for k in r.over)):
                here = at | dict(zip(r.over, chosen, strict=True))
                times = canonical(f) / substitute(r.root, here)
                times = sp.cancel(times) if isinstance(f, sp.Add) else times
                brackets = substitute(r.brackets, here)
                if times.is_number and (brackets == 1 or beside.issuperset(sp.Mul.make_args(brackets))):
                    return times * substitute(r.scaled, here)
        return None


def _is_power(e: Any) -> bool:
    return isinstance(e, sp.Pow) and not isinstance(e, sp.exp)


def _is_name(e: Any) -> bool:
    return isinstance(e, sp.Indexed | sp.Symbol)


def _places(x: Any) -> tuple[Any, ...]:
    return tuple(x.indices) if isinstance(x, sp.Indexed) else ()


def _meet(s: Any, parts: Iterable[Powers]) -> bool:
    """Whether a scale stands both above and below the line, and falls out."""
    return len({own[s] > 0 for own in parts if s in own}) > 1


def _frame(e: Any) -> Frame:
    """The indices of a value, as the entry in it that has most of them has them."""
    entries = sorted(e.atoms(sp.Indexed), key=lambda x: (-len(running(x)), str(x)))
    own = running(e)
    first = [i for x in entries for i in x.indices if i in own]
    return tuple(dict.fromkeys((*first, *sorted(own, key=str))))


def _over(over: Iterable[Any], e: Any) -> Any:
    for k in over:
        e = largest(k, e) if k in e.free_symbols else e
    return e


def _rank(e: Any) -> int:
    """The most indices that an entry in ``e`` has."""
    return max((len(running(x)) for x in e.atoms(sp.Indexed)), default=0)
