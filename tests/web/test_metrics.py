"""Figures for those who run the service: told on the machine only, without anything about a person."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from flask import Flask
from prometheus_client.parser import text_string_to_metric_families

from courseapp.services import registrations
from tests.conftest import Clock
from tests.letters import deliver
from tests.making import make_event, wish
from tests.pages import Visitor

Figures = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def told(app: Flask) -> Figures:
    answer = Visitor(app).ask("GET", "/metrics")
    assert (answer.status_code, answer.mimetype) == (200, "text/plain")
    families = text_string_to_metric_families(answer.get_data(as_text=True))
    return {(one.name, tuple(sorted(one.labels.items()))): one.value for family in families for one in family.samples}


def requests(found: Figures, **labels: str) -> float:
    return found.get(("courseapp_request_seconds_count", tuple(sorted(labels.items()))), 0.0)


def test_requests_are_counted_by_door_and_status(app: Flask) -> None:
    before = told(app)
    visitor = Visitor(app)
    for path in ("/", "/", "/finnes/ikke"):
        visitor.ask("GET", path)
    visitor.ask("BREW", "/")
    after = told(app)
    counted = [
        requests(after, **labels) - requests(before, **labels)
        for labels in (
            {"door": "public", "method": "GET", "status": "200"},
            {"door": "none", "method": "GET", "status": "404"},
            {"door": "none", "method": "other", "status": "405"},
        )
    ]
    assert counted == [2, 1, 1]


def test_letters_are_counted_and_the_oldest_has_an_age(app: Flask, time: Clock, tmp_path: Path) -> None:
    sent = ("courseapp_letters_total", (("result", "sent"),))
    registrations.sign_up(wish(make_event()))
    time.pass_by(minutes=20)
    before = told(app)
    assert before["courseapp_letters_queued", ()] == 3
    assert before["courseapp_oldest_letter_seconds", ()] == timedelta(minutes=20).total_seconds()
    assert before["courseapp_worker_silent_seconds", ()] == -1
    deliver(tmp_path, time)
    after = told(app)
    assert after[sent] - before.get(sent, 0) == 3
    assert (after["courseapp_letters_queued", ()], after["courseapp_oldest_letter_seconds", ()]) == (0, 0)
    assert after["courseapp_worker_silent_seconds", ()] == 0


def test_nobody_from_outside_is_told(app: Flask) -> None:
    for address in ("192.0.2.7", "2001:db8::1", "10.0.0.8"):
        assert Visitor(app).ask("GET", "/metrics", environ_overrides={"REMOTE_ADDR": address}).status_code == 404


def test_nothing_about_a_person_or_a_secret_stands_there(app: Flask) -> None:
    registrations.sign_up(wish(make_event(slug="kurs")))
    visitor = Visitor(app)
    visitor.ask("GET", "/min/hemmelig-lenke")
    visitor.ask("GET", "/arrangementer/kurs?email=kare1@lege.example.org")
    page = visitor.ask("GET", "/metrics").get_data(as_text=True)
    assert [word for word in ("hemmelig", 'kurs"', "kare1", "example.org") if word in page] == []
