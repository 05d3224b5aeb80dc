"""What an organizer does with an event: so far, make one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from courseapp import clock, when
from courseapp.db import transaction
from courseapp.domain import access, planning
from courseapp.domain.access import Actor
from courseapp.domain.errors import DomainError, NotFound
from courseapp.domain.event import WITH_SIGN_UP, EventKind, ReportTable
from courseapp.domain.marking import N_
from courseapp.domain.planning import NewEvent, NewSession
from courseapp.domain.slugs import dated, numbered
from courseapp.models.event import Approval, Event, EventSession
from courseapp.models.journal import AuditEntry
from courseapp.models.office import Office
from courseapp.services import briefings, leading

COPIED = (
    *("kind", "status", "description", "target_group", "capacity", "hybrid", "digital_capacity"),
    *("seat_rule", "fill_mode", "opens_at", "closes_at"),
    *("contact_name", "contact_email", "contact_phone", "external_organizer"),
    *("place_text", "dates_text", "topic", "comment"),
    *("reported_number", "reported_approximate", "reported_text", "reported_roles"),
)
"""What a wish says and an event keeps under the same name."""

SEAT_RULES = ("fill_mode", "offer_hours", "fill_stops_days", "role_shares", "criteria", "role_order", "refuses_rest")
"""How seats are given, besides their number and first come or application; a copy of an event keeps it."""

ALSO_A_PARTNER = N_("Kontoret som er ansvarlig, kan ikke stå som medarrangør i tillegg.")


class PartnersWrong(DomainError):
    """A partner that is no office, or is the responsible one."""

    message = N_("Medarrangøren er ikke et av kontorene.")


def create(wish: NewEvent, *, actor: Actor | None) -> str:
    """Make an event and return its slug. `actor` None is the system itself (commands, demo data).

    Raises NotFound where the actor may not organize, or a refusal of `planning.check`, `leading.chosen`, or
    PartnersWrong. Only the leaders of a published event are written to.
    """
    with transaction() as tx:
        return make(tx, wish, lock_offices(tx), actor=actor).slug


def make(tx: Session, wish: NewEvent, offices: dict[str, Office], *, actor: Actor | None) -> Event:
    """The same inside a transaction that has locked the offices; for other services."""
    office = _responsible(wish, offices, actor)
    now = clock.now()
    planning.check(wish, now)
    event = _event(wish, office, now)
    _take_seat_rules(tx, event, wish.like, actor)
    event.slug = free_slug(tx, _name(wish), _when(wish))
    event.partners = _partners(wish, offices)
    event.leaders = leading.chosen(
        tx,
        pair_id=wish.pair_id,
        leader_ids=wish.leader_ids,
        office_ids=[office.id, *(partner.id for partner in event.partners)],
        spans=[(session.starts_at, session.ends_at) for session in wish.sessions],
    )
    tx.add(event)
    tx.flush()
    tx.add(made(event, "created", now, actor=actor))
    briefings.welcome(tx, event, now)
    return event


def _responsible(wish: NewEvent, offices: dict[str, Office], actor: Actor | None) -> Office:
    office = offices.get(wish.office)
    if office is None:
        raise NotFound
    if actor is not None:
        access.check(access.may_organize(actor, [office.id]))
    return office


def lock_offices(tx: Session) -> dict[str, Office]:
    """Every office by its slug, and the turn to name events: two that are made at once never get the same slug.

    Sign-ups are not held up: their foreign keys need only the key to stay (PostgreSQL's FOR NO KEY UPDATE).
    """
    found = tx.scalars(select(Office).order_by(Office.id).with_for_update(key_share=True))
    return {office.slug: office for office in found}


def free_slug(tx: Session, name: str, ending: str) -> str:
    """A readable slug that no event has. Call it with the offices locked."""
    slug = dated(name, ending)
    stem = slug[:50].rstrip("-")  # a number may shorten the slug
    taken = set(tx.scalars(select(Event.slug).where(or_(Event.slug == slug, Event.slug.startswith(stem)))))
    return numbered(slug, taken)


def made(event: Event, verb: str, now: datetime, *, actor: Actor | None) -> AuditEntry:
    """The first line of an event's history."""
    return AuditEntry(
        at=now,
        actor="system" if actor is None else "user",
        user_id=None if actor is None else actor.user_id,
        office_id=event.office_id,
        event_id=event.id,
        verb=verb,
        details={"kind": event.kind, "status": event.status},
    )


def _take_seat_rules(tx: Session, event: Event, slug: str, actor: Actor | None) -> None:
    """How seats are given comes along from an earlier event the actor may organize; from no other."""
    earlier = tx.scalar(select(Event).where(Event.slug == slug)) if slug and "\x00" not in slug else None
    if earlier is None or actor is None:
        return
    if access.may_organize(actor, [earlier.office_id, *(office.id for office in earlier.partners)]):
        for name in SEAT_RULES:
            setattr(event, name, getattr(earlier, name))


def _event(wish: NewEvent, office: Office, now: datetime) -> Event:
    sessions = sorted(wish.sessions, key=lambda session: session.starts_at)
    event = Event(office=office, office_id=office.id, title=wish.title.strip(), created_at=now, updated_at=now)
    for name in COPIED:
        setattr(event, name, getattr(wish, name))
    event.report_table = wish.report_table or planning.REPORT_TABLES.get(wish.kind, ReportTable.REGIONAL)
    event.report_year = wish.report_year
    event.typed = wish.kind not in WITH_SIGN_UP
    if sessions:
        event.starts_at, event.ends_at = sessions[0].starts_at, sessions[-1].ends_at
        event.report_year = wish.report_year or when.local(sessions[0].starts_at).year
    event.sessions = [_session(one, now) for one in sessions]
    event.approvals = [
        Approval(position=position, text=one.text.strip(), minutes=one.minutes)
        for position, one in enumerate(wish.approvals, start=1)
    ]
    return event


def _session(wish: NewSession, now: datetime) -> EventSession:
    return EventSession(
        starts_at=wish.starts_at,
        ends_at=wish.ends_at,
        place=wish.place,
        address=wish.address,
        video_url=wish.video_url,
        minutes=wish.minutes,
        updated_at=now,
    )


def _name(wish: NewEvent) -> str:
    """All courses have the same long title, so their town tells them apart."""
    if wish.kind is not EventKind.VEILEDERKURS:
        return wish.title
    return f"veilederkurs {next((session.place for session in wish.sessions), '')}"


def _when(wish: NewEvent) -> str:
    """«mars 2027», or the year alone, or nothing."""
    if not wish.sessions:
        return str(wish.report_year or "")
    start = when.local(min(session.starts_at for session in wish.sessions))
    return f"{when.MONTHS[start.month - 1]} {start.year}"


def _partners(wish: NewEvent, offices: dict[str, Office]) -> list[Office]:
    if wish.office in wish.partners:
        raise PartnersWrong(ALSO_A_PARTNER)
    if not offices.keys() >= set(wish.partners):
        raise PartnersWrong
    return [offices[slug] for slug in dict.fromkeys(wish.partners)]
