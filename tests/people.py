"""Participants and users to test with: rows as the services leave them, and logged-in visitors."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pyotp
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import select

from courseapp import clock
from courseapp.db import db, transaction
from courseapp.domain import names
from courseapp.domain.access import Actor, UserRole
from courseapp.domain.logging_in import LogInMethod
from courseapp.domain.registration import Role, Status
from courseapp.models.account import Membership, User
from courseapp.models.event import Event
from courseapp.models.journal import AuditEntry, MailState, OutboxEmail
from courseapp.models.logging_in import SecondFactor, UserSession
from courseapp.models.office import Office
from courseapp.models.registration import Registration
from courseapp.sealing import digest, fresh_token, seal
from tests.pages import Visitor

LIGHT = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORD = "riktig hest batteri stift"
ALWAYS = datetime(2099, 1, 1, tzinfo=UTC)


def registered(event: Event, number: int = 1, **more: Any) -> Registration:
    """A registration that is not saved yet; each number has an address and a place in line of its own."""
    told: dict[str, Any] = {
        "event_id": event.id,
        "status": Status.REGISTERED,
        "line_no": number,
        "first_name": "Kåre",
        "last_name": f"Ødegård {number:04}",
        "email": f"kare{number}@lege.example.org",
        "mobile": "+4791234567",
        "primary_role": Role.ALIS,
        "workplace": "Havna legekontor",
        "municipality": "Bodø",
        "created_at": clock.now(),
        "status_at": clock.now(),
        "updated_at": clock.now(),
        **more,
    }
    if told["status"] is Status.OFFERED:
        told.setdefault("offer_expires_at", clock.now() + timedelta(days=2))
    told.setdefault("email_key", told["email"].lower())
    told.setdefault("sort_key", names.sort_key(told["last_name"], told["first_name"]))
    return Registration(**told)


def save(*rows: Registration) -> list[int]:
    """Save them and return their ids."""
    with transaction() as tx:
        tx.add_all(rows)
        tx.flush()
        return [row.id for row in rows]


def join(event: Event, count: int, *, first: int = 1, **more: Any) -> list[int]:
    """Save so many alike, numbered from `first`."""
    return save(*(registered(event, number, **more) for number in range(first, first + count)))


def letter_to(registration_id: int, state: MailState, *, error: str = "", subject: str = "Du er påmeldt") -> int:
    """A letter in the outbox."""
    with transaction() as tx:
        registration = tx.get_one(Registration, registration_id)
        row = OutboxEmail(
            event_id=registration.event_id,
            registration_id=registration.id,
            occasion="confirmation",
            sender_name="Nord",
            sender_email="kurs@alis.example.org",
            to_name=registration.full_name,
            to_email=registration.email,
            subject=subject,
            text="Hei",
            html="<p>Hei</p>",
            message_id=f"<{registration_id}-{state}-{subject}@example.org>",
            state=state,
            not_before=clock.now(),
            created_at=clock.now(),
            sent_at=clock.now() if state is MailState.SENT else None,
            error=error,
        )
        tx.add(row)
        tx.flush()
        return row.id


def share(event: Event, office: str) -> None:
    """Make the event a joint one."""
    with transaction() as tx:
        tx.get_one(Event, event.id).partners = [tx.scalars(select(Office).where(Office.slug == office)).one()]


def user(
    email: str = "kari@nord.example.org", *, office: str | None = "nord", role: UserRole = UserRole.ORGANIZER
) -> int:
    """Somebody who can log in, called Kari Nordmann. The password is hashed once for all, and lightly."""
    with transaction() as tx:
        office_id = None if office is None else tx.scalars(select(Office.id).where(Office.slug == office)).one()
        made = User(email=email.lower(), name="Kari Nordmann", password_hash=_hashed(), created_at=clock.now())
        made.memberships = [Membership(role=role, office_id=office_id)]
        tx.add(made)
        tx.flush()
        return made.id


@cache
def _hashed() -> str:
    return LIGHT.hash(PASSWORD)


def organizer(office: str = "nord") -> Actor:
    """An organizer of that office, for calling services."""
    user_id = user(f"organizer@{office}.example.org", office=office)
    office_id = db.session.scalars(select(Office.id).where(Office.slug == office)).one()
    return Actor(user_id=user_id, name="Kari Nordmann", roles=((office_id, UserRole.ORGANIZER),), national=None)


def logged_in(app: Flask, *, office: str | None = "nord", role: UserRole = UserRole.ORGANIZER) -> Visitor:
    """A visitor who has logged in as such a user, for as long as a test may last."""
    return entered(app, user(f"{role}@{office or 'landet'}.example.org", office=office, role=role))


def entered(app: Flask, user_id: int) -> Visitor:
    """A visitor who is inside as that user: the row and the cookie of a log-in, without the walk through its pages."""
    visitor, token = Visitor(app), inside(user_id)
    visitor.keep(log_in=token)
    return visitor


def inside(user_id: int, *, until: datetime = ALWAYS, **more: Any) -> str:
    """The token of a log-in that neither runs out nor needs to be confirmed, however far a test turns its clock."""
    token = fresh_token()
    told = {"created_at": clock.now(), "last_seen_at": until, "ends_at": until, "confirmed_at": until, **more}
    with transaction() as tx:
        tx.add(
            UserSession(
                token_hash=digest(token),
                user_id=user_id,
                method=LogInMethod.PASSWORD,
                description="Firefox, Linux",
                **told,
            )
        )
    return token


def with_app(user_id: int) -> pyotp.TOTP:
    """Give a user a second factor; returns her telephone."""
    secret = pyotp.random_base32()
    with transaction() as tx:
        tx.add(SecondFactor(user_id=user_id, secret=seal().shut(secret), last_step=0, set_up_at=clock.now()))
    return pyotp.TOTP(secret)


def written(verb: str) -> list[tuple[int | None, int | None]]:
    """Who did that to which event, from the audit trail."""
    found = db.session.execute(
        select(AuditEntry.user_id, AuditEntry.event_id).where(AuditEntry.verb == verb).order_by(AuditEntry.id)
    )
    return [(row[0], row[1]) for row in found]
