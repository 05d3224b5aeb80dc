"""The yearly report: the two real ones come out again row by row; made from people it equals a count done by hand."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event as sa_event
from sqlalchemy import select

from courseapp import when
from courseapp.db import db, transaction
from courseapp.domain import hushed_report, report
from courseapp.domain.access import Actor, UserRole
from courseapp.domain.attendance import AttendanceState
from courseapp.domain.errors import NotFound
from courseapp.domain.event import EventKind, EventStatus, ReportTable
from courseapp.domain.registration import Role, Status
from courseapp.domain.report_heads import ReportColumn
from courseapp.domain.yearly import Flag, Source
from courseapp.models.attendance import Attendance
from courseapp.models.event import Event
from courseapp.models.office import Office
from courseapp.queries import yearly
from courseapp.services import publishing
from courseapp.services.imports import import_activities
from tests.conftest import NOW, Clock
from tests.making import make_event
from tests.people import join, organizer, share
from tests.services.test_imports import REPORTS

ROWS = list(csv.DictReader(io.StringIO(REPORTS.decode())))
ADMIN = Actor(user_id=1, name="", roles=(), national=UserRole.ADMINISTRATOR)
READER = Actor(user_id=1, name="", roles=(), national=UserRole.READER)
SPRING = (datetime(2026, 3, 22, 8, tzinfo=UTC), datetime(2026, 4, 22, 7, tzinfo=UTC))


def normalised(row: dict[str, str]) -> list[str]:
    """A row of the printed reports in our notation: dates in words with the year, «allmennmedisin», roles that sum."""
    days = report.dates(row["dates_text"], year=int(row["year"]))
    place = " ".join(filter(None, [row["place"], when.dates(days) if days else row["dates_text"]]))
    comment = row["comment"].replace("allmenntmedisin", "allmennmedisin")
    if row["place"] == "Kragerø":
        comment += ", 4 ikke oppgitt"
    if row["table"] == "4.1-text":
        comment = f"{row['role_counts_text']}. {comment[:1].upper()}{comment[1:]}"
    if row["table"] == "4.1":
        return [place, row["participants_text"], comment]
    return [place, row["activity"], row["topic"], row["participants_text"], comment]


@pytest.mark.parametrize(
    ("office", "slug", "year", "sums"),
    [
        ("Oslo", "oslo", 2024, [(4, 116), (0, 0), (12, 222), (7, 155)]),
        ("Sør", "sor", 2025, [(3, 91), (1, 44), (4, 0), (4, 265)]),
    ],
)
def test_a_real_report_comes_out_again_cell_by_cell(
    app: Flask, office: str, slug: str, year: int, sums: list[tuple[int, int]]
) -> None:
    import_activities(REPORTS, actor=None)
    found = yearly.of_office(ADMIN, slug, year, NOW)
    told = {(part.table, tuple(cell.text for cell in row.cells.values())) for part in found.parts for row in part.rows}
    wanted = [(ReportTable(row["table"]), tuple(normalised(row))) for row in ROWS if row["office"] == office]
    assert sorted(told) == sorted(wanted)
    assert [(part.sum.rows, part.sum.people) for part in found.parts] == sums


def test_roles_that_do_not_sum_are_shown_and_flagged(app: Flask) -> None:
    import_activities(REPORTS, actor=None)
    courses = yearly.of_office(ADMIN, "sor", 2025, NOW).parts[0]
    assert [(row.roles_total, row.number, row.flags) for row in courses.rows] == [
        (27, 31, ()),
        (0, 30, ()),
        (32, 30, (Flag.ROLES_OVER,)),
    ]


def test_the_columns_are_those_the_office_uses(app: Flask) -> None:
    shown = {slug: yearly.of_office(ADMIN, slug, 2024, NOW).parts for slug in ("oslo", "sor")}
    assert [[head for _column, head in shown[slug][0].heads] for slug in ("oslo", "sor")] == [
        ["Sted og dato", "Antall deltakere"],
        ["Sted og dato", "Antall deltakere", "Kommentarer"],
    ]
    assert shown["oslo"][2].heads[-1] == (ReportColumn.COMMENT, "Hvem deltok/målgruppe")


def held_course(**more: Any) -> Event:
    return make_event(starts=SPRING, status=EventStatus.HELD, **more)


def mark(person: int, session: int, state: AttendanceState) -> None:
    minutes = 60 if state is AttendanceState.PARTLY else None
    with transaction() as tx:
        tx.add(Attendance(registration_id=person, session_id=session, state=state, minutes=minutes, marked_at=NOW))


def first_row(slug: str = "nord", year: int = 2026, actor: Actor = ADMIN) -> list[str]:
    (row,) = yearly.of_office(actor, slug, year, NOW).parts[0].rows
    return [cell.text for cell in row.cells.values()]


def test_made_from_people_it_equals_a_count_done_by_hand(app: Flask) -> None:
    """Forty people over two courses: at one attendance was marked, at the other it was not."""
    marked, unmarked = held_course(slug="a"), held_course(slug="b")
    roles = list(Role)
    expected: Counter[Role] = Counter()
    for number in range(1, 21):
        role, there = roles[number * 7 % len(roles)], number % 4 != 0
        (person,) = join(marked, 1, first=number, primary_role=role)
        mark(
            person,
            marked.sessions[0].id,
            AttendanceState.PARTLY if there and number % 3 == 0 else AttendanceState.ABSENT,
        )
        mark(person, marked.sessions[1].id, AttendanceState.PRESENT if there and number % 3 else AttendanceState.ABSENT)
        expected[role] += there
    join(unmarked, 12, primary_role=Role.ALIS)
    join(unmarked, 3, first=50, status=Status.WAITLISTED)
    join(unmarked, 2, first=60, status=Status.CANCELLED, line_no=None)
    join(unmarked, 1, first=70, status=Status.OFFERED)
    one, other = yearly.of_office(ADMIN, "nord", 2026, NOW).parts[0].rows
    numbers = [int(word) for word in one.cells[ReportColumn.COMMENT].text.replace(",", " ").split() if word.isdigit()]
    assert (one.number, one.source, sorted(numbers)) == (
        15,
        Source.ATTENDED,
        sorted(count for count in expected.values() if count),
    )
    assert (other.number, other.source, other.cells[ReportColumn.COMMENT].text) == (12, Source.SEATS, "12 ALIS")


def test_somebody_who_was_never_there_is_not_counted_and_somebody_unmarked_is_flagged(app: Flask) -> None:
    event = held_course()
    here, away, _unmarked = join(event, 3)
    mark(here, event.sessions[0].id, AttendanceState.PRESENT)
    mark(away, event.sessions[0].id, AttendanceState.ABSENT)
    (row,) = yearly.of_office(ADMIN, "nord", 2026, NOW).parts[0].rows
    assert (row.number, row.flags, row.unmarked) == (1, (Flag.UNMARKED,), 1)


def test_nobody_was_there_is_zero_and_not_blank(app: Flask) -> None:
    event = held_course()
    (away,) = join(event, 1)
    mark(away, event.sessions[0].id, AttendanceState.ABSENT)
    assert first_row()[1] == "0"


def test_a_joint_course_stands_with_both_and_says_with_whom(app: Flask) -> None:
    event = held_course()
    share(event, "ost")
    join(event, 5)
    assert [first_row(slug)[2] for slug in ("nord", "ost")] == ["5 ALIS. Felles med Øst", "5 ALIS. Felles med Nord"]


def test_what_is_called_off_or_still_to_come_is_not_in_it(app: Flask, time: Clock) -> None:
    for status in (EventStatus.CANCELLED, EventStatus.DRAFT):
        make_event(slug=status, starts=SPRING, status=status)
    coming = make_event(slug="coming", starts=(NOW + timedelta(days=3),))
    found = yearly.of_office(ADMIN, "nord", 2027, NOW)
    assert ([part.sum.rows for part in found.parts], found.to_come) == ([0, 0, 0, 0], 1)
    time.pass_by(days=4)
    assert [part.sum.rows for part in yearly.of_office(ADMIN, "nord", 2027, time()).parts] == [1, 0, 0, 0]
    assert coming.status is EventStatus.PUBLISHED


def test_a_course_that_is_moved_over_new_year_follows_its_day(app: Flask) -> None:
    event = held_course(report_year=2025)
    assert [len(yearly.of_office(ADMIN, "nord", year, NOW).parts[0].rows) for year in (2025, 2026)] == [0, 1]
    midnight = datetime(2025, 12, 31, 23, 30, tzinfo=UTC)  # New Year's Day in Norway
    with transaction() as tx:
        kept = tx.get_one(Event, event.id)
        kept.starts_at = midnight
    assert [len(yearly.of_office(ADMIN, "nord", year, NOW).parts[0].rows) for year in (2025, 2026)] == [0, 1]


def test_a_year_with_nothing_is_an_honest_empty_report(app: Flask) -> None:
    found = yearly.of_office(organizer("nord"), "", 2019, NOW)
    assert ([part.rows for part in found.parts], found.office.slug, found.years) == ([()] * 4, "nord", (2019,))


def test_only_ones_own_offices_can_be_asked_for(app: Flask) -> None:
    nora = organizer("nord")
    assert [one.slug for one in yearly.of_office(nora, "nord", 2026, NOW).offices] == ["nord"]
    for slug, year in (("sor", 2026), ("finnes-ikke", 2026), ("nord", 1999), ("nord", 2101)):
        with pytest.raises(NotFound):
            yearly.of_office(nora, slug, year, NOW)
    assert len(yearly.of_office(READER, "sor", 2026, NOW).offices) == 6


def test_lists_open_for_members_and_few_people_of_a_role_are_hushed_for_readers(app: Flask) -> None:
    event = held_course()
    join(event, 9)
    join(event, 2, first=20, primary_role=Role.LIS1)
    told = {}
    for name, actor in (("member", organizer("nord")), ("reader", READER)):
        (row,) = yearly.of_office(actor, "nord", 2026, NOW).parts[0].rows
        told[name] = (row.cells[ReportColumn.NUMBER].text, row.cells[ReportColumn.COMMENT].text, row.opens)
    assert told == {
        "member": ("11", "9 ALIS og 2 LIS1", True),
        "reader": ("11", hushed_report.ROLES, False),
    }


def test_acts_that_change_nothing_change_nothing_in_it(app: Flask) -> None:
    nora = organizer("nord")
    event = make_event(starts=SPRING, status=EventStatus.HELD)
    join(event, 6)
    before = yearly.of_office(nora, "nord", 2026, NOW)
    publishing.set_status(event.slug, "unhold", actor=nora)
    publishing.set_status(event.slug, "hold", actor=nora)
    assert yearly.of_office(nora, "nord", 2026, NOW) == before


def test_the_questions_do_not_grow_with_the_events(app: Flask) -> None:
    def asked() -> int:
        count = 0

        def listen(*_args: object) -> None:
            nonlocal count
            count += 1

        db.session.rollback()
        sa_event.listen(db.engine, "before_cursor_execute", listen)
        yearly.of_office(ADMIN, "nord", 2026, NOW)
        sa_event.remove(db.engine, "before_cursor_execute", listen)
        return count

    join(held_course(slug="a"), 2)
    few = asked()
    for number in range(5):
        join(held_course(slug=f"b{number}"), 2)
    assert asked() == few


def test_a_kind_of_its_own_in_the_table_of_courses_says_what_it_is(app: Flask) -> None:
    office = db.session.scalars(select(Office.id).where(Office.slug == "nord")).one()
    with transaction() as tx:
        tx.add(
            Event(
                office_id=office,
                slug="dag",
                kind=EventKind.KURSHOLDERDAG,
                status=EventStatus.HELD,
                title="Kursholderdag",
                report_table=ReportTable.COURSES,
                report_year=2026,
                place_text="Bodø",
                typed=True,
                created_at=NOW,
                updated_at=NOW,
            )
        )
    assert first_row() == ["Kursholderdag: Bodø", "", ""]
