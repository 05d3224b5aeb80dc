"""Addresses a letter and puts it in the outbox. For services only: everything here takes `tx` or makes plain facts."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy.orm import Session

from courseapp import speech
from courseapp.domain.mailbox import Mailbox
from courseapp.domain.rows import EventPage
from courseapp.links import links
from courseapp.mail import letters, outbox
from courseapp.mail.letter import Letter
from courseapp.models.event import Event
from courseapp.models.registration import Registration

P = ParamSpec("P")
R = TypeVar("R")


def in_her_language(
    tell: Callable[Concatenate[Session, Registration, P], R],
) -> Callable[Concatenate[Session, Registration, P], R]:
    """Whatever is told to a registration is said in the language its person chose."""

    @wraps(tell)
    def told(tx: Session, registration: Registration, /, *args: P.args, **kwargs: P.kwargs) -> R:
        with speech.speaking(registration.language):
            return tell(tx, registration, *args, **kwargs)

    return told


def facts(
    registration: Registration, page: EventPage, what: str, now: datetime, *, exact: bool = False
) -> letters.Facts:
    """Facts for one letter; `exact` takes `what` as the whole left side of the Message-ID.

    Of a hybrid event a letter shows where its reader takes part, and nothing of the other room.
    """
    return letters.Facts(
        event=page.attended(registration.mode),
        sender=Mailbox(name=page.office.name, email=links().sender),
        to=Mailbox(name=registration.full_name, email=registration.email),
        first_name=registration.first_name,
        full_name=registration.full_name,
        link=links().mine(registration.id, registration.link_serial, registration.language),
        event_url=links().event(page.slug),
        message_id=f"<{what}@{links().domain}>" if exact else message_id(f"r{registration.id}-{what}"),
        now=now,
    )


def message_id(left: str) -> str:
    """A Message-ID nobody else has; it is kept, so a retry repeats it."""
    return f"<{left}-{secrets.token_hex(6)}@{links().domain}>"


def fresh_message_id(what: str) -> str:
    """One for a letter to somebody who has no number yet, which is what tells the others apart."""
    return f"<{what}-{secrets.token_hex(16)}@{links().domain}>"


def put(
    tx: Session,
    letter: Letter,
    registration: Registration,
    event: Event,
    *,
    uid: str | None = None,
    sequence: int | None = None,
) -> None:
    """Queue a letter that belongs to a registration."""
    outbox.put(
        tx,
        letter,
        outbox.About(
            office_id=event.office_id, event_id=event.id, registration_id=registration.id, uid=uid, sequence=sequence
        ),
    )
