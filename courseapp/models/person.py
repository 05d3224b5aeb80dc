"""Course leaders and the pairs they work in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courseapp.db import Base, codes
from courseapp.domain.language import Language


class CourseLeader(Base):
    """A kursholder in an office's register; after `retired_at` she is no longer chosen, and her history stays.

    Rows with the same address, in any letters, are one person in the registers of several offices. `link_serial` is the
    number of her newest secret link, which works while `link_sent_at` is set.
    """

    __tablename__ = "course_leader"
    __table_args__ = (UniqueConstraint("office_id", "email"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    name: Mapped[str]
    email: Mapped[str]
    workplace: Mapped[str] = mapped_column(default="")
    mobile: Mapped[str] = mapped_column(default="", server_default="")
    language: Mapped[Language] = mapped_column(codes(Language), default=Language.BOKMAL, server_default="nb")
    retired_at: Mapped[datetime | None]
    link_serial: Mapped[int] = mapped_column(default=0, server_default="0")
    link_sent_at: Mapped[datetime | None]


class LeaderPair(Base):
    """Two leaders who hold courses together. The lower id stands first, so a pair exists once.

    After `dissolved_at` it is no longer chosen; what it has held stays.
    """

    __tablename__ = "leader_pair"
    __table_args__ = (
        CheckConstraint("first_id < second_id", name="ordered"),
        UniqueConstraint("first_id", "second_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    first_id: Mapped[int] = mapped_column(ForeignKey("course_leader.id"))
    second_id: Mapped[int] = mapped_column(ForeignKey("course_leader.id"), index=True)
    dissolved_at: Mapped[datetime | None]
    first: Mapped[CourseLeader] = relationship(foreign_keys=[first_id])
    second: Mapped[CourseLeader] = relationship(foreign_keys=[second_id])
