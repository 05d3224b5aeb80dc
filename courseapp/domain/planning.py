"""A wish for a new event, and what must hold before it can be made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from typing import Protocol

from courseapp.domain.errors import DomainError
from courseapp.domain.event import WITH_SIGN_UP, EventKind, EventStatus, FillMode, ReportTable, SeatRule
from courseapp.domain.modes import NEVER_HYBRID, DigitalPlacesAlone, NeverHybrid
from courseapp.domain.plan_errors import (
    AlreadyStarted,
    ApprovalsMissing,
    NoSignUpForKind,
    NotHeldYet,
    NoTitle,
    PlaceMissing,
    RoomMissing,
    SessionsMissing,
    WrongApproval,
    WrongCapacity,
    WrongHours,
    WrongLink,
    WrongMinutes,
    WrongNumber,
    WrongStatus,
    WrongTimes,
    WrongWindow,
)
from courseapp.domain.rows import ApprovalRow

COURSE_MINUTES = 18 * 60
COURSE_CAPACITY = 30
COURSE_TITLE = "Kurs i individuell veiledning i spesialistutdanningen for leger"
COURSE_APPROVALS = (
    ApprovalRow(text="i spesialistutdanningen i samfunnsmedisin", minutes=COURSE_MINUTES),
    ApprovalRow(text="som klinisk emnekurs i videre- og etterutdanningen i allmennmedisin", minutes=COURSE_MINUTES),
)
"""The two approvals of a veilederkurs, each with its own hours (the offices' yearly reports)."""

APPROVAL_FIELDS = ("samfunnsmedisin", "allmennmedisin")
BIRTH_STATUSES = frozenset({EventStatus.DRAFT, EventStatus.PUBLISHED, EventStatus.HELD})
LARGEST = 10_000
REPORT_TABLES = {
    EventKind.VEILEDERKURS: ReportTable.COURSES,
    EventKind.KURSHOLDERDAG: ReportTable.COURSES_TEXT,
    EventKind.CONFERENCE: ReportTable.NATIONAL,
    EventKind.STAND: ReportTable.NATIONAL,
}
"""Where a kind is counted in the yearly report; what is not here is a regional activity (4.2)."""


class Meeting(Protocol):
    """What any session has, wished for or kept."""

    @property
    def starts_at(self) -> datetime:
        """Its beginning."""

    @property
    def ends_at(self) -> datetime:
        """Its end."""

    @property
    def video_url(self) -> str:
        """Where to call in, or nothing."""

    @property
    def minutes(self) -> int | None:
        """Course hours it gives."""


class Advice(StrEnum):
    """What is worth seeing to before an event is published."""

    LEADERS = "leaders"
    DEADLINE = "deadline"
    LINK = "link"
    DESCRIPTION = "description"
    CAPACITY = "capacity"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSession:
    """One meeting; times are aware, `minutes` are the course hours it gives, None when it gives none."""

    starts_at: datetime
    ends_at: datetime
    place: str = ""
    address: str = ""
    video_url: str = ""
    minutes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    """A wish for an event. Offices are slugs; leaders are ids, and a pair brings both of its leaders.

    `report_table` and `report_year` follow from the kind and the first session where they are None. Kinds without
    sign-up need no sessions: `place_text`, `dates_text` and the reported fields say what the yearly report says.
    `hybrid`: people choose between the room and the video meeting; `capacity` is then the room's. `like` is the slug of
    an earlier event whose rules for seats (offers, shares, criteria) come along.
    """

    office: str
    kind: EventKind
    title: str
    sessions: tuple[NewSession, ...] = ()
    status: EventStatus = EventStatus.DRAFT
    description: str = ""
    target_group: str = ""
    capacity: int | None = None
    hybrid: bool = False
    digital_capacity: int | None = None
    seat_rule: SeatRule = SeatRule.FIRST_COME
    fill_mode: FillMode = FillMode.CONFIRM
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    approvals: tuple[ApprovalRow, ...] = ()
    partners: tuple[str, ...] = ()
    pair_id: int | None = None
    leader_ids: tuple[int, ...] = ()
    contact_name: str = ""
    contact_email: str = ""
    contact_phone: str = ""
    external_organizer: str = ""
    report_table: ReportTable | None = None
    report_year: int | None = None
    place_text: str = ""
    dates_text: str = ""
    topic: str = ""
    reported_number: int | None = None
    reported_approximate: bool = False
    reported_text: str = ""
    reported_roles: str = ""
    comment: str = ""
    like: str = ""


def check(wish: NewEvent, now: datetime) -> None:
    """Raise the first reason why such an event cannot be made at `now`; a draft may be unfinished, but never wrong."""
    _check_words_and_numbers(wish)
    check_sessions(wish.sessions)
    check_window(wish.sessions, opens_at=wish.opens_at, closes_at=wish.closes_at)
    match wish.status:
        case EventStatus.DRAFT:
            return
        case EventStatus.PUBLISHED:
            for gap in gaps(wish, now):
                raise gap
        case EventStatus.HELD:
            if any(session.ends_at > now for session in wish.sessions):
                raise NotHeldYet
        case _:
            raise WrongStatus


def has_both_approvals(approvals: Sequence[ApprovalRow]) -> bool:
    """Whether each specialty of a veilederkurs has an approval of its own of 18 hours."""
    whole = [one.text.casefold() for one in approvals if one.minutes == COURSE_MINUTES]
    return len(whole) >= len(APPROVAL_FIELDS) and all(any(field in text for text in whole) for field in APPROVAL_FIELDS)


def gaps(wish: NewEvent, now: datetime) -> list[DomainError]:
    """Everything that must be mended before people can sign up, as refusals; empty when it is ready to be published."""
    if wish.kind not in WITH_SIGN_UP:
        return [NoSignUpForKind()]
    found: list[DomainError] = []
    if not wish.sessions:
        found.append(SessionsMissing())
    elif min(session.starts_at for session in wish.sessions) <= now:
        found.append(AlreadyStarted())
    if not all(session.place.strip() or session.video_url for session in wish.sessions):
        found.append(PlaceMissing())
    elif wish.hybrid and not all(session.place.strip() for session in wish.sessions):
        found.append(RoomMissing())
    if wish.kind is EventKind.VEILEDERKURS:
        if sum(session.minutes or 0 for session in wish.sessions) != COURSE_MINUTES:
            found.append(WrongHours())
        if not has_both_approvals(wish.approvals):
            found.append(ApprovalsMissing())
    return found


def advice(wish: NewEvent, *, leaders: int) -> list[Advice]:
    """What most organizers would want to see to as well, though nothing stops them."""
    checks = {
        Advice.LEADERS: wish.kind is EventKind.VEILEDERKURS and leaders < 2,
        Advice.DEADLINE: wish.closes_at is None,
        Advice.LINK: wish.hybrid and not all(session.video_url for session in wish.sessions),
        Advice.DESCRIPTION: not wish.description.strip(),
        Advice.CAPACITY: wish.kind is EventKind.VEILEDERKURS and wish.capacity is None,
    }
    return [one for one, missing in checks.items() if missing]


def _check_words_and_numbers(wish: NewEvent) -> None:
    if not wish.title.strip():
        raise NoTitle
    if any(one is not None and not 1 <= one <= LARGEST for one in (wish.capacity, wish.digital_capacity)):
        raise WrongCapacity
    if wish.hybrid and wish.kind in NEVER_HYBRID:
        raise NeverHybrid
    if wish.digital_capacity is not None and not wish.hybrid:
        raise DigitalPlacesAlone
    if wish.reported_number is not None and wish.reported_number < 0:
        raise WrongNumber
    if any(not one.text.strip() or one.minutes <= 0 for one in wish.approvals):
        raise WrongApproval


def check_sessions(sessions: Sequence[Meeting]) -> None:
    """Raise WrongTimes, WrongMinutes or WrongLink for sessions that cannot be."""
    ordered = sorted(sessions, key=lambda session: session.starts_at)
    overlapping = any(here.ends_at > following.starts_at for here, following in pairwise(ordered))
    if overlapping or any(session.ends_at <= session.starts_at for session in sessions):
        raise WrongTimes
    if any(session.minutes is not None and session.minutes <= 0 for session in sessions):
        raise WrongMinutes
    if any(session.video_url and not session.video_url.startswith("https://") for session in sessions):
        raise WrongLink


def check_window(sessions: Sequence[Meeting], *, opens_at: datetime | None, closes_at: datetime | None) -> None:
    """Raise WrongWindow unless sign-up opens before it closes, and closes before the first session."""
    start = min((session.starts_at for session in sessions), default=None)
    moments = [moment for moment in (opens_at, closes_at) if moment is not None]
    if len(moments) == 2 and moments[0] >= moments[1]:
        raise WrongWindow
    if start is not None and any(moment > start for moment in moments):
        raise WrongWindow
