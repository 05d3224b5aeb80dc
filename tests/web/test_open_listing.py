"""The open listing as other websites fetch it: every field, the filters, freshness, and who may read it from where."""

from __future__ import annotations

import gzip
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import fromstring

import pytest
from flask import Flask
from werkzeug.http import http_date

from courseapp.db import transaction
from courseapp.domain.event import EventKind, EventStatus, SeatRule
from courseapp.domain.modes import Mode
from courseapp.models.event import Event
from courseapp.queries import listing
from courseapp.services import registrations
from tests.conftest import NOW, Clock
from tests.house.test_routes import ROUTES
from tests.making import make_event, wish
from tests.pages import Visitor
from tests.people import join, logged_in, share
from tests.shapes import wrong
from tests.unaged import unchecked

SOON = (datetime(2027, 2, 3, 16, tzinfo=UTC),)
JSON, ATOM, ICS = "/arrangementer.json", "/arrangementer.atom", "/arrangementer.ics"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0[12]:00")
ADDRESS = re.compile(r"http://kurs\.example\.org/[^ ]*")
OFFICE = {"slug": str, "name": str, "short_name": str}
SESSION = {
    "starts_at": TIME,
    "ends_at": TIME,
    "place": str,
    "address": str,
    "digital": bool,
    "hours": (float, None),
    "cancelled": bool,
}
ROOM = {"mode": re.compile("physical|digital"), "label": str, "capacity": (int, None), "seats_left": (int, None)}
EVENT = {
    "slug": str,
    "url": ADDRESS,
    "title": str,
    "kind": {"code": str, "label": str},
    "office": OFFICE,
    "partners": [OFFICE],
    "target_group": str,
    "sessions": [SESSION],
    "state": {"code": str, "label": str, "takes_sign_ups": bool},
    "by_application": bool,
    "capacity": (int, None),
    "seats_left": (int, None),
    "waiting": (int, None),
    "rooms": [
        {"mode": re.compile("physical|digital"), "label": str, "capacity": (int, None), "seats_left": (int, None)}
    ],
    "opens_at": (TIME, None),
    "deadline": (TIME, None),
    "hours": (float, None),
    "approvals": [{"text": str, "hours": float}],
    "updated_at": TIME,
}
ANSWER = {
    "version": int,
    "filters": {"office": (str, None), "kind": (str, None), "month": (re.compile(r"\d{4}-\d\d"), None)},
    "total": int,
    "page": int,
    "pages": int,
    "next": (ADDRESS, None),
    "events": [EVENT],
}


def fetched(app: Flask, query: str = "") -> dict[str, Any]:
    """The JSON of an answer, each field of it checked."""
    answer = Visitor(app).ask("GET", JSON + query)
    assert (answer.status_code, answer.content_type) == (200, "application/json")
    found: dict[str, Any] = answer.get_json()
    assert wrong(found, ANSWER) == []
    return found


def slugs(app: Flask, query: str = "") -> list[str]:
    return [one["slug"] for one in fetched(app, query)["events"]]


def the_event(app: Flask) -> dict[str, Any]:
    (event,) = fetched(app)["events"]
    return dict(event)


def everything() -> None:
    """An event of each sort that may be listed, and of each that may not."""
    share(make_event(slug="felles", target_group="Veiledere."), "ost")
    make_event(slug="kveld", starts=SOON, kind=EventKind.ALIS_KVELD, office="vest", capacity=None, closes_at=None)
    make_event(slug="stengt", status=EventStatus.CLOSED, starts=(NOW + timedelta(days=50),))
    make_event(slug="avlyst", status=EventStatus.CANCELLED, starts=(NOW + timedelta(days=60),))
    make_event(slug="soknad", seat_rule=SeatRule.APPLICATION, starts=(NOW + timedelta(days=61),))
    make_event(slug="utkast", status=EventStatus.DRAFT, title="Hemmelig utkast")
    make_event(slug="holdt", status=EventStatus.HELD)
    make_event(slug="over", starts=(NOW - timedelta(days=3),), closes_at=None)
    make_event(slug="stand", kind=EventKind.STAND, title="Hemmelig stand")


LISTED = ["kveld", "stengt", "avlyst", "soknad", "felles"]


def test_every_field_is_of_its_type_for_every_sort_of_event(app: Flask) -> None:
    everything()
    assert slugs(app) == LISTED


def test_drafts_and_what_has_no_sign_up_are_in_none_of_them(app: Flask) -> None:
    everything()
    for path in (JSON, ATOM, ICS):
        text = Visitor(app).ask("GET", path).text
        assert ("Hemmelig" in text, "/holdt" in text, "/over" in text, "/avlyst" in text) == (False, False, False, True)


def test_an_event_says_what_its_page_says(app: Flask) -> None:
    share(make_event(slug="felles", target_group="Veiledere."), "ost")
    found = the_event(app)
    assert (found["url"], found["kind"], found["office"]["slug"], found["partners"][0]["short_name"]) == (
        "http://kurs.example.org/arrangementer/felles",
        {"code": "veilederkurs", "label": "Veilederkurs"},
        "nord",
        "Øst",
    )
    assert [(one["starts_at"], one["ends_at"], one["place"], one["hours"]) for one in found["sessions"]] == [
        ("2027-03-22T09:00:00+01:00", "2027-03-22T16:00:00+01:00", "Møterom Ås", 9),
        ("2027-04-22T09:00:00+02:00", "2027-04-22T16:00:00+02:00", "Møterom Ås", 9),
    ]
    facts = ("capacity", "seats_left", "waiting", "deadline", "hours", "updated_at", "target_group")
    assert [found[name] for name in facts] == [
        30,
        30,
        None,
        "2027-03-15T09:00:00+01:00",
        18,
        "2027-01-11T10:00:00+01:00",
        "Veiledere.",
    ]
    assert [one["hours"] for one in found["approvals"]] == [18, 18]


STATES: list[tuple[dict[str, Any], int, list[Any]]] = [
    ({"capacity": 30}, 1, ["open", "Ledige plasser", True, 29, None]),
    ({"capacity": 4}, 2, ["few", "Få plasser igjen", True, 2, None]),
    ({"capacity": 2}, 5, ["line", "Fullt – venteliste", True, 0, 3]),
    ({"capacity": None}, 3, ["open", "Ledige plasser", True, None, None]),
    (
        {"capacity": 2, "seat_rule": SeatRule.APPLICATION},
        3,
        ["open", "Plassene fordeles etter søknad", True, None, None],
    ),
    ({"opens_at": NOW + timedelta(days=1)}, 0, ["not_yet", "Påmeldingen har ikke åpnet", False, 30, None]),
    ({"closes_at": NOW - timedelta(days=1)}, 0, ["deadline_passed", "Fristen er ute", False, None, None]),
    ({"status": EventStatus.CLOSED}, 0, ["closed", "Påmeldingen er stengt", False, None, None]),
    ({"status": EventStatus.CANCELLED}, 0, ["cancelled", "Avlyst", False, None, None]),
]


@pytest.mark.parametrize(("facts", "people", "told"), STATES)
def test_it_says_how_sign_up_stands(app: Flask, facts: dict[str, Any], people: int, told: list[Any]) -> None:
    event = make_event(**facts)
    for number in range(people):
        registrations.sign_up(wish(event, number))
    found = the_event(app)
    assert [*found["state"].values(), found["seats_left"], found["waiting"]] == told


def test_a_video_meeting_is_told_and_its_link_is_not(app: Flask) -> None:
    event = make_event(kind=EventKind.WEBINAR)
    with transaction() as tx:
        tx.get_one(Event, event.id).sessions[0].video_url = "https://video.example.org/hemmelig"
    assert [one["digital"] for one in the_event(app)["sessions"]] == [True, False]
    for path in (JSON, ATOM, ICS):
        assert "video.example.org" not in Visitor(app).ask("GET", path).text


def test_no_person_is_in_it(app: Flask) -> None:
    join(make_event(contact_name="Kari Kontakt", contact_email="kari@nord.example.org"), 3)
    for path in (JSON, ATOM, ICS):
        text = Visitor(app).ask("GET", path).text
        assert [word for word in ("Kåre", "Ødegård", "Kari", "@lege.example.org") if word in text] == []


QUERIES = [
    ("", LISTED, [None, None, None]),
    ("?office=ost", ["felles"], ["ost", None, None]),
    ("?kind=alis_kveld&office=vest", ["kveld"], ["vest", "alis_kveld", None]),
    ("?month=2027-02", ["kveld"], [None, None, "2027-02"]),
    ("?month=2031-05", [], [None, None, "2031-05"]),
    ("?office=mars&kind=stand&month=2027-13&side=x", LISTED, [None, None, None]),
    ("?office=%00&kind[]=a&month=%F0%9F%92%A9&side=-7&x=%FF", LISTED, [None, None, None]),
    ("?office=nord&office=vest&month=0000-00", ["stengt", "avlyst", "soknad", "felles"], ["nord", None, None]),
    ("?side=99999999999999999999", [], [None, None, None]),
]


@pytest.mark.parametrize(("query", "listed", "counted"), QUERIES)
def test_the_filters_are_those_of_the_page(app: Flask, query: str, listed: list[str], counted: list[Any]) -> None:
    everything()
    found = fetched(app, query)
    assert ([one["slug"] for one in found["events"]], list(found["filters"].values())) == (listed, counted)
    if "side" not in query:
        feed = fromstring(Visitor(app).ask("GET", ATOM + query).text)
        names = [one.text or "" for one in feed.iter("{http://www.w3.org/2005/Atom}id")]
        assert sorted(name.rpartition("/")[2] for name in names[1:]) == sorted(listed)


def test_pages_are_followed_to_the_end(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PAGE_SIZE", 2)
    for number in range(5):
        make_event(slug=f"e{number}", starts=(NOW + timedelta(days=30 + number),))
    make_event(slug="annet", office="vest")
    seen, following = [], "?office=nord"
    while following:
        found = fetched(app, following)
        seen.append(([one["slug"] for one in found["events"]], found["page"], found["pages"], found["total"]))
        following = f"?{urlsplit(found['next']).query}" if found["next"] else ""
    assert seen == [(["e0", "e1"], 1, 3, 5), (["e2", "e3"], 2, 3, 5), (["e4"], 3, 3, 5)]


def test_an_empty_list_is_an_answer(app: Flask) -> None:
    found = fetched(app)
    assert (found["total"], found["pages"], found["next"], found["events"]) == (0, 0, None, [])


@pytest.mark.parametrize(("path", "seconds"), [(JSON, 60), (ATOM, 900), (ICS, 900)])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_who_has_it_already_gets_304(app: Flask, time: Clock, path: str, seconds: int, method: str) -> None:
    make_event()
    time.pass_by(minutes=2)
    fresh = Visitor(app).ask(method, path)
    assert (fresh.status_code, fresh.headers["Cache-Control"], "Set-Cookie" in fresh.headers) == (
        200,
        f"public, max-age={seconds}",
        False,
    )
    assert (bool(fresh.data), "Cookie" in fresh.headers.get("Vary", "")) == (method == "GET", False)
    for name, mark in (("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")):
        again = Visitor(app).ask(method, path, headers={name: fresh.headers[mark]})
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", fresh.headers["ETag"])


@pytest.mark.parametrize("mark", [("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")])
def test_what_changed_is_fetched(app: Flask, time: Clock, mark: tuple[str, str]) -> None:
    name, header = mark
    event = make_event()
    time.pass_by(minutes=2)
    fresh = Visitor(app).ask("GET", JSON)
    registrations.sign_up(wish(event))
    for _moment in ("at once", "some minutes later"):
        again = Visitor(app).ask("GET", JSON, headers={name: fresh.headers[header]})
        assert (again.status_code, again.get_json()["events"][0]["seats_left"]) == (200, 29)
        time.pass_by(minutes=2)
    time.pass_by(days=200)
    gone = Visitor(app).ask("GET", JSON, headers={name: again.headers[header]})
    assert (gone.status_code, gone.get_json()["total"]) == (200, 0)


@pytest.mark.parametrize("path", [JSON, ATOM, ICS])
def test_a_date_is_told_when_nothing_can_hide_behind_it_any_more(app: Flask, time: Clock, path: str) -> None:
    event = make_event()
    at_once = Visitor(app).ask("GET", path)
    time.pass_by(milliseconds=400)
    with transaction() as tx:
        held = tx.get_one(Event, event.id)
        held.title, held.updated_at = "Noe annet", NOW + timedelta(milliseconds=400)
    time.pass_by(seconds=59)
    within = Visitor(app).ask("GET", path)
    time.pass_by(seconds=1)
    after = Visitor(app).ask("GET", path)
    told = [(one.headers.get("Last-Modified"), "Noe annet" in one.text) for one in (at_once, within, after)]
    assert told == [(None, False), (None, True), (http_date(NOW), True)]
    assert [one.headers["ETag"] for one in (within, after)] == [after.headers["ETag"]] * 2


@pytest.mark.parametrize("path", [JSON, ATOM, ICS])
def test_what_is_asked_for_again_is_made_once(app: Flask, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    event = make_event()
    made: list[datetime] = []
    ask = listing.facts_changed_at  # which all three ask

    def noted(now: datetime) -> datetime | None:
        made.append(now)
        return ask(now)

    monkeypatch.setattr(listing, "facts_changed_at", noted)
    with unchecked():
        answers = [Visitor(app).ask("GET", path) for _time in range(3)]
        assert len(made) == 1
        registrations.sign_up(wish(event))
        Visitor(app).ask("GET", path)
    assert (len(made), len({one.data for one in answers})) == (2, 1)


@pytest.mark.parametrize("path", [ATOM, ICS])
def test_what_is_over_leaves_feed_and_calendar_also_for_who_only_has_a_date(app: Flask, time: Clock, path: str) -> None:
    make_event(slug="kort", starts=SOON)
    make_event()
    time.pass_by(minutes=2)
    fresh = Visitor(app).ask("GET", path)
    time.pass_by(days=40)
    again = Visitor(app).ask("GET", path, headers={"If-Modified-Since": fresh.headers["Last-Modified"]})
    assert (again.status_code, "/kort" in fresh.text, "/kort" in again.text) == (200, True, False)


@pytest.mark.parametrize("path", [JSON, ATOM])
def test_it_travels_packed(app: Flask, path: str) -> None:
    for number in range(4):
        make_event(slug=f"e{number}")
    plain, packed = (Visitor(app).ask("GET", path, headers=asked) for asked in ({}, {"Accept-Encoding": "gzip"}))
    assert (packed.headers["Content-Encoding"], gzip.decompress(packed.data)) == ("gzip", plain.data)
    assert packed.headers["ETag"] == plain.headers["ETag"]


def granted(headers: Any) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.startswith("Access-Control-")}


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_a_script_anywhere_may_read_the_json(app: Flask, method: str) -> None:
    asked = {"Origin": "https://alis.example.org", "Access-Control-Request-Method": "GET"}
    answer = Visitor(app).ask(method, JSON, headers=asked)
    assert (answer.status_code, granted(answer.headers)) == (
        200,
        {
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
            "Access-Control-Allow-Headers": "If-None-Match, If-Modified-Since",
            "Access-Control-Expose-Headers": "ETag, Last-Modified",
            "Access-Control-Max-Age": "86400",
        },
    )


@pytest.mark.parametrize("path", [JSON, ATOM, ICS])
def test_what_may_be_asked_is_told(app: Flask, path: str) -> None:
    answer = Visitor(app).ask("OPTIONS", path)
    assert (answer.status_code, sorted(answer.headers["Allow"].split(", "))) == (200, ["GET", "HEAD", "OPTIONS"])


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("path", [JSON, ATOM])
def test_nothing_else_is_done_there(app: Flask, path: str, method: str) -> None:
    answer = Visitor(app).ask(method, path)
    assert (answer.status_code, granted(answer.headers)) == (405, {})


def test_a_304_may_be_read_as_well(app: Flask) -> None:
    fresh = Visitor(app).ask("GET", JSON)
    again = Visitor(app).ask("GET", JSON, headers={"If-None-Match": fresh.headers["ETag"]})
    assert (again.status_code, again.headers["Access-Control-Allow-Origin"]) == (304, "*")


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS"])
def test_no_other_answer_may_be_read_from_elsewhere(app: Flask, method: str) -> None:
    event = make_event()
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint != "public.listing.as_json"]
    assert len(rules) > len(ROUTES) - 10
    visitors = (Visitor(app), logged_in(app))
    for rule in rules:
        path = re.sub(r"<int[^>]*>", str(event.sessions[0].id), rule.rule.replace("<slug>", event.slug))
        path = re.sub(r"<path:[^>]*>", "css/base.css", path)
        for visitor in visitors:
            asked = {"Origin": "https://alis.example.org", "Access-Control-Request-Method": "GET"}
            answer = visitor.ask(method, path, headers=asked)
            assert granted(answer.headers) == {}, (method, path)
    assert granted(Visitor(app).ask(method, "/finnes/ikke").headers) == {}


def test_the_list_leads_to_all_three_with_its_filters(app: Flask) -> None:
    make_event()
    for query in ("?office=nord", "?office=nord&kind=webinar", ""):
        page = Visitor(app).get(f"/{query}")
        for path, kind in ((ICS, "text/calendar"), (ATOM, "application/atom+xml"), (JSON, "application/json")):
            (head,) = page.all("link", rel="alternate", type=kind)
            assert (head.get("href"), len(page.all("a", href=path + query))) == (path + query, 1)


def test_an_event_with_two_rooms_says_what_is_left_of_each(app: Flask) -> None:
    event = make_event(slug="konferanse", kind=EventKind.CONFERENCE, hybrid=True, capacity=2)
    join(event, 1, mode=Mode.PHYSICAL)
    join(event, 3, first=5, mode=Mode.DIGITAL)
    (found,) = Visitor(app).ask("GET", JSON).get_json()["events"]
    told = [(one["mode"], one["label"], one["capacity"], one["seats_left"]) for one in found["rooms"]]
    assert told == [("physical", "I salen", 2, 1), ("digital", "Digitalt", None, None)]
    assert (found["capacity"], found["seats_left"], wrong(found, EVENT)) == (None, None, [])
