"""Private calendar addresses: made, replaced and closed. Only a hash of each secret is kept."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import ColumnElement, update
from sqlalchemy.orm import Session

from courseapp import clock, speech
from courseapp.db import transaction
from courseapp.domain.access import Actor, check, may_organize
from courseapp.domain.errors import NotFound
from courseapp.domain.mailbox import Mailbox
from courseapp.links import links
from courseapp.mail import leader_links as letters
from courseapp.mail import outbox
from courseapp.models.account import User
from courseapp.models.journal import AuditEntry
from courseapp.models.office import Office
from courseapp.models.person import CourseLeader
from courseapp.models.registration import FeedToken
from courseapp.queries.events import as_office
from courseapp.queries.feeds import hashed
from courseapp.services import seats
from courseapp.services.posting import message_id

SECRET_BYTES = 24


def make_for_participant(key: str) -> str:
    """The token of a new address for everything the holder of a secret link has a seat at; her earlier one is closed.

    Raises NotFound for a dead link.
    """
    with transaction() as tx:
        registration, event = seats.mine(tx, key)
        now = clock.now()
        close_all(tx, FeedToken.email_key == registration.email_key, now)
        tx.add(seats.entry(registration, event, "feed_made", now, actor="public"))
        return made(tx, FeedToken(email_key=registration.email_key), now)


def revoke_for_participant(key: str) -> None:
    """Close the address of the holder of a secret link. Raises NotFound for a dead link."""
    with transaction() as tx:
        registration, event = seats.mine(tx, key)
        now = clock.now()
        if close_all(tx, FeedToken.email_key == registration.email_key, now):
            tx.add(seats.entry(registration, event, "feed_revoked", now, actor="public"))


def make_for_user(actor: Actor) -> str:
    """The token of a new address for the sessions of the actor's offices; the earlier one is closed."""
    with transaction() as tx:
        tx.get_one(User, actor.user_id, with_for_update=True)
        now = clock.now()
        close_all(tx, FeedToken.user_id == actor.user_id, now)
        tx.add(_entry(actor, "feed_made", now))
        return made(tx, FeedToken(user_id=actor.user_id), now)


def revoke_for_user(actor: Actor) -> None:
    """Close the actor's address."""
    with transaction() as tx:
        now = clock.now()
        if close_all(tx, FeedToken.user_id == actor.user_id, now):
            tx.add(_entry(actor, "feed_revoked", now))


def send_to_leader(leader_id: int, actor: Actor) -> str:
    """Make a new address for a course leader's sessions and mail it to her; the earlier one is closed.

    Nobody else gets to see it. Returns the mail address it goes to. Raises NotFound where the actor may not organize.
    """
    with transaction() as tx:
        leader = _leader(tx, leader_id, actor)
        now = clock.now()
        close_all(tx, FeedToken.leader_id == leader.id, now)
        tx.add(_entry(actor, "feed_made", now, office_id=leader.office_id, leader=leader.id))
        token = made(tx, FeedToken(leader_id=leader.id), now)
        office = as_office(tx.get_one(Office, leader.office_id))
        with speech.speaking(leader.language):
            letter = letters.leader_feed(
                office=office,
                sender=Mailbox(name=office.name, email=links().sender),
                to=Mailbox(name=leader.name, email=leader.email),
                url=links().feed(token, leader.language),
                message_id=message_id(f"l{leader.id}-feed"),
                now=now,
            )
        outbox.put(tx, letter, outbox.About(office_id=leader.office_id))
        return leader.email


def revoke_for_leader(leader_id: int, actor: Actor) -> None:
    """Close a course leader's address. Raises NotFound where the actor may not organize."""
    with transaction() as tx:
        leader = _leader(tx, leader_id, actor)
        now = clock.now()
        if close_all(tx, FeedToken.leader_id == leader.id, now):
            tx.add(_entry(actor, "feed_revoked", now, office_id=leader.office_id, leader=leader.id))


def made(tx: Session, row: FeedToken, now: datetime) -> str:
    """Save an address with a new secret; for services, which have closed the earlier one."""
    token = secrets.token_urlsafe(SECRET_BYTES)
    row.token_hash, row.created_at = hashed(token), now
    tx.add(row)
    return token


def close_all(tx: Session, whose: ColumnElement[bool], now: datetime) -> bool:
    """Close the addresses of one owner; whether there was any."""
    closed = tx.scalars(
        update(FeedToken).where(whose, FeedToken.revoked_at.is_(None)).values(revoked_at=now).returning(FeedToken.id)
    )
    return closed.first() is not None


def _leader(tx: Session, leader_id: int, actor: Actor) -> CourseLeader:
    leader = tx.get(CourseLeader, leader_id, with_for_update={"key_share": True})
    if leader is None:
        raise NotFound
    check(may_organize(actor, [leader.office_id]))
    return leader


def _entry(actor: Actor, verb: str, now: datetime, *, office_id: int | None = None, **details: int) -> AuditEntry:
    return AuditEntry(
        at=now, actor="user", user_id=actor.user_id, office_id=office_id, event_id=None, verb=verb, details=details
    )
