"""The folder of a run, on a file system that all workers see: what tasks leave each other, and how far the run is."""

import hashlib
import json
import os
import re
import secrets
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, fields
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from w2v_verified.files import replacing
from w2v_verified.runtime.arrays import Float, Integers, Matrix
from w2v_verified.trainer.cluster.errors import ClusterError, LostRangeError
from w2v_verified.trainer.run.checkpoint import CheckpointError
from w2v_verified.trainer.run.progress import State

__all__ = ["Folder"]

# On Windows nothing keeps a second run out.
_locks: Any = import_module("fcntl") if os.name == "posix" else None

_KIND = "w2v_verified run 1"


@dataclass(frozen=True)
class Folder:
    """Where everything of a run is. What is written is there whole or not at all, and the same whoever writes it.

    Attributes:
        path: the folder, which all workers see by this name.
    """

    path: Path

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Have the folder there, as that of one run, within a block.

        Raises:
            ClusterError: another process is training in it.
            CheckpointError: it has files, and is no run's.
            OSError: it cannot be made.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        if not self.is_own:
            raise CheckpointError(
                f"expected a new folder or that of a run, got {os.fspath(self.path)!r}, which has other files"
            )
        with open(self.file(_MARK), "ab") as mark:
            try:
                if _locks is not None:
                    _locks.flock(mark, _locks.LOCK_EX | _locks.LOCK_NB)
            except BlockingIOError:
                raise ClusterError(
                    f"another process is training in {os.fspath(self.path)!r}: its run ends there"
                ) from None
            self.remove(n for n in os.listdir(self.path) if n.startswith(_UNFINISHED))
            yield

    @property
    def is_own(self) -> bool:
        """Whether the folder is a run's, or empty."""
        return self.file(_MARK).exists() or not any(self.path.iterdir())

    def clear(self) -> None:
        """Remove all that a run leaves, and the folder if nothing else is in it."""
        with suppress(FileNotFoundError):
            if self.is_own:
                self.remove(n for n in os.listdir(self.path) if _OURS.fullmatch(n))
                self.remove([_MARK])
                with suppress(OSError):
                    self.path.rmdir()

    def file(self, name: str) -> Path:
        """The path of a file in it."""
        return self.path / name

    @contextmanager
    def writing(self, name: str) -> Iterator[BinaryIO]:
        """A file that is read and written, and in its place when the block ends without an exception."""
        path = self.file(name)
        temporary = path.with_name(f"{_UNFINISHED}{secrets.token_hex(8)}")
        try:
            with open(temporary, "x+b") as file:
                yield file
            os.replace(temporary, path)
        except BaseException as error:
            with suppress(OSError):
                temporary.unlink()
            if isinstance(error, OSError) and not error.filename:
                raise OSError(error.errno, error.strerror, os.fspath(self.path)) from None
            raise

    def put(self, name: str, *parts: bytes | memoryview) -> int:
        """Write a file at once, and return how many bytes it has."""
        with self.writing(name) as file:
            return sum(file.write(part) for part in parts)

    def remove(self, names: Iterable[str]) -> None:
        """Remove files that nobody needs any more."""
        for name in names:
            with suppress(FileNotFoundError):
                self.file(name).unlink()

    # The table, by ranges of rows

    def put_rows(self, step: int, number: int, rows: Matrix[Float]) -> tuple[int, str]:
        """Write a range of the table after so many supersteps; its size in bytes and its digest."""
        data = memoryview(np.ascontiguousarray(rows).reshape(-1).view(np.uint8).data)
        return self.put(table_name(step, number), data, _sum(data)), hashlib.blake2b(
            data, digest_size=16
        ).hexdigest()

    def read_rows(self, step: int, number: int, into: Matrix[Float]) -> int:
        """Read a range of the table into an array, and return how many bytes it has.

        Raises:
            LostRangeError: it is not there as it was written.
        """
        data = memoryview(into.reshape(-1).view(np.uint8).data)
        try:
            with open(self.file(table_name(step, number)), "rb") as file:
                whole = file.readinto(data) == len(data) and file.read() == _sum(data)
        except (FileNotFoundError, IsADirectoryError):
            whole = False
        if not whole:
            raise LostRangeError(
                f"expected the table after superstep {step} in {os.fspath(self.path)!r}, got no whole range {number}"
            )
        return len(data)

    def holds(self, step: int, number: int, digest: str) -> bool:
        """Whether a range of the table is there as it was written."""
        try:
            data = self.file(table_name(step, number)).read_bytes()
        except (FileNotFoundError, IsADirectoryError):
            return False
        held = data[:-_SUM]
        return data[-_SUM:] == _sum(held) and hashlib.blake2b(held, digest_size=16).hexdigest() == digest

    # What a shard changed in a range

    def put_changes(
        self, step: int, shard: int, number: int, rows: Integers[np.int64], values: Matrix[Float]
    ) -> int:
        """Write which rows of a range a shard changed in a superstep, and what they became."""
        parts = (
            len(rows).to_bytes(8, "little"),
            rows.astype(np.int64).tobytes(),
            np.ascontiguousarray(values).tobytes(),
        )
        data = b"".join(parts)
        return self.put(change_name(step, shard, number), data, _sum(data))

    def changes(
        self, step: int, shard: int, number: int, dimension: int, dtype: "np.dtype[Float]"
    ) -> tuple[Integers[np.int64], Matrix[Float], int]:
        """The rows a shard changed, what they became, and how many bytes were read.

        Raises:
            LostRangeError: they are not there as they were written.
        """
        data = b""
        with suppress(FileNotFoundError, IsADirectoryError):
            data = self.file(change_name(step, shard, number)).read_bytes()
        held = data[:-_SUM]
        if len(data) <= _SUM or data[-_SUM:] != _sum(held):
            raise LostRangeError(
                f"expected the changes of shard {shard} in superstep {step} in {os.fspath(self.path)!r}, got none of "
                f"range {number} that are whole"
            )
        count = int.from_bytes(held[:8], "little")
        rows = np.frombuffer(held, np.int64, count, 8)
        values: Matrix[Float] = np.frombuffer(held, dtype, offset=8 + 8 * count).reshape(count, dimension)
        return rows, values, len(data)

    # How far the run is

    def write_manifest(self, run: Mapping[str, Any], state: Mapping[str, Any], digests: list[str]) -> None:
        """Say that a superstep is done; what was said of the one before stays beside it."""
        path = self.file(_MANIFEST)
        last = next(iter(self.manifests()), None)
        # What is made again does not take the place of what it was made from.
        if path.exists() and last is not None and last["state"]["step_of_run"] < state["step_of_run"]:
            os.replace(path, self.file(_EARLIER))
        with replacing(path) as file:
            json.dump({"kind": _KIND, "run": run, "state": state, "digests": digests}, file)

    @property
    def is_begun(self) -> bool:
        """Whether a superstep was said to be done, be it legible or not."""
        return self.file(_MANIFEST).exists() or self.file(_EARLIER).exists()

    def manifests(self) -> list[Mapping[str, Any]]:
        """What was said last, and before that, as far as it is there.

        Raises:
            CheckpointError: it is there and cannot be read.
        """
        found: list[Mapping[str, Any]] = []
        for name in (_MANIFEST, _EARLIER):
            with suppress(FileNotFoundError, ValueError):
                manifest = json.loads(self.file(name).read_text(encoding="utf-8"))
                if _is_manifest(manifest):
                    found.append(manifest)
        if self.is_begun and not found:
            raise CheckpointError(
                f"expected the folder of a run of this version, got {os.fspath(self.path)!r}, whose manifest is of "
                "another, or damaged"
            )
        return found

    def keep_only(self, steps: Iterable[int], ranges: int) -> None:
        """Remove the table and the changes of all other supersteps."""
        kept = {table_name(step, number) for step in steps for number in range(ranges)}
        try:
            names = os.listdir(self.path)
        except OSError as error:
            raise ClusterError(f"{os.fspath(self.path)!r}: {error.strerror or error}") from None
        self.remove(n for n in names if _OF_STEPS.fullmatch(n) and n not in kept)


_MANIFEST, _EARLIER = "manifest.json", "manifest-before.json"
_MARK = "w2v_verified-run"
_UNFINISHED = ".w2v_verified-"
_OF_STEPS = re.compile(r"table-\d{7,}-\d{5,}|changes-\d{7,}-\d{5,}-\d{5,}")
_OURS = re.compile(
    rf"{_OF_STEPS.pattern}|part-\d{{5,}}\.(first|words|numbers)|manifest(-before)?\.json|text\.json|vocabulary\.json"
    rf"|tokens\.int32|{re.escape(_UNFINISHED)}[0-9a-f]{{16}}"
)
_SUM = 4  # bytes of a checksum


def _sum(data: bytes | memoryview) -> bytes:
    return zlib.crc32(data).to_bytes(_SUM, "little")


def _is_manifest(found: Any) -> bool:
    return (
        isinstance(found, dict)
        and found.get("kind") == _KIND
        and isinstance(found.get("run"), dict)
        and isinstance(found.get("state"), dict)
        and set(found["state"]) == {"step_of_run", *(field.name for field in fields(State))}
        and isinstance(found["state"]["step_of_run"], int)
        and isinstance(found.get("digests"), list)
        and bool(found["digests"])
    )


def table_name(step: int, number: int) -> str:
    """The file of a range of the table after so many supersteps."""
    return f"table-{step:07}-{number:05}"


def change_name(step: int, shard: int, number: int) -> str:
    """The file of what a shard changed in a range of the table in a superstep."""
    return f"changes-{step:07}-{shard:05}-{number:05}"
