"""The rules of getting in: how long a log-in lasts, when it must be confirmed anew, and which code is meant."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

LONGEST = timedelta(hours=12)
IDLE = timedelta(hours=2)
HALF_WAY = timedelta(minutes=15)
FRESH = timedelta(minutes=15)
SEEN_EVERY = timedelta(minutes=5)
INVITATION_LASTS = timedelta(days=7)
RESET_LASTS = timedelta(hours=1)
STEP_SECONDS, DRIFT_STEPS = 30, 1
RECOVERY_CODES, RECOVERY_LETTERS = 10, 16


class LogInMethod(StrEnum):
    """How somebody got in: with a password of ours and a code, or by way of her municipality."""

    PASSWORD = "password"  # noqa: S105 - the name of a method
    OIDC = "oidc"


class LinkKind(StrEnum):
    """What a mailed link lets its reader do; both end in a password of her own."""

    INVITATION = "invitation"
    RESET = "reset"


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Whoever knocks: network address, what the browser calls itself, and the mark it got at an earlier log-in."""

    remote: str
    agent: str = ""
    device: str | None = None


def is_fresh(confirmed_at: datetime, now: datetime) -> bool:
    """Whether somebody has shown who she is so lately that she need not again."""
    return now - confirmed_at <= FRESH


def steps_around(now: datetime) -> range:
    """The time steps whose codes are good now (RFC 6238, 5.2): the running one, and one before and after it."""
    running = int(now.timestamp()) // STEP_SECONDS
    return range(running - DRIFT_STEPS, running + DRIFT_STEPS + 1)


def six_digits(typed: str) -> str | None:
    """A code from an app, as it is typed with spaces or without; None for anything else."""
    digits = re.sub(r"\s", "", typed)
    return digits if re.fullmatch(r"[0-9]{6}", digits) else None


def recovery_code(typed: str) -> str | None:
    """A recovery code in the form it is kept in; None for anything else."""
    letters = re.sub(r"[\s-]", "", typed).upper()
    return letters if re.fullmatch(rf"[A-Z2-7]{{{RECOVERY_LETTERS}}}", letters) else None


def in_groups(text: str, sign: str = " ") -> str:
    """Four by four, so that it can be read aloud and typed."""
    return sign.join(text[at : at + 4] for at in range(0, len(text), 4))


# The first that is found counts: Edge and Opera call themselves Chrome too, and Chrome calls itself Safari.
_BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def described(agent: str) -> str:
    """«Firefox, Windows», from what a browser calls itself; empty where it says nothing we know."""
    found = [next((name for mark, name in marks if mark in agent), "") for marks in (_BROWSERS, _SYSTEMS)]
    return ", ".join(name for name in found if name)


@dataclass(frozen=True, kw_only=True)
class Claims:
    """What a log-in provider has said, and signed, about somebody. `email_verified` is None where it says nothing.

    `authenticated_at`: when she last showed the provider who she is; None where it did not say.
    """

    issuer: str
    subject: str
    email: str
    email_verified: bool | None
    authenticated_at: datetime | None


def believed_address(claims: Claims, domains: frozenset[str]) -> str | None:
    """The address by which a user may be found the first time; None where the provider is not to be believed.

    A provider speaks for the domains it was set up for and for no others, whatever it claims; within them it is
    believed unless it says itself that the address is not verified (Entra ID says nothing either way).
    """
    local, _, domain = claims.email.strip().lower().rpartition("@")
    if claims.email_verified is False or not local or domain not in domains:
        return None
    return f"{local}@{domain}"
