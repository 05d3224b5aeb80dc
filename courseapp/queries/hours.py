"""What everybody attended and earned at an event, for the page and for kursbevis."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from courseapp.db import db
from courseapp.domain import attendance
from courseapp.domain.access import Actor, may_organize
from courseapp.domain.attendance import Earned, Hours, HoursRule, Lack, Mark, Meeting
from courseapp.domain.registration import Role, Status
from courseapp.domain.rows import EventPage, SessionRow
from courseapp.models.account import User
from courseapp.models.attendance import Attendance, HoursGrant
from courseapp.models.event import Event
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
