"""Every address of every door, classified: a new route fails here until somebody has decided who may open it."""

from __future__ import annotations

import pytest
from flask import Flask

from courseapp.app import create_app
from courseapp.config import ROOT
from courseapp.services import registrations
from tests.conftest import settings_for
from tests.keys import key_of
from tests.letters import all_letters
from tests.letters import registrations as rows
from tests.making import make_event, wish
from tests.pages import Visitor

PUBLIC, SECRET_LINK, RECEIPT, DESK, LOG_IN, DEMO, MACHINE = (
    "public",
    "secret link",
    "receipt",
    "desk",
    "log in",
    "demo",
    "machine",
)
ROUTES = {
    "asset": PUBLIC,
    "public.events.index": PUBLIC,
    "public.events.show": PUBLIC,
    "public.events.session_calendar": PUBLIC,
    "public.registrations.sign_up": PUBLIC,
    "public.registrations.receipt": RECEIPT,
    "public.registrations.correct_address": RECEIPT,
    "public.my_registration.show": SECRET_LINK,
    "public.my_registration.change": SECRET_LINK,
    "public.my_registration.cancel": SECRET_LINK,
    "public.my_registration.accept": SECRET_LINK,
    "public.my_registration.decline": SECRET_LINK,
    "public.my_registration.wait_on": SECRET_LINK,
    "public.my_registration.session_calendar": SECRET_LINK,
    "public.my_registration.move": SECRET_LINK,
    "public.my_registration.feed": SECRET_LINK,
    "public.events.calendar": PUBLIC,
    "public.feeds.private": SECRET_LINK,
    "public.links.find": PUBLIC,
    "public.about.privacy": PUBLIC,
    "public.about.accessibility": PUBLIC,
    "public.postbox.index": DEMO,
    "public.postbox.show": DEMO,
    "public.postbox.html": DEMO,
    "public.postbox.eml": DEMO,
    "office.auth.log_in": LOG_IN,
    "office.auth.log_out": LOG_IN,
    "office.events.home": DESK,
    "office.events.index": DESK,
    "office.participants.table": DESK,
    "office.participants.person": DESK,
    "office.participants.as_xlsx": DESK,
    "office.participants.as_csv": DESK,
    "office.changes.edit": DESK,
    "office.changes.tell": DESK,
    "office.changes.call_off": DESK,
    "office.line.seats": DESK,
    "office.line.person": DESK,
    "office.feeds.mine": DESK,
    "operations.healthz": MACHINE,
    "operations.readyz": MACHINE,
}
NO_TEMPLATE = {
    "public.events.calendar",
    "public.feeds.private",
    "public.my_registration.accept",
    "public.my_registration.decline",
    "public.my_registration.wait_on",
    "asset",
    "public.events.session_calendar",
    "public.my_registration.session_calendar",
    "public.postbox.html",
    "public.postbox.eml",
    "office.auth.log_out",
    "office.events.home",
    "office.participants.as_xlsx",
    "office.participants.as_csv",
    "operations.healthz",
    "operations.readyz",
}


def test_every_route_is_classified(app: Flask, tmp_path: object) -> None:
    with_demo = create_app(
        settings_for(
            app.config["SQLALCHEMY_DATABASE_URI"], app.extensions["courseapp.settings"].data_dir, COURSEAPP_DEMO="1"
        )
    )
    assert {rule.endpoint for rule in with_demo.url_map.iter_rules()} == set(ROUTES)


def test_the_demos_letter_box_is_shut_outside_the_demo(app: Flask) -> None:
    here = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert {one for one, kind in ROUTES.items() if kind == DEMO} & here == set()


def test_an_endpoint_is_a_template(app: Flask) -> None:
    wanted = {f"{endpoint.replace('.', '/')}.html" for endpoint in set(ROUTES) - NO_TEMPLATE}
    assert [one for one in sorted(wanted) if not (ROOT / "templates" / one).is_file()] == []


@pytest.mark.parametrize("endpoint", sorted(one for one, kind in ROUTES.items() if kind == DESK))
def test_nobody_gets_behind_the_desk_without_logging_in(app: Flask, endpoint: str) -> None:
    for rule in app.url_map.iter_rules(endpoint):
        path = rule.rule.replace("<slug>", "x").replace("<int(max=2147483647):registration_id>", "1")
        page = Visitor(app).get(path, expect=303)
        assert page.headers["Location"].startswith("/kontor/logg-inn")


def test_no_post_works_without_a_token(app: Flask) -> None:

    event = make_event()
    registrations.sign_up(wish(event))
    key = key_of("kare1@lege.example.org")
    before = [(one.status, one.updated_at) for one in rows()]
    posts = [rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())]
    assert len(posts) >= 7
    for rule in posts:
        path = rule.rule.replace("<slug>", event.slug).replace("<key>", key)
        answer = Visitor(app).ask("POST", path, data={"email": "kare1@lege.example.org"})
        assert answer.status_code in {303, 404, 422}, (path, answer.status_code)
    assert [(one.status, one.updated_at) for one in rows()] == before


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "POST"])
def test_an_unknown_way_of_asking_is_refused_with_a_page(app: Flask, method: str) -> None:
    assert Visitor(app).ask(method, "/").status_code == 405


def test_a_get_changes_nothing(app: Flask) -> None:
    """Mail scanners open every link."""
    event = make_event()
    registrations.sign_up(wish(event))
    key = key_of("kare1@lege.example.org")
    before = [(one.status, one.updated_at, one.link_serial) for one in rows()], len(all_letters())
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and "<path:" not in rule.rule:
            path = rule.rule.replace("<slug>", event.slug).replace("<key>", key)
            for name in ("session_id", "registration_id", "letter_id"):
                path = path.replace(f"<int(max=2147483647):{name}>", "1")
            Visitor(app).ask("GET", path)
    assert ([(one.status, one.updated_at, one.link_serial) for one in rows()], len(all_letters())) == before
