"""Each kind of operation a plan is made of, as lines of NumPy."""

import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import sympy as sp

from w2v_verified.symbolic.definition.arguments import Argument, Array
from w2v_verified.symbolic.definition.problem import Problem
from w2v_verified.symbolic.language.equation import Equation
from w2v_verified.symbolic.language.indices import (
    Frame,
    axis_of,
    is_pointer,
    label_of,
    name_of,
    pointed_axes,
    running,
)
from w2v_verified.symbolic.language.reserved import result_name
from w2v_verified.symbolic.language.text import statement
from w2v_verified.symbolic.plan.operations import (
    Accumulate,
    Accumulator,
    AddUp,
    Allocate,
    Assign,
    Block,
    Branch,
    ByBlocks,
    Compute,
    Computed,
    Fill,
    FindColumns,
    Guard,
    IfWanted,
    Keep,
    Leave,
    Loop,
    Mask,
    Operation,
    OuterFactors,
    Return,
    ReturnLoss,
    Scatter,
    ScatteredProduct,
    Share,
    Spread,
    Zeros,
)
from w2v_verified.symbolic.plan.plan import Plan
from w2v_verified.symbolic.plan.values import Contraction, Elementwise, Way
from w2v_verified.symbolic.printing.conditions import printed
from w2v_verified.symbolic.printing.elementwise import ANY_VALUES, Printer, Style, comes_out_in_order
from w2v_verified.symbolic.printing.interface import (
    WIDTH,
    call_text,
    condition,
    fields,
    places,
    type_of,
    unpacked,
)
from w2v_verified.symbolic.printing.uses import Uses
from w2v_verified.symbolic.printing.values import ValuePrinter

BLOCK = "_block"
"""The function of a block, see `ByBlocks`."""


@dataclass(frozen=True)
class OperationPrinter:
    """Prints the operations of a plan, so many columns from the left, and notes what they use."""

    plan: Plan
    uses: Uses
    style: Style = ANY_VALUES
    indent: int = 4

    @property
    def _problem(self) -> Problem:
        return self.plan.problem

    @property
    def _expressions(self) -> Printer:
        return Printer(self.uses, self.style, self._dtype)

    @property
    def _values(self) -> ValuePrinter:
        return ValuePrinter(self._expressions)

    @property
    def _dtype(self) -> str:
        return f"{self._problem.arrays[0].name}.dtype"

    def block(self, block: Block) -> list[str]:
        """The lines of a block."""
        return [line for operation in block for line in self.lines(operation)]

    def _inner(self, block: Block, style: Style | None = None) -> list[str]:
        """The lines of a block inside another operation."""
        printer = replace(self, indent=self.indent + 4, style=style or self.style)
        return indented(printer.block(block))

    def lines(self, operation: Operation) -> list[str]:
        """The lines of an operation."""
        match operation:
            case Computed(formula, operations):
                return self._commented(self.block(operations), formula)
            case Assign("loss", Contraction() as value) if self._problem.loss.optional:
                return [f"loss = float({self._values.value(value).text})"]  # a float where it is not wanted
            case Assign(name, value):
                return [f"{name} = {self._values.value(value).text}"]
            case Fill(array, value):
                return [f"{array}[...] = {self._values.value(value).text}"]
            case Accumulate(name, value, minus):
                return [f"{name} {'-' if minus else '+'}= {self._values.value(value).text}"]
            case Compute():
                return [self._computed(operation)]
            case Zeros() | Accumulator():
                return [self._zeros(operation)]
            case Mask():
                return self._mask(operation)
            case Scatter():
                return [self._scatter(operation)]
            case AddUp(name, shares):
                shared = ", ".join([self._dtype, *self._shares(shares)])
                return [f"columns, {name} = {self.uses.name('added_up')}({shared})"]
            case ScatteredProduct(name, source, shares):
                shared = ", ".join([source, *self._shares(shares)])
                return [f"columns, {name} = {self.uses.name('scattered_product')}({shared})"]
            case Spread(array, source, turned):  # rows are quicker to find than columns
                return [f"{array}.T[columns] = {source}.T" if turned else f"{array}[columns] = {source}"]
            case OuterFactors(vectors, copied):
                values = ", ".join(f"{name}.copy()" if name in copied else name for name in vectors)
                return [f"left, right = {values}"]
            case IfWanted(block):
                return ["loss = np.nan", "if with_loss:", *self._inner(block)]
            case Guard(name):
                return [
                    f"if not {self.uses.name('finite')}({name}):"
                    "  # an infinity would be flattened below; NaN gets through",
                    f"    {name} = np.full_like({name}, np.nan)",
                ]
            case Branch(conditions, block, floats, moderate):
                parts = [printed(c, self._problem, self.uses) for c in conditions]
                return [*condition("if", parts), *self._inner(block, Style(floats, moderate))]
            case Loop():
                return [*self._loop(operation)]
            case ByBlocks():
                return self._by_blocks(operation)
            case Leave(name):
                return [f"if not {self.uses.name('moderate')}({name}):", "    break"]
            case Keep(array, part):
                return [f"{array}[part] = {part}"]
            case Allocate():
                return self._allocated(operation)
            case FindColumns(pointers):
                names = ", ".join(pointers)
                every = names if len(pointers) == 1 else f"np.concatenate(({names}), axis=None)"
                note = "# the columns the loss reads; the gradient is zero in all others"
                return [note, f"columns = np.unique({every})"]
            case Return():
                return [self._returned()]
            case ReturnLoss():
                return ["return float(loss)"]

    def _computed(self, operation: Compute) -> str:
        head, arguments = self._values.call(operation.value)
        out = operation.out
        by_place = isinstance(operation.value, Contraction) and operation.value.way is Way.METHOD
        arguments = [*arguments, out if by_place else f"out={out}", *(["add=add"] if operation.added else [])]
        call = f"{head}({', '.join(arguments)})"
        return call if operation.name is None else f"{operation.name} = {call}"

    def _zeros(self, operation: Zeros | Accumulator) -> str:
        name, indices = operation.name, operation.indices
        if isinstance(operation, Accumulator):
            sizes = [places(self._problem)[axis_of(i)][0] for i in indices]
            return f"{name} = np.zeros({sizes[0]}, {self._dtype})" if sizes else f"{name} = 0.0"
        if operation.given:
            return f"{name}[...] = 0"
        if not indices:
            return f"{name} = 0"
        touched = [axis_of(i) == self.plan.touched for i in indices]
        sizes = [
            "columns.size" if t else self.uses.size(axis_of(i)) for t, i in zip(touched, indices, strict=True)
        ]
        return f"{name} = np.zeros(({', '.join(sizes)}{',' * (len(sizes) == 1)}), {self._dtype})"

    def _mask(self, operation: Mask) -> list[str]:
        value = self._values.value(operation.value).text
        place = self._place(operation.indices, operation.index, operation.pointer)
        e = operation.value.expression if isinstance(operation.value, Elementwise) else None
        note = "  # in place" if isinstance(e, sp.Indexed) else ""
        return [f"{operation.name} = {value}", f"{operation.name}[{place}] = 0{note}"]

    def _scatter(self, operation: Scatter) -> str:
        target, index, pointer = operation.target, operation.index, operation.pointer
        expressions, axes = self._expressions, pointed_axes(operation.pointer)
        if not operation.repeated:
            frame = tuple(i for i in operation.indices if i != index)
            sign = {"set": "=", "add": "+=", "subtract": "-="}[operation.how]
            place = self._place(operation.indices, index, pointer)
            return f"{target}[{place}] {sign} {expressions.text(operation.share, frame)}"
        function = f"np.{operation.how}.at"
        rest = tuple(i for i in operation.indices if i != index and i not in axes)
        if not rest:
            parts = self._places(operation.indices, index, pointer)
            where = parts[0] if len(parts) == 1 else f"({', '.join(parts)})"
            share = expressions.text(operation.share, axes)
            if running(operation.share) not in (set(), set(axes)):
                # add.at of a vector at places of two axes reads no more than one row of them (NumPy 2.4)
                share = f"np.broadcast_to({share}, {self._pointed(index, pointer)}.shape)"
            return f"{function}({target}, {where}, {share})"
        turned = f"{target}.T" if operation.indices[1] == index else target
        share = expressions.text(operation.share, axes + rest)
        return f"{function}({turned}, {self._pointed(index, pointer)}, {share})"

    def _place(self, indices: Frame, index: Any, pointer: Any) -> str:
        return ", ".join(self._places(indices, index, pointer))

    def _places(self, indices: Frame, index: Any, pointer: Any) -> list[str]:
        """The subscript where ``index`` is ``pointer``, once for each place of the others."""
        at = tuple(pointer if i == index else i for i in indices)
        if comes_out_in_order(at):
            parts = self._expressions.places(at, pointed_axes(pointer))
        else:
            others = tuple(i for i in indices if i != index)
            parts = [self._expressions.side(i, others) for i in at]
        if axis_of(index) == self.plan.touched:
            parts[indices.index(index)] = self._pointed(index, pointer)
        return parts

    def _pointed(self, index: Any, pointer: Any) -> str:
        text = self._expressions.pointer(pointer)
        return f"np.searchsorted(columns, {text})" if axis_of(index) == self.plan.touched else text

    def _shares(self, shares: Iterable[Share]) -> list[str]:
        expressions = self._expressions
        return [
            f"({expressions.pointer(s.pointer)}, {expressions.text(s.value, pointed_axes(s.pointer))})"
            for s in shares
        ]

    def _loop(self, loop: Loop) -> Iterator[str]:
        cuts = {name: self._cut(indices, loop.axis) for name, indices, _ in loop.cuts}
        place = [] if loop.pointer is None else [name_of(loop.pointer)]
        without = f" without {place[0]}" if place else ""
        same = "".join(
            f", where {self._entry(s.name, s)} = {self._entry(label_of(s.expression), s)}" for s in loop.same
        )
        table = f"{loop.table}.T" if cuts[loop.table] == "part" else loop.table
        yield f"for part in {self.uses.name('parts')}({', '.join([table, *place])}):  # of {loop.axis}{without}{same}"
        yield from (f"    {own} = {name}[{cuts[name]}]" for name, _, own in loop.cuts)
        yield from self._inner(loop.block)
        yield "else:"
        yield from self._inner(loop.after)

    def _by_blocks(self, operation: ByBlocks) -> list[str]:
        """The lines that call the function of a block for each of them, and return what comes of it."""
        problem, axis = self._problem, self.uses.size(operation.axis)
        results = [f"grad_{a.name}" for a in problem.differentiated]
        arguments = [f"{a.name}{_block_of(a, axis)}" for a in problem.loss.arguments]
        gradients = [f"grad_{a.name}{_block_of(a, axis)}" for a in problem.differentiated]
        called = ", ".join([BLOCK, *arguments, *gradients, "start > 0"])
        return [
            f'step = {axis} if block_size is None else {self.uses.name("count")}("block_size", block_size)',
            "loss = 0.0",
            f"for start in range(0, max({axis}, 1), max(step, 1)):",
            "    block = slice(start, start + step)",
            f"    loss += {self.uses.name('QUIET')}.copy().run({called})",
            f"return {result_name(problem.loss.name)}(loss, {', '.join(results)})",
        ]

    def _cut(self, indices: Frame, axis: str) -> str:
        parts = ["part" if not is_pointer(i) and axis_of(i) == axis else ":" for i in indices]
        return ", ".join(parts[: parts.index("part") + 1])

    def _entry(self, name: str, s: Equation) -> str:
        return f"{name}[{', '.join(map(name_of, s.indices))}]"

    def _allocated(self, operation: Allocate) -> list[str]:
        gradients = {f"grad_{a.name}": a for a in self._problem.differentiated}
        fresh = {
            name: f"np.{'zeros' if name in operation.zeroed else 'empty'}({gradients[name].name}.shape, {self._dtype})"
            for name in operation.gradients
            if name not in operation.made
        }
        names = [a.name for a in self._problem.loss.arguments if isinstance(a, Array) or a.axes]
        inputs = f"({', '.join(names)}{',' * (len(names) == 1)})"
        wanted = ", ".join(f'"{name}": {gradients[name].name}.shape' for name in operation.gradients)
        targets = f"{unpacked(', '.join(operation.gradients))} = {self.uses.name('buffers')}"
        call = call_text(targets, ["out", self._dtype, f"{{{wanted}}}", inputs], None, 8)
        given = indented([*call, *(f"{name}[...] = 0" for name in operation.zeroed)])
        lines = [f"{name}: {type_of(gradients[name])} | None = None" for name in operation.made]
        if not fresh:
            return [*lines, "if out is not None:", *given]
        values = indented(f"{name} = {value}" for name, value in fresh.items())
        return [*lines, "if out is None:", *values, "else:", *given]

    def _returned(self) -> str:
        loss = self._problem.loss
        values = [n if n != "grad_columns" else f"grad_{loss.sparse}" for n, _ in fields(self._problem)]
        value = "float(loss)"
        if loss.optional and self.plan.needs_loss:
            value += " if with_loss else np.nan"
        return f"return {result_name(loss.name)}({value}, {', '.join(values)})"

    def _commented(self, lines: list[str], equation: Equation) -> list[str]:
        """The lines of a statement with its formula behind the first, or above it where there is no room."""
        formula = statement(equation, self._problem.letters, self.plan.taken)
        if len(lines) == 1 and len(lines[0]) + len(formula) + self.indent + 4 <= WIDTH:
            return [f"{lines[0]}  # {formula}"]
        wrapped = textwrap.wrap(formula, WIDTH - 10, break_long_words=False, break_on_hyphens=False)
        return [f"# {wrapped[0]}", *(f"#     {rest}" for rest in wrapped[1:]), *lines]


def _block_of(a: Argument, axis: str) -> str:
    """The subscript that takes a block of an argument."""
    axes = a.axes.split()
    return f"[{', '.join([':'] * axes.index(axis) + ['block'])}]" if axis in axes else ""


def indented(lines: Iterable[str]) -> list[str]:
    """The lines one level deeper."""
    return [f"    {line}".rstrip() for line in lines]
