"""Everything a person or a script can send to the sign-up form: a clear sentence, 422, nothing lost, nothing kept."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courseapp.app import create_app
from courseapp.domain.event import EventKind, EventStatus
from courseapp.links import links
from courseapp.models.event import Event
from tests.conftest import NOW, Clock, settings_for
from tests.journeys.test_doctor import FORM
from tests.letters import registrations as rows
from tests.making import make_event
from tests.pages import Page, Visitor

UNSEEN = "«%s» har tegn som ikke kan brukes. Skriv det på nytt."
TOO_LONG = "«%s» kan ha høyst %d tegn. Du skrev %d."
PHONE = "Mobilnummeret ser ikke riktig ut. Skriv åtte siffer, eller landkode først, som +46."
HPR = "HPR-nummer er ett til ni siffer. La feltet stå tomt hvis du ikke har eller ikke husker det."
ADDRESS = "E-postadressen ser ikke riktig ut. Skriv den som navn@kommune.no."


def send(app: Flask, event: Event, expect: int = 422, **changed: Any) -> Page:
    return Visitor(app).post(f"/arrangementer/{event.slug}/pamelding", {**FORM, **changed}, expect=expect)


REFUSED: list[tuple[str, Any, str]] = [
    ("first_name", "", "Skriv inn fornavnet ditt."),
    ("first_name", " \u00a0 ", "Skriv inn fornavnet ditt."),
    ("last_name", "", "Skriv inn etternavnet ditt."),
    ("last_name", "x" * 81, TOO_LONG % ("Etternavn", 80, 81)),
    ("first_name", "Å\x00se", UNSEEN % "Fornavn"),
    ("first_name", "Åse\r\nBcc: alle@example.org", UNSEEN % "Fornavn"),
    ("first_name", "\u202eesÅ", UNSEEN % "Fornavn"),
    ("workplace", "x" * 121, TOO_LONG % ("Arbeidssted", 120, 121)),
    ("workplace", "", "Skriv inn hvor du arbeider."),
    ("municipality", "", "Skriv inn kommunen du arbeider i."),
    ("note", "x" * 1001, TOO_LONG % ("Noe vi bør vite?", 1000, 1001)),
    ("note", "a\x07b", UNSEEN % "Noe vi bør vite?"),
    ("email", "", "Skriv inn e-postadressen din."),
    ("email", "Åse@lege.example.org", "E-postadressen kan ikke ha æ, ø, å eller andre særtegn før @."),
    ("email", "ase.lege.example.org", "E-postadressen må ha en @, som i navn@kommune.no."),
    ("email", "@lege.example.org", "E-postadressen må ha en @, som i navn@kommune.no."),
    ("email", "ase@lege", ADDRESS),
    ("email", "ase@@lege.example.org", ADDRESS),
    ("email", "a b@lege.example.org", ADDRESS),
    ("email", "ase@lege.example.org,b@example.org", ADDRESS),
    ("email", "Åse <ase@lege.example.org>", "E-postadressen kan ikke ha æ, ø, å eller andre særtegn før @."),
    ("email", f"{'x' * 250}@lege.example.org", TOO_LONG % ("E-post", 254, 267)),
    ("mobile", "12", PHONE),
    ("mobile", "ring meg", PHONE),
    ("mobile", "+999999999999999", PHONE),
    ("mobile", "91 23 45 6x", PHONE),
    ("hpr_number", "12345678901", HPR),
    ("hpr_number", "12a4", HPR),
    ("hpr_number", "0", HPR),
    ("hpr_number", "١٢٣", HPR),
    ("primary_role", "", "Velg rollen som passer best for deg i dag."),
    ("primary_role", "pope", "Velg ett av alternativene under «Rollen din i dag»."),
    ("other_roles", ["alis", "pope"], "Velg blant alternativene under «Har du andre roller også?»."),
    ("supervises", ["none", "alis"], "«Ingen nå» kan ikke velges sammen med andre."),
    ("reason", "fun", "Velg ett av alternativene under «Hvorfor tar du kurset?»."),
    ("dietary_consent", "", "Kryss av for samtykke, eller fjern det du skrev om mat."),
    ("website", "http://spam.example.org", "Et felt som skal være tomt, er fylt ut. Tøm det og send inn på nytt."),
]


@pytest.mark.parametrize(("name", "value", "sentence"), REFUSED)
def test_a_bad_field_gets_its_own_sentence_and_nothing_is_kept(
    app: Flask, name: str, value: Any, sentence: str
) -> None:
    changed = {name: value}
    if name == "dietary_consent":
        changed = {"dietary_consent": []}
    page = send(app, make_event(), **changed)
    assert (page.errors, rows()) == ([sentence], [])


def test_each_error_links_to_its_field_and_stands_there_too(app: Flask) -> None:
    page = send(app, make_event(), first_name="", email="x")
    targets = [
        one.get("href")
        for one in page.all("a")
        if (one.get("href") or "").startswith("#") and one.get("href") != "#main"
    ]
    assert targets == ["#first_name", "#email"]
    field = page.one("input", name="first_name")
    described = (field.get("aria-describedby") or "").split()
    told = ["".join(one.itertext()).strip() for one in page.tree.iter() if one.get("id") in described]
    assert field.get("aria-invalid") == "true"
    assert any("Skriv inn fornavnet ditt." in one for one in told)


def test_nothing_typed_is_lost(app: Flask) -> None:
    page = send(app, make_event(), email="x", note="Første linje\r\nAndre «linje» <b>")
    kept = {
        name: page.value(name)
        for name in ("first_name", "last_name", "mobile", "primary_role", "note", "reason", "dietary_needs")
    }
    assert kept == {
        "first_name": "Åse",
        "last_name": "Ødegård-Bjørnstad",
        "mobile": "912 34 567",
        "primary_role": "specialist_general_practice",
        "note": "Første linje\nAndre «linje» <b>",
        "reason": "supervisor",
        "dietary_needs": "Tåler ikke nøtter",
    }
    ticked = [one.get("value") for one in page.all("input", type="checkbox") if one.get("checked") is not None]
    assert ticked == ["samlis", "lis1", "alis", "y"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("91234567", "+4791234567"),
        ("912 34 567", "+4791234567"),
        ("+47 912 34 567", "+4791234567"),
        ("0047 91 23 45 67", "+4791234567"),
        ("+46 70 123 45 67", "+46701234567"),
        ("", ""),
    ],
)
def test_phone_numbers_as_people_write_them(app: Flask, typed: str, kept: str) -> None:
    send(app, make_event(), 303, mobile=typed)
    assert rows()[0].mobile == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("1234567", "1234567"), ("007 123", "7123"), ("HPR 1234567", "1234567"), ("vet ikke", ""), ("", ""), ("22", "22")],
)
def test_hpr_numbers_as_people_write_them(app: Flask, typed: str, kept: str) -> None:
    send(app, make_event(), 303, hpr_number=typed)
    assert rows()[0].hpr_number == kept


@pytest.mark.parametrize("token", ["", "x", "IjEyMyI.aaaa.bbbb", "\x00", "æ" * 500])
def test_a_wrong_token_gets_a_sentence_and_keeps_what_was_typed(app: Flask, token: str) -> None:
    event = make_event()
    visitor = Visitor(app)
    visitor.get(f"/arrangementer/{event.slug}/pamelding")
    page = visitor.post(f"/arrangementer/{event.slug}/pamelding", {**FORM, "csrf_token": token}, expect=422)
    assert (len(page.errors), page.errors[0][:42], page.value("first_name"), rows()) == (
        1,
        "Skjemaet har vært åpent for lenge, eller n",
        "Åse",
        [],
    )


def test_after_a_wrong_token_the_same_form_can_be_sent(app: Flask) -> None:
    event = make_event()
    visitor = Visitor(app)
    path = f"/arrangementer/{event.slug}/pamelding"
    again = visitor.post(path, {**FORM, "csrf_token": "old"}, expect=422)
    visitor.post(path, {**FORM, "csrf_token": again.value("csrf_token")})
    assert len(rows()) == 1


CLOSED: list[tuple[dict[str, Any], str]] = [
    ({"closes_at": NOW + timedelta(minutes=1)}, "Påmeldingsfristen er ute, så påmeldingen ble ikke sendt."),
    ({"starts": (NOW + timedelta(minutes=1),), "closes_at": None}, "Påmeldingen er stengt."),
]


@pytest.mark.parametrize(("facts", "sentence"), CLOSED)
def test_a_door_that_closes_while_typing_says_so_and_keeps_what_was_typed(
    app: Flask, time: Clock, facts: dict[str, Any], sentence: str
) -> None:
    event = make_event(**facts)
    visitor = Visitor(app)
    path = f"/arrangementer/{event.slug}/pamelding"
    token = visitor.token(path)
    time.pass_by(minutes=2)
    page = visitor.post(path, {**FORM, "csrf_token": token}, expect=422, form_at="/finn")
    assert (page.errors, page.value("first_name"), rows()) == ([sentence], "Åse", [])


@pytest.mark.parametrize("status", [EventStatus.CLOSED, EventStatus.CANCELLED, EventStatus.HELD])
def test_the_form_of_a_closed_event_leads_back_to_its_page(app: Flask, status: EventStatus) -> None:
    event = make_event(status=status)
    page = Visitor(app).get(f"/arrangementer/{event.slug}/pamelding", expect=302)
    assert page.headers["Location"] == f"/arrangementer/{event.slug}"


@pytest.mark.parametrize("path", ["", "/pamelding", "/kvittering", "/kvittering/adresse", "/samling-1.ics"])
def test_a_draft_and_an_unknown_event_are_the_same_404(app: Flask, path: str) -> None:
    draft = make_event(status=EventStatus.DRAFT)
    stand = make_event(kind=EventKind.STAND, slug="stand")
    for slug in (draft.slug, stand.slug, "finnes-ikke", "%00", "æøå", "a" * 500):
        Visitor(app).get(f"/arrangementer/{slug}{path}", expect=404)


@pytest.mark.parametrize("path", ["", "/endre", "/avmeld", "/samling-1.ics"])
def test_a_forged_or_cut_key_is_404(app: Flask, path: str) -> None:
    event = make_event()
    send(app, event, 303)
    key = links().key(rows()[0].id, 1)
    for wrong in (
        key[:-1],
        key + "A",
        "x",
        links().key(99, 1),
        links().key(rows()[0].id, 2),
        "%F0%9F%92%A9",
        "." * 200,
    ):
        Visitor(app).get(f"/min/{wrong}{path}", expect=404)


def test_a_flood_from_one_address_is_429_and_the_rest_go_on(settings_limited: Flask) -> None:
    event = make_event()
    for number in range(3):
        send(settings_limited, event, 303, email=f"a{number}@lege.example.org")
    send(settings_limited, event, 429, email="b@lege.example.org")
    assert len(rows()) == 3


def test_what_is_refused_counts_as_well(settings_limited: Flask) -> None:
    event = make_event()
    send(settings_limited, event, 422, first_name="")
    send(settings_limited, event, 422, website="http://example.org")
    send(settings_limited, event, 303, email="a@lege.example.org")
    send(settings_limited, event, 429, email="b@lege.example.org")


@pytest.fixture
def settings_limited(database_url: str, tmp_path: Any) -> Any:
    made = create_app(settings_for(database_url, tmp_path, COURSEAPP_SIGN_UP_LIMIT_PER_IP="3/hour"))
    with made.app_context():
        yield made


WILD = st.one_of(
    st.text(max_size=60), st.sampled_from(["alis", "none", "", "y", "0", "\x00", "é" * 300, "=1+1", "<script>"])
)


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    fields=st.dictionaries(
        st.sampled_from([*FORM, "website", "csrf_token", "unknown"]), st.one_of(WILD, st.lists(WILD, max_size=3))
    )
)
def test_whatever_is_sent_the_answer_is_a_page(app: Flask, fields: dict[str, Any]) -> None:
    event = make_event(slug="alt-mulig") if not _exists(app) else None
    assert event is None or event.slug == "alt-mulig"
    visitor = Visitor(app)
    token = visitor.token("/arrangementer/alt-mulig/pamelding")
    answer = visitor.ask("POST", "/arrangementer/alt-mulig/pamelding", data={"csrf_token": token, **FORM, **fields})
    assert answer.status_code in {303, 422}, answer.status_code


def _exists(app: Flask) -> bool:
    return Visitor(app).ask("GET", "/arrangementer/alt-mulig").status_code == 200
