"""How many questions a page asks the database: so many, and as many for a crowd among crowds as for a handful."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import event as listen
from sqlalchemy import select

from courseapp.db import db
from courseapp.domain.registration import Status
from courseapp.links import links
from courseapp.models.account import User
from courseapp.models.event import Event
from courseapp.models.journal import MailState
from courseapp.models.registration import Registration
from courseapp.services import past_load
from tests.making import make_event
from tests.pages import Visitor
from tests.people import entered, join, letter_to, logged_in
from tests.unaged import forget, unchecked

FORM = {
    "first_name": "Kåre",
    "last_name": "Ødegård",
    "email": "ny@lege.example.org",
    "mobile": "912 34 567",
    "primary_role": "alis",
    "workplace": "Havna legekontor",
    "municipality": "Bodø",
    "supervises": "lis1",
    "reason": "supervisor",
}
SIGN_UP = "/arrangementer/kurs/pamelding"
DESK = "/kontor/arrangementer/kurs/deltakere"


@contextmanager
def counted() -> Iterator[list[str]]:
    """Every statement but the beginnings and ends of transactions."""
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE")):
            said.append(statement)

    listen.listen(db.engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        listen.remove(db.engine, "before_cursor_execute", note)


def fetch(visitor: Visitor, path: str) -> None:
    answer = visitor.ask("GET", path)
    assert answer.status_code == 200, path


def sign_up(visitor: Visitor) -> None:
    visitor.post(SIGN_UP, FORM)


def mine() -> str:
    first = db.session.scalars(select(Registration).join(Event).where(Event.slug == "kurs").order_by(Registration.id))
    registration = first.first()
    assert registration is not None
    return f"/min/{links().key(registration.id, registration.link_serial)}"


WORK: dict[str, tuple[bool, Callable[[Visitor], None], int]] = {
    "list of events, again": (False, lambda visitor: fetch(visitor, "/"), 1),
    "event page, again": (False, lambda visitor: fetch(visitor, "/arrangementer/kurs"), 1),
    "sign-up form, again": (False, lambda visitor: fetch(visitor, SIGN_UP), 1),
    "open listing, again": (False, lambda visitor: fetch(visitor, "/arrangementer.json"), 1),
    "news, again": (False, lambda visitor: fetch(visitor, "/arrangementer.atom"), 1),
    "calendar, again": (False, lambda visitor: fetch(visitor, "/arrangementer.ics"), 1),
    "open listing": (False, lambda visitor: fetch(visitor, "/arrangementer.json"), 15),
    "news": (False, lambda visitor: fetch(visitor, "/arrangementer.atom"), 14),
    "calendar": (False, lambda visitor: fetch(visitor, "/arrangementer.ics"), 10),
    "list of events": (False, lambda visitor: fetch(visitor, "/"), 11),
    "event page": (False, lambda visitor: fetch(visitor, "/arrangementer/kurs"), 7),
    "sign-up form": (False, lambda visitor: fetch(visitor, SIGN_UP), 7),
    "sign-up": (False, sign_up, 28),
    "receipt": (False, lambda visitor: fetch(visitor, "/arrangementer/kurs/kvittering"), 8),
    "my registration": (False, lambda visitor: fetch(visitor, mine()), 15),
    "participants": (True, lambda visitor: fetch(visitor, DESK), 24),
    "participants, searched": (True, lambda visitor: fetch(visitor, f"{DESK}?sok=odegard"), 22),
    "participants as csv": (True, lambda visitor: fetch(visitor, f"{DESK}.csv"), 11),
    "participants as xlsx": (True, lambda visitor: fetch(visitor, f"{DESK}.xlsx"), 11),
    "first page": (True, lambda visitor: fetch(visitor, "/kontor/"), 33),
    "an office's events": (True, lambda visitor: fetch(visitor, "/kontor/arrangementer"), 13),
}
"""Whether it is behind the organizers' door, what is done, and how many statements it may take."""


def more(event: Event, people: int, *, first: int) -> None:
    """So many more of each status, and as many events that have been, with five people each."""
    for number, status in enumerate(Status):
        one, *_ = join(event, people, first=first + number * 1000, status=status)
        letter_to(one, MailState.FAILED)
    past_load.generate_past(people, people * 5)


def cost(app: Flask, name: str, tag: str) -> int:
    inside, work, _most = WORK[name]
    visitor = logged_in_once(app) if inside else Visitor(app)
    FORM["email"] = f"{tag}@lege.example.org"
    if name == "receipt":
        sign_up(visitor)
    forget(app)
    if name.endswith(", again"):  # kept since
        work(visitor)
    db.session.rollback()
    with unchecked(), counted() as said:
        work(visitor)
    return len(said)


def logged_in_once(app: Flask) -> Visitor:
    known = db.session.scalar(select(User.id).where(User.name == "Kari Nordmann"))
    return logged_in(app) if known is None else entered(app, known)


@pytest.mark.parametrize("name", WORK)
def test_work_asks_so_many_questions_however_many_people_there_are(app: Flask, name: str) -> None:
    event = make_event(slug="kurs", capacity=None)
    more(event, 2, first=1)
    few = cost(app, name, "en")
    more(event, 60, first=100)
    assert (cost(app, name, "to"), few <= WORK[name][2]) == (few, True), few
