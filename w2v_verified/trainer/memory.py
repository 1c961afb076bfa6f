"""How much memory there is, so that a run which needs more is refused before it begins."""

import os
from pathlib import Path

_GROUP = Path("/sys/fs/cgroup")
_UNITS = ("bytes", "KiB", "MiB", "GiB", "TiB")


def require(nbytes: int, what: str) -> None:
    """Refuse what would not fit into the memory that is free now.

    Raises:
        MemoryError: it would not; the message says what needs how much, and how much there is.
    """
    free = _free()
    if free is not None and nbytes > free:
        raise MemoryError(f"{what} need {in_words(nbytes)}, and {in_words(free)} are free")


def in_words(nbytes: int) -> str:
    """A size to be read.

    >>> in_words(900), in_words(3 << 29), in_words(1 << 52)
    ('900 bytes', '1.5 GiB', '4096.0 TiB')
    """
    size, unit = float(nbytes), 0
    while size >= 1024 and unit + 1 < len(_UNITS):
        size, unit = size / 1024, unit + 1
    return f"{size:.1f} {_UNITS[unit]}" if unit else f"{nbytes} bytes"


def _free() -> int | None:
    """What the system can give without swapping, and less where this process is limited; None if unknown."""
    known = []
    if Path("/proc/meminfo").exists():
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        known += [int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")]
    elif hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        known.append(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    group = _GROUP
    limit, used = group / "memory.max", group / "memory.current"
    if limit.exists() and used.exists() and (text := limit.read_text(encoding="ascii").strip()) != "max":
        known.append(max(0, int(text) - int(used.read_text(encoding="ascii"))))
    return min(known, default=None)
