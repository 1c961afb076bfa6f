"""Interim (the emitter will overwrite this)."""
from typing import Any, Generic, NamedTuple
import numpy as np
from w2v_verified.arrays import F, Matrix, Vector


class NaiveSoftmaxBatch(NamedTuple, Generic[F]):
    loss: float
    grad_V_c: Matrix[F]
    grad_U: Matrix[F]


def naive_softmax_batch(V_c: Matrix[F], o: np.ndarray[tuple[int], np.dtype[np.integer[Any]]], U: Matrix[F], *, out: tuple[Matrix[F], Matrix[F]] | None = None) -> NaiveSoftmaxBatch[F]:
    V_c, U, o = np.asarray(V_c), np.asarray(U), np.asarray(o)
    if V_c.ndim != 2: raise ValueError(f"V_c: expected shape (d, B), got {V_c.shape}")
    if U.ndim != 2 or len(U) != len(V_c): raise ValueError(f"U: expected shape (d, V) with d = {len(V_c)}, got {U.shape}")
    if o.dtype.kind not in "iu": raise TypeError(f"o: expected integers, got {o.dtype}")
    if o.shape != V_c.shape[1:]: raise ValueError(f"o: expected shape (B,) with B = {V_c.shape[1]}, got {o.shape}")
    if o.size and not (0 <= o.min() and o.max() < U.shape[1]): raise IndexError(f"o: expected 0 <= o < V = {U.shape[1]}, got {o.min()}..{o.max()}")
    t = np.result_type(*(x.dtype if x.dtype.kind == "f" else np.float64 for x in (V_c, U)))
    V_c, U = V_c.astype(t, copy=False), U.astype(t, copy=False)
    with np.errstate(all="ignore"):
        z = V_c.T @ U
        if not np.isfinite(z).all(): z = np.full_like(z, np.nan)
        s = z - z.max(axis=1, keepdims=True); e = np.exp(s); b = np.arange(len(o)); e_o = e[b, o]; e[b, o] = 0
        R = e.sum(axis=1); Z = R + e_o
        loss = np.where(R < e_o, np.log1p(R / e_o), np.log(Z) - s[b, o]).sum()
        delta = e / Z[:, None]; delta[b, o] = -R / Z
        gv, gU = out if out is not None else (np.empty_like(V_c), np.empty_like(U))
        gv[...] = U @ delta.T
        gU[...] = V_c @ delta
    return NaiveSoftmaxBatch(float(loss), gv, gU)
