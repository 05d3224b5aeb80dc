"""Practice groups of an event, and who is in which."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courseapp.db import Base


class PracticeGroup(Base):
    """One group. `led_by_all`: all the event's leaders lead it; else `leader_id`, or nobody yet.

    A leader who leaves the event leaves the group with it: the database sees to that.
    """

    __tablename__ = "practice_group"
    __table_args__ = (
        UniqueConstraint("event_id", "number"),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("NOT led_by_all OR leader_id IS NULL", name="one_way_led"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    number: Mapped[int]
    name: Mapped[str] = mapped_column(default="")
    led_by_all: Mapped[bool]
    leader_id: Mapped[int | None] = mapped_column(ForeignKey("event_leader.id", ondelete="SET NULL"), index=True)
    members: Mapped[list[GroupMember]] = relationship(
        order_by="GroupMember.registration_id", cascade="all, delete-orphan"
    )


class GroupMember(Base):
    """A registration's group, at most one. It counts only while the registration has its seat.

    A seat that is lost never comes back to the same registration, so a row that has stopped counting stays so.
    """

    __tablename__ = "group_member"
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id", ondelete="CASCADE"), primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("practice_group.id", ondelete="CASCADE"), index=True)
