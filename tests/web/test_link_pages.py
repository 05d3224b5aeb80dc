"""Links for an office's website: its own first, filters, and nothing that is not public."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask

from courseapp.domain.access import UserRole
from courseapp.domain.event import EventKind, EventStatus
from courseapp.queries import listing
from tests.making import make_event
from tests.pages import Page, Visitor
from tests.people import logged_in, share

SOON = (datetime(2027, 2, 3, 16, tzinfo=UTC),)
BASE = "http://kurs.example.org"


def listed(page: Page) -> list[str]:
    """Titles of the links, in order."""
    return [line.partition("]")[0].removeprefix("- [") for line in text(page, "markdown").split("\n") if line]


def text(page: Page, name: str) -> str:
    return "".join("".join(one.itertext()) for one in page.all("textarea", id=name))


@pytest.fixture
def events(app: Flask) -> None:
    """What is public, at two offices; what is not."""
    make_event(title="Kurs", slug="kurs")
    share(make_event(title="Felles", slug="felles", office="vest"), "nord")
    make_event(title="Kveld", slug="kveld", office="vest", kind=EventKind.ALIS_KVELD, starts=SOON)
    make_event(title="Utkast", slug="utkast", status=EventStatus.DRAFT)
    make_event(title="Avlyst", slug="avlyst", status=EventStatus.CANCELLED)


@pytest.mark.usefixtures("events")
def test_my_own_office_is_chosen_and_the_links_are_ready(app: Flask) -> None:
    page = logged_in(app).get("/kontor/lenker")
    assert (page.value("office"), listed(page)) == ("nord", ["Kurs", "Felles"])
    rest = "22. mars og 22. april 2027, Møterom Ås"
    assert text(page, "tekst") == (
        f"Kurs, {rest}\n{BASE}/arrangementer/kurs\n\nFelles, {rest}\n{BASE}/arrangementer/felles"
    )
    assert text(page, "html") == (
        f'<ul>\n  <li><a href="{BASE}/arrangementer/kurs">Kurs</a>, {rest}</li>\n'
        f'  <li><a href="{BASE}/arrangementer/felles">Felles</a>, {rest}</li>\n</ul>'
    )


@pytest.mark.usefixtures("events")
@pytest.mark.parametrize(
    ("query", "office", "titles"),
    [
        ("?office=vest", "vest", ["Kveld", "Felles"]),
        ("?office=vest&kind=alis_kveld", "vest", ["Kveld"]),
        ("?office=", "", ["Kveld", "Kurs", "Felles"]),
        ("?office=mars&kind=stand", "", ["Kveld", "Kurs", "Felles"]),
        ("?kind=%00", "nord", ["Kurs", "Felles"]),
        ("?office=sor", "sor", []),
    ],
)
def test_the_filters(app: Flask, query: str, office: str, titles: list[str]) -> None:
    page = logged_in(app).get(f"/kontor/lenker{query}")
    assert (page.value("office"), listed(page)) == (office, titles)


@pytest.mark.usefixtures("events")
def test_the_addresses_follow_the_filters_and_lead_somewhere(app: Flask) -> None:
    page = logged_in(app).get("/kontor/lenker?office=vest&kind=alis_kveld")
    query = "?office=vest&kind=alis_kveld"
    found = [page.one("input", id=f"adresse-{ending}").get("value") or "" for ending in ("side", "ics", "atom", "json")]
    assert found == [
        f"{BASE}/{query}",
        *(f"{BASE}/arrangementer.{ending}{query}" for ending in ("ics", "atom", "json")),
    ]
    assert [Visitor(app).ask("GET", one.removeprefix(BASE)).status_code for one in found] == [200] * 4


@pytest.mark.usefixtures("events")
@pytest.mark.parametrize("role", [UserRole.READER, UserRole.ADMINISTRATOR])
def test_who_belongs_to_no_office_sees_all(app: Flask, role: UserRole) -> None:
    assert listed(logged_in(app, office=None, role=role).get("/kontor/lenker")) == ["Kveld", "Kurs", "Felles"]


def test_an_empty_list_says_so_and_keeps_the_addresses(app: Flask) -> None:
    page = logged_in(app).get("/kontor/lenker")
    assert ("Ingen kommende arrangementer passer" in page.text, page.all("textarea")) == (True, [])
    assert page.one("input", id="adresse-json").get("value") == f"{BASE}/arrangementer.json?office=nord"


def test_a_long_list_says_what_is_left_out(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "MOST_LINKS", 2)
    for number in range(3):
        make_event(title=f"Kurs {number}", slug=f"e{number}")
    page = logged_in(app).get("/kontor/lenker")
    assert ("Det er 3 i alt." in page.text, len(listed(page))) == (True, 2)


def test_what_was_typed_stays_in_its_box(app: Flask) -> None:
    make_event(title="</textarea><script>alert(1)</script>", slug="kurs")
    page = logged_in(app).get("/kontor/lenker")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;</a>" in text(page, "html")
    assert [one.get("src") is None for one in page.all("script")] == [False]


def test_the_office_s_events_lead_there(app: Flask) -> None:
    assert logged_in(app).get("/kontor/arrangementer").all("a", href="/kontor/lenker") != []
