"""What the yearly report is made of: events of a year with their counts, in a handful of questions however many."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute, selectinload

from courseapp import when, wording
from courseapp.db import db
from courseapp.domain import kinds, yearly
from courseapp.domain.attendance import AttendanceState
from courseapp.domain.event import EventStatus
from courseapp.domain.modes import Mode
from courseapp.domain.registration import Role, Status
from courseapp.domain.yearly import Facts
from courseapp.models.attendance import Attendance
from courseapp.models.event import Event
from courseapp.models.registration import Registration
from courseapp.models.report import SameActivity
from courseapp.queries.belonging import of_offices

NEVER = (EventStatus.DRAFT, EventStatus.CANCELLED)
TOLD = [one for one in EventStatus if one not in NEVER]
THERE = (AttendanceState.PRESENT, AttendanceState.PARTLY)


@dataclass(slots=True, kw_only=True)
class People:
    """Counts of one event: everybody by status; those with a seat, and those of them who were there, by role.

    `marked`: how many with a seat have any mark of attendance. `modes` and `modes_there`: the same by room, of hybrid
    events.
    """

    by_status: dict[Status, int] = field(default_factory=dict)
    roles: dict[Role, int] = field(default_factory=dict)
    there: dict[Role, int] = field(default_factory=dict)
    marked: int = 0
    modes: dict[Mode, int] = field(default_factory=dict)
    modes_there: dict[Mode, int] = field(default_factory=dict)

    @property
    def seats(self) -> int:
        """How many have a seat."""
        return self.by_status.get(Status.REGISTERED, 0)

    @property
    def attended(self) -> int | None:
        """How many were there at least once; None where nobody was marked."""
        return sum(self.there.values()) if self.marked else None


def events_of(year: int, office_id: int | None = None) -> list[Event]:
    """Events of a Norwegian year that were not called off, of one office with its joint ones, or of all.

    What was set aside because another office kept the same is not among them.
    """
    first, following = kinds.start_of_day(_new_year(year)), kinds.start_of_day(_new_year(year + 1))
    reported = and_(Event.report_year == year, Event.status.in_(TOLD))
    held = and_(Event.starts_at >= first, Event.starts_at < following, Event.status.in_(TOLD))
    mine = of_offices(None if office_id is None else [office_id], reported, held)
    aside = select(SameActivity.event_id)
    found = db.session.scalars(
        select(Event)
        .where(mine, Event.id.not_in(aside))
        .options(selectinload(Event.office), selectinload(Event.partners), selectinload(Event.sessions))
        .options(selectinload(Event.series))
        .order_by(Event.id)
    )
    return [one for one in found if year_of(one) == year]


def year_of(event: Event) -> int | None:
    """The year an event is reported in."""
    first = None if event.starts_at is None else when.local(event.starts_at).date()
    return yearly.year_of(typed=event.typed, report_year=event.report_year, first_day=first)


def people_of(event_ids: Iterable[int]) -> dict[int, People]:
    """Counts of each of the events."""
    found = {one: People() for one in event_ids}
    seated = Registration.status == Status.REGISTERED
    hers = Attendance.registration_id == Registration.id  # asked of each, or all marks there ever were would be read
    was_marked = exists().where(hers)
    was_there = exists().where(hers, Attendance.state.in_(THERE))
    for event_id, status, count in _counts(found, Registration.status):
        found[event_id].by_status[status] = count
    for event_id, role, count in _counts(found, Registration.primary_role, seated):
        found[event_id].roles[role] = count
    for event_id, _role, count in _counts(found, Registration.primary_role, seated, was_marked):
        found[event_id].marked += count
    for event_id, role, count in _counts(found, Registration.primary_role, seated, was_there):
        found[event_id].there[role] = count
    chose = Registration.mode.is_not(None)
    for event_id, mode, count in _counts(found, Registration.mode, seated, chose):
        found[event_id].modes[mode] = count
    hybrid = [one for one, people in found.items() if people.modes]
    for event_id, mode, count in _counts(hybrid, Registration.mode, seated, was_there) if hybrid else ():
        found[event_id].modes_there[mode] = count
    return found


def facts(event: Event, people: People, office_id: int) -> Facts:
    """One event as an office reports it."""
    days = tuple(when.local(one.starts_at).date() for one in event.sessions if not one.cancelled)
    offices = [event.office, *event.partners]
    places = list(dict.fromkeys(one.place for one in event.sessions if one.place and not one.cancelled))
    return Facts(
        event_id=event.id,
        slug=event.slug,
        kind=event.kind,
        table=event.report_table,
        title=event.title,
        topic=event.topic,
        place=event.place_text or wording.listed(places),
        when=when.dates(days) if days else event.dates_text,
        days=days,
        office=event.office.slug,
        own=event.office_id == office_id,
        joint_with=tuple(one.short_name for one in offices if one.id != office_id),
        external_organizer=event.external_organizer,
        target_group=event.target_group,
        comment=event.comment,
        reported_number=event.reported_number,
        reported_approximate=event.reported_approximate,
        reported_text=event.reported_text,
        reported_roles=event.reported_roles,
        seats=people.seats,
        known=sum(people.by_status.values()),
        attended=people.attended,
        unmarked=people.seats - people.marked,
        roles=people.there if people.marked else people.roles,
        typed=event.typed,
        hybrid=event.hybrid,
        modes=people.modes_there if people.marked else people.modes,
        reported_digital=event.reported_digital,
    )


def is_counted(event: Event, now: datetime) -> bool:
    """Whether an event belongs in a report by now."""
    return yearly.is_counted(event.status, event.starts_at, event.ends_at, now)


def years() -> list[int]:
    """Years with anything to report, latest first."""
    first_and_last = [
        select(end(Event.starts_at)).where(Event.status == status).scalar_subquery()
        for status in TOLD
        for end in (func.min, func.max)
    ]
    starts = [when.local(one).year for one in db.session.execute(select(*first_and_last)).one() if one is not None]
    found = {*db.session.scalars(_reported_years()), *(end(starts) for end in (min, max) if starts)}
    return sorted((one for one in found if yearly.FIRST_YEAR <= one <= yearly.LAST_YEAR), reverse=True)


def _reported_years() -> Select[int]:
    """Each year that is reported: from one to the next in their index, and not through all events."""

    def next_one(*after: ColumnElement[bool]) -> ScalarSelect[int | None]:
        return select(func.min(Event.report_year)).where(Event.status.not_in(NEVER), *after).scalar_subquery()

    one = select(next_one().label("year")).cte("years", recursive=True)
    one = one.union_all(select(next_one(Event.report_year > one.c.year)).where(one.c.year.is_not(None)))
    return select(one.c.year).where(one.c.year.is_not(None))


def _new_year(year: int) -> date:
    return date(year, 1, 1)


def _counts(
    events: Iterable[int], what: InstrumentedAttribute[Any], *chosen: ColumnElement[bool]
) -> list[tuple[int, Any, int]]:
    question = (
        select(Registration.event_id, what, func.count())
        .where(Registration.event_id.in_(list(events)), *chosen)
        .group_by(Registration.event_id, what)
    )
    return [(event_id, value, count) for event_id, value, count in db.session.execute(question)]
