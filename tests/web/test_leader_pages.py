"""The register of course leaders, their pairs and calendars, and who leads an event: as pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from courseapp.db import db, transaction
from courseapp.domain.access import UserRole
from courseapp.domain.event import EventStatus
from courseapp.models.event import EventLeader
from courseapp.models.person import CourseLeader, LeaderPair
from courseapp.services import leaders
from tests.conftest import NOW, Clock
from tests.leading import ANE, BO, CATO, in_register, leading, organizer
from tests.letters import all_letters, occasions
from tests.making import COURSE_DAYS, make_event
from tests.pages import Page, words
from tests.people import logged_in, share, written

HOME = "/kontor/kursholdere"
FIELDS = {"office": "nord", "name": "Ane Berg", "email": ANE.email, "mobile": "912 34 567", "workplace": "Havna"}
ASSIGN = "/kontor/arrangementer/kurs/kursholdere"


def lines(page: Page, kind: str = "leader") -> list[str]:
    return [words(one) for one in page.all("tr") if one.get(f"data-{kind}")]


def pair_of(ids: list[int]) -> int:
    leaders.pair_up(*ids[:2], actor=organizer("nord", UserRole.ADMINISTRATOR))
    db.session.rollback()
    return db.session.scalars(select(LeaderPair.id)).one()


def test_an_empty_register_says_what_comes_there(app: Flask) -> None:
    page = logged_in(app).get(HOME)
    assert ("Ingen kursholdere ennå" in page.text, len(page.all("a", href=f"{HOME}/ny"))) == (True, 2)
    assert "Legg inn den første" not in logged_in(app, role=UserRole.READER).get(HOME).text


def test_a_leader_is_added_and_shown_and_changed(app: Flask) -> None:
    kari = logged_in(app)
    page = kari.follow(kari.post(f"{HOME}/ny", FIELDS, expect=303))
    assert "Ane Berg står nå i registeret." in page.text
    assert lines(page) == ["Ane Berg Havna ane@lege.example.org 91 23 45 67 Ingen 0 Ingen"]
    (number,) = db.session.scalars(select(CourseLeader.id)).all()
    at = f"{HOME}/{number}"
    assert kari.get(f"{at}/endre").value("mobile") == "+4791234567"
    page = kari.follow(kari.post(f"{at}/endre", {**FIELDS, "name": "Ane Berg Lie"}, expect=303))
    assert (page.h1, "Endringene er lagret." in page.text) == ("Ane Berg Lie", True)


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(app: Flask) -> None:
    kari = logged_in(app)
    in_register(ANE)
    page = kari.post(f"{HOME}/ny", {**FIELDS, "name": "Anne"}, expect=422)
    assert page.errors == ["Det står allerede en kursholder med denne e-postadressen i registeret."]
    assert (page.value("name"), page.value("email")) == ("Anne", ANE.email)
    page = kari.post(f"{HOME}/ny", {"office": "nord", "name": "", "email": "ane", "mobile": "12"}, expect=422)
    assert page.errors == [
        "Skriv navnet til kursholderen.",
        "E-postadressen må ha en @, som i navn@kommune.no.",
        "Mobilnummeret ser ikke riktig ut. Skriv åtte siffer, eller landkode først, som +46.",
    ]
    assert kari.post(f"{HOME}/ny", {**FIELDS, "office": "vest", "email": BO.email}, expect=422).errors != []
    assert kari.post(f"{HOME}/ny", {**FIELDS, "name": "A\x00"}, expect=422).errors != []


def test_counts_and_the_next_course_stand_in_the_register(app: Flask, time: Clock) -> None:
    ids = in_register(ANE, BO)
    number = pair_of(ids)
    make_event(starts=(NOW - timedelta(days=5),), status=EventStatus.HELD, title="I år", slug="i-aar")
    make_event(starts=(NOW - timedelta(days=90),), status=EventStatus.HELD, title="I fjor", slug="i-fjor")
    make_event(slug="kommer")
    make_event(slug="avlyst", status=EventStatus.CANCELLED, starts=(COURSE_DAYS[0] + timedelta(days=9),))
    kari = organizer()
    for slug in ("i-aar", "i-fjor", "kommer"):
        leaders.assign(slug, pair_id=number if slug != "i-fjor" else None, leader_ids=(ids[0],), actor=kari)
    with transaction() as tx:
        tx.add(EventLeader(event_id=4, leader_id=ids[0], position=1))
    reader = logged_in(app, role=UserRole.READER)
    page = reader.get(HOME)
    assert [one.partition("1 holdt")[1:] for one in lines(page)] == [
        ("1 holdt", ", 1 kommer 1 22. mars og 22. april 2027 Møterom Ås"),
        ("1 holdt", ", 1 kommer 0 22. mars og 22. april 2027 Møterom Ås"),
    ]
    assert lines(page, "pair") == ["Ane Berg og Bo Dahl 1 holdt, 1 kommer 1"]
    assert page.all("a", href=f"{HOME}/ny") == []
    shown = reader.get(f"{HOME}/{ids[0]}")
    assert [words(one) for one in shown.all("td", data_label="Status")] == [
        *("Avlyst", "Publisert", "Gjennomført", "Gjennomført"),
    ]


def test_the_register_is_searched(app: Flask) -> None:
    in_register(ANE, replace(BO, name="Bo Øyen"), CATO)
    kari = logged_in(app)
    found = {sought: len(lines(kari.get(f"{HOME}?sok={sought}"))) for sought in ("øyen", "ANE@", "byen", "%25", "")}
    assert found == {"øyen": 1, "ANE@": 1, "byen": 1, "%25": 0, "": 3}
    assert "Ingen kursholdere passer" in kari.get(f"{HOME}?sok=finnes+ikke%00").text


def test_who_stops_leaves_the_list_and_can_come_back(app: Flask) -> None:
    (ane,) = in_register(ANE)
    kari = logged_in(app)
    at = f"{HOME}/{ane}"
    page = kari.follow(kari.post(f"{at}/slutt", {}, form_at=at, expect=303))
    assert "Kursholderen er tatt ut av registeret. Historikken står." in page.text
    assert (lines(kari.get(HOME)), len(lines(kari.get(f"{HOME}?alle=y")))) == ([], 1)
    kari.post(f"{at}/tilbake", {}, form_at=at, expect=303)
    assert len(lines(kari.get(HOME))) == 1


def test_a_pair_of_one_is_refused_with_a_sentence(app: Flask) -> None:
    kari = logged_in(app)
    assert "For få kursholdere" in kari.get(f"{HOME}/par/nytt").text
    ane, bo = map(str, in_register(ANE, BO))
    page = kari.post(f"{HOME}/par/nytt", {"first": ane, "second": ane}, expect=422)
    assert page.errors == ["Et par er to forskjellige kursholdere."]
    assert len(kari.post(f"{HOME}/par/nytt", {"first": "x", "second": ""}, expect=422).errors) == 2
    page = kari.follow(kari.post(f"{HOME}/par/nytt", {"first": bo, "second": ane}, expect=303))
    assert lines(page, "pair") == ["Ane Berg og Bo Dahl Ingen 0 Oppløs paret Ane Berg og Bo Dahl"]
    number = db.session.scalars(select(LeaderPair.id)).one()
    page = kari.follow(kari.post(f"{HOME}/par/{number}/opplos", {}, form_at=HOME, expect=303))
    assert ("Paret er oppløst. Historikken står." in page.text, lines(page, "pair")) == (True, [])


def test_a_calendar_link_goes_by_mail_and_is_seen_nowhere_else(app: Flask) -> None:
    (ane,) = in_register(ANE)
    kari, at = logged_in(app), f"{HOME}/{ane}"
    page = kari.follow(kari.post(f"{at}/kalender", {}, form_at=at, expect=303))
    assert (occasions(ANE.email), "/kal/" in page.text, "Steng kalenderlenken" in page.text) == (
        *(["leader_feed"], False),
        True,
    )
    (letter,) = all_letters()
    secret = letter.text.split("/kal/")[1].split(".ics")[0]
    assert [secret in kari.get(path).text for path in (HOME, at)] == [False, False]
    assert kari.get(f"/kal/{secret}.ics", expect=200)
    page = kari.follow(kari.post(f"{at}/kalender/steng", {}, form_at=at, expect=303))
    assert "Steng kalenderlenken" not in page.text


def test_leaders_are_chosen_for_an_event(app: Flask) -> None:
    event = make_event(slug="kurs")
    ids = in_register(ANE, BO, CATO)
    number = pair_of(ids)
    kari = logged_in(app)
    page = kari.get(ASSIGN)
    assert "Et veilederkurs har vanligvis to kursholdere." in page.text
    sent = kari.post(ASSIGN, {"pair": str(number), f"l{ids[2]}": "1"}, expect=303)
    page = kari.follow(sent)
    assert ("Kursholderne er lagret." in page.text, "har vanligvis to" in page.text) == (True, False)
    assert "Nå: Ane Berg, Bo Dahl og Cato Eng." in page.text
    assert (page.value("pair"), page.value(f"l{ids[2]}"), page.value(f"l{ids[0]}")) == (str(number), "1", "")
    assert leading(event.id) == [(ids[0], number), (ids[1], number), (ids[2], None)]
    assert len(written("leaders_changed")) == 1


def test_a_veilederkurs_with_one_leader_is_saved_with_a_warning(app: Flask) -> None:
    make_event(slug="kurs")
    ids = in_register(ANE, BO)
    kari = logged_in(app)
    page = kari.follow(kari.post(ASSIGN, {"pair": "", f"l{ids[1]}": "2"}, expect=303))
    assert ("Et veilederkurs har vanligvis to kursholdere." in page.text, "Nå: Bo Dahl." in page.text) == (True, True)


def test_who_is_busy_is_seen_before_she_is_chosen(app: Flask) -> None:
    event = make_event(slug="kurs")
    there = make_event(slug="der", title="Et annet kurs", starts=(COURSE_DAYS[0],), status=EventStatus.DRAFT)
    same_day = make_event(slug="kveld", title="En kveld", starts=(COURSE_DAYS[0] + timedelta(hours=9),))
    ids = in_register(ANE, BO, CATO)
    admin = organizer("nord", UserRole.ADMINISTRATOR)
    leaders.assign(there.slug, pair_id=None, leader_ids=(ids[0],), actor=admin)
    leaders.assign(same_day.slug, pair_id=None, leader_ids=(ids[1],), actor=admin)
    kari = logged_in(app)
    page = kari.get(ASSIGN)
    cells = [words(one) for one in page.all("td", data_label="Samme dag")]
    assert cells == [
        "Opptatt 22. mars 2027 kl. 09.00–16.00, «Et annet kurs», Møterom Ås",
        "22. mars 2027 kl. 18.00–01.00, «En kveld», Møterom Ås",
        "Ledig",
    ]
    assert [page.one("select", name=f"l{one}").get("disabled") is None for one in ids] == [False, True, True]
    page = kari.post(ASSIGN, {"pair": "", f"l{ids[0]}": "1", f"l{ids[2]}": "2"}, expect=422)
    assert page.errors == ["Ane Berg er opptatt 22. mars 2027: «Et annet kurs», Møterom Ås."]
    assert (page.value(f"l{ids[2]}"), leading(event.id)) == ("2", [])
    kari.post(ASSIGN, {"pair": "", f"l{ids[1]}": "1"}, expect=303)
    assert leading(event.id) == [(ids[1], None)]


def test_leaders_that_differ_from_what_was_told_lead_to_telling(app: Flask) -> None:
    make_event(slug="kurs")
    ane, bo = in_register(ANE, BO)
    leaders.assign("kurs", pair_id=None, leader_ids=(ane,), actor=organizer("nord", UserRole.ADMINISTRATOR))
    with transaction() as tx:
        tx.scalars(select(EventLeader)).one().told_at = NOW - timedelta(days=1)
    kari = logged_in(app)
    sent = kari.post(ASSIGN, {"pair": "", f"l{ane}": "1", f"l{bo}": "2"}, expect=303)
    page = kari.follow(sent)
    assert sent.headers["Location"] == "/kontor/arrangementer/kurs/varsle"
    assert "Kursholdere" in words(page.one("ul", aria_labelledby="what"))
    assert "Varsle 1 kursholder" in page.text
    kari.post("/kontor/arrangementer/kurs/varsle", {"message": ""}, expect=303)
    assert occasions(ANE.email)[-1] == "leader_changed"


def test_partners_choose_readers_look_and_others_see_nothing(app: Flask) -> None:
    event = make_event(slug="kurs")
    (ane,), (bo,) = in_register(ANE), in_register(BO, office="vest")
    share(event, "vest")
    choice = {"pair": "", f"l{ane}": "1", f"l{bo}": "2"}
    reader = logged_in(app, role=UserRole.READER)
    page = reader.get(ASSIGN)
    assert (len(lines(page)), page.all("select"), "Lagre" in page.text) == (2, [], False)
    reader.post(ASSIGN, choice, form_at=HOME, expect=404)
    for path in (f"{HOME}/ny", f"{HOME}/{ane}/endre", f"{HOME}/par/nytt"):
        reader.get(path, expect=404)
    stranger = logged_in(app, office="ost")
    for path in (ASSIGN, f"{HOME}/{ane}", f"{HOME}/{ane}/endre"):
        stranger.get(path, expect=404)
    national = logged_in(app, office=None, role=UserRole.READER)
    for path in (HOME, ASSIGN):
        national.get(path, expect=404)
    vera = logged_in(app, office="vest")
    assert [words(one) for one in vera.get(ASSIGN).all("td", data_label="Kontor")] == ["Nord", "Vest"]
    vera.post(ASSIGN, choice, expect=303)
    assert leading(event.id) == [(ane, None), (bo, None)]
    vera.get(f"{HOME}/{ane}", expect=404)


@pytest.mark.parametrize("office", ["nord", "vest"])
def test_the_register_is_the_offices_own(app: Flask, office: str) -> None:
    in_register(ANE)
    in_register(ANE, BO, office="vest")
    assert len(lines(logged_in(app, office=office).get(HOME))) == {"nord": 1, "vest": 2}[office]


def test_an_administrator_of_all_sees_every_register_and_can_choose_one(app: Flask) -> None:
    in_register(ANE)
    in_register(ANE, BO, office="vest")
    boss = logged_in(app, office=None, role=UserRole.ADMINISTRATOR)
    assert [len(lines(boss.get(f"{HOME}{query}"))) for query in ("", "?kontor=vest", "?kontor=finnes-ikke")] == [
        3,
        2,
        0,
    ]
