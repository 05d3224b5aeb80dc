"""Text for spreadsheets, as a Norwegian one opens it."""

import csv
import io
from datetime import UTC, datetime

import pytest

from courseapp.documents import csv_file
from courseapp.documents.table import Cell, Column, Table

COLUMNS = (Column(heading="Navn"), Column(heading="Nr."), Column(heading="Meldt på"))


def written(*rows: tuple[Cell, ...]) -> bytes:
    return csv_file.write(Table(title="Kurs", columns=COLUMNS, rows=rows))


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def first(text: str) -> str:
    return read(written((text, None, None)))[1][0]


def test_the_file_is_utf_8_with_a_mark_semicolons_and_crlf() -> None:
    assert written(("Åse", 1, None)) == "\N{BOM}Navn;Nr.;Meldt på\r\nÅse;1;\r\n".encode()


def test_moments_are_norwegian_local_times() -> None:
    assert read(written(("a", 0, datetime(2027, 7, 1, 22, 30, tzinfo=UTC))))[1] == ["a", "0", "02.07.2027 00:30"]


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        " =1+1",
        "+47=1",
        "+47 91\n=1",
        "＝1+1",
        "=cmd|' /C calc'!A0",
    ],
)
def test_what_a_spreadsheet_would_take_for_a_formula_gets_an_apostrophe(text: str) -> None:
    assert first(text) == f"'{text}"


@pytest.mark.parametrize("text", ["+4791234567", "+46 70 123 45 67", "Åse", "a=b", "ola@x.no", "", "'", "5-6"])
def test_phone_numbers_and_plain_text_stay_as_they_are(text: str) -> None:
    assert first(text) == text


def test_a_heading_is_made_safe_too() -> None:
    table = Table(title="a", columns=(Column(heading="=1"),), rows=())
    assert read(csv_file.write(table)) == [["'=1"]]


def test_semicolons_quotes_and_line_breaks_stay_within_their_cell() -> None:
    row = ('a;b "c"\nd', 1, None)
    assert read(written(row, ("neste", 2, None)))[1:] == [['a;b "c"\nd', "1", ""], ["neste", "2", ""]]


def test_numbers_below_nought_are_numbers() -> None:
    assert read(written(("a", -5, None)))[1][1] == "-5"
