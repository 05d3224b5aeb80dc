"""Another's number in an address, or one's own number at another's: 404, and nothing has changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule

from tests.house import access, access_table
from tests.house.access import KINDS, Walk
from tests.lived_in import LivedIn

NUMBERS = (
    "registration_id",
    "session_id",
    "letter_id",
    "certificate_id",
    "message_id",
    "file_id",
    "leader_id",
    "pair_id",
    "series_id",
    "upload_id",
    "reply_id",
    "request_id",
    "event_id",
)
NOBODYS = 2147483647
LEADS_ON = {"office.people_import.columns", "office.people_import.trial", "office.applications.person"}
"""A list, or an applicant, that is not there or no longer leads back to one's own, with the same sentence for all."""


@pytest.fixture
def walk(app: Flask, kind: str) -> Iterator[Walk]:
    """Somebody who has things of her own, and knows the numbers of others'."""
    made = access.begin(app, kind)
    yield made
    made.done()


def swapped(rule: Rule, mine: LivedIn, other: LivedIn) -> Iterator[dict[str, Any]]:
    """What stands in the address: one's own with one thing of the other office; the other's with one's own numbers."""
    own, theirs = mine.told(rule.endpoint), other.told(rule.endpoint)
    numbers = [name for name in NUMBERS if name in rule.arguments]
    for name in numbers:
        yield {name: theirs[name]}
        yield {name: NOBODYS}
        yield {name: 0}
    if "slug" in rule.arguments and rule.endpoint not in access.SLUGS:
        yield {"slug": theirs["slug"], **{name: own[name] for name in numbers}}
        yield {"slug": f"{own['slug']}x"}
    if "office" in rule.arguments:
        yield {"office": theirs["office"]}
    if numbers and "slug" in rule.arguments and room_of(rule) not in {"office.applications", "office.certificates"}:
        yield {"slug": mine.slugs["held"]}


def room_of(rule: Rule) -> str:
    return str(rule.endpoint).rpartition(".")[0]


@pytest.mark.parametrize("kind", ["participant", "course leader", "organizer"])
def test_what_is_not_yours_is_not_there(app: Flask, walk: Walk, kind: str) -> None:
    wrong, asked, declared = [], 0, access_table.declared()
    for method, rule in access.routes(app):
        row = declared[method, rule.endpoint]
        if row == access_table.PUBLIC or row[KINDS.index(kind)] != "y":
            continue
        for change in swapped(rule, walk.world, walk.other):
            path = access.address(rule, walk.world, kind, **change)
            sent = {"csrf_token": walk.token(), **walk.fields(rule.endpoint)} if method == "POST" else None
            changed, answer = walk.ask(method, path, sent)
            asked += 1
            fine = {404, 303} if rule.endpoint in LEADS_ON else {404}
            if changed or answer.status_code not in fine or walk.other.mark in answer.get_data(as_text=True):
                wrong.append((method, rule.endpoint, change, answer.status_code, changed))
    assert wrong == []
    assert asked >= {"participant": 3, "course leader": 20}.get(kind, 400)


def bodies(walk: Walk) -> dict[str, list[dict[str, Any]]]:
    """Forms that name something by number, with the other office's numbers in them."""
    mine, other = walk.world.ids, walk.other.ids
    return {
        "office.groups.move": [
            {"person": other["registration_id"], "to": "g1"},
            {"person": mine["registration_id"], "to": f"p{other['registration_id']}"},
        ],
        "office.groups.place": [{"person": other["registration_id"], "to": "g1"}],
        "office.attendance.hours": [{"person": other["registration_id"], "hours": "9", "why": "Etter avtale"}],
        "office.activities.copy": [{"linje": [walk.world.slugs["activity"], walk.other.slugs["activity"]]}],
        "office.doubles.settle": [{"rad": walk.other.slugs["course"]}],
        "office.leaders.pair": [{"first": mine["leader_id"], "second": other["leader_id"]}],
        "office.leaders.assign": [{"leaders": other["leader_id"]}, {"pair": other["pair_id"]}],
        "office.privacy.erase": [{"email": f"{walk.other.mark}5@lege.example.org"}],
        "office.privacy.look_up": [{"email": f"{walk.other.mark}1@lege.example.org"}],
        "office.privacy.as_json": [{"email": f"{walk.other.mark}1@lege.example.org"}],
    }


@pytest.mark.parametrize("kind", ["organizer"])
def test_anothers_number_in_a_form_does_nothing_and_shows_nothing(app: Flask, walk: Walk, kind: str) -> None:
    rules = {rule.endpoint: rule for method, rule in access.routes(app) if method == "POST"}
    for endpoint, forms in bodies(walk).items():
        for fields in forms:
            path = access.address(rules[endpoint], walk.world, kind)
            changed, answer = walk.ask("POST", path, {"csrf_token": walk.token(), **fields})
            told = answer.get_data(as_text=True).replace(str(fields.get("email")), "")
            assert (changed, walk.other.mark in told) == (False, False), (endpoint, fields, answer.status_code)
