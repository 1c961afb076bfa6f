"""Room in memory for a call: one that asks for far more gets a MemoryError, before the machine has none left."""

import mmap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["room"]

_HELD = Path("/proc/self/statm")  # the pages of this process; only Linux has it, and a limit that is kept


@contextmanager
def room(further: int) -> Iterator[None]:
    """Let this process hold so many bytes more than it does while the block runs, where the system can see to it."""
    if not _HELD.exists():
        yield
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = int(_HELD.read_text(encoding="ascii").split()[0]) * mmap.PAGESIZE + further
    known = [limit for limit in (soft, hard) if limit != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_AS, (min([wanted, *known]), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
