"""What a document begins with: the symbols, the definition, and how much of the page is proved."""

from collections.abc import Iterator

from w2v_verified.symbolic.calculus.steps import Steps
from w2v_verified.symbolic.definition.arguments import Argument, Axis, Position
from w2v_verified.symbolic.document.formulas import Formulas
from w2v_verified.symbolic.language.operators import Order
from w2v_verified.symbolic.page.page import Block, Code, Formula, Paragraph, Table, Text, Words, said
from w2v_verified.symbolic.page.prose import words
from w2v_verified.symbolic.proof.step import SAMPLED

__all__ = ["definition", "standing", "symbols"]


def symbols(formulas: Formulas) -> Table:
    """The arguments and the letters of indices."""
    loss = formulas.problem.loss
    head = tuple(map(said, ("symbol", "in code", "meaning", "shape")))
    arguments = (
        ((formulas.name(a.name),), (Code(a.name),), words(a.meaning), (_shape(formulas, a),))
        for a in loss.arguments
    )
    axes = ((*_axis(formulas, axis), said(f"at least {axis.minimum}")) for axis in loss.axes)
    return Table(head, (*arguments, *((symbol, (), what, least) for symbol, what, least in axes)))


def _shape(formulas: Formulas, a: Argument) -> Formula:
    names = tuple(map(formulas.latex.name, a.axes.split()))
    if isinstance(a, Position) and not names:
        return Formula(rf"0\le {formulas.latex.name(a.name)}<{formulas.latex.name(a.into)}")
    return Formula(f"({', '.join(names)}{',' if len(names) == 1 else ''})")


def _axis(formulas: Formulas, axis: Axis) -> tuple[Words, Words]:
    """The letters of an axis and what they run over; its size where no letters are given."""
    places, letters = formulas.name(axis.name), axis.letters.split()
    meaning = (Text(": "), *words(axis.meaning)) if axis.meaning else ()
    if not letters:
        return (places,), (Text("a number of places"), *meaning)
    written = Formula(", ".join(map(formulas.latex.name, letters)))
    return (written,), (Text("run over "), places, Text(" places"), *meaning)


def definition(formulas: Formulas) -> Iterator[Block]:
    """The statements of the definition and of its notation, and how to read them."""
    problem = formulas.problem
    notation = problem.definitions(problem.loss.notation, known=problem.authored)
    yield from map(formulas.equation, problem.authored)
    if notation:
        yield Paragraph(said("with the names"))
        yield from map(formulas.equation, notation)
    if problem.kinks:
        yield Paragraph(
            words(
                f"Where a function has a kink the loss has no derivative there; {'; '.join(problem.kinks)}. "
                "What is proved below holds away from kinks; the function returns these values at them."
            )
        )
    yield Paragraph(_reading(formulas))


def _reading(formulas: Formulas) -> Words:
    """What formulas use beside the names defined."""
    stated = any(s.expression.has(Order) for s in formulas.problem.authored)
    order = r", $[a<b]$ is 1 where $a$ comes before $b$, $[a\leq b]$ also where they agree" if stated else ""
    parts = [r"$\mathbf 1$ is a vector of ones", r"$\odot$ multiplies entry by entry"]
    for a in formulas.problem.loss.arguments:
        written = formulas.latex.name(a.name)
        if isinstance(a, Position) and not a.axes:
            parts.append(f"$e_{{{written}}}$ is the unit vector with its 1 at place ${written}$")
        elif isinstance(a, Position) and len(a.axes.split()) == 1:
            k = formulas.problem.letters[a.axes.strip()][0]
            unit = f"e_{{{formulas.latex.subscripted(a.name, k)}}}"
            parts.append(f"$E_{{{written}}}$ has the unit vector ${unit}$ as its column ${k}$")
    return words(
        f"A bracket $[a=b]$ is 1 where $a$ and $b$ agree and 0 elsewhere{order}; a sum ends at the next "
        "$+$ or $-$ outside its parentheses, and one of no terms is 0. In matrix form, "
        f"functions apply entry by entry, {', '.join(parts)}."
    )


def standing(steps: Steps) -> Paragraph:
    """How much of the page is proved."""
    each = [step.is_proved for step in steps]
    proved, unproved = each.count(True), each.count(False)
    if unproved:
        holds = (
            f"Everything below is meant for all sizes of these axes: {proved} of {len(each)} steps are proved, "
            f"and {unproved} marked as {SAMPLED}. Algebra could not decide these; both sides were evaluated at "
            "sizes up to 12, drawn by seed, and agree."
        )
    else:
        holds = f"Everything below holds for all sizes of these axes: all {proved} steps are proved."
    return Paragraph(
        words(
            f"{holds} Each line of a table was re-checked when this page was made: by algebra, for all sizes, with the "
            "rules it names, each of which it needs; `w2v-verified verify` also evaluates both sides at sampled "
            "points. Text between the tables is argument in words, for you to follow: no program checked it line by "
            "line."
        )
    )
