"""What an office writes over in its yearly report, and what it calls the columns."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from courseapp import clock
from courseapp.db import transaction
from courseapp.domain import access, report, report_heads
from courseapp.domain.access import Actor
from courseapp.domain.errors import DomainError, NotFound
from courseapp.domain.event import ReportTable
from courseapp.domain.marking import N_
from courseapp.domain.report_heads import COLUMNS, KEPT_COLUMNS, CannotBeLeftOut, ReportColumn
from courseapp.models.event import Event
from courseapp.models.journal import AuditEntry
from courseapp.models.office import Office
from courseapp.models.report import ReportHeads, ReportOverride
from courseapp.services.changes import demanded

LONGEST_VALUE = 2_000
LONGEST_HEAD = 60


class ValueTooLong(DomainError):
    """Longer than a cell of a report."""

    message = N_("En celle kan ha høyst 2 000 tegn, og en overskrift høyst 60.")


def write(
    office: str, event_id: int, values: Mapping[ReportColumn, str], reason: str, *, actor: Actor
) -> list[ReportColumn]:
    """Write over these cells of an office's report; returns those that changed.

    Raises NotFound, ReasonMissing, ValueTooLong, or NotANumber for a number that is none.
    """
    reason = demanded(reason)
    if any(len(value) > LONGEST_VALUE for value in values.values()):
        raise ValueTooLong
    report.participants(values.get(ReportColumn.NUMBER, ""))
    with transaction() as tx:
        owner, event = _row(tx, office, event_id, actor)
        if not set(values) <= set(COLUMNS[event.report_table]):
            raise NotFound
        now = clock.now()
        there = _there(tx, owner, event)
        changed = [column for column, value in values.items() if column not in there or there[column].value != value]
        for column in changed:
            one = there.get(column) or ReportOverride(office_id=owner.id, event_id=event.id, field=column)
            one.value, one.reason, one.user_id, one.at = values[column], reason, actor.user_id, now
            tx.add(one)
        if changed:
            tx.add(_note(owner, event, "report_overridden", actor, now, what=changed))
        return changed


def take_back(office: str, event_id: int, *, actor: Actor) -> None:
    """The row says what was counted again. Raises NotFound."""
    with transaction() as tx:
        owner, event = _row(tx, office, event_id, actor)
        there = _there(tx, owner, event)
        for one in there.values():
            tx.delete(one)
        if there:
            tx.add(
                _note(
                    owner,
                    event,
                    "report_override_undone",
                    actor,
                    clock.now(),
                    what=[one for one in ReportColumn if one in there],
                )
            )


def set_heads(office: str, heads: Mapping[ReportTable, Mapping[ReportColumn, str]], *, actor: Actor) -> None:
    """What an office calls its columns; an empty one is left out. Raises NotFound, ValueTooLong or CannotBeLeftOut."""
    told = [(column, head) for columns in heads.values() for column, head in columns.items()]
    if any(not head.strip() for column, head in told if column in KEPT_COLUMNS):
        raise CannotBeLeftOut
    if any(len(head) > LONGEST_HEAD for _column, head in told):
        raise ValueTooLong
    with transaction() as tx:
        owner = _office(tx, office, actor)
        usual = report_heads.heads_of(owner.slug, {})
        kept = tx.get(ReportHeads, owner.id) or ReportHeads(office_id=owner.id)
        kept.heads = {
            str(table): {str(column): head.strip() for column, head in columns.items() if head != usual[table][column]}
            for table, columns in heads.items()
        }
        kept.user_id, kept.at = actor.user_id, clock.now()
        tx.add(kept)
        tx.add(_note(owner, None, "report_heads_changed", actor, clock.now()))


def _office(tx: Session, slug: str, actor: Actor) -> Office:
    if "\x00" in slug:
        raise NotFound
    owner = tx.scalar(select(Office).where(Office.slug == slug).with_for_update(key_share=True))
    if owner is None:
        raise NotFound
    access.check(access.may_organize(actor, [owner.id]))
    return owner


def _row(tx: Session, office: str, event_id: int, actor: Actor) -> tuple[Office, Event]:
    """The office's turn, so that two who write over the same cell come one after the other."""
    owner = _office(tx, office, actor)
    event = tx.get(Event, event_id)
    if event is None or owner.id not in {event.office_id, *(one.id for one in event.partners)}:
        raise NotFound
    return owner, event


def _there(tx: Session, owner: Office, event: Event) -> dict[ReportColumn, ReportOverride]:
    chosen = select(ReportOverride).where(ReportOverride.office_id == owner.id, ReportOverride.event_id == event.id)
    return {one.field: one for one in tx.scalars(chosen)}


def _note(owner: Office, event: Event | None, verb: str, actor: Actor, now: datetime, **details: Any) -> AuditEntry:
    return AuditEntry(
        at=now,
        actor="user",
        user_id=actor.user_id,
        office_id=owner.id,
        event_id=None if event is None else event.id,
        verb=verb,
        details=details,
    )
