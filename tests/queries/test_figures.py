"""Figures of an office and of the country, beside a count done by hand."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import event as sa_event
from sqlalchemy import select

from courseapp.db import db, transaction
from courseapp.domain.access import Actor, UserRole
from courseapp.domain.attendance import AttendanceState
from courseapp.domain.errors import NotFound
from courseapp.domain.event import EventKind, EventStatus, ReportTable
from courseapp.domain.registration import Role, Status
from courseapp.domain.report_heads import ReportColumn
from courseapp.models.attendance import Attendance, HoursGrant
from courseapp.models.event import Event, EventLeader
from courseapp.models.office import Office
from courseapp.models.person import CourseLeader
from courseapp.queries import figures, yearly
from courseapp.queries.figures import Doubled
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
    both, one_day, never, granted = join(event, 4, municipality="Bodø")
    join(event, 2, first=10, primary_role=Role.LIS1, municipality="Fauske")
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
    (this,), (last,) = shown.this.kinds, shown.last.kinds
    assert (this.held, this.people, this.seats, this.filled, this.sign_ups) == (1, 3, 30, 6, 10)
    assert (this.attended, this.absent, this.waiting, this.minutes) == (3, 1, 3, 1080 + 600)
    assert (shown.this.roles, shown.this.municipalities, shown.this.leaders) == (((Role.ALIS, 3),), 2, 1)
    assert (last.held, last.people, last.attended, last.minutes, shown.last.year) == (1, 7, None, 0, 2025)
    assert shown.hush is False


def test_the_country_counts_a_joint_course_once_where_it_belongs(app: Flask) -> None:
    joint = course("felles")
    share(joint, "ost")
    join(joint, 9)
    join(course("ost", office="ost"), 8)
    shown = figures.country(ADMIN, 2026, NOW)
    courses = {one.office.slug: one.tables[ReportTable.COURSES] for one in shown.offices}
    assert {slug: (one.held, one.people) for slug, one in courses.items() if one.held} == {
        "nord": (1, 9),
        "ost": (1, 8),
    }
    total = shown.total(ReportTable.COURSES)
    assert (total.held, total.people, len(shown.offices)) == (2, 17, 6)
    assert {one.office.slug: (one.joint, one.joined) for one in shown.offices if one.joint or one.joined} == {
        "nord": (1, 0),
        "ost": (0, 1),
    }


def test_the_country_has_the_numbers_of_the_real_reports(app: Flask) -> None:
    import_activities(REPORTS, actor=None)
    oslo, sor = figures.country(ADMIN, 2024, NOW), figures.country(ADMIN, 2025, NOW)
    assert (oslo.total(ReportTable.COURSES).people, sor.total(ReportTable.COURSES).people) == (116, 91)
    assert [sor.total(table).unknown for table in ReportTable] == [0, 0, 4, 2]


def test_few_people_are_not_told_to_readers_nor_by_the_sum(app: Flask) -> None:
    join(course("a"), 3)
    evening = make_event(
        slug="kveld",
        kind=EventKind.ALIS_KVELD,
        starts=SPRING[:1],
        status=EventStatus.HELD,
        report_table=ReportTable.REGIONAL,
    )
    join(evening, 12)
    shown = figures.country(READER, 2026, NOW)
    nord = shown.offices[0].tables
    assert [nord[table].people for table in ReportTable] == [None, 0, None, 0]
    assert (shown.total(ReportTable.COURSES).people, shown.untold(ReportTable.COURSES), shown.hush) == (0, True, True)
    told = figures.country(ADMIN, 2026, NOW).offices[0].tables
    assert [told[table].people for table in ReportTable] == [3, 0, 12, 0]


def test_a_number_written_over_in_the_report_is_the_number_everywhere(app: Flask) -> None:
    event = course("felles")
    share(event, "ost")
    join(event, 9)
    written = {ReportColumn.NUMBER: "12"}
    report_overrides.write("nord", event.id, written, "Tre til kom", actor=organizer("nord"))
    report_overrides.write("ost", event.id, {ReportColumn.NUMBER: "4"}, "Bare våre", actor=organizer("ost"))
    assert figures.country(ADMIN, 2026, NOW).total(ReportTable.COURSES).people == 12
    told = [
        figures.of_office(ADMIN, slug, 2026, NOW).this.of(EventKind.VEILEDERKURS).people for slug in ("nord", "ost")
    ]
    assert told == [12, 4]
    assert [yearly.of_office(ADMIN, slug, 2026, NOW).parts[0].sum.people for slug in ("nord", "ost")] == told


def test_what_several_offices_claim_is_pointed_out(app: Flask) -> None:
    header = "office,year,table,place,dates_text,activity,topic,participants_text"
    rows = [f"{office},2026,4.3,Oslo,29.10.2026,Konferansen,,Ca. 165" for office in ("Nord", "Sør")]
    import_activities("\n".join([header, *rows, "Vest,2026,4.3,Oslo,,Konferansen,,"]).encode(), actor=None)
    assert figures.country(ADMIN, 2026, datetime(2027, 1, 1, tzinfo=UTC)).doubled == (
        Doubled(title="Konferansen", when="29. oktober 2026", offices=("Nord", "Sør")),
    )


def test_the_country_is_for_national_roles_alone(app: Flask) -> None:
    for actor, year in ((organizer("nord"), 2026), (ADMIN, 1999)):
        with pytest.raises(NotFound):
            figures.country(actor, year, NOW)
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
        figures.country(ADMIN, 2026, NOW)
        figures.of_office(ADMIN, "nord", 2026, NOW)
        sa_event.remove(db.engine, "before_cursor_execute", listen)
        return count

    join(course("a"), 2)
    few = asked()
    for number in range(4):
        join(course(f"b{number}"), 2)
    assert asked() == few
