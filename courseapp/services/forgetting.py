"""Takes what leads to a person out of everything a registration left behind. For services only: all of it takes `tx`.

What stays answers the yearly report: status, roles, attendance, hours, and which municipalities people came from. A
municipality with a role could point at one doctor, so within an event municipalities change hands at random, and where
there are too few to mix they are taken away.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String, cast, delete, func, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from courseapp.db import Base
from courseapp.domain.attendance import AttendanceState
from courseapp.domain.language import Language
from courseapp.models.attendance import Attendance, HoursGrant
from courseapp.models.certificate import Certificate
from courseapp.models.event import Event
from courseapp.models.journal import AuditEntry, MailState, OutboxEmail
from courseapp.models.registration import (
    ApplicationAdjustment,
    CalendarEntry,
    CalendarReply,
    DietaryNeed,
    FeedToken,
    Registration,
    Reminder,
    SignUpReceipt,
)

FIRST_NAME, LAST_NAME = "Slettet", "deltaker"
NO_REASON = "Slettet"
UNSENT = (MailState.QUEUED, MailState.SENDING)
EMPTY_LETTER = {"to_name": "", "to_email": "", "subject": "", "text": "", "html": "", "ics": None, "error": ""}
PREFIX = "slettet-"
FEWEST_TO_MIX = 3
_AT_ONCE = 500
_shuffle = secrets.SystemRandom().shuffle


def people(tx: Session, which: ColumnElement[bool], now: datetime, *, alone: bool = False) -> int:
    """Make the chosen registrations anonymous that are not yet; returns how many they were.

    `alone`: they are one person's, so there is nobody to change municipalities with, and hers is taken away.
    """
    chosen = select(Registration.id, Registration.email_key).where(which, Registration.anonymised_at.is_(None))
    found = tx.execute(chosen).all()
    for first in range(0, len(found), _AT_ONCE):  # databases bound how many values a statement may have
        some = found[first : first + _AT_ONCE]
        ids = [row.id for row in some]
        _name(tx, ids)
        _mix(tx, ids, alone=alone)
        _rest(tx, ids)
        _registrations(tx, ids, now)
        _feeds(tx, sorted({row.email_key for row in some}))
    return len(found)


def _name(tx: Session, ids: Sequence[int]) -> None:
    """Whoever was at several meetings of a series stays one person when they are forgotten one after the other."""
    chosen = select(Registration.email_key, Event.series_id).join(Event, Event.id == Registration.event_id)
    nameless = Registration.id.in_(ids), Event.series_id.is_not(None), Registration.alias == ""
    for key, series_id in tx.execute(chosen.where(*nameless).distinct()).all():
        meetings = select(Event.id).where(Event.series_id == series_id)
        hers = Registration.event_id.in_(meetings), Registration.email_key == key
        tx.execute(update(Registration).where(*hers).values(alias=PREFIX + secrets.token_hex(8)))


def _registrations(tx: Session, ids: Sequence[int], now: datetime) -> None:
    """The row itself; raising the serial ends its secret link."""
    tx.execute(
        update(Registration)
        .where(Registration.id.in_(ids))
        .values(
            **dict.fromkeys(("sort_key", "email", "mobile", "workplace", "hpr_number", "note", "confirmation_id"), ""),
            first_name=FIRST_NAME,
            last_name=LAST_NAME,
            email_key=func.coalesce(func.nullif(Registration.alias, ""), PREFIX + cast(Registration.id, String)),
            alias="",
            supervises=[],
            language=Language.BOKMAL,
            reason=None,
            moves_from_id=None,
            link_serial=Registration.link_serial + 1,
            anonymised_at=now,
            updated_at=now,
        )
    )


def _rest(tx: Session, ids: Sequence[int]) -> None:
    """Everything that hangs on it: what was eaten, written, told to calendars, noted and granted."""
    for table in (DietaryNeed, CalendarEntry, CalendarReply, Reminder):
        tx.execute(delete(table).where(_of(table, ids)))
    tx.execute(delete(SignUpReceipt).where(SignUpReceipt.registration_id.in_(ids)))
    unsent = OutboxEmail.registration_id.in_(ids), OutboxEmail.state.in_(UNSENT)
    tx.execute(update(OutboxEmail).where(*unsent).values(state=MailState.SUPERSEDED))
    tx.execute(update(OutboxEmail).where(OutboxEmail.registration_id.in_(ids)).values(**EMPTY_LETTER))
    tx.execute(update(AuditEntry).where(AuditEntry.registration_id.in_(ids)).values(details={}))
    tx.execute(
        update(ApplicationAdjustment).where(ApplicationAdjustment.registration_id.in_(ids)).values(reason=NO_REASON)
    )
    tx.execute(update(HoursGrant).where(HoursGrant.registration_id.in_(ids)).values(note=NO_REASON))
    # The register of kursbevis has names and a longer life: it may no longer point here.
    tx.execute(update(Certificate).where(Certificate.registration_id.in_(ids)).values(registration_id=None))


def _feeds(tx: Session, keys: Sequence[str]) -> None:
    """A private calendar goes with the last registration of its address."""
    left = select(Registration.email_key).where(Registration.email_key.in_(keys))
    tx.execute(delete(FeedToken).where(FeedToken.email_key.in_(keys), FeedToken.email_key.not_in(left)))


def _mix(tx: Session, ids: Sequence[int], *, alone: bool) -> None:
    """Let municipalities change hands among people of one event, one status, and there or not: every count stays."""
    there = select(Attendance.registration_id).where(Attendance.state != AttendanceState.ABSENT)
    columns = (Registration.id, Registration.event_id, Registration.status, Registration.municipality)
    rows = tx.execute(
        select(*columns, Registration.district, Registration.id.in_(there).label("there")).where(
            Registration.id.in_(ids)
        )
    ).all()
    alike: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
    for row in rows:
        alike[row.event_id, row.status, row.there].append(row)
    changed = []
    for group in alike.values():
        few = alone or len(group) < FEWEST_TO_MIX
        places = [("", "") if few else (row.municipality, row.district) for row in group]
        _shuffle(places)
        changed += [
            {"id": row.id, "municipality": place[0], "district": place[1]}
            for row, place in zip(group, places, strict=True)
        ]
    tx.execute(update(Registration), changed)


def _of(table: type[Base], ids: Sequence[int]) -> ColumnElement[bool]:
    column: InstrumentedAttribute[int] = table.registration_id  # type: ignore[attr-defined]
    return column.in_(ids)
