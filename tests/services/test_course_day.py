"""Who comes without standing on the list, how many came, and hours by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from courseapp.db import db
from courseapp.domain.access import Actor, UserRole
from courseapp.domain.attendance import Earned, GrantWrong, HoursRule, Lack, TooEarly
from courseapp.domain.errors import NotFound
from courseapp.domain.event import EventKind, EventStatus
from courseapp.domain.plan_errors import WrongNumber
from courseapp.domain.registration import Source, Status
from courseapp.models.event import Event
from courseapp.models.journal import AuditEntry
from courseapp.models.registration import Registration
from courseapp.queries import hours
from courseapp.services import attendance, course_day, drop_ins
from courseapp.services.changes import EventOver
from courseapp.services.course_day import DayWish, NoteMissing
from courseapp.services.roster import NotPublishedYet
from tests.attending import AWAY, HERE, course, marks, partly
from tests.conftest import NOW, Clock
from tests.leading import organizer
from tests.letters import all_letters
from tests.making import person
from tests.people import join, share, written


def row(registration_id: int) -> Registration:
    db.session.rollback()
    return db.session.get_one(Registration, registration_id)


def fresh(event: Event) -> Event:
    db.session.rollback()
    return db.session.get_one(Event, event.id)


def test_a_newcomer_has_a_seat_is_present_and_gets_no_letter(app: Flask) -> None:
    event = course(capacity=1)
    day = event.sessions[0].id
    join(event, 1)
    new = drop_ins.add(event.slug, day, person(2), actor=organizer())
    assert (row(new).status, row(new).source, marks(day)) == (
        Status.REGISTERED,
        Source.ORGANIZER,
        [(new, "present", None)],
    )
    (entry,) = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "dropped_in"))
    assert (entry.details, all_letters()) == ({"taken": 2, "capacity": 1}, [])


def test_a_newcomer_whose_address_is_known_is_that_person(app: Flask) -> None:
    event = course()
    day = event.sessions[0].id
    (seated,) = join(event, 1)
    (waiting,) = join(event, 1, first=2, status=Status.WAITLISTED)
    actor = organizer()
    assert drop_ins.add(event.slug, day, person(1, email="KARE1@lege.example.org"), actor=actor) == seated
    assert drop_ins.add(event.slug, day, person(2), actor=actor) == waiting
    assert drop_ins.add(event.slug, day, person(2), actor=actor) == waiting
    assert (row(waiting).status, marks(day)) == (
        Status.REGISTERED,
        [(seated, "present", None), (waiting, "present", None)],
    )
    assert all_letters() == []


@pytest.mark.parametrize("status", [Status.WAITLISTED, Status.OFFERED, Status.APPLIED])
def test_whoever_waits_is_taken_in(app: Flask, status: Status) -> None:
    event = course()
    (one,) = join(event, 1, status=status)
    assert drop_ins.take_in(event.slug, event.sessions[0].id, one, actor=organizer()) == one
    assert (row(one).status, row(one).offer_expires_at) == (Status.REGISTERED, None)


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.DECLINED])
def test_whoever_has_left_comes_back_as_a_new_registration(app: Flask, status: Status) -> None:
    event = course()
    day, actor = event.sessions[0].id, organizer()
    (old,) = join(event, 1, status=status)
    new = drop_ins.take_in(event.slug, day, old, actor=actor)
    assert drop_ins.take_in(event.slug, day, old, actor=actor) == new
    assert (row(old).status, row(new).status, row(new).full_name) == (status, Status.REGISTERED, row(old).full_name)
    assert marks(day) == [(new, "present", None)]


def test_nobody_drops_in_where_nothing_can_be_marked(app: Flask) -> None:
    event, other = course(slug="her"), course(slug="der")
    (theirs,) = join(other, 1, status=Status.WAITLISTED)
    actor = organizer()
    with pytest.raises(TooEarly):
        drop_ins.add(event.slug, event.sessions[1].id, person(1), actor=actor)
    jobs: tuple[Callable[[], object], ...] = (
        lambda: drop_ins.add(event.slug, other.sessions[0].id, person(1), actor=actor),
        lambda: drop_ins.take_in(event.slug, event.sessions[0].id, theirs, actor=actor),
        lambda: drop_ins.add(event.slug, event.sessions[0].id, person(1), actor=organizer("midt")),
    )
    for job in jobs:
        with pytest.raises(NotFound):
            job()
    draft, off = course(slug="utkast", status=EventStatus.DRAFT), course(slug="av", status=EventStatus.CANCELLED)
    with pytest.raises(NotPublishedYet):
        drop_ins.add(draft.slug, draft.sessions[0].id, person(1), actor=actor)
    with pytest.raises(EventOver):
        drop_ins.add(off.slug, off.sessions[0].id, person(1), actor=actor)
    db.session.rollback()
    assert list(db.session.scalars(select(Registration.id))) == [theirs]


def test_a_head_count_is_exact_about_or_not_known(app: Flask) -> None:
    event = course(kind=EventKind.ALIS_KVELD)
    actor = organizer()
    told: list[tuple[int | None, bool]] = []
    for number, about in ((0, False), (40, True), (40, True), (None, True)):
        course_day.count_heads(event.slug, number, approximate=about, actor=actor)
        told.append((fresh(event).reported_number, fresh(event).reported_approximate))
    assert told == [(0, False), (40, True), (40, True), (None, False)]
    assert written("heads_counted") == [(actor.user_id, event.id)] * 3


def test_a_head_count_has_its_bounds(app: Flask) -> None:
    actor = organizer()
    coming, off = course(starts=(NOW.replace(month=3),)), course(slug="av", status=EventStatus.CANCELLED)
    here = course(slug="her")
    for number in (-1, 10_001):
        with pytest.raises(WrongNumber):
            course_day.count_heads(here.slug, number, approximate=False, actor=actor)
    with pytest.raises(TooEarly):
        course_day.count_heads(coming.slug, 4, approximate=False, actor=actor)
    with pytest.raises(EventOver):
        course_day.count_heads(off.slug, 4, approximate=False, actor=actor)


def test_the_options_of_the_day_are_kept(app: Flask) -> None:
    event = course()
    actor = organizer()
    wish = DayWish(
        leader_note="Nøkkel i skapet", self_check_in=True, leaders_see_kitchen=True, hours_rule=HoursRule.EACH_SESSION
    )
    course_day.set_day(event.slug, wish, actor=actor)
    course_day.set_day(event.slug, wish, actor=actor)
    now = fresh(event)
    assert (now.leader_note, now.self_check_in, now.leaders_see_kitchen, now.hours_rule) == (
        "Nøkkel i skapet",
        True,
        True,
        HoursRule.EACH_SESSION,
    )
    assert len(written("day_changed")) == 1


def test_hours_of_everybody_and_hours_by_hand(app: Flask, time: Clock) -> None:
    event = course()
    first, second = (held.id for held in event.sessions)
    all_of_it, half, nothing, gone = join(event, 4)
    actor = organizer()
    attendance.mark_rest(event.slug, first, by=actor)
    attendance.mark(event.slug, first, nothing, AWAY, by=actor)
    time.pass_by(days=28)
    attendance.mark(event.slug, second, all_of_it, HERE, by=actor)
    attendance.mark(event.slug, second, half, partly(200), by=actor)
    attendance.mark(event.slug, second, nothing, HERE, by=actor)
    course_day.grant_hours(event.slug, half, 740, "Gikk kl. 12, har levert oppgaven", actor=actor)
    db.session.rollback()
    shown = hours.of_event(actor, event.slug, time())
    assert [(one.id, one.hours.attended, one.hours.earned, one.hours.given) for one in shown.rows] == [
        (all_of_it, 1080, Earned.FULL, 1080),
        (half, 740, Earned.GRANTED, 740),
        (nothing, 540, Earned.NONE, 0),
        (gone, 540, Earned.NONE, 0),
    ]
    assert [one.hours.missing for one in shown.rows][1:] == [
        ((second, Lack.PARTLY),),
        ((first, Lack.ABSENT),),
        ((second, Lack.UNMARKED),),
    ]
    assert (shown.total, shown.full, shown.unmarked) == (1080, 1, 1)
    grant = shown.rows[1].grant
    assert grant is not None
    assert (grant.note, grant.by) == ("Gikk kl. 12, har levert oppgaven", "Kari Nordmann")
    course_day.take_back_hours(event.slug, half, actor=actor)
    course_day.take_back_hours(event.slug, half, actor=actor)
    db.session.rollback()
    assert hours.of_event(actor, event.slug, time()).rows[1].hours.earned is Earned.NONE
    assert (len(written("hours_granted")), len(written("hours_grant_undone"))) == (1, 1)


def test_hours_by_hand_have_a_reason_and_a_bound(app: Flask) -> None:
    event, other = course(slug="her"), course(slug="der")
    (one,), (theirs,) = join(event, 1), join(other, 1)
    actor = organizer()
    for minutes in (0, -60, 1081):
        with pytest.raises(GrantWrong):
            course_day.grant_hours(event.slug, one, minutes, "Derfor", actor=actor)
    for why in ("", "  ", "x" * 301):
        with pytest.raises(NoteMissing):
            course_day.grant_hours(event.slug, one, 60, why, actor=actor)
    with pytest.raises(NotFound):
        course_day.grant_hours(event.slug, theirs, 60, "Derfor", actor=actor)
    with pytest.raises(NotFound):
        course_day.take_back_hours(event.slug, theirs, actor=actor)


ACTS: tuple[Callable[[Event, int, Actor], object], ...] = (
    lambda event, _one, actor: course_day.set_day(
        event.slug,
        DayWish(leader_note="", self_check_in=True, leaders_see_kitchen=True, hours_rule=HoursRule.ALL_SESSIONS),
        actor=actor,
    ),
    lambda event, _one, actor: course_day.count_heads(event.slug, 4, approximate=False, actor=actor),
    lambda event, one, actor: course_day.grant_hours(event.slug, one, 60, "Derfor", actor=actor),
    lambda event, one, actor: course_day.take_back_hours(event.slug, one, actor=actor),
    lambda event, one, actor: drop_ins.take_in(event.slug, event.sessions[0].id, one, actor=actor),
)


@pytest.mark.parametrize("act", ACTS)
def test_readers_and_other_offices_do_none_of_it_and_partners_may(
    app: Flask, act: Callable[[Event, int, Actor], object]
) -> None:
    event = course()
    (one,) = join(event, 1)
    for actor in (organizer("nord", UserRole.READER), organizer("midt")):
        with pytest.raises(NotFound):
            act(event, one, actor)
    share(event, "vest")
    act(event, one, organizer("vest"))
