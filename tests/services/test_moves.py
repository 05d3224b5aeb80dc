"""Moving: to another address, and to another course of the same kind without losing a seat on the way."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from courseapp.db import db
from courseapp.domain.errors import (
    AlreadyRegistered,
    DeadlinePassed,
    DomainError,
    EventCancelled,
    EventStarted,
    MoveNotAllowed,
    NotFound,
    SignUpClosed,
    TooManyTries,
)
from courseapp.domain.event import EventKind, EventStatus, FillMode, SeatRule
from courseapp.domain.registration import Source, Status
from courseapp.links import links
from courseapp.mail import postman
from courseapp.models.event import Event
from courseapp.models.registration import Registration
from courseapp.services import moves, registrations
from courseapp.services.moves import AddressNotUsable, NotThatCourse
from tests.conftest import NOW, Clock
from tests.keys import key_of
from tests.letters import all_letters, deliver, history, occasions, the_registration
from tests.letters import registrations as rows
from tests.making import make_event, person, wish

OLD, NEW = "kare1@lege.example.org", "kare.ny@lege.example.org"
INVITED = ["confirmation", "invitation", "invitation"]
ENDED = ["cancelled", "invitation_cancelled", "invitation_cancelled"]


def standings(email: str = OLD) -> list[tuple[int, Status]]:
    """(event id, status) of each registration of an address."""
    return [(one.event_id, one.status) for one in rows() if one.email == email]


def signed_up(number: int = 1, **facts: Any) -> Event:
    """An event, and one who is in it."""
    event = make_event(**facts)
    registrations.sign_up(wish(event, number))
    return event


def test_both_addresses_are_told_and_the_calendar_moves(app: Flask, tmp_path: Path, time: Clock) -> None:
    signed_up()
    while postman.deliver_due(tmp_path / "mail", time):
        pass
    assert moves.change_address(key_of(OLD), person(1, email=NEW))
    assert [(one.to_email, one.occasion, one.method, one.sequence) for one in all_letters()][3:] == [
        (OLD, "address_changed", None, None),
        (OLD, "invitation_cancelled", "CANCEL", 1),
        (OLD, "invitation_cancelled", "CANCEL", 1),
        (NEW, "confirmation", None, None),
        (NEW, "invitation", "REQUEST", 2),
        (NEW, "invitation", "REQUEST", 2),
    ]


def test_the_old_calendar_is_cleared_even_when_she_leaves_before_the_postman_comes(
    app: Flask, tmp_path: Path, time: Clock
) -> None:
    signed_up()
    deliver(tmp_path, time)
    moves.change_address(key_of(OLD), person(1, email=NEW))
    registrations.cancel(key_of(NEW))
    told = [(one.to_email, one.method, one.sequence) for one in all_letters()[3:] if one.method]
    assert told == [(OLD, "CANCEL", 1), (OLD, "CANCEL", 1)]


def test_the_old_link_is_dead_and_the_place_is_kept(app: Flask) -> None:
    event = signed_up()
    key = key_of(OLD)
    moves.change_address(key, person(1, email=NEW, workplace="Ny legevakt"))
    with pytest.raises(NotFound):
        moves.change_address(key, person(1, email=OLD))
    one = the_registration(NEW)
    assert (standings(NEW), one.workplace, history(one.id)) == (
        [(event.id, Status.REGISTERED)],
        "Ny legevakt",
        ["signed_up", "address_changed"],
    )


def test_the_same_address_in_other_letters_is_no_change(app: Flask) -> None:
    signed_up()
    key = key_of(OLD)
    assert not moves.change_address(key, person(1, email=OLD.upper(), workplace="Ny legevakt"))
    assert (key_of(OLD), rows()[0].workplace, len(all_letters())) == (key, "Ny legevakt", 3)


def test_an_address_that_is_in_already_is_refused_and_nothing_is_saved(app: Flask) -> None:
    event = signed_up()
    registrations.sign_up(wish(event, 2))
    before = len(all_letters())
    with pytest.raises(AddressNotUsable) as refused:
        moves.change_address(key_of(OLD), person(1, email="KARE2@lege.example.org", workplace="Ny legevakt"))
    assert [word for word in ("påmeldt", "registrert", "allerede") if word in str(refused.value)] == []
    assert ([one.workplace for one in rows()], len(all_letters())) == (["Havna legekontor"] * 2, before)


def test_an_address_that_left_the_event_can_be_used(app: Flask) -> None:
    event = signed_up()
    registrations.sign_up(wish(event, 2))
    registrations.cancel(key_of("kare2@lege.example.org"))
    assert moves.change_address(key_of(OLD), person(1, email="kare2@lege.example.org"))


def test_who_has_an_offer_takes_it_along(app: Flask) -> None:
    event = signed_up(2, capacity=1, fill_mode=FillMode.OFFER)
    registrations.sign_up(wish(event, 1))
    registrations.cancel(key_of("kare2@lege.example.org"))
    moves.change_address(key_of(OLD), person(1, email=NEW))
    assert (standings(NEW), occasions(NEW)) == ([(event.id, Status.OFFERED)], ["offer"])


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"status": EventStatus.CANCELLED}, EventCancelled),
        ({"starts_at": NOW}, EventStarted),
    ],
)
def test_no_address_is_changed_when_there_is_nothing_to_come(
    app: Flask, change: dict[str, Any], refusal: type[DomainError]
) -> None:
    event = signed_up()
    set_facts(event, **change)
    with pytest.raises(refusal):
        moves.change_address(key_of(OLD), person(1, email=NEW))


def test_who_has_cancelled_changes_no_address(app: Flask) -> None:
    signed_up()
    registrations.cancel(key_of(OLD))
    with pytest.raises(MoveNotAllowed):
        moves.change_address(key_of(OLD), person(1, email=NEW))


def test_nobody_can_bury_an_address_in_mail(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moves, "MOST_LETTERS_AN_HOUR", 2)
    signed_up()
    for old, new in ((OLD, NEW), (NEW, OLD), (OLD, NEW)):
        moves.change_address(key_of(old), person(1, email=new))
    with pytest.raises(TooManyTries):
        moves.change_address(key_of(NEW), person(1, email=OLD))
    assert [one.email for one in rows()] == [NEW]


def test_a_free_seat_there_ends_the_one_here(app: Flask, tmp_path: Path, time: Clock) -> None:
    here, there = signed_up(), make_event(office="vest")
    while postman.deliver_due(tmp_path / "mail", time):
        pass
    assert moves.move(key_of(OLD), there.slug) is Status.REGISTERED
    assert standings() == [(here.id, Status.CANCELLED), (there.id, Status.REGISTERED)]
    assert occasions(OLD) == INVITED + INVITED + ENDED
    gone, come = rows()
    assert history(gone.id) == ["signed_up", "moved_to", "cancelled"]
    assert (history(come.id), come.source, come.workplace) == (["moved_from"], Source.PUBLIC, gone.workplace)


def test_the_seat_left_behind_goes_to_the_next_in_line(app: Flask) -> None:
    here, there = signed_up(capacity=1), make_event()
    registrations.sign_up(wish(here, 2))
    moves.move(key_of(OLD), there.slug)
    assert standings("kare2@lege.example.org") == [(here.id, Status.REGISTERED)]


def test_a_full_course_gives_a_place_in_line_and_the_seat_is_kept(app: Flask) -> None:
    here, there = signed_up(), signed_up(2, capacity=1)
    assert moves.move(key_of(OLD), there.slug) is Status.WAITLISTED
    assert standings() == [(here.id, Status.REGISTERED), (there.id, Status.WAITLISTED)]
    assert occasions(OLD) == [*INVITED, "waiting"]
    told = all_letters()[-1]
    kept = f"«{here.title}, 22. mars og 22. april 2027» gjelder fortsatt"
    assert [kept in " ".join(text.replace("\N{NO-BREAK SPACE}", " ").split()) for text in (told.text, told.html)] == [
        True,
        True,
    ]
    assert [history(one.id)[-1] for one in rows() if one.email == OLD] == ["waits_elsewhere", "moved_from"]


def test_an_application_keeps_the_seat_too(app: Flask) -> None:
    here, there = signed_up(), make_event(seat_rule=SeatRule.APPLICATION)
    assert moves.move(key_of(OLD), there.slug) is Status.APPLIED
    assert (standings()[0], occasions(OLD)[-1]) == ((here.id, Status.REGISTERED), "applied")


def test_from_a_place_in_line_to_a_seat(app: Flask) -> None:
    here, there = signed_up(2, capacity=1), make_event()
    registrations.sign_up(wish(here, 1))
    moves.move(key_of(OLD), there.slug)
    assert standings() == [(here.id, Status.CANCELLED), (there.id, Status.REGISTERED)]


def test_a_consent_goes_along_as_it_was_given(app: Flask, time: Clock) -> None:
    here, there = make_event(), make_event()
    registrations.sign_up(wish(here, 1, dietary_needs="Nøtter"))
    time.pass_by(days=1)
    moves.move(key_of(OLD), there.slug)
    kept = the_registration(OLD).dietary
    assert kept is not None
    assert (kept.needs, kept.consented_at) == ("Nøtter", NOW)


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"status": EventStatus.DRAFT}, NotThatCourse),
        ({"kind": EventKind.WEBINAR}, NotThatCourse),
        ({"kind": EventKind.STAND}, NotThatCourse),
        ({"status": EventStatus.CLOSED}, SignUpClosed),
        ({"status": EventStatus.CANCELLED}, EventCancelled),
        ({"closes_at": NOW - timedelta(days=1)}, DeadlinePassed),
    ],
)
def test_where_nobody_can_sign_up_nobody_moves(app: Flask, facts: dict[str, Any], refusal: type[DomainError]) -> None:
    signed_up()
    there = make_event(**facts)
    before = len(all_letters())
    with pytest.raises(refusal):
        moves.move(key_of(OLD), there.slug)
    assert ([status for _, status in standings()], len(all_letters())) == ([Status.REGISTERED], before)


@pytest.mark.parametrize("slug", ["", "finnes-ikke", "\x00", "x\x00y", "æøå", "a" * 5000, "' OR 1=1 --"])
def test_a_course_that_is_not_there_is_refused(app: Flask, slug: str) -> None:
    signed_up()
    with pytest.raises(NotThatCourse):
        moves.move(key_of(OLD), slug)


def test_the_same_course_is_no_other(app: Flask) -> None:
    here = signed_up()
    with pytest.raises(NotThatCourse):
        moves.move(key_of(OLD), here.slug)


def test_a_second_click_moves_nobody(app: Flask) -> None:
    signed_up()
    there, key = make_event(), key_of(OLD)
    moves.move(key, there.slug)
    with pytest.raises(MoveNotAllowed):
        moves.move(key, there.slug)
    full = signed_up(3, capacity=1)
    moves.move(key_of(OLD), full.slug)
    with pytest.raises(AlreadyRegistered):
        moves.move(links().key(rows()[1].id, 1), full.slug)
    assert [status for _, status in standings()] == [Status.CANCELLED, Status.REGISTERED, Status.WAITLISTED]


def test_nobody_moves_from_a_course_that_has_begun(app: Flask) -> None:
    set_facts(signed_up(), starts_at=NOW)
    with pytest.raises(EventStarted):
        moves.move(key_of(OLD), make_event().slug)


@pytest.mark.parametrize("key", ["", "x", "\x00", "æ"])
def test_a_key_nobody_was_given_moves_nothing(app: Flask, key: str) -> None:
    there = signed_up()
    for wrong in (key, links().key(99, 1), links().key(rows()[0].id, 2)):
        with pytest.raises(NotFound):
            moves.move(wrong, there.slug)
        with pytest.raises(NotFound):
            moves.change_address(wrong, person(1, email=NEW))


def test_those_who_change_places_never_wait_for_each_other(app: Flask) -> None:
    one, other = make_event(), make_event()
    for number in range(12):
        registrations.sign_up(wish(one if number % 2 else other, number))
    keys = [(key_of(f"kare{number}@lege.example.org"), (other if number % 2 else one).slug) for number in range(12)]

    def change(key: str, slug: str) -> None:
        with app.app_context():
            moves.move(key, slug)

    with ThreadPoolExecutor(6) as pool:
        for job in [pool.submit(Context().run, change, key, slug) for key, slug in keys]:
            job.result(60)
    db.session.rollback()
    seated = db.session.execute(select(Registration.event_id).where(Registration.status == Status.REGISTERED)).all()
    assert sorted(row[0] for row in seated) == [one.id] * 6 + [other.id] * 6


def set_facts(event: Event, **facts: Any) -> None:
    """Write facts past the services."""
    with db.engine.begin() as connection:
        connection.execute(
            Event.__table__.update().where(Event.__table__.c.id == event.id).values(**facts)  # type: ignore[attr-defined]
        )
