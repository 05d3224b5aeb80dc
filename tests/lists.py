"""Lists of people in the forms that offices have them, as real bytes."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import openpyxl

HEADINGS = ("Fornavn", "Etternavn", "E-postadresse", "Mobil", "Stilling", "Legekontor", "Kommune", "HPR-nr.", "Merknad")
ROLES = ("Fastlege", "ALIS", "LIS 1", "turnuslege", "Spesialist allmenn", "SamLIS", "Lege")
Row = Sequence[object]


def people(count: int = 28) -> list[list[str]]:
    """Rows under HEADINGS, with the letters and the mess that lists have."""
    return [
        [
            "Åse Ærlig",
            f"Øvregård-{number}",
            f"Ase.{number}@lege.example.org",
            f"912 34 {number:03}",
            ROLES[number % len(ROLES)],
            'Havna "nye" legesenter; avd. 2',
            "Bodø kommune",
            f"00{number}1234",
            "Kommer sent – må gå kl. 14" if number % 2 else "",
        ]
        for number in range(1, count + 1)
    ]


def separated(rows: Sequence[Row], *, sign: str, encoding: str, mark: bytes = b"") -> bytes:
    """Text with a sign between the cells."""
    target = io.StringIO(newline="")
    csv.writer(target, delimiter=sign, lineterminator="\r\n").writerows(rows)
    return mark + target.getvalue().encode(encoding)


def workbook(rows: Sequence[Row]) -> bytes:
    """A spreadsheet with one sheet; a text that begins with = is a formula."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def forms(rows: Sequence[Row]) -> dict[str, bytes]:
    """The same list as Norwegian programs save it."""
    return {
        "semicolons in cp1252": separated(rows, sign=";", encoding="cp1252"),
        "commas in UTF-8 with a mark": separated(rows, sign=",", encoding="utf-8-sig"),
        "semicolons in UTF-8 with a mark": separated(rows, sign=";", encoding="utf-8-sig"),
        "tabs in UTF-16 LE": separated(rows, sign="\t", encoding="utf-16-le", mark=b"\xff\xfe"),
        "tabs in UTF-16 BE": separated(rows, sign="\t", encoding="utf-16-be", mark=b"\xfe\xff"),
        "xlsx": workbook(rows),
    }
