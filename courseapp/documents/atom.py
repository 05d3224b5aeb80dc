"""The public list as an Atom feed (RFC 4287): facts that last in each entry, not how many seats are left."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement, tostring

from courseapp import when, wording
from courseapp.domain.event import EventStatus
from courseapp.domain.rows import ListedEvent

TITLE = "ALIS og SamLIS: kurs og arrangementer"
AUTHOR = "ALIS og SamLIS rådgivingskontor"
NAMED_IN = 2026
"""A year in which the host was ours: part of every name (RFC 4151), so it never changes."""
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where the feed is: whose host, its own address, the page that shows the same, and its last change (aware)."""

    domain: str
    here: str
    page: str
    changed_at: datetime

    def tag(self, rest: str) -> str:
        """A name that outlives addresses."""
        return f"tag:{self.domain},{NAMED_IN}:arrangementer{rest}"


def feed(source: Source, events: Sequence[tuple[ListedEvent, str]]) -> bytes:
    """The feed; each event comes with the address of its page. The order is kept."""
    query = urlsplit(source.here).query
    root = Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": "nb"})
    _text(root, "id", source.tag(f"?{query}" if query else ""))
    _text(root, "title", TITLE)
    _text(root, "updated", _moment(max((one.changed_at for one, _ in events), default=source.changed_at)))
    _text(SubElement(root, "author"), "name", AUTHOR)
    SubElement(root, "link", {"rel": "self", "type": "application/atom+xml", "href": source.here})
    SubElement(root, "link", {"rel": "alternate", "type": "text/html", "href": source.page})
    for one, address in events:
        _entry(root, one, source.tag(f"/{one.slug}"), address)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _entry(root: Element, one: ListedEvent, name: str, address: str) -> None:
    entry = SubElement(root, "entry")
    off = one.status is EventStatus.CANCELLED
    _text(entry, "id", name)
    _text(entry, "title", f"Avlyst: {one.title}" if off else one.title)
    _text(entry, "updated", _moment(one.changed_at))
    for office in (one.office, *one.partners):
        _text(SubElement(entry, "author"), "name", office.name)
    SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": address})
    SubElement(entry, "category", {"term": one.kind.value, "label": wording.label(one.kind)})
    _text(entry, "summary", _summary(one))


def _summary(one: ListedEvent) -> str:
    """When and where, for whom, and how long there is time to sign up."""
    going = [session for session in one.sessions if not session.cancelled] or one.sessions
    times = [f"{when.day(session.starts_at)}, {when.session_times(session)}" for session in going]
    parts = [
        f"{wording.label(one.kind)}: {wording.listed(times)}.",
        f"Sted: {wording.places(one.sessions)}." if wording.places(one.sessions) else "",
        one.target_group,
        f"Frist: {when.moment(one.closes_at)}." if one.closes_at and one.status is not EventStatus.CANCELLED else "",
    ]
    return "\n".join(filter(None, parts))


def _text(parent: Element, tag: str, text: str) -> None:
    """What XML 1.0 has no way to write is left out."""
    SubElement(parent, tag).text = _NO_XML.sub("", text)


def _moment(moment: datetime) -> str:
    """RFC 3339, as RFC 4287, 3.3 asks."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
