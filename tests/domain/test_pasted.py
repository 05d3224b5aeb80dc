"""Lines copied from a spreadsheet become the file of reported activities."""

import pytest

from courseapp.domain import pasted
from courseapp.domain.activity_file import ImportRefused, activities
from courseapp.domain.event import EventKind, ReportTable


def read(text: str) -> list[tuple[str, str, str, str, str, int | None, str]]:
    rows = activities(pasted.as_file(text, office="nord", year=2026, table=ReportTable.REGIONAL))
    return [(one.office, one.place, one.dates_text, one.activity, one.topic, one.number, one.comment) for one in rows]


def problems(text: str) -> list[tuple[int, str]]:
    with pytest.raises(ImportRefused) as refusal:
        read(text)
    return [(one.line, str(one)) for one in pasted.in_pasted_lines(refusal.value, text)]


@pytest.mark.parametrize("separator", ["\t", ";"])
def test_lines_are_read_in_the_order_of_the_table(separator: str) -> None:
    text = separator.join(["Bodø", "18.–19. mars", "Dialogmøte", "ALIS, nå", "Ca. 12", "Med ledere"]) + "\r\n\r\nTromsø"
    text += separator * 2 + "Stand\r\n"
    assert read(text) == [
        ("nord", "Bodø", "18.–19. mars", "Dialogmøte", "ALIS, nå", 12, "Med ledere"),
        ("nord", "Tromsø", "", "Stand", "", None, ""),
    ]


def test_a_cell_with_a_line_break_and_a_stray_quotation_mark() -> None:
    assert [one[3] for one in read('Bodø\t\t"To\nlinjer"\t')] == ["To\nlinjer"]
    assert [one[3] for one in read('Bodø\t\tEt 5" rør\t\nMo\t\t"Åpent\t')] == ['Et 5" rør', '"Åpent']


def test_lines_that_name_their_columns_are_the_file_itself() -> None:
    text = "office;year;table;place;dates_text;activity;topic;participants_text\nOslo;2024;4.3;Oslo;;Stand;;\n"
    (row,) = activities(pasted.as_file(text, office="nord", year=2026, table=ReportTable.REGIONAL))
    assert (row.office, row.year, row.table, row.kind) == ("Oslo", 2024, ReportTable.NATIONAL, EventKind.STAND)


def test_problems_are_named_by_the_line_that_was_pasted() -> None:
    assert problems("Bodø\t\tStand\n\nMo\t31.02\tStand\nMo\t\t\tTema") == [
        (3, "«31.02» er ikke en dato som finnes."),
        (4, "Aktiviteten mangler."),
    ]
    assert problems("a\tb\tc\td\te\tf\tg") == [(1, "Linjen har 7 kolonner. Det skal være høyst 6.")]


def test_nothing_to_read() -> None:
    assert problems("\n\n") == [(1, "Filen har ingen rader under overskriften.")]
