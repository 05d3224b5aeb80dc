"""What everybody attended and earned at an event, for the page and for kursbevis."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Subquery, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session

from courseapp.db import db
from courseapp.domain import attendance
from courseapp.domain.access import Actor, may_organize
from courseapp.domain.attendance import AttendanceState, Earned, Hours, HoursRule, Lack, Mark, Meeting
from courseapp.domain.registration import Role, Status
from courseapp.domain.rows import EventPage, SessionRow
from courseapp.models.account import User
from courseapp.models.attendance import Attendance, HoursGrant
from courseapp.models.certificate import Certificate
from courseapp.models.event import Event, EventSession
from courseapp.models.registration import Registration
from courseapp.queries import events
from courseapp.queries.attendance import event_for, offices_of


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantRow:
    """Hours given by hand: minutes, why, by whom and when."""

    minutes: int
    note: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursRow:
    """One person with a seat. `marks` follow the sessions that take place; None where nothing is marked."""

    id: int
    name: str
    role: Role
    marks: tuple[Mark | None, ...]
    hours: Hours
    grant: GrantRow | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursPage:
    """The page. `sessions`: those that take place; `total` is what they give together, in minutes."""

    event: EventPage
    sessions: tuple[SessionRow, ...]
    rule: HoursRule
    rows: tuple[HoursRow, ...]
    total: int
    full: int
    unmarked: int
    may_organize: bool


def of_event(actor: Actor, slug: str, now: datetime) -> HoursPage:
    """Everybody with a seat, by name. Raises NotFound for events the actor may not see persons of."""
    event = event_for(actor, slug)
    rows = rows_of(db.session(), event)
    return HoursPage(
        event=events.as_page(event, events.seats_of(db.session(), [event])[event.id], now),
        sessions=tuple(one for one in events.as_sessions(event.sessions) if not one.cancelled),
        rule=event.hours_rule,
        rows=rows,
        total=sum(one.minutes for one in meetings_of(event)),
        full=sum(one.hours.earned is Earned.FULL for one in rows),
        unmarked=sum(any(lack is Lack.UNMARKED for _id, lack in one.hours.missing) for one in rows),
        may_organize=may_organize(actor, offices_of(event)),
    )


def rows_of(session: Session, event: Event) -> tuple[HoursRow, ...]:
    """Everybody with a seat, by name, read with the given session. The caller has checked who asks."""
    people = session.scalars(
        select(Registration).where(Registration.event_id == event.id, Registration.status == Status.REGISTERED)
    ).all()
    meetings, marks, grants = meetings_of(event), _marks(session, event), _grants(session, event)
    return tuple(
        HoursRow(
            id=one.id,
            name=one.full_name,
            role=one.primary_role,
            marks=tuple(marks.get(one.id, {}).get(meeting.id) for meeting in meetings),
            hours=attendance.hours(
                meetings,
                marks.get(one.id, {}),
                rule=event.hours_rule,
                granted=grants[one.id].minutes if one.id in grants else None,
            ),
            grant=grants.get(one.id),
        )
        for one in sorted(people, key=lambda one: (one.sort_key, one.id))
    )


def alike(events: Sequence[Event], *, without_certificate: bool = False) -> Iterator[tuple[int, int, int]]:
    """(event, the minutes it gives, how many people): those with the same marks and grant come as one, by event.

    Only people with a seat of whom anything is known; with `without_certificate` only those who have no kursbevis.
    """
    known = _attended([one.id for one in events])
    same = (known.c.event_id, known.c.minutes, known.c.whole, HoursGrant.minutes)
    question = (
        select(*same, func.count())
        .outerjoin(HoursGrant, HoursGrant.registration_id == known.c.id)
        .where(or_(known.c.marked > 0, HoursGrant.minutes.is_not(None)))
        .group_by(*same)
    )
    if without_certificate:
        question = question.where(~exists().where(Certificate.registration_id == known.c.id, Certificate.stands))
    by_id = {one.id: (one, meetings_of(one)) for one in events}
    for event_id, minutes, whole, granted, count in db.session.execute(question):
        event, meetings = by_id[event_id]
        _earned, given = attendance.outcome(
            total=sum(one.minutes for one in meetings),
            attended=minutes,
            whole=0 < len(meetings) == whole,
            rule=event.hours_rule,
            granted=granted,
        )
        yield event_id, given, count


def _attended(event_ids: Sequence[int]) -> Subquery:
    """Of each with a seat: minutes she was there, sessions she was at for all of it, marks. No called-off days."""
    whole_day, stayed = func.coalesce(EventSession.minutes, 0), func.coalesce(Attendance.minutes, 0)
    there = Attendance.state == AttendanceState.PRESENT
    partly = Attendance.state == AttendanceState.PARTLY
    minutes = case((there, whole_day), (and_(partly, stayed < whole_day), stayed), (partly, whole_day), else_=0)
    whole = case((there, 1), (and_(partly, whole_day > 0, stayed >= whole_day), 1), else_=0)
    takes_place = and_(EventSession.id == Attendance.session_id, EventSession.cancelled.is_(False))
    return (
        select(
            Registration.event_id,
            Registration.id,
            func.coalesce(func.sum(case((EventSession.id.is_not(None), minutes), else_=0)), 0).label("minutes"),
            func.coalesce(func.sum(case((EventSession.id.is_not(None), whole), else_=0)), 0).label("whole"),
            func.count(Attendance.session_id).label("marked"),
        )
        .outerjoin(Attendance, Attendance.registration_id == Registration.id)
        .outerjoin(EventSession, takes_place)
        .where(Registration.event_id.in_(event_ids), Registration.status == Status.REGISTERED)
        .group_by(Registration.event_id, Registration.id)
        .subquery()
    )


def meetings_of(event: Event) -> list[Meeting]:
    """The sessions that take place, as the rule sees them."""
    return [Meeting(id=one.id, minutes=one.minutes or 0) for one in event.sessions if not one.cancelled]


def _marks(session: Session, event: Event) -> dict[int, dict[int, Mark]]:
    found: dict[int, dict[int, Mark]] = {}
    ids = [one.id for one in event.sessions]
    for one in session.scalars(select(Attendance).where(Attendance.session_id.in_(ids))):
        found.setdefault(one.registration_id, {})[one.session_id] = Mark(state=one.state, minutes=one.minutes)
    return found


def _grants(session: Session, event: Event) -> dict[int, GrantRow]:
    rows = session.execute(
        select(HoursGrant, User.name)
        .join(Registration, Registration.id == HoursGrant.registration_id)
        .join(User, User.id == HoursGrant.user_id)
        .where(Registration.event_id == event.id)
    )
    return {
        grant.registration_id: GrantRow(minutes=grant.minutes, note=grant.note, by=name, at=grant.at)
        for grant, name in rows
    }
