"""Who may do what, on one screen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from courseapp.domain.errors import NotFound


class UserRole(StrEnum):
    """What a member is at an office."""

    ADMINISTRATOR = "administrator"
    ORGANIZER = "organizer"
    READER = "reader"


SEES_PERSONS = frozenset({UserRole.ADMINISTRATOR, UserRole.ORGANIZER, UserRole.READER})
ORGANIZES = frozenset({UserRole.ADMINISTRATOR, UserRole.ORGANIZER})


@dataclass(frozen=True, kw_only=True)
class Actor:
    """A logged-in user: `roles` maps office id to role; `national` is a role without an office (no names)."""

    user_id: int
    name: str
    roles: tuple[tuple[int, UserRole], ...]
    national: UserRole | None

    def role_at(self, office_id: int) -> UserRole | None:
        """The role at an office; an administrator of the whole country is one everywhere."""
        if self.national is UserRole.ADMINISTRATOR:
            return UserRole.ADMINISTRATOR
        return dict(self.roles).get(office_id)

    @property
    def offices(self) -> frozenset[int] | None:
        """Ids of the offices whose things this actor may see; None means all six."""
        return None if self.national else frozenset(office_id for office_id, _ in self.roles)

    @property
    def acts(self) -> bool:
        """Whether there is an office this actor may do anything for."""
        return self.national is UserRole.ADMINISTRATOR or any(role in ORGANIZES for _office_id, role in self.roles)

    @property
    def administers(self) -> frozenset[int] | None:
        """Ids of the offices whose users this actor looks after; None means all users there are."""
        if self.national is UserRole.ADMINISTRATOR:
            return None
        return frozenset(office_id for office_id, role in self.roles if role is UserRole.ADMINISTRATOR)


def may_administer(actor: Actor) -> bool:
    """Whether there are users this actor looks after."""
    return actor.administers is None or bool(actor.administers)


def may_manage(actor: Actor, office_ids: Iterable[int | None]) -> bool:
    """Closing a user or resetting her factor is for whoever administers all she belongs to (None: the country)."""
    mine, hers = actor.administers, set(office_ids)
    return mine is None or (bool(hers) and all(one in mine for one in hers))


def may_see_persons(actor: Actor, office_ids: Iterable[int]) -> bool:
    """Participants are for members of the responsible office or a partner; a national reader sees no names."""
    return any(actor.role_at(office_id) in SEES_PERSONS for office_id in office_ids)


def may_organize(actor: Actor, office_ids: Iterable[int]) -> bool:
    """Acts are for organizers of the responsible office or a partner."""
    return any(actor.role_at(office_id) in ORGANIZES for office_id in office_ids)


def may_decide(actor: Actor, office_id: int) -> bool:
    """Whether an event is published, held, called off or shared is for organizers of the responsible office alone."""
    return actor.role_at(office_id) in ORGANIZES


def check(allowed: bool) -> None:  # noqa: FBT001 - `check(may_…(…))` reads as it should
    """What an actor may not see does not exist for her: the answer is the same as for a thing that is not there."""
    if not allowed:
        raise NotFound
