"""What an organizer sees before an event is changed, its people are told, or it is called off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from courseapp import wording
from courseapp.db import db
from courseapp.domain import modes
from courseapp.domain.access import Actor, check, may_decide, may_organize
from courseapp.domain.changes import Change, Facts, SessionFacts, differences
from courseapp.domain.errors import NotFound
from courseapp.domain.event import EventKind
from courseapp.domain.planning import COURSE_MINUTES
from courseapp.domain.registration import ACTIVE, TAKES_SEAT, Status
from courseapp.domain.rows import EventPage
from courseapp.models.event import Event, EventLeader, EventSession
from courseapp.models.registration import Registration
from courseapp.queries import events
from courseapp.queries.revisions import last_change_of

LATER = "later"
"""In `event.told`: how things stood before each later change that has not been told either."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionFields:
    """One session as its form shows it; `removed`: it will not take place, and may be put back."""

    id: int
    starts_at: datetime
    ends_at: datetime
    place: str
    address: str
    video_url: str
    minutes: int | None
    removed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFields:
    """An event as its form shows it. Contact fields are the event's own, empty where the office's are used.

    `last_change` is what its reader has seen by then; `decides`: she is of the responsible office.
    `goal`: the minutes all sessions should give together, where the kind knows.
    """

    event: EventPage
    place_text: str
    contact_email: str
    contact_phone: str
    sessions: tuple[SessionFields, ...]
    people: int
    last_change: int
    decides: bool
    goal: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Untold:
    """What has not been told. `people`: how many will be told, those in line included, of whom `seated` have a seat.

    `leaders`: how many course leaders will be told besides.
    """

    event: EventPage
    changes: tuple[Change, ...]
    people: int
    seated: int
    leaders: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOff:
    """Whom a cancellation reaches."""

    event: EventPage
    seated: int
    waiting: int
    applied: int

    @property
    def people(self) -> int:
        """Everybody who will be told."""
        return self.seated + self.waiting + self.applied


def fields(actor: Actor, slug: str, now: datetime) -> EventFields:
    """The event for its form. Raises NotFound for whoever may not organize it."""
    seen = last_change_of(db.session(), slug)  # first: what is read after it may be newer, and never older
    event = organized(actor, slug)
    return EventFields(
        event=_page(event, now),
        place_text=event.place_text,
        contact_email=event.contact_email,
        contact_phone=event.contact_phone,
        sessions=tuple(
            SessionFields(
                id=one.id,
                starts_at=one.starts_at,
                ends_at=one.ends_at,
                place=one.place,
                address=one.address,
                video_url=one.video_url,
                minutes=one.minutes,
                removed=one.cancelled,
            )
            for one in event.sessions
        ),
        people=len(active(db.session(), event)),
        last_change=seen,
        decides=may_decide(actor, event.office_id),
        goal=COURSE_MINUTES if event.kind is EventKind.VEILEDERKURS else None,
    )


def untold(actor: Actor, slug: str, now: datetime) -> Untold:
    """What people have not been told yet, and how many they are. Raises NotFound as `fields` does."""
    event = organized(actor, slug)
    reached = audience(db.session(), event, facts_of(event, now))
    longest: tuple[Change, ...] = max((found for _one, found in reached), key=len, default=())
    first = told_before(event)
    whole = differences(first[0].to(None), facts_of(event, now).to(None)) if first else ()
    return Untold(
        event=_page(event, now),
        changes=whole or longest,
        people=len(reached),
        seated=sum(one.status in TAKES_SEAT for one, _found in reached),
        leaders=len(leaders_reached(event, facts_of(event, now))),
    )


def call_off(actor: Actor, slug: str, now: datetime) -> CallOff:
    """Whom a cancellation of the event would reach. Raises NotFound as `fields` does."""
    event = organized(actor, slug)
    statuses = [one.status for one in active(db.session(), event)]
    return CallOff(
        event=_page(event, now),
        seated=sum(one in TAKES_SEAT for one in statuses),
        waiting=statuses.count(Status.WAITLISTED),
        applied=statuses.count(Status.APPLIED),
    )


def organized(actor: Actor, slug: str) -> Event:
    """An event with what its page needs. Raises NotFound for whoever may not organize it."""
    event = events.whole(slug)
    if event is None:
        raise NotFound
    check(may_organize(actor, [event.office_id, *(office.id for office in event.partners)]))
    return event


def facts_of(event: Event, now: datetime) -> Facts:
    """What people should know about an event as it is."""
    return Facts(
        title=event.title,
        leaders=tuple(one.leader.name for one in event.leaders),
        since=now,
        sessions=tuple(
            SessionFacts(
                id=one.id,
                starts_at=one.starts_at,
                ends_at=one.ends_at,
                place=_where(one, hybrid=event.hybrid),
                link=one.video_url if event.hybrid else "",
            )
            for one in event.sessions
            if not one.cancelled
        ),
    )


def _where(session: EventSession, *, hybrid: bool) -> str:
    """As calendars say it: whoever comes and whoever calls in must both hear of a change."""
    place = wording.session_location(session.place, session.address)
    return place if hybrid else modes.where(None, place=place, link=session.video_url)


def told_before(event: Event) -> tuple[Facts, ...]:
    """How things stood before each change that has not been told, oldest first."""
    kept = event.told
    return () if kept is None else tuple(Facts.of(one) for one in (kept, *kept.get(LATER, ())))


def audience(session: Session, event: Event, present: Facts) -> list[tuple[Registration, tuple[Change, ...]]]:
    """Who should be told, and what each of them does not know: whoever signed up after a change knows it."""
    stages = told_before(event)
    reached = []
    for one in active(session, event) if stages else ():
        known = next((stage for stage in stages if one.created_at <= stage.since), None)
        found = differences(known.to(one.mode), present.to(one.mode)) if known is not None else ()
        if found:
            reached.append((one, found))
    return reached


def leaders_reached(event: Event, present: Facts) -> list[tuple[EventLeader, tuple[Change, ...]]]:
    """Which of the event's leaders should be told, and what each does not know: who was told later knows the change."""
    stages = told_before(event)
    reached = []
    for one in event.leaders:
        told_at = one.told_at
        known = next((stage for stage in stages if told_at is not None and told_at < stage.since), None)
        found = differences(known.to(None), present.to(None)) if known is not None else ()
        if found:
            reached.append((one, found))
    return reached


def active(session: Session, event: Event) -> list[Registration]:
    """Everybody who is in, oldest registration first."""
    return list(
        session.scalars(
            select(Registration)
            .where(Registration.event_id == event.id, Registration.status.in_(ACTIVE))
            .order_by(Registration.id)
        )
    )


def _page(event: Event, now: datetime) -> EventPage:
    return events.as_page(event, events.seats_of(db.session(), [event])[event.id], now)
