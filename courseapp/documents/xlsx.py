"""Table → xlsx. The only importer of xlsxwriter."""

from __future__ import annotations

from datetime import datetime
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO, TYPE_CHECKING

from courseapp.documents.table import Cell, Table
from courseapp.when import local

if TYPE_CHECKING:
    import xlsxwriter

# Text from people never becomes a formula, a link or a number. Each row is put away as soon as it is whole.
OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "constant_memory": True}
SHEET_NAME_MOST = 31


def write(table: Table) -> bytes:
    """One sheet with a frozen, filterable heading row; moments are Norwegian local times."""
    with spooled(table) as made:
        return made.read()


def spooled(table: Table) -> IO[bytes]:
    """The same as a file without a name, at its beginning: it is gone when it is closed, or the process dies.

    What is held in memory does not grow with the number of rows. The folder for what is written on the way goes with
    everything in it, also where a row could not be made.
    """
    target = TemporaryFile()  # noqa: SIM115 - whoever asked closes it
    try:
        with TemporaryDirectory(prefix="courseapp-") as folder:
            _fill(target, table, folder)
    except BaseException:
        target.close()
        raise
    target.seek(0)
    return target


def _fill(target: IO[bytes], table: Table, folder: str) -> None:
    import xlsxwriter  # 2 MiB, for lists that are taken out now and then

    with xlsxwriter.Workbook(target, {**OPTIONS, "tmpdir": folder}) as book:
        book.set_properties({"title": table.title})
        sheet = book.add_worksheet(_sheet_name(table.title))
        heading = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        moment = book.add_format({"num_format": "dd.mm.yyyy hh:mm", "align": "left"})
        for number, column in enumerate(table.columns):
            sheet.set_column(number, number, column.width)
            sheet.write_string(0, number, column.heading, heading)
        last = 0
        for last, row in enumerate(table.rows, start=1):
            for number, cell in enumerate(row):
                _write(sheet, last, number, cell, moment)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, last, len(table.columns) - 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)


def _write(sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, cell: Cell, moment: object) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, datetime):
        sheet.write_datetime(row, column, local(cell).replace(tzinfo=None), moment)
    elif isinstance(cell, int | float):
        sheet.write_number(row, column, cell)
    else:
        sheet.write_string(row, column, cell)


def _sheet_name(title: str) -> str:
    """Excel refuses some signs, more than 31 characters, and one word."""
    name = "".join(" " if sign in "[]:*?/\\'" else sign for sign in title)[:SHEET_NAME_MOST].strip()
    return name if name and name.lower() != "history" else "Ark"
