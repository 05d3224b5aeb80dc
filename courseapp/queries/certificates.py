"""Kursbevis: who has earned one, what would stand on it, and what the register says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from courseapp import speech, when, wording
from courseapp.db import db
from courseapp.domain.access import Actor, check, may_organize, may_see_persons
from courseapp.domain.attendance import Hours
from courseapp.domain.certificate import REMARKS, Content, Issued, within
from courseapp.domain.errors import NotFound
from courseapp.domain.language import Language
from courseapp.domain.registration import Status
from courseapp.domain.rows import ApprovalRow, EventPage
from courseapp.models.certificate import Certificate
from courseapp.models.event import Event, EventSession
from courseapp.models.registration import Registration
from courseapp.queries import events, hours

_Next = aliased(Certificate)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """One with a seat: her hours, and her kursbevis where she has one that stands.

    `differs`: what it says is no longer what it would say now (a corrected name, other hours).
    """

    id: int
    name: str
    hours: Hours
    issued: Issued | None
    differs: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificatesPage:
    """The page of one event. `ready`: how many would get one now; `old`: those revoked or replaced."""

    event: EventPage
    over: bool
    people: tuple[PersonRow, ...]
    ready: int
    old: tuple[Issued, ...]
    organizes: bool


def of_event(actor: Actor, slug: str, now: datetime) -> CertificatesPage:
    """Everybody with a seat, and every kursbevis. Raises NotFound for whoever may not see the participants."""
    event = _seen(actor, slug)
    tx = db.session()
    earned_hours = _hours(tx, event)
    issued = _issued(tx, Certificate.event_id == event.id)
    standing = {registration_id: one for registration_id, one in issued if one.stands}
    people = tuple(
        PersonRow(
            id=one.id,
            name=f"{one.last_name}, {one.first_name}",
            hours=earned_hours[one.id],
            issued=standing.get(one.id),
            differs=one.id in standing and standing[one.id].content != _content(event, one, earned_hours[one.id]),
        )
        for one in _seated(tx, event)
    )
    return CertificatesPage(
        event=events.as_page(event, events.seats_of(tx, [event])[event.id], now),
        over=event.ends_at is not None and event.ends_at <= now,
        people=people,
        ready=sum(one.issued is None and one.hours.given > 0 for one in people),
        old=tuple(one for _registration, one in issued if not one.stands),
        organizes=may_organize(actor, _offices(event)),
    )


def one(actor: Actor, slug: str, certificate_id: int) -> Issued:
    """One of an event's. Raises NotFound as `of_event` does, and for those of other events."""
    event = _seen(actor, slug)
    found = _issued(db.session(), (Certificate.id == certificate_id) & (Certificate.event_id == event.id))
    if not found:
        raise NotFound
    return found[0][1]


def to_change(actor: Actor, slug: str, certificate_id: int) -> Issued:
    """The same, for those who may replace or revoke it. Raises NotFound for everybody else."""
    check(may_organize(actor, _offices(_seen(actor, slug))))
    return one(actor, slug, certificate_id)


def mine(registration_id: int) -> Issued | None:
    """The one that stands for a registration."""
    found = _issued(db.session(), (Certificate.registration_id == registration_id) & Certificate.stands)
    return found[0][1] if found else None


def by_number(number: str) -> Issued | None:
    """What the register says about a number; who asks must show the control code before anything is told."""
    found = _issued(db.session(), Certificate.number == number)
    return found[0][1] if found else None


def ready(tx: Session, event: Event) -> list[tuple[Registration, Content]]:
    """Those who have earned one and have none, in order of names, and what it would say."""
    chosen = select(Certificate.registration_id).where(Certificate.event_id == event.id, Certificate.stands)
    have, known = set(tx.scalars(chosen)), _hours(tx, event)
    lacking = [one for one in _seated(tx, event) if one.id not in have and known[one.id].given]
    return [(one, _content(event, one, known[one.id])) for one in lacking]


def lacking(events: Sequence[Event]) -> dict[int, int]:
    """How many of each event's people have earned one and have none, by the event's id, in one question."""
    found: Counter[int] = Counter()
    for event_id, minutes, count in hours.alike(events, without_certificate=True):
        found[event_id] += count if minutes else 0
    return dict(found)


def earned(tx: Session, event: Event, registration: Registration) -> Content | None:
    """What a person's kursbevis would say now; None where she has no hours, or no seat."""
    known = _hours(tx, event).get(registration.id)
    return _content(event, registration, known) if known is not None and known.given else None


def kept(content: Content) -> dict[str, Any]:
    """As JSON for the register."""
    return {
        "name": content.name,
        "hpr_number": content.hpr_number,
        "remark": content.remark,
        "title": content.title,
        "place": content.place,
        "days": [day.isoformat() for day in content.days],
        "minutes": content.minutes,
        "approvals": [[one.text, one.minutes] for one in content.approvals],
        "leaders": list(content.leaders),
        "office": content.office,
        "language": content.language,
    }


def _read(content: dict[str, Any]) -> Content:
    """Out of the register again."""
    return Content(
        **{
            **content,
            "days": tuple(date.fromisoformat(day) for day in content["days"]),
            "approvals": tuple(ApprovalRow(text=text, minutes=minutes) for text, minutes in content["approvals"]),
            "leaders": tuple(content["leaders"]),
            "language": Language(content.get("language", Language.BOKMAL)),
        }
    )


def _content(event: Event, registration: Registration, known: Hours) -> Content:
    """In the language she is written to; what stands in the register is never said anew."""
    with speech.speaking(registration.language):
        return _told(event, registration, known)


def _told(event: Event, registration: Registration, known: Hours) -> Content:
    going = _going(event)
    places = dict.fromkeys(one.place or speech.said("Digitalt") for one in going)
    return Content(
        name=registration.full_name,
        hpr_number=registration.hpr_number,
        remark=REMARKS.get(registration.primary_role, ""),
        title=event.title,
        place=wording.listed(list(places)),
        days=tuple(dict.fromkeys(when.local(one.starts_at).date() for one in going)),
        minutes=known.given,
        approvals=within([ApprovalRow(text=one.text, minutes=one.minutes) for one in event.approvals], known.given),
        leaders=tuple(one.leader.name for one in event.leaders),
        office=event.office.name,
        language=registration.language,
    )


def _hours(tx: Session, event: Event) -> dict[int, Hours]:
    """The hours of everybody with a seat."""
    return {one.id: one.hours for one in hours.rows_of(tx, event)}


def _seated(tx: Session, event: Event) -> list[Registration]:
    return list(
        tx.scalars(
            select(Registration)
            .where(Registration.event_id == event.id, Registration.status == Status.REGISTERED)
            .order_by(Registration.sort_key, Registration.id)
        )
    )


def _going(event: Event) -> list[EventSession]:
    return [one for one in event.sessions if not one.cancelled]


def _issued(tx: Session, which: Any) -> list[tuple[int | None, Issued]]:
    """Registration and kursbevis, newest first."""
    rows = tx.execute(
        select(Certificate, _Next.number)
        .outerjoin(_Next, _Next.id == Certificate.replaced_by_id)
        .where(which)
        .order_by(Certificate.id.desc())
    )
    return [
        (
            found.registration_id,
            Issued(
                id=found.id,
                number=found.number,
                code=found.code,
                content=_read(found.content),
                issued_at=found.issued_at,
                revoked_at=found.revoked_at,
                revoked_reason=found.revoked_reason,
                replaced_by=number,
            ),
        )
        for found, number in rows
    ]


def _seen(actor: Actor, slug: str) -> Event:
    event = events.whole(slug)
    if event is None:
        raise NotFound
    check(may_see_persons(actor, _offices(event)))
    return event


def _offices(event: Event) -> list[int]:
    return [event.office_id, *(office.id for office in event.partners)]
