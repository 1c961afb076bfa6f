"""Products of small arrays by methods of theirs, which NumPy carries out in the least time."""

from dataclasses import replace

from w2v_verified.symbolic.plan.operations import (
    Accumulate,
    Assign,
    Block,
    Branch,
    ByBlocks,
    Compute,
    Computed,
    Fill,
    IfWanted,
    Loop,
    Operation,
    ScatteredProduct,
)
from w2v_verified.symbolic.plan.values import Broadcast, Contraction, Copy, Multiple, Terms, Value, Way


def by_methods(block: Block) -> Block | None:
    """A block whose products are methods of arrays; None if one has no method that serves everywhere."""
    changed = tuple(map(_operation, block))
    return None if None in changed else tuple(operation for operation in changed if operation is not None)


def _operation(operation: Operation) -> Operation | None:
    match operation:
        case Computed(formula, operations):
            inner = by_methods(operations)
            return None if inner is None else Computed(formula, inner)
        case IfWanted(block):
            inner = by_methods(block)
            return None if inner is None else IfWanted(inner)
        case Assign(value=value) | Fill(value=value) | Accumulate(value=value):
            changed = _value(value)
            return None if changed is None else replace(operation, value=changed)
        case Compute(value=Contraction() as product, added=added):
            method = None if added else _method(product)
            return None if method is None else replace(operation, value=method)
        case Branch(block=block):
            inner = by_methods(block)
            return None if inner is None else replace(operation, block=inner)
        case Loop() | ByBlocks() | ScatteredProduct():
            return None
        case _:
            return operation


def _value(value: Value) -> Value | None:
    match value:
        case Contraction():
            return _method(value)
        case Multiple(value=Contraction() as product):
            method = _method(product)
            return None if method is None else replace(value, value=method)
        case Terms(terms):
            changed = [(minus, _value(term)) for minus, term in terms]
            kept = tuple((minus, term) for minus, term in changed if term is not None)
            return Terms(kept) if len(kept) == len(changed) else None
        case Copy(inner) | Broadcast(inner):
            changed_value = _value(inner)
            return None if changed_value is None else replace(value, value=changed_value)
        case _:
            return value


def _method(product: Contraction) -> Contraction | None:
    """A product of matrix and vector, or of two vectors, by a method; one of two matrices has none."""
    if not product.summed:
        return product
    fits = product.way is Way.PRODUCT and len(product.target) <= 1
    return replace(product, way=Way.METHOD) if fits else None
