"""The day of an event at the desk, besides the list itself: its options, and who might come without standing on it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select

from courseapp.db import db
from courseapp.domain.access import Actor, may_organize
from courseapp.domain.attendance import may_check_in
from courseapp.domain.errors import NotFound
from courseapp.domain.event import LIVE_STATUSES, EventStatus
from courseapp.domain.registration import Role, Status
from courseapp.domain.rows import EventPage, SessionRow
from courseapp.links import links
from courseapp.models.attendance import Attendance
from courseapp.models.event import Event, EventSession
from courseapp.models.registration import Registration
from courseapp.queries import events
from courseapp.queries.attendance import event_for, obstacle_of, offices_of
from courseapp.queries.head_counts import HeadCount, heads

MOST_FOUND = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class DayPage:
    """An event on the day. `day` holds the options by the names of the wish."""

    event: EventPage
    day: dict[str, Any]
    heads: HeadCount
    may_organize: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherRow:
    """Somebody without a seat."""

    id: int
    name: str
    email: str
    role: Role
    workplace: str
    status: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class DropInPage:
    """Those without a seat whose name, address or workplace holds what was sought, and the session they come to."""

    event: EventPage
    session: SessionRow
    others: tuple[OtherRow, ...]
    sought: str
    obstacle: str
    may_organize: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckIn:
    """A session at which people say themselves that they are there. `done`: this person is marked already."""

    title: str
    session: SessionRow
    done: bool = False


def plain(actor: Actor, slug: str, now: datetime) -> DayPage:
    """The event with its options. Raises NotFound for events the actor may not see persons of."""
    event = event_for(actor, slug)
    return DayPage(
        event=_page(event, now),
        day={
            "leader_note": event.leader_note,
            "self_check_in": event.self_check_in,
            "leaders_see_kitchen": event.leaders_see_kitchen,
            "hours_rule": event.hours_rule,
        },
        heads=heads(event, now),
        may_organize=may_organize(actor, offices_of(event)),
    )


def drop_ins(actor: Actor, slug: str, session_id: int, sought: str, now: datetime) -> DropInPage:
    """Who might be meant. Raises NotFound for other offices' events and for sessions of another event."""
    event = event_for(actor, slug)
    held = next((one for one in event.sessions if one.id == session_id), None)
    if held is None:
        raise NotFound
    wanted = " ".join(sought.casefold().split())
    found = db.session.scalars(
        select(Registration).where(Registration.event_id == event.id).order_by(Registration.sort_key, Registration.id)
    ).all()
    seated = {one.email_key for one in found if one.status is Status.REGISTERED}
    others = [
        one
        for one in found
        if one.email_key not in seated and wanted in f"{one.full_name} {one.email} {one.workplace}".casefold()
    ]
    newest = {one.email_key: one for one in sorted(others, key=lambda one: one.id)}
    return DropInPage(
        event=_page(event, now),
        session=next(one for one in events.as_sessions(event.sessions) if one.id == held.id),
        others=tuple(_other(one) for one in others if newest[one.email_key] is one)[:MOST_FOUND],
        sought=sought,
        obstacle=obstacle_of(event, held, now),
        may_organize=may_organize(actor, offices_of(event)),
    )


def check_in_of(token: str, now: datetime) -> CheckIn | None:
    """The session of a check-in code, while people may check in; None for anything else."""
    session_id = links().read_check_in(token)
    held = db.session.get(EventSession, session_id) if session_id is not None else None
    if held is None or not _open(held.event, held, now):
        return None
    return _check_in(held.event, held)


def check_in_for(registration_id: int, now: datetime) -> CheckIn | None:
    """The session that the holder of a seat may check in to now."""
    one = db.session.get(Registration, registration_id)
    if one is None or one.status is not Status.REGISTERED:
        return None
    held = next((held for held in one.event.sessions if _open(one.event, held, now)), None)
    if held is None:
        return None
    return _check_in(one.event, held, done=db.session.get(Attendance, (one.id, held.id)) is not None)


def unmarked(chosen: list[Event]) -> dict[int, int]:
    """How many with a seat lack a mark at some session, by event; only of events that give hours and were held.

    The caller has checked who asks.
    """
    held = [one for one in chosen if one.status in {*LIVE_STATUSES, EventStatus.HELD}]
    going = {one.id: [meeting for meeting in one.sessions if not meeting.cancelled] for one in held}
    wanted = {event: meetings for event, meetings in going.items() if any(one.minutes for one in meetings)}
    takes_place = Attendance.session_id.in_([one.id for meetings in wanted.values() for one in meetings])
    people = (
        select(Registration.event_id, func.count(case((takes_place, 1))).label("marks"))
        .outerjoin(Attendance, Attendance.registration_id == Registration.id)
        .where(Registration.event_id.in_(wanted), Registration.status == Status.REGISTERED)
        .group_by(Registration.event_id, Registration.id)
        .subquery()
    )
    rows = db.session.execute(select(people.c.event_id, people.c.marks, func.count()).group_by(*people.c))
    found: Counter[int] = Counter()
    for event_id, marked, count in rows:
        found[event_id] += count if marked != len(wanted[event_id]) else 0
    return {event_id: count for event_id, count in found.items() if count}


def _page(event: Event, now: datetime) -> EventPage:
    return events.as_page(event, events.seats_of(db.session(), [event])[event.id], now)


def _open(event: Event, held: EventSession, now: datetime) -> bool:
    going = event.self_check_in and not held.cancelled and event.status is not EventStatus.CANCELLED
    return going and may_check_in(held.starts_at, held.ends_at, now)


def _check_in(event: Event, held: EventSession, *, done: bool = False) -> CheckIn:
    row = next(one for one in events.as_sessions(event.sessions) if one.id == held.id)
    return CheckIn(title=event.title, session=row, done=done)


def _other(one: Registration) -> OtherRow:
    return OtherRow(
        id=one.id,
        name=one.full_name,
        email=one.email,
        role=one.primary_role,
        workplace=one.workplace,
        status=one.status,
    )
