"""The six offices and the districts some of them serve."""

from __future__ import annotations

import secrets

from sqlalchemy import BigInteger, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courseapp.db import Base


def fresh_stamp() -> int:
    """A stamp nobody has had: 40 bits by chance, so that those of a million rows can be added up in 63."""
    return secrets.randbits(40)


class Office(Base):
    """One rådgivingskontor; its host municipality answers for the data of its events.

    `stamp` is another number whenever something of it changes (`models/stamps.py`).
    """

    __tablename__ = "office"
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    short_name: Mapped[str]
    host: Mapped[str]
    email: Mapped[str]
    phone: Mapped[str]
    address: Mapped[str]
    stamp: Mapped[int] = mapped_column(BigInteger, default=fresh_stamp, server_default="0")
    districts: Mapped[list[District]] = relationship(order_by="District.position", back_populates="office")


class District(Base):
    """A county an office covers, or in Oslo a bydel or etat."""

    __tablename__ = "district"
    __table_args__ = (UniqueConstraint("office_id", "name"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    name: Mapped[str]
    position: Mapped[int]
    office: Mapped[Office] = relationship(back_populates="districts")
