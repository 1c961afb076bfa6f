"""The libraries whose arrays a function can be judged with: one row for each, and what is asked of it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from importlib.util import find_spec

from w2v_verified.errors import UsageError, with_extra
from w2v_verified.nearest import one_of
from w2v_verified.verify.arrays.adapter import differentiating, returning
from w2v_verified.verify.arrays.few import few_sizes, is_few, small_sizes
from w2v_verified.verify.arrays.framework import Framework
from w2v_verified.verify.arrays.spelling import Spelling, as_jax, as_numpy, as_torch
from w2v_verified.verify.cases.arguments import Arguments, arrays
from w2v_verified.verify.cases.draws import DTYPES, arguments_by_seed
from w2v_verified.verify.cases.layouts import LAYOUTS, layout_of
from w2v_verified.verify.judging.calling import Function
from w2v_verified.verify.judging.conventions import Convention
from w2v_verified.verify.record import Record

__all__ = ["GRADIENTS", "LIBRARIES", "NUMPY", "Library", "library_named"]

GRADIENTS = ("returned", "automatic")
"""Where gradients come from: the function returns them, or the library takes them of a loss returned alone."""


@dataclass(frozen=True)
class Library:
    """A library of arrays, and what is asked of a function that takes them.

    Attributes:
        name: What users call it.
        framework: Module and class of its adapter in this folder, or None for NumPy itself.
        formats: What floating arguments are drawn in (``DTYPES``).
        layouts: The layouts in memory that it can express.
        clauses: The clauses of the contract that have a meaning there, or None for all.
        few: Whether it is asked at few sizes, since it compiles for each.
        flushes: Whether it flushes subnormal numbers to zero.
        gradients: One of ``GRADIENTS``.
        spell: How a call of the function is written in its terms.
    """

    name: str
    framework: tuple[str, str] | None
    formats: tuple[str, ...]
    layouts: tuple[str, ...]
    clauses: frozenset[str] | None
    few: bool
    flushes: bool
    spell: Spelling
    gradients: str = "returned"

    def see_installed(self) -> None:
        """Look for it without importing it.

        Raises:
            ModuleNotFoundError: It is not installed; the message names the extra that brings it.
        """
        if find_spec(self.name) is None:
            raise with_extra(ModuleNotFoundError(name=self.name), self.name)

    def load(self) -> Framework | None:
        """Import it; NumPy is here anyway.

        Raises:
            ModuleNotFoundError: See ``see_installed``.
            UsageError: It is installed and cannot be imported.
        """
        if self.framework is None:
            return None
        self.see_installed()
        try:
            import_module(self.name)
        except (ImportError, OSError) as error:  # one that is broken lacks modules, or files of the system
            raise UsageError(f"{self.name} cannot be imported: {' '.join(str(error).split())}") from None
        module, adapter = self.framework
        make: Callable[[], Framework] = getattr(import_module(f"{__package__}.{module}"), adapter)
        return make()

    def judged(self, record: Record) -> Record:
        """What the function is judged by: with automatic gradients, each whole, whatever parts the record has it in."""
        if self.gradients == "returned":
            return record
        return replace(record, results=tuple(replace(r, touched=None, factors=None) for r in record.results))

    def adapt(self, function: Function, record: Record) -> Function:
        """A function of its arrays as one of NumPy's.

        Raises:
            ModuleNotFoundError, UsageError: See ``load``.
        """
        framework = self.load()
        if framework is None:
            return function
        adapted = returning if self.gradients == "returned" else differentiating
        return adapted(function, record, framework)

    def within(self, convention: Convention, *, sizes: bool = True) -> Convention:
        """The convention, which also declines what the library cannot express and, if wanted, further sizes."""
        if self.framework is None:
            return convention

        def declines(record: Record, arguments: Arguments) -> str | None:
            held = arrays(record, arguments).values()
            if len({array.dtype for array in held}) > 1 or any(a.dtype.kind != "f" for a in held):
                return f"{self.name} is asked in one floating format at a time"
            if any(layout_of(array) not in self.layouts for array in held):
                return f"{self.name} has no such layout"
            if sizes and self.few and not is_few(record, arguments):
                return f"{self.name} is asked at few sizes"
            return convention.declines(record, arguments)

        return replace(convention, declines=declines)

    def asks(self, clause: str) -> bool:
        """Whether a clause of the contract has a meaning for its arrays."""
        return self.clauses is None or clause in self.clauses

    def sizes(self, record: Record) -> Sequence[Mapping[str, int]] | None:
        """What sizes of the axes examples are drawn from, or None for any."""
        return small_sizes(record) if self.few else None

    def examples(self, record: Record, seed: int, count: int) -> Iterator[Arguments]:
        """Random examples, the same ones for the same seed."""
        return arguments_by_seed(record, seed, count, self.formats, self.layouts, self.sizes(record))

    def asked(self, record: Record) -> str:
        """What it is judged on, and what it is not asked, as a sentence; "" for NumPy, which is asked everything."""
        if self.framework is None:
            return ""
        formats = " or ".join(self.formats)
        automatic = ", automatic gradients" if self.gradients == "automatic" else ""
        sizes = f", {len(few_sizes(record))} sizes (each is compiled)" if self.few else ""
        without = ", ".join(each for each in LAYOUTS if each not in self.layouts)
        return (
            f"with arrays of {self.name}, {formats}{automatic}{sizes}; not asked: integers, mixed formats, layouts"
            f" it lacks ({without}), clauses without meaning there"
        )


NUMPY = Library("numpy", None, DTYPES, tuple(LAYOUTS), None, False, False, as_numpy)

_FLOATS = ("float64", "float32")
_IN_ANY_ARRAYS = ("finite_and_silent", "same_input_same_bits", "surroundings_untouched", "nan_reaches_loss")
_IN_MEMORY = ("inputs_untouched", "results_survive", "no_stale_state", "layouts_agree", "smallest_axes")

LIBRARIES = {
    library.name: library
    for library in (
        NUMPY,
        Library(
            "torch",
            ("with_torch", "Torch"),
            _FLOATS,
            ("C", "Fortran", "strided", "transposed"),
            frozenset((*_IN_ANY_ARRAYS, *_IN_MEMORY)),
            few=False,
            flushes=False,
            spell=as_torch,
        ),
        Library(
            "jax",
            ("with_jax", "Jax"),
            _FLOATS,
            ("C",),
            frozenset(_IN_ANY_ARRAYS),
            few=True,
            flushes=True,
            spell=as_jax,
        ),
    )
}


def library_named(name: str, gradients: str) -> Library:
    """Look a library up; nothing is imported.

    Raises:
        ValueError: There is no such library or way to get gradients, or NumPy is to differentiate.
    """
    if name not in LIBRARIES:
        raise ValueError(f"arrays: {one_of(name, LIBRARIES)}")
    if gradients not in GRADIENTS:
        raise ValueError(f"gradients: {one_of(gradients, GRADIENTS)}")
    if gradients == "automatic" and name == "numpy":
        raise ValueError("gradients: expected returned, for NumPy does not differentiate, got 'automatic'")
    return replace(LIBRARIES[name], gradients=gradients)
