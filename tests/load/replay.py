"""Reads an event's history back, act by act, and sees whether each was fair at its moment.

Acts of one event take turns, so their numbers in the audit trail are the order in which they happened.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from courseapp.db import db
from courseapp.domain.registration import TAKES_SEAT, Status
from courseapp.models.journal import AuditEntry

GIVES = {"seat_given": Status.REGISTERED, "seat_offered": Status.OFFERED}
ENDS = {
    "cancelled": Status.CANCELLED,
    "removed": Status.CANCELLED,
    "offer_declined": Status.DECLINED,
    "offer_expired": Status.DECLINED,
}


@dataclass
class Story:
    """Where everybody stands at one moment, and who waits in which order."""

    capacity: int
    statuses: dict[int, Status] = field(default_factory=dict)
    line: list[int] = field(default_factory=list)
    overbooked: int = 0
    most: int = 0

    @property
    def taken(self) -> int:
        """Seats that are somebody's, offered ones included."""
        return sum(status in TAKES_SEAT for status in self.statuses.values())

    def happened(self, verb: str, who: int | None, details: dict[str, Any]) -> None:
        """One act; unfair or impossible ones fail."""
        if verb == "seats_changed":
            self.capacity = details["new"]
        if who is None:
            return
        if verb in {"signed_up", "moved_from"}:
            self._comes(who, Status(details["status"]))
        elif verb in GIVES:
            assert self.line[:1] == [who], f"{who} got a seat before {self.line}"
            assert self.taken < self.capacity, f"{who} got seat {self.taken + 1} of {self.capacity}"
            self.line.remove(who)
            self.statuses[who] = GIVES[verb]
        elif verb == "offer_accepted":
            assert self.statuses[who] is Status.OFFERED
            self.statuses[who] = Status.REGISTERED
        elif verb == "seat_given_by_hand":
            self.line = [one for one in self.line if one != who]
            self.statuses[who] = Status.REGISTERED
            self.overbooked += self.taken > self.capacity
        elif verb == "waits_on":
            assert self.statuses[who] is Status.DECLINED
            self._waits(who)
        elif verb in ENDS:
            assert self.statuses[who] in {Status.REGISTERED, Status.WAITLISTED, Status.OFFERED}, (verb, who)
            self.line = [one for one in self.line if one != who]
            self.statuses[who] = ENDS[verb]
        self.most = max(self.most, self.taken)

    def _comes(self, who: int, status: Status) -> None:
        assert who not in self.statuses, f"{who} came twice"
        if status is Status.REGISTERED:
            assert not self.line, f"{who} passed {self.line}"
            assert self.taken < self.capacity, f"{who} got seat {self.taken + 1} of {self.capacity}"
            self.statuses[who] = status
        else:
            self._waits(who)

    def _waits(self, who: int) -> None:
        self.line.append(who)
        self.statuses[who] = Status.WAITLISTED


def story(event_id: int, capacity: int) -> Story:
    """The whole history of an event that began empty with that many seats."""
    db.session.rollback()
    told = Story(capacity)
    rows = db.session.execute(
        select(AuditEntry.verb, AuditEntry.registration_id, AuditEntry.details)
        .where(AuditEntry.event_id == event_id)
        .order_by(AuditEntry.id)
    )
    for verb, who, details in rows:
        told.happened(verb, who, details or {})
    return told
