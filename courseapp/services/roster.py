"""People added and edited at the desk, with or without mail; the clock refuses here less than the public form does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from courseapp import clock
from courseapp.db import transaction
from courseapp.domain.access import Actor
from courseapp.domain.errors import AlreadyRegistered, MoveNotAllowed, NotFound
from courseapp.domain.event import WITH_SIGN_UP, EventStatus
from courseapp.domain.marking import N_
from courseapp.domain.modes import Mode
from courseapp.domain.registration import ACTIVE, Source, Status
from courseapp.domain.rows import PersonDetails
from courseapp.models.event import Event
from courseapp.models.journal import AuditEntry
from courseapp.models.registration import FeedToken, Registration
from courseapp.queries.people_import import has_ended
from courseapp.services import correspondence, enrolment, feeds, seats
from courseapp.services.changes import EventOver, demanded, note, turn_for
from courseapp.services.rooms import taken_of


class AlreadyIn(AlreadyRegistered):
    """The address is in use at this event; `registration_id` says by whom."""

    message = N_("Adressen er allerede påmeldt dette arrangementet.")

    def __init__(self, registration_id: int) -> None:
        self.registration_id = registration_id
        super().__init__()


class NotPublishedYet(MoveNotAllowed):
    """Letters would lead to a page that is not there."""

    message = N_("Arrangementet er ikke publisert. Publiser det før du legger til deltakere.")


class NoSignUps(MoveNotAllowed):
    """A kind whose number of people is typed in."""

    message = N_("Denne typen arrangement har ingen deltakerliste.")


@dataclass(frozen=True, slots=True, kw_only=True)
class AddWish:
    """Somebody to add. `mail`: she is told and invited. `reason`: why she gets a seat past line and capacity.

    `mode`: which room of a hybrid event.
    """

    person: PersonDetails
    mail: bool
    reason: str | None = None
    mode: Mode | None = None


def add(slug: str, wish: AddWish, actor: Actor) -> int:
    """Add one person by the rules of the seats, also after the deadline; returns the registration's id.

    With mail she gets what a sign-up would give: confirmation and invitations, or her place in line. Without mail
    nothing is put in the outbox and no calendar is told now. She is not forgotten: reminders, a seat that comes free, a
    cancellation and the next change that is told reach her as all others, and that change makes the invitations she
    lacks (`invitations.update` asks wherever no entry stands). A CANCEL later is sent only for what she was sent.

    With a reason she gets a seat whatever is free. At an event that has ended she was there: she gets a seat, and
    neither mail nor invitations. Raises NotFound, ReasonMissing, EventOver for one that is called off,
    NotPublishedYet, NoSignUps, ModeMissing, or AlreadyIn.
    """
    reason = None if wish.reason is None else demanded(wish.reason)
    with transaction() as tx:
        event = turn_for(tx, slug, actor)
        now = clock.now()
        check_takes_people(event)
        refuse_known(tx, event, wish.person.email)
        mode, over = seats.room_of(event, wish.mode), has_ended(event, now)
        by_rule = reason is None and not over
        status = _by_rule(tx, event, wish.person, mode) if by_rule else Status.REGISTERED
        registration = enrolment.new(event, wish.person, status, Source.ORGANIZER, now, mode=mode)
        tx.add(registration)
        tx.flush()
        mail = wish.mail and not over
        taken = taken_of(tx, event, mode) if reason else {}
        tx.add(_entry(registration, event, "added_by_hand", actor, now, mail=mail, reason=reason or "", **taken))
        if mail:
            correspondence.for_status(tx, registration, event, seats.page(tx, event, now), now)
        return registration.id


def edit(slug: str, registration_id: int, person: PersonDetails, actor: Actor) -> None:
    """Correct what somebody told; her address, status and place stay as they are, and nobody is told.

    The history names the fields, never what they said. Raises NotFound, or MoveNotAllowed for one who has left.
    """
    with transaction() as tx:
        event, registration = _turn(tx, slug, registration_id, actor)
        now = clock.now()
        changed = enrolment.changed(registration, person)
        if not changed:
            return
        enrolment.set_details(registration, person, now)
        tx.add(_entry(registration, event, "details_changed", actor, now, changed=",".join(changed)))
        tx.flush()
        if "primary_role" in changed:
            seats.fill(tx, event, now)  # seats kept for a role may be hers now


def change_address(slug: str, registration_id: int, email: str, actor: Actor) -> bool:
    """Use another address from now on; True when it is another one.

    Before the event ends the rules are those of the participant's own change: the old address is told and its calendar
    entries are cancelled, the new one gets all; where nothing has left for the old one, it hears nothing. Somebody who
    was added without mail gets her first letter with this. Afterwards only the row changes. Either way the old secret
    link is dead. Raises NotFound, AlreadyIn, EventOver, or MoveNotAllowed.
    """
    with transaction() as tx:
        event, registration = _turn(tx, slug, registration_id, actor)
        now = clock.now()
        if email.lower() == registration.email_key:
            return False
        if event.status is EventStatus.CANCELLED:
            raise EventOver
        refuse_known(tx, event, email)
        tx.add(_entry(registration, event, "address_changed", actor, now))
        if has_ended(event, now):
            registration.email, registration.email_key = email, email.lower()
            registration.link_serial += 1
        else:
            page = seats.page(tx, event, now)
            correspondence.address_changed(tx, registration, event, page, new_email=email, now=now)
        registration.updated_at = now
        return True


def new_link(slug: str, registration_id: int, actor: Actor) -> str:
    """Let the secret link somebody has open nothing any more, and mail her another; returns the address it goes to.

    Whoever held the old one may have made a calendar address with it: that is closed as well. Raises NotFound, also
    for somebody who is forgotten.
    """
    with transaction() as tx:
        event = turn_for(tx, slug, actor)
        registration = tx.get(Registration, registration_id)
        if registration is None or registration.event_id != event.id or registration.anonymised_at is not None:
            raise NotFound
        now = clock.now()
        registration.link_serial += 1
        feeds.close_all(tx, FeedToken.email_key == registration.email_key, now)
        tx.add(_entry(registration, event, "link_renewed", actor, now))
        correspondence.new_link(tx, registration, event, seats.page(tx, event, now), now)
        return registration.email


def check_takes_people(event: Event) -> None:
    """Raise what keeps an organizer from adding anybody at all."""
    if event.kind not in WITH_SIGN_UP:
        raise NoSignUps
    if event.status is EventStatus.DRAFT or event.starts_at is None:
        raise NotPublishedYet
    if event.status is EventStatus.CANCELLED:
        raise EventOver(N_("Arrangementet er avlyst, så det kan ikke få flere deltakere."))


def refuse_known(tx: Session, event: Event, email: str) -> None:
    """Raise AlreadyIn when the address is in use at this event."""
    if (known := enrolment.active(tx, event, email)) is not None:
        raise AlreadyIn(known.id)


def _by_rule(tx: Session, event: Event, person: PersonDetails, mode: Mode | None) -> Status:
    return seats.first_status(tx, event, person.primary_role, mode, seats.count(tx, event))


def _entry(
    registration: Registration, event: Event, verb: str, actor: Actor, now: datetime, **details: int | str | None
) -> AuditEntry:
    made = note(event, verb, actor, now, **details)
    made.registration_id = registration.id
    return made


def _turn(tx: Session, slug: str, registration_id: int, actor: Actor) -> tuple[Event, Registration]:
    event = turn_for(tx, slug, actor)
    registration = tx.get(Registration, registration_id)
    if registration is None or registration.event_id != event.id:
        raise NotFound
    if registration.status not in ACTIVE:
        raise MoveNotAllowed(N_("Påmeldingen er avsluttet, så den kan ikke endres."))
    return event, registration
