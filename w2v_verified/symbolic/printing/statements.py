"""The kinds of statement the emitter knows, each with what it means and how NumPy is told.

contraction   ``c * sum_k product of entries``: a matrix product, an outer product or einsum
reduction     ``sum_k f`` or ``max_k f`` of an elementwise f
map           an elementwise expression, with broadcasting and gathers
masking       ``(w != n) * x[.., w]``: a copy with one place set to 0
scatter-add   ``sum_k (w == n[k]) * f``: f is added at the places n[k]; repeated places add up

A statement is a sum of such terms: the first is assigned, the others are added.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import sympy as sp

from w2v_verified.symbolic.language.equation import Equation, names_used
from w2v_verified.symbolic.language.errors import UnsupportedError
from w2v_verified.symbolic.language.functions import Choose, Largest, function_of
from w2v_verified.symbolic.language.indices import Frame, axis_of, bound_indices, label_of, name_of, running
from w2v_verified.symbolic.language.masks import scattered_parts, single_mask
from w2v_verified.symbolic.language.text import (
    bracket,
    lettered,
    negative,
    ordered_terms,
    shown,
    split_fraction,
)
from w2v_verified.symbolic.printing.contraction import NotDirectError, contraction
from w2v_verified.symbolic.printing.lower import Printer
from w2v_verified.symbolic.printing.scatter import Places


@dataclass
class Lowering:
    """Turns statements into lines of NumPy; ``dtype`` is the text of the dtype results have.

    ``owned`` are names of arrays that were computed here, so that they may be written over; a gather may be
    a view of an argument. ``made`` are arrays that may be None, and are made then. ``touched`` is the axis of a
    table of which few columns matter, ``alone`` the one statement that scatters over it: ``parts`` keeps what it
    is made of. To the arrays ``added`` the value is added if a variable of that name says so.
    """

    letters: Mapping[str, Iterable[str]]
    taken: frozenset[str]
    dtype: str
    touched: str | None = None
    alone: str | None = None
    parts: dict[str, str] = field(default_factory=dict)
    added: set[str] = field(default_factory=set)
    made: frozenset[str] = frozenset()
    printer: Printer = field(default_factory=Printer)
    owned: set[str] = field(default_factory=set)
    masked: dict[str, tuple[Frame, Any]] = field(default_factory=dict)

    def lines(self, s: Equation, into: str | None = None, spent: frozenset[str] = frozenset()) -> list[str]:
        """The lines that compute ``s``; ``into`` is an array that takes the value, ``spent`` names not used again."""
        if into is not None and self.touched in [axis_of(i) for i in s.indices]:
            return self._spread(s, into, spent)
        if s.name == self.alone:
            return self._held_by_parts(s)
        factor = next((n for n in names_used([s.expression]) if n in self.parts), None)
        if factor is not None:
            return [f"columns, {s.name} = scattered_product({self._source(s, factor)}, {self.parts[factor]})"]
        e = lettered(s.expression, self.letters, self.taken | {name_of(i) for i in s.indices})
        spent &= self.owned
        if not isinstance(e, sp.Indexed):
            self.owned.add(s.name)
        places = Places(self.printer, s, self.touched)
        mask = single_mask(e)
        if mask is not None:
            self.masked[s.name] = s.indices, bracket(mask[0])
            return places.masking(*mask, spent)
        scattered = [
            t
            for t in sp.Add.make_args(e)
            if t.has(sp.KroneckerDelta) and self._masked_sum(t, s.indices) is None
        ]
        dense = e - sp.Add(*scattered)
        in_place = self._in_place(s, dense, spent) if into is None else None
        if in_place is not None:
            lines = [in_place]
        else:
            lines = self._dense(s, dense, into) if dense != 0 else [self._zeros(s, into)]
        for term in sorted(scattered, key=lambda t: not t.has(sp.Sum)):  # what is added once comes last
            lines.append(places.scatter(term, into or s.name, self._zero_place(s, dense)))
        return lines

    def _zero_place(self, s: Equation, dense: Any) -> Any:
        """The bracket of the place where ``dense`` is 0, because it is a quotient of what is masked there."""
        number, above, _ = split_fraction(dense)
        if number != 1 or len(above) != 1 or not isinstance(above[0], sp.Indexed):
            return None
        indices, sides = self.masked.get(label_of(above[0]), ((), None))
        return sides if indices == above[0].indices == s.indices else None

    def _spread(self, s: Equation, into: str, spent: frozenset[str]) -> list[str]:
        """The value in the touched columns, 0 in all others."""
        if into in self.added:
            raise UnsupportedError(f"{s.name}: expected a dense gradient to add up over blocks")
        inner = self.lines(Equation("grad_columns", s.indices, s.expression), None, spent)
        if axis_of(s.indices[0]) == self.touched:
            return [*inner, f"{into}[columns] = grad_columns"]
        return [*inner, f"{into}.T[columns] = grad_columns.T"]  # rows are quicker to find than columns

    def _held_by_parts(self, s: Equation) -> list[str]:
        """What is scattered: added up if it has one index, else left in its parts for the product it is in."""
        lettering = lettered(s.expression, self.letters, self.taken | {name_of(i) for i in s.indices})
        found = scattered_parts(Equation(s.name, s.indices, lettering)) or []
        texts = []
        for pointer, value in sorted(found, key=lambda part: not isinstance(part[0], sp.Indexed)):
            place, axes = self.printer.pointer(pointer)
            texts.append(f"({place}, {self.printer.text(value, axes)})")
        if len(s.indices) == 1:
            return [f"columns, {s.name} = added_up({', '.join([self.dtype, *texts])})"]
        self.parts[s.name] = ", ".join(texts)
        return []

    def _source(self, s: Equation, factor: str) -> str:
        entries = [f for f in s.expression.atoms(sp.Indexed) if label_of(f) != factor]
        return str(entries[0].base.label.name)

    def _assigned(self, name: str, value: str, into: str | None) -> str:
        return f"{name} = {value}" if into is None else f"{into}[...] = {value}"

    def held(self, s: Equation) -> None:
        """Know that other lines make an array for ``s``."""
        mask = single_mask(s.expression)
        if mask is not None:
            self.masked[s.name] = s.indices, bracket(mask[0])
        self.owned.add(s.name)

    def _zeros(self, s: Equation, into: str | None) -> str:
        if into is not None or not s.indices:
            return self._assigned(s.name, "0", into)
        sizes = ["columns.size" if axis_of(i) == self.touched else axis_of(i) for i in s.indices]
        comma = "," if len(s.indices) == 1 else ""
        return f"{s.name} = np.zeros(({', '.join(sizes)}{comma}), {self.dtype})"

    def _dense(self, s: Equation, e: Any, into: str | None) -> list[str]:
        """Contractions and reductions one by one, everything elementwise together."""
        terms = ordered_terms(e)
        sums = [t for t in terms if t.has(sp.Sum) or contraction(self.printer, s.indices, t) is not None]
        plain = sp.Add(*[t for t in terms if t not in sums]) if sums else e
        if len(terms) == 1:
            value = contraction(self.printer, s.indices, e)
            if value is not None:
                return [value.statement(s.name, into, s.name in self.added, s.name in self.made)]
        if s.name in self.added:
            raise UnsupportedError(f"{s.name}: expected one matrix product to add up over blocks")
        operation = self._operation(e, s.indices) if s.name in self.made and into is not None else None
        if operation is not None:
            return [f"{into} = {operation[0]}({', '.join(operation[1])}, out={into})"]
        if s.name in self.made and into is not None:
            raise NotDirectError(f"{s.name}: expected one operation that makes an array")
        if into is None or not s.indices:
            return [self._assigned(s.name, self._fresh(s, e, self._together(s, sums, plain)), into)]
        lines = [self._assigned(s.name, self._value(plain, s.indices), into)] if plain != 0 else []
        for term in sums:
            minus = negative(term)
            if not lines and not minus:
                lines += (
                    self._dense(s, term, into)
                    if len(terms) > 1
                    else [self._assigned("", self._term(s, e), into)]
                )
                continue
            lines = lines or [self._zeros(s, into)]
            lines.append(f"{into} {'-' if minus else '+'}= {self._term(s, -term if minus else term)}")
        return lines

    def _in_place(self, s: Equation, e: Any, spent: frozenset[str]) -> str | None:
        """``s = f(x)`` or ``s = x - y`` in the memory of x, where x has all the axes of s and is not used again."""
        operation = self._operation(e, s.indices) if s.indices else None
        if operation is None:
            return None
        function, texts, x = operation
        if texts[0] not in spent or x.indices != s.indices:
            return None
        return f"{s.name} = {function}({', '.join(texts)}, out={texts[0]})"

    def _operation(self, e: Any, frame: Frame) -> tuple[str, list[str], Any] | None:
        """A ufunc of NumPy's own with what it takes, as text, and of that the front one itself."""
        row = function_of(e)
        if row is not None and row.in_place:
            function, parts = row.numpy, [e.args[0]]
        elif isinstance(e, sp.Add) and len(e.args) == 2 and negative(ordered_terms(e)[1]):
            function, parts = "np.subtract", [ordered_terms(e)[0], -ordered_terms(e)[1]]
        else:
            number, above, below = split_fraction(e)
            if number != 1 or len(above) != 1 or len(below) != 1:
                return None
            function, parts = "np.divide", [above[0], below[0]]
        if any(p.has(sp.Sum, Largest, Choose) for p in parts):
            return None
        return function, [self.printer.text(p, frame) for p in parts], parts[0]

    def _term(self, s: Equation, term: Any) -> str:
        value = contraction(self.printer, s.indices, term)
        return value.text if value is not None else self._value(term, s.indices)

    def _together(self, s: Equation, sums: list[Any], plain: Any) -> str:
        """All terms of a statement in one expression."""
        written = ""
        for term in sums:
            minus = negative(term)
            text = self._term(s, -term if minus else term)
            written += f" {'-' if minus else '+'} {text}" if written else f"-({text})" if minus else text
        elementwise = ordered_terms(plain) if plain != 0 else []
        several = len(sums) + len(elementwise) > 1
        for term in elementwise:
            minus = negative(term)
            text = self._value(-term if minus else term, s.indices)
            bare = -term if minus else term
            text = f"({text})" if isinstance(bare, sp.Add | Choose) and (several or minus) else text
            written += f" {'-' if minus else '+'} {text}" if written else f"-{text}" if minus else text
        return written

    def _fresh(self, s: Equation, e: Any, text: str) -> str:
        """``text`` as an array of its own that has all the axes of ``s``."""
        if running(e) >= set(s.indices):
            view = isinstance(e, sp.Indexed) and s.indices and (text.isidentifier() or s.name in self.owned)
            return f"{text}.copy()" if view else text
        comma = "," if len(s.indices) == 1 else ""
        return f"np.broadcast_to({text}, ({', '.join(map(axis_of, s.indices))}{comma})).copy()"

    def _value(self, e: Any, frame: Frame) -> str:
        """An elementwise expression, a reduction of one, or a multiple of a reduction."""
        if isinstance(e, Largest):
            return self._reduced(e, frame, "max")
        if isinstance(e, sp.Sum):
            return self._reduced(e, frame, "sum")
        if isinstance(e, sp.Mul) and e.has(sp.Sum):
            sums = [f for f in e.args if isinstance(f, sp.Sum)]
            rest = e / sp.Mul(*sums)
            if len(sums) == 1 and not rest.has(sp.Sum):
                inner = contraction(self.printer, tuple(i for i in frame if i in running(sums[0])), sums[0])
                own = tuple(i for i in frame if i in running(sums[0]))
                text = inner.text if inner is not None else self._reduced(sums[0], own, "sum")
                text = text if _is_call(text) or inner is None else f"({text})"
                number, above, below = split_fraction(rest)
                left = self.printer.factor(number * sp.Mul(*above), frame)
                head = "" if left == "1" else f"{left} * "
                tail = "".join(f" / {self.printer.divisor(f, frame)}" for f in below)
                return f"{head}{self.printer.aligned(text, own, frame, e)}{tail}"
        if e.has(sp.Sum):
            raise UnsupportedError(
                f"{shown(e)}: a sum inside another expression; give the sum a name of its own"
            )
        return self.printer.text(e, frame)

    def _reduced(self, s: Any, frame: Frame, method: str) -> str:
        bound = tuple(reversed(bound_indices(s)))
        body, whole = s.function, frame + bound
        masked = self._masked_sum(s, frame) if method == "sum" else None
        if masked is not None:
            return masked
        entry_of_all = isinstance(body, sp.Indexed) and set(body.indices) == set(whole)
        if entry_of_all and tuple(i for i in body.indices if i not in bound) == frame:
            whole = body.indices
        if running(body) != set(whole):
            names = ", ".join(map(name_of, whole))
            raise UnsupportedError(
                f"{shown(body)}: summed over {names}, but it does not depend on all of them"
            )
        text = self.printer.text(body, whole)
        if method == "sum" and len(whole) == 1:
            return f"float(total({text}))" if self.printer.floats else f"total({text})"
        if not (text.isidentifier() or _is_call(text)):
            text = f"({text})"
        places = [n for n, i in enumerate(whole) if i in bound]
        if len(places) == len(whole):
            return f"float({text}.{method}())" if self.printer.floats else f"{text}.{method}()"
        return f"{text}.{method}(axis={places[0] if len(places) == 1 else tuple(places)})"

    def _masked_sum(self, s: Any, frame: Frame) -> str | None:
        """``sum_w (w != n[c]) * x[w]``: for every c the sum of x without one place."""
        if not isinstance(s, sp.Sum):
            return None
        factors = sp.Mul.make_args(s.function)
        masks = [f for f in factors if (sides := bracket(f)) and not sides[2]]
        if len(masks) != 1 or len(factors) != 2 or len(s.limits) != 1:
            return None
        x, (w, pointer, _) = s.function / masks[0], bracket(masks[0]) or (None, None, None)
        text, axes = self.printer.pointer(pointer)
        if not isinstance(x, sp.Indexed) or x.indices != (w,) or axes != frame or len(frame) != 1:
            return None
        return f"product({text}[:, None] != np.arange({axis_of(w)}), {x.base.label.name})"


def _is_call(text: str) -> bool:
    """Whether ``text`` is one call, such as ``np.where(a, b)``."""
    head, _, tail = text.partition("(")
    depth = 0
    for n, c in enumerate(f"({tail}"):
        depth += (c == "(") - (c == ")")
        if depth == 0:
            return head.replace(".", "").isidentifier() and n == len(tail)
    return False
