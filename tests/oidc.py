"""A log-in provider of a municipality: a real server in a thread, on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

import requests
from flask import Flask
from oidc_provider_mock import User as Person
from oidc_provider_mock import run_server_in_thread
from werkzeug.test import TestResponse

from courseapp import oidc, oidc_client
from courseapp.oidc_settings import OidcProvider
from tests.pages import Visitor

BEGIN = "/kontor/logg-inn/via/oslo"
KARI = Person(sub="kari-hos-oslo", claims={"email": "Kari@Nord.example.org", "email_verified": True, "name": "Kari"})
ENTRA = Person(sub="entra", claims={"email": "kari@nord.example.org", "name": "Kari"})
UNVERIFIED = Person(sub="ikke-sjekket", claims={"email": "kari@nord.example.org", "email_verified": False})
STRANGER = Person(sub="fremmed", claims={"email": "fremmed@nord.example.org", "email_verified": True})
ELSEWHERE = Person(sub="annet-sted", claims={"email": "ola@annet.example.org", "email_verified": True})
PEOPLE = (KARI, ENTRA, UNVERIFIED, STRANGER, ELSEWHERE)


@dataclass
class Municipality:
    """The provider that runs, and how we are set up with it."""

    app: Flask
    provider: OidcProvider

    def set_up(self, **other: Any) -> None:
        """Set the application up with it, in another way than it really is where a test wants that."""
        self.app.extensions[oidc.EXTENSION] = oidc_client.Client((replace(self.provider, **other),))

    def asks(self, visitor: Visitor, *, begin: str = BEGIN) -> str:
        """The visitor presses the button; where she is sent."""
        return str(visitor.ask("GET", begin).headers["Location"])

    def sends_back(self, address: str, who: Person = KARI, **form: str) -> str:
        """She shows the provider who she is there; the path she comes back to."""
        told = {"sub": who.sub, **form}
        answer = requests.post(address, data=told, allow_redirects=False, timeout=10)
        assert answer.status_code == 302, answer.text
        back = urlsplit(answer.headers["Location"])
        assert back.netloc == "kurs.example.org"
        return f"{back.path}?{back.query}"

    def lets_in(self, visitor: Visitor, who: Person = KARI, *, begin: str = BEGIN) -> TestResponse:
        """The whole round trip; our answer at its end."""
        return visitor.ask("GET", self.sends_back(self.asks(visitor, begin=begin), who))


@contextmanager
def municipality(app: Flask) -> Iterator[Municipality]:
    """A provider that runs for as long as a test."""
    known = app.extensions[oidc.EXTENSION]
    with run_server_in_thread(require_nonce=True, user_claims=PEOPLE) as server:
        provider = OidcProvider(
            name="oslo",
            issuer=f"http://localhost:{server.server_port}",
            client_id="courseapp",
            client_secret="a secret of theirs",
            label="Oslo kommune",
            domains=frozenset({"nord.example.org"}),
        )
        running = Municipality(app, provider)
        running.set_up()
        yield running
    app.extensions[oidc.EXTENSION] = known
