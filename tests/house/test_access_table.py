"""Every address × every kind of visitor, with real things; and what needs a token does nothing without one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.house import access, access_table
from tests.house.access import KINDS, Walk


@pytest.fixture
def walk(app: Flask, kind: str) -> Iterator[Walk]:
    """That visitor, at the doors of two offices that are lived in."""
    made = access.begin(app, kind)
    yield made
    made.done()


def test_every_address_stands_in_the_table_and_the_file_is_the_table(app: Flask) -> None:
    assert {(method, rule.endpoint) for method, rule in access.routes(app)} == set(access_table.declared())
    assert access_table.FILE.read_text(encoding="utf-8") == access_table.as_markdown(app), (
        "write it anew: .venv/bin/python -m tests.house.access_table"
    )


@pytest.mark.parametrize("kind", KINDS)
def test_everybody_fares_as_the_table_says(app: Flask, walk: Walk, kind: str) -> None:
    column, declared = KINDS.index(kind), access_table.declared()
    fared = {(method, rule.endpoint): walk.fares(method, rule) for method, rule in access.routes(app)}
    wanted = {where: row[column] for where, row in declared.items()}
    assert {where: fared[where] for where in fared if fared[where] != wanted.get(where)} == {}


@pytest.mark.parametrize("kind", ["participant", "course leader", "organizer"])
@pytest.mark.parametrize("token", ["", "IjEyMyI.aaaaaa.bbbbbb"])
def test_no_button_works_without_its_token(app: Flask, walk: Walk, kind: str, token: str) -> None:
    """The same forms, from those who may send them; an old or forged token is as good as none."""
    worked = []
    for method, rule in access.routes(app):
        if method == "POST":
            sent = {**walk.fields(rule.endpoint), **({"csrf_token": token} if token else {})}
            changed, answer = walk.ask("POST", access.address(rule, walk.world, kind), sent)
            if changed or answer.status_code not in {200, 303, 400, 404, 422}:
                worked.append((rule.endpoint, answer.status_code))
    assert worked == []


@pytest.mark.parametrize("kind", ["organizer", "participant"])
def test_looking_changes_nothing(app: Flask, walk: Walk, kind: str) -> None:
    """Mail scanners and browsers that fetch ahead open every link. HEAD is answered as GET, without a body."""
    for method, rule in access.routes(app):
        if method == "GET":
            path = access.address(rule, walk.world, kind)
            looked = walk.ask("GET", path, None), walk.ask("HEAD", path, None)
            assert [changed for changed, _answer in looked] == [False, False], path
            assert looked[0][1].status_code == looked[1][1].status_code, path
            assert looked[1][1].get_data() == b"", path


@pytest.mark.parametrize("kind", ["nobody"])
def test_other_ways_of_asking_are_refused_and_options_say_which_there_are(app: Flask, walk: Walk, kind: str) -> None:
    for rule in {one.rule: one for _method, one in access.routes(app)}.values():
        path = access.address(rule, walk.world, kind)
        for method in ("PUT", "TRACE") if "key" in rule.arguments else ("DELETE", "PATCH", "CONNECT", "PROPFIND", "X"):
            changed, answer = walk.ask(method, path, None)
            assert (changed, answer.status_code) == (False, 405), (method, path)
        changed, answer = walk.ask("OPTIONS", path, None)
        if answer.status_code != 303:  # behind the desk it is asked to log in first, as for everything there
            assert (changed, answer.status_code, answer.get_data()) == (False, 200, b""), path
            assert set(answer.headers["Allow"].split(", ")) == set(rule.methods or ()), path
