"""What an organizer does with an event: so far, make one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from courseapp import clock, wording
from courseapp.db import transaction
from courseapp.domain import access, planning
from courseapp.domain.access import Actor
from courseapp.domain.errors import DomainError, NotFound
from courseapp.domain.event import EventKind, EventStatus, ReportTable
from courseapp.domain.marking import N_
from courseapp.domain.planning import NewEvent, NewSession
from courseapp.domain.slugs import dated, numbered
from courseapp.models.event import Approval, Event, EventLeader, EventSession
from courseapp.models.journal import AuditEntry
from courseapp.models.office import Office
from courseapp.models.person import CourseLeader, LeaderPair

COPIED = (
    *("kind", "status", "description", "target_group", "capacity", "seat_rule", "fill_mode", "opens_at", "closes_at"),
    *("contact_name", "contact_email", "contact_phone", "external_organizer"),
    *("place_text", "dates_text", "topic", "comment"),
    *("reported_number", "reported_approximate", "reported_text", "reported_roles"),
)
"""What a wish says and an event keeps under the same name."""

ALSO_A_PARTNER = N_("Kontoret som er ansvarlig, kan ikke stå som medarrangør i tillegg.")


class LeaderUnknown(DomainError):
    """The leader or pair is in no register of the offices that arrange the event."""

    message = N_("Kursholderen står ikke i registeret til kontorene som arrangerer kurset.")


class LeaderBusy(DomainError):
    """Nobody is in two places at once; the sentence says who and where."""


class PartnersWrong(DomainError):
    """A partner that is no office, or is the responsible one."""

    message = N_("Medarrangøren er ikke et av kontorene.")


def create(wish: NewEvent, *, actor: Actor | None) -> str:
    """Make an event and return its slug. `actor` None is the system itself (commands, demo data).

    Raises NotFound where the actor may not organize, or a refusal of `planning.check`, LeaderUnknown, LeaderBusy or
    PartnersWrong. Nobody is written to.
    """
    with transaction() as tx:
        offices = lock_offices(tx)
        office = offices.get(wish.office)
        if office is None:
            raise NotFound
        if actor is not None:
            access.check(access.may_organize(actor, [office.id]))
        now = clock.now()
        planning.check(wish, now)
        event = _event(wish, office, now)
        event.slug = free_slug(tx, _name(wish), _when(wish))
        event.partners = _partners(wish, offices)
        event.leaders = _leaders(tx, wish, [office.id, *(partner.id for partner in event.partners)])
        tx.add(event)
        tx.flush()
        tx.add(made(event, "created", now, actor=actor))
        return event.slug


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


def _event(wish: NewEvent, office: Office, now: datetime) -> Event:
    sessions = sorted(wish.sessions, key=lambda session: session.starts_at)
    event = Event(office=office, office_id=office.id, title=wish.title.strip(), created_at=now, updated_at=now)
    for name in COPIED:
        setattr(event, name, getattr(wish, name))
    event.report_table = wish.report_table or planning.REPORT_TABLES.get(wish.kind, ReportTable.REGIONAL)
    event.report_year = wish.report_year
    if sessions:
        event.starts_at, event.ends_at = sessions[0].starts_at, sessions[-1].ends_at
        event.report_year = wish.report_year or wording.local(sessions[0].starts_at).year
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
    start = wording.local(min(session.starts_at for session in wish.sessions))
    return f"{wording.MONTHS[start.month - 1]} {start.year}"


def _partners(wish: NewEvent, offices: dict[str, Office]) -> list[Office]:
    if wish.office in wish.partners:
        raise PartnersWrong(ALSO_A_PARTNER)
    if not offices.keys() >= set(wish.partners):
        raise PartnersWrong
    return [offices[slug] for slug in dict.fromkeys(wish.partners)]


def _leaders(tx: Session, wish: NewEvent, office_ids: Sequence[int]) -> list[EventLeader]:
    """The pair's leaders first, then the others; all from the registers of the offices that arrange the event."""
    pair = _pair(tx, wish.pair_id, office_ids)
    pair_ids = (pair.first_id, pair.second_id) if pair else ()
    ids = list(dict.fromkeys([*pair_ids, *wish.leader_ids]))
    known = tx.scalars(
        select(CourseLeader).where(CourseLeader.id.in_(ids), CourseLeader.office_id.in_(office_ids))
    ).all()
    if len(known) != len(ids):
        raise LeaderUnknown
    _check_free(tx, ids, wish.sessions)
    return [
        EventLeader(leader_id=leader_id, pair_id=wish.pair_id if leader_id in pair_ids else None, position=position)
        for position, leader_id in enumerate(ids, start=1)
    ]


def _pair(tx: Session, pair_id: int | None, office_ids: Sequence[int]) -> LeaderPair | None:
    if pair_id is None:
        return None
    pair = tx.scalar(select(LeaderPair).where(LeaderPair.id == pair_id, LeaderPair.office_id.in_(office_ids)))
    if pair is None:
        raise LeaderUnknown
    return pair


def _check_free(tx: Session, leader_ids: Sequence[int], sessions: Sequence[NewSession]) -> None:
    for session in sessions:
        busy = tx.execute(
            select(CourseLeader.name, Event.title, EventSession.starts_at)
            .join(EventLeader, EventLeader.leader_id == CourseLeader.id)
            .join(Event, Event.id == EventLeader.event_id)
            .join(EventSession, EventSession.event_id == Event.id)
            .where(
                EventLeader.leader_id.in_(leader_ids),
                Event.status != EventStatus.CANCELLED,
                ~EventSession.cancelled,
                EventSession.starts_at < session.ends_at,
                EventSession.ends_at > session.starts_at,
            )
            .limit(1)
        ).first()
        if busy is not None:
            raise LeaderBusy(f"{busy[0]} er opptatt {wording.short_day(busy[2])}: «{busy[1]}».")
