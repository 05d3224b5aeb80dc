"""«Min påmelding»: another address, another course."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from courseapp.domain.event import EventKind, EventStatus, FillMode
from courseapp.models.event import Event
from courseapp.services import changes, moves, registrations
from courseapp.web.public import my_registration
from tests.keys import key_of
from tests.letters import registrations as rows
from tests.letters import the_registration
from tests.making import make_event, wish
from tests.pages import Page, Visitor, checked
from tests.people import organizer

OLD, NEW = "kare1@lege.example.org", "kare.ny@lege.example.org"
FORM = {
    "first_name": "Kåre",
    "last_name": "Ødegård 1",
    "email": OLD,
    "primary_role": "alis",
    "workplace": "Havna legekontor",
    "municipality": "Bodø",
}


def signed_up(number: int = 1, **facts: Any) -> Event:
    """An event, and one who is in it."""
    event = make_event(**facts)
    registrations.sign_up(wish(event, number))
    return event


def choices(page: Page) -> list[str | None]:
    return [one.get("value") for one in page.all("input", name="to")]


@pytest.mark.parametrize("kind", [EventKind.VEILEDERKURS, EventKind.ALIS_KVELD])
def test_the_form_shows_my_address(app: Flask, kind: EventKind) -> None:
    signed_up(kind=kind)
    assert Visitor(app).get(f"/min/{key_of(OLD)}/endre").value("email") == OLD


@pytest.mark.parametrize("kind", [EventKind.VEILEDERKURS, EventKind.ALIS_KVELD])
def test_with_a_new_address_the_page_says_where_the_link_went(app: Flask, kind: EventKind) -> None:
    signed_up(kind=kind)
    key, visitor = key_of(OLD), Visitor(app)
    answer = visitor.post(f"/min/{key}/endre", {**FORM, "email": NEW})
    assert answer.headers["Location"] == "/finn"
    assert "ny lenke til den nye adressen" in visitor.follow(answer).text
    assert (the_registration(NEW).email, NEW in answer.headers["Location"]) == (NEW, False)
    visitor.get(f"/min/{key}", expect=404)
    assert Visitor(app).get(f"/min/{key_of(NEW)}").one("main").get("data-status") == "registered"


def test_without_a_new_address_all_stays_as_it_was(app: Flask) -> None:
    signed_up()
    visitor, key = Visitor(app), key_of(OLD)
    answer = visitor.post(f"/min/{key}/endre", {**FORM, "workplace": "Ny legevakt"})
    assert (answer.headers["Location"], the_registration(OLD).workplace) == (f"/min/{key}", "Ny legevakt")


def test_an_address_that_is_in_already_is_refused_with_a_sentence(app: Flask) -> None:
    event = signed_up()
    registrations.sign_up(wish(event, 2))
    page = Visitor(app).post(
        f"/min/{key_of(OLD)}/endre", {**FORM, "email": "kare2@lege.example.org", "workplace": "X"}, expect=422
    )
    assert page.errors == ["Denne adressen kan ikke brukes her. Bruk en annen, eller ta kontakt med kontoret."]
    assert [one.workplace for one in rows()] == ["Havna legekontor"] * 2


@pytest.mark.parametrize("email", ["", "kare", "kåre@lege.example.org", "a@b\x00.no", "a@b.no\r\nBcc: x@y.no"])
def test_what_is_no_address_is_refused(app: Flask, email: str) -> None:
    signed_up()
    page = Visitor(app).post(f"/min/{key_of(OLD)}/endre", {**FORM, "email": email}, expect=422)
    assert (len(page.errors), rows()[0].email) == (1, OLD)


def test_nobody_tries_addresses_one_after_the_other(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(my_registration, "MOST_ADDRESSES_A_DAY", 1)
    event = signed_up()
    registrations.sign_up(wish(event, 2))
    taken = {**FORM, "email": "kare2@lege.example.org"}
    visitor, path = Visitor(app), f"/min/{key_of(OLD)}/endre"
    visitor.post(path, taken, expect=422)
    visitor.post(path, taken, expect=429)


def test_other_open_courses_of_the_same_kind_can_be_chosen(app: Flask) -> None:
    signed_up(slug="mitt")
    make_event(slug="ledig", office="vest")
    signed_up(2, slug="fullt", capacity=1)
    make_event(slug="utkast", status=EventStatus.DRAFT)
    make_event(slug="stengt", status=EventStatus.CLOSED)
    make_event(slug="avlyst", status=EventStatus.CANCELLED)
    make_event(slug="webinar", kind=EventKind.WEBINAR)
    visitor = Visitor(app)
    page = visitor.get(f"/min/{key_of(OLD)}/flytt")
    assert choices(page) == ["ledig", "fullt"]
    assert "22. mars og 22. april 2027, Møterom Ås, Vest (Ledige plasser)" in page.text
    assert page.all("a", href=f"/min/{key_of(OLD)}") != []
    assert visitor.get(f"/min/{key_of(OLD)}").all("a", href=f"/min/{key_of(OLD)}/flytt") != []


def test_without_another_course_the_page_says_so(app: Flask) -> None:
    signed_up()
    page = Visitor(app).get(f"/min/{key_of(OLD)}/flytt")
    assert (choices(page), "Ingen andre kurs er åpne nå" in page.text) == ([], True)


def test_moving_to_a_free_seat_shows_that_this_one_has_ended(app: Flask) -> None:
    signed_up()
    there, visitor = make_event(), Visitor(app)
    page = visitor.follow(visitor.post(f"/min/{key_of(OLD)}/flytt", {"to": there.slug}))
    assert (page.one("main").get("data-status"), "Du er flyttet" in page.text) == ("cancelled", True)
    assert Visitor(app).get(f"/min/{key_of(OLD)}").one("main").get("data-status") == "registered"


def test_moving_to_a_full_course_keeps_the_seat_and_says_so(app: Flask) -> None:
    signed_up()
    mine, there, visitor = key_of(OLD), signed_up(2, capacity=1), Visitor(app)
    page = visitor.follow(visitor.post(f"/min/{mine}/flytt", {"to": there.slug}))
    assert (page.one("main").get("data-status"), "gjelder fortsatt" in page.text) == ("registered", True)
    page = visitor.post(f"/min/{mine}/flytt", {"to": there.slug}, expect=422)
    assert page.errors == ["Du er allerede påmeldt."]


def test_both_pages_say_what_will_happen_and_nothing_more_once_it_has(app: Flask) -> None:
    signed_up(title="Kurset her")
    mine, there, visitor = key_of(OLD), signed_up(2, capacity=1, title="Kurset der"), Visitor(app)
    visitor.post(f"/min/{mine}/flytt", {"to": there.slug})
    days = "22. mars og 22. april 2027"
    kept = f"Du beholder plassen her til du har fått plass på «Kurset der, {days}». Da melder vi deg av her"
    waits = f"Du beholder plassen på «Kurset her, {days}» til du har fått plass her. Da melder vi deg av der"
    assert kept in visitor.get(f"/min/{mine}").text
    assert waits in visitor.get(f"/min/{key_of(OLD)}").text
    registrations.cancel(key_of("kare2@lege.example.org"))
    assert "Vi melder deg nå av «Kurset her" in visitor.get(f"/min/{key_of(OLD)}").text
    moves.release_due()
    assert [
        word in visitor.get(f"/min/{key}").text for key in (mine, key_of(OLD)) for word in ("beholder", "nå av")
    ] == ([False] * 4)
    assert visitor.get(f"/min/{mine}").one("main").get("data-status") == "cancelled"


def test_with_an_offer_there_both_pages_say_what_a_yes_ends(app: Flask) -> None:
    signed_up(title="Kurset her")
    mine, visitor = key_of(OLD), Visitor(app)
    there = signed_up(2, capacity=1, title="Kurset der", fill_mode=FillMode.OFFER)
    visitor.post(f"/min/{mine}/flytt", {"to": there.slug})
    registrations.cancel(key_of("kare2@lege.example.org"))
    assert "Du har tilbud om plass på «Kurset der" in visitor.get(f"/min/{mine}").text
    assert "Takker du ja, melder vi deg av «Kurset her" in visitor.get(f"/min/{key_of(OLD)}").text


def test_an_offer_at_a_course_that_is_called_off_cannot_be_answered(app: Flask) -> None:
    event = signed_up(2, capacity=1, fill_mode=FillMode.OFFER)
    registrations.sign_up(wish(event, 1))
    registrations.cancel(key_of("kare2@lege.example.org"))
    visitor, mine = Visitor(app), f"/min/{key_of(OLD)}"
    token = visitor.token(mine)
    changes.call_off(event.slug, "Kursholderen er syk", actor=organizer())
    page = visitor.get(mine)
    assert (page.all("form", action=f"{mine}/takk-ja"), "Svar innen" in page.text) == ([], False)
    answer = checked(visitor.ask("POST", f"{mine}/takk-ja", data={"csrf_token": token}), 422)
    assert answer.errors == ["Arrangementet er avlyst."]


@pytest.mark.parametrize("to", ["", "utkast", "mitt", "finnes-ikke", "\x00", "a" * 5000])
def test_what_cannot_be_chosen_moves_nobody(app: Flask, to: str) -> None:
    signed_up(slug="mitt")
    make_event(slug="annet")
    make_event(slug="utkast", status=EventStatus.DRAFT)
    page = Visitor(app).post(f"/min/{key_of(OLD)}/flytt", {"to": to}, expect=422)
    assert (len(page.errors), len(rows())) == (1, 1)


def test_a_double_click_moves_once(app: Flask) -> None:
    signed_up()
    there, visitor, path = make_event(), Visitor(app), f"/min/{key_of(OLD)}/flytt"
    fields = {"csrf_token": visitor.token(path), "to": there.slug}
    codes = [visitor.ask("POST", path, data=fields).status_code for _ in range(2)]
    assert (codes, len(rows())) == ([303, 303], 2)


def test_who_has_cancelled_is_sent_back(app: Flask) -> None:
    signed_up()
    key = key_of(OLD)
    registrations.cancel(key)
    for path in ("flytt", "endre"):
        assert Visitor(app).get(f"/min/{key}/{path}", expect=303).headers["Location"] == f"/min/{key}"
