"""Pages of an event with two rooms: chosen on the form, shown apart, changed on «Min påmelding» and at the desk."""

from __future__ import annotations

import pytest
from flask import Flask

from courseapp.domain.modes import Mode
from courseapp.domain.registration import Status
from courseapp.links import links
from courseapp.models.event import Event
from tests.conftest import Clock
from tests.journeys.test_doctor import FORM
from tests.letters import registrations, the_registration
from tests.making import LINK, make_event, make_hybrid
from tests.pages import XHTML, Visitor, words
from tests.people import join, logged_in

A = "anne@lege.example.org"
DESK = "/kontor/arrangementer"
ERRORS = {"both": "Velg ett av alternativene under «Hvordan vil du delta?»."}


def sign_up(app: Flask, event: Event, email: str = A, **more: str) -> str:
    """The way to her own page."""
    Visitor(app).post(f"/arrangementer/{event.slug}/pamelding", {**FORM, "email": email, **more})
    one = the_registration(email)
    return f"/min/{links().key(one.id, one.link_serial)}"


def test_list_page_and_form_say_what_is_left_of_each_room(app: Flask) -> None:
    event = make_hybrid(30, None)
    join(event, 21, mode=Mode.PHYSICAL)
    visitor = Visitor(app)
    page = visitor.get(f"/arrangementer/{event.slug}")
    assert page.one("main").get("data-seats-left") == ""
    for one in (page, visitor.get("/")):
        assert "I salen: 9 av 30 plasser ledige" in one.text
        assert "Digitalt: ingen grense" in one.text
        assert "eller digitalt" in one.text
        assert LINK not in one.body
    form = visitor.get(f"/arrangementer/{event.slug}/pamelding")
    assert "I salen: 9 av 30 plasser ledige. Digitalt: ingen grense." in form.text
    assert [one.get("value") for one in form.all("input", name="mode")] == ["physical", "digital"]


def test_the_seats_left_of_the_page_are_the_sum_of_both_rooms(app: Flask) -> None:
    event = make_hybrid(10, 5)
    join(event, 4, mode=Mode.PHYSICAL)
    join(event, 2, first=10, mode=Mode.DIGITAL)
    assert Visitor(app).get(f"/arrangementer/{event.slug}").one("main").get("data-seats-left") == "9"


def test_a_sign_up_without_the_choice_is_sent_back_with_everything_kept(app: Flask) -> None:
    event = make_hybrid()
    for sent in ({}, {"mode": ""}, {"mode": "both"}):
        page = Visitor(app).post(f"/arrangementer/{event.slug}/pamelding", {**FORM, **sent}, expect=422)
        assert page.errors == [ERRORS.get(sent.get("mode", ""), "Velg hvordan du vil delta.")]
        assert page.value("workplace") == FORM["workplace"]
    assert registrations() == []


def test_a_full_room_gives_a_place_in_its_own_line(app: Flask) -> None:
    event = make_hybrid(1, None)
    sign_up(app, event, "forst@lege.example.org", mode="physical")
    page = Visitor(app).get(sign_up(app, event, A, mode="physical"))
    assert page.one("main").get("data-status") == "waitlisted"
    assert "nummer 1" in words(page.one("h1"))
    assert (the_registration(A).status, the_registration(A).mode) == (Status.WAITLISTED, Mode.PHYSICAL)


def test_her_own_page_shows_her_own_room(app: Flask) -> None:
    event = make_hybrid(5, None)
    here = Visitor(app).get(sign_up(app, event, A, mode="digital"))
    there = Visitor(app).get(sign_up(app, event, "bjorn@lege.example.org", mode="physical"))
    assert [LINK in here.body, LINK in there.body] == [True, False]
    assert ["Sjøgata 1" in here.text, "Sjøgata 1" in there.text] == [False, True]


def test_she_changes_room_while_there_is_a_seat_and_reads_why_when_there_is_none(app: Flask) -> None:
    event = make_hybrid(1, None)
    mine = sign_up(app, event, A, mode="digital")
    visitor = Visitor(app)
    visitor.post(f"{mine}/endre", {**FORM, "email": A, "mode": "physical"}, expect=303)
    assert the_registration(A).mode is Mode.PHYSICAL
    other = sign_up(app, event, "bjorn@lege.example.org", mode="digital")
    told = {**FORM, "email": "bjorn@lege.example.org", "mode": "physical"}
    page = visitor.post(f"{other}/endre", told, expect=422)
    assert "Det er ingen ledig plass der du vil bytte til" in page.text
    assert the_registration("bjorn@lege.example.org").mode is Mode.DIGITAL


def test_a_course_with_two_rooms_stands_twice_among_those_to_move_to(app: Flask) -> None:
    here, there = make_hybrid(1, None, slug="her"), make_hybrid(1, 3, slug="der")
    mine = sign_up(app, here, A, mode="physical")
    page = Visitor(app).get(f"{mine}/flytt")
    assert [one.get("value") for one in page.all("input", name="to")] == ["der:physical", "der:digital"]
    Visitor(app).post(f"{mine}/flytt", {"to": "der"}, expect=422)
    Visitor(app).post(f"{mine}/flytt", {"to": "der:digital"}, expect=303)
    assert [(one.event_id, one.status, one.mode) for one in registrations()] == [
        (here.id, Status.CANCELLED, Mode.PHYSICAL),
        (there.id, Status.REGISTERED, Mode.DIGITAL),
    ]


def test_the_desk_sees_both_rooms_filters_them_and_takes_them_along(app: Flask) -> None:
    event = make_hybrid(2, None)
    join(event, 2, mode=Mode.PHYSICAL)
    join(event, 3, first=10, mode=Mode.DIGITAL)
    join(event, 2, first=20, mode=Mode.PHYSICAL, status=Status.WAITLISTED)
    kari = logged_in(app)
    page = kari.get(f"{DESK}/{event.slug}/deltakere")
    totals = [words(one) for one in page.one("tfoot").iter() if one.tag == XHTML + "tr"]
    assert totals == ["I alt 5 deltakere", "I salen 2 deltakere av 2 plasser", "Digitalt 3 deltakere"]
    only = kari.get(f"{DESK}/{event.slug}/deltakere?deltar=digital")
    assert [one.get("data-mode") for one in only.all("tr") if one.get("data-registration")] == ["digital"] * 3
    file = kari.get(f"{DESK}/{event.slug}/deltakere.csv").body
    assert ("Deltar" in file, file.count("Digitalt"), file.count("I salen")) == (True, 3, 4)


def test_a_list_of_one_room_has_no_column_for_it(app: Flask) -> None:
    event = make_event()
    join(event, 1)
    assert "Deltar" not in logged_in(app).get(f"{DESK}/{event.slug}/deltakere.csv").body


def test_the_desk_gives_an_event_two_rooms(app: Flask) -> None:
    event, course = make_hybrid(2, 4), make_event(slug="kurs")
    kari = logged_in(app)
    told = {"capacity": "3", "hybrid": "y", "digital_capacity": "7", "fill_mode": "confirm"}
    told |= {"offer_hours": "48", "fill_stops_days": "0"}
    kari.post(f"{DESK}/{event.slug}/plasser", told, expect=303)
    assert "I salen: 3 av 3 plasser ledige" in kari.get(f"{DESK}/{event.slug}/plasser").text
    assert "Digitalt: 7 av 7 plasser ledige" in kari.get(f"{DESK}/{event.slug}/plasser").text
    alone = {name: value for name, value in told.items() if name != "hybrid"}
    refused = kari.post(f"{DESK}/{event.slug}/plasser", alone, expect=422)
    assert "Antall digitale plasser kan bare settes når" in refused.text
    assert kari.get(f"{DESK}/{course.slug}/plasser").all("input", name="hybrid") == []


def test_the_desk_puts_somebody_into_the_other_room_for_a_reason(app: Flask) -> None:
    event = make_hybrid(1, None)
    sign_up(app, event, "forst@lege.example.org", mode="physical")
    sign_up(app, event, A, mode="digital")
    kari, number = logged_in(app), the_registration(A).id
    page = kari.get(f"{DESK}/{event.slug}/deltakere/{number}/plass")
    assert "Det er fullt der. Bytter du, er 2 av 1 plasser tatt." in page.text
    told = {"act": "mode", "mode": "physical"}
    kari.post(f"{DESK}/{event.slug}/deltakere/{number}/plass", {**told, "reason": ""}, expect=422)
    kari.post(f"{DESK}/{event.slug}/deltakere/{number}/plass", {**told, "reason": "Avtalt"}, expect=303)
    assert the_registration(A).mode is Mode.PHYSICAL
    assert "2 av 1 plasser tatt" in kari.get(f"{DESK}/{event.slug}/deltakere/{number}").text


def test_people_added_at_the_desk_and_at_the_door_have_a_room(app: Flask, time: Clock) -> None:
    event = make_hybrid(5, None)
    kari = logged_in(app)
    somebody = {"first_name": "Åse", "last_name": "Lie", "primary_role": "alis"}
    kari.post(f"{DESK}/{event.slug}/deltakere/ny", {**somebody, "email": A}, expect=422)
    kari.post(f"{DESK}/{event.slug}/deltakere/ny", {**somebody, "email": A, "mode": "digital"}, expect=303)
    time.moment = event.sessions[0].starts_at
    door = f"{DESK}/{event.slug}/oppmote/{event.sessions[0].id}/ny"
    kari.post(door, {**somebody, "email": "dor@lege.example.org"}, expect=422)
    kari.post(door, {**somebody, "email": "dor@lege.example.org", "mode": "physical"}, expect=303)
    assert [one.mode for one in registrations()] == [Mode.DIGITAL, Mode.PHYSICAL]
    page = kari.get(f"{DESK}/{event.slug}/oppmote/{event.sessions[0].id}")
    assert "I salen: 1 av 1 til stede" in page.text
    assert "Digitalt: 0 av 1 til stede" in page.text


@pytest.mark.parametrize(("number", "digital", "code"), [("31", "124", 303), ("31", "", 422), ("", "", 303)])
def test_heads_are_counted_in_both_rooms_or_in_neither(
    app: Flask, time: Clock, number: str, digital: str, code: int
) -> None:
    event = make_hybrid(50, None)
    kari, time.moment = logged_in(app), event.sessions[0].starts_at
    heads = f"{DESK}/{event.slug}/oppmote/antall"
    kari.post(heads, {"number": number, "digital": digital}, expect=code)
    if number and digital:
        page = kari.get(heads)
        assert [page.one("input", name=name).get("value") for name in ("number", "digital")] == ["31", "124"]
