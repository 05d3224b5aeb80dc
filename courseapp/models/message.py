"""What offices write: messages to participants with their files, and standard texts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courseapp.db import Base

OF_EVENT = text("event_id IS NOT NULL")
OF_OFFICE = text("event_id IS NULL")


class Message(Base):
    """A message to people of one event: a draft until `sent_at`, read-only from then on.

    `choice` says who is meant; `people` and `leaders` are how many it was sent to. `revision` counts savings, so that
    of two organizers the second is told. `token` is the form it came from: a form sent twice is one draft.
    """

    __tablename__ = "message"
    __table_args__ = (
        CheckConstraint("(sent_at IS NULL) = (people IS NULL)", name="sent_to_somebody"),
        CheckConstraint("(sent_at IS NULL) = (leaders IS NULL)", name="sent_to_leaders"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"), index=True)
    token: Mapped[str] = mapped_column(unique=True)
    subject: Mapped[str]
    body: Mapped[str]
    choice: Mapped[dict[str, Any]]
    revision: Mapped[int] = mapped_column(default=1)
    people: Mapped[int | None]
    leaders: Mapped[int | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    files: Mapped[list[MessageFile]] = relationship(
        order_by="MessageFile.id", cascade="all, delete-orphan", passive_deletes=True
    )


class MessageFile(Base):
    """One file that goes along with a message, kept once for all its letters. `size` is in bytes."""

    __tablename__ = "message_file"
    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    content_type: Mapped[str]
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary)


class StandardTextRow(Base):
    """An office's own standard text, or with `event_id` one event's. `code` is that of what it stands in for."""

    __tablename__ = "standard_text"
    __table_args__ = (
        UniqueConstraint("office_id", "event_id", "code"),
        Index(
            "uq_standard_text_office",
            "office_id",
            "code",
            unique=True,
            sqlite_where=OF_OFFICE,
            postgresql_where=OF_OFFICE,
        ),
        Index("ix_standard_text_event_id", "event_id", sqlite_where=OF_EVENT, postgresql_where=OF_EVENT),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    code: Mapped[str]
    name: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    updated_at: Mapped[datetime]
