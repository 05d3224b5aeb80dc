"""Whoever is asked for by another name than ours is refused, and hears nothing of that name again."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from courseapp.app import create_app
from tests.conftest import settings_for
from tests.pages import Visitor

OURS = ("kurs.example.org", "KURS.example.org", "kurs.example.org:80", "kurs.example.org:8443")
OTHERS = (
    "evil.example.com",
    "127.0.0.1",
    "localhost",
    "kurs.example.org.evil.example.com",
    "evil.example.com:80",
    "kurs.example.org@evil.example.com",
    "evil.example.com#kurs.example.org",
    "kurs.example.org, evil.example.com",
    "[::1]",
    "[::1",
    "kurs.example.org:http",
    "kurs.example.org.",
    "æøå",
    "",
)


def asked(app: Flask, host: str, path: str = "/", **headers: str) -> tuple[int, str]:
    answer = Visitor(app).ask("GET", path, headers={"Host": host, **headers})
    return answer.status_code, answer.get_data(as_text=True) + str(answer.headers)


@pytest.mark.parametrize("host", OURS)
def test_our_own_name_is_answered(app: Flask, host: str) -> None:
    assert asked(app, host)[0] == 200


@pytest.mark.parametrize("host", OTHERS)
@pytest.mark.parametrize("path", ["/", "/finn", "/kontor/", "/min/x", "/static/css/base.css", "/finnes/ikke"])
def test_another_name_is_refused_and_not_repeated(app: Flask, host: str, path: str) -> None:
    status, answer = asked(app, host, path)
    assert (status, "evil" in answer) == (400, False)


def test_a_forwarded_name_counts_for_nothing_without_a_proxy_to_believe(app: Flask) -> None:
    status, answer = asked(app, "kurs.example.org", **{"X-Forwarded-Host": "evil.example.com"})
    assert (status, "evil" in answer) == (200, False)


def test_behind_a_proxy_its_word_is_checked_as_well(database_url: str, tmp_path: Path) -> None:
    behind = create_app(settings_for(database_url, tmp_path, COURSEAPP_TRUSTED_PROXIES="1"))
    with behind.app_context():
        assert asked(behind, "10.0.0.5", **{"X-Forwarded-Host": "kurs.example.org"})[0] == 200
        assert asked(behind, "kurs.example.org", **{"X-Forwarded-Host": "evil.example.com"})[0] == 400


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_probes_may_ask_by_address(app: Flask, path: str) -> None:
    assert asked(app, "10.0.0.5:8000", path)[0] in {200, 503}


def test_more_names_are_a_setting_and_the_demo_answers_on_this_machine(database_url: str, tmp_path: Path) -> None:
    named = create_app(settings_for(database_url, tmp_path, COURSEAPP_MORE_HOSTS="intern.example.org, 10.0.0.5"))
    demo = create_app(settings_for(database_url, tmp_path, COURSEAPP_DEMO="1"))
    with named.app_context():
        answers = [asked(named, host)[0] for host in ("intern.example.org", "10.0.0.5:80", "127.0.0.1")]
    with demo.app_context():
        answers += [asked(demo, host)[0] for host in ("localhost:5000", "127.0.0.1:5000", "evil.example.com")]
    assert answers == [200, 200, 400, 200, 200, 400]
