"""Lines copied from a spreadsheet → the csv file of reported activities, which has its own reader."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

from courseapp.domain.activity_file import ALLOWED, NEEDED, SEPARATORS, ImportRefused, Problem
from courseapp.domain.event import ReportTable
from courseapp.domain.marking import N_

ORDER = ("place", "dates_text", "activity", "topic", "participants_text", "comment")
"""The columns of lines without a heading, as the offices' tables have them; the last ones may be missing."""

_HEAD = ("office", "year", "table", *ORDER)

WIDE = N_("Linjen har %(count)d kolonner. Det skal være høyst %(most)d.")


def has_heading(text: str) -> bool:
    """Whether the first line names the columns of the file."""
    first = next((one for one in text.splitlines() if one.strip()), "")
    separator = max(SEPARATORS, key=first.count)
    names = {one.strip().strip('"').lstrip("\ufeff").casefold() for one in first.split(separator)}
    return len(names & ALLOWED) >= 3 and bool(names & NEEDED)


def as_file(text: str, *, office: str, year: int, table: ReportTable) -> bytes:
    """The file that the lines are, for the office, year and table they belong to; what names its columns is one.

    Cells are parted by tabs, or by semicolons where there are none. Raises ImportRefused for lines that are too wide.
    """
    if has_heading(text):
        return text.encode("utf-8")
    separator = "\t" if "\t" in text or ";" not in text else ";"
    target = io.StringIO(newline="")
    writer = csv.writer(target)
    writer.writerow(_HEAD)
    wide: list[Problem] = []
    for number, cells in enumerate(_rows(text, separator), start=1):
        row = [cell.strip() for cell in cells]
        while row and not row[-1]:
            row.pop()
        if len(row) > len(ORDER):
            wide.append(Problem(number, WIDE, {"count": len(row), "most": len(ORDER)}))
        elif row:
            writer.writerow([office, year, str(table), *row, *[""] * (len(ORDER) - len(row))])
        else:
            writer.writerow([""] * len(_HEAD))  # keeps the numbers of the lines that follow
    if wide:
        raise ImportRefused(wide)
    return target.getvalue().encode("utf-8")


def in_pasted_lines(refusal: ImportRefused, text: str) -> list[Problem]:
    """The same problems with the numbers of the lines that were pasted, whose first line is no heading."""
    if has_heading(text):
        return refusal.problems
    return [replace(one, line=max(1, one.line - 1)) for one in refusal.problems]


def _rows(text: str, separator: str) -> list[list[str]]:
    """A spreadsheet quotes cells that have a line break; a quotation mark inside a cell is just that."""
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error:
        return [line.split(separator) for line in text.splitlines()]
