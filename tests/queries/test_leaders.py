"""What the registers and the choice of leaders show, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import event as sa_event

from courseapp.db import db
from courseapp.domain.access import UserRole
from courseapp.domain.errors import NotFound
from courseapp.domain.event import EventKind, EventStatus
from courseapp.queries import assigning
from courseapp.queries import leaders as rows
from courseapp.services import leaders
from tests.conftest import NOW
from tests.leading import ANE, BO, CATO, in_register, organizer
from tests.making import COURSE_DAYS, make_event
from tests.people import share

HELD = EventStatus.HELD


def counted(shown: rows.Register) -> list[tuple[str, int, int, int, str]]:
    told = [(one.name, one.tally) for one in shown.leaders]
    return [(name, one.held, one.coming, one.last_year, one.next.title if one.next else "") for name, one in told]


def test_years_are_norwegian_and_only_what_took_place_is_held(app: Flask) -> None:
    kari = organizer()
    ane, _bo = in_register(ANE, BO)
    starts = {
        "Nyttår": (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), HELD),  # half past midnight, New Year's Day
        "Siste dag": (datetime(2026, 12, 31, 8, tzinfo=UTC), HELD),
        "Aldri publisert": (NOW - timedelta(days=3), EventStatus.DRAFT),
        "Utkast": (NOW + timedelta(days=30), EventStatus.DRAFT),
        "Neste år": (datetime(2028, 1, 5, 8, tzinfo=UTC), EventStatus.PUBLISHED),
        "Lenge siden": (datetime(2025, 5, 5, 8, tzinfo=UTC), HELD),
    }
    for title, (at, status) in starts.items():
        made = make_event(title=title, starts=(at,), status=status)
        leaders.assign(made.slug, pair_id=None, leader_ids=(ane,), actor=kari)
    assert counted(rows.register(kari, NOW)) == [("Ane Berg", 1, 1, 1, "Utkast"), ("Bo Dahl", 0, 0, 0, "")]


def test_one_address_in_two_registers_is_counted_as_one_person(app: Flask) -> None:
    kari, vera = organizer(), organizer("vest")
    (ane,), (again,) = in_register(ANE), in_register(replace(ANE, email=ANE.email.upper()), office="vest")
    ours, theirs = make_event(), make_event(office="vest", title="Deres", starts=(COURSE_DAYS[0] + timedelta(days=9),))
    leaders.assign(ours.slug, pair_id=None, leader_ids=(ane,), actor=kari)
    leaders.assign(theirs.slug, pair_id=None, leader_ids=(again,), actor=vera)
    assert [one[2] for who in (kari, vera) for one in counted(rows.register(who, NOW))] == [2, 2]
    courses = rows.leader(kari, ane, NOW).courses
    assert [(one.title, one.slug) for one in courses] == [("Deres", ""), (ours.title, ours.slug)]


def test_pairs_are_counted_by_what_they_held_together(app: Flask) -> None:
    kari = organizer()
    ane, bo, cato = in_register(ANE, BO, CATO)
    leaders.pair_up(ane, bo, actor=kari)
    leaders.pair_up(bo, cato, actor=kari)
    first, second = rows.register(kari, NOW).pairs
    plan = [(NOW - timedelta(days=5), HELD, first.id), (NOW - timedelta(days=400), HELD, first.id)]
    plan += [(COURSE_DAYS[0], EventStatus.PUBLISHED, first.id), (COURSE_DAYS[1], EventStatus.PUBLISHED, second.id)]
    plan += [(datetime(2028, 2, 2, 8, tzinfo=UTC), EventStatus.PUBLISHED, second.id)]
    for at, status, pair_id in plan:
        made = make_event(starts=(at,), status=status)
        leaders.assign(made.slug, pair_id=pair_id, leader_ids=(), actor=kari)
    found = [(one.name, one.total, one.held, one.coming) for one in rows.register(kari, NOW).pairs]
    assert found == [("Ane Berg og Bo Dahl", 2, 1, 1), ("Bo Dahl og Cato Eng", 0, 0, 1)]
    leaders.dissolve(first.id, actor=kari)
    assert [one.id for one in rows.register(kari, NOW).pairs] == [second.id]
    assert [one.active for one in rows.register(kari, NOW, retired=True).pairs] == [True, False]


def test_who_is_elsewhere_that_day_is_seen(app: Flask) -> None:
    kari = organizer()
    ane, bo, cato = in_register(ANE, BO, CATO)
    leaders.pair_up(ane, cato, actor=kari)
    here = make_event(starts=(COURSE_DAYS[0], COURSE_DAYS[0] + timedelta(days=1)))
    plan = {
        ane: COURSE_DAYS[0] + timedelta(hours=5),
        bo: COURSE_DAYS[0] - timedelta(days=1),
        cato: COURSE_DAYS[0] + timedelta(hours=32),
    }
    for number, at in plan.items():
        made = make_event(kind=EventKind.ALIS_KVELD, title="En kveld", starts=(at,), status=EventStatus.DRAFT)
        leaders.assign(made.slug, pair_id=None, leader_ids=(number,), actor=kari)
    shown = assigning.assignment(kari, here.slug, NOW)
    assert [[(busy.title, busy.place, busy.clashes) for busy in one.busy] for one in shown.choices] == [
        [("En kveld", "Møterom Ås", True)],
        [],
        [("En kveld", "Møterom Ås", False)],
    ]
    assert [one.name for one in shown.busy_pair(shown.pairs[0])] == ["Ane Berg", "Cato Eng"]
    assert (shown.lacks, shown.joint, shown.may_organize) == (True, False, True)


def test_a_cancelled_course_or_session_makes_nobody_busy(app: Flask) -> None:
    kari = organizer()
    (ane,) = in_register(ANE)
    here, off = make_event(), make_event(title="Avlyst")
    leaders.assign(off.slug, pair_id=None, leader_ids=(ane,), actor=kari)
    assert len(assigning.assignment(kari, here.slug, NOW).choices[0].busy) == 2
    with db.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE event SET status = 'cancelled' WHERE id = {off.id}")
    db.session.rollback()
    assert assigning.assignment(kari, here.slug, NOW).choices[0].busy == ()


def test_the_choice_holds_partners_registers_and_whoever_is_there(app: Flask) -> None:
    kari, event = organizer(), make_event()
    (ane, cato), (bo,) = in_register(ANE, CATO), in_register(BO, office="vest")
    leaders.assign(event.slug, pair_id=None, leader_ids=(ane,), actor=kari)
    leaders.retire(ane, actor=kari)
    leaders.retire(cato, actor=kari)
    share(event, "vest")
    reader = organizer("vest", UserRole.READER)
    for who, may in ((kari, True), (reader, False)):
        shown = assigning.assignment(who, event.slug, NOW)
        assert [(one.id, one.office, one.active, one.position) for one in shown.choices] == [
            (ane, "Nord", False, 1),
            (bo, "Vest", True, 0),
        ]
        assert (shown.joint, shown.may_organize) == (True, may)
    for who in (organizer("ost"), organizer("sor", UserRole.READER)):
        with pytest.raises(NotFound):
            assigning.assignment(who, event.slug, NOW)


def test_the_cost_of_the_register_does_not_grow_with_it(app: Flask) -> None:
    kari = organizer()

    def asked() -> int:
        statements: list[str] = []

        def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
            statements.append(statement)

        db.session.rollback()
        sa_event.listen(db.engine, "before_cursor_execute", note)
        try:
            rows.register(kari, NOW)
        finally:
            sa_event.remove(db.engine, "before_cursor_execute", note)
        return len(statements)

    def grow(first: int) -> None:
        people = in_register(*(replace(ANE, email=f"ane{one}@x.example.org") for one in range(first, first + 4)))
        leaders.pair_up(people[0], people[1], actor=kari)
        for number in people:
            made = make_event(title=f"Kurs {number}")
            leaders.assign(made.slug, pair_id=None, leader_ids=(number,), actor=kari)

    grow(0)
    before = asked()
    grow(4)
    assert asked() == before
