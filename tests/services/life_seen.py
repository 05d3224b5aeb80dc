"""What can be seen of a life after each step, and how it must look: seats, line, letters, calendars, history."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from courseapp import wording
from courseapp.db import db
from courseapp.domain.event import LIVE_STATUSES
from courseapp.domain.modes import Mode
from courseapp.domain.registration import ACTIVE, TAKES_SEAT, Status
from courseapp.models.event import Event, EventSession
from courseapp.models.journal import AuditEntry, MailState, OutboxEmail
from courseapp.models.registration import Registration

OSLO = ZoneInfo("Europe/Oslo")
LETTERS = {
    Status.REGISTERED: {"confirmation", "seat_given"},
    Status.WAITLISTED: {"waiting"},
    Status.APPLIED: {"applied"},
    Status.OFFERED: {"offer", "offer_reminder"},
    Status.DECLINED: {"declined", "offer_expired", "not_given"},
    Status.CANCELLED: {"cancelled", "moved"},
}
"""Of letters about a status, the newest must be one of these."""
ABOUT_STATUS = {"event_cancelled"}.union(*LETTERS.values())
VERBS = {
    Status.REGISTERED: {
        *("signed_up", "seat_given", "offer_accepted", "seat_given_by_hand", "put_back", "moved_from"),
        "application_seat",
    },
    Status.WAITLISTED: {"signed_up", "waits_on", "put_back", "moved_from", "application_line"},
    Status.APPLIED: {"signed_up", "put_back", "moved_from"},
    Status.OFFERED: {"seat_offered"},
    Status.DECLINED: {"offer_declined", "offer_expired", "application_refusal", "put_back"},
    Status.CANCELLED: {"cancelled", "removed", "put_back"},
}
"""Of what is written down about a status, the newest must be one of these."""
Slot = tuple[datetime, datetime, str]


@dataclass(frozen=True)
class Reg:
    """One registration."""

    id: int
    event_id: int
    status: Status
    line_no: int | None
    email: str
    email_key: str
    moves_from_id: int | None
    offer_expires_at: datetime | None
    mode: Mode | None


@dataclass(frozen=True)
class Mail:
    """One letter."""

    id: int
    registration_id: int | None
    email: str
    occasion: str
    method: str | None
    uid: str | None
    sequence: int | None
    state: MailState


@dataclass(frozen=True)
class Kept:
    """One event, and how its sessions stand now."""

    id: int
    live: bool
    rooms: dict[Mode | None, int | None]
    fills: bool
    slots: dict[Mode | None, tuple[Slot, ...]]


@dataclass(frozen=True)
class Seen:
    """Everything at one moment."""

    regs: dict[int, Reg]
    mails: tuple[Mail, ...]
    verbs: dict[int, tuple[str, ...]]
    events: dict[int, Kept]

    def at(self, event_id: int, *statuses: Status) -> list[Reg]:
        """Registrations of an event in those statuses, in line order where they have one."""
        found = [one for one in self.regs.values() if one.event_id == event_id and one.status in statuses]
        return sorted(found, key=lambda one: (one.line_no or 0, one.id))

    def within(self, event_id: int, mode: Mode | None, *statuses: Status) -> list[Reg]:
        """The same of one room."""
        return [one for one in self.at(event_id, *statuses) if one.mode is mode]


def look(now: datetime) -> Seen:
    """See everything as it is in the database."""
    db.session.rollback()
    regs = db.session.execute(
        select(
            Registration.id,
            Registration.event_id,
            Registration.status,
            Registration.line_no,
            Registration.email,
            Registration.email_key,
            Registration.moves_from_id,
            Registration.offer_expires_at,
            Registration.mode,
        )
    )
    mails = db.session.execute(
        select(
            OutboxEmail.id,
            OutboxEmail.registration_id,
            OutboxEmail.to_email,
            OutboxEmail.occasion,
            OutboxEmail.method,
            OutboxEmail.uid,
            OutboxEmail.sequence,
            OutboxEmail.state,
        ).order_by(OutboxEmail.id)
    )
    verbs = defaultdict(list)
    for about, verb in db.session.execute(select(AuditEntry.registration_id, AuditEntry.verb).order_by(AuditEntry.id)):
        verbs[about].append(verb)
    return Seen(
        regs={row[0]: Reg(*row) for row in regs},
        mails=tuple(Mail(*row) for row in mails),
        verbs={about: tuple(found) for about, found in verbs.items() if about is not None},
        events={one.id: _kept(one, now) for one in db.session.scalars(select(Event))},
    )


def _kept(event: Event, now: datetime) -> Kept:
    going = [one for one in event.sessions if not one.cancelled]
    return Kept(
        id=event.id,
        live=event.status in LIVE_STATUSES,
        rooms={mode: event.capacity_of(mode) for mode in event.rooms},
        fills=event.fill_plan.works(now),
        slots={
            mode: tuple(_slot(event, one, mode, number, len(going)) for number, one in enumerate(going, start=1))
            for mode in event.rooms
        },
    )


def _slot(event: Event, session: EventSession, mode: Mode | None, number: int, total: int) -> Slot:
    named = wording.session_title(event.title, number, total)
    place = "Digitalt" if mode is Mode.DIGITAL else session.place
    return session.starts_at, session.ends_at, f"{named} | {place}"


def check_seats(seen: Seen, before: Seen, by_hand: set[int]) -> None:
    """Nobody gets a seat beyond the capacity but by hand, and nobody waits beside a seat that could be given."""
    for event, mode, bound in [(each, *room) for each in seen.events.values() for room in each.rooms.items()]:
        taken, waiting = seen.within(event.id, mode, *TAKES_SEAT), seen.within(event.id, mode, Status.WAITLISTED)
        had = {one.id for one in before.within(event.id, mode, *TAKES_SEAT)}
        new = [one for one in taken if one.id not in had and one.id not in by_hand]
        capacity = bound if bound is not None else len(taken)
        assert not new or len(taken) <= capacity, f"{new} got seats beyond {capacity}"
        assert not (waiting and event.fills and len(taken) < capacity), f"{waiting} wait beside a free seat"
        waited = {one.id for one in before.within(event.id, mode, Status.WAITLISTED)}
        longer = [one for one in waiting if one.id in waited]
        ahead = [one for one in longer for lucky in new if (one.line_no or 0) < (lucky.line_no or 10**9)]
        assert not ahead, f"{new} passed {ahead}"
    lost = [one for one in seen.regs.values() if one.mode not in seen.events[one.event_id].rooms]
    assert not lost, f"{lost} are in no room"
    active = Counter((one.event_id, one.email_key) for one in seen.regs.values() if one.status in ACTIVE)
    assert not [pair for pair, count in active.items() if count > 1], "an address is in twice"


def check_line(seen: Seen, before: Seen, *, moved_by_hand: bool) -> None:
    """The line keeps its order but for an act by hand on record; whoever joins stands last."""
    for event_id, mode in [(event.id, mode) for event in seen.events.values() for mode in event.rooms]:
        was = [one.id for one in before.within(event_id, mode, Status.WAITLISTED)]
        now = [one.id for one in seen.within(event_id, mode, Status.WAITLISTED)]
        numbers = [one.line_no for one in seen.at(event_id, Status.WAITLISTED)]
        assert len(set(numbers)) == len(numbers), "two have the same number"
        if not moved_by_hand:
            stayed = [one for one in was if one in now]
            assert now[: len(stayed)] == stayed, f"the line was {was} and is {now}"


def check_letters(seen: Seen) -> None:
    """The newest letter about a status, and the newest thing written down, are about the present one."""
    for one in seen.regs.values():
        about = [
            mail.occasion
            for mail in seen.mails
            if mail.registration_id == one.id
            and mail.email == one.email
            and mail.occasion in ABOUT_STATUS
            and mail.state is not MailState.SUPERSEDED
        ]
        off = not seen.events[one.event_id].live and one.status in ACTIVE
        wanted = {"event_cancelled"} if off else LETTERS[one.status]
        assert about, f"{one} was told nothing"
        assert about[-1] in wanted, f"{one} was told {about}"
        verbs = [verb for verb in seen.verbs[one.id] if any(verb in known for known in VERBS.values())]
        assert verbs[-1] in VERBS[one.status], f"{one} has the history {verbs}"


def check_calendars(held: dict[str, dict[str, Slot]], expected: dict[int, tuple[Slot, ...]], seen: Seen) -> None:
    """What each address holds is what those who use it were last told, no more and no less."""
    wanted: dict[str, Counter[Slot]] = defaultdict(Counter)
    for registration_id, slots in expected.items():
        wanted[seen.regs[registration_id].email].update(slots)
    for email in {*held, *wanted}:
        has = Counter(held.get(email, {}).values())
        assert has == wanted[email], f"{email} holds {has}, and should hold {wanted[email]}"


@dataclass
class Client:
    """A calendar program: applies what arrives, in the order it arrives (RFC 5546)."""

    entries: dict[str, dict[str, Slot]]
    newest: dict[tuple[str, str], tuple[int, str]]
    tried: set[tuple[str, str | None]]

    def take(self, mail: Mail, ics: str) -> None:
        """One REQUEST or CANCEL; a SEQUENCE that falls, or a DTSTAMP that goes back, is a defect."""
        assert mail.uid is not None
        entry = _facts(ics)
        told = (int(entry["SEQUENCE"]), entry["DTSTAMP"])
        before = self.newest.get((mail.email, mail.uid))
        assert (told[0], entry["UID"]) == (mail.sequence, mail.uid)
        assert before is None or (told[0] > before[0] and told[1] >= before[1]), f"{mail}: {told} after {before}"
        self.newest[mail.email, mail.uid] = told
        mine = self.entries.setdefault(mail.email, {})
        if mail.method == "CANCEL":
            # A REQUEST the server would not answer for may have arrived, so it is taken back to be sure.
            assert mail.uid in mine or (mail.email, mail.uid) in self.tried, f"{mail} takes back what was never there"
            mine.pop(mail.uid, None)
        else:
            mine[mail.uid] = (_moment(entry["DTSTART"]), _moment(entry["DTEND"]), _said(entry))


def replayed(client: Client, rest: Iterable[tuple[Mail, str]]) -> dict[str, dict[str, Slot]]:
    """What the calendars will hold when the rest has arrived as well; the client itself is left as it is."""
    later = Client({email: dict(mine) for email, mine in client.entries.items()}, dict(client.newest), client.tried)
    for mail, ics in rest:
        later.take(mail, ics)
    return {email: mine for email, mine in later.entries.items() if mine}


def _facts(ics: str) -> dict[str, str]:
    """Properties of the VEVENT by name, unfolded, their parameters left out."""
    whole = ics.replace("\r\n ", "").partition("BEGIN:VEVENT")[2]
    pairs = (re.split(r"(?:;[^:]*?)?:", line, maxsplit=1) for line in whole.split("\r\n") if ":" in line)
    return {name: value for name, value in pairs}  # noqa: C416 - lists of two are not pairs to the type checker


def _moment(local: str) -> datetime:
    return datetime.strptime(local, "%Y%m%dT%H%M%S").replace(tzinfo=OSLO).astimezone(UTC)


def _said(entry: dict[str, str]) -> str:
    place = re.sub(r"\\([,;])", r"\1", entry["LOCATION"]).partition(",")[0]
    return f"{entry['SUMMARY']} | {place}"
