"""Where a long formula may go on in the next line."""

from typing import Any, TypeAlias

import sympy as sp

from w2v_verified.symbolic.document.latex import FACTOR, PRODUCT, SUM, Latex, factors
from w2v_verified.symbolic.language.functions import Root, spelled
from w2v_verified.symbolic.language.operators import Slope
from w2v_verified.symbolic.language.text import bracket, negative, ordered_terms, split_fraction
from w2v_verified.symbolic.page.page import Formula

__all__ = ["cut", "formula"]

_LONG = 90
"""A formula of fewer characters of LaTeX fits in one line."""
Pieces: TypeAlias = tuple[str, ...]


def formula(latex: Latex, e: Any, lead: str = "", *, tall: bool = False) -> Formula:
    """``lead`` and ``e``, with the places where a line may end."""
    first, *others = cut(latex, e)
    return Formula(lead + latex.text(e), (lead + first, *others), tall)


def cut(latex: Latex, e: Any, around: int = SUM) -> Pieces:
    """``e`` as `Latex.text` writes it, cut in front of terms and between factors where it is long."""
    whole, binds = latex.bound(e)
    inside = _cut(latex, e) if len(whole) > _LONG else (whole,)
    if binds >= around:
        return inside
    return (rf"\left({whole}\right)",) if len(inside) == 1 else _in_parentheses(inside)


def _cut(latex: Latex, e: Any) -> Pieces:
    if bracket(e) is not None:
        return (latex.text(e),)
    if isinstance(e, sp.Add):
        return tuple(piece for n, term in enumerate(ordered_terms(e)) for piece in _term(latex, term, n))
    if isinstance(e, sp.Sum):
        return _led(latex.sums(e), cut(latex, e.function, PRODUCT))
    if isinstance(e, Slope):
        return _led(latex.slope(e), cut(latex, e.args[0], FACTOR))
    if isinstance(e, sp.Mul):
        return _product(latex, e)
    known = spelled(e)
    if known is not None and not isinstance(known[0], Root) and known[0].around is None:
        inside = cut(latex, known[1])
        if len(inside) > 1:
            return _led(known[0].operator, _in_parentheses(inside))
    return (latex.text(e),)


def _term(latex: Latex, term: Any, place: int) -> Pieces:
    minus = negative(term)
    sign = "-" if minus else "+" if place else ""
    return _led(sign, cut(latex, -term if minus else term, PRODUCT))


def _product(latex: Latex, e: Any) -> Pieces:
    number, above, below = split_fraction(e)
    if below:
        return (latex.text(e),)
    written: list[Pieces] = [(latex.number(abs(number)),)] if abs(number) != 1 else []
    written += [cut(latex, f, around) for f, around in factors(above, FACTOR)]
    *others, last = written
    spaced = [piece for pieces in others for piece in (*pieces[:-1], rf"{pieces[-1]}\,")]
    return _led("-" if number < 0 else "", (*spaced, *last))


def _led(lead: str, pieces: Pieces) -> Pieces:
    return (lead + pieces[0], *pieces[1:])


def _in_parentheses(pieces: Pieces) -> Pieces:
    """Pieces in parentheses that are as tall as all of them: each parenthesis stands in a piece of its own."""
    first, *others, last = pieces
    tall = rf"\vphantom{{{''.join(pieces)}}}"
    return (rf"\left({tall}\right.{first}", *others, rf"{last}\left.{tall}\right)")
