"""Lists of people: guessed, tried, and imported all at once or not at all."""

from collections.abc import Sequence

import pytest
from flask import Flask
from sqlalchemy import select

from courseapp import clock
from courseapp.db import db
from courseapp.documents import reading
from courseapp.domain.access import Actor, UserRole
from courseapp.domain.errors import DomainError, NotFound
from courseapp.domain.event import EventKind, EventStatus, SeatRule
from courseapp.domain.people_columns import (
    ColumnTwice,
    NoAddressColumn,
    NoNameColumn,
    RoleMissing,
    TooManyRoles,
    UploadGone,
)
from courseapp.domain.people_file import NO_EMAIL, NO_NAME, WRONG_EMAIL, WRONG_HPR, WRONG_NAME, WRONG_PHONE, Fate
from courseapp.domain.registration import Role, Source, Status
from courseapp.models.event import Event
from courseapp.models.registration import Registration
from courseapp.models.upload import PeopleUpload
from courseapp.queries import history
from courseapp.queries import people_import as looks
from courseapp.queries.people_import import TrialPage
from courseapp.services import changes, housekeeping, people_import, registrations
from courseapp.services.changes import EventOver, ReasonMissing
from courseapp.services.people_import import ImportWish, NobodyNew, Overtaken, TooManyLetters, WrongRows
from courseapp.services.roster import NotPublishedYet
from tests.conftest import Clock
from tests.letters import all_letters, occasions
from tests.lists import HEADINGS, forms, people
from tests.making import make_event, wish
from tests.people import join, organizer, registered, save

SHORT = ("Navn", "E-post", "Rolle")


@pytest.fixture
def kari(app: Flask) -> Actor:
    """An organizer at Nord."""
    return organizer()


def row(number: int, role: str = "ALIS") -> list[str]:
    return [f"Åse Øvre {number}", f"ase{number}@lege.example.org", role]


def kept(actor: Actor, event: Event, rows: Sequence[Sequence[str]], headings: Sequence[str] = SHORT) -> int:
    """The list, uploaded, with every guess accepted."""
    number = people_import.keep(event.slug, headings, list(enumerate(rows, start=2)), actor)
    shown = looks.upload(actor, event.slug, number, clock.now())
    columns = [one.field for one in shown.columns]
    people_import.set_columns(event.slug, number, columns, {one.text: one.role for one in shown.roles}, actor)
    return number


def tried(actor: Actor, event: Event, number: int) -> TrialPage:
    db.session.rollback()
    shown = looks.trial_page(actor, event.slug, number, clock.now())
    assert shown is not None
    return shown


def imported(actor: Actor, event: Event, number: int, **more: object) -> people_import.Imported:
    told = {"seen": tried(actor, event, number).trial.seen, "mail": False, "skip_wrong": False, **more}
    return people_import.run(event.slug, number, ImportWish(**told), actor)  # type: ignore[arg-type]


def rows() -> list[Registration]:
    db.session.rollback()
    return list(db.session.scalars(select(Registration).order_by(Registration.id)))


def uploads() -> int:
    db.session.rollback()
    return len(db.session.scalars(select(PeopleUpload)).all())


@pytest.mark.parametrize("form", forms([HEADINGS, *people(1)]))
def test_28_people_come_in_from_every_form(kari: Actor, form: str) -> None:
    event = make_event()
    sheet = reading.read(forms([HEADINGS, *people()])[form])
    number = people_import.keep(event.slug, sheet.headings, sheet.rows, kari)
    shown = looks.upload(kari, event.slug, number, clock.now())
    people_import.set_columns(
        event.slug, number, [one.field for one in shown.columns], {one.text: one.role for one in shown.roles}, kari
    )
    assert imported(kari, event, number).people == 28
    found = [
        (
            one.first_name,
            one.last_name,
            one.email,
            one.mobile,
            one.workplace,
            one.municipality,
            one.hpr_number,
            one.note,
        )
        for one in rows()
    ]
    assert found == [
        (first, last, email, f"+47{mobile.replace(' ', '')}", work, "Bodø", hpr.lstrip("0"), note)
        for first, last, email, mobile, _role, work, _place, hpr, note in people()
    ]
    assert {one.primary_role for one in rows()} == {
        Role.SPECIALIST_GENERAL_PRACTICE,
        Role.ALIS,
        Role.LIS1,
        Role.SAMLIS,
        Role.DOCTOR,
    }
    assert {(one.source, one.status) for one in rows()} == {(Source.IMPORT, Status.REGISTERED)}
    assert [all_letters(), uploads()] == [[], 0]


def test_every_row_has_its_fate(kari: Actor) -> None:
    event = make_event()
    (here,) = save(registered(event, 1, email="ASE1@lege.example.org"))
    wrong = [["Uten", "", "ALIS"], ["Per Ås", "per", "ALIS"], ["www.x.no Ås", "b@lege.example.org", "ALIS"]]
    number = kept(kari, event, [row(1), row(2), *wrong, ["Bo Li", "ASE2@lege.example.org", "ALIS"]])
    judged = tried(kari, event, number).trial.rows
    assert [(one.read.number, one.fate, one.other) for one in judged] == [
        (2, Fate.HERE, here),
        (3, Fate.NEW, None),
        (4, Fate.WRONG, None),
        (5, Fate.WRONG, None),
        (6, Fate.WRONG, None),
        (7, Fate.TWICE, 3),
    ]
    assert [one.read.problems for one in judged if one.fate is Fate.WRONG] == [
        (NO_NAME, NO_EMAIL),
        (WRONG_EMAIL,),
        (WRONG_NAME,),
    ]


def test_numbers_that_are_none_are_wrong(kari: Actor) -> None:
    event = make_event()
    headings = ("Navn", "E-post", "Rolle", "Telefon", "HPR")
    number = kept(kari, event, [[*row(1), "ring legen", "tolv"], [*row(2), "", "vet ikke"]], headings)
    assert [one.read.problems for one in tried(kari, event, number).trial.rows] == [(WRONG_PHONE, WRONG_HPR), ()]


def test_wrong_rows_stop_everything_until_somebody_says_to_skip_them(kari: Actor) -> None:
    event = make_event()
    number = kept(kari, event, [row(1), ["Uten", "", "ALIS"]])
    with pytest.raises(WrongRows):
        imported(kari, event, number)
    assert [rows(), uploads()] == [[], 1]
    assert imported(kari, event, number, skip_wrong=True).people == 1
    assert [(one.verb, one.reason) for one in history.of_event(event.id)] == [
        ("people_imported", "1\u00a0person lagt inn. 1\u00a0rad hoppet over. Uten e-post."),
        ("people_uploaded", ""),
    ]
    assert [(one.verb, one.reason) for one in history.acts(rows()[0].id)] == [("imported", "Uten e-post.")]


def test_with_mail_everybody_gets_what_a_sign_up_would_give(kari: Actor) -> None:
    event = make_event(capacity=1)
    assert imported(kari, event, kept(kari, event, [row(1), row(2)]), mail=True).waiting == 1
    assert occasions("ase1@lege.example.org") == ["confirmation", "invitation", "invitation"]
    assert occasions("ase2@lege.example.org") == ["waiting"]


def test_those_beyond_the_seats_wait_in_the_order_of_the_file(kari: Actor) -> None:
    event = make_event(capacity=3)
    join(event, 1, first=90)
    number = kept(kari, event, [row(one) for one in (5, 3, 4, 1)])
    shown = tried(kari, event, number)
    assert [shown.trial.waiting, shown.overbooked] == [2, 5]
    imported(kari, event, number)
    line = sorted((one for one in rows() if one.status is Status.WAITLISTED), key=lambda one: one.line_no or 0)
    assert [one.email for one in line] == ["ase4@lege.example.org", "ase1@lege.example.org"]


def test_nobody_jumps_a_line_that_is_there(kari: Actor) -> None:
    event = make_event(capacity=5)
    join(event, 1, first=90, status=Status.WAITLISTED)
    imported(kari, event, kept(kari, event, [row(1)]))
    assert [one.status for one in rows()] == [Status.WAITLISTED] * 2


def test_a_reason_gives_all_of_them_seats(kari: Actor) -> None:
    event = make_event(capacity=1)
    number = kept(kari, event, [row(1), row(2)])
    with pytest.raises(ReasonMissing):
        imported(kari, event, number, reason=" ")
    assert imported(kari, event, number, reason="Avtalt").waiting == 0
    assert [one.status for one in rows()] == [Status.REGISTERED] * 2
    assert history.of_event(event.id)[0].reason == "2\u00a0personer lagt inn. 2 av 1 plasser tatt. Avtalt Uten e-post."


def test_seats_kept_for_a_role_are_kept_here_too(kari: Actor) -> None:
    event = make_event(capacity=2, role_shares=[{"role": "samlis", "least": 1, "most": None}])
    imported(kari, event, kept(kari, event, [row(1), row(2), row(3, "SamLIS")]))
    assert [one.status for one in rows()] == [Status.REGISTERED, Status.WAITLISTED, Status.REGISTERED]


def test_where_seats_are_applied_for_all_of_them_apply(kari: Actor) -> None:
    event = make_event(seat_rule=SeatRule.APPLICATION)
    imported(kari, event, kept(kari, event, [row(1)]))
    assert [one.status for one in rows()] == [Status.APPLIED]


def test_a_sign_up_in_between_shows_the_trial_again(kari: Actor) -> None:
    event = make_event(capacity=2)
    number = kept(kari, event, [row(1), row(2)])
    before = tried(kari, event, number).trial
    registrations.sign_up(wish(event))
    with pytest.raises(Overtaken):
        people_import.run(event.slug, number, ImportWish(seen=before.seen, mail=True, skip_wrong=False), kari)
    assert [len(rows()), uploads(), tried(kari, event, number).trial.waiting] == [1, 1, 1]
    assert imported(kari, event, number).people == 2


def test_a_list_is_imported_once(kari: Actor) -> None:
    event = make_event()
    number = kept(kari, event, [row(1)])
    seen = tried(kari, event, number).trial.seen
    wanted = ImportWish(seen=seen, mail=False, skip_wrong=False)
    people_import.run(event.slug, number, wanted, kari)
    with pytest.raises(UploadGone):
        people_import.run(event.slug, number, wanted, kari)
    assert len(rows()) == 1


def test_a_list_of_known_people_imports_nobody(kari: Actor) -> None:
    event = make_event()
    save(registered(event, 1, email="ase1@lege.example.org"))
    with pytest.raises(NobodyNew):
        imported(kari, event, kept(kari, event, [row(1)]))


def test_so_many_letters_at_once_are_refused_and_without_mail_they_come_in(kari: Actor) -> None:
    event = make_event(capacity=None)
    number = kept(kari, event, [row(one) for one in range(1, 102)])
    with pytest.raises(TooManyLetters):
        imported(kari, event, number, mail=True)
    assert rows() == []
    assert imported(kari, event, number).people == 101


@pytest.mark.parametrize("status", [EventStatus.HELD, EventStatus.PUBLISHED])
def test_those_who_were_there_come_in_without_mail_and_without_a_line(
    kari: Actor, time: Clock, status: EventStatus
) -> None:
    event = make_event(capacity=1, status=status)
    time.pass_by(days=400)
    assert imported(kari, event, kept(kari, event, [row(1), row(2)]), mail=True).waiting == 0
    assert [[one.status for one in rows()], all_letters()] == [[Status.REGISTERED] * 2, []]


@pytest.mark.parametrize(
    ("status", "refusal"), [(EventStatus.CANCELLED, EventOver), (EventStatus.DRAFT, NotPublishedYet)]
)
def test_some_events_take_no_list(kari: Actor, status: EventStatus, refusal: type[DomainError]) -> None:
    event = make_event(status=status)
    with pytest.raises(refusal):
        kept(kari, event, [row(1)])
    assert uploads() == 0


def test_an_event_that_is_called_off_in_between_takes_nobody(kari: Actor) -> None:
    event = make_event()
    number = kept(kari, event, [row(1)])
    seen = tried(kari, event, number).trial.seen
    changes.call_off(event.slug, "Snø", actor=kari)
    with pytest.raises(EventOver):
        people_import.run(event.slug, number, ImportWish(seen=seen, mail=True, skip_wrong=False), kari)
    assert rows() == []


@pytest.mark.parametrize(
    ("columns", "refusal"),
    [
        (["name", "name", "role"], ColumnTwice),
        (["name", "", "role"], NoAddressColumn),
        (["first_name", "email", "role"], NoNameColumn),
    ],
)
def test_columns_that_make_no_person_are_refused(kari: Actor, columns: list[str], refusal: type[DomainError]) -> None:
    event = make_event()
    number = people_import.keep(event.slug, SHORT, [(2, row(1))], kari)
    with pytest.raises(refusal):
        people_import.set_columns(event.slug, number, columns, {"ALIS": "alis"}, kari)
    assert looks.trial_page(kari, event.slug, number, clock.now()) is None


def test_a_text_that_is_no_known_role_is_asked_for_once(kari: Actor) -> None:
    event = make_event()
    texts = ["Kommuneoverlege", "ALIS", "Kommuneoverlege", ""]
    listed = [(at, row(at, text)) for at, text in enumerate(texts, start=2)]
    number = people_import.keep(event.slug, SHORT, listed, kari)
    shown = looks.upload(kari, event.slug, number, clock.now())
    assert [(one.text, one.count, one.role) for one in shown.roles] == [
        ("Kommuneoverlege", 2, ""),
        ("ALIS", 1, "alis"),
        ("", 1, ""),
    ]
    columns = [one.field for one in shown.columns]
    with pytest.raises(RoleMissing):
        people_import.set_columns(event.slug, number, columns, {"ALIS": "alis", "": "nonsense"}, kari)
    chosen = {"Kommuneoverlege": "specialist_community_medicine", "ALIS": "alis", "": "doctor"}
    people_import.set_columns(event.slug, number, columns, chosen, kari)
    imported(kari, event, number)
    assert [str(one.primary_role) for one in rows()] == [chosen[text] for text in texts]


def test_a_column_of_notes_is_no_column_of_roles(kari: Actor) -> None:
    event = make_event(capacity=None)
    with pytest.raises(TooManyRoles):
        kept(kari, event, [row(one, f"tekst {one}") for one in range(1, 42)])


def test_an_evening_keeps_only_what_an_evening_asks(kari: Actor) -> None:
    event = make_event(kind=EventKind.ALIS_KVELD)
    imported(kari, event, kept(kari, event, people(1), HEADINGS))
    (one,) = rows()
    assert [one.workplace != "", one.mobile, one.hpr_number, one.municipality, one.note] == [True, "", "", "", ""]


def test_a_list_belongs_to_who_uploaded_it_and_to_its_event(kari: Actor) -> None:
    event, other = make_event(), make_event(slug="annet")
    number = kept(kari, event, [row(1)])
    colleague = Actor(user_id=kari.user_id + 1, name="", roles=kari.roles, national=None)
    reader = Actor(user_id=kari.user_id, name="", roles=((event.office_id, UserRole.READER),), national=None)
    for actor, slug, refusal in (
        (colleague, event.slug, UploadGone),
        (kari, other.slug, UploadGone),
        (reader, event.slug, NotFound),
        (organizer("vest"), event.slug, NotFound),
    ):
        for look in (looks.upload, looks.trial_page):
            with pytest.raises(refusal):
                look(actor, slug, number, clock.now())
        with pytest.raises(refusal):
            people_import.run(slug, number, ImportWish(seen="", mail=False, skip_wrong=False), actor)
    assert rows() == []


def test_after_an_hour_a_list_is_gone(kari: Actor, time: Clock) -> None:
    event = make_event()
    number = kept(kari, event, [row(1)])
    time.pass_by(minutes=59)
    housekeeping.tidy()
    assert uploads() == 1
    time.pass_by(minutes=1)
    with pytest.raises(UploadGone):
        looks.upload(kari, event.slug, number, clock.now())
    housekeeping.tidy()
    assert uploads() == 0


def test_a_new_list_and_a_dropped_one_leave_nothing_behind(kari: Actor) -> None:
    event = make_event()
    kept(kari, event, [row(1)])
    kept(kari, event, [row(2)])
    assert uploads() == 1
    people_import.drop(event.slug, kari)
    people_import.drop(event.slug, kari)
    assert [uploads(), rows()] == [0, []]
