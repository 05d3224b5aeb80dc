"""A small IMAP4rev1 server on loopback: real sockets, real lines, and moods to go wrong in."""

from __future__ import annotations

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

USERNAME, PASSWORD = "svar@example.org", 'et "rart\\passord'


@dataclass
class Box:
    """A mailbox and how its server behaves.

    `hang_up_after`: a command («UID STORE 2») after whose work the line is cut, before the answer; `hang_up_at`: one
    that is cut before anything is done. Each cuts once. `sizes` are what the server claims where it is wrong.
    """

    mails: dict[int, bytes] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    sizes: dict[int, int] = field(default_factory=dict)
    folders: tuple[str, ...] = ("INBOX",)
    hang_up_at: str = ""
    hang_up_after: str = ""
    silent: threading.Event | None = None
    port: int = 0

    def fill(self, *mails: bytes) -> None:
        """Put mails in, numbered on."""
        for mail in mails:
            self.mails[max(self.mails, default=0) + 1] = mail


class _Line(socketserver.StreamRequestHandler):
    """One connection."""

    box: Box

    def handle(self) -> None:
        if self.box.silent is not None:
            self.box.silent.wait(30)
            return
        self.wfile.write(b"* OK klar\r\n")
        while line := self.rfile.readline(10_000):
            tag, _space, command = line.decode().strip().partition(" ")
            self.box.asked.append(re.sub(r"(LOGIN \S+) .*", r"\1", command))
            if self.box.hang_up_at and command.startswith(self.box.hang_up_at):
                self.box.hang_up_at = ""
                return
            done = self.answer(command)
            if self.box.hang_up_after and command.startswith(self.box.hang_up_after):
                self.box.hang_up_after = ""
                return
            self.wfile.write(f"{tag} {done}\r\n".encode())
            if command == "LOGOUT":
                return

    def answer(self, command: str) -> str:
        box = self.box
        if command == "CAPABILITY":
            self.wfile.write(b"* CAPABILITY IMAP4rev1\r\n")
        elif command.startswith("LOGIN "):
            escaped = PASSWORD.replace("\\", "\\\\").replace('"', '\\"')
            if command != f'LOGIN {USERNAME} "{escaped}"':
                return "NO [AUTHENTICATIONFAILED] feil passord"
        elif command.startswith("SELECT "):
            if command[7:].strip('"') not in box.folders:
                return "NO ingen slik mappe"
            self.wfile.write(f"* {len(box.mails)} EXISTS\r\n".encode())
        elif command == "UID SEARCH UNSEEN":
            found = " ".join(str(uid) for uid in sorted(set(box.mails) - box.seen, reverse=True))
            self.wfile.write(f"* SEARCH {found}\r\n".encode())
        elif command.startswith("UID FETCH "):
            self.fetch(*command.split(maxsplit=3)[2:])
        elif command.startswith("UID STORE "):
            box.seen.add(int(command.split()[2]))
        elif command == "LOGOUT":
            self.wfile.write(b"* BYE\r\n")
        else:
            return "BAD ukjent"
        return "OK ferdig"

    def fetch(self, number: str, what: str) -> None:
        uid = int(number)
        mail = self.box.mails.get(uid)
        if mail is None:
            return
        if what == "(RFC822.SIZE)":
            size = self.box.sizes.get(uid, len(mail))
            self.wfile.write(f"* {uid} FETCH (UID {uid} RFC822.SIZE {size})\r\n".encode())
            return
        (most,) = map(int, re.findall(r"^\(BODY\.PEEK\[\]<0\.(\d+)>\)$", what))
        part = mail[:most]
        self.wfile.write(f"* {uid} FETCH (UID {uid} BODY[]<0> {{{len(part)}}}\r\n".encode() + part + b")\r\n")


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away is no news."""


@contextmanager
def serving(box: Box) -> Iterator[Box]:
    """The mailbox, served until the end of the block."""
    with _Server(("127.0.0.1", 0), type("Line", (_Line,), {"box": box})) as server:
        box.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield box
        finally:
            if box.silent is not None:
                box.silent.set()
            server.shutdown()
            thread.join()
