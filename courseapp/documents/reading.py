"""A spreadsheet from outside → headings and rows of text. The only importer of openpyxl and defusedxml.

Whatever is sent, the answer is text or one sentence: what unpacks to more than MOST_UNPACKED is not unpacked, entities
in xml are refused, links to other files are not followed, and a formula is the value its program last kept, never
reckoned.
"""

from __future__ import annotations

import csv
import unicodedata
import warnings
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO, StringIO
from itertools import islice
from typing import IO, Any

from defusedxml import ElementTree

from courseapp.domain.errors import DomainError
from courseapp.domain.marking import N_
from courseapp.domain.people_columns import MOST_COLUMNS, MOST_ROWS

MOST_UNPACKED = 30 * 1024 * 1024
MOST_PARTS = 500
MOST_IN_CELL = 2_000
MOST_ELEMENTS = 600_000
"""In one part of an xlsx; the largest list that is taken has some 360 000. Millions pack into a few kilobytes."""

_MOST_LINES = 10 * MOST_ROWS
"""Empty rows count here: a sheet may end in many of them."""

_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


class Unreadable(DomainError):
    """The file is not a list that can be read; the sentence says why, and what to do."""

    message = N_("Fila kan ikke leses. Lagre den på nytt som Excel-fil (.xlsx) eller CSV, og prøv igjen.")


class EmptyFile(Unreadable):
    """There is nothing in it."""

    message = N_("Fila har ingen rader. Den første raden skal være overskrifter, og så én rad per person.")


class TooManyRows(Unreadable):
    """Nobody has so many participants."""

    message = N_("Fila har for mange rader. Du kan importere høyst 2 000 personer om gangen.")


class TooManyColumns(Unreadable):
    """Wider than any list of people."""

    message = N_("Fila har for mange kolonner. Behold bare dem du trenger, høyst 60.")


class TooLongCell(Unreadable):
    """A cell holds a document."""

    message = N_("En av cellene har for mye tekst. En celle kan ha høyst 2 000 tegn.")


class OldExcel(Unreadable):
    """A format from before 2007, or a file with a password."""

    message = N_("Dette er en gammel Excel-fil (.xls), eller den har passord. Lagre den som .xlsx uten passord.")


class WrongSigns(Unreadable):
    """Text with signs that no text has."""

    message = N_("Fila har tegn som ikke er tekst. Lagre den på nytt som Excel-fil (.xlsx) eller CSV.")


class TooLarge(Unreadable):
    """It unpacks to more than it should."""

    message = N_("Fila pakker ut til for mye. Kopier listen til en ny, tom Excel-fil, og prøv igjen.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The headings, and the rows below that are not empty with their numbers in the file; all of one width.

    Text is in composed letters.
    """

    headings: list[str]
    rows: list[tuple[int, list[str]]]


def read(content: bytes) -> Sheet:
    """The first sheet of an xlsx, or a csv in any of the forms that Norwegian programs write.

    Semicolons, commas or tabs; cp1252, UTF-8 or UTF-16, told by what is in the file and never by its name.
    Raises Unreadable, or a kin of it that says more.
    """
    if content.startswith(_OLD_EXCEL):
        raise OldExcel
    lines = _xlsx(content) if content.startswith(b"PK") else _csv(_decoded(content))
    numbered = ((number, _row(one)) for number, one in enumerate(lines, start=1))
    rows = list(islice((one for one in numbered if one[1]), MOST_ROWS + 2))
    if len(rows) < 2:
        raise EmptyFile
    if len(rows) > MOST_ROWS + 1:
        raise TooManyRows
    width = max(len(row) for _number, row in rows)
    if width > MOST_COLUMNS:
        raise TooManyColumns
    (_first, headings), *rest = [(number, row + [""] * (width - len(row))) for number, row in rows]
    return Sheet(headings=headings, rows=rest)


def _row(cells: Iterable[Any]) -> list[str]:
    row = [_text(cell) for cell in cells]
    while row and not row[-1]:
        row.pop()
    return row


def _text(cell: Any) -> str:
    """A cell as people would write it: whole numbers without a decimal, days as dd.mm.yyyy."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if isinstance(cell, datetime) and cell.time() != time():
        text = f"{cell:%d.%m.%Y %H:%M}"
    else:
        text = f"{cell:%d.%m.%Y}" if isinstance(cell, date) else str(cell)
    if len(text) > MOST_IN_CELL:
        raise TooLongCell
    if "\x00" in text:
        raise WrongSigns
    return unicodedata.normalize("NFC", text).strip()


def _decoded(content: bytes) -> str:
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), None)
    try:
        if encoding is not None:
            return content.decode(encoding)
        if b"\x00" in content:
            raise WrongSigns
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError:
            return content.decode("cp1252")
    except UnicodeDecodeError as problem:
        raise WrongSigns from problem


def _csv(text: str) -> list[list[str]]:
    first = next((line for line in text.splitlines() if line.strip()), "")
    if first.lower().startswith("sep=") and len(first.strip()) == 5:  # Excel's own way to name the sign between cells
        text = text.partition(first)[2].lstrip("\r\n")
        delimiter = first.strip()[-1]
    else:
        delimiter = max(";\t,", key=first.count)
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    try:
        rows = list(islice(reader, _MOST_LINES + 1))
    except csv.Error as problem:
        raise (TooLongCell if "field larger" in str(problem) else Unreadable) from problem
    if len(rows) > _MOST_LINES:
        raise TooManyRows
    return rows


def _xlsx(content: bytes) -> list[tuple[Any, ...]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what the library cannot show (validation, pictures) is nothing to us
        try:
            _weigh(content)
            import openpyxl  # a sixth of a second and 6 MiB, for a page that is opened twice a year

            book = openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # what a file says of its own size is not believed
            return list(sheet.iter_rows(max_row=_MOST_LINES, max_col=MOST_COLUMNS + 1, values_only=True))
        except Unreadable:
            raise
        except Exception as problem:  # a broken file breaks the library in any way there is
            raise Unreadable from problem


def _weigh(content: bytes) -> None:
    """Look at the parts before any is unpacked; then see that no xml among them declares entities."""
    with zipfile.ZipFile(BytesIO(content)) as parts:
        known = parts.infolist()
        if len(known) > MOST_PARTS or sum(one.file_size for one in known) > MOST_UNPACKED:
            raise TooLarge
        if any(one.flag_bits & 1 for one in known):
            raise OldExcel
        for one in known:
            if one.filename.endswith((".xml", ".rels")):
                with parts.open(one) as part:
                    _pass_over(part)


def _pass_over(part: IO[bytes]) -> None:
    """Read xml to its end and keep nothing of it: a tree of a million cells would be hundreds of megabytes."""
    path: list[Any] = []
    count = 0
    for event, element in ElementTree.iterparse(part, ("start", "end"), forbid_dtd=True):
        if event == "start":
            path.append(element)
            count += 1
            if count > MOST_ELEMENTS:
                raise TooLarge
            continue
        path.pop()
        if path:
            path[-1].clear()
