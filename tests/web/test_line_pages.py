"""The pages for seats, the line, and one person's place by hand."""

import pytest
from flask import Flask

from courseapp.db import db, transaction
from courseapp.domain.access import UserRole
from courseapp.domain.event import EventStatus
from courseapp.domain.registration import Status
from courseapp.models.event import Event
from courseapp.services import registrations
from tests.keys import key_of
from tests.letters import registrations as rows
from tests.letters import the_registration
from tests.making import make_event, wish
from tests.pages import Page, words
from tests.people import logged_in, written

BASE = "/kontor/arrangementer/kurs"
SEATS, TABLE = f"{BASE}/plasser", f"{BASE}/deltakere"
RULES = {"capacity": "1", "fill_mode": "confirm", "offer_hours": "48", "fill_stops_days": "0"}
ADDRESS = "kare{}@lege.example.org"
WHY = {"reason": "Avtalt på telefon"}


@pytest.fixture
def event(app: Flask) -> Event:
    """One seat; the first has it, three wait."""
    made = make_event(slug="kurs", capacity=1)
    for number in (1, 2, 3, 4):
        registrations.sign_up(wish(made, number))
    return made


def path(number: int) -> str:
    return f"{TABLE}/{the_registration(ADDRESS.format(number)).id}/plass"


def line(page: Page) -> list[str]:
    return [words(one)[:18] for one in page.all("tr") if one.get("data-registration")]


def fresh() -> Event:
    db.session.rollback()
    return db.session.query(Event).filter_by(slug="kurs").populate_existing().one()


def acts(page: Page) -> list[str | None]:
    return [one.get("value") for one in page.all("input", name="act")]


def test_the_line_is_shown_with_a_way_to_each_place(app: Flask, event: Event) -> None:
    page = logged_in(app).get(SEATS)
    assert line(page) == ["1 Kåre Ødegård 2 A", "2 Kåre Ødegård 3 A", "3 Kåre Ødegård 4 A"]
    assert len(page.all("a", href=path(2))) == 1
    assert [page.value(name) for name in RULES] == list(RULES.values())
    assert len(written("participants_read")) == 1


def test_more_seats_go_to_the_line_and_the_page_says_so(app: Flask, event: Event) -> None:
    visitor = logged_in(app)
    page = visitor.follow(visitor.post(SEATS, {**RULES, "capacity": "3"}))
    assert "2 personer i køen får e-post om plass nå." in page.text
    assert line(page) == ["1 Kåre Ødegård 4 A"]


def test_rules_and_shares_are_kept(app: Flask, event: Event) -> None:
    visitor = logged_in(app)
    told = {"fill_mode": "offer", "offer_hours": "24", "fill_stops_days": "7", "alis_most": "1", "samlis_least": "0"}
    page = visitor.follow(visitor.post(SEATS, {**RULES, **told}))
    assert [page.value(name) for name in ("fill_mode", "offer_hours", "fill_stops_days", "alis_most")] == [
        "offer",
        "24",
        "7",
        "1",
    ]
    assert fresh().role_shares == [{"role": "alis", "least": None, "most": 1}]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"capacity": "mange"}, "«Antall plasser» må være et tall fra 1 til 10000."),
        ({"capacity": "0"}, "«Antall plasser» må være et tall fra 1 til 10000."),
        ({"offer_hours": ""}, "Skriv hvor mange timer et tilbud skal stå."),
        ({"offer_hours": "337"}, "«Svarfrist på tilbud, i timer» må være et tall fra 1 til 336."),
        (
            {"fill_stops_days": "-1"},
            "«Stopp automatikken, dager før start» må være et tall fra 0 til 365.",
        ),
        ({"fill_mode": "lottery"}, "Velg ett av alternativene under «Når en plass blir ledig»."),
        (
            {"capacity": "2", "alis_least": "3"},
            "Det er holdt av 3 plasser til rollene, flere enn det er i alt.",
        ),
        (
            {"capacity": "9", "samlis_least": "3", "samlis_most": "2"},
            "SamLIS (samfunnsmedisinsk lege i spesialisering): «minst» kan ikke være større enn «høyst».",
        ),
    ],
)
def test_rules_that_cannot_hold_get_a_sentence(app: Flask, event: Event, wrong: dict[str, str], sentence: str) -> None:
    page = logged_in(app).post(SEATS, {**RULES, **wrong}, expect=422)
    assert (page.errors, fresh().capacity, fresh().role_shares) == ([sentence], 1, [])


def test_each_status_has_its_acts(app: Flask, event: Event) -> None:
    visitor = logged_in(app)
    registrations.cancel(key_of(ADDRESS.format(4)))
    found = [acts(visitor.get(path(number))) for number in (1, 2, 4)]
    assert found == [["remove"], ["move", "give", "remove"], ["put_back"]]


def test_a_move_needs_a_place_and_a_reason(app: Flask, event: Event) -> None:
    visitor = logged_in(app)
    page = visitor.post(path(4), {"act": "move", "place": "", "reason": ""}, expect=422)
    assert set(page.errors) == {
        "Skriv hvilket nummer i køen.",
        "Skriv en begrunnelse. Kollegene dine leser den i historikken.",
    }
    page = visitor.post(path(4), {"act": "move", "place": "7", **WHY}, expect=422)
    assert page.errors == ["Det er ikke så mange i køen. Velg en plass som finnes."]
    done = visitor.follow(visitor.post(path(4), {"act": "move", "place": "1", **WHY}))
    assert ("Flyttet i køen." in done.text, "Fra nummer 3 til 1. Avtalt på telefon" in done.text) == (True, True)
    assert line(visitor.get(SEATS))[0] == "1 Kåre Ødegård 4 A"


def test_overbooking_is_warned_of_and_then_told_in_the_history(app: Flask, event: Event) -> None:
    visitor = logged_in(app)
    assert "Arrangementet er fullt. Gir du denne plassen, er 2 av 1 plasser tatt." in visitor.get(path(3)).text
    done = visitor.follow(visitor.post(path(3), {"act": "give", **WHY}))
    assert the_registration(ADDRESS.format(3)).status is Status.REGISTERED
    assert "2 av 1 plasser tatt. Avtalt på telefon" in done.text
    assert "Fikk plass av kontoret" in done.text


def test_a_free_seat_is_given_without_a_warning(app: Flask, event: Event) -> None:
    page = logged_in(app).get(path(1))
    assert "Arrangementet er fullt" not in page.text


def test_removing_and_putting_back_leads_to_the_new_registration(app: Flask, event: Event) -> None:
    visitor = logged_in(app)
    old = path(3)
    assert "Meldt av av kontoret" in visitor.follow(visitor.post(old, {"act": "remove", **WHY})).text
    answer = visitor.post(old, {"act": "put_back", **WHY})
    assert answer.headers["Location"] == f"{TABLE}/{rows()[-1].id}"
    assert "nummer 3 i køen" in visitor.follow(answer).text
    refused = visitor.post(old, {"act": "put_back", **WHY}, expect=422)
    assert refused.errors == ["Adressen er allerede påmeldt dette arrangementet."]


def test_an_act_that_came_too_late_gets_a_sentence(app: Flask, event: Event) -> None:
    visitor = logged_in(app)
    page = visitor.get(path(2))
    registrations.cancel(key_of(ADDRESS.format(1)))  # the second in line has a seat now
    assert "give" in acts(page)
    answer = visitor.post(path(2), {"act": "give", **WHY}, expect=422)
    assert answer.errors == ["Påmeldingen er ikke i en tilstand der dette går."]


@pytest.mark.parametrize("act", ["", "delete", "give\x00"])
def test_an_act_that_is_none_is_refused(app: Flask, event: Event, act: str) -> None:
    assert logged_in(app).post(path(2), {"act": act, **WHY}, expect=400).status == 400


def test_in_an_event_that_is_called_off_one_can_only_be_taken_out(app: Flask) -> None:
    made = make_event(slug="kurs")
    registrations.sign_up(wish(made))
    with transaction() as tx:
        tx.get_one(Event, made.id).status = EventStatus.CANCELLED
    assert acts(logged_in(app).get(path(1))) == ["remove"]


def test_readers_and_strangers_find_nothing(app: Flask, event: Event) -> None:
    place = path(2)
    reader = logged_in(app, role=UserRole.READER)
    assert [words(one) for one in reader.get(place.removesuffix("/plass")).all("a") if one.get("href") == place] == []
    for visitor in (reader, logged_in(app, office="vest")):
        token = visitor.token("/kontor/arrangementer")
        for one in (SEATS, place):
            assert visitor.get(one, expect=404).status == 404
            told = {"csrf_token": token, **RULES, "act": "give", **WHY}
            assert visitor.ask("POST", one, data=told).status_code == 404
    assert [str(one.status) for one in rows()] == ["registered", "waitlisted", "waitlisted", "waitlisted"]


def test_a_person_of_another_event_is_not_found_here(app: Flask, event: Event) -> None:
    make_event(slug="annet")
    other = path(2).replace("/kurs/", "/annet/")
    assert logged_in(app).get(other, expect=404).status == 404


def test_the_persons_page_leads_here(app: Flask, event: Event) -> None:
    page = logged_in(app).get(path(2).removesuffix("/plass"))
    assert len(page.all("a", href=path(2))) == 1
