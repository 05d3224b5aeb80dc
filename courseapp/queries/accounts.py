"""Who is logged in, and where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import selectinload

from courseapp.db import db
from courseapp.domain.access import Actor, UserRole
from courseapp.domain.logging_in import IDLE, LinkKind, LogInMethod
from courseapp.models.account import Membership, User
from courseapp.models.logging_in import AccountLink, Identity, RecoveryCode, SecondFactor, UserSession
from courseapp.sealing import digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A log-in that stands. Without `confirmed_at` the second factor is still to come, and nothing may be shown.

    `next_secret`: a second factor that is being set up, sealed.
    """

    session_id: int
    email: str
    method: LogInMethod
    last_seen_at: datetime
    confirmed_at: datetime | None
    next_secret: str | None
    actor: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRow:
    """One of a user's log-ins."""

    id: int
    method: LogInMethod
    description: str
    created_at: datetime
    last_seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorRow:
    """What a user may know of her second factor."""

    set_up_at: datetime
    codes_left: int


def entry(token: str, now: datetime) -> Entry | None:
    """The log-in of a cookie, with who it is, in one question; None when it ended, ran out, or the user is closed."""
    found = db.session.execute(
        select(UserSession, User.email, User.name, Membership.office_id, Membership.role)
        .join(User, User.id == UserSession.user_id)
        .outerjoin(Membership, Membership.user_id == User.id)
        .where(
            UserSession.token_hash == digest(token),
            UserSession.ends_at > now,
            UserSession.last_seen_at > now - IDLE,
            User.active,
        )
        .execution_options(populate_existing=True)
    ).all()
    if not found:
        return None
    session, email, name = found[0][0], found[0][1], found[0][2]
    return Entry(
        session_id=session.id,
        email=email,
        method=session.method,
        last_seen_at=session.last_seen_at,
        confirmed_at=session.confirmed_at,
        next_secret=session.next_secret,
        actor=_actor(session.user_id, name, [(row[3], row[4]) for row in found if row[4] is not None]),
    )


def actor(user_id: int) -> Actor | None:
    """A user as an actor; None when there is none, or she is closed."""
    user = db.session.scalar(
        select(User).where(User.id == user_id, User.active).options(selectinload(User.memberships))
    )
    if user is None:
        return None
    return _actor(user.id, user.name, [(one.office_id, one.role) for one in user.memberships])


def sessions(user_id: int, now: datetime) -> list[SessionRow]:
    """Where a user is inside, latest seen first."""
    found = db.session.scalars(
        select(UserSession)
        .where(
            UserSession.user_id == user_id,
            UserSession.confirmed_at.is_not(None),
            UserSession.ends_at > now,
            UserSession.last_seen_at > now - IDLE,
        )
        .order_by(UserSession.last_seen_at.desc(), UserSession.id.desc())
    )
    return [
        SessionRow(
            id=one.id,
            method=one.method,
            description=one.description,
            created_at=one.created_at,
            last_seen_at=one.last_seen_at,
        )
        for one in found
    ]


def factor(user_id: int) -> FactorRow | None:
    """A user's second factor; None before it is set up."""
    found = db.session.get(SecondFactor, user_id, populate_existing=True)
    if found is None:
        return None
    left = db.session.scalar(select(func.count()).where(RecoveryCode.user_id == user_id)) or 0
    return FactorRow(set_up_at=found.set_up_at, codes_left=left)


def link(token: str, now: datetime) -> LinkKind | None:
    """What a mailed link is good for; None for one that is unknown, used or too old."""
    return db.session.scalar(
        select(AccountLink.kind)
        .join(User, User.id == AccountLink.user_id)
        .where(AccountLink.token_hash == digest(token), AccountLink.expires_at > now, User.active)
    )


def linked_to(user_id: int, issuer: str) -> bool:
    """Whether a user has got in by way of that provider before."""
    found = exists().where(Identity.user_id == user_id, Identity.issuer == issuer)
    return bool(db.session.scalar(select(found)))


def _actor(user_id: int, name: str, memberships: Iterable[tuple[int | None, UserRole]]) -> Actor:
    kept = list(memberships)
    national = next((role for office_id, role in kept if office_id is None), None)
    roles = tuple((office_id, role) for office_id, role in kept if office_id is not None)
    return Actor(user_id=user_id, name=name, roles=roles, national=national)
