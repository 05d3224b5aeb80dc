"""Ten years that have been: all tables are filled as real life fills them, and nothing waits to be done."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from courseapp import clock
from courseapp.cli_data import COMMANDS
from courseapp.db import Base, db
from courseapp.domain.access import Actor, UserRole
from courseapp.domain.registration import Status
from courseapp.models.attendance import Attendance
from courseapp.models.certificate import Certificate, CertificateSeries
from courseapp.models.event import Event, EventSession
from courseapp.models.journal import AuditEntry, MailState, OutboxEmail
from courseapp.models.office import Office
from courseapp.models.registration import Registration
from courseapp.queries import yearly
from courseapp.services import offers, reminders, retention
from courseapp.services.load_data import WrongAmount
from courseapp.services.past_load import YEARS, generate_past


def count(table: type[Base]) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_people_are_spread_evenly_over_offices_and_years_with_all_they_leave(app: Flask) -> None:
    assert generate_past(120, 2500) == 120
    tables = (Event, EventSession, Registration, OutboxEmail, AuditEntry)
    assert [count(table) for table in tables] == [120, 240, 2500, 7500, 5000]
    each = select(Registration.event_id, func.count().label("people")).group_by(Registration.event_id).subquery()
    sizes = db.session.execute(select(each.c.people, func.count()).group_by(each.c.people))
    assert sorted(tuple(row) for row in sizes) == [(20, 20), (21, 100)]
    offices = db.session.execute(select(Event.office_id, func.count()).group_by(Event.office_id)).all()
    assert {number for _office, number in offices} == {2 * YEARS}
    ends = db.session.scalars(select(Event.ends_at)).all()
    assert all(one is not None and one < clock.now() for one in ends)


def test_seats_marks_and_kursbevis_agree(app: Flask) -> None:
    generate_past(60, 1200)
    seated = db.session.scalar(select(func.count()).where(Registration.status == Status.REGISTERED))
    assert (count(Attendance), count(Certificate)) == (2 * (seated or 0), seated)
    series = select(CertificateSeries.office_id, CertificateSeries.year, CertificateSeries.last_no)
    given = select(Certificate.office_id, Certificate.year, func.max(Certificate.serial))
    numbers = db.session.execute(given.group_by(Certificate.office_id, Certificate.year)).all()
    assert sorted(map(tuple, db.session.execute(series))) == sorted(map(tuple, numbers))


def test_whoever_is_old_enough_is_forgotten_and_nothing_is_left_to_do(app: Flask) -> None:
    generate_past(60, 600)
    named = select(func.count()).select_from(Registration).where(Registration.email.like("prove.%"))
    forgotten = Registration.anonymised_at.is_not(None)
    assert (db.session.scalar(named) or 0) > 0
    assert db.session.scalar(named.where(forgotten)) == 0
    assert db.session.scalar(select(func.count()).where(forgotten)) == 600 - (db.session.scalar(named) or 0)
    waiting = select(func.count()).where(OutboxEmail.state.in_([MailState.QUEUED, MailState.SENDING]))
    assert db.session.scalar(waiting) == 0
    assert [reminders.put_due(), offers.expire_due(), offers.remind_due(), retention.run_due()] == [0, 0, 0, 0]


def test_a_second_round_goes_on_from_the_first(app: Flask) -> None:
    generate_past(6, 60)
    generate_past(6, 60)
    assert (count(Event), count(Registration)) == (12, 120)


def test_the_report_counts_them(app: Flask) -> None:
    generate_past(60, 600)
    office = db.session.scalars(select(Office).where(Office.slug == "oslo")).one()
    actor = Actor(user_id=1, name="Kari", roles=((office.id, UserRole.ORGANIZER),), national=None)
    year = clock.now().year - 1
    mine = Event.office_id == office.id, Event.report_year == year
    held = db.session.scalar(select(func.count()).select_from(Event).where(*mine))
    report = yearly.of_office(actor, "oslo", year, clock.now())
    assert sum(part.sum.rows for part in report.parts) == held != 0


@pytest.mark.parametrize("amounts", [(0, 0), (1, -1)])
def test_amounts_that_mean_nothing_are_refused(app: Flask, amounts: tuple[int, int]) -> None:
    with pytest.raises(WrongAmount):
        generate_past(*amounts)
    assert count(Event) == 0


def test_the_command_says_how_much_it_made(app: Flask) -> None:
    command = next(one for one in COMMANDS if one.name == "generate")
    done = app.test_cli_runner().invoke(command, ["--events", "6", "--registrations", "12", "--past"])
    assert (done.exit_code, done.output) == (0, "6 arrangementer som er holdt, og 12 påmeldinger er lagt til.\n")
