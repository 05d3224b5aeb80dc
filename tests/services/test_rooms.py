"""Two rooms, two counts, two lines: who comes and who calls in never take each other's seats."""

import pytest
from flask import Flask
from sqlalchemy import select

from courseapp.db import db, transaction
from courseapp.domain.errors import EventStarted, MoveNotAllowed, NotFound
from courseapp.domain.event import EventKind, FillMode
from courseapp.domain.modes import (
    AnswerFirst,
    DigitalPlacesAlone,
    Mode,
    ModeFull,
    ModeMissing,
    NeverHybrid,
    NotHybrid,
    SomebodyDigital,
)
from courseapp.domain.plan_errors import WrongCapacity
from courseapp.domain.registration import Role, Status
from courseapp.domain.waitlist import Share
from courseapp.links import links
from courseapp.models.event import Event
from courseapp.models.registration import Registration
from courseapp.queries.events import seats_of
from courseapp.services import line, offers, registrations, rooms
from courseapp.services.changes import ReasonMissing
from courseapp.services.line import SeatsWish
from tests.conftest import Clock
from tests.letters import all_letters, history, occasions, the_registration
from tests.making import make_event, make_hybrid, person, wish_in
from tests.people import organizer

PHYSICAL, DIGITAL = Mode.PHYSICAL, Mode.DIGITAL
WHY = "Avtalt på telefon"


def sign_up(event: Event, mode: Mode | None, number: int, **more: object) -> tuple[Status, int | None]:
    answer = registrations.sign_up(wish_in(event, mode, number, **more))
    return answer.status, answer.position


def stands(event: Event) -> list[tuple[str, str, str | None]]:
    """Who is where: number, status, room, in the order they came."""
    db.session.rollback()
    rows = db.session.scalars(select(Registration).where(Registration.event_id == event.id).order_by(Registration.id))
    return [(one.email[4 : one.email.index("@")], str(one.status), one.mode and str(one.mode)) for one in rows]


def left(event: Event) -> list[tuple[int, int, int | None]]:
    """Taken, waiting and left of each room, and of the event."""
    db.session.rollback()
    seats = seats_of(db.session(), [db.session.get_one(Event, event.id)])[event.id]
    return [(one.taken, one.waiting, one.left) for one in (*(each for _mode, each in seats.rooms), seats)]


def key(number: int) -> str:
    one = the_registration(f"kare{number}@lege.example.org")
    return links().key(one.id, one.link_serial)


def number_of(number: int) -> int:
    return the_registration(f"kare{number}@lege.example.org").id


def seats(capacity: int | None, digital: int | None = None, *shares: Share, hybrid: bool = True) -> SeatsWish:
    return SeatsWish(
        capacity=capacity,
        hybrid=hybrid,
        digital_capacity=digital,
        fill_mode=FillMode.CONFIRM,
        offer_hours=48,
        fill_stops_days=0,
        role_shares=shares,
    )


def test_each_room_has_a_count_and_a_line_of_its_own(app: Flask) -> None:
    event = make_hybrid(1, 2)
    got = [sign_up(event, mode, number) for number, mode in enumerate([PHYSICAL] * 3 + [DIGITAL] * 4, start=1)]
    assert got == [
        (Status.REGISTERED, None),
        (Status.WAITLISTED, 1),
        (Status.WAITLISTED, 2),
        (Status.REGISTERED, None),
        (Status.REGISTERED, None),
        (Status.WAITLISTED, 1),
        (Status.WAITLISTED, 2),
    ]
    assert left(event) == [(1, 2, 0), (2, 2, 0), (3, 4, 0)]


def test_a_room_without_a_bound_takes_everybody_and_the_sum_has_none(app: Flask) -> None:
    event = make_hybrid(1, None)
    assert [sign_up(event, DIGITAL, number)[0] for number in range(1, 4)] == [Status.REGISTERED] * 3
    assert sign_up(event, PHYSICAL, 4) == (Status.REGISTERED, None)
    assert left(event) == [(1, 0, 0), (3, 0, None), (4, 0, None)]


def test_nobody_signs_up_to_a_hybrid_event_without_saying_how(app: Flask) -> None:
    event = make_hybrid()
    with pytest.raises(ModeMissing):
        sign_up(event, None, 1)
    assert stands(event) == []


def test_a_mode_means_nothing_where_there_is_one_room(app: Flask) -> None:
    event = make_event(capacity=1)
    assert [sign_up(event, mode, number)[0] for number, mode in ((1, DIGITAL), (2, PHYSICAL))] == [
        Status.REGISTERED,
        Status.WAITLISTED,
    ]
    assert [one[2] for one in stands(event)] == [None, None]


def test_a_seat_that_comes_free_goes_to_the_line_of_its_own_room(app: Flask) -> None:
    event = make_hybrid(1, 1)
    for number, mode in enumerate([PHYSICAL, DIGITAL, DIGITAL, PHYSICAL], start=1):
        sign_up(event, mode, number)
    registrations.cancel(key(1))
    assert stands(event) == [
        ("1", "cancelled", "physical"),
        ("2", "registered", "digital"),
        ("3", "waitlisted", "digital"),
        ("4", "registered", "physical"),
    ]


def test_an_offer_turned_down_goes_on_in_its_own_line(app: Flask) -> None:
    event = make_hybrid(1, 1, fill_mode=FillMode.OFFER)
    for number, mode in enumerate([PHYSICAL, DIGITAL, DIGITAL, PHYSICAL, PHYSICAL], start=1):
        sign_up(event, mode, number)
    registrations.cancel(key(1))
    assert [one[1] for one in stands(event)] == ["cancelled", "registered", "waitlisted", "offered", "waitlisted"]
    assert left(event)[:2] == [(1, 1, 0), (1, 1, 0)]
    offers.decline(key(4))
    assert [one[1] for one in stands(event)] == ["cancelled", "registered", "waitlisted", "declined", "offered"]


def test_more_seats_in_one_room_help_those_who_wait_for_it_alone(app: Flask) -> None:
    event, kari = make_hybrid(1, 1), organizer()
    for number, mode in enumerate([PHYSICAL, DIGITAL, DIGITAL, PHYSICAL], start=1):
        sign_up(event, mode, number)
    assert line.set_seats(event.slug, seats(1, 2), kari) == 1
    assert [one[1] for one in stands(event)] == ["registered", "registered", "registered", "waitlisted"]
    assert line.set_seats(event.slug, seats(1, None), kari) == 0


def test_shares_of_roles_bound_the_room_and_not_the_video_meeting(app: Flask) -> None:
    event, kari = make_hybrid(2, 2), organizer()
    line.set_seats(event.slug, seats(2, 2, Share(role=Role.ALIS, most=1)), kari)
    got = [sign_up(event, mode, number)[0] for number, mode in enumerate([PHYSICAL, PHYSICAL, DIGITAL, DIGITAL], 1)]
    assert got == [Status.REGISTERED, Status.WAITLISTED, Status.REGISTERED, Status.REGISTERED]


def test_a_change_of_room_takes_a_free_seat_and_gives_the_old_one_on(app: Flask) -> None:
    event = make_hybrid(1, 2)
    for number, mode in ((1, PHYSICAL), (2, PHYSICAL), (3, DIGITAL)):
        sign_up(event, mode, number)
    registrations.change_details(key(1), person(1), mode=DIGITAL)
    assert stands(event) == [
        ("1", "registered", "digital"),
        ("2", "registered", "physical"),
        ("3", "registered", "digital"),
    ]
    assert history(number_of(1))[-1] == "mode_changed"


@pytest.mark.parametrize("waiting", [False, True])
def test_a_full_room_cannot_be_changed_to_and_nothing_else_is_kept(app: Flask, waiting: bool) -> None:
    event = make_hybrid(1, 1)
    sign_up(event, PHYSICAL, 1)
    sign_up(event, DIGITAL, 2)
    if waiting:
        sign_up(event, DIGITAL, 3)
    before = (stands(event), history(number_of(1)))
    with pytest.raises(ModeFull):
        registrations.change_details(key(1), person(1, workplace="Et annet sted"), mode=DIGITAL)
    assert (stands(event), history(number_of(1))) == before
    assert the_registration("kare1@lege.example.org").workplace == "Havna legekontor"


def test_while_anybody_waits_for_a_room_it_is_full_also_to_those_who_change(app: Flask) -> None:
    event, kari = make_hybrid(1, 1, fill_stops_days=90), organizer()
    sign_up(event, DIGITAL, 1)
    sign_up(event, DIGITAL, 2)
    sign_up(event, PHYSICAL, 3)
    line.remove(event.slug, number_of(1), WHY, kari)  # filling has stopped, so the seat stays free beside the line
    assert left(event)[1] == (0, 1, 0)
    with pytest.raises(ModeFull):
        registrations.change_details(key(3), person(3), mode=DIGITAL)


def test_whoever_waits_may_have_the_seat_that_is_free_in_the_other_room(app: Flask) -> None:
    event = make_hybrid(1, None)
    sign_up(event, PHYSICAL, 1)
    sign_up(event, PHYSICAL, 2)
    registrations.change_details(key(2), person(2), mode=DIGITAL)
    assert stands(event)[1] == ("2", "registered", "digital")
    assert occasions("kare2@lege.example.org") == ["waiting", "confirmation", "invitation"]


def test_who_has_an_offer_answers_it_before_asking_for_the_other_room(app: Flask) -> None:
    event = make_hybrid(1, None, fill_mode=FillMode.OFFER)
    sign_up(event, PHYSICAL, 1)
    sign_up(event, PHYSICAL, 2)
    registrations.cancel(key(1))
    with pytest.raises(AnswerFirst):
        registrations.change_details(key(2), person(2), mode=DIGITAL)
    with pytest.raises(AnswerFirst):
        rooms.change_by_hand(event.slug, number_of(2), DIGITAL, WHY, organizer())
    assert stands(event)[1] == ("2", "offered", "physical")


def test_nobody_changes_room_once_it_has_begun(app: Flask, time: Clock) -> None:
    event = make_hybrid(1, None)
    sign_up(event, PHYSICAL, 1)
    time.pass_by(days=100)
    with pytest.raises(EventStarted):
        registrations.change_details(key(1), person(1), mode=DIGITAL)


def test_there_is_no_other_room_at_a_course(app: Flask) -> None:
    event = make_event()
    sign_up(event, None, 1)
    with pytest.raises(NotHybrid):
        registrations.change_details(key(1), person(1), mode=DIGITAL)
    with pytest.raises(NotHybrid):
        rooms.change_by_hand(event.slug, number_of(1), DIGITAL, WHY, organizer())


def test_by_hand_somebody_is_put_past_the_line_and_beyond_the_seats_for_a_reason(app: Flask) -> None:
    event, kari = make_hybrid(1, None), organizer()
    for number, mode in ((1, PHYSICAL), (2, PHYSICAL), (3, DIGITAL)):
        sign_up(event, mode, number)
    rooms.change_by_hand(event.slug, number_of(3), PHYSICAL, WHY, kari)
    assert left(event)[0] == (2, 1, 0)
    with transaction() as tx:
        from_history = tx.get_one(Registration, number_of(3))
        assert (from_history.status, from_history.mode) == (Status.REGISTERED, PHYSICAL)
    assert history(number_of(3))[-1] == "mode_changed_by_hand"


def test_by_hand_one_who_waits_stands_last_in_the_other_line(app: Flask) -> None:
    event, kari = make_hybrid(1, 1), organizer()
    for number, mode in enumerate([PHYSICAL, PHYSICAL, DIGITAL, DIGITAL], start=1):
        sign_up(event, mode, number)
    rooms.change_by_hand(event.slug, number_of(2), DIGITAL, WHY, kari)
    db.session.rollback()
    in_line = seats_in_line(event, DIGITAL)
    assert in_line == ["kare4@lege.example.org", "kare2@lege.example.org"]
    assert occasions("kare2@lege.example.org") == ["waiting", "waiting"]


def seats_in_line(event: Event, mode: Mode) -> list[str]:
    chosen = select(Registration.email).where(
        Registration.event_id == event.id, Registration.status == Status.WAITLISTED, Registration.mode == mode
    )
    return list(db.session.scalars(chosen.order_by(Registration.line_no)))


def test_a_change_by_hand_needs_a_reason_a_place_and_an_organizer_of_the_office(app: Flask) -> None:
    event, kari = make_hybrid(1, None), organizer()
    sign_up(event, PHYSICAL, 1)
    with pytest.raises(ReasonMissing):
        rooms.change_by_hand(event.slug, number_of(1), DIGITAL, " ", kari)
    with pytest.raises(NotFound):
        rooms.change_by_hand(event.slug, number_of(1), DIGITAL, WHY, organizer("sor"))
    registrations.cancel(key(1))
    with pytest.raises(MoveNotAllowed):
        rooms.change_by_hand(event.slug, number_of(1), DIGITAL, WHY, kari)


def test_twice_by_hand_is_once(app: Flask) -> None:
    event, kari = make_hybrid(1, None), organizer()
    sign_up(event, PHYSICAL, 1)
    for _ in range(2):
        rooms.change_by_hand(event.slug, number_of(1), DIGITAL, WHY, kari)
    assert (stands(event), history(number_of(1)).count("mode_changed_by_hand")) == ([("1", "registered", "digital")], 1)


def test_the_line_is_moved_within_a_room(app: Flask) -> None:
    event, kari = make_hybrid(1, 1), organizer()
    for number, mode in enumerate([PHYSICAL, DIGITAL, PHYSICAL, DIGITAL, PHYSICAL, DIGITAL], start=1):
        sign_up(event, mode, number)
    line.move_in_line(event.slug, number_of(5), 1, WHY, kari)
    db.session.rollback()
    assert seats_in_line(event, PHYSICAL) == ["kare5@lege.example.org", "kare3@lege.example.org"]
    assert seats_in_line(event, DIGITAL) == ["kare4@lege.example.org", "kare6@lege.example.org"]


def test_whoever_is_in_when_an_event_gets_two_rooms_is_in_the_room(app: Flask) -> None:
    event, kari = make_event(capacity=1, kind=EventKind.CONFERENCE), organizer()
    sign_up(event, None, 1)
    sign_up(event, None, 2)
    letters = len(all_letters())
    line.set_seats(event.slug, seats(1, 5), kari)
    assert stands(event) == [("1", "registered", "physical"), ("2", "waitlisted", "physical")]
    assert len(all_letters()) == letters


def test_an_event_has_one_room_again_only_when_nobody_calls_in(app: Flask) -> None:
    event, kari = make_hybrid(1, None), organizer()
    sign_up(event, PHYSICAL, 1)
    sign_up(event, DIGITAL, 2)
    with pytest.raises(SomebodyDigital):
        line.set_seats(event.slug, seats(1, hybrid=False), kari)
    registrations.cancel(key(2))
    line.set_seats(event.slug, seats(1, hybrid=False), kari)
    assert stands(event) == [("1", "registered", None), ("2", "cancelled", None)]


def test_rooms_that_cannot_be_are_refused(app: Flask) -> None:
    course, kari = make_event(), organizer()
    conference = make_hybrid(1, None)
    with pytest.raises(NeverHybrid):
        line.set_seats(course.slug, seats(30, None), kari)
    with pytest.raises(DigitalPlacesAlone):
        line.set_seats(conference.slug, seats(1, 5, hybrid=False), kari)
    with pytest.raises(WrongCapacity):
        line.set_seats(conference.slug, seats(1, 0), kari)
