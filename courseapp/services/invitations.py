"""What registrants' calendars are told: an entry per registrant and session. For services only: all takes `tx`."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from courseapp import wording
from courseapp.calendar import invite
from courseapp.domain.mailbox import Mailbox
from courseapp.domain.modes import Mode
from courseapp.domain.rows import EventPage
from courseapp.links import links
from courseapp.mail import letters
from courseapp.models.calendar import ToldEntry
from courseapp.models.event import Event
from courseapp.models.registration import CalendarEntry, Registration
from courseapp.services import calendars
from courseapp.services.calendars import Calendar
from courseapp.services.posting import facts, in_her_language, put
from courseapp.speech import said


@in_her_language
def invite_all(
    tx: Session, registration: Registration, event: Event, page: EventPage, now: datetime, *, fresh: bool = False
) -> None:
    """One REQUEST per session that takes place. A `fresh` registration's calendar has never been told anything."""
    calendars.ask_all(tx, _calendar(tx, registration, event, page, now), event, now, fresh=fresh)


@in_her_language
def update(tx: Session, registration: Registration, event: Event, page: EventPage, now: datetime) -> None:
    """Make a seat-holder's calendar agree with the sessions."""
    calendars.agree(tx, _calendar(tx, registration, event, page, now), event, now)


@in_her_language
def withdraw_all(tx: Session, registration: Registration, event: Event, page: EventPage, now: datetime) -> None:
    """CANCEL for each of this person's entries that stands in a calendar."""
    calendars.withdraw_all(tx, _calendar(tx, registration, event, page, now), event, now)


def link_of(entry: ToldEntry, mode: Mode | None) -> str:
    """Where to call in, for whoever may: a seat in the room of a hybrid event comes without."""
    return "" if mode is Mode.PHYSICAL else entry.session.video_url


def leg_of(entry: ToldEntry, page: EventPage, references: str, *, mode: Mode | None = None) -> letters.Leg:
    """The session of an entry as its letter tells it; `references` is the letter it belongs to."""
    return letters.Leg(
        session=next(one for one in page.sessions if one.id == entry.session_id),
        total=sum(1 for one in page.sessions if one.number),
        video_url=link_of(entry, mode),
        references=references,
    )


def content_of(
    entry: ToldEntry, event: Event, *, attendee: Mailbox, description: str, mode: Mode | None = None
) -> invite.Invitation:
    """What the calendar file of an entry says to that one person."""
    return invite.Invitation(
        uid=entry.uid,
        sequence=entry.sequence,
        stamp=entry.stamp,
        modified=entry.stamp,
        starts_at=entry.starts_at,
        ends_at=entry.ends_at,
        summary=entry.summary,
        location=entry.location,
        description=description,
        url=links().event(event.slug),
        video_url=link_of(entry, mode) or None,
        organizer=Mailbox(name=entry.organizer_name, email=entry.organizer_email),
        attendee=attendee,
    )


def name_of(entry: ToldEntry) -> str:
    """The left side of the Message-ID of the letter about an entry; a retry repeats it."""
    return f"{entry.uid.partition('@')[0]}-q{entry.sequence}-{entry.method.lower()}"


def _calendar(
    tx: Session, registration: Registration, event: Event, page: EventPage, now: datetime
) -> Calendar[CalendarEntry]:
    return Calendar(
        table=CalendarEntry,
        owner={"registration_id": registration.id},
        uid=lambda session_id: invite.uid_for(
            registration_id=registration.id, session_id=session_id, domain=links().domain
        ),
        email=registration.email,
        office_name=page.office.name,
        write=lambda entry: _write(tx, entry, registration, event, page, now),
        mode=registration.mode,
    )


def _write(
    tx: Session, entry: CalendarEntry, registration: Registration, event: Event, page: EventPage, now: datetime
) -> None:
    """The calendar letter for an entry as it now stands."""
    told = facts(registration, page, name_of(entry), now, exact=True)
    mode = registration.mode
    leg = leg_of(entry, told.event, registration.confirmation_id, mode=mode)
    content = content_of(
        entry,
        event,
        attendee=Mailbox(name=registration.full_name, email=registration.email),
        description=_description(entry, page, link_of(entry, mode)),
        mode=mode,
    )
    if entry.method == "REQUEST":
        letter = letters.invitation(told, leg, invite.request(content))
    else:
        letter = letters.invitation_cancelled(told, leg, invite.cancel(content))
    put(tx, letter, registration, event, uid=entry.uid, sequence=entry.sequence)


def _description(entry: CalendarEntry, page: EventPage, link: str) -> str:
    """What the calendar shows. Calendars are shared with colleagues, so the secret link stays in the letter."""
    lines = [
        f"{page.title}, {page.office.name}.",
        said("Delta her: %(link)s", link=link) if link else said("Sted: %(place)s", place=entry.location),
        said("Vil du endre noe eller melde deg av? Bruk lenken i e-posten du fikk fra oss."),
        said("Spørsmål: %(contact)s", contact=f"{page.contact_email}, {wording.phone(page.contact_phone)}"),
        links().event(page.slug),
    ]
    return "\n".join(lines)
