"""A wish for a new event, and what must hold before it can be made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from courseapp.domain.errors import DomainError
from courseapp.domain.event import WITH_SIGN_UP, EventKind, EventStatus, FillMode, ReportTable, SeatRule
from courseapp.domain.marking import N_
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
    """

    office: str
    kind: EventKind
    title: str
    sessions: tuple[NewSession, ...] = ()
    status: EventStatus = EventStatus.DRAFT
    description: str = ""
    target_group: str = ""
    capacity: int | None = None
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


class NoTitle(DomainError):
    """People must be able to tell events apart."""

    message = N_("Arrangementet må ha en tittel.")


class WrongStatus(DomainError):
    """A new event is a draft, published, or held already."""

    message = N_("Et nytt arrangement er et utkast, publisert eller gjennomført.")


class WrongCapacity(DomainError):
    """No seats, or more than any hall has."""

    message = N_("Antall plasser må være mellom 1 og 10 000, eller stå tomt.")


class WrongNumber(DomainError):
    """A typed-in number of participants is below zero."""

    message = N_("Antall deltakere kan ikke være mindre enn 0.")


class WrongTimes(DomainError):
    """A session that ends before it starts, or two at the same time."""

    message = N_("Hver samling må slutte etter at den begynner, og før den neste begynner.")


class WrongMinutes(DomainError):
    """Hours of a session are positive, or not given."""

    message = N_("Timetallet for en samling må være større enn 0, eller stå tomt.")


class WrongLink(DomainError):
    """A video link that no browser should be sent to."""

    message = N_("Lenken til videomøtet må begynne med https://.")


class WrongApproval(DomainError):
    """An approval says what it is for, and how many hours."""

    message = N_("En godkjenning må ha tekst og timer.")


class WrongWindow(DomainError):
    """Sign-up opens, then closes, then the event starts."""

    message = N_("Påmeldingen må åpne før den stenger, og stenge før arrangementet begynner.")


class NoSignUpForKind(DomainError):
    """Activities that are only typed in have no public page."""

    message = N_("Denne typen aktivitet kan ikke publiseres for påmelding.")


class SessionsMissing(DomainError):
    """What is published or held as a course takes place at some time."""

    message = N_("Arrangementet må ha minst én samling før det kan publiseres.")


class PlaceMissing(DomainError):
    """People must know where to go."""

    message = N_("Hver samling må ha et sted eller en lenke til videomøte.")


class AlreadyStarted(DomainError):
    """Nobody can sign up for what has begun."""

    message = N_("Arrangementet har allerede begynt og kan ikke publiseres.")


class NotHeldYet(DomainError):
    """What lies ahead has not been held."""

    message = N_("Arrangementet er ikke ferdig ennå og kan ikke stå som gjennomført.")


class WrongHours(DomainError):
    """A veilederkurs is exactly 18 hours."""

    message = N_("Samlingene i et veilederkurs må til sammen gi nøyaktig 18 timer.")


class ApprovalsMissing(DomainError):
    """A veilederkurs counts in two specialties, 18 hours in each."""

    message = N_("Et veilederkurs må ha begge godkjenningene: samfunnsmedisin og allmennmedisin, 18 timer hver.")


def check(wish: NewEvent, now: datetime) -> None:
    """Raise the first reason why such an event cannot be made at `now`; a draft may be unfinished, but never wrong."""
    _check_words_and_numbers(wish)
    _check_sessions(wish.sessions)
    _check_window(wish)
    match wish.status:
        case EventStatus.DRAFT:
            return
        case EventStatus.PUBLISHED:
            _check_ready(wish, now)
        case EventStatus.HELD:
            if any(session.ends_at > now for session in wish.sessions):
                raise NotHeldYet
        case _:
            raise WrongStatus


def has_both_approvals(approvals: Sequence[ApprovalRow]) -> bool:
    """Whether each specialty of a veilederkurs has an approval of its own of 18 hours."""
    whole = [one.text.casefold() for one in approvals if one.minutes == COURSE_MINUTES]
    return len(whole) >= len(APPROVAL_FIELDS) and all(any(field in text for text in whole) for field in APPROVAL_FIELDS)


def _check_words_and_numbers(wish: NewEvent) -> None:
    if not wish.title.strip():
        raise NoTitle
    if wish.capacity is not None and not 1 <= wish.capacity <= LARGEST:
        raise WrongCapacity
    if wish.reported_number is not None and wish.reported_number < 0:
        raise WrongNumber
    if any(not one.text.strip() or one.minutes <= 0 for one in wish.approvals):
        raise WrongApproval


def _check_sessions(sessions: Sequence[NewSession]) -> None:
    ordered = sorted(sessions, key=lambda session: session.starts_at)
    overlapping = any(here.ends_at > following.starts_at for here, following in pairwise(ordered))
    if overlapping or any(session.ends_at <= session.starts_at for session in sessions):
        raise WrongTimes
    if any(session.minutes is not None and session.minutes <= 0 for session in sessions):
        raise WrongMinutes
    if any(session.video_url and not session.video_url.startswith("https://") for session in sessions):
        raise WrongLink


def _check_window(wish: NewEvent) -> None:
    start = min((session.starts_at for session in wish.sessions), default=None)
    moments = [moment for moment in (wish.opens_at, wish.closes_at) if moment is not None]
    if len(moments) == 2 and moments[0] >= moments[1]:
        raise WrongWindow
    if start is not None and any(moment > start for moment in moments):
        raise WrongWindow


def _check_ready(wish: NewEvent, now: datetime) -> None:
    if wish.kind not in WITH_SIGN_UP:
        raise NoSignUpForKind
    if not wish.sessions:
        raise SessionsMissing
    if not all(session.place.strip() or session.video_url for session in wish.sessions):
        raise PlaceMissing
    if min(session.starts_at for session in wish.sessions) <= now:
        raise AlreadyStarted
    if wish.kind is EventKind.VEILEDERKURS:
        if sum(session.minutes or 0 for session in wish.sessions) != COURSE_MINUTES:
            raise WrongHours
        if not has_both_approvals(wish.approvals):
            raise ApprovalsMissing
