"""Judge implementations of a loss and its gradients: oracle, error bounds, strategies, contract, and ``check``.

What needs Hypothesis is imported when it is asked for: it takes longer to import than most functions to judge.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from w2v_verified.errors import with_extra

try:
    from w2v_verified.verify.asking import Property, properties
    from w2v_verified.verify.bounds.tiers import TIERS, error_bound
    from w2v_verified.verify.cases.deck import Case, deck
    from w2v_verified.verify.cases.layouts import LAYOUTS
    from w2v_verified.verify.check import check
    from w2v_verified.verify.contract import CLAUSES, Clause
    from w2v_verified.verify.exact.oracle import OracleError, Reference, reference
    from w2v_verified.verify.judging.compare import Comparison, compare
    from w2v_verified.verify.judging.conventions import CONVENTIONS
    from w2v_verified.verify.judging.deviation import Deviation
    from w2v_verified.verify.judging.finding import Finding
    from w2v_verified.verify.judging.finite_differences import central_difference
    from w2v_verified.verify.judging.valued import computed_loss, exact_loss
    from w2v_verified.verify.record import Record, load, names
    from w2v_verified.verify.report.page import page
    from w2v_verified.verify.report.report import Report
except ModuleNotFoundError as error:
    raise with_extra(error, "verify") from None

if TYPE_CHECKING:
    from w2v_verified.verify.cases.strategies import arguments_for
    from w2v_verified.verify.pytest_class import property_tests
    from w2v_verified.verify.pytest_test import gradient_test

__all__ = [
    "CLAUSES",
    "CONVENTIONS",
    "LAYOUTS",
    "TIERS",
    "Case",
    "Clause",
    "Comparison",
    "Deviation",
    "Finding",
    "OracleError",
    "Property",
    "Record",
    "Reference",
    "Report",
    "arguments_for",
    "central_difference",
    "check",
    "compare",
    "computed_loss",
    "deck",
    "error_bound",
    "exact_loss",
    "gradient_test",
    "load",
    "names",
    "page",
    "properties",
    "property_tests",
    "reference",
]

_ON_DEMAND = {
    "arguments_for": "cases.strategies",
    "gradient_test": "pytest_test",
    "property_tests": "pytest_class",
}


def __getattr__(name: str) -> Any:
    if name not in _ON_DEMAND:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_ON_DEMAND[name]}"), name)
