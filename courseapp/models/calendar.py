"""What calendars were told: the columns that every entry has, and the entries of course leaders."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from courseapp.db import Base
from courseapp.models.event import EventSession


class ToldEntry(Base):
    """What one person's calendar was last told about one session (RFC 5546): UID, SEQUENCE, method, content."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id"), index=True)
    generation: Mapped[int] = mapped_column(default=1)
    uid: Mapped[str] = mapped_column(unique=True)
    sequence: Mapped[int] = mapped_column(default=0)
    method: Mapped[str]
    stamp: Mapped[datetime]
    attendee: Mapped[str] = mapped_column(default="", server_default="")
    summary: Mapped[str]
    location: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    organizer_name: Mapped[str]
    organizer_email: Mapped[str]

    @declared_attr
    def session(cls) -> Mapped[EventSession]:  # noqa: N805 - SQLAlchemy calls it with the class
        """The session it is about."""
        return relationship()


class LeaderEntry(ToldEntry):
    """What a course leader's calendar was last told about a session she holds."""

    __tablename__ = "leader_entry"
    __table_args__ = (
        UniqueConstraint("leader_id", "session_id", "generation"),
        CheckConstraint("method IN ('REQUEST', 'CANCEL')", name="method"),
    )
    leader_id: Mapped[int] = mapped_column(ForeignKey("course_leader.id"))
