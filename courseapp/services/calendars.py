"""Keeps what one person's calendar was told, be she a registrant or a leader. For services only: all takes `tx`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from courseapp import speech, wording
from courseapp.db import add_plain
from courseapp.domain import modes
from courseapp.domain.modes import Mode
from courseapp.links import links
from courseapp.mail import outbox
from courseapp.models.calendar import ToldEntry
from courseapp.models.event import Event, EventSession

E = TypeVar("E", bound=ToldEntry)
Content = tuple[str, str, datetime, datetime]


@dataclass(frozen=True, kw_only=True)
class Calendar(Generic[E]):
    """Whose calendar it is, for one event.

    `table` and `owner` say where its entries are kept, `uid` names one for a session, `write` puts the letter about an
    entry as it stands. Sessions that ended by `past` are history and are left alone; None leaves none alone. `mode`
    narrows where a hybrid session is to what concerns her; None says place and link.
    """

    table: type[E]
    owner: dict[str, int]
    uid: Callable[[int], str]
    email: str
    office_name: str
    write: Callable[[E], None]
    past: datetime | None = None
    mode: Mode | None = None


def ask_all(tx: Session, calendar: Calendar[E], event: Event, now: datetime, *, fresh: bool = False) -> None:
    """One REQUEST per session that takes place, each with a UID of its own (RFC 5546 3.2.2: one UID per request).

    A `fresh` calendar is one that has never been told anything.
    """
    known = {} if fresh else _known(tx, calendar, event)
    new = [_ask(calendar, session, wanted, known, now) for session, wanted in _going(calendar, event)]
    _add(tx, new)


def agree(tx: Session, calendar: Calendar[E], event: Event, now: datetime) -> None:
    """Make the calendar agree with the sessions: CANCEL what is gone, REQUEST what is new or different."""
    standing = {entry.session_id: entry for entry in _standing(tx, calendar, event)}
    known = _known(tx, calendar, event)
    going = _going(calendar, event)
    for session_id in set(standing) - {session.id for session, _wanted in going}:
        _withdraw(tx, calendar, standing[session_id], now)
    for session, wanted in going:
        entry = standing.get(session.id)
        if entry is None or _content(entry) != wanted:
            _add(tx, [_ask(calendar, session, wanted, known, now)])


def withdraw_all(tx: Session, calendar: Calendar[E], event: Event, now: datetime) -> None:
    """CANCEL for each of this person's entries that stands in a calendar, as it was last told (RFC 5546 3.2.5)."""
    for entry in _standing(tx, calendar, event):
        _withdraw(tx, calendar, entry, now)


def _standing(tx: Session, calendar: Calendar[E], event: Event) -> list[E]:
    """Entries that stand in this person's calendar, as far as we have told it."""
    table = calendar.table
    found = tx.scalars(
        select(table)
        .where(table.session_id.in_([one.id for one in event.sessions]), table.method == "REQUEST")
        .filter_by(**calendar.owner)
        .order_by(table.starts_at)
    )
    return [one for one in found if calendar.past is None or one.ends_at > calendar.past]


def _going(calendar: Calendar[E], event: Event) -> list[tuple[EventSession, Content]]:
    """The sessions that take place, with what the calendar should say of each."""
    going = [session for session in event.sessions if not session.cancelled]
    return [
        (session, _wanted(session, event, calendar.mode, number, len(going)))
        for number, session in enumerate(going, start=1)
        if calendar.past is None or session.ends_at > calendar.past
    ]


def _withdraw(tx: Session, calendar: Calendar[E], entry: E, now: datetime) -> None:
    if not outbox.has_left(tx, entry.uid, entry.attendee):  # nobody's calendar has heard of it
        outbox.drop_entry(tx, entry.uid, entry.attendee)
        entry.method = "CANCEL"
        return
    entry.method, entry.sequence, entry.stamp = "CANCEL", entry.sequence + 1, _later(now, entry)
    calendar.write(entry)


def _known(tx: Session, calendar: Calendar[E], event: Event) -> dict[int, E]:
    """The newest entry of each session, standing or withdrawn."""
    table = calendar.table
    found = tx.scalars(
        select(table)
        .where(table.session_id.in_([one.id for one in event.sessions]))
        .filter_by(**calendar.owner)
        .order_by(table.generation)
    )
    return {entry.session_id: entry for entry in found}


def _ask(calendar: Calendar[E], session: EventSession, wanted: Content, known: dict[int, E], now: datetime) -> E:
    """Write the letter, and return the entry it is about; one without an id is still to be added."""
    entry = _entry(calendar, session, known.get(session.id), now)
    entry.summary, entry.location, entry.starts_at, entry.ends_at = wanted
    if entry.id is None:
        entry.organizer_name, entry.organizer_email = calendar.office_name, links().sender
    calendar.write(entry)
    return entry


def _add(tx: Session, entries: Sequence[ToldEntry]) -> None:
    if new := [entry for entry in entries if entry.id is None]:
        add_plain(tx, *new)


def _entry(calendar: Calendar[E], session: EventSession, known: E | None, now: datetime) -> E:
    """The entry to REQUEST: the standing one, or the one a change of address withdrew, with the next SEQUENCE.

    A session that was removed and is put back gets a fresh UID, so that no old CANCEL is fought.
    """
    if known is not None and (known.method == "REQUEST" or known.attendee != calendar.email):
        known.method, known.sequence, known.stamp = "REQUEST", known.sequence + 1, _later(now, known)
        known.attendee = calendar.email
        return known
    generation = known.generation + 1 if known is not None else 1
    uid = calendar.uid(session.id)
    return calendar.table(
        **calendar.owner,
        session_id=session.id,
        generation=generation,
        uid=uid if generation == 1 else uid.replace("@", f"-{generation}@"),
        method="REQUEST",
        sequence=0,
        stamp=now,
        attendee=calendar.email,
        session=session,
    )


def _content(entry: ToldEntry) -> Content:
    """What the calendar was last told."""
    return entry.summary, entry.location, entry.starts_at, entry.ends_at


def _wanted(session: EventSession, event: Event, mode: Mode | None, number: int, total: int) -> Content:
    """What the calendar should say."""
    place = wording.session_location(session.place, session.address)
    link = session.video_url or (speech.said("Digitalt") if mode is Mode.DIGITAL else "")
    location = modes.where(mode, place=place, link=link)
    return wording.session_title(event.title, number, total), location, session.starts_at, session.ends_at


def _later(now: datetime, entry: ToldEntry) -> datetime:
    """A DTSTAMP that is never earlier than the one before; whole seconds, as calendars count."""
    return max(now, entry.stamp + timedelta(seconds=1))
