"""What calendars are told: one entry per registrant and session. For services only: everything here takes `tx`."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from courseapp import wording
from courseapp.calendar import invite
from courseapp.domain.mailbox import Mailbox
from courseapp.domain.rows import EventPage
from courseapp.links import links
from courseapp.mail import letters, outbox
from courseapp.models.event import Event, EventSession
from courseapp.models.registration import CalendarEntry, Registration
from courseapp.services.posting import facts, put


def invite_all(tx: Session, registration: Registration, event: Event, page: EventPage, now: datetime) -> None:
    """One REQUEST per session that takes place, each with a UID of its own (RFC 5546 3.2.2: one UID per request)."""
    going = [session for session in event.sessions if not session.cancelled]
    for number, session in enumerate(going, start=1):
        _ask(tx, registration, session, event, page, now, number=number, total=len(going))


def update(tx: Session, registration: Registration, event: Event, page: EventPage, now: datetime) -> None:
    """Make a seat-holder's calendar agree with the sessions: CANCEL what is gone, REQUEST what is new or different."""
    standing = {entry.session_id: entry for entry in _standing(tx, registration)}
    going = [session for session in event.sessions if not session.cancelled]
    for session_id in set(standing) - {session.id for session in going}:
        _withdraw(tx, standing[session_id], registration, event, page, now)
    for number, session in enumerate(going, start=1):
        entry = standing.get(session.id)
        if entry is None or _content(entry) != _wanted(session, event, number, len(going)):
            _ask(tx, registration, session, event, page, now, number=number, total=len(going))


def withdraw_all(tx: Session, registration: Registration, event: Event, page: EventPage, now: datetime) -> None:
    """CANCEL for each of this person's entries that stands in a calendar, as it was last told (RFC 5546 3.2.5)."""
    for entry in _standing(tx, registration):
        _withdraw(tx, entry, registration, event, page, now)


def _standing(tx: Session, registration: Registration) -> list[CalendarEntry]:
    """Entries that stand in this person's calendar, as far as we have told it."""
    return list(
        tx.scalars(
            select(CalendarEntry)
            .where(CalendarEntry.registration_id == registration.id, CalendarEntry.method == "REQUEST")
            .order_by(CalendarEntry.starts_at)
        )
    )


def _withdraw(
    tx: Session, entry: CalendarEntry, registration: Registration, event: Event, page: EventPage, now: datetime
) -> None:
    left = outbox.has_left(tx, entry.uid, entry.attendee)
    if not left:  # nobody's calendar has heard of it
        outbox.drop_entry(tx, entry.uid)
        entry.method = "CANCEL"
        return
    entry.method, entry.sequence, entry.stamp = "CANCEL", entry.sequence + 1, _later(now, entry)
    _put_entry(tx, entry, registration, event, page, now)


def _ask(
    tx: Session,
    registration: Registration,
    session: EventSession,
    event: Event,
    page: EventPage,
    now: datetime,
    *,
    number: int,
    total: int,
) -> None:
    entry = _entry(tx, registration, session, now)
    entry.summary, entry.location, entry.starts_at, entry.ends_at = _wanted(session, event, number, total)
    if entry.id is None:
        entry.organizer_name, entry.organizer_email = page.office.name, links().sender
        tx.add(entry)
        tx.flush()
    _put_entry(tx, entry, registration, event, page, now)


def _content(entry: CalendarEntry) -> tuple[str, str, datetime, datetime]:
    """What the calendar was last told."""
    return entry.summary, entry.location, entry.starts_at, entry.ends_at


def _wanted(session: EventSession, event: Event, number: int, total: int) -> tuple[str, str, datetime, datetime]:
    """What the calendar should say."""
    place = wording.session_location(session.place, session.address)
    location = " – ".join(filter(None, [place, session.video_url]))
    return wording.session_title(event.title, number, total), location, session.starts_at, session.ends_at


def _later(now: datetime, entry: CalendarEntry) -> datetime:
    """A DTSTAMP that is never earlier than the one before; whole seconds, as calendars count."""
    return max(now, entry.stamp + timedelta(seconds=1))


def _entry(tx: Session, registration: Registration, session: EventSession, now: datetime) -> CalendarEntry:
    """The entry to REQUEST: the standing one, or the one a change of address withdrew, with the next SEQUENCE.

    A session that was removed and is put back gets a fresh UID, so that no old CANCEL is fought.
    """
    known = tx.scalar(
        select(CalendarEntry)
        .where(CalendarEntry.registration_id == registration.id, CalendarEntry.session_id == session.id)
        .order_by(CalendarEntry.generation.desc())
        .limit(1)
    )
    if known is not None and (known.method == "REQUEST" or known.attendee != registration.email):
        known.method, known.sequence, known.stamp = "REQUEST", known.sequence + 1, _later(now, known)
        known.attendee = registration.email
        return known
    generation = known.generation + 1 if known is not None else 1
    uid = invite.uid_for(registration_id=registration.id, session_id=session.id, domain=links().domain)
    return CalendarEntry(
        registration_id=registration.id,
        session_id=session.id,
        generation=generation,
        uid=uid if generation == 1 else uid.replace("@", f"-{generation}@"),
        method="REQUEST",
        sequence=0,
        stamp=now,
        attendee=registration.email,
        session=session,
    )


def _put_entry(
    tx: Session, entry: CalendarEntry, registration: Registration, event: Event, page: EventPage, now: datetime
) -> None:
    """The calendar letter for an entry as it now stands."""
    method = entry.method.lower()
    unique = entry.uid.partition("@")[0]
    told = facts(registration, page, f"{unique}-q{entry.sequence}-{method}", now, exact=True)
    row = next(one for one in page.sessions if one.id == entry.session_id)
    leg = letters.Leg(
        session=row,
        total=sum(1 for one in page.sessions if one.number),
        video_url=entry.session.video_url,
        references=registration.confirmation_id,
    )
    content = _invitation(entry, registration, event, page)
    if entry.method == "REQUEST":
        letter = letters.invitation(told, leg, invite.request(content))
    else:
        letter = letters.invitation_cancelled(told, leg, invite.cancel(content))
    put(tx, letter, registration, event, uid=entry.uid, sequence=entry.sequence)


def _invitation(entry: CalendarEntry, registration: Registration, event: Event, page: EventPage) -> invite.Invitation:
    return invite.Invitation(
        uid=entry.uid,
        sequence=entry.sequence,
        stamp=entry.stamp,
        modified=entry.stamp,
        starts_at=entry.starts_at,
        ends_at=entry.ends_at,
        summary=entry.summary,
        location=entry.location,
        description=_description(entry, page),
        url=links().event(event.slug),
        video_url=entry.session.video_url or None,
        organizer=Mailbox(name=entry.organizer_name, email=entry.organizer_email),
        attendee=Mailbox(name=registration.full_name, email=registration.email),
    )


def _description(entry: CalendarEntry, page: EventPage) -> str:
    """What the calendar shows. Calendars are shared with colleagues, so the secret link stays in the letter."""
    lines = [
        f"{page.title}, {page.office.name}.",
        f"Delta her: {entry.session.video_url}" if entry.session.video_url else f"Sted: {entry.location}",
        "Vil du endre noe eller melde deg av? Bruk lenken i e-posten du fikk fra oss.",
        f"Spørsmål: {page.contact_email}, {wording.phone(page.contact_phone)}",
        links().event(page.slug),
    ]
    return "\n".join(lines)
