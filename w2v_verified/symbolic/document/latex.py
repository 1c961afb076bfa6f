"""Index expressions as LaTeX, in index form."""

from collections.abc import Mapping
from typing import Any

import sympy as sp

from w2v_verified.symbolic.language.errors import UnsupportedError
from w2v_verified.symbolic.language.functions import spelled
from w2v_verified.symbolic.language.indices import bound_indices, name_of
from w2v_verified.symbolic.language.operators import Choose, Larger, Largest, Slope
from w2v_verified.symbolic.language.text import bracket, negative, numeral, ordered_terms, split_fraction

SUM, PRODUCT, FACTOR = range(3)
"""How tightly a formula holds together."""
_RELATIONS = {"==": "=", "!=": r"\neq", "<": "<", "<=": r"\leq"}


_GREEK = frozenset(
    (
        *(
            "alpha",
            "beta",
            "gamma",
            "delta",
            "epsilon",
            "zeta",
            "eta",
            "theta",
            "iota",
            "kappa",
            "lambda",
            "mu",
        ),
        *("nu", "xi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega"),
        *("Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega"),
    )
)


class Latex:
    """Prints expressions with lettered indices; ``symbols`` says how names are written."""

    def __init__(self, symbols: Mapping[str, str]) -> None:
        self.symbols = symbols

    def name(self, name: str) -> str:
        """A name: as told, a derivative of the loss, or a letter with its rest as a subscript."""
        if name in self.symbols:
            return self.symbols[name]
        if name == "loss":
            return "J"
        if name.startswith("grad_"):
            return rf"\frac{{\partial J}}{{\partial {self.name(name.removeprefix('grad_'))}}}"
        head, _, tail = name.partition("_")
        head = rf"\{head}" if head in _GREEK else head
        if len(head) != 1 and not head.startswith("\\"):
            head = rf"\mathit{{{head}}}" if head else r"\_"
        tail = tail.replace("_", r"\_")
        return f"{head}_{{{tail}}}" if tail else head

    def number(self, number: Any) -> str:
        """A decimal or whole number."""
        digits, _, exponent = numeral(number).partition("e")
        power = rf"10^{{{exponent}}}"
        return digits if not exponent else power if digits == "1" else rf"{digits}\cdot {power}"

    def position(self, i: Any) -> str:
        """An index, or an entry of an index argument."""
        if isinstance(i, sp.Indexed):
            return self.subscripted(name_of(i.base.label), self.positions(i.indices))
        return self.name(name_of(i))

    def positions(self, indices: tuple[Any, ...]) -> str:
        """Subscripts, separated by commas where one is longer than a letter."""
        parts = [self.position(i) for i in indices]
        return (" " if all(len(p) == 1 for p in parts) else ",").join(parts)

    def entry(self, e: Any) -> str:
        """An entry of an array, or the derivative of the loss by an entry."""
        name, at = e.base.label.name, self.positions(e.indices)
        if name.startswith("grad_"):
            return rf"\frac{{\partial J}}{{\partial {self.subscripted(name.removeprefix('grad_'), at)}}}"
        return self.subscripted(name, at)

    def subscripted(self, name: str, at: str) -> str:
        """A name with what stands below it; in parentheses where something does so already."""
        written = self.name(name)
        return f"({written})_{{{at}}}" if "_" in written else f"{written}_{{{at}}}"

    def text(self, e: Any, around: int = SUM) -> str:
        """``e`` as LaTeX, in parentheses where its surroundings bind tighter."""
        written, binds = self.bound(e)
        return rf"\left({written}\right)" if binds < around else written

    def bound(self, e: Any) -> tuple[str, int]:
        """``e`` as LaTeX, and how tightly that holds together."""
        sides = bracket(e)
        if sides is not None:
            relation = _RELATIONS[sides[2]]
            return rf"[{self.position(sides[0])}{relation} {self.position(sides[1])}]", FACTOR
        if isinstance(e, sp.Add):
            pieces = [(negative(t), self.text(-t if negative(t) else t, PRODUCT)) for t in ordered_terms(e)]
            minus, first = pieces[0]
            rest = "".join(f"{'-' if m else '+'}{p}" for m, p in pieces[1:])
            return ("-" if minus else "") + first + rest, SUM
        if isinstance(e, sp.Mul) or (e.is_Rational and not e.is_Integer):
            return self._product(e)
        if isinstance(e, sp.Indexed):
            return self.entry(e), FACTOR
        if isinstance(e, sp.Sum):
            return self.sums(e) + self.text(e.function, PRODUCT), PRODUCT
        if isinstance(e, Largest):
            over = ",".join(self.position(k) for k in bound_indices(e))
            return rf"\max_{{{over}}} {self.text(e.function, PRODUCT)}", PRODUCT
        if isinstance(e, Choose):
            low, high, then, otherwise = map(self.text, e.args)
            cases = rf"{then} & {low}<{high}\\ {otherwise} & \text{{otherwise}}"
            return rf"\begin{{cases}}{cases}\end{{cases}}", FACTOR
        if isinstance(e, Slope):
            return self.slope(e) + self.text(e.args[0], FACTOR), PRODUCT
        return self._function(e)

    def slope(self, e: Any) -> str:
        """What stands in front of the function that a derivative is of."""
        return rf"\frac{{\partial}}{{\partial {self.text(e.args[1])}}}"

    def _function(self, e: Any) -> tuple[str, int]:
        if e in (sp.E, sp.pi):
            return "e" if e == sp.E else r"\pi", FACTOR
        known = spelled(e)
        if known is not None:
            row, argument = known
            return row.latex(self.text(argument)), FACTOR
        if isinstance(e, Larger):
            return rf"\max({','.join(map(self.text, e.args))})", FACTOR
        if isinstance(e, sp.Pow):
            if e.exp.is_number and e.exp.is_negative:
                return self._product(e)
            base = self.text(e.base, FACTOR)
            base = base if isinstance(e.base, sp.Symbol) else rf"{{{base}}}"
            return f"{base}^{{{self.text(e.exp)}}}", FACTOR
        if e.is_Integer:
            written = self.number(e)
            return written, SUM if e < 0 else FACTOR if written.isdecimal() else PRODUCT
        if isinstance(e, sp.Symbol):
            return self.name(name_of(e)), FACTOR
        raise UnsupportedError(f"{e}: there is no LaTeX for a {type(e).__name__}")

    def sums(self, e: Any) -> str:
        """What stands in front of the terms of a sum."""
        return "".join(rf"\sum_{{{self.position(k)}}} " for k in reversed(bound_indices(e)))

    def _product(self, e: Any) -> tuple[str, int]:
        number, above, below = split_fraction(e)
        pieces = [] if abs(number) == 1 and above else [self.number(abs(number))]
        alone = SUM if below and len(pieces) + len(above) == 1 else FACTOR
        top = r"\,".join([*pieces, *(self.text(f, around) for f, around in factors(above, alone))])
        if below:
            bottom = r"\,".join(self.text(f, SUM if len(below) == 1 else FACTOR) for f in below)
            top = rf"\frac{{{top}}}{{{bottom}}}"
        return ("-" if number < 0 else "") + top, SUM if number < 0 else PRODUCT


def factors(above: list[Any], alone: int) -> list[tuple[Any, int]]:
    """The factors of a product in the order they are written in, each with how tightly it is held."""
    ordered = sorted(above, key=lambda f: isinstance(f, sp.Sum))
    return [
        (f, PRODUCT if isinstance(f, sp.Sum) and n == len(ordered) - 1 else alone)
        for n, f in enumerate(ordered)
    ]
