"""What has had its time is forgotten, nothing before, and what is left leads to nobody and still counts the same."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from courseapp.db import Base, db, transaction
from courseapp.domain import retention as rules
from courseapp.domain.attendance import AttendanceState
from courseapp.domain.event import EventKind, ReportTable
from courseapp.domain.language import Language
from courseapp.domain.registration import Role, Source, Status
from courseapp.domain.report_heads import ReportColumn
from courseapp.domain.retention import Forgotten
from courseapp.domain.series import Counted
from courseapp.links import links
from courseapp.models.attendance import Attendance, HoursGrant
from courseapp.models.certificate import Certificate
from courseapp.models.event import Event, EventLeader
from courseapp.models.journal import AuditEntry
from courseapp.models.office import Office
from courseapp.models.person import CourseLeader
from courseapp.models.privacy import RetentionAct
from courseapp.models.registration import DietaryNeed, FeedToken, Registration
from courseapp.models.series import EventSeries
from courseapp.queries import figures, registrations, yearly
from courseapp.queries import retention as due
from courseapp.services import certificates, enrolment, evaluation, feeds, housekeeping, reminders, retention
from courseapp.services import registrations as sign_ups
from tests.conftest import Clock
from tests.making import COURSE_DAYS, make_event, person, wish
from tests.people import join, organizer, registered
from tests.queries.test_yearly import ADMIN

END = COURSE_DAYS[1] + timedelta(hours=7)
TWO_YEARS_AFTER = datetime(2029, 4, 22, 14, tzinfo=UTC)
MARKS = ("Sølvi", "Særpreget", "solvi.saerpreget", "91234567", "Fjordkanten", "7654321", "rullestol", "Peanøtter")


def forgotten() -> list[tuple[str, int]]:
    db.session.rollback()
    return [(str(one.what), one.count) for one in db.session.scalars(select(RetentionAct).order_by(RetentionAct.id))]


def needs() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(DietaryNeed.needs)))


def everything(*, without: tuple[str, ...] = ()) -> list[str]:
    """Every text in every table, whatever it says."""
    db.session.rollback()
    found = []
    for table in Base.metadata.sorted_tables:
        if table.name not in without:
            for row in db.session.execute(select(table)):
                found += [f"{table.name}: {value}" for value in row if isinstance(value, (str, dict, list))]
    return found


def leaks(*, without: tuple[str, ...] = ()) -> list[str]:
    """Texts that tell who she was."""
    return [text[:200] for text in everything(without=without) if any(mark in text for mark in MARKS)]


@pytest.fixture
def lived(app: Flask, time: Clock) -> Event:
    """A course somebody signed up for, was reminded of, attended, got a kursbevis for and told what she thought."""
    event = make_event(slug="kurs")
    person: dict[str, Any] = {"first_name": "Sølvi", "last_name": "Særpreget", "email": "solvi.saerpreget@example.org"}
    person |= {"mobile": "+4791234567", "workplace": "Fjordkanten legesenter", "hpr_number": "7654321"}
    sign_ups.sign_up(wish(event, **person, note="Trenger plass til rullestol", dietary_needs="Peanøtter"))
    sign_ups.sign_up(wish(event, 2, dietary_needs="Melk"))
    (first, second) = db.session.scalars(select(Registration.id).order_by(Registration.id)).all()
    feeds.make_for_participant(links().key(first, 1))
    time.moment = COURSE_DAYS[0] - timedelta(hours=20)
    reminders.put_due()
    time.moment = END + timedelta(days=1)
    actor = organizer()
    with transaction() as tx:
        sessions = [one.id for one in tx.get_one(Event, event.id).sessions]
        for session in sessions:
            tx.add(
                Attendance(
                    registration_id=first, session_id=session, state=AttendanceState.PRESENT, marked_at=time.moment
                )
            )
        grant = {"minutes": 60, "note": "Særpreget hadde vakt", "user_id": actor.user_id, "at": time.moment}
        tx.add(HoursGrant(registration_id=second, **grant))
    certificates.issue(event.slug, actor=actor)
    evaluation.thank_due()
    return event


def test_what_people_eat_is_forgotten_fourteen_days_after_the_last_session(app: Flask, time: Clock) -> None:
    event, later = make_event(), make_event(slug="senere", starts=(COURSE_DAYS[1] + timedelta(days=60),))
    sign_ups.sign_up(wish(event, 1, dietary_needs="Nøtter"))
    sign_ups.sign_up(wish(later, 2, dietary_needs="Melk"))
    time.moment = END + timedelta(days=14)
    retention.run_due()
    assert sorted(needs()) == ["Melk", "Nøtter"]
    time.moment += timedelta(minutes=1)
    assert [retention.run_due(), retention.run_due()] == [1, 0]
    assert (needs(), forgotten()) == (["Melk"], [("dietary", 1)])


def test_after_two_years_nothing_leads_to_a_person(lived: Event, time: Clock) -> None:
    assert len(leaks()) > 15
    time.moment = TWO_YEARS_AFTER
    retention.run_due()
    assert ("people", 2) not in forgotten()
    time.moment += timedelta(minutes=1)
    retention.run_due()
    assert leaks(without=("certificate",)) == []
    assert forgotten() == [("dietary", 2), ("people", 2)]
    assert [retention.run_due(), forgotten()[2:]] == [0, []]


def test_the_register_of_kursbevis_lives_ten_years_and_no_longer_points_to_the_registration(
    lived: Event, time: Clock
) -> None:
    time.moment = TWO_YEARS_AFTER + timedelta(minutes=1)
    retention.run_due()
    kept = db.session.scalars(select(Certificate).where(Certificate.hpr_number == "7654321")).one()
    assert (kept.name, kept.registration_id, kept.stands) == ("Sølvi Særpreget", None, True)
    time.moment = datetime(2037, 4, 24, tzinfo=UTC)
    retention.run_due()
    assert (leaks(), forgotten()[-1]) == ([], ("certificates", 2))


def test_her_secret_link_and_her_calendar_end_with_it(lived: Event, time: Clock) -> None:
    first = db.session.scalars(select(Registration.id).order_by(Registration.id)).first()
    assert first is not None
    key = links().key(first, 1)
    assert registrations.mine(key, time.moment) is not None
    time.moment = TWO_YEARS_AFTER + timedelta(minutes=1)
    retention.run_due()
    db.session.rollback()
    assert (registrations.mine(key, time.moment), list(db.session.scalars(select(FeedToken.id)))) == (None, [])


STATUSES = (*[Status.REGISTERED] * 20, *[Status.CANCELLED] * 6, *[Status.WAITLISTED] * 5)
TOWNS = ("Bodø", "Narvik", "Tromsø", "Alta")


def a_course(number: int, time: Clock) -> Event:
    """A course with people of all roles, statuses and towns; at the first two some were there and some were not."""
    later = timedelta(days=7 * number)
    event = make_event(slug=f"kurs-{number}", starts=(COURSE_DAYS[0] + later, COURSE_DAYS[1] + later))
    with transaction() as tx:
        for at, status in enumerate(STATUSES):
            role, town = list(Role)[at % len(Role)], TOWNS[at % len(TOWNS)]
            row = registered(event, 100 * number + at + 1, status=status, primary_role=role, municipality=town)
            tx.add(row)
            tx.flush()
            state = AttendanceState.PRESENT if at % 5 else AttendanceState.ABSENT
            for session in event.sessions if at < 17 and number < 2 else ():
                tx.add(Attendance(registration_id=row.id, session_id=session.id, state=state, marked_at=time.moment))
    return event


def counted(session: Session) -> dict[str, Counter[Any]]:
    """What must stay: statuses, roles and towns of each event, and who was there by role."""
    rows = session.execute(
        select(Registration.event_id, Registration.status, Registration.primary_role, Registration.municipality)
    ).all()
    there = session.execute(
        select(Registration.event_id, Registration.primary_role, Attendance.state).join(
            Attendance, Attendance.registration_id == Registration.id
        )
    ).all()
    return {
        "status": Counter((row.event_id, row.status, row.primary_role) for row in rows),
        "town": Counter((row.event_id, row.status, row.municipality) for row in rows),
        "there": Counter(tuple(row) for row in there),
    }


def test_the_report_and_the_figures_are_the_same_before_and_after(app: Flask, time: Clock) -> None:
    for number in range(3):
        a_course(number, time)
    time.moment = datetime(2029, 2, 1, tzinfo=UTC)
    before = (yearly.of_office(ADMIN, "nord", 2027, time.moment), counted(db.session()))
    numbers = figures.of_office(ADMIN, "nord", 2027, time.moment).sides[0]
    assert [row.number for row in before[0].parts[0].rows] == [13, 13, 20]
    db.session.rollback()
    time.moment = datetime(2029, 6, 1, tzinfo=UTC)
    assert retention.run_due() == 3
    after = (yearly.of_office(ADMIN, "nord", 2027, time.moment), counted(db.session()))
    assert (after[0].parts, after[1]) == (before[0].parts, before[1])
    assert figures.of_office(ADMIN, "nord", 2027, time.moment).sides[0] == numbers
    assert set(db.session.scalars(select(Registration.last_name))) == {"deltaker"}


def test_a_series_counts_the_same_people_while_its_meetings_are_forgotten_one_by_one(app: Flask, time: Clock) -> None:
    with transaction() as tx:
        office_id = tx.scalars(select(Office.id).where(Office.slug == "nord")).one()
        kept = EventSeries(title="Nettverk", counted=Counted.PEOPLE, office_id=office_id, created_at=time.moment)
        tx.add(kept)
        tx.flush()
    for month in range(3):
        start = COURSE_DAYS[0] + timedelta(days=28 * month)
        more: dict[str, Any] = {
            "kind": EventKind.ALIS_KVELD,
            "report_table": ReportTable.REGIONAL,
            "series_id": kept.id,
        }
        join(make_event(slug=f"kveld-{month}", starts=(start,), **more), 4 + month, first=1 + month)

    def told() -> list[str]:
        db.session.rollback()
        return [
            row.cells[ReportColumn.NUMBER].text
            for row in yearly.of_office(ADMIN, "nord", 2027, time.moment).parts[2].rows
        ]

    time.moment = datetime(2028, 1, 10, tzinfo=UTC)
    assert told() == ["8"]
    for day in (datetime(2029, 3, 24, tzinfo=UTC), datetime(2029, 4, 22, tzinfo=UTC), datetime(2029, 6, 1, tzinfo=UTC)):
        time.moment = day
        assert (retention.run_due(), told()) == (1, ["8"])
    assert set(db.session.scalars(select(Registration.last_name))) == {"deltaker"}


def test_towns_change_hands_so_that_a_role_and_a_town_point_at_nobody(app: Flask, time: Clock) -> None:
    event = a_course(0, time)
    pairs = select(Registration.id, Registration.municipality).where(Registration.status == Status.REGISTERED)
    before = {row.id: row.municipality for row in db.session.execute(pairs)}
    time.moment = TWO_YEARS_AFTER + timedelta(days=1)
    retention.run_due()
    db.session.rollback()
    after = {row.id: row.municipality for row in db.session.execute(pairs)}
    assert Counter(after.values()) == Counter(before.values())
    assert after != before  # one chance in about a hundred million to be wrong
    assert event.people_forgotten_at is None  # the row in hand is from before


def test_towns_of_too_few_to_mix_and_languages_are_taken_away(app: Flask, time: Clock) -> None:
    join(make_event(), 2, language=Language.NYNORSK)
    time.moment = TWO_YEARS_AFTER + timedelta(days=1)
    retention.run_due()
    db.session.rollback()
    left = db.session.execute(select(Registration.municipality, Registration.language)).all()
    assert [tuple(one) for one in left] == [("", Language.BOKMAL)] * 2


def test_whoever_is_written_in_later_is_forgotten_in_the_next_round(app: Flask, time: Clock) -> None:
    event = make_event()
    join(event, 1)
    time.moment = TWO_YEARS_AFTER + timedelta(days=1)
    retention.run_due()
    with transaction() as tx:
        tx.add(
            enrolment.new(
                tx.get_one(Event, event.id), person(7), Status.REGISTERED, Source.ORGANIZER, time.moment, mode=None
            )
        )
    assert [retention.run_due(), retention.run_due()] == [1, 0]
    assert forgotten() == [("people", 1), ("people", 1)]


def test_a_leader_who_stopped_keeps_her_name_and_loses_her_address(app: Flask, time: Clock) -> None:
    event = make_event()
    with transaction() as tx:
        told = {"office_id": event.office_id, "workplace": "Havna", "mobile": "+4790000000"}
        gone, held, here = (
            CourseLeader(name=f"Leder {at}", email=f"leder{at.lower()}@example.org", **told) for at in "ABC"
        )
        gone.retired_at = held.retired_at = time.moment
        tx.add_all([gone, held, here])
        tx.flush()
        tx.add(EventLeader(event_id=event.id, leader_id=held.id, position=1))
    time.moment = datetime(2029, 3, 1, tzinfo=UTC)
    retention.run_due()
    db.session.rollback()
    reach = [
        (one.name, one.email, one.mobile) for one in db.session.scalars(select(CourseLeader).order_by(CourseLeader.id))
    ]
    assert reach == [
        ("Leder A", "slettet-1", ""),
        ("Leder B", "lederb@example.org", "+4790000000"),
        ("Leder C", "lederc@example.org", "+4790000000"),
    ]


def test_what_is_due_can_be_seen_without_doing_anything(lived: Event, time: Clock) -> None:
    time.moment = TWO_YEARS_AFTER + timedelta(minutes=1)
    seen = {one.what: (one.events, one.count) for one in due.dry_run(time.moment)}
    assert (seen[Forgotten.DIETARY], seen[Forgotten.PEOPLE], seen[Forgotten.CERTIFICATES]) == ((1, 2), (1, 2), (0, 0))
    assert (len(leaks()) > 15, forgotten()) == (True, [])


def test_details_of_acts_are_emptied_and_readings_go(lived: Event, time: Clock) -> None:
    time.moment = TWO_YEARS_AFTER + timedelta(minutes=1)
    retention.run_due()
    db.session.rollback()
    kept = db.session.execute(
        select(AuditEntry.verb, AuditEntry.details).where(AuditEntry.registration_id.is_not(None))
    ).all()
    assert {verb for verb, _details in kept} >= {"signed_up", "certificate_issued"}
    assert [details for _verb, details in kept if details] == []


@pytest.mark.parametrize(
    ("moment", "months", "earlier"),
    [("2028-02-29", 24, "2026-02-28"), ("2029-03-31", 1, "2029-02-28"), ("2027-01-15", 120, "2017-01-15")],
)
def test_months_are_counted_by_the_calendar(moment: str, months: int, earlier: str) -> None:
    found = rules.months_before(datetime.fromisoformat(f"{moment}T12:00:00+00:00"), months)
    assert f"{found:%Y-%m-%d}" == earlier


def test_receipts_that_have_run_out_are_forgotten_by_themselves(app: Flask, time: Clock) -> None:
    sign_ups.sign_up(wish(make_event(), first_name="Sølvi"))
    time.pass_by(minutes=31)
    housekeeping.tidy()
    assert [text for text in everything() if text.startswith("sign_up_receipt")] == []
