"""Which letters an act calls for. For services only: everything here takes `tx` and puts letters in its transaction."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from courseapp import speech
from courseapp.domain.changes import Change
from courseapp.domain.mailbox import Mailbox
from courseapp.domain.modes import Mode
from courseapp.domain.registration import Status
from courseapp.domain.rows import EventPage
from courseapp.links import links
from courseapp.mail import letters, outbox, prose
from courseapp.models.event import Event
from courseapp.models.registration import Registration
from courseapp.queries import standard_texts
from courseapp.queries.registrations import kept_for, named, place_in_line
from courseapp.services import invitations
from courseapp.services.posting import facts, in_her_language, message_id, put


@in_her_language
def signed_up(
    tx: Session, registration: Registration, event: Event, page: EventPage, now: datetime, *, place: int | None
) -> None:
    """Tell somebody new where she stands; `place` is hers in line. With a seat she has her confirmation's id."""
    told = facts(registration, page, "status", now)
    if registration.status is Status.REGISTERED:
        told = replace(told, message_id=registration.confirmation_id)
        put(tx, letters.confirmation(told, ending=_ending(tx, told, event)), registration, event)
        invitations.invite_all(tx, registration, event, page, now, fresh=True)
    elif place is not None:
        put(tx, letters.waiting(told, position=place, kept=""), registration, event)
    else:
        put(tx, letters.applied(told, kept=""), registration, event)


@in_her_language
def for_status(
    tx: Session, registration: Registration, event: Event, page: EventPage, now: datetime, *, kept: str = ""
) -> None:
    """Tell a registration where it stands now: a confirmation with invitations, or a receipt for the line.

    `kept` names a course where she keeps her place while she waits for this one.
    """
    told = facts(registration, page, "status", now)
    match registration.status:
        case Status.REGISTERED:
            put(tx, letters.confirmation(told, ending=_ending(tx, told, event)), registration, event)
            fresh = not registration.confirmation_id  # who was never confirmed was never invited
            registration.confirmation_id = told.message_id
            invitations.invite_all(tx, registration, event, page, now, fresh=fresh)
        case Status.WAITLISTED:
            place = place_in_line(tx, registration)
            put(tx, letters.waiting(told, position=place, kept=kept), registration, event)
        case Status.APPLIED:
            put(tx, letters.applied(told, kept=kept), registration, event)
        case Status.OFFERED:
            offered(tx, registration, event, page, now)
        case other:
            raise ValueError(f"no letter tells an active registration that it is {other}")


@in_her_language
def seat_given(
    tx: Session, registration: Registration, event: Event, page: EventPage, now: datetime, *, accepted: bool = False
) -> None:
    """A seat came free, or an offered one was taken: tell its new holder, and put it in the calendar."""
    told = facts(registration, page, "seat", now)
    letter = letters.seat_given(told, accepted=accepted, ending=_ending(tx, told, event))
    put(tx, letter, registration, event)
    registration.confirmation_id = told.message_id
    invitations.invite_all(tx, registration, event, page, now)


@in_her_language
def application_answered(tx: Session, registration: Registration, event: Event, page: EventPage, now: datetime) -> None:
    """The one answer to an application: a seat with its invitations, a place in line, or a refusal."""
    told = facts(registration, page, "answer", now)
    link = kept_for(tx, registration, now)
    kept = "" if link is None else named(link.event)
    match registration.status:
        case Status.REGISTERED:
            letter = letters.seat_given(told, accepted=False, chosen=True, ending=_ending(tx, told, event))
            put(tx, letter, registration, event)
            registration.confirmation_id = told.message_id
            invitations.invite_all(tx, registration, event, page, now)
        case Status.WAITLISTED:
            letter = letters.waiting(told, position=place_in_line(tx, registration), kept=kept, answered=True)
            put(tx, letter, registration, event)
        case _:
            put(tx, letters.not_given(told, kept=kept), registration, event)


@in_her_language
def offered(tx: Session, registration: Registration, event: Event, page: EventPage, now: datetime) -> None:
    """«Tilbud om plass – svar innen …»: nothing for the calendar until it is taken."""
    kept = kept_for(tx, registration, now)
    letter = letters.offer(
        facts(registration, page, "offer", now),
        expires_at=_expiry(registration),
        kept=named(kept.event) if kept is not None else "",
    )
    put(tx, letter, registration, event)


@in_her_language
def offer_reminder(tx: Session, registration: Registration, event: Event, page: EventPage, now: datetime) -> None:
    """The one reminder before an offer runs out."""
    letter = letters.offer_reminder(facts(registration, page, "reminder", now), expires_at=_expiry(registration))
    put(tx, letter, registration, event)


@in_her_language
def offer_expired(tx: Session, registration: Registration, event: Event, page: EventPage, now: datetime) -> None:
    """The offer ran out; its holder may wait on at the end of the line."""
    put(tx, letters.offer_expired(facts(registration, page, "expired", now)), registration, event)


@in_her_language
def declined(tx: Session, registration: Registration, event: Event, page: EventPage, now: datetime) -> None:
    """A receipt for turning an offer down."""
    put(tx, letters.declined(facts(registration, page, "declined", now)), registration, event)


@in_her_language
def reminder(
    tx: Session, registration: Registration, event: Event, page: EventPage, now: datetime, *, session_id: int
) -> None:
    """A session is near."""
    told = facts(registration, page, "near", now)
    session = next(one for one in told.event.sessions if one.id == session_id)
    link = next(one.video_url for one in event.sessions if one.id == session_id)
    video_url = "" if registration.mode is Mode.PHYSICAL else link
    letter = letters.reminder(told, session=session, video_url=video_url)
    put(tx, letter, registration, event)


@in_her_language
def cancelled(
    tx: Session, registration: Registration, event: Event, page: EventPage, now: datetime, *, moved_to: str = ""
) -> None:
    """Tell the holder, and take each session out of the calendar. `moved_to` names the course she waited to move to."""
    told = facts(registration, page, "cancelled", now)
    put(tx, letters.moved(told, to=moved_to) if moved_to else letters.cancelled(told), registration, event)
    invitations.withdraw_all(tx, registration, event, page, now)


@in_her_language
def already_registered(tx: Session, registration: Registration, event: Event, page: EventPage, now: datetime) -> None:
    """Tell the owner of the address, and nobody else, that a sign-up was tried again."""
    place = place_in_line(tx, registration) if registration.status is Status.WAITLISTED else None
    told = facts(registration, page, "already", now)
    letter = letters.already_registered(told, status=registration.status, position=place)
    put(tx, letter, registration, event)


@in_her_language
def address_changed(
    tx: Session, registration: Registration, event: Event, page: EventPage, *, new_email: str, now: datetime
) -> None:
    """Move a registration to another address: the old one is told and loses its entries, the new one gets all.

    Where nothing has left for the old address yet, it hears nothing at all.
    """
    silent = outbox.drop_unsent(tx, registration.id, registration.email)
    if not silent:
        put(tx, letters.address_changed(facts(registration, page, "moved", now)), registration, event)
        invitations.withdraw_all(tx, registration, event, page, now)
    registration.email, registration.email_key = new_email, new_email.lower()
    registration.link_serial += 1
    tx.flush()
    for_status(tx, registration, event, page, now)


@in_her_language
def new_link(tx: Session, registration: Registration, event: Event, page: EventPage, now: datetime) -> None:
    """Her new link, to her alone."""
    put(tx, letters.new_link(facts(registration, page, "link", now)), registration, event)


def my_links(tx: Session, registrations: list[tuple[Registration, EventPage]], email: str, now: datetime) -> None:
    """All links of an address, in one letter to that address, in the language of the first of them."""
    first = registrations[0][0]
    known = [
        letters.MyLink(
            event=page.attended(one.mode),
            status=one.status,
            url=links().mine(one.id, one.link_serial, first.language),
        )
        for one, page in registrations
    ]
    with speech.speaking(first.language):
        letter = letters.my_links(
            sender=Mailbox(name=speech.said("ALIS og SamLIS kurs"), email=links().sender),
            to=Mailbox(name=first.full_name, email=email),
            links=known,
            message_id=message_id(f"r{first.id}-links"),
            now=now,
        )
    outbox.put(tx, letter, outbox.About())


@in_her_language
def erased(tx: Session, registration: Registration, events: list[Event], now: datetime) -> None:
    """Everything about her is gone. The letter belongs to no registration, and is itself forgotten soon."""
    offices = sorted({event.office.name for event in events})
    letter = letters.erased(
        sender=Mailbox(name=offices[0], email=links().sender),
        to=Mailbox(name=registration.full_name, email=registration.email),
        offices=offices,
        message_id=message_id("erased"),
        now=now,
    )
    outbox.put(tx, letter, outbox.About(office_id=events[0].office_id))


@in_her_language
def thanks(tx: Session, registration: Registration, event: Event, page: EventPage, now: datetime) -> None:
    """The event is over: thank you, and what did you think?"""
    address = links().evaluation(event.id)
    put(tx, letters.thanks(facts(registration, page, "thanks", now), evaluation_url=address), registration, event)


@in_her_language
def certificate(tx: Session, registration: Registration, event: Event, page: EventPage, now: datetime) -> None:
    """A kursbevis is ready behind her own link."""
    put(tx, letters.certificate(facts(registration, page, "certificate", now)), registration, event)


@in_her_language
def changed(
    tx: Session,
    registration: Registration,
    event: Event,
    page: EventPage,
    now: datetime,
    *,
    changes: tuple[Change, ...],
    message: str,
) -> None:
    """One plain letter that says what changed."""
    letter = letters.changed(facts(registration, page, "changed", now), changes=changes, message=message)
    put(tx, letter, registration, event)


@in_her_language
def event_cancelled(tx: Session, registration: Registration, event: Event, page: EventPage, now: datetime) -> None:
    """The event will not take place: say why, and take it out of the calendar."""
    put(tx, letters.event_cancelled(facts(registration, page, "off", now)), registration, event)
    invitations.withdraw_all(tx, registration, event, page, now)


def _ending(tx: Session, told: letters.Facts, event: Event) -> letters.Prose:
    """What the event and its office want to say to whoever has a seat."""
    return prose.endings(told, standard_texts.endings(tx, event))


def _expiry(registration: Registration) -> datetime:
    assert registration.offer_expires_at is not None
    return registration.offer_expires_at
