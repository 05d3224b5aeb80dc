"""Two web servers and three workers on one PostgreSQL: no letter twice, no seat twice, no job twice."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from courseapp import clock
from courseapp.config import Settings
from courseapp.db import db
from courseapp.domain.event import FillMode
from courseapp.domain.registration import Status
from courseapp.models.event import Event
from courseapp.models.registration import Registration
from tests import smtp
from tests.letters import history, occasions, registrations
from tests.load.servers import FORM, Client, Server, rush, web
from tests.load.workers import all_sent, arrived, expire_leases, kill, mail_to, put, until, working
from tests.making import make_event
from tests.people import join

pytestmark = pytest.mark.load
SEATS, PEOPLE, WORKERS = 30, 60, 3
HELD = "held@lege.example.org"


def day_in(**away: float) -> tuple[datetime, ...]:
    return (datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(**away),)


def due_things() -> tuple[list[int], list[int]]:
    """A course of tomorrow whose four are to be reminded, and one whose two offers have run out while two wait."""
    long_ago = clock.now() - timedelta(days=20)
    tomorrow = make_event(slug="i-morgen", starts=day_in(hours=20), closes_at=None)
    reminded = join(tomorrow, 4, status_at=long_ago)
    offering = make_event(slug="tilbud", starts=day_in(days=40), capacity=2, fill_mode=FillMode.OFFER)
    gone = clock.now() - timedelta(minutes=1)
    offered = join(offering, 2, status=Status.OFFERED, offer_expires_at=gone, offer_reminded_at=gone)
    return reminded, [*offered, *join(offering, 2, first=3, status=Status.WAITLISTED)]


def one_by_one(server: Server, event: Event, *emails: str) -> None:
    path = f"/arrangementer/{event.slug}/pamelding"
    with closing(Client(server.port)) as client:
        for email in emails:
            told = {**FORM, "csrf_token": client.token(path), "first_name": "Kåre", "email": email}
            assert client.post(path, told)[0] == 303


@pytest.mark.timeout(240)
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_two_servers_and_three_workers_do_everything_once(app: Flask, settings: Settings, real_time: None) -> None:
    event = make_event(starts=day_in(days=60), capacity=SEATS)
    reminded, offered = due_things()
    with (
        smtp.server(holds={HELD}) as office,
        web(settings, **mail_to(office)) as one,
        web(settings, **mail_to(office)) as other,
    ):
        with working(settings, mail_to(office)) as (first,):
            one_by_one(one, event, HELD)
            until(lambda: HELD in {mail.receivers[0] for mail in office.received}, "the letter is on its way")
            kill(first)
        expire_leases()
        office.holds.clear()
        before = arrived(office)
        with working(settings, mail_to(office), count=WORKERS), ThreadPoolExecutor(2) as pool:
            rushes = [
                pool.submit(
                    rush,
                    server.port,
                    event.slug,
                    PEOPLE // 2,
                    at_once=15,
                    more=lambda number, door=door: {"email": f"{door}{number}@lege.example.org"},  # type: ignore[misc]
                )
                for door, server in (("en", one), ("to", other))
            ]
            answers = [status for asked in rushes for status in asked.result(120)]
            until(all_sent, "every letter has left")
            until(lambda: moved(offered[2:]), "the offers went on to those who wait")
            until(all_sent, "and their letters as well")
    assert answers == [303] * PEOPLE
    statuses = Counter(row.status for row in registrations() if row.event_id == event.id)
    assert statuses == {Status.REGISTERED: SEATS, Status.WAITLISTED: PEOPLE + 1 - SEATS}
    twice = arrived(office) - put()
    assert (twice.total(), set(twice) <= set(before), set(arrived(office))) == (1, True, set(put()))
    assert {tuple(history(row)) for row in reminded} == {("reminded",)}
    assert [history(row) for row in offered] == [["offer_expired"]] * 2 + [["seat_offered"]] * 2
    assert Counter(occasions("kare1@lege.example.org")) == {"reminder": 1, "offer_expired": 1}


def moved(ids: list[int]) -> bool:
    """Whether all of them have an offer now."""
    db.session.rollback()
    return {db.session.get_one(Registration, one).status for one in ids} == {Status.OFFERED}
