"""What a calendar program mails back when somebody presses a button (METHOD:REPLY, RFC 5546, 3.2.3)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message

from icalendar import Calendar, Component

PARTSTATS = frozenset({"ACCEPTED", "DECLINED", "TENTATIVE"})
MOST_BYTES = 1024 * 1024
LONGEST_ID = 250


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One answer: to which entry, from whom, what, and when it says it was given (aware UTC, or None).

    `message_id` is the mail's own, or a hash of the mail where it has none that can be kept.
    """

    message_id: str
    uid: str
    attendee: str
    partstat: str
    stamp: datetime | None


def of_message(raw: bytes) -> Reply | None:
    """The answer a mail holds; None for any other mail, and for one that cannot be read."""
    if len(raw) > MOST_BYTES:
        return None
    try:
        message = message_from_bytes(raw)
        calendars = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
        return _of_calendar(calendars[0], _message_id(message, raw)) if calendars else None
    except Exception:  # noqa: BLE001 - strangers write these; whatever breaks in reading one is theirs
        return None


def _of_calendar(part: Message, message_id: str) -> Reply | None:
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    calendar = Calendar.from_ical(content)
    events = calendar.walk("VEVENT")
    if str(calendar.get("METHOD", "")).upper() != "REPLY" or len(events) != 1:
        return None
    attendee = events[0].get("ATTENDEE")  # a list where there are several, and then it is no reply
    scheme, _, address = str(attendee).partition(":")
    partstat = "" if isinstance(attendee, list) else str(attendee.params.get("PARTSTAT", "")).upper()
    uid = str(events[0].get("UID", ""))
    if scheme.lower() != "mailto" or partstat not in PARTSTATS or not _plain(uid):
        return None
    return Reply(message_id=message_id, uid=uid, attendee=address.strip(), partstat=partstat, stamp=_stamp(events[0]))


def _stamp(event: Component) -> datetime | None:
    moment = getattr(event.get("DTSTAMP"), "dt", None)
    return moment.astimezone(UTC) if isinstance(moment, datetime) and moment.tzinfo is not None else None


def _message_id(message: Message, raw: bytes) -> str:
    told = " ".join(str(message.get("Message-ID", "")).split())
    return told if _plain(told) else f"sha256:{hashlib.sha256(raw).hexdigest()}"


def _plain(text: str) -> bool:
    """Whether it can be kept and asked for: printable ASCII, not too long."""
    return 0 < len(text) <= LONGEST_ID and text.isascii() and text.isprintable()
