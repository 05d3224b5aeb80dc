"""Registrations as rows of the participants' lists, with the worst state of their letters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import InstrumentedAttribute

from courseapp.db import db
from courseapp.domain.modes import Mode
from courseapp.domain.registration import TAKES_SEAT, Role, Status, Supervises
from courseapp.domain.rows import PersonDetails
from courseapp.models.journal import IS_FAILED, MailState, OutboxEmail
from courseapp.models.registration import DietaryNeed, Registration, RegistrationRole

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


COLUMNS: tuple[InstrumentedAttribute[Any], ...] = (
    Registration.id,
    Registration.status,
    Registration.line_no,
    Registration.mode,
    Registration.created_at,
    Registration.first_name,
    Registration.last_name,
    Registration.email,
    Registration.mobile,
    Registration.primary_role,
    Registration.workplace,
    Registration.municipality,
    Registration.district,
    Registration.hpr_number,
    Registration.supervises,
    Registration.reason,
    Registration.note,
    Registration.language,
)
"""What a row is made of; no entities, which cost ten times as much to make."""


def of_ids(event_id: int, ids: Sequence[int]) -> list[Row[Any]]:
    """Those registrations of an event, with COLUMNS, in the order asked for; who is not there is left out."""
    mine = Registration.event_id == event_id
    known = {one.id: one for one in db.session.execute(select(*COLUMNS).where(mine, Registration.id.in_(ids)))}
    return [known[one] for one in ids if one in known]


def rows(
    people: Sequence[Row[Any]],
    places: Mapping[int, int],
    mail: Mapping[int, MailState],
    *,
    dietary: bool = False,
) -> list[ParticipantRow]:
    """Their rows; `places` are the places in line, from 1. What they eat is read only where it is asked for."""
    ids = [one.id for one in people]
    roles, eaten = _other_roles(ids), _dietary(ids) if dietary else {}
    return [
        ParticipantRow(
            id=one.id,
            status=one.status,
            position=places.get(one.id),
            person=_person(one, tuple(roles.get(one.id, ())), eaten.get(one.id, "")),
            signed_up_at=one.created_at,
            mail=mail.get(one.id),
            mode=one.mode,
            refused=one.status is Status.DECLINED and one.line_no is None,
        )
        for one in people
    ]


def _person(one: Row[Any], other_roles: tuple[Role, ...], dietary_needs: str) -> PersonDetails:
    return PersonDetails(
        first_name=one.first_name,
        last_name=one.last_name,
        email=one.email,
        mobile=one.mobile,
        primary_role=one.primary_role,
        other_roles=other_roles,
        workplace=one.workplace,
        municipality=one.municipality,
        district=one.district,
        hpr_number=one.hpr_number,
        supervises=tuple(map(Supervises, one.supervises)),
        reason=one.reason,
        note=one.note,
        dietary_needs=dietary_needs,
        language=one.language,
    )


def _other_roles(ids: Sequence[int]) -> dict[int, list[Role]]:
    found: dict[int, list[Role]] = {}
    chosen = select(RegistrationRole.registration_id, RegistrationRole.role)
    mine = chosen.where(RegistrationRole.registration_id.in_(ids)).order_by(RegistrationRole.position)
    for registration_id, role in db.session.execute(mine):
        found.setdefault(registration_id, []).append(role)
    return found


def _dietary(ids: Sequence[int]) -> dict[int, str]:
    chosen = select(DietaryNeed.registration_id, DietaryNeed.needs).where(DietaryNeed.registration_id.in_(ids))
    return {row[0]: row[1] for row in db.session.execute(chosen)}


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many have each status, how many with a seat have each role, and how many did not get a letter."""

    by_status: Mapping[Status, int]
    by_role: Mapping[Role, int]
    mail_failed: int


def counts(event_id: int) -> Counts:
    """All of an event's counts, in one query that reads indexes alone."""
    failed = select(func.count(OutboxEmail.registration_id.distinct())).where(
        OutboxEmail.event_id == event_id, IS_FAILED
    )
    groups = db.session.execute(
        select(Registration.status, Registration.primary_role, func.count(), failed.scalar_subquery())
        .where(Registration.event_id == event_id)
        .group_by(Registration.status, Registration.primary_role)
    )
    by_status: Counter[Status] = Counter()
    roles: Counter[Role] = Counter()
    lost = 0
    for status, role, count, unread in groups:
        by_status[status] += count
        lost = unread or 0
        if status in TAKES_SEAT:
            roles[role] += count
    return Counts(by_status=by_status, by_role=roles, mail_failed=lost)
