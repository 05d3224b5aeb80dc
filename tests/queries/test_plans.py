"""How the databases find things: by an index, and never by reading a table that grows for ever from end to end."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import event as listen
from sqlalchemy import select, text

from courseapp import clock
from courseapp.db import db, transaction
from courseapp.domain.access import Actor
from courseapp.mail import outbox
from courseapp.models.event import Event
from courseapp.queries import (
    areas,
    dashboard,
    events,
    health,
    history,
    listing,
    office_events,
    participant_export,
    participants,
    personal,
    retention,
    yearly,
)
from courseapp.queries.participant_filters import Filters
from courseapp.services import load_data, moves, offers, past_load, registrations, reminders
from courseapp.services import retention as forgetting
from tests.making import wish
from tests.queries.test_participants import organizer

GROWING = ("registration", "outbox_email", "audit_entry", "attendance", "certificate", "reminder", "calendar_entry")
"""Tables that hold something of everybody who ever signed up."""

SCAN = {
    "sqlite": re.compile(rf"^SCAN ({'|'.join(GROWING)})\b"),
    "postgresql": re.compile(rf"Seq Scan on ({'|'.join(GROWING)})\b"),
}


@pytest.fixture
def event(app: Flask) -> Event:
    """An open course with a line, after years that have been."""
    past_load.generate_past(12, 360)
    return _event()


@pytest.fixture
def among_many(app: Flask) -> Event:
    """The same among so many events that it matters how they are found."""
    past_load.generate_past(1800, 0)
    return _event()


def _event() -> Event:
    slug = load_data.generate(1, 60, 40)[0]
    if not _sqlite():  # which is left without figures about its tables, as it is in use
        with db.engine.connect() as connection:
            connection.execute(text("ANALYZE"))
            connection.commit()
    return db.session.query(Event).filter_by(slug=slug).one()


def oslo() -> Actor:
    return organizer("oslo")


def everybody(event: Event) -> int:
    return len(list(participant_export.everyone(oslo(), event.slug).rows))


def claimed(_event: Event) -> int:
    with transaction() as tx:
        return len(outbox.claim_due(tx, clock.now()))


def persons(event: Event, **filters: str) -> participants.ParticipantTable:
    return participants.table(oslo(), event.slug, clock.now(), filters=Filters(**filters))  # type: ignore[arg-type]


WORK: dict[str, Callable[[Event], object]] = {
    "list of events": lambda _event: events.upcoming(clock.now()),
    "when the list changed": lambda _event: listing.changed_at(clock.now()),
    "event page": lambda event: events.page(event.slug, clock.now()),
    "sign-up": lambda event: registrations.sign_up(wish(event)),
    "participant table": persons,
    "search among participants": lambda event: persons(event, search="prove"),
    "participants as a file": everybody,
    "one participant": lambda event: participants.participant(
        oslo(), event.slug, persons(event).groups[0].people[0].id, clock.now()
    ),
    "first page": lambda _event: dashboard.show(oslo(), clock.now()),
    "an office's events": lambda _event: office_events.listing(oslo(), clock.now()),
    "an office's past": lambda _event: office_events.listing(oslo(), clock.now(), past=True),
    "what its events were held for": lambda _event: areas.of_events(oslo()),
    "log of changes": lambda event: (history.of_event(event.id), history.readings_of_event(event.id)),
    "search for a person": lambda _event: personal.of_address(oslo(), "a@example.org", clock.now()),
    "yearly report": lambda event: yearly.of_office(oslo(), "oslo", event.report_year or 0, clock.now()),
    "what is due to be forgotten": lambda _event: retention.plan(oslo(), clock.now()),
    "figures for the monitor": lambda _event: health.gauges(clock.now()),
    "letters that are due": claimed,
    "links asked for": lambda _event: registrations.send_asked_links(),
    "offers that run out": lambda _event: (offers.expire_due(), offers.remind_due()),
    "moves that wait": lambda _event: moves.release_due(),
    "reminders": lambda _event: reminders.put_due(),
    "forgetting": lambda _event: forgetting.run_due(),
}


@contextmanager
def asked() -> Iterator[list[tuple[str, object]]]:
    """Every question, with its values."""
    said: list[tuple[str, object]] = []

    def note(_connection: object, _cursor: object, statement: str, values: object, *_more: object) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "UPDATE", "DELETE", "WITH")):
            said.append((statement, values))

    listen.listen(db.engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        listen.remove(db.engine, "before_cursor_execute", note)


def plan(statement: str, values: object) -> list[str]:
    """What the database says it would do.

    PostgreSQL reads a few hundred rows fastest from end to end and rightly so: with that forbidden it shows whether
    there is another way, which is the one it takes when there are many.
    """
    name = db.engine.dialect.name
    with db.engine.connect() as connection:
        if name == "postgresql":
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        explain = "EXPLAIN QUERY PLAN " if name == "sqlite" else "EXPLAIN "
        rows = connection.exec_driver_sql(explain + statement, values).all()  # type: ignore[arg-type]
        connection.rollback()
    return [str(row[-1]).strip() for row in rows]


def whole_reads(statement: str, values: object) -> list[str]:
    """The steps that read a growing table, or the whole of one of its indexes, from end to end.

    SQLite says SCAN of both. A partial index is the short list it was made to be, and its name tells.
    """
    found = [step for step in plan(statement, values) if SCAN[db.engine.dialect.name].search(step)]
    return [step for step in found if not re.search(rf"USING (COVERING )?INDEX ({'|'.join(SHORT)})\b", step)]


SHORT = (
    "ix_outbox_email_due",
    "ix_outbox_email_failed",
    "ix_registration_offer_expires_at",
    "ix_registration_moves_from_id",
)
"""Indexes of what waits: as long as the work that is left, whatever there has been."""


@pytest.mark.parametrize("name", WORK)
def test_no_question_reads_a_growing_table_from_end_to_end(event: Event, name: str) -> None:
    with asked() as said:
        WORK[name](event)
    db.session.rollback()
    assert said != []
    assert {statement: whole_reads(statement, values) for statement, values in said} == {
        statement: [] for statement, _values in said
    }


def test_a_table_without_its_index_would_be_seen(event: Event) -> None:
    found = whole_reads("SELECT id FROM registration WHERE workplace = 'Havna'", () if _sqlite() else None)
    assert [step.split()[0] for step in found] == ["SCAN" if _sqlite() else "Seq"]


def _sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"


def test_a_page_of_those_with_a_seat_is_found_in_its_own_index(event: Event) -> None:
    with asked() as said:
        persons(event)
    ids = [one for one in said if "sort_key" in one[0] and "LIMIT" in one[0]]
    assert len(ids) == 1
    steps = [step for step in plan(*ids[0]) if "ix_registration_" in step]
    assert {"ix_registration_seated" in step for step in steps} == {True}


FOUND_BY = {
    "first page": {"ix_event_of_office", "ix_event_reported"},
    "when the list changed": {"ix_event_news", "ix_event_shown", "ix_registration_event_id_status_at"},
    "yearly report": {"ix_event_office_id_starts_at", "ix_event_reported", "ix_event_status_starts_at"},
    "an office's events": {"ix_event_of_office"},
    "what its events were held for": {"ix_event_held_for"},
}
ALONE = re.compile(
    r"SEARCH event USING (?!.*ix_event_held_for).* \(office_id=\?\)$"
    r"|Scan (?:using|on) ix_event_(?!partner|held_for)\w+.*\n *Index Cond: \(office_id = [^()]*\)$",
    re.MULTILINE,
)
"""Found by the office and nothing else: that is all it ever held, but in the one index that holds few of them."""


@pytest.mark.parametrize("name", FOUND_BY)
def test_an_offices_events_are_found_by_more_than_their_office(among_many: Event, name: str) -> None:
    with asked() as said:
        WORK[name](among_many)
    db.session.rollback()
    plans = "\n".join(step for one in said for step in plan(*one))
    assert {index for index in FOUND_BY[name] if index in plans} == FOUND_BY[name]
    assert ALONE.findall(plans) == []


def test_what_is_found_by_the_office_alone_would_be_seen(among_many: Event) -> None:
    with asked() as said:
        db.session.scalars(select(Event.title).where(Event.office_id == among_many.office_id)).all()
    assert len(ALONE.findall("\n".join(plan(*said[0])))) == 1
