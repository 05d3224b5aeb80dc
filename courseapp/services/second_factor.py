"""The second factor: codes of an app (RFC 6238) and ten codes on paper. The only importer of pyotp."""

from __future__ import annotations

import secrets
from datetime import datetime

import pyotp
from sqlalchemy import delete
from sqlalchemy.orm import Session
from sqlalchemy.sql import select

from courseapp import clock
from courseapp.db import transaction
from courseapp.domain.access import Actor, check, may_manage
from courseapp.domain.errors import LogInLapsed, NotFound, WrongCode
from courseapp.domain.logging_in import (
    RECOVERY_CODES,
    RECOVERY_LETTERS,
    STEP_SECONDS,
    in_groups,
    recovery_code,
    six_digits,
    steps_around,
)
from courseapp.models.account import User
from courseapp.models.logging_in import RecoveryCode, SecondFactor, UserSession
from courseapp.sealing import digest, seal
from courseapp.services import account_letters, sessions, tries
from courseapp.services.sessions import entry

ISSUER = "ALIS og SamLIS kurs"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
MOST_CODES, CODES_SECONDS = 10, 900
MOST_CODES_A_DAY, DAY = 60, 86400


def limit(user_id: int) -> None:
    """Count one try of a code; who has the password of another may not go through all of them. Raises TooManyTries."""
    tries.spend("code", str(user_id), most=MOST_CODES, seconds=CODES_SECONDS)
    tries.spend("code_day", str(user_id), most=MOST_CODES_A_DAY, seconds=DAY)


def forget_tries(user_id: int) -> None:
    """A right code was shown."""
    tries.clear("code", str(user_id))
    tries.clear("code_day", str(user_id))


def sealed_secret() -> str:
    """A new app's secret, sealed."""
    return seal().shut(pyotp.random_base32())


def shown(sealed: str, email: str) -> tuple[str, str]:
    """(secret in groups, otpauth address) of a factor that is being set up. Raises LogInLapsed where no key fits."""
    secret = _opened(sealed)
    return in_groups(secret), pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


def begin_replacing(session_id: int) -> None:
    """Propose a new app to whoever is inside; the old one works until the new one has shown a code."""
    with transaction() as tx:
        tx.get_one(UserSession, session_id).next_secret = sealed_secret()


def replace(session_id: int, code: str) -> list[str]:
    """Take the new app into use, and return the new recovery codes. Raises WrongCode, or LogInLapsed without one."""
    with transaction() as tx:
        session = tx.get(UserSession, session_id, with_for_update=True)
        if session is None or session.confirmed_at is None:
            raise LogInLapsed
        codes = establish(tx, session, code)
        tx.add(entry(session.user_id, "factor_replaced"))
        return codes


def renew_codes(user_id: int) -> list[str]:
    """Ten new recovery codes; the earlier ones are dead. Raises NotFound where there is no second factor."""
    with transaction() as tx:
        if tx.get(SecondFactor, user_id, with_for_update=True) is None:
            raise NotFound
        tx.add(entry(user_id, "recovery_codes_renewed"))
        return _new_codes(tx, user_id)


def reset(user_id: int, actor: Actor) -> None:
    """Take a colleague's second factor away; she is told, and out everywhere. NotFound where she is not managed."""
    with transaction() as tx:
        user = tx.get(User, user_id, with_for_update=True)
        check(user is not None and user_id != actor.user_id)
        assert user is not None
        check(may_manage(actor, [one.office_id for one in user.memberships]))
        _take_away(tx, user, actor)


def reset_by_command(email: str) -> None:
    """The same for whoever has the server in hand. Raises NotFound for an unknown address."""
    with transaction() as tx:
        user = tx.scalar(select(User).where(User.email == email).with_for_update())
        if user is None:
            raise NotFound
        _take_away(tx, user, None)


def establish(tx: Session, session: UserSession, code: str) -> list[str]:
    """Make the proposed app the user's own once it has shown a code; returns ten recovery codes, to be shown once."""
    if session.next_secret is None:
        raise LogInLapsed
    now, digits = clock.now(), six_digits(code)
    step = None if digits is None else _step_of(_opened(session.next_secret), digits, now)
    if step is None:
        raise WrongCode
    factor = tx.get(SecondFactor, session.user_id, with_for_update=True)
    if factor is None:
        factor = SecondFactor(user_id=session.user_id)
        tx.add(factor)
    factor.secret, factor.last_step, factor.set_up_at = seal().shut(_opened(session.next_secret)), step, now
    session.next_secret = None
    return _new_codes(tx, session.user_id)


def spend(tx: Session, user_id: int, code: str) -> None:
    """Use a code up: one of the app's that is good now and newer than the last, or one from paper. Raises WrongCode."""
    factor = tx.get(SecondFactor, user_id, with_for_update=True)
    if factor is None:
        raise WrongCode
    if (digits := six_digits(code)) is not None:
        secret = _opened(factor.secret)
        step = _step_of(secret, digits, clock.now(), after=factor.last_step)
        if step is None:
            raise WrongCode
        factor.last_step, factor.secret = step, seal().shut(secret)  # under the newest key, where that has changed
        return
    letters = recovery_code(code)
    mine = (RecoveryCode.user_id == user_id, RecoveryCode.code_hash == digest(letters or ""))
    if letters is None or tx.execute(delete(RecoveryCode).where(*mine).returning(RecoveryCode.id)).first() is None:
        raise WrongCode
    tx.add(entry(user_id, "recovery_code_used"))


def _step_of(secret: str, digits: str, now: datetime, *, after: int = 0) -> int | None:
    """The time step that this is the code of, newer than `after`."""
    totp = pyotp.TOTP(secret)
    for step in steps_around(now):
        if step > after and secrets.compare_digest(totp.at(step * STEP_SECONDS), digits):
            return step
    return None


def _opened(sealed: str) -> str:
    secret = seal().opened(sealed)
    if secret is None:
        raise LogInLapsed
    return secret


def _new_codes(tx: Session, user_id: int) -> list[str]:
    """Eighty random bits each: a hash of one gives nothing away, however fast it is."""
    tx.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    codes = ["".join(secrets.choice(LETTERS) for _ in range(RECOVERY_LETTERS)) for _ in range(RECOVERY_CODES)]
    tx.add_all([RecoveryCode(user_id=user_id, code_hash=digest(code)) for code in codes])
    return [in_groups(code, "-") for code in codes]


def _take_away(tx: Session, user: User, actor: Actor | None) -> None:
    tx.execute(delete(SecondFactor).where(SecondFactor.user_id == user.id))
    tx.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    sessions.end_all(tx, user.id)
    account_letters.factor_reset(tx, user, actor.name if actor else "", clock.now())
    tx.add(entry(actor.user_id if actor else None, "factor_reset", user=user.id))
