"""Explanations by programs in which something stands in the place of something else (mutations)."""
