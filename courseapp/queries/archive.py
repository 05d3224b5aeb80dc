"""An event as its municipality's archive wants it: programme, final list of participants, kursbevis."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import InstrumentedAttribute

from courseapp import speech
from courseapp.db import db
from courseapp.domain.access import Actor, check, may_organize
from courseapp.domain.errors import NotFound
from courseapp.domain.event import WITH_SIGN_UP
from courseapp.domain.registration import Status
from courseapp.domain.rows import ArchivedCertificate, ArchivedPerson, EventPage
from courseapp.models.certificate import Certificate
from courseapp.models.registration import Registration
from courseapp.queries import events, hours


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """Everything of one event. `forgotten_at`: since when its people are anonymous."""

    event: EventPage
    people: tuple[ArchivedPerson, ...]
    others: tuple[tuple[Status, int], ...]
    certificates: tuple[ArchivedCertificate, ...]
    forgotten_at: datetime | None


def of_event(actor: Actor, slug: str, now: datetime) -> Archive:
    """For organizers of the event. Raises NotFound for everybody else, and for what nobody signs up for."""
    event = events.whole(slug)
    if event is None or event.kind not in WITH_SIGN_UP:
        raise NotFound
    check(may_organize(actor, [event.office_id, *(office.id for office in event.partners)]))
    given = {one.id: one.hours.given for one in hours.rows_of(db.session(), event)}
    everybody = db.session.execute(
        select(*_COLUMNS).where(Registration.event_id == event.id).order_by(Registration.sort_key, Registration.id)
    ).all()
    others = [one.status for one in everybody if one.status is not Status.REGISTERED]
    return Archive(
        event=events.as_page(event, events.seats_of(db.session(), [event])[event.id], now),
        people=tuple(_person(one, given.get(one.id, 0)) for one in everybody if one.status is Status.REGISTERED),
        others=tuple((status, others.count(status)) for status in Status if status in others),
        certificates=_certificates(event.id),
        forgotten_at=event.people_forgotten_at,
    )


_COLUMNS: tuple[InstrumentedAttribute[Any], ...] = (
    Registration.id,
    Registration.status,
    Registration.last_name,
    Registration.first_name,
    Registration.primary_role,
    Registration.workplace,
    Registration.municipality,
    Registration.hpr_number,
)


def _person(one: Row[Any], minutes: int) -> ArchivedPerson:
    return ArchivedPerson(
        name=f"{one.last_name}, {one.first_name}",
        role=one.primary_role,
        workplace=one.workplace,
        municipality=one.municipality,
        hpr_number=one.hpr_number,
        minutes=minutes,
    )


def _certificates(event_id: int) -> tuple[ArchivedCertificate, ...]:
    rows = db.session.scalars(select(Certificate).where(Certificate.event_id == event_id).order_by(Certificate.id))
    return tuple(
        ArchivedCertificate(
            number=one.number,
            name=one.name,
            hpr_number=one.hpr_number,
            minutes=one.minutes,
            issued_at=one.issued_at,
            said=_said(one),
        )
        for one in rows
    )


def _said(one: Certificate) -> str:
    if one.revoked_at is not None:
        return speech.said("Trukket tilbake: %(reason)s", reason=one.revoked_reason)
    return "" if one.stands else speech.said("Erstattet")
