"""The organizers' log-in: the password, and the way back."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from courseapp.db import db, transaction
from courseapp.models.account import User
from courseapp.models.logging_in import UserSession
from courseapp.services.log_in import MOST_TRIES
from tests.conftest import Clock
from tests.pages import Page, Visitor
from tests.people import PASSWORD, logged_in, user, with_app

LOG_IN = "/kontor/logg-inn"
EVENTS, HOME = "/kontor/arrangementer", "/kontor/"
CODE, SET_UP = "/kontor/logg-inn/kode", "/kontor/logg-inn/oppsett"
WRONG = "E-postadressen eller passordet stemmer ikke."


def attempt(visitor: Visitor, password: str, *, email: str = "kari@nord.example.org", expect: int = 422) -> Page:
    return visitor.post(LOG_IN, {"email": email, "password": password}, expect=expect)


def test_the_page_has_two_fields_that_a_password_manager_knows(app: Flask) -> None:
    page = Visitor(app).get(LOG_IN)
    email, password = page.one("input", name="email"), page.one("input", name="password")
    assert [email.get("autocomplete"), password.get("autocomplete")] == ["username", "current-password"]
    assert [email.get("type"), password.get("type")] == ["email", "password"]


def test_the_right_password_and_the_right_code_lead_to_my_events(app: Flask, time: Clock) -> None:
    telephone = with_app(user())
    visitor = Visitor(app)
    answer = visitor.post(LOG_IN, {"email": " Kari@Nord.example.org ", "password": PASSWORD})
    assert answer.headers["Location"] == CODE
    answer = visitor.post(CODE, {"code": telephone.at(time())})
    assert answer.headers["Location"] == HOME
    assert visitor.get(EVENTS).h1 == "Arrangementer"


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(app: Flask) -> None:
    user()
    known = attempt(Visitor(app), "feil passord helt sikkert")
    unknown = attempt(Visitor(app), "feil passord helt sikkert", email="ingen@nord.example.org")
    assert [known.errors, unknown.errors] == [[WRONG], [WRONG]]
    assert [known.value("password"), unknown.value("password")] == ["", ""]


def test_empty_fields_are_pointed_out_one_by_one(app: Flask) -> None:
    page = attempt(Visitor(app), "", email="")
    assert page.errors == ["Skriv inn e-postadressen din.", "Skriv inn passordet."]


def test_the_eleventh_try_is_refused_even_with_the_right_password(app: Flask) -> None:
    user()
    visitor = Visitor(app)
    codes = [attempt(visitor, "feil passord").status for _ in range(MOST_TRIES)]
    assert codes == [422] * MOST_TRIES
    refused = attempt(visitor, PASSWORD, expect=429)
    assert refused.errors == ["Det kom for mange forsøk på kort tid. Vent litt og prøv igjen."]


def test_after_a_quarter_of_an_hour_it_may_be_tried_again(app: Flask, time: Clock) -> None:
    user()
    visitor = Visitor(app)
    for _ in range(MOST_TRIES):
        attempt(visitor, "feil passord")
    time.pass_by(minutes=16)
    assert attempt(visitor, PASSWORD, expect=303).headers["Location"] == SET_UP


def test_a_visitor_comes_back_to_the_page_she_asked_for(app: Flask, time: Clock) -> None:
    telephone = with_app(user())
    visitor = Visitor(app)
    away = visitor.get(f"{EVENTS}?vis=tidligere", expect=303)
    assert away.headers["Location"] == f"{LOG_IN}?neste=/kontor/arrangementer?vis%3Dtidligere"
    answer = visitor.post(away.headers["Location"], {"email": "kari@nord.example.org", "password": PASSWORD})
    assert answer.headers["Location"] == f"{CODE}?neste=/kontor/arrangementer?vis%3Dtidligere"
    answer = visitor.post(answer.headers["Location"], {"code": telephone.at(time())})
    assert answer.headers["Location"] == f"{EVENTS}?vis=tidligere"


@pytest.mark.parametrize(
    "target",
    [
        "https://ond.example.org/",
        "//ond.example.org/",
        "/\\ond.example.org/",
        "/kontor/\\ond.example.org",
        "javascript:alert(1)",
        "/kontor",
        "/kontor.ond.example.org/",
        "/kontor/\r\nLocation: https://ond.example.org/",
        "",
    ],
)
def test_the_way_back_never_leads_out_of_the_door(app: Flask, time: Clock, target: str) -> None:
    telephone = with_app(user())
    visitor = Visitor(app)
    attempt(visitor, PASSWORD, expect=303)
    told = {"csrf_token": visitor.token(CODE), "code": telephone.at(time())}
    answer = visitor.ask("POST", CODE, query_string={"neste": target}, data=told)
    assert [answer.status_code, answer.headers["Location"]] == [303, HOME]


def test_without_a_token_nothing_is_checked(app: Flask) -> None:
    user()
    answer = Visitor(app).ask("POST", LOG_IN, data={"email": "kari@nord.example.org", "password": PASSWORD})
    assert answer.status_code == 422


def test_who_logs_out_is_out(app: Flask) -> None:
    visitor = logged_in(app)
    assert visitor.post("/kontor/logg-ut", form_at=EVENTS).headers["Location"] == LOG_IN
    assert visitor.get(EVENTS, expect=303).headers["Location"] == f"{LOG_IN}?neste=/kontor/arrangementer"


def test_logging_out_needs_a_token(app: Flask) -> None:
    visitor = logged_in(app)
    assert visitor.ask("POST", "/kontor/logg-ut").status_code == 303
    assert visitor.get(EVENTS).status == 200


def test_a_cookie_that_was_copied_is_worth_nothing_after_the_log_out(app: Flask) -> None:
    visitor, thief = logged_in(app), Visitor(app)
    copied = visitor.client.get_cookie("courseapp", domain="kurs.example.org")
    assert copied is not None
    thief.client.set_cookie("courseapp", copied.value, domain="kurs.example.org")
    assert thief.get(EVENTS).status == 200
    visitor.post("/kontor/logg-ut", form_at=EVENTS)
    assert thief.get(EVENTS, expect=303).status == 303


def test_the_database_does_not_keep_what_the_cookie_holds(app: Flask) -> None:
    visitor = logged_in(app)
    with visitor.client.session_transaction(base_url=visitor.base_url) as session:
        token = session["log_in"]
    kept = db.session.scalars(select(UserSession.token_hash)).one()
    assert [len(kept), token in kept, sorted(session)] == [64, False, ["log_in"]]


def test_a_log_in_ends_after_two_idle_hours_and_after_twelve_busy_ones(app: Flask, time: Clock) -> None:
    telephone = with_app(user())
    visitor = Visitor(app)
    attempt(visitor, PASSWORD, expect=303)
    visitor.post(CODE, {"code": telephone.at(time())})
    for _ in range(7):
        time.pass_by(minutes=100)
        assert visitor.get(EVENTS).status == 200
    time.pass_by(minutes=21)
    assert visitor.get(EVENTS, expect=303).status == 303
    attempt(visitor, PASSWORD, expect=303)
    visitor.post(CODE, {"code": telephone.at(time())})
    time.pass_by(minutes=121)
    assert visitor.get(EVENTS, expect=303).status == 303


def test_logging_out_ends_one_log_in_and_leaves_the_others(app: Flask, time: Clock) -> None:
    telephone = with_app(user())
    here, there = Visitor(app), Visitor(app)
    for visitor in (here, there):
        attempt(visitor, PASSWORD, expect=303)
        visitor.post(CODE, {"code": telephone.at(time())})
        time.pass_by(seconds=30)
    here.post("/kontor/logg-ut", form_at=EVENTS)
    assert [here.get(EVENTS, expect=303).status, there.get(EVENTS).status] == [303, 200]
    assert db.session.scalar(select(func.count()).select_from(UserSession)) == 1


def test_a_closed_user_is_out_and_cannot_come_in_again(app: Flask) -> None:
    visitor = logged_in(app)
    with transaction() as tx:
        tx.scalars(select(User)).one().active = False
    assert visitor.get(EVENTS, expect=303).status == 303
    assert attempt(visitor, PASSWORD, email="organizer@nord.example.org").errors == [WRONG]


def test_the_log_in_page_sends_those_who_are_in_to_their_events(app: Flask) -> None:
    assert logged_in(app).get(LOG_IN, expect=303).headers["Location"] == HOME


def test_the_page_is_kept_in_no_cache(app: Flask) -> None:
    assert Visitor(app).get(LOG_IN).headers["Cache-Control"] == "no-store"
