"""Keeping this process, and every numerical library in it, to one thread on one core."""

import os
import sys

__all__ = ["one_thread"]

_SETTINGS = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
    "JAX_PLATFORMS": "cpu",
}


def one_thread() -> None:
    """Pin the process to its last core and start it again if its environment lets libraries use threads.

    Libraries read their settings when they are loaded, so a process that has loaded one is of no use.
    """
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    if any(os.environ.get(name) != value for name, value in _SETTINGS.items()):
        os.environ.update(_SETTINGS)
        os.execv(sys.executable, [sys.executable, "-m", "benchmarks", *sys.argv[1:]])
