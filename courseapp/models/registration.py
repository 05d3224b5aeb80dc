"""Registrations, what came with them, and what their holder's calendar was told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courseapp.db import Base, codes
from courseapp.domain.language import Language
from courseapp.domain.modes import Mode
from courseapp.domain.ranking import Outcome
from courseapp.domain.registration import ACTIVE, Reason, Role, Source, Status
from courseapp.models.calendar import ToldEntry
from courseapp.models.event import Event

IS_ACTIVE = text(f"status IN ({', '.join(sorted(repr(str(status)) for status in ACTIVE))})")

IS_OFFERED = text("status = 'offered'")
IS_SEATED = text("status IN ('offered', 'registered')")

HAS_MODE = text("mode IS NOT NULL")
IS_MOVING = text("moves_from_id IS NOT NULL")
PLACE_STANDS = text("place IS NOT NULL AND undone_at IS NULL")
OUTCOME_STANDS = text("outcome IS NOT NULL AND undone_at IS NULL")


BYTEWISE = String().with_variant(String(collation="C"), "postgresql")
"""Compared byte by byte on both databases, as a key of sorting is made for, whatever the locale of the server."""


class Registration(Base):
    """One person's place, or hoped-for place, at one event.

    `email_key` is the normalised address (lower case); the address itself is never rewritten, because the calendar's
    ATTENDEE must be the address as given. `line_no` orders the line, `sort_key` names in Norwegian order.
    `link_serial` revokes secret links. `moves_from_id` is the registration she asked to leave for this one: it is kept
    until a seat here is hers, and the link ends with that. After `anonymised_at` nothing here leads to a person:
    status, roles and attendance are what is left. `alias` is what her address will be called then, where she was at an
    earlier meeting of the same series that is forgotten already: a series may count different people.
    `mode` is the room of a hybrid event, and empty elsewhere.
    """

    __tablename__ = "registration"
    __table_args__ = (
        Index(
            "uq_registration_active",
            "event_id",
            "email_key",
            unique=True,
            sqlite_where=IS_ACTIVE,
            postgresql_where=IS_ACTIVE,
        ),
        Index("ix_registration_event_id_status_line_no", "event_id", "status", "line_no"),
        Index(
            "ix_registration_offer_expires_at", "offer_expires_at", sqlite_where=IS_OFFERED, postgresql_where=IS_OFFERED
        ),
        Index(
            "ix_registration_event_id_mode_status",
            *("event_id", "mode", "status"),
            sqlite_where=HAS_MODE,
            postgresql_where=HAS_MODE,
        ),
        Index("ix_registration_event_id_status_at", "event_id", "status_at"),
        Index("ix_registration_event_id_sort_key", "event_id", "sort_key"),
        Index(
            "ix_registration_seated",
            *("event_id", "primary_role", "sort_key", "id"),
            sqlite_where=IS_SEATED,
            postgresql_where=IS_SEATED,
        ),
        Index("ix_registration_counted", "event_id", "status", "primary_role", "municipality"),
        Index("ix_registration_moves_from_id", "moves_from_id", sqlite_where=IS_MOVING, postgresql_where=IS_MOVING),
        CheckConstraint("status <> 'waitlisted' OR line_no IS NOT NULL", name="waiting_has_place"),
        CheckConstraint("status <> 'offered' OR offer_expires_at IS NOT NULL", name="offer_ends"),
        CheckConstraint("length(first_name) > 0 AND length(last_name) > 0", name="named"),
        CheckConstraint("email_key = lower(email_key) AND length(email_key) > 0", name="email_key"),
        CheckConstraint("hpr_number = '' OR length(hpr_number) BETWEEN 1 AND 9", name="hpr_number"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    status: Mapped[Status] = mapped_column(codes(Status))
    line_no: Mapped[int | None]
    mode: Mapped[Mode | None] = mapped_column(codes(Mode))
    first_name: Mapped[str]
    last_name: Mapped[str]
    sort_key: Mapped[str] = mapped_column(BYTEWISE)
    email: Mapped[str]
    email_key: Mapped[str] = mapped_column(index=True)
    mobile: Mapped[str] = mapped_column(default="")
    primary_role: Mapped[Role] = mapped_column(codes(Role))
    workplace: Mapped[str] = mapped_column(default="")
    municipality: Mapped[str] = mapped_column(default="")
    district: Mapped[str] = mapped_column(default="")
    hpr_number: Mapped[str] = mapped_column(default="")
    supervises: Mapped[list[str]] = mapped_column(default=list)
    reason: Mapped[Reason | None] = mapped_column(codes(Reason))
    note: Mapped[str] = mapped_column(default="")
    language: Mapped[Language] = mapped_column(codes(Language), default=Language.BOKMAL, server_default="nb")
    source: Mapped[Source] = mapped_column(codes(Source), default=Source.PUBLIC)
    link_serial: Mapped[int] = mapped_column(default=1)
    confirmation_id: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    status_at: Mapped[datetime]
    offer_expires_at: Mapped[datetime | None]
    offer_reminded_at: Mapped[datetime | None]
    moves_from_id: Mapped[int | None] = mapped_column(ForeignKey("registration.id"))
    anonymised_at: Mapped[datetime | None]
    alias: Mapped[str] = mapped_column(default="", server_default="")
    updated_at: Mapped[datetime]
    event: Mapped[Event] = relationship()
    other_roles: Mapped[list[RegistrationRole]] = relationship(
        order_by="RegistrationRole.position", cascade="all, delete-orphan"
    )
    dietary: Mapped[DietaryNeed | None] = relationship(cascade="all, delete-orphan")

    @property
    def full_name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}"


class RegistrationRole(Base):
    """A role besides the primary one."""

    __tablename__ = "registration_role"
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), primary_key=True)
    role: Mapped[Role] = mapped_column(codes(Role), primary_key=True)
    position: Mapped[int]


class ApplicationAdjustment(Base):
    """An organizer put an applicant at a place in the ranking, or said what she gets. Undone ones are kept."""

    __tablename__ = "application_adjustment"
    __table_args__ = (
        Index(
            "uq_application_adjustment_place",
            "registration_id",
            unique=True,
            sqlite_where=PLACE_STANDS,
            postgresql_where=PLACE_STANDS,
        ),
        Index(
            "uq_application_adjustment_outcome",
            "registration_id",
            unique=True,
            sqlite_where=OUTCOME_STANDS,
            postgresql_where=OUTCOME_STANDS,
        ),
        CheckConstraint("(place IS NULL) <> (outcome IS NULL)", name="one_thing"),
        CheckConstraint("place IS NULL OR place > 0", name="place_positive"),
        CheckConstraint("length(reason) > 0", name="has_reason"),
        CheckConstraint("(undone_at IS NULL) = (undone_by_id IS NULL)", name="undone_whole"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), index=True)
    place: Mapped[int | None]
    outcome: Mapped[Outcome | None] = mapped_column(codes(Outcome))
    reason: Mapped[str]
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    at: Mapped[datetime]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    undone_at: Mapped[datetime | None]


class DietaryNeed(Base):
    """Health data of its own kind: kept only with consent, never in a letter or calendar file, erased soon after."""

    __tablename__ = "dietary_need"
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), primary_key=True)
    needs: Mapped[str]
    consented_at: Mapped[datetime]
    consent_version: Mapped[str]


class CalendarEntry(ToldEntry):
    """What one registrant's calendar was last told about one session."""

    __tablename__ = "calendar_entry"
    __table_args__ = (
        UniqueConstraint("registration_id", "session_id", "generation"),
        CheckConstraint("method IN ('REQUEST', 'CANCEL')", name="method"),
    )
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"))


class Reminder(Base):
    """A reminder that was put, so that none is put twice; a session that moves may be reminded of anew."""

    __tablename__ = "reminder"
    __table_args__ = (UniqueConstraint("registration_id", "session_id", "kind", "starts_at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"))
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id"), index=True)
    kind: Mapped[str]
    starts_at: Mapped[datetime]
    put_at: Mapped[datetime]


class CalendarReply(Base):
    """What somebody pressed in a calendar (RFC 5546 REPLY). It never changes a registration; an organizer asks."""

    __tablename__ = "calendar_reply"
    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), index=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id"), index=True)
    partstat: Mapped[str]
    replied_at: Mapped[datetime]
    message_id: Mapped[str] = mapped_column(unique=True)
    settled_at: Mapped[datetime | None]


class FeedToken(Base):
    """A private calendar address: only a hash of its secret is kept; revoked ones answer 404.

    Exactly one of the three says whose it is: a participant's normalised address, a course leader, a user.
    """

    __tablename__ = "feed_token"
    __table_args__ = (
        CheckConstraint(
            "(CASE WHEN email_key IS NULL THEN 0 ELSE 1 END) + (CASE WHEN leader_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN user_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="one_owner",
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    email_key: Mapped[str | None] = mapped_column(index=True)
    leader_id: Mapped[int | None] = mapped_column(ForeignKey("course_leader.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class SignUpReceipt(Base):
    """What the browser that just signed up may see for a while.

    A second sign-up with a known address gets one as well, with `registration_id` empty and the `wish` kept, so the
    two cannot be told apart, not even by correcting the address. Rows end at `expires_at`.
    """

    __tablename__ = "sign_up_receipt"
    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    registration_id: Mapped[int | None] = mapped_column(ForeignKey("registration.id"), index=True)
    status: Mapped[Status] = mapped_column(codes(Status))
    position: Mapped[int | None]
    email: Mapped[str]
    wish: Mapped[dict[str, Any] | None]
    corrections: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[datetime] = mapped_column(index=True)
