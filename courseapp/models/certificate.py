"""The register of kursbevis. It outlives the registrations: what stood on the paper is kept here."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from courseapp.db import Base

STANDS = text("stands")


class CertificateSeries(Base):
    """The last number an office gave in a year. Whoever issues holds its row until the transaction ends: no gaps."""

    __tablename__ = "certificate_series"
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last_no: Mapped[int]


class Certificate(Base):
    """One kursbevis. `content` is what the paper says, days as ISO dates; `stands`: neither revoked nor replaced."""

    __tablename__ = "certificate"
    __table_args__ = (
        UniqueConstraint("office_id", "year", "serial"),
        UniqueConstraint("number"),
        CheckConstraint("minutes > 0", name="minutes_positive"),
        CheckConstraint("revoked_at IS NULL OR revoked_reason <> ''", name="revoked_with_reason"),
        CheckConstraint("NOT stands OR (revoked_at IS NULL AND replaced_by_id IS NULL)", name="stands"),
        Index("ix_certificate_counted", "event_id", "stands", "registration_id"),
        Index("uq_certificate_standing", "registration_id", unique=True, sqlite_where=STANDS, postgresql_where=STANDS),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    year: Mapped[int]
    serial: Mapped[int]
    number: Mapped[str]
    code: Mapped[str]
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id", ondelete="SET NULL"), index=True)
    registration_id: Mapped[int | None] = mapped_column(ForeignKey("registration.id", ondelete="SET NULL"), index=True)
    name: Mapped[str]
    hpr_number: Mapped[str] = mapped_column(default="")
    minutes: Mapped[int]
    content: Mapped[dict[str, Any]]
    stands: Mapped[bool] = mapped_column(default=True)
    issued_at: Mapped[datetime] = mapped_column(index=True)
    issued_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    revoked_at: Mapped[datetime | None]
    revoked_reason: Mapped[str] = mapped_column(default="")
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"))
