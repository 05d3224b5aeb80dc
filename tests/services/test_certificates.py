"""Kursbevis: who gets one, what it says, numbers without gaps, replacing and revoking."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from courseapp import clock
from courseapp.db import db, transaction
from courseapp.domain.attendance import AttendanceState
from courseapp.domain.certificate import NotEarned, NothingNew, NothingToIssue, NotOver, NotStanding
from courseapp.domain.errors import NotFound
from courseapp.domain.language import Language
from courseapp.domain.registration import Role, Status
from courseapp.models.attendance import Attendance, HoursGrant
from courseapp.models.certificate import Certificate, CertificateSeries
from courseapp.models.event import Event
from courseapp.models.registration import Registration
from courseapp.queries import certificates as register
from courseapp.services import certificates
from courseapp.services.changes import ReasonMissing
from tests.conftest import Clock
from tests.letters import all_letters
from tests.making import make_event
from tests.people import join, organizer, share
from tests.together import at_once

PRESENT, ABSENT, PARTLY = AttendanceState.PRESENT, AttendanceState.ABSENT, AttendanceState.PARTLY
AFTER = timedelta(days=120)


@pytest.fixture
def event(app: Flask, time: Clock) -> Event:
    """A course of two days; it is long over."""
    made = make_event(slug="kurs")
    time.pass_by(days=120)
    return made


def mark(event: Event, registration: int, *states: AttendanceState | None, minutes: int | None = None) -> None:
    """What was written about one person, session by session."""
    with transaction() as tx:
        for session, state in zip(tx.get_one(Event, event.id).sessions, states, strict=True):
            if state is not None:
                tx.add(
                    Attendance(
                        registration_id=registration,
                        session_id=session.id,
                        state=state,
                        minutes=minutes if state is PARTLY else None,
                        marked_at=clock.now(),
                    )
                )


def attended(event: Event, count: int, *, first: int = 1, **more: Any) -> list[int]:
    """So many who were there both days."""
    people = join(event, count, first=first, **more)
    for one in people:
        mark(event, one, PRESENT, PRESENT)
    return people


def rows() -> list[Certificate]:
    db.session.rollback()
    found = db.session.scalars(select(Certificate).order_by(Certificate.id).execution_options(populate_existing=True))
    return list(found)


def change(registration: int, **more: Any) -> None:
    with transaction() as tx:
        for name, value in more.items():
            setattr(tx.get_one(Registration, registration), name, value)


def test_every_pattern_of_presence_gives_exactly_the_kursbevis_it_should(event: Event) -> None:
    patterns: list[tuple[AttendanceState | None, ...]] = [
        (one, other) for one in (PRESENT, PARTLY, ABSENT, None) for other in (PRESENT, PARTLY, ABSENT, None)
    ]
    people = join(event, 31)
    for number, one in enumerate(people):
        mark(event, one, *patterns[number % len(patterns)], minutes=300)
    issued = certificates.issue("kurs", actor=organizer())
    both = [one for number, one in enumerate(people) if patterns[number % len(patterns)] == (PRESENT, PRESENT)]
    assert (issued, [one.registration_id for one in rows()]) == (2, both)


def test_numbers_run_in_order_of_names_and_say_office_and_year(event: Event) -> None:
    attended(event, 3)
    certificates.issue("kurs", actor=organizer())
    assert [(one.number, one.name) for one in rows()] == [
        ("NORD-2027-0001", "Kåre Ødegård 0001"),
        ("NORD-2027-0002", "Kåre Ødegård 0002"),
        ("NORD-2027-0003", "Kåre Ødegård 0003"),
    ]
    assert len({one.code for one in rows()}) == 3


def test_everybody_is_told_once_by_a_letter_with_her_own_link(event: Event) -> None:
    attended(event, 2)
    certificates.issue("kurs", actor=organizer())
    told = [(one.to_email, one.occasion) for one in all_letters()]
    assert told == [(f"kare{number}@lege.example.org", "certificate") for number in (1, 2)]
    assert all("/min/" in one.text for one in all_letters())


def test_what_it_says_is_what_was_given(event: Event) -> None:
    attended(event, 1, primary_role=Role.LIS1, hpr_number="1234567")
    certificates.issue("kurs", actor=organizer())
    found = register.by_number("NORD-2027-0001")
    assert found is not None
    content = found.content
    assert (content.name, content.hpr_number, content.remark) == ("Kåre Ødegård 0001", "1234567", "Deltok som LIS1.")
    assert (content.minutes, content.place, [str(day) for day in content.days]) == (
        1080,
        "Møterom Ås",
        ["2027-03-22", "2027-04-22"],
    )
    assert [one.minutes for one in content.approvals] == [1080, 1080]


def test_it_is_issued_in_the_language_its_holder_is_written_to_in(event: Event) -> None:
    for number, language in enumerate((Language.BOKMAL, Language.ENGLISH), start=1):
        attended(event, 1, first=number, language=language)
    certificates.issue("kurs", actor=organizer())
    assert [one.content["language"] for one in rows()] == ["nb", "en"]


def test_hours_that_were_granted_give_fewer_hours_in_each_approval(event: Event) -> None:
    (one,) = join(event, 1)
    mark(event, one, PRESENT, PARTLY, minutes=300)
    actor = organizer()
    with transaction() as tx:
        tx.add(HoursGrant(registration_id=one, minutes=840, note="Syk", user_id=actor.user_id, at=clock.now()))
    certificates.issue("kurs", actor=actor)
    found = register.mine(one)
    assert found is not None
    assert (found.content.minutes, [each.minutes for each in found.content.approvals]) == (840, [840, 840])


def test_before_the_end_nobody_gets_one(app: Flask) -> None:
    attended(make_event(slug="kurs"), 1)
    with pytest.raises(NotOver):
        certificates.issue("kurs", actor=organizer())


def test_issuing_again_gives_only_to_those_who_lack_one(event: Event) -> None:
    attended(event, 1)
    actor = organizer()
    certificates.issue("kurs", actor=actor)
    with pytest.raises(NothingToIssue):
        certificates.issue("kurs", actor=actor)
    attended(event, 1, first=2)
    certificates.issue("kurs", actor=actor)
    assert [one.number for one in rows()] == ["NORD-2027-0001", "NORD-2027-0002"]


def test_whoever_has_no_seat_gets_none(event: Event) -> None:
    attended(event, 1, status=Status.CANCELLED)
    with pytest.raises(NothingToIssue):
        certificates.issue("kurs", actor=organizer())


def test_a_corrected_name_gives_a_new_number_and_the_old_one_points_to_it(event: Event) -> None:
    (one,) = attended(event, 1)
    actor = organizer()
    certificates.issue("kurs", actor=actor)
    (old,) = rows()
    with pytest.raises(NothingNew):
        certificates.reissue("kurs", old.id, "Feil navn", actor=actor)
    change(one, last_name="Ødegaard")
    assert certificates.reissue("kurs", old.id, "Feil navn", actor=actor) == "NORD-2027-0002"
    before, now = (register.by_number(number) for number in ("NORD-2027-0001", "NORD-2027-0002"))
    assert before is not None
    assert now is not None
    assert (before.replaced_by, before.stands, now.content.name) == ("NORD-2027-0002", False, "Kåre Ødegaard")
    with pytest.raises(NotStanding):
        certificates.reissue("kurs", old.id, "Igjen", actor=actor)


def test_a_revoked_one_is_kept_with_its_reason_and_a_new_one_may_be_issued(event: Event) -> None:
    attended(event, 1)
    actor = organizer()
    certificates.issue("kurs", actor=actor)
    (old,) = rows()
    with pytest.raises(ReasonMissing):
        certificates.revoke("kurs", old.id, " ", actor=actor)
    certificates.revoke("kurs", old.id, "Var ikke der", actor=actor)
    with pytest.raises(NotStanding):
        certificates.revoke("kurs", old.id, "Igjen", actor=actor)
    certificates.issue("kurs", actor=actor)
    assert [(one.number, one.stands, one.revoked_reason) for one in rows()] == [
        ("NORD-2027-0001", False, "Var ikke der"),
        ("NORD-2027-0002", True, ""),
    ]


def test_lost_hours_give_no_new_one(event: Event) -> None:
    (one,) = attended(event, 1)
    actor = organizer()
    certificates.issue("kurs", actor=actor)
    with transaction() as tx:
        for mark_ in tx.scalars(select(Attendance).where(Attendance.registration_id == one)):
            tx.delete(mark_)
    with pytest.raises(NotEarned):
        certificates.reissue("kurs", rows()[0].id, "Feil", actor=actor)


def test_a_partner_may_issue_and_another_office_may_not(event: Event) -> None:
    attended(event, 1)
    share(event, "sor")
    with pytest.raises(NotFound):
        certificates.issue("kurs", actor=organizer("oslo"))
    certificates.issue("kurs", actor=organizer("sor"))
    assert [one.number for one in rows()] == ["NORD-2027-0001"]


def test_one_of_another_event_is_not_there(event: Event) -> None:
    attended(event, 1)
    make_event(slug="annet")
    actor = organizer()
    certificates.issue("kurs", actor=actor)
    with pytest.raises(NotFound):
        certificates.revoke("annet", rows()[0].id, "Feil kurs", actor=actor)


def test_twenty_issue_at_once_and_no_number_is_lost_or_used_twice(app: Flask, event: Event) -> None:
    events = [
        event,
        *(make_event(slug=f"kurs-{number}", starts=(clock.now() - timedelta(days=9),)) for number in range(3)),
    ]
    for one in events:
        with transaction() as tx:
            count = len(tx.get_one(Event, one.id).sessions)
        for person in join(one, 4):
            mark(one, person, *([PRESENT] * count))
    actor = organizer()

    jobs = [partial(certificates.issue, one.slug, actor=actor) for one in events] * 5
    answers = at_once(app, jobs)
    assert sorted(map(str, answers)) == ["4"] * 4 + [str(NothingToIssue)] * 16
    assert sorted(one.serial for one in rows()) == list(range(1, 17))
    assert len(all_letters()) == 16
    db.session.rollback()
    assert db.session.scalars(select(CertificateSeries.last_no)).one() == 16


def test_a_failure_in_the_middle_uses_no_number(event: Event, monkeypatch: pytest.MonkeyPatch) -> None:
    attended(event, 3)
    actor, asked = organizer(), []

    def fails(*_all: Any, **_more: Any) -> None:
        asked.append(1)
        if len(asked) == 2:
            raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr("courseapp.services.correspondence.certificate", fails)
        with pytest.raises(ZeroDivisionError):
            certificates.issue("kurs", actor=actor)
    assert rows() == []
    certificates.issue("kurs", actor=actor)
    assert [one.serial for one in rows()] == [1, 2, 3]
