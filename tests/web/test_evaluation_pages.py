"""The page that asks, and the page that shows what was said."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from courseapp import clock
from courseapp.db import transaction
from courseapp.links import links
from courseapp.models.event import Event, EventLeader
from courseapp.models.person import CourseLeader
from tests.conftest import Clock
from tests.making import COURSE_DAYS, make_event
from tests.pages import Visitor, words
from tests.people import logged_in

DESK = "/kontor/arrangementer/kurs/evaluering"


@pytest.fixture
def path(app: Flask, time: Clock) -> str:
    """The link of a course that has just ended."""
    event: Event = make_event(slug="kurs")
    time.moment = COURSE_DAYS[-1] + timedelta(hours=8)
    return f"/evaluering/{links().evaluation(event.id).rpartition('/')[2]}"


def test_three_answer_and_the_office_reads_it(app: Flask, path: str) -> None:
    for number in (3, 4, 5):
        visitor = Visitor(app)
        first = next(iter(name for name in visitor.get(path).tree.iter() if name.get("name", "").startswith("s")))
        done = visitor.follow(visitor.post(path, {first.get("name") or "": str(number), "good": "Øvelsene"}))
        assert done.h1 == "Takk for svaret"
    page = logged_in(app).get(DESK)
    rows = [words(one) for one in page.all("tr")]
    assert rows[1].startswith("22. mars 2027 4,0 0 0 1 1 1")
    assert page.text.count("Øvelsene") == 3


def test_an_empty_answer_is_refused(app: Flask, path: str) -> None:
    page = Visitor(app).post(path, {"good": " "}, expect=422)
    assert page.errors == ["Velg minst ett tall eller skriv noen ord."]


def test_a_score_that_does_not_exist_is_refused(app: Flask, path: str) -> None:
    visitor = Visitor(app)
    name = next(one.get("name") or "" for one in visitor.get(path).all("input", type="radio"))
    assert len(visitor.post(path, {name: "6"}, expect=422).errors) == 1


def test_too_few_answers_are_only_counted(app: Flask, path: str) -> None:
    Visitor(app).post(path, {"good": "Øvelsene"})
    page = logged_in(app).get(DESK)
    assert ("1 svar." in page.text, "Øvelsene" in page.text) == (True, False)


def test_before_the_end_there_is_no_form(app: Flask, path: str, time: Clock) -> None:
    time.moment = COURSE_DAYS[0]
    page = Visitor(app).get(path)
    assert ("Nå er den stengt." in page.text, page.all("form")) == (True, [])


def test_a_forged_link_is_not_there(app: Flask, path: str) -> None:
    Visitor(app).get("/evaluering/MQ.forged", expect=404)


def test_the_office_may_choose_not_to_thank(app: Flask, path: str) -> None:
    visitor = logged_in(app)
    page = visitor.follow(visitor.post(DESK, {"thanks": "off"}))
    assert "Deltakerne får ingen takk på e-post" in page.text
    assert "Ikke send takk" in visitor.follow(visitor.post(DESK, {"thanks": "on"})).text


def test_whoever_led_the_course_reads_it_and_no_other_leader(app: Flask, path: str) -> None:
    for number in range(3):
        Visitor(app).post(path, {"good": f"Ord {number}"})
    with transaction() as tx:
        event = tx.scalars(select(Event)).one()
        mine, other = (
            CourseLeader(
                office_id=event.office_id,
                name=name,
                email=f"{name}@example.org",
                link_serial=1,
                link_sent_at=clock.now(),
            )
            for name in ("Ane", "Bo")
        )
        tx.add_all([mine, other])
        tx.flush()
        event.leaders = [EventLeader(leader=mine, position=1)]
        keys = [links().leader_key(one.id, 1) for one in (mine, other)]
    page = Visitor(app).get(f"/leder/{keys[0]}/kurs/kurs/evaluering")
    assert ["Ord 0" in page.text, "Hva kan bli bedre" in page.text] == [True, True]
    Visitor(app).get(f"/leder/{keys[1]}/kurs/kurs/evaluering", expect=404)
