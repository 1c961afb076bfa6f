"""Where a board lies: memory of one process, or a file in memory that several map."""

import mmap
import os
import tempfile
from contextlib import suppress


def own_memory(nbytes: int) -> mmap.mmap:
    """Memory of this process alone, in large pages where there are any: rows are looked up all over the table."""
    if not hasattr(mmap, "MADV_HUGEPAGE"):
        return mmap.mmap(-1, nbytes)
    memory = mmap.mmap(-1, nbytes, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    with suppress(OSError):
        memory.madvise(mmap.MADV_HUGEPAGE)
    return memory


def nameless_file(nbytes: int) -> int:
    """The descriptor of a file that other processes can map, and that is gone with the last of them."""
    if hasattr(os, "memfd_create"):
        descriptor = os.memfd_create("w2v_verified")
    else:
        with tempfile.TemporaryFile() as file:
            descriptor = os.dup(file.fileno())
    os.truncate(descriptor, nbytes)
    return descriptor
