"""A cell of the report written over: marked, with who and why, and taken back; and the heads of an office."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from courseapp.db import db
from courseapp.domain.access import Actor
from courseapp.domain.errors import DomainError, NotFound
from courseapp.domain.event import EventStatus, ReportTable
from courseapp.domain.report import NotANumber
from courseapp.domain.report_heads import CannotBeLeftOut, ReportColumn, heads_of
from courseapp.models.event import Event
from courseapp.models.journal import AuditEntry
from courseapp.queries import yearly
from courseapp.services import activities, report_overrides
from courseapp.services.changes import ReasonMissing
from courseapp.services.report_overrides import ValueTooLong
from tests.conftest import NOW
from tests.making import make_event
from tests.people import join, organizer, share
from tests.services.test_activities import WISH

SPRING = (datetime(2026, 3, 22, 8, tzinfo=UTC),)
NUMBER, COMMENT = ReportColumn.NUMBER, ReportColumn.COMMENT


def course() -> Event:
    event = make_event(starts=SPRING, status=EventStatus.HELD)
    join(event, 6)
    return event


def cells(actor: Actor, slug: str = "") -> dict[ReportColumn, tuple[str, str, str]]:
    (row,) = yearly.of_office(actor, slug, 2026, NOW).parts[0].rows
    return {
        column: (cell.text, cell.computed, "" if cell.written is None else f"{cell.written.reason} ({cell.written.by})")
        for column, cell in row.cells.items()
    }


def test_a_number_is_written_over_and_what_was_counted_stays_beside_it(app: Flask) -> None:
    nora, event = organizer("nord"), course()
    assert report_overrides.write("nord", event.id, {NUMBER: "8"}, " To kom uten ", actor=nora) == [NUMBER]
    assert cells(nora)[NUMBER] == ("8", "6", "To kom uten (Kari Nordmann)")
    assert cells(nora)[COMMENT] == ("6 ALIS, 2 ikke oppgitt", "6 ALIS, 2 ikke oppgitt", "")
    assert report_overrides.write("nord", event.id, {NUMBER: "Ca. 9", COMMENT: ""}, "Ny telling", actor=nora) == [
        NUMBER,
        COMMENT,
    ]
    assert (cells(nora)[NUMBER][0], cells(nora)[COMMENT][0]) == ("Ca. 9", "")
    report_overrides.take_back("nord", event.id, actor=nora)
    assert cells(nora)[NUMBER] == ("6", "6", "")
    kept = db.session.scalars(select(AuditEntry).where(AuditEntry.verb.startswith("report_")).order_by(AuditEntry.id))
    assert [(one.verb, one.user_id, one.event_id, one.details.get("what")) for one in kept] == [
        ("report_overridden", nora.user_id, event.id, ["number"]),
        ("report_overridden", nora.user_id, event.id, ["number", "comment"]),
        ("report_override_undone", nora.user_id, event.id, ["number", "comment"]),
    ]


def test_the_same_again_changes_nothing_and_is_not_written_down(app: Flask) -> None:
    nora, event = organizer("nord"), course()
    report_overrides.write("nord", event.id, {NUMBER: "8"}, "Grunn", actor=nora)
    assert report_overrides.write("nord", event.id, {NUMBER: "8"}, "Annen grunn", actor=nora) == []
    assert cells(nora)[NUMBER][2] == "Grunn (Kari Nordmann)"
    report_overrides.take_back("nord", event.id, actor=nora)
    report_overrides.take_back("nord", event.id, actor=nora)
    undone = select(AuditEntry).where(AuditEntry.verb == "report_override_undone")
    assert len(db.session.scalars(undone).all()) == 1


def test_each_office_of_a_joint_course_writes_over_its_own_report_only(app: Flask) -> None:
    event = course()
    share(event, "ost")
    nora, ola = organizer("nord"), organizer("ost")
    report_overrides.write("ost", event.id, {NUMBER: "3"}, "Bare våre", actor=ola)
    assert (cells(nora)[NUMBER][0], cells(ola)[NUMBER][0]) == ("6", "3")


@pytest.mark.parametrize(
    ("values", "reason", "refusal"),
    [
        ({NUMBER: "8"}, "  ", ReasonMissing),
        ({NUMBER: "8 eller 9"}, "Grunn", NotANumber),
        ({NUMBER: "-1"}, "Grunn", NotANumber),
        ({COMMENT: "x" * 2001}, "Grunn", ValueTooLong),
        ({ReportColumn.TOPIC: "Tema"}, "Grunn", NotFound),
    ],
)
def test_what_cannot_be_written_is_refused(
    app: Flask, values: dict[ReportColumn, str], reason: str, refusal: type[DomainError]
) -> None:
    nora, event = organizer("nord"), course()
    with pytest.raises(refusal):
        report_overrides.write("nord", event.id, values, reason, actor=nora)
    assert cells(nora)[NUMBER] == ("6", "6", "")


def test_only_the_offices_own_organizers_may(app: Flask) -> None:
    event, stranger = course(), organizer("sor")
    heads = heads_of("nord", {})
    for act in (
        lambda: report_overrides.write("nord", event.id, {NUMBER: "8"}, "Grunn", actor=stranger),
        lambda: report_overrides.write("sor", event.id, {NUMBER: "8"}, "Grunn", actor=stranger),
        lambda: report_overrides.take_back("nord", event.id, actor=stranger),
        lambda: report_overrides.set_heads("nord", heads, actor=stranger),
        lambda: report_overrides.set_heads("a\x00b", heads, actor=stranger),
        lambda: yearly.heads(stranger, "nord"),
        lambda: yearly.row(stranger, "nord", 2026, event.id, NOW),
        lambda: yearly.row(stranger, "sor", 2026, event.id, NOW),
    ):
        with pytest.raises(NotFound):
            act()


def test_what_is_written_over_goes_when_its_activity_is_deleted(app: Flask) -> None:
    nora = organizer("nord")
    slug = activities.add("nord", WISH, actor=nora)
    made = db.session.scalars(select(Event).where(Event.slug == slug)).one()
    report_overrides.write("nord", made.id, {NUMBER: "8"}, "Grunn", actor=nora)
    activities.remove(slug, actor=nora)
    assert [part.rows for part in yearly.of_office(nora, "", 2026, NOW).parts] == [()] * 4


def test_an_office_calls_its_columns_what_it_likes(app: Flask) -> None:
    oda = organizer("oslo")
    wanted = {table: dict(columns) for table, columns in heads_of("oslo", {}).items()}
    wanted[ReportTable.COURSES][COMMENT] = " Merknad "
    wanted[ReportTable.NATIONAL][ReportColumn.TOPIC] = ""
    report_overrides.set_heads("oslo", wanted, actor=oda)
    parts = yearly.of_office(oda, "", 2026, NOW).parts
    assert [head for _column, head in parts[0].heads] == ["Sted og dato", "Antall deltakere", "Merknad"]
    assert ReportColumn.TOPIC not in dict(parts[3].heads)
    report_overrides.set_heads("oslo", heads_of("oslo", {}), actor=oda)
    assert yearly.heads(oda, "").heads == heads_of("oslo", {})


@pytest.mark.parametrize(
    ("column", "head", "refusal"),
    [(ReportColumn.PLACE, " ", CannotBeLeftOut), (NUMBER, "", CannotBeLeftOut), (COMMENT, "x" * 61, ValueTooLong)],
)
def test_heads_that_cannot_be_are_refused(
    app: Flask, column: ReportColumn, head: str, refusal: type[DomainError]
) -> None:
    wanted = {table: dict(columns) for table, columns in heads_of("nord", {}).items()}
    wanted[ReportTable.COURSES][column] = head
    with pytest.raises(refusal):
        report_overrides.set_heads("nord", wanted, actor=organizer("nord"))
