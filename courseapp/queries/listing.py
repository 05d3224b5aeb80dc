"""The public list as other websites and feed readers get it, and when it last changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import InstrumentedAttribute, selectinload

from courseapp.db import db
from courseapp.domain.event import LIVE_STATUSES, PUBLIC_STATUSES, WITH_SIGN_UP, EventKind
from courseapp.domain.rows import ApprovalRow, EventCard, ListedEvent, Seats
from courseapp.models.event import Event
from courseapp.models.registration import Registration
from courseapp.queries import events

PAGE_SIZE = 50
MOST_NEWS = 50
MOST_LINKS = 200
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
    return _latest(now, Event.ends_at)


def changed_at(now: datetime) -> datetime | None:
    """The same with what the list says about sign-up: when it opened and closed, and seats that were taken or freed."""
    ahead = select(Event.id).where(Event.status.in_(PUBLIC_STATUSES), Event.ends_at > now)
    seats = db.session.scalar(select(func.max(Registration.status_at)).where(Registration.event_id.in_(ahead)))
    facts = _latest(now, Event.opens_at, Event.closes_at, Event.starts_at, Event.ends_at)
    return max((one for one in (facts, seats) if one is not None), default=None)


def _latest(now: datetime, *turns: InstrumentedAttribute[datetime | None]) -> datetime | None:
    """The last change of a public event, or the last of those moments that has passed."""
    passed = [func.max(case((turn <= now, turn))) for turn in turns]
    public = (Event.status.in_(PUBLIC_STATUSES), Event.kind.in_(WITH_SIGN_UP))
    row = db.session.execute(select(func.max(Event.updated_at), *passed).where(*public)).one()
    return max((one for one in row if one is not None), default=None)


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
