"""Getting in with a password and a code, step by step, and showing it again later."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from courseapp import clock
from courseapp.db import db, transaction
from courseapp.domain.errors import LogInLapsed, TooManyTries, WrongLogIn
from courseapp.domain.logging_in import Caller, LogInMethod
from courseapp.models.account import User
from courseapp.models.logging_in import SecondFactor, UserSession
from courseapp.sealing import digest
from courseapp.services import passwords, second_factor, sessions, tries
from courseapp.services.accounts import address_key
from courseapp.services.sessions import Entered, Step, entry

MOST_TRIES, TRIES_SECONDS = 10, 900
MOST_FROM_ADDRESS = 200
MOST_WRONG, WRONG_SECONDS = 60, 3600


@dataclass(frozen=True)
class _Known:
    """What was compared, so that it can be seen whether it still holds."""

    user_id: int
    hashed: str
    fresh: str


def with_password(email: str, password: str, *, caller: Caller, exempt: bool = False) -> Entered:
    """Check a password; takes as long for an unknown address as for a known one.

    What comes next is the code, or setting one up; `exempt` (the demo's own log-ins) is inside at once.
    Raises WrongLogIn, or TooManyTries after ten tries from one network address on one account in a quarter of an
    hour. After sixty wrong ones from everywhere in an hour, only browsers in which the user has been inside before
    may try: nobody can lock another out.
    """
    known = _compared(email, password, caller)
    with transaction() as tx:
        user = _still(tx, known)
        if exempt:
            return sessions.begin(tx, user, LogInMethod.PASSWORD, caller)
        if tx.get(SecondFactor, user.id) is not None:
            return sessions.half_way(tx, user, caller, Step.CODE)
        return sessions.half_way(tx, user, caller, Step.SET_UP, next_secret=second_factor.sealed_secret())


def with_code(token: str, code: str, *, caller: Caller) -> Entered:
    """The second step: a code of the app, or one from paper. The half-way log-in ends and a whole one begins.

    Raises WrongCode, TooManyTries, or LogInLapsed for one that was left for too long.
    """
    user_id = _waiting_user(token)
    second_factor.limit(user_id)
    with transaction() as tx:
        half = _half(tx, token)
        second_factor.spend(tx, half.user_id, code)
        entered = _in(tx, half, caller)
    second_factor.forget_tries(user_id)
    return entered


def with_new_app(token: str, code: str, *, caller: Caller) -> tuple[Entered, list[str]]:
    """The second step of a first log-in: the new app shows its first code. Returns ten recovery codes as well.

    Raises as `with_code` does.
    """
    second_factor.limit(_waiting_user(token))
    with transaction() as tx:
        half = _half(tx, token)
        if tx.get(SecondFactor, half.user_id) is not None:  # set up in another browser meanwhile
            raise LogInLapsed
        codes = second_factor.establish(tx, half, code)
        tx.add(entry(half.user_id, "factor_set_up"))
        return _in(tx, half, caller), codes


def confirm(session_id: int, email: str, password: str, code: str, *, caller: Caller, exempt: bool = False) -> None:
    """Somebody who is inside shows again who she is. Raises WrongLogIn, WrongCode or TooManyTries."""
    known = _compared(email, password, caller)
    if not exempt:
        second_factor.limit(known.user_id)
    with transaction() as tx:
        user = _still(tx, known)
        session = tx.get(UserSession, session_id)
        if session is None or session.user_id != user.id or session.confirmed_at is None:
            raise LogInLapsed
        if not exempt:
            second_factor.spend(tx, user.id, code)
        session.confirmed_at = clock.now()
        tx.add(entry(user.id, "confirmed"))


def _compared(email: str, password: str, caller: Caller) -> _Known:
    key = address_key(email)
    subject = f"{key}|{caller.remote}"
    tries.spend("log_in_from", caller.remote, most=MOST_FROM_ADDRESS, seconds=TRIES_SECONDS)
    tries.spend("log_in", subject, most=MOST_TRIES, seconds=TRIES_SECONDS)
    # The slow part holds no transaction: on SQLite every sign-up would wait for it.
    known = db.session.execute(select(User.id, User.password_hash).where(User.email == key, User.active)).one_or_none()
    _brake(key, known.id if known else None, caller)
    hashed = known.password_hash if known else ""
    if not passwords.matches(hashed, password) or known is None:
        with transaction() as tx:
            tries.count(tx, "log_in_wrong", key, seconds=WRONG_SECONDS, now=clock.now())
        raise WrongLogIn
    tries.clear("log_in", subject)
    return _Known(known.id, hashed, passwords.renewed(hashed, password))


def _brake(key: str, user_id: int | None, caller: Caller) -> None:
    """Guessing from many places at once is slow; its victim goes on from where she has been before."""
    try:
        tries.check("log_in_wrong", key, most=MOST_WRONG, seconds=WRONG_SECONDS)
    except TooManyTries:
        if user_id is None or not sessions.is_known(db.session(), user_id, caller.device):
            raise


def _still(tx: Session, known: _Known) -> User:
    """The user, unless she was closed or the password changed while it was compared."""
    user = tx.get(User, known.user_id, with_for_update=True)
    if user is None or not user.active or user.password_hash != known.hashed:
        raise WrongLogIn
    user.password_hash = known.fresh
    return user


def _waiting_user(token: str) -> int:
    return _half(db.session(), token).user_id


def _half(tx: Session, token: str) -> UserSession:
    found = tx.scalar(
        select(UserSession)
        .join(User, User.id == UserSession.user_id)
        .where(
            UserSession.token_hash == digest(token),
            UserSession.confirmed_at.is_(None),
            UserSession.ends_at > clock.now(),
            User.active,
        )
    )
    if found is None:
        raise LogInLapsed
    return found


def _in(tx: Session, half: UserSession, caller: Caller) -> Entered:
    user = tx.get_one(User, half.user_id)
    tx.delete(half)
    return sessions.begin(tx, user, LogInMethod.PASSWORD, caller)
