"""An office's list of events."""

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask

from courseapp.db import transaction
from courseapp.domain.access import UserRole
from courseapp.domain.event import EventKind, EventStatus
from courseapp.domain.registration import Status
from courseapp.models.event import Event, EventLeader
from courseapp.models.journal import MailState
from courseapp.models.person import CourseLeader
from tests.conftest import NOW
from tests.making import make_event
from tests.pages import Page, Visitor, words
from tests.people import join, letter_to, logged_in, share

EVENTS = "/kontor/arrangementer"
PAST = f"{EVENTS}?vis=tidligere"
HELD = (datetime(2026, 10, 5, 7, 0, tzinfo=UTC),)


def shown(page: Page) -> list[str | None]:
    return [row.get("data-event") for row in page.all("tr") if row.get("data-event")]


def row(page: Page, slug: str) -> str:
    return words(page.one("tr", data_event=slug))


def test_those_who_are_not_logged_in_are_sent_to_the_log_in(app: Flask) -> None:
    answer = Visitor(app).ask("GET", EVENTS)
    assert [answer.status_code, answer.location] == [303, "/kontor/logg-inn?neste=/kontor/arrangementer"]


def test_an_office_sees_its_own_events_the_next_one_first(app: Flask) -> None:
    later = make_event(slug="senere")
    make_event(slug="snart", starts=(NOW + timedelta(days=3),))
    make_event(slug="andres", office="vest")
    page = logged_in(app).get(EVENTS)
    assert shown(page) == ["snart", later.slug]


def test_a_joint_event_is_seen_by_both_and_says_with_whom(app: Flask) -> None:
    share(make_event(slug="felles"), "vest")
    page = logged_in(app, office="vest").get(EVENTS)
    assert "Nord, felles med Vest" in row(page, "felles")
    assert page.all("a", href=f"{EVENTS}/felles") != []


def test_a_national_reader_sees_all_events_but_no_way_to_their_persons(app: Flask) -> None:
    make_event(slug="nords")
    make_event(slug="vests", office="vest")
    page = logged_in(app, office=None, role=UserRole.READER).get(EVENTS)
    assert shown(page) == ["nords", "vests"]
    assert [link for link in page.all("a") if f"{EVENTS}/" in (link.get("href") or "")] == []


def test_seats_are_told_in_words(app: Flask) -> None:
    event = make_event(slug="kurs", capacity=3)
    join(event, 3)
    join(event, 4, first=10, status=Status.WAITLISTED)
    text = row(logged_in(app).get(EVENTS), "kurs")
    assert "3 av 3 4 på venteliste" in text


def test_without_a_limit_only_the_number_is_told(app: Flask) -> None:
    join(make_event(slug="kveld", kind=EventKind.ALIS_KVELD, capacity=None), 7)
    assert "7 påmeldt" in row(logged_in(app).get(EVENTS), "kveld")


def test_mail_that_did_not_arrive_is_said_once_per_person(app: Flask) -> None:
    (one, two) = join(make_event(slug="kurs"), 2)
    for subject in ("a", "b"):
        letter_to(one, MailState.FAILED, subject=subject)
    letter_to(two, MailState.SENT)
    assert "1 fikk ikke e-posten" in row(logged_in(app).get(EVENTS), "kurs")


def test_leaders_and_deadline_stand_in_the_row(app: Flask) -> None:
    event = make_event(slug="kurs")
    with transaction() as tx:
        leader = CourseLeader(office_id=event.office_id, name="Marit Aas", email="marit@x.no")
        tx.add(leader)
        tx.flush()
        tx.add(EventLeader(event_id=event.id, leader_id=leader.id, position=0))
    text = row(logged_in(app).get(EVENTS), "kurs")
    assert [part in text for part in ("Marit Aas", "15. mars 2027", "22. mars og 22. april 2027")] == [True] * 3


def test_each_event_has_a_word_for_where_it_stands(app: Flask) -> None:
    wanted: list[tuple[str, dict[str, Any], str]] = [
        ("utkast", {"status": EventStatus.DRAFT}, "Utkast"),
        ("publisert", {}, "Publisert"),
        ("frist", {"closes_at": NOW - timedelta(days=1)}, "Fristen er ute"),
        ("stengt", {"status": EventStatus.CLOSED}, "Påmeldingen er stengt"),
        ("avlyst", {"status": EventStatus.CANCELLED}, "Avlyst"),
    ]
    for slug, facts, _word in wanted:
        make_event(slug=slug, **facts)
    page = logged_in(app).get(EVENTS)
    assert [row(page, slug).endswith(word) for slug, _facts, word in wanted] == [True] * len(wanted)


def test_a_draft_without_dates_stands_last(app: Flask) -> None:
    undated = make_event(slug="uten-dato", status=EventStatus.DRAFT)
    with transaction() as tx:
        event = tx.get_one(Event, undated.id)
        event.starts_at = event.ends_at = None
        event.sessions = []
    make_event(slug="med-dato")
    page = logged_in(app).get(EVENTS)
    assert shown(page) == ["med-dato", "uten-dato"]
    assert row(page, "uten-dato").startswith("Ikke satt")


def test_what_has_been_stands_under_its_own_tab(app: Flask) -> None:
    make_event(slug="kommer")
    make_event(slug="holdt", starts=HELD, status=EventStatus.HELD)
    visitor = logged_in(app)
    assert [shown(visitor.get(EVENTS)), shown(visitor.get(PAST))] == [["kommer"], ["holdt"]]
    assert words(visitor.get(PAST).all("a", aria_current="page")[-1]) == "Tidligere"


def test_empty_lists_say_what_will_be_here(app: Flask) -> None:
    visitor = logged_in(app)
    headings = [words(visitor.get(path).one("h2")) for path in (EVENTS, PAST)]
    assert headings == ["Ingen kommende arrangementer", "Ingen tidligere arrangementer ennå"]


def test_a_long_list_has_pages_and_a_page_past_the_last_is_the_last(app: Flask) -> None:
    for number in range(41):
        make_event(slug=f"kurs-{number:02}")
    visitor = logged_in(app)
    pages = [shown(visitor.get(f"{EVENTS}?side={number}")) for number in ("1", "2", "99", "-4", "x", "9" * 40)]
    assert [len(page) for page in pages] == [40, 1, 1, 40, 40, 1]
    assert pages[1] == pages[2] == ["kurs-40"]
    assert visitor.get(EVENTS).one("a", rel="next").get("href") == f"{EVENTS}?side=2"
