"""Readable ends of addresses."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container

LONGEST = 60
ROOM_FOR_NUMBER = 4
NOTHING_LEFT = "arrangement"
_LETTERS = str.maketrans(
    {"æ": "ae", "ø": "o", "å": "a", "ö": "o", "ä": "a", "ß": "ss", "đ": "d", "ŋ": "n", "ŧ": "t", "ð": "d"}
)


def slugify(text: str, longest: int = LONGEST) -> str:
    """Lower-case a–z, digits and single hyphens, at most `longest` long, cut between words where it can be.

    «Veilederkurs Bodø 2027» is `veilederkurs-bodo-2027`; a text without any letter or digit is `arrangement`.
    """
    lowered = unicodedata.normalize("NFC", text).lower().translate(_LETTERS)
    plain = unicodedata.normalize("NFKD", lowered).encode("ascii", "ignore").decode()
    return _cut("-".join(re.findall(r"[a-z0-9]+", plain)), longest) or NOTHING_LEFT


def dated(name: str, ending: str) -> str:
    """The slug of a name and a short ending that is never cut off: «<long title> mars 2027» keeps its month and year.

    A few characters are left free for a number.
    """
    tail = f"-{slugify(ending)}" if ending else ""
    return slugify(name, LONGEST - ROOM_FOR_NUMBER - len(tail)) + tail


def numbered(slug: str, taken: Container[str], longest: int = LONGEST) -> str:
    """The slug itself, or with the first free number from 2 at its end, still at most `longest` long."""
    number, tried = 1, slug
    while tried in taken:
        number += 1
        tail = f"-{number}"
        tried = slug[: longest - len(tail)].rstrip("-") + tail
    return tried


def _cut(slug: str, longest: int) -> str:
    if len(slug) <= longest:
        return slug
    whole_words = slug[: longest + 1].rpartition("-")[0]
    return whole_words or slug[:longest]
