"""The Atom feed, parsed back and held against RFC 4287."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from xml.etree.ElementTree import Element, fromstring

import pytest

from courseapp.documents import atom
from courseapp.domain.event import EventKind, EventStatus, SeatRule, SignUpState
from courseapp.domain.rows import ListedEvent, OfficeRow, Seats, SessionRow

ATOM = "{http://www.w3.org/2005/Atom}"
AT = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)
START = datetime(2027, 3, 22, 8, 0, tzinfo=UTC)
PAGE = "https://kurs.example.org/arrangementer/kurs"
SOURCE = atom.Source(
    domain="kurs.example.org",
    here="https://kurs.example.org/arrangementer.atom?office=nord",
    page="https://kurs.example.org/?office=nord",
    changed_at=AT,
)


def office(name: str) -> OfficeRow:
    return OfficeRow(slug=name.lower(), name=name, short_name=name, email="", phone="", address="")


EVENT = ListedEvent(
    slug="kurs",
    title="Kurs",
    kind=EventKind.VEILEDERKURS,
    status=EventStatus.PUBLISHED,
    state=SignUpState.OPEN,
    office=office("Nord"),
    sessions=(
        SessionRow(
            id=1,
            number=1,
            starts_at=START,
            ends_at=START + timedelta(hours=7),
            place="Bodø",
            address="Sjøgata 1",
            digital=False,
            minutes=540,
            cancelled=False,
        ),
    ),
    seats=Seats(capacity=30, taken=0, waiting=0, left=30),
    closes_at=AT,
    seat_rule=SeatRule.FIRST_COME,
    partners=(),
    target_group="For veiledere.",
    approvals=(),
    opens_at=None,
    changed_at=AT,
)


def parsed(*events: ListedEvent, source: atom.Source = SOURCE) -> Element:
    return fromstring(atom.feed(source, [(one, f"{PAGE}?a=1&b={number}") for number, one in enumerate(events)]))


def texts(element: Element, path: str) -> list[str | None]:
    return [one.text for one in element.findall("/".join(ATOM + part for part in path.split("/")))]


def links(element: Element) -> list[tuple[str | None, ...]]:
    return [tuple(map(one.get, ("rel", "type", "href"))) for one in element.findall(ATOM + "link")]


def test_a_feed_has_what_the_rfc_asks() -> None:
    """RFC 4287, 4.1.1: exactly one id, title and updated, an author, at most one link of each kind; self is advised."""
    feed = parsed(EVENT)
    assert (feed.tag, feed.get("{http://www.w3.org/XML/1998/namespace}lang")) == (ATOM + "feed", "nb")
    assert (texts(feed, "id"), texts(feed, "title"), texts(feed, "updated"), texts(feed, "author/name")) == (
        ["tag:kurs.example.org,2026:arrangementer?office=nord"],
        ["ALIS og SamLIS: kurs og arrangementer"],
        ["2027-01-11T09:00:00Z"],
        ["ALIS og SamLIS rådgivingskontor"],
    )
    assert links(feed) == [("self", "application/atom+xml", SOURCE.here), ("alternate", "text/html", SOURCE.page)]


def test_an_entry_has_what_the_rfc_asks() -> None:
    """RFC 4287, 4.1.2: exactly one id, title and updated; an alternate link where there is no content."""
    (entry,) = parsed(replace(EVENT, partners=(office("Øst"),))).findall(ATOM + "entry")
    assert (texts(entry, "id"), texts(entry, "title"), texts(entry, "updated"), texts(entry, "author/name")) == (
        ["tag:kurs.example.org,2026:arrangementer/kurs"],
        ["Kurs"],
        ["2027-01-11T09:00:00Z"],
        ["Nord", "Øst"],
    )
    assert links(entry) == [("alternate", "text/html", f"{PAGE}?a=1&b=0")]
    assert [one.attrib for one in entry.findall(ATOM + "category")] == [
        {"term": "veilederkurs", "label": "Veilederkurs"}
    ]
    (summary,) = texts(entry, "summary")
    assert (summary or "").replace("\xa0", " ").split("\n") == [
        "Veilederkurs: mandag 22. mars 2027, kl. 09.00–16.00.",
        "Sted: Bodø.",
        "For veiledere.",
        "Frist: 11. januar 2027 kl. 10.00.",
    ]


def test_every_element_is_one_that_the_rfc_knows() -> None:
    known = {"feed", "id", "title", "updated", "author", "name", "link", "entry", "category", "summary"}
    assert {one.tag.removeprefix(ATOM) for one in parsed(EVENT).iter()} == known


def test_the_feed_is_as_new_as_its_newest_entry_and_keeps_the_order() -> None:
    later = replace(EVENT, slug="nytt", changed_at=AT + timedelta(days=1))
    feed = parsed(later, EVENT)
    assert texts(feed, "updated") == ["2027-01-12T09:00:00Z"]
    assert [(name or "").rpartition("/")[2] for name in texts(feed, "entry/id")] == ["nytt", "kurs"]


def test_an_empty_feed_says_when_it_last_changed() -> None:
    assert texts(parsed(), "updated") == ["2027-01-11T09:00:00Z"]


def test_without_filters_the_name_has_none() -> None:
    bare = replace(SOURCE, here="https://kurs.example.org/arrangementer.atom")
    assert texts(parsed(source=bare), "id") == ["tag:kurs.example.org,2026:arrangementer"]


def test_what_is_called_off_says_so_in_its_title_and_has_no_deadline() -> None:
    feed = parsed(replace(EVENT, status=EventStatus.CANCELLED))
    assert (texts(feed, "entry/title"), [one for one in texts(feed, "entry/summary") if "Frist" in (one or "")]) == (
        ["Avlyst: Kurs"],
        [],
    )


def test_a_video_meeting_is_digital_and_a_cancelled_session_is_left_out() -> None:
    (session,) = EVENT.sessions
    online = replace(session, place="", address="", digital=True)
    off = replace(session, id=2, number=0, starts_at=START + timedelta(days=1), place="Narvik", cancelled=True)
    (summary,) = texts(parsed(replace(EVENT, sessions=(online, off))), "entry/summary")
    assert re.findall(r"\d+\. mars|Sted: .*", summary or "") == ["22. mars", "Sted: digitalt."]


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("</title><b>&amp; ]]> æøå", "</title><b>&amp; ]]> æøå"),
        ("a\x0bb\x00c\ufffed", "abcd"),
        ("\ud800x", "x"),
    ],
)
def test_what_was_typed_is_text_and_nothing_breaks_the_file(typed: str, read: str) -> None:
    assert texts(parsed(replace(EVENT, title=typed)), "entry/title") == [read]
