"""Which language a page speaks, and how it is chosen and kept."""

from __future__ import annotations

import json

import pytest
from flask import Flask

from courseapp import speech
from courseapp.domain.language import Language
from tests.making import make_event
from tests.pages import Visitor, words
from tests.people import join, logged_in

HEADINGS = {"nb": "Kurs og arrangementer", "nn": "Kurs og arrangement", "en": "Courses and events"}


def speaks(visitor: Visitor, path: str = "/", **headers: str) -> str:
    """The language a page says it is in, and is in."""
    answer = visitor.ask("GET", path, headers=headers)
    body = answer.get_data(as_text=True)
    said = body.partition('<html lang="')[2][:2]
    assert answer.headers["Content-Language"] == said
    assert {"Accept-Language", "Cookie"} <= {one.strip() for one in answer.headers["Vary"].split(",")}
    return said


@pytest.mark.parametrize(
    ("wishes", "spoken"),
    [
        ("", "nb"),
        ("no", "nb"),
        ("no-NO,no;q=0.9,nn;q=0.8", "nb"),
        ("nb-NO", "nb"),
        ("nn-NO,nn;q=0.9,nb;q=0.8", "nn"),
        ("en-US,en;q=0.9", "nb"),
        ("en-GB,nn;q=0.5", "nn"),
        ("de", "nb"),
        ("nb;q=0.4,nn;q=0.6", "nn"),
        ("*", "nb"),
        (";;q=,,-", "nb"),
    ],
)
def test_a_browsers_wish_is_heard_among_the_norwegian_ones(app: Flask, wishes: str, spoken: str) -> None:
    assert speaks(Visitor(app), Accept_Language=wishes) == spoken


def test_a_choice_is_kept_and_goes_before_the_browsers_wish(app: Flask) -> None:
    visitor = Visitor(app)
    assert speaks(visitor, "/?sprak=en", Accept_Language="nn") == "en"
    assert speaks(visitor, Accept_Language="nn") == "en"
    assert speaks(visitor, "/?sprak=nn") == "nn"
    assert speaks(visitor, "/finn") == "nn"


def test_the_cookie_holds_the_code_and_nothing_else(app: Flask) -> None:
    visitor = Visitor(app)
    (cookie,) = visitor.ask("GET", "/?sprak=en").headers.getlist("Set-Cookie")
    assert cookie.startswith("language=en;")
    assert {"HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=31536000"} <= {one.strip() for one in cookie.split(";")}
    assert visitor.ask("GET", "/?sprak=en").headers.getlist("Set-Cookie") == []
    assert Visitor(app).ask("GET", "/").headers.getlist("Set-Cookie") == []


@pytest.mark.parametrize("code", ["", "sami", "no", "EN", "nb-NO", "en\x00", "../en", "e" * 5000])
def test_what_is_no_language_of_ours_changes_nothing(app: Flask, code: str) -> None:
    answer = Visitor(app).ask("GET", "/", query_string={"sprak": code})
    assert (answer.status_code, answer.headers["Content-Language"]) == (200, "nb")
    assert answer.headers.getlist("Set-Cookie") == []


def test_each_page_offers_itself_in_all_languages_and_keeps_its_question(app: Flask) -> None:
    make_event()
    page = Visitor(app).get("/?kind=veilederkurs&office=nord")
    (offered,) = [one for one in page.all("ul") if one.get("class") == "languages"]
    links = [one for one in offered.iter() if one.get("hreflang")]
    assert [(words(one), one.get("lang"), one.get("aria-current")) for one in links] == [
        ("Bokmål", "nb", "true"),
        ("Nynorsk", "nn", None),
        ("English", "en", None),
    ]
    assert links[2].get("href") == "/?kind=veilederkurs&office=nord&sprak=en"
    answer = Visitor(app).get(str(links[2].get("href")))
    assert (answer.one("html").get("lang"), answer.value("kind")) == ("en", "veilederkurs")


def test_an_error_speaks_too_and_leads_to_the_front(app: Flask) -> None:
    visitor = Visitor(app)
    visitor.get("/?sprak=en")
    page = visitor.get("/arrangementer/finnes-ikke", expect=404)
    assert page.h1 == "We cannot find the page"
    assert {one.get("href") for one in page.all("a", lang="nn")} == {"/?sprak=nn"}


@pytest.mark.parametrize("language", Language)
def test_the_list_is_said_in_each(app: Flask, language: Language) -> None:
    assert Visitor(app).get(f"/?sprak={language.value}").h1 == HEADINGS[language.value]


def test_a_refusal_at_a_form_is_said_in_the_language_of_the_page(app: Flask) -> None:
    event, visitor = make_event(), Visitor(app)
    visitor.get("/?sprak=en")
    page = visitor.post(f"/arrangementer/{event.slug}/pamelding", {"email": "kari"}, expect=422)
    assert "Enter your first name." in page.errors
    assert "The email address must have an @, as in name@kommune.no." in page.errors


@pytest.mark.parametrize(("asked", "said"), [("", "Ledige plasser"), ("?sprak=en", "Places available")])
def test_what_programs_fetch_heeds_the_address_alone(app: Flask, asked: str, said: str) -> None:
    make_event()
    visitor = Visitor(app)
    visitor.get("/?sprak=nn")
    answer = visitor.ask("GET", f"/arrangementer.json{asked}", headers={"Accept-Language": "nn"})
    (event,) = json.loads(answer.get_data(as_text=True))["events"]
    assert event["state"]["label"] == said


def test_a_private_calendar_speaks_the_language_of_the_page_it_was_made_on(app: Flask) -> None:
    visitor = logged_in(app)
    visitor.get("/kontor/kalender?sprak=en")
    page = visitor.post("/kontor/kalender", {"make": "y"}, expect=200)
    address = next(one.get("value") or "" for one in page.all("input") if "/kal/" in (one.get("value") or ""))
    assert address.endswith(".ics?sprak=en")
    calendar = Visitor(app).ask("GET", address.removeprefix("http://kurs.example.org")).get_data(as_text=True)
    assert "The office" in calendar


def test_who_reads_is_settled_when_a_request_begins_and_over_when_it_ends(app: Flask) -> None:
    """A page says hundreds of sentences: they are not to ask each for itself. And nobody inherits a language."""
    with app.test_request_context("/?sprak=en", base_url="http://kurs.example.org"):
        app.preprocess_request()
        settled = speech._spoken.get()
        assert settled is not None
        assert (settled[0], speech.said("Venteliste")) == (Language.ENGLISH, "Waiting list")
    assert speech._spoken.get() is None


@pytest.mark.parametrize(("language", "marked"), [(Language.BOKMAL, []), (Language.ENGLISH, ["Kurs for veiledere"])])
def test_what_an_office_wrote_is_marked_as_norwegian_where_the_page_is_not(
    app: Flask, language: Language, marked: list[str]
) -> None:
    make_event(slug="kurs", title="Kurs for veiledere")
    page = Visitor(app).get(f"/arrangementer/kurs?sprak={language.value}")
    assert [words(one) for one in page.one("h1").iter() if one.get("lang") == "no"] == marked


def test_a_list_to_download_has_the_heads_of_the_language_one_reads(app: Flask) -> None:
    event, visitor = make_event(), logged_in(app)
    join(event, 1)
    visitor.get("/kontor/arrangementer?sprak=en")
    text = visitor.ask("GET", f"/kontor/arrangementer/{event.slug}/deltakere.csv").get_data().decode("utf-8-sig")
    heads = text.splitlines()[0].replace('"', "").split(";")
    assert {"Last name", "First name", "Workplace", "Municipality"} <= set(heads)
