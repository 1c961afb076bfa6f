"""Laws tried on an implementation: inputs built so that they apply, calls, and what rounding explains.

Nothing here guesses a tolerance. Every number that comes back becomes a ball of the size of its error bound, and a law
is broken where no numbers in these balls obey it: then some value is beyond its bound.
"""
