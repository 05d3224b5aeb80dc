"""Event.stamp and Office.stamp: another number whenever something changes that public pages show of them.

Event.facts_stamp stays the same while only seats are taken and given back.

Pages are kept as long as the stamp is the same (`queries/shown.py`), so it is renewed here, at the one place that every
change passes, and in the transaction of the change: whoever reads the new stamp can read what is new.
Only statements that write many rows at once pass by; `tests/house/test_stamps.py` lists those.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from sqlalchemy import ColumnElement, Update, bindparam, event, inspect, or_, select, update
from sqlalchemy.orm import InstanceState, Session, UOWTransaction

from courseapp.db import Base
from courseapp.models.event import Approval, Event, EventLeader, EventPartner, EventSession
from courseapp.models.office import District, Office, fresh_stamp
from courseapp.models.person import CourseLeader
from courseapp.models.registration import Registration

_CHANGED = "events whose pages have changed"
_SEATS = frozenset({"status", "mode", "event_id"})
_UNSEEN = frozenset({"last_line_no", "people_forgotten_at", "told"})
"""Columns of an event that no public page shows, and that change as people come and go."""
_TABLE = Base.metadata.tables[Event.__tablename__]
_SEATS_CHANGED = update(_TABLE).where(_TABLE.c.id == bindparam("number")).values(stamp=bindparam("fresh"))


@event.listens_for(Session, "after_flush")
def _note(tx: Session, _context: UOWTransaction) -> None:
    """Remember whose pages a flush has changed."""
    changed = (one for one in tx.dirty if _seen(one))
    found = {which for one in chain(tx.new, tx.deleted, changed) for which in _shown_by(one)}
    tx.info.setdefault(_CHANGED, set()).update(found)


@event.listens_for(Session, "before_commit")
def _renew(tx: Session) -> None:
    """Renew their stamps, last of all: the rows are locked no longer than they must be."""
    tx.flush()
    changed: set[tuple[type, int]] = tx.info.pop(_CHANGED, set())
    facts = [_events(kind, number) for kind, number in changed if kind is not Registration]
    seats = {number for kind, number in changed if kind is Registration}
    fresh = fresh_stamp()
    for number in sorted(seats):  # one nearly always, and one order, so that nobody waits crosswise
        tx.execute(_SEATS_CHANGED, {"number": number, "fresh": fresh})
    if facts:
        _write(tx, update(Event).where(or_(*facts)).values(stamp=fresh, facts_stamp=fresh))
    if offices := [number for kind, number in changed if kind is Office]:
        _write(tx, update(Office).where(Office.id.in_(offices)).values(stamp=fresh))


def _write(tx: Session, renewal: Update) -> None:
    tx.execute(renewal, execution_options={"synchronize_session": False})


@event.listens_for(Session, "after_rollback")
def _forget(tx: Session) -> None:
    tx.info.pop(_CHANGED, None)


def _seen(one: object) -> bool:
    """Whether what changed of a row is shown anywhere."""
    state: InstanceState[object] = inspect(one)
    changed = set(state.manager) - state.unmodified
    return bool(changed & _SEATS) if isinstance(one, Registration) else bool(changed - _UNSEEN)


def _shown_by(one: object) -> Iterator[tuple[type, int]]:
    """Which events show a row: one, or an office's, or a leader's; under Registration the one whose seats are meant."""
    match one:
        case Event():
            yield Event, one.id
        case EventSession() | Approval() | EventLeader() | EventPartner():
            yield Event, one.event_id
        case Registration():
            yield Registration, one.event_id
        case CourseLeader():
            yield CourseLeader, one.id
        case Office():
            yield Office, one.id
        case District():
            yield Office, one.office_id
        case _:
            pass


def _events(kind: type, number: int) -> ColumnElement[bool]:
    if kind is Event:
        return Event.id == number
    if kind is CourseLeader:
        return Event.id.in_(select(EventLeader.event_id).where(EventLeader.leader_id == number))
    joint = select(EventPartner.event_id).where(EventPartner.office_id == number)
    return (Event.office_id == number) | Event.id.in_(joint)
