"""Applications before they are decided: adjustments by hand with reasons, the rules, what each criterion says."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from courseapp.db import db
from courseapp.domain.access import Actor, UserRole
from courseapp.domain.errors import MoveNotAllowed, NotFound
from courseapp.domain.event import EventKind, EventStatus, SeatRule
from courseapp.domain.ranking import Criterion, Outcome
from courseapp.domain.registration import Role, Status, Supervises
from courseapp.models.event import Event
from courseapp.models.registration import ApplicationAdjustment
from courseapp.queries import applications as looks
from courseapp.services import applications, changes, line, registrations
from courseapp.services.applications import (
    AlreadyDecided,
    AnswersOwed,
    NoSuchRank,
    RulesWish,
    SeatsPromised,
    SomebodyWaits,
    WrongOrder,
)
from courseapp.services.changes import EventOver, ReasonMissing
from tests.conftest import NOW, Clock
from tests.keys import key_of
from tests.letters import all_letters, history, the_registration
from tests.making import make_event, wish
from tests.people import registered, save, share
from tests.services.test_applications import ADDRESS, WHY, course, decide, number
from tests.services.test_changes import organizer

RULES: dict[str, Any] = {
    "seat_rule": SeatRule.APPLICATION,
    "criteria": (Criterion.REGION, Criterion.ROLE),
    "role_order": (Role.ALIS, Role.LIS1),
    "refuses_rest": False,
}


def listed(event: Event, actor: Actor) -> list[tuple[str, str, int | None]]:
    """Who stands where, with what she would get, and her number in line."""
    db.session.rollback()
    page = looks.ranked(actor, event.slug, NOW)
    return [(one.name.rpartition(" ")[2], str(one.outcome), one.line) for one in page.rows]


def test_one_is_moved_with_a_reason_and_nobody_is_told(app: Flask) -> None:
    event, kari = course(4), organizer()
    letters = len(all_letters())
    applications.move(event.slug, number(4), 1, WHY, kari)
    assert listed(event, kari) == [("4", "seat", None), ("1", "seat", None), ("2", "line", 1), ("3", "line", 2)]
    row = looks.applicant(kari, event.slug, number(4), NOW).row
    assert (row.place, row.ranked, row.adjustments[0].reason, row.adjustments[0].by) == (1, 4, WHY, "Kari Nordmann")
    assert (history(number(4))[-1], len(all_letters())) == ("application_moved", letters)


def test_an_outcome_is_said_by_hand_and_can_be_taken_back(app: Flask) -> None:
    event, kari = course(3, 1), organizer()
    applications.fix(event.slug, number(3), Outcome.SEAT, WHY, kari)
    applications.fix(event.slug, number(1), Outcome.REFUSAL, "Feil kurs", kari)
    assert listed(event, kari) == [("1", "refusal", None), ("2", "line", 1), ("3", "seat", None)]
    (standing,) = looks.applicant(kari, event.slug, number(3), NOW).row.adjustments
    applications.undo(event.slug, number(3), standing.id, kari)
    applications.undo(event.slug, number(3), standing.id, kari)
    assert listed(event, kari) == [("1", "refusal", None), ("2", "seat", None), ("3", "line", 1)]
    (kept,) = looks.applicant(kari, event.slug, number(3), NOW).history
    assert (kept.reason, kept.undone_by, kept.undone_at) == (WHY, "Kari Nordmann", NOW)
    assert history(number(3)).count("application_undone") == 1


def test_the_newest_word_about_the_same_thing_stands(app: Flask) -> None:
    event, kari = course(4), organizer()
    for place in (1, 3, 2):
        applications.move(event.slug, number(4), place, f"Nr. {place}", kari)
    applications.fix(event.slug, number(4), Outcome.LINE, WHY, kari)
    page = looks.applicant(kari, event.slug, number(4), NOW)
    assert (page.row.place, [one.reason for one in page.row.adjustments]) == (2, [WHY, "Nr. 2"])
    assert [(one.reason, one.undone_at is None) for one in page.history] == [
        (WHY, True),
        ("Nr. 2", True),
        ("Nr. 3", False),
        ("Nr. 1", False),
    ]


def test_no_more_seats_by_hand_than_there_are(app: Flask) -> None:
    event, kari = course(3, 1), organizer()
    applications.fix(event.slug, number(3), Outcome.SEAT, WHY, kari)
    applications.fix(event.slug, number(3), Outcome.SEAT, "Samme én gang til", kari)
    with pytest.raises(SeatsPromised):
        applications.fix(event.slug, number(2), Outcome.SEAT, WHY, kari)
    assert decide(event, kari).seats == 1


def test_what_cannot_be_adjusted_is_refused(app: Flask) -> None:
    event, kari = course(2), organizer()
    other = course(1, slug="annet")
    for place in (0, 3, -1):
        with pytest.raises(NoSuchRank):
            applications.move(event.slug, number(2), place, WHY, kari)
    for reason in ("", " \n", "x" * 301):
        with pytest.raises(ReasonMissing):
            applications.move(event.slug, number(2), 1, reason, kari)
        with pytest.raises(ReasonMissing):
            applications.fix(event.slug, number(2), Outcome.SEAT, reason, kari)
    with pytest.raises(NotFound):
        applications.move(other.slug, number(2), 1, WHY, kari)
    with pytest.raises(NotFound):
        applications.undo(event.slug, number(2), 999, kari)
    registrations.cancel(key_of(ADDRESS.format(2)))
    with pytest.raises(MoveNotAllowed):
        applications.move(event.slug, number(2), 1, WHY, kari)
    assert db.session.scalar(select(func.count()).select_from(ApplicationAdjustment)) == 0


def test_an_adjustment_of_another_person_is_not_undone_under_this_ones_name(app: Flask) -> None:
    event, kari = course(2), organizer()
    applications.move(event.slug, number(2), 1, WHY, kari)
    (standing,) = looks.applicant(kari, event.slug, number(2), NOW).row.adjustments
    with pytest.raises(NotFound):
        applications.undo(event.slug, number(1), standing.id, kari)


def test_a_withdrawal_leaves_the_list_and_its_adjustments_count_no_more(app: Flask) -> None:
    event, kari = course(3, 1), organizer()
    applications.fix(event.slug, number(3), Outcome.SEAT, WHY, kari)
    registrations.cancel(key_of(ADDRESS.format(3)))
    assert listed(event, kari) == [("1", "seat", None), ("2", "line", 1)]
    with pytest.raises(NotFound):
        looks.applicant(kari, event.slug, number(3), NOW)


def test_rules_are_kept_in_their_order(app: Flask) -> None:
    event, kari = make_event(), organizer()
    applications.set_rules(event.slug, RulesWish(**RULES | {"refuses_rest": True}), kari)
    page = looks.rules(kari, event.slug, NOW)
    assert (page.seat_rule, page.criteria, page.role_order, page.refuses_rest) == (
        SeatRule.APPLICATION,
        (Criterion.REGION, Criterion.ROLE),
        (Role.ALIS, Role.LIS1),
        True,
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"criteria": (Criterion.REGION, Criterion.REGION)},
        {"criteria": (Criterion.TIME,)},
        {"role_order": (Role.ALIS, Role.ALIS)},
    ],
)
def test_an_order_that_is_none_is_refused(app: Flask, wrong: dict[str, Any]) -> None:
    event, kari = make_event(), organizer()
    with pytest.raises(WrongOrder):
        applications.set_rules(event.slug, RulesWish(**RULES | wrong), kari)


def test_the_rule_changes_only_when_it_breaks_no_promise(app: Flask) -> None:
    kari = organizer()
    by_turn, by_application = RulesWish(**RULES | {"seat_rule": SeatRule.FIRST_COME}), RulesWish(**RULES)
    waiting = make_event(slug="venter", capacity=1)
    for one in (1, 2):
        registrations.sign_up(wish(waiting, one))
    with pytest.raises(SomebodyWaits):
        applications.set_rules(waiting.slug, by_application, kari)
    applications.set_rules(waiting.slug, by_turn, kari)
    with_seats = make_event(slug="plass", capacity=2)
    registrations.sign_up(wish(with_seats, 3))
    applications.set_rules(with_seats.slug, by_application, kari)
    assert registrations.sign_up(wish(with_seats, 4)).status is Status.APPLIED
    with pytest.raises(AnswersOwed):
        applications.set_rules(with_seats.slug, by_turn, kari)
    applications.set_rules(with_seats.slug, RulesWish(**RULES | {"criteria": ()}), kari)
    registrations.cancel(key_of(ADDRESS.format(4)))
    applications.set_rules(with_seats.slug, by_turn, kari)
    decided = course(1, slug="avgjort")
    decide(decided, kari)
    with pytest.raises(AlreadyDecided):
        applications.set_rules(decided.slug, by_turn, kari)
    changes.call_off(with_seats.slug, "Syk", actor=kari)
    with pytest.raises(EventOver):
        applications.set_rules(with_seats.slug, by_application, kari)


def test_rules_are_set_by_organizers_only(app: Flask) -> None:
    event = make_event()
    for actor in (organizer("vest"), organizer("nord", UserRole.READER)):
        with pytest.raises(NotFound):
            applications.set_rules(event.slug, RulesWish(**RULES), actor)


def test_each_criterion_says_why_in_words(app: Flask) -> None:
    before = datetime(2025, 3, 18, 8, tzinfo=UTC)
    held = make_event(slug="holdt", status=EventStatus.HELD, starts=(before, before + timedelta(days=1)))
    elsewhere = make_event(slug="vest", office="vest", starts=(datetime(2027, 2, 8, 8, tzinfo=UTC),))
    save(registered(held, 1), registered(elsewhere, 2), registered(held, 3, status=Status.CANCELLED))
    other_kind = make_event(slug="kveld", kind=EventKind.ALIS_KVELD, status=EventStatus.HELD, starts=(before,))
    later = make_event(slug="senere", starts=(datetime(2027, 9, 6, 8, tzinfo=UTC),))
    save(registered(other_kind, 3), registered(later, 3))
    criteria = ["region", "supervises", "first_course", "role"]
    event = make_event(seat_rule=SeatRule.APPLICATION, criteria=criteria, role_order=["lis1", "alis"])
    registrations.sign_up(wish(event, 1, email="KARE1@lege.example.org", supervises=(Supervises.LIS1, Supervises.ALIS)))
    registrations.sign_up(wish(event, 2, municipality="Bergen", supervises=(Supervises.NONE,)))
    registrations.sign_up(wish(event, 3, municipality="", supervises=(), primary_role=Role.DOCTOR))
    registrations.sign_up(wish(event, 4, municipality="Atlantis"))
    kari = organizer()
    page = looks.ranked(kari, event.slug, NOW)
    said = {row.name[-1]: [(one.met, one.words) for one in row.criteria] for row in page.rows}
    assert said["1"][:4] == [
        (True, "Bodø hører til Nord"),
        (True, "Veileder LIS1 og ALIS nå"),
        (False, "Var på veilederkurs 18.–19. mars 2025"),
        (True, "ALIS, nr. 2 i rekkefølgen"),
    ]
    assert said["2"][:3] == [
        (False, "Bergen hører til Vest"),
        (False, "Veileder ingen nå"),
        (False, "Har plass på veilederkurs hos et annet kontor"),
    ]
    assert said["3"][:4] == [
        (False, "Kommune ikke oppgitt"),
        (False, "Ikke oppgitt"),
        (True, "Ikke på veilederkurs før"),
        (False, "Lege uten påbegynt spesialisering, ikke i rekkefølgen"),
    ]
    assert said["4"][0] == (False, "Kjenner ikke kommunen «Atlantis»")
    assert said["4"][4][1].replace("\N{NO-BREAK SPACE}", " ") == "Nr. 4, 11. januar 2027 kl. 10.00"
    assert [row.name[-1] for row in page.rows] == ["1", "4", "3", "2"]


def test_a_partners_municipalities_are_own_region(app: Flask) -> None:
    event, kari = course(0, criteria=["region"]), organizer()
    registrations.sign_up(wish(event, 1, municipality="Bergen"))
    assert [one.criteria[0].met for one in looks.ranked(kari, event.slug, NOW).rows] == [False]
    share(event, "vest")
    db.session.rollback()
    assert [one.criteria[0].met for one in looks.ranked(kari, event.slug, NOW).rows] == [True]


def test_applications_past_their_deadline_are_shouted_about_until_decided(app: Flask, time: Clock) -> None:
    kari, outside = organizer(), organizer("vest")
    event = course(2, closes_at=NOW + timedelta(days=1))
    course(0, slug="ingen", closes_at=NOW + timedelta(days=1))
    assert looks.undecided(kari, time()) == ()
    time.pass_by(days=2)
    (found,) = looks.undecided(kari, time())
    assert (found.slug, found.count, found.deadline, found.late) == (event.slug, 2, NOW + timedelta(days=1), False)
    assert looks.undecided(outside, time()) == ()
    assert looks.undecided(organizer("nord", UserRole.READER), time()) == ()
    share(event, "vest")
    assert [one.slug for one in looks.undecided(outside, time())] == [event.slug]
    decide(event, kari)
    assert looks.undecided(kari, time()) == ()


def test_it_is_shouted_while_the_event_goes_on_and_not_after_it(app: Flask, time: Clock) -> None:
    course(1, closes_at=None), organizer("midt")
    kari = organizer()
    found = []
    for day in (70, 1, 40):
        time.pass_by(days=day)
        found.append([one.late for one in looks.undecided(kari, time())])
    assert found == [[True], [True], []]


def test_the_page_says_when_it_is_early_overdue_or_late(app: Flask, time: Clock) -> None:
    event, kari = course(1, closes_at=NOW + timedelta(days=1)), organizer()
    found = []
    for day in (0, 2, 100):
        time.pass_by(days=day)
        page = looks.ranked(kari, event.slug, time())
        found.append((page.early, page.overdue, page.late))
    assert found == [(True, False, False), (False, True, False), (False, True, True)]


def test_given_by_hand_leaves_the_list(app: Flask) -> None:
    event, kari = course(2, 1), organizer()
    line.give_seat(event.slug, number(2), WHY, kari)
    assert listed(event, kari) == [("1", "line", 1)]
    assert the_registration(ADDRESS.format(2)).status is Status.REGISTERED
