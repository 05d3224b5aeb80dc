"""An event's practice groups: who is in which, who is in none, who leads them, and how good the division is.

A person is in a group while her registration has its seat. Every look joins on that, so that whoever cancels, is taken
off or moves to another course is out of her group in the same moment, and no other act needs to know of groups.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courseapp.db import db
from courseapp.domain import groups
from courseapp.domain.access import Actor, check, may_organize, may_see_persons
from courseapp.domain.errors import NotFound
from courseapp.domain.event import LIVE_STATUSES, EventStatus
from courseapp.domain.groups import Person, Quality, municipality_of, workplace_of
from courseapp.domain.registration import Role, Status
from courseapp.domain.rows import EventPage
from courseapp.models.event import Event
from courseapp.models.group import GroupMember, PracticeGroup
from courseapp.models.journal import AuditEntry
from courseapp.models.registration import Registration
from courseapp.queries import events

MADE_ANEW = ("groups_divided", "groups_cleared")
"""The acts after which a group of the same number is another group."""

ACTS = (*MADE_ANEW, "group_placed", "group_moved", "group_swapped", "group_changed")
CHANGEABLE = LIVE_STATUSES | {EventStatus.DRAFT}


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRow:
    """One person. `clashes`: a colleague from the same workplace is in the same group."""

    id: int
    name: str
    role: Role
    workplace: str
    municipality: str
    clashes: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRow:
    """One group. `leaders` are names; `leader_id` is who was chosen for it alone.

    `shared`: municipalities that more than one of them come from, and how many.
    """

    number: int
    name: str
    led_by_all: bool
    leader_id: int | None
    leaders: tuple[str, ...]
    people: tuple[MemberRow, ...]
    shared: tuple[tuple[str, int], ...]

    @property
    def full(self) -> bool:
        """Whether nobody more may be put here."""
        return len(self.people) >= groups.EIGHT


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupsPage:
    """The page. `leaders`: id and name; `seen` is the mark of what was shown, for acts to be checked against.

    `total` counts those with a seat; `proposed` is how many groups they would be divided into; `roles` has how many of
    each role every group has.
    """

    event: EventPage
    groups: tuple[GroupRow, ...]
    unplaced: tuple[MemberRow, ...]
    total: int
    proposed: int
    leaders: tuple[tuple[int, str], ...]
    quality: Quality | None
    roles: tuple[tuple[Role, tuple[int, ...]], ...]
    seen: int
    may_organize: bool
    may_change: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Everybody with a seat by name, the groups by number, and which of them each person is in."""

    people: tuple[Registration, ...]
    groups: tuple[PracticeGroup, ...]
    group_of: dict[int, int]

    def inside(self, number: int) -> list[Registration]:
        """Who is in a group."""
        return [one for one in self.people if self.group_of.get(one.id) == number]

    @property
    def unplaced(self) -> list[Registration]:
        """Who is in none."""
        return [one for one in self.people if one.id not in self.group_of]


def page(actor: Actor, slug: str, now: datetime) -> GroupsPage:
    """The groups and all there is to choose. Raises NotFound for events the actor may not see persons of."""
    event = events.whole(slug)
    if event is None:
        raise NotFound
    offices = [event.office_id, *(office.id for office in event.partners)]
    check(may_see_persons(actor, offices))
    seen = last_act(db.session(), event.id)  # first: what is read after it may be newer, and never older
    found, organizes = standing(db.session(), event.id), may_organize(actor, offices)
    leaders = tuple((one.id, one.leader.name) for one in event.leaders)
    placed = [[person_of(one) for one in found.inside(group.number)] for group in found.groups]
    return GroupsPage(
        event=events.as_page(event, events.seats_of(db.session(), [event])[event.id], now),
        groups=tuple(_group(one, found.inside(one.number), dict(leaders)) for one in found.groups),
        unplaced=_members(found.unplaced, alone=True) if found.groups else (),
        total=len(found.people),
        proposed=groups.proposed_groups(len(found.people), len(leaders)),
        leaders=leaders,
        quality=groups.quality(placed) if found.groups else None,
        roles=_roles(placed),
        seen=seen,
        may_organize=organizes,
        may_change=organizes and changeable(event),
    )


def of_event(event_id: int) -> dict[int, int]:
    """The number of the group of each registration that is in one. The caller has checked who asks."""
    return _group_of(db.session(), event_id)


def changeable(event: Event) -> bool:
    """Groups are made until the event is held or called off."""
    return event.status in CHANGEABLE


def standing(session: Session, event_id: int) -> Standing:
    """Who is where, read with the given session: a service's own, or the page's."""
    people = session.scalars(
        select(Registration).where(Registration.event_id == event_id, Registration.status == Status.REGISTERED)
    )
    found = session.scalars(
        select(PracticeGroup).where(PracticeGroup.event_id == event_id).order_by(PracticeGroup.number)
    )
    return Standing(
        people=tuple(sorted(people, key=lambda one: (one.sort_key, one.id))),
        groups=tuple(found),
        group_of=_group_of(session, event_id),
    )


def last_act(session: Session, event_id: int, verbs: Sequence[str] = ACTS) -> int:
    """The newest act of those kinds, 0 before the first."""
    chosen = select(func.max(AuditEntry.id)).where(AuditEntry.event_id == event_id, AuditEntry.verb.in_(verbs))
    return session.scalar(chosen) or 0


def person_of(registration: Registration) -> Person:
    """A registration as the rule sees it."""
    return Person(
        id=registration.id,
        role=registration.primary_role,
        workplace=registration.workplace,
        municipality=registration.municipality,
    )


def _group_of(session: Session, event_id: int) -> dict[int, int]:
    rows = session.execute(
        select(GroupMember.registration_id, PracticeGroup.number)
        .join(PracticeGroup, PracticeGroup.id == GroupMember.group_id)
        .join(Registration, Registration.id == GroupMember.registration_id)
        .where(
            PracticeGroup.event_id == event_id,
            Registration.event_id == event_id,
            Registration.status == Status.REGISTERED,
        )
    )
    return {row[0]: row[1] for row in rows}


def _group(group: PracticeGroup, inside: Sequence[Registration], leaders: dict[int, str]) -> GroupRow:
    people = _members(inside)
    if group.led_by_all:
        names = tuple(leaders.values())
    else:
        names = tuple(name for leader, name in leaders.items() if leader == group.leader_id)
    first = {municipality_of(person_of(one)): one.municipality for one in reversed(inside) if one.municipality}
    counts = Counter(municipality_of(person_of(one)) for one in inside)
    return GroupRow(
        number=group.number,
        name=group.name,
        led_by_all=group.led_by_all,
        leader_id=group.leader_id,
        leaders=names,
        people=people,
        shared=tuple((first[key], count) for key, count in counts.most_common() if key and count > 1),
    )


def _roles(placed: Sequence[Sequence[Person]]) -> tuple[tuple[Role, tuple[int, ...]], ...]:
    counts = [Counter(one.role for one in group) for group in placed]
    found = [(role, tuple(count[role] for count in counts)) for role in Role]
    return tuple(one for one in found if any(one[1]))


def _members(people: Sequence[Registration], *, alone: bool = False) -> tuple[MemberRow, ...]:
    """Rows of those in one group, or of those in none (`alone`), who clash with nobody."""
    counts = Counter(filter(None, (workplace_of(person_of(one)) for one in people)))
    return tuple(
        MemberRow(
            id=one.id,
            name=one.full_name,
            role=one.primary_role,
            workplace=one.workplace,
            municipality=one.municipality,
            clashes=not alone and counts[workplace_of(person_of(one))] > 1,
        )
        for one in people
    )
