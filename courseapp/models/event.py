"""Events, their sessions, approvals, partners and leaders."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, false, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courseapp.db import Base, codes
from courseapp.domain import modes
from courseapp.domain.attendance import HoursRule
from courseapp.domain.event import EventKind, EventStatus, FillMode, ReportTable, SeatRule, SignUpWindow
from courseapp.domain.modes import Mode
from courseapp.domain.waitlist import FillPlan
from courseapp.models.office import Office, fresh_stamp
from courseapp.models.person import CourseLeader, LeaderPair
from courseapp.models.series import EventSeries

REMEMBERED = text("people_forgotten_at IS NULL")
HELD_FOR = text("place_text != ''")


class Event(Base):
    """Something an office arranges, takes part in or only reports.

    `starts_at` and `ends_at` repeat the first and last session's, so that lists need one index. Activities that are
    only reported may lack them; their dates stand in `dates_text` and their year in `report_year`.

    `typed`: nobody could sign up for it here; the office typed it in, and may change or delete it.

    `leader_note` is for the course leaders' own pages; `self_check_in` lets people say themselves that they are there.

    `told` is what participants were last told about title, leaders and sessions; where it differs from what is, a
    change has not been told. `people_forgotten_at`: its people are anonymous from then on. `role_shares` holds {"role",
    "least", "most"}; `criteria` the ranking of applications, and `role_order` its roles, first to last. `refuses_rest`:
    applicants without a seat are refused and do not wait.

    `hybrid`: people choose between the room, which `capacity` bounds, and a video meeting, which `digital_capacity`
    bounds (no limit where it is empty). Each has a count and a line of its own; `role_shares` bound the room.
    `reported_digital`: how many of `reported_number` called in. `stamp` is another number whenever something changes
    that its public pages show, `facts_stamp` only when that is more than seats (`models/stamps.py`).
    """

    __tablename__ = "event"
    __table_args__ = (
        CheckConstraint("capacity IS NULL OR capacity > 0", name="capacity_positive"),
        CheckConstraint("digital_capacity IS NULL OR (hybrid AND digital_capacity > 0)", name="digital_capacity"),
        CheckConstraint("NOT hybrid OR kind <> 'veilederkurs'", name="may_be_hybrid"),
        CheckConstraint("reported_digital IS NULL OR reported_digital >= 0", name="reported_digital"),
        CheckConstraint("ends_at IS NULL OR ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("(starts_at IS NULL) = (ends_at IS NULL)", name="both_ends"),
        CheckConstraint("opens_at IS NULL OR closes_at IS NULL OR opens_at < closes_at", name="window"),
        CheckConstraint("status <> 'published' OR starts_at IS NOT NULL", name="published_has_sessions"),
        CheckConstraint("offer_hours BETWEEN 1 AND 336", name="offer_hours"),
        CheckConstraint("fill_stops_days BETWEEN 0 AND 365", name="fill_stops_days"),
        CheckConstraint("reported_number IS NULL OR reported_number >= 0", name="reported_number"),
        Index("ix_event_status_starts_at", "status", "starts_at"),
        Index("ix_event_status_ends_at", "status", "ends_at"),
        Index("ix_event_office_id_starts_at", "office_id", "starts_at"),
        Index("ix_event_reported", "report_year", "office_id", "status"),
        Index("ix_event_of_office", "office_id", "ends_at", "kind", "status"),
        Index("ix_event_news", "updated_at", "status", "kind"),
        Index("ix_event_shown", "ends_at", "status", "kind", "stamp"),
        Index(
            "ix_event_held_for", "office_id", "place_text", "typed", sqlite_where=HELD_FOR, postgresql_where=HELD_FOR
        ),
        Index("ix_event_remembered", "ends_at", sqlite_where=REMEMBERED, postgresql_where=REMEMBERED),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    slug: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[EventKind] = mapped_column(codes(EventKind))
    status: Mapped[EventStatus] = mapped_column(codes(EventStatus), default=EventStatus.DRAFT)
    title: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    target_group: Mapped[str] = mapped_column(default="")
    capacity: Mapped[int | None]
    hybrid: Mapped[bool] = mapped_column(default=False, server_default=false())
    digital_capacity: Mapped[int | None]
    seat_rule: Mapped[SeatRule] = mapped_column(codes(SeatRule), default=SeatRule.FIRST_COME)
    fill_mode: Mapped[FillMode] = mapped_column(codes(FillMode), default=FillMode.CONFIRM)
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    contact_name: Mapped[str] = mapped_column(default="")
    contact_email: Mapped[str] = mapped_column(default="")
    contact_phone: Mapped[str] = mapped_column(default="")
    cancelled_reason: Mapped[str] = mapped_column(default="")
    external_organizer: Mapped[str] = mapped_column(default="")
    last_line_no: Mapped[int] = mapped_column(default=0)
    offer_hours: Mapped[int] = mapped_column(default=48, server_default="48")
    fill_stops_days: Mapped[int] = mapped_column(default=0, server_default="0")
    role_shares: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list, server_default="[]")
    criteria: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    role_order: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    refuses_rest: Mapped[bool] = mapped_column(default=False, server_default=false())
    hours_rule: Mapped[HoursRule] = mapped_column(
        codes(HoursRule), default=HoursRule.ALL_SESSIONS, server_default=HoursRule.ALL_SESSIONS.value
    )
    self_check_in: Mapped[bool] = mapped_column(default=False, server_default=false())
    leaders_see_kitchen: Mapped[bool] = mapped_column(default=False, server_default=false())
    leader_note: Mapped[str] = mapped_column(default="", server_default="")
    decided_at: Mapped[datetime | None]
    told: Mapped[dict[str, Any] | None]
    report_table: Mapped[ReportTable] = mapped_column(codes(ReportTable), default=ReportTable.REGIONAL)
    report_year: Mapped[int | None]
    place_text: Mapped[str] = mapped_column(default="")
    dates_text: Mapped[str] = mapped_column(default="")
    topic: Mapped[str] = mapped_column(default="")
    reported_number: Mapped[int | None]
    reported_digital: Mapped[int | None]
    reported_approximate: Mapped[bool] = mapped_column(default=False)
    reported_text: Mapped[str] = mapped_column(default="")
    reported_roles: Mapped[str] = mapped_column(default="")
    comment: Mapped[str] = mapped_column(default="")
    typed: Mapped[bool] = mapped_column(default=False, server_default=false())
    series_id: Mapped[int | None] = mapped_column(ForeignKey("event_series.id"), index=True)
    thanks: Mapped[bool] = mapped_column(default=True, server_default=true())
    thanked_at: Mapped[datetime | None]
    people_forgotten_at: Mapped[datetime | None]
    stamp: Mapped[int] = mapped_column(BigInteger, default=fresh_stamp, server_default="0")
    facts_stamp: Mapped[int] = mapped_column(BigInteger, default=fresh_stamp, server_default="0")
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    office: Mapped[Office] = relationship()
    series: Mapped[EventSeries | None] = relationship()
    sessions: Mapped[list[EventSession]] = relationship(
        back_populates="event", order_by="EventSession.starts_at", cascade="all, delete-orphan"
    )
    approvals: Mapped[list[Approval]] = relationship(order_by="Approval.position", cascade="all, delete-orphan")
    partners: Mapped[list[Office]] = relationship(secondary="event_partner", order_by="Office.id")
    leaders: Mapped[list[EventLeader]] = relationship(order_by="EventLeader.position", cascade="all, delete-orphan")

    @property
    def window(self) -> SignUpWindow:
        """The facts that decide whether sign-up is open."""
        return SignUpWindow(
            kind=self.kind,
            status=self.status,
            opens_at=self.opens_at,
            closes_at=self.closes_at,
            starts_at=self.starts_at,
        )

    @property
    def takes_applications(self) -> bool:
        """Whether a sign-up is an application now; once they are decided, a free seat is for whoever comes first."""
        return self.seat_rule is SeatRule.APPLICATION and self.decided_at is None

    @property
    def rooms(self) -> tuple[Mode | None, ...]:
        """Its queues: two in a hybrid event, else one without a name."""
        return modes.rooms(hybrid=self.hybrid)

    def capacity_of(self, mode: Mode | None) -> int | None:
        """How many seats a room has, None without a limit."""
        return self.digital_capacity if mode is Mode.DIGITAL else self.capacity

    @property
    def fill_plan(self) -> FillPlan:
        """The facts that decide how seats that come free are given."""
        return FillPlan(
            status=self.status,
            seat_rule=self.seat_rule,
            mode=self.fill_mode,
            decided_at=self.decided_at,
            starts_at=self.starts_at,
            stops_days=self.fill_stops_days,
            offer_hours=self.offer_hours,
        )


class EventPartner(Base):
    """An office that shares a joint event with the responsible one."""

    __tablename__ = "event_partner"
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), primary_key=True, index=True)


class EventSession(Base):
    """One meeting of an event. `minutes`: course hours it gives; `revision` counts changes for calendar feeds."""

    __tablename__ = "session"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("minutes IS NULL OR minutes > 0", name="minutes_positive"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    place: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    video_url: Mapped[str] = mapped_column(default="")
    minutes: Mapped[int | None]
    cancelled: Mapped[bool] = mapped_column(default=False)
    revision: Mapped[int] = mapped_column(default=0)
    updated_at: Mapped[datetime]
    event: Mapped[Event] = relationship(back_populates="sessions")


class Approval(Base):
    """What an event counts as, and for how many minutes."""

    __tablename__ = "approval"
    __table_args__ = (CheckConstraint("minutes > 0", name="minutes_positive"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    position: Mapped[int]
    text: Mapped[str]
    minutes: Mapped[int]


class EventLeader(Base):
    """A course leader at an event; `pair_id` when she came as half of a pair. Takes no seat.

    `told_at` is when she was last told what she leads; None where nobody has told her yet.
    """

    __tablename__ = "event_leader"
    __table_args__ = (UniqueConstraint("event_id", "leader_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    leader_id: Mapped[int] = mapped_column(ForeignKey("course_leader.id"), index=True)
    pair_id: Mapped[int | None] = mapped_column(ForeignKey("leader_pair.id"))
    position: Mapped[int]
    told_at: Mapped[datetime | None]
    leader: Mapped[CourseLeader] = relationship()
    pair: Mapped[LeaderPair | None] = relationship()
