"""Nothing kept is older than what is: whatever a test is shown of it is made anew beside it and compared."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

import pytest
from flask import Flask, current_app, request
from markupsafe import Markup
from sqlalchemy import select

from courseapp.calendar import invite
from courseapp.db import db
from courseapp.domain.language import Language
from courseapp.domain.rows import UNBOUND, EventPage
from courseapp.mail import letters, rendering
from courseapp.models.event import Event
from courseapp.queries import events, shown, year_figures
from courseapp.web import kept

_kept, _kept_file, _part = kept._kept, kept._kept_file, kept.part
_page, _outline, _letter, _lines = shown.page, shown.facts, rendering.for_one, invite._lines
_checks = [True]


@contextmanager
def unchecked() -> Iterator[None]:
    """For tests that count what a page asks the database for."""
    _checks.append(False)
    try:
        yield
    finally:
        _checks.pop()


def forget(app: Flask) -> None:
    """As in a process that has just begun."""
    shown._known.clear()
    shown._marks.clear()
    year_figures._known.clear()
    for name in (kept.EXTENSION, kept.PARTS):
        app.extensions.pop(name, None)


def begin(patch: pytest.MonkeyPatch) -> None:
    """From now on."""
    patch.setattr(kept, "_kept", _same_page)
    patch.setattr(kept, "_kept_file", _same_file)
    patch.setattr(kept, "part", _same_part)
    patch.setattr(shown, "page", _same_facts)
    patch.setattr(shown, "facts", _same_outline)
    patch.setattr(letters, "for_one", _same_letter)
    patch.setattr(invite, "_lines", _same_lines)


def _same_page(facts: Hashable, make: Callable[[], str], around: str | None = None) -> kept.Kept | None:
    before = current_app.extensions.get(kept.EXTENSION, {}).copy()
    found = _kept(facts, make, around)
    if found is not None and found in before.values() and _checks[-1]:
        fresh = make() if around is None else make().replace(around, "")
        assert b"".join(found.parts).decode() == fresh, request.full_path
    return found


def _same_file(facts: Hashable, make: Callable[[], kept.Made]) -> kept.Kept:
    found = _kept_file(facts, make)
    assert not _checks[-1] or gzip.decompress(found.packed) == make().body, request.full_path
    return found


def _same_part(facts: Hashable, make: Callable[[], str]) -> Markup:
    found = _part(facts, make)
    assert not _checks[-1] or found == make()
    return found


def _same_facts(slug: str, now: datetime) -> EventPage | None:
    found = _page(slug, now)
    if _checks[-1] and "\x00" not in slug:
        before = _stamp(slug)
        fresh = events.page(slug, now)
        assert found == fresh or before != _stamp(slug), slug  # or somebody changed it this very moment
    return found


def _same_outline(slug: str, facts_stamp: int, now: datetime) -> EventPage | None:
    found = _outline(slug, facts_stamp, now)
    if _checks[-1]:
        before, fresh = _stamp(slug), events.page(slug, now)
        same = found is not None and fresh is not None and found == replace(fresh, seats=UNBOUND, state=found.state)
        assert same or found is fresh is None or before != _stamp(slug), slug
    return found


def _same_letter(occasion: str, own: dict[str, str], **facts: Hashable) -> tuple[str, str, str]:
    found = _letter(occasion, own, **facts)
    assert not _checks[-1] or found == rendering.rendered(occasion, **own, **facts), occasion
    return found


def _same_lines(invitation: invite.Invitation, language: Language, *, cancelled: bool) -> tuple[tuple[str, bytes], ...]:
    found = _lines(invitation, language, cancelled=cancelled)
    assert found == _lines.__wrapped__(invitation, language, cancelled=cancelled)
    return found


def _stamp(slug: str) -> int | None:
    return db.session.scalar(select(Event.stamp).where(Event.slug == slug))
