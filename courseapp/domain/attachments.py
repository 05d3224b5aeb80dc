"""Which files may go along with a message: how many, how large, of which kinds, and under what names.

A file is what its name says only when its content says so too.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass

from courseapp.domain.errors import DomainError
from courseapp.domain.marking import N_

MOST_FILES = 5
MOST_BYTES = 5 * 1024 * 1024
LONGEST_NAME = 100

_OFFICE = "application/vnd.openxmlformats-officedocument"
TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "docx": f"{_OFFICE}.wordprocessingml.document",
    "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    "pptx": f"{_OFFICE}.presentationml.presentation",
}
"""What an ending means on the wire."""

_BEGINS = {
    "pdf": (b"%PDF-",),
    "png": (b"\x89PNG\r\n\x1a\n",),
    "jpg": (b"\xff\xd8\xff",),
    "jpeg": (b"\xff\xd8\xff",),
    "gif": (b"GIF87a", b"GIF89a"),
}
_INSIDE = {"docx": "word/", "xlsx": "xl/", "pptx": "ppt/"}
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


OTHER_KIND = N_("«%(name)s» kan ikke legges ved. Du kan legge ved PDF, PNG, JPG, GIF, DOCX, XLSX og PPTX.")
OTHER_CONTENT = N_("Innholdet i «%(name)s» er ikke det navnet sier. Lagre filen på nytt, og prøv igjen.")


class FileRefused(DomainError):
    """A file that may not go along; the sentence names it and says why."""


class TooManyFiles(DomainError):
    """More files than anybody opens."""

    message = N_("En melding kan ha høyst 5 vedlegg.")


class FilesTooLarge(DomainError):
    """Mail servers turn large letters away."""

    message = N_("Vedleggene er til sammen større enn 5 MB. Velg mindre filer, eller legg dem et sted og send lenken.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """One file as it goes along: a clean name, the type its name and content agree on, and the content."""

    name: str
    content_type: str
    content: bytes


def accepted(name: str, content: bytes) -> Attachment:
    """The file, or FileRefused when it is empty, of another kind, or not what its name says."""
    shown = clean_name(name)
    stem, dot, ending = shown.rpartition(".")
    ending = ending.lower()
    if not dot or not stem or ending not in TYPES:
        raise FileRefused(OTHER_KIND, name=shown)
    if not content:
        raise FileRefused(N_("«%(name)s» er tom."), name=shown)
    if not _is(ending, content):
        raise FileRefused(OTHER_CONTENT, name=shown)
    return Attachment(name=shown, content_type=TYPES[ending], content=content)


def check_sizes(sizes: Iterable[int]) -> None:
    """All files of one message together. Raises TooManyFiles or FilesTooLarge."""
    known = list(sizes)
    if len(known) > MOST_FILES:
        raise TooManyFiles
    if sum(known) > MOST_BYTES:
        raise FilesTooLarge


def clean_name(name: str) -> str:
    """The last part of a path, composed, without signs that cannot be seen, at most LONGEST_NAME, ending kept."""
    last = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    plain = " ".join(_UNSEEN.sub("", last).replace('"', "").split()).lstrip(".") or "fil"
    if len(plain) <= LONGEST_NAME:
        return plain
    stem, dot, ending = plain.rpartition(".")
    if not dot or len(ending) > 8:
        return plain[:LONGEST_NAME]
    return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}"


def _is(ending: str, content: bytes) -> bool:
    return content.startswith(_BEGINS[ending]) if ending in _BEGINS else _is_office(ending, content)


def _is_office(ending: str, content: bytes) -> bool:
    """A package of the right kind without macros. Only its list of contents is read; nothing is unpacked."""
    if not content.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = package.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, RuntimeError):
        return False
    macros = any(one.lower().endswith("vbaproject.bin") for one in names)
    return "[Content_Types].xml" in names and any(one.startswith(_INSIDE[ending]) for one in names) and not macros
