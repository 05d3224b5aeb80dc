"""How often somebody leads, and what: the rows that registers and the choice of leaders have in common."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from courseapp.db import db
from courseapp.domain.access import Actor, may_see_persons
from courseapp.domain.event import EventStatus
from courseapp.domain.rows import SessionRow
from courseapp.models.event import Event, EventLeader
from courseapp.models.person import CourseLeader
from courseapp.queries.events import as_sessions
from courseapp.when import OSLO


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseRow:
    """A course somebody leads. `slug` is empty where its pages are not for the reader."""

    slug: str
    title: str
    status: EventStatus
    office: str
    starts_at: datetime
    ends_at: datetime
    sessions: tuple[SessionRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How often: courses that have ended this year, those of this year that have not, and last year's.

    Cancelled ones are not counted; drafts are only among those to come. `next` is the first that has not ended.
    """

    held: int = 0
    coming: int = 0
    last_year: int = 0
    next: CourseRow | None = None


def tally(actor: Actor, emails: Iterable[str], now: datetime) -> dict[str, Tally]:
    """How often the person behind each address (in lower case) leads, in whatever register she stands."""
    this_year, following = year(now, 0), year(now, 1)
    keys = {one.lower() for one in emails}
    rows = db.session.execute(
        select(func.lower(CourseLeader.email), Event)
        .join(EventLeader, EventLeader.leader_id == CourseLeader.id)
        .join(Event, Event.id == EventLeader.event_id)
        .where(
            func.lower(CourseLeader.email).in_(keys),
            Event.status != EventStatus.CANCELLED,
            Event.starts_at >= year(now, -1),
        )
        .options(selectinload(Event.sessions), selectinload(Event.office), selectinload(Event.partners))
        .order_by(Event.starts_at, Event.id)
    ).all()
    found: dict[str, list[Event]] = {}
    for email, event in rows:
        if event not in found.setdefault(email, []):  # she may lead it as somebody of two registers
            found[email].append(event)
    return {
        email: Tally(
            held=sum(held(one, now) and starts(one) >= this_year for one in events),
            coming=sum(not over(one, now) and this_year <= starts(one) < following for one in events),
            last_year=sum(held(one, now) and starts(one) < this_year for one in events),
            next=next((course(actor, one) for one in events if not over(one, now)), None),
        )
        for email, events in found.items()
    }


def course(actor: Actor, event: Event) -> CourseRow:
    """An event as one of the courses of a leader."""
    seen = may_see_persons(actor, [event.office_id, *(one.id for one in event.partners)])
    assert event.ends_at is not None
    return CourseRow(
        slug=event.slug if seen else "",
        title=event.title,
        status=event.status,
        office=event.office.short_name,
        starts_at=starts(event),
        ends_at=event.ends_at,
        sessions=tuple(one for one in as_sessions(event.sessions) if not one.cancelled),
    )


def held(event: Event, now: datetime) -> bool:
    """Whether it took place."""
    return over(event, now) and event.status is not EventStatus.DRAFT


def over(event: Event, now: datetime) -> bool:
    """Whether it has ended."""
    return event.ends_at is not None and event.ends_at <= now


def starts(event: Event) -> datetime:
    """When its first session starts; for events that have one."""
    assert event.starts_at is not None
    return event.starts_at


def year(now: datetime, later: int) -> datetime:
    """The first moment of the Norwegian year so many years later."""
    return datetime(now.astimezone(OSLO).year + later, 1, 1, tzinfo=OSLO).astimezone(UTC)
