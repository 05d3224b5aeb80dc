"""A real SMTP server on loopback that keeps what it got, and can misbehave on request."""

from __future__ import annotations

import asyncio
import socket
from asyncio import WriteTransport
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BufferedRWPair
from threading import Thread
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
    """The server's memory and its moods: answers to give to RCPT and DATA, by address; how to treat QUIT.

    What is for an address in `holds` is taken, but the answer does not come before the address is taken out.
    """

    received: list[Received] = field(default_factory=list)
    on_rcpt: dict[str, str] = field(default_factory=dict)
    on_data: dict[str, str] = field(default_factory=dict)
    holds: set[str] = field(default_factory=set)
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
        while self.holds.intersection(envelope.rcpt_tos):
            await asyncio.sleep(0.01)
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
def server(*, port: int = 0, **moods: Any) -> Iterator[Office]:
    """A server on a free port of 127.0.0.1, or on one that was free a moment ago."""
    office = Office(**moods, port=port or free_port())
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
def silent(port: int = 0) -> Iterator[int]:
    """A port that takes the connection and never says a word."""
    with socket.create_server(("127.0.0.1", port), backlog=5) as listener:
        yield listener.getsockname()[1]


@contextmanager
def breaking_off(port: int) -> Iterator[list[bytes]]:
    """A server that hangs up in the middle of every message; gives what it had read of each."""
    read: list[bytes] = []
    with socket.create_server(("127.0.0.1", port), backlog=5) as listener:

        def serve() -> None:
            while True:
                try:
                    line, _from = listener.accept()
                except OSError:
                    return  # it is over
                with line, line.makefile("rwb") as talk:
                    read.append(_half_a_message(talk))

        worker = Thread(target=serve, daemon=True)
        worker.start()
        try:
            yield read
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            worker.join(10)


def _half_a_message(talk: BufferedRWPair) -> bytes:
    said = b"220 here\r\n"
    while True:
        talk.write(said)
        talk.flush()
        heard = talk.readline().upper()
        if heard.startswith(b"DATA"):
            talk.write(b"354 go on\r\n")
            talk.flush()
            return talk.read(200)
        if not heard or heard.startswith(b"QUIT"):
            return b""
        said = b"250 fine\r\n"
