"""The list and the event page: what is shown, what is not, and in which words."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from courseapp.db import transaction
from courseapp.domain.event import EventKind, EventStatus
from courseapp.models.event import Event
from courseapp.models.office import Office
from courseapp.services import registrations
from tests.conftest import NOW, Clock
from tests.making import make_event, wish
from tests.pages import XHTML, Visitor, words

FEBRUARY = (datetime(2027, 2, 3, 16, tzinfo=UTC),)


def listed(app: Flask, query: str = "") -> list[str]:
    """Slugs of the events in the list, in order, each once."""
    page = Visitor(app).get(f"/{query}")
    links = [(one.get("href") or "").removeprefix("/arrangementer/") for one in page.all("a")]
    return list(dict.fromkeys(one for one in links if one and "/" not in one and one.startswith("e-")))


def test_the_list_shows_what_is_to_come_soonest_first(app: Flask) -> None:
    make_event(slug="e-mars")
    make_event(slug="e-februar", starts=FEBRUARY, kind=EventKind.ALIS_KVELD)
    make_event(slug="e-utkast", status=EventStatus.DRAFT)
    make_event(slug="e-over", starts=(NOW - timedelta(days=3),), closes_at=None)
    make_event(slug="e-stand", kind=EventKind.STAND)
    make_event(slug="e-avlyst", status=EventStatus.CANCELLED, starts=(NOW + timedelta(days=90),))
    assert listed(app) == ["e-februar", "e-mars", "e-avlyst"]


@pytest.mark.parametrize(
    ("query", "slugs"),
    [
        ("?office=nord", ["e-nord"]),
        ("?office=oslo", ["e-felles"]),
        ("?office=ost", ["e-felles"]),
        ("?kind=alis_kveld", ["e-nord"]),
        ("?month=2027-02", ["e-nord"]),
        ("?month=2027-03&office=oslo", ["e-felles"]),
        ("?month=2027-03&office=nord", []),
        ("?month=2031-12", []),
        ("?office=finnes-ikke", ["e-nord", "e-felles"]),
        ("?month=2027-13&kind=pope", ["e-nord", "e-felles"]),
        ("?month=0001-01&office=", ["e-nord", "e-felles"]),
        ("?month=9999-12", ["e-nord", "e-felles"]),
        ("?month=%00&side=-7", ["e-nord", "e-felles"]),
        ("?side=99999999999999999999", []),
        ("?side=x", ["e-nord", "e-felles"]),
    ],
)
def test_filters_in_the_address(app: Flask, query: str, slugs: list[str]) -> None:
    make_event(slug="e-nord", starts=FEBRUARY, kind=EventKind.ALIS_KVELD)
    joint = make_event(slug="e-felles", office="oslo")
    share(joint, "ost")
    assert listed(app, query) == slugs


def share(event: Event, office: str) -> None:
    """Make it a joint event."""
    with transaction() as tx:
        kept = tx.get_one(Event, event.id)
        kept.partners.append(tx.query(Office).filter_by(slug=office).one())


def test_a_month_is_a_norwegian_month(app: Flask) -> None:
    make_event(slug="e-natt", starts=(datetime(2027, 1, 31, 23, 30, tzinfo=UTC),))
    assert (listed(app, "?month=2027-02"), listed(app, "?month=2027-01")) == (["e-natt"], [])
    assert 'value="2027-01"' not in Visitor(app).get("/").body


def test_a_month_with_nothing_in_it_stays_chosen(app: Flask) -> None:
    make_event()
    page = Visitor(app).get("/?month=2027-02")
    assert (page.value("month"), "Ingen arrangementer passer med valgene dine" in page.text) == ("2027-02", True)


def test_an_empty_list_says_what_will_be_here(app: Flask) -> None:
    assert "arrangement" in Visitor(app).get("/").text.lower()
    make_event(slug="e-mars")
    assert listed(app, "?office=sor") == []
    Visitor(app).get("/?office=sor")


def test_a_long_list_has_pages(app: Flask) -> None:
    for number in range(53):
        make_event(slug=f"e-{number:02}", starts=(NOW + timedelta(days=30 + number),))
    assert (listed(app), listed(app, "?side=2")) == ([f"e-{n:02}" for n in range(50)], ["e-50", "e-51", "e-52"])


STATES: list[tuple[dict[str, Any], int, str]] = [
    ({"capacity": 30}, 1, "29 av 30 plasser ledige"),
    ({"capacity": 4}, 2, "2 av 4 plasser ledige"),
    ({"capacity": 2}, 2, "Fullt"),
    ({"capacity": 2}, 5, "3 på venteliste"),
    ({"capacity": None}, 3, "Ingen grense"),
    ({"opens_at": NOW + timedelta(days=1)}, 0, "åpner"),
    ({"closes_at": NOW - timedelta(days=1)}, 0, "Påmeldingsfristen"),
    ({"status": EventStatus.CLOSED}, 0, "stengt"),
    ({"status": EventStatus.CANCELLED, "cancelled_reason": "Kursholder er syk."}, 0, "Kursholder er syk."),
]


@pytest.mark.parametrize(("facts", "people", "words_"), STATES)
def test_the_event_page_says_how_it_stands(app: Flask, facts: dict[str, Any], people: int, words_: str) -> None:
    event = make_event(**facts)
    for number in range(people):
        registrations.sign_up(wish(event, number))
    page = Visitor(app).get(f"/arrangementer/{event.slug}")
    assert words_ in page.text
    form_links = [one for one in page.all("a") if (one.get("href") or "").endswith("/pamelding")]
    assert bool(form_links) == ("capacity" in facts)


def test_a_cancelled_event_is_avlyst_and_not_avmeldt(app: Flask) -> None:
    event = make_event(status=EventStatus.CANCELLED)
    for path in ("/", f"/arrangementer/{event.slug}"):
        text = Visitor(app).get(path).text
        assert ("vlyst" in text, "vmeldt" in text) == (True, False)


def test_the_event_page_says_hours_approvals_and_contact(app: Flask) -> None:
    text = Visitor(app).get(f"/arrangementer/{make_event().slug}").text
    facts = [
        "18 timer i spesialistutdanningen i samfunnsmedisin",
        "18 timer som klinisk emnekurs i videre- og etterutdanningen i allmennmedisin",
        "mandag 22. mars 2027, kl. 09.00–16.00",
        "torsdag 22. april 2027, kl. 09.00–16.00",
        "nord@alis.example.org",
        "22 10 00 01",
    ]
    assert [fact for fact in facts if fact not in text] == []


def test_what_an_organizer_writes_can_do_nothing(app: Flask) -> None:
    event = make_event(
        title="<script>alert(1)</script>",
        description="**Fet** <img src=x onerror=alert(1)>\n\n- [ja](https://example.org)\n- [nei](javascript:alert(1))",
    )
    page = Visitor(app).get(f"/arrangementer/{event.slug}")
    assert (
        page.all("script", src="x"),
        page.all("img"),
        [words(one) for one in page.one("main").iter(XHTML + "strong")][:1],
    ) == (
        [],
        [],
        ["Fet"],
    )
    assert [one.get("href") for one in page.all("a") if "javascript" in (one.get("href") or "")] == []


def test_the_video_link_is_for_participants_only(app: Flask) -> None:
    event = make_event(kind=EventKind.WEBINAR)
    with transaction() as tx:
        for session in tx.get_one(Event, event.id).sessions:
            session.video_url = "https://video.example.org/hemmelig"
    for path in (
        f"/arrangementer/{event.slug}",
        f"/arrangementer/{event.slug}/samling-{event.sessions[0].id}.ics",
        "/",
    ):
        assert "hemmelig" not in Visitor(app).ask("GET", path).get_data(as_text=True)


def test_a_held_event_keeps_its_page(app: Flask, time: Clock) -> None:
    event = make_event()
    time.pass_by(days=200)
    assert "Arrangementet er i gang eller gjennomført." in Visitor(app).get(f"/arrangementer/{event.slug}").text


def test_the_form_suggests_every_municipality_in_norwegian_order(app: Flask) -> None:
    event = make_event()
    page = Visitor(app).get(f"/arrangementer/{event.slug}/pamelding")
    suggested = [one.get("value") for one in page.one("datalist", id="municipalities")]
    assert (len(suggested), suggested[0], suggested[-1]) == (357, "Alstahaug", "Åsnes")
