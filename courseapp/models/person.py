"""Course leaders and the pairs they work in."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courseapp.db import Base


class CourseLeader(Base):
    """A kursholder in an office's register."""

    __tablename__ = "course_leader"
    __table_args__ = (UniqueConstraint("office_id", "email"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    name: Mapped[str]
    email: Mapped[str]
    workplace: Mapped[str] = mapped_column(default="")


class LeaderPair(Base):
    """Two leaders who hold courses together. The lower id stands first, so a pair exists once."""

    __tablename__ = "leader_pair"
    __table_args__ = (
        CheckConstraint("first_id < second_id", name="ordered"),
        UniqueConstraint("first_id", "second_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    first_id: Mapped[int] = mapped_column(ForeignKey("course_leader.id"))
    second_id: Mapped[int] = mapped_column(ForeignKey("course_leader.id"), index=True)
    first: Mapped[CourseLeader] = relationship(foreign_keys=[first_id])
    second: Mapped[CourseLeader] = relationship(foreign_keys=[second_id])
