"""The pages of practice groups: divide, look, put right, print; and what each says when something has changed."""

import pytest
from flask import Flask

from courseapp.db import db
from courseapp.domain.access import UserRole
from courseapp.domain.registration import Role, Status
from courseapp.models.event import Event
from courseapp.queries import groups as looks
from courseapp.services import groups, leaders, registrations
from tests.keys import key_of
from tests.leading import ANE, BO, in_register, organizer
from tests.letters import all_letters
from tests.making import make_event
from tests.pages import Page, Visitor, words
from tests.people import join, logged_in, registered, save, written

BASE = "/kontor/arrangementer/kurs"
LIST, DIVIDE, CLEAR = f"{BASE}/grupper", f"{BASE}/grupper/del", f"{BASE}/grupper/fjern"
MOVE, PLACE = f"{LIST}/flytt", f"{LIST}/plasser"


@pytest.fixture
def event(app: Flask) -> Event:
    """Ten with a seat: three colleagues, two roles; and one who waits."""
    made = make_event(slug="kurs")
    save(
        *(registered(made, one, workplace="Havna legekontor") for one in (1, 2, 3)),
        *(
            registered(made, one, workplace=f"Sted {one}", municipality=f"By {one}", primary_role=Role.SAMLIS)
            for one in range(4, 11)
        ),
        registered(made, 11, status=Status.WAITLISTED),
    )
    return made


def divided(visitor: Visitor, count: int = 2) -> Page:
    form = visitor.get(DIVIDE)
    return visitor.follow(visitor.post(DIVIDE, {**form.fields, "count": str(count)}))


def cards(page: Page) -> dict[str, list[int]]:
    """Who stands in each group, and under "" who stands in none, by the figure in the name."""
    found = {}
    for card in page.all("section"):
        if (number := card.get("data-group")) is not None:
            rows = [one for one in card.iter() if one.get("data-registration")]
            found[number] = sorted(int(words(one).split()[2]) for one in rows)
    return found


def ids() -> dict[int, int]:
    db.session.rollback()
    return {int(one.last_name.split()[1]): one.id for one in looks.standing(db.session(), 1).people}


def test_from_nothing_to_groups_that_say_how_good_they_are(app: Flask, event: Event) -> None:
    visitor = logged_in(app)
    page = visitor.get(LIST)
    assert page.h1 == "Grupper"
    assert "Del 10 deltakere inn i grupper" in page.text
    form = visitor.get(DIVIDE)
    assert (form.h1, form.value("count"), form.value("led")) == ("Del inn i grupper", "2", "all")
    page = divided(visitor)
    assert "Delt inn i grupper. Ingen får e-post om det." in page.text
    assert page.h1 == "Gruppeliste"
    made = cards(page)
    assert (sorted(made), sorted(made["1"] + made["2"])) == (["1", "2"], list(range(1, 11)))
    (told,) = [words(one) for one in page.all("p") if one.get("data-quality") is not None]
    assert told == (
        "Rollene er jevnt fordelt (høyst én i forskjell). "
        "1 par fra samme arbeidssted er i samme gruppe; færre går ikke an. "
        "1 par er fra samme kommune; færre går ikke an."
    )
    assert [words(one) for one in page.all("span", data_color="warning")] == ["Samme arbeidssted"] * 2
    assert "Samme kommune: Bodø (2)" in page.text
    assert "Ingen kursholder ennå" in page.text
    assert (len(written("groups_divided")), all_letters()) == (1, [])


def test_the_tab_leads_here_and_every_reading_is_written_down(app: Flask, event: Event) -> None:
    visitor = logged_in(app)
    (tab,) = [one for one in visitor.get(BASE).all("a") if one.get("href") == LIST]
    assert words(tab) == "Grupper"
    (here,) = [one for one in visitor.get(LIST).all("a", aria_current="page") if words(one) == "Grupper"]
    assert here.get("href") == LIST
    assert len(written("participants_read")) == 1


@pytest.mark.parametrize(
    ("count", "sentence"),
    [
        ("1", "Det er 10 å dele, og en gruppe har høyst 8. Antallet grupper må være minst 2."),
        ("11", "Det er 10 å dele, og det kan ikke bli flere grupper enn det."),
        ("", "Skriv hvor mange grupper."),
        ("mange", "«Antall grupper» må være et tall fra 1 til 999."),
        ("0", "«Antall grupper» må være et tall fra 1 til 999."),
    ],
)
def test_a_number_that_will_not_do_is_refused_with_a_sentence_and_stays(
    app: Flask, event: Event, count: str, sentence: str
) -> None:
    page = logged_in(app)
    shown = page.post(DIVIDE, {"count": count, "led": "each", "seen": "0"}, expect=422)
    assert (shown.errors, shown.value("count"), shown.value("led")) == ([sentence], count, "each")
    assert written("groups_divided") == []


def test_dividing_anew_asks_first_and_says_what_is_lost(app: Flask, event: Event) -> None:
    visitor = logged_in(app)
    divided(visitor, 3)
    page = visitor.get(DIVIDE)
    assert (page.h1, page.value("count")) == ("Del på nytt", "3")
    assert "Vil du dele på nytt? Da lages alle gruppene fra bunnen av." in page.text
    assert "velger «Plasser»" not in page.text
    join(event, 1, first=12)
    assert "velger «Plasser»" in visitor.get(DIVIDE).text
    assert [len(one) for one in cards(divided(visitor)).values()] == [6, 5]


def test_what_a_colleague_did_meanwhile_is_not_wiped_out(app: Flask, event: Event) -> None:
    visitor = logged_in(app)
    stale = visitor.get(DIVIDE).fields
    groups.divide("kurs", count=5, led_by_all=True, seen=0, actor=organizer(role=UserRole.ADMINISTRATOR))
    page = visitor.post(DIVIDE, stale, expect=422)
    assert page.errors == [
        "En kollega har endret gruppene siden du åpnet siden. Ingenting er gjort. Se over dem, og prøv igjen."
    ]
    assert len(cards(visitor.get(LIST))) == 5
    again = visitor.post(DIVIDE, page.fields)
    assert (again.status, len(cards(visitor.get(LIST)))) == (303, 2)


def test_one_is_moved_and_two_change_places_by_a_list_and_a_button(app: Flask, event: Event) -> None:
    visitor = logged_in(app)
    before, known = cards(divided(visitor)), ids()
    seen = visitor.get(LIST).value("seen")
    one, other = before["1"][0], before["2"][0]
    assert {f"p{known[each]}" for each in before["2"]} < set(options(visitor.get(LIST), "to-1"))
    done = visitor.post(MOVE, {"person": str(known[one]), "to": "g2", "seen": seen}, form_at=LIST)
    assert done.headers["Location"] == f"{LIST}#gruppe-2"
    assert one in cards(visitor.get(LIST))["2"]
    visitor.post(MOVE, {"person": str(known[one]), "to": "g1", "seen": seen}, form_at=LIST)
    swapped = visitor.post(MOVE, {"person": str(known[one]), "to": f"p{known[other]}", "seen": seen}, form_at=LIST)
    page = visitor.follow(swapped)
    assert "De to har byttet gruppe." in page.text
    assert cards(page)["1"] == sorted([*before["1"][1:], other])
    db.session.rollback()
    told = [len(written(verb)) for verb in ("group_moved", "group_swapped")]
    assert told == [2, 2]


def options(page: Page, field: str) -> list[str]:
    (box,) = [one for one in page.all("select") if one.get("id") == field]
    return [one.get("value") or "" for one in box.iter() if one.tag.endswith("option")]


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"person": "1"},
        {"to": "g1"},
        {"person": "x", "to": "g1"},
        {"person": "1", "to": "x1"},
        {"person": "1\x00", "to": "g1"},
        {"person": "1", "to": "g" + "9" * 40},
    ],
)
def test_a_move_without_a_person_or_a_place_does_nothing(app: Flask, event: Event, fields: dict[str, str]) -> None:
    visitor = logged_in(app)
    before = cards(divided(visitor))
    page = visitor.follow(visitor.post(MOVE, fields, form_at=LIST))
    assert "Velg hvem som skal flyttes, og hvor." in page.text
    assert cards(page) == before


def test_an_old_token_moves_nobody(app: Flask, event: Event) -> None:
    visitor = logged_in(app)
    before, known = cards(divided(visitor)), ids()
    answer = visitor.ask(
        "POST", MOVE, data={"person": known[before["1"][0]], "to": "g2", "seen": "9", "csrf_token": "x"}
    )
    assert answer.status_code == 303
    page = visitor.get(LIST)
    assert "Skjemaet har vært åpent for lenge" in page.text
    assert cards(page) == before


def test_a_late_one_stands_first_without_a_group_and_is_placed_where_the_hole_is(app: Flask, event: Event) -> None:
    visitor = logged_in(app)
    before = cards(divided(visitor))
    registrations.cancel(key_of("kare4@lege.example.org"))
    hole = next(number for number, people in before.items() if 4 in people)
    page = visitor.get(LIST)  # the one who waited has the seat now
    sections = [one.get("data-group") for one in page.all("section") if one.get("data-group") is not None]
    assert (sections, cards(page)[""]) == (["", "1", "2"], [11])
    seen = page.value("seen")
    done = visitor.follow(visitor.post(PLACE, {"person": str(ids()[11]), "to": "", "seen": seen}, form_at=LIST))
    assert f"Plassert i gruppe {hole}." in done.text
    assert cards(done) == {**before, hole: sorted([*(one for one in before[hole] if one != 4), 11])}


def test_late_ones_are_placed_by_hand_or_all_at_once(app: Flask, event: Event) -> None:
    visitor = logged_in(app)
    before = cards(divided(visitor))
    late = join(event, 3, first=12)
    seen = visitor.get(LIST).value("seen")
    by_hand = {"person": str(late[0]), "to": "g2", "seen": seen}
    assert "Plassert i gruppe 2." in visitor.follow(visitor.post(PLACE, by_hand, form_at=LIST)).text
    page = visitor.follow(visitor.post(PLACE, {"seen": seen}, form_at=LIST))
    assert "" not in cards(page)
    assert set(before["1"]) < set(cards(page)["1"])
    assert "Alle har en gruppe alt." in visitor.follow(visitor.post(PLACE, {"seen": seen}, form_at=LIST)).text


def test_a_refusal_is_told_in_words(app: Flask, event: Event) -> None:
    visitor = logged_in(app)
    divided(visitor)
    before, known = cards(visitor.get(LIST)), ids()
    page = visitor.follow(
        visitor.post(MOVE, {"person": str(known[before["1"][0]]), "to": "g2", "seen": "0"}, form_at=LIST)
    )
    assert "En kollega har endret gruppene siden du åpnet siden." in page.text
    assert cards(page) == before


def test_a_group_gets_a_name_and_a_leader(app: Flask, event: Event) -> None:
    leaders.assign(
        "kurs", pair_id=None, leader_ids=tuple(in_register(ANE, BO)), actor=organizer(role=UserRole.ADMINISTRATOR)
    )
    visitor = logged_in(app)
    form = visitor.get(DIVIDE)
    assert form.value("led") == "each"  # as many leaders as groups
    page = divided(visitor)
    assert [words(one) for one in page.all("p", class_="small")] == ["Kursholder: Ane Berg", "Kursholder: Bo Dahl"]
    told = {"name": "Rom Ås", "leader": "all", "seen": page.value("seen")}
    done = visitor.post(f"{LIST}/2", told, form_at=LIST)
    assert done.headers["Location"] == f"{LIST}#gruppe-2"
    page = visitor.follow(done)
    assert [words(one) for one in page.all("h2")] == ["Gruppe 1 5", "Gruppe 2: Rom Ås 5"]
    assert "Kursholdere: Ane Berg og Bo Dahl" in page.text


def test_a_name_that_will_not_do_is_refused_and_stays_in_the_field(app: Flask, event: Event) -> None:
    visitor = logged_in(app)
    seen = divided(visitor).value("seen")
    page = visitor.post(f"{LIST}/2", {"name": "å" * 61, "leader": "all", "seen": seen}, form_at=LIST, expect=422)
    assert page.errors == ["«Navn på gruppen» kan ha høyst 60 tegn. Du skrev 61."]
    (kept,) = page.all("input", id="name")
    assert kept.get("value") == "å" * 61
    page = visitor.post(f"{LIST}/2", {"name": "", "leader": "x\x00", "seen": seen}, form_at=LIST, expect=422)
    assert page.errors == ["Kursholderen er ikke lenger på dette arrangementet. Velg en annen."]
    visitor.post(f"{LIST}/9", {"name": "", "leader": "", "seen": seen}, form_at=LIST, expect=404)


def test_taking_the_groups_away_asks_first(app: Flask, event: Event) -> None:
    visitor = logged_in(app)
    divided(visitor)
    page = visitor.get(CLEAR)
    assert "2 grupper blir borte, med navn og kursholdere." in page.text
    page = visitor.follow(visitor.post(CLEAR, page.fields))
    assert "Gruppene er fjernet." in page.text
    assert cards(page) == {}
    assert visitor.post(CLEAR, {"seen": "99999"}, expect=422).errors == ["Det er ikke laget grupper ennå."]


def test_a_reader_sees_the_groups_and_may_change_nothing(app: Flask, event: Event) -> None:
    divided(logged_in(app))
    reader = logged_in(app, role=UserRole.READER)
    page = reader.get(LIST)
    assert sorted(cards(page)) == ["1", "2"]
    main = page.one("main")
    assert [one for one in main.iter() if one.tag.endswith(("form", "select"))] == []
    for path in (DIVIDE, CLEAR):
        reader.get(path, expect=404)
    fields = {"person": "1", "to": "g1", "name": "x", "leader": "all", "seen": "99999"}
    for path in (MOVE, PLACE, f"{LIST}/1"):
        reader.post(path, fields, form_at=f"{BASE}/deltakere", expect=404)


def test_groups_of_another_office_are_not_there(app: Flask, event: Event) -> None:
    divided(logged_in(app))
    other = logged_in(app, office="vest")
    for path in (LIST, DIVIDE, CLEAR):
        other.get(path, expect=404)


def test_nobody_with_a_seat_is_told_without_a_button(app: Flask) -> None:
    make_event(slug="kurs")
    visitor = logged_in(app)
    assert "Når noen har fått plass, kan dere dele dem inn i grupper her." in visitor.get(LIST).text
    assert visitor.post(DIVIDE, {"count": "1", "led": "all", "seen": "0"}, form_at="/kontor/", expect=422).errors == [
        "Ingen har plass ennå, så det er ingen å dele inn i grupper."
    ]
