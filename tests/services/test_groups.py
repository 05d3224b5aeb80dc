"""Practice groups in the database: divided once, put right by hand, and out of it with the seat."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from courseapp.db import db, transaction
from courseapp.domain.access import Actor, UserRole
from courseapp.domain.errors import DomainError, NotFound
from courseapp.domain.event import EventStatus
from courseapp.domain.groups import NobodyToDivide, TooFewGroups
from courseapp.domain.registration import Role, Status
from courseapp.models.event import Event
from courseapp.models.group import GroupMember, PracticeGroup
from courseapp.models.journal import AuditEntry
from courseapp.queries import groups as looks
from courseapp.queries import history as story
from courseapp.services import changes, groups, leaders, line, publishing, registrations
from courseapp.services.changes import EventOver
from courseapp.services.groups import (
    AllFull,
    ChangedMeanwhile,
    GroupFull,
    GroupWish,
    NameTooLong,
    NoGroupsYet,
    NotALeader,
    SameGroup,
    SeatLost,
)
from tests.conftest import NOW
from tests.keys import key_of
from tests.leading import ANE, BO, CATO, in_register, organizer
from tests.letters import all_letters
from tests.making import make_event
from tests.people import join, registered, save, share
from tests.together import at_once


def course(people: int = 6) -> tuple[Event, list[int], Actor]:
    event = make_event(slug="kurs")
    return event, join(event, people), organizer()


def seen(event: Event) -> int:
    return looks.last_act(db.session(), event.id)


def shown(event: Event, actor: Actor) -> looks.GroupsPage:
    db.session.rollback()
    return looks.page(actor, event.slug, NOW)


def divide(event: Event, actor: Actor, count: int = 2, *, led_by_all: bool = True) -> None:
    db.session.rollback()
    groups.divide(event.slug, count=count, led_by_all=led_by_all, seen=seen(event), actor=actor)


def where(event: Event) -> dict[int, int]:
    db.session.rollback()
    return looks.of_event(event.id)


def kept() -> list[tuple[int, int]]:
    """What the tables hold, whether it counts or not."""
    db.session.rollback()
    rows = db.session.execute(
        select(GroupMember.registration_id, PracticeGroup.number)
        .join(PracticeGroup, PracticeGroup.id == GroupMember.group_id)
        .order_by(GroupMember.registration_id)
    )
    return [(row[0], row[1]) for row in rows]


def acts(event: Event) -> list[tuple[str, int | None, object]]:
    db.session.rollback()
    rows = db.session.scalars(
        select(AuditEntry)
        .where(AuditEntry.event_id == event.id, AuditEntry.verb.in_(looks.ACTS))
        .order_by(AuditEntry.id)
    )
    return [(one.verb, one.registration_id, one.details) for one in rows]


def test_everybody_with_a_seat_is_in_a_group_and_nobody_else(app: Flask) -> None:
    event, ids, kari = course(6)
    save(
        registered(event, 7, status=Status.WAITLISTED),
        registered(event, 8, status=Status.OFFERED),
        registered(event, 9, status=Status.CANCELLED),
        registered(event, 10, status=Status.APPLIED),
    )
    divide(event, kari)
    assert sorted(where(event)) == ids
    page = shown(event, kari)
    assert [(one.number, len(one.people)) for one in page.groups] == [(1, 3), (2, 3)]
    assert (page.total, page.proposed, page.unplaced) == (6, 1, ())
    assert all_letters() == []


def test_the_division_is_written_down_with_the_event(app: Flask) -> None:
    event, _ids, kari = course(6)
    divide(event, kari)
    assert acts(event) == [("groups_divided", None, {"groups": 2, "people": 6})]
    assert [(one.verb, one.who) for one in story.of_event(event.id)] == [("groups_divided", "Kari Nordmann")]


def test_colleagues_are_marked_and_the_figures_are_told(app: Flask) -> None:
    event, kari = make_event(slug="kurs"), organizer()
    save(
        *(registered(event, one, workplace="Havna  legekontor") for one in (1, 2, 3)),
        *(registered(event, one, workplace=f"Sted {one}", primary_role=Role.LIS1, municipality="") for one in (4, 5)),
    )
    divide(event, kari)
    page = shown(event, kari)
    assert page.quality is not None
    assert (page.quality.workplace_clashes, page.quality.least_workplace, page.quality.role_gap) == (1, 1, 1)
    assert sorted(sum(one.clashes for one in group.people) for group in page.groups) == [0, 2]
    assert [group.shared for group in page.groups if group.shared] == [(("Bodø", 2),)]
    assert dict(page.roles)[Role.LIS1] == (1, 1)


@pytest.mark.parametrize(("people", "count", "refusal"), [(0, 1, NobodyToDivide), (9, 1, TooFewGroups)])
def test_what_cannot_be_divided_is_refused_and_nothing_is_made(
    app: Flask, people: int, count: int, refusal: type[DomainError]
) -> None:
    event, _ids, kari = course(people)
    with pytest.raises(refusal):
        divide(event, kari, count)
    assert (kept(), acts(event)) == ([], [])


def test_dividing_anew_replaces_the_groups_and_takes_in_the_late_ones(app: Flask) -> None:
    event, ids, kari = course(6)
    divide(event, kari, 3)
    groups.change(event.slug, 1, GroupWish(name="Rom 4", led_by_all=True, leader_id=None), seen=seen(event), actor=kari)
    late = join(event, 2, first=7)
    divide(event, kari, 2)
    assert sorted(where(event)) == [*ids, *late]
    assert [(one.number, one.name) for one in shown(event, kari).groups] == [(1, ""), (2, "")]
    assert db.session.scalar(select(func.count()).select_from(PracticeGroup)) == 2


def test_of_two_organizers_who_divide_at_once_one_wins_and_the_other_is_told(app: Flask) -> None:
    event, ids, kari = course(9)
    before = seen(event)

    def job(count: int) -> Callable[[], object]:
        return lambda: groups.divide(event.slug, count=count, led_by_all=True, seen=before, actor=kari)

    answers = at_once(app, [job(2), job(3), job(4)])
    assert sorted(answers, key=lambda one: one is not None) == [None, ChangedMeanwhile, ChangedMeanwhile]
    won = [2, 3, 4][answers.index(None)]
    assert (sorted(where(event)), set(where(event).values())) == (ids, set(range(1, won + 1)))
    assert [one[0] for one in acts(event)] == ["groups_divided"]


def test_dividing_anew_never_wipes_out_what_a_colleague_has_just_moved(app: Flask) -> None:
    event, ids, kari = course(6)
    divide(event, kari)
    old = seen(event)
    groups.move(event.slug, ids[0], 3 - where(event)[ids[0]], seen=old, actor=kari)
    before = where(event)
    with pytest.raises(ChangedMeanwhile):
        groups.divide(event.slug, count=3, led_by_all=True, seen=old, actor=kari)
    with pytest.raises(ChangedMeanwhile):
        groups.clear(event.slug, seen=old, actor=kari)
    assert where(event) == before


def test_after_a_new_division_nobody_is_moved_between_groups_that_are_gone(app: Flask) -> None:
    event, ids, kari = course(6)
    divide(event, kari)
    old = seen(event)
    divide(event, kari, 3)
    before = where(event)
    wish = GroupWish(name="Rom 4", led_by_all=True, leader_id=None)
    for act in (
        lambda: groups.move(event.slug, ids[0], 1, seen=old, actor=kari),
        lambda: groups.swap(event.slug, ids[0], ids[1], seen=old, actor=kari),
        lambda: groups.place(event.slug, seen=old, actor=kari),
        lambda: groups.change(event.slug, 1, wish, seen=old, actor=kari),
    ):
        with pytest.raises(ChangedMeanwhile):
            act()
    assert (where(event), [one[0] for one in acts(event)]) == (before, ["groups_divided"] * 2)


def test_one_person_moves_and_the_rest_stay(app: Flask) -> None:
    event, ids, kari = course(6)
    divide(event, kari)
    before = where(event)
    old = before[ids[0]]
    groups.move(event.slug, ids[0], 3 - old, seen=seen(event), actor=kari)
    groups.move(event.slug, ids[0], 3 - old, seen=seen(event), actor=kari)  # a double click
    assert where(event) == {**before, ids[0]: 3 - old}
    assert acts(event)[1:] == [("group_moved", ids[0], {"old": old, "to": 3 - old})]


def test_two_change_places(app: Flask) -> None:
    event, ids, kari = course(4)
    divide(event, kari)
    before, one = where(event), ids[0]
    other = next(each for each in ids if before[each] != before[one])
    groups.swap(event.slug, one, other, seen=seen(event), actor=kari)
    assert where(event) == {**before, one: before[other], other: before[one]}
    assert [each[:2] for each in acts(event)[1:]] == [("group_swapped", one), ("group_swapped", other)]
    mate = next(each for each in ids if each != other and where(event)[each] == where(event)[other])
    with pytest.raises(SameGroup):
        groups.swap(event.slug, other, mate, seen=seen(event), actor=kari)


def test_a_group_of_eight_takes_nobody_more_but_an_exchange(app: Flask) -> None:
    event, ids, kari = course(16)
    divide(event, kari)
    (late,) = join(event, 1, first=17)
    before = where(event)
    with pytest.raises(GroupFull):
        groups.move(event.slug, late, 1, seen=seen(event), actor=kari)
    for who in (late, None):
        with pytest.raises(AllFull):
            groups.place(event.slug, seen=seen(event), actor=kari, registration_id=who)
    assert where(event) == before
    pair = [next(one for one in ids if before[one] == number) for number in (1, 2)]
    groups.swap(event.slug, *pair, seen=seen(event), actor=kari)
    assert where(event) == {**before, pair[0]: 2, pair[1]: 1}


def test_whoever_cancels_leaves_a_hole_and_the_next_one_fills_it(app: Flask) -> None:
    event, ids, kari = course(6)
    divide(event, kari)
    before, gone = where(event), ids[0]
    registrations.cancel(key_of("kare1@lege.example.org"))
    assert where(event) == {one: number for one, number in before.items() if one != gone}
    (late,) = join(event, 1, first=7)
    assert [one.id for one in shown(event, kari).unplaced] == [late]
    assert groups.place(event.slug, seen=seen(event), actor=kari, registration_id=late) == (before[gone],)
    assert where(event) == {**{one: before[one] for one in ids[1:]}, late: before[gone]}
    assert [one for one, _number in kept()] == [*ids[1:], late]  # what was left of her is swept away
    assert acts(event)[-1] == ("group_placed", late, {"to": before[gone]})


def test_whoever_is_taken_off_by_the_office_is_out_and_comes_back_without_a_group(app: Flask) -> None:
    event, ids, kari = course(4)
    divide(event, kari)
    line.remove(event.slug, ids[0], "Syk", kari)
    back = line.put_back(event.slug, ids[0], "Frisk igjen", kari)
    assert (ids[0] in where(event), [one.id for one in shown(event, kari).unplaced]) == (False, [back])


def test_all_late_ones_are_placed_at_once_or_none(app: Flask) -> None:
    event, ids, kari = course(6)
    divide(event, kari)
    before = where(event)
    late = join(event, 3, first=7)
    assert sorted(groups.place(event.slug, seen=seen(event), actor=kari)) in ([1, 1, 2], [1, 2, 2])
    assert {one: where(event)[one] for one in ids} == before
    assert groups.place(event.slug, seen=seen(event), actor=kari) == ()
    assert groups.place(event.slug, seen=seen(event), actor=kari, registration_id=late[0]) == ()
    assert len(acts(event)) == 4


def test_who_has_no_seat_or_is_from_elsewhere_is_put_nowhere(app: Flask) -> None:
    event, ids, kari = course(4)
    waiting, elsewhere = save(registered(event, 8, status=Status.WAITLISTED), registered(make_event(slug="annet"), 9))
    with pytest.raises(NoGroupsYet):
        groups.place(event.slug, seen=0, actor=kari)
    divide(event, kari)
    mark = seen(event)
    for who in (waiting, elsewhere, 999_999):
        for act in (
            lambda who=who: groups.move(event.slug, who, 1, seen=mark, actor=kari),
            lambda who=who: groups.swap(event.slug, ids[0], who, seen=mark, actor=kari),
            lambda who=who: groups.place(event.slug, seen=mark, actor=kari, registration_id=who),
        ):
            with pytest.raises(SeatLost):
                act()
    with pytest.raises(NotFound):
        groups.move(event.slug, ids[0], 3, seen=mark, actor=kari)
    (late,) = join(event, 1, first=10)
    with pytest.raises(SeatLost):
        groups.swap(event.slug, late, ids[0], seen=mark, actor=kari)


def led(event: Event, kari: Actor) -> list[tuple[str, ...]]:
    return [one.leaders for one in shown(event, kari).groups]


def test_each_group_has_a_leader_in_turn_or_all_of_them(app: Flask) -> None:
    event, _ids, kari = course(6)
    two = in_register(ANE, BO)
    leaders.assign(event.slug, pair_id=None, leader_ids=tuple(two), actor=kari)
    divide(event, kari, 3, led_by_all=False)
    assert led(event, kari) == [("Ane Berg",), ("Bo Dahl",), ("Ane Berg",)]
    divide(event, kari, 2)
    assert led(event, kari) == [("Ane Berg", "Bo Dahl")] * 2


def test_a_leader_who_leaves_the_event_leaves_her_group_with_nobody(app: Flask) -> None:
    event, _ids, kari = course(6)
    two = in_register(ANE, BO)
    leaders.assign(event.slug, pair_id=None, leader_ids=tuple(two), actor=kari)
    divide(event, kari, 2, led_by_all=False)
    leaders.assign(event.slug, pair_id=None, leader_ids=(two[1],), actor=kari)
    assert led(event, kari) == [(), ("Bo Dahl",)]


def test_a_group_is_named_and_led_by_whoever_is_chosen(app: Flask) -> None:
    event, _ids, kari = course(4)
    leaders.assign(event.slug, pair_id=None, leader_ids=tuple(in_register(ANE)), actor=kari)
    divide(event, kari)
    ((ane, _name),) = shown(event, kari).leaders
    wish = GroupWish(name="Rom Ås", led_by_all=False, leader_id=ane)
    for _ in range(2):
        groups.change(event.slug, 2, wish, seen=seen(event), actor=kari)
    page = shown(event, kari)
    assert [(one.name, one.led_by_all, one.leader_id) for one in page.groups] == [
        ("", True, None),
        ("Rom Ås", False, ane),
    ]
    assert [one[0] for one in acts(event)] == ["groups_divided", "group_changed"]


def test_a_leader_of_another_event_and_a_name_too_long_are_refused(app: Flask) -> None:
    event, _ids, kari = course(4)
    other = make_event(slug="annet", starts=(NOW.replace(month=9),))
    leaders.assign(other.slug, pair_id=None, leader_ids=tuple(in_register(CATO)), actor=kari)
    ((cato, _name),) = shown(other, kari).leaders
    divide(event, kari)
    for wish, refusal in (
        (GroupWish(name="", led_by_all=False, leader_id=cato), NotALeader),
        (GroupWish(name="", led_by_all=False, leader_id=0), NotALeader),
        (GroupWish(name="x" * 61, led_by_all=True, leader_id=None), NameTooLong),
    ):
        with pytest.raises(refusal):
            groups.change(event.slug, 1, wish, seen=seen(event), actor=kari)
    with pytest.raises(NotFound):
        groups.change(event.slug, 9, GroupWish(name="", led_by_all=True, leader_id=None), seen=seen(event), actor=kari)


def test_groups_are_taken_away_and_the_seats_stay(app: Flask) -> None:
    event, ids, kari = course(4)
    divide(event, kari)
    groups.clear(event.slug, seen=seen(event), actor=kari)
    page = shown(event, kari)
    assert (page.groups, page.unplaced, page.total, page.quality, kept()) == ((), (), 4, None, [])
    assert acts(event)[-1] == ("groups_cleared", None, {"groups": 2})
    with pytest.raises(NoGroupsYet):
        groups.clear(event.slug, seen=seen(event), actor=kari)
    with pytest.raises(NoGroupsYet):
        groups.place(event.slug, seen=seen(event), actor=kari, registration_id=ids[0])


def test_a_course_that_is_held_or_called_off_keeps_its_groups(app: Flask) -> None:
    event, _ids, kari = course(4)
    divide(event, kari)
    with transaction() as tx:
        tx.get_one(Event, event.id).status = EventStatus.HELD
    with pytest.raises(EventOver):
        divide(event, kari)
    assert (shown(event, kari).may_change, len(shown(event, kari).groups)) == (False, 2)


def test_a_draft_that_had_groups_can_still_be_thrown_away_when_nobody_was_on_it(app: Flask) -> None:
    event, kari = make_event(slug="kurs", status=EventStatus.DRAFT), organizer()
    with transaction() as tx:
        tx.add(PracticeGroup(event_id=event.id, number=1, led_by_all=True))
    publishing.delete_draft(event.slug, actor=kari)
    assert db.session.scalars(select(PracticeGroup.id)).all() == []


def test_partners_divide_too_and_nobody_else_may(app: Flask) -> None:
    event, ids, kari = course(4)
    share(event, "vest")
    divide(event, organizer("vest"))
    before, mark = where(event), seen(event)
    wish = GroupWish(name="Vår", led_by_all=True, leader_id=None)
    for actor in (organizer("oslo"), organizer("nord", UserRole.READER)):
        for act in (
            lambda actor=actor: groups.divide(event.slug, count=4, led_by_all=True, seen=mark, actor=actor),
            lambda actor=actor: groups.move(event.slug, ids[0], 1, seen=mark, actor=actor),
            lambda actor=actor: groups.swap(event.slug, ids[0], ids[1], seen=mark, actor=actor),
            lambda actor=actor: groups.place(event.slug, seen=mark, actor=actor),
            lambda actor=actor: groups.change(event.slug, 1, wish, seen=mark, actor=actor),
            lambda actor=actor: groups.clear(event.slug, seen=mark, actor=actor),
        ):
            with pytest.raises(NotFound):
                act()
    assert (where(event), seen(event)) == (before, mark)
    reader = shown(event, organizer("vest", UserRole.READER))
    assert (reader.may_organize, reader.may_change, len(reader.groups)) == (False, False, 2)
    with pytest.raises(NotFound):
        shown(event, organizer("sor"))
    changes.call_off(event.slug, "Snø", actor=kari)
    with pytest.raises(EventOver):
        groups.clear(event.slug, seen=mark, actor=kari)
