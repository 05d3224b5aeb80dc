"""The pages of applications: apply, look, adjust, decide; and what each of them says when something has changed."""

from datetime import timedelta

import pytest
from flask import Flask

from courseapp.db import db
from courseapp.domain.access import UserRole
from courseapp.domain.event import SeatRule
from courseapp.models.event import Event
from courseapp.services import registrations
from tests.conftest import NOW, Clock
from tests.keys import key_of
from tests.letters import all_letters, occasions, the_registration
from tests.letters import registrations as rows
from tests.making import make_event, wish
from tests.pages import Page, Visitor, words
from tests.people import logged_in, written

BASE = "/kontor/arrangementer/kurs"
LIST, DECIDE, RULES, TABLE = f"{BASE}/soknader", f"{BASE}/soknader/avgjor", f"{BASE}/fordeling", f"{BASE}/deltakere"
ADDRESS = "kare{}@lege.example.org"
WHY = {"reason": "Får LIS1 i august"}
SUM = "2 får plass, 3 settes på venteliste, 0 får avslag. Alle får e-post."
FORM = {"seat_rule": "application", "rest": "line"}
FORM |= {f"criterion_{one}": "" for one in ("region", "supervises", "first_course", "role")}


@pytest.fixture
def event(app: Flask) -> Event:
    """Two seats; the first three applicants of five are from another region."""
    made = make_event(
        slug="kurs",
        capacity=2,
        seat_rule=SeatRule.APPLICATION,
        criteria=["region"],
        closes_at=NOW + timedelta(days=1),
    )
    for number in range(1, 6):
        registrations.sign_up(wish(made, number, municipality="Bergen" if number < 4 else "Bodø"))
    return made


def path(number: int) -> str:
    return f"{LIST}/{the_registration(ADDRESS.format(number)).id}"


def order(page: Page) -> list[tuple[str, str | None]]:
    """Who stands where by the figure in the name, and what she would get."""
    found = [one for one in page.all("tr") if one.get("data-registration")]
    return [(words(one).split(" ")[3], one.get("data-outcome")) for one in found]


def decide(visitor: Visitor, *, expect: int = 303) -> Page:
    mark = visitor.get(DECIDE).value("shown")
    return visitor.post(DECIDE, {"shown": mark}, expect=expect)


def test_five_apply_a_hand_moves_one_and_all_are_answered(app: Flask, event: Event, time: Clock) -> None:
    visitor = logged_in(app)
    time.pass_by(days=2)
    page = visitor.get(LIST)
    assert order(page) == [("4", "seat"), ("5", "seat"), ("1", "line"), ("2", "line"), ("3", "line")]
    assert [words(one) for one in page.all("tr", class_="cut")] == ["Her går grensen: den siste plassen er gitt."]
    assert "✓Oppfylt: Bodø hører til Nord" in page.text
    assert "–Ikke oppfylt: Bergen hører til Vest" in page.text
    moved = visitor.post(path(3), {"act": "move", "place": "1", **WHY}, form_at=path(3))
    assert moved.headers["Location"] == f"{LIST}#sok-{path(3).rpartition('/')[2]}"
    page = visitor.get(LIST)
    assert order(page)[:2] == [("3", "seat"), ("4", "seat")]
    assert "Flyttet til nr. 1: «Får LIS1 i august» Kari Nordmann, 13. januar 2027 kl. 10.00" in page.text
    assert "Kriteriene alene gir nr. 5." in page.text
    confirm = visitor.get(DECIDE)
    assert SUM in [words(one) for one in confirm.all("strong")]
    done = visitor.follow(decide(visitor))
    assert "Søknadene er avgjort: 2 fikk plass, 3 ble satt på venteliste, 0 fikk avslag." in done.text
    assert order(done) == [("3", "seat"), ("4", "seat"), ("5", "line"), ("1", "line"), ("2", "line")]
    assert [occasions(ADDRESS.format(number))[1] for number in (3, 4, 5)] == ["seat_given", "seat_given", "waiting"]
    assert len(written("applications_decided")) == 1


def test_a_stale_list_decides_nothing_and_the_new_one_is_shown(app: Flask, event: Event) -> None:
    visitor = logged_in(app)
    mark = visitor.get(DECIDE).value("shown")
    registrations.sign_up(wish(event, 6))
    letters = len(all_letters())
    page = visitor.post(DECIDE, {"shown": mark}, expect=422)
    assert page.errors == [
        "Listen er endret siden du så den, så ingenting er avgjort. Kåre Ødegård 6 har søkt. Se over den på nytt."
    ]
    assert "Kåre Ødegård 6" in words(page.one("section", data_outcome="line"))
    assert {str(one.status) for one in rows()} == {"applied"}
    assert len(all_letters()) == letters
    visitor.post(DECIDE, {"shown": page.value("shown")})
    assert "applied" not in {str(one.status) for one in rows()}


def test_two_organizers_the_second_gets_a_sentence(app: Flask, event: Event) -> None:
    first, second = logged_in(app), logged_in(app, role=UserRole.ADMINISTRATOR)
    mark = second.get(DECIDE).value("shown")
    token = second.token(DECIDE)
    decide(first)
    letters = len(all_letters())
    answer = second.ask("POST", DECIDE, data={"csrf_token": token, "shown": mark})
    text = answer.get_data(as_text=True).replace("\N{NO-BREAK SPACE}", " ")
    assert answer.status_code == 422
    assert "Søknadene ble avgjort av Kari Nordmann 11. januar 2027 kl. 10.00: 2 fikk plass" in text
    assert len(all_letters()) == letters
    assert second.get(DECIDE).all("input", name="shown") == []


def test_the_way_to_the_decision_says_when_the_list_has_changed(app: Flask, event: Event) -> None:
    visitor = logged_in(app)
    (way,) = [one.get("href") or "" for one in visitor.get(LIST).all("a") if words(one) == "Gå til avgjørelsen"]
    sentence = "Listen er endret siden du så den."
    assert sentence not in visitor.get(way).text
    registrations.cancel(key_of(ADDRESS.format(1)))
    assert sentence in visitor.get(way).text


def test_before_the_deadline_there_is_a_warning(app: Flask, event: Event, time: Clock) -> None:
    visitor = logged_in(app)
    sentence = "Fristen er ikke ute før 12. januar 2027 kl. 10.00."
    assert sentence in visitor.get(DECIDE).text
    time.pass_by(days=2)
    assert sentence not in visitor.get(DECIDE).text


def test_outcomes_by_hand_and_their_undoing(app: Flask, event: Event) -> None:
    visitor = logged_in(app)
    visitor.post(path(1), {"act": "fix", "outcome": "refusal", **WHY})
    visitor.post(path(2), {"act": "fix", "outcome": "seat", **WHY})
    assert order(visitor.get(LIST)) == [
        ("4", "seat"),
        ("5", "line"),
        ("1", "refusal"),
        ("2", "seat"),
        ("3", "line"),
    ]
    page = visitor.get(path(1))
    assert "Skal ha avslag: «Får LIS1 i august»" in page.text
    visitor.post(path(1), {"act": "undo", "adjustment": page.value("adjustment")})
    assert "Gjelder ikke lenger: angret eller erstattet" in visitor.get(path(1)).text
    assert order(visitor.get(LIST))[2] == ("1", "line")


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"act": "move", "place": "1", "reason": ""}, "Skriv en begrunnelse. Kollegene dine leser den i historikken."),
        ({"act": "move", "place": "", **WHY}, "Skriv hvilket nummer i rekkefølgen."),
        ({"act": "move", "place": "først", **WHY}, "«Nytt nummer i rekkefølgen» må være et tall fra 1 til 999999."),
        ({"act": "move", "place": "6", **WHY}, "Det er ikke så mange søkere. Velg en plass som finnes i listen."),
        ({"act": "fix", **WHY}, "Velg hva søknaden skal ende med."),
        ({"act": "fix", "outcome": "lottery", **WHY}, "Velg ett av alternativene under «Utfall»."),
    ],
)
def test_an_adjustment_that_is_none_gets_a_sentence(
    app: Flask, event: Event, told: dict[str, str], sentence: str
) -> None:
    page = logged_in(app).post(path(1), told, expect=422)
    assert page.errors == [sentence]


@pytest.mark.parametrize("act", ["", "decide", "move\x00"])
def test_an_act_that_is_none_is_refused(app: Flask, event: Event, act: str) -> None:
    assert logged_in(app).post(path(1), {"act": act, **WHY}, expect=400).status == 400


@pytest.mark.parametrize("adjustment", ["", "999", "x", "\x00", "9" * 30])
def test_an_adjustment_that_is_not_there_is_not_found(app: Flask, event: Event, adjustment: str) -> None:
    page = logged_in(app).post(path(1), {"act": "undo", "adjustment": adjustment}, expect=404)
    assert page.status == 404


def test_who_withdrew_while_the_form_was_open_leads_back_to_the_list(app: Flask, event: Event) -> None:
    visitor = logged_in(app)
    here, token = path(1), visitor.token(path(1))
    registrations.cancel(key_of(ADDRESS.format(1)))
    answer = visitor.ask("POST", here, data={"csrf_token": token, "act": "move", "place": "1", **WHY})
    assert (answer.status_code, answer.headers["Location"]) == (303, LIST)
    assert "Påmeldingen er ikke i en tilstand der dette går." in visitor.get(LIST).text
    assert visitor.get(here, expect=404).status == 404


def test_rules_are_saved_and_shown_again(app: Flask, event: Event) -> None:
    visitor = logged_in(app)
    numbers = {"criterion_role": "1", "criterion_region": "3", "role_lis1": "2", "role_alis": "1"}
    told = {**FORM, "rest": "refusal", **numbers}
    page = visitor.follow(visitor.post(RULES, told))
    assert [page.value(name) for name in ("criterion_role", "criterion_region", "role_lis1", "rest")] == [
        "1",
        "2",
        "2",
        "refusal",
    ]
    db.session.rollback()
    kept = db.session.get_one(Event, event.id, populate_existing=True)
    assert (kept.criteria, kept.role_order, kept.refuses_rest) == (["role", "region"], ["alis", "lis1"], True)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (
            {"criterion_region": "1", "criterion_supervises": "1"},
            "«Egen region» og «Veileder nå» har samme nummer. Gi dem hvert sitt.",
        ),
        ({"criterion_role": "1"}, "Gi minst én rolle et nummer, eller la være å bruke «Rolle»."),
        ({"criterion_region": "9"}, "Velg fra listen under «Egen region»."),
        ({"seat_rule": "lottery"}, "Velg ett av alternativene under «Slik fordeles plassene»."),
        ({"rest": ""}, "Velg hva som skjer med dem det ikke blir plass til."),
        ({"seat_rule": "first_come"}, "Noen har søkt og venter på svar. Avgjør søknadene først."),
    ],
)
def test_rules_that_cannot_hold_get_a_sentence(app: Flask, event: Event, wrong: dict[str, str], sentence: str) -> None:
    page = logged_in(app).post(RULES, {**FORM, **wrong}, expect=422)
    assert page.errors == [sentence]


def test_the_event_shouts_about_answers_that_are_owed(app: Flask, event: Event, time: Clock) -> None:
    visitor = logged_in(app)
    sentence = "Fristen gikk ut 12. januar 2027 kl. 10.00"
    assert [sentence in visitor.get(one).text for one in (BASE, TABLE, LIST)] == [False] * 3
    assert visitor.get("/kontor/arrangementer").all("div", data_undecided="kurs") == []
    assert [words(one) for one in visitor.get(TABLE).all("a", href=LIST)] == ["Søknader (5)"]
    time.pass_by(days=2)
    assert [f"{sentence}, og 5 søkere venter på svar." in visitor.get(one).text for one in (BASE, TABLE, LIST)] == [
        True
    ] * 3
    alert = visitor.get("/kontor/arrangementer").one("div", data_undecided="kurs")
    assert words(alert).startswith("5 søkere venter på svar: Kurs i individuell veiledning")
    decide(visitor)
    assert [sentence in visitor.get(one).text for one in (BASE, TABLE, LIST)] == [False] * 3
    assert visitor.get("/kontor/arrangementer").all("div", data_undecided="kurs") == []


def test_an_event_without_applications_says_how_to_come_by_them(app: Flask) -> None:
    make_event(slug="kurs")
    visitor = logged_in(app)
    page = visitor.get(LIST)
    assert "Plassene gis ikke etter søknad" in page.text
    assert len(page.all("a", href=RULES)) == 1
    assert visitor.get(TABLE).all("a", href=LIST) == []


def test_the_public_applies_before_the_decision_and_signs_up_after_it(app: Flask, event: Event) -> None:
    doctor, here = Visitor(app), "/arrangementer/kurs"
    before = doctor.get(here)
    assert "2 plasser, fordeles etter søknad" in before.text
    assert "Søknadsfrist 12. januar 2027 kl. 10.00" in before.text
    assert [words(one) for one in before.all("a", href=f"{here}/pamelding")] == ["Søk om plass"]
    visitor = logged_in(app)
    visitor.post(RULES, {**FORM, "rest": "refusal"})
    decide(visitor)
    assert [words(one) for one in doctor.get(here).all("a", href=f"{here}/pamelding")] == ["Sett deg på venteliste"]
    assert "Du har ikke plass" in doctor.get(f"/min/{key_of(ADDRESS.format(5))}").text
    gone = [words(one) for one in visitor.get(TABLE).all("tbody", data_list="gone")]
    assert gone[0].count("Fikk ikke plass") == 3


def test_readers_and_strangers_find_nothing(app: Flask, event: Event) -> None:
    pages = (LIST, DECIDE, RULES, path(1))
    for visitor in (logged_in(app, role=UserRole.READER), logged_in(app, office="vest")):
        token = visitor.token("/kontor/arrangementer")
        for one in pages:
            assert visitor.get(one, expect=404).status == 404
            told = {"csrf_token": token, **FORM, "act": "move", "place": "1", "shown": "x", **WHY}
            if one != LIST:
                assert visitor.ask("POST", one, data=told).status_code == 404
    assert {str(one.status) for one in rows()} == {"applied"}


def test_every_look_at_the_list_is_written_down(app: Flask, event: Event) -> None:
    visitor = logged_in(app)
    for one in (LIST, DECIDE):
        visitor.get(one)
    visitor.get(path(1))
    db.session.rollback()
    assert (len(written("participants_read")), len(written("participant_read"))) == (2, 1)
