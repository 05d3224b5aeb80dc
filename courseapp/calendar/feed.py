"""Sessions for everybody: the file to download and the calendar to subscribe to. They name no participant."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from icalendar import Calendar
from icalendar.prop import vDuration

from courseapp.calendar.invite import CLOSING, Entry, address, before_events, calendar, described, event_of, opening
from courseapp.calendar.text import Text, written
from courseapp.calendar.timezone import OSLO
from courseapp.domain.mailbox import Mailbox

_REFRESH = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class FeedEntry(Entry):
    """What the public entry of one session says; `stamp` is when it was last changed, never the present moment."""

    cancelled: bool
    organizer: Mailbox | None = None  # RFC 5546, 3.2.1 wants one in a published file


def download(entry: FeedEntry) -> bytes:
    """The session alone in a file, for adding to a calendar by hand."""
    return opening("PUBLISH") + _written(entry) + CLOSING


def feed(name: str, entries: Sequence[FeedEntry]) -> bytes:
    """The sessions as a calendar to subscribe to; the same entries give the same bytes."""
    return before_events(_subscribed(name)) + b"".join(map(_written, entries)) + CLOSING


def session_uid(session_id: int, domain: str) -> str:
    """The name of a session's public entry, never that of a registrant's."""
    return f"s{session_id}@{domain}"


def _subscribed(name: str) -> Calendar:
    # No METHOD: a subscription is not a message (RFC 5546 would ask PUBLISH for an organizer in every event).
    subscribed = calendar(None)
    subscribed["NAME"] = Text(name)
    subscribed["X-WR-CALNAME"] = Text(name)
    subscribed["X-WR-TIMEZONE"] = Text(OSLO.key)
    subscribed["REFRESH-INTERVAL"] = vDuration(_REFRESH, params={"VALUE": "DURATION"})  # RFC 7986 section 5.7
    subscribed["X-PUBLISHED-TTL"] = vDuration(_REFRESH)
    return subscribed


def _written(entry: FeedEntry) -> bytes:
    event = event_of(entry, modified=entry.stamp, cancelled=entry.cancelled)
    if entry.organizer is not None:
        event["ORGANIZER"] = address(entry.organizer)
    event.update(described(entry))
    return written(event.content_lines(sorted=False))
