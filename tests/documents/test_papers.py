"""Paper read back by another library: text, tags, language, fonts; long names keep the layout."""

from __future__ import annotations

import re
import time as wall
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pypdf
import pytest
from pypdf.generic import IndirectObject

from courseapp.documents import papers
from courseapp.documents.papers import Labels, Order
from courseapp.domain.event import EventKind, EventStatus, SeatRule, SignUpState
from courseapp.domain.registration import Role
from courseapp.domain.rows import EventPage, OfficeRow, PaperPerson, Seats, SessionRow

NOW = datetime(2027, 3, 18, 8, tzinfo=UTC)
LONG = "Langtnavn " * 10 + "Åsen-Ødegårdstuen æøå"
TRAP = '#import "x": * *fet* $a^2$ \\u{41} <merke>'


def session(number: int, *, cancelled: bool = False) -> SessionRow:
    starts = NOW + timedelta(days=28 * number)
    return SessionRow(
        id=number,
        number=0 if cancelled else number,
        starts_at=starts,
        ends_at=starts + timedelta(hours=8),
        place="Møterom Ås",
        address="Sjøgata 1",
        digital=False,
        minutes=540,
        cancelled=cancelled,
    )


def event(*sessions: SessionRow) -> EventPage:
    office = OfficeRow(slug="nord", name="Kontoret Nord", short_name="Nord", email="", phone="", address="")
    return EventPage(
        slug="kurs",
        title="Kurs i individuell veiledning",
        kind=EventKind.VEILEDERKURS,
        status=EventStatus.PUBLISHED,
        state=SignUpState.OPEN,
        office=office,
        sessions=sessions or (session(1), session(2)),
        seats=Seats(capacity=30, taken=0, waiting=0, left=30),
        closes_at=None,
        seat_rule=SeatRule.FIRST_COME,
        by_application=False,
        partners=(),
        id=1,
        description="",
        target_group="",
        approvals=(),
        leaders=("Ane Berg", "Bo Dahl"),
        opens_at=None,
        contact_name="",
        contact_email="",
        contact_phone="",
        cancelled_reason="",
    )


def people(count: int, **more: Any) -> list[PaperPerson]:
    roles = list(Role)
    return [
        PaperPerson(
            **{
                "first_name": "Kåre",
                "last_name": f"Ødegård {number:02}",
                "role": roles[number % 4],
                "workplace": "Havna legekontor",
                "group": number % 4 + 1,
                **more,
            }
        )
        for number in range(count)
    ]


def test_paper_can_be_made_at_any_moment() -> None:
    """The clock has microseconds, which the typesetter refuses."""
    at = NOW.replace(microsecond=317_600)
    assert papers.sign_in(event(session(1)), people(1), order=Order.NAME, at=at)[:5] == b"%PDF-"


def read(content: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(BytesIO(content))


def text_of(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in read(content).pages).split())


def fonts_of(reader: pypdf.PdfReader) -> dict[str, bool]:
    """Each font's name, and whether it lies inside the file."""
    found: dict[str, bool] = {}
    for number in range(1, len(reader.xref[0]) + 1 if reader.xref else 1):
        thing = reader.get_object(IndirectObject(number, 0, reader))
        if isinstance(thing, dict) and thing.get("/Type") == "/FontDescriptor":
            found[str(thing["/FontName"])] = any(name in thing for name in ("/FontFile", "/FontFile2", "/FontFile3"))
    return found


ALL = {
    "sign-in": lambda who: papers.sign_in(event(), who, order=Order.NAME, at=NOW),
    "by role": lambda who: papers.list_of_people(event(), who, order=Order.ROLE, at=NOW),
    "by group": lambda who: papers.list_of_people(event(), who, order=Order.GROUP, at=NOW),
    "tags": lambda who: papers.name_tags(event(), who, labels=Labels.BIG, at=NOW),
    "door": lambda _who: papers.door_sign(event(), "http://kurs.example.org/arrangementer/kurs", at=NOW),
}


@pytest.mark.parametrize("make", ALL.values(), ids=ALL)
def test_paper_is_tagged_norwegian_and_holds_its_own_fonts(make: Any) -> None:
    reader = read(make(people(30)))
    root: Any = reader.trailer["/Root"].get_object()
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"], "/StructTreeRoot" in root) == ("nb", True, True)
    assert reader.metadata is not None
    assert "Kurs i individuell veiledning" in str(reader.metadata.title)
    fonts = fonts_of(reader)
    assert fonts
    assert {re.sub(r"^/[A-Z]{6}\+", "", name).startswith("Inter") and inside for name, inside in fonts.items()} == {
        True
    }


@pytest.mark.parametrize("make", ALL.values(), ids=ALL)
def test_a_name_is_never_markup_and_never_breaks_the_page(make: Any) -> None:
    made = make([*people(2), *people(1, first_name=TRAP, last_name=LONG, workplace=LONG)])
    assert len(read(made).pages) <= 4


def test_what_looks_like_markup_is_shown_as_it_was_typed() -> None:
    shown = text_of(papers.list_of_people(event(), people(1, last_name=TRAP), order=Order.NAME, at=NOW))
    assert '#import "x": * *fet* $a^2$' in shown


def test_each_session_that_takes_place_has_its_own_sheet() -> None:
    made = papers.sign_in(
        event(session(1), session(2, cancelled=True), session(3)), people(3), order=Order.NAME, at=NOW
    )
    pages = [" ".join(page.extract_text().split()) for page in read(made).pages]
    assert [("15. april" in page, "10. juni" in page, "side 1 av 1" in page) for page in pages] == [
        (True, False, True),
        (False, True, True),
    ]
    assert "Signatur" in pages[0]


def test_pages_are_counted_within_a_sheet() -> None:
    pages = read(papers.sign_in(event(), people(60), order=Order.NAME, at=NOW)).pages
    counted = [re.findall(r"side (\d) av (\d)", page.extract_text())[0] for page in pages]
    assert counted == [(str(n), str(len(pages) // 2)) for n in range(1, len(pages) // 2 + 1)] * 2


def test_groups_stand_under_headings_with_their_counts() -> None:
    shown = text_of(papers.list_of_people(event(), [*people(9), *people(1, group=None)], order=Order.GROUP, at=NOW))
    assert re.findall(r"(Uten gruppe|Gruppe \d) \((\d+)\)", shown) == [
        ("Uten gruppe", "1"),
        ("Gruppe 1", "3"),
        ("Gruppe 2", "2"),
        ("Gruppe 3", "2"),
        ("Gruppe 4", "2"),
    ]
    assert "10 deltakere" in shown


@pytest.mark.parametrize(("labels", "pages"), [(Labels.BIG, 4), (Labels.MIDDLE, 2)])
def test_name_tags_fill_standard_sheets(labels: Labels, pages: int) -> None:
    made = papers.name_tags(event(), people(31), labels=labels, at=NOW)
    assert len(read(made).pages) == pages
    assert text_of(made).count("Kåre") == 31


def test_a_list_of_nobody_is_still_a_sheet() -> None:
    assert "Oppmøteliste" in text_of(papers.sign_in(event(), [], order=Order.ROLE, at=NOW))
    assert len(read(papers.name_tags(event(), [], labels=Labels.BIG, at=NOW)).pages) == 1


def test_thirty_people_take_less_than_a_second(record_property: Any) -> None:
    papers.sign_in(event(), people(1), order=Order.NAME, at=NOW)
    began = wall.perf_counter()
    papers.sign_in(event(), people(30), order=Order.NAME, at=NOW)
    took = wall.perf_counter() - began
    record_property("seconds for a sign-in sheet of 30", round(took, 3))
    assert took < 1
