"""What stands in a calendar to subscribe to: the public one, and those behind a secret address. No participant's name.

Each entry's stamp is when its facts last changed, so the same facts give the same bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import selectinload

from courseapp import speech, wording
from courseapp.calendar.feed import FeedEntry, session_uid
from courseapp.db import db
from courseapp.domain.event import PUBLIC_STATUSES, WITH_SIGN_UP, EventKind, EventStatus
from courseapp.domain.modes import Mode
from courseapp.domain.registration import Status
from courseapp.domain.rows import Seats
from courseapp.links import links
from courseapp.models.account import Membership, User
from courseapp.models.event import Event, EventLeader, EventSession
from courseapp.models.office import Office
from courseapp.models.person import CourseLeader
from courseapp.models.registration import FeedToken, Registration
from courseapp.queries import events, listing

WINDOW = timedelta(days=90)
"""How long a session stays after its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A calendar: what it is called, its entries in order of time, and when anything in it last changed (aware UTC)."""

    name: str
    entries: tuple[FeedEntry, ...]
    changed_at: datetime


def hashed(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def of_token(token: str, now: datetime) -> Feed | None:
    """The private calendar behind a token; None for one that was never made or is closed."""
    found = db.session.scalar(
        select(FeedToken).where(FeedToken.token_hash == hashed(token), FeedToken.revoked_at.is_(None))
    )
    if found is None:
        return None
    if found.email_key is not None:
        return _participants(found.email_key, found.created_at, now)
    if found.leader_id is not None:
        return _leaders(found.leader_id, found.created_at, now)
    return _users(found.user_id, found.created_at, now)


def public(
    now: datetime, *, office: str | None = None, kind: EventKind | None = None, month: date | None = None
) -> Feed:
    """What the public list shows, with its filters; links to video meetings are for participants."""
    changed_at = listing.facts_changed_at(now) or datetime.fromtimestamp(0, now.tzinfo)  # before what it is about
    found = _held(events.listed(now, office=office, kind=kind, month=month), now)
    return Feed(
        name=speech.said("ALIS og SamLIS: kurs og arrangementer"),
        entries=_entries(found, now),
        changed_at=changed_at,
    )


def participant_has(email: str) -> bool:
    """Whether a participant has a private calendar address."""
    return _has(select(FeedToken.id).where(FeedToken.email_key == email.lower()))


def user_has(user_id: int) -> bool:
    """Whether a user has one."""
    return _has(select(FeedToken.id).where(FeedToken.user_id == user_id))


def leader_has(leader_id: int) -> bool:
    """Whether a course leader has one."""
    return _has(select(FeedToken.id).where(FeedToken.leader_id == leader_id))


def _has(chosen: Select[int]) -> bool:
    return db.session.scalar(chosen.where(FeedToken.revoked_at.is_(None)).limit(1)) is not None


def _participants(email_key: str, made_at: datetime, now: datetime) -> Feed:
    held = (Registration.email_key == email_key, Registration.status == Status.REGISTERED)
    mine = select(Registration.event_id).where(*held)
    chosen = {
        row[0]: row[1] for row in db.session.execute(select(Registration.event_id, Registration.mode).where(*held))
    }
    found = _held(select(Event).where(Event.id.in_(mine), Event.status.in_(PUBLIC_STATUSES)), now)
    moved = db.session.scalar(select(func.max(Registration.status_at)).where(Registration.email_key == email_key))
    return Feed(
        name=speech.said("Mine kurs, ALIS og SamLIS"),
        entries=_entries(found, now, video=True, modes=chosen),
        changed_at=max(_latest(made_at, found), moved or made_at),
    )


def _leaders(leader_id: int, made_at: datetime, now: datetime) -> Feed | None:
    if db.session.get(CourseLeader, leader_id) is None:
        return None
    held = select(EventLeader.event_id).where(EventLeader.leader_id == leader_id)
    found = _held(select(Event).where(Event.id.in_(held), Event.status.in_(PUBLIC_STATUSES)), now)
    name = speech.said("Kurs jeg holder, ALIS og SamLIS")
    return Feed(name=name, entries=_entries(found, now, video=True), changed_at=_latest(made_at, found))


def _users(user_id: int | None, made_at: datetime, now: datetime) -> Feed | None:
    """The events of the offices the user belongs to now; nothing for one who can no longer log in."""
    user = db.session.scalar(
        select(User)
        .where(User.id == user_id, User.active)
        .options(selectinload(User.memberships).selectinload(Membership.office))
    )
    if user is None or not user.memberships:
        return None
    offices = {one.office_id for one in user.memberships if one.office_id is not None}
    chosen = select(Event).where(Event.status.in_(PUBLIC_STATUSES))
    if all(one.office_id is not None for one in user.memberships):
        chosen = chosen.where(or_(Event.office_id.in_(offices), Event.partners.any(Office.id.in_(offices))))
    found = _held(chosen, now)
    seats = events.seats_of(db.session(), found)
    counted = db.session.scalar(
        select(func.max(Registration.status_at)).where(Registration.event_id.in_([one.id for one in found]))
    )
    return Feed(
        name=speech.said("Kontorets arrangementer, ALIS og SamLIS"),
        entries=_entries(found, now, video=True, seats=seats),
        changed_at=max(_latest(made_at, found), counted or made_at),
    )


def _held(chosen: Select[Event], now: datetime) -> list[Event]:
    """Those of the chosen events that have sessions in the window."""
    return list(
        db.session.scalars(
            chosen.where(Event.ends_at > now - WINDOW)
            .options(selectinload(Event.sessions), selectinload(Event.office))
            .order_by(Event.starts_at, Event.id)
        )
    )


def _latest(since: datetime, found: Iterable[Event]) -> datetime:
    """When one of the events was last changed, but not before `since`."""
    return max([since, *(_stamp(event, session) for event in found for session in event.sessions)])


def _entries(
    found: Iterable[Event],
    now: datetime,
    *,
    video: bool = False,
    seats: dict[int, Seats] | None = None,
    modes: Mapping[int, Mode | None] | None = None,
) -> tuple[FeedEntry, ...]:
    """One entry per session in the window, in order of time. `modes`: how the calendar's owner takes part in each."""
    known = modes or {}
    entries = [
        _entry(
            event,
            session,
            number,
            _meeting(session, known.get(event.id), video=video),
            seats=None if seats is None else seats[event.id],
        )
        for event in found
        for number, session in _numbered(event)
        if session.ends_at > now - WINDOW
    ]
    return tuple(sorted(entries, key=lambda one: (one.starts_at, one.uid)))


def _numbered(event: Event) -> list[tuple[int, EventSession]]:
    """Sessions with their numbers; a cancelled one has number 0."""
    rows = {row.id: row.number for row in events.as_sessions(event.sessions)}
    return [(rows[session.id], session) for session in event.sessions]


def _meeting(session: EventSession, mode: Mode | None, *, video: bool) -> tuple[str, str]:
    """Where a session is to the calendar's owner, and where she may call in."""
    link = session.video_url if video and mode is not Mode.PHYSICAL else ""
    place = "" if mode is Mode.DIGITAL else wording.session_location(session.place, session.address)
    digital = mode is Mode.DIGITAL or session.video_url
    return place or link or (speech.said("Digitalt") if digital else ""), link


def _entry(
    event: Event, session: EventSession, number: int, meeting: tuple[str, str], *, seats: Seats | None
) -> FeedEntry:
    total = sum(1 for one in event.sessions if not one.cancelled)
    title = wording.session_title(event.title, number, total) if number else event.title
    location, link = meeting
    about = [
        f"{event.title}, {event.office.name}.",
        speech.said("Påmeldt: %(count)s", count=_count(seats)) if seats is not None else "",
        speech.said("Delta her: %(link)s", link=link) if link else "",
    ]
    return FeedEntry(
        uid=session_uid(session.id, links().domain),
        sequence=session.revision,
        stamp=_stamp(event, session),
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        summary=title if seats is None else f"{title} ({_count(seats)})",
        location=location,
        description="\n".join(filter(None, about)),
        url=links().event(event.slug) if event.kind in WITH_SIGN_UP else None,
        cancelled=session.cancelled or event.status is EventStatus.CANCELLED,
    )


def _stamp(event: Event, session: EventSession) -> datetime:
    return max(event.updated_at, session.updated_at)


def _count(seats: Seats) -> str:
    """«12/20», or «12» without a limit."""
    return str(seats.taken) if seats.capacity is None else f"{seats.taken}/{seats.capacity}"
