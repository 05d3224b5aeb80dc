"""What an event allows on the day, how many came in the evening, and hours that are granted by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from courseapp import clock
from courseapp.db import transaction
from courseapp.domain.access import Actor
from courseapp.domain.attendance import MARK_BEFORE, GrantWrong, HoursRule, TooEarly
from courseapp.domain.errors import DomainError, NotFound
from courseapp.domain.event import EventStatus
from courseapp.domain.marking import N_
from courseapp.domain.plan_errors import WrongNumber
from courseapp.domain.planning import LARGEST
from courseapp.domain.registration import Status
from courseapp.models.attendance import HoursGrant
from courseapp.models.event import Event
from courseapp.models.journal import AuditEntry
from courseapp.models.registration import Registration
from courseapp.queries.head_counts import HEADS
from courseapp.services.changes import EventOver, note, turn_for

LONGEST_NOTE = 300
LONGEST_LEADER_NOTE = 2000


class NoteMissing(DomainError):
    """Hours given by hand have a reason."""

    message = N_("Skriv hvorfor timene gis, på høyst 300 tegn.")


class HalfCounted(DomainError):
    """One of two rooms was counted; what nobody counted is not zero."""

    message = N_("Skriv både hvor mange som kom i salen, og hvor mange som var med digitalt, eller la begge stå tomme.")


@dataclass(frozen=True, slots=True, kw_only=True)
class DayWish:
    """How an event shall be on the day."""

    leader_note: str
    self_check_in: bool
    leaders_see_kitchen: bool
    hours_rule: HoursRule


def set_day(slug: str, wish: DayWish, *, actor: Actor) -> None:
    """Save what the event allows on the day. Raises NotFound."""
    with transaction() as tx:
        event = turn_for(tx, slug, actor)
        now = clock.now()
        names = ("leader_note", "self_check_in", "leaders_see_kitchen", "hours_rule")
        changed = [name for name in names if getattr(event, name) != getattr(wish, name)]
        for name in changed:
            setattr(event, name, getattr(wish, name))
        if changed:
            tx.add(note(event, "day_changed", actor, now, what=changed))


def count_heads(slug: str, number: int | None, *, approximate: bool, actor: Actor, digital: int | None = None) -> None:
    """Write how many came; None for not known, which is not zero. Approximate only with a number.

    At a hybrid event `number` came and `digital` called in, both or neither are known, and their sum is reported.
    Raises NotFound, WrongNumber, EventOver for one that is called off, TooEarly, or HalfCounted.
    """
    if any(one is not None and not 0 <= one <= LARGEST for one in (number, digital)):
        raise WrongNumber
    with transaction() as tx:
        event = turn_for(tx, slug, actor)
        now = clock.now()
        if event.status is EventStatus.CANCELLED:
            raise EventOver
        if event.starts_at is None or now < event.starts_at - MARK_BEFORE:
            raise TooEarly(N_("Antallet kan skrives inn fra tolv timer før det begynner."))
        if event.hybrid and (number is None) != (digital is None):
            raise HalfCounted
        apart = digital if event.hybrid else None
        everybody = number if number is None or apart is None else number + apart
        about = approximate and number is not None
        known = (event.reported_number, event.reported_digital, event.reported_approximate)
        if known == (everybody, apart, about):
            return
        event.reported_number, event.reported_digital, event.reported_approximate = everybody, apart, about
        event.updated_at = now
        more = {} if apart is None else {"digital": apart}
        tx.add(note(event, HEADS, actor, now, old=known[0], new=everybody, approximate=int(about), **more))


def grant_hours(slug: str, registration_id: int, minutes: int, why: str, *, actor: Actor) -> None:
    """Give somebody so many minutes of course hours although sessions are missing; a second time replaces the first.

    Raises NotFound, GrantWrong or NoteMissing.
    """
    why = why.strip()
    if not why or len(why) > LONGEST_NOTE:
        raise NoteMissing
    with transaction() as tx:
        event, person = _turn(tx, slug, registration_id, actor)
        if not 0 < minutes <= sum(one.minutes or 0 for one in event.sessions if not one.cancelled):
            raise GrantWrong
        now = clock.now()
        row = tx.get(HoursGrant, person.id)
        if row is None:
            row = HoursGrant(registration_id=person.id)
            tx.add(row)
        elif (row.minutes, row.note) == (minutes, why):
            return
        row.minutes, row.note, row.user_id, row.at = minutes, why, actor.user_id, now
        tx.add(_entry(person, event, "hours_granted", actor, now, minutes=minutes))


def take_back_hours(slug: str, registration_id: int, *, actor: Actor) -> None:
    """What was granted is no longer; nothing where nothing was. Raises NotFound."""
    with transaction() as tx:
        event, person = _turn(tx, slug, registration_id, actor)
        row = tx.get(HoursGrant, person.id)
        if row is not None:
            tx.delete(row)
            tx.add(_entry(person, event, "hours_grant_undone", actor, clock.now(), minutes=row.minutes))


def _turn(tx: Session, slug: str, registration_id: int, actor: Actor) -> tuple[Event, Registration]:
    event = turn_for(tx, slug, actor)
    person = tx.get(Registration, registration_id)
    if person is None or person.event_id != event.id or person.status is not Status.REGISTERED:
        raise NotFound
    return event, person


def _entry(person: Registration, event: Event, verb: str, actor: Actor, now: datetime, **details: int) -> AuditEntry:
    made = note(event, verb, actor, now, **details)
    made.registration_id = person.id
    return made
