"""People added and edited at the desk: seats, mail or none, and what the history says."""

import pytest
from flask import Flask
from sqlalchemy import select

from courseapp.db import db
from courseapp.domain.access import Actor, UserRole
from courseapp.domain.errors import DomainError, MoveNotAllowed, NotFound
from courseapp.domain.event import EventKind, EventStatus, SeatRule
from courseapp.domain.registration import Role, Source, Status
from courseapp.domain.waitlist import Share
from courseapp.models.event import Event
from courseapp.models.journal import AuditEntry
from courseapp.models.registration import CalendarEntry, Registration
from courseapp.queries import history
from courseapp.services import changes, registrations, reminders, roster
from courseapp.services.changes import EventOver, ReasonMissing
from courseapp.services.roster import AddWish, AlreadyIn, NoSignUps, NotPublishedYet
from tests.conftest import Clock
from tests.keys import key_of
from tests.letters import all_letters, occasions
from tests.making import make_event, person, wish
from tests.people import join, registered, save
from tests.people import organizer as make_organizer
from tests.services.test_changes import as_is, moved

ADDRESS = "kare{}@lege.example.org"


@pytest.fixture
def kari(app: Flask) -> Actor:
    """An organizer at Nord."""
    return make_organizer()


def added(actor: Actor, event: Event, number: int = 1, *, mail: bool = True, reason: str | None = None) -> Registration:
    return one(roster.add(event.slug, AddWish(person=person(number), mail=mail, reason=reason), actor))


def one(registration_id: int) -> Registration:
    db.session.rollback()
    return db.session.get_one(Registration, registration_id)


def reasons(registration: Registration) -> list[tuple[str, str]]:
    return [(row.verb, row.reason) for row in history.acts(registration.id)]


def test_who_is_added_gets_what_a_sign_up_would_give(kari: Actor) -> None:
    new = added(kari, make_event())
    assert [new.status, new.source] == [Status.REGISTERED, Source.ORGANIZER]
    assert occasions(new.email) == ["confirmation", "invitation", "invitation"]
    assert reasons(new) == [("added_by_hand", "")]


def test_without_mail_nothing_is_put_in_the_outbox_and_no_calendar_is_told(kari: Actor) -> None:
    new = added(kari, make_event(), mail=False)
    assert [all_letters(), db.session.scalars(select(CalendarEntry)).all()] == [[], []]
    assert reasons(new) == [("added_by_hand", "Uten e-post.")]


def test_who_was_added_silently_is_invited_with_the_next_change_that_is_told(kari: Actor, time: Clock) -> None:
    event = make_event()
    registrations.sign_up(wish(event, 2))
    time.pass_by(hours=1)
    new = added(kari, event, mail=False)
    time.pass_by(hours=1)
    assert changes.change(event.slug, moved(as_is(event), hours=1), actor=kari) is True
    changes.tell(event.slug, "", actor=kari)
    assert occasions(new.email) == ["changed", "invitation", "invitation"]
    assert {entry.method for entry in db.session.scalars(select(CalendarEntry))} == {"REQUEST"}


def test_who_was_added_silently_is_reminded_like_the_others(kari: Actor, time: Clock) -> None:
    new = added(kari, make_event(), mail=False)
    time.pass_by(days=64)
    assert reminders.put_due() == 1
    assert occasions(new.email) == ["reminder"]


@pytest.mark.parametrize("waiting", [0, 1])
def test_a_full_event_or_one_with_a_line_gives_a_place_in_line(kari: Actor, waiting: int) -> None:
    event = make_event(capacity=1 + waiting)
    join(event, 1)
    join(event, waiting, first=20, status=Status.WAITLISTED)
    new = added(kari, event, 50)
    assert [new.status, occasions(new.email)] == [Status.WAITLISTED, ["waiting"]]


def test_a_reason_gives_a_seat_past_the_line_and_the_capacity(kari: Actor) -> None:
    event = make_event(capacity=1)
    join(event, 1)
    join(event, 1, first=5, status=Status.WAITLISTED)
    new = added(kari, event, 9, reason="  Avtalt med kursleder ")
    assert new.status is Status.REGISTERED
    assert reasons(new) == [("added_by_hand", "2 av 1 plasser tatt. Avtalt med kursleder")]


@pytest.mark.parametrize("reason", ["", "   ", "x" * 301])
def test_an_empty_reason_is_none(kari: Actor, reason: str) -> None:
    event = make_event()
    with pytest.raises(ReasonMissing):
        added(kari, event, reason=reason)
    assert all_letters() == []


def test_where_seats_are_applied_for_a_newcomer_applies(kari: Actor) -> None:
    new = added(kari, make_event(seat_rule=SeatRule.APPLICATION))
    assert [new.status, occasions(new.email)] == [Status.APPLIED, ["applied"]]


def test_an_address_that_is_in_is_refused_with_who_has_it(kari: Actor) -> None:
    event = make_event()
    (known,) = save(registered(event, 1, email="Kare1@lege.example.org"))
    with pytest.raises(AlreadyIn) as refusal:
        added(kari, event)
    assert refusal.value.registration_id == known
    assert all_letters() == []


def test_someone_who_left_can_be_added_again(kari: Actor) -> None:
    event = make_event()
    join(event, 1, status=Status.CANCELLED)
    assert added(kari, event).status is Status.REGISTERED


@pytest.mark.parametrize("more", [{"status": EventStatus.CLOSED}, {}])
def test_the_deadline_and_a_closed_form_do_not_stop_the_office(
    kari: Actor, time: Clock, more: dict[str, object]
) -> None:
    event = make_event(**more)  # type: ignore[arg-type]
    time.pass_by(days=66)
    new = added(kari, event)
    assert [new.status, occasions(new.email)[0]] == [Status.REGISTERED, "confirmation"]


@pytest.mark.parametrize("status", [EventStatus.HELD, EventStatus.PUBLISHED])
def test_somebody_who_was_there_is_added_afterwards_without_mail(kari: Actor, time: Clock, status: EventStatus) -> None:
    event = make_event(capacity=1, status=status)
    join(event, 1)
    time.pass_by(days=400)
    new = added(kari, event, 9)
    assert [new.status, all_letters(), db.session.scalars(select(CalendarEntry)).all()] == [Status.REGISTERED, [], []]


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"status": EventStatus.CANCELLED}, EventOver),
        ({"status": EventStatus.DRAFT}, NotPublishedYet),
        ({"kind": EventKind.STAND}, NoSignUps),
    ],
)
def test_some_events_take_nobody(kari: Actor, more: dict[str, object], refusal: type[DomainError]) -> None:
    event = make_event(**more)  # type: ignore[arg-type]
    with pytest.raises(refusal):
        added(kari, event)
    assert db.session.scalars(select(Registration)).all() == []


@pytest.mark.parametrize("office", ["vest", None])
def test_others_may_neither_add_nor_edit(kari: Actor, office: str | None) -> None:
    event = make_event()
    (known,) = join(event, 1)
    stranger = make_organizer("vest")
    if office is None:
        stranger = Actor(user_id=kari.user_id, name="", roles=((event.office_id, UserRole.READER),), national=None)
    for act in (
        lambda: added(stranger, event, 2),
        lambda: roster.edit(event.slug, known, person(1), stranger),
        lambda: roster.change_address(event.slug, known, "ny@lege.example.org", stranger),
    ):
        with pytest.raises(NotFound):
            act()


def test_editing_writes_down_the_fields_and_never_what_they_said(kari: Actor) -> None:
    event = make_event()
    new = added(kari, event)
    before = len(all_letters())
    roster.edit(event.slug, new.id, person(1, workplace="Fjellet legesenter", hpr_number="7654321"), kari)
    changed = one(new.id)
    assert [changed.workplace, changed.hpr_number, len(all_letters()) - before] == ["Fjellet legesenter", "7654321", 0]
    assert reasons(changed)[0] == ("details_changed", "Arbeidssted, HPR-nummer")
    said = str([entry.details for entry in db.session.scalars(select(AuditEntry))])
    assert ["Fjellet" in said, "7654321" in said, "Havna" in said] == [False] * 3


def test_an_edit_that_changes_nothing_is_not_written_down(kari: Actor) -> None:
    event = make_event()
    new = added(kari, event)
    roster.edit(event.slug, new.id, person(1), kari)
    assert [verb for verb, _reason in reasons(new)] == ["added_by_hand"]


def test_her_own_change_names_the_same_fields(kari: Actor) -> None:
    event = make_event()
    registrations.sign_up(wish(event))
    registrations.change_details(key_of(ADDRESS.format(1)), person(1, mobile="", note="Kommer sent"))
    (mine,) = db.session.scalars(select(Registration))
    assert reasons(mine)[0] == ("details_changed", "Mobilnummer, Merknad")


def test_another_role_may_open_a_seat_that_was_kept_for_it(kari: Actor) -> None:
    share = Share(role=Role.SAMLIS, least=1)
    event = make_event(capacity=1, role_shares=[{"role": str(share.role), "least": 1, "most": None}])
    new = added(kari, event)
    assert new.status is Status.WAITLISTED
    roster.edit(event.slug, new.id, person(1, primary_role=Role.SAMLIS), kari)
    assert one(new.id).status is Status.REGISTERED


def test_who_has_left_is_not_edited(kari: Actor) -> None:
    event = make_event()
    (gone,) = join(event, 1, status=Status.CANCELLED)
    for act in (
        lambda: roster.edit(event.slug, gone, person(1, workplace="Nytt"), kari),
        lambda: roster.change_address(event.slug, gone, "ny@lege.example.org", kari),
    ):
        with pytest.raises(MoveNotAllowed):
            act()


def test_a_person_of_another_event_is_not_found(kari: Actor) -> None:
    event = make_event()
    (other,) = join(make_event(slug="annet"), 1)
    with pytest.raises(NotFound):
        roster.edit(event.slug, other, person(1), kari)


def test_another_address_gets_all_of_it_and_an_unsent_letter_is_taken_back(kari: Actor) -> None:
    event = make_event()
    new = added(kari, event)
    serial = new.link_serial
    assert roster.change_address(event.slug, new.id, "ny@lege.example.org", kari) is True
    assert occasions(ADDRESS.format(1)) == []
    assert occasions("ny@lege.example.org") == ["confirmation", "invitation", "invitation"]
    assert one(new.id).link_serial == serial + 1
    assert reasons(new)[0] == ("address_changed", "")


def test_after_the_end_an_address_is_changed_in_silence(kari: Actor, time: Clock) -> None:
    event = make_event()
    (known,) = join(event, 1)
    time.pass_by(days=400)
    assert roster.change_address(event.slug, known, "ny@lege.example.org", kari) is True
    assert [one(known).email_key, all_letters()] == ["ny@lege.example.org", []]


def test_the_same_address_changes_nothing_and_anothers_is_refused(kari: Actor) -> None:
    event = make_event()
    first, second = join(event, 2)
    assert roster.change_address(event.slug, first, "KARE1@lege.example.org", kari) is False
    with pytest.raises(AlreadyIn) as refusal:
        roster.change_address(event.slug, first, ADDRESS.format(2), kari)
    assert [refusal.value.registration_id, one(first).email] == [second, ADDRESS.format(1)]
