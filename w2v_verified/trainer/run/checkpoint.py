"""A file from which a training run goes on to the same bytes as if it had never stopped."""

import hashlib
import json
import os
from collections.abc import Mapping
from typing import Any, BinaryIO

import numpy as np

from w2v_verified.errors import Setting, SpelledError
from w2v_verified.files import replacing_bytes
from w2v_verified.runtime.arrays import Float, Matrix

_MAGIC = b"w2v_verified checkpoint 1\n"
_LENGTH = 8  # bytes that say how long the description is
_DIGEST = 32
_BLOCK = 1 << 24


class CheckpointError(SpelledError):
    """A file is not a checkpoint, is damaged, or is one of another run; the message says which and how."""


def save(
    path: str | os.PathLike[str], run: Mapping[str, Any], state: Mapping[str, Any], table: Matrix[Float]
) -> None:
    """Write a checkpoint; the file is there whole or not at all, and on disk when this returns.

    It begins with a line of its own; then the length of a description as 8 bytes, the lowest first; the
    description in JSON; the table, row by row; and the BLAKE2b digest, 32 bytes, of all before.

    Args:
        path: where to.
        run: what has to be the same for a run to go on.
        state: how far it is.
        table: the vectors.

    Raises:
        OSError: it cannot be written.
    """
    description = json.dumps({"run": run, "state": state}, sort_keys=True).encode()
    digest = hashlib.blake2b(digest_size=_DIGEST)
    with replacing_bytes(path) as file:
        head = _MAGIC + len(description).to_bytes(_LENGTH, "little") + description
        for part in (memoryview(head), _bytes(table)):
            for start in range(0, len(part), _BLOCK):
                block = part[start : start + _BLOCK]
                digest.update(block)
                file.write(block)
        file.write(digest.digest())


def load(path: str | os.PathLike[str], run: Mapping[str, Any], table: Matrix[Float]) -> Mapping[str, Any]:
    """Fill the table from a checkpoint of the run, and return the state it was in.

    Raises:
        CheckpointError: it is not a checkpoint, or damaged, or one of another run; the table is as it was.
        OSError: it cannot be read.
    """
    with open(path, "rb") as file:
        _check(file)
        file.seek(len(_MAGIC))
        length = int.from_bytes(file.read(_LENGTH), "little")
        there = json.loads(file.read(length))
        others = differences(there["run"], run)
        if others:
            raise CheckpointError("expected a checkpoint of the same run, got another one: ", *others)
        file.readinto(_bytes(table))
    state: Mapping[str, Any] = there["state"]
    return state


def _check(file: BinaryIO) -> None:
    """Nothing of a file is believed before its digest is right."""
    if file.read(len(_MAGIC)) != _MAGIC:
        raise CheckpointError("expected a checkpoint of w2v-verified train, got another kind of file")
    left = os.fstat(file.fileno()).st_size - len(_MAGIC) - _DIGEST
    digest = hashlib.blake2b(_MAGIC, digest_size=_DIGEST)
    while left > 0 and (block := file.read(min(left, _BLOCK))):
        digest.update(block)
        left -= len(block)
    if left or file.read() != digest.digest():
        raise CheckpointError("expected a whole checkpoint, got one that is cut off or damaged")


def differences(there: Mapping[str, Any], here: Mapping[str, Any]) -> list[str]:
    """How a run differs from another, as parts of a message."""
    found: list[str] = []
    for name in {**here, **there}:
        one, other = there.get(name, "missing"), here.get(name, "missing")
        if one != other:
            found += ["; "] * bool(found)
            found += [Setting(name), f" is {one} there and {other} here"]
    return found


def _bytes(table: Matrix[Float]) -> memoryview:
    return memoryview(table.reshape(-1).view(np.uint8).data)
