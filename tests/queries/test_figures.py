"""Figures of an office and of the country, beside a count done by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import event as sa_event
from sqlalchemy import select

from courseapp.db import db, transaction
from courseapp.domain import hushed_report
from courseapp.domain.access import Actor, UserRole
from courseapp.domain.attendance import AttendanceState
from courseapp.domain.errors import NotFound
from courseapp.domain.event import EventKind, EventStatus, ReportTable
from courseapp.domain.figures import FEW, NOTHING, UNKNOWN, Figure, Known, Measure, exact
from courseapp.domain.registration import Role, Status
from courseapp.domain.report_heads import ReportColumn
from courseapp.models.attendance import Attendance, HoursGrant
from courseapp.models.event import Event, EventLeader
from courseapp.models.office import Office
from courseapp.models.person import CourseLeader
from courseapp.queries import country, doubles, figures, yearly
from courseapp.queries.country import Country, TableCount
from courseapp.services import report_overrides
from courseapp.services.imports import import_activities
from tests.conftest import NOW
from tests.making import make_event
from tests.people import join, organizer, share
from tests.services.test_imports import REPORTS

ADMIN = Actor(user_id=1, name="", roles=(), national=UserRole.ADMINISTRATOR)
READER = Actor(user_id=1, name="", roles=(), national=UserRole.READER)
SPRING = (datetime(2026, 3, 22, 8, tzinfo=UTC), datetime(2026, 4, 22, 7, tzinfo=UTC))


def course(slug: str, *, year: int = 2026, office: str = "nord") -> Event:
    starts = tuple(one.replace(year=year) for one in SPRING)
    return make_event(slug=slug, starts=starts, status=EventStatus.HELD, office=office)


def mark(person: int, event: Event, *states: AttendanceState) -> None:
    with transaction() as tx:
        for session, state in zip(event.sessions, states, strict=True):
            tx.add(Attendance(registration_id=person, session_id=session.id, state=state, marked_at=NOW))


def test_a_year_beside_the_one_before(app: Flask) -> None:
    nora = organizer("nord")
    event = course("a")
    both, one_day, never, granted = join(event, 4, municipality="Bodø", line_no=None)
    join(event, 2, first=10, primary_role=Role.LIS1, municipality="Fauske", line_no=None)
    join(event, 3, first=20, status=Status.WAITLISTED, municipality="Mo")
    join(event, 1, first=30, status=Status.CANCELLED, line_no=None)
    here, away = AttendanceState.PRESENT, AttendanceState.ABSENT
    mark(both, event, here, here)
    mark(one_day, event, here, away)
    mark(never, event, away, away)
    mark(granted, event, here, away)
    with transaction() as tx:
        tx.add(HoursGrant(registration_id=granted, minutes=600, note="Lege", user_id=nora.user_id, at=NOW))
        office = tx.scalars(select(Office.id).where(Office.slug == "nord")).one()
        leader = CourseLeader(office_id=office, name="Ane Berg", email="ane@example.org")
        tx.add(leader)
        tx.flush()
        tx.add(EventLeader(event_id=event.id, leader_id=leader.id, position=1))
    join(course("b", year=2025), 7)
    shown = figures.of_office(nora, "", 2026, NOW)
    this, last, before = [side.of(EventKind.VEILEDERKURS).figures for side in shown.sides]
    told = {one: figure.value for one, figure in this.items() if figure.value is not None}
    assert told == {
        Measure.HELD: 1,
        Measure.PEOPLE: 3,
        Measure.UNTOLD: 0,
        Measure.SIGN_UPS: 10,
        Measure.SEATS: 30,
        Measure.FILLED: 6,
        Measure.RATE: 20,
        Measure.ATTENDED: 3,
        Measure.ABSENT: 1,
        Measure.QUEUED: 3,
        Measure.UNSEATED: 3,
        Measure.MINUTES: 1080 + 600,
    }
    one = shown.sides[0]
    assert (one.roles, one.municipalities, one.leaders) == (((Role.ALIS, 3),), exact(2), exact(1))
    asked = (Measure.HELD, Measure.PEOPLE, Measure.ATTENDED, Measure.MINUTES)
    assert [last[one] for one in asked] == [exact(1), exact(7), UNKNOWN, UNKNOWN]
    assert [before[one] for one in asked] == [exact(0), NOTHING, NOTHING, NOTHING]
    assert ([side.year for side in shown.sides], shown.hush, shown.opens) == ([2026, 2025, 2024], False, True)


def test_the_country_counts_a_joint_course_once_where_it_belongs(app: Flask) -> None:
    joint = course("felles")
    share(joint, "ost")
    join(joint, 9)
    join(course("ost", office="ost"), 8)
    shown = country.of_year(ADMIN, 2026, NOW)
    courses = {slug: tables[ReportTable.COURSES] for slug, tables in by_office(shown).items()}
    assert {slug: (one.held, one.people) for slug, one in courses.items() if one.held} == {
        "nord": (1, exact(9)),
        "ost": (1, exact(8)),
    }
    total = shown.whole.tables[ReportTable.COURSES]
    assert (total.held, total.people, len(shown.offices)) == (2, exact(17), 6)
    assert [(one.joint, one.joined) for one in (*shown.offices, shown.whole) if one.joint or one.joined] == [
        (1, 0),
        (0, 1),
        (1, 1),
    ]
    signed = [one.sums.figures[Measure.SIGN_UPS] for one in (*shown.offices, shown.whole)]
    assert [one.value for one in signed if one.value] == [9, 8, 17]


def by_office(shown: Country) -> dict[str, dict[ReportTable, TableCount]]:
    return {one.office.slug: one.tables for one in shown.offices if one.office is not None}


def test_the_country_has_the_numbers_of_the_real_reports(app: Flask) -> None:
    import_activities(REPORTS, actor=None)
    oslo, sor = country.of_year(ADMIN, 2024, NOW).whole.tables, country.of_year(ADMIN, 2025, NOW).whole.tables
    assert (oslo[ReportTable.COURSES].people, sor[ReportTable.COURSES].people) == (exact(116), exact(91))
    assert [sor[table].unknown for table in ReportTable] == [0, 0, 4, 2]


def test_few_people_are_not_told_to_readers_nor_by_any_sum_on_any_page(app: Flask) -> None:
    join(course("a"), 3)
    evening = make_event(
        slug="kveld",
        kind=EventKind.ALIS_KVELD,
        starts=SPRING[:1],
        status=EventStatus.HELD,
        report_table=ReportTable.REGIONAL,
    )
    join(evening, 12)
    shown = country.of_year(READER, 2026, NOW)
    nord = by_office(shown)["nord"]
    assert [nord[table].people for table in ReportTable] == [FEW, NOTHING, exact(12), NOTHING]
    assert (shown.whole.tables[ReportTable.COURSES].people, shown.hush) == (FEW, True)
    assert shown.whole.sums.figures[Measure.PEOPLE] == Figure(known=Known.AT_LEAST, value=12)
    report = yearly.of_office(READER, "nord", 2026, NOW)
    (row,) = report.parts[0].rows
    assert (row.cells[ReportColumn.NUMBER].text, row.cells[ReportColumn.COMMENT].text, row.number) == (
        hushed_report.FEW,
        hushed_report.ROLES,
        None,
    )
    assert [(one.sum.people, one.sum.few, one.sum.blank) for one in report.parts[:1]] == [(0, 1, 0)]
    told = by_office(country.of_year(ADMIN, 2026, NOW))["nord"]
    assert [told[table].people.value for table in ReportTable] == [3, None, 12, None]


def test_readers_see_a_joint_course_at_one_office_alone(app: Flask) -> None:
    """Two offices' sums that share a course would tell by their difference what the rest is."""
    joint = course("felles")
    share(joint, "ost")
    join(joint, 9)
    for actor, counts in ((READER, [1, 0]), (ADMIN, [1, 1])):
        sides = [figures.of_office(actor, slug, 2026, NOW).sides[0] for slug in ("nord", "ost")]
        assert [one.of(EventKind.VEILEDERKURS).figures[Measure.HELD].value for one in sides] == counts


def test_roles_that_the_rows_tell_do_not_give_the_others_back(app: Flask) -> None:
    """A row of the report says «9 ALIS»; the year's 12 would say that three were ALIS where the roles are not shown."""
    join(course("a"), 9)
    other = course("b", year=2026)
    join(other, 3)
    join(other, 8, first=20, primary_role=Role.LIS1)
    told = {
        actor.national: dict(figures.of_office(actor, "nord", 2026, NOW).sides[0].roles) for actor in (ADMIN, READER)
    }
    assert told == {
        UserRole.ADMINISTRATOR: {Role.ALIS: 12, Role.LIS1: 8},
        UserRole.READER: {Role.ALIS: None, Role.LIS1: None},
    }


def test_a_number_written_over_in_the_report_is_the_number_everywhere(app: Flask) -> None:
    event = course("felles")
    share(event, "ost")
    join(event, 9)
    written = {ReportColumn.NUMBER: "12"}
    report_overrides.write("nord", event.id, written, "Tre til kom", actor=organizer("nord"))
    report_overrides.write("ost", event.id, {ReportColumn.NUMBER: "4"}, "Bare våre", actor=organizer("ost"))
    assert country.of_year(ADMIN, 2026, NOW).whole.tables[ReportTable.COURSES].people == exact(12)
    told = [
        figures.of_office(ADMIN, slug, 2026, NOW).sides[0].of(EventKind.VEILEDERKURS).figures[Measure.PEOPLE].value
        for slug in ("nord", "ost")
    ]
    assert told == [12, 4]
    assert [yearly.of_office(ADMIN, slug, 2026, NOW).parts[0].sum.people for slug in ("nord", "ost")] == told


def test_the_events_behind_a_number_sum_to_it(app: Flask) -> None:
    nora = organizer("nord")
    join(course("a"), 4)
    join(make_event(slug="foer", starts=(SPRING[0] - timedelta(days=9),), status=EventStatus.HELD), 7)
    found = figures.behind(nora, "nord", 2026, EventKind.VEILEDERKURS, NOW)
    assert [(row.slug, row.sums.figures[Measure.FILLED], row.opens) for row in found.rows] == [
        ("foer", exact(7, 30), True),
        ("a", exact(4, 30), True),
    ]
    page = figures.of_office(nora, "nord", 2026, NOW)
    assert found.sums == page.sides[0].of(EventKind.VEILEDERKURS)
    for actor in (READER, organizer("ost")):
        with pytest.raises(NotFound):
            figures.behind(actor, "nord", 2026, EventKind.VEILEDERKURS, NOW)


def test_the_country_is_for_national_roles_alone(app: Flask) -> None:
    for actor, year in ((organizer("nord"), 2026), (ADMIN, 1999)):
        with pytest.raises(NotFound):
            country.of_year(actor, year, NOW)
    with pytest.raises(NotFound):
        figures.of_office(organizer("ost"), "nord", 2026, NOW)


def test_the_questions_do_not_grow_with_the_events(app: Flask) -> None:
    def asked() -> int:
        count = 0

        def listen(*_args: object) -> None:
            nonlocal count
            count += 1

        db.session.rollback()
        sa_event.listen(db.engine, "before_cursor_execute", listen)
        country.of_year(ADMIN, 2026, NOW)
        figures.of_office(ADMIN, "nord", 2026, NOW)
        figures.behind(ADMIN, "nord", 2026, EventKind.VEILEDERKURS, NOW)
        doubles.claims(ADMIN, 2026)
        sa_event.remove(db.engine, "before_cursor_execute", listen)
        return count

    join(course("a"), 2)
    few = asked()
    for number in range(4):
        join(course(f"b{number}"), 2)
    assert asked() == few
