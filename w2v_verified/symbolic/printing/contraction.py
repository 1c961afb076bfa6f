"""Products of entries summed over indices the result does not have: matrix products, outer products, einsum."""

from dataclasses import dataclass
from typing import Any

import sympy as sp

from w2v_verified.symbolic.language.errors import UnsupportedError
from w2v_verified.symbolic.language.indices import Frame, bound_indices, is_pointer
from w2v_verified.symbolic.printing.lower import Printer

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


class NotDirectError(UnsupportedError):
    """A product that has no method of arrays for it which serves everywhere."""


@dataclass(frozen=True)
class Contraction:
    """NumPy text for the value, and the call that writes it into an existing array; ``made`` if it can do both."""

    text: str
    call: str
    end: str = ", out={})"
    made: bool = False

    def statement(self, name: str, into: str | None, added: bool = False, made: bool = False) -> str:
        """Assign the value to ``name``, write it into the array ``into``, or add it there if told to.

        Where it is to be ``made``, ``into`` may be None when the code runs: then it is a new array.

        Raises:
            UnsupportedError: It is no matrix product, and has to be added.
        """
        if added and not self.call.startswith("product("):
            raise UnsupportedError(
                f"{name}: expected a matrix product to add up over blocks, got {self.text}"
            )
        if into is None:
            return f"{name} = {self.text}"
        if added:
            return f"{self.call}, out={into}, add=add)"
        return f"{f'{into} = ' if made else ''}{self.call}{self.end.format(into)}"


def contraction(printer: Printer, target: Frame, e: Any) -> Contraction | None:
    """``e`` as a contraction over ``target``, or None if it is not one."""
    inside, body = _flattened(e)
    bound = set(inside)
    entries = _entries(body)
    if entries is None or len(entries) < 2 or any(is_pointer(i) for f in entries for i in f.indices):
        return None
    used = {i for f in entries for i in f.indices}
    if used != set(target) | bound or any(len(set(f.indices)) != len(f.indices) for f in entries):
        return None
    if len(entries) == 2:
        if not bound and set(entries[0].indices) & set(entries[1].indices):
            return None
        found = [_matrix_product(target, *pair) for pair in (entries, entries[::-1])]
        products = [p for p in found if p is not None]
        if products:
            left, right = min(products, key=lambda p: "".join(p).count(".T"))
            if printer.direct:
                return _method(left, right, len(target))
            return Contraction(f"product({left}, {right})", f"product({left}, {right}", made=True)
        if not bound:
            first, second = sorted(entries, key=lambda f: target.index(f.indices[0]))
            left, right = printer.entry(first, target), printer.entry(second, target)
            if (first.indices, second.indices) == (target[:1], target[1:]):
                down, across = first.base.label.name, second.base.label.name
                return Contraction(f"outer({down}, {across})", f"outer({down}, {across}", made=True)
            return Contraction(f"{left} * {right}", f"np.multiply({left}, {right}")
    if bound and printer.direct:
        raise NotDirectError(f"{e}: expected a product of a matrix and a vector, or of two vectors")
    return _einsum(target, entries) if bound else None


def _method(left: str, right: str, rank: int) -> Contraction:
    if rank > 1:
        raise NotDirectError(f"{left} @ {right}: expected a vector or a scalar")
    return Contraction(f"{left}.dot({right})", f"{left}.dot({right}", ", {})", made=True)


def _flattened(e: Any) -> tuple[Frame, Any]:
    """A sum of a product with further sums, as one sum: what it is summed over, and the product."""
    if isinstance(e, sp.Sum):
        inner, body = _flattened(e.function)
        return (*bound_indices(e), *inner), body
    if isinstance(e, sp.Mul) and any(isinstance(f, sp.Sum) for f in e.args):
        parts = [_flattened(f) if isinstance(f, sp.Sum) else ((), f) for f in e.args]
        return tuple(i for inner, _ in parts for i in inner), sp.Mul(*(body for _, body in parts))
    return (), e


def _entries(body: Any) -> list[Any] | None:
    """The entries of a product, repeated where they are squared; None if it is no product of entries."""
    entries: list[Any] = []
    for f in sp.Mul.make_args(body):
        base, power = (f.base, f.exp) if isinstance(f, sp.Pow) else (f, sp.Integer(1))
        if not isinstance(base, sp.Indexed) or not power.is_Integer or not 0 < power <= 2:
            return None
        entries += [base] * int(power)
    return entries


def _einsum(target: Frame, entries: list[Any]) -> Contraction:
    indices = sorted({i for f in entries for i in f.indices}, key=str)
    names = {i: _LETTERS[n] for n, i in enumerate(indices)}
    spec = ",".join("".join(names[i] for i in f.indices) for f in entries)
    operands = ", ".join(_columns_together(entries, target))
    optimize = ", optimize=True" if len(entries) > 2 else ""
    call = f'np.einsum("{spec}->{"".join(names[i] for i in target)}", {operands}{optimize}'
    return Contraction(f"{call})", call)


def _columns_together(entries: list[Any], target: Frame) -> list[str]:
    """The operands; where rows are added up, one has its columns side by side, so that these are what is read."""
    names = [str(f.base.label.name) for f in entries]
    leading = {f.indices[0] for f in entries}
    if len(set(names)) == 2 == len(entries) and len(leading) == 1 and not leading & set(target):
        n = min((0, 1), key=lambda n: len(entries[n].indices))
        names[n] = f"np.asfortranarray({names[n]})" if len(entries[n].indices) > 1 else names[n]
    return names


def _matrix_product(target: Frame, left: Any, right: Any) -> tuple[str, str] | None:
    """The operands of ``left @ right`` where one index is summed and the others are the target's in order."""
    shared = set(left.indices) & set(right.indices)
    if len(shared) != 1 or shared & set(target) or len(left.indices) > 2 or len(right.indices) > 2:
        return None
    (k,) = shared
    if tuple(i for f in (left, right) for i in f.indices if i != k) != target:
        return None
    turn_left = ".T" if left.indices[0] == k and len(left.indices) == 2 else ""
    turn_right = ".T" if right.indices[-1] == k and len(right.indices) == 2 else ""
    return f"{left.base.label.name}{turn_left}", f"{right.base.label.name}{turn_right}"
