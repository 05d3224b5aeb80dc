"""Activities nobody signs up for: typed in, changed, copied to another year, deleted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, selectinload

from courseapp import clock
from courseapp.db import transaction
from courseapp.domain import access, activities, role_line
from courseapp.domain.access import Actor
from courseapp.domain.activities import ActivityWish, WrongYear
from courseapp.domain.errors import DomainError, NotFound
from courseapp.domain.event import EventStatus
from courseapp.domain.marking import N_
from courseapp.domain.yearly import FIRST_YEAR, LAST_YEAR
from courseapp.models.evaluation import EvaluationAnswer
from courseapp.models.event import Event
from courseapp.models.journal import AuditEntry, OutboxEmail
from courseapp.models.office import Office
from courseapp.models.registration import Registration
from courseapp.services import events, imports
from courseapp.services.changes import note, turn_for

KEPT_IN_A_COPY = ("kind", "title", "topic", "place_text", "target_group", "comment", "external_organizer")
CHANGED = (*KEPT_IN_A_COPY, "report_table", "report_year", "dates_text", "reported_text")


class HasPeople(DomainError):
    """Somebody is on its list, so it is more than a line in a report."""

    message = N_("Noen står på deltakerlisten, eller har fått e-post om dette. Da kan det ikke slettes.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """How many lines were made, and how many stood in that year already."""

    added: int
    known: int


def add(office: str, wish: ActivityWish, *, actor: Actor) -> str:
    """Type in an activity; returns its slug. Raises NotFound, PartnersWrong, or a refusal of `activities.read`."""
    activities.read(wish)
    with transaction() as tx:
        offices = events.lock_offices(tx)
        owner = offices.get(office)
        if owner is None:
            raise NotFound
        access.check(access.may_organize(actor, [owner.id]))
        now = clock.now()
        return make(tx, wish, owner, offices, actor, now).slug


def make(
    tx: Session, wish: ActivityWish, owner: Office, offices: dict[str, Office], actor: Actor, now: datetime
) -> Event:
    """The same inside a transaction that has locked the offices, for an actor who may; for other services."""
    event = _new(owner, now)
    event.partners = _partners(wish, owner, offices)
    _write(event, wish, now)
    _save(tx, event, "activity_added", actor, now)
    return event


def change(slug: str, wish: ActivityWish, *, actor: Actor) -> None:
    """Write it anew. Raises NotFound for what was not typed in, PartnersWrong, or a refusal of `activities.read`.

    Who shares it is for the responsible office to say; for others the partners stay.
    """
    activities.read(wish)
    with transaction() as tx:
        event = _typed(tx, slug, actor)
        now = clock.now()
        before = {name: getattr(event, name) for name in CHANGED}
        if access.may_decide(actor, event.office_id):
            offices = {one.slug: one for one in tx.scalars(select(Office))}
            event.partners = _partners(wish, event.office, offices)
        _write(event, wish, now)
        tx.flush()
        fields = [name for name in CHANGED if getattr(event, name) != before[name]]
        tx.add(note(event, "activity_changed", actor, now, what=fields))


def remove(slug: str, *, actor: Actor) -> None:
    """Delete it; who did it stays written down with the title. For the responsible office alone.

    Raises NotFound, or HasPeople where anybody signed up, was written to or said what she thought.
    """
    with transaction() as tx:
        event = _typed(tx, slug, actor)
        access.check(access.may_decide(actor, event.office_id))
        for table in (Registration, OutboxEmail, EvaluationAnswer):
            if tx.scalar(select(func.count()).select_from(table).where(table.event_id == event.id)):
                raise HasPeople
        gone = note(event, "activity_deleted", actor, clock.now(), title=event.title, slug=event.slug)
        gone.event_id = None
        tx.execute(update(AuditEntry).where(AuditEntry.event_id == event.id).values(event_id=None))
        event.partners = []
        tx.flush()
        tx.delete(event)
        tx.add(gone)


def copy(slugs: Sequence[str], year: int, *, actor: Actor) -> Copied:
    """Make the same lines in another year, without dates and numbers; what stands there already is left alone.

    Raises NotFound for any that was not typed in or is not the actor's, or WrongYear.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise WrongYear
    with transaction() as tx:
        events.lock_offices(tx)
        now, added = clock.now(), 0
        chosen = sorted(set(slugs))
        found = _chosen(tx, chosen, actor)
        for earlier in found:
            if not _is_there(tx, earlier, year):
                event = _new(earlier.office, now)
                for name in KEPT_IN_A_COPY:
                    setattr(event, name, getattr(earlier, name))
                event.comment = activities.comment_again(earlier.comment)
                event.report_table, event.report_year = earlier.report_table, year
                event.partners = list(earlier.partners)
                _save(tx, event, "activity_copied", actor, now)
                added += 1
        return Copied(added=added, known=len(found) - added)


def _chosen(tx: Session, slugs: Sequence[str], actor: Actor) -> list[Event]:
    if any("\x00" in one for one in slugs):
        raise NotFound
    chosen = select(Event).where(Event.slug.in_(slugs), Event.typed).order_by(Event.id)
    found = list(tx.scalars(chosen.options(selectinload(Event.office), selectinload(Event.partners))))
    if len(found) != len(slugs):
        raise NotFound
    for one in found:
        access.check(access.may_organize(actor, [one.office_id]))
    return found


def _is_there(tx: Session, earlier: Event, year: int) -> bool:
    same = [getattr(Event, name) == getattr(earlier, name) for name in ("kind", "title", "topic", "place_text")]
    same += [Event.office_id == earlier.office_id, Event.report_table == earlier.report_table, Event.typed]
    return tx.scalar(select(Event.id).where(*same, Event.report_year == year).limit(1)) is not None


def _typed(tx: Session, slug: str, actor: Actor) -> Event:
    event = turn_for(tx, slug, actor)
    if not event.typed or event.status is not EventStatus.HELD:
        raise NotFound
    return event


def _new(office: Office, now: datetime) -> Event:
    return Event(office=office, office_id=office.id, status=EventStatus.HELD, typed=True, created_at=now)


def _partners(wish: ActivityWish, owner: Office, offices: dict[str, Office]) -> list[Office]:
    if owner.slug in wish.partners:
        raise events.PartnersWrong(events.ALSO_A_PARTNER)
    if not offices.keys() >= set(wish.partners):
        raise events.PartnersWrong
    return [offices[slug] for slug in dict.fromkeys(wish.partners)]


def _write(event: Event, wish: ActivityWish, now: datetime) -> None:
    days, number = activities.read(wish)
    event.kind, event.title, event.topic = wish.kind, wish.title.strip(), wish.topic
    event.report_table, event.report_year = wish.table, wish.year
    event.place_text, event.dates_text = wish.place, wish.when
    event.reported_roles = _roles(event, wish.comment)
    event.target_group, event.comment = wish.target_group, wish.comment
    event.external_organizer = wish.external_organizer
    event.reported_number, event.reported_approximate = number.number, number.approximate
    event.reported_text, event.updated_at = wish.number, now
    _set_days(event, days, now)


def _roles(event: Event, comment: str) -> str:
    """A comment that counts roles is the role line; roles that came with a file stay beside another comment."""
    if any(part.role for part in role_line.said(comment)):
        return comment
    return "" if event.comment == event.reported_roles else event.reported_roles or ""


def _set_days(event: Event, days: Sequence[date], now: datetime) -> None:
    """Days without hours, as an import makes them; days that stay keep their sessions."""
    wanted = [imports.session(day, event.place_text, now) for day in days]
    kept = {one.starts_at: one for one in event.sessions}
    event.sessions = [kept.get(one.starts_at, one) for one in wanted]
    for one in event.sessions:
        if one.place != event.place_text:
            one.place, one.updated_at = event.place_text, now
    event.starts_at = event.sessions[0].starts_at if days else None
    event.ends_at = event.sessions[-1].ends_at if days else None


def _save(tx: Session, event: Event, verb: str, actor: Actor, now: datetime) -> None:
    event.updated_at = now
    event.slug = events.free_slug(tx, f"{event.title} {event.place_text}", str(event.report_year or ""))
    tx.add(event)
    tx.flush()
    tx.add(events.made(event, verb, now, actor=actor))
