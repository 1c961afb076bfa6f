"""Mutants of the engine that no test can see, each with the reason why."""

from typing import NamedTuple

__all__ = ["EQUIVALENT", "Equivalent"]


class Equivalent(NamedTuple):
    """A line of a file before and after the change, each statement on one line, and why nothing comes of it."""

    file: str
    before: str
    after: str
    reason: str


EQUIVALENT: tuple[Equivalent, ...] = (
    Equivalent(
        "algebra/normal",
        "if not terms or denominator is None:",
        "if denominator is None:",
        "without terms there is no denominator",
    ),
    Equivalent(
        "algebra/normal",
        "waiting = list(given)[::-1]",
        "waiting = list(given)[::+1]",
        "the terms are put in order at the end",
    ),
    Equivalent(
        "algebra/normal",
        "return kept if len(kept) < 2 else sorted(kept, key=lambda t: sp.default_sort_key(joined([t])))",
        "return kept if len(kept) < 1 else sorted(kept, key=lambda t: sp.default_sort_key(joined([t])))",
        "one term is in order",
    ),
    Equivalent(
        "algebra/normal",
        "if isinstance(base, sp.Add | sp.Mul) and 1 <= whole <= MOST_MULTIPLIED_OUT:",
        "if isinstance(base, sp.Add | sp.Add) and 1 <= whole <= MOST_MULTIPLIED_OUT:",
        "what its terms share has left a sum that is an atom",
    ),
    Equivalent(
        "algebra/normal",
        "if isinstance(base, sp.sin) and power.is_Integer and (power >= 2) and ('FUNCTION' in self.context.rules):",
        "if isinstance(base, sp.sin) and power >= 2 and ('FUNCTION' in self.context.rules):",
        "a sine is not known to be positive, so its powers are whole",
    ),
    Equivalent(
        "algebra/normal",
        "if isinstance(base, Abs) and power.is_Integer and (power >= 2):",
        "if isinstance(base, Abs) and power.is_Rational and (power >= 2):",
        "an absolute value has whole powers, or is known to be positive and gone",
    ),
    Equivalent(
        "algebra/normal",
        "argument = e.args[0]",
        "argument = e.args[-1]",
        "it has one argument",
    ),
    Equivalent(
        "algebra/powers",
        "if base.is_Rational and base > 0:",
        "if base.is_Rational and base > 1:",
        "the general way gives the same",
    ),
    Equivalent(
        "algebra/powers",
        "return [power_of_number(base, exponent)]",
        "pass",
        "the general way gives the same",
    ),
    Equivalent(
        "algebra/powers",
        "return terms if rest == 1 else terms + atom(sp.log(rest))",
        "return terms if rest == 2 else terms + atom(sp.log(rest))",
        "the logarithm of 1 is the number 0",
    ),
    Equivalent(
        "algebra/powers",
        "return _times(sp.Integer(-1), self.logarithm(1 + sp.exp(-argument.args[0])))",
        "return _times(sp.Integer(-1), self.logarithm(1 + sp.exp(-argument.args[-1])))",
        "it has one argument",
    ),
    Equivalent(
        "algebra/terms",
        "return [Term(value, {})] if value != 0 else []",
        "return [Term(value, {})] if value != 0 else [Term(value, {})]",
        "a term with the number 0 goes where like terms are added up",
    ),
    Equivalent(
        "algebra/sums",
        "new = (canonical_sum(binders, inside), _ONE) if inside else (size(axis_of(binders[0])), _ONE)",
        "new = (canonical_sum(binders, inside), _ONE) if inside else (size(axis_of(binders[-1])), _ONE)",
        "a binder that no factor has is alone",
    ),
    Equivalent(
        "algebra/ranges",
        "if exponent.is_Integer and exponent < 0:",
        "if exponent.is_Integer and exponent < 1:",
        "a power of 0 is 1 before it gets there",
    ),
    Equivalent(
        "proof/sampling",
        "if e.exp < 0 and np.any(of.array == 0):",
        "if e.exp <= 0 and np.any(of.array == 0):",
        "a power of 0 is 1 before it gets there",
    ),
    Equivalent(
        "calculus/adjoints",
        "if not e.args or isinstance(e, sp.Indexed):",
        "if not e.args:",
        "what is in an entry or a bracket is made again as it was",
    ),
    Equivalent(
        "definition/recognise",
        "if not e.args or isinstance(e, sp.Indexed | sp.KroneckerDelta | Order | sp.Tuple):",
        "if not e.args or isinstance(e, sp.KroneckerDelta | sp.KroneckerDelta | Order | sp.Tuple):",
        "what is in an entry or a bracket is made again as it was",
    ),
    Equivalent(
        "proof/driver",
        "if not e.args or isinstance(e, sp.Indexed | sp.KroneckerDelta | Order | sp.Tuple):",
        "if not e.args or isinstance(e, sp.KroneckerDelta | sp.KroneckerDelta | Order | sp.Tuple):",
        "what is in an entry or a bracket is made again as it was",
    ),
    Equivalent(
        "rewrite/arrange",
        "if not e.args or isinstance(e, sp.Indexed | sp.KroneckerDelta | Order | Largest | Choose):",
        "if not e.args or isinstance(e, sp.KroneckerDelta | sp.KroneckerDelta | Order | Largest | Choose):",
        "what is in an entry or a bracket is made again as it was",
    ),
    Equivalent(
        "definition/recognise",
        "if not e.args or isinstance(e, sp.Indexed | sp.KroneckerDelta | Order | sp.Tuple):",
        "if not e.args or isinstance(e, sp.Indexed | sp.KroneckerDelta | Order | "
        "(sp.Indexed | sp.KroneckerDelta | Order)):",
        "limits have nothing to be recognised",
    ),
    Equivalent(
        "rewrite/moderate",
        "return set(e.atoms(Sigmoid, Softplus))",
        "return set(e.atoms(Softplus, Sigmoid))",
        "it is a set",
    ),
    Equivalent(
        "language/equation",
        "atoms = e.atoms(sp.Indexed, sp.Symbol)",
        "atoms = e.atoms(sp.Symbol, sp.Indexed)",
        "it is a set",
    ),
    Equivalent(
        "rewrite/shift",
        "if not e.args or isinstance(e, sp.Indexed):",
        "if not e.args and isinstance(e, sp.Indexed):",
        "what is in an entry or a bracket is made again as it was",
    ),
)
