"""Events and activities that belong together."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courseapp.db import Base, codes
from courseapp.domain.series import Counted
from courseapp.models.office import Office


class EventSeries(Base):
    """The same thing again and again at one office, and how its yearly report counts it."""

    __tablename__ = "event_series"
    __table_args__ = (CheckConstraint("length(title) > 0", name="has_title"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    title: Mapped[str]
    counted: Mapped[Counted] = mapped_column(codes(Counted))
    created_at: Mapped[datetime]
    office: Mapped[Office] = relationship()
