"""Getting in by way of a municipality's log-in: whom it speaks of, and whether she was let in by an administrator."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from courseapp import clock
from courseapp.db import transaction
from courseapp.domain.errors import DomainError
from courseapp.domain.logging_in import Caller, Claims, LogInMethod, believed_address
from courseapp.domain.marking import N_
from courseapp.models.account import User
from courseapp.models.logging_in import AccountLink, Identity, SpentState, UserSession
from courseapp.sealing import digest
from courseapp.services import sessions
from courseapp.services.sessions import Entered, entry

STATE_LASTS = timedelta(minutes=10)
CLOCKS_DIFFER = timedelta(minutes=1)


class NotInvited(DomainError):
    """The provider knows her; nobody here has let her in, or she was shut out. Which of the two is not said."""

    message = N_(
        "Kommunen kjenner deg, men du har ikke tilgang her. Be den som styrer brukerne på kontoret invitere deg."
    )


class SpentTrip(DomainError):
    """The round trip has come back before."""

    message = N_("Innloggingen hos kommunen er brukt. Begynn på nytt.")


class NotConfirmed(DomainError):
    """Somebody else came back from the provider, or it did not ask her anew."""

    message = N_("Kommunen bekreftet ikke på nytt at det er deg. Prøv igjen.")


def spend_state(state: str) -> None:
    """Let a round trip come back once, whatever the browser still has. Raises SpentTrip."""
    try:
        with transaction() as tx:
            tx.add(SpentState(state_hash=digest(state), expires_at=clock.now() + 2 * STATE_LASTS))
    except IntegrityError as twice:
        raise SpentTrip from twice


def log_in(claims: Claims, domains: frozenset[str], *, caller: Caller) -> Entered:
    """Let in whoever the provider speaks of; the second factor is the provider's. Raises NotInvited.

    The first time she is found by an address that the provider is believed about; from then on by issuer and subject
    alone, so that an address which gets a new owner opens nothing.
    """
    with transaction() as tx:
        user = _linked(tx, claims) or _link(tx, claims, domains)
        if user is None or not user.active:
            raise NotInvited
        return sessions.begin(tx, user, LogInMethod.OIDC, caller)


def confirm(session_id: int, claims: Claims, *, asked_at: datetime) -> None:
    """She has shown the provider anew who she is. Raises NotConfirmed where it was another, or before it was asked."""
    with transaction() as tx:
        session, user = tx.get(UserSession, session_id), _linked(tx, claims)
        shown_at = claims.authenticated_at
        if session is None or user is None or not user.active or session.user_id != user.id:
            raise NotConfirmed
        if session.confirmed_at is None or shown_at is None or shown_at < asked_at - CLOCKS_DIFFER:
            raise NotConfirmed
        session.confirmed_at = clock.now()
        tx.add(entry(user.id, "confirmed"))


def _linked(tx: Session, claims: Claims) -> User | None:
    return tx.scalar(
        select(User)
        .join(Identity, Identity.user_id == User.id)
        .where(Identity.issuer == claims.issuer, Identity.subject == claims.subject)
        .with_for_update(of=User)
    )


def _link(tx: Session, claims: Claims, domains: frozenset[str]) -> User | None:
    """Tie an identity to the user of that address, unless she has another at this provider already."""
    address = believed_address(claims, domains)
    if address is None:
        return None
    user = tx.scalar(select(User).where(User.email == address, User.active).with_for_update())
    if user is None:
        return None
    taken = select(Identity.id).where(Identity.user_id == user.id, Identity.issuer == claims.issuer)
    if tx.scalar(taken) is not None:
        return None
    tx.add(Identity(user_id=user.id, issuer=claims.issuer, subject=claims.subject, linked_at=clock.now()))
    tx.execute(delete(AccountLink).where(AccountLink.user_id == user.id))
    tx.add(entry(user.id, "identity_linked"))
    return user
