"""The mailbox that calendar answers come to, read over IMAP; the only importer of imaplib."""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from courseapp.config import ImapSettings

TIMEOUT = 20
"""Seconds that the server may be silent."""

_SIZE = re.compile(rb"RFC822\.SIZE (\d{1,18})")


class MailboxError(Exception):
    """The mailbox cannot be read now; the sentence says why, and never holds the password."""


class Mailbox:
    """An open folder of a mailbox."""

    def __init__(self, connection: imaplib.IMAP4) -> None:
        self._connection = connection

    def unread(self) -> list[str]:
        """The UIDs of the mails nobody has read, oldest first."""
        found = _answer(self._connection.uid("SEARCH", "UNSEEN"), "SEARCH")
        first = found[0] if found and isinstance(found[0], bytes) else b""
        return sorted((one.decode("ascii") for one in first.split() if one.isdigit()), key=int)

    def mail(self, uid: str, most: int) -> bytes | None:
        """A mail as it came, without marking it; None where it is longer than `most` bytes, or gone."""
        sizes = [
            int(found[1])
            for part in _answer(self._connection.uid("FETCH", uid, "(RFC822.SIZE)"), "FETCH")
            if isinstance(part, bytes) and (found := _SIZE.search(part))
        ]
        if not sizes or sizes[0] > most:
            return None
        # The part that is asked for is bounded as well, should the server's count be wrong.
        parts = _answer(self._connection.uid("FETCH", uid, f"(BODY.PEEK[]<0.{most + 1}>)"), "FETCH")
        return next((part[1] for part in parts if isinstance(part, tuple)), None)

    def mark(self, uid: str) -> None:
        """Note on the server that a mail has been read."""
        _answer(self._connection.uid("STORE", uid, "+FLAGS.SILENT", r"(\Seen)"), "STORE")


@contextmanager
def opened(settings: ImapSettings, timeout: float = TIMEOUT) -> Iterator[Mailbox]:
    """Log in, open the folder, and log out at the end. Raises MailboxError for all that goes wrong on the way."""
    where = f"{settings.host}:{settings.port}"
    try:
        connection = _connected(settings, timeout)
    except (OSError, imaplib.IMAP4.error) as problem:
        raise MailboxError(f"Får ikke kontakt med {where}: {_words(problem)}") from problem
    try:
        try:
            connection.login(settings.username, settings.password)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as problem:
            raise MailboxError(f"{where} godtar ikke brukernavn og passord.") from problem
        _answer(connection.select(_quoted(settings.folder)), f"SELECT {settings.folder}")
        yield Mailbox(connection)
    except (OSError, imaplib.IMAP4.error) as problem:
        raise MailboxError(f"Forbindelsen til {where} ble brutt: {_words(problem)}") from problem
    finally:
        with suppress(OSError, imaplib.IMAP4.error):
            connection.logout()
        with suppress(OSError):  # a log-out that fails leaves the line open
            connection.shutdown()


def _connected(settings: ImapSettings, timeout: float) -> imaplib.IMAP4:
    if settings.use_ssl:
        context = ssl.create_default_context()
        return imaplib.IMAP4_SSL(settings.host, settings.port, ssl_context=context, timeout=timeout)
    return imaplib.IMAP4(settings.host, settings.port, timeout=timeout)


def _answer(reply: tuple[str, Sequence[object]], asked: str) -> list[object]:
    """What the server told, or MailboxError where it said no."""
    state, told = reply
    if state != "OK":
        raise MailboxError(f"Postkassen svarte nei på {asked}.")
    return list(told)


def _quoted(folder: str) -> str:
    escaped = folder.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _words(problem: Exception) -> str:
    """The reason on one line, without what the server may have added."""
    return " ".join(str(problem).split())[:200] or type(problem).__name__
