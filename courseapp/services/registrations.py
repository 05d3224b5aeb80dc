"""What a participant does: sign up, change details, correct the address, cancel, ask for lost links."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from courseapp import clock
from courseapp.db import add_plain, transaction
from courseapp.domain.errors import EventStarted, NotFound, TooManyTries
from courseapp.domain.event import LIVE_STATUSES
from courseapp.domain.language import named
from courseapp.domain.modes import Mode
from courseapp.domain.registration import ACTIVE, MOST_CORRECTIONS, Reason, Role, Source, Status, Supervises, check_move
from courseapp.domain.rows import PersonDetails, SignUp
from courseapp.mail import outbox
from courseapp.models.event import Event
from courseapp.models.journal import LinkRequest
from courseapp.models.registration import Registration, SignUpReceipt
from courseapp.queries import seat_counts, shown
from courseapp.queries.registrations import details
from courseapp.services import correspondence, enrolment, posting, rooms, seats, tries

RECEIPT_LIFE = timedelta(minutes=30)
MOST_LETTERS_AN_HOUR = 12


@dataclass(frozen=True, kw_only=True)
class SignedUp:
    """What the browser that signed up is given: a token for its receipt, and what the receipt says."""

    receipt: str
    status: Status
    position: int | None


def sign_up(wish: SignUp, *, source: Source = Source.PUBLIC, bound: tries.Bound | None = None) -> SignedUp:
    """Give a seat if there is one, a place in line if not; either way letters.

    A second sign-up with an active address changes nothing: the address's owner gets a letter, and the answer is what
    a first sign-up would get. It counts as one try of `bound` where it is not refused. Raises SignUpClosed (or a kin of
    it), NotFound, ModeMissing, and TooManyTries past the bound or when an address was signed up too often in an hour.
    """
    with transaction() as tx:
        event = seats.take_turn(tx, wish.event_id)
        now = clock.now()
        if bound is not None:
            bound.spend(tx, now)
        if (refusal := event.window.refusal(now)) is not None:
            raise refusal
        wish = replace(wish, mode=seats.room_of(event, wish.mode))
        _count_letters(tx, wish.person.email, now)
        receipt = SignUpReceipt(event_id=event.id, expires_at=now + RECEIPT_LIFE)
        _enter(tx, event, wish, receipt, source, now)
        token = secrets.token_urlsafe(24)
        receipt.token_hash = _hashed(token)
        add_plain(tx, receipt)
        return SignedUp(receipt=token, status=receipt.status, position=receipt.position)


def correct_address(receipt_token: str, email: str) -> bool:
    """Correct a mistyped address once, from the browser that signed up, for as long as its receipt lives.

    True when it differs from the one before. Raises NotFound without such a receipt, when it was corrected already,
    when its owner has used the secret link, or when the event no longer takes place; TooManyTries as `sign_up` does.
    """
    with transaction() as tx:
        event_id = tx.scalar(select(SignUpReceipt.event_id).where(SignUpReceipt.token_hash == _hashed(receipt_token)))
        if event_id is None:
            raise NotFound
        event = seats.take_turn(tx, event_id)
        receipt = tx.scalar(select(SignUpReceipt).where(SignUpReceipt.token_hash == _hashed(receipt_token)))
        now = clock.now()
        alive = event.status in LIVE_STATUSES and event.starts_at is not None and now < event.starts_at
        if receipt is None or not alive or receipt.expires_at <= now or receipt.corrections >= MOST_CORRECTIONS:
            raise NotFound
        if email.lower() == receipt.email.lower():
            return False
        _count_letters(tx, email, now)
        receipt.corrections += 1
        receipt.email = email
        _correct(tx, event, receipt, email, now)
        return True


def change_details(key: str, person: PersonDetails, *, mode: Mode | None = None) -> None:
    """Keep what the holder of a secret link now says about herself; address and status stay as they are.

    With a `mode` she takes part in that room from now on, as far as there is a free seat; all is kept, or nothing.
    Raises NotFound for a dead link, MoveNotAllowed for a registration that has ended, and what `rooms.change` does.
    """
    with transaction() as tx:
        registration, event = seats.mine(tx, key)
        now = clock.now()
        if registration.status not in ACTIVE:
            check_move(registration.status, registration.status)
        changed = ",".join(enrolment.changed(registration, person))
        enrolment.set_details(registration, person, now)
        if changed or mode in {None, registration.mode}:
            tx.add(seats.entry(registration, event, "details_changed", now, actor="public", changed=changed))
        rooms.change(tx, registration, event, mode, now)


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
        enrolment.end(tx, registration, event, now, actor="public")


def ask_for_links(email: str) -> None:
    """Note that somebody wants the links of an address; the worker looks whether it knows it."""
    with transaction() as tx:
        tx.add(LinkRequest(email_key=email.lower(), asked_at=clock.now()))


def send_asked_links() -> int:
    """Mail each address asked for all of its links; returns how many letters. Forgets who was asked for."""
    with transaction() as tx:
        now = clock.now()
        asked = tx.scalars(
            select(LinkRequest).order_by(LinkRequest.id).limit(50).with_for_update(skip_locked=True)
        ).all()
        keys = dict.fromkeys(one.email_key for one in asked)
        for one in asked:
            tx.delete(one)
        return sum(_send_links(tx, key, now) for key in keys)


def _send_links(tx: Session, email_key: str, now: datetime) -> int:
    """At most three such letters an hour."""
    found = list(
        tx.scalars(
            select(Registration)
            .join(Registration.event)
            .where(
                Registration.email_key == email_key,
                Registration.status.in_(ACTIVE),
                Event.ends_at > now - timedelta(days=365),
            )
            .order_by(Event.starts_at)
        )
    )
    if not found or tries.count(tx, "links_mailed", email_key, seconds=3600, now=now) > 3:
        return 0
    correspondence.my_links(tx, [(one, seats.page(tx, one.event, now)) for one in found], found[0].email, now)
    return 1


def _count_letters(tx: Session, email: str, now: datetime) -> None:
    """Known or unknown, an address can be signed up only so often in an hour."""
    if tries.count(tx, "address", email.lower(), seconds=3600, now=now) > MOST_LETTERS_AN_HOUR:
        raise TooManyTries


def _enter(tx: Session, event: Event, wish: SignUp, receipt: SignUpReceipt, source: Source, now: datetime) -> None:
    """Put a person into the event, or tell its owner that she is in already; write both on the receipt."""
    person, mode, counts = wish.person, wish.mode, seats.count(tx, event)
    receipt.email = person.email
    receipt.status = seats.first_status(tx, event, person.primary_role, mode, counts)
    receipt.position = counts.of(mode).waiting + 1 if receipt.status is Status.WAITLISTED else None
    existing = enrolment.active(tx, event, person.email)
    if existing is not None:
        receipt.registration_id, receipt.wish = None, _kept(person, mode)
        _tell_owner(tx, existing, event, now)
        return
    registration = enrolment.new(event, person, receipt.status, source, now, mode=mode)
    if registration.status is Status.REGISTERED:  # with the rest, and not by a statement of its own
        registration.confirmation_id = posting.fresh_message_id("confirmation")
    tx.add(registration)
    tx.flush()
    add_plain(tx, seats.entry(registration, event, "signed_up", now, actor="public", status=registration.status))
    receipt.registration_id, receipt.wish = registration.id, None
    with tx.no_autoflush, outbox.at_once(tx):
        page = shown.page_in_turn(event, seat_counts.with_one_more(counts, receipt.status, mode), now)
        correspondence.signed_up(tx, registration, event, page, now, place=receipt.position)


def _kept(person: PersonDetails, mode: Mode | None) -> dict[str, Any]:
    """What a stranger typed, as long as her receipt lives; what she eats is not among it."""
    return {**asdict(replace(person, dietary_needs="")), "mode": mode}


def _correct(tx: Session, event: Event, receipt: SignUpReceipt, email: str, now: datetime) -> None:
    registration = tx.get(Registration, receipt.registration_id) if receipt.registration_id else None
    if registration is None:
        wish = _remembered(receipt, email, event)
        if wish is not None and event.window.refusal(now) is None:
            _enter(tx, event, wish, receipt, Source.PUBLIC, now)
        return
    if registration.status not in ACTIVE:
        return
    page = seats.page(tx, event, now)
    if (owner := enrolment.active(tx, event, email)) is not None:
        # The right address is in already: the slip gives way, and the answer must not show it.
        person = replace(details(registration), email=email, dietary_needs="")
        receipt.registration_id, receipt.wish = None, _kept(person, registration.mode)
        enrolment.end(tx, registration, event, now, actor="public")
        _tell_owner(tx, owner, event, now)
        return
    correspondence.address_changed(tx, registration, event, page, new_email=email, now=now)
    tx.add(seats.entry(registration, event, "address_corrected", now, actor="public"))


def _remembered(receipt: SignUpReceipt, email: str, event: Event) -> SignUp | None:
    """The wish again, with the right address; an event that has become hybrid meanwhile is taken to be in the room."""
    if receipt.wish is None:
        return None
    told = dict(receipt.wish)
    mode = Mode(told.pop("mode", None) or Mode.PHYSICAL)
    told |= {
        "email": email,
        "primary_role": Role(told["primary_role"]),
        "other_roles": tuple(Role(role) for role in told["other_roles"]),
        "supervises": tuple(Supervises(one) for one in told["supervises"]),
        "reason": Reason(told["reason"]) if told["reason"] else None,
        "language": named(told.get("language")),
    }
    return SignUp(event_id=event.id, person=PersonDetails(**told), mode=mode if event.hybrid else None)


def _tell_owner(tx: Session, existing: Registration, event: Event, now: datetime) -> None:
    """At most three such letters an hour, so that nobody can bury an address in mail."""
    tx.add(seats.entry(existing, event, "sign_up_repeated", now, actor="public"))
    if tries.count(tx, "already_mailed", f"{event.id}:{existing.email_key}", seconds=3600, now=now) <= 3:
        correspondence.already_registered(tx, existing, event, seats.page(tx, event, now), now)


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
