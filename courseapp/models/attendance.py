"""Who was at which session, which taps have been heard, and hours that were granted by hand."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from courseapp.db import Base, codes
from courseapp.domain.attendance import AttendanceState


class Attendance(Base):
    """One person at one session. `user_id` or `leader_id` says who marked it; neither: the person herself.

    `previous_*` is what stood here before, for undoing: a state's code, None for nothing. `batch` names the act that
    marked everybody at once, while what it wrote still stands.
    """

    __tablename__ = "attendance"
    __table_args__ = (
        CheckConstraint("(state = 'partly') = (minutes IS NOT NULL)", name="partly_has_minutes"),
        CheckConstraint("minutes IS NULL OR minutes > 0", name="minutes_positive"),
        CheckConstraint("user_id IS NULL OR leader_id IS NULL", name="one_marker"),
        Index("ix_attendance_session_id", "session_id"),
    )
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id", ondelete="CASCADE"), primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"), primary_key=True)
    state: Mapped[AttendanceState] = mapped_column(codes(AttendanceState))
    minutes: Mapped[int | None]
    previous_state: Mapped[str | None]
    previous_minutes: Mapped[int | None]
    batch: Mapped[str] = mapped_column(default="", server_default="")
    marked_at: Mapped[datetime]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    leader_id: Mapped[int | None] = mapped_column(ForeignKey("course_leader.id"), index=True)


class AttendanceTap(Base):
    """A tap that has been heard: one that comes again over a bad line must not undo what came in between."""

    __tablename__ = "attendance_tap"
    token: Mapped[str] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(index=True)


class HoursGrant(Base):
    """Hours that an organizer gave by hand, and why."""

    __tablename__ = "hours_grant"
    __table_args__ = (
        CheckConstraint("minutes > 0", name="minutes_positive"),
        CheckConstraint("length(note) > 0", name="has_note"),
    )
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id", ondelete="CASCADE"), primary_key=True)
    minutes: Mapped[int]
    note: Mapped[str]
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    at: Mapped[datetime]
