"""What course leaders are told: letters and calendar entries of their own, and nothing about participants."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from courseapp.db import db, transaction
from courseapp.domain.changes import NothingToTell
from courseapp.domain.event import EventStatus
from courseapp.models.calendar import LeaderEntry
from courseapp.models.event import Event
from courseapp.models.journal import MailState, OutboxEmail
from courseapp.services import changes, leaders, publishing, registrations
from tests.calendar_files import oracles
from tests.conftest import NOW, Clock
from tests.leading import ANE, BO, in_register, organizer
from tests.letters import all_letters, occasions
from tests.making import COURSE_DAYS, make_event, wish
from tests.services.test_changes import as_is

DAY = timedelta(days=1)


def entries(email: str = ANE.email) -> list[tuple[str | None, str | None, int | None]]:
    """(method, uid, SEQUENCE) of each calendar letter to an address."""
    return [(one.method, one.uid, one.sequence) for one in all_letters() if one.to_email == email and one.ics]


def sent() -> None:
    """Everything has left the house."""
    with transaction() as tx:
        for one in tx.scalars(select(OutboxEmail).where(OutboxEmail.state == MailState.QUEUED)):
            one.state = MailState.SENT


def test_a_new_leader_gets_a_letter_and_an_invitation_per_session(app: Flask) -> None:
    kari, event = organizer(), make_event(contact_name="Kari Nordmann")
    ane, bo = in_register(ANE, BO)
    leaders.assign(event.slug, pair_id=None, leader_ids=(ane, bo), actor=kari)
    assert occasions(ANE.email) == ["leader_assigned", "leader_invitation", "leader_invitation"]
    first, second = (one.id for one in event.sessions)
    domain = "kurs.example.org"
    assert entries() == [("REQUEST", f"l{ane}-s{first}@{domain}", 0), ("REQUEST", f"l{ane}-s{second}@{domain}", 0)]
    letter = all_letters()[0]
    assert letter.subject == "Du er kursholder: Veilederkurs 22. mars og 22. april 2027, Møterom Ås"
    for text in (letter.text, letter.html):
        assert "Du er satt opp som kursholder" in text
        assert "Hei, Ane." in text
        assert "Du holder det sammen med Bo Dahl." in text
        assert "mandag 22. mars 2027" in text
        assert "Sjøgata 1; 8006 Bodø" in text
        assert "Kari Nordmann" in text
    assert letter.registration_id is None


def test_her_calendar_file_is_hers_alone(app: Flask) -> None:
    kari, event = organizer(), make_event()
    registrations.sign_up(wish(event))
    (ane,) = in_register(ANE)
    leaders.assign(event.slug, pair_id=None, leader_ids=(ane,), actor=kari)
    mine = [one for one in all_letters() if one.to_email == ANE.email]
    files = [one.ics.encode() for one in mine if one.ics]
    parsed = [oracles.by_vobject(one).vevent for one in files]
    assert [one.attendee.value for one in parsed] == [f"mailto:{ANE.email}"] * 2
    assert [len(one.attendee_list) for one in parsed] == [1, 1]
    assert [one.organizer.value for one in parsed] == ["mailto:kurs@alis.example.org"] * 2
    assert [oracles.starts_by_vobject(one)[0] for one in files] == list(COURSE_DAYS)
    assert all("Du er kursholder." in one.description.value for one in parsed)
    everything = "".join(f"{one.text}{one.html}{one.ics}" for one in mine)
    assert [told for told in ("Kåre", "Ødegård", "kare1", "/min/") if told in everything] == []


def test_a_draft_is_silent_until_it_is_published(app: Flask) -> None:
    kari, event = organizer(), make_event(status=EventStatus.DRAFT)
    (ane,) = in_register(ANE)
    leaders.assign(event.slug, pair_id=None, leader_ids=(ane,), actor=kari)
    assert all_letters() == []
    publishing.set_status(event.slug, "publish", actor=kari)
    assert occasions(ANE.email) == ["leader_assigned", "leader_invitation", "leader_invitation"]
    publishing.set_status(event.slug, "close", actor=kari)
    publishing.set_status(event.slug, "reopen", actor=kari)
    assert len(all_letters()) == 3


def test_what_is_over_is_silent(app: Flask, time: Clock) -> None:
    kari, event = organizer(), make_event()
    (ane,) = in_register(ANE)
    time.pass_by(days=365)
    leaders.assign(event.slug, pair_id=None, leader_ids=(ane,), actor=kari)
    leaders.assign(event.slug, pair_id=None, leader_ids=(), actor=kari)
    assert all_letters() == []


def test_who_is_taken_off_is_told_and_put_back_with_a_new_name(app: Flask, time: Clock) -> None:
    kari, event = organizer(), make_event(starts=COURSE_DAYS[:1])
    (ane,) = in_register(ANE)
    leaders.assign(event.slug, pair_id=None, leader_ids=(ane,), actor=kari)
    sent()
    time.pass_by(days=1)
    leaders.assign(event.slug, pair_id=None, leader_ids=(), actor=kari)
    time.pass_by(days=1)
    leaders.assign(event.slug, pair_id=None, leader_ids=(ane,), actor=kari)
    uid = f"l{ane}-s{event.sessions[0].id}@kurs.example.org"
    assert entries() == [("REQUEST", uid, 0), ("CANCEL", uid, 1), ("REQUEST", uid.replace("@", "-2@"), 0)]
    assert occasions(ANE.email) == [
        *("leader_assigned", "leader_invitation"),
        *("leader_removed", "leader_invitation_cancelled"),
        *("leader_assigned", "leader_invitation"),
    ]
    cancelled = next(one for one in all_letters() if one.occasion == "leader_invitation_cancelled")
    event_line = oracles.by_vobject((cancelled.ics or "").encode()).vevent
    assert (event_line.status.value, event_line.sequence.value) == ("CANCELLED", "1")
    assert cancelled.subject.startswith("Ut av kalenderen: ")


def test_who_has_not_heard_of_it_yet_gets_no_cancellation(app: Flask) -> None:
    kari, event = organizer(), make_event()
    (ane,) = in_register(ANE)
    leaders.assign(event.slug, pair_id=None, leader_ids=(ane,), actor=kari)
    leaders.assign(event.slug, pair_id=None, leader_ids=(), actor=kari)
    assert occasions(ANE.email) == ["leader_assigned", "leader_removed"]


def test_leaders_are_told_of_changes_in_the_step_that_tells(app: Flask, time: Clock) -> None:
    kari, event = organizer(), make_event()
    (ane,) = in_register(ANE)
    leaders.assign(event.slug, pair_id=None, leader_ids=(ane,), actor=kari)
    sent()
    time.pass_by(days=1)
    plan = as_is(event)
    moved = replace(plan.sessions[1], starts_at=COURSE_DAYS[1] + DAY, ends_at=COURSE_DAYS[1] + DAY * 1.25)
    assert changes.change(event.slug, replace(plan, sessions=(plan.sessions[0], moved)), actor=kari)
    assert len(entries()) == 2
    time.pass_by(days=1)
    assert changes.tell(event.slug, "Lokalet ble opptatt.", actor=kari) == 0
    uid = f"l{ane}-s{event.sessions[1].id}@kurs.example.org"
    assert entries()[2:] == [("REQUEST", uid, 1)]
    letter = next(one for one in all_letters() if one.occasion == "leader_changed")
    for text in (letter.text, letter.html):
        assert "der du er kursholder" in text
        assert "fredag 23. april 2027" in text
        assert "Lokalet ble opptatt." in text
    stamps = db.session.scalars(select(LeaderEntry.stamp).where(LeaderEntry.uid == uid)).all()
    assert stamps == [NOW + 2 * DAY]
    with pytest.raises(NothingToTell):
        changes.tell(event.slug, "", actor=kari)


def test_another_leader_is_told_to_those_who_know_the_old_ones(app: Flask, time: Clock) -> None:
    kari, event = organizer(), make_event()
    registrations.sign_up(wish(event))
    ane, bo = in_register(ANE, BO)
    leaders.assign(event.slug, pair_id=None, leader_ids=(ane,), actor=kari)
    time.pass_by(days=1)
    assert leaders.assign(event.slug, pair_id=None, leader_ids=(ane, bo), actor=kari)
    assert occasions(BO.email) == ["leader_assigned", "leader_invitation", "leader_invitation"]
    before = len(entries())
    assert changes.tell(event.slug, "", actor=kari) == 1
    assert [one.to_email for one in all_letters()[-2:]] == ["kare1@lege.example.org", ANE.email]
    told = all_letters()[-2:]
    assert [("Ane Berg, Bo Dahl" in one.text, "Ane Berg, Bo Dahl" in one.html) for one in told] == [(True, True)] * 2
    assert (len(entries()), len(occasions(BO.email))) == (before, 3)
    assert not leaders.assign(event.slug, pair_id=None, leader_ids=(ane, bo), actor=kari)


def test_a_removed_session_leaves_the_leaders_calendar(app: Flask, time: Clock) -> None:
    kari, event = organizer(), make_event()
    (ane,) = in_register(ANE)
    leaders.assign(event.slug, pair_id=None, leader_ids=(ane,), actor=kari)
    sent()
    time.pass_by(days=1)
    plan = as_is(event)
    changes.change(event.slug, replace(plan, sessions=plan.sessions[:1]), actor=kari)
    changes.tell(event.slug, "", actor=kari)
    gone = f"l{ane}-s{event.sessions[1].id}@kurs.example.org"
    assert [one for one in entries()[2:] if one[1] == gone] == [("CANCEL", gone, 1)]


def test_an_event_that_is_called_off_leaves_every_leaders_calendar(app: Flask, time: Clock) -> None:
    kari, event = organizer(), make_event()
    ane, bo = in_register(ANE, BO)
    leaders.assign(event.slug, pair_id=None, leader_ids=(ane, bo), actor=kari)
    sent()
    time.pass_by(days=1)
    changes.call_off(event.slug, "For få påmeldte", actor=kari)
    for email in (ANE.email, BO.email):
        assert occasions(email)[3:] == ["leader_event_cancelled", *["leader_invitation_cancelled"] * 2]
        assert [(method, sequence) for method, _uid, sequence in entries(email)[2:]] == [("CANCEL", 1)] * 2
    letter = next(one for one in all_letters() if one.occasion == "leader_event_cancelled")
    assert ["For få påmeldte" in one for one in (letter.text, letter.html)] == [True, True]


def test_a_new_address_takes_over_the_calendar(app: Flask, time: Clock) -> None:
    kari, event = organizer(), make_event(starts=COURSE_DAYS[:1])
    over = make_event(starts=(NOW - 30 * DAY,), status=EventStatus.HELD)
    (ane,) = in_register(ANE)
    for one in (event, over):
        leaders.assign(one.slug, pair_id=None, leader_ids=(ane,), actor=kari)
    sent()
    time.pass_by(days=1)
    leaders.edit(ane, replace(ANE, email="ane@ny.example.org"), actor=kari)
    uid = f"l{ane}-s{event.sessions[0].id}@kurs.example.org"
    assert entries() == [("REQUEST", uid, 0), ("CANCEL", uid, 1)]
    assert entries("ane@ny.example.org") == [("REQUEST", uid, 2)]
    assert occasions("ane@ny.example.org") == ["leader_assigned", "leader_invitation"]
    leaders.edit(ane, replace(ANE, email="ane@ny.example.org", name="Ane B."), actor=kari)
    assert len(entries("ane@ny.example.org")) == 1


def test_a_session_that_has_been_is_left_alone(app: Flask, time: Clock) -> None:
    kari, event = organizer(), make_event()
    (ane,) = in_register(ANE)
    time.pass_by(days=71)
    leaders.assign(event.slug, pair_id=None, leader_ids=(ane,), actor=kari)
    assert entries() == [("REQUEST", f"l{ane}-s{event.sessions[1].id}@kurs.example.org", 0)]
    sent()
    time.pass_by(days=1)
    leaders.assign(event.slug, pair_id=None, leader_ids=(), actor=kari)
    assert [one[0] for one in entries()] == ["REQUEST", "CANCEL"]


def test_leaders_take_no_seat(app: Flask) -> None:
    kari, event = organizer(), make_event(capacity=1)
    leaders.assign(event.slug, pair_id=None, leader_ids=tuple(in_register(ANE, BO)), actor=kari)
    registrations.sign_up(wish(event))
    assert occasions("kare1@lege.example.org")[0] == "confirmation"
    assert db.session.get_one(Event, event.id).capacity == 1
