"""What was forgotten, and who asked to be."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from courseapp.db import Base, codes
from courseapp.domain.retention import Forgotten

IS_OPEN = text("settled_at IS NULL")


class RetentionAct(Base):
    """Something was forgotten: what, of which event, and how many rows or people. `user_id`: who asked for it.

    It holds no personal data, and stays. `user_id` is empty where the time had come.
    """

    __tablename__ = "retention_act"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    what: Mapped[Forgotten] = mapped_column(codes(Forgotten))
    office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"), index=True)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id", ondelete="SET NULL"), index=True)
    count: Mapped[int]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)


class ErasureRequest(Base):
    """The holder of a secret link asked to be forgotten. The office answers: it erases, or says why not.

    While it is open it stands on the office's page; one is enough, so there is at most one open for a registration.
    """

    __tablename__ = "erasure_request"
    __table_args__ = (
        Index(
            "uq_erasure_request_open", "registration_id", unique=True, sqlite_where=IS_OPEN, postgresql_where=IS_OPEN
        ),
        CheckConstraint("(settled_at IS NULL) = (user_id IS NULL)", name="settled_whole"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id", ondelete="CASCADE"))
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    asked_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    erased: Mapped[bool] = mapped_column(default=False)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
