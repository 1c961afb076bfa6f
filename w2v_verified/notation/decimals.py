"""Numbers as they are written: decimals of any length, and the exact numbers they stand for."""

import math
from decimal import Decimal
from fractions import Fraction

__all__ = ["nearest", "read", "tens", "written"]

_INTEGERS = 1 << 63  # beyond, NumPy makes objects of them


def read(text: str) -> int | Fraction:
    """The number that a decimal literal stands for, an `int` if it is whole.

    Raises:
        ValueError: No float64 is near it; or it has too many digits.

    >>> read("2.50"), read("1e3")
    (Fraction(5, 2), 1000)
    """
    near = float(text)
    if math.isinf(near):
        raise ValueError("the nearest float64 is infinite")
    if near == 0:
        if any(digit in "123456789" for digit in text.lower().partition("e")[0]):
            raise ValueError("the nearest float64 is 0")
        return 0  # whatever its exponent is
    try:
        exact = Fraction(text)
    except ValueError:
        raise ValueError("more digits than can be read") from None
    return exact.numerator if exact.denominator == 1 else exact


def written(number: int | Fraction) -> str:
    """The literal for exactly this number, whose denominator is made of twos and fives; large ones are no integers.

    >>> written(Fraction(-1, 80)), written(12), written(10**300)
    ('-0.0125', '12', '1e300')
    """
    whole = number.denominator == 1
    if whole and -_INTEGERS < number < _INTEGERS:
        return str(number)
    places = next(n for n in range(number.denominator.bit_length()) if 10**n % number.denominator == 0)
    digits = str(number.numerator * 10**places // number.denominator)
    significant = digits.rstrip("0")
    text = str(Decimal(f"{significant}e{len(digits) - len(significant) - places}"))
    return text.lower().replace("e+", "e") + (".0" if whole and "E" not in text else "")


def nearest(number: int | Fraction) -> float:
    """The nearest float64, an infinity where there is none."""
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


def tens(n: int) -> int:
    """The largest divisor of a positive number that is made of twos and fives.

    >>> tens(10), tens(120), tens(7)
    (10, 40, 1)
    """
    return math.gcd(n, 10 ** n.bit_length())
