"""Judge implementations of a loss and its gradients: oracle, error bounds, strategies, contract, and ``check``."""

from w2v_verified.verify.bounds import TIERS, error_bound
from w2v_verified.verify.check import check
from w2v_verified.verify.compare import Comparison, Deviation, compare
from w2v_verified.verify.contract import CLAUSES, Clause
from w2v_verified.verify.conventions import CONVENTIONS
from w2v_verified.verify.deck import Case, deck
from w2v_verified.verify.finding import Finding
from w2v_verified.verify.finite_differences import central_difference, computed_loss, exact_loss
from w2v_verified.verify.layouts import LAYOUTS
from w2v_verified.verify.oracle import OracleError, Reference, reference
from w2v_verified.verify.page import page
from w2v_verified.verify.pytest_test import gradient_test
from w2v_verified.verify.record import Record, load, names
from w2v_verified.verify.report import Report
from w2v_verified.verify.strategies import arguments_for

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
    "reference",
]
