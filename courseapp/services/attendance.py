"""Marking who is there. Every act says how it shall be, so that one that comes again changes nothing.

The last to write about a person at a session is believed, by the server's clock; all who mark an event take turns.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from courseapp import clock
from courseapp.db import transaction
from courseapp.domain import attendance
from courseapp.domain.access import Actor
from courseapp.domain.attendance import AttendanceState, Mark, SessionCancelled
from courseapp.domain.errors import NotFound
from courseapp.domain.event import EventStatus
from courseapp.domain.registration import Status
from courseapp.links import links
from courseapp.models.attendance import Attendance, AttendanceTap
from courseapp.models.event import Event, EventSession
from courseapp.models.journal import AuditEntry
from courseapp.models.registration import Registration
from courseapp.services import enrolment, leader_links, seats
from courseapp.services.changes import turn_for

LONGEST_TOKEN = 64
TAPS_LAST = timedelta(days=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaderKey:
    """A course leader, as the key of her secret link."""

    key: str


Marker = Actor | LeaderKey
"""Whoever may mark: an organizer, or one who leads the event."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """Whom a mark names as its writer; neither for the person herself."""

    user_id: int | None = None
    leader_id: int | None = None


def mark(slug: str, session_id: int, registration_id: int, wanted: Mark | None, *, by: Marker, token: str = "") -> None:
    """Write how it is with one person at one session; None takes the mark away.

    `token` names the tap: one that has been heard before is not heard again, whatever came in between.
    Raises NotFound (also for people without a seat there), SessionCancelled, TooEarly, TooLate or MinutesWrong.
    """
    with transaction() as tx:
        event, who = _turn(tx, slug, by)
        held, now = session_of(event, session_id), clock.now()
        check_open(event, held, now)
        if wanted is not None:
            attendance.check_mark(wanted, attendance.length(held.starts_at, held.ends_at, held.minutes))
        person = tx.get(Registration, registration_id)
        if person is None or person.event_id != event.id or person.status is not Status.REGISTERED:
            raise NotFound
        if not _heard(tx, held, token, now):
            write(tx, person, event, held, wanted, who, now)


def mark_rest(slug: str, session_id: int, *, by: Marker, token: str = "") -> int:
    """«Alle til stede»: everybody who has no mark yet is present; returns how many. Raises as `mark`."""
    with transaction() as tx:
        event, who = _turn(tx, slug, by)
        held, now = session_of(event, session_id), clock.now()
        check_open(event, held, now)
        if _heard(tx, held, token, now):
            return 0
        batch = secrets.token_hex(8)
        rest = _unmarked(tx, event, held)
        for person in rest:
            write(tx, person, event, held, Mark(state=AttendanceState.PRESENT), who, now, batch=batch)
        return len(rest)


def undo_rest(slug: str, session_id: int, *, by: Marker) -> int:
    """Take back what the latest «alle til stede» wrote, where it still stands; returns how many. Raises as `mark`."""
    with transaction() as tx:
        event, who = _turn(tx, slug, by)
        held, now = session_of(event, session_id), clock.now()
        check_open(event, held, now)
        chosen = select(Attendance).where(Attendance.session_id == held.id, Attendance.batch != "")
        found = list(tx.scalars(chosen.order_by(Attendance.marked_at.desc(), Attendance.registration_id)))
        latest = [one for one in found if one.batch == found[0].batch]
        for one in latest:
            write(tx, tx.get_one(Registration, one.registration_id), event, held, None, who, now)
        return len(latest)


def check_in(key: str) -> None:
    """The holder of a participant's secret link says that she is here, at the session that is on now.

    A mark that stands is not touched. Raises NotFound where there is nothing to check in to.
    """
    with transaction() as tx:
        registration, event = seats.mine(tx, key)
        now = clock.now()
        held = next((one for one in event.sessions if _checks_in(event, one, now)), None)
        if held is None or registration.status is not Status.REGISTERED:
            raise NotFound
        _arrived(tx, registration, event, held, now)


def check_in_by_address(token: str, email: str) -> None:
    """Whoever has that address is at the session of a check-in code; an unknown address is nobody, and not told so.

    Raises NotFound for a code that is none, or outside its time.
    """
    session_id = links().read_check_in(token)
    with transaction() as tx:
        event = tx.scalar(
            select(Event)
            .join(EventSession, EventSession.event_id == Event.id)
            .where(EventSession.id == (session_id or 0))
            .with_for_update(of=Event)
        )
        if event is None:
            raise NotFound
        held, now = session_of(event, session_id or 0), clock.now()
        if not _checks_in(event, held, now):
            raise NotFound
        registration = enrolment.active(tx, event, email)
        if registration is not None and registration.status is Status.REGISTERED:
            _arrived(tx, registration, event, held, now)


def tidy(tx: Session, now: datetime) -> None:
    """Forget taps that nobody will send again."""
    tx.execute(delete(AttendanceTap).where(AttendanceTap.at < now - TAPS_LAST))


def session_of(event: Event, session_id: int) -> EventSession:
    """A session of the event. Raises NotFound for one of another event."""
    held = next((one for one in event.sessions if one.id == session_id), None)
    if held is None:
        raise NotFound
    return held


def check_open(event: Event, held: EventSession, now: datetime) -> None:
    """Raise SessionCancelled, TooEarly or TooLate where nothing may be marked at a session now."""
    if held.cancelled or event.status is EventStatus.CANCELLED:
        raise SessionCancelled
    attendance.check_time(held.starts_at, held.ends_at, now)


def write(
    tx: Session,
    person: Registration,
    event: Event,
    held: EventSession,
    wanted: Mark | None,
    who: Who,
    now: datetime,
    *,
    batch: str = "",
) -> None:
    """Write a mark and its line in the history; nothing where it stands like that already. For services."""
    row = tx.get(Attendance, (person.id, held.id))
    old = None if row is None else Mark(state=row.state, minutes=row.minutes)
    minutes = wanted.minutes if wanted and wanted.state is AttendanceState.PARTLY else None
    if old == (wanted and Mark(state=wanted.state, minutes=minutes)):
        return
    if wanted is None and row is not None:
        tx.delete(row)
    elif wanted is not None:
        if row is None:
            row = Attendance(registration_id=person.id, session_id=held.id)
            tx.add(row)
        row.previous_state, row.previous_minutes = (str(old.state), old.minutes) if old else (None, None)
        row.state, row.minutes, row.marked_at, row.batch = wanted.state, minutes, now, batch
        row.user_id, row.leader_id = who.user_id, who.leader_id
    tx.flush()
    tx.add(_entry(person, event, held, old, wanted and Mark(state=wanted.state, minutes=minutes), who, now))


def _turn(tx: Session, slug: str, by: Marker) -> tuple[Event, Who]:
    if isinstance(by, LeaderKey):
        event, leader = leader_links.turn_for(tx, by.key, slug)
        return event, Who(leader_id=leader.id)
    return turn_for(tx, slug, by), Who(user_id=by.user_id)


def _heard(tx: Session, held: EventSession, token: str, now: datetime) -> bool:
    """Whether this tap came before; from now on it did. The event's turn is taken, so two do not come at once."""
    if not token or len(token) > LONGEST_TOKEN:
        return False
    kept = f"{held.id}:{token}"
    if tx.get(AttendanceTap, kept) is not None:
        return True
    tx.add(AttendanceTap(token=kept, session_id=held.id, at=now))
    return False


def _unmarked(tx: Session, event: Event, held: EventSession) -> Sequence[Registration]:
    marked = select(Attendance.registration_id).where(Attendance.session_id == held.id)
    return tx.scalars(
        select(Registration)
        .where(
            Registration.event_id == event.id,
            Registration.status == Status.REGISTERED,
            Registration.id.not_in(marked),
        )
        .order_by(Registration.id)
    ).all()


def _checks_in(event: Event, held: EventSession, now: datetime) -> bool:
    going = event.self_check_in and not held.cancelled and event.status is not EventStatus.CANCELLED
    return going and attendance.may_check_in(held.starts_at, held.ends_at, now)


def _arrived(tx: Session, person: Registration, event: Event, held: EventSession, now: datetime) -> None:
    if tx.get(Attendance, (person.id, held.id)) is None:
        write(tx, person, event, held, Mark(state=AttendanceState.PRESENT), Who(), now)


def _entry(
    person: Registration, event: Event, held: EventSession, old: Mark | None, new: Mark | None, who: Who, now: datetime
) -> AuditEntry:
    """Codes and numbers only. A leader is nobody who logs in, so her number stands among the details."""
    details: dict[str, str | int] = {
        "session": held.id,
        "old": str(old.state) if old else "",
        "new": str(new.state) if new else "",
        **({"minutes": new.minutes} if new and new.minutes else {}),
        **({"leader": who.leader_id} if who.leader_id else {}),
    }
    entry = seats.entry(person, event, "attendance_marked", now, actor="user" if who.user_id else "public", **details)
    entry.user_id = who.user_id
    return entry
