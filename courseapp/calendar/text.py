"""Words on their way into a calendar file: cleaned, escaped and folded."""

import re
from collections.abc import Iterable

_LINE_BREAK = re.compile("\r\n?|[\x85\u2028\u2029]")
# The C0 controls but tab and newline, DEL, the C1 controls, surrogates, which cannot be encoded at all, and the byte
# order mark, which spreadsheets leave at the beginning of a text and parsers take away again.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff]")
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})
_LINE_OCTETS = 75  # RFC 5545 section 3.1, without the CRLF


def clean_text(text: str) -> str:
    """The text with every line break as a newline and without control characters."""
    return _UNPRINTABLE.sub("", _LINE_BREAK.sub("\n", text))


def one_line(text: str) -> str:
    """The cleaned text on a single line, for a parameter such as a person's name."""
    return " ".join(clean_text(text).split())


class Text(str):
    r"""A TEXT value as RFC 5545 section 3.3.11 writes it.

    The library's own type is not used: it reads a typed backslash and capital N (``C:\Nytt``) as a line break,
    and it lets control characters through.
    """

    __slots__ = ()

    def to_ical(self) -> bytes:
        """The cleaned and escaped value."""
        return clean_text(self).translate(_ESCAPES).encode()


def _fold(line: str) -> bytes:
    """The line in pieces of at most 75 octets, with no character and no escape broken in two."""
    octets = line.encode()
    pieces = []
    start, room = 0, _LINE_OCTETS
    while len(octets) - start > room:
        end = start + room
        while octets[end] & 0xC0 == 0x80:  # the middle of a UTF-8 character
            end -= 1
        piece = octets[start:end]
        end -= (len(piece) - len(piece.rstrip(b"\\"))) % 2
        pieces.append(octets[start:end])
        start, room = end, _LINE_OCTETS - 1  # every later line begins with a space
    pieces.append(octets[start:])
    return b"\r\n ".join(pieces)


def written(lines: Iterable[str]) -> bytes:
    """The content lines as they stand in the file; the library's own folding takes most of a request's time."""
    return b"".join(_fold(line) + b"\r\n" for line in lines if line)
