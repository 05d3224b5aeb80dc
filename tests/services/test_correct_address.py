"""«Feil adresse? Rett den»: for the browser that signed up, and telling nobody anything."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from courseapp.db import db
from courseapp.domain.errors import NotFound
from courseapp.domain.registration import Status
from courseapp.mail import postman
from courseapp.models.registration import SignUpReceipt
from courseapp.services import housekeeping, registrations
from tests.conftest import Clock
from tests.keys import key_of
from tests.letters import all_letters, occasions, the_registration
from tests.letters import registrations as rows
from tests.making import make_event, person, wish

WRONG, RIGHT = "kare@leg.example.org", "kare@lege.example.org"


def test_nothing_goes_to_the_wrong_address_when_it_is_corrected_in_time(app: Flask) -> None:
    receipt = registrations.sign_up(wish(make_event(), email=WRONG)).receipt
    registrations.correct_address(receipt, RIGHT)
    assert (occasions(WRONG), occasions(RIGHT)) == ([], ["confirmation", "invitation", "invitation"])
    assert [(one.email, one.status) for one in rows()] == [(RIGHT, Status.REGISTERED)]


def test_an_address_that_has_got_mail_is_told_and_its_calendar_emptied(
    app: Flask, tmp_path: object, time: Clock
) -> None:
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
    app: Flask, tmp_path: object, time: Clock
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


def test_a_receipt_can_be_corrected_three_times(app: Flask) -> None:
    receipt = registrations.sign_up(wish(make_event(), email=WRONG)).receipt
    for number in range(3):
        registrations.correct_address(receipt, f"kare{number}@lege.example.org")
    with pytest.raises(NotFound):
        registrations.correct_address(receipt, RIGHT)


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


def deliver(folder: object, time: Clock) -> None:
    """Send everything that is due, as files."""
    from pathlib import Path

    while postman.deliver_due(Path(str(folder)) / "mail", time):
        pass
