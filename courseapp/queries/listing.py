"""The public list as other websites and feed readers get it, and when it last changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import selectinload

from courseapp.db import db
from courseapp.domain.event import LIVE_STATUSES, PUBLIC_STATUSES, WITH_SIGN_UP, EventKind, EventStatus
from courseapp.domain.rows import ApprovalRow, EventCard, ListedEvent, Seats
from courseapp.models.event import Event
from courseapp.models.registration import Registration
from courseapp.queries import events

PAGE_SIZE = 50
MOST_NEWS = 50
MOST_LINKS = 200
_PUBLIC = (
    Event.status.not_in([one for one in EventStatus if one not in PUBLIC_STATUSES]),
    Event.kind.not_in([one for one in EventKind if one not in WITH_SIGN_UP]),
)
"""Said by what they are not: nearly all are, so the newest is found by its moment and not among all that are."""
_PARTS = (
    selectinload(Event.office),
    selectinload(Event.sessions),
    selectinload(Event.partners),
    selectinload(Event.approvals),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Some of the events that were chosen, and how many there are in all."""

    events: tuple[ListedEvent, ...]
    total: int


def page(
    now: datetime,
    number: int = 1,
    *,
    office: str | None = None,
    kind: EventKind | None = None,
    month: date | None = None,
) -> Listing:
    """One page of what `events.upcoming` lists, in its order, PAGE_SIZE at a time; pages count from 1."""
    chosen = events.listed(now, office=office, kind=kind, month=month)
    ordered = chosen.order_by(Event.starts_at, Event.id)
    return _listing(chosen, ordered.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE), now)


def newest(
    now: datetime, *, office: str | None = None, kind: EventKind | None = None, month: date | None = None
) -> Listing:
    """The same events, the one that was published or changed last first; MOST_NEWS at most."""
    chosen = events.listed(now, office=office, kind=kind, month=month)
    return _listing(chosen, chosen.order_by(Event.updated_at.desc(), Event.id.desc()).limit(MOST_NEWS), now)


def to_link(now: datetime, *, office: str | None = None, kind: EventKind | None = None) -> Listing:
    """What will take place and has not begun, soonest first: what another website would link to; MOST_LINKS at most."""
    chosen = events.listed(now, office=office, kind=kind).where(Event.status.in_(LIVE_STATUSES), Event.starts_at > now)
    return _listing(chosen, chosen.order_by(Event.starts_at, Event.id).limit(MOST_LINKS), now)


def facts_changed_at(now: datetime) -> datetime | None:
    """When the facts of what is listed, or has been, last changed; None while nothing has been public.

    It never goes back. What falls out of the list as time passes counts, and the filters do not: an event that passes
    them no more would take its moment with it.
    """
    changed = select(Event.updated_at).where(*_PUBLIC).order_by(Event.updated_at.desc()).limit(1)
    ended = select(Event.ends_at).where(*_PUBLIC, Event.ends_at <= now).order_by(Event.ends_at.desc()).limit(1)
    return _last(db.session.execute(select(changed.scalar_subquery(), ended.scalar_subquery())).one())


def changed_at(now: datetime) -> datetime | None:
    """The same with what the list says about sign-up: when it opened and closed, and seats that were taken or freed.

    Only of what has not ended: an end is later than all that was before it.
    """
    turns = (func.max(case((turn <= now, turn))) for turn in (Event.opens_at, Event.closes_at, Event.starts_at))
    seats = select(func.max(Registration.status_at)).where(Registration.event_id == Event.id).scalar_subquery()
    ahead = select(*turns, func.max(seats)).where(*_PUBLIC, Event.ends_at > now)
    return _last([facts_changed_at(now), *db.session.execute(ahead).one()])


def _last(moments: Iterable[datetime | None]) -> datetime | None:
    return max((one for one in moments if one is not None), default=None)


def _listing(chosen: Select[Event], wanted: Select[Event], now: datetime) -> Listing:
    total = db.session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
    found = db.session.scalars(wanted.options(*_PARTS)).all()
    seats = events.seats_of(db.session(), found)
    return Listing(events=tuple(_listed(event, seats[event.id], now) for event in found), total=total)


def _listed(event: Event, seats: Seats, now: datetime) -> ListedEvent:
    card = events.as_card(event, seats, now)
    return ListedEvent(
        **{name: getattr(card, name) for name in EventCard.__slots__},
        target_group=event.target_group,
        approvals=tuple(ApprovalRow(text=one.text, minutes=one.minutes) for one in event.approvals),
        opens_at=event.opens_at,
        changed_at=event.updated_at,
    )
