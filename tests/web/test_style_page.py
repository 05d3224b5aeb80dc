"""The style page: every state of every list is on it, and only the demo has it."""

from __future__ import annotations

from enum import StrEnum

import pytest
from flask import Flask

from courseapp.app import create_app
from courseapp.domain.attendance import Earned
from courseapp.domain.event import EventStatus, SignUpState
from courseapp.domain.modes import Mode
from courseapp.domain.ranking import Outcome
from courseapp.domain.registration import Status
from courseapp.models.journal import MailState
from courseapp.web import icons
from tests.conftest import settings_for
from tests.pages import Page, Visitor

FAMILIES: dict[str, type[StrEnum]] = {
    "state": SignUpState,
    "status": Status,
    "event": EventStatus,
    "mail": MailState,
    "mode": Mode,
    "outcome": Outcome,
    "earned": Earned,
}


@pytest.fixture
def page(app: Flask) -> Page:
    settings = settings_for(
        app.config["SQLALCHEMY_DATABASE_URI"], app.extensions["courseapp.settings"].data_dir, COURSEAPP_DEMO="1"
    )
    return Visitor(create_app(settings)).get("/kontor/stil")


@pytest.mark.parametrize("family", FAMILIES)
def test_every_state_has_its_tag(page: Page, family: str) -> None:
    row = page.one("dd", data_family=family)
    shown = [one.get("data-value") for one in row if one.get("data-value")]
    assert shown == [str(member) for member in FAMILIES[family]]


def test_every_card_every_strip_and_every_icon_is_there(page: Page) -> None:
    assert len([one for one in page.all("article") if "pass" in one.get("class", "")]) == len(SignUpState)
    assert [one.get("data-seats") for one in page.all("li") if one.get("data-seats")] == [
        *("none", "some", "few", "full", "line", "over", "many", "unlimited", "rooms")
    ]
    assert [one.text for one in page.all("code")] == icons.names()


def test_only_the_demo_has_it(app: Flask) -> None:
    assert Visitor(app).ask("GET", "/kontor/stil").status_code == 404
