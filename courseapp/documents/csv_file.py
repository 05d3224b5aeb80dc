"""Table → csv as Norwegian Excel opens it: semicolons, UTF-8 with a mark, CRLF."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import datetime
from io import StringIO

from courseapp.documents.table import Cell, Table
from courseapp.when import local

_PHONE = re.compile(r"\+[0-9 ]+")
_STARTERS = frozenset("=+-@＝＋－＠")
_MARK = "\N{BOM}"
_PIECE = 32 * 1024
"""How many letters are gathered before they are sent on."""


def write(table: Table) -> bytes:
    """The headings, then the rows. A cell that a spreadsheet would take for a formula gets an apostrophe in front."""
    return b"".join(pieces(table))


def pieces(table: Table) -> Iterator[bytes]:
    """The same piece by piece, so that what is held does not grow with the number of rows."""
    target = StringIO(newline="")
    target.write(_MARK)
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
    writer.writerow([_safe(column.heading) for column in table.columns])
    for row in table.rows:
        writer.writerow([_text(cell) for cell in row])
        if target.tell() >= _PIECE:
            yield target.getvalue().encode("utf-8")
            target.seek(0)
            target.truncate()
    yield target.getvalue().encode("utf-8")


def _text(cell: Cell) -> str:
    if isinstance(cell, str):
        return _safe(cell)
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return f"{local(cell):%d.%m.%Y %H:%M}"
    return str(cell).replace(".", ",") if isinstance(cell, float) else str(cell)


def _safe(text: str) -> str:
    """Phone numbers keep their plus; they cannot be a formula that does anything."""
    dangerous = text.lstrip()[:1] in _STARTERS and not _PHONE.fullmatch(text)
    return f"'{text}" if dangerous else text
