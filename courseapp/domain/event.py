"""What an event is, when it takes sign-ups, and how many seats it has left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from courseapp.domain.errors import (
    DeadlinePassed,
    DomainError,
    EventCancelled,
    NotFound,
    SignUpClosed,
    SignUpNotOpenYet,
)


class EventKind(StrEnum):
    """The kinds of the offices' yearly reports (product description, «The things in it»)."""

    VEILEDERKURS = "veilederkurs"
    ALIS_KVELD = "alis_kveld"
    ALIS_DAG = "alis_dag"
    KURSHOLDERDAG = "kursholderdag"
    WEBINAR = "webinar"
    CONFERENCE = "conference"
    DIALOGUE_MEETING = "dialogue_meeting"
    STAND = "stand"
    PRESENTATION = "presentation"
    NEWSLETTER = "newsletter"
    FOLLOW_UP = "follow_up"
    OTHER = "other"


WITH_SIGN_UP = frozenset(
    {
        EventKind.VEILEDERKURS,
        EventKind.ALIS_KVELD,
        EventKind.ALIS_DAG,
        EventKind.KURSHOLDERDAG,
        EventKind.WEBINAR,
        EventKind.CONFERENCE,
    }
)
"""Kinds a doctor can sign up for; the others are typed in by the office."""

SHORT_FORM = frozenset({EventKind.ALIS_KVELD, EventKind.ALIS_DAG})
"""Kinds that ask only name, e-mail, role and workplace."""


class EventStatus(StrEnum):
    """Where an event is in its life."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    HELD = "held"


PUBLIC_STATUSES = frozenset({EventStatus.PUBLISHED, EventStatus.CLOSED, EventStatus.CANCELLED, EventStatus.HELD})

LIVE_STATUSES = frozenset({EventStatus.PUBLISHED, EventStatus.CLOSED})
"""Events that will take place: seats that come free are given."""


EVENT_MOVES = frozenset(
    {
        (EventStatus.DRAFT, EventStatus.PUBLISHED),
        (EventStatus.PUBLISHED, EventStatus.CLOSED),
        (EventStatus.CLOSED, EventStatus.PUBLISHED),
        (EventStatus.PUBLISHED, EventStatus.HELD),
        (EventStatus.CLOSED, EventStatus.HELD),
        (EventStatus.HELD, EventStatus.CLOSED),
    }
)
"""Moves by one button. Cancelling is an act of its own with a reason and letters, and nothing comes back from it."""


class SeatRule(StrEnum):
    """How seats are given."""

    FIRST_COME = "first_come"
    APPLICATION = "application"


class FillMode(StrEnum):
    """What happens to a seat that comes free while somebody waits."""

    CONFIRM = "confirm"
    OFFER = "offer"


class ReportTable(StrEnum):
    """The tables of the yearly report."""

    COURSES = "4.1"
    COURSES_TEXT = "4.1-text"
    REGIONAL = "4.2"
    NATIONAL = "4.3"


@dataclass(frozen=True, kw_only=True)
class SignUpWindow:
    """What decides whether an event takes sign-ups. Times are aware."""

    kind: EventKind
    status: EventStatus
    opens_at: datetime | None
    closes_at: datetime | None
    starts_at: datetime | None

    def refusal(self, now: datetime) -> DomainError | None:
        """Why a sign-up at `now` is refused, or None when it is welcome. The deadline itself is still in time."""
        if self.status is EventStatus.DRAFT or self.kind not in WITH_SIGN_UP:
            return NotFound()
        if self.status is EventStatus.CANCELLED:
            return EventCancelled()
        if self.status is not EventStatus.PUBLISHED or self.starts_at is None:
            return SignUpClosed()
        if self.opens_at is not None and now < self.opens_at:
            return SignUpNotOpenYet()
        if self.closes_at is not None and now > self.closes_at:
            return DeadlinePassed()
        return SignUpClosed() if now >= self.starts_at else None


def seats_left(*, capacity: int | None, taken: int, waiting: int) -> int | None:
    """Free seats for the public: none while anyone waits (nobody jumps the line), and None without a capacity."""
    if waiting:
        return 0
    return None if capacity is None else max(0, capacity - taken)


class SignUpState(StrEnum):
    """What the public is told about getting a seat."""

    OPEN = "open"
    FEW = "few"
    LINE = "line"
    NOT_YET = "not_yet"
    DEADLINE_PASSED = "deadline_passed"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    HELD = "held"


TAKES_SIGN_UPS = frozenset({SignUpState.OPEN, SignUpState.FEW, SignUpState.LINE})
FEW_SEATS = 5
"""From this many free seats down the list says «Få plasser igjen»."""


def sign_up_state(window: SignUpWindow, *, left: int | None, now: datetime) -> SignUpState:
    """The one word for an event's sign-up at `now`; what `SignUpWindow.refusal` refuses is never open here."""
    if window.status is EventStatus.CANCELLED:
        return SignUpState.CANCELLED
    if window.status is EventStatus.HELD or (window.starts_at is not None and now >= window.starts_at):
        return SignUpState.HELD
    match window.refusal(now):
        case None:
            return _open_state(left)
        case SignUpNotOpenYet():
            return SignUpState.NOT_YET
        case DeadlinePassed():
            return SignUpState.DEADLINE_PASSED
        case _:
            return SignUpState.CLOSED


def _open_state(left: int | None) -> SignUpState:
    if left is None or left > FEW_SEATS:
        return SignUpState.OPEN
    return SignUpState.FEW if left else SignUpState.LINE
