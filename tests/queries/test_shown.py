"""What the public is shown, remembered as long as nothing changed: and what makes it be read again."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event as sa_event
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from courseapp.db import db, transaction
from courseapp.domain.event import EventStatus, SignUpState
from courseapp.domain.registration import Status
from courseapp.domain.rows import EventPage
from courseapp.models.event import Approval, Event, EventLeader, EventPartner, EventSession
from courseapp.models.office import District, Office
from courseapp.models.person import CourseLeader
from courseapp.models.registration import Registration
from courseapp.queries import shown
from tests.conftest import NOW, Clock
from tests.making import COURSE_DAYS, make_event
from tests.people import join
from tests.unaged import unchecked


def look() -> EventPage | None:
    with unchecked():
        found = shown.page("kurset", NOW)
    db.session.rollback()
    return found


def the_list() -> shown.Mark:
    found = shown.list_mark(NOW)
    db.session.rollback()
    return found


def statements(ask: Callable[[], object]) -> int:
    seen: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    sa_event.listen(db.engine, "before_cursor_execute", note)
    try:
        ask()
    finally:
        sa_event.remove(db.engine, "before_cursor_execute", note)
    return sum(one.startswith("SELECT") for one in seen)


def office(tx: Session, slug: str) -> Office:
    return tx.scalars(select(Office).where(Office.slug == slug)).one()


def new_session(tx: Session, event: Event) -> None:
    first = tx.scalars(select(EventSession).where(EventSession.event_id == event.id).limit(1)).one()
    tx.add(
        EventSession(
            event_id=event.id,
            starts_at=first.starts_at + timedelta(days=40),
            ends_at=first.ends_at + timedelta(days=40),
            place="",
            address="",
            minutes=60,
            updated_at=NOW,
        )
    )


def new_leader(tx: Session, event: Event) -> None:
    leader = CourseLeader(office_id=event.office_id, name="Ane Berg", email="ane@example.org")
    tx.add(leader)
    tx.flush()
    tx.add(EventLeader(event_id=event.id, leader_id=leader.id, position=1))


CHANGES: dict[str, Callable[[Session, Event], object]] = {
    "its title": lambda _tx, event: setattr(event, "title", "Et annet kurs"),
    "its capacity": lambda _tx, event: setattr(event, "capacity", 12),
    "its status": lambda _tx, event: setattr(event, "status", EventStatus.CANCELLED),
    "another session": new_session,
    "a session's place": lambda _tx, event: setattr(event.sessions[0], "place", "Kantinen"),
    "another approval": lambda tx, event: tx.add(Approval(event_id=event.id, position=9, text="for alle", minutes=60)),
    "one approval less": lambda tx, event: tx.delete(event.approvals[0]),
    "a leader": new_leader,
    "a partner": lambda tx, event: event.partners.append(office(tx, "ost")),
    "a partner by its row": lambda tx, event: tx.add(EventPartner(event_id=event.id, office_id=office(tx, "ost").id)),
    "its office's name": lambda tx, _event: setattr(office(tx, "nord"), "name", "Kontoret i nord"),
    "a seat taken": lambda _tx, event: join(event, 1),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_changes_is_read_again(app: Flask, change: Callable[[Session, Event], object]) -> None:
    made = make_event(slug="kurset")
    before, listed = look(), the_list()
    if change is CHANGES["a seat taken"]:
        join(made, 1)
    else:
        with transaction() as tx:
            change(tx, tx.get_one(Event, made.id))
    try:
        after = look()
        assert (after is before, the_list() == listed) == (False, False)
        assert after != before
    finally:
        with transaction() as tx:
            office(tx, "nord").name = "Veilederkurs Nord"


def test_what_stayed_the_same_is_the_very_same_and_asks_one_question(app: Flask) -> None:
    make_event(slug="kurset")
    first = look()
    asked = statements(look)
    assert (look() is first, asked, the_list() is the_list()) == (True, 1, True)


def test_a_seat_given_back_or_moved_is_read_again_but_a_remark_is_not(app: Flask) -> None:
    made = make_event(slug="kurset")
    (one,) = join(made, 1)
    stamps = [stamp()]
    for name, value in (("note", "Kommer sent"), ("status", Status.CANCELLED)):
        with transaction() as tx:
            setattr(tx.get_one(Registration, one), name, value)
        stamps.append(stamp())
    assert (stamps[0] == stamps[1], stamps[1] == stamps[2]) == (True, False)
    page = look()
    assert page is not None
    assert page.seats.left == 30


def test_what_is_rolled_back_leaves_the_stamp(app: Flask) -> None:
    made = make_event(slug="kurset")
    before = stamp()
    with suppress(ZeroDivisionError), transaction() as tx:
        tx.get_one(Event, made.id).title = "Et annet kurs"
        tx.flush()
        raise ZeroDivisionError
    with transaction() as tx:
        tx.add(District(office_id=office(tx, "ost").id, name="Et nytt fylke", position=99))
    assert stamp() == before
    with transaction() as tx:
        tx.delete(tx.scalars(select(District).where(District.name == "Et nytt fylke")).one())


def test_a_leaders_new_name_renews_her_events_and_a_districts_its_offices(app: Flask) -> None:
    made, other = make_event(slug="kurset"), make_event(slug="annet")
    with transaction() as tx:
        new_leader(tx, tx.get_one(Event, made.id))
    before = stamp(), stamp("annet")
    with transaction() as tx:
        tx.scalars(select(CourseLeader)).one().name = "Ane Li"
    page = look()
    assert page is not None
    assert (page.leaders, before[0] == stamp(), before[1] == stamp("annet")) == (("Ane Li",), False, True)
    assert other.office_id == made.office_id
    with transaction() as tx:
        tx.add(District(office_id=made.office_id, name="Et nytt fylke", position=99))
    assert stamp("annet") != before[1]
    with transaction() as tx:
        tx.delete(tx.scalars(select(District).where(District.name == "Et nytt fylke")).one())


def test_time_alone_closes_a_sign_up(app: Flask, time: Clock) -> None:
    make_event(slug="kurset", closes_at=NOW + timedelta(seconds=30))
    first = shown.page("kurset", NOW)
    at_last = shown.page("kurset", NOW + timedelta(seconds=30))
    later = shown.page("kurset", NOW + timedelta(seconds=30, microseconds=1))
    assert first is not None
    assert (first.state, at_last) == (SignUpState.OPEN, first)
    assert later == replace(first, state=SignUpState.DEADLINE_PASSED)
    mark = shown.list_mark(NOW)
    assert mark.until == NOW + timedelta(seconds=30, microseconds=1)
    assert shown.list_mark(NOW + timedelta(seconds=30)) is mark
    assert shown.list_mark(mark.until) != mark


def test_the_list_is_another_when_an_event_has_ended(app: Flask) -> None:
    make_event(slug="kurset")
    end = COURSE_DAYS[-1] + timedelta(hours=7)
    assert (shown.list_mark(end - timedelta(seconds=1)).sums[0], shown.list_mark(end).sums[0]) == (1, 0)


def test_a_change_by_hand_is_seen_within_a_minute(app: Flask) -> None:
    make_event(slug="kurset")
    before, mark = look(), the_list()
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE event SET title = 'Endret for hånd'"))
    assert look() is before
    after = shown.page("kurset", NOW + shown.LIFE)
    assert after is not None
    assert (after.title, shown.list_mark(NOW + shown.LIFE) != mark) == ("Endret for hånd", True)


def test_what_is_not_public_is_not_remembered(app: Flask) -> None:
    made = make_event(slug="kurset")
    assert look() is not None
    with transaction() as tx:
        tx.get_one(Event, made.id).status = EventStatus.DRAFT
    assert (look(), shown.page("finnes-ikke", NOW), shown.page("\x00", NOW)) == (None, None, None)


def test_memory_has_a_bound(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shown, "MOST", 2)
    for number in range(4):
        make_event(slug=f"kurs-{number}")
        shown.page(f"kurs-{number}", NOW)
    assert len(shown._known[db.engine]) <= 2


def stamp(slug: str = "kurset") -> int:
    found = db.session.scalars(select(Event.stamp).where(Event.slug == slug)).one()
    db.session.rollback()
    return found
