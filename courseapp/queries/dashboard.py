"""The desk's first page: what needs somebody now, what comes next, and the year so far."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from courseapp import when
from courseapp.db import db
from courseapp.domain import attendance
from courseapp.domain.access import Actor, may_organize
from courseapp.domain.event import LIVE_STATUSES, WITH_SIGN_UP, EventKind, EventStatus
from courseapp.domain.registration import TAKES_SEAT, Status
from courseapp.models.event import Event
from courseapp.models.journal import IS_FAILED, OutboxEmail
from courseapp.models.privacy import ErasureRequest
from courseapp.models.registration import Registration
from courseapp.queries import applications, certificates, course_day, gaps, office_events, replies, year_figures
from courseapp.queries.belonging import of_offices
from courseapp.queries.office_events import OfficeEvent
from courseapp.queries.year_figures import KindFigures

COMING = 6
MOST_NUMBERLESS = 5
MOST_OPEN = 200
A_YEAR = timedelta(days=365)
LEADERS_BEFORE = timedelta(days=60)
"""From so long before the start a veilederkurs without two leaders is worth saying."""

ATTENDANCE_AFTER = timedelta(hours=1)
"""So long after the last session attendance should be marked."""


class Need(StrEnum):
    """What an event may need somebody for, the most pressing first."""

    APPLICATIONS = "applications"
    MAIL_FAILED = "mail_failed"
    UNTOLD = "untold"
    DECLINED = "declined"
    FREE_SEATS = "free_seats"
    ATTENDANCE = "attendance"
    CERTIFICATES = "certificates"
    LEADERS = "leaders"
    NUMBER = "number"
    DRAFT = "draft"
    HELD = "held"


@dataclass(frozen=True, slots=True, kw_only=True)
class Todo:
    """One thing to do at one event. `count` is of persons or seats, where there are any to count."""

    need: Need
    slug: str
    title: str
    place: str
    starts_at: datetime | None
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Dashboard:
    """The first page. `wishes`: people who asked to be forgotten and have no answer."""

    wishes: int
    todo: tuple[Todo, ...]
    coming: tuple[OfficeEvent, ...]
    coming_total: int
    year: int
    figures: tuple[KindFigures, ...]


def show(actor: Actor, now: datetime) -> Dashboard:
    """Everything of the actor's offices; what needs doing only for those who may do it."""
    listing = office_events.listing(actor, now)
    year = when.local(now).year
    return Dashboard(
        wishes=_wishes(actor),
        todo=_todo(actor, now),
        coming=listing.rows[:COMING],
        coming_total=listing.total,
        year=year,
        figures=year_figures.by_kind(actor.offices, year, now),
    )


def _wishes(actor: Actor) -> int:
    """Of the offices the actor acts for."""
    waiting = select(ErasureRequest.office_id).where(ErasureRequest.settled_at.is_(None))
    return sum(may_organize(actor, [office_id]) for office_id in db.session.scalars(waiting))


def _todo(actor: Actor, now: datetime) -> tuple[Todo, ...]:
    """By need, then by start."""
    mine = [event for event in _open_events(actor, now) if may_organize(actor, _offices(event))]
    needs = _counts(actor, mine, now)
    undecided = {one.slug: one.count for one in applications.undecided(actor, now)}
    found = [*_afterwards(actor, now), *_numberless(actor, now)]
    for event in mine:
        wanted = {**needs[event.id], Need.APPLICATIONS: undecided.get(event.slug, 0), **_of_itself(event, now)}
        found += [_row(event, need, count) for need, count in wanted.items() if count]
    order = list(Need)
    return tuple(sorted(found, key=lambda one: (order.index(one.need), one.starts_at or now, one.slug)))


def _afterwards(actor: Actor, now: datetime) -> list[Todo]:
    """Events with hours that are just over, also those marked as held: who lacks a mark, who lacks a kursbevis."""
    over = and_(Event.ends_at < now - ATTENDANCE_AFTER, Event.ends_at > now - attendance.MARK_AFTER)
    lacking_any = gaps.events(of_offices(actor.offices, and_(Event.kind.in_(WITH_SIGN_UP), over)))
    ids = db.session.scalars(lacking_any).all()
    if not ids:
        return []
    chosen = select(Event).where(Event.id.in_(ids)).options(*office_events.WHOLE)
    events = [one for one in db.session.scalars(chosen) if may_organize(actor, _offices(one))]
    unmarked = course_day.unmarked(events)
    lacking = certificates.lacking(events)
    return [
        _row(one, need, counted[one.id])
        for one in events
        for need, counted in ((Need.ATTENDANCE, unmarked), (Need.CERTIFICATES, lacking))
        if counted.get(one.id)
    ]


def _numberless(actor: Actor, now: datetime) -> list[Todo]:
    """What was typed in for this year's report and is over, but has neither a number nor words instead of one."""
    wanting = (Event.reported_number.is_(None), Event.reported_text == "", Event.kind != EventKind.NEWSLETTER)
    begun = or_(Event.starts_at.is_(None), Event.starts_at <= now)
    wanted = and_(Event.report_year == when.local(now).year, Event.typed, begun, *wanting)
    chosen = select(Event).where(of_offices(actor.offices, wanted)).options(*office_events.WHOLE)
    events = db.session.scalars(chosen.order_by(Event.starts_at.desc(), Event.id.desc()).limit(MOST_NUMBERLESS))
    return [_row(one, Need.NUMBER, 1) for one in events if may_organize(actor, [one.office_id])]


def _row(event: Event, need: Need, count: int) -> Todo:
    places = [one.place for one in event.sessions if not one.cancelled and one.place]
    return Todo(
        need=need,
        slug=event.slug,
        title=event.title,
        place=places[0] if places else "",
        starts_at=event.starts_at,
        count=count,
    )


def _open_events(actor: Actor, now: datetime) -> list[Event]:
    """Drafts, what is to come, and what is over but not marked as held; the nearest first."""
    open_ones = and_(Event.kind.in_(WITH_SIGN_UP), Event.status.in_([EventStatus.DRAFT, *LIVE_STATUSES]))
    mine = of_offices(
        actor.offices, and_(open_ones, Event.ends_at.is_(None)), and_(open_ones, Event.ends_at > now - A_YEAR)
    )
    chosen = select(Event).where(mine).options(*office_events.WHOLE)
    return list(db.session.scalars(chosen.order_by(Event.starts_at, Event.id).limit(MOST_OPEN)))


def _offices(event: Event) -> list[int]:
    return [event.office_id, *(office.id for office in event.partners)]


def _of_itself(event: Event, now: datetime) -> dict[Need, int]:
    """What can be read off the event alone."""
    live = event.status in LIVE_STATUSES
    start, end = event.starts_at, event.ends_at
    near = start is not None and now < start <= now + LEADERS_BEFORE
    return {
        Need.UNTOLD: int(live and event.told is not None and end is not None and end > now),
        Need.LEADERS: int(live and near and event.kind is EventKind.VEILEDERKURS and len(event.leaders) < 2),
        Need.DRAFT: int(event.status is EventStatus.DRAFT),
        Need.HELD: int(live and end is not None and end <= now),
    }


def _counts(actor: Actor, events: list[Event], now: datetime) -> dict[int, dict[Need, int]]:
    """What has to be counted among persons and letters."""
    found: dict[int, dict[Need, int]] = defaultdict(dict)
    ids = [event.id for event in events]
    failed = (
        select(OutboxEmail.event_id, func.count(OutboxEmail.registration_id.distinct()))
        .where(OutboxEmail.event_id.in_(ids), IS_FAILED)
        .group_by(OutboxEmail.event_id)
    )
    for event_id, count in _pairs(failed):
        found[event_id][Need.MAIL_FAILED] = count
    taken, waiting = (
        dict(_pairs(_in_status(ids, Registration.status.in_(TAKES_SEAT)))),
        dict(_pairs(_in_status(ids, Registration.status == Status.WAITLISTED))),
    )
    answered = replies.events_with_declined(ids)
    for event in events:
        if event.id in waiting and not event.fill_plan.works(now) and event.starts_at and event.starts_at > now:
            free = waiting[event.id] if event.capacity is None else event.capacity - taken.get(event.id, 0)
            found[event.id][Need.FREE_SEATS] = max(0, free) if event.decided_at or not event.takes_applications else 0
        if event.id in answered:
            found[event.id][Need.DECLINED] = len(replies.declined(actor, event.id))
    return found


def _in_status(ids: list[int], which: ColumnElement[bool]) -> Select[int, int]:
    return (
        select(Registration.event_id, func.count())
        .where(Registration.event_id.in_(ids), which)
        .group_by(Registration.event_id)
    )


def _pairs(chosen: Select[Any, int]) -> list[tuple[int, int]]:
    return [(row[0], row[1]) for row in db.session.execute(chosen)]
