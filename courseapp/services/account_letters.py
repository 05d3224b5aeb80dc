"""Which letters tell those who log in. For services only: everything here takes `tx`."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from courseapp.domain.logging_in import LinkKind
from courseapp.domain.mailbox import Mailbox
from courseapp.links import links
from courseapp.mail import account_letters as letters
from courseapp.mail import outbox
from courseapp.models.account import User
from courseapp.models.journal import OutboxEmail
from courseapp.services.posting import message_id


def link(tx: Session, user: User, kind: LinkKind, token: str, expires_at: datetime, inviter: str, now: datetime) -> int:
    """The link to choose a password with: the only place where its token is written. Returns the letter's number."""
    url = links().password(token)
    if kind is LinkKind.INVITATION:
        letter = letters.invited(_facts(user, "invited", now), url=url, expires_at=expires_at, inviter=inviter)
    else:
        letter = letters.password_link(_facts(user, "password", now), url=url, expires_at=expires_at)
    return outbox.put_alone(tx, letter)


def burn(tx: Session, letter_ids: list[int]) -> None:
    """Empty letters whose links have left the house: a copy of the database opens nothing."""
    tx.execute(update(OutboxEmail).where(OutboxEmail.id.in_(letter_ids)).values(text="", html=""))


def password_changed(tx: Session, user: User, now: datetime) -> None:
    """The password is a new one."""
    outbox.put_alone(tx, letters.password_changed(_facts(user, "changed", now)))


def factor_reset(tx: Session, user: User, by: str, now: datetime) -> None:
    """Her second factor was taken away."""
    outbox.put_alone(tx, letters.factor_reset(_facts(user, "factor", now), by=by))


def new_device(tx: Session, user: User, description: str, now: datetime) -> None:
    """Somebody got in from somewhere new."""
    outbox.put_alone(tx, letters.new_device(_facts(user, "device", now), description=description))


def _facts(user: User, what: str, now: datetime) -> letters.AccountFacts:
    return letters.AccountFacts(
        sender=Mailbox(name="ALIS og SamLIS kurs", email=links().sender),
        to=Mailbox(name=user.name, email=user.email),
        log_in_url=links().log_in,
        message_id=message_id(f"u{user.id}-{what}"),
        now=now,
    )
