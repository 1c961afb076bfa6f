"""Statements as operations of the kinds a plan knows.

contraction   ``c * sum_k product of entries``: a matrix product, an outer product or einsum
reduction     ``sum_k f`` or ``max_k f`` of an elementwise f
map           an elementwise expression, with broadcasting and gathers
masking       ``(w != n) * x[.., w]``: an array with one place set to 0
scatter-add   ``sum_k (w == n[k]) * f``: f is added at the places n[k]; repeated places add up

A statement is a sum of such terms. Whatever is none of them is a map, a reduction of one, or a multiple of that, with
masks for its brackets.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import sympy as sp

from w2v_verified.symbolic.language.equation import Equation, names_used
from w2v_verified.symbolic.language.errors import UnsupportedError
from w2v_verified.symbolic.language.indices import (
    BINDERS,
    Frame,
    axis_of,
    is_pointer,
    label_of,
    name_of,
    pointed_axes,
    running,
)
from w2v_verified.symbolic.language.masks import scattered_parts, single_mask
from w2v_verified.symbolic.language.operators import Largest
from w2v_verified.symbolic.language.text import (
    bracket,
    lettered,
    negative,
    ordered_terms,
    shown,
    split_fraction,
)
from w2v_verified.symbolic.plan.contraction import contraction
from w2v_verified.symbolic.plan.differences import measured, squares_used, with_squares
from w2v_verified.symbolic.plan.exp_times import careful
from w2v_verified.symbolic.plan.operations import (
    Accumulate,
    AddUp,
    Assign,
    Block,
    Compute,
    Computed,
    Fill,
    Guard,
    IfWanted,
    Operation,
    OuterFactors,
    ScatteredProduct,
    Share,
    Spread,
    Zeros,
)
from w2v_verified.symbolic.plan.scatter import mask, scatter
from w2v_verified.symbolic.plan.valued import term_of, together, ufunc, value_of
from w2v_verified.symbolic.plan.values import (
    Broadcast,
    Contraction,
    Copy,
    Elementwise,
    Value,
    Way,
    changed,
)


def _none(_: Any) -> bool:
    return False


@dataclass
class Planner:
    """Turns statements into operations, and knows what was made of those before.

    ``owned`` are names of arrays that were computed here, so that they may be written over; a gather may be
    a view of an argument. ``made`` are results that may be None, and are made then. ``touched`` is the axis of a
    table of which few columns matter, ``alone`` the one statement that scatters over it: ``shares`` keeps what it
    is made of. To the results ``added`` the value is added if the function is told to. ``arguments`` are never
    written over, ``results`` are written into the arrays the caller may give, one may be given ``factored``. What is
    ``wanted`` is returned, whatever else reads it. The loss
    may be ``optional``. Exponents may be ``large``. Bound indices are called by the ``letters`` of their axes, but by
    no name that is ``taken``.
    """

    letters: Mapping[str, Iterable[str]]
    taken: frozenset[str]
    touched: str | None = None
    alone: str | None = None
    made: frozenset[str] = frozenset()
    added: frozenset[str] = frozenset()
    arguments: frozenset[str] = frozenset()
    results: frozenset[str] = frozenset()
    wanted: frozenset[str] = frozenset()
    factored: str = ""
    optional: bool = False
    large: Callable[[Any], bool] = _none
    owned: set[str] = field(default_factory=set)
    masked: dict[str, tuple[Frame, Any]] = field(default_factory=dict)
    shares: dict[str, tuple[Share, ...]] = field(default_factory=dict)

    def branch(self, moderate: bool = False) -> "Planner":
        """One that knows what this one does, and from which this one learns nothing; for ``moderate`` values."""
        large = _none if moderate else self.large
        owned, masked, shares = set(self.owned), dict(self.masked), dict(self.shares)
        return replace(self, large=large, owned=owned, masked=masked, shares=shares)

    def block(
        self,
        statements: Sequence[Equation],
        every: Sequence[Equation],
        guarded: Iterable[str] = (),
        meaning: Mapping[str, Equation] = MappingProxyType({}),
    ) -> Block:
        """The operations of ``statements``; what none of ``every`` needs afterwards may be written over.

        ``meaning`` has those whose formula is another one than what is computed.
        """
        planned: list[Operation] = []
        of_loss: list[Operation] = []
        done: set[str] = set()
        known = measured(every)
        statements, only_for_loss = self._parted(statements, every)
        for s in statements:
            done.add(s.name)
            left = [x for x in every if x.name not in done]
            later = names_used(x.expression for x in left).union(*(squares_used(x, known) for x in left))
            spent = names_used([s.expression]) - later - self.arguments
            if s.name == self.factored:
                operations: Block = (self._factors(s),)
            else:
                into = s.name if s.name in self.results else None
                operations = with_squares(self.operations(s, into, frozenset(spent)), known)
                operations = _of_computed(operations, self.owned)
            step = Computed(meaning.get(s.name, s), operations)
            guard = [Guard(s.name)] if s.name in guarded else []
            (of_loss if s.name in only_for_loss else planned).extend([step, *guard])
            if s.name == "loss" and of_loss:
                planned.append(IfWanted(tuple(of_loss)))
        return tuple(planned)

    def _parted(
        self, statements: Sequence[Equation], every: Sequence[Equation]
    ) -> tuple[Sequence[Equation], frozenset[str]]:
        """The statements with those that an optional loss alone needs next to it, and the names of all of them."""
        readers = {
            s.name: {x.name for x in every if s.name in names_used([x.expression])} for s in statements
        }
        if not self.optional or "loss" not in readers or readers["loss"]:
            return statements, frozenset()
        needed = {"loss"}
        for name in reversed(readers):
            if name not in self.wanted and readers[name] and readers[name] <= needed:
                needed.add(name)
        at = next(n for n, s in enumerate(statements) if s.name == "loss")
        before = [s for s in statements[:at] if s.name not in needed]
        together = [s for s in statements if s.name in needed]
        return (*before, *together, *statements[at + 1 :]), frozenset(needed)

    def operations(self, s: Equation, into: str | None = None, spent: frozenset[str] = frozenset()) -> Block:
        """What computes ``s``; ``into`` is an array that takes the value, ``spent`` names not used again."""
        if into is not None and self.touched in [axis_of(i) for i in s.indices]:
            return self._spread(s, into, spent)
        if s.name == self.alone:
            return self._held_by_shares(s)
        factor = next((n for n in names_used([s.expression]) if n in self.shares), None)
        if factor is not None:
            source = next(f for f in s.expression.atoms(sp.Indexed) if label_of(f) != factor)
            return (ScatteredProduct(s.name, label_of(source), self.shares[factor]),)
        e = self._lettered(s)
        spent &= self.owned
        if not isinstance(e, sp.Indexed):
            self.owned.add(s.name)
        masked = single_mask(e)
        place = None if masked is None or into is not None else mask(s, *masked, spent)
        if masked is not None and place is not None:
            self.masked[s.name] = s.indices, bracket(masked[0])
            return (place,)
        dense, scattered = _parts(s, e)
        if scattered and s.name in self.added:
            raise UnsupportedError(f"{s.name}: expected one matrix product to add up over blocks")
        kept = names_used(scattered)  # read after the dense part is there
        in_place = self._in_place(s, dense, spent - kept) if into is None else None
        if in_place is not None:
            planned: list[Operation] = [in_place]
        else:
            planned = self._dense(s, dense, into) if dense != 0 else [self._zeros(s, into)]
        for term in sorted(scattered, key=lambda t: not t.has(sp.Sum)):  # what is added once comes last
            share = scatter(s, term, into or s.name, self._zero_place(s, dense))
            planned += [] if share is None else [share]
        return tuple(planned)

    def held(self, s: Equation) -> None:
        """Know that other operations make an array for ``s``."""
        masked = single_mask(s.expression)
        if masked is not None:
            self.masked[s.name] = s.indices, bracket(masked[0])
        self.owned.add(s.name)

    def makes_array(self, s: Equation) -> bool:
        """Whether one operation gives the value of ``s`` in an array, be it given or not."""
        dense, _ = _parts(s, self._lettered(s))
        return contraction(s.indices, dense) is not None or ufunc(dense, s.indices) is not None

    def _lettered(self, s: Equation) -> Any:
        e = lettered(s.expression, self.letters, self.taken | {name_of(i) for i in s.indices})
        return careful(e, self.large)

    def _zero_place(self, s: Equation, dense: Any) -> Any:
        """The bracket of the place where ``dense`` is 0, because it is a quotient of what is masked there."""
        number, above, _ = split_fraction(dense)
        if number != 1 or len(above) != 1 or not isinstance(above[0], sp.Indexed):
            return None
        indices, sides = self.masked.get(label_of(above[0]), ((), None))
        return sides if indices == above[0].indices == s.indices else None

    def _spread(self, s: Equation, into: str, spent: frozenset[str]) -> Block:
        """The value in the touched columns, 0 in all others."""
        if into in self.added:
            raise UnsupportedError(f"{s.name}: expected a dense gradient to add up over blocks")
        turned = axis_of(s.indices[0]) != self.touched
        if isinstance(s.expression, sp.Indexed) and s.expression.indices == s.indices:
            return (Spread(into, label_of(s.expression), turned),)
        inner = self.operations(Equation("grad_columns", s.indices, s.expression), None, spent)
        return (*inner, Spread(into, "grad_columns", turned))

    def _held_by_shares(self, s: Equation) -> Block:
        """What is scattered: added up if it has one index, else left in shares for the product it is in."""
        found = scattered_parts(Equation(s.name, s.indices, self._lettered(s))) or []
        ordered = sorted(found, key=lambda part: not isinstance(part[0], sp.Indexed))
        shares = tuple(Share(pointer, value) for pointer, value in ordered)
        if len(s.indices) == 1:
            return (AddUp(s.name, shares),)
        self.shares[s.name] = shares
        return ()

    def _factors(self, s: Equation) -> OuterFactors:
        """The two vectors of a gradient that is their outer product, in arrays of their own."""
        entries = [f for f in sp.Mul.make_args(s.expression) if isinstance(f, sp.Indexed)]
        entries = sorted(entries, key=lambda f: f.indices != s.indices[:1])
        alone = sp.Mul(*entries) == s.expression
        if not alone or [f.indices for f in entries] != [(i,) for i in s.indices]:
            raise UnsupportedError(
                f"{s.name}: expected an outer product of two vectors to give in its factors"
            )
        left, right = map(label_of, entries)
        return OuterFactors((left, right), frozenset({left, right}) & self.arguments)

    def _zeros(self, s: Equation, into: str | None) -> Zeros:
        return Zeros(into or s.name, s.indices, into is not None)

    def _dense(self, s: Equation, e: Any, into: str | None) -> list[Operation]:
        """Contractions and reductions one by one, everything elementwise together."""
        terms = ordered_terms(e)
        sums = [t for t in terms if t.has(sp.Sum, Largest) or contraction(s.indices, t) is not None]
        plain = sp.Add(*[t for t in terms if t not in sums]) if sums else e
        if len(terms) == 1:
            product = contraction(s.indices, e)
            if product is not None:
                return [self._contracted(s, product, into)]
        if s.name in self.added:
            raise UnsupportedError(f"{s.name}: expected one matrix product to add up over blocks")
        if s.name in self.made and into is not None:
            operation = ufunc(e, s.indices)
            if operation is None:
                raise UnsupportedError(f"{s.name}: expected one operation that makes an array")
            return [Compute(into, operation, into)]
        if into is None or not s.indices:
            value = self._of_its_own(s, e, together(s.indices, sums, plain))
            return [Assign(s.name, value) if into is None else Fill(into, value)]
        planned: list[Operation] = [Fill(into, value_of(plain, s.indices))] if plain != 0 else []
        for term in sums:
            minus = negative(term)
            if planned or minus:
                planned = planned or [self._zeros(s, into)]
                planned.append(Accumulate(into, term_of(s.indices, -term if minus else term), minus))
            elif len(terms) > 1:
                planned += self._dense(s, term, into)
            else:
                planned.append(Fill(into, term_of(s.indices, e)))
        return planned

    def _contracted(self, s: Equation, product: Contraction, into: str | None) -> Operation:
        if into is None:
            return Assign(s.name, product)
        if s.name in self.added:
            if product.way is not Way.PRODUCT:
                raise UnsupportedError(
                    f"{s.name}: expected a matrix product to add up over blocks, got {shown(s.expression)}"
                )
            return Compute(None, product, into, added=True)
        return Compute(into if s.name in self.made else None, product, into)

    def _in_place(self, s: Equation, e: Any, spent: frozenset[str]) -> Compute | None:
        """``s = f(x)`` or ``s = x - y`` in the memory of x, where x has all the axes of s and is not used again."""
        operation = ufunc(e, s.indices) if s.indices else None
        if operation is None:
            return None
        x = operation.operands[0]
        if not isinstance(x, sp.Indexed) or x.indices != s.indices or label_of(x) not in spent:
            return None
        return Compute(s.name, operation, label_of(x))

    def _of_its_own(self, s: Equation, e: Any, value: Value) -> Value:
        """A value as an array of its own that has all the axes of ``s``."""
        if s.indices and not running(e) and not e.has(*BINDERS):
            return Broadcast(Elementwise(e, s.indices), s.indices)
        if not running(e) >= set(s.indices):
            return Broadcast(value, s.indices)
        if not s.indices or not isinstance(e, sp.Indexed):
            return value
        copied = any(map(pointed_axes, filter(is_pointer, e.indices)))
        view = e.indices == s.indices or (label_of(e) in self.owned and not copied)
        return Copy(value) if view else value


def _of_computed(block: Block, owned: Collection[str]) -> Block:
    """Operations whose contractions know that all their factors were computed here."""

    def told(value: Value) -> Value:
        if not isinstance(value, Contraction) or not {label_of(f) for f in value.factors} <= set(owned):
            return value
        return replace(value, computed=True)

    return tuple(
        replace(o, value=changed(o.value, told)) if isinstance(o, Assign | Fill | Accumulate) else o
        for o in block
    )


def _parts(s: Equation, e: Any) -> tuple[Any, list[Any]]:
    """An expression without the terms that are scattered, and these."""
    scattered = [t for t in sp.Add.make_args(e) if scatter(s, t, s.name) is not None]
    return e - sp.Add(*scattered), scattered
