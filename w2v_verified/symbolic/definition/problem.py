"""A loss translated into SymPy: its stages, its context, the names and letters in use."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any

import sympy as sp

from w2v_verified.notation import LanguageError, Signature, parse, syntax
from w2v_verified.symbolic.algebra.context import Context
from w2v_verified.symbolic.algebra.domain import Domain
from w2v_verified.symbolic.definition.arguments import Array, Position
from w2v_verified.symbolic.definition.loss import Loss, lines
from w2v_verified.symbolic.definition.prepare import preparation, prepared
from w2v_verified.symbolic.definition.validate import check_alone, check_free, check_name, validate
from w2v_verified.symbolic.language.equation import Equation, names_used
from w2v_verified.symbolic.language.indices import axis_of, index, name_of, substitute
from w2v_verified.symbolic.language.intervals import Range
from w2v_verified.symbolic.language.naming import Namer, free_name, lettered_indices
from w2v_verified.symbolic.language.operators import kinks
from w2v_verified.symbolic.language.translate import Translator
from w2v_verified.symbolic.proof.drawing import Names
from w2v_verified.symbolic.proof.program import Program
from w2v_verified.symbolic.proof.step import ProofStep

FURTHER_LETTERS = tuple(f"{letter}{n}" for n in ("", "2", "3") for letter in "ijklpqrtuvw")


@dataclass(frozen=True)
class Problem:
    """A loss whose definition has been read, every name and index in it checked."""

    loss: Loss

    def __post_init__(self) -> None:
        validate(self.loss)

    @cached_property
    def arrays(self) -> tuple[Array, ...]:
        """The floating arguments."""
        return tuple(a for a in self.loss.arguments if isinstance(a, Array))

    @cached_property
    def pointers(self) -> tuple[Position, ...]:
        """The integer arguments."""
        return tuple(a for a in self.loss.arguments if isinstance(a, Position))

    @cached_property
    def ranges(self) -> dict[str, Range]:
        """Where the entries of the floating arguments lie."""
        return {a.name: a.range for a in self.arrays}

    @cached_property
    def differentiated(self) -> tuple[Array, ...]:
        """The arguments a gradient is returned for."""
        return tuple(a for a in self.arrays if a.gradient)

    @cached_property
    def letters(self) -> dict[str, tuple[str, ...]]:
        """The names of bound indices, axis by axis, in order of preference."""
        return {a.name: (*a.letters.split(), *FURTHER_LETTERS) for a in self.loss.axes}

    @cached_property
    def taken(self) -> frozenset[str]:
        """Names a bound index must not have."""
        return self._named | {s.name for s in self.stages}

    @property
    def _named(self) -> frozenset[str]:
        names = {a.name for a in (*self.loss.arguments, *self.loss.axes)}
        return frozenset(names | {s.name for s in self.authored})

    @cached_property
    def reserved(self) -> frozenset[str]:
        """Names that no part made by the engine may have: whatever people call an argument, a statement or an index."""
        written = (*lines(self.loss.definition), *lines(self.loss.notation))
        statements = [s for line in written for s in parse((line,)).statements]
        indices = {bound.name for s in statements for bound in s.bounds}
        declared = {letter for a in self.loss.axes for letter in a.letters.split()}
        arguments = {a.name for a in (*self.loss.arguments, *self.loss.axes)}
        return frozenset(arguments | {s.target for s in statements} | indices | declared)

    @cached_property
    def translator(self) -> Translator:
        """Reads expressions of this loss."""
        return Translator(
            frozenset(a.name for a in self.loss.axes),
            {p.name: p.into for p in self.pointers},
            self.ranges,
        )

    @cached_property
    def stages(self) -> tuple[Equation, ...]:
        """The definition in stages that can be differentiated one by one; ``loss`` is the last."""
        return self._prepared[0]

    @cached_property
    def varying(self) -> frozenset[str]:
        """The arguments gradients are wanted for, and the statements that depend on them."""
        found = {a.name for a in self.differentiated}
        for s in self.authored:
            found |= {s.name} if names_used([s.expression]) & found else set()
        return frozenset(found)

    @cached_property
    def kinks(self) -> tuple[str, ...]:
        """Where functions in it have no derivative, and what is taken for it there, a sentence each."""
        found: dict[str, None] = {}
        for s in self.authored:
            for e in s.expression.atoms(sp.Function):
                found |= kinks(e) if names_used([e]) & self.varying else {}
        return tuple(found)

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts that were applied to make the stages."""
        return self._prepared[1]

    @property
    def preparation(self) -> ProofStep | None:
        """That the stages equal the definition; None where they are its statements."""
        return self._prepared[2]

    @cached_property
    def _prepared(self) -> tuple[tuple[Equation, ...], tuple[str, ...], ProofStep | None]:
        namer = Namer(self._named, self.letters, {s.name for s in self.authored}, self.reserved)
        stages, facts = prepared(self.authored, self._basis, namer)
        step = preparation(self.authored, stages, self._basis, self.names)
        if step is not None:
            step.settle()
        return stages, facts, step

    @cached_property
    def names(self) -> Names:
        """The arguments, as things that can be given values."""
        return Names(self.signature.arrays, self.ranges, self.signature.pointers, self.letters)

    @cached_property
    def authored(self) -> tuple[Equation, ...]:
        """The statements of the definition as their author wrote them; ``loss`` is the last."""
        stages = self.definitions(self.loss.definition, wanted=("loss",), smooth=True)
        if stages[-1].name != "loss" or stages[-1].indices:
            raise LanguageError("the last statement of a definition must be 'loss = ...', a scalar")
        for stage in stages[:-1]:
            check_name("statement", stage.name)
            check_free("statement", stage.name)
            check_alone("statement", stage.name, stage.indices)
        return stages

    @cached_property
    def context(self) -> Context:
        """What a proof about this loss may use."""
        notation = self.definitions(self.loss.notation, known=self.authored)
        for name in notation:
            check_name("notation", name.name)
        return self._basis.defining(*self.authored, *self.stages, *notation)

    @cached_property
    def _basis(self) -> Context:
        pointed = {p.into for p in self.pointers if not p.axes}
        least = {axis: max(size, int(axis in pointed)) for axis, size in self.signature.least.items()}
        return Context(least, given=self.signature.names, ranges=self.ranges)

    @cached_property
    def signature(self) -> Signature:
        """What the loss is a function of."""
        return self.loss.signature

    def definitions(
        self,
        text: str,
        known: tuple[Equation, ...] = (),
        wanted: tuple[str, ...] = (),
        smooth: bool = False,
    ) -> tuple[Equation, ...]:
        """The statements in ``text``, which may use the arguments and the names ``known``.

        Each is checked to be defined for all admissible inputs, and ``smooth`` if that is asked for.
        """
        program = parse(lines(text))
        return self.read(program, self._basis.defining(*known), wanted=wanted, smooth=smooth)

    def read(
        self,
        program: syntax.Module,
        context: Context,
        letting: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
        wanted: tuple[str, ...] = (),
        smooth: bool = False,
        shown: str = "",
    ) -> tuple[Equation, ...]:
        """Statements translated, which may use the arguments, what ``context`` defines and the arrays ``letting``.

        Each is checked to be defined; ``shown`` is what a message says of it.
        """
        defined = {d.name: tuple(map(axis_of, d.indices)) for d in context.definitions.values()}
        self.signature.resolve(program, {**defined, **letting}, wanted)
        variables = self._variables(context) | set(letting)
        made: list[Equation] = []
        for statement in program.statements:
            moving = self._moving(context) if smooth else None
            domain = Domain(self.translator, context, self.letters, smooth, variables, moving)
            try:
                domain.check(statement, shown)
                made.append(self._translated(statement))
            except RecursionError:
                raise LanguageError(f"{statement.target}: nested too deeply") from None
            context = context.defining(made[-1])
        return tuple(made)

    def _moving(self, context: Context) -> frozenset[str]:
        """What has to be smooth where it is used: the arguments gradients are wanted for, and what depends on them."""
        found = {a.name for a in self.differentiated}
        for name, known in context.definitions.items():
            found |= {name} if names_used([known.expression]) & found else set()
        return frozenset(found)

    def _variables(self, context: Context) -> set[str]:
        """What something may be differentiated by: the floating arguments and the statements of the definition."""
        stated = set(context.definitions) - {"loss"}
        written = {s.target for line in lines(self.loss.definition) for s in parse((line,)).statements}
        return {a.name for a in self.arrays} | (stated & written)

    def _translated(self, statement: syntax.Statement) -> Equation:
        indices = tuple(index(b.name, b.axis) for b in statement.bounds)
        return Equation(
            statement.target, indices, self.translator.expression(statement.expression, statement.bounds)
        )

    def axes_of(self, name: str) -> tuple[str, ...]:
        """The axes of a stage or a floating argument."""
        for stage in self.stages:
            if stage.name == name:
                return tuple(axis_of(i) for i in stage.indices)
        return next(tuple(a.axes.split()) for a in self.arrays if a.name == name)

    def indices(self, name: str) -> tuple[Any, ...]:
        """Indices for an entry of ``name``, called by the letters of its axes."""
        return lettered_indices(self.axes_of(name), self.letters, self.taken)

    def entry(self, name: str, indices: tuple[Any, ...]) -> Any:
        """``name[indices]``, or the scalar ``name``."""
        return self.translator.base(name)[indices] if indices else self.translator.scalar(name)

    def renamed(self, stage: Equation, avoiding: tuple[Any, ...]) -> Equation:
        """``stage`` with free indices that differ from those in ``avoiding``."""
        used = self.taken | {name_of(i) for i in avoiding}
        own = lettered_indices(map(axis_of, stage.indices), self.letters, used)
        renaming = dict(zip(stage.indices, own, strict=True))
        return Equation(stage.name, own, substitute(stage.expression, renaming))

    def adjoint_name(self, name: str) -> str:
        """What the derivative of the loss by ``name`` is called."""
        if any(a.name == name for a in self.arrays):
            return f"grad_{name}"
        return self._by_stages[name]

    @cached_property
    def _by_stages(self) -> dict[str, str]:
        names: dict[str, str] = {}
        taken = self.taken | self.reserved
        alone = len(self.stages) == 2 and "delta" not in taken
        for stage in self.stages:
            wanted = "delta" if alone else f"delta_{stage.name}"
            names[stage.name] = free_name(wanted, taken.union(names.values()))
        return names

    def namer(self, program: Program) -> Namer:
        """One for what is made from a program."""
        return Namer(self.taken | program.names, self.letters, reserved=self.reserved)
