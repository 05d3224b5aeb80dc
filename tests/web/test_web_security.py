"""What every answer of every door carries, over all routes: policies, caching, cookies, tokens, ways out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from courseapp.app import create_app
from tests.conftest import settings_for
from tests.house import access
from tests.house.access import Walk
from tests.pages import Visitor

BY_SECRET = (  # but for calendars, which programs may keep for a quarter of an hour
    "leader.",
    "public.my_registration.",
    "public.my_data.",
    "public.feeds.",
    "public.check_in.",
    "public.evaluation.",
    "public.certificates.",
    "public.registrations.receipt",
)
LOOSE = re.compile(r"unsafe-|\*|(?:https?|data|blob):(?!;)")
AWAY = (
    "//evil.example.com",
    "///evil.example.com",
    "/\\evil.example.com",
    "/kontor/\\evil.example.com",
    "/kontor/../../evil",
    "\\/\\/evil.example.com",
    "http://evil.example.com/kontor/",
    "https:evil.example.com",
    "javascript:alert(1)",
    "/kontor/\r\nSet-Cookie: a=b",
    "/kontor/\tx",
    " /kontor/",
    "kontor/",
    "%2f%2fevil.example.com",
    "/kontorevil",
    "@evil.example.com",
)


@pytest.fixture
def walk(app: Flask, kind: str) -> Iterator[Walk]:
    """Somebody at the doors of a lived-in office."""
    made = access.begin(app, kind)
    yield made
    made.done()


def answers(app: Flask, walk: Walk) -> Iterator[tuple[str, str, TestResponse]]:
    """Every GET, and every POST without a token: pages, files, refusals and redirects."""
    for method, rule in access.routes(app):
        path = access.address(rule, walk.world, walk.kind)
        yield f"{method} {path}", str(rule.endpoint), walk.ask(method, path, {} if method == "POST" else None)[1]


@pytest.mark.parametrize("kind", ["nobody", "participant", "course leader", "organizer"])
def test_every_answer_forbids_what_browsers_would_do_by_themselves(app: Flask, walk: Walk, kind: str) -> None:
    wrong: list[tuple[str, str, object]] = []
    for path, endpoint, answer in answers(app, walk):
        head = answer.headers
        policy = dict(part.strip().partition(" ")[::2] for part in head["Content-Security-Policy"].split(";"))
        if endpoint not in FRAMED and LOOSE.search(head["Content-Security-Policy"].replace("data:;", ";")):
            wrong.append((path, "policy", policy))
        if endpoint not in FRAMED and policy["frame-ancestors"] != "'none'":
            wrong.append((path, "framed", policy))
        if endpoint not in FRAMED and policy["base-uri"] != "'none'":
            wrong.append((path, "base", policy))
        if head["X-Content-Type-Options"] != "nosniff":
            wrong.append((path, "sniffed", ""))
        kept = (head.get("Cache-Control"), head.get("Referrer-Policy"))
        if (
            endpoint.startswith(BY_SECRET)
            and endpoint != "public.feeds.private"
            and kept != ("no-store", "no-referrer")
        ):
            wrong.append((path, "a secret address is told or kept", kept))
        if endpoint.startswith("office.") and answer.status_code == 200 and kept[0] != "no-store":
            wrong.append((path, "the desk is kept", kept))
    assert wrong == []


FRAMED = {"office.overview.letter_html", "office.messages.letter_html"}
"""A letter's own HTML, which mail programs want styled inline: in a sandbox, in a frame of our own pages alone."""


@pytest.fixture
def secure(database_url: str, own_folder: Path) -> Iterator[Flask]:
    """The same behind https."""
    made = create_app(settings_for(database_url, own_folder, COURSEAPP_BASE_URL="https://kurs.example.org"))
    with made.app_context():
        yield made


def test_over_https_the_cookie_is_bound_to_the_host_and_the_browser_is_told_to_stay(secure: Flask) -> None:
    answer = Visitor(secure).ask("GET", "/finn")
    name, *flags = answer.headers["Set-Cookie"].split("; ")
    assert (name.partition("=")[0], sorted(flags)) == (
        "__Host-courseapp",
        ["HttpOnly", "Path=/", "SameSite=Lax", "Secure"],
    )
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


@pytest.mark.parametrize("path", ["/", "/finnes/ikke", "/static/css/base.css", "/kontor/", "/min/x", "/healthz"])
def test_every_answer_over_https_says_to_stay(secure: Flask, path: str) -> None:
    assert "Strict-Transport-Security" in Visitor(secure).ask("GET", path).headers


def test_it_says_so_as_well_when_the_proxy_in_front_is_not_believed(secure: Flask) -> None:
    """The address that people use is known from the settings."""
    answer = Visitor(secure).ask("GET", "/", base_url="http://kurs.example.org")
    assert "Strict-Transport-Security" in answer.headers


def test_over_http_nothing_claims_to_be_secure(app: Flask) -> None:
    answer = Visitor(app).ask("GET", "/finn")
    assert "Strict-Transport-Security" not in answer.headers
    assert answer.headers["Set-Cookie"].startswith("courseapp=")
    assert answer.headers["Set-Cookie"].endswith("; HttpOnly; Path=/; SameSite=Lax")


def test_pages_without_a_form_set_no_cookie(app: Flask) -> None:
    paths = ("/", "/personvern", "/tilgjengelighet", "/arrangementer.json", "/healthz", "/finnes/ikke")
    assert [path for path in paths if "Set-Cookie" in Visitor(app).ask("GET", path).headers] == []


@pytest.mark.parametrize("target", AWAY)
def test_no_log_in_leads_away(app: Flask, target: str) -> None:
    walk = access.begin(app, "organizer")
    for method in ("GET", "POST"):
        answer = walk.visitor.ask(method, "/kontor/logg-inn", query_string={"neste": target}, data={})
        where = answer.headers.get("Location", "/kontor/")
        assert where == "/kontor/" or where.startswith("/kontor/../../evil"), (method, where)
    walk.done()


@pytest.mark.parametrize("kind", ["nobody", "participant", "organizer"])
def test_every_redirect_stays_here(app: Flask, walk: Walk, kind: str) -> None:
    """With odd things in the address, in the form and in the headers that a redirect could be made of."""
    odd = {"neste": AWAY[0], "next": AWAY[0], "back": AWAY[0], "fra": AWAY[0], "then": AWAY[0]}
    headers = {
        "Referer": "http://evil.example.com/",
        "X-Forwarded-Host": "evil.example.com",
        "X-Forwarded-Prefix": "//evil",
    }
    for method, rule in access.routes(app):
        path = access.address(rule, walk.world, kind)
        data = {**odd, "csrf_token": walk.token(), **walk.fields(rule.endpoint)} if method == "POST" else None
        query = f"{path}{'&' if '?' in path else '?'}neste=//evil.example.com&ar=%0d%0aX"
        answer = walk.visitor.ask(method, query, data=data, headers=headers)
        where = answer.headers.get("Location", "/")
        assert (where[:1], where[:2] in {"//", "/\\"}) == ("/", False), (method, path, where)
        if rule.endpoint == "office.auth.log_out":
            break


def test_a_body_of_many_fields_or_of_long_ones_is_refused(app: Flask) -> None:
    visitor = Visitor(app)
    many = {f"f{number}": "x" for number in range(300)}
    edge = {"content_type": "multipart/form-data"}
    assert [
        visitor.ask("POST", "/finn", data=many, **edge).status_code,
        visitor.ask("POST", "/finn", data={"email": "x" * 300_000}).status_code,
        visitor.ask("POST", "/finn", data=b"a=b&" * 100_000).status_code,
    ] == [413, 413, 413]
