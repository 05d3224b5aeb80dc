"""The same again: many events or activities made in one go, all or none, and the series they belong to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from courseapp import clock, speech, when, wording
from courseapp.db import transaction
from courseapp.domain import kinds, recurrence
from courseapp.domain.access import Actor, check, may_decide
from courseapp.domain.activities import comment_again
from courseapp.domain.errors import DomainError, MoveNotAllowed, NotFound
from courseapp.domain.event import WITH_SIGN_UP, EventStatus
from courseapp.domain.language import Language
from courseapp.domain.marking import N_
from courseapp.domain.planning import NewEvent
from courseapp.domain.recurrence import NoDays, TooMany
from courseapp.domain.series import Counted, NoSeriesTitle
from courseapp.models.event import Event
from courseapp.models.office import Office
from courseapp.models.report import ReportOverride
from courseapp.models.series import EventSeries
from courseapp.queries.activities import wish_of as activity_of
from courseapp.queries.plans import wish_of as plan_of
from courseapp.services import activities, events, publishing
from courseapp.services.changes import note, turn_for

LONGEST_TITLE = 200
KEPT = ("hours_rule", "self_check_in", "leaders_see_kitchen", "thanks")
"""What an event allows on its day and afterwards; every one of the series has it."""


class CannotRepeat(MoveNotAllowed):
    """What was called off, or has no date, has nothing to count from."""

    message = N_("Et arrangement uten dato, eller som er avlyst, kan ikke gjentas.")


SOMEBODY = N_("Ingen av utkastene er slettet. %(day)s: noen er meldt på.")


class SomeRefused(DomainError):
    """Not all of the dates can be, so none was made; `reasons` says which and why, in the reader's language."""

    def __init__(self, reasons: Mapping[date, str]) -> None:
        self.reasons = dict(reasons)
        found: dict[str, list[date]] = {}
        for day, reason in reasons.items():
            found.setdefault(reason, []).append(day)
        told = [f"{when.dates(days)}: {reason}" for reason, days in found.items()]
        super().__init__(N_("Ingen av datoene er laget. %(why)s"), why=" ".join(told))


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatWish:
    """First days of the new ones. `title` and `counted` are for a series that is not there yet."""

    days: tuple[date, ...]
    title: str
    counted: Counted = Counted.EACH
    publish: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeated:
    """The series, and how many were made; `known` were there already. `overrides` as in Settled."""

    series_id: int
    made: int
    known: int
    overrides: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What a change took away: how many cells of reports that were written over no longer fit."""

    overrides: int


def repeat(slug: str, wish: RepeatWish, *, actor: Actor) -> Repeated:
    """Make an event with sign-up again on other days, as drafts or published; a day that is there is left alone.

    Raises NotFound for others than organizers of the responsible office, CannotRepeat, NoDays, TooMany,
    NoSeriesTitle, or SomeRefused where a leader is busy or a day cannot be.
    """
    _check(wish)
    with transaction() as tx:
        offices = events.lock_offices(tx)
        source = _mine(tx, slug, actor)
        if source.kind not in WITH_SIGN_UP or source.typed:
            raise NotFound
        if source.starts_at is None or source.status is EventStatus.CANCELLED or not plan_of(source).sessions:
            raise CannotRepeat
        plan = _plan(source, publish=wish.publish)
        return _repeat(tx, source, wish, lambda day: _event(tx, source, plan, day, offices, actor), actor)


def repeat_activity(slug: str, wish: RepeatWish, *, actor: Actor) -> Repeated:
    """The same for an activity that was typed in: its days move along, its number does not come along.

    Raises NotFound, NoDays, TooMany, NoSeriesTitle or SomeRefused.
    """
    _check(wish)
    with transaction() as tx:
        offices = events.lock_offices(tx)
        source = _mine(tx, slug, actor)
        if not source.typed or source.status is not EventStatus.HELD:
            raise NotFound
        return _repeat(tx, source, wish, lambda day: _activity(tx, source, day, offices, actor), actor)


def change(series_id: int, title: str, counted: Counted, *, actor: Actor) -> Settled:
    """Call it something else, or count it otherwise. Raises NotFound or NoSeriesTitle.

    What was written over a row of its own means nothing for a row of all, nor the other way round: it is taken away.
    """
    title = _titled(title)
    with transaction() as tx:
        series = _series(tx, series_id, actor)
        members = _members(tx, series)
        old, series.title, series.counted = series.counted, title, counted
        gone = 0
        if (old is Counted.EACH) is not (counted is Counted.EACH):
            gone = _forget_overrides(tx, members)
        if members and old is not counted:
            tx.add(note(members[0], "series_counted", actor, clock.now(), old=old, new=counted))
        return Settled(overrides=gone)


def leave(series_id: int, slug: str, *, actor: Actor) -> Settled:
    """Take one out of its series; it stays what it is. Nobody left: the series is gone. Raises NotFound."""
    with transaction() as tx:
        event = _mine(tx, slug, actor)
        if event.series_id != series_id:
            raise NotFound
        series = _series(tx, series_id, actor)
        gone = 0 if series.counted is Counted.EACH else _forget_overrides(tx, [event])
        event.series, event.series_id, event.updated_at = None, None, clock.now()
        tx.flush()
        _tidy(tx, series)
        tx.add(note(event, "series_left", actor, clock.now(), title=series.title))
        return Settled(overrides=gone)


def delete_drafts(series_id: int, *, actor: Actor) -> int:
    """Throw the drafts of a series away, all or none; returns how many. Raises NotFound or HasPeople, saying which."""
    with transaction() as tx:
        drafts = tx.scalars(
            select(Event)
            .where(Event.series_id == series_id, Event.status == EventStatus.DRAFT)
            .order_by(Event.id)
            .with_for_update()
        ).all()
        series = _series(tx, series_id, actor)
        for one in drafts:
            try:
                publishing.throw_away(tx, one, actor)
            except publishing.HasPeople as refusal:
                named = when.short_day(one.starts_at) if one.starts_at else one.title
                raise publishing.HasPeople(SOMEBODY, day=named) from refusal
        tx.flush()
        _tidy(tx, series)
        return len(drafts)


def _repeat(tx: Session, source: Event, wish: RepeatWish, make: Callable[[date], Event], actor: Actor) -> Repeated:
    """Make what is not there yet; where any is refused, all are."""
    there = _days_of(_members(tx, source.series) if source.series else [source])
    fresh = [day for day in dict.fromkeys(wish.days) if day not in there]
    made, refused = [], {}
    for day in fresh:
        try:
            made.append(make(day))
        except NotFound:
            raise
        except DomainError as refusal:
            refused[day] = wording.refusal(refusal)
    if refused:
        raise SomeRefused(refused)
    gone = 0 if source.series or wish.counted is Counted.EACH else _forget_overrides(tx, [source])
    series = source.series or _new(tx, source, wish)
    for one in made:
        one.series = series
    tx.flush()
    if made:
        tx.add(note(source, "repeated", actor, clock.now(), count=len(made)))
    return Repeated(series_id=series.id, made=len(made), known=len(set(wish.days)) - len(made), overrides=gone)


def _new(tx: Session, source: Event, wish: RepeatWish) -> EventSeries:
    series = EventSeries(
        office_id=source.office_id, title=_titled(wish.title), counted=wish.counted, created_at=clock.now()
    )
    tx.add(series)
    source.series = series
    tx.flush()
    return series


def _plan(source: Event, *, publish: bool) -> NewEvent:
    """The event as a wish; what only its office's report knows comes along as well."""
    return replace(
        plan_of(source),
        status=EventStatus.PUBLISHED if publish else EventStatus.DRAFT,
        report_table=source.report_table,
        topic=source.topic,
        external_organizer=source.external_organizer,
        like=source.slug,
    )


def _event(tx: Session, source: Event, plan: NewEvent, day: date, offices: dict[str, Office], actor: Actor) -> Event:
    wish = replace(kinds.shifted(plan, day), status=plan.status)
    made = events.make(tx, wish, offices, actor=actor)
    for name in KEPT:
        setattr(made, name, getattr(source, name))
    return made


def _activity(tx: Session, source: Event, day: date, offices: dict[str, Office], actor: Actor) -> Event:
    wish, first = activity_of(source), _first_day(source)
    days = [when.local(one.starts_at).date() for one in source.sessions]
    moved = [day + (one - first) for one in days] if first is not None else [day]
    with speech.speaking(Language.BOKMAL):  # it is read again, and stands in the report
        written = when.dates(moved)
    wish = replace(
        wish,
        year=day.year,
        when=written,
        number="",
        comment=comment_again(wish.comment),
    )
    return activities.make(tx, wish, source.office, offices, actor, clock.now())


def _mine(tx: Session, slug: str, actor: Actor) -> Event:
    event = turn_for(tx, slug, actor)
    check(may_decide(actor, event.office_id))
    return event


def _series(tx: Session, series_id: int, actor: Actor) -> EventSeries:
    series = tx.get(EventSeries, series_id, with_for_update=True)
    if series is None:
        raise NotFound
    check(may_decide(actor, series.office_id))
    return series


def _members(tx: Session, series: EventSeries) -> list[Event]:
    return list(tx.scalars(select(Event).where(Event.series_id == series.id).order_by(Event.id)))


def _days_of(members: Sequence[Event]) -> set[date]:
    """The days that are taken; what was called off can be held once more."""
    found = (_first_day(one) for one in members if one.status is not EventStatus.CANCELLED)
    return {day for day in found if day is not None}


def _first_day(event: Event) -> date | None:
    return None if event.starts_at is None else when.local(event.starts_at).date()


def _forget_overrides(tx: Session, members: Sequence[Event]) -> int:
    ids = [one.id for one in members]
    found = tx.scalars(select(ReportOverride.id).where(ReportOverride.event_id.in_(ids))).all()
    tx.execute(delete(ReportOverride).where(ReportOverride.id.in_(found)))
    return len(found)


def _tidy(tx: Session, series: EventSeries) -> None:
    """A series of nothing is none."""
    if tx.scalar(select(Event.id).where(Event.series_id == series.id).limit(1)) is None:
        tx.delete(series)


def _check(wish: RepeatWish) -> None:
    if not wish.days:
        raise NoDays
    if len(set(wish.days)) > recurrence.MOST:
        raise TooMany
    _titled(wish.title)


def _titled(title: str) -> str:
    title = title.strip()
    if not title or len(title) > LONGEST_TITLE:
        raise NoSeriesTitle
    return title
