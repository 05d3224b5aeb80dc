"""Events at which somebody with a seat lacks something that is given afterwards: a mark of attendance, a kursbevis.

That an event lacks nothing is seen from a few counts, and nobody is looked up one by one: of all that is known of an
event, what is known of those without a seat is taken off, and they are few.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from courseapp.db import Base
from courseapp.domain.event import LIVE_STATUSES, EventStatus
from courseapp.domain.registration import Status
from courseapp.models.attendance import Attendance, HoursGrant
from courseapp.models.certificate import STANDS, Certificate
from courseapp.models.event import Event, EventSession
from courseapp.models.registration import Registration

_SEATED = and_(Registration.event_id == Event.id, Registration.status == Status.REGISTERED)
_OTHERS = and_(
    Registration.event_id == Event.id,
    Registration.status.in_([status for status in Status if status is not Status.REGISTERED]),
)
_GOING = and_(EventSession.event_id == Event.id, ~EventSession.cancelled)


def events(*chosen: ColumnElement[bool]) -> Select[int]:
    """The numbers of those of the chosen events: all that lack something, and few that do not."""
    return select(Event.id).where(*chosen, or_(_unmarked(), _unproven()))


def _unmarked() -> ColumnElement[bool]:
    """At an event that gives hours and was held there are fewer marks than seats at its sessions."""
    gives_hours = aliased(EventSession)
    marks = select(func.count()).select_from(Attendance)
    there = marks.join(EventSession, EventSession.id == Attendance.session_id).where(_GOING)
    others = marks.join(Registration, Registration.id == Attendance.registration_id).where(_OTHERS)
    return and_(
        Event.status.in_([*LIVE_STATUSES, EventStatus.HELD]),
        exists(gives_hours.id).where(gives_hours.event_id == Event.id, ~gives_hours.cancelled, gives_hours.minutes > 0),
        _count(Registration, _SEATED) * _count(EventSession, _GOING) > _of_event(there) - _of_event(others),
    )


def _unproven() -> ColumnElement[bool]:
    """There are fewer kursbevis than seats, and something is known of somebody who has none."""
    papers = select(func.count()).select_from(Certificate)
    others = papers.join(Registration, Registration.id == Certificate.registration_id).where(_OTHERS, STANDS)
    held = and_(Certificate.event_id == Event.id, Certificate.stands, Certificate.registration_id.is_not(None))
    proven = exists(Certificate.id).where(Certificate.registration_id == Registration.id, STANDS)
    marked = exists(Attendance.registration_id).where(Attendance.registration_id == Registration.id)
    granted = exists(HoursGrant.registration_id).where(HoursGrant.registration_id == Registration.id)
    return and_(
        _count(Registration, _SEATED) > _of_event(papers.where(held)) - _of_event(others),
        exists(Registration.id).where(_SEATED, ~proven, or_(marked, granted)),
    )


def _count(table: type[Base], which: ColumnElement[bool]) -> ScalarSelect[int]:
    return _of_event(select(func.count()).select_from(table).where(which))


def _of_event(counted: Select[int]) -> ScalarSelect[int]:
    return counted.correlate(Event).scalar_subquery()
