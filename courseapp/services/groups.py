"""Practice groups: divide, place late arrivals, move, exchange, name, lead, and take away.

Every act takes the event's turn first and compares what its maker had seen with what is: after a colleague's division
«gruppe 2» is another group. Who has lost her seat is out of her group by every look (`queries.groups`); the rows that
are left of it are swept away here, at the next act.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from courseapp import clock
from courseapp.db import transaction
from courseapp.domain import groups
from courseapp.domain.access import Actor
from courseapp.domain.errors import DomainError, NotFound
from courseapp.domain.marking import N_
from courseapp.models.event import Event
from courseapp.models.group import GroupMember, PracticeGroup
from courseapp.models.journal import AuditEntry
from courseapp.models.registration import Registration
from courseapp.queries.groups import ACTS, MADE_ANEW, Standing, changeable, last_act, person_of, standing
from courseapp.services.changes import EventOver, note, turn_for

LONGEST_NAME = 60


class ChangedMeanwhile(DomainError):
    """A colleague did something with the groups first."""

    message = N_("En kollega har endret gruppene siden du åpnet siden. Ingenting er gjort. Se over dem, og prøv igjen.")


class NoGroupsYet(DomainError):
    """There is nothing to put anybody into."""

    message = N_("Det er ikke laget grupper ennå.")


class SeatLost(DomainError):
    """She cancelled, or was moved, a moment ago."""

    message = N_("Personen har ikke lenger plass på arrangementet.")


class GroupFull(DomainError):
    """No more than eight."""

    message = N_("Gruppen har 8 deltakere alt. Bytt plass med en av dem, eller flytt noen ut først.")


class AllFull(DomainError):
    """Late arrivals find no group with room."""

    message = N_("Alle gruppene har 8 deltakere. Del på nytt i flere grupper.")


class SameGroup(DomainError):
    """An exchange within a group changes nothing."""

    message = N_("De to er alt i samme gruppe.")


class NotALeader(DomainError):
    """She is no longer down for the event."""

    message = N_("Kursholderen er ikke lenger på dette arrangementet. Velg en annen.")


class NameTooLong(DomainError):
    """Names stand on cards and lists."""

    message = N_("Navnet på gruppen kan ha høyst 60 tegn.")


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupWish:
    """What a group is called and who leads it: all the event's leaders, one of them (her place there), or nobody."""

    name: str
    led_by_all: bool
    leader_id: int | None


def divide(slug: str, *, count: int, led_by_all: bool, seen: int, actor: Actor) -> None:
    """Divide everybody with a seat into so many groups, from scratch; groups that were there are gone with their names.

    Without `led_by_all` each group gets one leader, in turn. Raises NotFound, EventOver, ChangedMeanwhile after any act
    of a colleague, or a refusal of the rule.
    """
    with transaction() as tx:
        event, found, now = _turn(tx, slug, actor, seen, ACTS)
        dealt = groups.divide(map(person_of, found.people), groups=count)
        _throw_away(tx, found)
        leaders = [one.id for one in event.leaders]
        for number, ids in enumerate(dealt, start=1):
            alone = leaders[(number - 1) % len(leaders)] if leaders and not led_by_all else None
            made = PracticeGroup(event_id=event.id, number=number, led_by_all=led_by_all, leader_id=alone)
            made.members = [GroupMember(registration_id=one) for one in ids]
            tx.add(made)
        tx.add(note(event, "groups_divided", actor, now, groups=count, people=len(found.people)))


def place(slug: str, *, seen: int, actor: Actor, registration_id: int | None = None) -> tuple[int, ...]:
    """Put one person, or everybody without a group, where it is best; nobody else moves. Returns the groups' numbers.

    Raises NotFound, EventOver, ChangedMeanwhile after a new division, NoGroupsYet, SeatLost, or AllFull when somebody
    finds no room; then nobody is placed.
    """
    with transaction() as tx:
        event, found, now = _turn(tx, slug, actor, seen, MADE_ANEW)
        if not found.groups:
            raise NoGroupsYet
        late = found.unplaced
        if registration_id is not None:
            person = _person(found, registration_id)
            late = [one for one in late if one is person]
        placed = groups.place(
            map(person_of, late), [[person_of(one) for one in found.inside(each.number)] for each in found.groups]
        )
        if len(placed) < len(late):
            raise AllFull
        for one, index in placed:
            group = found.groups[index]
            tx.add(GroupMember(registration_id=one, group_id=group.id))
            tx.add(_entry(_person(found, one), event, "group_placed", actor, now, to=group.number))
        return tuple(found.groups[index].number for _one, index in placed)


def move(slug: str, registration_id: int, number: int, *, seen: int, actor: Actor) -> None:
    """Put a person into that group, from another or from none. Who is there already stays, and nothing is written.

    Raises NotFound, EventOver, ChangedMeanwhile after a new division, SeatLost, or GroupFull.
    """
    with transaction() as tx:
        event, found, now = _turn(tx, slug, actor, seen, MADE_ANEW)
        person, group = _person(found, registration_id), _group(found, number)
        old = found.group_of.get(person.id)
        if old == number:
            return
        if len(found.inside(number)) >= groups.EIGHT:
            raise GroupFull
        _put(tx, person, group)
        verb = "group_moved" if old else "group_placed"
        tx.add(_entry(person, event, verb, actor, now, **({"old": old} if old else {}), to=number))


def swap(slug: str, registration_id: int, other_id: int, *, seen: int, actor: Actor) -> None:
    """Let two people of different groups change places.

    Raises NotFound, EventOver, ChangedMeanwhile after a new division, SeatLost for one who is in no group any more,
    or SameGroup.
    """
    with transaction() as tx:
        event, found, now = _turn(tx, slug, actor, seen, MADE_ANEW)
        pair = _person(found, registration_id), _person(found, other_id)
        if any(one.id not in found.group_of for one in pair):
            raise SeatLost
        here, there = (found.group_of[one.id] for one in pair)
        if here == there:
            raise SameGroup
        for person, old, new in zip(pair, (here, there), (there, here), strict=True):
            _put(tx, person, _group(found, new))
            tx.add(_entry(person, event, "group_swapped", actor, now, old=old, to=new))


def change(slug: str, number: int, wish: GroupWish, *, seen: int, actor: Actor) -> None:
    """Name a group and say who leads it.

    Raises NotFound, EventOver, ChangedMeanwhile after a new division, NameTooLong, or NotALeader.
    """
    if len(wish.name) > LONGEST_NAME:
        raise NameTooLong
    with transaction() as tx:
        event, found, now = _turn(tx, slug, actor, seen, MADE_ANEW)
        group = _group(found, number)
        leader_id = None if wish.led_by_all else wish.leader_id
        if leader_id is not None and leader_id not in {one.id for one in event.leaders}:
            raise NotALeader
        if (group.name, group.led_by_all, group.leader_id) == (wish.name, wish.led_by_all, leader_id):
            return
        group.name, group.led_by_all, group.leader_id = wish.name, wish.led_by_all, leader_id
        tx.add(note(event, "group_changed", actor, now, group=number))


def clear(slug: str, *, seen: int, actor: Actor) -> None:
    """Take all groups away.

    Raises NotFound, EventOver, NoGroupsYet, or ChangedMeanwhile after any act of a colleague.
    """
    with transaction() as tx:
        event, found, now = _turn(tx, slug, actor, seen, ACTS)
        if not found.groups:
            raise NoGroupsYet
        _throw_away(tx, found)
        tx.add(note(event, "groups_cleared", actor, now, groups=len(found.groups)))


def _turn(tx: Session, slug: str, actor: Actor, seen: int, verbs: Sequence[str]) -> tuple[Event, Standing, datetime]:
    """The event's turn, and who is where now; nothing of those kinds may have been done since `seen`."""
    event = turn_for(tx, slug, actor)
    if not changeable(event):
        raise EventOver
    if last_act(tx, event.id, verbs) > seen:
        raise ChangedMeanwhile
    found = standing(tx, event.id)
    mine = select(PracticeGroup.id).where(PracticeGroup.event_id == event.id)
    tx.execute(
        delete(GroupMember)
        .where(GroupMember.group_id.in_(mine), GroupMember.registration_id.not_in(list(found.group_of)))
        .execution_options(synchronize_session=False)
    )
    return event, found, clock.now()


def _throw_away(tx: Session, found: Standing) -> None:
    for one in found.groups:
        tx.delete(one)  # and who is in it
    tx.flush()


def _person(found: Standing, registration_id: int) -> Registration:
    person = next((one for one in found.people if one.id == registration_id), None)
    if person is None:
        raise SeatLost
    return person


def _group(found: Standing, number: int) -> PracticeGroup:
    group = next((one for one in found.groups if one.number == number), None)
    if group is None:
        raise NotFound
    return group


def _put(tx: Session, person: Registration, group: PracticeGroup) -> None:
    tx.merge(GroupMember(registration_id=person.id, group_id=group.id))


def _entry(
    registration: Registration, event: Event, verb: str, actor: Actor, now: datetime, **details: int
) -> AuditEntry:
    made = note(event, verb, actor, now, **details)
    made.registration_id = registration.id
    return made
