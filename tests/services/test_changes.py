"""An event is changed, its people are told once each, and their calendars follow; or it is called off."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from courseapp.db import db, transaction
from courseapp.domain.access import Actor, UserRole
from courseapp.domain.changes import EndsBeforeStart, NoSessionLeft, NothingToTell
from courseapp.domain.errors import NotFound
from courseapp.domain.event import EventStatus
from courseapp.domain.plan_errors import NoTitle, WrongLink, WrongMinutes
from courseapp.models.event import Event
from courseapp.models.journal import AuditEntry, MailState, OutboxEmail
from courseapp.models.office import Office
from courseapp.models.registration import CalendarEntry
from courseapp.services import changes, registrations
from courseapp.services.changes import ChangedMeanwhile, EventOver, EventWish, NotPublished, ReasonMissing, SessionWish
from tests.conftest import Clock
from tests.keys import key_of
from tests.letters import all_letters, occasions
from tests.making import TITLE, make_event, wish
from tests.people import user
from tests.together import at_once

ADDRESS = "kare{}@lege.example.org"


def organizer(office: str = "nord", role: UserRole = UserRole.ORGANIZER) -> Actor:
    """Somebody at that office."""
    user_id = user(f"{role}@{office}.example.org", office=office, role=role)
    office_id = db.session.scalars(select(Office.id).where(Office.slug == office)).one()
    return Actor(user_id=user_id, name="Kari Nordmann", roles=((office_id, role),), national=None)


def fresh(event: Event) -> Event:
    """The event as it now is."""
    db.session.rollback()
    return db.session.get_one(Event, event.id, populate_existing=True)


def as_is(event: Event, **more: Any) -> EventWish:
    """A wish that changes nothing but what is given."""
    event = fresh(event)
    sessions = tuple(
        SessionWish(
            id=one.id,
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            place=one.place,
            address=one.address,
            video_url=one.video_url,
            minutes=one.minutes,
        )
        for one in event.sessions
        if not one.cancelled
    )
    facts: dict[str, Any] = {
        "title": event.title,
        "description": event.description,
        "target_group": event.target_group,
        "contact_name": event.contact_name,
        "contact_email": event.contact_email,
        "contact_phone": event.contact_phone,
        "sessions": sessions,
        **more,
    }
    return EventWish(**facts)


def moved(wanted: EventWish, at: int = 1, **by: float) -> EventWish:
    """The same with one session moved in time."""
    one = wanted.sessions[at]
    later = replace(one, starts_at=one.starts_at + timedelta(**by), ends_at=one.ends_at + timedelta(**by))
    return replace(wanted, sessions=(*wanted.sessions[:at], later, *wanted.sessions[at + 1 :]))


def calendar(number: int = 1, *, after: int = 0) -> list[tuple[str | None, str | None, int | None]]:
    """What was put for that person's calendar: method, UID, SEQUENCE; from the letter of that number on."""
    found = [one for one in every_letter() if one.to_email == ADDRESS.format(number) and one.method]
    return [(one.method, one.uid, one.sequence) for one in found if one.id > after]


def every_letter() -> list[OutboxEmail]:
    """Oldest first, superseded ones too."""
    db.session.rollback()
    return list(db.session.scalars(select(OutboxEmail).order_by(OutboxEmail.id)))


def last_letter() -> int:
    """Its number, when all letters so far have been sent: what never left need not be taken back."""
    with transaction() as tx:
        tx.execute(update(OutboxEmail).where(OutboxEmail.state == MailState.QUEUED).values(state=MailState.SENT))
    return every_letter()[-1].id


def uids(number: int = 1) -> list[str]:
    """The UIDs of that person's first invitations, by session."""
    return [uid for method, uid, sequence in calendar(number) if uid and (method, sequence) == ("REQUEST", 0)]


def test_telling_sends_one_letter_and_moves_only_what_moved(app: Flask, time: Clock) -> None:
    event, kari = make_event(), organizer()
    registrations.sign_up(wish(event))
    before = last_letter()
    time.pass_by(hours=1)
    assert changes.change(event.slug, moved(as_is(event), days=1), actor=kari) is True
    assert every_letter()[-1].id == before
    assert changes.tell(event.slug, "Lokalet var opptatt.", actor=kari) == 1
    assert [one.occasion for one in every_letter() if one.id > before] == ["changed", "invitation"]
    assert calendar(after=before) == [("REQUEST", uids()[1], 1)]
    letter = next(one for one in all_letters() if one.occasion == "changed")
    text = letter.text.replace("\N{NO-BREAK SPACE}", " ")
    assert "- Ny tid: fredag 23. april 2027 kl. 09.00–16.00 (før: torsdag 22. april 2027 kl. 09.00–16.00)" in text
    assert "Lokalet var opptatt." in text


def test_a_new_room_and_a_new_title_are_told_too(app: Flask) -> None:
    event, kari = make_event(), organizer()
    registrations.sign_up(wish(event))
    before, wanted = last_letter(), as_is(event, title="Veilederkurs")
    first = replace(wanted.sessions[0], place="Auditoriet")
    changes.change(event.slug, replace(wanted, sessions=(first, *wanted.sessions[1:])), actor=kari)
    changes.tell(event.slug, "", actor=kari)
    told = next(one for one in all_letters() if one.occasion == "changed").text
    assert "Nytt sted 22. mars 2027: Auditoriet, Sjøgata 1; 8006 Bodø (før: Møterom Ås, Sjøgata 1; 8006 Bodø)" in told
    assert f"Ny tittel: Veilederkurs (før: {TITLE})" in told
    assert calendar(after=before) == [("REQUEST", uids()[0], 1), ("REQUEST", uids()[1], 1)]


def test_a_new_room_is_told_where_there_is_a_video_link_too(app: Flask) -> None:
    event, kari = make_event(), organizer()
    both = [replace(one, video_url="https://video.example.org/1") for one in as_is(event).sessions]
    changes.change(event.slug, as_is(event, sessions=tuple(both)), actor=kari)
    registrations.sign_up(wish(event))
    before, wanted = last_letter(), as_is(event)
    first = replace(wanted.sessions[0], place="Auditoriet")
    assert changes.change(event.slug, replace(wanted, sessions=(first, *wanted.sessions[1:])), actor=kari) is True
    changes.tell(event.slug, "", actor=kari)
    assert calendar(after=before) == [("REQUEST", uids()[0], 1)]


def test_an_added_session_gets_an_entry_of_its_own(app: Flask) -> None:
    event, kari = make_event(), organizer()
    registrations.sign_up(wish(event))
    before, wanted = last_letter(), as_is(event)
    known = uids()
    third = replace(moved(wanted, days=30).sessions[1], id=None)
    changes.change(event.slug, replace(wanted, sessions=(*wanted.sessions, third)), actor=kari)
    changes.tell(event.slug, "", actor=kari)
    added = [uid for method, uid, sequence in calendar(after=before) if (method, sequence) == ("REQUEST", 0)]
    assert (len(added), set(added) & set(known)) == (1, set())
    assert fresh(event).ends_at == third.ends_at


def test_a_removed_session_is_cancelled_and_put_back_with_a_new_uid(app: Flask, time: Clock) -> None:
    event, kari = make_event(), organizer()
    registrations.sign_up(wish(event))
    both, before = as_is(event), last_letter()
    second = uids()[1]
    changes.change(event.slug, replace(both, sessions=both.sessions[:1]), actor=kari)
    changes.tell(event.slug, "", actor=kari)
    assert ("CANCEL", second, 1) in calendar(after=before)
    assert fresh(event).ends_at == both.sessions[0].ends_at
    before = last_letter()
    time.pass_by(minutes=5)
    changes.change(event.slug, both, actor=kari)
    changes.tell(event.slug, "", actor=kari)
    assert ("REQUEST", second.replace("@", "-2@"), 0) in calendar(after=before)
    assert second not in [uid for _method, uid, _sequence in calendar(after=before)]


def test_who_signs_up_after_the_change_is_not_told(app: Flask, time: Clock) -> None:
    event, kari = make_event(), organizer()
    registrations.sign_up(wish(event, 1))
    time.pass_by(hours=1)
    changes.change(event.slug, moved(as_is(event), days=1), actor=kari)
    time.pass_by(hours=1)
    registrations.sign_up(wish(event, 2))
    before = last_letter()
    assert changes.tell(event.slug, "", actor=kari) == 1
    assert [one.to_email for one in every_letter() if one.id > before] == [ADDRESS.format(1)] * 2


def test_who_signed_up_between_two_changes_is_told_of_the_second_only(app: Flask, time: Clock) -> None:
    event, kari = make_event(), organizer()
    registrations.sign_up(wish(event, 1))
    time.pass_by(hours=1)
    changes.change(event.slug, moved(as_is(event), 0, days=1), actor=kari)
    time.pass_by(hours=1)
    registrations.sign_up(wish(event, 2))
    time.pass_by(hours=1)
    changes.change(event.slug, as_is(event, title="Nytt navn"), actor=kari)
    assert changes.tell(event.slug, "", actor=kari) == 2
    told = {one.to_email: one.text for one in all_letters() if one.occasion == "changed"}
    assert ["Ny tid" in told[ADDRESS.format(number)] for number in (1, 2)] == [True, False]
    assert ["Ny tittel" in told[ADDRESS.format(number)] for number in (1, 2)] == [True, True]


def test_those_who_wait_get_the_letter_but_nothing_for_the_calendar(app: Flask) -> None:
    event, kari = make_event(capacity=1), organizer()
    registrations.sign_up(wish(event, 1))
    registrations.sign_up(wish(event, 2))
    changes.change(event.slug, moved(as_is(event), days=1), actor=kari)
    assert changes.tell(event.slug, "", actor=kari) == 2
    assert (occasions(ADDRESS.format(2)), calendar(2)) == (["waiting", "changed"], [])


def test_a_change_is_visible_as_not_told_until_it_is(app: Flask) -> None:
    event, kari = make_event(), organizer()
    registrations.sign_up(wish(event))
    changes.change(event.slug, moved(as_is(event), days=1), actor=kari)
    assert fresh(event).told is not None
    changes.tell(event.slug, "", actor=kari)
    assert fresh(event).told is None
    with pytest.raises(NothingToTell):
        changes.tell(event.slug, "", actor=kari)


def test_a_change_that_is_taken_back_leaves_nothing_to_tell(app: Flask, time: Clock) -> None:
    event, kari = make_event(), organizer()
    registrations.sign_up(wish(event))
    original = as_is(event)
    assert changes.change(event.slug, moved(original, days=1), actor=kari) is True
    time.pass_by(hours=1)
    assert changes.change(event.slug, original, actor=kari) is False
    assert fresh(event).told is None
    with pytest.raises(NothingToTell):
        changes.tell(event.slug, "", actor=kari)


@pytest.mark.parametrize("words", [{"description": "Ta med matpakke"}, {"contact_phone": "+4775500000"}, {}])
def test_small_words_are_nothing_to_tell(app: Flask, words: dict[str, str]) -> None:
    event, kari = make_event(), organizer()
    registrations.sign_up(wish(event))
    assert changes.change(event.slug, as_is(event, **words), actor=kari) is False
    assert {name: getattr(fresh(event), name) for name in words} == words
    assert [one.revision for one in fresh(event).sessions] == [0, 0]


def test_where_nobody_is_signed_up_nobody_need_be_told(app: Flask) -> None:
    event, kari = make_event(), organizer()
    assert changes.change(event.slug, moved(as_is(event), days=1), actor=kari) is False
    assert fresh(event).told is None


def test_who_has_cancelled_is_not_told(app: Flask) -> None:
    event, kari = make_event(), organizer()
    registrations.sign_up(wish(event, 1))
    registrations.sign_up(wish(event, 2))
    last_letter()
    changes.change(event.slug, moved(as_is(event), days=1), actor=kari)
    registrations.cancel(key_of(ADDRESS.format(1)))
    assert changes.tell(event.slug, "", actor=kari) == 1
    assert occasions(ADDRESS.format(1))[-1] == "invitation_cancelled"


def test_calling_off_tells_everybody_and_empties_the_calendars(app: Flask) -> None:
    event, kari = make_event(capacity=1), organizer()
    registrations.sign_up(wish(event, 1))
    registrations.sign_up(wish(event, 2))
    first, before = uids(), last_letter()
    assert changes.call_off(event.slug, "  Kursholderen er syk.  ", actor=kari) == 2
    assert calendar(after=before) == [("CANCEL", uid, 1) for uid in first]
    off = [one for one in all_letters() if one.occasion == "event_cancelled"]
    assert [one.to_email for one in off] == [ADDRESS.format(1), ADDRESS.format(2)]
    assert ["Kursholderen er syk." in one.text for one in off] == [True, True]
    assert (fresh(event).status, fresh(event).cancelled_reason) == (EventStatus.CANCELLED, "Kursholderen er syk.")
    with pytest.raises(EventOver):
        changes.call_off(event.slug, "Igjen", actor=kari)
    with pytest.raises(EventOver):
        changes.change(event.slug, as_is(event), actor=kari)


def test_a_cancellation_without_a_good_reason_is_refused(app: Flask) -> None:
    event, kari = make_event(), organizer()
    for reason in ("", "  ", "x" * 301):
        with pytest.raises(ReasonMissing):
            changes.call_off(event.slug, reason, actor=kari)
    assert fresh(event).status is EventStatus.PUBLISHED


def test_a_draft_is_not_called_off_nor_what_is_over(app: Flask, time: Clock) -> None:
    kari, draft, over = organizer(), make_event(status=EventStatus.DRAFT), make_event()
    with pytest.raises(NotPublished):
        changes.call_off(draft.slug, "Få påmeldte", actor=kari)
    time.pass_by(days=365)
    with pytest.raises(EventOver):
        changes.call_off(over.slug, "Få påmeldte", actor=kari)


def test_other_offices_and_readers_find_nothing(app: Flask) -> None:
    event = make_event()
    for stranger in (organizer("vest"), organizer("nord", UserRole.READER)):
        with pytest.raises(NotFound):
            changes.change(event.slug, as_is(event), actor=stranger)
        with pytest.raises(NotFound):
            changes.tell(event.slug, "", actor=stranger)
        with pytest.raises(NotFound):
            changes.call_off(event.slug, "Syk", actor=stranger)


def test_what_cannot_be_is_refused_and_nothing_is_changed(app: Flask) -> None:
    event, kari = make_event(), organizer()
    good = as_is(event)
    one = good.sessions[0]
    wrong: list[tuple[type[Exception], EventWish]] = [
        (EndsBeforeStart, replace(good, sessions=(replace(one, ends_at=one.starts_at),))),
        (NoSessionLeft, replace(good, sessions=())),
        (NoTitle, replace(good, title=" ")),
        (WrongMinutes, replace(good, sessions=(replace(one, minutes=0),))),
        (WrongLink, replace(good, sessions=(replace(one, video_url="javascript:alert(1)"),))),
        (NotFound, replace(good, sessions=(replace(one, id=999),))),
    ]
    for refusal, wanted in wrong:
        with pytest.raises(refusal):
            changes.change(event.slug, wanted, actor=kari)
    assert as_is(event) == good


def test_every_act_is_written_down_with_who_did_it(app: Flask) -> None:
    event, kari = make_event(), organizer()
    registrations.sign_up(wish(event))
    changes.change(event.slug, moved(as_is(event), days=1), actor=kari)
    changes.tell(event.slug, "", actor=kari)
    changes.call_off(event.slug, "Syk", actor=kari)
    db.session.rollback()
    rows = db.session.execute(
        select(AuditEntry.verb, AuditEntry.user_id, AuditEntry.details)
        .where(AuditEntry.actor == "user")
        .order_by(AuditEntry.id)
    )
    changed, *rest = [tuple(row) for row in rows]
    before, after = changed[2]["fields"].pop("sessions")
    assert (changed, "torsdag 22. april" in before, "fredag 23. april" in after) == (
        ("event_changed", kari.user_id, {"fields": {}}),
        True,
        True,
    )
    assert rest == [
        ("change_told", kari.user_id, {"people": 1}),
        ("event_cancelled", kari.user_id, {"people": 1, "reason": "Syk"}),
    ]


def test_a_seat_given_before_the_change_is_told_gets_what_is_true_once(app: Flask) -> None:
    """Her entries are asked for as they now are; telling repeats none of them."""
    event, kari = make_event(capacity=1), organizer()
    registrations.sign_up(wish(event, 1))
    registrations.sign_up(wish(event, 2))
    changes.change(event.slug, moved(as_is(event), days=1), actor=kari)
    registrations.cancel(key_of(ADDRESS.format(1)))
    before = last_letter()
    changes.tell(event.slug, "", actor=kari)
    assert [one.occasion for one in every_letter() if one.id > before] == ["changed"]
    db.session.rollback()
    standing = db.session.scalars(select(CalendarEntry.starts_at).where(CalendarEntry.method == "REQUEST"))
    assert sorted(standing) == [one.starts_at for one in as_is(event).sessions]


def test_two_who_tell_at_once_tell_once(app: Flask) -> None:
    event, kari = make_event(slug="kurs"), organizer()
    registrations.sign_up(wish(event))
    changes.change(event.slug, moved(as_is(event), days=1), actor=kari)
    answers = at_once(app, [lambda: changes.tell("kurs", "", actor=kari)] * 4)
    assert sorted(map(str, answers)) == ["1", *[str(NothingToTell)] * 3]
    assert occasions(ADDRESS.format(1)).count("changed") == 1


def test_two_who_save_at_once_are_told_of_each_other(app: Flask) -> None:
    event, kari = make_event(slug="kurs"), organizer()
    wishes = [as_is(event, title=title, seen=0) for title in ("Det ene", "Det andre")]
    answers = at_once(app, [partial(changes.change, "kurs", wished, actor=kari) for wished in wishes])
    assert sorted(map(str, answers)) == [str(ChangedMeanwhile), "False"]
