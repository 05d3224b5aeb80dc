"""Calendars as programs fetch them, and the pages where people make and close their addresses."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from flask import Flask

from courseapp.domain.event import EventKind, EventStatus
from courseapp.services import feeds, registrations
from tests.conftest import Clock
from tests.keys import key_of
from tests.making import make_event, wish
from tests.pages import Page, Visitor
from tests.people import logged_in

MINE = "kare1@lege.example.org"
SOON = (datetime(2027, 2, 3, 16, tzinfo=UTC),)


def path_of_my_feed() -> str:
    return f"/kal/{feeds.make_for_participant(key_of(MINE))}.ics"


def shown(page: Page) -> str:
    """The path of the address that stands on a page."""
    found = re.fullmatch(
        r"http://kurs\.example\.org(/kal/[\w-]+\.ics)", page.one("input", id="feed-address").get("value") or ""
    )
    assert found is not None
    assert page.all("a", href=f"webcal://kurs.example.org{found[1]}") != []
    return found[1]


def summaries(body: str) -> list[str]:
    return re.findall(r"^SUMMARY:(.*)\r$", body, re.MULTILINE)


@pytest.fixture
def feed_path(app: Flask, time: Clock) -> str:
    """My calendar, with a two-day course that I signed up for some minutes ago."""
    registrations.sign_up(wish(make_event(title="Kurs")))
    path = path_of_my_feed()
    time.pass_by(minutes=5)
    return path


def test_a_private_calendar_is_told_to_nobody_else(app: Flask, feed_path: str) -> None:
    answer = Visitor(app).ask("GET", feed_path)
    names = ("Content-Type", "Cache-Control", "Referrer-Policy", "X-Robots-Tag", "Set-Cookie")
    assert (answer.status_code, [answer.headers.get(name) for name in names]) == (
        200,
        ["text/calendar; charset=utf-8", "private, max-age=900", "no-referrer", "noindex, nofollow", None],
    )
    assert summaries(answer.text) == ["Kurs (dag 1 av 2)", "Kurs (dag 2 av 2)"]
    assert [word for word in ("ATTENDEE", "METHOD", "Kåre", MINE) if word in answer.text] == []


def test_unchanged_data_is_unchanged_bytes(app: Flask, feed_path: str, time: Clock) -> None:
    first = Visitor(app).ask("GET", feed_path)
    time.pass_by(days=2)
    second = Visitor(app).ask("GET", feed_path)
    kept = [(one.data, one.headers["ETag"], one.headers["Last-Modified"]) for one in (first, second)]
    assert kept[0] == kept[1]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_who_has_it_already_gets_304_both_ways(app: Flask, feed_path: str, method: str) -> None:
    fresh = Visitor(app).ask(method, feed_path)
    for name, mark in (("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")):
        answer = Visitor(app).ask(method, feed_path, headers={name: fresh.headers[mark]})
        assert (answer.status_code, answer.data, answer.headers["Referrer-Policy"]) == (304, b"", "no-referrer")


def test_head_tells_the_same_without_a_body(app: Flask, feed_path: str) -> None:
    get, head = (Visitor(app).ask(method, feed_path) for method in ("GET", "HEAD"))
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", get.headers["ETag"])
    assert head.headers["Content-Length"] == str(len(get.data))


def test_a_change_is_fetched(app: Flask, feed_path: str, time: Clock) -> None:
    fresh = Visitor(app).ask("GET", feed_path)
    time.pass_by(hours=1)
    registrations.cancel(key_of(MINE))
    for name, mark in (("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")):
        answer = Visitor(app).ask("GET", feed_path, headers={name: fresh.headers[mark]})
        assert (answer.status_code, summaries(answer.text)) == (200, [])


@pytest.mark.parametrize("token", ["x", "%00", "%F0%9F%92%A9", "%FF", "a" * 5000, "..", "%2e%2e%2fx"])
def test_a_forged_token_is_404_without_a_cookie(app: Flask, feed_path: str, token: str) -> None:
    for path in (f"/kal/{token}.ics", feed_path.replace(".ics", f"{token}.ics"), feed_path.removesuffix(".ics")):
        answer = Visitor(app).ask("GET", path)
        assert (answer.status_code, "Set-Cookie" in answer.headers) == (404, False)


def test_a_closed_address_is_404(app: Flask, feed_path: str) -> None:
    feeds.revoke_for_participant(key_of(MINE))
    assert Visitor(app).ask("GET", feed_path).status_code == 404


def test_the_address_is_shown_once(app: Flask) -> None:
    registrations.sign_up(wish(make_event(title="Kurs")))
    visitor, mine = Visitor(app), f"/min/{key_of(MINE)}"
    assert visitor.get(mine).all("form", action=f"{mine}/kalender") != []
    page = visitor.post(f"{mine}/kalender", form_at=mine, expect=200)
    path = shown(page)
    assert summaries(Visitor(app).ask("GET", path).text) == ["Kurs (dag 1 av 2)", "Kurs (dag 2 av 2)"]
    assert page.headers["Cache-Control"] == "no-store"
    again = visitor.get(f"{mine}/kalender")
    assert ("/kal/" in again.body, "Du har en kalenderadresse fra før" in again.text) == (False, True)
    assert visitor.get(mine).all("form", action=f"{mine}/kalender") == []


def test_the_address_is_closed_with_a_button(app: Flask) -> None:
    registrations.sign_up(wish(make_event()))
    visitor, mine = Visitor(app), f"/min/{key_of(MINE)}"
    path = shown(visitor.post(f"{mine}/kalender", expect=200))
    page = visitor.follow(visitor.post(f"{mine}/kalender", {"close": "1"}))
    assert ("Kalenderadressen er stengt" in page.text, Visitor(app).ask("GET", path).status_code) == (True, 404)


def test_without_a_token_no_address_is_made(app: Flask, feed_path: str) -> None:
    visitor, mine = Visitor(app), f"/min/{key_of(MINE)}"
    assert visitor.ask("POST", f"{mine}/kalender").status_code == 422
    assert visitor.ask("GET", feed_path).status_code == 200


def test_an_organizer_makes_and_closes_hers(app: Flask) -> None:
    join = make_event(title="Kurs", starts=SOON, capacity=20)
    registrations.sign_up(wish(join))
    visitor = logged_in(app)
    path = shown(visitor.post("/kontor/kalender", expect=200))
    assert summaries(Visitor(app).ask("GET", path).text) == ["Kurs (1/20)"]
    assert "/kal/" not in visitor.get("/kontor/kalender").body
    visitor.follow(visitor.post("/kontor/kalender", {"close": "1"}))
    assert Visitor(app).ask("GET", path).status_code == 404


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ["Kveld", "Kurs (dag 1 av 2)", "Kurs (dag 2 av 2)"]),
        ("?kind=alis_kveld", ["Kveld"]),
        ("?office=vest", ["Kveld"]),
        ("?month=2027-03&office=nord", ["Kurs (dag 1 av 2)", "Kurs (dag 2 av 2)"]),
        ("?month=2027-03&office=vest", []),
        ("?month=%00&kind=pope&office=x", ["Kveld", "Kurs (dag 1 av 2)", "Kurs (dag 2 av 2)"]),
    ],
)
def test_the_public_calendar_has_the_filters_of_the_list(app: Flask, query: str, titles: list[str]) -> None:
    make_event(title="Kurs")
    make_event(title="Kveld", kind=EventKind.ALIS_KVELD, office="vest", starts=SOON)
    make_event(title="Utkast", status=EventStatus.DRAFT)
    answer = Visitor(app).ask("GET", f"/arrangementer.ics{query}")
    assert (answer.status_code, summaries(answer.text)) == (200, titles)
    assert (answer.headers["Cache-Control"], "Set-Cookie" in answer.headers) == ("public, max-age=900", False)
    again = Visitor(app).ask("GET", f"/arrangementer.ics{query}", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_the_list_leads_to_its_calendar(app: Flask) -> None:
    make_event()
    page = Visitor(app).get("/?office=nord")
    assert page.all("a", href="/arrangementer.ics?office=nord") != []
