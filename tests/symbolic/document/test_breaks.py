"""A long formula is cut where a line may end, and says in pieces what it says whole."""

from collections.abc import Iterator

import pytest
from followed import LOSSES, derived

from w2v_verified.symbolic import Chain
from w2v_verified.symbolic.document.formulas import Formulas
from w2v_verified.symbolic.page.page import Display, Formula, Page, Steps, Table
from w2v_verified.symbolic.page.tex_math import typeset


def formulas(page: Page) -> Iterator[Formula]:
    """Every formula of a page that stands on a line, or in a table."""
    for block in page.blocks:
        if isinstance(block, Display):
            yield from filter(None, (block.formula, block.that_is))
        elif isinstance(block, Steps):
            yield from (f for line in block.lines for f in (line.formula, line.matrix) if f is not None)
        elif isinstance(block, Table):
            cells = (part for row in block.rows for cell in row for part in cell)
            yield from (part for part in cells if isinstance(part, Formula))


@pytest.mark.slow
@pytest.mark.parametrize("name", LOSSES)
def test_every_formula_is_read_whole_and_in_pieces(name: str) -> None:
    found = list(formulas(derived(name).page()))
    assert any(len(f.pieces) > 1 for f in found)
    for formula in found:
        assert typeset(formula.latex) is not None
        assert None not in map(typeset, formula.pieces)
        if formula.pieces and r"\vphantom" not in "".join(formula.pieces):
            assert "".join(formula.pieces).replace(" ", "") == formula.latex.replace(" ", "")


@pytest.mark.parametrize(
    ("over", "expression", "pieces"),
    [
        ("w in V", "s[w]", (r"s_{w}",)),
        (
            "",
            "log(sum(w in V, exp(s[w]))) - log(sum(w in V, exp(-s[w]))) + log(sum(w in V, exp(2 * s[w])))",
            (
                r"\log\left(\sum_{w} e^{s_{w}}\right)",
                r"+\log\left(\sum_{w} e^{2\,s_{w}}\right)",
                r"-\log\left(\sum_{w} e^{-s_{w}}\right)",
            ),
        ),
    ],
)
def test_it_is_cut_in_front_of_terms(over: str, expression: str, pieces: tuple[str, ...]) -> None:
    assert cut(over, expression).pieces == pieces


def cut(over: str, expression: str) -> Formula:
    """An expression about negative sampling as a formula."""
    derivation = derived("negative_sampling")
    return Formulas(derivation.problem).index(
        *derivation.steps.expression(Chain(expression, (), over), expression)
    )


def test_parentheses_around_pieces_are_as_tall_as_all_of_them() -> None:
    total = " + ".join(f"sum(k in K, z[k] ** {n})" for n in range(2, 9))
    formula = cut("w in V", f"s[w] * ({total})")
    first, *others, last = formula.pieces
    assert first == r"s_{w}\,"
    opening, *between = others
    tall = opening.partition(r"\vphantom{")[2].partition(r"}\right.")[0]
    assert opening.startswith(r"\left(\vphantom{")
    assert last.endswith(rf"\left.\vphantom{{{tall}}}\right)")
    assert len(between) == 5
