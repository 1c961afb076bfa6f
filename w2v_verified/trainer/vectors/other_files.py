"""Files of other kinds that are taken for vectors or models: each is told by how it begins."""

import re

from w2v_verified.trainer.text.reading import FormatError
from w2v_verified.trainer.vectors.byte_stream import ByteStream
from w2v_verified.trainer.vectors.text_rows import dimension_of

__all__ = ["START", "other_kind", "refuse_others"]

START = 256
_HTML = re.compile(rb"\s*<(!doctype\s+)?html", re.IGNORECASE)
_BZIP2 = re.compile(rb"BZh[1-9](1AY&SY|\x17rE8P\x90)")
_KINDS = (
    (b"\xfd7zXZ\0", "a file that xz packed: unpack it by unxz"),
    (b"\x93NUMPY", "an array of NumPy's, which has no words: WordVectors(words, numpy.load(...))"),
    (b"version https://git-lfs", "what Git LFS keeps in place of the file: fetch it by git lfs pull"),
    (b"\xff\xfe", "text in UTF-16: write it in UTF-8"),
    (b"\xfe\xff", "text in UTF-16: write it in UTF-8"),
    *(
        (
            bytes([0x80, protocol]),
            "a pickle, as gensim's save writes: WordVectors.from_gensim(KeyedVectors.load(...)), or the wv of its "
            "Word2Vec.load(...)",
        )
        for protocol in range(2, 6)
    ),
)


def other_kind(start: bytes) -> str | None:
    """What a file is, by its first bytes, and what to do with it; None if it may hold vectors."""
    if not start:
        return "an empty file"
    if _BZIP2.match(start):
        return "a file that bzip2 packed: unpack it by bunzip2"
    if start.startswith(b"PK\x03\x04"):
        of_ours = b"description.npy" in start
        return "what Word2Vec.save wrote: Word2Vec.load(...).wv" if of_ours else "a zip archive: unzip it"
    if _HTML.match(start) and not dimension_of(start.partition(b"\n")[0]):
        return "a page in HTML: fetch the file that it leads to"
    return next((what for begins, what in _KINDS if start.startswith(begins)), None)


def refuse_others(stream: ByteStream) -> None:
    """Refuse what begins as other files do that people take for vectors.

    Raises:
        FormatError: it does, or is empty; the message says what it is and what to do.
    """
    got = other_kind(stream.peek(START))
    if got is not None:
        raise FormatError(f"expected word vectors, got {got}")
