"""The kinds of statement the emitter knows, each with what it means and how NumPy is told.

contraction   ``t[i, ..] = c * sum_k product of entries``: a matrix product, an outer product or einsum
reduction     ``t[i, ..] = sum_k f`` or ``max_k f`` of an elementwise f
masking       ``t[.., w] = (w != n) * x[.., w]``: a copy with one place set to 0
placing       ``t[.., w] = f + sum of (w == n) * g``: an elementwise f, to which g is added at the place n
map           ``t[i, ..] = f``: elementwise, with broadcasting and gathers
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import sympy as sp

from w2v_verified.symbolic.context import Definition
from w2v_verified.symbolic.functions import Largest
from w2v_verified.symbolic.indices import bound_indices, is_pointer, name_of
from w2v_verified.symbolic.lower import Printer, UnsupportedError, running
from w2v_verified.symbolic.text import bracket, lettered, negative

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass
class Lowering:
    """Turns statements into lines of NumPy; ``spent`` are names whose value is not needed any more."""

    letters: Mapping[str, Iterable[str]]
    taken: frozenset[str]
    printer: Printer = field(default_factory=Printer)

    def lines(self, s: Definition, into: str | None = None, spent: frozenset[str] = frozenset()) -> list[str]:
        """The lines that compute ``s``; ``into`` is an existing array that takes the value."""
        e = lettered(s.expression, self.letters, self.taken | {name_of(i) for i in s.indices})
        factors = sp.Mul.make_args(e)
        masked = [f for f in factors if (sides := bracket(f)) and not sides[2]]
        if len(masked) == 1 and len(factors) == 2:
            return self._masking(s, masked[0], e / masked[0], spent)
        placed = [t for t in sp.Add.make_args(e) if t.atoms(sp.KroneckerDelta)]
        if placed:
            return self._placing(s, e - sp.Add(*placed), placed, into)
        value = self._contraction(s, e, into)
        if value is not None:
            return [value]
        return [self._assigned(s.name, self._value(e, s.indices), into)]

    def _assigned(self, name: str, value: str, into: str | None) -> str:
        return f"{name} = {value}" if into is None else f"{into}[...] = {value}"

    def _value(self, e: Any, frame: tuple[Any, ...]) -> str:
        """An elementwise expression or a reduction of one."""
        if isinstance(e, Largest):
            return self._reduced(e.args[0], frame, "max")
        if isinstance(e, sp.Sum):
            return self._reduced(e, frame, "sum")
        return self.printer.text(e, frame)

    def _reduced(self, s: Any, frame: tuple[Any, ...], method: str) -> str:
        bound = tuple(reversed(bound_indices(s)))
        body = s.function
        whole = frame + bound
        if isinstance(body, sp.Indexed) and set(body.indices) == set(whole):
            whole = body.indices
            if tuple(i for i in whole if i not in bound) != frame:
                raise UnsupportedError(
                    f"{s}: the axes left after the reduction are not in the target's order"
                )
        text = self.printer.text(body, whole)
        if not (text.isidentifier() or (text.startswith("np.") and text.endswith(")"))):
            text = f"({text})"
        places = [n for n, i in enumerate(whole) if i in bound]
        if len(places) == len(whole):
            return f"{text}.{method}()"
        axis = places[0] if len(places) == 1 else tuple(places)
        return f"{text}.{method}(axis={axis})"

    def _place(self, s: Definition, at: Any) -> str:
        """The subscript of ``s`` where its masked or placed index is the index argument ``at``."""
        index, pointer = at
        axes = running(pointer)
        parts = []
        for i in s.indices:
            if i == index:
                parts.append(name_of(pointer.base.label if isinstance(pointer, sp.Indexed) else pointer))
            elif i in axes:
                self.printer.ranges.add(i)
                parts.append(name_of(i))
            else:
                parts.append(":")
        while parts[-1] == ":":
            parts.pop()
        return f"[{', '.join(parts)}]"

    def _at(self, s: Definition, e: Any) -> tuple[Any, Any]:
        left, right, _ = bracket(e) or (None, None, False)
        if left in s.indices and is_pointer(right):
            return left, right
        raise UnsupportedError(
            f"{e}: a bracket that compares an index of {s.name} with an index argument is supported"
        )

    def _masking(self, s: Definition, mask: Any, x: Any, spent: frozenset[str]) -> list[str]:
        value = self.printer.text(x, s.indices)
        if value not in spent:
            value = f"{value}.copy()" if value.isidentifier() else value
        return [f"{s.name} = {value}", f"{s.name}{self._place(s, self._at(s, mask))} = 0"]

    def _placing(self, s: Definition, plain: Any, placed: list[Any], into: str | None) -> list[str]:
        target = s.name if into is None else into
        if plain == 0:
            raise UnsupportedError(f"{s.name}: a value made of brackets alone is not supported yet")
        lines = [self._assigned(s.name, self._value(plain, s.indices), into)]
        for term in placed:
            delta = next(iter(term.atoms(sp.KroneckerDelta)))
            at = self._at(s, delta)
            share = term / delta
            sign = "-" if negative(share) else "+"
            frame = tuple(i for i in s.indices if i in running(at[1]))
            value = self.printer.text(-share if negative(share) else share, frame)
            lines.append(f"{target}{self._place(s, at)} {sign}= {value}")
        return lines

    def _contraction(self, s: Definition, e: Any, into: str | None) -> str | None:
        """A product of entries summed over what the target does not have, or None if it is not one."""
        number, e = e.as_coeff_Mul()
        bound = set(bound_indices(e)) if isinstance(e, sp.Sum) else set()
        entries = sp.Mul.make_args(e.function if isinstance(e, sp.Sum) else e)
        if number != 1 or not all(isinstance(f, sp.Indexed) for f in entries) or len(entries) < 2:
            return None
        if any(is_pointer(i) for f in entries for i in f.indices):
            return None
        if {i for f in entries for i in f.indices} != set(s.indices) | bound:
            return None
        ending = ")" if into is None else f", out={into})"
        head = f"{s.name} = " if into is None else ""
        if len(entries) == 2:
            found = [_matrix_product(s.indices, *pair) for pair in (entries, entries[::-1])]
            product = min((p for p in found if p), key=lambda p: "".join(p).count(".T"), default=None)
            if product is not None and into is None:
                return f"{head}{product[0]} @ {product[1]}"
            if product is not None:
                return f"np.matmul({product[0]}, {product[1]}{ending}"
            if not bound:
                left, right = sorted(entries, key=lambda f: s.indices.index(f.indices[0]))
                return (
                    f"{head}np.multiply({self.printer.entry(left, s.indices)}, "
                    f"{self.printer.entry(right, s.indices)}{ending}"
                )
        names = {
            i: _LETTERS[n] for n, i in enumerate(sorted({i for f in entries for i in f.indices}, key=str))
        }
        spec = ",".join("".join(names[i] for i in f.indices) for f in entries)
        result = "".join(names[i] for i in s.indices)
        operands = ", ".join(f.base.label.name for f in entries)
        return f'{head}np.einsum("{spec}->{result}", {operands}, optimize=True{ending}'


def _matrix_product(target: tuple[Any, ...], left: Any, right: Any) -> tuple[str, str] | None:
    """The operands of ``left @ right`` where one index is summed and the others are the target's in order."""
    shared = set(left.indices) & set(right.indices)
    if len(shared) != 1 or shared & set(target) or len(left.indices) > 2 or len(right.indices) > 2:
        return None
    (k,) = shared
    rest = tuple(i for i in left.indices if i != k) + tuple(i for i in right.indices if i != k)
    if rest != target:
        return None
    first, second = left.base.label.name, right.base.label.name
    return first + (".T" if left.indices[0] == k and len(left.indices) == 2 else ""), second + (
        ".T" if right.indices[-1] == k and len(right.indices) == 2 else ""
    )
