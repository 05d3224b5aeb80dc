"""The course leaders' door: what a key opens, and that it opens nothing else."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select

from courseapp.db import db, transaction
from courseapp.links import links
from courseapp.models.account import User
from courseapp.models.event import Event, EventLeader
from courseapp.models.person import CourseLeader
from tests.attending import course, leads, marks
from tests.house.test_routes import LEADER, ROUTES
from tests.leading import ANE, BO, in_register
from tests.pages import Visitor
from tests.people import entered, join, logged_in

PAGES = sorted(one for one, kind in ROUTES.items() if kind == LEADER)


def filled(app: Flask, endpoint: str, key: str, event: Event, person: int) -> list[tuple[str, str]]:
    """Every way of asking for a page of the door, about that event and person."""
    found = []
    for rule in app.url_map.iter_rules(endpoint):
        path = rule.rule.replace("<key>", key).replace("<slug>", event.slug)
        path = re.sub(r"<int[^>]*:session_id>", str(event.sessions[0].id), path)
        path = re.sub(r"<int[^>]*:registration_id>", str(person), path)
        found += [(method, path) for method in sorted({"GET", "POST"} & (rule.methods or set()))]
    return found


def answer(visitor: Visitor, method: str, path: str, home: str) -> int:
    """What asking for it comes to, with a token and a right tap."""
    data = {"csrf_token": visitor.token(home), "state": "present"} if method == "POST" else None
    return visitor.ask(method, path, data=data).status_code


@pytest.mark.parametrize("endpoint", PAGES)
def test_a_key_opens_its_leaders_pages_and_no_others(app: Flask, endpoint: str) -> None:
    mine, theirs = course(slug="mitt", leaders_see_kitchen=True), course(slug="annet", leaders_see_kitchen=True)
    (my_person,), (their_person,) = join(mine, 1), join(theirs, 1)
    ane, bo = in_register(ANE, BO)
    key, other = leads(mine, ane), leads(theirs, bo)
    home = f"/leder/{key}/kalender"
    visitor = Visitor(app)
    for method, path in filled(app, endpoint, key, mine, my_person):
        assert answer(visitor, method, path, home) in {200, 303}, path
    about_an_event = [one for one in filled(app, endpoint, key, theirs, their_person) if "annet" in one[1]]
    for method, path in about_an_event:
        assert answer(visitor, method, path, home) == 404, path
    wrong = [f"{key}x", key[:-1], links().key(my_person, 1), links().leader_key(ane, 2), "x"]
    with transaction() as tx:
        tx.get_one(CourseLeader, bo).link_sent_at = None
    for dead in [*wrong, other]:
        for method, path in filled(app, endpoint, dead, theirs if dead == other else mine, my_person):
            assert answer(visitor, method, path, home) == 404, (dead, path)
    assert marks(theirs.sessions[0].id) == []


def test_there_are_such_pages() -> None:
    assert len(PAGES) >= 9


def test_a_leaders_key_is_no_participants_key_and_no_log_in(app: Flask) -> None:
    event = course()
    (ane,) = in_register(ANE)
    key = leads(event, ane)
    visitor = Visitor(app)
    visitor.get(f"/leder/{key}")
    visitor.get(f"/min/{key}", expect=404)
    visitor.get(f"/oppmote/{key}", expect=404)
    assert visitor.ask("GET", "/kontor/").status_code == 303
    assert visitor.ask("GET", f"/kontor/arrangementer/{event.slug}/oppmote").status_code == 303


def test_her_pages_are_kept_secret(app: Flask) -> None:
    event = course()
    (ane,) = in_register(ANE)
    key = leads(event, ane)
    day = f"/leder/{key}/kurs/{event.slug}/oppmote/{event.sessions[0].id}"
    for path in (f"/leder/{key}", f"/leder/{key}/kurs/{event.slug}", day, f"/leder/{key}x"):
        headers = Visitor(app).ask("GET", path).headers
        assert (headers["Cache-Control"], headers["Referrer-Policy"]) == ("no-store", "no-referrer")
        assert headers["X-Robots-Tag"] == "noindex, nofollow"


def test_she_marks_and_the_office_sees_who_did(app: Flask) -> None:
    event = course(leader_note="Nøkkelen ligger i skapet")
    (ane,) = in_register(ANE)
    key = leads(event, ane)
    one, two = join(event, 2)
    visitor = Visitor(app)
    page = visitor.get(f"/leder/{key}/kurs/{event.slug}")
    assert ("Nøkkelen ligger i skapet" in page.text, "kare1@" in page.body, "91 23" in page.body) == (
        True,
        False,
        False,
    )
    day = visitor.ask("GET", f"/leder/{key}/kurs/{event.slug}/oppmote").headers["Location"]
    visitor.post(f"{day}/{one}", {"state": "absent"}, form_at=day)
    visitor.post(f"{day}/alle", form_at=day)
    assert marks(event.sessions[0].id) == [(one, "absent", None), (two, "present", None)]
    desk = logged_in(app).get(f"/kontor/arrangementer/{event.slug}/oppmote/{event.sessions[0].id}")
    assert "Ført 10.00 av Ane Berg" in desk.text
    history = logged_in_again(app, event, one)
    assert "Førte oppmøte" in history
    assert "Kursholderen" in history


def logged_in_again(app: Flask, event: Event, person: int) -> str:
    visitor = entered(app, db.session.scalars(select(User.id).where(User.email == "organizer@nord.example.org")).one())
    return visitor.get(f"/kontor/arrangementer/{event.slug}/deltakere/{person}").text


def test_the_office_sends_and_closes_the_link(app: Flask) -> None:
    (ane,) = in_register(ANE)
    visitor = logged_in(app)
    at = f"/kontor/kursholdere/{ane}"
    page = visitor.follow(visitor.post(f"{at}/side", form_at=at))
    assert "Lenken til kursholdersiden er sendt på e-post." in page.text
    assert "/leder/" not in page.body
    page = visitor.follow(visitor.post(f"{at}/side/steng", form_at=at))
    assert "Steng lenken" not in page.text


def test_whoever_is_taken_off_marks_no_more(app: Flask) -> None:
    event = course()
    (ane,) = in_register(ANE)
    key = leads(event, ane)
    (one,) = join(event, 1)
    day = f"/leder/{key}/kurs/{event.slug}/oppmote/{event.sessions[0].id}"
    visitor = Visitor(app)
    token = visitor.token(day)
    with transaction() as tx:
        tx.query(EventLeader).delete()
    assert visitor.ask("POST", f"{day}/{one}", data={"csrf_token": token, "state": "present"}).status_code == 404
    assert marks(event.sessions[0].id) == []
