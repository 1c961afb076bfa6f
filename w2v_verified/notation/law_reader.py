"""Reading a law: every name and index in it has to fit, and its steps are put in an order they can be computed in."""

from collections.abc import Callable, Iterator
from keyword import iskeyword

from w2v_verified.notation import syntax
from w2v_verified.notation.language import (
    LanguageError,
    parse,
    parse_bounds,
    parse_pointing,
    parse_relation,
)
from w2v_verified.notation.laws import Callee, Calling, CallText, LawText, Reading, ReadLaw, target_of
from w2v_verified.notation.messages import shortened
from w2v_verified.notation.scope import Checker
from w2v_verified.notation.signature import Signature
from w2v_verified.notation.syntax import Bound, Pointing, Statement

__all__ = ["read_law"]


def read_law(law: LawText, own: Callee, called: Callable[[str], Callee]) -> ReadLaw:
    """Read a law about a loss, see that every name and index in it fits, and put its steps in order.

    Raises:
        LanguageError: It is not in the language; the message names the statement and the part of it.
    """
    try:
        return _Reader(law, own, called).read()
    except LanguageError as error:
        raise LanguageError(f"law {law.name!r}: {error}") from None


class _Reader:
    def __init__(self, law: LawText, own: Callee, called: Callable[[str], Callee]) -> None:
        self.law, self.own = law, own
        self.least = {**own.signature.least, **law.signature.least}
        given = {target_of(line) for line in law.given}
        self.arrays = {**law.signature.arrays}
        self.pointers = {**law.signature.pointers}
        self.arrays |= {n: axes for n, axes in own.signature.arrays.items() if n not in given}
        self.pointers |= {n: held for n, held in own.signature.pointers.items() if n not in given}
        self._see_that_names_differ()
        self._see_that_axes_are_known()
        self._see_that_sizes_fit()
        first = Calling("", "", (), own, {a: a for a in own.signature.least}, {})
        self.waiting: list[tuple[str, Reading]] = []
        for line in law.given:
            made = self._take(line, own.signature, target_of(line), None)
            if tuple(bound.axis for bound in made.bounds) != (axes := _axes(own, made.target)):
                raise self._other_axes(made, (), axes)
        self.waiting.append(("", first))
        for text in law.calls:
            callee = called(text.of) if text.of else own
            self._call(text, callee)
        for statement in parse(law.notation).statements:
            self.waiting.append((statement.target, statement))

    def _law_names(self) -> Iterator[str]:
        yield from self.law.signature.names
        yield from (target_of(line) for line in self.law.notation)

    def _see_that_names_differ(self) -> None:
        own = {*self.own.signature.names, *self.own.results}
        seen: set[str] = set()
        for name in self._law_names():
            if name in own or name in seen:
                raise LanguageError(f"{name}: the name of something else")
            seen.add(name)
        calls = [call.name for call in self.law.calls]
        for name in calls:
            if not name.isidentifier() or iskeyword(name) or calls.count(name) > 1:
                raise LanguageError(f"call {name!r}: expected a name that Python can have, one for each call")

    def _see_that_axes_are_known(self) -> None:
        own = self.law.signature
        used = dict(own.arrays)
        used |= {name: (*axes, into) for name, (axes, into) in own.pointers.items()}
        for name, axes in used.items():
            for axis in axes:
                if axis not in self.least:
                    known = ", ".join(self.least)
                    raise LanguageError(f"letting {name}: expected axes out of {known}, got {axis}")

    def _see_that_sizes_fit(self) -> None:
        for axis, size in self.law.sizes.items():
            if axis not in self.least:
                raise LanguageError(f"sizes: expected axes out of {', '.join(self.least)}, got {axis}")
            if not self.least[axis] <= size <= _LARGEST:
                raise LanguageError(f"sizes: expected {self.least[axis]} <= {axis} <= {_LARGEST}, got {size}")

    def _take(
        self, line: str, signature: Signature, argument: str, call: CallText | None
    ) -> Statement | Pointing:
        """A statement that makes an argument; it waits for the names in it."""
        made: Statement | Pointing
        if argument in signature.pointers:
            made = parse_pointing(line)
        elif argument in signature.arrays:
            made = parse((line,)).statements[0]
        else:
            whose = "the first call" if call is None else f"the call {call.name}"
            known = ", ".join((*signature.arrays, *signature.pointers))
            raise LanguageError(f"{shortened(line)!r}: expected an argument of {whose}: {known}")
        self.waiting.append((made.target, made))
        return made

    def _call(self, text: CallText, callee: Callee) -> None:
        bounds = parse_bounds(text.over)
        given: dict[str, Statement | Pointing] = {}
        axes: dict[str, str] = {}
        for line in text.arguments:
            target = target_of(line)
            argument = target.removeprefix(f"{text.name}_")
            if argument == target:
                raise LanguageError(f"{shortened(line)!r}: expected a name that begins with {text.name}_")
            made = self._take(line, callee.signature, argument, text)
            given[argument] = made
            own = _axes(callee, argument)
            if made.bounds[: len(bounds)] != bounds or len(made.bounds) != len(bounds) + len(own):
                raise self._other_axes(made, bounds, own)
            for axis, bound in zip(own, made.bounds[len(bounds) :], strict=True):
                if axes.setdefault(axis, bound.axis) != bound.axis:
                    raise LanguageError(
                        f"{shortened(line)!r}: {axis} is {axes[axis]} and {bound.axis} at once"
                    )
        axes = {axis: axes.get(axis, axis) for axis in callee.signature.least}
        call = Calling(text.name, text.of, bounds, callee, axes, given)
        for argument in callee.arguments:
            if argument not in given:
                self._inherits(call, argument)
        # Where a call has an index into an axis, that has a place.
        pointed = {into for own, into in callee.signature.pointers.values() if not own}
        for axis, least in callee.signature.least.items():
            if axes[axis] not in self.least:
                raise LanguageError(f"call {text.name}: there is no axis {axes[axis]}")
            if axis not in pointed and self.law.sizes.get(axes[axis], self.least[axes[axis]]) < least:
                raise LanguageError(f"call {text.name}: expected {axes[axis]} >= {least} for its {axis}")
        self.waiting.append(("", call))

    def _other_axes(
        self, made: Statement | Pointing, bounds: tuple[Bound, ...], axes: tuple[str, ...]
    ) -> LanguageError:
        over = ", ".join((*(f"{b.name} in {b.axis}" for b in bounds), *(f"... in {a}" for a in axes)))
        wanted = f"{made.target}[{over}] = ..." if over else f"{made.target} = ..."
        return LanguageError(f"{shortened(made.text)!r}: expected {wanted}")

    def _inherits(self, call: Calling, argument: str) -> None:
        """See that the first call has an argument like one that a call is not said to have."""
        own, other = (_form(c, argument) for c in (self.own, call.callee))
        if own != other or any(call.axes[axis] != axis for axis in (other or ())):
            raise LanguageError(f"call {call.name}: expected a statement {call.named(argument)} = ...")

    def read(self) -> ReadLaw:
        steps: list[Reading] = []
        while self.waiting:
            ready = next((each for each in self.waiting if self._is_ready(each[1])), None)
            if ready is None:
                missing = next(iter(self._missing(self.waiting[0][1])))
                raise LanguageError(f"{missing}: nothing with this name can be computed before it is used")
            self.waiting.remove(ready)
            self._know(ready[1])
            steps.append(ready[1])
        bounds = parse_bounds(self.law.over)
        holds = tuple(parse_relation(line, bounds) for line in self.law.holds)
        if not holds:
            raise LanguageError("expected something that holds, got nothing")
        for relation in holds:
            self._see_that_it_is_one_expression(relation.text, relation)
            checker = self._checker(relation.text)
            checker.check(bounds, relation.left)
            checker.check(bounds, relation.right)
        return ReadLaw(self.law, Signature(self.least, self.arrays, self.pointers), tuple(steps), holds)

    def _see_that_it_is_one_expression(self, text: str, node: object) -> None:
        """Refuse a choice: which side of a condition holds is not for numbers within bounds to say."""
        if any(isinstance(part, syntax.Choice) for part in syntax.nodes(node)):
            raise LanguageError(f"{shortened(text)!r}: expected an expression without 'if', got a choice")

    def _checker(self, text: str) -> Checker:
        return Checker(text, frozenset(self.least), self.arrays, self.pointers)

    def _missing(self, step: Reading) -> set[str]:
        """The names a step waits for."""
        later = {name for name, _ in self.waiting if name} | {
            call.named(name)
            for _, call in self.waiting
            if isinstance(call, Calling)
            for name in call.callee.results
        }
        if isinstance(step, Calling):
            own = {statement.target for statement in step.given.values()}
            inherited = {a for a in step.callee.arguments if a not in step.given}
            return (own | inherited) & later
        value = step.position if isinstance(step, Pointing) else step.expression
        return {n.name for n in syntax.nodes(value) if isinstance(n, _NAMED)} & (later - {step.target})

    def _is_ready(self, step: Reading) -> bool:
        return not self._missing(step)

    def _know(self, step: Reading) -> None:
        """Check a step, and take the names it gives."""
        match step:
            case Statement(target, bounds, expression, text):
                self._see_that_it_is_one_expression(text, expression)
                self._checker(text).check(bounds, expression)
                self._new(target)
                self.arrays[target] = tuple(bound.axis for bound in bounds)
            case Pointing(target, bounds, position, text):
                into = self._checker(text).pointing(bounds, position)
                wanted = self._into(target)
                if wanted != into:
                    raise LanguageError(
                        f"{shortened(text)!r}: expected an index into {wanted}, got one into {into}"
                    )
                self._new(target)
                self.pointers[target] = (tuple(bound.axis for bound in bounds), into)
            case Calling():
                handed_on = {a for a in step.callee.arguments if a not in step.given} if step.name else set()
                for argument in handed_on:
                    self._new(step.named(argument))
                for argument in handed_on & step.callee.signature.arrays.keys():
                    self.arrays[step.named(argument)] = step.over(_axes(step.callee, argument))
                for argument in handed_on & step.callee.signature.pointers.keys():
                    axes, into = step.callee.signature.pointers[argument]
                    self.pointers[step.named(argument)] = (step.over(axes), step.axes[into])
                for name, axes in step.callee.results.items():
                    self._new(step.named(name))
                    self.arrays[step.named(name)] = step.over(axes)

    def _new(self, name: str) -> None:
        if name in self.arrays or name in self.pointers or name in self.least:
            raise LanguageError(f"{name}: the name of something else")

    def _into(self, target: str) -> str:
        """The axis that an index argument has to point into, as the law has it."""
        for _, step in self.waiting:
            if isinstance(step, Calling):
                for argument, made in step.given.items():
                    if made.target == target:
                        return step.axes[step.callee.signature.pointers[argument][1]]
        return self.own.signature.pointers[target][1]


_LARGEST = 12
"""More places of a fixed size than this are no law's, and take long to go through."""
_NAMED = (syntax.Name, syntax.Entry, syntax.Lookup)


def _axes(callee: Callee, argument: str) -> tuple[str, ...]:
    held = callee.signature.pointers.get(argument)
    return callee.signature.arrays[argument] if held is None else held[0]


def _form(callee: Callee, argument: str) -> tuple[str, ...] | None:
    """The axes of an argument, and for an index the one it points into; None if there is no such argument."""
    if argument not in callee.arguments:
        return None
    held = callee.signature.pointers.get(argument)
    return callee.signature.arrays[argument] if held is None else (*held[0], held[1])
