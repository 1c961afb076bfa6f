"""Matrix products on one thread."""

import functools
from contextlib import AbstractContextManager, nullcontext
from typing import Any


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
