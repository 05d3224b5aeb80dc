"""«Har avslått i kalenderen – spør?» on the participants' pages."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from courseapp.db import db
from courseapp.domain.access import UserRole
from courseapp.domain.registration import Status
from courseapp.models.registration import CalendarEntry
from courseapp.services import registrations, replies
from tests.letters import registrations as rows
from tests.making import make_event, wish
from tests.pages import Page, words
from tests.people import logged_in, share, written
from tests.services.test_replies import calendar, mail

TABLE = "/kontor/arrangementer/kurs/deltakere"
QUESTION = "Har avslått i kalenderen – spør?"


@pytest.fixture
def declined(app: Flask) -> str:
    """Kåre has said no to both days in his calendar; the path of his page."""
    registrations.sign_up(wish(make_event(slug="kurs")))
    uids = db.session.scalars(select(CalendarEntry.uid).order_by(CalendarEntry.id)).all()
    replies.take_in([mail(calendar(uid), f"<{uid}>") for uid in uids])
    return f"{TABLE}/{rows()[0].id}"


def asked() -> int:
    """How often somebody has asked."""
    db.session.rollback()
    return len(written("reply_settled"))


def questions(page: Page) -> list[str]:
    return [words(one) for one in page.all("li") if one.get("data-reply")]


def test_the_table_and_the_person_say_which_session_and_when(app: Flask, declined: str) -> None:
    kari = logged_in(app)
    told = "Kåre Ødegård 1, samlingen {0}. Avslått 11. januar 2027 kl. 09.00 Spurt Kåre Ødegård 1 om samlingen {0}"
    table, person = kari.get(TABLE), kari.get(declined)
    days = ("mandag 22. mars 2027", "torsdag 22. april 2027")
    assert (QUESTION in table.text, questions(table)) == (True, [told.format(day) for day in days])
    assert questions(person) == [told.format(day).replace("Kåre Ødegård 1, s", "S") for day in days]


def test_having_asked_takes_the_question_away(app: Flask, declined: str) -> None:
    kari = logged_in(app)
    page = kari.get(TABLE)
    first, second = (one.get("action") for one in page.all("form") if "/svar/" in str(one.get("action")))
    assert first is not None
    assert second is not None
    page = kari.follow(kari.post(first, {}, form_at=TABLE, expect=303))
    assert ("Notert." in page.text, len(questions(page)), page.h1) == (True, 1, "Deltakere")
    page = kari.follow(kari.post(second, {"fra": "person"}, form_at=declined, expect=303))
    assert (QUESTION in page.text, page.h1) == (False, "Kåre Ødegård 1")
    assert "Spurte om svaret i kalenderen" in page.text
    assert (rows()[0].status, asked()) == (Status.REGISTERED, 2)


def test_readers_see_and_organizers_of_other_offices_do_not(app: Flask, declined: str) -> None:
    reader = logged_in(app, role=UserRole.READER)
    page = reader.get(TABLE)
    assert (len(questions(page)), [one for one in page.all("form") if "/svar/" in str(one.get("action"))]) == (2, [])
    act = f"{declined}/svar/1/spurt"
    reader.post(act, {}, form_at=TABLE, expect=404)
    stranger = logged_in(app, office="ost")
    stranger.post(act, {}, form_at="/kontor/kursholdere/ny", expect=404)
    assert asked() == 0
    share(rows()[0].event, "ost")
    stranger.post(act, {}, form_at=TABLE, expect=303)
    assert asked() == 1
    assert reader.ask("GET", act).status_code == 405


def test_an_old_token_changes_nothing(app: Flask, declined: str) -> None:
    kari = logged_in(app)
    answer = kari.ask("POST", f"{declined}/svar/1/spurt", data={"csrf_token": "gammelt"})
    assert (answer.status_code, asked()) == (303, 0)
