"""What is held in memory: no process loads what it will not use, for that is held as long as it lives."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from courseapp.config import ROOT, Settings
from tests.conftest import settings_for
from tests.load.servers import BIN, environment

PAGES = ("courseapp.app", "courseapp.web", "courseapp.cli", "courseapp.oidc", "flask_wtf", "wtforms", "gunicorn")
COMMANDS = ("alembic", "flask_migrate", "mako")
PAPER = ("typst", "xlsxwriter", "openpyxl", "docx", "segno", "lxml")
PROVIDERS = ("courseapp.oidc_client", "authlib", "joserfc", "requests", "cryptography.x509")
LOADED = "import sys, {door}; print(*sys.modules, sep='\\n')"


def loaded(door: str, settings: Settings, **more: str) -> set[str]:
    """What a process holds when that door is open, each package with those it lies in."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED.format(door=door)],
        cwd=ROOT,
        env=environment(settings, **more),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return set(done.stdout.split())


@pytest.fixture
def lite(tmp_path: Path) -> Settings:
    """Settings with SQLite."""
    return settings_for(f"sqlite:///{tmp_path}/courseapp.db", tmp_path)


def test_the_worker_holds_no_pages_and_no_paper(lite: Settings) -> None:
    held = loaded("worker", lite)
    unwanted = {*PAGES, *COMMANDS, *PAPER, *PROVIDERS}
    assert ({"courseapp.mail.postman", "courseapp.services.retention"} <= held, held & unwanted) == (True, set())


def test_web_processes_hold_no_paper_and_no_providers(lite: Settings) -> None:
    held = loaded("wsgi", lite)
    light = {"typst", "xlsxwriter", "openpyxl", "docx", *PROVIDERS}
    assert ("courseapp.web.doors" in held, held & light) == (True, set())


def test_a_provider_in_the_settings_is_loaded_before_the_processes_part(lite: Settings) -> None:
    told = {
        "COURSEAPP_OIDC_PROVIDERS": "oslo",
        "COURSEAPP_OIDC_OSLO_ISSUER": "https://inn.oslo.example.org",
        "COURSEAPP_OIDC_OSLO_CLIENT_ID": "kurs",
        "COURSEAPP_OIDC_OSLO_CLIENT_SECRET": "hemmelig",
        "COURSEAPP_OIDC_OSLO_LABEL": "Oslo kommune",
        "COURSEAPP_OIDC_OSLO_DOMAINS": "oslo.example.org",
    }
    assert {"courseapp.oidc_client", "authlib", "joserfc"} <= loaded("wsgi", lite, **told)


def test_the_command_becomes_the_worker(lite: Settings, tmp_path: Path) -> None:
    """Whatever folder it is typed in, with the same process number, which services and scripts hold on to."""
    process = subprocess.Popen(
        [BIN / "flask", "--app", str(ROOT / "wsgi.py"), "worker"],
        cwd=tmp_path,
        env=environment(lite),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert "worker_started" in process.stdout.readline()
        words = Path(f"/proc/{process.pid}/cmdline").read_text(encoding="utf-8").split("\0")
        assert words[1:2] == [str(ROOT / "worker.py")]
    finally:
        process.terminate()
        process.communicate(timeout=30)
    assert process.returncode == 0
