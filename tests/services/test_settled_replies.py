"""Somebody asks about a «no» from a calendar: the question goes away, and comes back with a later «no»."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from courseapp.db import db
from courseapp.domain.access import UserRole
from courseapp.domain.errors import NotFound
from courseapp.domain.registration import Status
from courseapp.models.journal import AuditEntry
from courseapp.models.registration import CalendarReply
from courseapp.queries import replies as rows
from courseapp.services import registrations, replies
from tests.conftest import NOW, Clock
from tests.leading import organizer
from tests.letters import registrations as all_registrations
from tests.making import make_event, wish
from tests.people import share
from tests.services.test_replies import calendar, mail, uids

__all__ = ["uids"]


def declines(uid: str, stamp: str, partstat: str = "DECLINED") -> None:
    assert replies.take_in([mail(calendar(uid, DTSTAMP=stamp, partstat=partstat), f"<{stamp}{uid}>")]).kept == 1


def settled() -> list[tuple[str, bool]]:
    """Each answer's moment, and whether it was asked about."""
    db.session.rollback()
    found = db.session.scalars(select(CalendarReply).order_by(CalendarReply.replied_at, CalendarReply.id))
    return [(f"{one.replied_at:%H}", one.settled_at is not None) for one in found]


def test_asking_settles_this_answer_and_those_before_it(app: Flask, uids: list[str], time: Clock) -> None:
    event, kari = all_registrations()[0].event, organizer()
    for stamp in ("20270111T060000Z", "20270111T070000Z"):
        declines(uids[0], stamp)
    declines(uids[1], "20270111T080000Z")
    (first, second) = rows.declined(kari, event.id)
    assert (first.name, first.starts_at, second.starts_at) == (
        *("Kåre Ødegård 1", event.sessions[0].starts_at, event.sessions[1].starts_at),
    )
    replies.settle(event.slug, first.registration_id, first.id, actor=kari)
    replies.settle(event.slug, first.registration_id, first.id, actor=kari)
    assert settled() == [("06", True), ("07", True), ("08", False)]
    assert rows.declined(kari, event.id) == (second,)
    assert rows.declined(kari, event.id, registration_id=999) == ()
    found = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "reply_settled")).all()
    assert [(one.user_id, one.event_id, one.registration_id, one.details, one.at) for one in found] == [
        (kari.user_id, event.id, 1, {"session": event.sessions[0].id}, NOW)
    ]
    assert all_registrations()[0].status is Status.REGISTERED


def test_a_later_no_asks_again_and_one_that_came_meanwhile_is_not_hidden(app: Flask, uids: list[str]) -> None:
    event, kari = all_registrations()[0].event, organizer()
    declines(uids[0], "20270111T060000Z")
    (shown,) = rows.declined(kari, event.id)
    declines(uids[0], "20270111T070000Z")
    replies.settle(event.slug, 1, shown.id, actor=kari)
    assert [one.id > shown.id for one in rows.declined(kari, event.id)] == [True]
    replies.settle(event.slug, 1, rows.declined(kari, event.id)[0].id, actor=kari)
    declines(uids[0], "20270111T080000Z", "ACCEPTED")
    assert rows.declined(kari, event.id) == ()
    declines(uids[0], "20270111T083000Z")
    assert len(rows.declined(kari, event.id)) == 1


def test_only_organizers_of_the_event_settle_and_only_its_own_answers(app: Flask, uids: list[str]) -> None:
    event = all_registrations()[0].event
    declines(uids[0], "20270111T060000Z")
    registrations.sign_up(wish(event, 2))
    other = make_event()
    kari = organizer()
    wrong = [
        (organizer("vest"), event.slug, 1, 1),
        (organizer("nord", UserRole.READER), event.slug, 1, 1),
        *((kari, other.slug, 1, 1), (kari, event.slug, 2, 1), (kari, event.slug, 1, 99), (kari, event.slug, 99, 1)),
    ]
    for who, slug, registration_id, reply_id in wrong:
        with pytest.raises(NotFound):
            replies.settle(slug, registration_id, reply_id, actor=who)
    assert settled() == [("06", False)]
    share(event, "sor")
    replies.settle(event.slug, 1, 1, actor=organizer("sor"))
    assert settled() == [("06", True)]
