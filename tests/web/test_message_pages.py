"""The pages for messages: from the empty list to what became of each letter, and what scripts may try on the way."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from courseapp.db import db, transaction
from courseapp.domain.access import UserRole
from courseapp.models.event import Event
from courseapp.models.journal import MailState, OutboxEmail
from courseapp.models.message import Message, MessageFile
from tests.keys import key_of
from tests.letters import all_letters
from tests.making import make_event
from tests.pages import Page, Visitor, checked, words
from tests.people import join, letter_to, logged_in, written

PDF = b"%PDF-1.7 program"
WRITTEN = {"statuses": ["registered"], "subject": "Til {fornavn}", "body": "Hei, {fornavn}.\n\nSe {lenke}"}


@pytest.fixture
def event(app: Flask) -> Event:
    """A course with two who have a seat."""
    made = make_event()
    join(made, 2)
    return made


@pytest.fixture
def kari(app: Flask) -> Visitor:
    """An organizer of the office."""
    return logged_in(app)


def at(event: Event, rest: str = "") -> str:
    return f"/kontor/arrangementer/{event.slug}/meldinger{rest}"


def write(event: Event, kari: Visitor, act: str = "save", *, expect: int = 303, **more: Any) -> Page:
    return kari.post(at(event, "/ny"), {**WRITTEN, "act": act, **more}, expect=expect)


def the_draft() -> Message:
    db.session.rollback()
    return db.session.scalars(select(Message)).one()


def send(event: Event, kari: Visitor) -> Page:
    """Write, look, and send; the page afterwards."""
    shown = kari.follow(write(event, kari, "preview"))
    return kari.follow(kari.post(at(event, "/1/forhandsvis"), {"act": "send", "seen": shown.value("seen")}))


def test_the_list_is_empty_and_offers_to_write(event: Event, kari: Visitor) -> None:
    page = kari.get(at(event))
    assert "Ingen meldinger ennå" in page.text
    (link,) = [one for one in page.all("a") if words(one) == "Skriv melding"]
    assert link.get("href") == at(event, "/ny")


def test_from_a_standard_text_to_a_letter_in_the_queue(event: Event, kari: Visitor) -> None:
    page = write(event, kari, "fill", standard="thanks", expect=200)
    assert page.value("subject") == "Takk for at du var med på {arrangement}"
    assert page.value("body").startswith("Hei, {fornavn}.")
    assert "2 personer får meldingen slik utvalget er nå." in page.text
    assert db.session.scalars(select(Message)).all() == []
    page = send(event, kari)
    assert page.h1 == "Til {fornavn}"
    assert "0 av 2 sendt, 2 i kø." in page.text
    assert [one.subject for one in all_letters()] == ["Til Kåre", "Til Kåre"]
    assert len(written("message_sent")) == 1
    listed = kari.get(at(event))
    assert "De som har plass" in listed.text
    assert "Kari Nordmann" in listed.text
    assert "0 av 2" in listed.text


def test_a_reload_or_a_second_click_sends_nothing_more(event: Event, kari: Visitor) -> None:
    shown = kari.follow(write(event, kari, "preview"))
    token = kari.token(at(event, "/1/forhandsvis"))
    for _press in range(3):
        answer = kari.ask(
            "POST", at(event, "/1/forhandsvis"), data={"csrf_token": token, "act": "send", "seen": shown.value("seen")}
        )
        assert (answer.status_code, answer.headers["Location"]) == (303, at(event, "/1"))
    assert len(all_letters()) == 2


def test_who_came_meanwhile_is_said_with_the_new_number(event: Event, kari: Visitor) -> None:
    shown = kari.follow(write(event, kari, "preview"))
    assert [words(one) for one in shown.all("button", value="send")] == ["Send til 2 personer"]
    join(event, 1, first=3)
    page = kari.post(at(event, "/1/forhandsvis"), {"act": "send", "seen": shown.value("seen")}, expect=422)
    assert page.errors == [
        "Utvalget er endret siden du så på det. Nå er det 3 personer. Ingenting er sendt. Se over, og send på nytt."
    ]
    assert [words(one) for one in page.all("button", value="send")] == ["Send til 3 personer"]
    assert all_letters() == []


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("subject", "", "Skriv et emne."),
        ("subject", "Hei {fornvn}", "{fornvn} er ikke et flettefelt. Mente du {fornavn}?"),
        ("subject", "Se {lenke}", "{lenke} kan ikke stå i emnet. Sett den i teksten."),
        ("body", "", "Skriv en tekst."),
        (
            "body",
            "Hei {",
            "Krøllparentesen i «Hei {» mangler makker. Skriv et helt flettefelt, som {fornavn}, eller ta den bort.",
        ),
        ("subject", "a\r\nBcc: x@y.no", "«Emne» har tegn som ikke kan brukes. Skriv det på nytt."),
        ("body", "x" * 8001, "«Tekst» kan ha høyst 8000 tegn. Du skrev 8001."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    event: Event, kari: Visitor, field: str, value: str, said: str
) -> None:
    page = write(event, kari, "preview", expect=422, **{field: value})
    assert page.errors == [said]
    other = "body" if field == "subject" else "subject"
    assert page.value(other) == WRITTEN[other]
    assert db.session.scalars(select(Message)).all() == []


def test_the_count_is_taken_anew_and_the_draft_kept(event: Event, kari: Visitor) -> None:
    page = kari.follow(write(event, kari, "count", subject="Uferdig {", statuses=["waitlisted"]))
    assert "Ingen er med i utvalget nå." in page.text
    assert page.value("subject") == "Uferdig {"
    again = {**page.fields, "statuses": ["registered"], "act": "count"}
    page = kari.follow(kari.post(at(event, "/1/skriv"), again))
    assert "2 personer får meldingen" in page.text


def test_the_form_sent_twice_is_one_draft(event: Event, kari: Visitor) -> None:
    token = kari.get(at(event, "/ny")).value("token")
    for _press in range(2):
        write(event, kari, token=token)
    assert the_draft().subject == "Til {fornavn}"


def test_a_colleague_was_first(event: Event, kari: Visitor) -> None:
    write(event, kari)
    mine = kari.get(at(event, "/1/skriv")).fields
    kari.post(at(event, "/1/skriv"), {**mine, "subject": "Først", "act": "save"})
    page = kari.post(at(event, "/1/skriv"), {**mine, "subject": "Sist", "act": "save"}, expect=422)
    assert "En kollega har lagret denne meldingen siden du åpnet den" in page.errors[0]
    assert page.value("subject") == "Sist"
    kari.post(at(event, "/1/skriv"), {**page.fields, "act": "save"})
    assert the_draft().subject == "Sist"


def test_single_persons_come_from_the_address(event: Event, kari: Visitor) -> None:
    page = kari.get(at(event, "/ny?til=2&til=99999999999&til=x&til=77"))
    assert [one.get("value") for one in page.all("input", name="only") if one.get("checked") is not None] == ["2"]
    assert "1 person får meldingen" in page.text


def test_the_preview_shows_no_secret(event: Event, kari: Visitor) -> None:
    write(event, kari)
    for path in ("/1/forhandsvis", "/1/forhandsvis?som=d2", "/1/forhandsvis.html?som=d2", "/1/forhandsvis?som=x%00"):
        body = kari.ask("GET", at(event, path)).get_data(as_text=True)
        assert "/min/eksempel" in body
        for email in ("kare1@lege.example.org", "kare2@lege.example.org"):
            assert key_of(email) not in body
    answer = kari.ask("GET", at(event, "/1/forhandsvis.html?som=d2"))
    assert "Hei, Kåre." in answer.get_data(as_text=True)
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_test_copy_goes_to_me_only(event: Event, kari: Visitor) -> None:
    write(event, kari)
    page = kari.follow(kari.post(at(event, "/1/forhandsvis"), {"act": "test"}))
    assert [(one.to_email, one.subject) for one in all_letters()] == [("organizer@nord.example.org", "Prøve: Til Kåre")]
    assert page.h1 == "Se over meldingen"


def upload(event: Event, kari: Visitor, *files: tuple[str, bytes], expect: int = 303) -> Page:
    here = at(event, "/1/vedlegg")
    sent: MultiDict[str, Any] = MultiDict([("csrf_token", kari.token(here))])
    for name, content in files:
        sent.add("files", FileStorage(BytesIO(content), filename=name))
    boundary, body = encode_multipart(sent)
    return checked(kari.ask("POST", here, data=body, content_type=f"multipart/form-data; boundary={boundary}"), expect)


def test_files_are_added_looked_at_and_taken_out(event: Event, kari: Visitor) -> None:
    kari.follow(write(event, kari, "files"))
    upload(event, kari, ("Program på Ås.pdf", PDF), ("kart.gif", b"GIF89a"))
    page = kari.get(at(event, "/1/skriv"))
    assert "Program på Ås.pdf 1 kB" in page.text
    answer = kari.ask("GET", at(event, "/1/vedlegg/1"))
    assert (answer.data, answer.content_type) == (PDF, "application/pdf")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename")
    kari.post(at(event, "/1/vedlegg/1/fjern"), form_at=at(event, "/1/vedlegg"))
    assert db.session.scalars(select(MessageFile.name)).all() == ["kart.gif"]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ((), "Velg en fil først."),
        ((("a.exe", b"MZ"),), "«a.exe» kan ikke legges ved."),
        ((("a.pdf", b"<html>"),), "Innholdet i «a.pdf» er ikke det navnet sier."),
        (tuple((f"{one}.pdf", PDF) for one in range(6)), "En melding kan ha høyst 5 vedlegg."),
        ((("a.pdf", PDF), ("b.pdf", b"")), "«b.pdf» er tom."),
        (
            (("a.pdf", PDF + b"x" * 3_000_000), ("b.pdf", PDF + b"x" * 2_250_000)),
            "Vedleggene er til sammen større enn 5 MB.",
        ),
    ],
    ids=["none", "program", "disguised", "six", "empty", "heavy"],
)
def test_files_that_may_not_go_along_are_named_and_none_is_kept(
    event: Event, kari: Visitor, files: tuple[tuple[str, bytes], ...], said: str
) -> None:
    write(event, kari)
    page = upload(event, kari, *files, expect=422)
    assert page.errors[0].startswith(said)
    assert "Teksten din er lagret. Velg filene på nytt." in page.text
    assert db.session.scalars(select(MessageFile)).all() == []


def test_a_huge_upload_gets_a_sentence_and_the_text_is_kept(event: Event, kari: Visitor) -> None:
    write(event, kari)
    page = upload(event, kari, ("stor.pdf", PDF + b"x" * 9_000_000), expect=422)
    assert page.errors[0].startswith("Vedleggene er til sammen større enn 5 MB.")
    assert "Til {fornavn}" in page.text
    answer = kari.ask(
        "POST",
        at(event, "/1/vedlegg"),
        input_stream=BytesIO(b"--x\r\n" + b"y" * 70_000),
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": str(200 * 1024 * 1024)},
    )
    assert answer.status_code == 422
    assert the_draft().body == WRITTEN["body"]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"garbage", "multipart/form-data; boundary=x"),
        (
            b"--x\r\nContent-Disposition: form-data; name=files; filename=a.p",
            "multipart/form-data; boundary=x",
        ),
        (b"--x\r\n\r\n--x--", "multipart/form-data"),
        (b'{"csrf_token": 1}', "application/json"),
        (b"", "multipart/form-data; boundary=" + "y" * 300),
    ],
)
def test_a_malformed_upload_gets_a_sentence(event: Event, kari: Visitor, body: bytes, kind: str) -> None:
    write(event, kari)
    answer = kari.ask("POST", at(event, "/1/vedlegg"), data=body, content_type=kind)
    assert answer.status_code == 422
    assert "Skjemaet har vært åpent for lenge" in answer.get_data(as_text=True)
    assert db.session.scalars(select(MessageFile)).all() == []


def test_only_the_page_for_files_takes_much(event: Event, kari: Visitor) -> None:
    answer = kari.ask("POST", at(event, "/ny"), data={"body": "x" * 400_000})
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "more",
    [
        {"statuses": ["\x00"]},
        {"statuses": ["boss"]},
        {"roles": ["x"]},
        {"only": ["0", "99999999999999"]},
        {"groups": ["1e9"]},
        {"municipality": "' OR 1=1"},
        {"body": "a\x00b"},
        {"standard": "own-x"},
    ],
)
def test_what_a_script_may_choose_is_refused_with_a_page(event: Event, kari: Visitor, more: dict[str, Any]) -> None:
    assert write(event, kari, "preview", expect=422, **more).errors
    assert all_letters() == []


def test_readers_see_the_list_and_each_letter_but_do_not_write(event: Event, kari: Visitor, app: Flask) -> None:
    send(event, kari)
    reader = logged_in(app, role=UserRole.READER)
    page = reader.get(at(event))
    assert [words(one) for one in page.all("a") if words(one) == "Skriv melding"] == []
    assert "kare1@lege.example.org" in reader.get(at(event, "/1")).text
    for path in ("/ny", "/1/skriv", "/1/vedlegg", "/1/forhandsvis", "/1/forhandsvis.html", "/99"):
        reader.get(at(event, path), expect=404)
    oslo = logged_in(app, office="oslo")
    for path in ("", "/1", "/ny", "/1/skriv", "/1/vedlegg/1"):
        oslo.get(at(event, path), expect=404)


def test_a_draft_is_deleted_and_a_sent_one_is_read_only(event: Event, kari: Visitor) -> None:
    write(event, kari)
    kari.post(at(event, "/1/slett"), form_at=at(event, "/1/skriv"))
    assert db.session.scalars(select(Message)).all() == []
    send(event, kari)
    for path in ("/1/skriv", "/1/vedlegg", "/1/forhandsvis"):
        assert kari.get(at(event, path), expect=303).headers["Location"] == at(event, "/1")
    page = kari.follow(kari.post(at(event, "/1/slett"), form_at=at(event, "/1")))
    assert "Meldingen er sendt og kan ikke endres lenger." in page.text


def test_a_failed_letter_is_sent_again_from_the_message(event: Event, kari: Visitor) -> None:
    send(event, kari)
    with transaction() as tx:
        row = tx.get_one(OutboxEmail, 1)
        row.state, row.error = MailState.FAILED, "550 no such user"
    page = kari.get(at(event, "/1"))
    assert "Svar fra e-posttjeneren: 550 no such user" in page.text
    again = f"/kontor/arrangementer/{event.slug}/brev/1/pa-nytt"
    page = kari.follow(kari.post(again, {"message": "1"}, form_at=at(event, "/1")))
    assert "0 av 2 sendt, 2 i kø." in page.text
    page = kari.follow(kari.post(again, {"message": "1"}, form_at=at(event, "/1")))
    assert "E-posten har ikke feilet, så den sendes ikke på nytt." in page.text


def test_any_failed_letter_is_sent_again_from_the_persons_page(event: Event, kari: Visitor) -> None:
    letter_id = letter_to(1, MailState.FAILED, error="550 no")
    person = f"/kontor/arrangementer/{event.slug}/deltakere/1"
    again = f"/kontor/arrangementer/{event.slug}/brev/{letter_id}/pa-nytt"
    (form,) = kari.get(person).all("form", action=again)
    assert re.sub(r"\s+", " ", words(form)) == "Send på nytt Du er påmeldt"
    page = kari.post(again, {"person": "1"}, form_at=person)
    assert page.headers["Location"] == f"{person}#letters"
    assert all_letters()[0].state is MailState.QUEUED
