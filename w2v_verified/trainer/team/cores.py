"""What a process takes of the processor: one thread for matrix products, and a core of its own (affinity)."""

import functools
import os
from contextlib import AbstractContextManager, nullcontext
from typing import Any

_THREADS = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
# What a process that is started finds in its environment, to the same end as `one_thread`.
ONE_THREAD = dict.fromkeys(_THREADS, "1")


def one_thread() -> AbstractContextManager[Any]:
    """Keep BLAS in this process to one thread within a block, where threadpoolctl is installed.

    Products as small as a block's gain nothing from more, and how threads share the work may change the last bits.
    """
    controller = _controller()
    return nullcontext() if controller is None else controller.limit(limits=1, user_api="blas")


@functools.cache
def _controller() -> Any:
    try:
        from threadpoolctl import ThreadpoolController
    except ModuleNotFoundError:
        return None
    return ThreadpoolController()


def settle(worker: int, workers: int) -> None:
    """Keep a worker on a core of its own, if there is one for each and none to spare.

    On a busy machine they might share one else, and those that keep step would wait for each other. Where there
    are more cores, the system finds a free one, which may not be the one that is next.
    """
    there = sorted(cores())
    if 1 < workers == len(there):
        settle_on({there[worker]})


def settle_on(chosen: set[int]) -> None:
    """Keep this process on these cores, if any are named."""
    if chosen:
        os.sched_setaffinity(0, chosen)


def cores() -> set[int]:
    """The cores this process may use; none where the system does not tell."""
    return os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()
