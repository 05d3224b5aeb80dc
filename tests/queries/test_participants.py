"""The participant table: grouping, order, pages, counts, and what it costs."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import event as listen
from sqlalchemy import select

from courseapp.db import db
from courseapp.domain.access import Actor, UserRole
from courseapp.domain.errors import NotFound
from courseapp.domain.registration import Role, Status
from courseapp.models.event import Event
from courseapp.models.journal import MailState
from courseapp.models.office import Office
from courseapp.models.registration import RegistrationRole
from courseapp.queries import participant_export, participants
from courseapp.queries.participants import PAGE_SIZE, ParticipantTable
from tests.conftest import NOW
from tests.making import make_event
from tests.people import join, letter_to, registered, save, share


def organizer(office: str = "nord", role: UserRole = UserRole.ORGANIZER) -> Actor:
    number = db.session.scalars(select(Office.id).where(Office.slug == office)).one()
    return Actor(user_id=1, name="Kari", roles=((number, role),), national=None)


def table(event: Event, *, page: int = 1, actor: Actor | None = None) -> ParticipantTable:
    return participants.table(actor or organizer(), event.slug, NOW, page=page)


def groups(shown: ParticipantTable) -> list[tuple[Role, int, int]]:
    return [(group.role, group.count, len(group.people)) for group in shown.groups]


def seated(shown: ParticipantTable) -> list[int]:
    return [person.id for group in shown.groups for person in group.people]


@contextmanager
def counted() -> Iterator[list[str]]:
    """Every statement but the beginnings of transactions."""
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT")):
            said.append(statement)

    listen.listen(db.engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        listen.remove(db.engine, "before_cursor_execute", note)


def test_groups_come_in_the_order_of_the_report_with_their_counts(app: Flask) -> None:
    event = make_event()
    join(event, 1, primary_role=Role.NOT_DOCTOR)
    join(event, 2, first=10, primary_role=Role.ALIS)
    join(event, 3, first=20, primary_role=Role.SPECIALIST_GENERAL_PRACTICE)
    shown = table(event)
    assert groups(shown) == [
        (Role.SPECIALIST_GENERAL_PRACTICE, 3, 3),
        (Role.ALIS, 2, 2),
        (Role.NOT_DOCTOR, 1, 1),
    ]
    assert shown.total == sum(group.count for group in shown.groups)


def test_an_offered_seat_counts_among_the_seated(app: Flask) -> None:
    event = make_event()
    join(event, 2)
    join(event, 1, first=5, status=Status.OFFERED)
    shown = table(event)
    assert [shown.total, shown.offered, shown.event.seats.taken] == [3, 1, 3]


def test_names_stand_in_norwegian_order(app: Flask) -> None:
    event = make_event()
    names = ["Ås", "Ærø", "Zahl", "Øra", "Aasen", "Abel", "åberg", "Müller", "Moe"]
    save(*(registered(event, number, last_name=name) for number, name in enumerate(names)))
    people = table(event).groups[0].people
    assert [one.person.last_name for one in people] == [
        "Abel",
        "Moe",
        "Müller",
        "Zahl",
        "Ærø",
        "Øra",
        "åberg",
        "Ås",
        "Aasen",
    ]


def test_four_hundred_and_fifty_people_are_three_pages(app: Flask) -> None:
    event = make_event(capacity=None)
    join(event, 150, primary_role=Role.SPECIALIST_GENERAL_PRACTICE)
    join(event, 300, first=1000, primary_role=Role.ALIS)
    pages = [table(event, page=page) for page in (1, 2, 3)]
    assert [groups(page) for page in pages] == [
        [(Role.SPECIALIST_GENERAL_PRACTICE, 150, 150), (Role.ALIS, 300, 50)],
        [(Role.ALIS, 300, 200)],
        [(Role.ALIS, 300, 50)],
    ]
    assert [(page.total, page.page, page.pages) for page in pages] == [(450, 1, 3), (450, 2, 3), (450, 3, 3)]
    assert len({one for page in pages for one in seated(page)}) == 450


def test_a_page_past_the_last_is_the_last(app: Flask) -> None:
    event = make_event()
    join(event, 3)
    shown = table(event, page=10_000)
    assert [shown.page, len(seated(shown))] == [1, 3]


def test_the_line_goes_on_over_pages_with_its_places(app: Flask) -> None:
    event = make_event(capacity=1)
    join(event, 1)
    line = join(event, PAGE_SIZE + 2, first=10, status=Status.WAITLISTED)
    first, second = table(event), table(event, page=2)
    assert [one.position for one in second.waiting] == [PAGE_SIZE + 1, PAGE_SIZE + 2]
    assert [one.id for one in (*first.waiting, *second.waiting)] == line
    assert [first.waiting_total, second.waiting_total, second.pages, seated(second)] == [202, 202, 2, []]


def test_those_who_applied_or_left_have_lists_of_their_own(app: Flask) -> None:
    event = make_event()
    applied = join(event, 2, status=Status.APPLIED)
    cancelled = join(event, 1, first=5, status=Status.CANCELLED)
    declined = join(event, 1, first=6, status=Status.DECLINED)
    shown = table(event)
    assert [one.id for one in shown.applied] == applied
    assert sorted(one.id for one in shown.gone) == [*cancelled, *declined]
    assert [shown.total, shown.applied_total, shown.gone_total, shown.groups] == [0, 2, 2, ()]


def test_failed_mail_is_counted_by_person(app: Flask) -> None:
    event = make_event()
    one, two = join(event, 2)
    for subject in ("a", "b"):
        letter_to(one, MailState.FAILED, subject=subject)
    letter_to(two, MailState.SENT)
    shown = table(event)
    assert [shown.mail_failed, [person.mail for person in shown.groups[0].people]] == [
        1,
        [MailState.FAILED, MailState.SENT],
    ]


def test_everyone_comes_with_the_seated_by_role_first_then_the_line_then_applications(app: Flask) -> None:
    event = make_event()
    (applied,) = join(event, 1, status=Status.APPLIED)
    waiting = join(event, 2, first=10, status=Status.WAITLISTED)
    (alis,) = join(event, 1, first=20)
    (specialist,) = join(event, 1, first=30, primary_role=Role.SPECIALIST_GENERAL_PRACTICE)
    join(event, 1, first=40, status=Status.CANCELLED)
    found = participant_export.everyone(organizer(), event.slug)
    rows = list(found.rows)
    assert [found.event_id, found.title] == [event.id, event.title]
    assert [row.id for row in rows] == [specialist, alis, *waiting, applied]
    assert [row.position for row in rows] == [None, None, 1, 2, None]


def test_people_of_other_events_are_left_out(app: Flask) -> None:
    join(make_event(slug="annet"), 3)
    event = make_event(slug="mitt")
    assert [table(event).total, list(participant_export.everyone(organizer(), "mitt").rows)] == [0, []]


@pytest.mark.parametrize(
    ("office", "role", "seen"),
    [
        ("nord", UserRole.ORGANIZER, True),
        ("nord", UserRole.READER, True),
        ("vest", UserRole.ORGANIZER, True),
        ("midt", UserRole.ADMINISTRATOR, False),
    ],
)
def test_a_joint_event_is_open_to_both_offices_and_nobody_else(
    app: Flask, office: str, role: UserRole, seen: bool
) -> None:
    event = make_event()
    share(event, "vest")
    (number,) = join(event, 1)
    actor = organizer(office, role)
    looks = (
        lambda: participants.table(actor, event.slug, NOW),
        lambda: participant_export.everyone(actor, event.slug),
        lambda: participants.participant(actor, event.slug, number, NOW),
    )
    answers = []
    for look in looks:
        try:
            look()
        except NotFound:
            answers.append(False)
        else:
            answers.append(True)
    assert answers == [seen] * 3


@pytest.mark.parametrize("slug", ["finnes-ikke", "", "a\x00b", "x" * 3000])
def test_an_event_that_is_not_there_is_not_found(app: Flask, slug: str) -> None:
    with pytest.raises(NotFound):
        participants.table(organizer(), slug, NOW)


def test_readers_may_look_but_not_organize(app: Flask) -> None:
    event = make_event()
    shown = [table(event, actor=organizer("nord", role)).may_organize for role in UserRole]
    assert dict(zip(UserRole, shown, strict=True)) == {
        UserRole.ADMINISTRATOR: True,
        UserRole.ORGANIZER: True,
        UserRole.READER: False,
    }


def full_event(slug: str, people: int) -> Event:
    """Everything a table can hold, so many of each."""
    event = make_event(slug=slug, capacity=None)
    rows = [
        registered(event, number + 1000 * offset, status=status)
        for offset, status in enumerate(Status)
        for number in range(1, people + 1)
    ]
    for row in rows:
        row.other_roles = [RegistrationRole(role=Role.LIS1, position=0)]
    letter_to(save(*rows)[0], MailState.FAILED)
    return event


def test_a_page_takes_as_many_statements_for_150_people_as_for_5(app: Flask) -> None:
    few, many = full_event("faa", 5), full_event("mange", 150)
    actor = organizer()
    costs = []
    for event in (few, many):
        db.session.rollback()
        with counted() as said:
            participants.table(actor, event.slug, NOW)
        costs.append(len(said))
    assert costs == [costs[0]] * 2
    assert costs[0] <= 24


def test_the_export_takes_as_many_statements_for_150_people_as_for_5(app: Flask) -> None:
    few, many = full_event("faa", 5), full_event("mange", 75)
    actor = organizer()
    costs = []
    for event in (few, many):
        db.session.rollback()
        with counted() as said:
            list(participant_export.everyone(actor, event.slug).rows)
        costs.append(len(said))
    assert costs == [costs[0]] * 2
    assert costs[0] <= 10
