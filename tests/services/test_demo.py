"""The demo: one of everything the offices meet, the same every time, and only in an empty database."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from courseapp.cli_data import COMMANDS
from courseapp.db import db
from courseapp.domain import planning
from courseapp.domain.access import Actor, UserRole
from courseapp.domain.event import EventKind, EventStatus, SignUpState
from courseapp.domain.geography import municipality, region_of
from courseapp.domain.logging_in import Caller
from courseapp.domain.modes import Mode
from courseapp.domain.ranking import CHOSEN, Criterion
from courseapp.domain.registration import Status
from courseapp.models.account import Membership, User
from courseapp.models.event import Event, EventLeader
from courseapp.models.journal import AuditEntry, MailState, OutboxEmail
from courseapp.models.office import Office
from courseapp.models.person import CourseLeader, LeaderPair
from courseapp.models.registration import DietaryNeed, Registration, RegistrationRole
from courseapp.queries import applications, events
from courseapp.services import demo, log_in
from courseapp.services.demo_events import demo_events
from courseapp.services.sessions import Step
from courseapp.when import local
from tests.conftest import NOW

REPORTS = Path(__file__).parent.parent / "data" / "activities_from_reports.csv"


# A fill takes seconds, so one answers many questions.
def test_the_command_fills_once_with_one_of_everything_and_prints_the_log_ins_each_time(app: Flask) -> None:
    first = run(app, "demo")
    made, *log_ins = first.output.splitlines()
    assert (first.exit_code, db.session.scalar(select(func.count()).select_from(Event))) == (0, 51)
    people = db.session.scalar(select(func.count()).select_from(Registration))
    assert made == f"51 arrangementer og {people} påmeldinger er lagt til."
    assert [line.split()[:2] for line in log_ins] == [[one.email, one.password] for one in demo.DEMO_LOG_INS]
    assert "sor@example.org  demo-sor-2027  organizer  sor" in log_ins
    _check_events()
    _check_people()
    _check_homes()
    _check_applications()
    _check_letters()
    _check_history()
    _check_leaders()
    before = db.session.scalar(select(func.max(AuditEntry.id)))
    second = run(app, "demo")
    said = "Databasen har arrangementer fra før, så ingenting er lagt til."
    assert second.output.splitlines() == [said, *log_ins]
    assert db.session.scalar(select(func.max(AuditEntry.id))) == before


def _check_events() -> None:
    cards, total = events.upcoming(NOW)
    assert total == len(cards) == 14
    hybrid = [[(mode, one.taken, one.waiting) for mode, one in card.seats.rooms] for card in cards if card.hybrid]
    assert hybrid == [[(Mode.PHYSICAL, 12, 2), (Mode.DIGITAL, 9, 0)]]
    assert {card.office.slug for card in cards} == {"nord", "midt", "vest", "ost", "sor", "oslo"}
    assert {card.state for card in cards} == {
        SignUpState.OPEN,
        SignUpState.FEW,
        SignUpState.LINE,
        SignUpState.NOT_YET,
        SignUpState.DEADLINE_PASSED,
        SignUpState.CANCELLED,
    }
    seats = {(card.seats.taken, card.seats.waiting) for card in cards if card.seats.capacity == 30}
    assert seats >= {(30, 6), (31, 0), (27, 0), (0, 0)}
    courses = [card for card in cards if card.kind is EventKind.VEILEDERKURS]
    gaps = {(card.sessions[1].starts_at - card.sessions[0].starts_at).days for card in courses}
    assert 1 in gaps
    assert max(gaps) >= 27
    assert all(sum(one.minutes or 0 for one in card.sessions) == 1080 for card in courses)
    whole = [page for card in cards if (page := events.page(card.slug, NOW))]
    assert [[office.slug for office in page.partners] for page in whole if page.partners] == [["ost"]]
    assert [page.cancelled_reason != "" for page in whole if page.status is EventStatus.CANCELLED] == [True]
    assert [page.sessions[0].digital for page in whole if page.kind is EventKind.WEBINAR] == [True]
    assert {page.seats.capacity is None for page in whole if page.kind is EventKind.ALIS_KVELD} == {True, False}
    assert db.session.scalar(select(func.count()).where(Event.status == EventStatus.DRAFT)) == 1


def _check_people() -> None:
    people = db.session.scalars(select(Registration)).all()
    assert all(one.email.endswith("@example.org") for one in people)
    assert {one.status for one in people} == {
        Status.REGISTERED,
        Status.WAITLISTED,
        Status.APPLIED,
        Status.CANCELLED,
    }
    assert all(one.created_at < NOW for one in people)
    held = db.session.scalars(
        select(func.count())
        .select_from(Registration)
        .join(Registration.event)
        .where(Event.status == EventStatus.HELD, Registration.status == Status.REGISTERED)
    ).one()
    assert held == 26
    for table in (DietaryNeed, RegistrationRole):
        assert (db.session.scalar(select(func.count()).select_from(table)) or 0) > 3
    assert any(one.note for one in people)
    short = [one for one in people if one.event.kind in {EventKind.ALIS_KVELD, EventKind.ALIS_DAG}]
    assert {(one.mobile, one.municipality, one.dietary) for one in short} == {("", "", None)}


def _check_homes() -> None:
    """Everybody comes from the region of the office that arranges, but for those who apply for seats in Harstad."""
    applied = Registration.event.has(Event.capacity == 8)
    people = db.session.scalars(select(Registration).where(Registration.municipality != "", ~applied)).all()
    offices = dict(db.session.execute(select(Office.id, Office.slug)).all())
    found = [(municipality(one.municipality), offices[one.event.office_id]) for one in people]
    assert [(home and region_of(home)) == office for home, office in found] == [True] * len(people)
    assert len({home for home, _ in found}) > 20


def _check_applications() -> None:
    """One course has more applications than seats, from many regions, past its deadline; a hand has moved one."""
    organizer = demo.DEMO_LOG_INS[0]
    user_id = db.session.scalars(select(User.id).where(User.email == organizer.email)).one()
    office_id = db.session.scalars(select(Office.id).where(Office.slug == organizer.office)).one()
    actor = Actor(user_id=user_id, name=organizer.name, roles=((office_id, organizer.role),), national=None)
    (waiting,) = applications.undecided(actor, NOW)
    shown = applications.ranked(actor, waiting.slug, NOW)
    assert (waiting.count, shown.seats, shown.line, shown.refused, shown.overdue) == (14, 8, 6, 0, True)
    met = {
        (one.criterion, one.met) for row in shown.rows for one in row.criteria if one.criterion is not Criterion.TIME
    }
    assert met == {(one, fits) for one in CHOSEN for fits in (True, False)}
    assert [(row.place, len(row.adjustments)) for row in shown.rows if row.adjustments] == [(3, 1)]


def _check_letters() -> None:
    letters = db.session.scalars(select(OutboxEmail)).all()
    states = Counter(letter.state for letter in letters)
    assert states[MailState.FAILED] == 1
    assert 3 <= states[MailState.QUEUED] <= 9
    assert states[MailState.SENT] > 300
    assert all(
        (letter.sent_at is not None) == (letter.state is MailState.SENT) for letter in letters if letter.ics is None
    )
    failed = next(letter for letter in letters if letter.state is MailState.FAILED)
    assert (failed.error[:3], failed.occasion) == ("550", "confirmation")
    assert all(letter.to_email.endswith("@example.org") for letter in letters)


def _check_history() -> None:
    entries = Counter(db.session.scalars(select(AuditEntry.verb)))
    assert entries["imported"] == 35
    assert entries["created"] == 16
    assert entries["user_created"] == 4
    signed_up = db.session.scalars(select(AuditEntry.registration_id).where(AuditEntry.registration_id.is_not(None)))
    assert set(signed_up) == set(db.session.scalars(select(Registration.id)))


def _check_leaders() -> None:
    by_office = db.session.execute(
        select(Office.slug, func.count()).join(CourseLeader, CourseLeader.office_id == Office.id).group_by(Office.slug)
    )
    assert dict(by_office.all()) == {"nord": 4, "sor": 2, "oslo": 10}
    assert db.session.scalar(select(func.count()).select_from(LeaderPair)) == 8
    assert db.session.scalar(select(func.count()).select_from(EventLeader)) == 10


def test_the_log_ins_work_and_belong_where_they_say(app: Flask) -> None:
    demo._make_users()
    rows = db.session.execute(
        select(User.email, Membership.role, Office.slug)
        .join(Membership, Membership.user_id == User.id)
        .outerjoin(Office, Office.id == Membership.office_id)
    )
    assert {(email, role, slug) for email, role, slug in rows} == {
        ("nord@example.org", UserRole.ORGANIZER, "nord"),
        ("sor@example.org", UserRole.ORGANIZER, "sor"),
        ("leser@example.org", UserRole.READER, None),
        ("admin@example.org", UserRole.ADMINISTRATOR, None),
    }
    for one in demo.DEMO_LOG_INS:
        entered = log_in.with_password(one.email, one.password, caller=Caller(remote="192.0.2.1"), exempt=True)
        assert entered.step is Step.INSIDE
    assert demo.log_ins() == list(demo.DEMO_LOG_INS)
    demo._make_users()
    assert db.session.scalar(select(func.count()).select_from(User)) == 4


PAIRS = {"nord": [1, 2], "sor": [3], "oslo": [4, 5, 6, 7, 8]}


@pytest.mark.parametrize("days", range(0, 730, 7))
def test_on_any_day_the_plans_can_be_made_and_nobody_meets_on_a_weekend(days: int) -> None:
    for more in range(7):
        now = NOW + timedelta(days=days + more, hours=13)
        for plan in demo_events(now, PAIRS):
            planning.check(plan.wish, now)
            assert all(local(one.starts_at).weekday() < 5 for one in plan.wish.sessions)
            assert plan.wish.capacity is None or plan.registered <= plan.wish.capacity


def run(app: Flask, name: str, *arguments: str) -> Result:
    command = next(one for one in COMMANDS if one.name == name)
    settings = replace(app.extensions["courseapp.settings"], demo=True)
    app.extensions["courseapp.settings"] = settings
    return app.test_cli_runner().invoke(command, list(arguments))


def test_the_import_command_counts_or_names_every_bad_line(app: Flask, tmp_path: Path) -> None:
    done = run(app, "import-activities", str(REPORTS))
    assert (done.exit_code, done.output) == (0, "35 lagt til, 0 fantes fra før\n")
    again = run(app, "import-activities", str(REPORTS))
    assert (again.exit_code, again.output) == (0, "0 lagt til, 35 fantes fra før\n")
    bad = tmp_path / "bad.csv"
    bad.write_text(REPORTS.read_text(encoding="utf-8").replace("Oslo,2024,4.3", "Oslo,24,4.3"), encoding="utf-8")
    refused = run(app, "import-activities", str(bad))
    assert refused.exit_code == 1
    lines = [line for line in refused.output.splitlines() if line.startswith("linje ")]
    assert lines == [f"linje {number}: Året «24» er ikke et årstall." for number in range(18, 25)]
    assert run(app, "import-activities", str(tmp_path / "none.csv")).exit_code == 2
