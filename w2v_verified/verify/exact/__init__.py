"""Exact values: the definition of a loss and its gradients, enclosed in balls (interval arithmetic, by Arb)."""
