"""What a participant does: sign up, change details, correct the address, cancel, ask for lost links."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from courseapp import clock
from courseapp.db import transaction
from courseapp.domain import names
from courseapp.domain.errors import EventStarted, NotFound
from courseapp.domain.registration import ACTIVE, Reason, Role, Source, Status, Supervises, check_move
from courseapp.domain.rows import PersonDetails, SignUp
from courseapp.models.event import Event
from courseapp.models.registration import DietaryNeed, Registration, RegistrationRole, SignUpReceipt
from courseapp.queries.registrations import details
from courseapp.services import correspondence, seats, tries

RECEIPT_LIFE = timedelta(minutes=30)
MOST_CORRECTIONS = 3
CONSENT_VERSION = "2026-11"


@dataclass(frozen=True, kw_only=True)
class SignedUp:
    """What the browser that signed up is given: a token for its receipt, and what the receipt says."""

    receipt: str
    status: Status
    position: int | None


def sign_up(wish: SignUp, *, source: Source = Source.PUBLIC) -> SignedUp:
    """Give a seat if there is one, a place in line if not; either way letters.

    A second sign-up with an active address changes nothing: the address's owner gets a letter, and the answer is what
    a first sign-up would get. Raises SignUpClosed (or a kin of it) and NotFound.
    """
    with transaction() as tx:
        event = seats.take_turn(tx, wish.event_id)
        now = clock.now()
        if (refusal := event.window.refusal(now)) is not None:
            raise refusal
        receipt = SignUpReceipt(event_id=event.id, expires_at=now + RECEIPT_LIFE)
        _enter(tx, event, wish.person, receipt, source, now)
        token = secrets.token_urlsafe(24)
        receipt.token_hash = _hashed(token)
        tx.add(receipt)
        return SignedUp(receipt=token, status=receipt.status, position=receipt.position)


def correct_address(receipt_token: str, email: str) -> None:
    """Correct a mistyped address from the browser that signed up, for as long as its receipt lives.

    Raises NotFound without such a receipt, or when it was corrected too often.
    """
    with transaction() as tx:
        receipt = tx.scalar(select(SignUpReceipt).where(SignUpReceipt.token_hash == _hashed(receipt_token)))
        if receipt is None:
            raise NotFound
        event = seats.take_turn(tx, receipt.event_id)
        tx.refresh(receipt)
        now = clock.now()
        if receipt.expires_at <= now or receipt.corrections >= MOST_CORRECTIONS:
            raise NotFound
        receipt.corrections += 1
        if email.lower() != receipt.email.lower():
            _correct(tx, event, receipt, email, now)


def change_details(key: str, person: PersonDetails) -> None:
    """Keep what the holder of a secret link now says about herself; address and status stay as they are.

    Raises NotFound for a dead link, MoveNotAllowed for a registration that has ended.
    """
    with transaction() as tx:
        registration, event = seats.mine(tx, key)
        now = clock.now()
        if registration.status not in ACTIVE:
            check_move(registration.status, registration.status)
        _set_details(registration, person, now)
        tx.add(seats.entry(registration, event, "details_changed", now, actor="public"))


def cancel(key: str) -> None:
    """Give the place back, from every active status, until the event starts; whoever is next in line is told at once.

    Raises NotFound for a dead link, EventStarted, or MoveNotAllowed when it has ended already.
    """
    with transaction() as tx:
        registration, event = seats.mine(tx, key)
        now = clock.now()
        check_move(registration.status, Status.CANCELLED)
        if event.starts_at is not None and now >= event.starts_at:
            raise EventStarted
        _cancel(tx, registration, event, now, actor="public")


def send_links(email: str) -> None:
    """Mail every link of an address to that address; nothing happens for an address nobody knows. Answers the same."""
    with transaction() as tx:
        now = clock.now()
        found = list(
            tx.scalars(
                select(Registration)
                .join(Registration.event)
                .where(
                    Registration.email_key == email.lower(),
                    Registration.status.in_(ACTIVE),
                    Event.ends_at > now - timedelta(days=365),
                )
                .order_by(Event.starts_at)
            )
        )
        if found and tries.count(tx, "links_mailed", email.lower(), seconds=3600, now=now) <= 3:
            pages = [(one, seats.page(tx, one.event, now)) for one in found]
            correspondence.my_links(tx, pages, found[0].email, now)


def _enter(
    tx: Session, event: Event, person: PersonDetails, receipt: SignUpReceipt, source: Source, now: datetime
) -> None:
    """Put a person into the event, or tell its owner that she is in already; write both on the receipt."""
    receipt.email = person.email
    receipt.status, receipt.position = _would_be(tx, event, person.primary_role)
    existing = _active(tx, event, person.email)
    if existing is not None:
        receipt.registration_id, receipt.wish = None, asdict(replace(person, dietary_needs=""))
        _tell_owner(tx, existing, event, now)
        return
    registration = _new(event, person, receipt.status, source, now)
    tx.add(registration)
    tx.flush()
    tx.add(seats.entry(registration, event, "signed_up", now, actor="public", status=registration.status))
    receipt.registration_id, receipt.wish = registration.id, None
    correspondence.for_status(tx, registration, event, seats.page(tx, event, now), now)


def _would_be(tx: Session, event: Event, role: Role) -> tuple[Status, int | None]:
    """What a first sign-up gets now: the status, and the place in line where there is one."""
    counts = seats.count(tx, event)
    status = seats.first_status(tx, event, role, counts)
    return status, counts.waiting + 1 if status is Status.WAITLISTED else None


def _correct(tx: Session, event: Event, receipt: SignUpReceipt, email: str, now: datetime) -> None:
    registration = tx.get(Registration, receipt.registration_id) if receipt.registration_id else None
    if registration is None:
        person = _remembered(receipt, email)
        if person is None:  # the registration was erased meanwhile
            raise NotFound
        if event.window.refusal(now) is None:
            _enter(tx, event, person, receipt, Source.PUBLIC, now)
        return
    if registration.status not in ACTIVE:
        raise NotFound
    page = seats.page(tx, event, now)
    receipt.email = email
    if (owner := _active(tx, event, email)) is not None:
        # The right address is in already: the slip gives way, and the answer must not show it.
        receipt.registration_id, receipt.wish = (
            None,
            asdict(replace(details(registration), email=email, dietary_needs="")),
        )
        _cancel(tx, registration, event, now, actor="public")
        _tell_owner(tx, owner, event, now)
        return
    correspondence.address_changed(tx, registration, event, page, new_email=email, now=now)
    tx.add(seats.entry(registration, event, "address_corrected", now, actor="public"))


def _remembered(receipt: SignUpReceipt, email: str) -> PersonDetails | None:
    if receipt.wish is None:
        return None
    told = dict(receipt.wish)
    told |= {
        "email": email,
        "primary_role": Role(told["primary_role"]),
        "other_roles": tuple(Role(role) for role in told["other_roles"]),
        "supervises": tuple(Supervises(one) for one in told["supervises"]),
        "reason": Reason(told["reason"]) if told["reason"] else None,
    }
    return PersonDetails(**told)


def _tell_owner(tx: Session, existing: Registration, event: Event, now: datetime) -> None:
    """At most three such letters an hour, so that nobody can bury an address in mail."""
    tx.add(seats.entry(existing, event, "sign_up_repeated", now, actor="public"))
    if tries.count(tx, "already_mailed", f"{event.id}:{existing.email_key}", seconds=3600, now=now) <= 3:
        correspondence.already_registered(tx, existing, event, seats.page(tx, event, now), now)


def _cancel(tx: Session, registration: Registration, event: Event, now: datetime, *, actor: str) -> None:
    seats.move(tx, registration, Status.CANCELLED, now)
    tx.add(seats.entry(registration, event, "cancelled", now, actor=actor))
    correspondence.cancelled(tx, registration, event, seats.page(tx, event, now), now)
    seats.fill(tx, event, now)


def _active(tx: Session, event: Event, email: str) -> Registration | None:
    return tx.scalar(
        select(Registration).where(
            Registration.event_id == event.id, Registration.email_key == email.lower(), Registration.status.in_(ACTIVE)
        )
    )


def _new(event: Event, person: PersonDetails, status: Status, source: Source, now: datetime) -> Registration:
    registration = Registration(
        event_id=event.id,
        status=status,
        line_no=seats.next_line_no(event) if status is Status.WAITLISTED else None,
        email=person.email,
        email_key=person.email.lower(),
        source=source,
        link_serial=1,
        created_at=now,
        status_at=now,
    )
    _set_details(registration, person, now)
    return registration


def _set_details(registration: Registration, person: PersonDetails, now: datetime) -> None:
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
    registration.other_roles = [RegistrationRole(role=role, position=at) for at, role in enumerate(person.other_roles)]
    _set_dietary(registration, person.dietary_needs, now)
    registration.updated_at = now


def _set_dietary(registration: Registration, needs: str, now: datetime) -> None:
    kept = registration.dietary
    if not needs:
        registration.dietary = None
    elif kept is None or kept.needs != needs:
        registration.dietary = DietaryNeed(needs=needs, consented_at=now, consent_version=CONSENT_VERSION)


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
