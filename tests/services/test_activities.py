"""Activities nobody signs up for: typed in, changed, copied, deleted; and the trial of a file."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from courseapp.db import db
from courseapp.domain.access import Actor
from courseapp.domain.activities import ActivityWish, NoName, TooLong, WrongYear
from courseapp.domain.errors import DomainError, NotFound
from courseapp.domain.event import EventKind, EventStatus, ReportTable
from courseapp.domain.report import NotADate, NotANumber
from courseapp.models.event import Event
from courseapp.models.journal import AuditEntry
from courseapp.queries import activities as looks
from courseapp.services import activities, imports
from courseapp.services.activities import Copied, HasPeople
from courseapp.services.events import PartnersWrong
from courseapp.services.imports import Imported
from tests.conftest import NOW
from tests.making import make_event
from tests.people import join, organizer, share
from tests.services.test_imports import REPORTS

WISH = ActivityWish(
    kind=EventKind.DIALOGUE_MEETING,
    title="Møte med Bodø kommune",
    year=2026,
    table=ReportTable.REGIONAL,
    when="18.–19. mars",
    topic="Dialogmøte",
    place="Bodø",
    number="Ca. 12",
    comment="Med ledere",
)


def event(slug: str) -> Event:
    db.session.rollback()
    return db.session.scalars(select(Event).where(Event.slug == slug)).one()


def listed(actor: Actor, year: int) -> list[tuple[str, str, str, str]]:
    shown = looks.listing(actor, year, NOW)
    return [(row.title, row.place, row.when, row.number) for _table, rows in shown.tables for row in rows]


def verbs() -> list[str]:
    return list(db.session.scalars(select(AuditEntry.verb).order_by(AuditEntry.id)))


def test_it_is_kept_as_an_import_would_keep_it(app: Flask) -> None:
    nora = organizer("nord")
    kept = event(activities.add("nord", WISH, actor=nora))
    assert (kept.status, kept.typed, kept.report_year, kept.report_table) == (
        EventStatus.HELD,
        True,
        2026,
        ReportTable.REGIONAL,
    )
    assert (kept.reported_number, kept.reported_approximate, kept.reported_text) == (12, True, "Ca. 12")
    assert [one.starts_at for one in kept.sessions] == [datetime(2026, 3, day, 8, tzinfo=UTC) for day in (18, 19)]
    assert (kept.starts_at, kept.ends_at) == (kept.sessions[0].starts_at, kept.sessions[1].ends_at)
    assert listed(nora, 2026) == [("Møte med Bodø kommune", "Bodø", "18.–19. mars 2026", "Ca. 12")]
    assert verbs()[-1] == "activity_added"


@pytest.mark.parametrize(
    ("number", "kept"),
    [
        ("", (None, False)),
        ("0", (0, False)),
        ("31", (31, False)),
        ("Ca 100 fysisk", (100, True)),
        ("Mange", (None, False)),
    ],
)
def test_a_blank_number_is_not_zero(app: Flask, number: str, kept: tuple[int | None, bool]) -> None:
    made = event(activities.add("nord", replace(WISH, number=number), actor=organizer("nord")))
    assert ((made.reported_number, made.reported_approximate), made.reported_text) == (kept, number)


@pytest.mark.parametrize("when", ["", "Vår og høst"])
def test_it_may_have_no_date(app: Flask, when: str) -> None:
    nora = organizer("nord")
    made = event(activities.add("nord", replace(WISH, when=when), actor=nora))
    assert (made.sessions, made.starts_at, listed(nora, 2026)[0][2]) == ([], None, when)


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"title": " "}, NoName),
        ({"when": "31.02"}, NotADate),
        ({"when": "18.03.2025"}, WrongYear),
        ({"year": 1999}, WrongYear),
        ({"number": "-1"}, NotANumber),
        ({"number": "20 og 30"}, NotANumber),
        ({"comment": "x" * 2001}, TooLong),
        ({"partners": ("nord",)}, PartnersWrong),
        ({"partners": ("ingen",)}, PartnersWrong),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_kept(
    app: Flask, changed: dict[str, object], refusal: type[DomainError]
) -> None:
    nora = organizer("nord")
    with pytest.raises(refusal):
        activities.add("nord", replace(WISH, **changed), actor=nora)  # type: ignore[arg-type]  # the table names fields
    slug = activities.add("nord", WISH, actor=nora)
    with pytest.raises(refusal):
        activities.change(slug, replace(WISH, **changed), actor=nora)  # type: ignore[arg-type]  # the same
    assert listed(nora, 2026) == [("Møte med Bodø kommune", "Bodø", "18.–19. mars 2026", "Ca. 12")]


def test_it_is_changed_and_days_that_stay_keep_their_sessions(app: Flask) -> None:
    nora = organizer("nord")
    slug = activities.add("nord", WISH, actor=nora)
    first = event(slug).sessions[0].id
    wish = replace(WISH, when="18. mars", number="", place="Fauske", partners=("midt",), comment="3 ALIS og 1 SamLIS")
    activities.change(slug, wish, actor=nora)
    kept = event(slug)
    assert [(one.id, one.place) for one in kept.sessions] == [(first, "Fauske")]
    assert (kept.reported_number, kept.reported_roles, [one.slug for one in kept.partners]) == (
        None,
        "3 ALIS og 1 SamLIS",
        ["midt"],
    )
    assert looks.one(nora, slug).wish == replace(wish, when="18. mars")
    activities.change(slug, replace(wish, comment="Ingen roller"), actor=nora)
    assert (event(slug).reported_roles, verbs()[-2:]) == ("", ["activity_changed", "activity_changed"])


def test_a_partner_may_change_it_but_not_who_shares_it_nor_delete_it(app: Flask) -> None:
    slug = activities.add("nord", replace(WISH, partners=("midt",)), actor=organizer("nord"))
    mia = organizer("midt")
    activities.change(slug, replace(WISH, place="Mo", partners=()), actor=mia)
    assert (event(slug).place_text, [one.slug for one in event(slug).partners]) == ("Mo", ["midt"])
    with pytest.raises(NotFound):
        activities.remove(slug, actor=mia)


def test_other_offices_can_do_nothing(app: Flask) -> None:
    slug = activities.add("nord", WISH, actor=organizer("nord"))
    stranger = organizer("sor")
    for act in (
        lambda: activities.add("nord", WISH, actor=stranger),
        lambda: activities.change(slug, WISH, actor=stranger),
        lambda: activities.remove(slug, actor=stranger),
        lambda: activities.copy([slug], 2027, actor=stranger),
        lambda: looks.one(stranger, slug),
        lambda: activities.add("ingen", WISH, actor=stranger),
        lambda: activities.copy(["a\x00b"], 2027, actor=stranger),
    ):
        with pytest.raises(NotFound):
            act()
    assert listed(stranger, 2026) == []


def test_what_people_signed_up_for_is_neither_changed_nor_deleted_here(app: Flask) -> None:
    nora = organizer("nord")
    course = make_event(status=EventStatus.HELD)
    with pytest.raises(NotFound):
        activities.change(course.slug, WISH, actor=nora)
    with pytest.raises(NotFound):
        activities.remove(course.slug, actor=nora)
    slug = activities.add("nord", replace(WISH, kind=EventKind.ALIS_KVELD), actor=nora)
    join(event(slug), 1)
    with pytest.raises(HasPeople):
        activities.remove(slug, actor=nora)


def test_it_is_deleted_and_who_did_it_stays_written_down(app: Flask) -> None:
    nora = organizer("nord")
    slug = activities.add("nord", replace(WISH, partners=("midt",)), actor=nora)
    activities.remove(slug, actor=nora)
    last = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert last is not None
    assert (last.verb, last.user_id, last.event_id, last.details["title"]) == (
        "activity_deleted",
        nora.user_id,
        None,
        WISH.title,
    )
    assert listed(nora, 2026) == []


def test_last_years_lines_are_copied_once_without_dates_and_numbers(app: Flask) -> None:
    nora = organizer("nord")
    slugs = [
        activities.add("nord", replace(WISH, place=place, partners=("midt",)), actor=nora) for place in ("Bodø", "Mo")
    ]
    assert activities.copy(slugs, 2027, actor=nora) == Copied(added=2, known=0)
    assert activities.copy(slugs, 2027, actor=nora) == Copied(added=0, known=2)
    assert listed(nora, 2027) == [(WISH.title, "Bodø", "", ""), (WISH.title, "Mo", "", "")]
    (copied, _other) = [row.slug for _table, rows in looks.listing(nora, 2027, NOW).tables for row in rows]
    assert ([one.slug for one in event(copied).partners], event(copied).comment) == (["midt"], "Med ledere")
    with pytest.raises(WrongYear):
        activities.copy(slugs, 1999, actor=nora)


def test_what_is_still_to_come_is_marked_as_planned(app: Flask) -> None:
    nora = organizer("nord")
    activities.add("nord", replace(WISH, year=2027, when="12. januar"), actor=nora)
    activities.add("nord", replace(WISH, year=2027, when="4. januar", place="Mo"), actor=nora)
    shown = looks.listing(nora, 2027, NOW)
    assert [(row.place, row.planned) for _table, rows in shown.tables for row in rows] == [
        ("Mo", False),
        ("Bodø", True),
    ]


def test_a_joint_activity_is_in_both_lists(app: Flask) -> None:
    slug = activities.add("nord", WISH, actor=organizer("nord"))
    share(event(slug), "midt")
    assert [len(listed(organizer(office), 2026)) for office in ("midt", "ost")] == [1, 0]


def test_a_file_is_tried_without_anything_being_kept(app: Flask) -> None:
    oda = organizer("oslo")
    rows = REPORTS.decode().splitlines()
    mine = "\n".join([rows[0], *(row for row in rows if ",Oslo,2024,4.3," in row)]).encode()
    assert [one.known for one in imports.try_activities(mine, actor=oda)] == [False] * 7
    assert listed(oda, 2024) == []
    assert imports.import_activities(mine, actor=oda) == Imported(added=7, known=0)
    assert [(one.office, one.known) for one in imports.try_activities(mine, actor=oda)] == [("Oslo", True)] * 7
    assert len(listed(oda, 2024)) == 7
    with pytest.raises(NotFound):
        imports.try_activities(mine, actor=Actor(user_id=oda.user_id, name="", roles=(), national=None))
