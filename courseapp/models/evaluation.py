"""What participants said afterwards. Nothing here leads to a person: no registration, no address, no time of day."""

from __future__ import annotations

from datetime import date

from sqlalchemy import JSON, Date, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from courseapp.db import Base


class EvaluationAnswer(Base):
    """One answer. `scores` are by session id, as text; `day` is all that is kept of when it came."""

    __tablename__ = "evaluation_answer"
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    day: Mapped[date] = mapped_column(Date)
    scores: Mapped[dict[str, int]] = mapped_column(JSON)
    good: Mapped[str]
    better: Mapped[str]
