"""The pages where an organizer changes an event, tells its people, and calls it off."""

from typing import Any

import pytest
from flask import Flask

from courseapp.db import db
from courseapp.domain.access import UserRole
from courseapp.domain.event import EventStatus
from courseapp.models.event import Event
from courseapp.services import registrations
from tests.letters import all_letters
from tests.making import COURSE_DAYS, make_event, wish
from tests.pages import Page, Visitor, words
from tests.people import join, logged_in, written

BASE = "/kontor/arrangementer/kurs"
EDIT, TELL, OFF, TABLE = f"{BASE}/endre", f"{BASE}/varsle", f"{BASE}/avlys", f"{BASE}/deltakere"
PLAIN = ("title", "target_group", "description", "contact_name", "contact_email", "contact_phone")
PARTS = ("date", "start", "end", "place", "address", "video", "hours")


@pytest.fixture
def event(app: Flask) -> Event:
    """A course at Nord."""
    return make_event(slug="kurs")


def fresh() -> Event:
    db.session.rollback()
    return db.session.query(Event).filter_by(slug="kurs").populate_existing().one()


def sessions() -> list[int]:
    return [one.id for one in fresh().sessions]


def filled(page: Page, **more: str) -> dict[str, Any]:
    """The form as it stands on the page, with something else in some fields."""
    names = [*PLAIN, *(f"{row}_{part}" for row in (*(f"s{one}" for one in sessions()), "new") for part in PARTS)]
    return {**{name: page.value(name) for name in names}, **more}


def test_the_form_shows_the_event_in_norwegian_time(app: Flask, event: Event) -> None:
    page = logged_in(app).get(EDIT)
    first, second = sessions()
    shown = [[page.value(f"s{one}_{part}") for part in PARTS] for one in (first, second)]
    place = ["Møterom Ås", "Sjøgata 1; 8006 Bodø", "", "9"]
    assert shown == [["2027-03-22", "09:00", "16:00", *place], ["2027-04-22", "09:00", "16:00", *place]]
    assert [page.value(f"new_{part}") for part in PARTS] == [""] * 7


def test_sending_the_form_as_it_is_changes_nothing(app: Flask, event: Event) -> None:
    registrations.sign_up(wish(event))
    visitor = logged_in(app)
    answer = visitor.post(EDIT, visitor.get(EDIT).fields)
    assert answer.headers["Location"] == BASE
    assert "Endringene er lagret." in visitor.follow(answer).text
    assert written("event_changed") == []
    assert ([one.starts_at for one in fresh().sessions], [one.revision for one in fresh().sessions]) == (
        list(COURSE_DAYS),
        [0, 0],
    )


def test_a_new_day_is_saved_then_told_on_the_next_page(app: Flask, event: Event) -> None:
    for number in (1, 2):
        registrations.sign_up(wish(event, number))
    visitor, (_first, second) = logged_in(app), sessions()
    answer = visitor.post(
        EDIT, filled(visitor.get(EDIT), **{f"s{second}_date": "23.04.2027", f"s{second}_hours": "7,5"})
    )
    assert answer.headers["Location"] == TELL
    asked = visitor.follow(answer)
    assert words(asked.one("ul", class_="changes")) == (
        "Ny tid: fredag 23. april 2027 kl. 09.00–16.00 (før: torsdag 22. april 2027 kl. 09.00–16.00)"
    )
    assert [words(one) for one in asked.all("button")][-1] == "Varsle 2 deltakere"
    assert [one.get("href") for one in asked.all("a") if words(one) == "Ikke nå"] == [TABLE]
    assert "Endringer er ikke varslet" in visitor.get(TABLE).text
    assert fresh().sessions[1].minutes == 450
    done = visitor.follow(visitor.post(TELL, {"message": "Lokalet var opptatt."}))
    assert "2 deltakere får e-post om endringene nå." in done.text
    assert "Endringer er ikke varslet" not in done.text
    assert len([one for one in all_letters() if one.occasion == "changed" and "Lokalet" in one.text]) == 2


def test_nothing_to_tell_is_said(app: Flask, event: Event) -> None:
    visitor = logged_in(app)
    assert "Ingenting å varsle om" in visitor.get(TELL).text
    refused = visitor.post(TELL, {"message": ""}, form_at=OFF, expect=422)
    assert (refused.status, "Ingenting å varsle om" in refused.text) == (422, True)


def test_too_long_a_message_is_refused_and_kept(app: Flask, event: Event) -> None:
    registrations.sign_up(wish(event))
    visitor = logged_in(app)
    visitor.post(EDIT, filled(visitor.get(EDIT), title="Nytt navn"))
    page = visitor.post(TELL, {"message": "x" * 1001}, expect=422)
    assert page.errors == ["«Hilsen eller forklaring» kan ha høyst 1000 tegn. Du skrev 1001."]
    assert page.value("message").strip() == "x" * 1001


def test_a_session_can_be_added_and_another_removed_and_put_back(app: Flask, event: Event) -> None:
    visitor, (first, second) = logged_in(app), sessions()
    added = {"new_date": "2027-05-10", "new_start": "12.30", "new_end": "15:00", "new_place": "Rom 3"}
    visitor.post(EDIT, filled(visitor.get(EDIT), **added, **{f"s{second}_removed": "y"}))
    assert [(one.cancelled, one.place) for one in fresh().sessions] == [
        (False, "Møterom Ås"),
        (True, "Møterom Ås"),
        (False, "Rom 3"),
    ]
    assert (first, fresh().sessions[2].starts_at.isoformat()) == (sessions()[0], "2027-05-10T10:30:00+00:00")
    page = visitor.get(EDIT)
    assert page.one("input", name=f"s{second}_removed").get("checked") is not None
    visitor.post(EDIT, filled(page))
    assert [one.cancelled for one in fresh().sessions] == [False, False, False]


WRONG = [
    ({"title": " "}, ["Skriv en tittel."]),
    ({"s_date": ""}, ["Velg en dato."]),
    ({"s_date": "31.02.2027"}, ["Datoen finnes ikke. Skriv den som 18.03.2027."]),
    ({"s_date": "9999-12-31"}, ["Datoen finnes ikke. Skriv den som 18.03.2027."]),
    ({"s_start": "25:00"}, ["Klokkeslettet finnes ikke. Skriv det som 09.00."]),
    ({"s_end": "08:00"}, ["Samlingen slutter før den begynner. Slutten må være etter 09.00."]),
    ({"s_end": "09:00"}, ["Samlingen slutter før den begynner. Slutten må være etter 09.00."]),
    ({"s_hours": "mange"}, ["Skriv timene som et tall, som 9 eller 7,5. La feltet stå tomt hvis det ikke er noen."]),
    ({"s_hours": "0"}, ["Skriv timene som et tall, som 9 eller 7,5. La feltet stå tomt hvis det ikke er noen."]),
    ({"s_video": "javascript:alert(1)"}, ["Lenken til videomøtet må begynne med https://."]),
    ({"new_place": "Rom 3"}, ["Velg en dato.", "Skriv når samlingen begynner.", "Skriv når samlingen slutter."]),
    ({"contact_email": "kontoret"}, ["E-postadressen må ha en @, som i navn@kommune.no."]),
]


@pytest.mark.parametrize(("wrong", "sentences"), WRONG)
def test_what_is_wrong_is_said_and_nothing_is_saved(
    app: Flask, event: Event, wrong: dict[str, str], sentences: list[str]
) -> None:
    visitor, first = logged_in(app), sessions()[0]
    told = {name.replace("s_", f"s{first}_", 1) if name.startswith("s_") else name: wrong[name] for name in wrong}
    before = fresh().updated_at
    page = visitor.post(EDIT, filled(visitor.get(EDIT), **told), expect=422)
    assert (page.errors, fresh().updated_at) == (sentences, before)
    assert {name: " ".join(page.value(name).split()) for name in told} == {name: told[name].strip() for name in told}


def test_every_session_cannot_be_removed(app: Flask, event: Event) -> None:
    visitor = logged_in(app)
    page = visitor.post(EDIT, filled(visitor.get(EDIT), **{f"s{one}_removed": "y" for one in sessions()}), expect=422)
    assert page.errors == ["Arrangementet må ha minst én samling. Skal det ikke holdes, avlyser du det."]


@pytest.mark.parametrize(
    ("day", "clock", "moment"),
    [
        ("2027-03-28", "02:30", "2027-03-28T01:30:00+00:00"),  # an hour that is not there
        ("2027-10-31", "02:30", "2027-10-31T00:30:00+00:00"),  # an hour that comes twice: the first
    ],
)
def test_the_hours_when_clocks_change(app: Flask, event: Event, day: str, clock: str, moment: str) -> None:
    visitor = logged_in(app)
    added = {"new_date": day, "new_start": clock, "new_end": "10:00"}
    visitor.post(EDIT, filled(visitor.get(EDIT), **added))
    assert moment in [one.starts_at.isoformat() for one in fresh().sessions]


def test_calling_off_says_what_happens_and_asks_why(app: Flask, event: Event) -> None:
    for number in (1, 2):
        registrations.sign_up(wish(event, number))
    visitor = logged_in(app)
    assert "2 personer får e-post med begrunnelsen." in visitor.get(OFF).text
    refused = visitor.post(OFF, {"reason": "  "}, expect=422)
    assert refused.errors == ["Skriv hvorfor arrangementet avlyses. Deltakerne får lese det."]
    done = visitor.follow(visitor.post(OFF, {"reason": "Kursholderen er syk."}))
    assert "Arrangementet er avlyst. 2 personer får beskjed på e-post nå." in done.text
    assert fresh().status is EventStatus.CANCELLED
    assert "kan ikke avlyses" in visitor.get(OFF).text


def test_the_line_is_counted_among_those_who_hear_of_it(app: Flask) -> None:
    event = make_event(slug="kurs", capacity=1)
    for number in (1, 2, 3):
        registrations.sign_up(wish(event, number))
    assert "Av dem har 1 plass, 2 står på venteliste og 0 har søkt." in logged_in(app).get(OFF).text


@pytest.mark.parametrize("path", [EDIT, TELL, OFF])
def test_readers_and_strangers_find_nothing(app: Flask, event: Event, path: str) -> None:
    reader = logged_in(app, role=UserRole.READER)
    assert [one.get("href") for one in reader.get(TABLE).all("a") if one.get("href") in {EDIT, OFF, TELL}] == []
    for visitor in (reader, logged_in(app, office="vest"), logged_in(app, office=None, role=UserRole.READER)):
        assert visitor.get(path, expect=404).status == 404
        token = visitor.token("/kontor/arrangementer")
        assert visitor.ask("POST", path, data={"csrf_token": token, "reason": "Syk"}).status_code == 404
    assert fresh().status is EventStatus.PUBLISHED


def test_the_table_and_the_events_own_page_lead_to_all_of_them(app: Flask, event: Event) -> None:
    join(event, 1)
    visitor = logged_in(app)
    pages = visitor.get(TABLE), visitor.get(BASE)
    found = [[len(page.all("a", href=path)) for path in (EDIT, f"{BASE}/plasser", OFF, TELL)] for page in pages]
    assert found == [[1, 1, 0, 0], [1, 1, 1, 0]]


def test_an_old_token_is_refused_with_the_form_kept(app: Flask, event: Event) -> None:
    visitor: Visitor = logged_in(app)
    told = {**filled(visitor.get(EDIT), title="Nytt navn"), "csrf_token": "gammelt"}
    answer = visitor.ask("POST", EDIT, data=told)
    assert (answer.status_code, 'value="Nytt navn"' in answer.text) == (422, True)
