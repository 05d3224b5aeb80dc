"""Everything that is kept about one person: about one registration for its holder, about one address for an office."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import selectinload

from courseapp.db import db
from courseapp.domain.access import Actor, check, may_organize
from courseapp.domain.attendance import AttendanceState
from courseapp.domain.consent import DIETARY_TEXTS
from courseapp.domain.errors import NotFound
from courseapp.domain.event import LIVE_STATUSES
from courseapp.domain.registration import ACTIVE, Source, Status
from courseapp.domain.retention import people_due
from courseapp.domain.rows import PersonDetails, SessionRow
from courseapp.links import links
from courseapp.models.attendance import Attendance, HoursGrant
from courseapp.models.certificate import Certificate
from courseapp.models.event import Event
from courseapp.models.group import GroupMember, PracticeGroup
from courseapp.models.journal import OutboxEmail
from courseapp.models.office import Office
from courseapp.models.privacy import ErasureRequest
from courseapp.models.registration import ApplicationAdjustment, CalendarReply, Registration
from courseapp.queries import events, history
from courseapp.queries.history import HistoryRow
from courseapp.queries.registrations import details

MOST_ROWS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """What she consented to, when, in which words."""

    given_at: datetime
    version: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """What is written about her presence at one session."""

    session: SessionRow
    state: AttendanceState
    minutes: int | None
    marked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A letter to her. `text` is empty where others read: it holds her secret link."""

    at: datetime
    to_email: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A kursbevis in the register."""

    number: str
    name: str
    minutes: int
    issued_at: datetime
    revoked_reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Everything about one registration. `due_at`: when it will be forgotten. `readings`: when somebody opened it.

    `asked_at` and `request_id`: since when a wish to be forgotten waits for an answer, and its number. `active`: it is
    a place, or hope of one, at an event that is not over.
    """

    id: int
    slug: str
    title: str
    office: str
    sessions: tuple[SessionRow, ...]
    status: Status
    source: Source
    signed_up_at: datetime
    changed_at: datetime
    person: PersonDetails
    consent: Consent | None
    attendance: tuple[Present, ...]
    granted_minutes: int | None
    granted_note: str
    group: str
    adjustments: tuple[str, ...]
    replies: tuple[tuple[datetime, str], ...]
    certificates: tuple[Paper, ...]
    letters: tuple[Sent, ...]
    history: tuple[HistoryRow, ...]
    readings: tuple[datetime, ...]
    due_at: datetime | None
    asked_at: datetime | None
    request_id: int | None
    active: bool


def mine(key: str, now: datetime) -> Record | None:
    """What the holder of a secret link may know and take along; None for a dead link."""
    known = links().read(key)
    if known is None:
        return None
    (which, serial) = known
    found = _registrations(Registration.id == which)
    if not found or found[0].link_serial != serial:
        return None
    return _record(found[0], now, bodies=True)


def of_address(actor: Actor, email: str, now: datetime) -> tuple[Record, ...]:
    """Everything about an address at events the actor's offices answer for, newest first.

    Raises NotFound for those who organize nothing.
    """
    offices = organized(actor)
    found = _registrations(
        (Registration.email_key == email.strip().lower()) & Registration.event.has(Event.office_id.in_(offices))
    )
    return tuple(_record(one, now, bodies=False) for one in found)


def open_requests(actor: Actor) -> tuple[tuple[int, datetime, str, str], ...]:
    """(id, asked at, address, event) of wishes to be forgotten that nobody has answered, the oldest first."""
    rows = db.session.execute(
        select(ErasureRequest.id, ErasureRequest.asked_at, Registration.email, Event.title)
        .join(Registration, Registration.id == ErasureRequest.registration_id)
        .join(Event, Event.id == Registration.event_id)
        .where(ErasureRequest.settled_at.is_(None), ErasureRequest.office_id.in_(organized(actor)))
        .order_by(ErasureRequest.id)
        .limit(MOST_ROWS)
    )
    return tuple((row[0], row[1], row[2], row[3]) for row in rows)


def asker(actor: Actor, request_id: int) -> str:
    """The address behind an open wish. Raises NotFound for other offices' wishes and settled ones."""
    found = db.session.scalar(
        select(Registration.email)
        .join(ErasureRequest, ErasureRequest.registration_id == Registration.id)
        .where(
            ErasureRequest.id == request_id,
            ErasureRequest.settled_at.is_(None),
            ErasureRequest.office_id.in_(organized(actor)),
        )
    )
    if found is None:
        raise NotFound
    return found


def organized(actor: Actor) -> list[int]:
    """Ids of the offices the actor acts for. Raises NotFound where there are none."""
    mine = [one for one in db.session.scalars(select(Office.id).order_by(Office.id)) if may_organize(actor, [one])]
    check(bool(mine))
    return mine


def _registrations(which: ColumnElement[bool]) -> Sequence[Registration]:
    return db.session.scalars(
        select(Registration)
        .where(which, Registration.anonymised_at.is_(None))
        .options(
            selectinload(Registration.other_roles),
            selectinload(Registration.dietary),
            selectinload(Registration.event).selectinload(Event.sessions),
            selectinload(Registration.event).selectinload(Event.office),
        )
        .order_by(Registration.id.desc())
        .limit(MOST_ROWS)
    ).all()


def _record(one: Registration, now: datetime, *, bodies: bool) -> Record:
    event = one.event
    grant, request, sessions = db.session.get(HoursGrant, one.id), _request(one.id), events.as_sessions(event.sessions)
    return Record(
        id=one.id,
        slug=event.slug,
        title=event.title,
        office=event.office.name,
        sessions=sessions,
        status=one.status,
        source=one.source,
        signed_up_at=one.created_at,
        changed_at=one.updated_at,
        person=details(one),
        consent=_consent(one),
        attendance=_attendance(one.id, sessions),
        granted_minutes=None if grant is None else grant.minutes,
        granted_note="" if grant is None else grant.note,
        group=_group(one.id),
        adjustments=_adjustments(one.id),
        replies=_replies(one.id),
        certificates=_certificates(one.id),
        letters=_letters(one.id, bodies=bodies),
        history=history.acts(one.id),
        readings=tuple(row.at for row in history.readings(one.id)),
        due_at=None if event.ends_at is None else people_due(event.ends_at),
        asked_at=None if request is None else request.asked_at,
        request_id=None if request is None else request.id,
        active=one.status in ACTIVE and event.status in LIVE_STATUSES and (event.ends_at or now) > now,
    )


def _consent(one: Registration) -> Consent | None:
    kept = one.dietary
    if kept is None:
        return None
    text = DIETARY_TEXTS.get(kept.consent_version, "")
    return Consent(given_at=kept.consented_at, version=kept.consent_version, text=text)


def _attendance(registration_id: int, sessions: Sequence[SessionRow]) -> tuple[Present, ...]:
    known = {one.id: one for one in sessions}
    rows = db.session.scalars(select(Attendance).where(Attendance.registration_id == registration_id))
    return tuple(
        Present(session=known[one.session_id], state=one.state, minutes=one.minutes, marked_at=one.marked_at)
        for one in sorted(rows, key=lambda one: one.session_id)
        if one.session_id in known
    )


def _group(registration_id: int) -> str:
    found = db.session.scalar(
        select(PracticeGroup)
        .join(GroupMember, GroupMember.group_id == PracticeGroup.id)
        .where(GroupMember.registration_id == registration_id)
    )
    return "" if found is None else found.name or str(found.number)


def _adjustments(registration_id: int) -> tuple[str, ...]:
    """Why an office moved her application, or settled it by hand."""
    chosen = select(ApplicationAdjustment.reason).where(ApplicationAdjustment.registration_id == registration_id)
    return tuple(db.session.scalars(chosen.order_by(ApplicationAdjustment.id)))


def _replies(registration_id: int) -> tuple[tuple[datetime, str], ...]:
    chosen = select(CalendarReply.replied_at, CalendarReply.partstat)
    rows = db.session.execute(chosen.where(CalendarReply.registration_id == registration_id).order_by(CalendarReply.id))
    return tuple((row[0], row[1]) for row in rows)


def _certificates(registration_id: int) -> tuple[Paper, ...]:
    rows = db.session.scalars(
        select(Certificate).where(Certificate.registration_id == registration_id).order_by(Certificate.id)
    )
    return tuple(
        Paper(
            number=one.number,
            name=one.name,
            minutes=one.minutes,
            issued_at=one.issued_at,
            revoked_reason=one.revoked_reason,
        )
        for one in rows
    )


def _letters(registration_id: int, *, bodies: bool) -> tuple[Sent, ...]:
    rows = db.session.scalars(
        select(OutboxEmail)
        .where(OutboxEmail.registration_id == registration_id)
        .order_by(OutboxEmail.id.desc())
        .limit(MOST_ROWS)
    )
    return tuple(
        Sent(
            at=one.sent_at or one.created_at,
            to_email=one.to_email,
            subject=one.subject,
            text=one.text if bodies else "",
        )
        for one in rows
    )


def _request(registration_id: int) -> ErasureRequest | None:
    return db.session.scalar(
        select(ErasureRequest).where(
            ErasureRequest.registration_id == registration_id, ErasureRequest.settled_at.is_(None)
        )
    )
