"""Real servers and many clients, on loopback, bounded in count and time."""

from __future__ import annotations

import gzip
import http.client
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier
from urllib.parse import urlencode

from courseapp.config import ROOT, Settings
from courseapp.serve import web_command
from tests.smtp import free_port

BIN = Path(os.environ.get("SERVERS_BIN") or Path(sys.executable).parent).absolute()
"""Where the programs of the servers are; `make bench` gives them an environment of their own."""
FORM = {
    "last_name": "Ødegård",
    "mobile": "912 34 567",
    "primary_role": "alis",
    "supervises": "lis1",
    "reason": "supervisor",
    "workplace": "Havna legekontor",
    "municipality": "Bodø",
    "website": "",
}


def environment(settings: Settings, **more: str) -> dict[str, str]:
    """The settings as a child process reads them."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("COURSEAPP_")},
        "COURSEAPP_DATABASE_URL": settings.database_url,
        "COURSEAPP_DATA_DIR": str(settings.data_dir),
        "COURSEAPP_SECRET_KEY": settings.secret_keys[0],
        "COURSEAPP_BASE_URL": settings.base_url,
        "COURSEAPP_SIGN_UP_LIMIT_PER_IP": "off",
        "COURSEAPP_MORE_HOSTS": "127.0.0.1",
        **more,
    }


@dataclass
class Server:
    """A running gunicorn."""

    port: int
    process: subprocess.Popen[bytes]

    def kill(self) -> None:
        """End all its processes at once, as a power cut would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)


@contextmanager
def web(settings: Settings, *, app: str = "wsgi:app", **more: str) -> Iterator[Server]:
    """Gunicorn with 2 workers of 4 threads, answering."""
    port = free_port()
    name, *arguments = web_command(settings, f"127.0.0.1:{port}")
    command = [str(BIN / name), *(argument for argument in arguments if argument != "wsgi:app"), app]
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment(settings, **more), start_new_session=True, stdout=subprocess.DEVNULL
    )
    try:
        wait_for(port, process)
        yield Server(port, process)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(10)


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(1200):
        assert process.poll() is None, "the web server stopped by itself"
        try:
            with closing(Client(port)) as client:
                if client.get("/healthz")[0] == 200:
                    return
        except OSError:
            time.sleep(0.05)  # polling a process that is starting; bounded
    raise AssertionError("the web server did not answer in a minute")


class Client:
    """A browser without a screen: one connection, cookies kept; `sizes` of the answers' bodies as they came."""

    def __init__(self, port: int) -> None:
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies: dict[str, str] = {}
        self.sizes: list[int] = []

    def close(self) -> None:
        """Hang up."""
        self.line.close()

    def get(self, path: str) -> tuple[int, str]:
        """Status and body."""
        return self._ask("GET", path, None)

    def post(self, path: str, fields: Mapping[str, str]) -> tuple[int, str]:
        """Status and body; for a redirect, where it leads."""
        return self._ask("POST", path, urlencode(fields))

    def _ask(self, method: str, path: str, body: str | None) -> tuple[int, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Cookie": cookies, "Accept-Encoding": "gzip"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.line.request(method, path, body, headers)
        answer = self.line.getresponse()
        sent = answer.read()
        self.sizes.append(len(sent))
        text = (gzip.decompress(sent) if answer.headers["Content-Encoding"] == "gzip" else sent).decode()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, answer.headers["Location"] or text

    def weigh(self, path: str) -> tuple[int, int]:
        """Status and size of a page as it is sent, compressed."""
        self.line.request("GET", path, headers={"Accept-Encoding": "gzip"})
        answer = self.line.getresponse()
        return answer.status, len(answer.read())

    def token(self, path: str) -> str:
        """The token of the form on a page."""
        status, page = self.get(path)
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        assert found is not None, f"no form at {path}: {status}"
        return found.group(1)


def rush(
    port: int,
    slug: str,
    people: int,
    *,
    at_once: int | None = None,
    more: Callable[[int], Mapping[str, str]] | None = None,
    sending: Callable[[], None] | None = None,
) -> list[int]:
    """So many people open the form, and send it at the same moment; every answer's status. `more`: what each adds.

    `sending` is called once, when all are ready.
    """
    clients = at_once or people
    ready = Barrier(clients, action=sending)
    path = f"/arrangementer/{slug}/pamelding"

    def one(first: int) -> list[int]:
        with closing(Client(port)) as client:
            token = client.token(path)
            client.close()  # the server drops idle lines after a few seconds
            ready.wait(60)
            told = {**FORM, "csrf_token": token, "first_name": "Kåre"}
            numbers = range(first, people, clients)
            forms = (
                {**told, "email": f"kare{number}@lege.example.org", **(more(number) if more else {})}
                for number in numbers
            )
            return [client.post(path, form)[0] for form in forms]

    with ThreadPoolExecutor(clients) as pool:
        return [status for answers in pool.map(one, range(clients)) for status in answers]
