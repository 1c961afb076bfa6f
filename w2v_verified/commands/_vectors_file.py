"""The file that ``train`` writes vectors to: room is looked for before training, and none are lost to a full disk."""

import os
import secrets
import shutil
import tempfile
from typing import Any

from w2v_verified.errors import UsageError
from w2v_verified.files import not_written
from w2v_verified.trainer import WordVectors

__all__ = ["check_room", "write_vectors"]

_OPTION = "--output"
_BYTES_A_NUMBER = {True: 4, False: 9}
"""In a binary file, and at least in text."""


def check_room(path: str, words: int, dimension: int) -> None:
    """See that the vectors will fit on the disk.

    Raises:
        UsageError: they will not; the message says how much is needed and how much is free.
    """
    needed = words * dimension * _BYTES_A_NUMBER[_is_binary(path)]
    folder = os.path.dirname(os.path.realpath(path))
    free = shutil.disk_usage(folder).free
    if not path.endswith(".gz") and free < needed:
        raise UsageError(
            f"{_OPTION}: expected {_megabytes(needed)} free in {folder!r} for {words:,} words of {dimension} numbers, "
            f"got {_megabytes(free)}"
        )


def write_vectors(vectors: WordVectors[Any], path: str) -> None:
    """Write the vectors; where that fails, write them to the system's folder for temporary files.

    Raises:
        UsageError: they are not where they should be; the message says where they are.
    """
    try:
        _write(vectors, path)
    except OSError as error:
        name = f"w2v_verified-{secrets.token_hex(4)}-{os.path.basename(path)}"
        elsewhere = os.path.join(tempfile.gettempdir(), name)
        message = f"{_OPTION}: {not_written(path, error)}"
        try:
            _write(vectors, elsewhere)
        except OSError:
            raise UsageError(message) from None
        raise UsageError(f"{message}; the vectors are in {elsewhere!r}") from None


def _write(vectors: WordVectors[Any], path: str) -> None:
    save = vectors.save_binary if _is_binary(path) else vectors.save_text
    save(path)


def _is_binary(path: str) -> bool:
    return path.endswith((".bin", ".bin.gz"))


def _megabytes(count: int) -> str:
    return f"{count / 1e6:,.1f} MB" if count >= 1e6 else f"{count / 1e3:,.1f} kB"
