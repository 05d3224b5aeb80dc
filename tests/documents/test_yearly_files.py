"""The report's files, read back by other libraries: the numbers are those of the page."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from zipfile import ZipFile

import docx
import openpyxl
import pytest
from docx.oxml.ns import qn
from flask import Flask

from courseapp.documents import docx_file
from courseapp.domain.access import UserRole
from courseapp.services.imports import import_activities
from tests.conftest import NOW
from tests.house.test_commands import run
from tests.pages import Page, Visitor, words
from tests.people import logged_in
from tests.services.test_imports import REPORTS

Rows = list[list[str]]


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    """An administrator who may see both real reports."""
    import_activities(REPORTS, actor=None)
    return logged_in(app, office=None, role=UserRole.ADMINISTRATOR)


def on_page(page: Page) -> list[Rows]:
    """Each table of the page: its heads, and its rows without the column of links."""
    found = []
    for table in page.all("table"):
        trs = [one for one in table.iter() if one.tag.endswith("}tr") and "remarks-row" not in (one.get("class") or "")]
        found.append([[words(cell) for cell in row if "off-paper" not in (cell.get("class") or "")] for row in trs])
    return found


@pytest.mark.parametrize(("office", "year", "tables"), [("oslo", 2024, 3), ("sor", 2025, 4)])
def test_word_has_the_tables_of_the_page(visitor: Visitor, office: str, year: int, tables: int) -> None:
    page = visitor.get(f"/kontor/rapport/{year}?kontor={office}")
    answer = visitor.ask("GET", f"/kontor/rapport/{year}/rapport.docx?kontor={office}")
    made = docx.Document(io.BytesIO(answer.data))
    found = [[[" ".join(cell.text.split()) for cell in row.cells] for row in table.rows] for table in made.tables]
    assert (len(found), found) == (tables, on_page(page))
    headers = [row for table in made.tables for row in table.rows if row._tr.findall(f".//{qn('w:tblHeader')}")]
    assert len(headers) == tables
    text = [one.text for one in made.paragraphs]
    assert text[:2] == [page.h1, words(page.all("p", class_="lead")[0])]
    assert [words(one) for one in page.all("p", class_="report-sum")] == [
        one.replace("\N{NO-BREAK SPACE}", " ") for one in text if one.startswith("I alt")
    ]


@pytest.mark.parametrize(("office", "year"), [("oslo", 2024), ("sor", 2025)])
def test_the_spreadsheet_and_the_csv_have_the_rows_of_the_page(visitor: Visitor, office: str, year: int) -> None:
    rows = [row for table in on_page(visitor.get(f"/kontor/rapport/{year}?kontor={office}")) for row in table[1:]]
    book = openpyxl.load_workbook(
        io.BytesIO(visitor.ask("GET", f"/kontor/rapport/{year}/rapport.xlsx?kontor={office}").data)
    )
    cells = [[cell.value for cell in row[1:]] for row in book.worksheets[0].iter_rows(min_row=2)]
    text = visitor.ask("GET", f"/kontor/rapport/{year}/rapport.csv?kontor={office}").data.decode("utf-8-sig")
    lines = [line[1:] for line in list(csv.reader(io.StringIO(text), delimiter=";"))[1:]]
    for found in (cells, lines):
        assert [[str(cell) for cell in row if cell not in {None, ""}] for row in found] == [
            [cell for cell in row if cell] for row in rows
        ]
    assert cells[0][3] in {24, 31}


def test_the_command_writes_what_the_page_gives(app: Flask, visitor: Visitor, tmp_path: Path) -> None:
    for kind in ("xlsx", "csv", "docx"):
        out = tmp_path / f"rapport.{kind}"
        result = run(app, "report", "--office", "sor", "--year", "2025", "--format", kind, "--out", str(out))
        assert (result.exit_code, result.output) == (0, f"Årsrapport 2025, Sør: 12 rader i {out}\n")
        answer = visitor.ask("GET", f"/kontor/rapport/2025/rapport.{kind}?kontor=sor").data
        if kind == "csv":
            assert out.read_bytes() == answer
        elif kind == "docx":
            assert ZipFile(out).read("word/document.xml") == ZipFile(io.BytesIO(answer)).read("word/document.xml")


@pytest.mark.parametrize(
    ("words_given", "told"),
    [
        (("--office", "finnes-ikke", "--year", "2025"), "Kontoret finnes ikke."),
        (("--office", "", "--year", "2025"), "Kontoret finnes ikke."),
        (("--office", "sor", "--year", "1"), "not in the range"),
    ],
)
def test_the_command_says_what_is_wrong(app: Flask, tmp_path: Path, words_given: tuple[str, ...], told: str) -> None:
    result = run(app, "report", *words_given, "--format", "csv", "--out", str(tmp_path / "x.csv"))
    assert (result.exit_code != 0, told in result.output, (tmp_path / "x.csv").exists()) == (True, True, False)


def test_a_year_with_nothing_says_so_in_every_table(visitor: Visitor) -> None:
    made = docx.Document(io.BytesIO(visitor.ask("GET", "/kontor/rapport/2019/rapport.docx?kontor=nord").data))
    empty = [one.text for one in made.paragraphs].count("Ingen aktiviteter i denne tabellen.")
    assert (len(made.tables), empty) == (0, 3)


def test_signs_that_word_cannot_hold_are_left_out() -> None:
    section = docx_file.Section(heading="T\x00", heads=["H\x0b"], rows=[["=1+1\x1f\ud800"]], below="", wide=[1])
    content = docx_file.write(title="Tittel", lead="", sections=[section], notes=["a\x01b"], foot="", at=NOW)
    made = docx.Document(io.BytesIO(content))
    assert [[cell.text for cell in row.cells] for row in made.tables[0].rows] == [["H"], ["=1+1"]]
    assert (made.paragraphs[-1].text, made.core_properties.language) == ("ab", "nb-NO")
