"""A file as bytes to be taken one after the other."""

from io import BufferedIOBase

_BLOCK = 1 << 18


class ByteStream:
    """Takes bytes from a file without ever holding more than was asked for and one block.

    Attributes:
        offset: how many bytes were taken.
    """

    def __init__(self, file: BufferedIOBase) -> None:
        self.offset = 0
        self._file = file
        self._held = b""
        self._place = 0

    def peek(self, length: int) -> bytes:
        """Return the next bytes without taking them; fewer where the file ends."""
        self._hold(length)
        return self._held[self._place : self._place + length]

    def take(self, length: int) -> bytes:
        """Take the next bytes; fewer where the file ends."""
        taken = self.peek(length)
        self._skip(len(taken))
        return taken

    def until(self, end: bytes, longest: int) -> bytes | None:
        """Take what comes before the byte `end`, and `end`; None if it is not among the next `longest` bytes."""
        place = self._held.find(end, self._place, self._place + longest)
        if place < 0:
            self._hold(longest)
            place = self._held.find(end, self._place, self._place + longest)
            if place < 0:
                return None
        taken = self._held[self._place : place]
        self._skip(len(taken) + 1)
        return taken

    def _skip(self, length: int) -> None:
        self._place += length
        self.offset += length

    def _hold(self, length: int) -> None:
        if len(self._held) - self._place >= length:
            return
        blocks = [self._held[self._place :]]
        held = len(blocks[0])
        while held < length and (block := self._file.read(_BLOCK)):
            blocks.append(block)
            held += len(block)
        self._held, self._place = b"".join(blocks), 0
