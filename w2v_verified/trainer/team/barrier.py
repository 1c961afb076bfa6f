"""Where workers wait for each other, for microseconds rather than the milliseconds of a lock."""

import os
import threading
import time
from collections.abc import Callable

import numpy as np

_SPINS = 500
_YIELDS = 2_000
_NAPS = 0.0005, 0.02


class Barrier:
    """Every worker waits here until all have arrived.

    A worker counts its own arrivals in memory that all share and looks at the counts of the others: at first
    without pause, then letting other processes have the core, then with naps that grow longer. On a processor that may
    show two writes in another order than they were made, arrivals could be seen before the work; a lock that is
    released and acquired stands between them.

    Args:
        arrivals: one line for each worker, zeros at first.
        worker: the number of this worker.
        check: called at every nap; it raises where the others will never arrive.
    """

    def __init__(
        self,
        arrivals: np.ndarray[tuple[int, int], np.dtype[np.int64]],
        worker: int,
        check: Callable[[], None],
    ) -> None:
        self._mine = arrivals[worker]
        self._others = [arrivals[other] for other in range(len(arrivals)) if other != worker]
        self._times = 0
        self._check = check
        self._order = threading.Lock()
        self._order.acquire()

    def is_awaited(self) -> bool:
        """Whether all others wait here for this worker."""
        return all(other[0] > self._times for other in self._others)

    def wait(self) -> None:
        """Arrive, and return when all have."""
        self._keep_order()
        self._times += 1
        self._mine[0] = self._times
        looks, (nap, longest) = 0, _NAPS
        for other in self._others:
            while other[0] < self._times:
                looks += 1
                if looks > _YIELDS:
                    self._check()
                    time.sleep(nap)
                    nap = min(1.1 * nap, longest)
                elif looks > _SPINS:
                    os.sched_yield()
        self._keep_order()

    def _keep_order(self) -> None:
        self._order.release()
        self._order.acquire()
