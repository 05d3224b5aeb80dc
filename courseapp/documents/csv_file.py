"""Table → csv as Norwegian Excel opens it: semicolons, UTF-8 with a mark, CRLF."""

from __future__ import annotations

import csv
import re
from datetime import datetime
from io import StringIO

from courseapp.documents.table import Cell, Table
from courseapp.when import local

_PHONE = re.compile(r"\+[0-9 ]+")
_STARTERS = frozenset("=+-@＝＋－＠")


def write(table: Table) -> bytes:
    """The headings, then the rows. A cell that a spreadsheet would take for a formula gets an apostrophe in front."""
    target = StringIO(newline="")
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
    writer.writerow([_safe(column.heading) for column in table.columns])
    for row in table.rows:
        writer.writerow([_text(cell) for cell in row])
    return b"\xef\xbb\xbf" + target.getvalue().encode("utf-8")


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return f"{local(cell):%d.%m.%Y %H:%M}"
    if isinstance(cell, float):
        return str(cell).replace(".", ",")
    return str(cell) if isinstance(cell, int) else _safe(cell)


def _safe(text: str) -> str:
    """Phone numbers keep their plus; they cannot be a formula that does anything."""
    dangerous = text.lstrip()[:1] in _STARTERS and not _PHONE.fullmatch(text)
    return f"'{text}" if dangerous else text
