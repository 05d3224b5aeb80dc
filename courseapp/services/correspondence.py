"""Which letters an act calls for. For services only: everything here takes `tx` and puts letters in its transaction."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from courseapp import wording
from courseapp.calendar import invite
from courseapp.domain.mailbox import Mailbox
from courseapp.domain.registration import Status
from courseapp.domain.rows import EventPage
from courseapp.links import links
from courseapp.mail import letters, outbox
from courseapp.mail.letter import Letter
from courseapp.models.event import Event, EventSession
from courseapp.models.registration import CalendarEntry, Registration
from courseapp.queries.registrations import place_in_line


def for_status(tx: Session, registration: Registration, event: Event, page: EventPage, now: datetime) -> None:
    """Tell a fresh registration where it stands: a confirmation with invitations, or a receipt for the line."""
    facts = _facts(registration, page, "status", now)
    match registration.status:
        case Status.REGISTERED:
            _put(tx, letters.confirmation(facts), registration, event)
            registration.confirmation_id = facts.message_id
            invite_all(tx, registration, event, page, now)
        case Status.WAITLISTED:
            place = place_in_line(tx, registration)
            _put(tx, letters.waiting(facts, position=place), registration, event)
        case Status.APPLIED:
            _put(tx, letters.applied(facts), registration, event)
        case other:
            raise ValueError(f"no letter tells a fresh registration that it is {other}")


def seat_given(tx: Session, registration: Registration, event: Event, page: EventPage, now: datetime) -> None:
    """A seat came free: tell its new holder, and put it in the calendar."""
    facts = _facts(registration, page, "seat", now)
    _put(tx, letters.seat_given(facts), registration, event)
    registration.confirmation_id = facts.message_id
    invite_all(tx, registration, event, page, now)


def cancelled(tx: Session, registration: Registration, event: Event, page: EventPage, now: datetime) -> None:
    """Tell the holder, and take each session out of the calendar."""
    _put(tx, letters.cancelled(_facts(registration, page, "cancelled", now)), registration, event)
    withdraw_all(tx, registration, event, page, now)


def already_registered(tx: Session, registration: Registration, event: Event, page: EventPage, now: datetime) -> None:
    """Tell the owner of the address, and nobody else, that a sign-up was tried again."""
    place = place_in_line(tx, registration) if registration.status is Status.WAITLISTED else None
    facts = _facts(registration, page, "already", now)
    letter = letters.already_registered(facts, status=registration.status, position=place)
    _put(tx, letter, registration, event)


def address_changed(
    tx: Session, registration: Registration, event: Event, page: EventPage, *, new_email: str, now: datetime
) -> None:
    """Move a registration to another address: the old one is told and loses its entries, the new one gets all.

    Where nothing has left for the old address yet, it hears nothing at all.
    """
    silent = outbox.drop_unsent(tx, registration.id, registration.email)
    if not silent:
        _put(tx, letters.address_changed(_facts(registration, page, "moved", now)), registration, event)
        withdraw_all(tx, registration, event, page, now)
    registration.email, registration.email_key = new_email, new_email.lower()
    registration.link_serial += 1
    tx.flush()
    for_status(tx, registration, event, page, now)


def my_links(tx: Session, registrations: list[tuple[Registration, EventPage]], email: str, now: datetime) -> None:
    """All links of an address, in one letter to that address."""
    known = [
        letters.MyLink(event=page, status=one.status, url=links().mine(one.id, one.link_serial))
        for one, page in registrations
    ]
    first = registrations[0][0]
    letter = letters.my_links(
        sender=Mailbox(name="ALIS og SamLIS kurs", email=links().sender),
        to=Mailbox(name=first.full_name, email=email),
        links=known,
        message_id=_message_id(f"r{first.id}-links"),
        now=now,
    )
    outbox.put(tx, letter, outbox.About())


def invite_all(tx: Session, registration: Registration, event: Event, page: EventPage, now: datetime) -> None:
    """One REQUEST per session that takes place, each with a UID of its own (RFC 5546 3.2.2: one UID per request)."""
    going = [session for session in event.sessions if not session.cancelled]
    for number, session in enumerate(going, start=1):
        entry = _entry(tx, registration, session, now)
        entry.summary = wording.session_title(event.title, number, len(going))
        entry.location = session.video_url or wording.session_location(session.place, session.address)
        entry.starts_at, entry.ends_at = session.starts_at, session.ends_at
        entry.organizer_name, entry.organizer_email = page.office.name, links().sender
        tx.add(entry)
        tx.flush()
        _put_entry(tx, entry, registration, event, page, now)


def withdraw_all(tx: Session, registration: Registration, event: Event, page: EventPage, now: datetime) -> None:
    """CANCEL for each of this person's entries that stands in a calendar, as it was last told (RFC 5546 3.2.5)."""
    standing = tx.scalars(
        select(CalendarEntry)
        .where(CalendarEntry.registration_id == registration.id, CalendarEntry.method == "REQUEST")
        .order_by(CalendarEntry.starts_at)
    )
    for entry in list(standing):
        entry.method, entry.sequence, entry.stamp = "CANCEL", entry.sequence + 1, max(now, entry.stamp)
        _put_entry(tx, entry, registration, event, page, now)


def _entry(tx: Session, registration: Registration, session: EventSession, now: datetime) -> CalendarEntry:
    """The entry to REQUEST: a fresh UID at first; the same one with the next SEQUENCE when it is asked again."""
    known = tx.scalar(
        select(CalendarEntry)
        .where(CalendarEntry.registration_id == registration.id, CalendarEntry.session_id == session.id)
        .order_by(CalendarEntry.generation.desc())
        .limit(1)
    )
    if known is not None:
        known.method, known.sequence, known.stamp = "REQUEST", known.sequence + 1, max(now, known.stamp)
        return known
    return CalendarEntry(
        registration_id=registration.id,
        session_id=session.id,
        uid=invite.uid_for(registration_id=registration.id, session_id=session.id, domain=links().domain),
        method="REQUEST",
        sequence=0,
        stamp=now,
        session=session,
    )


def _put_entry(
    tx: Session, entry: CalendarEntry, registration: Registration, event: Event, page: EventPage, now: datetime
) -> None:
    """The calendar letter for an entry as it now stands."""
    method = entry.method.lower()
    unique = entry.uid.partition("@")[0]
    facts = _facts(registration, page, f"{unique}-q{entry.sequence}-{method}", now, exact=True)
    row = next(one for one in page.sessions if one.id == entry.session_id)
    leg = letters.Leg(
        session=row,
        total=len(page.sessions),
        video_url=entry.session.video_url,
        references=registration.confirmation_id,
    )
    content = _invitation(entry, registration, event, page)
    if entry.method == "REQUEST":
        letter = letters.invitation(facts, leg, invite.request(content))
    else:
        letter = letters.invitation_cancelled(facts, leg, invite.cancel(content))
    _put(tx, letter, registration, event, uid=entry.uid, sequence=entry.sequence)


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


def _facts(
    registration: Registration, page: EventPage, what: str, now: datetime, *, exact: bool = False
) -> letters.Facts:
    """Facts for one letter; `exact` takes `what` as the whole left side of the Message-ID."""
    return letters.Facts(
        event=page,
        sender=Mailbox(name=page.office.name, email=links().sender),
        to=Mailbox(name=registration.full_name, email=registration.email),
        first_name=registration.first_name,
        full_name=registration.full_name,
        link=links().mine(registration.id, registration.link_serial),
        event_url=links().event(page.slug),
        message_id=f"<{what}@{links().domain}>" if exact else _message_id(f"r{registration.id}-{what}"),
        now=now,
    )


def _message_id(left: str) -> str:
    return f"<{left}-{secrets.token_hex(6)}@{links().domain}>"


def _put(
    tx: Session,
    letter: Letter,
    registration: Registration,
    event: Event,
    *,
    uid: str | None = None,
    sequence: int | None = None,
) -> None:
    outbox.put(
        tx,
        letter,
        outbox.About(
            office_id=event.office_id, event_id=event.id, registration_id=registration.id, uid=uid, sequence=sequence
        ),
    )
