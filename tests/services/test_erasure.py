"""Whoever asks to be forgotten is answered; an office forgets an address at its own events and nowhere else."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from courseapp.db import db
from courseapp.domain.errors import NotFound
from courseapp.domain.registration import Status
from courseapp.domain.retention import StillSignedUp
from courseapp.models.journal import AuditEntry, OutboxEmail
from courseapp.models.privacy import ErasureRequest, RetentionAct
from courseapp.models.registration import Registration
from courseapp.queries import dashboard, personal
from courseapp.services import erasure, registrations
from courseapp.services.erasure import NoAnswer, NobodyThere
from tests.conftest import Clock
from tests.keys import key_of
from tests.making import make_event, wish
from tests.people import join, organizer, share
from tests.together import at_once

EMAIL = "kare1@lege.example.org"


def requests() -> list[tuple[bool, bool]]:
    """Each wish: settled, and erased."""
    db.session.rollback()
    found = db.session.scalars(select(ErasureRequest).order_by(ErasureRequest.id))
    return [(one.settled_at is not None, one.erased) for one in found]


def names() -> list[str]:
    db.session.rollback()
    return [one.full_name for one in db.session.scalars(select(Registration).order_by(Registration.id))]


def test_asking_waits_for_the_office_and_asking_twice_is_asking_once(app: Flask, time: Clock) -> None:
    registrations.sign_up(wish(make_event()))
    time.pass_by(days=200)
    erasure.ask(key_of(EMAIL))
    erasure.ask(key_of(EMAIL))
    actor = organizer()
    assert requests() == [(False, False)]
    assert [(email, title[:4]) for _id, _at, email, title in personal.open_requests(actor)] == [(EMAIL, "Kurs")]
    assert dashboard.show(actor, time.moment).wishes == 1
    assert (personal.open_requests(organizer("ost")), names()) == ((), ["Kåre Ødegård 1"])


def test_who_is_signed_up_for_something_to_come_leaves_it_first(app: Flask) -> None:
    registrations.sign_up(wish(make_event()))
    key = key_of(EMAIL)
    with pytest.raises(StillSignedUp):
        erasure.ask(key)
    with pytest.raises(StillSignedUp):
        erasure.erase(EMAIL, actor=organizer())
    registrations.cancel(key)
    erasure.ask(key)
    assert requests() == [(False, False)]


def test_a_dead_link_asks_for_nothing(app: Flask) -> None:
    registrations.sign_up(wish(make_event()))
    with pytest.raises(NotFound):
        erasure.ask(key_of(EMAIL) + "x")
    assert requests() == []


def test_an_office_forgets_an_address_at_all_its_events_and_tells_its_owner(app: Flask, time: Clock) -> None:
    mine, other, elsewhere = make_event(), make_event(slug="to"), make_event(slug="tre", office="ost")
    for event in (mine, other, elsewhere):
        registrations.sign_up(wish(event))
    registrations.sign_up(wish(mine, 2))
    time.pass_by(days=200)
    erasure.ask(key_of(EMAIL))
    actor = organizer()
    assert erasure.erase(f" {EMAIL.upper()} ", actor=actor) == 2
    assert names() == ["Slettet deltaker", "Slettet deltaker", "Kåre Ødegård 1", "Kåre Ødegård 2"]
    acts = db.session.execute(select(RetentionAct.what, RetentionAct.count, RetentionAct.user_id)).all()
    assert [tuple(one) for one in acts] == [("erased", 1, actor.user_id)] * 2
    last = db.session.scalars(select(OutboxEmail).order_by(OutboxEmail.id.desc())).first()
    assert last is not None
    assert (last.to_email, last.subject, last.registration_id) == (EMAIL, "Opplysningene dine er slettet", None)
    left = db.session.scalars(
        select(OutboxEmail.to_email).join(Registration).where(Registration.event_id.in_([mine.id, other.id]))
    )
    assert set(left) == {"", "kare2@lege.example.org"}


def test_a_partner_leaves_a_joint_event_to_the_responsible_office(app: Flask, time: Clock) -> None:
    event = make_event()
    share(event, "ost")
    join(event, 1)
    time.pass_by(days=200)
    with pytest.raises(NobodyThere):
        erasure.erase(EMAIL, actor=organizer("ost"))
    assert personal.of_address(organizer("vest"), EMAIL, time.moment) == ()
    assert names() == ["Kåre Ødegård 0001"]


def test_erasing_keeps_status_and_role_and_takes_the_town(app: Flask, time: Clock) -> None:
    join(make_event(), 1)
    time.pass_by(days=200)
    erasure.erase(EMAIL, actor=organizer())
    db.session.rollback()
    kept = db.session.scalars(select(Registration)).one()
    assert (kept.status, str(kept.primary_role), kept.municipality) == (Status.REGISTERED, "alis", "")


def test_a_wish_may_be_answered_without_erasing_and_needs_words(app: Flask, time: Clock) -> None:
    registrations.sign_up(wish(make_event()))
    time.pass_by(days=200)
    erasure.ask(key_of(EMAIL))
    actor = organizer()
    (waiting,) = personal.open_requests(actor)
    with pytest.raises(NoAnswer):
        erasure.answer(waiting[0], "  nei ", actor=actor)
    with pytest.raises(NotFound):
        erasure.answer(waiting[0], "Ikke vår", actor=organizer("ost"))
    erasure.answer(waiting[0], "Skrev 4. mai", actor=actor)
    with pytest.raises(NotFound):
        erasure.answer(waiting[0], "En gang til", actor=actor)
    assert requests() == [(True, False)]
    told = db.session.scalars(select(AuditEntry.details).where(AuditEntry.verb == "erasure_answered")).all()
    assert told == [{"reason": "Skrev 4. mai"}]


def test_two_who_erase_at_once_erase_once(app: Flask, time: Clock) -> None:
    join(make_event(), 1)
    time.pass_by(days=200)
    actor = organizer()

    acts = at_once(app, [lambda: erasure.erase(EMAIL, actor=actor)] * 2)
    assert (acts.count(1), acts.count(NobodyThere)) == (1, 1)
    assert db.session.scalars(select(RetentionAct.count)).all() == [1]
