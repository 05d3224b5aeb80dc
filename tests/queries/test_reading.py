"""The request's own session only reads, and what it reads for people of the whole country is there once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from courseapp.db import db
from courseapp.domain.access import UserRole
from courseapp.models.event import Event
from courseapp.queries import areas
from tests.making import make_event
from tests.services.test_changes import organizer


def test_what_a_page_changes_by_mistake_is_written_nowhere(app: Flask) -> None:
    event = make_event()
    mistaken = db.session.get_one(Event, event.id)
    mistaken.title = "En feil"
    assert db.session.scalar(select(Event.title).where(Event.id == event.id)) == event.title
    with pytest.raises(RuntimeError, match="only reads"):
        db.session.commit()
    db.session.remove()
    assert db.session.get_one(Event, event.id).title == event.title


def test_what_events_were_held_for_is_told_once(app: Flask) -> None:
    for number, office in enumerate(("oslo", "oslo", "nord")):
        make_event(slug=f"kurs-{number}", office=office, place_text="Frogner")
    one = organizer("oslo")
    everywhere = replace(one, roles=(), national=UserRole.ADMINISTRATOR)
    assert [areas.of_events(actor) for actor in (one, everywhere)] == [("Frogner",)] * 2
