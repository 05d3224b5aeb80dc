"""The register of course leaders, pairs that persist, and who leads an event."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from courseapp.db import db, transaction
from courseapp.domain.access import UserRole
from courseapp.domain.errors import DomainError, NotFound
from courseapp.domain.event import EventStatus
from courseapp.models.event import Event
from courseapp.models.journal import AuditEntry
from courseapp.models.person import CourseLeader, LeaderPair
from courseapp.services import changes, leaders
from courseapp.services.changes import EventOver
from courseapp.services.leaders import LeaderKnown, PairKnown, PairOfOne, TooManyLeaders
from courseapp.services.leading import LeaderBusy, LeaderRetired, LeaderTwice, LeaderUnknown
from tests.conftest import NOW, Clock
from tests.leading import ANE, BO, CATO, in_register, leading, organizer
from tests.making import COURSE_DAYS, TITLE, make_event
from tests.people import share
from tests.services.test_changes import as_is


def the_pair() -> LeaderPair:
    db.session.rollback()
    return db.session.scalars(select(LeaderPair)).one()


def verbs() -> list[tuple[str, dict[str, object]]]:
    """What was written down."""
    db.session.rollback()
    return [(one.verb, one.details) for one in db.session.scalars(select(AuditEntry).order_by(AuditEntry.id))]


def test_a_leader_is_added_changed_retired_and_brought_back(app: Flask) -> None:
    kari = organizer()
    number = leaders.add("nord", ANE, actor=kari)
    leaders.edit(number, replace(ANE, name="Ane Berg Lie", mobile=""), actor=kari)
    leaders.retire(number, actor=kari)
    leaders.retire(number, actor=kari)
    found = db.session.get_one(CourseLeader, number)
    assert (found.name, found.email, found.mobile, found.workplace, found.retired_at) == (
        *("Ane Berg Lie", ANE.email, "", ANE.workplace),
        NOW,
    )
    leaders.bring_back(number, actor=kari)
    assert db.session.get_one(CourseLeader, number).retired_at is None
    told = {"leader": number}
    assert [one for one in verbs() if one[0].startswith("leader_")] == [
        *(("leader_added", told), ("leader_changed", told), ("leader_retired", told), ("leader_back", told)),
    ]


def test_an_office_knows_an_address_once_and_two_offices_both_do(app: Flask) -> None:
    kari = organizer()
    leaders.add("nord", ANE, actor=kari)
    shouted = replace(BO, email=ANE.email.upper())
    with pytest.raises(LeaderKnown):
        leaders.add("nord", shouted, actor=kari)
    bo = leaders.add("nord", BO, actor=kari)
    with pytest.raises(LeaderKnown):
        leaders.edit(bo, shouted, actor=kari)
    leaders.add("vest", ANE, actor=organizer("vest"))
    assert [one.email for one in db.session.scalars(select(CourseLeader).order_by(CourseLeader.id))] == [
        *(ANE.email, BO.email, ANE.email),
    ]


def test_only_organizers_of_the_office_touch_its_register(app: Flask) -> None:
    ane, bo = in_register(ANE, BO)
    pair = leaders.pair_up(ane, bo, actor=organizer())
    event = make_event()
    assert pair == "nord"
    for who in (organizer("vest"), organizer("nord", UserRole.READER)):
        for act in (
            lambda: leaders.add("nord", CATO, actor=who),  # noqa: B023 - called before the next round
            lambda: leaders.edit(ane, CATO, actor=who),  # noqa: B023
            lambda: leaders.retire(ane, actor=who),  # noqa: B023
            lambda: leaders.bring_back(ane, actor=who),  # noqa: B023
            lambda: leaders.pair_up(ane, bo, actor=who),  # noqa: B023
            lambda: leaders.dissolve(the_pair().id, actor=who),  # noqa: B023
            lambda: leaders.assign(event.slug, pair_id=None, leader_ids=(ane,), actor=who),  # noqa: B023
        ):
            with pytest.raises(NotFound):
                act()
    assert (leading(event.id), the_pair().dissolved_at) == ([], None)


def test_a_pair_is_two_people_of_one_register(app: Flask) -> None:
    kari = organizer()
    ane, bo = in_register(ANE, BO)
    (elsewhere,) = in_register(CATO, office="vest")
    with pytest.raises(PairOfOne) as refusal:
        leaders.pair_up(ane, ane, actor=kari)
    assert str(refusal.value) == "Et par er to forskjellige kursholdere."
    with pytest.raises(NotFound):
        leaders.pair_up(ane, elsewhere, actor=kari)
    leaders.pair_up(bo, ane, actor=kari)
    with pytest.raises(PairKnown):
        leaders.pair_up(ane, bo, actor=kari)
    assert (the_pair().first_id, the_pair().second_id) == (ane, bo)


def test_a_dissolved_pair_keeps_its_history_and_comes_back(app: Flask) -> None:
    kari, event = organizer(), make_event()
    ane, bo = in_register(ANE, BO)
    leaders.pair_up(ane, bo, actor=kari)
    number = the_pair().id
    leaders.assign(event.slug, pair_id=number, leader_ids=(), actor=kari)
    leaders.dissolve(number, actor=kari)
    leaders.dissolve(number, actor=kari)
    assert (the_pair().dissolved_at, leading(event.id)) == (NOW, [(ane, number), (bo, number)])
    later = make_event(starts=(COURSE_DAYS[0] + timedelta(days=60),))
    with pytest.raises(LeaderUnknown):
        leaders.assign(later.slug, pair_id=number, leader_ids=(), actor=kari)
    leaders.assign(event.slug, pair_id=number, leader_ids=(), actor=kari)  # it stays where it is
    leaders.pair_up(ane, bo, actor=kari)
    assert (the_pair().id, the_pair().dissolved_at) == (number, None)


def test_the_pair_stands_first_and_the_others_in_order(app: Flask) -> None:
    kari, event = organizer(), make_event()
    ane, bo, cato, dina = in_register(ANE, BO, CATO, replace(ANE, name="Dina Fosse", email="dina@lege.example.org"))
    leaders.pair_up(bo, cato, actor=kari)
    number = the_pair().id
    leaders.assign(event.slug, pair_id=number, leader_ids=(dina, bo, ane), actor=kari)
    assert leading(event.id) == [(bo, number), (cato, number), (dina, None), (ane, None)]
    leaders.assign(event.slug, pair_id=None, leader_ids=(cato, ane), actor=kari)
    assert leading(event.id) == [(cato, None), (ane, None)]
    leaders.assign(event.slug, pair_id=None, leader_ids=(), actor=kari)
    assert leading(event.id) == []
    changed = [told for verb, told in verbs() if verb == "leaders_changed"]
    assert changed == [{"leaders": f"{bo},{cato},{dina},{ane}"}, {"leaders": f"{cato},{ane}"}, {"leaders": ""}]


def test_nobody_is_in_two_places_and_the_refusal_says_where(app: Flask) -> None:
    kari = organizer()
    there, here = make_event(title="Kurs i Bodø", status=EventStatus.DRAFT), make_event(starts=(COURSE_DAYS[1],))
    (ane,) = in_register(ANE)
    leaders.assign(there.slug, pair_id=None, leader_ids=(ane,), actor=kari)
    with pytest.raises(LeaderBusy) as refusal:
        leaders.assign(here.slug, pair_id=None, leader_ids=(ane,), actor=kari)
    assert str(refusal.value) == "Ane Berg er opptatt 22. april 2027: «Kurs i Bodø», Møterom Ås."
    assert leading(here.id) == []
    with transaction() as tx:
        tx.get_one(Event, there.id).sessions[1].cancelled = True
    leaders.assign(here.slug, pair_id=None, leader_ids=(ane,), actor=kari)
    assert leading(here.id) == [(ane, None)]


def test_whoever_stands_in_two_registers_is_one_person(app: Flask) -> None:
    kari, vera = organizer(), organizer("vest")
    (ane,), (other,) = in_register(ANE), in_register(replace(ANE, email=ANE.email.upper()), office="vest")
    joint, at_vest = make_event(), make_event(office="vest")
    share(joint, "vest")
    with pytest.raises(LeaderTwice) as refusal:
        leaders.assign(joint.slug, pair_id=None, leader_ids=(ane, other), actor=kari)
    assert str(refusal.value) == "Ane Berg er valgt to ganger."
    leaders.assign(joint.slug, pair_id=None, leader_ids=(other,), actor=vera)
    with pytest.raises(LeaderBusy):
        leaders.assign(at_vest.slug, pair_id=None, leader_ids=(other,), actor=vera)
    leaders.assign(joint.slug, pair_id=None, leader_ids=(ane,), actor=kari)
    with pytest.raises(LeaderBusy):
        leaders.assign(at_vest.slug, pair_id=None, leader_ids=(other,), actor=vera)


def test_a_joint_event_has_leaders_of_all_its_offices_and_of_no_other(app: Flask) -> None:
    event, kari = make_event(), organizer()
    (ane,), (bo,), (cato,) = in_register(ANE), in_register(BO, office="vest"), in_register(CATO, office="ost")
    with pytest.raises(LeaderUnknown):
        leaders.assign(event.slug, pair_id=None, leader_ids=(ane, bo), actor=kari)
    share(event, "vest")
    leaders.assign(event.slug, pair_id=None, leader_ids=(ane, bo), actor=organizer("vest"))
    assert leading(event.id) == [(ane, None), (bo, None)]
    with pytest.raises(LeaderUnknown):
        leaders.assign(event.slug, pair_id=None, leader_ids=(cato,), actor=kari)


def test_who_has_stopped_is_not_chosen_but_stays_where_she_is(app: Flask) -> None:
    kari, event = organizer(), make_event()
    ane, bo = in_register(ANE, BO)
    leaders.assign(event.slug, pair_id=None, leader_ids=(ane,), actor=kari)
    leaders.retire(ane, actor=kari)
    leaders.retire(bo, actor=kari)
    with pytest.raises(LeaderRetired) as refusal:
        leaders.assign(event.slug, pair_id=None, leader_ids=(ane, bo), actor=kari)
    assert str(refusal.value) == "Bo Dahl er tatt ut av registeret."
    with pytest.raises(LeaderRetired):
        leaders.pair_up(ane, bo, actor=kari)
    leaders.bring_back(bo, actor=kari)
    leaders.assign(event.slug, pair_id=None, leader_ids=(bo, ane), actor=kari)
    assert leading(event.id) == [(bo, None), (ane, None)]


def test_other_reasons_to_refuse(app: Flask, time: Clock) -> None:
    kari = organizer()
    many = in_register(*(replace(ANE, email=f"ane{one}@lege.example.org") for one in range(9)))
    off, event = make_event(status=EventStatus.CANCELLED), make_event()
    refused: list[type[DomainError]] = []
    for slug, ids in ((off.slug, (many[0],)), (event.slug, tuple(many)), (event.slug, (999,)), ("finnes-ikke", ())):
        with pytest.raises(DomainError) as refusal:
            leaders.assign(slug, pair_id=None, leader_ids=ids, actor=kari)
        refused.append(refusal.type)
    assert refused == [EventOver, TooManyLeaders, LeaderUnknown, NotFound]


def test_a_session_does_not_move_to_where_its_leader_is_busy(app: Flask) -> None:
    kari = organizer()
    here, there = make_event(), make_event(title="Et annet kurs", starts=(COURSE_DAYS[0] + timedelta(days=1),))
    (ane,) = in_register(ANE)
    for event in (here, there):
        leaders.assign(event.slug, pair_id=None, leader_ids=(ane,), actor=kari)
    plan = as_is(here)
    day = timedelta(days=1)
    first = plan.sessions[0]
    moved = replace(first, starts_at=first.starts_at + day, ends_at=first.ends_at + day)
    with pytest.raises(LeaderBusy) as refusal:
        changes.change(here.slug, replace(plan, sessions=(moved, plan.sessions[1])), actor=kari)
    assert str(refusal.value) == "Ane Berg er opptatt 23. mars 2027: «Et annet kurs», Møterom Ås."
    changes.change(here.slug, replace(plan, title=f"{TITLE} – nytt"), actor=kari)
    assert db.session.get_one(Event, here.id, populate_existing=True).title == f"{TITLE} – nytt"


def test_two_events_cannot_take_the_same_leader_at_once(app: Flask) -> None:
    kari = organizer()
    (ane,) = in_register(ANE)
    slugs = [make_event(title=f"Kurs {number}").slug for number in range(4)]

    def take(slug: str) -> bool:
        with app.app_context():
            try:
                leaders.assign(slug, pair_id=None, leader_ids=(ane,), actor=kari)
            except LeaderBusy:
                return False
            return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(take, slugs)) == [False, False, False, True]
