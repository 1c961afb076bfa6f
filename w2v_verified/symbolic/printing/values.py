"""Each kind of value a plan has, as NumPy text."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from w2v_verified.symbolic.language.differences import apart
from w2v_verified.symbolic.language.functions import Function
from w2v_verified.symbolic.language.indices import Frame, axis_of, label_of, running
from w2v_verified.symbolic.language.text import ATOM, PRODUCT, SUM
from w2v_verified.symbolic.plan.contraction import turned
from w2v_verified.symbolic.plan.values import (
    DIFFERENCE,
    QUOTIENT,
    Broadcast,
    Contraction,
    Copy,
    Distances,
    Elementwise,
    Gather,
    Multiple,
    Pull,
    Reduction,
    SumWithout,
    Terms,
    Ufunc,
    Value,
    Way,
)
from w2v_verified.symbolic.printing.elementwise import Printer
from w2v_verified.symbolic.printing.uses import Uses

_OPERATIONS = {DIFFERENCE: "np.subtract", QUOTIENT: "np.divide"}
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Text:
    """Text, and how tightly it binds, from a choice to an atom such as a call."""

    text: str
    binds: int = ATOM

    def around(self, binds: int) -> str:
        """The text, in parentheses where its surroundings bind tighter."""
        return f"({self.text})" if self.binds < binds else self.text


@dataclass(frozen=True)
class ValuePrinter:
    """Prints values; what is elementwise in them is printed by ``expressions``."""

    expressions: Printer

    @property
    def uses(self) -> Uses:
        """What was used so far."""
        return self.expressions.uses

    def value(self, value: Value) -> Text:
        """A value as text."""
        match value:
            case Elementwise(e, frame):
                return Text(*self.expressions.bound(e, frame))
            case Gather(e, frame):
                return Text(self.expressions.entry(e, frame))
            case Contraction(way=Way.MULTIPLY, factors=factors, target=target):
                left, right = (self.expressions.entry(f, target) for f in factors)
                return Text(f"{left} * {right}", PRODUCT)
            case Contraction():
                head, arguments = self.call(value)
                return Text(f"{head}({', '.join(arguments)})")
            case Reduction():
                return self._reduction(value)
            case Distances(target, left, right, bound):
                rows = [_rows(left, target[0], bound), _rows(right, target[1], bound)]
                return Text(f"{self.uses.name('squared_distances')}({', '.join(rows)})")
            case Pull(target, weights, left, right, bound, squares):
                n = apart(left, right)
                (i,) = (j for j in target if j != n)
                rows = [_rows(weights, n, bound), _rows(left, n, i), _rows(right, bound, i)]
                rows += [] if squares is None else [squares]
                turned = "" if target[0] == n else ".T"
                return Text(f"{self.uses.name('pulled')}({', '.join(rows)}){turned}")
            case SumWithout(vector, index, pointer):
                places = f"{self.expressions.pointer(pointer)}[:, None]"
                every = f"np.arange({self.uses.size(axis_of(index))})"
                return Text(f"{self.uses.name('product')}({places} != {every}, {label_of(vector)})")
            case Multiple():
                return self._multiple(value)
            case Terms(terms):
                return self._terms(terms)
            case Ufunc():
                head, arguments = self.call(value)
                return Text(f"{head}({', '.join(arguments)})")
            case Copy(inner):
                return Text(f"{self.value(inner).around(ATOM)}.copy()")
            case Broadcast(Elementwise(e), frame) if not running(e):
                shape = self.uses.shape(frame)
                return Text(f"np.full({shape}, {self.value(value.value).text}, {self.expressions.dtype})")
            case Broadcast(inner, frame):
                return Text(f"np.broadcast_to({self.value(inner).text}, {self.uses.shape(frame)}).copy()")

    def call(self, value: Contraction | Ufunc) -> tuple[str, list[str]]:
        """The function that computes a value, and its arguments; it takes an array for the result as well."""
        match value:
            case Ufunc(operation, operands, frame):
                name = operation.numpy if isinstance(operation, Function) else _OPERATIONS[operation]
                return name, [self.expressions.text(e, frame) for e in operands]
            case Contraction(factors=(left, right), way=Way.METHOD):
                return f"{_operand(left, right, 0)}.dot", [_operand(left, right, 1)]
            case Contraction(factors=(left, right), way=Way.PRODUCT):
                return self.uses.name("product"), [_operand(left, right, 0), _operand(left, right, 1)]
            case Contraction(factors=(left, right), way=Way.OUTER):
                return self.uses.name("outer"), [label_of(left), label_of(right)]
            case Contraction(target, factors, way=Way.MULTIPLY):
                return "np.multiply", [self.expressions.entry(f, target) for f in factors]
            case Contraction(target, factors, way=Way.EINSUM, computed=computed):
                return "np.einsum", _einsum(target, factors, computed)
            case _:
                raise TypeError(f"{value}: not a contraction that is carried out in its way")

    def _reduction(self, value: Reduction) -> Text:
        text = Text(*self.expressions.bound(value.expression, value.frame))
        if value.kind == "sum" and len(value.frame) == 1:
            return self._scalar(f"{self.uses.name('total')}({text.text})")
        places = [n for n, i in enumerate(value.frame) if i in value.bound]
        if len(places) == len(value.frame):
            return self._scalar(f"{text.around(ATOM)}.{value.kind}()")
        axis = places[0] if len(places) == 1 else tuple(places)
        return Text(f"{text.around(ATOM)}.{value.kind}(axis={axis})")

    def _scalar(self, text: str) -> Text:
        return Text(f"float({text})" if self.expressions.style.floats else text)

    def _multiple(self, value: Multiple) -> Text:
        inner = self.value(value.value).around(ATOM)
        left = self.expressions.factor(value.factor, value.frame)
        head = "" if value.factor == 1 else f"{left} * "
        tail = "".join(f" / {self.expressions.divisor(f, value.frame)}" for f in value.divisors)
        return Text(
            f"{head}{self.expressions.aligned(inner, value.own, value.frame, value.own)}{tail}", PRODUCT
        )

    def _terms(self, terms: Sequence[tuple[bool, Value]]) -> Text:
        written = ""
        for n, (minus, term) in enumerate(terms):
            text = self.value(term).around(PRODUCT)
            written += f" {'-' if minus else '+'} {text}" if n else f"-{text}" if minus else text
        return Text(written, SUM)


def _operand(left: Any, right: Any, which: int) -> str:
    """An operand of a matrix product, transposed where it has to be."""
    name = label_of((left, right)[which])
    return f"{name}.T" if turned(left, right)[which] else name


def _rows(e: Any, *indices: Any) -> str:
    """A matrix whose axes have these indices in order, transposed where it has to be."""
    return label_of(e) if e.indices == indices else f"{label_of(e)}.T"


def _einsum(target: Frame, factors: Sequence[Any], computed: bool) -> list[str]:
    indices = sorted({i for f in factors for i in f.indices}, key=str)
    names = {i: _LETTERS[n] for n, i in enumerate(indices)}
    spec = ",".join("".join(names[i] for i in f.indices) for f in factors)
    result = "".join(names[i] for i in target)
    optimize = ["optimize=True"] if len(factors) > 2 and len({f.indices for f in factors}) > 1 else []
    alike = len({f.indices for f in factors}) == 1
    rows = list(map(label_of, factors)) if computed and alike else _columns_together(factors, target)
    return [f'"{spec}->{result}"', *rows, *optimize]


def _columns_together(factors: Sequence[Any], target: Frame) -> list[str]:
    """The operands; where rows are added up, one has its columns side by side, so that these are what is read."""
    names = list(map(label_of, factors))
    leading = {f.indices[0] for f in factors}
    whole = not target and len({f.indices for f in factors}) == 1
    if len(set(names)) == 2 == len(factors) and len(leading) == 1 and not (whole or leading & set(target)):
        n = min((0, 1), key=lambda n: len(factors[n].indices))
        names[n] = f"np.asfortranarray({names[n]})" if len(factors[n].indices) > 1 else names[n]
    return names
