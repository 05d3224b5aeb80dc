"""The frozen rows that services, pages, letters and documents hand to each other.

Datetimes are aware UTC; hours are minutes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from courseapp.domain.event import TAKES_SIGN_UPS, EventKind, EventStatus, SeatRule, SignUpState
from courseapp.domain.language import Language
from courseapp.domain.modes import Mode
from courseapp.domain.registration import Reason, Role, Status, Supervises


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeRow:
    """An office as its readers know it."""

    slug: str
    name: str
    short_name: str
    email: str
    phone: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRow:
    """One leg of the journey. `number` counts from 1, 0 when cancelled; `minutes` are course hours."""

    id: int
    number: int
    starts_at: datetime
    ends_at: datetime
    place: str
    address: str
    digital: bool
    minutes: int | None
    cancelled: bool

    def attended(self, mode: Mode) -> SessionRow:
        """The same session in one of the two rooms."""
        if mode is Mode.PHYSICAL:
            return replace(self, digital=False)
        return replace(self, place="", address="", digital=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRow:
    """One approval text and the hours it is worth."""

    text: str
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Seats:
    """Seats of one event. Without a capacity `capacity` and `left` are None.

    `rooms` are the two rooms of a hybrid event; the event's own numbers are then the sums of theirs, None where one of
    the two has no bound.
    """

    capacity: int | None
    taken: int
    waiting: int
    left: int | None
    rooms: tuple[tuple[Mode, Seats], ...] = ()

    def of(self, mode: Mode | None) -> Seats:
        """The seats of one room; where there is only one, these."""
        return dict(self.rooms).get(mode, self) if mode is not None else self


UNBOUND = Seats(capacity=None, taken=0, waiting=0, left=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventCard:
    """One event in the public list. `mode`: how whoever reads this takes part, where she has chosen a room."""

    slug: str
    title: str
    kind: EventKind
    status: EventStatus
    state: SignUpState
    office: OfficeRow
    sessions: tuple[SessionRow, ...]
    seats: Seats
    closes_at: datetime | None
    seat_rule: SeatRule
    partners: tuple[OfficeRow, ...]
    mode: Mode | None = None

    @property
    def takes_sign_ups(self) -> bool:
        """Whether the sign-up form is open, for a seat or for the line."""
        return self.state in TAKES_SIGN_UPS

    @property
    def hybrid(self) -> bool:
        """Whether people choose between the room and the video meeting."""
        return bool(self.seats.rooms)

    @property
    def both_rooms(self) -> bool:
        """Whether its reader is told of both rooms: she has not chosen one."""
        return self.hybrid and self.mode is None

    @property
    def minutes(self) -> int:
        """Hours of all sessions together, in minutes."""
        return sum(session.minutes or 0 for session in self.sessions if not session.cancelled)

    @property
    def shown_left(self) -> int | None:
        """Free seats as the page says them; None where it says none.

        That is without a limit, while seats are applied for, and once nobody can sign up any more.
        """
        return self.seats.left if self.tells_seats and self.seats.capacity is not None else None

    @property
    def tells_seats(self) -> bool:
        """Whether its page says how many seats are left: as long as somebody may come first to them."""
        told = self.takes_sign_ups or self.state is SignUpState.NOT_YET
        return told and self.seat_rule is SeatRule.FIRST_COME

    @property
    def shown_waiting(self) -> int | None:
        """How many wait, as the page says it: only where it says that the event is full."""
        return self.seats.waiting if self.shown_left == 0 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedEvent(EventCard):
    """One event as other websites and feed readers get it; `changed_at` is when a fact of it last changed."""

    target_group: str
    approvals: tuple[ApprovalRow, ...]
    opens_at: datetime | None
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPage(EventCard):
    """Everything the event page, the receipt and the letters say about an event.

    `by_application`: its seats are, or were, given by application; `seat_rule` is how one is come by now.
    """

    id: int
    description: str
    target_group: str
    approvals: tuple[ApprovalRow, ...]
    leaders: tuple[str, ...]
    opens_at: datetime | None
    contact_name: str
    contact_email: str
    contact_phone: str
    cancelled_reason: str
    by_application: bool

    def attended(self, mode: Mode | None) -> EventPage:
        """The same event as somebody in that room has it: its place, or that it is digital."""
        if mode is None:
            return self
        return replace(self, mode=mode, sessions=tuple(one.attended(mode) for one in self.sessions))

    @property
    def shown(self) -> EventPage:
        """The same without what no page tells: how many have taken a seat where there is no bound."""
        return self if self.seats.capacity is not None or self.seats.rooms else replace(self, seats=UNBOUND)

    @property
    def starts_at(self) -> datetime:
        """Start of the first session."""
        return self.sessions[0].starts_at


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDetails:
    """What a participant told about herself. `mobile` is E.164 or as typed for foreign numbers.

    `language` is the one to write to her in; None where she was not asked, and it stays what it was.
    """

    first_name: str
    last_name: str
    email: str
    mobile: str
    primary_role: Role
    other_roles: tuple[Role, ...]
    workplace: str
    municipality: str
    district: str
    hpr_number: str
    supervises: tuple[Supervises, ...]
    reason: Reason | None
    note: str
    dietary_needs: str
    language: Language | None = None

    @property
    def full_name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherCourse:
    """The other end of a move that waits: the course as people name it, and where she stands there."""

    name: str
    status: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class MyRegistration:
    """«Min påmelding»: what the holder of a secret link sees. `position` is the place in line, from 1.

    `keeps` is what she keeps elsewhere until a seat here is hers; `waits_for` where she waits, keeping this meanwhile.
    `mode` is empty where the event has one room. `links` to video meetings, by session, stand there for who has a seat
    that is digital.
    """

    id: int
    status: Status
    position: int | None
    person: PersonDetails
    event: EventPage
    may_change: bool
    may_wait_on: bool
    offer_expires_at: datetime | None
    signed_up_at: datetime
    keeps: OtherCourse | None = None
    waits_for: tuple[OtherCourse, ...] = ()
    mode: Mode | None = None
    links: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptRow:
    """What the receipt says right after a sign-up; a stranger's second sign-up gives the same."""

    status: Status
    position: int | None
    email: str
    event: EventPage
    may_correct: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUp:
    """A wish for a place. `person.dietary_needs` is non-empty only with consent; `mode` says which room."""

    event_id: int
    person: PersonDetails
    mode: Mode | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperPerson:
    """One with a seat, as paper shows her. `group` is the number of her practice group, None without one."""

    first_name: str
    last_name: str
    role: Role
    workplace: str
    group: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedPerson:
    """One who had a seat: what the list said in the end. `minutes`: the course hours that were given."""

    name: str
    role: Role
    workplace: str
    municipality: str
    hpr_number: str
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedCertificate:
    """One kursbevis of the register, also those revoked or replaced."""

    number: str
    name: str
    hpr_number: str
    minutes: int
    issued_at: datetime
    said: str
