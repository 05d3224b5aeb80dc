"""Who may log in, and as what: looked after by administrators, each for her own office, nobody for herself."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from courseapp.db import transaction
from courseapp.domain.access import Actor, UserRole, check, may_manage
from courseapp.domain.errors import DomainError
from courseapp.domain.logging_in import LinkKind
from courseapp.domain.marking import N_
from courseapp.models.account import Membership, User
from courseapp.models.logging_in import AccountLink
from courseapp.services import account_links, accounts, sessions
from courseapp.services.accounts import UserRefused
from courseapp.services.sessions import entry


class OwnAccess(DomainError):
    """Nobody raises, lowers or closes herself."""

    message = N_("Du kan ikke endre din egen tilgang. Be en kollega om det.")


class LastAdministrator(DomainError):
    """Somebody must be left to look after the users."""

    message = N_("Minst én må være administrator for hele landet. Gi rollen til en annen først.")


@dataclass(frozen=True, kw_only=True)
class InvitationWish:
    """A colleague to let in; `office` is a slug, or None for the whole country."""

    email: str
    name: str
    role: UserRole
    office: str | None


def invite(wish: InvitationWish, *, actor: Actor | None) -> int:
    """Let somebody in: a new user gets a link by mail, a known one the role. Returns her id. No actor: a command.

    Raises UserRefused where she belongs there already, and NotFound where the actor does not administer.
    """
    with transaction() as tx:
        office_id = accounts.office_id(tx, wish.office, wish.role)
        check(actor is None or may_manage(actor, [office_id]))
        email = accounts.address_key(wish.email)
        user = tx.scalar(select(User).where(User.email == email).with_for_update())
        if user is None:
            user = accounts.new_user(tx, email=email, name=wish.name, role=wish.role, office_id=office_id)
            account_links.send(tx, user, LinkKind.INVITATION, inviter=actor.name if actor else "")
        else:
            _add_role(user, office_id, wish.role, actor)
        by = actor.user_id if actor else None
        tx.add(_entry(by, "user_invited", user.id, office_id, role=wish.role))
        return user.id


def send_again(user_id: int, *, actor: Actor) -> None:
    """Mail a new invitation to somebody who has not chosen a password yet. NotFound where she is not managed."""
    with transaction() as tx:
        user = _managed(tx, user_id, actor)
        if user.password_hash or not user.active:
            raise UserRefused(N_("Brukeren har valgt passord, eller er stengt ute."))
        account_links.send(tx, user, LinkKind.INVITATION, inviter=actor.name)
        tx.add(_entry(actor.user_id, "invitation_sent", user.id, None))


def set_role(user_id: int, office: str | None, role: UserRole, *, actor: Actor) -> None:
    """Give a user another role at an office, or in the whole country. Raises OwnAccess, LastAdministrator, NotFound."""
    with transaction() as tx:
        user, membership = _membership(tx, user_id, office, role, actor)
        if membership.office_id is None and role is not UserRole.ADMINISTRATOR:
            _somebody_else_is_left(tx, user.id)
        before, membership.role = membership.role, role
        tx.add(_entry(actor.user_id, "role_changed", user.id, membership.office_id, before=before, role=role))


def remove_role(user_id: int, office: str | None, *, actor: Actor) -> None:
    """Take a user out of an office, or off the whole country. Raises OwnAccess, LastAdministrator, NotFound."""
    with transaction() as tx:
        user, membership = _membership(tx, user_id, office, UserRole.READER, actor)
        if membership.office_id is None:
            _somebody_else_is_left(tx, user.id)
        user.memberships.remove(membership)
        tx.add(_entry(actor.user_id, "role_removed", user.id, membership.office_id, role=membership.role))


def close(user_id: int, *, actor: Actor) -> None:
    """Shut a user out, at once and everywhere. Raises OwnAccess, LastAdministrator, or NotFound."""
    with transaction() as tx:
        user = _managed(tx, user_id, actor)
        _somebody_else_is_left(tx, user.id)
        user.active = False
        sessions.end_all(tx, user.id)
        tx.execute(delete(AccountLink).where(AccountLink.user_id == user.id))
        tx.add(_entry(actor.user_id, "user_closed", user.id, None))


def reopen(user_id: int, *, actor: Actor) -> None:
    """Let her in again, with the roles she had. Raises OwnAccess or NotFound."""
    with transaction() as tx:
        user = _managed(tx, user_id, actor)
        user.active = True
        tx.add(_entry(actor.user_id, "user_reopened", user.id, None))


def _managed(tx: Session, user_id: int, actor: Actor) -> User:
    """The user, with the turn of all who administer the country taken first: of two, one cannot close the other."""
    tx.execute(select(Membership.id).where(*_COUNTRY).order_by(Membership.id).with_for_update())
    user = tx.get(User, user_id, with_for_update=True)
    check(user is not None)
    assert user is not None
    check(user.id == actor.user_id or may_manage(actor, [one.office_id for one in user.memberships]))
    if user.id == actor.user_id:
        raise OwnAccess
    return user


def _membership(tx: Session, user_id: int, office: str | None, role: UserRole, actor: Actor) -> tuple[User, Membership]:
    """One of a user's memberships, for whoever administers that office, whatever else the user belongs to."""
    tx.execute(select(Membership.id).where(*_COUNTRY).order_by(Membership.id).with_for_update())
    office_id = accounts.office_id(tx, office, role)
    user = tx.get(User, user_id, with_for_update=True)
    check(user is not None and may_manage(actor, [office_id]))
    assert user is not None
    found = next((one for one in user.memberships if one.office_id == office_id), None)
    check(found is not None)
    assert found is not None
    if user.id == actor.user_id:
        raise OwnAccess
    return user, found


_COUNTRY = (Membership.office_id.is_(None), Membership.role == UserRole.ADMINISTRATOR)


def _somebody_else_is_left(tx: Session, user_id: int) -> None:
    """Raises LastAdministrator where this user is the only open one who administers the country."""
    there = set(tx.scalars(select(Membership.user_id).join(User).where(*_COUNTRY, User.active)))
    if there == {user_id}:
        raise LastAdministrator


def _add_role(user: User, office_id: int | None, role: UserRole, actor: Actor | None) -> None:
    if actor is not None and user.id == actor.user_id:
        raise OwnAccess
    if any(one.office_id == office_id for one in user.memberships):
        raise UserRefused(N_("Brukeren er her allerede. Endre rollen på siden til brukeren."))
    if not user.active:
        raise UserRefused(N_("Brukeren er stengt ute. Slipp brukeren inn igjen først."))
    user.memberships.append(Membership(role=role, office_id=office_id))


def _entry(by: int | None, verb: str, user_id: int, office_id: int | None, **details: object) -> object:
    made = entry(by, verb, user=user_id, **details)
    made.office_id = office_id
    return made
