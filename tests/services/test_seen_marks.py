"""A form never holds old values under a new number: what a colleague saves while it is read stops the next one."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from courseapp import clock
from courseapp.domain.access import Actor
from courseapp.models.event import Event
from courseapp.queries import changes as change_rows
from courseapp.queries import groups as group_rows
from courseapp.services import changes, groups
from tests.making import make_event
from tests.services.test_changes import as_is, organizer
from tests.services.test_groups import course, divide, where


def test_a_change_that_is_saved_while_the_form_is_read(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    event, kari = make_event(slug="kurs"), organizer()
    read, theirs = change_rows.organized, as_is(event, title="En annens")

    def slowly(actor: Actor, slug: str) -> Event:
        found = read(actor, slug)
        changes.change("kurs", theirs, actor=kari)
        return found

    monkeypatch.setattr(change_rows, "organized", slowly)
    shown = change_rows.fields(kari, "kurs", clock.now())
    wish = as_is(event, title="Mitt", seen=shown.last_change)
    with pytest.raises(changes.ChangedMeanwhile):
        changes.change("kurs", wish, actor=kari)


def test_groups_that_are_changed_while_they_are_read(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    event, ids, kari = course(6)
    divide(event, kari)
    read, other = group_rows.standing, 3 - where(event)[ids[0]]

    def slowly(session: Session, event_id: int) -> group_rows.Standing:
        found = read(session, event_id)
        if not moved:
            moved.append(True)
            groups.move("kurs", ids[0], other, seen=group_rows.last_act(session, event_id), actor=kari)
        return found

    moved: list[bool] = []
    monkeypatch.setattr(group_rows, "standing", slowly)
    shown = group_rows.page(kari, "kurs", clock.now())
    with pytest.raises(groups.ChangedMeanwhile):
        groups.clear("kurs", seen=shown.seen, actor=kari)
