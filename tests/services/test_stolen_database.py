"""Whoever gets hold of the database, and of nothing else, opens no one's page with it."""

from __future__ import annotations

import re

from flask import Flask
from sqlalchemy import inspect, select, text

from courseapp.db import db
from courseapp.links import links
from courseapp.mail import outbox_rows
from courseapp.models.journal import OutboxEmail
from courseapp.models.registration import Registration
from courseapp.sealing import LOST, MARK, Seal
from courseapp.services import feeds, leader_links, registrations
from tests.leading import ANE, in_register
from tests.letters import all_letters
from tests.making import make_event, wish
from tests.people import organizer

SECRET = re.compile(r"/(?:min|leder|kal|kontor/(?:passord|invitasjon))/([A-Za-z0-9_.\-]{20,})")


def raw() -> str:
    """Everything in every table, as whoever copies the file sees it."""
    db.session.rollback()
    names = inspect(db.engine).get_table_names()
    return "\n".join(str(tuple(row)) for name in names for row in db.session.execute(text(f"SELECT * FROM {name}")))


def secrets() -> set[str]:
    """The secret part of every address in every letter that was written."""
    return {
        one for row in all_letters() for body in (row.text, row.html, row.ics or "") for one in SECRET.findall(body)
    }


def test_no_secret_that_was_mailed_can_be_read_from_the_tables(app: Flask) -> None:
    event = make_event()
    registrations.sign_up(wish(event))
    actor = organizer()
    (leader_id,) = in_register(ANE)
    leader_links.send(leader_id, actor)
    first = db.session.scalars(select(Registration.id)).one()
    token = feeds.make_for_participant(links().key(first, 1))
    found = {one.removesuffix(".ics") for one in secrets()} | {token}
    assert len(found) >= 3
    assert [one for one in found if one in raw()] == []
    assert raw().count(MARK) >= 3 * 2 + 2


def test_a_letter_reads_the_same_again_and_leaves_as_it_was_put(app: Flask) -> None:
    registrations.sign_up(wish(make_event()))
    (first, *_rest) = all_letters()
    assert outbox_rows.as_letter(first).text.startswith("Du har plass")
    assert links().mine(first.registration_id or 0, 1) in first.html


def test_a_changed_key_is_believed_as_long_as_it_is_a_fallback() -> None:
    old, both, new = (
        Seal(("first key, long enough",)),
        Seal(("second key", "first key, long enough")),
        Seal(("second key",)),
    )
    kept = old.shut_long("Hei på deg æøå " * 500)
    assert len(kept) < 1000
    assert (both.opened_long(kept), new.opened_long(kept)) == ("Hei på deg æøå " * 500, LOST)
    assert new.opened_long("Fra før") == "Fra før"


def test_empty_bodies_stay_empty(app: Flask) -> None:
    registrations.sign_up(wish(make_event()))
    kept = db.session.execute(text("SELECT ics FROM outbox_email WHERE uid IS NULL")).scalars().all()
    assert kept == [None]
    assert db.session.scalars(select(OutboxEmail.ics).where(OutboxEmail.uid.is_(None))).all() == [None]
