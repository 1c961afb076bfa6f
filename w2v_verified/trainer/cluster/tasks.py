"""Tasks on a Dask cluster: carried out again where workers are lost, and errors that name the place."""

import platform
import secrets
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

import w2v_verified
from w2v_verified.errors import SpelledError
from w2v_verified.trainer.cluster.errors import ClusterError, VersionError
from w2v_verified.trainer.run.engine import DivergenceError

__all__ = ["Carrier", "Task"]

_LOST = 20
"""How often a task may lose the worker it is on, all tries together, before it is given up."""


class Task(NamedTuple):
    """A pure function with its arguments, and what it does, for messages."""

    what: str
    function: Callable[..., Any]
    arguments: tuple[Any, ...]


@dataclass
class Carrier:
    """Has tasks carried out by the workers of a cluster.

    Attributes:
        client: a `distributed.Client` of the cluster.
    """

    client: Any
    _name: str = field(default_factory=lambda: f"w2v-{secrets.token_hex(6)}")
    _count: int = 0

    def one(self, task: Task) -> Any:
        """The result of one task; see `all`."""
        return self.all([task])[0]

    def all(self, tasks: Iterable[Task]) -> list[Any]:
        """The results of tasks, in their order.

        Raises:
            ClusterError: one cannot be carried out; the message names it.
            CorpusError, DivergenceError, MemoryError: as a task raises it.
        """
        from distributed import CancelledError, as_completed
        from distributed.client import ClosedClientError
        from distributed.scheduler import KilledWorker

        wanted = list(tasks)
        results: list[Any] = [None] * len(wanted)
        lost = [0] * len(wanted)
        futures: dict[str, tuple[int, Any]] = {}

        def submit(n: int) -> Any:
            self._count += 1
            key = f"{self._name}-{wanted[n].function.__name__.strip('_')}-{self._count}"
            try:
                future = self.client.submit(_guarded, _versions(), *wanted[n], key=key, pure=False)
            except ClosedClientError:
                raise ClusterError(f"{wanted[n].what}: the connection to the scheduler was lost") from None
            futures[key] = n, future
            return future

        try:
            pending = as_completed([submit(n) for n in range(len(wanted))], loop=self.client.loop)
            for future in pending:
                n, _ = futures.pop(future.key)
                try:
                    results[n] = future.result()
                except KilledWorker:
                    lost[n] += 1
                    if lost[n] * _ALLOWED > _LOST:
                        raise ClusterError(
                            f"{wanted[n].what}: the workers that were to do it were lost {_LOST} times and more; do "
                            "they have the memory it needs?"
                        ) from None
                    pending.add(submit(n))
                except (SpelledError, ClusterError, DivergenceError, MemoryError):
                    raise
                except CancelledError:
                    raise ClusterError(
                        f"{wanted[n].what}: the connection to the scheduler was lost"
                    ) from None
                except Exception as error:
                    raise _unforeseen(wanted[n].what, error) from None
        finally:
            with suppress(Exception):
                self.client.cancel([future for _, future in futures.values()])
        return results


_ALLOWED = 4  # how many workers Dask loses before it reports one lost task


def _versions() -> tuple[str, str, str]:
    return w2v_verified.__version__, np.__version__, platform.python_version()


def _guarded(
    versions: Sequence[str], what: str, function: Callable[..., Any], arguments: Sequence[Any]
) -> Any:
    """Carry out a task on a worker that has the same versions."""
    for name, wanted, here in zip(("w2v_verified", "NumPy", "Python"), versions, _versions(), strict=True):
        if wanted != here:
            raise VersionError(
                f"{_here()}: expected {name} {wanted} as where the run was started, got {here}"
            )
    try:
        return function(*arguments)
    except (SpelledError, ClusterError, DivergenceError):
        raise
    except MemoryError as error:
        raise MemoryError(f"{what} on {_here()}: {error}") from None
    except OSError as error:
        where = f": {error.filename}" if error.filename else ""
        raise ClusterError(f"{what} on {_here()}: {error.strerror or error}{where}") from None
    except Exception as error:
        raise _unforeseen(f"{what} on {_here()}", error) from error


def _unforeseen(what: str, error: BaseException) -> ClusterError:
    return ClusterError(f"{what}: {type(error).__name__}: {' '.join(str(error).split())[:300]}")


def _here() -> str:
    from distributed import get_worker

    try:
        return f"the worker {get_worker().address}"
    except ValueError:
        return "this machine"
