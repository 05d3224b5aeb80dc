"""Calendars to subscribe to: private ones behind a secret that can be closed, and the public one with its filters."""

from datetime import timedelta
from email.utils import format_datetime

import pytest
from flask import Flask

from courseapp.db import transaction
from courseapp.domain.event import EventKind
from courseapp.models.event import Event
from courseapp.services import feeds, registrations
from tests.calendar_files import oracles
from tests.conftest import NOW, Clock
from tests.keys import key_of
from tests.making import COURSE_DAYS, make_event, wish
from tests.pages import Visitor
from tests.people import logged_in

KARE = "kare1@lege.example.org"


@pytest.fixture
def token(app: Flask) -> str:
    """Kåre has a seat at one course, waits at another, and subscribes."""
    registrations.sign_up(wish(make_event(slug="plass"), 1))
    full = make_event(slug="fullt", capacity=1)
    for number in (2, 1):
        registrations.sign_up(wish(full, number))
    registration_key = key_of("kare1@lege.example.org")
    return feeds.make_for_participant(registration_key)


def test_it_holds_the_sessions_one_has_a_seat_at(app: Flask, token: str) -> None:
    answer = Visitor(app).ask("GET", f"/kal/{token}.ics")
    assert (answer.status_code, answer.content_type) == (200, "text/calendar; charset=utf-8")
    assert oracles.starts_by_vobject(answer.data) == list(COURSE_DAYS)


def test_it_names_nobody_and_sets_no_cookie(app: Flask, token: str) -> None:
    answer = Visitor(app).ask("GET", f"/kal/{token}.ics")
    assert [word for word in (b"ATTENDEE", "Ødegård".encode(), b"kare1@") if word in answer.data] == []
    kept = {
        name: answer.headers.get(name) for name in ("Set-Cookie", "Referrer-Policy", "X-Robots-Tag", "Cache-Control")
    }
    assert kept == {
        "Set-Cookie": None,
        "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex, nofollow",
        "Cache-Control": "private, max-age=900",
    }


def test_what_has_not_changed_is_not_sent_again(app: Flask, token: str, time: Clock) -> None:
    first = Visitor(app).ask("GET", f"/kal/{token}.ics")
    time.pass_by(minutes=10)
    second = Visitor(app).ask("GET", f"/kal/{token}.ics")
    known = {"If-None-Match": first.headers["ETag"]}
    since = {"If-Modified-Since": first.headers["Last-Modified"]}
    answers = [Visitor(app).ask("GET", f"/kal/{token}.ics", headers=headers).status_code for headers in (known, since)]
    assert (first.data == second.data, answers) == (True, [304, 304])
    assert Visitor(app).ask("HEAD", f"/kal/{token}.ics").status_code == 200


def test_what_has_changed_is_sent(app: Flask, token: str, time: Clock) -> None:
    first = Visitor(app).ask("GET", f"/kal/{token}.ics")
    time.pass_by(minutes=10)
    registrations.sign_up(wish(make_event(slug="nytt"), 1))
    headers = {"If-None-Match": first.headers["ETag"], "If-Modified-Since": format_datetime(NOW, usegmt=True)}
    answer = Visitor(app).ask("GET", f"/kal/{token}.ics", headers=headers)
    assert (answer.status_code, len(oracles.starts_by_vobject(answer.data))) == (200, 4)


@pytest.mark.parametrize("wrong", ["x", "a" * 32, "%00", "%ff", "æ", "a" * 3000, "../x"])
def test_a_token_nobody_was_given_is_not_found(app: Flask, token: str, wrong: str) -> None:
    assert Visitor(app).ask("GET", f"/kal/{wrong}.ics").status_code == 404


def test_a_new_address_closes_the_old_one_and_any_can_be_closed(app: Flask, token: str) -> None:
    newer = feeds.make_for_participant(key_of(KARE))
    answers = [Visitor(app).ask("GET", f"/kal/{one}.ics").status_code for one in (token, newer)]
    feeds.revoke_for_participant(key_of(KARE))
    assert (answers, Visitor(app).ask("GET", f"/kal/{newer}.ics").status_code) == ([404, 200], 404)


def test_sessions_stay_three_months_after_they_were_held(app: Flask, token: str, time: Clock) -> None:
    time.pass_by(days=(COURSE_DAYS[0] - NOW).days + 80)
    assert len(oracles.starts_by_vobject(Visitor(app).ask("GET", f"/kal/{token}.ics").data)) == 2
    time.pass_by(days=20)
    assert len(oracles.starts_by_vobject(Visitor(app).ask("GET", f"/kal/{token}.ics").data)) == 1


def test_my_page_makes_an_address_and_shows_it_once(app: Flask) -> None:
    registrations.sign_up(wish(make_event(), 1))
    page = f"/min/{key_of(KARE)}"
    made = Visitor(app).post(f"{page}/kalender", {}, form_at=f"{page}/kalender", expect=200)
    assert ("webcal://kurs.example.org/kal/" in made.body, "http://kurs.example.org/kal/" in made.body) == (True, True)
    assert "/kal/" not in Visitor(app).get(f"{page}/kalender").text


def test_an_office_follows_its_events_with_counts_and_no_names(app: Flask) -> None:
    registrations.sign_up(wish(make_event(capacity=20), 1))
    make_event(office="vest", slug="andres")
    organizer = logged_in(app, office="nord")
    made = organizer.post("/kontor/kalender", {}, expect=200)
    address = next(word for word in made.body.split('"') if "/kal/" in word and word.startswith("http"))
    answer = Visitor(app).ask("GET", address.removeprefix("http://kurs.example.org"))
    assert (b"(1/20)" in answer.data, b"kare1" in answer.data, len(oracles.starts_by_vobject(answer.data))) == (
        True,
        False,
        2,
    )


def test_the_public_calendar_has_the_lists_filters_and_no_video_links(app: Flask) -> None:
    event = make_event(slug="kurs")
    make_event(slug="kveld", kind=EventKind.ALIS_KVELD, starts=(NOW + timedelta(days=9),))
    with transaction() as tx:
        for session in tx.get_one(Event, event.id).sessions:
            session.video_url = "https://video.example.org/hemmelig"
    every = Visitor(app).ask("GET", "/arrangementer.ics")
    some = Visitor(app).ask("GET", "/arrangementer.ics?kind=alis_kveld")
    assert (len(oracles.starts_by_vobject(every.data)), len(oracles.starts_by_vobject(some.data))) == (3, 1)
    assert (b"hemmelig" in every.data, every.headers["Cache-Control"]) == (False, "public, max-age=900")
