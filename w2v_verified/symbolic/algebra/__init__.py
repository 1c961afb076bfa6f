"""Finite sums over symbolic axes: normal form, ranges of values, and where an expression is defined."""
