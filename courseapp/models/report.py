"""What an office wrote over in its yearly report, what it calls the columns, and what two offices both wrote down."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from courseapp.db import Base, codes
from courseapp.domain.report_heads import ReportColumn


class ReportOverride(Base):
    """One cell of one office's report that says something else than what was counted, and why."""

    __tablename__ = "report_override"
    __table_args__ = (
        UniqueConstraint("office_id", "event_id", "field"),
        CheckConstraint("length(reason) > 0", name="has_reason"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    field: Mapped[ReportColumn] = mapped_column(codes(ReportColumn))
    value: Mapped[str]
    reason: Mapped[str]
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    at: Mapped[datetime]


class ReportHeads(Base):
    """What one office calls its columns: {table: {column: heading}}; only what differs from the built-in ones."""

    __tablename__ = "report_heads"
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), primary_key=True)
    heads: Mapped[dict[str, Any]]
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    at: Mapped[datetime]


class SameActivity(Base):
    """What an office typed in is the same as what another kept: it is set aside, and stands in no report or figure.

    `joined`: the office became a partner of what was kept by this, and is none any more when it is undone.
    """

    __tablename__ = "same_activity"
    __table_args__ = (CheckConstraint("event_id <> kept_id", name="another"),)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), primary_key=True)
    kept_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    joined: Mapped[bool] = mapped_column(default=False, server_default=false())
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    at: Mapped[datetime]
