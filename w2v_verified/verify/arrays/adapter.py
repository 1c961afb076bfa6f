"""A function of a library's arrays as a function of NumPy's, which everything else judges."""

from collections.abc import Sequence
from numbers import Real
from typing import Any

from w2v_verified.verify.arrays.framework import Framework, words
from w2v_verified.verify.judging.calling import Function, ReturnError
from w2v_verified.verify.record import Record

__all__ = ["differentiating", "returning"]


def returning(function: Function, record: Record, framework: Framework) -> Function:
    """The function of a loss that returns loss and gradients as arrays of the library.

    Raises (when it is called):
        ReturnError: A gradient is no array of the library, or one that NumPy cannot hold.
    """
    losses = {result.name for result in record.results if result.of is None}

    def inside(*arguments: object, **keywords: object) -> object:
        with framework.surroundings():
            returned = function(*map(framework.given, arguments), **keywords)
            if not isinstance(returned, Sequence) or len(returned) != len(record.fields):
                return returned  # of a form that no library makes right
            return tuple(
                _number(framework, name, value) if name in losses else _gradient(framework, name, value)
                for name, value in zip(record.fields, returned, strict=True)
            )

    return inside


def differentiating(function: Function, record: Record, framework: Framework) -> Function:
    """The function of a loss that returns the loss alone, its gradients taken by the library.

    Raises (when it is called):
        ReturnError: What it returns is not one real number.
    """
    (loss,) = (result.name for result in record.results if result.of is None)
    of = [result.of for result in record.results if result.of is not None]
    places = [[argument.name for argument in record.arguments].index(name) for name in of]

    def alone(*given: object) -> object:
        value = function(*given)
        if isinstance(value, Sequence):
            raise ReturnError(
                f"returned {len(value)} values where {loss} alone is due: {framework.name} takes the gradients"
            )
        _see_number(framework, loss, value)
        return value

    def inside(*arguments: object) -> object:
        with framework.surroundings():
            given = [framework.given(value) for value in arguments]
            value, gradients = framework.value_and_gradients(alone, places, given)
            taken = dict(zip(of, gradients, strict=True))
            return tuple(
                _number(framework, loss, value)
                if result.of is None
                else _gradient(framework, result.name, taken[result.of])
                for result in record.results
            )

    return inside


def _number(framework: Framework, name: str, value: Any) -> object:
    _see_number(framework, name, value)
    return framework.taken(name, value) if framework.owns(value) else value


def _see_number(framework: Framework, name: str, value: Any) -> None:
    number = isinstance(value, Real) or getattr(value, "shape", None) == ()
    if not number:
        raise ReturnError(f"{name}: expected one real number, got {words(framework, value)}")


def _gradient(framework: Framework, name: str, value: Any) -> object:
    if framework.owns(value):
        return framework.taken(name, value)
    if isinstance(value, float):  # the gradient of an argument without axes may be one
        return value
    raise ReturnError(f"{name}: expected a {framework.array}, got {words(framework, value)}")
