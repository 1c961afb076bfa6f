"""Writing a file so that it is there whole or not at all."""

import errno
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO, TextIO

__all__ = ["check_writable", "not_written", "replacing", "replacing_bytes"]

_DESCRIPTORS = "/proc/self/fd"


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[TextIO]:
    """Open a text file in UTF-8 that takes the place of `path` as `replacing_bytes` says."""
    with replacing_bytes(path) as file:
        # Names of files may hold bytes that are no text.
        text = TextIOWrapper(file, encoding="utf-8", errors="backslashreplace", newline="\n")
        yield text
        text.detach()


@contextmanager
def replacing_bytes(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """Open a file that takes the place of `path` when the block ends without an exception.

    It is written to the same folder and then put in place by one renaming; whatever goes wrong, what stood at
    `path` before is left as it was and nothing else is left. A symbolic link is followed, and the permissions of
    an earlier file are kept.

    Raises:
        OSError: the file cannot be written.
    """
    target = Path(os.path.realpath(path))
    temporary = target.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        with _opened(temporary) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
            _name(file, temporary)
        with suppress(FileNotFoundError):
            temporary.chmod(stat.S_IMODE(target.stat().st_mode))
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _opened(temporary: Path) -> BinaryIO:
    """A file without a name where the system has such files: then none is left of a process that is killed."""
    with suppress(AttributeError, OSError):
        os.stat(_DESCRIPTORS)
        return open(os.open(temporary.parent, os.O_TMPFILE | os.O_WRONLY, 0o666), "wb")
    return open(temporary, "xb")


def _name(file: BinaryIO, temporary: Path) -> None:
    descriptor = file.fileno()
    if os.fstat(descriptor).st_nlink == 0:
        # With a folder's descriptor, which is not used, the link in /proc is followed.
        os.link(f"{_DESCRIPTORS}/{descriptor}", temporary, src_dir_fd=descriptor)


def not_written(path: str | os.PathLike[str], error: OSError) -> str:
    """Say that a file cannot be written, and why.

    >>> not_written("out.txt", OSError(28, "No space left on device"))
    "cannot write 'out.txt': No space left on device"
    """
    return f"cannot write {os.fspath(path)!r}: {error.strerror or error}"


def check_writable(path: str | os.PathLike[str]) -> None:
    """Raise the `OSError` that `replacing` would end in, as far as it can be known beforehand.

    A device or a pipe is refused too: renaming a file over it would put the file in its place.
    """
    target = Path(os.path.realpath(path))
    if target.is_symlink():  # which no path resolves
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), os.fspath(path))
    if target.exists():
        if target.is_dir():
            raise IsADirectoryError("it is a folder")
        if not target.is_file():
            raise OSError("it is a device or a pipe")
        with open(target, "ab"):
            pass
    if not target.parent.is_dir():
        raise FileNotFoundError(f"there is no folder {str(target.parent)!r}")
    probe = target.with_name(f".{secrets.token_hex(8)}.tmp")
    probe.touch(exist_ok=False)
    probe.unlink()
