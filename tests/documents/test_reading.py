"""Spreadsheets from outside: every form that offices have, and everything that is sent to break us."""

import io
import zipfile
from datetime import UTC, date, datetime

import pytest

from courseapp.documents import reading
from courseapp.documents.reading import (
    EmptyFile,
    OldExcel,
    TooLarge,
    TooLongCell,
    TooManyColumns,
    TooManyRows,
    Unreadable,
    WrongSigns,
)
from tests.lists import HEADINGS, forms, people, separated, workbook

FORMS = forms([HEADINGS, *people()])
SHEET = "xl/worksheets/sheet1.xml"


def repacked(content: bytes, **parts: bytes) -> bytes:
    """The same workbook with other bytes in some of its parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for one in old.namelist():
            new.writestr(one, parts.get(one, old.read(one)))
    return target.getvalue()


def sheet(xml: str) -> bytes:
    """A workbook whose only sheet is that xml."""
    return repacked(workbook([["a"], ["b"]]), **{SHEET: xml.encode()})


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_list(form: str) -> None:
    read = reading.read(FORMS[form])
    assert read.headings == list(HEADINGS)
    assert read.rows == [(number, row) for number, row in enumerate(people(), start=2)]


def test_numbers_and_days_are_written_as_people_write_them() -> None:
    moment = datetime(2027, 3, 1, 9, 5, tzinfo=UTC).replace(tzinfo=None)
    read = reading.read(workbook([["a", "b", "c", "d"], [91234567.0, 1.5, date(2027, 3, 1), moment]]))
    assert read.rows == [(2, ["91234567", "1.5", "01.03.2027", "01.03.2027 09:05"])]


def test_empty_rows_are_left_out_and_the_numbers_stay_those_of_the_file() -> None:
    rows: list[list[object]] = [["Navn", "E-post"], ["", ""], ["Åse", "a@x.no"], [None, " "], ["Kåre", "k@x.no"]]
    for content in (workbook(rows), separated(rows, sign=";", encoding="utf-8")):
        assert [number for number, _row in reading.read(content).rows] == [3, 5]


def test_excels_own_word_about_the_separator_is_heeded() -> None:
    assert reading.read(b"sep=,\r\nNavn,E-post\r\nA;B,c@x.no\r\n").rows == [(2, ["A;B", "c@x.no"])]


def test_letters_in_two_pieces_become_one() -> None:
    assert reading.read("Navn;b\nA\u030ase;1".encode()).rows == [(2, ["Åse", "1"])]


def test_a_formula_is_never_reckoned() -> None:
    read = reading.read(workbook([["a", "b"], ["=1+1", "x"], ['=HYPERLINK("http://x.example.org")', "y"]]))
    assert read.rows == [(2, ["", "x"]), (3, ["", "y"])]
    assert reading.read(b"a;b\n=1+1;x").rows == [(2, ["=1+1", "x"])]


def test_a_formula_is_what_its_program_last_kept() -> None:
    cells = '<c r="A2"><f>1+1</f><v>2</v></c><c r="B2" t="str"><f>A1</f><v>kept</v></c>'
    read = reading.read(
        sheet(
            '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
            '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row>'
            f'<row r="2">{cells}</row></sheetData></worksheet>'
        )
    )
    assert read.rows == [(2, ["2", "kept"])]


BOMB = "<!DOCTYPE x [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY a{n} '{'&a' + str(n - 1) + ';' if n > 1 else '&a;'}{'&a;' * 9}'>" for n in range(1, 9)
)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def wide(count: int) -> bytes:
    return workbook([[f"k{number}" for number in range(count)], ["x"] * count])


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        pytest.param(b"", EmptyFile, id="nothing"),
        pytest.param(b"\xef\xbb\xbf", EmptyFile, id="a mark and nothing"),
        pytest.param(b"Navn;E-post\n", EmptyFile, id="headings only"),
        pytest.param(workbook([["Navn"]]), EmptyFile, id="headings only, in a sheet"),
        pytest.param(b"\xd0\xcf\x11\xe0" + b"x" * 600, OldExcel, id="an Excel file from before 2007"),
        pytest.param(b"PK\x03\x04 and then nothing", Unreadable, id="a torn archive"),
        pytest.param(workbook([["a"], ["b"]])[:-200], Unreadable, id="cut off"),
        pytest.param(b"Navn;E-post\nA\x00B;c@x.no", WrongSigns, id="a NUL in text"),
        pytest.param(b"\xff\xfea", WrongSigns, id="half a letter of UTF-16"),
        pytest.param(b"\x81\x8d;\x8f\n\x90;\x9d", WrongSigns, id="bytes that are no letters"),
        pytest.param(("a;b\n" + "x;y\n" * 50_000).encode(), TooManyRows, id="50 000 rows"),
        pytest.param(b"a;b\n" + b"x" * 1_000_000 + b";y", TooLongCell, id="a cell of 1 MB"),
        pytest.param(b"a;b\n" + b"x" * 2_001 + b";y", TooLongCell, id="a cell with a letter too many"),
        pytest.param(wide(61), TooManyColumns, id="61 columns"),
        pytest.param(sheet("<worksheet"), Unreadable, id="xml that ends"),
        pytest.param(
            sheet(f'<worksheet xmlns="{MAIN}"><sheetData><row r="x"/></sheetData></worksheet>'),
            Unreadable,
            id="a row with no number",
        ),
        pytest.param(sheet(f"{BOMB}]><worksheet xmlns='{MAIN}'>&a8;</worksheet>"), Unreadable, id="an entity bomb"),
        pytest.param(
            sheet(f"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/hostname'>]><worksheet xmlns='{MAIN}'>&a;</worksheet>"),
            Unreadable,
            id="an entity that reads a file",
        ),
    ],
)
def test_what_cannot_be_a_list_is_one_sentence(content: bytes, refusal: type[Unreadable]) -> None:
    with pytest.raises(Unreadable) as said:
        reading.read(content)
    assert type(said.value) is refusal
    assert str(said.value).endswith(".")


def test_a_zip_bomb_is_not_unpacked() -> None:
    bomb = sheet(" " * (reading.MOST_UNPACKED + 1))
    assert len(bomb) < 100_000
    with pytest.raises(TooLarge):
        reading.read(bomb)


def test_an_archive_of_many_parts_is_refused() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for number in range(reading.MOST_PARTS + 1):
            made.writestr(f"x{number}.xml", "<a/>")
    with pytest.raises(TooLarge):
        reading.read(target.getvalue())


def test_fifty_thousand_rows_in_a_sheet_are_refused() -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 50_001))
    with pytest.raises(TooManyRows):
        reading.read(sheet(f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'))


def test_a_row_a_thousand_million_down_costs_nothing() -> None:
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="999999999"><c r="A999999999"><v>2</v></c></row>'
    with pytest.raises(EmptyFile):
        reading.read(sheet(f'<worksheet xmlns="{MAIN}"><sheetData>{cells}</sheetData></worksheet>'))


def test_a_link_to_another_file_is_not_followed() -> None:
    linked = repacked(
        workbook([["a"], ["=[1]Sheet1!A1"]]),
        **{"xl/externalLinks/externalLink1.xml": b"<x/>"},
    )
    with pytest.raises(EmptyFile):
        reading.read(linked)


def test_just_enough_is_read() -> None:
    read = reading.read(("a;b\n" + "x;y\n" * 2_000).encode())
    assert [len(read.rows), len(reading.read(wide(60)).headings)] == [2_000, 60]


def test_a_million_rows_in_a_few_kilobytes_are_not_all_looked_at() -> None:
    """Packed to 60 kB, they took a processor for half a minute and 270 MB."""
    bomb = sheet(f"<worksheet><sheetData>{'<row><c><v>1</v></c></row>' * 400_000}</sheetData></worksheet>")
    assert len(bomb) < 100_000
    with pytest.raises(TooLarge):
        reading.read(bomb)
