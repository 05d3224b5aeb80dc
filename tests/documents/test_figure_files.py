"""Files of figures, read back by other libraries: the numbers are those of the page, and numbers are numbers."""

from __future__ import annotations

import csv
import io

import docx
import openpyxl
import pytest
from docx.oxml.ns import qn
from flask import Flask

from courseapp.domain.access import UserRole
from courseapp.services.imports import import_activities
from tests import synthetic_year
from tests.pages import Page, Visitor, words
from tests.people import logged_in
from tests.services.test_imports import REPORTS

PAGES = ("2026/tall{ending}?kontor=nord", "2026/landet{ending}", "2025/tall{ending}?kontor=sor", "2025/landet{ending}")


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    """An administrator who may see everything there is."""
    import_activities(REPORTS, actor=None)
    synthetic_year.write(synthetic_year.draw(1))
    return logged_in(app, office=None, role=UserRole.ADMINISTRATOR)


def on_page(page: Page) -> list[list[str]]:
    """Every line of every table, without the words that only screen readers hear."""
    found = []
    for row in page.all("tr"):
        cells = [one for one in row if one.tag.endswith(("}td", "}th"))]
        for hidden in [one for one in row.iter() if one.get("class") == "ds-sr-only"]:
            hidden.text = ""
        if row.get("class") != "group" and any(one.tag.endswith("}td") for one in cells):
            found.append([words(one) for one in cells])
    return found


def number(text: str) -> float | str:
    """What a spreadsheet should hold for what a page says."""
    bare = text.removesuffix("timer").removesuffix("time").removesuffix("%").replace(" ", "").replace(",", ".")
    if " av " in text:
        bare = text.partition(" av ")[0]
    return float(bare) if bare.replace(".", "", 1).isdigit() else "" if text == "–" else text


def plain(value: object) -> object:
    """What a cell holds, nothing as an empty text, hard spaces plain."""
    return value.replace("\N{NO-BREAK SPACE}", " ") if isinstance(value, str) else "" if value is None else value


@pytest.mark.parametrize("address", PAGES)
def test_word_has_the_lines_of_the_page(visitor: Visitor, address: str) -> None:
    page = visitor.get(f"/kontor/rapport/{address.format(ending='')}")
    answer = visitor.ask("GET", f"/kontor/rapport/{address.format(ending='.docx')}")
    made = docx.Document(io.BytesIO(answer.data))
    lines = [[" ".join(cell.text.split()) for cell in row.cells] for table in made.tables for row in table.rows[1:]]
    assert lines == on_page(page)
    headers = [row for table in made.tables for row in table.rows if row._tr.findall(f".//{qn('w:tblHeader')}")]
    assert (len(headers), made.paragraphs[0].text) == (len(made.tables), page.h1)
    assert made.core_properties.language == "nb-NO"


@pytest.mark.parametrize("address", PAGES)
def test_the_spreadsheet_has_the_lines_of_the_page_and_its_numbers_can_be_summed(
    visitor: Visitor, address: str
) -> None:
    page = visitor.get(f"/kontor/rapport/{address.format(ending='')}")
    answer = visitor.ask("GET", f"/kontor/rapport/{address.format(ending='.xlsx')}")
    (sheet,) = openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets
    rows = [[plain(cell.value) for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert [row[1:-1] for row in rows] == [[line[0], *map(number, line[1:])] for line in on_page(page)]
    assert [row for row in rows if not row[-1]] == []
    text = visitor.ask("GET", f"/kontor/rapport/{address.format(ending='.csv')}").data.decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text.replace("\N{NO-BREAK SPACE}", " ")), delimiter=";"))
    assert lines[1:] == [
        [str(one).replace(".", ",") if isinstance(one, float) else str(one) for one in row] for row in rows
    ]
    assert lines[0] == [cell.value for cell in next(sheet.iter_rows(max_row=1))]


def test_the_name_of_the_file_says_what_is_in_it(visitor: Visitor) -> None:
    names = [
        visitor.ask("GET", f"/kontor/rapport/{one.format(ending='.csv')}").headers["Content-Disposition"]
        for one in PAGES[:2]
    ]
    assert names == ['attachment; filename="tall-nord-2026.csv"', 'attachment; filename="landet-2026.csv"']
    assert visitor.ask("GET", "/kontor/rapport/2026/tall.pdf").status_code == 404


def test_a_year_with_nothing_is_an_honest_file(visitor: Visitor) -> None:
    made = docx.Document(io.BytesIO(visitor.ask("GET", "/kontor/rapport/2019/tall.docx?kontor=nord").data))
    assert (len(made.tables), made.paragraphs[-1].text) == (0, "Ingenting er holdt i disse årene.")
