"""What scripts send: every answer is a page of ours with a 4xx, on both databases."""

from io import BytesIO
from typing import Any

import pytest
from flask import Flask

from courseapp.services import registrations
from tests.journeys.test_doctor import FORM
from tests.keys import key_of
from tests.letters import registrations as rows
from tests.making import make_event, wish
from tests.pages import Visitor

FORMS = (
    "/arrangementer/{slug}/pamelding",
    "/finn",
    "/kontor/logg-inn",
    "/kontor/logg-ut",
    "/kontor/logg-inn/kode",
    "/kontor/glemt-passord",
    "/min/{key}/endre",
    "/min/{key}/avmeld",
)
JSON = (
    b"[1,2,3]",
    b'"abc"',
    b"5",
    b'{"first_name":5}',
    b'{"email":["a"]}',
    b'{"csrf_token":"\\ud800"}',
    b'{"email":"\\ud800@x.no"}',
    b"{",
)


@pytest.fixture
def addresses(app: Flask) -> dict[str, str]:
    """A course with somebody in it."""
    event = make_event()
    registrations.sign_up(wish(event))
    return {"slug": event.slug, "key": key_of("kare1@lege.example.org")}


@pytest.mark.parametrize("path", FORMS)
def test_json_is_no_form(app: Flask, addresses: dict[str, str], path: str) -> None:
    for body in JSON:
        answer = Visitor(app).ask("POST", path.format(**addresses), data=body, content_type="application/json")
        assert answer.status_code in {303, 422}, (body, answer.status_code)
    assert [str(one.status) for one in rows()] == ["registered"]


@pytest.mark.parametrize("path", FORMS)
def test_a_file_is_no_text(app: Flask, addresses: dict[str, str], path: str) -> None:
    for name in (*FORM, "password", "csrf_token", "website"):
        data: dict[str, Any] = {**FORM, name: (BytesIO(b"x" * 100), "x.txt")}
        answer = Visitor(app).ask("POST", path.format(**addresses), data=data)
        assert answer.status_code in {303, 422}, (name, answer.status_code)


PATHS = [
    "/arrangementer/%00",
    "/arrangementer/a%00b/pamelding",
    "/arrangementer/%00/samling-1.ics",
    "/arrangementer/%00/kvittering",
    "/arrangementer/%ff%fe",
    "/arrangementer/{slug}/samling-99999999999999999999.ics",
    "/arrangementer/{slug}/samling-2147483647.ics",
    "/min/%00",
    "/min/%ff/endre",
    "/static/" + "a" * 300,
    "/static/%00",
    "/static/..%2f..%2fwsgi.py",
    "/kursbevis/%00",
    "/%00",
    "/" + "x" * 5000,
]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_an_odd_address_is_not_found(app: Flask, addresses: dict[str, str], path: str, method: str) -> None:
    answer = Visitor(app).ask(method, path.format(**addresses))
    assert answer.status_code in {404, 405}, answer.status_code


QUERIES = [
    "?office=%00",
    "?kind=%00&month=%ff",
    "?side=1e9",
    "?side=-1",
    "?month=9999-99",
    "?month=0000-00",
    "?office[]=x",
    "?" + "a=b&" * 500,
]


@pytest.mark.parametrize("query", QUERIES)
def test_an_odd_question_is_answered_with_the_list(app: Flask, addresses: dict[str, str], query: str) -> None:
    Visitor(app).get(f"/{query}")


@pytest.mark.parametrize(
    "cookie",
    ["courseapp=x", "courseapp=" + "e" * 4000, "courseapp=.eJw.x.y", "courseapp=\xff", "courseapp=; courseapp=1"],
)
def test_a_broken_cookie_is_no_cookie(app: Flask, addresses: dict[str, str], cookie: str) -> None:
    for path in ("/", "/arrangementer/{slug}/pamelding", "/arrangementer/{slug}/kvittering", "/kontor/arrangementer"):
        answer = Visitor(app).ask("GET", path.format(**addresses), headers={"Cookie": cookie})
        assert answer.status_code in {200, 303, 404}


@pytest.mark.parametrize(
    "name", ["Du har vunnet! https://evil.example", "www.evil.example", "kari@evil.example", "evil.com"]
)
def test_a_name_carries_no_message_of_a_strangers(app: Flask, addresses: dict[str, str], name: str) -> None:
    page = Visitor(app).post(
        "/arrangementer/{slug}/pamelding".format(**addresses), {**FORM, "first_name": name}, expect=422
    )
    assert page.errors == ["«Fornavn» kan ikke ha nettadresser eller e-postadresser."]


def test_a_refused_way_of_asking_says_which_are_allowed(app: Flask) -> None:
    answer = Visitor(app).ask("DELETE", "/finn")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD, OPTIONS, POST")
