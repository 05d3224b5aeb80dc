"""Invitations and their cancellations: one registrant, one session, one file (RFC 5546, 3.2.2 and 3.2.5)."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Any, Final
from urllib.parse import quote

from icalendar import Calendar, Event
from icalendar.prop import vCalAddress, vGeo, vInt, vUri

from courseapp import speech
from courseapp.calendar.text import Text, one_line, written
from courseapp.calendar.timezone import VTIMEZONE, in_oslo, in_utc
from courseapp.domain.language import Language
from courseapp.domain.mailbox import Mailbox, is_plain_address

PRODID = "-//courseapp//Kurs og arrangementer//NO"
CLOSING = b"END:VCALENDAR\r\n"

# Registration is the acceptance, so no reply is asked for; kept in one place for tests in real mail clients.
_PARTICIPATION = {"CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT", "PARTSTAT": "ACCEPTED", "RSVP": "FALSE"}
_NOBODY: Final[dict[str, Any]] = {
    "uid": "",
    "sequence": 0,
    "stamp": datetime.fromtimestamp(0, UTC),
    "modified": datetime.fromtimestamp(0, UTC),
    "attendee": Mailbox(name="", email="nobody@example.org"),
}
"""What stands in for whatever is one person's own, so that the rest is the same for everybody."""
_WEB_ADDRESS = re.compile(r"https?://[\w.:\[\]-]+(?:[/?#].*)?", re.ASCII | re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What every calendar entry of one session says, whoever reads it; all times are aware UTC."""

    uid: str
    sequence: int
    stamp: datetime
    starts_at: datetime
    ends_at: datetime
    summary: str
    location: str
    description: str
    url: str | None


@dataclass(frozen=True, kw_only=True)
class Invitation(Entry):
    """What one registrant's calendar entry for one session says."""

    modified: datetime
    video_url: str | None
    geo: tuple[float, float] | None = None
    organizer: Mailbox
    attendee: Mailbox


def request(invitation: Invitation) -> bytes:
    """The file that puts the session into the registrant's calendar, or changes it there.

    Raises ValueError for a naive time or an address that is none.
    """
    return _file(invitation, cancelled=False)


def cancel(invitation: Invitation) -> bytes:
    """The file that takes the session out of the registrant's calendar again; its sequence must be the last one + 1.

    Raises ValueError for a naive time or an address that is none.
    """
    return _file(invitation, cancelled=True)


def uid_for(*, registration_id: int, session_id: int, domain: str) -> str:
    """The name of one registrant's entry for one session; a new registration gets a new one."""
    return f"r{registration_id}-s{session_id}@{domain}"


def calendar(method: str | None) -> Calendar:
    """A calendar that knows Norwegian time and nothing else yet; METHOD stands before any component."""
    # Calendar.new() would add a random UID of its own to every file.
    empty = Calendar()
    empty["VERSION"] = Text("2.0")
    empty["PRODID"] = Text(PRODID)
    empty["CALSCALE"] = Text("GREGORIAN")
    if method is not None:
        empty["METHOD"] = Text(method)
    empty.add_component(VTIMEZONE)
    return empty


def before_events(around: Calendar) -> bytes:
    """Everything of the calendar that comes before its first event."""
    return written(around.content_lines(sorted=False)).removesuffix(CLOSING)


@cache  # the same bytes for every message, and half the work
def opening(method: str) -> bytes:
    """Everything that comes before the event in a message with this method."""
    return before_events(calendar(method))


def event_of(entry: Entry, *, modified: datetime, cancelled: bool) -> Event:
    """The properties that every event of ours has, in the order they are written."""
    event = Event()
    event["UID"] = Text(entry.uid)
    event["SEQUENCE"] = vInt(entry.sequence)
    event["DTSTAMP"] = in_utc(entry.stamp)
    event["LAST-MODIFIED"] = in_utc(modified)
    event["DTSTART"] = in_oslo(entry.starts_at)
    event["DTEND"] = in_oslo(entry.ends_at)
    event["SUMMARY"] = Text(entry.summary)
    if entry.location:
        event["LOCATION"] = Text(entry.location)
    event["STATUS"] = Text("CANCELLED" if cancelled else "CONFIRMED")
    event["TRANSP"] = Text("OPAQUE")
    event["X-MICROSOFT-CDO-BUSYSTATUS"] = Text("FREE" if cancelled else "BUSY")
    return event


def address(mailbox: Mailbox, parameters: dict[str, str] | None = None) -> vCalAddress:
    """The mailbox as a bare mailto: with its name beside it; ValueError if the address cannot be one."""
    if not is_plain_address(mailbox.email):
        raise ValueError(f"not a mail address: {mailbox.email!r}")
    written_as = vCalAddress(f"mailto:{mailbox.email}")
    # A parameter cannot hold a double quote (RFC 5545 section 3.2), and few clients know RFC 6868's way around it.
    if name := one_line(mailbox.name).replace('"', "'").replace("^", ""):
        written_as.params["CN"] = name
    written_as.params.update(parameters or {})
    return written_as


def link(url: str | None) -> vUri | None:
    """The web address as a URI value, or None where there is none that a calendar may hold."""
    if url is None or not _WEB_ADDRESS.fullmatch(url):
        return None
    # Spaces, quotes, controls and letters outside ASCII are percent-encoded; what is encoded already stays.
    return vUri(quote(url, safe=":/?#[]@!$&'()*+,;=%~", errors="replace"))


def described(entry: Entry) -> dict[str, Text | vUri]:
    """The description and the web address, where the entry has them."""
    properties: dict[str, Text | vUri] = {}
    if entry.description:
        properties["DESCRIPTION"] = Text(entry.description)
    if web_address := link(entry.url):
        properties["URL"] = web_address
    return properties


def _file(invitation: Invitation, *, cancelled: bool) -> bytes:
    """Everybody's lines of it, which are written once for all, with the ones between that only this person has."""
    own = Event()
    own["UID"] = Text(invitation.uid)
    own["SEQUENCE"] = vInt(invitation.sequence)
    own["DTSTAMP"] = in_utc(invitation.stamp)
    own["LAST-MODIFIED"] = in_utc(invitation.modified)
    own["ATTENDEE"] = address(invitation.attendee, _PARTICIPATION)
    lines = {name: _line(own, name, value) for name, value in own.items()}
    common = _lines(replace(invitation, **_NOBODY), speech.language(), cancelled=cancelled)
    return opening("CANCEL" if cancelled else "REQUEST") + b"".join(lines.get(*one) for one in common) + CLOSING


@lru_cache(maxsize=300)
def _lines(invitation: Invitation, _language: Language, *, cancelled: bool) -> tuple[tuple[str, bytes], ...]:
    """The event's content lines in order, each with its property's name, as they stand for everybody invited."""
    event = event_of(invitation, modified=invitation.modified, cancelled=cancelled)
    event["ORGANIZER"] = address(invitation.organizer)
    event["ATTENDEE"] = address(invitation.attendee)
    if not cancelled:
        event.update(described(invitation))
        event.update(_only_in_requests(invitation))
    return tuple((name, _line(event, name, value)) for name, value in event.property_items(sorted=False))


def _only_in_requests(invitation: Invitation) -> dict[str, vGeo | vUri]:
    """Where it is on a map, and where to call in, as far as that is known."""
    properties: dict[str, vGeo | vUri] = {}
    if invitation.geo is not None:
        latitude, longitude = invitation.geo
        properties["GEO"] = vGeo((round(latitude, 6), round(longitude, 6)))
    if video := link(invitation.video_url):
        video.params.update({"VALUE": "URI", "FEATURE": "VIDEO", "LABEL": speech.said("Videomøte")})
        properties["CONFERENCE"] = video
    return properties


def _line(event: Event, name: str, value: object) -> bytes:
    return written([event.content_line(name, value, sorted=False)])
