"""What a function is asked, property by property: rows of data, each drawn from and judged in its own way.

``PROPERTIES`` are the sources of rows; whatever else can be said of a loss is one more.
"""

from dataclasses import replace
from pathlib import Path

from w2v_verified.verify.arrays import Library, library_named
from w2v_verified.verify.asking.clauses import clause_properties
from w2v_verified.verify.asking.differences import difference_properties
from w2v_verified.verify.asking.laws import law_properties
from w2v_verified.verify.asking.property import Property
from w2v_verified.verify.asking.values import value_properties
from w2v_verified.verify.engine import record_of
from w2v_verified.verify.judging.conventions import Convention, convention_named
from w2v_verified.verify.record import Record

__all__ = ["PROPERTIES", "Property", "properties", "properties_for"]

PROPERTIES = (value_properties, difference_properties, clause_properties, law_properties)
"""From a loss, the way an implementation is called and a library of arrays to the rows of one kind."""


def properties(
    loss: str | Path | Record,
    convention: str = "columns",
    *,
    arrays: str = "numpy",
    gradients: str = "returned",
) -> tuple[Property, ...]:
    """What an implementation of a loss can be asked, as rows of data.

    Args:
        loss: A registered loss, the path of a definition, or a record.
        convention: How the implementation is called: the rows speak its words.
        arrays: The library whose arrays it takes: what has no meaning there is left out.
        gradients: Where its gradients come from.

    Raises:
        TypeError: ``loss`` is none of the three.
        ValueError: There is no such loss, convention or library, or the definition is refused.

    >>> [row.name for row in properties("naive_softmax")][:3]
    ['the_loss_is_within_its_bound', 'grad_v_c_is_within_its_bound', 'grad_U_is_within_its_bound']
    """
    library = library_named(arrays, gradients)
    base = library.judged(record_of(loss))
    return properties_for(base, convention_named(convention, base), library)


def properties_for(base: Record, convention: Convention, library: Library) -> tuple[Property, ...]:
    """The rows of a loss, in the words of a convention; no two have one name."""
    rows: dict[str, Property] = {}
    for row in (row for source in PROPERTIES for row in source(base, convention, library)):
        name = row.name
        while name in rows or not name.isidentifier():
            name = f"{row.kind}_{name}"
        rows[name] = replace(row, name=name)
    return tuple(rows.values())
