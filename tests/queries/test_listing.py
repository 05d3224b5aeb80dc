"""The public list for other websites: what is in it, in which order, what it costs, and when it last changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event as sa_event

from courseapp.db import db, transaction
from courseapp.domain.event import EventKind, EventStatus
from courseapp.domain.registration import Status
from courseapp.models.event import Event
from courseapp.queries import listing
from courseapp.queries.listing import Listing
from courseapp.services import registrations
from tests.conftest import NOW, Clock
from tests.keys import key_of
from tests.making import make_event, wish
from tests.people import join, share

SOON = (datetime(2027, 2, 3, 16, tzinfo=UTC),)


def slugs(found: Listing) -> list[str]:
    return [one.slug for one in found.events]


def some_of_everything() -> None:
    make_event(slug="mars")
    make_event(slug="februar", starts=SOON, kind=EventKind.ALIS_KVELD, office="vest")
    make_event(slug="stengt", status=EventStatus.CLOSED, starts=(NOW + timedelta(days=50),))
    make_event(slug="avlyst", status=EventStatus.CANCELLED, starts=(NOW + timedelta(days=60),))
    make_event(slug="utkast", status=EventStatus.DRAFT)
    make_event(slug="holdt", status=EventStatus.HELD, starts=(NOW - timedelta(days=9),), closes_at=None)
    make_event(slug="over", starts=(NOW - timedelta(days=3),), closes_at=None)
    make_event(slug="i-gang", starts=(NOW - timedelta(hours=2),), closes_at=None)
    make_event(slug="stand", kind=EventKind.STAND)


def test_a_page_holds_what_the_public_list_holds_soonest_first(app: Flask) -> None:
    some_of_everything()
    found = listing.page(NOW)
    assert (slugs(found), found.total) == (["i-gang", "februar", "stengt", "avlyst", "mars"], 5)


def test_links_are_for_what_is_still_to_come(app: Flask) -> None:
    some_of_everything()
    assert slugs(listing.to_link(NOW)) == ["februar", "stengt", "mars"]
    assert slugs(listing.to_link(NOW, office="vest")) == ["februar"]
    assert slugs(listing.to_link(NOW, office="vest", kind=EventKind.WEBINAR)) == []


def test_the_filters_are_those_of_the_list(app: Flask) -> None:
    joint = make_event(slug="felles")
    share(joint, "ost")
    make_event(slug="kveld", starts=SOON, kind=EventKind.ALIS_KVELD)
    for look in (listing.page, listing.newest):
        assert slugs(look(NOW, office="ost")) == ["felles"]
        assert slugs(look(NOW, kind=EventKind.ALIS_KVELD)) == ["kveld"]
        assert slugs(look(NOW, month=SOON[0].date().replace(day=1))) == ["kveld"]


def test_pages_follow_each_other(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PAGE_SIZE", 2)
    for number in range(5):
        make_event(slug=f"e{number}", starts=(NOW + timedelta(days=30 + number),))
    pages = [listing.page(NOW, number) for number in (1, 2, 3, 4)]
    assert [slugs(one) for one in pages] == [["e0", "e1"], ["e2", "e3"], ["e4"], []]
    assert {one.total for one in pages} == {5}


def test_news_has_what_changed_last_first_and_no_more_than_the_cap(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "MOST_NEWS", 2)
    for number, slug in enumerate(("eldst", "nyest", "midt")):
        make_event(slug=slug, updated_at=NOW - timedelta(days=(9, 1, 5)[number]))
    found = listing.newest(NOW)
    assert (slugs(found), found.total) == (["nyest", "midt"], 3)
    assert found.events[0].changed_at == NOW - timedelta(days=1)


@pytest.mark.parametrize("look", [listing.page, listing.newest, listing.to_link])
def test_the_cost_does_not_grow_with_the_events(app: Flask, look: Callable[[datetime], Listing]) -> None:
    def statements() -> int:
        seen: list[str] = []

        def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
            seen.append(statement)

        db.session.rollback()
        sa_event.listen(db.engine, "before_cursor_execute", note)
        try:
            look(NOW)
            listing.changed_at(NOW)
        finally:
            sa_event.remove(db.engine, "before_cursor_execute", note)
        return sum(one.startswith("SELECT") for one in seen)

    share(make_event(slug="e"), "ost")
    before = statements()
    for number in range(7):
        made = make_event(slug=f"e{number}")
        share(made, ("ost", "vest")[number % 2])
        join(made, 2)
    assert (statements(), before) == (before, 9)


def changes() -> tuple[Any, Any]:
    db.session.rollback()
    return listing.facts_changed_at(NOW), listing.changed_at(NOW)


def test_with_nothing_public_nothing_has_changed(app: Flask) -> None:
    make_event(status=EventStatus.DRAFT)
    make_event(kind=EventKind.STAND, slug="stand")
    assert changes() == (None, None)


def test_a_sign_up_changes_the_seats_and_no_fact(app: Flask, time: Clock) -> None:
    event = make_event(updated_at=NOW - timedelta(days=3))
    assert changes() == (NOW - timedelta(days=3), NOW - timedelta(days=3))
    registrations.sign_up(wish(event))
    assert changes() == (NOW - timedelta(days=3), NOW)
    time.pass_by(minutes=5)
    registrations.cancel(key_of("kare1@lege.example.org"))
    assert changes() == (NOW - timedelta(days=3), NOW + timedelta(minutes=5))


@pytest.mark.parametrize("moment", ["opens_at", "closes_at"])
def test_a_window_that_opens_or_closes_is_a_change(app: Flask, moment: str) -> None:
    passed = NOW - timedelta(hours=1)
    for slug, at in (("for", passed), ("senere", NOW + timedelta(hours=1))):
        facts: dict[str, Any] = {moment: at}
        make_event(slug=slug, updated_at=NOW - timedelta(days=3), **facts)
    assert changes() == (NOW - timedelta(days=3), passed)


def test_what_begins_is_a_change_of_sign_up_and_what_ends_is_one_of_the_list(app: Flask) -> None:
    make_event(updated_at=NOW - timedelta(days=9), starts=(NOW - timedelta(hours=2),), closes_at=None)
    assert changes() == (NOW - timedelta(days=9), NOW - timedelta(hours=2))
    make_event(updated_at=NOW - timedelta(days=9), slug="over", starts=(NOW - timedelta(hours=8),), closes_at=None)
    assert changes() == (NOW - timedelta(hours=1), NOW - timedelta(hours=1))


def test_what_falls_out_of_the_list_takes_no_moment_with_it(app: Flask) -> None:
    make_event(slug="eldre", updated_at=NOW - timedelta(days=9))
    event = make_event(slug="nyere", updated_at=NOW - timedelta(days=2))
    with transaction() as tx:
        held = tx.get_one(Event, event.id)
        held.status, held.updated_at = EventStatus.HELD, NOW - timedelta(days=1)
    assert (slugs(listing.page(NOW)), changes()[0]) == (["eldre"], NOW - timedelta(days=1))


def test_people_of_the_past_move_nothing(app: Flask) -> None:
    event = make_event(updated_at=NOW - timedelta(days=9), starts=(NOW - timedelta(days=2),), closes_at=None)
    join(event, 1, status=Status.REGISTERED)
    ended = NOW - timedelta(days=2) + timedelta(hours=7)
    assert changes() == (ended, ended)
