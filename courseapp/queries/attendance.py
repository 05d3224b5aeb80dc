"""Who is at which session: the list to mark on, with who marked and when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courseapp import when
from courseapp.db import db
from courseapp.domain import attendance
from courseapp.domain.access import Actor, check, may_organize, may_see_persons
from courseapp.domain.attendance import AttendanceState, SessionCancelled
from courseapp.domain.errors import DomainError, NotFound
from courseapp.domain.event import EventStatus
from courseapp.domain.modes import Mode
from courseapp.domain.registration import Role, Status
from courseapp.domain.rows import EventPage, SessionRow
from courseapp.models.account import User
from courseapp.models.attendance import Attendance
from courseapp.models.event import Event, EventSession
from courseapp.models.person import CourseLeader
from courseapp.models.registration import Registration
from courseapp.queries import events, groups
from courseapp.queries.head_counts import HeadCount, has_hours, heads

_ROLES = list(Role)
LAST = 1_000_000


class Order(StrEnum):
    """How the list is laid out."""

    NAME = "navn"
    ROLE = "rolle"
    GROUP = "gruppe"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """One person. `state` and `undo` are codes, empty for nothing; `undo` is what stood here before.

    `marked_by` is a name; empty where she said it herself.
    """

    id: int
    name: str
    role: Role
    workplace: str
    group: int | None
    mode: Mode | None = None
    state: str = ""
    minutes: int | None = None
    marked_at: datetime | None = None
    marked_by: str = ""
    undo: str = ""
    undo_minutes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Some of the people under a heading: a role or a group's number; neither for all, or for those in no group."""

    role: Role | None
    group: int | None
    people: tuple[PersonRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionChoice:
    """One session that can be chosen, and how many were there in full or partly."""

    session: SessionRow
    present: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendancePage:
    """The page of one session. `obstacle` is a sentence where nothing can be marked now; `longest` bounds minutes.

    `undoable`: what «alle til stede» wrote stands, and can be taken back. `heads` only for events without hours.
    """

    event: EventPage
    sessions: tuple[SessionChoice, ...]
    chosen: SessionRow
    order: Order
    sections: tuple[Section, ...]
    total: int
    present: int
    unmarked: int
    longest: int
    obstacle: str
    undoable: bool
    may_mark: bool
    may_organize: bool
    has_groups: bool
    heads: HeadCount | None
    self_check_in: bool

    @property
    def rooms(self) -> tuple[tuple[Mode, int, int], ...]:
        """Of each room of a hybrid event: how many are there, of how many."""
        there = Counter(one.mode for one in self.people if one.state in {"present", "partly"})
        everybody = Counter(one.mode for one in self.people)
        return tuple((mode, there[mode], everybody[mode]) for mode, _seats in self.event.seats.rooms)

    @property
    def people(self) -> tuple[PersonRow, ...]:
        """Everybody, in the order of the page."""
        return tuple(one for section in self.sections for one in section.people)


def event_for(actor: Actor, slug: str) -> Event:
    """The event, for those who may see its persons. Raises NotFound for everybody else."""
    event = events.whole(slug)
    if event is None:
        raise NotFound
    check(may_see_persons(actor, offices_of(event)))
    return event


def offices_of(event: Event) -> list[int]:
    """The responsible office and its partners."""
    return [event.office_id, *(office.id for office in event.partners)]


def chosen_session(event: Event, now: datetime) -> int | None:
    """Today's session; on other days the latest that has begun, or the first to come. None without sessions."""
    going = [one for one in event.sessions if not one.cancelled]
    today = [one for one in going if when.local(one.starts_at).date() == when.local(now).date()]
    begun = [one for one in going if one.starts_at <= now]
    running = [one for one in today if one.ends_at > now]
    best = (running or today)[:1] or begun[-1:] or going[:1]
    return best[0].id if best else None


def session(actor: Actor, slug: str, session_id: int, now: datetime, order: Order = Order.NAME) -> AttendancePage:
    """The page at the desk. Raises NotFound for other offices' events, and for sessions of another event."""
    event = event_for(actor, slug)
    return of_session(event, session_id, now, order, organizes=may_organize(actor, offices_of(event)))


def of_session(
    event: Event, session_id: int, now: datetime, order: Order, *, organizes: bool, leads: bool = False
) -> AttendancePage:
    """The page, for an event that the caller has seen to that its reader may see. Raises NotFound."""
    held = next((one for one in event.sessions if one.id == session_id), None)
    if held is None:
        raise NotFound
    rows = events.as_sessions(event.sessions)
    marks = {one.registration_id: one for one in _marks(held.id)}
    people = people_of(event, marks)
    present = present_at(db.session(), [one.id for one in event.sessions])
    obstacle = obstacle_of(event, held, now)
    return AttendancePage(
        event=events.as_page(event, events.seats_of(db.session(), [event])[event.id], now),
        sessions=tuple(SessionChoice(session=one, present=present.get(one.id, 0)) for one in rows),
        chosen=next(one for one in rows if one.id == held.id),
        order=order,
        sections=sections(people, order),
        total=len(people),
        present=present.get(held.id, 0),
        unmarked=sum(not one.state for one in people),
        longest=attendance.length(held.starts_at, held.ends_at, held.minutes),
        obstacle=obstacle,
        undoable=any(one.batch for one in marks.values()),
        may_mark=(organizes or leads) and not obstacle,
        may_organize=organizes,
        has_groups=any(one.group for one in people),
        heads=None if has_hours(event) else heads(event, now),
        self_check_in=event.self_check_in,
    )


def obstacle_of(event: Event, held: EventSession, now: datetime) -> str:
    """Why attendance at a session cannot be marked now, as a sentence; empty where it can."""
    if held.cancelled or event.status is EventStatus.CANCELLED:
        return SessionCancelled.message
    try:
        attendance.check_time(held.starts_at, held.ends_at, now)
    except DomainError as refusal:
        return refusal.message
    return ""


def people_of(event: Event, marks: dict[int, Attendance] | None = None) -> list[PersonRow]:
    """Everybody with a seat, by name; with their marks where those are given."""
    marks = marks or {}
    group_of, markers = groups.of_event(event.id), _markers(marks.values())
    found = db.session.scalars(
        select(Registration).where(Registration.event_id == event.id, Registration.status == Status.REGISTERED)
    )
    return [
        PersonRow(
            id=one.id,
            name=one.full_name,
            role=one.primary_role,
            workplace=one.workplace,
            group=group_of.get(one.id),
            mode=one.mode,
            **(_marked(marks[one.id], markers) if one.id in marks else {}),
        )
        for one in sorted(found, key=lambda one: (one.sort_key, one.id))
    ]


def sections(people: Sequence[PersonRow], order: Order) -> tuple[Section, ...]:
    """The people as the page lays them out; those in no group stand last."""
    if order is Order.NAME:
        return (Section(role=None, group=None, people=tuple(people)),)
    ordered = sorted(people, key=lambda one: _place(one, order))
    runs = groupby(ordered, key=lambda one: _place(one, order))
    found = [tuple(run) for _key, run in runs]
    if order is Order.ROLE:
        return tuple(Section(role=run[0].role, group=None, people=run) for run in found)
    return tuple(Section(role=None, group=run[0].group, people=run) for run in found)


def _place(one: PersonRow, order: Order) -> int:
    return _ROLES.index(one.role) if order is Order.ROLE else one.group or LAST


def present_at(session: Session, session_ids: Sequence[int]) -> dict[int, int]:
    """How many of those with a seat were at each session, in full or partly."""
    found = session.execute(
        select(Attendance.session_id, func.count())
        .join(Registration, Registration.id == Attendance.registration_id)
        .where(
            Attendance.session_id.in_(session_ids),
            Attendance.state != AttendanceState.ABSENT,
            Registration.status == Status.REGISTERED,
        )
        .group_by(Attendance.session_id)
    )
    return {row[0]: row[1] for row in found}


def _marks(session_id: int) -> Sequence[Attendance]:
    return db.session.scalars(select(Attendance).where(Attendance.session_id == session_id)).all()


def _marked(mark: Attendance, markers: dict[tuple[str, int], str]) -> dict[str, Any]:
    who = ("user", mark.user_id) if mark.user_id else ("leader", mark.leader_id or 0)
    return {
        "state": str(mark.state),
        "minutes": mark.minutes,
        "marked_at": mark.marked_at,
        "marked_by": markers.get(who, ""),
        "undo": mark.previous_state or "",
        "undo_minutes": mark.previous_minutes,
    }


def _markers(marks: Iterable[Attendance]) -> dict[tuple[str, int], str]:
    """Names of those who marked."""
    marks = list(marks)
    users = {one.user_id for one in marks if one.user_id}
    leaders = {one.leader_id for one in marks if one.leader_id}
    found: dict[tuple[str, int], str] = {}
    if users:
        rows = db.session.execute(select(User.id, User.name).where(User.id.in_(users)))
        found |= {("user", row[0]): row[1] for row in rows}
    if leaders:
        rows = db.session.execute(select(CourseLeader.id, CourseLeader.name).where(CourseLeader.id.in_(leaders)))
        found |= {("leader", row[0]): row[1] for row in rows}
    return found
