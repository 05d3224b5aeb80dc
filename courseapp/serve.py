"""`make run`: migrate, fill an empty demo, then run web server and worker together until TERM or Ctrl-C.

Each child gets a session of its own, so that a Ctrl-C in the terminal reaches it once, from here; gunicorn's threaded
worker can lock itself up when it is told twice.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import flask_migrate

from courseapp import clock, logs
from courseapp.app import create_app
from courseapp.config import ROOT, Settings, SettingsError
from courseapp.services import demo
from courseapp.worker import mail_folder

STOP_SECONDS = 35


def main() -> int:
    """Run until told to stop; the exit status is 0 for a clean stop."""
    try:
        settings = Settings.from_env()
    except SettingsError as wrong:
        sys.stderr.write(f"courseapp cannot start: {wrong}\n")
        return 2
    _prepare(settings)
    port = os.environ.get("PORT", "5000")
    _greet(settings, port)
    figures = _empty(settings.data_dir / "metrics")
    web, worker = web_command(settings, f"127.0.0.1:{port}"), ("python", "worker.py")
    children = [_start(*web, figures=figures), _start(*worker, figures=figures)]
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    while not stopping.wait(0.5):
        if any(child.poll() is not None for child in children):
            sys.stderr.write("A part has stopped by itself; stopping the rest.\n")
            break
    return _stop(children, asked=stopping.is_set())


def web_command(settings: Settings, bind: str) -> tuple[str, ...]:
    """The web server's command line, for gunicorn as the README advises."""
    return (
        "gunicorn",
        "--preload",
        "--no-control-socket",
        f"--workers={settings.web_workers}",
        "--worker-class=gthread",
        f"--threads={settings.web_threads}",
        "--graceful-timeout=30",
        "--keep-alive=5",
        "--log-level=warning",
        f"--bind={bind}",
        "wsgi:app",
    )


def _start(name: str, *arguments: str, figures: Path) -> subprocess.Popen[bytes]:
    program = Path(sys.executable).parent / name
    env = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(figures)}
    return subprocess.Popen([program, *arguments], cwd=ROOT, env=env, start_new_session=True)  # noqa: S603 - our own commands


def _empty(folder: Path) -> Path:
    """A folder in which all processes count together, without what an earlier run counted."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _stop(children: list[subprocess.Popen[bytes]], *, asked: bool) -> int:
    """TERM to both, time to finish what is in hand, then the end."""
    for child in children:
        if child.poll() is None:
            child.terminate()
    clean = asked
    for child in children:
        try:
            clean = child.wait(STOP_SECONDS) in {0, -signal.SIGTERM} and clean
        except subprocess.TimeoutExpired:
            child.kill()
            clean = False
    return 0 if clean else 1


def _prepare(settings: Settings) -> None:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    logs.configure(quiet=True)
    app = create_app(settings)
    with app.app_context():
        flask_migrate.upgrade()
        if settings.demo:
            demo.fill(clock.now())
    logs.configure()


def _greet(settings: Settings, port: str) -> None:
    lines = [f"\n  courseapp:  http://127.0.0.1:{port}/"]
    folder = mail_folder(settings)
    if folder is None:
        lines.append(f"  mail goes to {settings.mail.server}:{settings.mail.port}")
    else:
        lines.append(f"  mail is written to {folder}/" + (", and shown at /postkasse" if settings.demo else ""))
    if settings.demo:
        lines.append(f"  organizers: http://127.0.0.1:{port}/kontor/logg-inn")
        lines += [
            f"    {one.email:<28} {one.password:<24} {one.role}, {one.office or 'all offices'}"
            for one in demo.DEMO_LOG_INS
        ]
    sys.stdout.write("\n".join(lines) + "\n\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
