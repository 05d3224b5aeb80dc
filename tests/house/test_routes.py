"""Every address of every door, classified: a new route fails here until somebody has decided who may open it."""

from __future__ import annotations

import re

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

PUBLIC, SECRET_LINK, RECEIPT, DESK, LOG_IN, DEMO, MACHINE, LEADER = (
    "public",
    "secret link",
    "receipt",
    "desk",
    "log in",
    "demo",
    "machine",
    "leader",
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
    "public.listing.as_json": PUBLIC,
    "public.listing.as_atom": PUBLIC,
    "public.feeds.private": SECRET_LINK,
    "public.links.find": PUBLIC,
    "public.about.privacy": PUBLIC,
    "public.about.accessibility": PUBLIC,
    "public.postbox.index": DEMO,
    "public.postbox.show": DEMO,
    "public.postbox.html": DEMO,
    "public.postbox.eml": DEMO,
    "office.style.show": DEMO,
    "office.help.index": PUBLIC,
    "office.help.page": PUBLIC,
    "office.auth.log_in": LOG_IN,
    "office.auth.log_out": LOG_IN,
    "office.auth.code": LOG_IN,
    "office.auth.set_up": LOG_IN,
    "office.passwords.forgotten": LOG_IN,
    "office.oidc.begin": LOG_IN,
    "office.oidc.answer": LOG_IN,
    "office.passwords.choose": SECRET_LINK,
    "office.account.index": DESK,
    "office.account.end": DESK,
    "office.account.end_others": DESK,
    "office.account.codes": DESK,
    "office.account.begin_app": DESK,
    "office.account.app": DESK,
    "office.account.confirm": DESK,
    "office.users.index": DESK,
    "office.users.invite": DESK,
    "office.users.show": DESK,
    "office.users.role": DESK,
    "office.users.remove_role": DESK,
    "office.users.send_again": DESK,
    "office.users.close": DESK,
    "office.users.reopen": DESK,
    "office.users.reset_factor": DESK,
    "office.users.end_sessions": DESK,
    "office.dashboard.show": DESK,
    "office.events.index": DESK,
    "office.participants.table": DESK,
    "office.participants.person": DESK,
    "office.participants.as_xlsx": DESK,
    "office.participants.as_csv": DESK,
    "office.participants.export": DESK,
    "office.roster.add": DESK,
    "office.roster.edit": DESK,
    "office.roster.address": DESK,
    "office.roster.new_link": DESK,
    "office.people_import.upload": DESK,
    "office.people_import.columns": DESK,
    "office.people_import.trial": DESK,
    "office.people_import.drop": DESK,
    "office.overview.show": DESK,
    "office.overview.delete": DESK,
    "office.overview.preview": DESK,
    "office.overview.letter": DESK,
    "office.overview.letter_html": DESK,
    "office.certificates.index": DESK,
    "office.certificates.one": DESK,
    "office.certificates.every": DESK,
    "office.certificates.replace": DESK,
    "office.certificates.revoke": DESK,
    "public.certificates.find": PUBLIC,
    "public.certificates.show": PUBLIC,
    "public.my_registration.certificate": SECRET_LINK,
    "office.evaluation.results": DESK,
    "public.evaluation.answer": SECRET_LINK,
    "office.papers.index": DESK,
    "office.papers.sign_in": DESK,
    "office.papers.people": DESK,
    "office.papers.name_tags": DESK,
    "office.papers.door_sign": DESK,
    "office.papers.archive": DESK,
    "office.activities.index": DESK,
    "office.activities.add": DESK,
    "office.activities.edit": DESK,
    "office.activities.remove": DESK,
    "office.activities.copy": DESK,
    "office.activities.paste": DESK,
    "office.series.repeat": DESK,
    "office.series.repeat_activity": DESK,
    "office.series.show": DESK,
    "office.series.leave": DESK,
    "office.series.delete_drafts": DESK,
    "office.reports.index": DESK,
    "office.reports.show": DESK,
    "office.reports.as_docx": DESK,
    "office.reports.as_xlsx": DESK,
    "office.reports.as_csv": DESK,
    "office.reports.row": DESK,
    "office.reports.take_back": DESK,
    "office.reports.heads": DESK,
    "office.figures.show": DESK,
    "office.figures.behind": DESK,
    "office.figures.file": DESK,
    "office.figures.country": DESK,
    "office.figures.country_file": DESK,
    "office.doubles.settle": DESK,
    "office.doubles.fetch_back": DESK,
    "office.planning.kinds": DESK,
    "office.planning.new": DESK,
    "office.planning.copy": DESK,
    "office.changes.edit": DESK,
    "office.changes.tell": DESK,
    "office.changes.call_off": DESK,
    "office.line.seats": DESK,
    "office.line.person": DESK,
    "office.applications.index": DESK,
    "office.applications.person": DESK,
    "office.applications.decide": DESK,
    "office.applications.rules": DESK,
    "office.feeds.mine": DESK,
    "office.link_list.show": DESK,
    "office.privacy.index": DESK,
    "office.privacy.look_up": DESK,
    "office.privacy.as_json": DESK,
    "office.privacy.erase": DESK,
    "office.privacy.answer": DESK,
    "public.my_data.show": SECRET_LINK,
    "public.my_data.as_json": SECRET_LINK,
    "public.my_data.erase": SECRET_LINK,
    "office.leaders.index": DESK,
    "office.leaders.add": DESK,
    "office.leaders.show": DESK,
    "office.leaders.edit": DESK,
    "office.leaders.retire": DESK,
    "office.leaders.bring_back": DESK,
    "office.leaders.send_feed": DESK,
    "office.leaders.close_feed": DESK,
    "office.leaders.pair": DESK,
    "office.leaders.dissolve": DESK,
    "office.leaders.assign": DESK,
    "office.participants.settle_reply": DESK,
    "office.attendance.index": DESK,
    "office.attendance.session": DESK,
    "office.attendance.mark": DESK,
    "office.attendance.everyone": DESK,
    "office.attendance.undo_everyone": DESK,
    "office.attendance.drop_in": DESK,
    "office.attendance.take_in": DESK,
    "office.attendance.code": DESK,
    "office.attendance.heads": DESK,
    "office.attendance.hours": DESK,
    "office.attendance.take_back": DESK,
    "office.attendance.options": DESK,
    "office.kitchen.show": DESK,
    "office.leaders.send_link": DESK,
    "office.leaders.close_link": DESK,
    "leader.courses.index": LEADER,
    "leader.courses.show": LEADER,
    "leader.courses.kitchen": LEADER,
    "leader.courses.evaluation": LEADER,
    "leader.courses.feed": LEADER,
    "leader.attendance.today": LEADER,
    "leader.attendance.session": LEADER,
    "leader.attendance.mark": LEADER,
    "leader.attendance.everyone": LEADER,
    "leader.attendance.undo_everyone": LEADER,
    "public.check_in.show": SECRET_LINK,
    "public.my_registration.arrive": SECRET_LINK,
    "office.groups.show": DESK,
    "office.groups.divide": DESK,
    "office.groups.move": DESK,
    "office.groups.place": DESK,
    "office.groups.change": DESK,
    "office.groups.clear": DESK,
    "office.messages.index": DESK,
    "office.messages.write": DESK,
    "office.messages.edit": DESK,
    "office.messages.files": DESK,
    "office.messages.file": DESK,
    "office.messages.remove_file": DESK,
    "office.messages.preview": DESK,
    "office.messages.letter_html": DESK,
    "office.messages.show": DESK,
    "office.messages.delete": DESK,
    "office.messages.resend": DESK,
    "office.messages.resend_failed": DESK,
    "office.standards.index": DESK,
    "office.standards.add": DESK,
    "office.standards.edit": DESK,
    "office.standards.remove": DESK,
    "office.standards.of_event": DESK,
    "office.standards.add_for_event": DESK,
    "office.standards.edit_for_event": DESK,
    "office.standards.remove_for_event": DESK,
    "operations.healthz": MACHINE,
    "operations.readyz": MACHINE,
    "operations.figures": MACHINE,
}
NO_TEMPLATE = {
    "office.roster.new_link",
    "office.papers.archive",
    "office.privacy.as_json",
    "office.privacy.erase",
    "office.privacy.answer",
    "public.my_data.as_json",
    "public.my_data.erase",
    "office.activities.copy",
    "office.series.leave",
    "office.reports.index",
    "office.reports.as_docx",
    "office.reports.as_xlsx",
    "office.reports.as_csv",
    "office.reports.take_back",
    "office.figures.file",
    "office.figures.country_file",
    "office.doubles.settle",
    "office.doubles.fetch_back",
    "office.messages.file",
    "office.messages.remove_file",
    "office.messages.letter_html",
    "office.messages.delete",
    "office.messages.resend",
    "office.messages.resend_failed",
    "office.standards.remove",
    "office.standards.remove_for_event",
    "office.attendance.mark",
    "office.attendance.everyone",
    "office.attendance.undo_everyone",
    "office.attendance.take_in",
    "office.attendance.take_back",
    "office.leaders.send_link",
    "office.leaders.close_link",
    "leader.attendance.today",
    "leader.attendance.mark",
    "leader.attendance.everyone",
    "leader.attendance.undo_everyone",
    "public.my_registration.arrive",
    "office.people_import.drop",
    "office.groups.move",
    "office.groups.place",
    "office.groups.change",
    "office.leaders.retire",
    "office.leaders.bring_back",
    "office.leaders.send_feed",
    "office.leaders.close_feed",
    "office.leaders.dissolve",
    "office.participants.settle_reply",
    "public.events.calendar",
    "public.listing.as_json",
    "public.listing.as_atom",
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
    "office.account.end",
    "office.account.end_others",
    "office.account.begin_app",
    "office.oidc.begin",
    "office.oidc.answer",
    "office.users.remove_role",
    "office.users.send_again",
    "office.users.close",
    "office.users.reopen",
    "office.users.reset_factor",
    "office.users.end_sessions",
    "office.overview.letter_html",
    "office.certificates.one",
    "office.certificates.every",
    "public.my_registration.certificate",
    "office.papers.sign_in",
    "office.papers.people",
    "office.papers.name_tags",
    "office.papers.door_sign",
    "office.participants.as_xlsx",
    "office.participants.as_csv",
    "operations.healthz",
    "operations.readyz",
    "operations.figures",
}


def test_every_route_is_classified(app: Flask, tmp_path: object) -> None:
    with_demo = create_app(
        settings_for(
            app.config["SQLALCHEMY_DATABASE_URI"], app.extensions["courseapp.settings"].data_dir, COURSEAPP_DEMO="1"
        )
    )
    assert {rule.endpoint for rule in with_demo.url_map.iter_rules()} == set(ROUTES)


def test_what_is_the_demos_is_shut_outside_the_demo(app: Flask) -> None:
    here = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert {one for one, kind in ROUTES.items() if kind == DEMO} & here == set()


def test_an_endpoint_is_a_template(app: Flask) -> None:
    wanted = {f"{endpoint.replace('.', '/')}.html" for endpoint in set(ROUTES) - NO_TEMPLATE}
    assert [one for one in sorted(wanted) if not (ROOT / "templates" / one).is_file()] == []


@pytest.mark.parametrize("endpoint", sorted(one for one, kind in ROUTES.items() if kind == DESK))
def test_nobody_gets_behind_the_desk_without_logging_in(app: Flask, endpoint: str) -> None:
    for rule in app.url_map.iter_rules(endpoint):
        path = re.sub(r"<int[^>]*>", "1", rule.rule.replace("<slug>", "x"))
        path = re.sub(r"<any\((\w+)[^>]*>", r"\1", path)
        for method in sorted({"GET", "POST"} & (rule.methods or set())):
            answer = Visitor(app).ask(method, path)
            assert answer.status_code == 303, method
            assert answer.headers["Location"].startswith("/kontor/logg-inn")


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
