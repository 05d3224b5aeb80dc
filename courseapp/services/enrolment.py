"""How a registration comes to be, is written anew and ends. For services only: the caller has the event's turn."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from courseapp.domain import names
from courseapp.domain.consent import DIETARY_VERSION
from courseapp.domain.language import Language
from courseapp.domain.modes import Mode
from courseapp.domain.registration import ACTIVE, Source, Status
from courseapp.domain.rows import PersonDetails
from courseapp.models.event import Event
from courseapp.models.registration import DietaryNeed, Registration, RegistrationRole
from courseapp.queries.registrations import details
from courseapp.services import correspondence, seats


def end(
    tx: Session, registration: Registration, event: Event, now: datetime, *, actor: str, moved_to: str = ""
) -> None:
    """Cancel, tell its holder, and give the seat that came free to the next in line.

    `moved_to` names the course that her wish to move has brought her to.
    """
    seats.move(tx, registration, Status.CANCELLED, now)
    registration.offer_expires_at = registration.dietary = None  # what she eats is kept for the meal alone
    tx.add(seats.entry(registration, event, "cancelled", now, actor=actor))
    correspondence.cancelled(tx, registration, event, seats.page(tx, event, now), now, moved_to=moved_to)
    seats.fill(tx, event, now)


def active(tx: Session, event: Event, email: str) -> Registration | None:
    """The active registration of an address at an event; there is at most one."""
    return tx.scalar(_ACTIVE, {"event_id": event.id, "email_key": email.lower()})


_ACTIVE = select(Registration).where(
    Registration.event_id == bindparam("event_id"),
    Registration.email_key == bindparam("email_key"),
    Registration.status.in_(ACTIVE),
)


def new(
    event: Event, person: PersonDetails, status: Status, source: Source, now: datetime, *, mode: Mode | None
) -> Registration:
    """A registration that is not saved yet; one that waits stands last in line. `mode` is `seats.room_of`'s answer."""
    event.people_forgotten_at = None  # whoever comes late is forgotten in the next round
    registration = Registration(
        event_id=event.id,
        status=status,
        mode=mode,
        line_no=seats.next_line_no(event) if status is Status.WAITLISTED else None,
        email=person.email,
        email_key=person.email.lower(),
        source=source,
        link_serial=1,
        created_at=now,
        status_at=now,
    )
    set_details(registration, person, now)
    return registration


def set_details(registration: Registration, person: PersonDetails, now: datetime) -> None:
    """Write what a person told about herself; her address is not hers to change here."""
    for name in (
        "first_name",
        "last_name",
        "mobile",
        "primary_role",
        "workplace",
        "municipality",
        "district",
        "hpr_number",
    ):
        setattr(registration, name, getattr(person, name))
    registration.sort_key = names.sort_key(person.last_name, person.first_name)
    registration.reason, registration.note = person.reason, person.note
    registration.supervises = [str(one) for one in person.supervises]
    registration.language = person.language or registration.language or Language.BOKMAL
    registration.other_roles = [RegistrationRole(role=role, position=at) for at, role in enumerate(person.other_roles)]
    _set_dietary(registration, person.dietary_needs, now)
    registration.updated_at = now


def changed(registration: Registration, person: PersonDetails) -> list[str]:
    """The fields in which what is told now differs from what is kept; their names only, as histories keep them."""
    known = details(registration)
    told = [name for name in person.__slots__ if name != "email" and (name != "language" or person.language)]
    return [name for name in told if getattr(known, name) != getattr(person, name)]


def _set_dietary(registration: Registration, needs: str, now: datetime) -> None:
    kept = registration.dietary
    if not needs:
        registration.dietary = None
    elif kept is None or kept.needs != needs:
        registration.dietary = DietaryNeed(needs=needs, consented_at=now, consent_version=DIETARY_VERSION)
