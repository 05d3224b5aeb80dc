"""Registrations as rows of the participants' lists, with the worst state of their letters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import selectinload

from courseapp.db import db
from courseapp.domain.modes import Mode
from courseapp.domain.registration import TAKES_SEAT, Role, Status
from courseapp.domain.rows import PersonDetails
from courseapp.models.journal import MailState, OutboxEmail
from courseapp.models.registration import Registration
from courseapp.queries.registrations import details

_ROLE_ORDER = {role: order for order, role in enumerate(Role)}
_WORST = {MailState.FAILED: 4, MailState.SENDING: 3, MailState.QUEUED: 2, MailState.SENT: 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantRow:
    """One person in the table. `mail` is the worst state among her letters, None without any.

    `refused`: she applied and was not given a seat; another who declined turned an offer down.
    """

    id: int
    status: Status
    position: int | None
    person: PersonDetails
    signed_up_at: datetime
    mail: MailState | None
    refused: bool
    mode: Mode | None


def whole(event_id: int) -> Select[Registration]:
    """Registrations of an event with all they told, in no order."""
    return (
        select(Registration)
        .where(Registration.event_id == event_id)
        .options(selectinload(Registration.other_roles), selectinload(Registration.dietary))
    )


def by_role() -> ColumnElement[int]:
    """The order of the report."""
    return case(_ROLE_ORDER, value=Registration.primary_role)


def by_name() -> ColumnElement[str]:
    """Byte by byte, as the key is made for; a PostgreSQL of another locale would order it in its own way."""
    key = Registration.sort_key
    return key.collate("C") if db.engine.dialect.name == "postgresql" else key.expression


def rows(
    people: Sequence[Registration], places: Mapping[int, int], mail: Mapping[int, MailState]
) -> list[ParticipantRow]:
    """Their rows; `places` are the places in line, from 1."""
    return [row(one, mail.get(one.id), places.get(one.id)) for one in people]


def row(registration: Registration, mail: MailState | None, position: int | None) -> ParticipantRow:
    """The row of one registration."""
    return ParticipantRow(
        id=registration.id,
        status=registration.status,
        position=position,
        person=details(registration),
        signed_up_at=registration.created_at,
        mail=mail,
        mode=registration.mode,
        refused=registration.status is Status.DECLINED and registration.line_no is None,
    )


def mail_states(ids: Sequence[int]) -> dict[int, MailState]:
    """The worst state among each registration's letters, for those who have any."""
    found = db.session.execute(
        select(OutboxEmail.registration_id, OutboxEmail.state)
        .where(OutboxEmail.registration_id.in_(ids), OutboxEmail.state != MailState.SUPERSEDED)
        .distinct()
    )
    worst: dict[int, MailState] = {}
    for registration_id, state in found:
        known = worst.get(registration_id or 0)
        if known is None or _WORST[state] > _WORST[known]:
            worst[registration_id or 0] = state
    return worst


def counts(event_id: int) -> tuple[dict[Status, int], dict[Role, int]]:
    """How many have each status, and how many with a seat have each role."""
    counted = db.session.execute(
        select(Registration.status, Registration.primary_role, func.count())
        .where(Registration.event_id == event_id)
        .group_by(Registration.status, Registration.primary_role)
    )
    by_status: dict[Status, int] = {}
    roles: dict[Role, int] = {}
    for status, role, count in counted:
        by_status[status] = by_status.get(status, 0) + count
        if status in TAKES_SEAT:
            roles[role] = roles.get(role, 0) + count
    return by_status, roles


def mail_failed(event_id: int) -> int:
    """How many people did not get a letter."""
    chosen = select(func.count(OutboxEmail.registration_id.distinct())).where(
        OutboxEmail.event_id == event_id, OutboxEmail.state == MailState.FAILED
    )
    return db.session.scalar(chosen) or 0
