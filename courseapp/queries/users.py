"""Those who may log in, as their administrators see them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import selectinload

from courseapp.db import db
from courseapp.domain.access import Actor, UserRole, check, may_administer, may_manage
from courseapp.domain.errors import NotFound
from courseapp.models.account import Membership, User
from courseapp.models.logging_in import Identity, SecondFactor
from courseapp.models.office import Office
from courseapp.queries import accounts


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeChoice:
    """An office the actor administers; without a slug it is the whole country."""

    slug: str | None
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleRow:
    """What a user is, and where. `mine`: the actor may change it."""

    office: OfficeChoice
    role: UserRole
    mine: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UserRow:
    """One user. `manages`: the actor may close her, reset her second factor and end her log-ins."""

    id: int
    name: str
    email: str
    active: bool
    invited: bool
    has_factor: bool
    by_municipality: bool
    last_log_in_at: datetime | None
    roles: tuple[RoleRow, ...]
    manages: bool
    me: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Users:
    """Everybody the actor looks after, and where she may let somebody in."""

    users: tuple[UserRow, ...]
    offices: tuple[OfficeChoice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UserPage:
    """One user, with where she is logged in (only for those who manage her)."""

    user: UserRow
    sessions: tuple[accounts.SessionRow, ...]


def listed(actor: Actor) -> Users:
    """Users with a role in an office of the actor's; all, for whoever administers the country. NotFound for others."""
    check(may_administer(actor))
    found = db.session.scalars(_chosen(actor).order_by(User.active.desc(), User.name, User.id)).all()
    return Users(users=_rows(actor, found), offices=choices(actor))


def one(actor: Actor, user_id: int, now: datetime) -> UserPage:
    """One of them. Raises NotFound."""
    check(may_administer(actor))
    found = db.session.scalars(_chosen(actor).where(User.id == user_id)).one_or_none()
    if found is None:
        raise NotFound
    (row,) = _rows(actor, [found])
    sessions = accounts.sessions(user_id, now) if row.manages else ()
    return UserPage(user=row, sessions=tuple(sessions))


def choices(actor: Actor) -> tuple[OfficeChoice, ...]:
    """Where the actor may let somebody in, the whole country last."""
    mine = actor.administers
    offices = select(Office).order_by(Office.id)
    found = db.session.scalars(offices if mine is None else offices.where(Office.id.in_(mine)))
    country = (OfficeChoice(slug=None, name=""),) if mine is None else ()
    return (*(OfficeChoice(slug=office.slug, name=office.short_name) for office in found), *country)


def _chosen(actor: Actor) -> Select[User]:
    people = select(User).options(selectinload(User.memberships).selectinload(Membership.office))
    if actor.administers is None:
        return people
    there = exists().where(Membership.user_id == User.id, Membership.office_id.in_(actor.administers))
    return people.where(there)


def _rows(actor: Actor, found: Iterable[User]) -> tuple[UserRow, ...]:
    users = list(found)
    ids = [user.id for user in users]
    factors = set(db.session.scalars(select(SecondFactor.user_id).where(SecondFactor.user_id.in_(ids))))
    linked = set(db.session.scalars(select(Identity.user_id).where(Identity.user_id.in_(ids))))
    return tuple(_row(actor, user, factor=user.id in factors, linked=user.id in linked) for user in users)


def _row(actor: Actor, user: User, *, factor: bool, linked: bool) -> UserRow:
    return UserRow(
        id=user.id,
        name=user.name,
        email=user.email,
        active=user.active,
        invited=not user.password_hash and not linked,
        has_factor=factor,
        by_municipality=linked,
        last_log_in_at=user.last_log_in_at,
        roles=tuple(
            _role(actor, one, me=user.id == actor.user_id)
            for one in sorted(user.memberships, key=lambda one: one.office_id or 0)
        ),
        manages=user.id != actor.user_id and may_manage(actor, [one.office_id for one in user.memberships]),
        me=user.id == actor.user_id,
    )


def _role(actor: Actor, membership: Membership, *, me: bool) -> RoleRow:
    office = membership.office
    where = (
        OfficeChoice(slug=None, name="") if office is None else OfficeChoice(slug=office.slug, name=office.short_name)
    )
    return RoleRow(office=where, role=membership.role, mine=not me and may_manage(actor, [membership.office_id]))
