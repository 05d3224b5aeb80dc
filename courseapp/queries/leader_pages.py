"""A course leader's own pages: what the holder of her secret link sees. No addresses, no numbers, no messages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from courseapp.db import db
from courseapp.domain.errors import NotFound
from courseapp.domain.event import PUBLIC_STATUSES
from courseapp.domain.rows import EventPage
from courseapp.links import links
from courseapp.models.event import Event, EventLeader
from courseapp.models.office import Office
from courseapp.models.person import CourseLeader
from courseapp.queries import evaluation, events, feeds
from courseapp.queries.attendance import (
    AttendancePage,
    Order,
    Section,
    chosen_session,
    of_session,
    people_of,
    sections,
)
from courseapp.queries.evaluation import Said
from courseapp.queries.kitchen import KitchenList, kitchen_of
from courseapp.queries.office_events import WHOLE

PAST = timedelta(days=60)
"""So long a course that is over stays on her page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedCourse:
    """One course she leads. `people` have a seat."""

    event: EventPage
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaderHome:
    """Her first page: what is to come, soonest first, and what has been, latest first."""

    name: str
    office: str
    email: str
    phone: str
    coming: tuple[LedCourse, ...]
    past: tuple[LedCourse, ...]
    has_feed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaderCourse:
    """One course: practical things, and who is coming. `video`: links to video meetings by session."""

    event: EventPage
    note: str
    video: tuple[tuple[int, str], ...]
    order: Order
    sections: tuple[Section, ...]
    total: int
    has_groups: bool
    session_id: int | None
    sees_kitchen: bool
    answers: int


def leader_of(session: Session, key: str) -> CourseLeader:
    """Who holds a link that works, read with the given session. Raises NotFound for forged, old and closed ones."""
    known = links().read_leader(key)
    leader = session.get(CourseLeader, known[0]) if known is not None else None
    if leader is None or known is None or leader.link_sent_at is None or leader.link_serial != known[1]:
        raise NotFound
    return leader


def home(key: str, now: datetime) -> LeaderHome:
    """Her courses. Raises NotFound for a link that opens nothing."""
    leader = leader_of(db.session(), key)
    found = db.session.scalars(
        select(Event)
        .join(EventLeader, EventLeader.event_id == Event.id)
        .where(EventLeader.leader_id == leader.id, Event.status.in_(PUBLIC_STATUSES), Event.ends_at > now - PAST)
        .options(*WHOLE)
        .order_by(Event.starts_at, Event.id)
    ).all()
    seats = events.seats_of(db.session(), found)
    rows = [
        (one, LedCourse(event=events.as_page(one, seats[one.id], now), people=seats[one.id].taken)) for one in found
    ]
    office = db.session.get_one(Office, leader.office_id)
    return LeaderHome(
        name=leader.name,
        office=office.name,
        email=office.email,
        phone=office.phone,
        coming=tuple(row for one, row in rows if one.ends_at is not None and one.ends_at > now),
        past=tuple(row for one, row in reversed(rows) if one.ends_at is not None and one.ends_at <= now),
        has_feed=feeds.leader_has(leader.id),
    )


def course(key: str, slug: str, now: datetime, order: Order = Order.ROLE) -> LeaderCourse:
    """One of her courses. Raises NotFound for others, and for a link that opens nothing."""
    event = _led(key, slug)
    people = people_of(event)
    return LeaderCourse(
        event=events.as_page(event, events.seats_of(db.session(), [event])[event.id], now),
        note=event.leader_note,
        video=tuple((one.id, one.video_url) for one in event.sessions if one.video_url and not one.cancelled),
        order=order,
        sections=sections(people, order),
        total=len(people),
        has_groups=any(one.group for one in people),
        session_id=chosen_session(event, now),
        sees_kitchen=event.leaders_see_kitchen,
        answers=evaluation.of_event(event, now).answers,
    )


def session(key: str, slug: str, session_id: int, now: datetime, order: Order = Order.NAME) -> AttendancePage:
    """One session of hers to mark at. Raises NotFound for others."""
    return of_session(_led(key, slug), session_id, now, order, organizes=False, leads=True)


def kitchen(key: str, slug: str, now: datetime) -> KitchenList:
    """Counts of what her participants eat. Raises NotFound where the organizer has not opened the list."""
    event = _led(key, slug)
    if not event.leaders_see_kitchen:
        raise NotFound
    return kitchen_of(event, now)


def said(key: str, slug: str, now: datetime) -> Said:
    """What participants said about a course of hers afterwards. Raises NotFound for others."""
    return evaluation.of_event(_led(key, slug), now)


def _led(key: str, slug: str) -> Event:
    leader = leader_of(db.session(), key)
    event = events.whole(slug)
    if event is None or event.status not in PUBLIC_STATUSES:
        raise NotFound
    if leader.id not in {one.leader_id for one in event.leaders}:
        raise NotFound
    return event
