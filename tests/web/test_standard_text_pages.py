"""The pages for standard texts, of an office and of an event."""

from __future__ import annotations

from flask import Flask

from courseapp.domain.access import UserRole
from tests.making import make_event
from tests.pages import XHTML, words
from tests.people import logged_in

HERE = "/kontor/standardtekster"


def test_an_office_changes_a_text_and_takes_it_back(app: Flask) -> None:
    kari = logged_in(app)
    page = kari.get(f"{HERE}/nord/thanks")
    assert page.value("name") == "Takk for deltakelsen"
    page = kari.follow(kari.post(f"{HERE}/nord/thanks", {**page.fields, "body": "100 % takk {fornavn}"}))
    assert "100 % takk {fornavn}" in page.text
    assert "Kontorets egen" in page.text
    page = kari.follow(kari.post(f"{HERE}/nord/thanks/fjern", form_at=HERE))
    assert "Kontorets egen" not in page.text


def test_a_new_text_can_be_chosen_for_a_message(app: Flask) -> None:
    event, kari = make_event(), logged_in(app)
    kari.post(f"{HERE}/nord/ny", {"name": "Parkering", "subject": "Om parkering", "body": "Bak huset."})
    page = kari.get(f"/kontor/arrangementer/{event.slug}/meldinger/ny")
    (option,) = [one for one in page.all("option") if words(one) == "Parkering"]
    code = option.get("value") or ""
    page = kari.post(f"/kontor/arrangementer/{event.slug}/meldinger/ny", {"act": "fill", "standard": code}, expect=200)
    assert (page.value("subject"), page.value("body")) == ("Om parkering", "Bak huset.")


def test_what_is_wrong_is_said(app: Flask) -> None:
    kari = logged_in(app)
    page = kari.post(f"{HERE}/nord/ny", {"name": "", "subject": "{lenke}", "body": "{x"}, expect=422)
    assert page.errors == [
        "Skriv et navn.",
        "{lenke} kan ikke stå i emnet. Sett den i teksten.",
        "Krøllparentesen i «{x» mangler makker. Skriv et helt flettefelt, som {fornavn}, eller ta den bort.",
    ]
    page = kari.post(f"{HERE}/nord/ending", {"body": "x" * 1501}, expect=422)
    assert page.errors == ["«Tekst» kan ha høyst 1500 tegn. Du skrev 1501."]


def test_the_ending_of_an_event_shows_in_the_preview_of_its_letters(app: Flask) -> None:
    event, kari = make_event(), logged_in(app)
    mine = f"/kontor/arrangementer/{event.slug}/standardtekster"
    kari.post(f"{mine}/ending", {"body": "Vi spiser kl. 12, {fornavn}."})
    assert "Arrangementets egen" in kari.get(mine).text
    page = kari.get(f"/kontor/arrangementer/{event.slug}/forhandsvis/confirmation")
    assert "Vi spiser kl. 12, Kari." in page.text
    kari.post(f"{mine}/ending/fjern", form_at=mine)
    assert "Arrangementets egen" not in kari.get(mine).text


def test_readers_read_and_others_find_nothing(app: Flask) -> None:
    event = make_event()
    reader, oslo = logged_in(app, role=UserRole.READER), logged_in(app, office="oslo")
    assert "Praktisk informasjon" in reader.get(HERE).text
    links = [words(one) for one in reader.get(HERE).one("main").iter(f"{XHTML}a")]
    assert links == ["Arrangementer", "Hjelp til denne siden"]
    for path in (
        f"{HERE}/nord/ny",
        f"{HERE}/nord/thanks",
        f"/kontor/arrangementer/{event.slug}/standardtekster/thanks",
    ):
        reader.get(path, expect=404)
        oslo.get(path, expect=404)
    for path in (f"{HERE}/finnes-ikke/ny", f"{HERE}/%00/thanks", f"{HERE}/oslo/%00", f"{HERE}/oslo/own-x"):
        oslo.get(path, expect=404)
    national = logged_in(app, office=None, role=UserRole.READER)
    assert "Ingen tekster her" in national.get(HERE).text
