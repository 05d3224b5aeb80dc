"""Log-ins: begun, seen, ended. Ending deletes the row, so a copied cookie is worth nothing afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from courseapp import clock
from courseapp.db import transaction
from courseapp.domain.access import Actor, check, may_manage
from courseapp.domain.errors import NotFound
from courseapp.domain.logging_in import HALF_WAY, IDLE, LONGEST, Caller, LogInMethod, described
from courseapp.models.account import User
from courseapp.models.journal import AuditEntry
from courseapp.models.logging_in import KnownDevice, SpentState, UserSession
from courseapp.sealing import digest, fresh_token
from courseapp.services import account_letters

DEVICE_LASTS = timedelta(days=365)


class Step(StrEnum):
    """What comes next for somebody who logs in."""

    INSIDE = "inside"
    CODE = "code"
    SET_UP = "set_up"


@dataclass(frozen=True, kw_only=True)
class Entered:
    """What the browser keeps of a log-in: a secret that opens it, and a mark by which it is known again."""

    token: str
    step: Step
    device: str | None = None


def half_way(tx: Session, user: User, caller: Caller, step: Step, *, next_secret: str | None = None) -> Entered:
    """The password was right: a short wait for the second factor, in which nothing opens."""
    now, token = clock.now(), fresh_token()
    row = _row(user, LogInMethod.PASSWORD, caller, token, now)
    row.ends_at, row.next_secret = now + HALF_WAY, next_secret
    tx.add(row)
    return Entered(token=token, step=step)


def begin(tx: Session, user: User, method: LogInMethod, caller: Caller) -> Entered:
    """Let a user in, write it down, and tell her when the browser is one she has not used before."""
    now, token = clock.now(), fresh_token()
    row = _row(user, method, caller, token, now)
    row.confirmed_at = now
    tx.add(row)
    known = _known(tx, user.id, caller.device)
    if known is None and user.last_log_in_at is not None:
        account_letters.new_device(tx, user, row.description, now)
    device = _mark(tx, caller.device)
    if known is None:
        tx.add(KnownDevice(user_id=user.id, token_hash=digest(device), last_used_at=now))
    else:
        known.last_used_at = now
    user.last_log_in_at = now
    tx.add(entry(user.id, "logged_in", method=method))
    return Entered(token=token, step=Step.INSIDE, device=device)


def is_known(tx: Session, user_id: int, device: str | None) -> bool:
    """Whether the user has been inside in this browser before."""
    return _known(tx, user_id, device) is not None


def seen(session_id: int) -> None:
    """Note that a log-in is in use."""
    with transaction() as tx:
        tx.execute(update(UserSession).where(UserSession.id == session_id).values(last_seen_at=clock.now()))


def end(session_id: int, user_id: int) -> None:
    """End one of a user's own log-ins; one that is not hers is not found."""
    with transaction() as tx:
        mine = (UserSession.id == session_id, UserSession.user_id == user_id)
        if tx.execute(delete(UserSession).where(*mine).returning(UserSession.id)).first() is None:
            raise NotFound
        tx.add(entry(user_id, "logged_out"))


def end_others(session_id: int, user_id: int) -> int:
    """End every log-in of a user but this one; returns how many."""
    with transaction() as tx:
        others = (UserSession.id != session_id, UserSession.user_id == user_id)
        ended = len(tx.scalars(delete(UserSession).where(*others).returning(UserSession.id)).all())
        tx.add(entry(user_id, "others_logged_out", count=ended))
        return ended


def end_for(user_id: int, actor: Actor) -> None:
    """End all log-ins of somebody else. Raises NotFound where the actor does not manage her."""
    with transaction() as tx:
        user = tx.get(User, user_id, with_for_update=True)
        check(user is not None and may_manage(actor, [one.office_id for one in user.memberships]))
        end_all(tx, user_id)
        tx.add(entry(actor.user_id, "sessions_ended", user=user_id))


def end_all(tx: Session, user_id: int) -> None:
    """Nobody is inside as this user any more, and no browser is known as hers."""
    tx.execute(delete(UserSession).where(UserSession.user_id == user_id))
    tx.execute(delete(KnownDevice).where(KnownDevice.user_id == user_id))


def entry(user_id: int | None, verb: str, **details: object) -> AuditEntry:
    """A line of the audit trail; without a user it was done by a command."""
    actor = "system" if user_id is None else "user"
    return AuditEntry(at=clock.now(), actor=actor, user_id=user_id, verb=verb, details=details)


def tidy(tx: Session, now: datetime) -> None:
    """Forget what has run out."""
    tx.execute(delete(UserSession).where((UserSession.ends_at <= now) | (UserSession.last_seen_at <= now - IDLE)))
    tx.execute(delete(KnownDevice).where(KnownDevice.last_used_at < now - DEVICE_LASTS))
    tx.execute(delete(SpentState).where(SpentState.expires_at <= now))


def _known(tx: Session, user_id: int, device: str | None) -> KnownDevice | None:
    if device is None:
        return None
    return tx.scalar(
        select(KnownDevice).where(KnownDevice.user_id == user_id, KnownDevice.token_hash == digest(device))
    )


def _mark(tx: Session, device: str | None) -> str:
    """The mark a browser has from us already, perhaps by a colleague who uses it too; otherwise a new one."""
    if device is not None and tx.scalar(select(exists().where(KnownDevice.token_hash == digest(device)))):
        return device
    return fresh_token()


def _row(user: User, method: LogInMethod, caller: Caller, token: str, now: datetime) -> UserSession:
    return UserSession(
        token_hash=digest(token),
        user_id=user.id,
        method=method,
        description=described(caller.agent),
        created_at=now,
        last_seen_at=now,
        ends_at=now + LONGEST,
    )
