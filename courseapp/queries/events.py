"""Events as the public sees them."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from courseapp.db import db
from courseapp.domain.event import (
    PUBLIC_STATUSES,
    WITH_SIGN_UP,
    EventKind,
    EventStatus,
    SeatRule,
    SignUpState,
    sign_up_state,
)
from courseapp.domain.rows import ApprovalRow, EventCard, EventPage, OfficeRow, Seats, SessionRow
from courseapp.models.event import Event, EventLeader, EventSession
from courseapp.models.office import Office
from courseapp.queries import seat_counts
from courseapp.when import OSLO

PAGE_SIZE = 50
LISTED = (
    Event.status.in_([EventStatus.PUBLISHED, EventStatus.CLOSED, EventStatus.CANCELLED]),
    Event.kind.in_(WITH_SIGN_UP),
)
_WHOLE = (
    joinedload(Event.office),
    selectinload(Event.sessions),
    selectinload(Event.approvals),
    selectinload(Event.partners),
    selectinload(Event.leaders).joinedload(EventLeader.leader),
)


def seats_of(session: Session, events: Sequence[Event]) -> dict[int, Seats]:
    """Seats of each event, by its id, in one query; one more where any of them is hybrid."""
    return seat_counts.of(session, events)


def upcoming(
    now: datetime,
    *,
    office: str | None = None,
    kind: EventKind | None = None,
    month: date | None = None,
    page: int = 1,
) -> tuple[list[EventCard], int]:
    """Events that have not ended, soonest first: one page of cards, and how many there are in all.

    `month` is any day of the Norwegian month in which the event starts. A joint event is found by each of its offices.
    """
    chosen = listed(now, office=office, kind=kind, month=month)
    total = db.session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
    events = db.session.scalars(
        chosen.options(joinedload(Event.office), selectinload(Event.sessions), selectinload(Event.partners))
        .order_by(Event.starts_at, Event.id)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    ).all()
    seats = seats_of(db.session(), events)
    return [as_card(event, seats[event.id], now) for event in events], total


def listed(
    now: datetime, *, office: str | None = None, kind: EventKind | None = None, month: date | None = None
) -> Select[Event]:
    """What the list chooses from: public events that have not ended, with the filters of `upcoming`."""
    chosen = select(Event).where(*LISTED, Event.ends_at > now)
    if office is not None:
        chosen = chosen.where((Event.office.has(Office.slug == office)) | Event.partners.any(Office.slug == office))
    if kind is not None:
        chosen = chosen.where(Event.kind == kind)
    if month is not None:
        first, following = month_bounds(month)
        chosen = chosen.where(Event.starts_at >= first, Event.starts_at < following)
    return chosen


def alternatives(event: EventPage, now: datetime) -> list[EventCard]:
    """Other events of the same kind that take sign-ups now, soonest first."""
    others = db.session.scalars(
        listed(now, kind=event.kind)
        .where(Event.id != event.id, Event.status == EventStatus.PUBLISHED, Event.starts_at > now)
        .options(joinedload(Event.office), selectinload(Event.sessions), selectinload(Event.partners))
        .order_by(Event.starts_at, Event.id)
    ).all()
    seats = seats_of(db.session(), others)
    cards = [as_card(one, seats[one.id], now) for one in others]
    return [card for card in cards if card.takes_sign_ups]


def month_bounds(month: date) -> tuple[datetime, datetime]:
    """The first moment of a Norwegian month, and of the month after it."""
    first = datetime(month.year, month.month, 1, tzinfo=OSLO)
    year, following = divmod(month.year * 12 + month.month, 12)
    return first.astimezone(UTC), datetime(year, following + 1, 1, tzinfo=OSLO).astimezone(UTC)


def months_ahead(now: datetime) -> list[date]:
    """The months in which something to come starts, each as its first day."""
    starts = db.session.scalars(select(Event.starts_at).where(*LISTED, Event.ends_at > now))
    return sorted({start.astimezone(OSLO).date().replace(day=1) for start in starts if start is not None})


def page(slug: str, now: datetime) -> EventPage | None:
    """One event's page, or None for drafts, unknown events and activities without a page."""
    event = whole(slug)
    return None if event is None else public_page(event, now)


def public_page(event: Event, now: datetime) -> EventPage | None:
    """The page of an event that may be of any status."""
    if event.status not in PUBLIC_STATUSES or event.kind not in WITH_SIGN_UP or event.starts_at is None:
        return None
    return as_page(event, seats_of(db.session(), [event])[event.id], now)


def whole(slug: str) -> Event | None:
    """An event of any status with all that its pages show; who may see it is for the caller to say."""
    if "\x00" in slug:  # PostgreSQL would refuse the question
        return None
    return db.session.scalar(select(Event).where(Event.slug == slug).options(*_WHOLE))


def public_session(slug: str, session_id: int) -> EventSession | None:
    """One session of a public event."""
    return db.session.scalar(
        select(EventSession)
        .join(EventSession.event)
        .where(
            EventSession.id == session_id,
            Event.slug == slug,
            Event.status.in_(PUBLIC_STATUSES),
            Event.kind.in_(WITH_SIGN_UP),
        )
    )


def offices() -> list[OfficeRow]:
    """The offices, as readers know them, in their own order."""
    return [as_office(office) for office in db.session.scalars(select(Office).order_by(Office.id))]


def districts(office_slug: str) -> list[str]:
    """Names of an office's districts, in order."""
    office = db.session.scalar(select(Office).where(Office.slug == office_slug).options(selectinload(Office.districts)))
    return [] if office is None else [district.name for district in office.districts]


def as_office(office: Office) -> OfficeRow:
    """An office's row."""
    return OfficeRow(
        slug=office.slug,
        name=office.name,
        short_name=office.short_name,
        email=office.email,
        phone=office.phone,
        address=office.address,
    )


def as_sessions(sessions: Iterable[EventSession]) -> tuple[SessionRow, ...]:
    """Sessions in order of time; those that take place are numbered from 1, a cancelled one has number 0."""
    numbers = itertools.count(1)
    return tuple(
        SessionRow(
            id=one.id,
            number=0 if one.cancelled else next(numbers),
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            place=one.place,
            address=one.address,
            digital=bool(one.video_url),
            minutes=one.minutes,
            cancelled=one.cancelled,
        )
        for one in sessions
    )


def as_card(event: Event, seats: Seats, now: datetime) -> EventCard:
    """An event's card in the list."""
    return EventCard(
        slug=event.slug,
        title=event.title,
        kind=event.kind,
        status=event.status,
        state=_state(event, seats, now),
        office=as_office(event.office),
        sessions=as_sessions(event.sessions),
        seats=seats,
        closes_at=event.closes_at,
        seat_rule=_rule_now(event),
        partners=tuple(as_office(office) for office in event.partners),
    )


def _rule_now(event: Event) -> SeatRule:
    """How a seat is come by at this moment: after the decision, by coming first."""
    return SeatRule.APPLICATION if event.takes_applications else SeatRule.FIRST_COME


def _state(event: Event, seats: Seats, now: datetime) -> SignUpState:
    """While seats are applied for, it means nothing to the public how many are left."""
    return sign_up_state(event.window, left=None if event.takes_applications else seats.left, now=now)


def as_page(event: Event, seats: Seats, now: datetime) -> EventPage:
    """Everything public about an event."""
    return EventPage(
        id=event.id,
        slug=event.slug,
        title=event.title,
        kind=event.kind,
        status=event.status,
        state=_state(event, seats, now),
        office=as_office(event.office),
        sessions=as_sessions(event.sessions),
        seats=seats,
        closes_at=event.closes_at,
        description=event.description,
        target_group=event.target_group,
        approvals=tuple(ApprovalRow(text=one.text, minutes=one.minutes) for one in event.approvals),
        leaders=tuple(one.leader.name for one in event.leaders),
        partners=tuple(as_office(office) for office in event.partners),
        opens_at=event.opens_at,
        contact_name=event.contact_name,
        contact_email=event.contact_email or event.office.email,
        contact_phone=event.contact_phone or event.office.phone,
        seat_rule=_rule_now(event),
        cancelled_reason=event.cancelled_reason,
        by_application=event.seat_rule is SeatRule.APPLICATION,
    )
