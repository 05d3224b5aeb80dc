"""Applications decided: seats, the line in order, refusals; everybody one letter; all at once or not at all."""

from collections import Counter
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event as listening
from sqlalchemy import select
from sqlalchemy.orm import Session

from courseapp.db import db
from courseapp.domain.access import Actor, UserRole
from courseapp.domain.errors import MoveNotAllowed, NotFound
from courseapp.domain.event import FillMode, SeatRule
from courseapp.domain.ranking import Criterion, Outcome
from courseapp.domain.registration import Role, Status, Supervises
from courseapp.models.event import Event
from courseapp.models.journal import AuditEntry, OutboxEmail
from courseapp.queries import applications as looks
from courseapp.queries import history as story
from courseapp.services import applications, changes, line, offers, registrations
from courseapp.services.applications import AlreadyDecided, ListChanged, NobodyApplied, NotByApplication, TooLate
from courseapp.services.changes import EventOver
from tests.conftest import NOW, Clock
from tests.keys import key_of
from tests.letters import all_letters, history, occasions, the_registration
from tests.letters import registrations as rows
from tests.making import make_event, wish
from tests.services.test_changes import organizer
from tests.together import at_once

ADDRESS = "kare{}@lege.example.org"
WHY = "Trenger kurset før LIS1 kommer i august"


def course(people: int = 4, capacity: int | None = 2, **more: Any) -> Event:
    """So many have applied, each later than the one before, and all alike."""
    event = make_event(capacity=capacity, seat_rule=SeatRule.APPLICATION, **more)
    for number in range(1, people + 1):
        registrations.sign_up(wish(event, number))
    return event


def number(which: int) -> int:
    return the_registration(ADDRESS.format(which)).id


def shown(event: Event, actor: Actor) -> str:
    db.session.rollback()
    return looks.ranked(actor, event.slug, NOW).shown.text()


def decide(event: Event, actor: Actor) -> applications.Decided:
    return applications.decide(event.slug, shown(event, actor), actor)


def statuses() -> list[str]:
    return [str(one.status) for one in rows()]


def state() -> tuple[list[tuple[str, int | None]], list[str], int]:
    """All that a decision may touch."""
    db.session.rollback()
    audit = len(db.session.scalars(select(AuditEntry.id)).all())
    return [(str(one.status), one.line_no) for one in rows()], [one.occasion for one in all_letters()], audit


def test_seats_the_line_in_order_and_everybody_gets_one_answer(app: Flask) -> None:
    event, kari = course(5), organizer()
    assert decide(event, kari) == applications.Decided(seats=2, line=3, refused=0)
    assert statuses() == ["registered"] * 2 + ["waitlisted"] * 3
    assert [one.line_no for one in rows()] == [None, None, 1, 2, 3]
    assert [occasions(ADDRESS.format(one))[1:] for one in (1, 5)] == [
        ["seat_given", "invitation", "invitation"],
        ["waiting"],
    ]
    answers = Counter(one.to_email for one in all_letters() if one.occasion in {"seat_given", "waiting", "not_given"})
    assert answers == Counter({ADDRESS.format(one): 1 for one in range(1, 6)})
    assert ["nummer 3" in one.text for one in all_letters() if one.to_email == ADDRESS.format(5)] == [False, True]


def test_the_decision_is_written_down_for_the_event_and_each_person(app: Flask) -> None:
    event, kari = course(3, 1), organizer()
    decide(event, kari)
    found = db.session.execute(
        select(AuditEntry.user_id, AuditEntry.details).where(AuditEntry.verb == "applications_decided")
    )
    assert [tuple(row) for row in found] == [(kari.user_id, {"seats": 1, "line": 2, "refused": 0})]
    assert [history(number(one))[-1] for one in (1, 2, 3)] == ["application_seat", *["application_line"] * 2]
    assert next((one.verb, one.who) for one in story.acts(number(1))) == ("application_seat", "Kari Nordmann")
    fresh = db.session.get_one(Event, event.id, populate_existing=True)
    assert fresh.decided_at == NOW


def test_the_rest_can_be_refused_and_keep_nothing_of_what_they_eat(app: Flask) -> None:
    event = make_event(capacity=1, seat_rule=SeatRule.APPLICATION, refuses_rest=True)
    kari = organizer()
    for one in (1, 2):
        registrations.sign_up(wish(event, one, dietary_needs="Nøtter"))
    assert decide(event, kari) == applications.Decided(seats=1, line=0, refused=1)
    assert [(str(one.status), one.dietary is not None) for one in rows()] == [("registered", True), ("declined", False)]
    assert occasions(ADDRESS.format(2)) == ["applied", "not_given"]


def test_who_was_refused_cannot_join_the_line_by_the_link(app: Flask) -> None:
    event, kari = course(2, 1, refuses_rest=True), organizer()
    decide(event, kari)
    with pytest.raises(MoveNotAllowed):
        offers.wait_on(key_of(ADDRESS.format(2)))
    assert statuses() == ["registered", "declined"]


def test_seats_that_were_given_by_hand_before_count(app: Flask) -> None:
    event, kari = course(4), organizer()
    line.give_seat(event.slug, number(4), WHY, kari)
    assert decide(event, kari) == applications.Decided(seats=1, line=2, refused=0)
    assert statuses() == ["registered", "waitlisted", "waitlisted", "registered"]


def test_without_a_limit_everybody_gets_a_seat(app: Flask) -> None:
    event, kari = course(3, None), organizer()
    assert decide(event, kari).seats == 3


def test_a_course_that_offers_seats_gives_them_for_good_to_those_who_applied(app: Flask) -> None:
    event, kari = course(2, 1, fill_mode=FillMode.OFFER), organizer()
    decide(event, kari)
    assert statuses() == ["registered", "waitlisted"]
    registrations.cancel(key_of(ADDRESS.format(1)))
    assert statuses() == ["cancelled", "offered"]


def test_after_the_decision_a_seat_that_comes_free_goes_to_the_line_in_its_order(app: Flask) -> None:
    event, kari = course(4), organizer()
    applications.move(event.slug, number(4), 3, WHY, kari)
    decide(event, kari)
    registrations.cancel(key_of(ADDRESS.format(1)))
    assert statuses() == ["cancelled", "registered", "waitlisted", "registered"]


def test_after_the_decision_whoever_comes_first_has_a_free_seat(app: Flask) -> None:
    event, kari = course(1, 2), organizer()
    assert registrations.sign_up(wish(event, 2)).status is Status.APPLIED
    registrations.cancel(key_of(ADDRESS.format(2)))
    decide(event, kari)
    found = [registrations.sign_up(wish(event, one)) for one in (3, 4)]
    assert [(one.status, one.position) for one in found] == [(Status.REGISTERED, None), (Status.WAITLISTED, 1)]


def test_after_the_decision_the_bounds_of_roles_still_hold(app: Flask) -> None:
    event, kari = course(1, 3, role_shares=[{"role": "alis", "least": None, "most": 1}]), organizer()
    decide(event, kari)
    found = [registrations.sign_up(wish(event, 2)), registrations.sign_up(wish(event, 3, primary_role=Role.SAMLIS))]
    assert [one.status for one in found] == [Status.WAITLISTED, Status.REGISTERED]


def test_the_bounds_of_roles_hold_in_the_decision(app: Flask) -> None:
    event, kari = course(3, 2, role_shares=[{"role": "alis", "least": None, "most": 1}]), organizer()
    registrations.sign_up(wish(event, 4, primary_role=Role.SAMLIS))
    page = looks.ranked(kari, event.slug, NOW)
    assert [one.passed for one in page.rows] == ["", *["Forbigått: plassene for ALIS er fulle"] * 2, ""]
    decide(event, kari)
    assert statuses() == ["registered", "waitlisted", "waitlisted", "registered"]


def test_the_criteria_decide_who_gets_the_seat(app: Flask) -> None:
    event = make_event(capacity=1, seat_rule=SeatRule.APPLICATION, criteria=["region", "supervises"])
    kari = organizer()
    people: list[dict[str, Any]] = [{"municipality": "Bergen"}, {"supervises": (Supervises.NONE,)}, {}]
    for one, told in enumerate(people, start=1):
        registrations.sign_up(wish(event, one, **told))
    decide(event, kari)
    assert [(str(one.status), one.line_no) for one in rows()] == [
        ("waitlisted", 2),
        ("waitlisted", 1),
        ("registered", None),
    ]


def test_deciding_twice_is_refused_with_who_and_when(app: Flask, time: Clock) -> None:
    event, kari = course(), organizer()
    seen = shown(event, kari)
    applications.decide(event.slug, seen, kari)
    after = state()
    time.pass_by(minutes=5)
    with pytest.raises(AlreadyDecided) as refusal:
        applications.decide(event.slug, seen, kari)
    assert str(refusal.value).replace("\N{NO-BREAK SPACE}", " ") == (
        "Søknadene ble avgjort av Kari Nordmann 11. januar 2027 kl. 10.00: 2 fikk plass, 2 ble satt på venteliste, "
        "0 fikk avslag. Det kan ikke gjøres om herfra."
    )
    assert state() == after


def test_of_two_organizers_at_the_same_moment_one_wins_and_the_other_is_told(app: Flask) -> None:
    event, kari = course(6, 3), organizer()
    seen = shown(event, kari)
    answers = at_once(app, [lambda: applications.decide(event.slug, seen, kari)] * 2)
    won = applications.Decided(seats=3, line=3, refused=0)
    assert sorted(answers, key=lambda one: one is AlreadyDecided) == [won, AlreadyDecided]
    told = Counter(one.occasion for one in all_letters())
    assert told == Counter(applied=6, seat_given=3, waiting=3, invitation=6)
    assert statuses() == ["registered"] * 3 + ["waitlisted"] * 3


def test_a_decision_and_a_withdrawal_at_once_leave_nobody_half_answered(app: Flask) -> None:
    event, kari = course(4), organizer()
    seen, key = shown(event, kari), key_of(ADDRESS.format(1))

    def withdraw() -> str:
        registrations.cancel(key)
        return "gone"

    answers = at_once(app, [lambda: applications.decide(event.slug, seen, kari), withdraw])
    if answers[0] is ListChanged:
        assert (statuses(), answers[1]) == (["cancelled", *["applied"] * 3], "gone")
    else:  # decided first: her seat went on to the line
        assert statuses() == ["cancelled", "registered", "registered", "waitlisted"]


def test_a_crash_in_the_middle_leaves_nothing_done(app: Flask) -> None:
    event, kari = course(4), organizer()
    seen, before = shown(event, kari), state()

    def break_down(session: Session, _context: object, _instances: object) -> None:
        if any(isinstance(one, OutboxEmail) and one.occasion == "waiting" for one in session.new):
            raise OSError("the power went")

    listening.listen(Session, "before_flush", break_down)
    try:
        with pytest.raises(OSError, match="the power went"):
            applications.decide(event.slug, seen, kari)
    finally:
        listening.remove(Session, "before_flush", break_down)
    assert state() == before
    assert applications.decide(event.slug, seen, kari).seats == 2


def test_nothing_is_decided_on_a_list_that_has_changed(app: Flask) -> None:
    event, kari = course(3), organizer()
    seen = shown(event, kari)
    registrations.sign_up(wish(event, 4))
    registrations.cancel(key_of(ADDRESS.format(2)))
    applications.move(event.slug, number(3), 1, WHY, kari)
    before = state()
    with pytest.raises(ListChanged) as refusal:
        applications.decide(event.slug, seen, kari)
    assert str(refusal.value) == (
        "Listen er endret siden du så den, så ingenting er avgjort. Kåre Ødegård 4 har søkt. "
        "Kåre Ødegård 2 er ikke lenger blant søkerne. Kari Nordmann har justert listen. Se over den på nytt."
    )
    assert state() == before


def test_what_else_may_have_changed_is_told_too(app: Flask) -> None:
    event, kari = course(3, criteria=["region"]), organizer()
    told = []
    for change in (_more_seats, _another_home):
        seen = shown(event, kari)
        change(event, kari)
        with pytest.raises(ListChanged) as refusal:
            applications.decide(event.slug, seen, kari)
        told.append(str(refusal.value).partition("avgjort. ")[2])
    assert told == [
        "Plassene eller kriteriene er endret. Se over den på nytt.",
        "Opplysningene om en søker er endret. Se over den på nytt.",
    ]
    for made_up in ("", "x", "1 2 3///", "\x00", "999999999//a/b"):
        with pytest.raises(ListChanged):
            applications.decide(event.slug, made_up, kari)


def _more_seats(event: Event, kari: Actor) -> None:
    plan = line.SeatsWish(capacity=3, fill_mode=FillMode.CONFIRM, offer_hours=48, fill_stops_days=0, role_shares=())
    line.set_seats(event.slug, plan, kari)


def _another_home(event: Event, kari: Actor) -> None:
    registrations.change_details(key_of(ADDRESS.format(1)), wish(event, 1, municipality="Oslo").person)


def test_a_list_that_is_made_up_names_nobody_from_another_event(app: Flask) -> None:
    other = make_event(slug="annet")
    registrations.sign_up(wish(other, 9, last_name="Hemmelig"))
    event, kari = course(1), organizer()
    with pytest.raises(ListChanged) as refusal:
        applications.decide(event.slug, f"{number(9)} {number(1)}///", kari)
    assert "Hemmelig" not in str(refusal.value)


def test_what_cannot_be_decided_is_refused(app: Flask, time: Clock) -> None:
    kari = organizer()
    ordinary, empty, off = make_event(), course(0), course(1, slug="avlyst")
    changes.call_off(off.slug, "Syk", actor=kari)
    late = course(2, slug="sent")
    for event, refusal in ((ordinary, NotByApplication), (empty, NobodyApplied), (off, EventOver)):
        with pytest.raises(refusal):
            applications.decide(event.slug, shown(event, kari), kari)
    seen = shown(late, kari)
    time.pass_by(days=100)
    with pytest.raises(TooLate):
        applications.decide(late.slug, seen, kari)


def test_nobody_but_an_organizer_of_the_event_decides(app: Flask) -> None:
    event, kari = course(2), organizer()
    others = (organizer("vest"), organizer("nord", UserRole.READER))
    seen, before = shown(event, kari), state()
    for actor in others:
        for act in (
            lambda actor=actor: applications.decide(event.slug, seen, actor),
            lambda actor=actor: applications.move(event.slug, number(1), 1, WHY, actor),
            lambda actor=actor: applications.fix(event.slug, number(1), Outcome.SEAT, WHY, actor),
            lambda actor=actor: applications.undo(event.slug, number(1), 1, actor),
            lambda actor=actor: looks.ranked(actor, event.slug, NOW),
            lambda actor=actor: looks.applicant(actor, event.slug, number(1), NOW),
            lambda actor=actor: looks.rules(actor, event.slug, NOW),
        ):
            with pytest.raises(NotFound):
                act()
    assert state() == before
    assert Criterion.TIME in looks.ranked(kari, event.slug, NOW).criteria
