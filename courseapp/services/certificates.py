"""Kursbevis: issue to all who earned one, replace after a correction, revoke with a reason. Numbers have no gaps."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from courseapp import clock, when
from courseapp.db import insert_or_update, transaction
from courseapp.domain.access import Actor
from courseapp.domain.certificate import (
    CODE_LENGTH,
    CODE_LETTERS,
    Content,
    NotEarned,
    NothingNew,
    NothingToIssue,
    NotOver,
    NotStanding,
    number_of,
)
from courseapp.domain.errors import NotFound
from courseapp.models.certificate import Certificate, CertificateSeries
from courseapp.models.event import Event
from courseapp.models.registration import Registration
from courseapp.queries import certificates as register
from courseapp.services import correspondence, seats
from courseapp.services.changes import demanded, note, turn_for


def issue(slug: str, *, actor: Actor) -> int:
    """Issue to everybody who has earned one and has none, in order of names; each is told by mail.

    Returns how many. Raises NotFound, NotOver, or NothingToIssue.
    """
    with transaction() as tx:
        event = turn_for(tx, slug, actor)
        now = clock.now()
        _check_over(event, now)
        ready = register.ready(tx, event)
        if not ready:
            raise NothingToIssue
        page = seats.page(tx, event, now)
        numbers = _numbers(tx, event, now, len(ready))
        for (registration, content), serial in zip(ready, numbers, strict=True):
            made = _new(event, registration, content, serial, now, actor)
            tx.add(made)
            tx.flush()
            tx.add(seats.entry(registration, event, "certificate_issued", now, number=made.number))
            correspondence.certificate(tx, registration, event, page, now)
        tx.add(note(event, "certificates_issued", actor, now, people=len(ready)))
        return len(ready)


def reissue(slug: str, certificate_id: int, reason: str, *, actor: Actor) -> str:
    """Replace one after a correction: the new one gets the next number, the old one points to it. Returns the number.

    Raises NotFound, ReasonMissing, NotStanding, NotEarned where the hours are gone, or NothingNew.
    """
    reason = demanded(reason)
    with transaction() as tx:
        event, old = _turn(tx, slug, certificate_id, actor)
        now = clock.now()
        registration = tx.get(Registration, old.registration_id) if old.registration_id else None
        if registration is None:
            raise NotStanding
        content = register.earned(tx, event, registration)
        if content is None:
            raise NotEarned
        if register.kept(content) == old.content:
            raise NothingNew
        old.stands = False
        tx.flush()
        made = _new(event, registration, content, _numbers(tx, event, now, 1)[0], now, actor)
        tx.add(made)
        tx.flush()
        old.replaced_by_id = made.id
        written = {"number": made.number, "old": old.number, "reason": reason}
        tx.add(seats.entry(registration, event, "certificate_replaced", now, **written))
        tx.add(note(event, "certificate_replaced", actor, now, **written))
        correspondence.certificate(tx, registration, event, seats.page(tx, event, now), now)
        return made.number


def revoke(slug: str, certificate_id: int, reason: str, *, actor: Actor) -> None:
    """Take one back. Whoever checks its number reads that it is revoked, and not why.

    Raises NotFound, ReasonMissing, or NotStanding.
    """
    reason = demanded(reason)
    with transaction() as tx:
        event, old = _turn(tx, slug, certificate_id, actor)
        now = clock.now()
        old.stands, old.revoked_at, old.revoked_reason = False, now, reason
        tx.add(note(event, "certificate_revoked", actor, now, number=old.number, reason=reason))


def _turn(tx: Session, slug: str, certificate_id: int, actor: Actor) -> tuple[Event, Certificate]:
    event = turn_for(tx, slug, actor)
    found = tx.scalar(select(Certificate).where(Certificate.id == certificate_id, Certificate.event_id == event.id))
    if found is None:
        raise NotFound
    if not found.stands:
        raise NotStanding
    return event, found


def _check_over(event: Event, now: datetime) -> None:
    if event.ends_at is None or event.ends_at > now:
        raise NotOver


def _numbers(tx: Session, event: Event, now: datetime, count: int) -> Sequence[int]:
    """The next numbers of the office and year. Their row stays locked until they are committed, or rolled back."""
    year = when.local(now).year
    last = tx.scalars(
        insert_or_update(tx, CertificateSeries)
        .values(office_id=event.office_id, year=year, last_no=count)
        .on_conflict_do_update(
            index_elements=["office_id", "year"], set_={"last_no": CertificateSeries.last_no + count}
        )
        .returning(CertificateSeries.last_no)
    ).one()
    return range(last - count + 1, last + 1)


def _new(
    event: Event, registration: Registration, content: Content, serial: int, now: datetime, actor: Actor
) -> Certificate:
    year = when.local(now).year
    return Certificate(
        office_id=event.office_id,
        year=year,
        serial=serial,
        number=number_of(event.office.slug, year, serial),
        code="".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH)),
        event_id=event.id,
        registration_id=registration.id,
        name=content.name,
        hpr_number=content.hpr_number,
        minutes=content.minutes,
        content=register.kept(content),
        issued_at=now,
        issued_by=actor.user_id,
    )
