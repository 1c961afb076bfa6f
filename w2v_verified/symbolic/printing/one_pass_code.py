"""The lines that read a large table once, a part at a time."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import sympy as sp

from w2v_verified.symbolic.language.equation import Equation, names_used
from w2v_verified.symbolic.language.indices import axis_of, is_pointer, label_of, name_of
from w2v_verified.symbolic.language.naming import entry
from w2v_verified.symbolic.printing.contraction import NotDirectError
from w2v_verified.symbolic.printing.interface import places
from w2v_verified.symbolic.printing.writer import Writer, indented
from w2v_verified.symbolic.rewrite.one_pass import OnePass


def passing(writer: Writer, found: OnePass, judged: list[str]) -> list[str]:
    """The lines of the road for a large table, if nothing has to be moderate but what is computed in parts.

    There are none if a name is taken, or if there is no one operation for a result that is to be made.
    """
    part = _in_a_part(found)
    new = {"part", *(f"{name}_part" for name in part.cuts), *set(part.meaning) - found.split.program.names}
    if writer.problem.loss.blocks or not set(judged) <= {s.name for s in found.along}:
        return []
    if new & writer.lowering.taken:
        return []
    try:
        return _Passing(writer.branch(deeper=4), found, part, judged).lines()
    except NotDirectError:
        return []


@dataclass(frozen=True)
class _Part:
    """What is computed in a part.

    Of the ``statements`` there the ``meaning`` holds in all places; ``names`` are those that are other names in a
    part, ``same`` are entries that are the same there, ``cuts`` the subscripts of the arrays that are cut.
    """

    statements: list[Equation] = field(default_factory=list)
    meaning: dict[str, Equation] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    same: dict[str, str] = field(default_factory=dict)
    cuts: dict[str, str] = field(default_factory=dict)


def _in_a_part(found: OnePass) -> _Part:
    """What is computed in a part."""
    axis = found.table.axis
    part = _Part()
    own = {s.name for s in found.along}
    for s in (*found.along, *found.sums):
        for x in sorted(s.expression.atoms(sp.Indexed), key=sp.default_sort_key):
            cut = [":" if axis_of(i) != axis or is_pointer(i) else "part" for i in x.indices]
            if label_of(x) not in own and "part" in cut:
                part.cuts[label_of(x)] = ", ".join(cut[: cut.index("part") + 1])
                part.names[label_of(x)] = f"{label_of(x)}_part"
        e = s.expression.replace(
            lambda x: isinstance(x, sp.KroneckerDelta) and found.table.pointer in x.args,
            lambda *_: sp.Integer(0),
        )
        e = e.replace(
            lambda x: isinstance(x, sp.Indexed) and label_of(x) in part.names,
            lambda x: entry(part.names[label_of(x)], x.indices),
        )
        if isinstance(e, sp.Indexed) and e.indices == s.indices:
            over = f"[{', '.join(map(name_of, s.indices))}]"
            part.same[f"{s.name}{over}"] = f"{label_of(e)}{over}"
            part.names[s.name] = label_of(e)
            continue
        if s.name in found.kept:
            part.names[s.name] = f"{s.name}_part"
        name = part.names.get(s.name, s.name)
        part.statements.append(replace(s, name=name, expression=e))
        part.meaning[name] = s
    return part


@dataclass(frozen=True)
class _Passing:
    writer: Writer
    found: OnePass
    part: _Part
    judged: list[str]

    def lines(self) -> list[str]:
        found, writer = self.found, self.writer
        held = [s for s in (*found.along, *found.sums) if s.name in found.kept or s in found.sums]
        for s in held:
            writer.lowering.held(s)
        inner = [
            *writer.statements(found.before, found.split.program.statements),
            *(f"{s.name} = {self._zeros(s)}" for s in held),
            *self._loop(),
            "else:",
            *indented(self._end(writer.branch())),
        ]
        return [f"if {found.table.name}.size >= MANY:", *indented(inner)]

    def _zeros(self, s: Equation) -> str:
        where = places(self.writer.problem)
        sizes = [where[axis_of(i)][0] for i in s.indices]
        return f"np.zeros({sizes[0]}, {self.writer.lowering.dtype})" if sizes else "0.0"

    def _loop(self) -> Iterator[str]:
        """The lines that go through the parts; where values are not moderate, they leave the loop."""
        found, part, writer = self.found, self.part, self.writer.branch()
        place = [] if found.table.pointer is None else [name_of(found.table.pointer)]
        without = f" without {place[0]}" if place else ""
        same = "".join(f", where {a} = {b}" for a, b in part.same.items())
        table = f"{found.table.name}.T" if part.cuts[found.table.name] == "part" else found.table.name
        yield f"for part in parts({', '.join([table, *place])}):  # of {found.table.axis}{without}{same}"
        yield from (f"    {name}_part = {name}[{cut}]" for name, cut in part.cuts.items())
        for n, s in enumerate(part.statements):
            lines = writer.statements([s], part.statements[n:], (), part.meaning)
            added = s.name in {x.name for x in found.sums}
            yield from indented(re.sub(rf"^{s.name} = ", f"{s.name} += ", x) if added else x for x in lines)
            if s.name in {part.names.get(j, j) for j in self.judged}:
                yield f"    if not moderate({s.name}):"
                yield "        break"
            yield from (f"    {k}[part] = {s.name}" for k in found.kept if part.names[k] == s.name)

    def _end(self, writer: Writer) -> list[str]:
        """The lines behind the loop: the product that was read off, and if that is fit, all that is left."""
        found = self.found
        needed = {found.read_off}
        for s in reversed(found.after):
            needed |= names_used([s.expression]) if s.name in needed else set()
        front = [s for s in found.after if s.name in needed]
        back = [s for s in found.after if s.name not in needed]
        fit = [*(f"{d} >= 1" for d in found.split.divisors), f"finite({found.read_off})"]
        own = [found.split.singled[name] for name in self.judged if name in found.split.singled]
        fit += [f"moderate({', '.join(own)})"] if own else []
        lines = writer.statements(front, found.after)
        rest = [*writer.branch().statements(back, back), writer.result]
        return [*lines, f"if {' and '.join(fit)}:", *indented(rest)]
