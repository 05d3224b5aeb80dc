"""Applications: how seats are given, the order put right by hand, and the one decision that answers everybody.

Each act takes the event's turn first, so that of two organizers who decide at once one wins and the other is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courseapp import clock
from courseapp.db import transaction
from courseapp.domain.access import Actor
from courseapp.domain.errors import DomainError, MoveNotAllowed, NotFound
from courseapp.domain.event import LIVE_STATUSES, EventStatus, SeatRule
from courseapp.domain.marking import N_
from courseapp.domain.ranking import CHOSEN, Criterion, Outcome, Shown
from courseapp.domain.registration import Role, Status
from courseapp.models.event import Event
from courseapp.models.journal import AuditEntry
from courseapp.models.registration import ApplicationAdjustment, Registration
from courseapp.queries import ranking
from courseapp.queries.application_words import already_decided, what_changed
from courseapp.queries.ranking import DECIDED, OUTCOME_VERBS
from courseapp.services import correspondence, seats
from courseapp.services.changes import EventOver, demanded, note, turn_for

STATUSES = {Outcome.SEAT: Status.REGISTERED, Outcome.LINE: Status.WAITLISTED, Outcome.REFUSAL: Status.DECLINED}


class NotByApplication(DomainError):
    """There is nothing to rank where whoever comes first has the seat."""

    message = N_("Plassene på dette arrangementet gis ikke etter søknad.")


class AlreadyDecided(DomainError):
    """A colleague was first; the sentence says who, when, and what came of it."""


class ListChanged(DomainError):
    """The list is not the one that was shown; the sentence says what is different."""


class TooLate(DomainError):
    """Nobody is given a seat at an event that has begun, but by hand."""

    message = N_("Arrangementet har begynt, så søknadene kan ikke avgjøres samlet. Gi plass eller meld av én og én.")


class NobodyApplied(DomainError):
    """There is nothing to decide."""

    message = N_("Ingen søknader venter på svar.")


class NoSuchRank(DomainError):
    """The list is shorter than that, perhaps since a moment ago."""

    message = N_("Det er ikke så mange søkere. Velg en plass som finnes i listen.")


class SeatsPromised(DomainError):
    """More seats by hand than there are."""

    message = N_("Alle de ledige plassene er gitt for hånd. Øk antall plasser, eller angre en annen justering.")


class WrongOrder(DomainError):
    """A criterion or a role stands twice, or is none."""

    message = N_("Hvert kriterium og hver rolle kan bare stå én gang i rekkefølgen.")


class SomebodyWaits(DomainError):
    """Those in line were promised the next seat."""

    message = N_("Noen står på venteliste eller har tilbud om plass. Da kan ikke plassene gis etter søknad.")


class AnswersOwed(DomainError):
    """Those who applied were promised an answer."""

    message = N_("Noen har søkt og venter på svar. Avgjør søknadene først.")


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesWish:
    """How the seats shall be given: criteria and roles in their order, and whether the rest is refused or waits."""

    seat_rule: SeatRule
    criteria: Sequence[Criterion]
    role_order: Sequence[Role]
    refuses_rest: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """How many got what."""

    seats: int
    line: int
    refused: int


def set_rules(slug: str, wish: RulesWish, actor: Actor) -> None:
    """Say whether seats go to whoever comes first or to those who are chosen, and what they are chosen by.

    Raises NotFound, WrongOrder, EventOver, AlreadyDecided, SomebodyWaits, or AnswersOwed.
    """
    orders: tuple[Sequence[object], ...] = (wish.criteria, wish.role_order)
    if any(len(set(one)) < len(one) for one in orders) or not set(wish.criteria) <= set(CHOSEN):
        raise WrongOrder
    with transaction() as tx:
        event = turn_for(tx, slug, actor)
        now = clock.now()
        if event.status not in {*LIVE_STATUSES, EventStatus.DRAFT}:
            raise EventOver
        _check_undecided(tx, event)
        if wish.seat_rule is not event.seat_rule:
            _check_rule_may_change(tx, event)
        old = event.seat_rule
        event.seat_rule, event.refuses_rest = wish.seat_rule, wish.refuses_rest
        event.criteria = [str(one) for one in wish.criteria]
        event.role_order = [str(one) for one in wish.role_order]
        event.updated_at = now
        tx.add(note(event, "seat_rule_changed", actor, now, old=old, new=wish.seat_rule))


def move(slug: str, registration_id: int, place: int, reason: str, actor: Actor) -> None:
    """Put an applicant at a place in the list, from 1; the others keep their order around her. Nobody is told.

    Raises NotFound, ReasonMissing, NoSuchRank, MoveNotAllowed for one who has an answer, and as `decide` does.
    """
    reason = demanded(reason)
    with transaction() as tx:
        event, registration, now = _turn(tx, slug, registration_id, actor)
        if not 1 <= place <= _applicants(tx, event):
            raise NoSuchRank
        _adjust(tx, registration, actor, now, place=place, reason=reason)
        tx.add(_entry(registration, event, "application_moved", actor, now, place=place, reason=reason))


def fix(slug: str, registration_id: int, outcome: Outcome, reason: str, actor: Actor) -> None:
    """Say what an applicant gets, whatever the criteria say. Nobody is told before the decision.

    Raises as `move` does, and SeatsPromised when there are no seats left to give by hand.
    """
    reason = demanded(reason)
    with transaction() as tx:
        event, registration, now = _turn(tx, slug, registration_id, actor)
        standing = ranking.standing(tx, event)
        same_room = {one.id for one in standing.people if one.mode is registration.mode}
        promised = {
            one.registration_id
            for one in standing.adjustments
            if one.outcome is Outcome.SEAT and one.registration_id in same_room
        }
        free = standing.seatings[registration.mode].free
        if outcome is Outcome.SEAT and free is not None and len(promised - {registration_id}) >= free:
            raise SeatsPromised
        _adjust(tx, registration, actor, now, outcome=outcome, reason=reason)
        tx.add(_entry(registration, event, "application_fixed", actor, now, outcome=outcome, reason=reason))


def undo(slug: str, registration_id: int, adjustment_id: int, actor: Actor) -> None:
    """Take an adjustment back; it stays in the history with who did it. One that is undone already stays so.

    Raises NotFound, MoveNotAllowed for one who has an answer, and as `decide` does.
    """
    with transaction() as tx:
        event, registration, now = _turn(tx, slug, registration_id, actor)
        found = tx.get(ApplicationAdjustment, adjustment_id)
        if found is None or found.registration_id != registration.id:
            raise NotFound
        if found.undone_at is not None:
            return
        found.undone_at, found.undone_by_id = now, actor.user_id
        tx.add(_entry(registration, event, "application_undone", actor, now, reason=found.reason))


def decide(slug: str, shown: str, actor: Actor) -> Decided:
    """Answer everybody at once: seats, the line in this order, refusals; each with a letter, all or none.

    `shown` is the mark of the list that was looked at (`Shown.text`). Raises NotFound, NotByApplication, EventOver,
    AlreadyDecided, TooLate, NobodyApplied, or ListChanged when the list has become another.
    """
    with transaction() as tx:
        event = turn_for(tx, slug, actor)
        now = clock.now()
        _check_open(tx, event, now)
        standing = ranking.standing(tx, event)
        if not standing.people:
            raise NobodyApplied
        if shown != standing.shown.text():
            raise ListChanged(what_changed(tx, event, Shown.read(shown), standing))
        event.decided_at = event.updated_at = now
        outcomes = [one.outcome for one in standing.proposed]
        for place, (registration, outcome) in enumerate(zip(standing.people, outcomes, strict=True), start=1):
            _settle(tx, event, registration, outcome, now)
            tx.add(_entry(registration, event, OUTCOME_VERBS[outcome], actor, now, place=place))
        page = seats.page(tx, event, now)
        for registration in standing.people:
            correspondence.application_answered(tx, registration, event, page, now)
        seated, line, refused = (outcomes.count(one) for one in (Outcome.SEAT, Outcome.LINE, Outcome.REFUSAL))
        tx.add(note(event, DECIDED, actor, now, seats=seated, line=line, refused=refused))
        return Decided(seats=seated, line=line, refused=refused)


def _settle(tx: Session, event: Event, registration: Registration, outcome: Outcome, now: datetime) -> None:
    if outcome is Outcome.LINE:
        registration.line_no = seats.next_line_no(event)
    if outcome is Outcome.REFUSAL:
        registration.dietary = None  # kept for the meal alone
    seats.move(tx, registration, STATUSES[outcome], now)


def _turn(tx: Session, slug: str, registration_id: int, actor: Actor) -> tuple[Event, Registration, datetime]:
    event = turn_for(tx, slug, actor)
    registration = tx.get(Registration, registration_id)
    if registration is None or registration.event_id != event.id:
        raise NotFound
    now = clock.now()
    _check_open(tx, event, now)
    if registration.status is not Status.APPLIED:
        raise MoveNotAllowed
    return event, registration, now


def _check_open(tx: Session, event: Event, now: datetime) -> None:
    if event.seat_rule is not SeatRule.APPLICATION:
        raise NotByApplication
    _check_undecided(tx, event)
    if event.status not in LIVE_STATUSES:
        raise EventOver
    if event.starts_at is None or now >= event.starts_at:
        raise TooLate


def _check_undecided(tx: Session, event: Event) -> None:
    if (decision := ranking.decision(tx, event)) is not None:
        raise AlreadyDecided(already_decided(decision))


def _check_rule_may_change(tx: Session, event: Event) -> None:
    """A rule is a promise to those who are in: the line is never passed by, and applications get their answer."""
    found = set(tx.scalars(select(Registration.status).where(Registration.event_id == event.id).distinct()))
    if found & {Status.WAITLISTED, Status.OFFERED}:
        raise SomebodyWaits
    if Status.APPLIED in found:
        raise AnswersOwed


def _applicants(tx: Session, event: Event) -> int:
    chosen = select(func.count()).where(Registration.event_id == event.id, Registration.status == Status.APPLIED)
    return tx.scalar(chosen) or 0


def _adjust(
    tx: Session,
    registration: Registration,
    actor: Actor,
    now: datetime,
    *,
    reason: str,
    place: int | None = None,
    outcome: Outcome | None = None,
) -> None:
    """The newest word stands: what was said before about the same thing is undone by it."""
    same = ApplicationAdjustment.place.is_not(None) if outcome is None else ApplicationAdjustment.outcome.is_not(None)
    for old in tx.scalars(
        select(ApplicationAdjustment).where(
            ApplicationAdjustment.registration_id == registration.id, ApplicationAdjustment.undone_at.is_(None), same
        )
    ):
        old.undone_at, old.undone_by_id = now, actor.user_id
    tx.flush()
    tx.add(
        ApplicationAdjustment(
            registration_id=registration.id, place=place, outcome=outcome, reason=reason, user_id=actor.user_id, at=now
        )
    )


def _entry(
    registration: Registration, event: Event, verb: str, actor: Actor, now: datetime, **details: int | str | None
) -> AuditEntry:
    made = note(event, verb, actor, now, **details)
    made.registration_id = registration.id
    return made
