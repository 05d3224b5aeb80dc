"""An event's status: who may change it, when, and what follows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from courseapp.db import db, transaction
from courseapp.domain.errors import NotFound
from courseapp.domain.event import EventStatus
from courseapp.domain.plan_errors import WrongHours
from courseapp.domain.registration import Status
from courseapp.models.event import Event
from courseapp.models.journal import AuditEntry
from courseapp.services import publishing
from courseapp.services.publishing import HasPeople, NotNow
from tests.conftest import Clock
from tests.letters import all_letters, registrations
from tests.making import COURSE_DAYS, make_event
from tests.people import join, organizer, share

DAY = timedelta(days=1)


def status_of(event: Event) -> EventStatus:
    db.session.rollback()
    return db.session.scalars(select(Event.status).where(Event.id == event.id)).one()


def test_a_draft_is_published_closed_and_opened_again(app: Flask) -> None:
    event, actor = make_event(status=EventStatus.DRAFT), organizer()
    seen = []
    for act in ("publish", "close", "reopen"):
        publishing.set_status(event.slug, act, actor=actor)
        seen.append(status_of(event))
    assert seen == [EventStatus.PUBLISHED, EventStatus.CLOSED, EventStatus.PUBLISHED]
    rows = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "status_changed").order_by(AuditEntry.id))
    assert [(one.user_id, one.details["old"], one.details["new"]) for one in rows] == [
        (actor.user_id, "draft", "published"),
        (actor.user_id, "published", "closed"),
        (actor.user_id, "closed", "published"),
    ]
    assert all_letters() == []


def test_a_course_of_seventeen_and_a_half_hours_is_not_published(app: Flask) -> None:
    event = make_event(status=EventStatus.DRAFT)
    with transaction() as tx:
        tx.get_one(Event, event.id).sessions[0].minutes = 510
    with pytest.raises(WrongHours):
        publishing.set_status(event.slug, "publish", actor=organizer())
    assert status_of(event) is EventStatus.DRAFT


def test_an_event_is_held_only_after_its_end_and_that_can_be_taken_back(app: Flask, time: Clock) -> None:
    event, actor = make_event(), organizer()
    with pytest.raises(NotNow):
        publishing.set_status(event.slug, "hold", actor=actor)
    time.moment = COURSE_DAYS[-1] + DAY
    publishing.set_status(event.slug, "hold", actor=actor)
    assert status_of(event) is EventStatus.HELD
    publishing.set_status(event.slug, "unhold", actor=actor)
    assert status_of(event) is EventStatus.CLOSED


@pytest.mark.parametrize(
    ("status", "act"),
    [
        (EventStatus.PUBLISHED, "publish"),
        (EventStatus.DRAFT, "close"),
        (EventStatus.PUBLISHED, "reopen"),
        (EventStatus.CANCELLED, "publish"),
        (EventStatus.CANCELLED, "hold"),
        (EventStatus.PUBLISHED, "unhold"),
    ],
)
def test_what_does_not_suit_the_status_is_refused(app: Flask, status: EventStatus, act: str) -> None:
    event = make_event(status=status)
    with pytest.raises(NotNow):
        publishing.set_status(event.slug, act, actor=organizer())
    assert status_of(event) is status


def test_what_has_begun_is_neither_closed_nor_opened(app: Flask, time: Clock) -> None:
    event, actor = make_event(), organizer()
    time.moment = COURSE_DAYS[0]
    with pytest.raises(NotNow):
        publishing.set_status(event.slug, "close", actor=actor)


def test_opening_again_fills_seats_that_came_free(app: Flask) -> None:
    event = make_event(status=EventStatus.CLOSED, capacity=1)
    join(event, 1, status=Status.WAITLISTED)
    publishing.set_status(event.slug, "reopen", actor=organizer())
    assert [one.status for one in registrations()] == [Status.REGISTERED]


@pytest.mark.parametrize("act", ["publish", "close"])
def test_a_partner_helps_but_does_not_decide(app: Flask, act: str) -> None:
    event = make_event(status=EventStatus.DRAFT if act == "publish" else EventStatus.PUBLISHED)
    share(event, "sor")
    with pytest.raises(NotFound):
        publishing.set_status(event.slug, act, actor=organizer("sor"))


def test_a_draft_is_thrown_away_and_who_did_it_stays(app: Flask) -> None:
    event, actor = make_event(status=EventStatus.DRAFT), organizer()
    share(event, "sor")
    publishing.delete_draft(event.slug, actor=actor)
    db.session.rollback()
    assert db.session.scalars(select(Event)).all() == []
    row = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "draft_deleted")).one()
    assert (row.user_id, row.details) == (actor.user_id, {"title": event.title, "slug": event.slug})


def test_what_people_have_seen_is_not_thrown_away(app: Flask) -> None:
    event, actor = make_event(), organizer()
    with pytest.raises(NotNow):
        publishing.delete_draft(event.slug, actor=actor)


def test_a_draft_with_people_on_its_list_is_not_thrown_away(app: Flask) -> None:
    event, actor = make_event(status=EventStatus.DRAFT), organizer()
    join(event, 1)
    with pytest.raises(HasPeople):
        publishing.delete_draft(event.slug, actor=actor)
