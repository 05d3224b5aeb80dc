"""The pages on which something is made again, and the page of a series."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from courseapp.db import db, transaction
from courseapp.domain.access import UserRole
from courseapp.domain.event import EventKind, EventStatus, ReportTable
from courseapp.models.event import Event, EventLeader
from tests.leading import ANE, in_register
from tests.making import make_event
from tests.pages import Page, Visitor, words
from tests.people import join, logged_in, share
from tests.web.test_activity_pages import LIST, NEW, TYPED, slug

EVENING = (datetime(2027, 4, 6, 16, 0, tzinfo=UTC),)
REPEAT = "/kontor/arrangementer/nettverk/gjenta"
MONTHLY = {"rhythm": "weekday", "every": "1", "number": "4", "then": "show"}


def evening(**more: Any) -> Event:
    facts: dict[str, Any] = {
        "slug": "nettverk",
        "kind": EventKind.ALIS_KVELD,
        "title": "Nettverk",
        "capacity": None,
        "report_table": ReportTable.REGIONAL,
        "starts": EVENING,
        **more,
    }
    return make_event(**facts)


def proposed(page: Page) -> list[str]:
    return [words(row) for row in page.all("li") if row.get("class") == "day-row"]


def chosen(page: Page) -> list[str]:
    return sorted(page.value(f"day{name.removeprefix('take')}") for name in page.fields if name.startswith("take"))


def starts() -> list[str]:
    db.session.rollback()
    found = db.session.scalars(select(Event.starts_at).order_by(Event.starts_at))
    return [f"{one:%Y-%m-%d}" for one in found if one]


def test_dates_are_proposed_and_nothing_is_made(app: Flask) -> None:
    nora = logged_in(app)
    evening()
    page = nora.get(REPEAT)
    assert "Hver måned, samme ukedag (første tirsdag)" in page.text
    page = nora.post(REPEAT, {**page.fields, **MONTHLY}, expect=200)
    assert proposed(page) == [
        "tirsdag 4. mai 2027 Dato 1",
        "tirsdag 1. juni 2027 Dato 2",
        "tirsdag 6. juli 2027 Juli Dato 3",
        "tirsdag 3. august 2027 Dato 4",
    ]
    assert chosen(page) == ["2027-05-04", "2027-06-01", "2027-08-03"]
    assert starts() == ["2027-04-06"]


def test_holidays_are_pointed_out_and_not_ticked(app: Flask) -> None:
    nora = logged_in(app)
    evening(starts=(datetime(2027, 5, 3, 15, tzinfo=UTC),))
    page = nora.post(REPEAT, {**nora.get(REPEAT).fields, "rhythm": "weeks", "number": "2", "then": "show"}, expect=200)
    assert proposed(page) == ["mandag 10. mai 2027 Dato 1", "mandag 17. mai 2027 17. mai, Andre pinsedag Dato 2"]
    assert chosen(page) == ["2027-05-10"]


def test_dates_are_changed_left_out_and_then_made_in_one_go(app: Flask) -> None:
    nora = logged_in(app)
    evening()
    page = nora.post(REPEAT, {**nora.get(REPEAT).fields, **MONTHLY}, expect=200)
    sent = {**page.fields, "day1": "2027-05-11", "counted": "people", "title": "Nettverk 2027"}
    sent.pop("take2")
    page = nora.post(REPEAT, {**sent, "then": "check"}, expect=200)
    assert proposed(page)[0] == "tirsdag 11. mai 2027 Dato 1"
    page = nora.follow(nora.post(REPEAT, {**page.fields, "then": "make"}))
    assert "2 arrangementer er laget." in page.text
    assert (page.h1, starts()) == ("Nettverk 2027", ["2027-04-06", "2027-05-11", "2027-08-03"])
    assert "samlet, antall forskjellige personer" in page.text


def test_a_second_press_is_told_that_they_are_there(app: Flask) -> None:
    nora = logged_in(app)
    evening()
    page = nora.post(REPEAT, {**nora.get(REPEAT).fields, **MONTHLY}, expect=200)
    for _press in range(2):
        answer = nora.post(REPEAT, {**page.fields, "then": "make"})
    assert answer.headers["Location"] == "/kontor/serier/1"
    assert "3 datoer sto der fra før." in nora.follow(answer).text
    assert len(starts()) == 4
    again = nora.post(REPEAT, {**nora.get(REPEAT).fields, **MONTHLY}, expect=200)
    assert proposed(again)[0] == "tirsdag 4. mai 2027 Står der fra før Dato 1"


@pytest.mark.parametrize(
    ("sent", "errors"),
    [
        ({"rhythm": ""}, ["Velg hvordan det gjentas."]),
        ({"rhythm": "feil"}, ["Velg ett av alternativene under «Gjentas»."]),
        ({"number": "", "until": ""}, ["Skriv hvor mange nye datoer det skal bli, eller til og med hvilken dag."]),
        ({"number": "61"}, ["Skriv et tall fra 1 til 60."]),
        ({"every": "0"}, ["Skriv et tall fra 1 til 52."]),
        ({"until": "31.02.2027"}, ["Datoen finnes ikke. Skriv den som 18.03.2027."]),
        ({"until": "01.02.2027"}, ["Det blir ingen datoer av dette."]),
        ({"rhythm": "list", "listed": "31.02"}, ["«31.02» er ikke en dato som finnes."]),
        ({"rhythm": "list", "listed": ""}, ["Det blir ingen datoer av dette."]),
        ({"rows": "9999999999", "number": "²"}, ["Skriv et tall fra 1 til 60."]),
    ],
)
def test_a_pattern_that_cannot_be_is_said_and_nothing_typed_is_lost(
    app: Flask, sent: dict[str, str], errors: list[str]
) -> None:
    nora = logged_in(app)
    evening()
    page = nora.post(REPEAT, {**nora.get(REPEAT).fields, **MONTHLY, **sent}, expect=422)
    assert (page.errors, page.value("listed")) == (errors, sent.get("listed", ""))


@pytest.mark.parametrize(
    ("sent", "errors"),
    [
        ({"day1": ""}, ["Skriv datoen, eller fjern krysset."]),
        ({"day1": "i morgen"}, ["Datoen finnes ikke. Skriv den som 18.03.2027."]),
        ({"day2": "2027-05-04"}, ["Datoen står to ganger."]),
        ({"take1": None, "take2": None, "take4": None}, ["Velg minst én dato."]),
        ({"title": ""}, ["Skriv hva serien heter."]),
        ({"counted": ""}, ["Velg hvordan serien telles."]),
    ],
)
def test_dates_that_cannot_be_are_said_and_the_others_stay(
    app: Flask, sent: dict[str, str | None], errors: list[str]
) -> None:
    nora = logged_in(app)
    evening()
    page = nora.post(REPEAT, {**nora.get(REPEAT).fields, **MONTHLY}, expect=200)
    told = {name: value for name, value in {**page.fields, **sent}.items() if value is not None}
    page = nora.post(REPEAT, {**told, "then": "make"}, expect=422)
    assert (page.errors, len(proposed(page)), starts()) == (errors, 4, ["2027-04-06"])


def test_a_busy_leader_is_told_beside_the_date(app: Flask) -> None:
    nora, source = logged_in(app), evening()
    (ane,) = in_register(ANE)
    other = evening(slug="annet", title="Annet kurs", starts=(datetime(2027, 6, 1, 15, tzinfo=UTC),))
    with transaction() as tx:
        tx.add_all(EventLeader(event_id=one.id, leader_id=ane, position=1) for one in (source, other))
    page = nora.post(REPEAT, {**nora.get(REPEAT).fields, **MONTHLY}, expect=200)
    page = nora.post(REPEAT, {**page.fields, "then": "make"}, expect=422)
    assert page.errors == [
        "Ingen av datoene er laget. Endre eller fjern dem det gjelder.",
        "Ane Berg er opptatt 1. juni 2027: «Annet kurs», Møterom Ås.",
    ]
    assert len(starts()) == 2


def test_publishing_is_offered_only_where_nothing_is_missing(app: Flask) -> None:
    nora, source = logged_in(app), evening()
    page = nora.post(REPEAT, {**nora.get(REPEAT).fields, **MONTHLY}, expect=200)
    nora.post(REPEAT, {**page.fields, "publish": "y", "then": "make"})
    db.session.rollback()
    assert set(db.session.scalars(select(Event.status))) == {EventStatus.PUBLISHED}
    with transaction() as tx:
        kept = tx.get_one(Event, source.id)
        kept.status = EventStatus.DRAFT
        kept.sessions[0].place = ""
    page = nora.post(REPEAT, {**nora.get(REPEAT).fields, **MONTHLY}, expect=200)
    assert page.all("input", name="publish") == []


def test_it_is_not_there_for_others(app: Flask) -> None:
    share(evening(), "ost")
    for visitor in (
        logged_in(app, office="ost"),
        logged_in(app, office="sor"),
        logged_in(app, role=UserRole.READER),
        logged_in(app, office=None, role=UserRole.READER),
    ):
        visitor.get(REPEAT, expect=404)
    nora = logged_in(app)
    for address in ("/kontor/arrangementer/ingen/gjenta", "/kontor/aktiviteter/nettverk/gjenta", "/kontor/serier/7"):
        nora.get(address, expect=404)


def repeated(visitor: Visitor) -> Page:
    """The page of a series of four, three of them drafts."""
    page = visitor.post(REPEAT, {**visitor.get(REPEAT).fields, **MONTHLY}, expect=200)
    return visitor.follow(visitor.post(REPEAT, {**page.fields, "then": "make"}))


def rows(page: Page) -> list[str]:
    return [words(row) for row in page.all("tr") if row.get("data-member")]


def test_the_page_of_a_series_lists_counts_and_changes(app: Flask) -> None:
    nora, source = logged_in(app), evening()
    join(source, 3)
    page = repeated(nora)
    assert rows(page)[0].startswith("6. april 2027 Nettverk, 6. april 2027 Møterom Ås 3 Publisert Ta ut")
    assert len(rows(page)) == 4
    page = nora.follow(nora.post("/kontor/serier/1", {"title": "Samling", "counted": "visits"}))
    assert (page.h1, "samlet, antall deltakelser" in page.text) == ("Samling", True)
    page = nora.post("/kontor/serier/1", {"title": "", "counted": "feil"}, expect=422)
    assert page.errors == [
        "Skriv hva serien heter.",
        "Velg ett av alternativene under «Slik telles serien i årsrapporten».",
    ]
    assert "Samling" in nora.get("/kontor/arrangementer/nettverk").text


def test_one_is_taken_out_and_the_drafts_are_thrown_away_after_a_question(app: Flask) -> None:
    nora, _source = logged_in(app), evening()
    page = repeated(nora)
    out = next(one.get("action") or "" for one in page.all("form") if "/ta-ut/" in (one.get("action") or ""))
    page = nora.follow(nora.post(out, form_at="/kontor/serier/1"))
    assert ("Det er tatt ut av serien" in page.text, len(rows(page))) == (True, 3)
    address = "/kontor/serier/1/slett-utkast"
    assert "Utkastene kan ikke hentes tilbake." in nora.get(address).text
    answer = nora.post(address)
    assert answer.headers["Location"] == "/kontor/arrangementer"
    assert "3 utkast er slettet." in nora.follow(answer).text
    nora.get("/kontor/serier/1", expect=404)


def test_a_series_is_read_by_partners_and_changed_by_its_office(app: Flask) -> None:
    nora = logged_in(app)
    share(evening(), "ost")
    repeated(nora)
    olga = logged_in(app, office="ost")
    page = olga.get("/kontor/serier/1")
    assert (len(rows(page)), "Ta ut" in page.text, page.all("input", name="title")) == (4, False, [])
    token = olga.token("/kontor/arrangementer/nettverk")
    for rest in ("", "/ta-ut/nettverk", "/slett-utkast"):
        sent = {"csrf_token": token, "title": "Vårt", "counted": "each"}
        assert olga.ask("POST", f"/kontor/serier/1{rest}", data=sent).status_code == 404
    logged_in(app, office="sor").get("/kontor/serier/1", expect=404)


def test_an_activity_comes_again(app: Flask) -> None:
    nora = logged_in(app)
    address = f"{LIST}/{slug(nora.follow(nora.post(NEW, TYPED)))}/gjenta"
    page = nora.post(address, {**nora.get(address).fields, **MONTHLY, "number": "2"}, expect=200)
    assert [row.split(" Dato")[0] for row in proposed(page)] == ["mandag 1. februar 2027", "mandag 1. mars 2027"]
    page = nora.follow(nora.post(address, {**page.fields, "then": "make"}))
    assert "2 aktiviteter er lagt inn, uten antall." in page.text
    assert [row.split(" Dialog")[0] for row in rows(page)] == ["4. januar 2027", "1. februar 2027", "1. mars 2027"]


def test_an_activity_without_a_day_asks_for_one(app: Flask) -> None:
    nora = logged_in(app)
    address = f"{LIST}/{slug(nora.follow(nora.post(NEW, {**TYPED, 'when': 'Vår og høst'})))}/gjenta"
    page = nora.post(address, {**nora.get(address).fields, **MONTHLY}, expect=422)
    assert page.errors == ["Skriv datoen det skal regnes fra."]
    page = nora.post(address, {**page.fields, **MONTHLY, "begins": "2027-02-02", "number": "1"}, expect=200)
    assert chosen(page) == ["2027-03-02"]
    page = nora.post(
        address, {**page.fields, "rhythm": "list", "begins": "", "listed": "5.4.2027", "then": "show"}, expect=200
    )
    assert chosen(page) == ["2027-04-05"]
