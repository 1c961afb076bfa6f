"""From a text to its words."""

import functools
import re
import sys
import unicodedata

# Bytes to bytes: ASCII letters to lower case, what ASCII has between words to a space, the rest of UTF-8 as it is.
_SPACED = bytes(
    ord(c.lower()) if c.isalnum() or c in "_'" else ord(" ") for c in map(chr, range(128))
) + bytes(range(128, 256))
_LONE_APOSTROPHE = re.compile(r"'(?:(?!\w)|(?<!\w'))", re.ASCII)


def split_words(text: str) -> list[str]:
    r"""Return the words of a text in lower case: letters, digits, marks and underscores, apostrophes inside.

    >>> split_words("Don't stop: __init__(self) at 20°C, naïve हिन्दी!")
    ["don't", 'stop', '__init__', 'self', 'at', '20', 'c', 'naïve', 'हिन्दी']
    """
    if text.isascii():
        spaced = text.encode().translate(_SPACED).decode()
        return (_LONE_APOSTROPHE.sub(" ", spaced) if "'" in spaced else spaced).split()
    text = unicodedata.normalize("NFC", text).lower().replace("\u2019", "'")
    spaced = text.encode(errors="surrogatepass").translate(_SPACED).decode(errors="surrogatepass")
    words = []
    for part in spaced.split():
        if part.isalnum():
            words.append(part)
        else:
            words += _word().findall(part)
    return words


@functools.cache
def _word() -> re.Pattern[str]:
    # Python's \w leaves out combining marks and joiners, and so would cut Devanagari or Persian words in two.
    marks = "".join(c for c in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(c) in ("Mn", "Mc"))
    return re.compile(rf"\w+(?:(?:[{marks}\u200c\u200d]+|'(?=\w))\w*)*")
