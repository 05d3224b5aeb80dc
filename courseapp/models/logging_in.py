"""What a log-in leaves behind: sessions, second factors, links, devices and identities. Nothing here opens anything."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from courseapp.db import Base, codes
from courseapp.domain.logging_in import LinkKind, LogInMethod

OF_USER = "user_account.id"


class UserSession(Base):
    """One log-in in one browser. `confirmed_at` is when she last showed who she is.

    Without it the password was right and the second factor is still to come. `next_secret` is a second factor that is
    being set up, sealed.
    """

    __tablename__ = "user_session"
    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(OF_USER, ondelete="CASCADE"), index=True)
    method: Mapped[LogInMethod] = mapped_column(codes(LogInMethod))
    description: Mapped[str]
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    next_secret: Mapped[str | None]


class SecondFactor(Base):
    """A user's app for codes: its secret, sealed, and the last time step whose code was used."""

    __tablename__ = "second_factor"
    user_id: Mapped[int] = mapped_column(ForeignKey(OF_USER, ondelete="CASCADE"), primary_key=True)
    secret: Mapped[str]
    last_step: Mapped[int]
    set_up_at: Mapped[datetime]


class RecoveryCode(Base):
    """A code on paper that works once."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("user_id", "code_hash"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(OF_USER, ondelete="CASCADE"))
    code_hash: Mapped[str]


class KnownDevice(Base):
    """A browser in which a user has been inside before."""

    __tablename__ = "known_device"
    __table_args__ = (UniqueConstraint("user_id", "token_hash"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(OF_USER, ondelete="CASCADE"))
    token_hash: Mapped[str]
    last_used_at: Mapped[datetime]


class AccountLink(Base):
    """A mailed link that lets a user choose a password; the newest one only, and once.

    `letter_id`: the letter it stands in, until that has left and is emptied.
    """

    __tablename__ = "account_link"
    user_id: Mapped[int] = mapped_column(ForeignKey(OF_USER, ondelete="CASCADE"), primary_key=True)
    kind: Mapped[LinkKind] = mapped_column(codes(LinkKind))
    token_hash: Mapped[str] = mapped_column(unique=True)
    expires_at: Mapped[datetime]
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("outbox_email.id", ondelete="SET NULL"), index=True)


class ResetRequest(Base):
    """Somebody forgot the password of an address. The worker looks it up, so asking takes the same time for all."""

    __tablename__ = "reset_request"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]
    asked_at: Mapped[datetime]


class Identity(Base):
    """Who a user is at a log-in provider: the pair of issuer and subject, which is never given to anybody else."""

    __tablename__ = "identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(OF_USER, ondelete="CASCADE"), index=True)
    issuer: Mapped[str]
    subject: Mapped[str]
    linked_at: Mapped[datetime]


class SpentState(Base):
    """A round trip to a provider that has come back; it may not come back again."""

    __tablename__ = "spent_state"
    state_hash: Mapped[str] = mapped_column(primary_key=True)
    expires_at: Mapped[datetime]
