"""Signing up: who gets a seat, who is told what, and what a stranger learns."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from courseapp.db import db
from courseapp.domain.consent import DIETARY_VERSION
from courseapp.domain.errors import (
    DeadlinePassed,
    DomainError,
    EventCancelled,
    NotFound,
    SignUpClosed,
    SignUpNotOpenYet,
)
from courseapp.domain.event import EventKind, EventStatus, SeatRule
from courseapp.domain.language import Language
from courseapp.domain.registration import Role, Status, Supervises
from courseapp.domain.rows import SignUp
from courseapp.models.registration import CalendarEntry, DietaryNeed, SignUpReceipt
from courseapp.queries.registrations import details
from courseapp.services import registrations
from tests.conftest import NOW, Clock
from tests.keys import key_of
from tests.letters import all_letters, history, occasions, the_registration
from tests.letters import registrations as rows
from tests.making import make_event, person, wish


def test_the_second_of_one_seat_waits_in_line(app: Flask) -> None:
    event = make_event(capacity=1)
    first, second = (registrations.sign_up(wish(event, number)) for number in (1, 2))
    assert [(first.status, first.position), (second.status, second.position)] == [
        (Status.REGISTERED, None),
        (Status.WAITLISTED, 1),
    ]


def test_without_a_capacity_everybody_gets_a_seat(app: Flask) -> None:
    event = make_event(capacity=None)
    assert {registrations.sign_up(wish(event, number)).status for number in range(5)} == {Status.REGISTERED}


def test_everybody_applies_where_seats_are_given_by_application(app: Flask) -> None:
    event = make_event(capacity=1, seat_rule=SeatRule.APPLICATION)
    assert [registrations.sign_up(wish(event, number)).status for number in (1, 2)] == [Status.APPLIED] * 2
    assert occasions("kare1@lege.example.org") == ["applied"]


def test_a_seat_brings_a_confirmation_and_one_invitation_per_session(app: Flask) -> None:
    event = make_event()
    registrations.sign_up(wish(event))
    assert [(one.occasion, one.method, one.sequence) for one in all_letters()] == [
        ("confirmation", None, None),
        ("invitation", "REQUEST", 0),
        ("invitation", "REQUEST", 0),
    ]


def test_the_invitations_point_back_to_the_confirmation(app: Flask) -> None:
    registrations.sign_up(wish(make_event()))
    confirmation, *invitations = all_letters()
    assert [one.references for one in invitations] == [confirmation.message_id] * 2


def test_a_place_in_line_brings_one_receipt_and_nothing_for_the_calendar(app: Flask) -> None:
    event = make_event(capacity=1)
    registrations.sign_up(wish(event, 1))
    registrations.sign_up(wish(event, 2))
    assert occasions("kare2@lege.example.org") == ["waiting"]
    assert db.session.scalars(select(CalendarEntry.registration_id).distinct()).all() == [rows()[0].id]


def test_what_was_told_is_kept_word_for_word(app: Flask) -> None:
    told = person(
        other_roles=(Role.SAMLIS, Role.LIS1),
        supervises=(Supervises.ALIS, Supervises.SAMLIS),
        note="Kommer med toget 08.12",
        dietary_needs="Tåler ikke nøtter",
        hpr_number="1234567",
        email="Kare.Odegard@Lege.example.org",
        language=Language.NYNORSK,
    )
    registrations.sign_up(SignUp(event_id=make_event().id, person=told))
    assert details(rows()[0]) == told


def test_dietary_needs_are_kept_apart_and_stand_in_no_letter(app: Flask) -> None:
    registrations.sign_up(wish(make_event(), dietary_needs="Tåler ikke nøtter"))
    kept = db.session.scalars(select(DietaryNeed)).one()
    assert (kept.needs, kept.consented_at, kept.consent_version) == (
        "Tåler ikke nøtter",
        NOW,
        DIETARY_VERSION,
    )
    assert [one.id for one in all_letters() if "nøtter" in f"{one.text}{one.html}{one.ics}"] == []


def test_a_second_sign_up_with_the_same_address_changes_nothing(app: Flask) -> None:
    event = make_event()
    registrations.sign_up(wish(event, 1))
    registrations.sign_up(wish(event, 1, last_name="Fremmed", email="KARE1@lege.example.org"))
    assert [one.last_name for one in rows()] == ["Ødegård 1"]


def test_only_the_owner_of_an_address_is_told_of_a_second_sign_up(app: Flask) -> None:
    event = make_event(starts=(NOW + timedelta(days=30),))
    registrations.sign_up(wish(event, 1))
    registrations.sign_up(wish(event, 1, email="KARE1@lege.example.org"))
    assert [(one.occasion, one.to_email) for one in all_letters()] == [
        ("confirmation", "kare1@lege.example.org"),
        ("invitation", "kare1@lege.example.org"),
        ("already_registered", "kare1@lege.example.org"),
    ]
    assert history(rows()[0].id) == ["signed_up", "sign_up_repeated"]


@pytest.mark.parametrize("capacity", [None, 30, 2, 1])
def test_a_stranger_is_answered_as_a_first_sign_up_would_be(app: Flask, capacity: int | None) -> None:
    event = make_event(capacity=capacity)
    registrations.sign_up(wish(event, 1))
    stranger = registrations.sign_up(wish(event, 1))
    newcomer = registrations.sign_up(wish(event, 2))
    assert (stranger.status, stranger.position) == (newcomer.status, newcomer.position)


def test_nobody_can_bury_an_address_in_mail(app: Flask, time: Clock) -> None:
    event = make_event(starts=(NOW + timedelta(days=30),))
    for _ in range(10):
        registrations.sign_up(wish(event, 1))
    assert occasions("kare1@lege.example.org").count("already_registered") == 3
    time.pass_by(hours=1)
    registrations.sign_up(wish(event, 1))
    assert occasions("kare1@lege.example.org").count("already_registered") == 4


def test_who_has_cancelled_can_sign_up_again_at_the_end_of_the_line(app: Flask) -> None:
    event = make_event(capacity=1)
    for number in (1, 2, 3):
        registrations.sign_up(wish(event, number))
    registrations.cancel(key_of("kare2@lege.example.org"))
    again = registrations.sign_up(wish(event, 2))
    assert (again.status, again.position) == (Status.WAITLISTED, 2)


REFUSED: list[tuple[dict[str, Any], type[DomainError]]] = [
    ({"status": EventStatus.DRAFT}, NotFound),
    ({"kind": EventKind.STAND}, NotFound),
    ({"status": EventStatus.CANCELLED}, EventCancelled),
    ({"status": EventStatus.CLOSED}, SignUpClosed),
    ({"status": EventStatus.HELD}, SignUpClosed),
    ({"opens_at": NOW + timedelta(seconds=1)}, SignUpNotOpenYet),
    ({"closes_at": NOW - timedelta(seconds=1)}, DeadlinePassed),
    ({"starts": (NOW,), "closes_at": None}, SignUpClosed),
]


@pytest.mark.parametrize(("facts", "reason"), REFUSED)
def test_a_sign_up_is_refused_with_its_reason_and_leaves_nothing(
    app: Flask, facts: dict[str, Any], reason: type[DomainError]
) -> None:
    event = make_event(**facts)
    with pytest.raises(DomainError) as refusal:
        registrations.sign_up(wish(event))
    assert (type(refusal.value), rows(), all_letters(), db.session.scalars(select(SignUpReceipt)).all()) == (
        reason,
        [],
        [],
        [],
    )


def test_the_deadline_itself_is_still_in_time(app: Flask) -> None:
    assert registrations.sign_up(wish(make_event(closes_at=NOW))).status == Status.REGISTERED


def test_an_unknown_event_is_not_found(app: Flask) -> None:
    with pytest.raises(NotFound):
        registrations.sign_up(SignUp(event_id=999, person=person()))


def test_a_failing_letter_takes_the_seat_with_it(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    event = make_event()

    def broken(*_: object) -> bytes:
        raise RuntimeError("no ink")

    monkeypatch.setattr("courseapp.calendar.invite.request", broken)
    with pytest.raises(RuntimeError):
        registrations.sign_up(wish(event))
    assert (rows(), all_letters()) == ([], [])


def test_the_registration_says_where_it_came_from(app: Flask) -> None:
    registrations.sign_up(wish(make_event()))
    assert str(the_registration("kare1@lege.example.org").source) == "public"
