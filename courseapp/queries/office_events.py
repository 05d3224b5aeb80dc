"""An office's own list of events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import selectinload

from courseapp.db import db
from courseapp.domain.access import Actor, may_see_persons
from courseapp.domain.event import WITH_SIGN_UP, EventStatus, SignUpState
from courseapp.domain.rows import EventCard, Seats
from courseapp.models.event import Event, EventLeader, EventPartner
from courseapp.models.journal import IS_FAILED, OutboxEmail
from courseapp.queries import belonging, events

PAGE_SIZE = 40
WHOLE = (
    selectinload(Event.office),
    selectinload(Event.partners),
    selectinload(Event.sessions),
    selectinload(Event.leaders).selectinload(EventLeader.leader),
)
"""What a line about an event needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeEvent:
    """One line: the event, what needs a look, and whether its persons may be opened.

    `word` is the status to show: the event's own until it is published, then what the public is told about it, where
    that is more than how many seats are left. `partners`: short names of the other offices of a joint event.
    """

    card: EventCard
    word: EventStatus | SignUpState
    partners: tuple[str, ...]
    leaders: tuple[str, ...]
    mail_failed: int
    opens_participants: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeEvents:
    """One page of an office's events."""

    rows: tuple[OfficeEvent, ...]
    total: int
    page: int
    pages: int


def listing(actor: Actor, now: datetime, *, past: bool = False, page: int = 1, held_for: str = "") -> OfficeEvents:
    """The actor's events with sign-up: what is to come, soonest first, or what has been, the last to end first.

    Drafts without a date come last of what is to come. A page past the last is the last. `held_for` cuts it down to
    what was held for one bydel, kommune or etat.
    """
    undated = and_(Event.ends_at.is_(None), Event.status == EventStatus.DRAFT)
    ways = [Event.ends_at <= now] if past else [Event.ends_at > now, undated]
    narrow = (Event.place_text == held_for,) if held_for else ()
    moment = Event.ends_at if past else Event.starts_at
    wanted = [and_(Event.kind.in_(WITH_SIGN_UP), way, *narrow) for way in ways]
    chosen = belonging.facts(actor.offices, *wanted, columns=(Event.id, moment))
    total = db.session.scalar(select(func.count()).select_from(chosen)) or 0
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(page, pages)
    number, at = chosen.c
    order = (at.is_(None), at.desc() if past else at, number)
    here = select(number).order_by(*order).limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)
    ids = list(db.session.scalars(here))  # an office's whole past is put in order by its numbers, not by whole rows
    whole = db.session.scalars(select(Event).where(Event.id.in_(ids)).options(*WHOLE))
    found = sorted(whole, key=lambda one: ids.index(one.id))
    seats = events.seats_of(db.session(), found)
    failed = _failed([event.id for event in found])
    rows = tuple(_row(actor, event, seats[event.id], failed.get(event.id, 0), now) for event in found)
    return OfficeEvents(rows=rows, total=total, page=page, pages=pages)


def _row(actor: Actor, event: Event, seats: Seats, mail_failed: int, now: datetime) -> OfficeEvent:
    card = events.as_card(event, seats, now)
    return OfficeEvent(
        card=card,
        word=card.status if card.status is EventStatus.DRAFT or card.takes_sign_ups else card.state,
        partners=tuple(office.short_name for office in event.partners),
        leaders=tuple(one.leader.name for one in event.leaders),
        mail_failed=mail_failed,
        opens_participants=may_see_persons(actor, [event.office_id, *(office.id for office in event.partners)]),
    )


def seen_by(actor: Actor) -> ColumnElement[bool]:
    """Own events and joint ones; all of them for a national role."""
    offices = actor.offices
    if offices is None:
        return true()
    # By its number, not by whether there is a partner: that can be answered from indexes, event by event it cannot.
    joint = select(EventPartner.event_id).where(EventPartner.office_id.in_(offices))
    return or_(Event.office_id.in_(offices), Event.id.in_(joint))


def _failed(event_ids: list[int]) -> dict[int, int]:
    rows = db.session.execute(
        select(OutboxEmail.event_id, func.count(OutboxEmail.registration_id.distinct()))
        .where(OutboxEmail.event_id.in_(event_ids), IS_FAILED)
        .group_by(OutboxEmail.event_id)
    )
    return {event_id: count for event_id, count in rows if event_id is not None}
