"""Users of the organizers' door and what they belong to."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courseapp.db import Base, codes
from courseapp.domain.access import UserRole
from courseapp.models.office import Office


class User(Base):
    """Somebody who logs in. Without a password hash she has not chosen a password (yet): nothing matches."""

    __tablename__ = "user_account"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_lower"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    last_log_in_at: Mapped[datetime | None]
    memberships: Mapped[list[Membership]] = relationship(cascade="all, delete-orphan")


class Membership(Base):
    """A user's role at one office, or, without an office, in the whole country (reader and administrator only)."""

    __tablename__ = "membership"
    __table_args__ = (
        CheckConstraint("office_id IS NOT NULL OR role <> 'organizer'", name="national_role"),
        Index("uq_membership_office", "user_id", "office_id", unique=True),
        Index(
            "uq_membership_national",
            "user_id",
            unique=True,
            sqlite_where=text("office_id IS NULL"),
            postgresql_where=text("office_id IS NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"), index=True)
    role: Mapped[UserRole] = mapped_column(codes(UserRole))
    office: Mapped[Office | None] = relationship()
