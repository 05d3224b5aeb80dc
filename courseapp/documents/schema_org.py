"""An event in the words of schema.org, for search engines. Video meetings are said to be there, never where."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from courseapp import when, wording
from courseapp.domain.event import EventKind, EventStatus
from courseapp.domain.rows import EventPage, OfficeRow, SessionRow

_SCHEMA = "https://schema.org/"


def event(one: EventPage, address: str) -> dict[str, Any]:
    """The event with an event of its own for each session; `address` is its page, also where a video meeting is."""
    going = [session for session in one.sessions if not session.cancelled] or list(one.sessions)
    off = one.status is EventStatus.CANCELLED
    kind = "EducationEvent" if one.kind is EventKind.VEILEDERKURS else "Event"
    facts = {
        "@context": "https://schema.org",
        "@type": kind,
        "name": one.title,
        "url": address,
        "inLanguage": "nb",
        **_when_and_where(going, address, off=off),
        "organizer": _one_or_all([_organizer(office) for office in (one.office, *one.partners)]),
        "maximumAttendeeCapacity": one.seats.capacity,
        "remainingAttendeeCapacity": one.shown_left,
        "subEvent": [_session(one, session, kind, address, off=off or session.cancelled) for session in one.sessions],
    }
    return {name: value for name, value in facts.items() if value is not None}


def _session(one: EventPage, session: SessionRow, kind: str, address: str, *, off: bool) -> dict[str, Any]:
    total = sum(1 for other in one.sessions if other.number)
    name = wording.session_title(one.title, session.number, total)
    return {"@type": kind, "name": name, "url": address, **_when_and_where([session], address, off=off)}


def _when_and_where(sessions: Sequence[SessionRow], address: str, *, off: bool) -> dict[str, Any]:
    facts = {
        "startDate": _moment(sessions[0].starts_at),
        "endDate": _moment(max(session.ends_at for session in sessions)),
        "eventStatus": _SCHEMA + ("EventCancelled" if off else "EventScheduled"),
        "eventAttendanceMode": _SCHEMA + _mode(sessions),
    }
    where = [place for session in sessions for place in _places(session, address)]
    different = [place for number, place in enumerate(where) if place not in where[:number]]
    return {**facts, "location": _one_or_all(different)} if different else facts


def _mode(sessions: Iterable[SessionRow]) -> str:
    """A video meeting without a place is online, one with a place is both."""
    online = {(session.digital, not (session.digital and not session.place)) for session in sessions}
    if online == {(True, False)}:
        return "OnlineEventAttendanceMode"
    return "OfflineEventAttendanceMode" if online == {(False, True)} else "MixedEventAttendanceMode"


def _places(session: SessionRow, address: str) -> Iterable[dict[str, str]]:
    if session.place or session.address:
        place = {"@type": "Place", "name": session.place, "address": session.address}
        yield {name: value for name, value in place.items() if value}
    if session.digital:
        yield {"@type": "VirtualLocation", "url": address}


def _organizer(office: OfficeRow) -> dict[str, str]:
    return {"@type": "Organization", "name": office.name}


def _one_or_all(found: list[dict[str, str]]) -> dict[str, str] | list[dict[str, str]]:
    return found[0] if len(found) == 1 else found


def _moment(moment: datetime) -> str:
    return when.local(moment).isoformat(timespec="seconds")
