"""«Feil adresse? Rett den»: for the browser that signed up, and telling nobody anything."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from courseapp.db import db, transaction
from courseapp.domain.errors import NotFound, TooManyTries
from courseapp.domain.event import EventStatus
from courseapp.domain.registration import Status
from courseapp.models.event import Event
from courseapp.models.registration import SignUpReceipt
from courseapp.services import housekeeping, registrations
from tests.conftest import Clock
from tests.keys import key_of
from tests.letters import all_letters, deliver, occasions, the_registration
from tests.letters import registrations as rows
from tests.making import make_event, person, wish

WRONG, RIGHT = "kare@leg.example.org", "kare@lege.example.org"


def test_nothing_goes_to_the_wrong_address_when_it_is_corrected_in_time(app: Flask) -> None:
    receipt = registrations.sign_up(wish(make_event(), email=WRONG)).receipt
    registrations.correct_address(receipt, RIGHT)
    assert (occasions(WRONG), occasions(RIGHT)) == ([], ["confirmation", "invitation", "invitation"])
    assert [(one.email, one.status) for one in rows()] == [(RIGHT, Status.REGISTERED)]


def test_an_address_that_has_got_mail_is_told_and_its_calendar_emptied(app: Flask, tmp_path: Path, time: Clock) -> None:
    receipt = registrations.sign_up(wish(make_event(), email=WRONG)).receipt
    deliver(tmp_path, time)
    registrations.correct_address(receipt, RIGHT)
    assert [(one.to_email, one.occasion, one.method, one.sequence) for one in all_letters()][3:] == [
        (WRONG, "address_changed", None, None),
        (WRONG, "invitation_cancelled", "CANCEL", 1),
        (WRONG, "invitation_cancelled", "CANCEL", 1),
        (RIGHT, "confirmation", None, None),
        (RIGHT, "invitation", "REQUEST", 2),
        (RIGHT, "invitation", "REQUEST", 2),
    ]


def test_the_old_link_is_dead_after_a_correction(app: Flask) -> None:
    receipt = registrations.sign_up(wish(make_event(), email=WRONG)).receipt
    old = key_of(WRONG)
    registrations.correct_address(receipt, RIGHT)
    with pytest.raises(NotFound):
        registrations.cancel(old)


def test_the_letter_to_the_old_address_names_neither_the_new_one_nor_a_secret_link(
    app: Flask, tmp_path: Path, time: Clock
) -> None:
    receipt = registrations.sign_up(wish(make_event(), email=WRONG)).receipt
    deliver(tmp_path, time)
    registrations.correct_address(receipt, RIGHT)
    told = next(one for one in all_letters() if one.occasion == "address_changed")
    assert [word for word in (RIGHT, "/min/") if word in told.text + told.html] == []


def test_a_stranger_who_corrects_gets_a_sign_up_of_her_own(app: Flask) -> None:
    event = make_event()
    registrations.sign_up(wish(event, 1))
    receipt = registrations.sign_up(wish(event, 1, first_name="Berit", last_name="Ny")).receipt
    registrations.correct_address(receipt, "berit@lege.example.org")
    assert [(one.first_name, one.email) for one in rows()] == [
        ("Kåre", "kare1@lege.example.org"),
        ("Berit", "berit@lege.example.org"),
    ]


def test_a_slip_gives_way_when_the_right_address_is_in_already(app: Flask) -> None:
    event = make_event(capacity=2)
    registrations.sign_up(wish(event, 1, email=RIGHT))
    receipt = registrations.sign_up(wish(event, 2, email=WRONG)).receipt
    registrations.correct_address(receipt, RIGHT)
    assert [(one.email, one.status) for one in rows()] == [(RIGHT, Status.REGISTERED), (WRONG, Status.CANCELLED)]
    assert occasions(RIGHT)[-1] == "already_registered"


def test_the_same_address_again_changes_nothing(app: Flask) -> None:
    receipt = registrations.sign_up(wish(make_event(), email=RIGHT)).receipt
    letters = len(all_letters())
    registrations.correct_address(receipt, RIGHT.upper())
    assert (len(all_letters()), the_registration(RIGHT).link_serial) == (letters, 1)


def test_a_receipt_lives_half_an_hour(app: Flask, time: Clock) -> None:
    receipt = registrations.sign_up(wish(make_event(), email=WRONG)).receipt
    time.pass_by(minutes=30)
    with pytest.raises(NotFound):
        registrations.correct_address(receipt, RIGHT)


def test_a_receipt_can_be_corrected_once(app: Flask) -> None:
    receipt = registrations.sign_up(wish(make_event(), email=WRONG)).receipt
    assert registrations.correct_address(receipt, RIGHT) is True
    with pytest.raises(NotFound):
        registrations.correct_address(receipt, "tredje@lege.example.org")


def test_who_has_used_the_secret_link_owns_the_address(app: Flask) -> None:
    receipt = registrations.sign_up(wish(make_event(), 1)).receipt
    registrations.change_details(key_of("kare1@lege.example.org"), person(1, note="Hemmelig"))
    with pytest.raises(NotFound):
        registrations.correct_address(receipt, "fremmed@example.org")


def test_a_known_and_an_unknown_address_end_alike_when_the_owner_acts(app: Flask) -> None:
    event = make_event()
    registrations.sign_up(wish(event, 1))
    stranger = registrations.sign_up(wish(event, 1)).receipt
    registrations.change_details(key_of("kare1@lege.example.org"), person(1))
    with pytest.raises(NotFound):
        registrations.correct_address(stranger, "fremmed@example.org")


@pytest.mark.parametrize("known", [True, False])
def test_after_the_deadline_both_show_the_corrected_address(app: Flask, time: Clock, known: bool) -> None:
    event = make_event(closes_at=time() + timedelta(minutes=5))
    if known:
        registrations.sign_up(wish(event, 1))
    receipt = registrations.sign_up(wish(event, 1)).receipt
    time.pass_by(minutes=10)
    registrations.correct_address(receipt, RIGHT)
    assert db.session.scalars(select(SignUpReceipt.email).order_by(SignUpReceipt.id.desc())).first() == RIGHT


def test_nothing_is_corrected_at_a_cancelled_event(app: Flask) -> None:
    event = make_event()
    receipt = registrations.sign_up(wish(event, email=WRONG)).receipt
    with transaction() as tx:
        tx.get_one(Event, event.id).status = EventStatus.CANCELLED
    with pytest.raises(NotFound):
        registrations.correct_address(receipt, RIGHT)


def test_an_address_can_be_written_to_only_so_often_in_an_hour(app: Flask) -> None:
    events = [make_event(slug=f"kurs-{number}") for number in range(13)]
    for event in events[:12]:
        registrations.sign_up(wish(event, 1))
    with pytest.raises(TooManyTries):
        registrations.sign_up(wish(events[12], 1))


def test_a_token_nobody_was_given_corrects_nothing(app: Flask) -> None:
    registrations.sign_up(wish(make_event(), email=WRONG))
    for token in ("", "x", "æ"):
        with pytest.raises(NotFound):
            registrations.correct_address(token, RIGHT)


def test_what_a_stranger_told_is_forgotten_when_the_receipt_ends(app: Flask, time: Clock) -> None:
    event = make_event()
    registrations.sign_up(wish(event, 1))
    registrations.sign_up(wish(event, 1, note="Hemmelig", dietary_needs="Nøtter"))
    kept = db.session.scalars(select(SignUpReceipt.wish).where(SignUpReceipt.registration_id.is_(None))).one()
    assert kept is not None
    assert (kept["note"], kept["dietary_needs"]) == ("Hemmelig", "")
    time.pass_by(minutes=31)
    housekeeping.tidy()
    db.session.rollback()
    assert db.session.scalars(select(SignUpReceipt)).all() == []


def test_my_details_can_be_changed_but_not_my_address(app: Flask) -> None:
    registrations.sign_up(wish(make_event(), 1, dietary_needs="Nøtter"))
    changed = replace(person(1, workplace="Ny legevakt"), email="annen@example.org")
    registrations.change_details(key_of("kare1@lege.example.org"), changed)
    one = rows()[0]
    db.session.refresh(one)
    assert (one.workplace, one.email, one.dietary) == ("Ny legevakt", "kare1@lege.example.org", None)
