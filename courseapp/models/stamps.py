"""Event.stamp and Office.stamp: another number whenever something changes that public pages show of them.

Pages are kept as long as the stamp is the same (`queries/shown.py`), so it is renewed here, at the one place that every
change passes, and in the transaction of the change: whoever reads the new stamp can read what is new.
Only statements that write many rows at once pass by; `tests/house/test_stamps.py` lists those.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from sqlalchemy import ColumnElement, Update, event, or_, select, update
from sqlalchemy.orm import Session, UOWTransaction
from sqlalchemy.orm.attributes import get_history

from courseapp.models.event import Approval, Event, EventLeader, EventPartner, EventSession
from courseapp.models.office import District, Office, fresh_stamp
from courseapp.models.person import CourseLeader
from courseapp.models.registration import Registration

_CHANGED = "events whose pages have changed"
_SEATS = ("status", "mode", "event_id")


@event.listens_for(Session, "after_flush")
def _note(tx: Session, _context: UOWTransaction) -> None:
    """Remember whose pages a flush has changed."""
    whole = chain(tx.new, tx.deleted)
    found = {which for one in whole for which in _shown_by(one)}
    found |= {which for one in tx.dirty for which in _shown_by(one, names=_SEATS)}
    tx.info.setdefault(_CHANGED, set()).update(found)


@event.listens_for(Session, "before_commit")
def _renew(tx: Session) -> None:
    """Renew their stamps, last of all: the rows are locked no longer than they must be."""
    tx.flush()
    changed: set[tuple[type, int]] = tx.info.pop(_CHANGED, set())
    if changed:
        _write(tx, update(Event).where(or_(*(_events(kind, number) for kind, number in changed))))
    if offices := [number for kind, number in changed if kind is Office]:
        _write(tx, update(Office).where(Office.id.in_(offices)))


def _write(tx: Session, which: Update) -> None:
    tx.execute(which.values(stamp=fresh_stamp()), execution_options={"synchronize_session": False})


@event.listens_for(Session, "after_rollback")
def _forget(tx: Session) -> None:
    tx.info.pop(_CHANGED, None)


def _shown_by(one: object, names: tuple[str, ...] = ()) -> Iterator[tuple[type, int]]:
    """Which events show a row: one, an office's, a leader's. Of a registration only changes in `names` are seen."""
    match one:
        case Event():
            yield Event, one.id
        case EventSession() | Approval() | EventLeader() | EventPartner():
            yield Event, one.event_id
        case Registration() if not names or any(get_history(one, name).has_changes() for name in names):
            yield Event, one.event_id
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
