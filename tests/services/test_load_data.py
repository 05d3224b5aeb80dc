"""Synthetic load: as many as asked for, open, never above capacity, in line in order."""

from __future__ import annotations

import time as stopwatch

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from courseapp.cli_data import COMMANDS
from courseapp.db import db
from courseapp.domain.event import SignUpState
from courseapp.domain.registration import Source, Status
from courseapp.models.event import Event
from courseapp.models.registration import Registration
from courseapp.queries import events
from courseapp.services import registrations
from courseapp.services.load_data import WrongAmount, generate
from tests.conftest import NOW
from tests.making import person, wish


def counts(slug: str) -> dict[Status, int]:
    rows = db.session.execute(
        select(Registration.status, func.count())
        .join(Event, Event.id == Registration.event_id)
        .where(Event.slug == slug)
        .group_by(Registration.status)
    )
    return dict(rows.all())


def test_registrations_are_spread_evenly_and_the_rest_waits_in_line(app: Flask) -> None:
    slugs = generate(3, 100, 30)
    assert [counts(slug) for slug in slugs] == [
        {Status.REGISTERED: 30, Status.WAITLISTED: 4},
        {Status.REGISTERED: 30, Status.WAITLISTED: 3},
        {Status.REGISTERED: 30, Status.WAITLISTED: 3},
    ]
    first = db.session.scalars(select(Event).where(Event.slug == slugs[0])).one()
    line = db.session.scalars(
        select(Registration.line_no)
        .where(Registration.event_id == first.id, Registration.status == Status.WAITLISTED)
        .order_by(Registration.id)
    )
    assert (list(line), first.last_line_no) == ([1, 2, 3, 4], 4)
    assert set(db.session.scalars(select(Registration.source))) == {Source.GENERATED}


def test_the_events_are_open_and_take_the_next_sign_up(app: Flask) -> None:
    slugs = generate(2, 61, 31)
    pages = [events.page(slug, NOW) for slug in slugs]
    assert [page.state for page in pages if page] == [SignUpState.LINE, SignUpState.FEW]
    assert [(page.minutes, len(page.approvals)) for page in pages if page] == [(1080, 2), (1080, 2)]
    full, nearly = (db.session.scalars(select(Event).where(Event.slug == slug)).one() for slug in slugs)
    waits = registrations.sign_up(wish(full))
    assert (waits.status, waits.position) == (Status.WAITLISTED, 1)
    assert registrations.sign_up(wish(nearly)).status is Status.REGISTERED
    assert registrations.sign_up(wish(nearly, 2)).status is Status.WAITLISTED


def test_without_a_capacity_everybody_has_a_seat(app: Flask) -> None:
    slugs = generate(1, 75, None)
    assert counts(slugs[0]) == {Status.REGISTERED: 75}


def test_a_line_goes_on_where_the_generated_one_ends(app: Flask) -> None:
    slugs = generate(1, 12, 10)
    event = db.session.scalars(select(Event).where(Event.slug == slugs[0])).one()
    assert registrations.sign_up(wish(event)).position == 3
    newest = db.session.scalars(select(Registration).where(Registration.email == person(1).email)).one()
    assert newest.line_no == 3


def test_a_second_round_gets_slugs_of_its_own_and_events_lie_over_a_year(app: Flask) -> None:
    slugs = generate(4, 0, None) + generate(4, 0, None)
    assert len(set(slugs)) == 8
    starts = db.session.scalars(select(Event.starts_at).order_by(Event.id)).all()
    days = [(start - NOW).days for start in starts if start]
    assert (min(days) >= 29, max(days) <= 360, len(set(days))) == (True, True, 4)


@pytest.mark.parametrize("amounts", [(0, 0, None), (-1, 0, None), (1, -1, None), (1, 1, 0), (1, 1, 10_001)])
def test_amounts_that_mean_nothing_are_refused(app: Flask, amounts: tuple[int, int, int | None]) -> None:
    with pytest.raises(WrongAmount):
        generate(*amounts)
    assert db.session.scalar(select(func.count()).select_from(Event)) == 0


def test_ten_thousand_take_seconds(app: Flask) -> None:
    began = stopwatch.monotonic()
    generate(50, 10_000, 30)
    assert stopwatch.monotonic() - began < 30
    assert db.session.scalar(select(func.count()).select_from(Registration)) == 10_000


def run(app: Flask, *arguments: str) -> Result:
    command = next(one for one in COMMANDS if one.name == "generate")
    return app.test_cli_runner().invoke(command, list(arguments))


def test_the_command_prints_one_slug_to_a_line(app: Flask) -> None:
    done = run(app, "--events", "3", "--registrations", "7", "--capacity", "2")
    assert (done.exit_code, done.output.split()) == (0, ["provekurs-1", "provekurs-2", "provekurs-3"])
    refused = run(app, "--events", "1", "--registrations", "1", "--capacity", "10001")
    assert (refused.exit_code, "mellom 1 og 10 000" in refused.output) == (1, True)
    assert run(app, "--events", "0", "--registrations", "1").exit_code == 2
