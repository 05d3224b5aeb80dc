"""The files of deploy/ as the programs they are for read them: systemd, and an nginx that really stands in front."""

from __future__ import annotations

import re
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPSConnection
from pathlib import Path
from threading import Event as Signal
from urllib.parse import urlencode

import pytest
from flask import Flask

from courseapp.config import ROOT, Settings
from tests.keys import key_of
from tests.letters import all_letters
from tests.load.servers import BIN, FORM, web
from tests.making import make_event
from tests.need import need
from tests.smtp import free_port

pytestmark = pytest.mark.load
DEPLOY = ROOT / "deploy"
UNITS = sorted(one.name for one in DEPLOY.glob("courseapp-*.*"))
NAME = "kurs.example.org"


def test_there_are_units_for_all_that_runs() -> None:
    stems = {one.rpartition(".")[0] for one in UNITS}
    assert stems == {f"courseapp-{name}" for name in ("web", "worker", "backup", "replies")}


def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    need(shutil.which("systemd-analyze"), "systemd-analyze")
    for name in UNITS:
        text = (DEPLOY / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(text.replace("/opt/courseapp/.venv/bin", str(BIN)), encoding="utf-8")
    said = subprocess.run(
        ["systemd-analyze", "verify", *(str(tmp_path / name) for name in UNITS)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    ours = [line for line in said.stderr.splitlines() if "courseapp" in line]
    assert (said.returncode, ours) == (0, [])


def test_systemd_would_say_what_is_wrong(tmp_path: Path) -> None:
    need(shutil.which("systemd-analyze"), "systemd-analyze")
    (tmp_path / "courseapp-bad.service").write_text(
        "[Service]\nExecStart=/bin/true\nRestart=perhaps\n", encoding="utf-8"
    )
    said = subprocess.run(
        ["systemd-analyze", "verify", str(tmp_path / "courseapp-bad.service")],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "courseapp-bad.service:3: Failed to parse" in said.stderr


@contextmanager
def nginx(folder: Path, backend: int) -> Iterator[int]:
    """The site of deploy/ on ports of its own, with a certificate made for the occasion."""
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    need(Path(program).exists(), "nginx")
    need(shutil.which("openssl"), "openssl")
    _certificate(folder)
    plain, secure = free_port(), free_port()
    site = (DEPLOY / "nginx-courseapp.conf").read_text(encoding="utf-8")
    for was, is_now in (
        (r"listen \[::\]:.*;", ""),
        (r"listen 80;", f"listen 127.0.0.1:{plain};"),
        (r"listen 443 ssl http2;", f"listen 127.0.0.1:{secure} ssl http2;"),
        (r"127\.0\.0\.1:8000", f"127.0.0.1:{backend}"),
        (r"/etc/ssl/courseapp", str(folder)),
        (r"/var/log/nginx", str(folder)),
    ):
        site, found = re.subn(was, is_now, site)
        assert found, was
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}} http {{ {temporary} {site} }}",
        encoding="utf-8",
    )
    command = [program, "-p", str(folder), "-c", str(folder / "nginx.conf")]
    tried = subprocess.run([*command, "-t"], capture_output=True, text=True, timeout=30, check=False)
    assert tried.returncode == 0, tried.stderr
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        _wait_for(secure)
        yield secure
    finally:
        process.terminate()
        process.wait(20)


def _certificate(folder: Path) -> None:
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", f"/CN={NAME}"),
            *("-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem")),
        ],
        check=True,
        capture_output=True,
        timeout=60,
    )


def _wait_for(port: int) -> None:
    waited = Signal()
    for _ in range(400):
        try:
            if _ask(port, "GET", "/healthz")[0] == 200:
                return
        except OSError:
            waited.wait(0.05)
    raise AssertionError("nginx did not answer")


def _ask(port: int, method: str, path: str, body: str | None = None, **headers: str) -> tuple[int, dict[str, str], str]:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # made a moment ago, by us
    with closing(HTTPSConnection("127.0.0.1", port, timeout=30, context=context)) as line:
        line.request(method, path, body, {"Host": NAME, **headers})
        answer = line.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read().decode()


@pytest.mark.timeout(180)
def test_a_sign_up_goes_through_nginx_and_no_secret_into_its_log(
    app: Flask, settings: Settings, tmp_path: Path
) -> None:
    event = make_event()
    more = {"COURSEAPP_BASE_URL": f"https://{NAME}", "COURSEAPP_TRUSTED_PROXIES": "1"}
    with web(settings, **more) as server, nginx(tmp_path, server.port) as port:
        path = f"/arrangementer/{event.slug}/pamelding"
        _status, headers, page = _ask(port, "GET", path)
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        assert token is not None
        cookie = headers["set-cookie"]
        assert cookie.startswith("__Host-courseapp=")
        assert "Secure" in cookie
        form = {**FORM, "csrf_token": token[1], "first_name": "Kåre", "email": "kare1@lege.example.org"}
        status, headers, _body = _ask(
            port,
            "POST",
            path,
            urlencode(form),
            Cookie=cookie.partition(";")[0],
            **{"Content-Type": "application/x-www-form-urlencoded", "Referer": f"https://{NAME}{path}"},
        )
        assert (status, headers["location"].startswith("/arrangementer/")) == (303, True)
        assert headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
        key = key_of("kare1@lege.example.org")
        assert _ask(port, "GET", f"/min/{key}")[0] == 200
        assert _ask(port, "GET", "/metrics")[0] == 404
    log = (tmp_path / "courseapp.log").read_text(encoding="utf-8")
    assert (key in log, "/min/-" in log, "kare1" in log) == (False, True, False)
    assert len(all_letters()) == 3


def test_what_the_example_sets_starts(tmp_path: Path) -> None:
    lines = (DEPLOY / "courseapp.env.example").read_text(encoding="utf-8").splitlines()
    told = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    found = Settings.from_env({**told, "COURSEAPP_DATA_DIR": str(tmp_path)})
    assert (found.trusted_proxies, found.demo, found.mail.server) == (1, False, "smtp.example.org")


def test_the_units_and_the_site_agree_about_the_address() -> None:
    socket = (DEPLOY / "courseapp-web.socket").read_text(encoding="utf-8")
    site = (DEPLOY / "nginx-courseapp.conf").read_text(encoding="utf-8")
    assert re.findall(r"ListenStream=(.*)", socket) == re.findall(r"server (127\.0\.0\.1:\d+);", site)
