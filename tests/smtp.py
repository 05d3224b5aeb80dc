"""A real SMTP server on loopback that keeps what it got, and can misbehave on request."""

from __future__ import annotations

import socket
from asyncio import WriteTransport
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP


@dataclass
class Received:
    """One message as it came over the wire."""

    sender: str
    receivers: list[str]
    content: bytes


@dataclass
class Office:
    """The server's memory and its moods: answers to give to RCPT and DATA, by address; how to treat QUIT."""

    received: list[Received] = field(default_factory=list)
    on_rcpt: dict[str, str] = field(default_factory=dict)
    on_data: dict[str, str] = field(default_factory=dict)
    drops_quit: bool = False
    port: int = 0

    async def handle_RCPT(self, _s: Any, _x: Any, envelope: Any, address: str, _o: Any) -> str:  # noqa: N802
        """Take or refuse a receiver, or hang up."""
        if self.on_rcpt.get(address) == "drop":
            cast("WriteTransport", _s.transport).abort()
            return "421 gone"
        if address in self.on_rcpt:
            return self.on_rcpt[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Keep the message, or answer as told."""
        for address in envelope.rcpt_tos:
            if address in self.on_data:
                return self.on_data[address]
        self.received.append(Received(envelope.mail_from, list(envelope.rcpt_tos), bytes(envelope.content)))
        return "250 OK"


class _Rude(SMTP):
    """Closes the line instead of answering QUIT."""

    async def smtp_QUIT(self, _arg: str) -> None:  # noqa: N802
        """Say nothing."""
        cast("WriteTransport", self.transport).abort()


class _Controller(Controller):
    def factory(self) -> SMTP:
        """The server for one connection."""
        kind = _Rude if self.handler.drops_quit else SMTP
        return kind(self.handler, **self.SMTP_kwargs)


@contextmanager
def server(**moods: Any) -> Iterator[Office]:
    """A server on a free port of 127.0.0.1."""
    office = Office(**moods, port=free_port())
    controller = _Controller(office, hostname="127.0.0.1", port=office.port, enable_SMTPUTF8=False)
    controller.start()
    try:
        yield office
    finally:
        controller.stop()


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def silent() -> Iterator[int]:
    """A port that takes the connection and never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(5)
        yield listener.getsockname()[1]
