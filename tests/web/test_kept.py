"""Kept public pages: the same for everybody, and for nobody anything that is hers alone."""

from __future__ import annotations

import gzip
import re
from datetime import timedelta

import pytest
from flask import Flask
from markupsafe import escape

from courseapp.db import transaction
from courseapp.models.event import Event
from courseapp.web import kept
from tests.conftest import NOW
from tests.journeys.test_doctor import FORM
from tests.making import make_event
from tests.pages import Visitor
from tests.people import join

PATH = "/arrangementer/kurset"
TOKEN = re.compile(r'name="csrf_token" type="hidden" value="([^"]+)"')


def known(app: Flask) -> dict[object, kept.Kept]:
    pages: dict[object, kept.Kept] = app.extensions.setdefault(kept.EXTENSION, {})
    return pages


@pytest.fixture
def event(app: Flask) -> Event:
    known(app).clear()
    return make_event(slug="kurset", capacity=2)


def body(answer: object) -> str:
    data: bytes = answer.data  # type: ignore[attr-defined]
    return (gzip.decompress(data) if answer.headers.get("Content-Encoding") == "gzip" else data).decode()  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", ["/", PATH, f"{PATH}/pamelding"])
def test_a_page_is_made_once_for_all(app: Flask, event: Event, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    first = body(app.test_client().get(path, base_url="http://kurs.example.org"))
    (entry,) = known(app).values()
    other = app.test_client()
    packed = other.get(path, base_url="http://kurs.example.org", headers={"Accept-Encoding": "gzip"})
    assert (known(app) == {next(iter(known(app))): entry}, packed.headers["Content-Encoding"]) == (True, "gzip")
    assert (TOKEN.sub("", body(packed)), packed.status_code) == (TOKEN.sub("", first), 200)
    assert {"Accept-Encoding", "Cookie", "Accept-Language"} <= set(packed.headers["Vary"].split(", "))
    assert packed.headers["Cache-Control"] == "private, no-cache"


def test_who_has_the_page_is_told_so_until_it_changes(app: Flask, event: Event) -> None:
    client = app.test_client()
    first = client.get(PATH, base_url="http://kurs.example.org")
    asked = {"If-None-Match": first.headers["ETag"], "Accept-Encoding": "gzip"}
    again = client.get(PATH, base_url="http://kurs.example.org", headers=asked)
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    join(event, 2)
    full = client.get(PATH, base_url="http://kurs.example.org", headers=asked)
    assert (full.status_code, 'data-seats-left="0"' in body(full)) == (200, True)
    assert full.headers["ETag"] != first.headers["ETag"]


def test_each_visitor_has_her_own_token_and_can_use_it(app: Flask, event: Event) -> None:
    tokens = [Visitor(app).get(f"{PATH}/pamelding").value("csrf_token") for _ in range(3)]
    assert len(set(tokens)) == 3
    assert not any(token.encode() in part for token in tokens for one in known(app).values() for part in one.parts)
    visitor = Visitor(app)
    mine = visitor.get(f"{PATH}/pamelding").value("csrf_token")
    refused = visitor.post(f"{PATH}/pamelding", {"csrf_token": mine, "first_name": "Åsgerd"}, expect=422)
    assert (refused.status, "Skjemaet har vært åpent" in refused.text) == (422, False)
    assert "Åsgerd" not in Visitor(app).get(f"{PATH}/pamelding").body


def test_a_language_has_its_own_page(app: Flask, event: Event) -> None:
    pages = {code: Visitor(app).get(f"{PATH}?sprak={code}").one("html").get("lang") for code in ("nb", "nn", "en")}
    wished = app.test_client().get(PATH, base_url="http://kurs.example.org", headers={"Accept-Language": "nn"})
    assert (pages, 'lang="nn"' in body(wished)) == ({"nb": "nb", "nn": "nn", "en": "en"}, True)
    assert len(known(app)) == 4


def test_what_an_address_says_besides_is_not_kept(app: Flask, event: Event) -> None:
    page = Visitor(app).get(f"{PATH}?utm_source=brev")
    assert ("utm_source=brev" in page.body, known(app)) == (True, {})


def test_what_somebody_is_told_is_not_kept_for_others(app: Flask, event: Event) -> None:
    told = Visitor(app)
    with told.client.session_transaction(base_url="http://kurs.example.org") as session:
        session["_flashes"] = [("success", "Bare til deg.")]
    pages = [one.get(PATH).body for one in (told, Visitor(app), told)]
    assert ["Bare til deg." in page for page in pages] == [True, False, False]


def test_a_closed_form_leads_to_the_event(app: Flask, event: Event) -> None:
    with transaction() as tx:
        tx.get_one(Event, event.id).closes_at = NOW - timedelta(seconds=1)
    answer = app.test_client().get(f"{PATH}/pamelding", base_url="http://kurs.example.org")
    assert (answer.status_code, answer.headers["Location"]) == (302, PATH)


def test_the_pages_kept_have_a_bound(app: Flask, event: Event, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST", 3)
    for number in range(8):
        Visitor(app).get(f"/?side={number}")
    assert 0 < len(known(app)) <= 3


def test_a_receipt_is_made_once_and_says_to_each_her_own_address(app: Flask, event: Event) -> None:
    readers = {address: Visitor(app) for address in ("kari.o'hara&co@lege.example.org", "per@lege.example.org")}
    for address, reader in readers.items():
        reader.post(f"{PATH}/pamelding", {**FORM, "email": address})
    pages = {address: reader.get(f"{PATH}/kvittering").body for address, reader in readers.items()}
    (entry,) = [one for key, one in known(app).items() if "kvittering" in str(key)]
    for address, page in pages.items():
        assert f"Vi sender en bekreftelse til {escape(address)}." in page
        assert page == b"".join(entry.parts).decode().replace("bekreftelse til ", f"bekreftelse til {escape(address)}")
