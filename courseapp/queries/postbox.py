"""The demo's open letter box: every letter there is, newest first. Not reachable outside demo mode."""

from __future__ import annotations

from sqlalchemy import select

from courseapp.db import db
from courseapp.mail import mime, outbox_rows
from courseapp.models.journal import OutboxEmail

MOST = 100


def letters() -> list[OutboxEmail]:
    """The newest letters."""
    return list(db.session.scalars(select(OutboxEmail).order_by(OutboxEmail.id.desc()).limit(MOST)))


def letter(letter_id: int) -> OutboxEmail | None:
    """One of them."""
    return db.session.get(OutboxEmail, letter_id)


def wire(row: OutboxEmail) -> bytes:
    """The bytes that go, or went, on the wire."""
    return mime.wire_bytes(outbox_rows.as_letter(row))
