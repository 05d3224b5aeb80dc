"""A list of people somebody uploaded: kept for a short while between reading it and importing it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from courseapp.db import Base


class PeopleUpload(Base):
    """The cells of one file, for one user and one event. Deleted when imported or dropped, and at `expires_at`.

    `columns` says which field each column is, empty where it is none; `roles` which role each text means; `mapped`
    that somebody has seen to both.
    """

    __tablename__ = "people_upload"
    __table_args__ = (CheckConstraint("expires_at > made_at", name="ends_later"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    headings: Mapped[list[str]]
    rows: Mapped[list[Any]] = mapped_column(JSON)
    columns: Mapped[list[str]]
    roles: Mapped[dict[str, Any]]
    mapped: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
