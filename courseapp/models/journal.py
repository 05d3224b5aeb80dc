"""What was sent and what was done: the outbox, the audit trail, the worker's pulse, and counts of tries."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courseapp.db import Base, codes
from courseapp.models.message import Message
from courseapp.sealing import SealedText


class MailState(StrEnum):
    """Where a letter is on its way. Superseded: a newer letter for the same calendar entry made it pointless."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    SUPERSEDED = "superseded"


IS_FAILED = text("state = 'failed'")
IS_DUE = text("state IN ('queued', 'sending')")
OF_NO_PERSON = text("registration_id IS NULL")
OF_MESSAGE = text("office_message_id IS NOT NULL")


class OutboxEmail(Base):
    """One letter to one person, put here in the same transaction as the act it tells about.

    Its bodies hold the reader's secret link, so they are sealed: a stolen database opens no one's page.
    `office_message_id` is the message it carries, whose files go along; it has nothing to do with the Message-ID.
    """

    __tablename__ = "outbox_email"
    __table_args__ = (
        Index("ix_outbox_email_due", "id", "not_before", sqlite_where=IS_DUE, postgresql_where=IS_DUE),
        Index("ix_outbox_email_uid_sequence", "uid", "sequence"),
        Index("ix_outbox_email_registration_id_state", "registration_id", "state"),
        Index(
            "ix_outbox_email_failed",
            "event_id",
            "registration_id",
            sqlite_where=IS_FAILED,
            postgresql_where=IS_FAILED,
        ),
        Index(
            "ix_outbox_email_office_message_id",
            "office_message_id",
            sqlite_where=OF_MESSAGE,
            postgresql_where=OF_MESSAGE,
        ),
        CheckConstraint("(uid IS NULL) = (method IS NULL)", name="calendar_whole"),
        CheckConstraint("method IS NULL OR method IN ('REQUEST', 'CANCEL')", name="method"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"), index=True)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"), index=True)
    registration_id: Mapped[int | None] = mapped_column(ForeignKey("registration.id"))
    office_message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"))
    occasion: Mapped[str]
    sender_name: Mapped[str]
    sender_email: Mapped[str]
    reply_name: Mapped[str] = mapped_column(default="")
    reply_email: Mapped[str] = mapped_column(default="")
    to_name: Mapped[str]
    to_email: Mapped[str]
    subject: Mapped[str]
    text: Mapped[str] = mapped_column(SealedText)
    html: Mapped[str] = mapped_column(SealedText)
    ics: Mapped[str | None] = mapped_column(SealedText)
    method: Mapped[str | None]
    uid: Mapped[str | None]
    sequence: Mapped[int | None]
    message_id: Mapped[str] = mapped_column(unique=True)
    references: Mapped[str] = mapped_column(default="")
    state: Mapped[MailState] = mapped_column(codes(MailState), default=MailState.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime]
    lease: Mapped[str] = mapped_column(default="")
    error: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    office_message: Mapped[Message | None] = relationship()


class AuditEntry(Base):
    """Who did what, when. `actor` is «public», «system» or «user»; details hold codes and numbers, no names."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        CheckConstraint("actor IN ('public', 'system', 'user')", name="actor"),
        Index("ix_audit_entry_event_id_verb", "event_id", "verb"),
        Index(
            "ix_audit_entry_of_event",
            "event_id",
            "id",
            sqlite_where=OF_NO_PERSON,
            postgresql_where=OF_NO_PERSON,
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"), index=True)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"))
    registration_id: Mapped[int | None] = mapped_column(ForeignKey("registration.id"), index=True)
    verb: Mapped[str]
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)


class WorkerPulse(Base):
    """When the worker last went round its loop."""

    __tablename__ = "worker_pulse"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class LinkRequest(Base):
    """Somebody asked for the links of an address. The worker looks it up, so asking takes the same time for all."""

    __tablename__ = "link_request"
    id: Mapped[int] = mapped_column(primary_key=True)
    email_key: Mapped[str]
    asked_at: Mapped[datetime]


class TryCount(Base):
    """How often a bounded act was tried in one window of time. `subject` is a keyed hash, never an address."""

    __tablename__ = "try_count"
    bucket: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    window_start: Mapped[datetime] = mapped_column(primary_key=True)
    count: Mapped[int]
