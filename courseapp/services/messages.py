"""Messages from the office: drafts, a test copy to the writer, and one letter to each who is meant.

Every act takes the event's turn first. A draft is sent once: whoever presses twice, or reloads, sends nothing more.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from courseapp import clock, speech, wording
from courseapp.db import transaction
from courseapp.domain.access import Actor
from courseapp.domain.errors import DomainError, NotFound
from courseapp.domain.event import EventStatus
from courseapp.domain.mailbox import Mailbox
from courseapp.domain.marking import N_
from courseapp.domain.messages import LONGEST_BODY, LONGEST_SUBJECT, Choice, TooLong, check_text
from courseapp.domain.registration import ACTIVE
from courseapp.mail import outbox, prose
from courseapp.mail.letters import Facts
from courseapp.models.account import User
from courseapp.models.event import Event
from courseapp.models.message import Message
from courseapp.queries import recipients
from courseapp.queries.recipients import Recipients, by_code, is_active
from courseapp.services import briefings, posting, seats
from courseapp.services.changes import note, turn_for
from courseapp.speech import said as _


class AlreadySent(DomainError):
    """What has left the house is not written anew."""

    message = N_("Meldingen er sendt og kan ikke endres lenger.")


class ChangedMeanwhile(DomainError):
    """A colleague saved the same draft first."""

    message = N_("En kollega har lagret denne meldingen siden du åpnet den. Lagre på nytt for å beholde det du skrev.")


class NobodyChosen(DomainError):
    """A message to nobody."""

    message = N_("Ingen er med i utvalget. Velg hvem som skal få meldingen.")


class NotPublished(DomainError):
    """Nobody has heard of the event yet."""

    message = N_("Arrangementet er ikke publisert ennå, så meldingen kan ikke sendes.")


class ChoiceChanged(DomainError):
    """Somebody came or went, or the text was saved again, since the preview; the sentence says how many it is now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageWish:
    """A draft as it shall be. It may be unfinished; only what is sent must be whole."""

    subject: str
    body: str
    choice: Choice


def save(slug: str, wish: MessageWish, *, token: str, actor: Actor) -> int:
    """Keep a new draft and return its id. The same form sent again (`token`) changes the draft it made.

    Raises NotFound, TooLong, or AlreadySent.
    """
    _check_lengths(wish)
    with transaction() as tx:
        event, now = turn_for(tx, slug, actor), clock.now()
        known = tx.scalar(select(Message).where(Message.token == token))
        if known is not None:
            _check_draft(known, event)
            _write(known, wish, now)
            return known.id
        made = Message(
            event_id=event.id,
            author_id=actor.user_id,
            token=token,
            subject=wish.subject,
            body=wish.body,
            choice=wish.choice.kept(),
            created_at=now,
            updated_at=now,
        )
        tx.add(made)
        tx.flush()
        return made.id


def change(slug: str, message_id: int, wish: MessageWish, *, seen: int, actor: Actor) -> None:
    """Change a draft whose revision `seen` its writer had open.

    Raises NotFound, TooLong, AlreadySent, or ChangedMeanwhile.
    """
    _check_lengths(wish)
    with transaction() as tx:
        _event, message = draft_of(tx, slug, message_id, actor)
        if message.revision != seen:
            raise ChangedMeanwhile
        _write(message, wish, clock.now())


def delete(slug: str, message_id: int, *, actor: Actor) -> None:
    """Throw a draft away, its files with it. Raises NotFound or AlreadySent."""
    with transaction() as tx:
        _event, message = draft_of(tx, slug, message_id, actor)
        outbox.let_go(tx, [message.id])
        tx.delete(message)


def send_test(slug: str, message_id: int, code: str, *, actor: Actor) -> str:
    """Send the writer, and nobody else, a copy as the reader `code` would get it, without her secret link.

    Returns the address. Raises NotFound, AlreadySent, or a refusal of the text.
    """
    with transaction() as tx:
        event, message = draft_of(tx, slug, message_id, actor)
        check_text(message.subject, message.body)
        now, writer = clock.now(), tx.get_one(User, actor.user_id)
        reader = by_code(recipients.chosen(tx, event, Choice.of(message.choice)), code)
        to = Mailbox(name=writer.name, email=writer.email)
        mail_id = posting.message_id(f"m{message.id}-test")
        facts = recipients.shown_to_office(reader, seats.page(tx, event, now), to, mail_id, now)
        subject = speech.said("Prøve: %(subject)s", subject=message.subject)
        letter = prose.message(facts, subject, message.body, occasion=prose.TEST, mine=is_active(reader))
        # Not the event's: a draft of an event can be thrown away with its test copies still in the queue.
        outbox.put(tx, letter, outbox.About(office_id=event.office_id, office_message_id=message.id))
        return writer.email


def send(slug: str, message_id: int, *, seen: str, actor: Actor) -> int:
    """Send a draft to everybody it means at this moment, and return how many that is; done already, the same again.

    `seen` is the mark of the preview. Raises NotFound, NotPublished, a refusal of the text, NobodyChosen, or
    ChoiceChanged; then nothing is sent.
    """
    with transaction() as tx:
        event = turn_for(tx, slug, actor)
        message = _of(tx, event, message_id)
        if message.sent_at is not None:
            return (message.people or 0) + (message.leaders or 0)
        if event.status is EventStatus.DRAFT:
            raise NotPublished
        check_text(message.subject, message.body)
        found = recipients.chosen(tx, event, Choice.of(message.choice))
        if not found.total:
            raise NobodyChosen
        if found.seen(message) != seen:
            raise ChoiceChanged(_changed(message, found, seen))
        now = clock.now()
        _put_all(tx, message, event, found, now)
        message.people, message.leaders = len(found.people), len(found.leaders)
        message.author_id, message.sent_at, message.updated_at = actor.user_id, now, now
        details = {"message": message.id, "people": len(found.people), "leaders": len(found.leaders)}
        tx.add(note(event, "message_sent", actor, now, **details))
        return found.total


def draft_of(tx: Session, slug: str, message_id: int, actor: Actor) -> tuple[Event, Message]:
    """The event with its turn taken, and a draft of it. Raises NotFound or AlreadySent. For services only."""
    event = turn_for(tx, slug, actor)
    message = _of(tx, event, message_id)
    _check_draft(message, event)
    return event, message


def _of(tx: Session, event: Event, message_id: int) -> Message:
    message = tx.get(Message, message_id)
    if message is None or message.event_id != event.id:
        raise NotFound
    return message


def _check_draft(message: Message, event: Event) -> None:
    if message.event_id != event.id:
        raise NotFound
    if message.sent_at is not None:
        raise AlreadySent


def _check_lengths(wish: MessageWish) -> None:
    if len(wish.subject) > LONGEST_SUBJECT or len(wish.body) > LONGEST_BODY:
        raise TooLong


def _write(message: Message, wish: MessageWish, now: datetime) -> None:
    message.subject, message.body, message.choice = wish.subject, wish.body, wish.choice.kept()
    message.revision, message.updated_at = message.revision + 1, now


def _changed(message: Message, found: Recipients, seen: str) -> str:
    if seen.partition("-")[0] != str(message.revision):
        return speech.said(
            "Meldingen er lagret på nytt siden du så på den. Ingenting er sendt. Se over den, og send på nytt."
        )
    return speech.said(
        "Utvalget er endret siden du så på det. Nå er det %(people)s. Ingenting er sendt. Se over, og send på nytt.",
        people=wording.counted(found.total, _("person"), _("personer")),
    )


def _put_all(tx: Session, message: Message, event: Event, found: Recipients, now: datetime) -> None:
    page = seats.page(tx, event, now)
    for one in found.people:
        told = posting.facts(one, page, f"m{message.id}", now)
        with speech.speaking(one.language):
            _put(tx, told, message, event, mine=one.status in ACTIVE, registration_id=one.id)
    for leader in found.leaders:
        with speech.speaking(leader.language):
            _put(tx, briefings.facts_for(leader, page, f"m{message.id}", now), message, event)


def _put(
    tx: Session,
    told: Facts,
    message: Message,
    event: Event,
    *,
    mine: bool = False,
    registration_id: int | None = None,
) -> None:
    occasion = prose.TO_LEADER if registration_id is None else prose.MESSAGE
    about = outbox.About(
        office_id=event.office_id,
        event_id=event.id,
        registration_id=registration_id,
        office_message_id=message.id,
    )
    told = told if mine else _without_secret(told)
    outbox.put(tx, prose.message(told, message.subject, message.body, occasion=occasion, mine=mine), about)


def _without_secret(told: Facts) -> Facts:
    """Who is no longer signed up is led to the event's own page."""
    return replace(told, link=told.event_url)
