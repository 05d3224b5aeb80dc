"""The life of a registration: its statuses, the moves allowed, and who gets a seat."""

from __future__ import annotations

from enum import StrEnum

from courseapp.domain.errors import MoveNotAllowed


class Status(StrEnum):
    """Where a registration stands."""

    APPLIED = "applied"
    REGISTERED = "registered"
    WAITLISTED = "waitlisted"
    OFFERED = "offered"
    CANCELLED = "cancelled"
    DECLINED = "declined"


ACTIVE = frozenset({Status.APPLIED, Status.REGISTERED, Status.WAITLISTED, Status.OFFERED})
"""At most one of these per event and address; the database says the same."""

TAKES_SEAT = frozenset({Status.REGISTERED, Status.OFFERED})
"""An offered seat counts as taken."""

ALLOWED: frozenset[tuple[Status, Status]] = frozenset(
    {
        (Status.APPLIED, Status.REGISTERED),
        (Status.APPLIED, Status.WAITLISTED),
        (Status.APPLIED, Status.OFFERED),
        (Status.APPLIED, Status.DECLINED),
        (Status.APPLIED, Status.CANCELLED),
        (Status.WAITLISTED, Status.REGISTERED),
        (Status.WAITLISTED, Status.OFFERED),
        (Status.WAITLISTED, Status.CANCELLED),
        (Status.OFFERED, Status.REGISTERED),
        (Status.OFFERED, Status.WAITLISTED),
        (Status.OFFERED, Status.DECLINED),
        (Status.OFFERED, Status.CANCELLED),
        (Status.REGISTERED, Status.CANCELLED),
        (Status.DECLINED, Status.WAITLISTED),
    }
)
"""The one table of moves. Who declined, or let an offer run out, may wait on at the end of the line; nothing leaves
cancelled, because a re-sign-up is a new registration."""


MOST_CORRECTIONS = 1
"""How often the browser that signed up may correct the address. A second time would tell what the first one met."""


def check_move(current: Status, wanted: Status) -> None:
    """Raise MoveNotAllowed unless the table has the move."""
    if (current, wanted) not in ALLOWED:
        raise MoveNotAllowed


class Role(StrEnum):
    """What a participant is today; codes are part of the contract with the outside."""

    SPECIALIST_GENERAL_PRACTICE = "specialist_general_practice"
    SPECIALIST_COMMUNITY_MEDICINE = "specialist_community_medicine"
    OTHER_SPECIALIST = "other_specialist"
    ALIS = "alis"
    SAMLIS = "samlis"
    LIS1 = "lis1"
    DOCTOR = "doctor"
    MEDICAL_STUDENT = "medical_student"
    NOT_DOCTOR = "not_doctor"


class Supervises(StrEnum):
    """Whom a participant supervises now."""

    LIS1 = "lis1"
    ALIS = "alis"
    SAMLIS = "samlis"
    NONE = "none"


class Reason(StrEnum):
    """Why a participant takes the course."""

    SUPERVISOR = "supervisor"
    LEARNING_ACTIVITY = "learning_activity"
    EMNEKURS = "emnekurs"
    OTHER = "other"


class Source(StrEnum):
    """Which door a registration came through."""

    PUBLIC = "public"
    ORGANIZER = "organizer"
    IMPORT = "import"
    GENERATED = "generated"


def first_status(*, capacity: int | None, taken: int, waiting: int) -> Status:
    """A free seat is yours; otherwise you wait in line, and so you do while anyone else waits."""
    full = waiting > 0 or (capacity is not None and taken >= capacity)
    return Status.WAITLISTED if full else Status.REGISTERED
