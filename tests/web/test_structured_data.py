"""What the event page tells search engines: schema.org as JSON-LD, data that no browser runs and no title can end."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import html5lib
import pytest
from flask import Flask

from courseapp.db import transaction
from courseapp.domain.event import EventKind, EventStatus, SeatRule
from courseapp.models.event import Event
from tests.conftest import NOW
from tests.making import TITLE, make_event
from tests.pages import DATA, Page, Visitor, check
from tests.people import join, logged_in, share

PAGE = "http://kurs.example.org/arrangementer/kurs"
PLACE = {"@type": "Place", "name": "Møterom Ås", "address": "Sjøgata 1; 8006 Bodø"}
ONLINE = {"@type": "VirtualLocation", "url": PAGE}
EVENING = (datetime.fromisoformat("2027-02-03T17:00:00+01:00"),)


def told(app: Flask, path: str = "/arrangementer/kurs") -> dict[str, Any]:
    """The page's data."""
    script = Visitor(app).get(path).one("script", type="application/ld+json")
    found: dict[str, Any] = json.loads("".join(script.itertext()))
    return found


def change(event: Event, session: int, **facts: Any) -> None:
    with transaction() as tx:
        for name, value in facts.items():
            setattr(tx.get_one(Event, event.id).sessions[session], name, value)


def test_a_course_tells_all_that_is_promised(app: Flask) -> None:
    join(make_event(slug="kurs"), 2)
    common = {
        "@type": "EducationEvent",
        "url": PAGE,
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "location": PLACE,
    }
    first = {"startDate": "2027-03-22T09:00:00+01:00", "endDate": "2027-03-22T16:00:00+01:00"}
    last = {"startDate": "2027-04-22T09:00:00+02:00", "endDate": "2027-04-22T16:00:00+02:00"}
    assert told(app) == {
        **common,
        "@context": "https://schema.org",
        "name": TITLE,
        "inLanguage": "nb",
        "startDate": first["startDate"],
        "endDate": last["endDate"],
        "organizer": {"@type": "Organization", "name": "ALIS og SamLIS rådgivingskontor Nord"},
        "maximumAttendeeCapacity": 30,
        "remainingAttendeeCapacity": 28,
        "subEvent": [
            {**common, **first, "name": f"{TITLE} (dag 1 av 2)"},
            {**common, **last, "name": f"{TITLE} (dag 2 av 2)"},
        ],
    }


@pytest.mark.parametrize("kind", [EventKind.ALIS_KVELD, EventKind.WEBINAR, EventKind.CONFERENCE])
def test_what_is_no_course_is_an_event(app: Flask, kind: EventKind) -> None:
    make_event(slug="kurs", kind=kind, starts=EVENING)
    found = told(app)
    assert (found["@type"], [one["@type"] for one in found["subEvent"]], found["subEvent"][0]["name"]) == (
        "Event",
        ["Event"],
        TITLE,
    )


@pytest.mark.parametrize(
    ("facts", "most", "left"),
    [
        ({"capacity": None}, None, None),
        ({"capacity": 2}, 2, 0),
        ({"capacity": 30, "seat_rule": SeatRule.APPLICATION}, 30, None),
        ({"capacity": 30, "status": EventStatus.CLOSED}, 30, None),
    ],
)
def test_seats_are_told_as_the_page_tells_them(app: Flask, facts: dict[str, Any], most: int, left: int) -> None:
    join(make_event(slug="kurs", **facts), 3)
    found = told(app)
    assert (found.get("maximumAttendeeCapacity"), found.get("remainingAttendeeCapacity")) == (most, left)


def test_what_is_called_off_is_cancelled_all_through(app: Flask) -> None:
    make_event(slug="kurs", status=EventStatus.CANCELLED)
    found = told(app)
    off = "https://schema.org/EventCancelled"
    assert [found["eventStatus"], *(one["eventStatus"] for one in found["subEvent"])] == [off] * 3


def test_a_session_that_is_called_off_moves_the_end_and_stays_as_cancelled(app: Flask) -> None:
    change(make_event(slug="kurs"), 1, cancelled=True, place="Narvik")
    found = told(app)
    assert (found["endDate"], found["location"], [one["eventStatus"][-9:] for one in found["subEvent"]]) == (
        "2027-03-22T16:00:00+01:00",
        PLACE,
        ["Scheduled", "Cancelled"],
    )


@pytest.mark.parametrize(
    ("first", "last", "mode", "where"),
    [
        ({}, {}, "Offline", PLACE),
        ({"place": "", "address": ""}, {"place": "", "address": ""}, "Offline", None),
        ({"place": "", "address": "", "video_url": "x"}, {}, "Mixed", [ONLINE, PLACE]),
        ({"video_url": "x"}, {"video_url": "x"}, "Mixed", [PLACE, ONLINE]),
        (
            {"place": "", "address": "", "video_url": "x"},
            {"place": "", "address": "", "video_url": "x"},
            "Online",
            ONLINE,
        ),
    ],
)
def test_where_it_is_and_never_where_the_video_is(
    app: Flask, first: dict[str, str], last: dict[str, str], mode: str, where: Any
) -> None:
    event = make_event(slug="kurs")
    for number, facts in enumerate((first, last)):
        link = {"video_url": "https://video.example.org/hemmelig"} if "video_url" in facts else {}
        change(event, number, **{**facts, **link})
    found = told(app)
    assert (found["eventAttendanceMode"], found.get("location")) == (
        f"https://schema.org/{mode}EventAttendanceMode",
        where,
    )
    assert "hemmelig" not in Visitor(app).get("/arrangementer/kurs").body


def test_a_joint_event_names_everybody_who_arranges_it(app: Flask) -> None:
    share(make_event(slug="kurs"), "ost")
    assert [one["name"].rpartition(" ")[2] for one in told(app)["organizer"]] == ["Nord", "Øst"]


def test_a_title_cannot_end_the_data(app: Flask) -> None:
    title = "</script><script>alert('x')</script><!-- & \u2028"
    make_event(slug="kurs", title=title, target_group="</script>")
    page = Visitor(app).get("/arrangementer/kurs")
    data = [one for one in page.all("script") if one.attrib == DATA]
    text = page.body.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    inline = [one for one in page.all("script") if one.get("src") is None]
    assert (len(data), len(inline), told(app)["name"]) == (1, 1, title)
    assert [mark for mark in "<>&'" if mark in text] == []


def test_the_desk_and_the_list_tell_search_engines_nothing(app: Flask) -> None:
    event = make_event(slug="kurs", closes_at=NOW + timedelta(days=3))
    visitor = logged_in(app)
    for path in ("/", f"/kontor/arrangementer/{event.slug}/forhandsvis", "/arrangementer/kurs/pamelding"):
        assert "ld+json" not in visitor.get(path).body


@pytest.mark.parametrize(
    "script",
    [
        "<script>1</script>",
        '<script type="text/javascript">1</script>',
        '<script type="module">1</script>',
        '<script type="application/ld+json" id="x">{}</script>',
        '<script type="application/LD+JSON">{}</script>',
    ],
)
def test_only_that_exact_kind_of_script_may_stand_in_a_page(app: Flask, script: str) -> None:
    make_event(slug="kurs")
    page = Visitor(app).get("/arrangementer/kurs")
    body = page.body.replace("</h1>", f"</h1>{script}")
    spoilt = replace(page, body=body, tree=html5lib.HTMLParser(namespaceHTMLElements=True).parse(body))
    assert isinstance(spoilt, Page)
    with pytest.raises(AssertionError, match="inline script"):
        check(spoilt)
