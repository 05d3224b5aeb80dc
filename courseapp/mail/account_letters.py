"""Letters to those who log in: links that work once, and what happened to their log-in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from courseapp.domain.mailbox import Mailbox
from courseapp.mail.letter import Letter
from courseapp.mail.rendering import rendered


@dataclass(frozen=True, kw_only=True)
class AccountFacts:
    """What every one of these letters knows."""

    sender: Mailbox
    to: Mailbox
    log_in_url: str
    message_id: str
    now: datetime


def invited(facts: AccountFacts, *, url: str, expires_at: datetime, inviter: str) -> Letter:
    """«Du er invitert»: the link on which a new colleague chooses a password. `inviter` may be empty."""
    return _letter("invited", facts, url=url, expires_at=expires_at, inviter=inviter)


def password_link(facts: AccountFacts, *, url: str, expires_at: datetime) -> Letter:
    """«Velg nytt passord»: to the owner of the address, whoever asked."""
    return _letter("password_link", facts, url=url, expires_at=expires_at)


def password_changed(facts: AccountFacts) -> Letter:
    """The password is a new one, and every log-in has ended."""
    return _letter("password_changed", facts)


def factor_reset(facts: AccountFacts, *, by: str) -> Letter:
    """An administrator has taken the second factor away; the next log-in sets up another. `by` may be empty."""
    return _letter("factor_reset", facts, by=by)


def new_device(facts: AccountFacts, *, description: str) -> Letter:
    """Somebody got in from a browser that was not used before. `description` may be empty."""
    return _letter("new_device", facts, description=description)


def _letter(occasion: str, facts: AccountFacts, **more: object) -> Letter:
    subject, text, html = rendered(
        occasion, name=facts.to.name, log_in_url=facts.log_in_url, moment_now=facts.now, **more
    )
    return Letter(
        occasion=occasion,
        sender=facts.sender,
        to=facts.to,
        subject=subject,
        text=text,
        html=html,
        message_id=facts.message_id,
        date=facts.now,
    )
