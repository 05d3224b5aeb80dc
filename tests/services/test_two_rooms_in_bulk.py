"""Applications decided and lists imported where there are two rooms: one order, and each room its own seats."""

from collections.abc import Sequence

import pytest
from flask import Flask
from sqlalchemy import select

from courseapp import clock
from courseapp.db import db
from courseapp.domain.event import SeatRule
from courseapp.domain.modes import Mode
from courseapp.domain.people_file import WRONG_MODE
from courseapp.domain.ranking import Outcome
from courseapp.domain.registration import Status
from courseapp.links import links
from courseapp.models.event import Event
from courseapp.models.registration import Registration
from courseapp.queries import people_import as looks
from courseapp.queries import ranking, yearly_facts
from courseapp.queries.registrations import details
from courseapp.services import applications, people_import, registrations
from courseapp.services.applications import SeatsPromised
from courseapp.services.people_import import ImportWish
from tests.conftest import Clock
from tests.letters import registrations as everybody
from tests.making import make_event, make_hybrid, wish_in
from tests.people import organizer

PHYSICAL, DIGITAL = Mode.PHYSICAL, Mode.DIGITAL
HEADINGS = ("Fornavn", "Etternavn", "E-post", "Rolle", "Deltakelse")


def applied(*rooms: Mode) -> Event:
    event = make_hybrid(1, 1, seat_rule=SeatRule.APPLICATION)
    for number, mode in enumerate(rooms, start=1):
        registrations.sign_up(wish_in(event, mode, number))
    return event


def outcomes(event: Event) -> list[Outcome]:
    db.session.rollback()
    return [one.outcome for one in ranking.standing(db.session(), db.session.get_one(Event, event.id)).proposed]


def test_applications_are_ranked_together_and_seated_apart(app: Flask) -> None:
    event, kari = applied(PHYSICAL, PHYSICAL, DIGITAL, DIGITAL), organizer()
    assert outcomes(event) == [Outcome.SEAT, Outcome.LINE, Outcome.SEAT, Outcome.LINE]
    mark = ranking.standing(db.session(), db.session.get_one(Event, event.id)).shown.text()
    assert applications.decide(event.slug, mark, kari) == applications.Decided(seats=2, line=2, refused=0)
    assert [(one.status, one.mode) for one in everybody()] == [
        (Status.REGISTERED, PHYSICAL),
        (Status.WAITLISTED, PHYSICAL),
        (Status.REGISTERED, DIGITAL),
        (Status.WAITLISTED, DIGITAL),
    ]


def test_no_more_seats_are_promised_by_hand_than_a_room_has(app: Flask) -> None:
    event, kari = applied(PHYSICAL, PHYSICAL, DIGITAL), organizer()
    first, second, third = (one.id for one in everybody())
    applications.fix(event.slug, second, Outcome.SEAT, "Skal veilede", kari)
    applications.fix(event.slug, third, Outcome.SEAT, "Skal veilede", kari)
    with pytest.raises(SeatsPromised):
        applications.fix(event.slug, first, Outcome.SEAT, "Skal veilede", kari)
    assert outcomes(event) == [Outcome.LINE, Outcome.SEAT, Outcome.SEAT]


def test_an_applicant_changes_room_and_is_seated_there(app: Flask) -> None:
    event = applied(PHYSICAL, PHYSICAL)
    one = everybody()[1]
    registrations.change_details(links().key(one.id, one.link_serial), details(one), mode=DIGITAL)
    assert (outcomes(event), everybody()[1].status) == ([Outcome.SEAT, Outcome.SEAT], Status.APPLIED)


def listed(event: Event, rows: Sequence[str]) -> tuple[list[Status], list[str]]:
    """What a trial says of people who take part in these ways, and what is wrong with them."""
    kari = organizer()
    people = [("Kåre", f"Lie {at}", f"k{at}@lege.example.org", "alis", mode) for at, mode in enumerate(rows)]
    number = people_import.keep(event.slug, HEADINGS, list(enumerate(people, start=2)), kari)
    shown = looks.upload(kari, event.slug, number, clock.now())
    columns = [one.field for one in shown.columns]
    people_import.set_columns(event.slug, number, columns, {one.text: one.role for one in shown.roles}, kari)
    tried = looks.trial_page(kari, event.slug, number, clock.now())
    assert tried is not None
    problems = [problem for row in tried.trial.rows for problem in row.read.problems]
    if not problems:
        asked = ImportWish(seen=tried.trial.seen, mail=False, skip_wrong=False)
        people_import.run(event.slug, number, asked, kari)
    return list(tried.trial.statuses), problems


def test_a_list_says_how_each_takes_part_and_each_room_has_its_line(app: Flask) -> None:
    event = make_hybrid(1, 2)
    statuses, problems = listed(event, ["fysisk", "Digitalt", "", "digital", "på nett"])
    assert problems == []
    assert statuses == [
        Status.REGISTERED,
        Status.REGISTERED,
        Status.WAITLISTED,
        Status.REGISTERED,
        Status.WAITLISTED,
    ]
    db.session.rollback()
    kept = db.session.execute(select(Registration.mode, Registration.status).order_by(Registration.id)).all()
    assert [row[0] for row in kept] == [PHYSICAL, DIGITAL, PHYSICAL, DIGITAL, DIGITAL]
    assert [row[1] for row in kept] == statuses


def test_a_word_that_is_neither_is_wrong(app: Flask) -> None:
    assert listed(make_hybrid(5, None), ["kanskje"]) == ([], [WRONG_MODE])


def test_the_column_means_nothing_where_there_is_one_room(app: Flask) -> None:
    event = make_event(capacity=5)
    assert listed(event, ["kanskje"]) == ([Status.REGISTERED], [])
    assert [one.mode for one in everybody()] == [None]


def test_the_report_counts_those_with_a_seat_in_each_room(app: Flask, time: Clock) -> None:
    event = make_hybrid(2, None)
    for number, mode in enumerate([PHYSICAL, PHYSICAL, PHYSICAL, DIGITAL], start=1):
        registrations.sign_up(wish_in(event, mode, number))
    time.pass_by(days=100)
    db.session.rollback()
    held = db.session.get_one(Event, event.id)
    facts = yearly_facts.facts(held, yearly_facts.people_of([event.id])[event.id], held.office_id)
    assert (facts.hybrid, dict(facts.modes)) == (True, {PHYSICAL: 2, DIGITAL: 1})
