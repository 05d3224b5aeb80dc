"""Private calendars: who gets which sessions, and whose address works."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from courseapp import clock
from courseapp.calendar import feed as written
from courseapp.db import db, transaction
from courseapp.domain.access import Actor, UserRole
from courseapp.domain.errors import NotFound
from courseapp.domain.event import EventStatus
from courseapp.domain.registration import Status
from courseapp.links import links
from courseapp.models.account import User
from courseapp.models.event import Event, EventLeader, EventSession
from courseapp.models.journal import AuditEntry
from courseapp.models.office import Office
from courseapp.models.person import CourseLeader
from courseapp.models.registration import FeedToken
from courseapp.queries import accounts
from courseapp.queries import feeds as rows
from courseapp.services import feeds, registrations
from tests.conftest import NOW, Clock
from tests.keys import key_of
from tests.letters import all_letters, history
from tests.letters import registrations as all_registrations
from tests.making import make_event, wish
from tests.people import join, share, user

MINE = "kare1@lege.example.org"
SOON = (datetime(2027, 2, 3, 16, tzinfo=UTC),)


def told(token: str) -> list[str]:
    """Titles in a private calendar, in order; a cancelled session with a cross."""
    found = rows.of_token(token, clock.now())
    assert found is not None
    return [f"{'× ' if one.cancelled else ''}{one.summary}" for one in found.entries]


def actor_of(office: str | None = "nord", role: UserRole = UserRole.ORGANIZER) -> Actor:
    found = accounts.actor(user(f"{role}@{office}.example.org", office=office, role=role))
    assert found is not None
    return found


def leader_of(event: Event, office: str = "nord") -> int:
    """A course leader of that office who holds the event."""
    with transaction() as tx:
        at = tx.scalars(select(Office).where(Office.slug == office)).one()
        leader = CourseLeader(office_id=at.id, name="Liv Leder", email="liv@example.org")
        tx.add(leader)
        tx.flush()
        tx.add(EventLeader(event_id=event.id, leader_id=leader.id, position=1))
        return leader.id


def test_a_participant_gets_the_sessions_she_has_a_seat_at(app: Flask) -> None:
    for title, capacity in (("Først", 30), ("Fullt", 1)):
        event = make_event(title=title, capacity=capacity, starts=SOON)
        registrations.sign_up(wish(event, 2 if title == "Fullt" else 1))
        if title == "Fullt":
            registrations.sign_up(wish(event, 1))
    registrations.sign_up(
        wish(make_event(title="Senere"), 1, email=MINE.upper().replace("LEGE.EXAMPLE.ORG", "lege.example.org"))
    )
    registrations.sign_up(wish(make_event(title="Andres"), 3))
    registrations.sign_up(wish(make_event(title="Avmeldt"), 1))
    registrations.cancel(key_of(MINE))
    assert told(feeds.make_for_participant(links().key(1, 1))) == [
        "Først",
        "Senere (dag 1 av 2)",
        "Senere (dag 2 av 2)",
    ]


def test_a_new_address_closes_the_one_before(app: Flask) -> None:
    registrations.sign_up(wish(make_event()))
    first, second = (feeds.make_for_participant(key_of(MINE)) for _ in range(2))
    assert (rows.of_token(first, NOW), len(told(second)), rows.participant_has(MINE)) == (None, 2, True)
    feeds.revoke_for_participant(key_of(MINE))
    feeds.revoke_for_participant(key_of(MINE))
    assert (rows.of_token(second, NOW), rows.participant_has(MINE)) == (None, False)
    assert history(all_registrations()[0].id) == ["signed_up", "feed_made", "feed_made", "feed_revoked"]


def test_the_secret_is_long_and_kept_nowhere(app: Flask) -> None:
    registrations.sign_up(wish(make_event()))
    token = feeds.make_for_participant(key_of(MINE))
    kept = db.session.scalars(select(FeedToken)).one()
    assert (len(token) >= 22, token in (kept.token_hash, kept.email_key)) == (True, False)


@pytest.mark.parametrize("token", ["", "x", "\x00", "æøå", "a" * 10_000, "\ud800", "' OR 1=1 --"])
def test_a_forged_token_opens_nothing(app: Flask, token: str) -> None:
    registrations.sign_up(wish(make_event()))
    feeds.make_for_participant(key_of(MINE))
    assert rows.of_token(token, NOW) is None


def test_the_hash_of_a_token_is_no_token(app: Flask) -> None:
    registrations.sign_up(wish(make_event()))
    feeds.make_for_participant(key_of(MINE))
    assert rows.of_token(db.session.scalars(select(FeedToken.token_hash)).one(), NOW) is None


@pytest.mark.parametrize("key", ["", "x", "\x00"])
def test_a_dead_link_makes_and_closes_nothing(app: Flask, key: str) -> None:
    for act in (feeds.make_for_participant, feeds.revoke_for_participant):
        with pytest.raises(NotFound):
            act(key)


def test_sessions_stay_for_ninety_days(app: Flask, time: Clock) -> None:
    registrations.sign_up(wish(make_event(starts=SOON, title="Kveld")))
    token = feeds.make_for_participant(key_of(MINE))
    time.moment = SOON[0] + timedelta(days=90)
    assert told(token) == ["Kveld"]
    time.pass_by(hours=7)
    assert told(token) == []


def test_what_is_cancelled_stays_and_says_so(app: Flask) -> None:
    event = make_event(title="Kurs")
    registrations.sign_up(wish(event))
    token = feeds.make_for_participant(key_of(MINE))
    with transaction() as tx:
        tx.get_one(EventSession, event.sessions[0].id).cancelled = True
    assert told(token) == ["× Kurs", "Kurs"]
    with transaction() as tx:
        tx.get_one(Event, event.id).status = EventStatus.CANCELLED
    assert told(token) == ["× Kurs", "× Kurs"]


def test_an_organizer_gets_her_offices_with_counts_and_no_names(app: Flask) -> None:
    event = make_event(title="Kurs", starts=SOON, capacity=20)
    join(event, 12)
    join(event, 3, first=20, status=Status.WAITLISTED)
    share(make_event(title="Felles", office="ost", starts=SOON, capacity=None), "nord")
    make_event(title="Andres", office="vest")
    make_event(title="Utkast", status=EventStatus.DRAFT)
    token = feeds.make_for_user(actor_of())
    assert told(token) == ["Kurs (12/20)", "Felles (0)"]
    found = rows.of_token(token, NOW)
    assert found is not None
    text = written.feed(found.name, found.entries).decode()
    assert [word for word in ("Kåre", "degård", "lege.example.org", "ATTENDEE") if word in text] == []


def test_a_national_reader_gets_all_offices(app: Flask) -> None:
    make_event(title="Nord", starts=SOON)
    make_event(title="Vest", starts=SOON, office="vest")
    assert told(feeds.make_for_user(actor_of(None, UserRole.READER))) == ["Nord (0/30)", "Vest (0/30)"]


def test_who_can_no_longer_log_in_gets_nothing(app: Flask) -> None:
    who = actor_of()
    token = feeds.make_for_user(who)
    with transaction() as tx:
        tx.execute(update(User).values(active=False))
    assert rows.of_token(token, NOW) is None


def test_a_users_address_can_be_replaced_and_closed(app: Flask) -> None:
    who = actor_of()
    first, second = feeds.make_for_user(who), feeds.make_for_user(who)
    assert (rows.of_token(first, NOW), told(second), rows.user_has(who.user_id)) == (None, [], True)
    feeds.revoke_for_user(who)
    assert (rows.of_token(second, NOW), rows.user_has(who.user_id)) == (None, False)
    verbs = db.session.scalars(select(AuditEntry.verb).where(AuditEntry.user_id == who.user_id)).all()
    assert [one for one in verbs if one.startswith("feed")] == ["feed_made", "feed_made", "feed_revoked"]


def test_a_leader_gets_what_she_holds(app: Flask) -> None:
    leader = leader_of(make_event(title="Hennes", starts=SOON))
    make_event(title="Andres", starts=SOON)
    who = actor_of()
    assert feeds.send_to_leader(leader, who) == "liv@example.org"
    letter = all_letters()[-1]
    token = re.findall(r"/kal/([\w-]+)\.ics", letter.text)[0]
    assert told(token) == ["Hennes"]
    assert (letter.to_email, letter.occasion, token in letter.html) == ("liv@example.org", "leader_feed", True)
    assert rows.leader_has(leader)
    feeds.revoke_for_leader(leader, who)
    assert rows.of_token(token, NOW) is None


def test_only_the_leaders_own_office_makes_and_closes_her_address(app: Flask) -> None:
    leader = leader_of(make_event())
    for who, wanted in (
        (actor_of("vest"), leader),
        (actor_of("nord", UserRole.READER), leader),
        (actor_of("ost"), 999),
    ):
        with pytest.raises(NotFound):
            feeds.send_to_leader(wanted, who)
        with pytest.raises(NotFound):
            feeds.revoke_for_leader(wanted, who)


def test_a_video_link_is_in_private_calendars_only(app: Flask) -> None:
    event = make_event(starts=SOON)
    with transaction() as tx:
        session = tx.get_one(EventSession, event.sessions[0].id)
        session.place, session.address, session.video_url = "", "", "https://video.example.org/hemmelig"
    registrations.sign_up(wish(event))
    private = rows.of_token(feeds.make_for_participant(key_of(MINE)), NOW)
    assert private is not None
    assert private.entries[0].location == "https://video.example.org/hemmelig"
    public = rows.public(NOW)
    assert (public.entries[0].location, "hemmelig" in str(public)) == ("Digitalt", False)


def test_the_moment_of_change_moves_with_seats_and_events(app: Flask, time: Clock) -> None:
    event = make_event()
    registrations.sign_up(wish(event))
    token = feeds.make_for_participant(key_of(MINE))
    moments = []
    for act in (
        lambda: None,
        lambda: registrations.sign_up(wish(make_event(), 1)),
        lambda: registrations.cancel(key_of(MINE)),
    ):
        time.pass_by(hours=1)
        act()
        found = rows.of_token(token, clock.now())
        assert found is not None
        moments.append(found.changed_at)
    assert moments == [NOW, NOW + timedelta(hours=2), NOW + timedelta(hours=3)]
