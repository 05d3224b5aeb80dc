"""For those who run the service: alive, ready, headers, logs without people in them."""

import json
import logging
import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from courseapp import logs
from courseapp.db import transaction
from courseapp.mail import outbox, postman
from courseapp.models.journal import WorkerPulse
from courseapp.services import registrations
from courseapp.web import assets
from tests.conftest import NOW, Clock
from tests.journeys.test_doctor import FORM
from tests.keys import key_of
from tests.making import make_event, wish
from tests.pages import Visitor


def ready(app: Flask) -> tuple[int, dict[str, str]]:
    answer = Visitor(app).ask("GET", "/readyz")
    return answer.status_code, answer.get_json()["checks"]


def test_the_process_lives(app: Flask) -> None:
    answer = Visitor(app).ask("GET", "/healthz")
    assert (answer.status_code, answer.get_json()) == (200, {"status": "ok"})


def test_without_a_worker_the_service_is_not_ready(app: Flask) -> None:
    status, checks = ready(app)
    assert (status, checks["database"], checks["migrations"], checks["worker"][:13]) == (
        503,
        "ok",
        "ok",
        "has never run",
    )


def test_with_a_worker_at_work_it_is_ready(app: Flask, tmp_path: Any, time: Clock) -> None:
    postman.deliver_due(tmp_path, time)
    assert ready(app) == (200, {"database": "ok", "migrations": "ok", "worker": "ok", "outbox": "ok"})


def test_a_silent_worker_is_noticed_after_two_minutes(app: Flask, tmp_path: Any, time: Clock) -> None:
    postman.deliver_due(tmp_path, time)
    time.pass_by(minutes=2, seconds=1)
    assert ready(app)[1]["worker"] == f"silent since {NOW.isoformat()}"


def test_a_letter_that_waits_too_long_is_noticed(app: Flask, time: Clock) -> None:
    registrations.sign_up(wish(make_event()))
    time.pass_by(minutes=15, seconds=1)
    with transaction() as tx:
        outbox.beat(tx, time())
    assert ready(app)[1]["outbox"] == f"a letter has been due since {NOW.isoformat()}"


def test_an_old_database_is_noticed(app: Flask) -> None:
    with transaction() as tx:
        tx.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    assert ready(app)[1]["migrations"].startswith("at 0000, not 0")


def test_a_database_out_of_reach_is_said_without_its_secrets(app: Flask) -> None:
    with transaction() as tx:
        tx.connection().exec_driver_sql("DROP TABLE alembic_version")
        tx.connection().exec_driver_sql("DROP TABLE worker_pulse")
    status, checks = ready(app)
    assert (status, set(checks)) == (503, {"database"})


def test_the_pulse_is_one_row(app: Flask, tmp_path: Any, time: Clock) -> None:
    for _ in range(3):
        postman.deliver_due(tmp_path, time)
    with transaction() as tx:
        assert tx.query(WorkerPulse).count() == 1


PAGES = ["/", "/personvern", "/finn", "/kontor/logg-inn", "/finnes-ikke"]


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_carries_the_headers_that_keep_it_safe(app: Flask, path: str) -> None:
    headers = Visitor(app).ask("GET", path).headers
    policy = headers["Content-Security-Policy"]
    assert ("unsafe" in policy, "default-src 'none'" in policy, "frame-ancestors 'none'" in policy) == (
        False,
        True,
        True,
    )
    assert (headers["X-Content-Type-Options"], headers["X-Frame-Options"]) == ("nosniff", "DENY")
    assert len(headers["X-Request-ID"]) == 16


def test_a_secret_page_is_kept_nowhere_and_tells_nobody_its_address(app: Flask) -> None:
    registrations.sign_up(wish(make_event()))
    key = key_of("kare1@lege.example.org")
    for path in (f"/min/{key}", f"/min/{key}/endre", f"/min/{key}x"):
        headers = Visitor(app).ask("GET", path).headers
        kept = [headers[name] for name in ("Cache-Control", "Referrer-Policy", "X-Robots-Tag")]
        assert kept == ["no-store", "no-referrer", "noindex, nofollow"]


def test_no_cookie_is_set_where_none_is_needed(app: Flask) -> None:
    event = make_event()
    set_by = {
        path: "Set-Cookie" in Visitor(app).ask("GET", path).headers
        for path in ("/", f"/arrangementer/{event.slug}", "/personvern")
    }
    assert set(set_by.values()) == {False}
    cookie = Visitor(app).ask("GET", f"/arrangementer/{event.slug}/pamelding").headers["Set-Cookie"]
    assert ("HttpOnly" in cookie, "SameSite=Lax" in cookie) == (True, True)


def test_the_log_names_nobody(app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    before = logging.getLogger().handlers[:]
    logs.configure()
    try:
        event = make_event()
        Visitor(app).post(f"/arrangementer/{event.slug}/pamelding", FORM)
        Visitor(app).get(f"/min/{key_of('ase@lege.example.org')}?hemmelig=1")
        Visitor(app).post("/finn", {"email": FORM["email"]}, expect=200)
    finally:
        logging.getLogger().handlers[:] = before
    out = capsys.readouterr().out
    lines = [json.loads(line) for line in out.splitlines() if line.startswith("{")]
    requests = [line for line in lines if line["event"] == "request"]
    assert len(requests) >= 5
    assert all(len(line["request_id"]) == 16 for line in requests)
    words = (
        "ase@",
        "Ødegård",
        "\\u00d8deg",
        "/min/",
        "hemmelig",
        "nøtter",
        "n\\u00f8tter",
        "912 34",
        "91234567",
        event.slug,
    )
    assert [word for word in words if word in out] == []


def test_pages_are_sent_compressed_to_those_who_can_read_it(app: Flask) -> None:
    plain = Visitor(app).ask("GET", "/personvern")
    packed = Visitor(app).ask("GET", "/personvern", headers={"Accept-Encoding": "gzip"})
    refused = Visitor(app).ask("GET", "/personvern", headers={"Accept-Encoding": "gzip;q=0"})
    assert [one.headers.get("Content-Encoding") for one in (plain, packed, refused)] == [None, "gzip", None]
    assert len(packed.data) < len(plain.data) / 2


def test_a_static_file_is_kept_for_ever_under_its_own_version(app: Flask) -> None:
    page = Visitor(app).get("/personvern")
    sheets = [one.get("href") or "" for one in page.all("link", rel="stylesheet")]
    assert len(sheets) == 2
    for sheet in sheets:
        answer = Visitor(app).ask("GET", sheet)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "public, max-age=31536000, immutable")
        again = Visitor(app).ask("GET", sheet, headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304


def test_what_every_page_needs_of_style_is_one_file_of_all_its_parts(app: Flask) -> None:
    parts = [(assets.FOLDER / part).read_text(encoding="utf-8") for part in assets.SHEETS["css/site.css"]]
    assert Visitor(app).ask("GET", "/static/css/site.css").get_data(as_text=True) == "\n".join(parts)
    vendored = "".join(parts[:2])  # what they point at would be looked for in another folder
    assert (re.findall(r"url\(['\"]?(?!['\"]?data:)[^)]*", vendored), "@import" in "".join(parts)) == ([], False)


@pytest.mark.parametrize(
    "path", ["../config.py", "..%2fconfig.py", "css/../../wsgi.py", "%2e%2e/wsgi.py", "x", "css", "css/%00"]
)
def test_nothing_outside_the_static_folder_is_served(app: Flask, path: str) -> None:
    assert Visitor(app).ask("GET", f"/static/{path}").status_code == 404


def test_too_large_a_body_is_refused_with_a_page(app: Flask) -> None:
    event = make_event()
    path = f"/arrangementer/{event.slug}/pamelding"
    answer = Visitor(app).ask("POST", path, data={**FORM, "note": "x" * 300_000})
    assert answer.status_code == 413
    assert "Det du sendte er for stort" in answer.get_data(as_text=True)


def test_an_unexpected_fault_is_a_page_without_its_inside(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("hemmelig detalj")

    monkeypatch.setattr("courseapp.queries.events.upcoming", broken)
    answer = Visitor(app).ask("GET", "/")
    page = answer.get_data(as_text=True)
    assert (answer.status_code, "Noe gikk galt hos oss" in page, "hemmelig detalj" in page) == (500, True, False)


def test_time_is_set_for_tests(time: Clock) -> None:
    time.pass_by(hours=1)
    assert time() == NOW + timedelta(hours=1)
