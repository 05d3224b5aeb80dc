"""The negative control: the same application with the lock taken out, as frameworks leave it by default.

SQLite begins at the first write only (the driver's own habit), PostgreSQL reads the event without its row lock.
"""

import time
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from courseapp import db
from courseapp.app import create_app
from courseapp.config import Settings
from courseapp.domain.rows import Seats
from courseapp.models.event import Event
from courseapp.services import seats, tries


def _take_no_turn(tx: Session, event_id: int) -> Event:
    return tx.scalars(select(Event).where(Event.id == event_id)).one()


def _set_up(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA busy_timeout = 30000")


def _begin(connection: Any) -> None:
    """The driver does, when something is first written."""


class _NoTurn:
    def acquire(self, timeout: float) -> bool:
        return timeout > 0

    def release(self) -> None: ...


_count = seats.count


def _count_and_dawdle(tx: Session, event: Event) -> Seats:
    """Other people get their chance between the count and the seat, whatever the machine is doing."""
    counted = _count(tx, event)
    time.sleep(0.01)
    return counted


def _count_no_tries(*_given: object, **_named: object) -> int:
    """A write before the count would be a lock by another name on SQLite."""
    return 1


seats.take_turn = _take_no_turn
vars(tries)["count"] = _count_no_tries
seats.count = _count_and_dawdle
db._set_up, db._begin = _set_up, _begin
db._sqlite_turn = _NoTurn()  # type: ignore[assignment]
app = create_app(Settings.from_env())
