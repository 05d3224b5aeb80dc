"""A participant's own registration, and the receipt of a fresh sign-up."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, func, select
from sqlalchemy.orm import Session, selectinload

from courseapp import when
from courseapp.db import db
from courseapp.domain.event import LIVE_STATUSES
from courseapp.domain.modes import Mode
from courseapp.domain.registration import ACTIVE, Status, Supervises
from courseapp.domain.rows import MyRegistration, OtherCourse, PersonDetails, ReceiptRow
from courseapp.links import links
from courseapp.models.event import Event, EventSession
from courseapp.models.registration import Registration, SignUpReceipt
from courseapp.queries import events, shown


def mine(key: str, now: datetime) -> MyRegistration | None:
    """What the holder of a secret link sees; None for a forged, cut or revoked one."""
    registration = _of_key(key)
    if registration is None:
        return None
    event = registration.event
    page = events.as_page(event, events.seats_of(db.session(), [event])[event.id], now)
    return MyRegistration(
        id=registration.id,
        status=registration.status,
        position=place_in_line(db.session(), registration) if registration.status is Status.WAITLISTED else None,
        person=details(registration),
        event=page.attended(registration.mode),
        may_change=registration.status in ACTIVE and event.starts_at is not None and now < event.starts_at,
        may_wait_on=_has_waited(registration) and event.fill_plan.works(now),
        offer_expires_at=registration.offer_expires_at,
        signed_up_at=registration.created_at,
        keeps=_keeps(registration, now),
        waits_for=_waits_for(registration, now),
        mode=registration.mode,
        links=_links(registration),
    )


def _links(registration: Registration) -> tuple[tuple[int, str], ...]:
    """Where to call in, session by session; only for who has a seat that is not a chair in the room."""
    if registration.status is not Status.REGISTERED or registration.mode is Mode.PHYSICAL:
        return ()
    sessions = [one for one in registration.event.sessions if one.video_url and not one.cancelled]
    return tuple((one.id, one.video_url) for one in sessions)


def named(event: Event) -> str:
    """A course as sentences name it: its title and its days."""
    days = [when.local(one.starts_at).date() for one in event.sessions if not one.cancelled]
    return ", ".join(filter(None, [event.title, when.dates(days) if days else ""]))


def stands(registration: Registration, now: datetime) -> bool:
    """Whether there is a place to lose: an active registration at a course that is still to come."""
    event = registration.event
    to_come = event.starts_at is not None and now < event.starts_at
    return registration.status in ACTIVE and event.status in LIVE_STATUSES and to_come


def kept_for(session: Session, registration: Registration, now: datetime) -> Registration | None:
    """What its holder keeps elsewhere until this one becomes a seat."""
    if registration.moves_from_id is None or not stands(registration, now):
        return None
    kept = session.get_one(Registration, registration.moves_from_id)
    return kept if stands(kept, now) else None


def _has_waited(registration: Registration) -> bool:
    """Whoever turned an offer down had stood in line, and may again; a refused application never did."""
    return registration.status is Status.DECLINED and registration.line_no is not None


def my_session(key: str, session_id: int) -> EventSession | None:
    """One session of the event a secret link belongs to."""
    registration = _of_key(key)
    if registration is None:
        return None
    return next((one for one in registration.event.sessions if one.id == session_id), None)


def receipt(token: str, slug: str, now: datetime, *, most_corrections: int) -> ReceiptRow | None:
    """The receipt a browser holds the token of, while it lives; its event's seats are left out."""
    told = {"token_hash": hashlib.sha256(token.encode()).hexdigest(), "now": now}
    found = db.session.execute(_RECEIPT, told).one_or_none()
    if found is None or found.slug != slug:
        return None
    page = shown.facts(slug, found.facts_stamp, now)
    if page is None:
        return None
    return ReceiptRow(
        status=found.status,
        position=found.position,
        email=found.email,
        event=page,
        may_correct=found.corrections < most_corrections,
    )


_KEPT = (SignUpReceipt.status, SignUpReceipt.position, SignUpReceipt.email, SignUpReceipt.corrections)
_RECEIPT = (
    select(*_KEPT, Event.slug, Event.facts_stamp)
    .join(Event, Event.id == SignUpReceipt.event_id)
    .where(SignUpReceipt.token_hash == bindparam("token_hash"), SignUpReceipt.expires_at > bindparam("now"))
)


def in_room(mode: Mode | None) -> list[ColumnElement[bool]]:
    """What narrows registrations of an event to one of its rooms: nothing where there is only one."""
    return [] if mode is None else [Registration.mode == mode]


def place_in_line(session: Session, registration: Registration) -> int:
    """Place in line of one who waits, from 1, among those who wait for the same room."""
    ahead = session.scalar(
        select(func.count())
        .select_from(Registration)
        .where(
            Registration.event_id == registration.event_id,
            Registration.status == Status.WAITLISTED,
            Registration.line_no < registration.line_no,
            *in_room(registration.mode),
        )
    )
    return (ahead or 0) + 1


def details(registration: Registration) -> PersonDetails:
    """What a registration says about its person."""
    return PersonDetails(
        first_name=registration.first_name,
        last_name=registration.last_name,
        email=registration.email,
        mobile=registration.mobile,
        primary_role=registration.primary_role,
        other_roles=tuple(one.role for one in registration.other_roles),
        workplace=registration.workplace,
        municipality=registration.municipality,
        district=registration.district,
        hpr_number=registration.hpr_number,
        supervises=tuple(Supervises(one) for one in registration.supervises),
        reason=registration.reason,
        note=registration.note,
        dietary_needs=registration.dietary.needs if registration.dietary else "",
        language=registration.language,
    )


def _keeps(registration: Registration, now: datetime) -> OtherCourse | None:
    kept = kept_for(db.session(), registration, now)
    return None if kept is None else OtherCourse(name=named(kept.event), status=kept.status)


def _waits_for(registration: Registration, now: datetime) -> tuple[OtherCourse, ...]:
    if not stands(registration, now):
        return ()
    found = db.session.scalars(
        select(Registration).where(Registration.moves_from_id == registration.id).order_by(Registration.id)
    )
    return tuple(OtherCourse(name=named(one.event), status=one.status) for one in found if stands(one, now))


def _of_key(key: str) -> Registration | None:
    known = links().read(key)
    if known is None:
        return None
    return db.session.scalar(
        select(Registration)
        .where(Registration.id == known[0], Registration.link_serial == known[1])
        .options(
            selectinload(Registration.other_roles),
            selectinload(Registration.dietary),
            selectinload(Registration.event).selectinload(Event.sessions),
        )
    )
