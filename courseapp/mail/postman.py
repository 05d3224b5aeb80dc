"""Delivers the outbox over SMTP, or as files where no server is set. The only importer of flask_mail.

One recipient per message; success is what the server said to the message itself, never how the connection ended, so a
broken QUIT after an accepted letter sends nothing twice. A 5xx answer fails the letter, anything else gives it back.
"""

from __future__ import annotations

import smtplib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

import structlog
from flask_mail import Mail, Message
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from courseapp import clock, metrics
from courseapp.db import is_trouble, transaction
from courseapp.mail import mime, outbox, outbox_rows
from courseapp.models.journal import OutboxEmail

log = structlog.get_logger(__name__)
mail = Mail()
Send = Callable[[OutboxEmail], None]
AFTER_NO_CONNECTION = timedelta(minutes=1)
CLOSING = 421
"""The server's word that it hangs up (RFC 5321 4.2.3)."""

PAUSE_SECONDS = 0.5


class _Ready(Message):
    """A message whose bytes are already decided; Flask-Mail keeps configuration, connection and signal."""

    def __init__(self, row: OutboxEmail) -> None:
        super().__init__(recipients=[row.to_email], sender=row.sender_email)
        self._bytes = mime.wire_bytes(outbox_rows.as_letter(row))

    def as_bytes(self) -> bytes:
        """What goes on the wire, and went before if this is a second try."""
        return self._bytes

    def has_bad_headers(self) -> bool:
        """`mime` has refused or cleaned every header."""
        return False


def deliver_due(folder: Path | None, now: Callable[[], datetime], limit: int = 20) -> int:
    """Send one batch of due letters and return how many were taken up; `folder` receives .eml files instead of SMTP."""
    with transaction() as tx:
        rows = outbox.claim_due(tx, now(), limit)
    if not rows:
        return 0
    opened = _smtp() if folder is None else _files(folder)
    try:
        with opened as send:
            _deliver(rows, send, now)
    except (OSError, smtplib.SMTPException) as problem:
        # No connection, or none any more. What is still ours was not tried: it costs no letter one of its tries.
        log.warning("mail_connection_failed", problem=type(problem).__name__)
        _release(rows, now() + AFTER_NO_CONNECTION)
    return len(rows)


class _Line(StrEnum):
    """How the connection is after a letter."""

    WELL = "well"
    REFUSED = "refused"
    BROKEN = "broken"


def _deliver(rows: list[OutboxEmail], send: Send, now: Callable[[], datetime]) -> None:
    held_up: set[int | None] = set()
    line = _Line.WELL
    stop_at = now() + outbox.LEASE / 2  # a slow server must not keep rows past their lease
    for row in rows:
        if line is _Line.BROKEN or row.registration_id in held_up or now() > stop_at:
            _release([row], now())
            continue
        line = _try(row, send, now)
        if line is not _Line.WELL:
            held_up |= {row.registration_id} - {None}


def _try(row: OutboxEmail, send: Send, now: Callable[[], datetime]) -> _Line:
    """Send one letter and write down what came of it. A letter that breaks the line alone uses up a try."""
    try:
        send(row)
    except (smtplib.SMTPServerDisconnected, TimeoutError, ConnectionError) as broken:
        metrics.letter_done("later")
        reason = _reason(broken)
        _settle(lambda tx: outbox.give_back(tx, row.id, row.lease, now(), reason))
        return _Line.BROKEN
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as refusal:
        _refused(row, refusal, now)
        return _Line.BROKEN if _answer(refusal)[0] == CLOSING else _Line.REFUSED
    except (ValueError, UnicodeError) as broken:
        log.error("mail_unsendable", outbox_id=row.id, problem=type(broken).__name__)  # noqa: TRY400 - its text has names
        metrics.letter_done("refused")
        reason = f"kan ikke sendes: {type(broken).__name__}"
        _settle(lambda tx: outbox.mark_failed(tx, row.id, row.lease, reason))
        return _Line.WELL
    metrics.letter_done("sent")
    _settle(lambda tx: outbox.mark_sent(tx, row.id, row.lease, now()))
    return _Line.WELL


def _settle(write: Callable[[Session], None]) -> None:
    """Write down what came of a letter. A database that is away just now is waited for as long as the lease is sure.

    Whoever gave up at once would have to send again what the server has taken.
    """
    give_up = clock.steady() + outbox.LEASE.total_seconds() / 2
    while True:
        try:
            with transaction() as tx:
                write(tx)
        except SQLAlchemyError as problem:
            if not is_trouble(problem) or clock.steady() > give_up:
                raise
            log.warning("mail_outcome_waits", problem=type(problem).__name__)
            time.sleep(PAUSE_SECONDS)
        else:
            return


def _refused(row: OutboxEmail, refusal: Exception, now: Callable[[], datetime]) -> None:
    code, words = _answer(refusal)
    log.warning("mail_refused", outbox_id=row.id, code=code)
    final = 500 <= code < 600
    metrics.letter_done("refused" if final else "later")
    if final:
        _settle(lambda tx: outbox.mark_failed(tx, row.id, row.lease, f"{code} {words}"))
    else:
        _settle(lambda tx: outbox.give_back(tx, row.id, row.lease, now(), f"{code} {words}"))


def _answer(refusal: Exception) -> tuple[int, str]:
    """The server's code and words."""
    if isinstance(refusal, smtplib.SMTPRecipientsRefused):
        code, raw = next(iter(refusal.recipients.values()))
        return code, raw.decode("utf-8", "replace")
    if isinstance(refusal, smtplib.SMTPResponseException):
        said = refusal.smtp_error
        return refusal.smtp_code, said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return 0, type(refusal).__name__


def _reason(problem: Exception) -> str:
    code, words = _answer(problem)
    return f"{code} {words}" if code else f"ingen forbindelse: {words}"


def _release(rows: list[OutboxEmail], not_before: datetime) -> None:
    """Rows already marked are no longer under this lease, so only what was not settled goes back."""
    for row in rows:
        _settle(lambda tx, row=row: outbox.release(tx, row.id, row.lease, not_before))  # type: ignore[misc]


@contextmanager
def _smtp() -> Iterator[Send]:
    """One connection for the batch. How it closes says nothing about what was delivered."""
    connection = mail.connect()
    connection.__enter__()
    try:
        yield lambda row: connection.send(_Ready(row))
    finally:
        try:
            if connection.host is not None:
                connection.host.quit()
        except (OSError, smtplib.SMTPException) as problem:
            log.info("mail_connection_closed_badly", problem=type(problem).__name__)


@contextmanager
def _files(folder: Path) -> Iterator[Send]:
    folder.mkdir(parents=True, exist_ok=True)

    def write(row: OutboxEmail) -> None:
        unfinished = folder / f".{row.id}.part"
        unfinished.write_bytes(mime.wire_bytes(outbox_rows.as_letter(row)))
        unfinished.replace(folder / f"{row.id:06d}-{row.occasion}.eml")

    yield write
