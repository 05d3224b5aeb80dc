"""The right to be forgotten (GDPR article 17): its holder asks behind her own link, the office answers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from courseapp import clock
from courseapp.db import transaction
from courseapp.domain.access import Actor, check, may_organize
from courseapp.domain.errors import DomainError, NotFound
from courseapp.domain.event import LIVE_STATUSES
from courseapp.domain.marking import N_
from courseapp.domain.registration import ACTIVE
from courseapp.domain.retention import Forgotten, StillSignedUp
from courseapp.models.event import Event
from courseapp.models.journal import AuditEntry
from courseapp.models.privacy import ErasureRequest
from courseapp.models.registration import Registration
from courseapp.services import correspondence, forgetting, seats
from courseapp.services.retention import note

SHORTEST_REASON = 5


class NobodyThere(DomainError):
    """No registration of that address at the actor's offices."""

    message = N_("Kontoret har ingenting lagret på den adressen.")


class NoAnswer(DomainError):
    """A wish that is answered without being met needs a reason."""

    message = N_("Skriv kort hva dere svarte.")


def ask(key: str) -> None:
    """Ask the office to forget a registration; asking twice is asking once.

    Raises NotFound for a dead link, StillSignedUp while it is a place at something that is not over.
    """
    with transaction() as tx:
        registration, event = seats.mine(tx, key)
        now = clock.now()
        if _open(tx, registration.id) is not None:
            return
        if _waits(registration, event, now):
            raise StillSignedUp
        tx.add(ErasureRequest(registration_id=registration.id, office_id=event.office_id, asked_at=now))
        tx.add(seats.entry(registration, event, "erasure_asked", now, actor="public"))


def erase(email: str, *, actor: Actor) -> int:
    """Forget everything about an address at events the actor's offices answer for; returns how many registrations.

    Its owner is told. Kursbevis stay in their register, as the law of her education wants. Raises NobodyThere, or
    StillSignedUp where she has a place at something that is not over.
    """
    with transaction() as tx:
        now = clock.now()
        found = _turns(tx, email.strip().lower(), actor)
        if not found:
            raise NobodyThere
        if any(_waits(one, event, now) for one, event in found):
            raise StillSignedUp
        correspondence.erased(tx, found[0][0], [event for _one, event in found], now)
        for one, event in found:
            _settle(_open(tx, one.id), actor, now, erased=True)
            forgetting.people(tx, Registration.id == one.id, now, alone=True)
            note(tx, Forgotten.ERASED, 1, now, event=event, user_id=actor.user_id)
        return len(found)


def answer(request_id: int, reason: str, *, actor: Actor) -> None:
    """Settle a wish without erasing; the office has written to her itself. Raises NotFound, or NoAnswer."""
    with transaction() as tx:
        request = tx.get(ErasureRequest, request_id)
        if request is None or request.settled_at is not None:
            raise NotFound
        check(may_organize(actor, [request.office_id]))
        if len(reason.strip()) < SHORTEST_REASON:
            raise NoAnswer
        now = clock.now()
        _settle(request, actor, now, erased=False)
        registration = tx.get_one(Registration, request.registration_id)
        tx.add(
            AuditEntry(
                at=now,
                actor="user",
                user_id=actor.user_id,
                office_id=request.office_id,
                event_id=registration.event_id,
                registration_id=registration.id,
                verb="erasure_answered",
                details={"reason": reason.strip()},
            )
        )


def _turns(tx: Session, email_key: str, actor: Actor) -> list[tuple[Registration, Event]]:
    """Her registrations at the actor's offices, with the turns of their events taken in one order, the lowest first.

    What is chosen is read after the turns are taken: a lock shows the newest row of the event, not of the registration.
    """
    hers = Registration.email_key == email_key, Registration.anonymised_at.is_(None)
    theirs = select(Registration.event_id).where(*hers)
    events = {
        event.id: event
        for event in tx.scalars(select(Event).where(Event.id.in_(theirs)).order_by(Event.id).with_for_update())
    }
    rows = tx.scalars(
        select(Registration)
        .where(*hers, Registration.event_id.in_(events))
        .order_by(Registration.event_id, Registration.id)
    )
    return [(one, events[one.event_id]) for one in rows if may_organize(actor, [events[one.event_id].office_id])]


def _waits(registration: Registration, event: Event, now: datetime) -> bool:
    """Whether there is something she may still come to, or is at right now."""
    return registration.status in ACTIVE and event.status in LIVE_STATUSES and (event.ends_at or now) > now


def _open(tx: Session, registration_id: int) -> ErasureRequest | None:
    return tx.scalar(
        select(ErasureRequest).where(
            ErasureRequest.registration_id == registration_id, ErasureRequest.settled_at.is_(None)
        )
    )


def _settle(request: ErasureRequest | None, actor: Actor, now: datetime, *, erased: bool) -> None:
    if request is not None:
        request.settled_at, request.erased, request.user_id = now, erased, actor.user_id
