"""Arrays of other libraries (frameworks): what a function gets in place of NumPy's, and how its results come back.

Nothing of a library is imported before a function is to be judged with its arrays.
"""

from w2v_verified.verify.arrays.library import GRADIENTS, LIBRARIES, NUMPY, Library, library_named

__all__ = ["GRADIENTS", "LIBRARIES", "NUMPY", "Library", "library_named"]
