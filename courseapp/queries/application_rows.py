"""The lines of an event's applications: who, what each criterion does for her, and what was done by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import aliased

from courseapp.db import db
from courseapp.domain.modes import Mode
from courseapp.domain.ranking import Criterion, Outcome, effects
from courseapp.domain.registration import Role
from courseapp.models.account import User
from courseapp.models.event import Event
from courseapp.models.journal import AuditEntry
from courseapp.models.registration import ApplicationAdjustment, Registration
from courseapp.queries import application_words as words
from courseapp.queries import events
from courseapp.queries.ranking import OUTCOME_VERBS, Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionRow:
    """One criterion of one person: met or not, her place where it has places, and why, in words."""

    criterion: Criterion
    met: bool
    place: int | None
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustmentRow:
    """What an organizer did by hand, why, who and when; and who took it back, if anybody did."""

    id: int
    place: int | None
    outcome: Outcome | None
    reason: str
    by: str
    at: datetime
    undone_by: str
    undone_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicantRow:
    """One line. `place` in the list from 1, `ranked` what the criteria alone would give.

    `line` is the number in line of one who would wait; `passed` says why somebody was passed over by a free seat.
    """

    id: int
    place: int
    ranked: int
    name: str
    role: Role
    workplace: str
    mode: Mode | None
    outcome: Outcome
    line: int | None
    passed: str
    criteria: tuple[CriterionRow, ...]
    adjustments: tuple[AdjustmentRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultRow:
    """One line of a decision: who, and what she got then."""

    id: int
    place: int
    name: str
    role: Role
    outcome: Outcome


def applicant_rows(event: Event, found: Standing, now: datetime) -> tuple[ApplicantRow, ...]:
    """Every applicant in the proposed order."""
    told = _telling(event, found, now)
    by_person = _grouped(by_hand([one.id for one in found.people], whole=False))
    rows: list[ApplicantRow] = []
    line: Counter[Mode | None] = Counter()
    for place, (one, proposed) in enumerate(zip(found.people, found.proposed, strict=True), start=1):
        line[one.mode] += proposed.outcome is Outcome.LINE
        rows.append(
            ApplicantRow(
                id=one.id,
                place=place,
                ranked=found.ranked.index(one.id) + 1,
                name=one.full_name,
                role=one.primary_role,
                workplace=one.workplace,
                outcome=proposed.outcome,
                mode=one.mode,
                line=line[one.mode] if proposed.outcome is Outcome.LINE else None,
                passed=words.passed(proposed.hindered),
                criteria=_criteria(one, found, told),
                adjustments=tuple(by_person.get(one.id, ())),
            )
        )
    return tuple(rows)


def _telling(event: Event, found: Standing, now: datetime) -> words.Telling:
    regions = {office.slug: office.short_name for office in events.offices()}
    by_time = sorted(found.applications.values(), key=lambda one: (one.applied_at, one.id))
    return words.Telling(
        event=event,
        earlier=found.earlier,
        regions=regions,
        times={one.id: at for at, one in enumerate(by_time, start=1)},
        now=now,
    )


def _criteria(one: Registration, found: Standing, told: words.Telling) -> tuple[CriterionRow, ...]:
    return tuple(
        CriterionRow(
            criterion=effect.criterion,
            met=effect.met,
            place=effect.place if effect.criterion is not Criterion.TIME else told.times[one.id],
            words=words.reason(effect, one, told),
        )
        for effect in effects(found.applications[one.id], found.rules)
    )


def _grouped(hands: Iterable[tuple[int, AdjustmentRow]]) -> Mapping[int, list[AdjustmentRow]]:
    grouped: dict[int, list[AdjustmentRow]] = {}
    for registration_id, row in hands:
        grouped.setdefault(registration_id, []).append(row)
    return grouped


def by_hand(registration_ids: list[int], *, whole: bool) -> list[tuple[int, AdjustmentRow]]:
    """Adjustments with whose they are: those that stand, or the `whole` history, the newest first."""
    undoer = aliased(User)
    chosen = (
        select(ApplicationAdjustment, User.name, undoer.name)
        .join(User, User.id == ApplicationAdjustment.user_id)
        .outerjoin(undoer, undoer.id == ApplicationAdjustment.undone_by_id)
        .where(ApplicationAdjustment.registration_id.in_(registration_ids))
        .order_by(ApplicationAdjustment.id.desc())
    )
    if not whole:
        chosen = chosen.where(ApplicationAdjustment.undone_at.is_(None))
    return [
        (
            one.registration_id,
            AdjustmentRow(
                id=one.id,
                place=one.place,
                outcome=one.outcome,
                reason=one.reason,
                by=by,
                at=one.at,
                undone_by=undone_by or "",
                undone_at=one.undone_at,
            ),
        )
        for one, by, undone_by in db.session.execute(chosen)
    ]


def result_rows(event: Event) -> tuple[ResultRow, ...]:
    """Who got what when the applications were decided, in the order of that day."""
    found = db.session.execute(
        select(AuditEntry.verb, Registration)
        .join(Registration, Registration.id == AuditEntry.registration_id)
        .where(AuditEntry.event_id == event.id, AuditEntry.verb.in_(OUTCOME_VERBS.values()))
        .order_by(AuditEntry.id)
    )
    outcomes = {verb: outcome for outcome, verb in OUTCOME_VERBS.items()}
    return tuple(
        ResultRow(id=one.id, place=place, name=one.full_name, role=one.primary_role, outcome=outcomes[verb])
        for place, (verb, one) in enumerate(found, start=1)
    )
