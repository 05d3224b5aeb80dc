"""Mailed links on which a user chooses a password: one at a time, once, and not for long. Only a hash is kept."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, exists, select
from sqlalchemy.orm import Session

from courseapp import clock
from courseapp.db import db, transaction
from courseapp.domain.errors import LinkIsDead
from courseapp.domain.logging_in import INVITATION_LASTS, RESET_LASTS, LinkKind
from courseapp.models.account import User
from courseapp.models.journal import MailState, OutboxEmail
from courseapp.models.logging_in import AccountLink, Identity, KnownDevice, ResetRequest
from courseapp.sealing import digest, fresh_token
from courseapp.services import account_letters, passwords, sessions, tries
from courseapp.services.accounts import address_key
from courseapp.services.sessions import entry

LASTS = {LinkKind.INVITATION: INVITATION_LASTS, LinkKind.RESET: RESET_LASTS}
LETTER_STAYS = timedelta(minutes=10)
MOST_ASKED_FROM = 20
MOST_LETTERS_AN_HOUR = 3


def ask_for_reset(email: str, *, remote: str) -> None:
    """Note that the password of an address is forgotten, known or not. Raises TooManyTries per network address."""
    tries.spend("reset_from", remote, most=MOST_ASKED_FROM, seconds=3600)
    with transaction() as tx:
        tx.add(ResetRequest(email=address_key(email), asked_at=clock.now()))


def send_asked() -> int:
    """Mail a link to each address that was asked for and has a user; returns how many letters."""
    with transaction() as tx:
        now = clock.now()
        asked = tx.scalars(
            select(ResetRequest).order_by(ResetRequest.id).limit(50).with_for_update(skip_locked=True)
        ).all()
        emails = dict.fromkeys(one.email for one in asked)
        for one in asked:
            tx.delete(one)
        return sum(_send_reset(tx, email, now) for email in emails)


def choose_password(token: str, password: str) -> str:
    """Use a link up: the password is this one, and every log-in has ended. Returns a mark for the browser.

    Raises LinkIsDead, or WeakPassword, after which the link still works.
    """
    known = db.session.execute(
        select(User.email, User.name).join(AccountLink, AccountLink.user_id == User.id).where(*_alive(token))
    ).one_or_none()
    if known is None:
        raise LinkIsDead
    hashed = passwords.chosen(password, email=known.email, name=known.name)  # slow, so outside the transaction
    with transaction() as tx:
        alive = select(AccountLink, User).join(User, User.id == AccountLink.user_id).where(*_alive(token))
        found = tx.execute(alive.with_for_update()).one_or_none()
        if found is None:
            raise LinkIsDead
        (link, user), now = found, clock.now()
        user.password_hash = hashed
        sessions.end_all(tx, user.id)
        tx.delete(link)
        if link.kind is LinkKind.RESET:
            account_letters.password_changed(tx, user, now)
        device = fresh_token()
        tx.add(KnownDevice(user_id=user.id, token_hash=digest(device), last_used_at=now))
        tx.add(entry(user.id, "password_chosen", link=link.kind))
        return device


def send(tx: Session, user: User, kind: LinkKind, *, inviter: str = "") -> None:
    """Mail a user a new link; an earlier one is dead."""
    now, token = clock.now(), fresh_token()
    tx.execute(delete(AccountLink).where(AccountLink.user_id == user.id))
    expires_at = now + LASTS[kind]
    letter = account_letters.link(tx, user, kind, token, expires_at, inviter, now)
    row = AccountLink(user_id=user.id, kind=kind, token_hash=digest(token), expires_at=expires_at, letter_id=letter)
    tx.add(row)


def tidy(tx: Session, now: datetime) -> None:
    """Forget links that have run out, and empty the letters that have left: nothing that opens is kept."""
    gone = OutboxEmail.state.in_([MailState.SENT, MailState.FAILED, MailState.SUPERSEDED])
    left = select(AccountLink).join(OutboxEmail, OutboxEmail.id == AccountLink.letter_id)
    links = tx.scalars(left.where(gone, OutboxEmail.created_at <= now - LETTER_STAYS)).all()
    account_letters.burn(tx, [one.letter_id for one in links if one.letter_id is not None])
    for one in links:
        one.letter_id = None
    tx.execute(delete(AccountLink).where(AccountLink.expires_at <= now))


def _send_reset(tx: Session, email: str, now: datetime) -> int:
    """At most three such letters an hour, and none to those who get in by way of their municipality alone."""
    elsewhere = exists().where(Identity.user_id == User.id) & (User.password_hash == "")
    user = tx.scalar(select(User).where(User.email == email, User.active, ~elsewhere).with_for_update())
    if user is None or tries.count(tx, "reset_mailed", email, seconds=3600, now=now) > MOST_LETTERS_AN_HOUR:
        return 0
    send(tx, user, LinkKind.RESET)
    tx.add(entry(None, "reset_sent", user=user.id))
    return 1


def _alive(token: str) -> tuple[ColumnElement[bool], ...]:
    """What must hold of a link and its user."""
    return AccountLink.token_hash == digest(token), AccountLink.expires_at > clock.now(), User.active.is_(True)
