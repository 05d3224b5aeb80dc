"""A course that is on today, with people, for marking attendance."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from courseapp.db import db, transaction
from courseapp.domain.attendance import AttendanceState, Mark
from courseapp.links import links
from courseapp.models.attendance import Attendance
from courseapp.models.event import Event, EventLeader
from courseapp.models.person import CourseLeader
from tests.conftest import NOW
from tests.making import make_event

HERE, AWAY = Mark(state=AttendanceState.PRESENT), Mark(state=AttendanceState.ABSENT)
TODAY = (NOW - timedelta(hours=1), NOW + timedelta(days=27, hours=-1))
"""The first day began an hour ago; the second is four weeks away."""


def partly(minutes: int) -> Mark:
    """There for so long."""
    return Mark(state=AttendanceState.PARTLY, minutes=minutes)


def course(starts: tuple[datetime, ...] = TODAY, **more: Any) -> Event:
    """A course whose first day is today; each day gives nine hours."""
    return make_event(starts=starts, **more)


def marks(session_id: int) -> list[tuple[int, str, int | None]]:
    """Who is marked how at a session."""
    db.session.rollback()
    found = db.session.scalars(
        select(Attendance).where(Attendance.session_id == session_id).order_by(Attendance.registration_id)
    )
    return [(one.registration_id, str(one.state), one.minutes) for one in found]


def leads(event: Event, leader_id: int) -> str:
    """Put a leader on an event and open her link; returns its key."""
    with transaction() as tx:
        position = len(tx.get_one(Event, event.id).leaders) + 1
        tx.add(EventLeader(event_id=event.id, leader_id=leader_id, position=position))
        leader = tx.get_one(CourseLeader, leader_id)
        if leader.link_sent_at is None:
            leader.link_serial, leader.link_sent_at = leader.link_serial + 1, NOW
    return links().leader_key(leader_id, leader.link_serial)
