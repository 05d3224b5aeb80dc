"""How often something may be tried: counted in the database, for everybody alike, and there without being asked for."""

from __future__ import annotations

import pytest
from flask import Flask

from courseapp.config import Settings
from courseapp.services import registrations
from tests.conftest import Clock
from tests.making import make_event, wish
from tests.pages import Visitor

FINN = "/finn"


def asked(app: Flask, email: str, times: int) -> list[int]:
    visitor = Visitor(app)
    token = visitor.token(FINN)
    sent = {"csrf_token": token, "email": email}
    return [visitor.ask("POST", FINN, data=sent).status_code for _ in range(times)]


@pytest.mark.parametrize("email", ["kare1@lege.example.org", "ingen@lege.example.org"])
def test_links_of_one_address_are_asked_for_so_often_and_not_more_known_or_not(
    app: Flask, time: Clock, email: str
) -> None:
    registrations.sign_up(wish(make_event()))
    assert asked(app, email, 12) == [200] * 10 + [429] * 2
    assert asked(app, email.upper(), 1) == [429]
    time.pass_by(hours=1)
    assert asked(app, email, 1) == [200]


def test_one_network_address_asks_for_so_many(app: Flask) -> None:
    answers = [asked(app, f"kare{number}@lege.example.org", 1)[0] for number in range(61)]
    assert answers == [200] * 60 + [429]


def test_the_bound_on_sign_ups_is_there_unless_somebody_takes_it_away() -> None:
    told = {"COURSEAPP_SECRET_KEY": "x" * 16}
    assert Settings.from_env(told).sign_up_limit == (600, 60)
    assert Settings.from_env({**told, "COURSEAPP_SIGN_UP_LIMIT_PER_IP": " "}).sign_up_limit == (600, 60)
    assert Settings.from_env({**told, "COURSEAPP_SIGN_UP_LIMIT_PER_IP": "off"}).sign_up_limit is None
