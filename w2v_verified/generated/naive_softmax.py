"""Interim (the emitter will overwrite this)."""
import math
from typing import Generic, NamedTuple, SupportsIndex
import operator
import numpy as np
from w2v_verified.arrays import F, Matrix, Vector


class NaiveSoftmax(NamedTuple, Generic[F]):
    loss: float
    grad_v_c: Vector[F]
    grad_U: Matrix[F]


def naive_softmax(v_c: Vector[F], o: SupportsIndex, U: Matrix[F], *, out: tuple[Vector[F], Matrix[F]] | None = None) -> NaiveSoftmax[F]:
    v_c, U = np.asarray(v_c), np.asarray(U)
    if v_c.ndim != 1: raise ValueError(f"v_c: expected shape (d,), got {v_c.shape}")
    if U.ndim != 2 or len(U) != len(v_c): raise ValueError(f"U: expected shape (d, V) with d = {len(v_c)}, got {U.shape}")
    if isinstance(o, (bool, np.bool_)): raise TypeError("o: expected an integer, got bool")
    o = operator.index(o)
    if not 0 <= o < U.shape[1]: raise IndexError(f"o: expected 0 <= o < V = {U.shape[1]}, got {o}")
    t = np.result_type(*(x.dtype if x.dtype.kind == "f" else np.float64 for x in (v_c, U)))
    v_c, U = v_c.astype(t, copy=False), U.astype(t, copy=False)
    with np.errstate(all="ignore"):
        z = v_c @ U
        if not np.isfinite(z).all(): z = np.full_like(z, np.nan)
        s = z - z.max(); e = np.exp(s); e_o = e[o]; e[o] = 0; R = e.sum(); Z = R + e_o
        loss = np.log1p(R / e_o) if R < e_o else np.log(Z) - s[o]
        delta = e / Z; delta[o] = -R / Z
        gv, gU = out if out is not None else (np.empty_like(v_c), np.empty_like(U))
        gv[...] = U @ delta
        np.multiply(v_c[:, None], delta, out=gU)
    return NaiveSoftmax(float(loss), gv, gU)
