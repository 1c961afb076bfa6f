"""The functions of the notation: one row a function, with all that the engine knows of it alone.

What else an expression is made of stands in `operators`. Laws, which are about several functions at once, belong to
the algebra.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import mpmath as mp
import numpy as np
import sympy as sp

from w2v_verified.notation import LanguageError
from w2v_verified.symbolic.language.intervals import (
    NONNEGATIVE,
    POSITIVE,
    REALS,
    Range,
    between,
    increasing,
    interval,
)

_FAR = 10_000  # binary digits before the point of an exponent


@dataclass(frozen=True)
class Condition:
    """A function is defined where ``positive`` of its argument is positive.

    ``needed`` says so where it is not proved, ``broken`` where it is not so at a number, which stands for ``{}``.
    """

    positive: Callable[[Any], Any]
    needed: str
    broken: str


@dataclass(frozen=True, kw_only=True)
class Function:
    """A row of the table: a function that is a class of its own to SymPy.

    Args:
        name: What it is called in the notation.
        kind: SymPy's class of it.
        unfolded: What it stands for, in exponentials and logarithms; None if it is told by nothing else.
        derivative: Its derivative where SymPy has none.
        condition: Where it is defined; None for everywhere.
        rough: Why it has no derivative somewhere; empty if it has one wherever it is defined, or one is stated.
        kink: Where it has none, and what is taken for it there; empty if it has one wherever it is defined.
        values: From where its argument lies to where its value lies.
        number: Its value at a number of mpmath.
        complex: Its values at NumPy's complex numbers, the derivative in the imaginary part.
        numpy: What generated code calls for arrays, or writes around its argument, ``#``.
        finite: What it calls for arrays whose entries are finite; empty for the same.
        floats: What it calls for Python's floats; empty for the same.
        in_place: Whether that for arrays is a ufunc of NumPy's own, which can write over its argument.
        flattens: Whether it takes an infinity to a finite number.
        operator: Its name in LaTeX.
        around: How it is written around its argument, ``#``, in LaTeX; None for its name and parentheses.
    """

    name: str
    kind: Any
    unfolded: Callable[[Any], Any] | None
    derivative: Callable[[Any], Any] | None
    condition: Condition | None
    rough: str = ""
    kink: str = ""
    values: Callable[[Range], Range]
    number: Callable[[Any], Any]
    complex: Callable[[Any], Any]
    numpy: str
    finite: str
    floats: str
    in_place: bool
    flattens: bool
    operator: str
    around: str | None

    def of(self, argument: Any) -> Any:
        """The function of an argument."""
        return self.kind(argument)

    def latex(self, argument: str) -> str:
        """The function of an argument, both as LaTeX."""
        return (self.around or rf"{self.operator}\left(#\right)").replace("#", argument)


@dataclass(frozen=True, kw_only=True)
class Root:
    """A row of the table: a name of a power, whose condition, values and derivative are those of powers."""

    name: str
    power: Any
    numpy: str
    around: str

    def of(self, argument: Any) -> Any:
        """The root of an argument."""
        return argument**self.power

    def latex(self, argument: str) -> str:
        """The root of an argument, both as LaTeX."""
        return self.around.replace("#", argument)


Row: TypeAlias = Function | Root


class _Own(sp.Function):
    """A function whose class is ours: what SymPy asks it stands in its row."""

    is_real = True

    def fdiff(self, argindex: int = 1) -> Any:
        """The derivative by the argument."""
        derivative = _OF_KINDS[type(self)].derivative
        return super().fdiff(argindex) if derivative is None else derivative(*self.args)

    def _eval_is_positive(self) -> bool | None:
        return True if _OF_KINDS[type(self)].values(REALS).positive else None


class Atan(_Own):
    """The angle whose tangent is x; SymPy's own becomes a multiple of pi, for which the notation has no word."""

    @classmethod
    def eval(cls, x: Any) -> Any:
        """An odd function, 0 at 0."""
        if x == 0:
            return x
        return -cls(-x) if x.could_extract_minus_sign() else None


class Abs(_Own):
    """``x`` or ``-x``, whichever is not negative."""

    @classmethod
    def eval(cls, x: Any) -> Any:
        """An even function; that of a number that may be 0 stays one, since it has another derivative there."""
        if x.is_positive:
            return x
        return cls(-x) if x.could_extract_minus_sign() else None


class Relu(_Own):
    """``x`` where it is positive, 0 elsewhere (the rectifier)."""

    @classmethod
    def eval(cls, x: Any) -> Any:
        """Known where the sign is, but for a number that may be 0: the derivative there is another one."""
        return x if x.is_positive else sp.Integer(0) if x.is_nonpositive else None


class Sign(_Own):
    """1, 0 or -1."""

    @classmethod
    def eval(cls, x: Any) -> Any:
        """An odd function, that positive factors do not change."""
        if x.is_positive or x.is_zero:
            return sp.Integer(1 if x.is_positive else 0)
        if x.could_extract_minus_sign():
            return -cls(-x)
        others = _without_positive(x)
        return None if others == x else cls(others)

    def fdiff(self, argindex: int = 1) -> Any:
        """0, where it has one."""
        return sp.Integer(0)


class UnitStep(_Own):
    """1 where x is positive, 0 elsewhere (the unit step, 0 at 0)."""

    @classmethod
    def eval(cls, x: Any) -> Any:
        """Positive factors do not change it."""
        if x.is_positive or x.is_nonpositive:
            return sp.Integer(1 if x.is_positive else 0)
        others = _without_positive(x)
        return None if others == x else cls(others)

    def fdiff(self, argindex: int = 1) -> Any:
        """0, where it has one."""
        return sp.Integer(0)


def _without_positive(x: Any) -> Any:
    """A product without its factors that are positive."""
    return sp.Mul(*(f for f in sp.Mul.make_args(x) if not f.is_positive)) if isinstance(x, sp.Mul) else x


class Sigmoid(_Own):
    """``1 / (1 + exp(-x))``."""


class Softplus(_Own):
    """``log(1 + exp(x))``."""


class Log1p(_Own):
    """``log(1 + x)``, accurate for small ``x``."""


class Expm1(_Own):
    """``exp(x) - 1``, accurate for small ``x``."""


def _exponential(x: Any) -> Any:
    if mp.mag(x) > _FAR:
        raise OverflowError("an exponential of an exponential of a large number")
    return mp.exp(x)


def _rectified(a: Range) -> Range:
    """Where the rectifier of what lies in a range lies: 0 is attained unless all of it is positive."""
    nothing = (sp.Integer(0), False)
    low = (a.low, a.low_open) if a.positive else nothing
    return between(low, (a.high, a.high_open) if a.high > 0 else nothing)


_JUMPS = "jumps at 0; it stands in derivatives alone, of relu, abs and max(x, y)"

_TABLE: tuple[Row, ...] = (
    Function(
        name="abs",
        kind=Abs,
        unfolded=lambda x: x * Sign(x),
        derivative=Sign,
        condition=None,
        kink="the derivative of abs at 0 is taken as 0",
        values=lambda a: POSITIVE if a.nonzero else NONNEGATIVE,
        number=abs,
        complex=lambda x: np.where(x.real < 0, -x, np.where(x.real > 0, x, x.real)),
        numpy="np.abs",
        finite="",
        floats="",
        in_place=True,
        flattens=False,
        operator=r"\mathrm{abs}",
        around=r"\left\lvert #\right\rvert",
    ),
    Function(
        name="atan",
        kind=Atan,
        unfolded=None,
        derivative=lambda x: 1 / (1 + x**2),
        condition=None,
        values=increasing(0, 0, interval(-sp.pi / 2, sp.pi / 2)),
        number=mp.atan,
        complex=np.arctan,
        numpy="np.arctan",
        finite="",
        floats="",
        in_place=True,
        flattens=True,
        operator=r"\arctan",
        around=None,
    ),
    Function(
        name="cos",
        kind=sp.cos,
        unfolded=None,
        derivative=None,
        condition=None,
        values=lambda _: interval(-1, 1, opened=False),
        number=mp.cos,
        complex=np.cos,
        numpy="np.cos",
        finite="",
        floats="",
        in_place=True,
        flattens=False,
        operator=r"\cos",
        around=None,
    ),
    Function(
        name="exp",
        kind=sp.exp,
        unfolded=None,
        derivative=None,
        condition=None,
        values=increasing(0, 1, POSITIVE),
        number=_exponential,
        complex=np.exp,
        numpy="np.exp",
        finite="",
        floats="math.exp",
        in_place=True,
        flattens=True,
        operator=r"\exp",
        around="e^{#}",
    ),
    Function(
        name="expm1",
        kind=Expm1,
        unfolded=lambda x: sp.exp(x) - 1,
        derivative=sp.exp,
        condition=None,
        values=increasing(0, 0, interval(-1, sp.oo)),
        number=lambda x: _exponential(x) - 1 if abs(x) > 1 else mp.expm1(x),
        complex=np.expm1,
        numpy="np.expm1",
        finite="",
        floats="math.expm1",
        in_place=True,
        flattens=True,
        operator=r"\mathrm{expm1}",
        around=None,
    ),
    Function(
        name="heaviside",
        kind=UnitStep,
        unfolded=lambda x: (Sign(x) + Sign(x) ** 2) / 2,
        derivative=None,
        condition=None,
        rough=f"heaviside {_JUMPS}",
        values=lambda a: interval(1, 1, opened=False) if a.positive else interval(0, 1, opened=False),
        number=lambda x: mp.mpf(x > 0),
        complex=lambda x: (x.real > 0).astype(complex),
        numpy="np.heaviside(#, 0)",
        finite="",
        floats="",
        in_place=False,
        flattens=True,
        operator=r"\mathrm{H}",
        around=r"\left[#>0\right]",
    ),
    Function(
        name="log",
        kind=sp.log,
        unfolded=None,
        derivative=None,
        condition=Condition(
            positive=lambda x: x,
            needed="the logarithm needs an argument that is provably positive",
            broken="the argument {} of a logarithm is not positive",
        ),
        values=increasing(1, 0, REALS),
        number=mp.log,
        complex=np.log,
        numpy="np.log",
        finite="",
        floats="math.log",
        in_place=True,
        flattens=False,
        operator=r"\log",
        around=None,
    ),
    Function(
        name="log1p",
        kind=Log1p,
        unfolded=lambda x: sp.log(1 + x),
        derivative=lambda x: 1 / (1 + x),
        condition=Condition(
            positive=lambda x: 1 + x,
            needed="log1p needs an argument that is provably above -1",
            broken="the argument {} of log1p is not above -1",
        ),
        values=increasing(0, 0, REALS),
        number=mp.log1p,
        complex=lambda x: np.log(1 + x),
        numpy="np.log1p",
        finite="log1p",
        floats="math.log1p",
        in_place=True,
        flattens=False,
        operator=r"\mathrm{log1p}",
        around=None,
    ),
    Function(
        name="relu",
        kind=Relu,
        unfolded=lambda x: (x + x * Sign(x)) / 2,
        derivative=UnitStep,
        condition=None,
        kink="the derivative of relu at 0 is taken as 0",
        values=_rectified,
        number=lambda x: x if x > 0 else mp.mpf(0),
        complex=lambda x: np.where(x.real > 0, x, 0),
        numpy="np.maximum(#, 0)",
        finite="",
        floats="",
        in_place=False,
        flattens=True,
        operator=r"\mathrm{relu}",
        around=None,
    ),
    Function(
        name="sigmoid",
        kind=Sigmoid,
        unfolded=lambda x: 1 / (1 + sp.exp(-x)),
        derivative=lambda x: Sigmoid(x) * (1 - Sigmoid(x)),
        condition=None,
        values=increasing(0, sp.Rational(1, 2), interval(0, 1)),
        number=lambda x: 1 / (1 + _exponential(-x)),
        complex=lambda x: 1 / (1 + np.exp(-x)),
        numpy="sigmoid",
        finite="",
        floats="",
        in_place=False,
        flattens=True,
        operator=r"\sigma",
        around=None,
    ),
    Function(
        name="sign",
        kind=Sign,
        unfolded=None,
        derivative=None,
        condition=None,
        rough=f"sign {_JUMPS}",
        values=lambda a: interval(1, 1, opened=False) if a.positive else interval(-1, 1, opened=False),
        number=mp.sign,
        complex=lambda x: np.sign(x.real).astype(complex),
        numpy="np.sign",
        finite="",
        floats="",
        in_place=True,
        flattens=True,
        operator=r"\mathrm{sign}",
        around=None,
    ),
    Function(
        name="sin",
        kind=sp.sin,
        unfolded=None,
        derivative=None,
        condition=None,
        values=lambda _: interval(-1, 1, opened=False),
        number=mp.sin,
        complex=np.sin,
        numpy="np.sin",
        finite="",
        floats="",
        in_place=True,
        flattens=False,
        operator=r"\sin",
        around=None,
    ),
    Function(
        name="softplus",
        kind=Softplus,
        unfolded=lambda x: sp.log(1 + sp.exp(x)),
        derivative=Sigmoid,
        condition=None,
        values=lambda _: POSITIVE,
        number=lambda x: mp.log1p(_exponential(x)),
        complex=lambda x: np.log(1 + np.exp(x)),
        numpy="softplus",
        finite="",
        floats="",
        in_place=False,
        flattens=True,
        operator=r"\mathrm{softplus}",
        around=None,
    ),
    Root(name="sqrt", power=sp.Rational(1, 2), numpy="np.sqrt", around=r"\sqrt{#}"),
    Function(
        name="tanh",
        kind=sp.tanh,
        unfolded=lambda x: 1 - 2 / (1 + sp.exp(2 * x)),
        derivative=None,
        condition=None,
        values=increasing(0, 0, interval(-1, 1)),
        number=mp.tanh,
        complex=np.tanh,
        numpy="np.tanh",
        finite="",
        floats="",
        in_place=True,
        flattens=True,
        operator=r"\tanh",
        around=None,
    ),
)
FUNCTIONS: dict[str, Row] = {row.name: row for row in _TABLE}
"""The table, by the names of the notation."""
_OF_KINDS = {row.kind: row for row in _TABLE if isinstance(row, Function)}
_OF_POWERS = {row.power: row for row in _TABLE if isinstance(row, Root)}
KINDS = tuple(_OF_KINDS)
"""The classes of all functions."""
ROUGH = tuple(kind for kind, row in _OF_KINDS.items() if row.rough)
"""The classes of the functions that have no derivative somewhere."""
FLATTENING = tuple(kind for kind, row in _OF_KINDS.items() if row.flattens)
"""The classes of the functions that take an infinity to a finite number."""


def named(name: str) -> Row:
    """The row of a name.

    Raises:
        LanguageError: No function is called so.
    """
    if name not in FUNCTIONS:
        raise LanguageError(f"{name}: no function of the notation; known: {', '.join(sorted(FUNCTIONS))}")
    return FUNCTIONS[name]


def function_of(e: Any) -> Function | None:
    """The row of the function that ``e`` is of its argument; None if it is none, or a power."""
    return _OF_KINDS.get(type(e))


def spelled(e: Any) -> tuple[Row, Any] | None:
    """The row by which ``e`` is written, roots among them, and the argument; None if there is none."""
    row = function_of(e)
    if row is not None:
        return row, e.args[0]
    if isinstance(e, sp.Pow) and e.exp in _OF_POWERS:
        return _OF_POWERS[e.exp], e.base
    return None


def unfolded(e: Any) -> Any:
    """What a function stands for; None if it is none, or is told by nothing else."""
    row = function_of(e)
    return None if row is None or row.unfolded is None else row.unfolded(e.args[0])


def exponent_of_one_plus_exp(e: Any) -> Any:
    """``t`` for ``1 + exp(t)``, None for anything else."""
    if isinstance(e, sp.Add) and len(e.args) == 2 and e.args[0] == 1 and isinstance(e.args[1], sp.exp):
        return e.args[1].args[0]
    return None
