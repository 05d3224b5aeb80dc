"""Spreadsheets, opened by another library than the one that wrote them."""

import io
from datetime import UTC, datetime

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from courseapp.documents import xlsx
from courseapp.documents.table import Cell, Column, Table

COLUMNS = (Column(heading="Navn", width=20), Column(heading="Nr."), Column(heading="Meldt på", width=17))


def opened(*rows: tuple[Cell, ...], title: str = "Veilederkurs") -> Worksheet:
    book = openpyxl.load_workbook(io.BytesIO(xlsx.write(Table(title=title, columns=COLUMNS, rows=rows))))
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    return sheet


def values(sheet: Worksheet) -> list[tuple[object, ...]]:
    return list(sheet.iter_rows(values_only=True))


def test_headings_stand_first_and_every_value_keeps_its_kind() -> None:
    sheet = opened(("Åse Ærø", 7, datetime(2027, 1, 11, 9, 0, tzinfo=UTC)))
    assert values(sheet) == [("Navn", "Nr.", "Meldt på"), ("Åse Ærø", 7, datetime(2027, 1, 11, 10, 0))]  # noqa: DTZ001
    assert [cell.data_type for cell in sheet[2]] == ["s", "n", "d"]


@pytest.mark.parametrize(
    ("moment", "hour"),
    [(datetime(2027, 3, 27, 12, 0, tzinfo=UTC), 13), (datetime(2027, 3, 28, 12, 0, tzinfo=UTC), 14)],
)
def test_moments_are_norwegian_local_times_in_winter_and_summer(moment: datetime, hour: int) -> None:
    cell = opened(("a", 1, moment)).cell(2, 3)
    assert isinstance(cell.value, datetime)
    assert [cell.value.hour, cell.number_format] == [hour, "dd.mm.yyyy hh:mm"]


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "=cmd|' /C calc'!A0",
        "+4791234567",
        "-2",
        "@SUM(A1)",
        "{=1+1}",
        "http://ond.example.org",
        "mailto:a@b.no",
    ],
)
def test_text_that_looks_like_a_formula_a_number_or_a_link_stays_text(text: str) -> None:
    cell = opened((text, 1, None)).cell(2, 1)
    assert [cell.value, cell.data_type, cell.hyperlink] == [text, "s", None]


@pytest.mark.parametrize("text", ["0012345", "1e5", "91234567", "TRUE", "01.02.2027"])
def test_digits_in_text_are_not_taken_for_numbers(text: str) -> None:
    assert opened((text, 1, None)).cell(2, 1).value == text


def test_nothing_and_empty_text_are_empty_cells_but_nought_is_a_number() -> None:
    assert values(opened(("", None, None), ("a", 0, None)))[1:] == [(None, None, None), ("a", 0, None)]


def test_line_breaks_and_signs_of_all_kinds_survive() -> None:
    text = "Første linje\nandre <b>&amp;</b> «sitat» 🙂 \t slutt"
    assert opened((text, None, None)).cell(2, 1).value == text


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Kurs i individuell veiledning i spesialistutdanningen for leger", "Kurs i individuell veiledning i"),
        ("ALIS-kveld: [hjerte/lunge]?", "ALIS-kveld   hjerte lunge"),
        ("'Sitat'", "Sitat"),
        ("///", "Ark"),
        ("", "Ark"),
        ("History", "Ark"),
    ],
)
def test_a_sheet_has_a_name_that_excel_takes(title: str, name: str) -> None:
    assert opened(title=title).title == name


def test_the_head_is_frozen_filterable_and_repeated_on_paper() -> None:
    sheet = opened(("a", 1, None), ("b", 2, None))
    assert [sheet.freeze_panes, sheet.auto_filter.ref, sheet.print_title_rows] == ["A2", "A1:C3", "$1:$1"]
    assert [sheet.page_setup.orientation, sheet.page_setup.paperSize] == ["landscape", 9]


def test_columns_have_the_widths_asked_for() -> None:
    assert [round(opened().column_dimensions[letter].width) for letter in "AC"] == [21, 18]


def test_a_table_without_rows_is_a_head() -> None:
    assert values(opened()) == [("Navn", "Nr.", "Meldt på")]


def test_rows_may_come_from_a_generator() -> None:
    table = Table(title="a", columns=COLUMNS, rows=((str(number), number, None) for number in range(1000)))
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx.write(table))).active
    assert isinstance(sheet, Worksheet)
    assert [sheet.max_row, sheet.cell(1001, 2).value] == [1001, 999]
